"""The weights of a layer in parts that are not negative, and what each part reads: for sums of |w|."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product as places_of
from math import prod
from typing import Any, TypeAlias

import numpy as np
import sympy

from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import flat, matrix, variable, vector
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv
from symtconv.proofs.polynomials import Coefficient, Polynomial, exact
from symtconv.proofs.terms import Assumed, Defined, Place, Term, product, table

Phase: TypeAlias = tuple[int, Place]  # an input channel, and d*j mod s on each axis


@dataclass(frozen=True)
class Part:
    """A part of weight w[a, c, j] that is not negative, and the sign with which it enters the weight."""

    channel: int
    source: int
    tap: Place
    sign: int
    size: Polynomial


@dataclass(frozen=True)
class Parts:
    """The parts of all weights: p and q of w = p - q, with |w| = p + q, or the size of a given number."""

    subject: Subject
    parts: tuple[Part, ...]
    symbolic: bool

    @property
    def conv(self) -> Conv:
        """The convolution."""
        return self.subject.conv

    @cached_property
    def u(self) -> Defined:
        """The vector of the parts' sizes."""
        values = table((len(self.parts),), {(number,): part.size for number, part in enumerate(self.parts)})
        if self.symbolic:
            return Assumed("u", "the parts p and q of the weights, where w = p - q and |w| = p + q", values)
        return Defined("u", "the numbers |w|", values)

    @cached_property
    def by_output(self) -> list[list[int]]:
        """The parts of each output channel, by number."""
        every = range(len(self.parts))
        return [[t for t in every if self.parts[t].channel == a] for a in range(self.conv.out_channels)]

    @cached_property
    def by_phase(self) -> dict[Phase, list[int]]:
        """The parts of each phase, all output channels together."""
        found: dict[Phase, list[int]] = {}
        for number, part in enumerate(self.parts):
            axes = zip(self.conv.axes, part.tap, strict=True)
            phase = part.source, tuple(axis.dilation * j % axis.stride for axis, j in axes)
            found.setdefault(phase, []).append(number)
        return found

    @cached_property
    def reads(self) -> list[tuple[int, list[tuple[int, int | None]]]]:
        """For each output (a, i) the channel, and its parts with the pixel s*i + d*j - lo that each reads, or None."""
        outputs = list(places_of(*map(range, self.conv.output_shape)))
        return [
            (channel, [(number, self._pixel(self.parts[number], i)) for number in own])
            for channel, own in enumerate(self.by_output)
            for i in outputs
        ]

    def _pixel(self, part: Part, i: Place) -> int | None:
        shape = self.conv.input_shape
        axes = zip(self.conv.axes, i, part.tap, strict=True)
        m = tuple(axis.stride * at + axis.dilation * j - axis.lo for axis, at, j in axes)
        if not all(0 <= at < n for at, n in zip(m, shape, strict=True)):
            return None
        return part.source * prod(shape) + flat([m], shape)[0]

    def adding(self, symbol: str, meaning: str, groups: Sequence[Sequence[int]]) -> Term:
        """Add up the parts of each group: a matrix of zeros and ones times u."""
        entries = {(row, number): 1 for row, chosen in enumerate(groups) for number in chosen}
        return product(Defined(symbol, meaning, matrix(len(groups), len(self.parts), entries)), self.u)

    def largest(self, symbol: str, what: str, groups: Sequence[Sequence[int]]) -> tuple[Defined, Defined]:
        """Give the largest of the groups' sums, and the vector of what it is more than each: not negative."""
        zero = Polynomial({})
        sums = [sum((self.parts[number].size for number in chosen), zero) for chosen in groups]
        most = Polynomial.variable(symbol)
        kind: type[Defined] = Assumed
        if not self.symbolic:
            numbers: list[Coefficient] = [value.terms.get((), 0) for value in sums]
            most, kind = Polynomial.constant(max(numbers)), Defined
        rest = vector(np.array([most + -value for value in sums], dtype=object))
        meaning = f"{symbol} less {what}, {symbol} being the largest of these"
        return Defined(symbol, f"the largest of {what}", table((), {(): most})), kind(f"{symbol}'", meaning, rest)


def parts_of(theorem: str, layer: Any, kernel: Any) -> Parts:
    """Split the weights of a layer, or given rational numbers, into parts.

    Raises:
        NotApplicable: where a given weight is no rational number, whose sign would be known.
    """
    conv = layer.convolution
    depth, width = conv.kernel_shape[1], conv.out_channels // conv.groups
    given = None if kernel is None else Subject(layer, kernel).w_symbols
    weights, parts = np.empty(conv.kernel_shape, dtype=object), list[Part]()
    for place in np.ndindex(*conv.kernel_shape):
        a, offset, *tap = place
        if given is None:
            names = [variable(letter, place[2:] if conv.single_channel else place) for letter in "pq"]
            weights[place] = sympy.Symbol(names[0]) - sympy.Symbol(names[1])
            sizes = [(1, Polynomial.variable(names[0])), (-1, Polynomial.variable(names[1]))]
        else:
            weights[place], value = given[place], exact(given[place])
            if value is None:
                raise NotApplicable.because(theorem, "given weights are rational numbers", str(given[place])[:60])
            sign = 1 if value >= 0 else -1
            sizes = [(sign, Polynomial.constant(sign * value))]
        source = a // width * depth + offset
        parts += [Part(a, source, tuple(tap), sign, size) for sign, size in sizes]
    return Parts(Subject(layer, weights), tuple(parts), given is None)
