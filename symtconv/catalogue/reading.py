"""Which inputs are never read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as places
from math import prod
from typing import Any

from symtconv.catalogue.differentiation import EVERY_KERNEL
from symtconv.catalogue.hypotheses import ALL_KEPT, DILATION_1, Hypothesis, require
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import flat, matrix
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv
from symtconv.proofs.terms import Compound, Defined, Equation, Place, product
from symtconv.proofs.theorem import Theorem

NAME = "unread-inputs"
LONG = Hypothesis(
    "k is at least s", lambda axis: axis.kernel_size >= axis.stride, lambda axis: f"{axis.kernel_size} < {axis.stride}"
)
NO_CROP = Hypothesis(
    "no pad is negative", lambda axis: min(axis.lo, axis.hi) >= 0, lambda axis: f"pads {axis.lo} and {axis.hi}"
)


def _unread_inputs(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """The columns of the last max(0, a - hi) inputs are zero; every other column holds a weight at a named row."""
    _require(layer)
    subject = Subject(layer)
    conv = subject.conv
    outputs, inputs = (conv.out_channels, *conv.output_shape), (conv.in_channels, *conv.input_shape)
    rows, columns = prod(outputs), prod(inputs)
    read, never = _divided(conv)
    unread = dict.fromkeys(((place, place) for place in flat(never, inputs)), 1)
    D = Defined("D", "the diagonal matrix that keeps the last max(0, a - hi) inputs", matrix(columns, columns, unread))
    found = {(row, column): weight for row, column, weight in _readers(subject, read)}
    E = Defined("E", "1 at one output for each of the other inputs", matrix(rows, columns, dict.fromkeys(found, 1)))
    W = Defined("W", "there the weight of the tap m + lo - s i", matrix(rows, columns, found))
    nothing = Defined("0", "the zero matrix", matrix(rows, columns, {}))
    return (
        Equation(product(subject.C_term, D), nothing, "the last max(0, a - hi) inputs are never read", subject.indices),
        Equation(Compound("o", E, subject.C_term), W, "every other input is read", subject.indices),
    )


def _require(layer: Any) -> None:
    require(NAME, layer, DILATION_1, LONG, NO_CROP, ALL_KEPT)
    if layer.padding_mode != "zeros" and any(axis.lo or axis.hi for axis in layer.axes):
        raise NotApplicable.because(NAME, "the padding is of zeros", repr(layer.padding_mode))


def _divided(conv: Conv) -> tuple[list[Place], list[Place]]:
    """Divide the inputs, channels first: those before the last max(0, a - hi) of every axis, and the others."""
    ends = [axis.large - max(0, axis.remainder - axis.hi) for axis in conv.axes]
    read: list[Place] = []
    unread: list[Place] = []
    for place in places(range(conv.in_channels), *map(range, conv.input_shape)):
        inside = all(m < end for m, end in zip(place[1:], ends, strict=True))
        (read if inside else unread).append(place)
    return read, unread


def _readers(subject: Subject, read: list[Place]) -> Iterator[tuple[int, int, Any]]:
    """Yield, for each input that is read, the number of an output that reads it, its own, and the weight."""
    conv = subject.conv
    width, depth = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    for c, *m in read:
        i = [min((pixel + axis.lo) // axis.stride, axis.small - 1) for pixel, axis in zip(m, conv.axes, strict=True)]
        j = [pixel + a.lo - a.stride * window for pixel, a, window in zip(m, conv.axes, i, strict=True)]
        o = c // depth * width
        (row,) = flat([(o, *i)], (conv.out_channels, *conv.output_shape))
        (column,) = flat([(c, *m)], (conv.in_channels, *conv.input_shape))
        yield row, column, subject.w[(o, c % depth, *j)]


READING = (
    Theorem(
        name=NAME,
        title="Inputs that are never read",
        statement="d = 1, k >= s: exactly the last max(0, a - hi) inputs of each axis are never read: their columns of "
        "C are zero, and every other column holds a weight",
        hypotheses=(
            DILATION_1.words,
            LONG.words,
            NO_CROP.words,
            ALL_KEPT.words,
            "the padding is of zeros",
        ),
        family="structure",
        source="the windows cover the padded pixels 0..s(o-1)+K-1 without a gap",
        equations=_unread_inputs,
        assumptions=(EVERY_KERNEL,),
        example=Conv((4, 4), 3, stride=2),
    ),
)
