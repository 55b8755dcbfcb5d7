"""Schur's bound of |C|_2 by sums of |w|, as an identity whose rest is not negative."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product as places_of
from math import prod
from typing import Any

from symtconv.catalogue.parts import Parts, parts_of
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import inequality, matrix, picking, plus, times
from symtconv.errors import NotApplicable, TooLarge
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Equation, Place, Term, product, table

MAX_SQUARES = 20_000


def schur_bound_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State schur-bound for a layer: R S |x|^2 = |C x|^2 + (what is not negative); R and S are at most |w|_1."""
    if layer.padding_mode != "zeros":
        raise NotApplicable.because("schur-bound", "the padding is of zeros", repr(layer.padding_mode))
    _require_room(Subject(layer, kernel))
    parts = parts_of("schur-bound", layer, kernel)
    subject, rows, phases = parts.subject, parts.by_output, list(parts.by_phase.values())
    R, over_R = parts.largest("R", "the sums of |w| over the taps of each output channel", rows)
    S, over_S = parts.largest("S", "the sums of |w| over the taps of each phase d j mod s", phases)
    first = _marked("e", "the choice of the first", [0], len(rows))
    own = _marked("a", "1 for the parts of the first output channel", rows[0], len(parts.parts))
    same_R = plus(product(first, over_R), product(own, parts.u))
    per_pixel = product(same_R, _under_largest_phase(parts, over_S))
    rest = plus(_squares(parts), _under_largest_output(parts, over_R), per_pixel)
    image = product(subject.C_term, subject.x_term)
    larger = times(R, S, product(subject.x_term, subject.x_term))
    return (
        *inequality(product(image, image), rest, larger, "|C x|^2 <= R S |x|^2"),
        *_at_most_all(parts, rows, "the sum over each output channel, and so R, is at most |w|_1"),
        *_at_most_all(parts, phases, "the sum over each phase, and so S, is at most |w|_1"),
    )


def _require_room(subject: Subject) -> None:
    weights = prod(subject.conv.kernel_shape[1:]) * (1 if subject.kernel is not None else 2)
    squares = subject.conv.out_channels * prod(subject.conv.output_shape) * weights * (weights - 1) // 2
    if squares > MAX_SQUARES:
        remedy = "Ask for a smaller layer of the same kind, or give a kernel, which takes a quarter as many."
        raise TooLarge.of(f"schur-bound for {subject.layer!r}", squares, MAX_SQUARES, what="squares", remedy=remedy)


def _marked(symbol: str, meaning: str, places: Sequence[int], size: int) -> Defined:
    return Defined(symbol, meaning, table((size,), {(place,): Polynomial.constant(1) for place in places}))


def _squares(parts: Parts) -> Term:
    """Give what Cauchy and Schwarz leave of each output, with u the sizes and e the signs of its parts.

    (sum_t u_t) (sum_t u_t x_t^2) - (sum_t e_t u_t x_t)^2 = sum over t < t' of u_t u_t' (e_t x_t - e_t' x_t')^2.
    """
    pixels = parts.subject.x.reshape(-1)
    differences, left, right = dict[Place, Polynomial](), list[int](), list[int]()
    for _, reading in parts.reads:
        seen = [
            (number, Polynomial({}) if pixel is None else pixels[pixel] * parts.parts[number].sign)
            for number, pixel in reading
        ]
        for (t, a), (other, b) in combinations(seen, 2):
            differences[len(left),] = a + -b
            left.append(t)
            right.append(other)
    gaps = Defined(
        "D", "the differences e_t x_t - e_t' x_t' of two parts of an output", table((len(left),), differences)
    )
    near = product(picking("P", "the first part of each pair", left, len(parts.parts)), parts.u)
    far = product(picking("Q", "the second part of each pair", right, len(parts.parts)), parts.u)
    return product(Compound("o", gaps, gaps), Compound("o", near, far))


def _under_largest_output(parts: Parts, over_R: Term) -> Term:
    """Give the sum over the outputs of R less the sum of |w| of their channel, times the sum of u_t x_t^2."""
    pixels = parts.subject.x.reshape(-1)
    squares = {
        (row, number): pixels[pixel] * pixels[pixel]
        for row, (_, reading) in enumerate(parts.reads)
        for number, pixel in reading
        if pixel is not None
    }
    seen = Defined(
        "X", "the squares of the pixels that each part reads", matrix(len(parts.reads), len(parts.parts), squares)
    )
    channels = [channel for channel, _ in parts.reads]
    spread = picking("E", "the output channel of each output", channels, parts.conv.out_channels)
    return product(product(spread, over_R), product(seen, parts.u))


def _under_largest_phase(parts: Parts, over_S: Term) -> Term:
    """Give the sum over the pixels of S less the sum of |w| that reads them, times the square of the pixel.

    A pixel m is read by the parts of phase (m + lo) mod s alone, and by each of them at most once.
    """
    conv, phases = parts.conv, list(parts.by_phase)
    readers: dict[int, set[int]] = {}
    for _, reading in parts.reads:
        for number, pixel in reading:
            if pixel is not None:
                readers.setdefault(pixel, set()).add(number)
    number_of = {phase: number for number, phase in enumerate(phases)}
    chosen: list[int] = []
    missing: dict[tuple[int, int], int] = {}
    for column, (channel, *m) in enumerate(places_of(range(conv.in_channels), *map(range, conv.input_shape))):
        residues = tuple((at + axis.lo) % axis.stride for at, axis in zip(m, conv.axes, strict=True))
        chosen.append(number_of.get((channel, residues), 0))
        absent = set(parts.by_phase[phases[chosen[-1]]]) - readers.get(column, set())
        missing |= {(column, number): 1 for number in absent}
    spread = picking("Z", "the phase of each pixel", chosen, len(phases))
    unread = Defined(
        "Y", "the parts of the phase that do not read the pixel", matrix(len(chosen), len(parts.parts), missing)
    )
    squares = Compound("o", parts.subject.x_term, parts.subject.x_term)
    return product(plus(product(spread, over_S), product(unread, parts.u)), squares)


def _at_most_all(parts: Parts, groups: Sequence[Sequence[int]], says: str) -> tuple[Equation, Equation]:
    """State that the sum over each group is at most the sum over all parts: the others are not negative."""
    every = range(len(parts.parts))
    others = [[number for number in every if number not in group] for group in map(set, groups)]
    some = parts.adding("H", "ones for the parts of each group", groups)
    rest = parts.adding("L", "ones for the parts outside each group", others)
    everything = parts.adding("O", "ones", [every] * len(groups))
    first, second = inequality(some, rest, everything, says)
    return Equation(first.left, first.right, first.says, (("g", (len(groups),)),)), second
