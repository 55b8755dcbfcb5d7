"""y = C x, row by row: every output written out."""

from __future__ import annotations

from math import prod

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.terms import grouped, line
from symtconv.document.mathematics import Dots, Name, Operator, Relation
from symtconv.document.nodes import Block, Derivation, Paragraph, Section, Step
from symtconv.matrices.entries import taps_of_row

MOST_LINES = 16
FEW_LINES = 4  # where all are too many
MOST_TERMS = 200  # in all lines together; beyond that each line is elided


def rows_section(story: Story) -> Section:
    """Write y = C x out: one line an output, each a row of C times the pixels."""
    letters = story.notation
    C, x, y = Name(letters.C), Name(letters.x), Name(letters.y)
    shown, whole = shown_lines(story.rows, MOST_LINES), True
    read = _read(story, shown)
    if sum(map(len, read.values())) > MOST_TERMS:
        shown = shown_lines(story.rows, FEW_LINES)
        read = {row: read[row] for row in shown if row is not None}
        whole = sum(map(len, read.values())) <= MOST_TERMS
    most = MOST_TERMS if whole else 9
    taps = prod(story.conv.kernel_size) * story.conv.kernel_shape[1]
    steps: list[Step] = []
    for row in shown:
        if row is None:
            steps.append(Step(Dots("v"), "=", Dots("v")))
            continue
        name = story.small(letters.y, story.listed(row, story.small_pixels))
        right = line(story, grouped(read[row]), letters.x, transposed=False, most=most)
        steps.append(Step(name, "=", right, f"row {row + letters.base}"))
    opening: tuple[Piece, ...] = (
        "Output by output, ", Relation(Operator("vec", y), "=", C * Operator("vec", x)), " says that an output is its "
        "row of ", C, " times the pixels of ", x, f". Rows are counted from {letters.base}, as vec lists the outputs.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening), Derivation(tuple(steps))]
    if any(len(seen) < taps for seen in read.values()):
        blocks.append(Paragraph(f"An output has {taps} taps; those that read padding give no term."))
    if len(shown) < story.rows:
        blocks.append(Paragraph(f"Shown are {len(shown) - 1} of the {story.rows:,} rows; the others are made alike."))
    return Section(("Row by row: ", Relation(y, "=", C * x)), tuple(blocks))


def _read(story: Story, rows: tuple[int | None, ...]) -> dict[int, list[tuple[int, int]]]:
    places = {row: story.listed(row, story.small_pixels) for row in rows if row is not None}
    return {row: taps_of_row(story.conv, place) for row, place in places.items()}


def shown_lines(count: int, most: int, *, head: int = 3) -> tuple[int | None, ...]:
    """Choose the lines of a list: all, or the first ones, a gap (None) and the last."""
    if count <= most:
        return tuple(range(count))
    return (*range(head), None, count - 1)
