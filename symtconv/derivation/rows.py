"""y = C x, row by row: every output written out."""

from __future__ import annotations

from math import prod

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.terms import grouped, line
from symtconv.document.mathematics import Dots, Name, Relation
from symtconv.document.nodes import Block, Derivation, Paragraph, Section, Step
from symtconv.matrices.entries import taps_of_row

MOST_LINES = 16
FEW_ROWS = 8  # of all channels together, which are written out whatever the channel
FEW_LINES = 4  # where all are too many
MOST_TERMS = 200  # in all lines together; beyond that each line is elided


def rows_section(story: Story) -> Section:
    """Write y = C x out: one line an output, each a row of C times the pixels."""
    letters = story.notation
    C, x, y = Name(letters.C), Name(letters.x), Name(letters.y)
    shown, whole = shown_lines(story.rows, MOST_LINES), True
    first = first_channel(story, story.small_pixels)
    if first:
        shown = first
    read = _read(story, shown)
    if sum(map(len, read.values())) > MOST_TERMS:
        shown, first = shown_lines(story.rows, FEW_LINES), ()
        read = {row: seen for row, seen in _read(story, shown).items() if row in shown}
        whole = sum(map(len, read.values())) <= MOST_TERMS
    most = MOST_TERMS if whole else 9
    steps: list[Step] = []
    for row in shown:
        if row is None:
            steps.append(Step(Dots("v"), "=", Dots("v")))
            continue
        name = story.small(letters.y, story.listed(row, story.small_pixels))
        right = line(story, grouped(read[row]), letters.x, transposed=False, most=most)
        steps.append(Step(name, "=", right, f"row {row + letters.base}"))
    opening: tuple[Piece, ...] = (
        "Read row by row, ", Relation(y, "=", C * x), " says that an output is its row of ", C, " times the pixels of ",
        x, f". Rows are counted from {letters.base}.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening), Derivation(tuple(steps))]
    taps = prod(story.conv.kernel_size) * story.conv.kernel_shape[1]
    if any(len(seen) < taps for seen in read.values()):
        blocks.append(Paragraph("A tap that reads padding gives no term."))
    if first:
        sees = ", and with the channels of their own group" if story.conv.groups > 1 else ""
        blocks.append(Paragraph((
            "These are the rows of the first channel of ", y, f"; the others read alike, with their own weights{sees}.",
        )))  # fmt: skip
    elif len(shown) < story.rows:
        lines = sum(row is not None for row in shown)
        blocks.append(Paragraph(f"Shown are {lines} of the {story.rows:,} rows; the others are made alike."))
    return Section(("Row by row: ", Relation(y, "=", C * x)), tuple(blocks))


def first_channel(story: Story, pixels: tuple[int, ...]) -> tuple[int, ...]:
    """Give the places in vec of the first channel's pixels, where there are several channels and many lines in all.

    Given weights differ from channel to channel, so then there is no such choice.
    """
    count = prod(pixels[1:])
    if pixels[0] == 1 or story.weights is not None or prod(pixels) <= FEW_ROWS or count > MOST_LINES:
        return ()
    step = 1 if story.notation.order == "C" else pixels[0]
    return tuple(range(0, count * step, step))


def _read(story: Story, rows: tuple[int | None, ...]) -> dict[int, list[tuple[int, int]]]:
    places = {row: story.listed(row, story.small_pixels) for row in rows if row is not None}
    return {row: taps_of_row(story.conv, place) for row, place in places.items()}


def shown_lines(count: int, most: int, *, head: int = 3) -> tuple[int | None, ...]:
    """Choose the lines of a list: all, or the first ones, a gap (None) and the last."""
    if count <= most:
        return tuple(range(count))
    return (*range(head), None, count - 1)
