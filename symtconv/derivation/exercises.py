"""Exercises made for a layer, with their answers at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd, prod

from symtconv.derivation.notation import Piece, Story, listed_taps, size_words, written_sum
from symtconv.derivation.phasecounts import is_even, phase_counts
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import (
    Dots,
    Floor,
    Infix,
    Like,
    Listing,
    Math,
    Name,
    Negative,
    Operator,
    Quotient,
    Relation,
    Sum,
    Times,
    Transpose,
    Tuple,
)
from symtconv.document.nodes import Block, Display, List, Listed, Paragraph, Section
from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column, taps_of_row
from symtconv.sizes import convolved_size, transposed_size
from symtconv.taps import count_nonzeros

SHOWN_PIXELS = 400
MANY_PHASES = 12


@dataclass(frozen=True)
class Exercise:
    """A question and its answer."""

    question: tuple[Piece, ...]
    answer: tuple[Block, ...]


def exercises_section(story: Story) -> Section:
    """Ask for sizes, a row, a column, pads, counts, the overlap and a stamp of this layer; answer at the end."""
    asked = list(_exercises(story))
    questions = List(tuple(exercise.question for exercise in asked), ordered=True)
    answers = List(tuple(Listed(exercise.answer) for exercise in asked), ordered=True)
    return Section("Exercises", (questions, Section("Answers", (answers,), level=2)))


def _exercises(story: Story) -> Iterator[Exercise]:
    yield _one_pixel_more(story)
    yield _sizes_of_one_output_more(story)
    yield _count(story)
    yield _row(story)
    yield _column(story)
    if story.conv.padding_mode == "zeros":
        yield _pads(story)
    yield _evenness(story)
    yield _unit_stamp(story)


def _first_axis(story: Story) -> tuple[str, Axis]:
    return "" if story.conv.ndim == 1 else " along axis 0", story.conv.axes[0]


def _one_pixel_more(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    wide = axis.large + 1
    free = wide + axis.lo + axis.hi - axis.effective_kernel
    size = convolved_size(wide, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    outputs = Relation(
        Floor(Quotient(Sum(wide, axis.lo, axis.hi, -axis.effective_kernel), axis.stride)) + 1, "=",
        Floor(Quotient(free, axis.stride)) + 1, "=", size,
    )  # fmt: skip
    same = " as before" if size == axis.formula_size else f" where it was {axis.formula_size}"
    return Exercise(
        ("Give ", Name(story.notation.x), f" one pixel more{where}, ", Relation("n", "=", wide), ", with the "
         "same pads. How many outputs does the size formula give there?"),
        (Paragraph((outputs, same, ".")),),
    )  # fmt: skip


def _sizes_of_one_output_more(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    found = sizes_with(story.conv, axis, axis.small + 1)
    question: tuple[Piece, ...] = (
        "With the same kernel, stride and pads, which sizes ", Name("n"), f"{where} give ",
        Relation("o", "=", axis.small + 1), " outputs?",
    )  # fmt: skip
    first = transposed_size(axis.small + 1, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    rule = Relation("n", "=", Sum(Times("s", Sum("o", -1)), "K", Negative("lo"), Negative("hi"), "a"), "=",
                    Sum(first, "a"))  # fmt: skip
    shown: list[Like] = [*found] if len(found) <= 4 else [found[0], found[1], Dots("low"), found[-1]]
    values: tuple[Piece, ...] = (": ", Relation("n", "=", Listing(*shown))) if shown else (": no size at all",)
    limits = "" if len(found) == axis.stride else ", as far as these are sizes that the layer may have"
    return Exercise(
        question,
        (Paragraph((rule, " with ", Relation(0, "<=", "a", "<", axis.stride), limits, *values, ".")),),
    )


def sizes_with(conv: Conv, axis: Axis, small: int) -> range:
    """Give the large sizes whose convolution, with the axis' pads, has `small` outputs."""
    large = transposed_size(small, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    alone = Conv._resolved((replace(axis, small=small, large=large),), 1, 1, 1, conv.padding_mode)
    return alone.same_output[0]


def _count(story: Story) -> Exercise:
    conv, C = story.conv, Name(story.notation.C)
    along = [count_nonzeros(Conv._resolved((axis,), 1, 1, 1, conv.padding_mode)) for axis in conv.axes]
    pairs = conv.large_channels * conv.small_channels // conv.groups
    factors = [*along, *([pairs] if pairs > 1 else [])]
    total = prod(factors)
    product = Relation(Infix("cdot", *factors), "=", total) if len(factors) > 1 else Relation("N", "=", total)
    ending = f"; the last factor counts the pairs of channels{' of a group' * (conv.groups > 1)}" if pairs > 1 else ""
    words: tuple[Piece, ...] = (
        "On one axis they are the pairs of an output and a pixel that it reads; axes multiply. Here ", product, " of ",
        Relation(Infix("cdot", story.rows, story.columns), "=", story.rows * story.columns), f" entries{ending}.",
    )  # fmt: skip
    return Exercise(("How many entries of ", C, " hold weights? Count axis by axis."), (Paragraph(words),))


def _row(story: Story) -> Exercise:
    letters = story.notation
    row = story.rows // 2
    y = story.small(letters.y, row)
    taps = taps_of_row(story.conv, row)
    right = listed_taps(story, taps, lambda place: story.large(letters.x, place))
    return Exercise(
        ("Write ", y, ", one row of ", Name(letters.C), ", as a sum."),
        (Paragraph("The taps that fall on pixels weigh them:"), Display(Relation(y, "=", right))),
    )


def _column(story: Story) -> Exercise:
    """Ask for a pixel in the middle of the large side: its readers, and the gradient of the sum of all outputs."""
    letters = story.notation
    pixel = story.columns // 2
    x, z, y = story.large(letters.x, pixel), story.large(letters.z, pixel), story.small_at(letters.y)
    taps = taps_of_column(story.conv, pixel)
    readers = list(dict.fromkeys(row for _, row in taps))
    total = written_sum([number for number, _ in taps], story.weight)
    question: tuple[Piece, ...] = (
        "Which outputs read ", x, "? What is ", z, ", and what is the derivative of ", story.outputs_sum(y), " by ", x,
        "?",
    )  # fmt: skip
    shown: list[Math] = [story.small(letters.y, row) for row in (readers if len(readers) <= 9 else readers[:8])]
    if len(readers) > 9:
        shown += [Dots("low"), story.small(letters.y, readers[-1])]
    who: tuple[Piece, ...] = (Listing(*shown), ".") if shown else ("None.",)
    right = listed_taps(story, taps, lambda place: story.small(letters.v, place))
    derivative: tuple[Piece, ...] = ("The derivative is ", z, " with every ", story.small_at(letters.v), " at 1:")
    blocks = (Paragraph(who), Display(Relation(z, "=", right)), Paragraph(derivative), Display(total))
    return Exercise(question, blocks if taps else (Paragraph(("None does; ", z, " and the derivative are 0.")),))


def _pads(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    stretched = axis.stride * (axis.small - 1) + 1
    before = axis.effective_kernel - 1 - axis.lo
    after = axis.effective_kernel - 1 - axis.hi + axis.output_padding
    pair = Relation(Tuple(Sum("K", -1, Negative("lo")), Sum("K", -1, Negative("hi"), "a")), "=", Tuple(before, after))
    check = Relation(Sum(stretched, before, after, -axis.effective_kernel) + 1, "=", axis.large)
    negative = " A negative number crops." if min(before, after) < 0 else ""
    return Exercise(
        ("Put ", Sum("s", -1), " zeros between the pixels of ", Name(story.notation.v), " and convolve with stride 1 "
         f"and the flipped kernel. Which pads{where} make that the transposed convolution?"),
        (Paragraph((pair, ", with ", Relation("a", "=", axis.output_padding), f".{negative} The size is right: ", check,
                    ".")),),
    )  # fmt: skip


def _evenness(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    counts = [*phase_counts(axis, MANY_PHASES)]
    shown = Listing(*counts, *([Dots("low")] if axis.stride > MANY_PHASES else []))
    s, k = axis.stride, axis.kernel_size
    words: list[Piece] = ["Phase by phase: ", shown, ". "]
    if is_even(axis):
        words.append("Yes.")
    elif gcd(s, axis.dilation) > 1:
        words += ["No; with ", Relation(Operator("gcd", "s", "d"), "=", gcd(s, axis.dilation)), " no kernel size does."]
    else:
        words += ["No; the next is ", Relation("k", "=", k + s - k % s), f", which {s} divides."]
    return Exercise(
        (
            f"Count the taps of each phase{where}. Is the overlap even there? "
            "If not, which larger kernel size makes it so?",
        ),
        (Paragraph(tuple(words)),),
    )


def _unit_stamp(story: Story) -> Exercise:
    """Ask for C^T e: the stamp of the last pixel."""
    letters, conv = story.notation, story.conv
    last = story.rows - 1
    v = story.small(letters.v, last)
    product = Transpose(letters.C) * Operator("vec", letters.v)
    question: tuple[Piece, ...] = (
        "Let ", v, " be 1 and every other pixel of ", Name(letters.v), " be 0. What is ", product, "?",
    )  # fmt: skip
    words = Paragraph((Name(letters.z), ", of ", *size_words(conv.large_shape), ", is the stamp of ", v, ":"))
    by_pixel: dict[int, list[int]] = {}
    for number, place in taps_of_row(conv, last):
        by_pixel.setdefault(place, []).append(number)
    if not by_pixel:
        return Exercise(question, (Paragraph((Name(letters.z), " is 0: the stamp is cropped away.")),))
    if story.single and conv.ndim <= 2 and prod(conv.large_shape) <= SHOWN_PIXELS:
        wide = conv.large_shape[-1]

        def entry(row: int, column: int) -> Math | None:
            found = by_pixel.get(row * wide + column)
            return None if found is None else written_sum(found, story.weight, most=3)

        image = elided_matrix((conv.large_shape[0] if conv.ndim == 2 else 1, wide), entry, brackets=letters.brackets)
        return Exercise(question, (words, Display(Relation(letters.z, "=", image))))
    lines = [
        Relation(story.large(letters.z, place), "=", written_sum(found, story.weight))
        for place, found in list(by_pixel.items())[:3]
    ]
    more = f"{len(by_pixel)} pixels in all are covered; the others are 0." if len(by_pixel) > 3 else "The others are 0."
    return Exercise(question, (words, Display(*lines), Paragraph(more)))
