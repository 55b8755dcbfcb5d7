"""C^T v, column by column: each pixel of v times its column, and what that adds up to in every pixel of z."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.rows import FEW_LINES, MOST_TERMS, first_channel, shown_lines
from symtconv.derivation.terms import Terms, grouped, line
from symtconv.document.elision import Side, picked
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
from symtconv.document.pattern import gapped
from symtconv.document.words import counted_word
from symtconv.matrices.entries import taps_of_column, taps_of_row

MOST_COLUMNS = 6
MOST_PIXELS = 36
TALL = 18  # lines of a column that are shown whatever they hold
TALLEST = 36  # the same where they hold weights


def columns_section(story: Story) -> Section:
    """Write C^T v as the sum of the columns of C^T, each times its pixel, and add them up pixel by pixel."""
    letters = story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    product = Transpose(C) * v
    opening: tuple[Piece, ...] = (
        "A matrix times a vector is the sum of its columns, each times its entry of the vector. Columns are counted "
        f"from {letters.base}.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening), Display(Relation(Operator("vec", z), "=", _sum_of_columns(story)))]
    left_out: list[str] = []
    if story.rows > MOST_COLUMNS:
        left_out.append(f"The line shows the first two and the last of {story.rows:,} columns.")
    if story.columns > TALL:
        hidden = _hidden_words(story)
        left_out += [f"A column has {story.columns:,} entries; where dots stand in it, {hidden}."] if hidden else []
    if left_out:
        blocks.append(Paragraph(" ".join(left_out)))
    blocks += _pixels(story)
    return Section(("Column by column: ", Relation(z, "=", product)), tuple(blocks))


def _shown_columns(story: Story) -> tuple[int | None, ...]:
    return shown_lines(story.rows, MOST_COLUMNS, head=2)


def _hidden_words(story: Story) -> str:
    """Say what the dots in the columns stand for: zeros alone, or weights as well; nothing without dots."""
    columns = [column for column in _shown_columns(story) if column is not None]
    lines = _lines(story, columns)
    if None not in lines:
        return ""
    held = set().union(*_held(story, columns))
    return "zeros are left out" if held <= set(lines) else "entries are left out, weights among them"


def _held(story: Story, columns: Sequence[int]) -> list[list[int]]:
    """List the lines in which each column holds weights."""
    held = []
    for column in columns:
        taps = taps_of_row(story.conv, story.listed(column, story.small_pixels))
        held.append(sorted({story.place(pixel, story.large_pixels) for _, pixel in taps}))
    return held


def _sum_of_columns(story: Story) -> Math:
    terms: list[Math] = []
    shown = _shown_columns(story)
    lines = _lines(story, [column for column in shown if column is not None])
    for column in shown:
        if column is None:
            terms.append(Dots("h"))
            continue
        pixel = story.small(story.notation.v, story.listed(column, story.small_pixels))
        label = Words(f"column {column + story.notation.base}")
        entries = _column(story, column, lines, labelled=not terms)
        terms.append(Times(pixel, Underbraced(entries, label)))
    return Sum(*terms)


def _lines(story: Story, columns: list[int]) -> tuple[int | None, ...]:
    """Choose the lines of a column: all, or what the shown columns hold, or the first and the last of that."""
    if story.columns <= TALL:
        return tuple(range(story.columns))
    held = _held(story, columns)
    every = gapped({0, story.columns - 1}.union(*held), story.columns)
    if len(every) <= TALLEST:
        return every if 4 * len(every) <= 3 * story.columns else tuple(range(story.columns))
    lines: tuple[int | None, ...] = ()
    for most in range(TALL, 1, -1):
        chosen = {0, story.columns - 1}
        for places in held:
            head = -(-most // 2)
            chosen.update(places if len(places) <= most else (*places[:head], *places[-(most - head) :]))
        lines = gapped(chosen, story.columns)
        if len(lines) <= TALL:
            break
    return lines


def _column(story: Story, column: int, lines: tuple[int | None, ...], *, labelled: bool) -> Matrix:
    """Write one column of C^T, parted as the matrix is: between image rows, or image columns with order "F"."""
    block = story.large_pixels[-1] if story.notation.order == "C" else story.large_pixels[0]

    def pixel(line: int) -> Math:
        return story.large(story.notation.z, story.listed(line, story.large_pixels))

    return picked(
        lines,
        (0,),
        lambda m, _: story.entry(column, m),
        Side(hairlines=lambda line: block > 1 and line % block == 0, label=pixel if labelled else None),
        Side(),
        story.notation.brackets,
    )


def _pixels(story: Story) -> list[Block]:
    """Write the sum out, one line a pixel of z."""
    letters = story.notation
    first = first_channel(story, story.large_pixels)
    terms = _terms(story, first or shown_lines(story.columns, MOST_PIXELS))
    if sum(len(one) for one in terms.values()) > MOST_TERMS:
        terms, first = _terms(story, shown_lines(story.columns, FEW_LINES)), ()
    whole = sum(len(one) for one in terms.values()) <= MOST_TERMS
    most = MOST_TERMS if whole else 9
    steps: list[Step] = []
    for pixel, one in terms.items():
        if not first and len(terms) < story.columns and pixel == story.columns - 1:
            steps.append(Step(Dots("v"), "=", Dots("v")))
        name = story.large(letters.z, story.listed(pixel, story.large_pixels))
        steps.append(Step(name, "=", line(story, one, letters.v, transposed=True, most=most)))
    which: tuple[Piece, ...] = ("Added up pixel by pixel, the columns give",)
    if first:
        which = ("In the first channel of ", Name(letters.z), " the columns add up to")
    elif len(terms) < story.columns:
        which = (f"Added up pixel by pixel, the columns give, in {len(terms)} of the {story.columns:,} pixels,",)
    blocks: list[Block] = [Paragraph(which), Derivation(tuple(steps))]
    if len(terms) == story.columns:
        blocks.append(_meetings(list(terms.values())))
    elif first:
        sees = " and with the channels of its own group" if story.conv.groups > 1 else ""
        blocks.append(Paragraph(f"Every other channel reads alike, with its own weights{sees}."))
    return blocks


def _terms(story: Story, lines: Sequence[int | None]) -> dict[int, Terms]:
    """Give the terms of the pixels whose lines are shown, by their place in vec."""
    places = {pixel: story.listed(pixel, story.large_pixels) for pixel in lines if pixel is not None}
    return {pixel: grouped(taps_of_column(story.conv, place)) for pixel, place in places.items()}


def _meetings(terms: list[Terms]) -> Paragraph:
    """Count the pixels by the number of terms that meet there."""
    counts = sorted(Counter(len(one) for one in terms).items())
    if len(counts) == 1 and counts[0][0]:
        number, pixels = counts[0]
        what = f"{number} term{'s' * (number != 1)}"
        return Paragraph(
            f"Each of the {pixels} pixels is a sum of {what}." if pixels > 1 else f"It is a sum of {what}."
        )
    said = [f"{pixels} of {number} term{'s' * (number != 1)}" for number, pixels in counts if number]
    nothing = dict(counts).get(0, 0)
    words = []
    if said:
        pixels = next(pixels for number, pixels in counts if number)
        one = pixels == 1
        said[0] = f"{counted_word(pixels).capitalize()} pixel{' is a sum' if one else 's are sums'}" + said[
            0
        ].removeprefix(str(pixels))
        words.append(f"{', '.join(said)}.")
    if nothing:
        words.append(f"{counted_word(nothing).capitalize()} pixel{' gets' if nothing == 1 else 's get'} nothing.")
    return Paragraph(" ".join(words))
