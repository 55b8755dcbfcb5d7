"""How often outputs are covered, for all sizes: the taps of each phase are counted by sums of ones.

Tap j belongs to phase r if d*j = r + s*q for a whole q. Where u*d + v*s = 1 (Bezout: s and d have no common divisor)
the taps of a phase are those with j = u*r mod s.
"""

from __future__ import annotations

from symtconv.catalogue.oneaxis import ASSUMED, SIZES, K, d, i, j, k, lo, m, o, q, r, s
from symtconv.catalogue.writtensums import at_least, equal, numbers, plus, summed, within
from symtconv.proofs.summation import Total
from symtconv.proofs.sums import Hint
from symtconv.proofs.terms import Compound, Equation, number as value
from symtconv.proofs.universal import Universal, of_sums, together

b, c, e, f, g, h, u, v, x, y = numbers("b c e f g h u v x y")
P, T, Z = numbers("p t z")
INTERIOR = "K - 1 - lo <= m <= s*(o - 1) - lo"
SOME = at_least(1, s, d, k)
PHASE = (*within(j, k), equal(d * j, r + s * q))


def _coverage() -> tuple[Equation, ...]:
    phase = (*within(j, k), equal(m + lo - d * j, s * q))
    covered = (*within(i, o), *within(j, k), equal(m, s * i + d * j - lo))
    inside = (*SIZES, *at_least(0, m + lo - (K - 1), s * (o - 1) - lo - m))
    count, most = summed("i j", (*SIZES, *covered)), summed("j q", (*SIZES, *phase))
    outside = [summed("j q", (*SIZES, *phase, *side)) for side in (at_least(0, -q - 1), at_least(o, q))]
    parts = plus(count, *outside)
    return (
        Equation(
            summed("i j", (*inside, *covered)), summed("j q", (*inside, *phase)),
            f"where {INTERIOR}, m is covered once for each j with m + lo - d*j = s*q for some q",
        ),
        Equation(most, parts, "anywhere, such j are those that cover m and those of outputs beyond the ends"),
        Equation(Compound("<=", count, parts), value(1), "so m is covered at most so often"),
    )  # fmt: skip


def _equal_counts() -> tuple[Equation, ...]:
    coprime = (*SOME, equal(u * d + v * s, 1), equal(k, s * c), *within(r, s))
    count, taps = summed("j q", (*coprime, *PHASE)), summed("e", (*coprime, *within(e, c)))
    return (Equation(count, taps, "each phase has c taps"),)


def _all_taps() -> tuple[Equation, ...]:
    counts = summed("r j q", (*SOME, *within(r, s), *PHASE))
    return (Equation(counts, summed("j", (*SOME, *within(j, k))), "the counts of all s phases add up to k"),)


def _no_taps() -> tuple[Equation, ...]:
    shared = (*SOME, *at_least(1, f, h), equal(s, g * f), equal(d, g * h), equal(r, g * e + x), *within(x, g, 1))
    return (Equation(summed("j q", (*shared, *PHASE)), Total(()), "a phase that g does not divide has no tap"),)


PARTED = (*SOME, *at_least(1, f, g, h), equal(s, g * f), equal(d, g * h), equal(u * h + v * f, 1))
PARTED = (*PARTED, equal(k, f * c + b), *within(b, f), *at_least(0, c), *within(u * r - f * y, f))


def _counts() -> tuple[Equation, ...]:
    taps = (*PARTED[:-2], *within(r, f))
    count = summed("j q", (*taps, *within(j, k), equal(d * j, g * r + s * q)))
    extra = summed("y", (*PARTED, *within(r, f), *within(u * r - f * y, b)))
    right = plus(summed("e", (*taps, *within(e, c))), extra)
    return (Equation(count, right, "phase g*r has c taps, and one more where u*r mod f < b"),)


def _extra() -> tuple[Equation, ...]:
    extra = summed("r y", (*PARTED, *within(r, f), *within(u * r - f * y, b)))
    return (Equation(extra, summed("x", (*PARTED[:-2], *within(x, b))), "that is so for b of the f phases"),)


COPRIME: list[Hint] = [
    ("divide", u * r, s, "f"),
    ("let", "h", f + v * j + u * q),
    ("put", "j", u * r + s * (h - f)),
    ("put", "q", d * (h - f) - v * r),
]
COUNTED: list[Hint] = [
    ("swap", d * j - g * r - s * q, h * j - r - f * q),
    ("divide", u * r, f, "x"),
    ("let", "p", x + v * j + u * q),
    ("put", "j", u * r + f * (P - x)),
    ("put", "q", h * (P - x) - v * r),
    ("cases", c - 1 - P),
    ("put", "p", c),
]
PERMUTED: list[Hint] = [
    ("let", "z", u * r - f * y),
    ("let", "t", -(v * r + h * y)),
    ("put", "r", h * Z - f * T),
    ("put", "y", -(v * Z + u * T)),
]
COPRIME_PHASES = (
    "s, d, k >= 1",
    "s = g*f, d = g*h with f, g, h >= 1",
    "g = gcd(s, d): u*h + v*f = 1 (Bezout)",
    "k = f*c + b with 0 <= b < f, so that c = floor(k*g/s) and b = k mod (s/g)",
)

EVERY_OVERLAP: dict[str, Universal] = {
    "coverage": of_sums(
        f"output m is covered #{{j: s divides m + lo - d*j}} times where {INTERIOR}, at most so elsewhere",
        ASSUMED,
        _coverage,
        hints=[("cases", q), ("cases", o - 1 - q)],
    ),
    "phase-counts": together(
        of_sums(
            "g = gcd(s, d): a phase that g does not divide has no tap",
            ("s, d, k >= 1", "s = g*f, d = g*h with f, h >= 1", "r = g*e + x with 1 <= x < g"),
            _no_taps,
            hints=[("cases", h * j - f * q - e - 1)],
        ),
        of_sums(
            "of the other s/g phases each has c taps, or c + 1", COPRIME_PHASES, _counts, hints=COUNTED
        ),
        of_sums("c + 1 is the count of b phases", COPRIME_PHASES, _extra, hints=PERMUTED),
    ),
    "checkerboard": together(
        of_sums(
            "s divides k and gcd(s, d) = 1: the phase counts are equal",
            ("s, d, k >= 1", "k = s*c", "gcd(s, d) = 1: u*d + v*s = 1 (Bezout)"),
            _equal_counts,
            hints=COPRIME,
        ),
        of_sums(
            "the s counts add up to k, so that equal counts c make k = s*c: s divides k", ("s, d, k >= 1",), _all_taps
        ),
        of_sums(
            "gcd(s, d) = g > 1: phase 1 has no tap, so equal counts would all be 0, and k with them",
            ("s, d, k >= 1", "s = g*f, d = g*h with f, h >= 1", "r = g*e + x with 1 <= x < g, as r = 1 is"),
            _no_taps,
            hints=[("cases", h * j - f * q - e - 1)],
        ),
    ),
}  # fmt: skip
