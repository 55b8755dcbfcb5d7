"""The overlap family: how many stamps, and how much of the kernel, fall on one output of the transposed layer.

Source: Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill 2016.
"""

from __future__ import annotations

from math import gcd

from symtconv.bruteforce.line import line, phase_sums
from symtconv.bruteforce.roots import divided, gathered, vanishes
from symtconv.bruteforce.rows import Row
from symtconv.bruteforce.signals import laid, multiplied
from symtconv.bruteforce.statement import assume, at_least_one, statement
from symtconv.bruteforce.symbols import differences, symbols


def _phase_counts(k: int, s: int, d: int) -> list[int]:
    return [len([j for j in range(k) if d * j % s == r]) for r in range(s)]


@statement
def coverage(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """Output m is covered #{j: d*j = m+lo mod s} times on the interior, at most so elsewhere"""
    layer = line(n, k, s, d, lo, hi)
    covered, counts, interior = [0] * n, _phase_counts(k, s, d), layer.interior
    for _, _, m in layer.read():
        covered[m] += 1
    bounds = [counts[(m + lo) % s] for m in range(n)]
    stamped = layer.stamp([1] * layer.o, [1] * k) == covered
    return stamped and all(
        times == most if m in interior else times <= most
        for m, (times, most) in enumerate(zip(covered, bounds, strict=True))
    )


@statement
def phase_counts(*, k: int, s: int = 1, d: int = 1) -> bool:
    """g = gcd(s,d): phases not divisible by g get 0 taps; of the rest k mod (s/g) get floor(kg/s)+1, others one less"""
    at_least_one(k=k, s=s, d=d)
    g, counts = gcd(s, d), _phase_counts(k, s, d)
    more, least = k % (s // g), k * g // s
    expected = [least + 1] * more + [least] * (s // g - more)
    others = [count for r, count in enumerate(counts) if r % g != 0]
    return sorted(counts[::g]) == sorted(expected) and others == [0] * (s - s // g)


@statement
def checkerboard(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """The s phase counts #{j: d*j = r mod s} are equal iff s divides k and gcd(s,d) = 1.

    So is the coverage of an interior of at least s outputs; a smaller interior says nothing.
    """
    layer = line(n, k, s, d, lo, hi)
    even = k % s == 0 and gcd(s, d) == 1
    covered = layer.stamp([1] * layer.o, [1] * k)
    inside = [covered[m] for m in layer.interior]
    seen = len(inside) < s or all(count == inside[0] for count in inside) == even
    return seen and (len(set(_phase_counts(k, s, d))) == 1) == even


@statement
def weighted_checkerboard(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """Interior of at least s outputs: every constant goes to a constant there iff all phase sums are equal.

    Over C: iff w_d^(2 pi m/s) = 0 for m = 1..s-1. The first as the same set of equations for w; the second by writing
    each side's equations as combinations of the other's, exactly, z = e^(2 pi i/s).
    """
    layer = line(n, k, s, d, lo, hi)
    assume(len(layer.interior) >= s, "the interior has at least s outputs")
    image = layer.stamp([1] * layer.o)
    sums = phase_sums(layer.w, s, d)
    if differences([image[m] for m in layer.interior]) != differences(sums):
        return False
    symbol = [gathered(s, ((m * t, tap) for t, tap in enumerate(laid(layer.w, d)))) for m in range(s)]
    for m in range(1, s):
        combined = gathered(s, ((m * r, value - sums[0]) for r, value in enumerate(sums)))
        if not _equal(symbol[m], combined):
            return False
    for r, value in enumerate(sums):
        places = [(m, t, tap) for m in range(1, s) for t, tap in enumerate(symbol[m])]
        combined = gathered(s, [*((t - m * r, tap) for m, t, tap in places), *((t, -tap) for _, t, tap in places)])
        if not _equal(gathered(s, [(0, s * (value - sums[0]))]), combined):
            return False
    return True


def _equal(left: Row, right: Row) -> bool:
    """Decide whether two sums of roots of unity are the same complex number."""
    return vanishes([a - b for a, b in zip(left, right, strict=True)])


@statement
def even_iff_resize(*, k: int, s: int = 1) -> bool:
    """d=1: equal phase sums iff w = box_s * q with k-s+1 taps (w = 0 if k < s).

    Polynomial division by the box is unique: w is a multiple iff the remainder is 0, the same equations for w.
    """
    at_least_one(k=k, s=s)
    w, q = symbols("w", k), symbols("q", max(k - s + 1, 0))
    box: Row = [1] * s
    quotient, remainder = divided(w, box)
    rebuilt: Row = multiplied(box, quotient) if quotient else []
    if quotient and [a + b for a, b in zip(rebuilt, remainder + [0] * k, strict=False)] != w:
        return False
    resized = not q or not differences(phase_sums(multiplied(box, q), s, 1))
    padded = (remainder + [0] * s)[:s]
    return resized and len(quotient) == len(q) and differences(padded) == differences(phase_sums(w, s, 1))
