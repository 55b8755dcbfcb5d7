"""C^T v, column by column: each pixel of v times its column, and what that adds up to in every pixel of z."""

from __future__ import annotations

from collections import Counter

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.rows import FEW_LINES, MOST_TERMS, shown_lines
from symtconv.derivation.terms import Terms, grouped, line
from symtconv.document.elision import Side, elided_matrix
from symtconv.document.mathematics import (
    Dots,
    Math,
    Matrix,
    Name,
    Operator,
    Relation,
    Sum,
    Times,
    Transpose,
    Underbraced,
    Words,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.matrices.entries import taps_of_column

MOST_COLUMNS = 6
MOST_PIXELS = 36
TALL = 16  # entries of a column that are shown in full, and one more


def columns_section(story: Story) -> Section:
    """Write C^T v as the sum of the columns of C^T, each times its pixel, and add them up pixel by pixel."""
    letters = story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    product = Transpose(C) * v
    opening: tuple[Piece, ...] = (
        "A matrix times a vector is the sum of its columns, each times its entry of the vector. Column ", story.i,
        " of ", Transpose(C), " is row ", story.i, " of ", C, f", stood upright; columns are counted from "
        f"{letters.base}, as vec lists ", v, ".",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening), Display(Relation(Operator("vec", z), "=", _sum_of_columns(story)))]
    left_out = ["Columns are left out where the dots stand in the line."] * (story.rows > MOST_COLUMNS)
    if story.columns > TALL:
        left_out.append(f"A column has {story.columns:,} entries; shown are the first and the last.")
    if left_out:
        blocks.append(Paragraph(" ".join(left_out)))
    blocks += _pixels(story)
    return Section(("Column by column: ", Relation(z, "=", product)), tuple(blocks))


def _sum_of_columns(story: Story) -> Math:
    terms: list[Math] = []
    for column in shown_lines(story.rows, MOST_COLUMNS, head=2):
        if column is None:
            terms.append(Dots("h"))
            continue
        pixel = story.small(story.notation.v, story.listed(column, story.small_pixels))
        label = Words(f"column {column + story.notation.base}")
        terms.append(Times(pixel, Underbraced(_column(story, column), label)))
    return Sum(*terms)


def _column(story: Story, column: int) -> Matrix:
    """Write one column of C^T, parted as the matrix is: between image rows, or image columns with order "F"."""
    block = story.large_pixels[-1] if story.notation.order == "C" else story.large_pixels[0]
    return elided_matrix(
        (story.columns, 1),
        lambda m, _: story.entry(column, m),
        row_budget=TALL + 1,
        row_side=Side(hairlines=lambda line: block > 1 and line % block == 0),
        brackets=story.notation.brackets,
    )


def _pixels(story: Story) -> list[Block]:
    """Write the sum out, one line a pixel of z."""
    letters = story.notation
    terms = _terms(story, MOST_PIXELS)
    if sum(len(one) for one in terms.values()) > MOST_TERMS:
        terms = _terms(story, FEW_LINES)
    whole = sum(len(one) for one in terms.values()) <= MOST_TERMS
    most = MOST_TERMS if whole else 9
    steps: list[Step] = []
    for pixel, one in terms.items():
        if len(terms) < story.columns and pixel == story.columns - 1:
            steps.append(Step(Dots("v"), "=", Dots("v")))
        name = story.large(letters.z, story.listed(pixel, story.large_pixels))
        steps.append(Step(name, "=", line(story, one, letters.v, transposed=True, most=most)))
    which = (
        "Added up entry by entry, the columns give"
        if len(terms) == story.columns
        else f"Added up entry by entry, the columns give, in {len(terms)} of the {story.columns:,} pixels,"
    )
    blocks: list[Block] = [Paragraph(which), Derivation(tuple(steps))]
    if len(terms) == story.columns:
        blocks.append(_meetings(list(terms.values())))
    return blocks


def _terms(story: Story, most: int) -> dict[int, Terms]:
    """Give the terms of the pixels whose lines are shown, by their place in vec."""
    shown = [pixel for pixel in shown_lines(story.columns, most) if pixel is not None]
    places = {pixel: story.listed(pixel, story.large_pixels) for pixel in shown}
    return {pixel: grouped(taps_of_column(story.conv, place)) for pixel, place in places.items()}


def _meetings(terms: list[Terms]) -> Paragraph:
    """Count the columns that meet in a pixel."""
    counts = sorted(Counter(len(one) for one in terms).items())
    said = [f"{number} in {pixels} pixel{'s' * (pixels != 1)}" for number, pixels in counts]
    return Paragraph(f"Columns meet: {', '.join(said)}.")
