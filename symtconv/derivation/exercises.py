"""Exercises made for a layer, with their answers at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from symtconv.derivation.exercise import Exercise, added_up
from symtconv.derivation.kernelexercises import kernel_exercises
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.overlap import named_axes
from symtconv.derivation.practice import practice_exercises
from symtconv.derivation.reading import outputs_with
from symtconv.document.mathematics import Dots, Infix, Like, Listing, Name, Negative, Relation, Sum, Times
from symtconv.document.nodes import Block, List, Listed, Paragraph, Section
from symtconv.geometry import Axis, Conv
from symtconv.sizes import transposed_size
from symtconv.taps import count_nonzeros

MANY_TAPS = 500


def exercises_section(story: Story) -> Section:
    """Ask for sizes, counts, stamps and gradients in numbers, kernels with a property, and calls; answer at the end."""
    asked = list(_exercises(story))
    questions = List(tuple(Listed(exercise.question) for exercise in asked), ordered=True)
    answers = List(tuple(Listed(exercise.answer) for exercise in asked), ordered=True)
    return Section("Exercises", (questions, Section("Answers", (answers,), level=2)))


def _exercises(story: Story) -> Iterator[Exercise]:
    yield _another_stride(story)
    yield _one_output_more(story)
    yield from _count(story)
    yield from practice_exercises(story)
    yield from kernel_exercises(story)


def _first_axis(story: Story) -> tuple[str, Axis]:
    return "" if story.conv.ndim == 1 else " along axis 0", story.conv.axes[0]


def _another_stride(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    wider = replace(axis, stride=axis.stride + 1)
    outputs = f"{axis.small} output{'s' * (axis.small != 1)}"
    question: tuple[Piece, ...] = (
        f"Let the stride{where} be {wider.stride} instead of {axis.stride}, with the same taps and pads. Which sizes ",
        Name("n"), f" of the large side go with {outputs} then?",
    )  # fmt: skip
    return Exercise((Paragraph(question),), _sizes_answer(story, wider, axis.small))


def _one_output_more(story: Story) -> Exercise:
    where, axis = _first_axis(story)
    question: tuple[Piece, ...] = (
        "With the same taps, stride and pads, which sizes ", Name("n"), f"{where} give ",
        Relation("o", "=", axis.small + 1), " outputs?",
    )  # fmt: skip
    return Exercise((Paragraph(question),), _sizes_answer(story, axis, axis.small + 1))


def _sizes_answer(story: Story, axis: Axis, small: int) -> tuple[Block, ...]:
    found = sizes_with(story.conv, axis, small)
    first = transposed_size(small, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    rule = Relation("n", "=", Sum(Times("s", Sum("o", -1)), "K", Negative("lo"), Negative("hi"), "a"), "=",
                    Sum(first, "a"))  # fmt: skip
    shown: list[Like] = [*found] if len(found) <= 4 else [found[0], found[1], Dots("low"), found[-1]]
    values: tuple[Piece, ...] = (": ", Relation("n", "=", Listing(*shown))) if shown else (": no size at all",)
    limits = "" if len(found) == axis.stride else ", as far as these are sizes that the layer may have"
    return (Paragraph((rule, " with ", Relation(0, "<=", "a", "<", axis.stride), limits, *values, ".")),)


def sizes_with(conv: Conv, axis: Axis, small: int) -> range:
    """Give the large sizes whose convolution, with the axis' pads, has `small` outputs."""
    large = transposed_size(small, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    alone = Conv._resolved((replace(axis, small=small, large=large),), 1, 1, 1, conv.padding_mode)
    return alone.same_output[0]


def _count(story: Story) -> Iterator[Exercise]:
    """Ask for the number of weights in C, tap by tap: the sum over the taps of the outputs that read a pixel."""
    conv, C = story.conv, Name(story.notation.C)
    alone = {axis: Conv._resolved((axis,), 1, 1, 1, conv.padding_mode) for axis in conv.axes}
    if max(conv.kernel_size) > MANY_TAPS:
        return
    counts = {axis: [len(outputs_with(line, j)[0]) for j in range(axis.kernel_size)] for axis, line in alone.items()}
    if any(sum(counts[axis]) != count_nonzeros(line) for axis, line in alone.items()):
        return  # taps meet at one entry, which this way of counting would count twice
    words: list[Piece] = ["On one axis count for each tap the outputs that read a pixel"]
    words.append(", not padding. " if conv.padding_mode == "zeros" else ". ")
    for names, axis in named_axes(story):
        opening = "Tap after tap these are " if axis.kernel_size > 1 else "These are "
        words += [f"On {names}: " if names else "", opening.lower() if names else opening, added_up(counts[axis]), ". "]
    pairs = conv.large_channels * conv.small_channels // conv.groups
    factors = [*(sum(counts[axis]) for axis in conv.axes), *([pairs] if pairs > 1 else [])]
    if len(factors) > 1:
        what = ["an entry on each axis"] * (conv.ndim > 1)
        what += [f"one of {pairs} pairs of channels{' of a group' * (conv.groups > 1)}"] * (pairs > 1)
        words += [f"An entry of the whole matrix is {' and '.join(what)}: ",
                  Relation(Infix("cdot", *factors), "=", prod(factors)), "."]  # fmt: skip
    how = "count on each axis, tap by tap, and multiply" if len(factors) > 1 else "count tap by tap"
    how = how if conv.ndim > 1 or len(factors) == 1 else "count tap by tap, and multiply by the pairs of channels"
    question = ("Derive how many entries of ", C, f" hold weights: {how}.")
    yield Exercise((Paragraph(question),), (Paragraph(tuple(words)),))
