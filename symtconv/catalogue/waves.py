"""Waves on a ring of pixels, exactly: the powers of a root of unity z, as polynomials in z modulo z^n - 1.

One indeterminate z an axis stands for every n-th root of unity at once: a statement modulo z^n - 1 holds at each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as places_of
from math import prod

from symtconv.arrays import Array
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import flat, identity, matrix, minus, plus, total, variable
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Conv
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Equation, Place, Term, number, product, table

MAX_DEGREES = 5_000_000


@dataclass(frozen=True)
class Ring:
    """One axis of a circular convolution: output i of `outputs` reads, by tap j, pixel s*i + d*j - lo modulo `size`."""

    size: int
    outputs: int
    stride: int
    dilation: int
    lo: int

    def exponent(self, tap: int) -> int:
        """The power of z by which tap j multiplies: (d*j - lo) mod n."""
        return (self.dilation * tap - self.lo) % self.size


def root(axis: int) -> str:
    """Name the root of unity of an axis."""
    return variable("z", (axis,))


def power(name: str, exponent: int) -> Polynomial:
    """Give a power of an indeterminate."""
    return Polynomial({(name,) * exponent: 1})


def require_waves(theorem: str, subject: Subject, rings: list[Ring]) -> None:
    """Refuse waves that would not fit, and given weights that bear the name of a root."""
    degrees = prod(ring.outputs for ring in rings) * prod(subject.w.shape) * sum(2 * ring.size for ring in rings)
    degrees += max(ring.size for ring in rings) ** 2
    if degrees > MAX_DEGREES:
        remedy = "Ask for a smaller layer of the same kind."
        raise TooLarge.of(f"{theorem} for {subject.layer!r}", degrees, MAX_DEGREES, what="powers", remedy=remedy)
    names = {symbol.name for weight in subject.w_symbols.flat for symbol in weight.free_symbols}
    if taken := names & {root(axis) for axis in range(len(rings))}:
        rule = "the proof gives that name to a root of unity"
        raise GeometryError("kernel of a proof", arrived=f"the name {min(taken)}", rule=rule, remedy="Rename it.")


def monomial(exponents: Place) -> Polynomial:
    """Give the product over the axes of z^exponent."""
    return Polynomial({tuple(root(axis) for axis, exponent in enumerate(exponents) for _ in range(exponent)): 1})


def wave(symbol: str, meaning: str, sizes: Place, steps: Place) -> Defined:
    """Give the wave with the product over the axes of z^(step m) at m, as a matrix of one column."""
    places = places_of(*map(range, sizes))
    entries = {
        (number, 0): monomial(tuple(a * b for a, b in zip(m, steps, strict=True))) for number, m in enumerate(places)
    }
    return Defined(symbol, meaning, matrix(prod(sizes), 1, entries))


def symbol_matrix(conv: Conv, w: Array, rings: list[Ring]) -> Defined:
    """Give w^, entry (a, c) of which is the sum over j of w[a, c, j] times the product of z^((d*j - lo) mod n)."""
    entries: dict[tuple[int, int], Polynomial] = {}
    for place, _, exponents, weight in _terms(conv, w, [Ring(r.size, 1, 1, r.dilation, r.lo) for r in rings]):
        entries[place] = entries.get(place, Polynomial({})) + weight * monomial(exponents)
    meaning = "the symbol, the sum over j of w[j] z^(d j - lo), exponents modulo n"
    return Defined("w^", meaning, matrix(conv.out_channels, conv.in_channels, entries))


def _terms(conv: Conv, w: Array, rings: list[Ring]) -> Iterator[tuple[tuple[int, int], Place, Place, Polynomial]]:
    """Yield ((a, c), output i, exponents s*i + (d*j - lo) mod n, w[a, c, j]) for all channels, outputs and taps."""
    depth, width = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    outputs = list(places_of(*(range(ring.outputs) for ring in rings)))
    for a, offset, *tap in places_of(*map(range, w.shape)):
        shifts = [ring.exponent(j) for ring, j in zip(rings, tap, strict=True)]
        for i in outputs:
            exponents = (r.stride * at + shift for r, at, shift in zip(rings, i, shifts, strict=True))
            yield (a, a // width * depth + offset), i, tuple(exponents), w[a, offset, *tap]


def wave_equation(subject: Subject, matrix_of: Term, rings: list[Ring], says: str) -> Equation:
    """State C (I (x) f) = w^ (x) g modulo z^n - 1: f the wave z^m on the pixels, g the wave z^(s i) on the outputs."""
    conv = subject.conv
    f = wave("f", "the wave with z^m at pixel m", tuple(ring.size for ring in rings), (1,) * len(rings))
    g = wave("g", "the wave with z^(s i) at i", tuple(r.outputs for r in rings), tuple(r.stride for r in rings))
    waves = Compound("(x)", identity(conv.in_channels), f)
    image = Compound("(x)", symbol_matrix(conv, subject.w, rings), g)
    outputs = tuple(ring.outputs for ring in rings)
    at = ("i", outputs if conv.single_channel else (conv.out_channels, *outputs)), ("c", (conv.in_channels,))
    return Equation(product(matrix_of, waves), total([image, *_multiples(subject, rings)]), says, at)


def _multiples(subject: Subject, rings: list[Ring]) -> list[Term]:
    """Give what C (I (x) f) has more than w^ (x) g: on each axis a multiple of z^n - 1, quotient given.

    z^e with n <= e < 2n is z^(e-n) + (z^n - 1) z^(e-n); axes are reduced one after another.
    """
    conv, outputs = subject.conv, tuple(ring.outputs for ring in rings)
    quotients: list[dict[Place, Polynomial]] = [{} for _ in rings]
    starts = {i: flat([i], outputs)[0] for i in places_of(*map(range, outputs))}
    for (a, c), i, exponents, weight in _terms(conv, subject.w, rings):
        row = a * prod(outputs) + starts[i]
        reduced = list(exponents)
        for axis, ring in enumerate(rings):
            if reduced[axis] >= ring.size:
                reduced[axis] -= ring.size
                extra = weight * -monomial(tuple(reduced))
                quotients[axis][row, c] = quotients[axis].get((row, c), Polynomial({})) + extra
    shape = (conv.out_channels * prod(outputs), conv.in_channels)
    return [
        product(_vanishing(root(axis), ring.size), Defined("Q", "the quotient by z^n - 1", table(shape, entries)))
        for axis, (ring, entries) in enumerate(zip(rings, quotients, strict=True))
        if entries
    ]


def _vanishing(name: str, size: int) -> Defined:
    """The number z^n - 1."""
    return Defined(f"{name}^{size} - 1", "0 for a root of unity", table((), {(): power(name, size) + -1}))


def orthogonality(size: int) -> tuple[Equation, Equation]:
    """State that waves of two n-th roots z and t are orthogonal, and that the square of a wave's length is n.

    <f(z), conj f(t)> is the sum over m of z^m t^(-m), which is t times the sum of z^m t^(n-1-m).
    """
    ones = range(size)
    wave_of_z = table((size,), {(m,): power("z", m) for m in ones})
    other = table((size,), {(m,): power("t", size - 1 - m) for m in ones})
    conjugate = table((size,), {(m,): power("z", size - m) for m in ones})
    z, t = (Defined(name, "a root of unity", table((), {(): power(name, 1)})) for name in "zt")
    f = Defined("f", "the wave with z^m at m", wave_of_z)
    across = product(f, Defined("h", "the wave with t^(n-1-m) at m", other))
    along = product(f, Defined("k", "the wave with z^(n-m), the conjugate of z^m, at m", conjugate))
    zero_z, zero_t, n = _vanishing("z", size), _vanishing("t", size), number(size)
    return (
        Equation(
            product(plus(z, minus(t)), across),
            plus(zero_z, minus(zero_t)),
            f"(z - t) times the inner product is 0: different waves on {size} points are orthogonal",
        ),
        Equation(along, plus(n, product(n, zero_z)), f"the square of the length of a wave on {size} points is {size}"),
    )
