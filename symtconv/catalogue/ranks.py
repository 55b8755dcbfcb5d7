"""Full row rank where no window reaches the padding: as many columns of C form a triangle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as places_of
from math import prod
from typing import Any

from symtconv.catalogue.gram import INSIDE, Lag, entries_of, laid, require_valid
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import TRUE, equal, flat, matrix, negation, picking, times
from symtconv.errors import NotApplicable, TooLarge
from symtconv.geometry import Conv
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Determinant, Equation, Place, Term, Transposed, number, product, table

RANK_HYPOTHESES = (INSIDE, "each group has one output channel", "no output channel has only weights that are 0")
MAX_TRIANGLES = 200_000


def full_row_rank_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State full-row-rank for a layer: a triangle for each tap that may be the first that is not 0."""
    require_valid("full-row-rank", layer)
    subject = Subject(layer, kernel)
    conv = subject.conv
    if conv.out_channels != conv.groups:
        arrived = f"{conv.out_channels} output channels and {conv.groups} groups"
        raise NotApplicable.because("full-row-rank", RANK_HYPOTHESES[1], arrived)
    firsts = list(_firsts(subject))
    outputs = prod(conv.output_shape)
    entries = len(firsts) * (len(entries_of(subject.C_term)) // conv.groups + outputs**2 // 20)
    if entries > MAX_TRIANGLES:
        remedy = "Give a kernel, which has one first tap, or ask for a smaller layer."
        raise TooLarge.of(f"full-row-rank for {layer!r}", entries, MAX_TRIANGLES, what="entries", remedy=remedy)
    equations = [equation for first in firsts for equation in _triangle(subject, first)]
    if conv.groups > 1:
        equations += [_apart(subject, channel) for channel in range(conv.groups)]
    return (*equations, _with_pads())


def _firsts(subject: Subject) -> Iterator[Place]:
    """Give the weights (a, c, *j) that may be the first of channel a that is not 0: all, or one of a given kernel."""
    for channel in range(subject.w.shape[0]):
        places = [(channel, *rest) for rest in places_of(*map(range, subject.w.shape[1:]))]
        filled = [place for place in places if subject.w[place].terms]
        if not filled:
            raise NotApplicable.because("full-row-rank", RANK_HYPOTHESES[2], f"only 0 in channel {channel}")
        yield from filled if subject.kernel is None else filled[:1]


def _triangle(subject: Subject, first: Place) -> Iterator[Equation]:
    """State that columns s*i + d*j0 of C are a triangle when all taps before j0 are 0, and its determinant."""
    conv, (channel, offset, *tap) = subject.conv, first
    outputs = prod(conv.output_shape)
    size = conv.in_channels * prod(conv.input_shape)
    axes = [
        [axis.stride * i + axis.dilation * j - axis.lo for i in range(axis.small)]
        for axis, j in zip(conv.axes, tap, strict=True)
    ]
    start = (channel * subject.w.shape[1] + offset) * prod(conv.input_shape)
    columns = [start + place for place in flat(places_of(*axes), conv.input_shape)]
    shown = first if not conv.single_channel else first[2:]
    name = ",".join(map(str, shown))
    picked = picking("Q", f"the matrix that picks columns s i + d j0 - lo, j0 = {name}", columns, size)
    square: Term = product(_without(subject, first), Transposed(picked))
    if conv.groups > 1:
        own = range(channel * outputs, (channel + 1) * outputs)
        square = product(
            picking("P", "the matrix that picks the rows of the channel", own, conv.groups * outputs), square
        )
    meaning = "the triangle with the tap j at p and q for which d (j - j0) = s (q - p), if it is not before j0"
    alone = Conv._resolved(conv.axes, 1, 1, 1, conv.padding_mode)
    triangle = Defined("U", meaning, laid(alone, _steps(subject, first)))
    power = Polynomial.constant(1)
    for _ in range(outputs):
        power = power * subject.w[first]
    value = Defined(f"w[{name}]^{outputs}", "a power of the first tap that is not 0", table((), {(): power}))
    at = ("p", conv.output_shape), ("q", conv.output_shape)
    yield Equation(square, triangle, f"columns s i + d j0 of C, without taps before j0 = {name}, are a triangle", at)
    yield Equation(Determinant(triangle), value, f"its determinant is the power o = {outputs} of tap {name}")
    if subject.kernel is not None:
        yield Equation(negation(equal(value, number(0))), TRUE, "that is not 0")


def _steps(subject: Subject, first: Place) -> dict[Lag, Polynomial]:
    """Give the tap j from j0 on for each difference p - q of outputs with d (j - j0) = s (q - p)."""
    conv, (channel, offset, *start) = subject.conv, first
    found: dict[Lag, Polynomial] = {}
    for tap in places_of(*map(range, conv.kernel_size)):
        gaps = [d * (j - j0) for d, j, j0 in zip(conv.dilation, tap, start, strict=True)]
        steps = tuple(-gap // s for gap, s in zip(gaps, conv.stride, strict=True))
        if tap >= tuple(start) and not any(gap % s for gap, s in zip(gaps, conv.stride, strict=True)):
            found[0, 0, steps] = subject.w[(channel, offset, *tap)]
    return found


def _without(subject: Subject, first: Place) -> Defined:
    """Give C with 0 for the weights of the channel before the first; of a given kernel they are 0."""
    if subject.kernel is not None:
        return subject.C_term
    places = list(places_of([first[0]], *map(range, subject.w.shape[1:])))
    earlier = {name for place in places[: places.index(first)] for (name,) in subject.w[place].terms}
    if not earlier:
        return subject.C_term
    entries = {
        place: Polynomial({m: c for m, c in value.terms.items() if earlier.isdisjoint(m)})
        for place, value in entries_of(subject.C_term).items()
    }
    shape = subject.C_term.value.shape  # type: ignore[attr-defined]
    return Defined("C0", "C with 0 for the taps before j0", table(shape, entries))


def _apart(subject: Subject, channel: int) -> Equation:
    """State that a group's output reads no pixel of another group."""
    conv = subject.conv
    outputs, pixels = prod(conv.output_shape), prod(conv.input_shape)
    depth = subject.w.shape[1]
    own = range(channel * depth * pixels, (channel + 1) * depth * pixels)
    others = [place for place in range(conv.in_channels * pixels) if place not in own]
    rows = picking(
        "P",
        "the matrix that picks the rows of the group",
        range(channel * outputs, (channel + 1) * outputs),
        conv.groups * outputs,
    )
    columns = picking("Q", "the matrix that picks the pixels of the other groups", others, conv.in_channels * pixels)
    nothing = Defined("0", "the matrix of zeros", table((outputs, len(others)), {}))
    at = ("p", conv.output_shape), ("q", (len(others),))
    says = f"group {channel} reads no pixel of another group"
    return Equation(times(rows, subject.C_term, Transposed(columns)), nothing, says, at)


def _with_pads() -> Equation:
    """State that with pads it can fail: of one pixel and one tap, a window on the padding reads nothing."""
    subject = Subject(Conv(1, 1, padding=[(1, 0)]))
    column = Defined("c", "one entry, below a zero row", matrix(2, 1, {(1, 0): subject.w[0, 0, 0]}))
    at = ("i", (2,)), ("m", (1,))
    return Equation(
        subject.C_term, column, "with pads it can fail: C of Conv(1, 1, padding=[(1, 0)]) has a zero row", at
    )
