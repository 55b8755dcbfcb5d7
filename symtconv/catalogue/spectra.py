"""What waves say of C: a bound by the kernel's symbol, and the singular values of a circular convolution."""

from __future__ import annotations

from itertools import product as places_of
from math import prod
from typing import Any

from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import flat, matrix, picking, times
from symtconv.catalogue.waves import Ring, orthogonality, require_waves, wave_equation
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Transposed

WHOLE_PERIODS = "n = s o, as when s divides n and lo + hi = K - 1"


def symbol_bound_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State symbol-bound for a layer: C is a part of a circulant, and waves diagonalise that."""
    if layer.padding_mode != "zeros":
        raise NotApplicable.because("symbol-bound", "the padding is of zeros", repr(layer.padding_mode))
    subject = Subject(layer, kernel)
    rings = [Ring(_span(axis), _span(axis), 1, axis.dilation, 0) for axis in layer.axes]
    require_waves("symbol-bound", subject, rings)
    sizes = tuple(ring.size for ring in rings)
    circulant = _circulant(subject, sizes)
    rows = [[s * i for i in range(o)] for s, o in zip(layer.stride, subject.conv.output_shape, strict=True)]
    columns = [[(m + axis.lo) % size for m in range(axis.large)] for axis, size in zip(layer.axes, sizes, strict=True)]
    kept = _picked("P", "the matrix that picks rows s i", rows, sizes, subject.conv.out_channels)
    read = _picked("Q", "the matrix that picks columns m + lo", columns, sizes, subject.conv.in_channels)
    part = times(kept, circulant, Transposed(read))
    return (
        Equation(subject.C_term, part, "C is a part of the circulant matrix of the kernel", subject.indices),
        wave_equation(subject, circulant, rings, "the circulant takes each wave to w^ times the wave"),
        *(equation for size in sorted({*sizes}) for equation in orthogonality(size)),
    )


def _span(axis: Axis) -> int:
    """The padded positions, from the first pixel or window to the last: as many as a ring needs not to wrap."""
    last = max(axis.large + axis.lo, axis.stride * (axis.small - 1) + axis.effective_kernel)
    return last - min(0, axis.lo)


def _circulant(subject: Subject, sizes: tuple[int, ...]) -> Defined:
    """The circulant: entry ((a, p), (c, q)) is w_d[a, c, (q - p) mod N]."""
    conv, points = subject.conv, prod(sizes)
    depth, width = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    entries: dict[tuple[int, int], Polynomial] = {}
    rows = list(places_of(*map(range, sizes)))
    starts = flat(rows, sizes)
    for a, offset, *tap in places_of(*map(range, subject.w.shape)):
        steps = [d * j for d, j in zip(conv.dilation, tap, strict=True)]
        ends = [tuple((p + d) % n for p, d, n in zip(row, steps, sizes, strict=True)) for row in rows]
        for p, q in zip(starts, flat(ends, sizes), strict=True):
            entries[a * points + p, (a // width * depth + offset) * points + q] = subject.w[a, offset, *tap]
    meaning = f"the circulant with w_d[(q - p) mod N] at p and q, N = {' x '.join(map(str, sizes))}"
    return Defined("W", meaning, matrix(conv.out_channels * points, conv.in_channels * points, entries))


def _picked(symbol: str, meaning: str, per_axis: list[list[int]], sizes: tuple[int, ...], channels: int) -> Defined:
    """Pick places of the ring in every channel."""
    points, places = prod(sizes), flat(places_of(*per_axis), sizes)
    every = [channel * points + place for channel in range(channels) for place in places]
    return picking(symbol, meaning, every, channels * points)


def circulant_spectrum_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State circulant-spectrum for a layer: C takes the waves on the input to multiples of the waves on the output."""
    if layer.padding_mode != "circular":
        raise NotApplicable.because("circulant-spectrum", "the padding is circular", repr(layer.padding_mode))
    for place, axis in enumerate(layer.axes):
        if axis.stride * axis.small != axis.large:
            where = f" on axis {place}" if layer.ndim > 1 else ""
            arrived = f"n = {axis.large}, s = {axis.stride}, o = {axis.small}{where}"
            raise NotApplicable.because("circulant-spectrum", WHOLE_PERIODS, arrived)
    subject = Subject(layer, kernel)
    rings = [Ring(axis.large, axis.small, axis.stride, axis.dilation, axis.lo) for axis in layer.axes]
    require_waves("circulant-spectrum", subject, rings)
    says = "C takes the wave z^m to w^(z) times the wave (z^s)^i"
    lengths = {size for ring in rings for size in (ring.size, ring.outputs)}
    return (
        wave_equation(subject, subject.C_term, rings, says),
        *(equation for size in sorted(lengths) for equation in orthogonality(size)),
    )
