"""The interpolation family: kernels with which the transposed convolution interpolates its input."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from symtconv.bruteforce.line import Line
from symtconv.bruteforce.rows import Number, Row, Vector, applied, transposed
from symtconv.bruteforce.statement import at_least_one, statement


def _half_pixel(samples: Vector, position: Fraction) -> Number:
    """Interpolate linearly between the samples at 0, 1, 2, ..."""
    before = floor(position)
    weight = position - before
    after = weight * samples[before + 1] if weight else 0
    return (1 - weight) * samples[before] + after


@statement
def nearest(*, o: int, s: int = 1) -> bool:
    """d=1, no pads, n = s*o, kernel of s ones, stride s: (C^T v)[m] = v[floor(m/s)]"""
    at_least_one(o=o, s=s)
    layer, ones = Line(s * o, s, s), [1] * s
    v = layer.v
    found = applied(transposed(layer.matrix(ones), layer.n), v)
    return layer.o == o and found == layer.stamp(v, ones) == [v[m // s] for m in range(s * o)]


@statement
def bilinear(*, o: int, f: int) -> bool:
    """f-fold: k=2f-(f mod 2), s=f, p=ceil((f-1)/2), w[t] = 1-|t/f-c|, c=(2f-1-(f mod 2))/(2f): o samples give f*o.

    They equal half-pixel linear interpolation for p <= m <= f*o-1-p.
    """
    at_least_one(o=o, f=f)
    k, p = 2 * f - f % 2, f // 2
    centre = Fraction(2 * f - 1 - f % 2, 2 * f)
    w: Row = [1 - abs(Fraction(t, f) - centre) for t in range(k)]
    layer = Line(f * o, k, f, 1, p, p)
    v = layer.v
    found = applied(transposed(layer.matrix(w), layer.n), v)
    if not (layer.o == o and f * (o - 1) + layer.K - 2 * p == f * o and found == layer.stamp(v, w)):
        return False
    return all(found[m] == _half_pixel(v, Fraction(2 * m + 1, 2 * f) - Fraction(1, 2)) for m in range(p, f * o - p))
