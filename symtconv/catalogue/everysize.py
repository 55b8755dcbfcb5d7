"""Constructions and structure for all sizes, on one axis with zero padding: sums with symbolic strides and dilations.

C[i, m] is the sum of w[j] over 0 <= j < k with m = s*i + d*j - lo, and v reads as 0 outside 0..o-1.
"""

from __future__ import annotations

from collections.abc import Callable

from symtconv.catalogue.writtensums import array, at_least, entry, equal, numbers, summed, within
from symtconv.proofs.summation import Total
from symtconv.proofs.terms import Equation
from symtconv.proofs.universal import Universal, of_sums

i, j, m, p, q, r, t = numbers("i j m p q r t")
s, d, k, K, lo, hi, o, n, a = numbers("s d k K lo hi o n a")

SIZES = (*at_least(1, s, d, k, o), equal(K, d * (k - 1) + 1))
FULL = (*SIZES, equal(n, s * (o - 1) + K - lo - hi + a), *within(a, s))
ASSUMED = ("one axis, padded with zeros", "s, d, k and o are at least 1", "K = d*(k - 1) + 1")
LARGE = "n = s*(o - 1) + K - lo - hi + a with 0 <= a < s"

V = array("v", "the input of the transposed convolution, 0 outside 0..o-1", "i", "", within(i, o), entry("v", i))
C = array(
    "C", "the matrix of the convolution", "i m", "j", (*within(j, k), equal(m, s * i + d * j - lo)), entry("w", j)
)
W = array("w~", "the kernel with d-1 zeros between its taps", "p", "j", (*within(j, k), equal(p, d * j)), entry("w", j))


def _transposed(at: object = m, *more: object) -> Total:
    """C^T v at a pixel."""
    return summed("i", (*SIZES, *more, *within(i, o)), entry(C, i, at), entry("v", i))  # type: ignore[arg-type]


def _stamps() -> tuple[Equation, ...]:
    laid = (*within(i, o), *within(j, k), equal(m, s * i - lo + d * j))
    stamps = summed("i j", (*SIZES, *laid), entry("v", i), entry("w", j))
    return (Equation(_transposed(), stamps, "(C^T v)[m] is the sum of the stamps, tap j of stamp i at s*i - lo + d*j"),)


def _zero_insertion() -> tuple[Equation, ...]:
    u = array(
        "u", "v with s-1 zeros between its pixels, 0 outside", "p", "i", (*within(i, o), equal(p, s * i)), entry("v", i)
    )
    flipped = array(
        "w'", "the kernel, dilated and flipped", "q", "j", (*within(j, k), equal(q, K - 1 - d * j)), entry("w", j)
    )
    stride_1 = summed("q", (*SIZES, *within(q, K)), entry(flipped, q), entry(u, m + q - (K - 1 - lo)))
    return (Equation(_transposed(), stride_1, "C^T v is the stride-1 convolution of u with w', K-1-lo zeros before u"),)


def _canvas() -> tuple[Equation, ...]:
    laid = (*within(i, o), *within(j, k), equal(p, s * i + d * j))
    canvas = array("f", "the stamps added up on their natural size", "p", "i j", laid, entry("v", i), entry("w", j))
    cropped = summed("", SIZES, entry(canvas, m + lo))
    return (Equation(_transposed(), cropped, "(C^T v)[m] = f[m + lo]"),)


def _decimation() -> tuple[Equation, ...]:
    first = array(
        "C1", "the matrix with stride 1", "i m", "j", (*within(j, k), equal(m, i + d * j - lo)), entry("w", j)
    )
    keeps = array("D", "D keeps every s-th row", "i p", "", (equal(p, s * i),))
    rows = n + lo + hi - K + 1
    given = (*FULL, *within(i, o))
    left = summed("", given, entry(C, i, m))
    right = summed("p", (*given, *within(p, rows)), entry(keeps, i, p), entry(first, p, m))
    one = summed(
        "p", (*FULL, *within(i, o), *within("i'", o), *within(p, rows)), entry(keeps, i, p), entry(keeps, "i'", p)
    )
    unit = summed("", (*FULL, *within(i, o), *within("i'", o), equal(i, "i'")))
    return (Equation(left, right, "C = D C1"), Equation(one, unit, "D D^T = I"))


def _padding_adjoint() -> tuple[Equation, ...]:
    pads = array("P", "P puts lo zeros before and hi after", "p m", "", (*within(m, n), equal(p, m + lo)))
    without = array(
        "C0", "the matrix without pads", "i p", "j", (*within(j, k), equal(p, s * i + d * j)), entry("w", j)
    )
    inside = (*FULL, *at_least(0, lo, hi), *within(i, o), *within(m, n))
    padded = (*inside, *within(p, n + lo + hi))
    left = summed("", inside, entry(C, i, m))
    crop = summed(
        "p", (*FULL, *at_least(0, lo, hi), *within(m, n), *within(p, n + lo + hi)), entry("f", p), entry(pads, p, m)
    )
    kept = summed("", (*FULL, *at_least(0, lo, hi), *within(m, n)), entry("f", m + lo))
    return (
        Equation(left, summed("p", padded, entry(without, i, p), entry(pads, p, m)), "C = C0 P"),
        Equation(crop, kept, "(P^T f)[m] = f[m + lo]"),
    )


def _subpixel() -> tuple[Equation, ...]:
    phases = summed(
        "t", (*SIZES, *within(r, s), *within(s * t + r, K), *at_least(0, t)), entry(W, s * t + r), entry(V, q - t)
    )
    left = _transposed(s * q + r - lo, *within(r, s))
    return (Equation(left, phases, "(C^T v)[s*q + r - lo] = sum over t of w~[s*t + r] v[q - t], 0 <= r < s"),)


def _generating_function() -> tuple[Equation, ...]:
    terms = (*within(j, k), *within(i, o), equal(d * j + s * i, m + lo))
    product = summed("i j", (*SIZES, *terms), entry("w", j), entry("v", i))
    return (Equation(_transposed(), product, "(C^T v)[m] is the sum of w[j] v[i] over the powers d*j + s*i = m + lo"),)


def _toeplitz() -> tuple[Equation, ...]:
    there, here = summed("", SIZES, entry(C, i + 1, m + s)), summed("", SIZES, entry(C, i, m))
    return (Equation(there, here, "C[i+1, m+s] = C[i, m]"),)


def _mirror() -> tuple[Equation, ...]:
    reads = (*within(j, k), equal(m, s * i + d * j - (hi - a)))
    other = array(
        "C'", "the matrix of the flipped kernel with pads (hi-a, lo+a)", "i m", "j", reads, entry("w", k - 1 - j)
    )
    there, here = summed("", FULL, entry(C, o - 1 - i, n - 1 - m)), summed("", FULL, entry(other, i, m))
    return (Equation(there, here, "C[o-1-i, n-1-m] = C'[i, m]"),)


def _nearest() -> tuple[Equation, ...]:
    ones = (*at_least(1, s, o), *within(i, o), *within(j, s), equal(m, s * i + j), *within(m, s * o))
    copied = (*at_least(1, s, o), *within(m - s * q, s), *within(m, s * o))
    left, right = summed("i j", ones, entry("v", i)), summed("q", copied, entry("v", q))
    return (Equation(left, right, "(C^T v)[m] = v[floor(m/s)]"),)


def _universal(statement: str, equations: Callable[[], tuple[Equation, ...]], *more: str) -> Universal:
    return of_sums(statement, (*ASSUMED, *more), equations)


EVERY_SIZE: dict[str, Universal] = {
    "stamps": _universal("(C^T v)[m] = sum of v[i] w[j] over s*i - lo + d*j = m", _stamps),
    "zero-insertion": _universal(
        "C^T is the stride-1 convolution of the zero-inserted input with the flipped kernel dilated by d, pads "
        "(K-1-lo, K-1-hi+a)", _zero_insertion,
    ),
    "stamp-and-crop": _universal("C^T v is the canvas of the stamps, cropped by lo before", _canvas),
    "decimation": _universal("C = D C1 and D D^T = I", _decimation, LARGE),
    "padding-adjoint": _universal("C = C0 P, and P^T crops", _padding_adjoint, LARGE, "lo and hi are at least 0"),
    "subpixel": _universal("(C^T v)[s*q + r - lo] = sum over t of w~[s*t + r] v[q - t]", _subpixel),
    "generating-function": _universal(
        "(C^T v)[m] is the coefficient of z^(m+lo) in w(z^d) v(z^s)", _generating_function
    ),
    "toeplitz": _universal("C[i+1, m+s] = C[i, m]", _toeplitz),
    "mirror": _universal("J C(w; lo, hi) J = C(flip w; hi-a, lo+a)", _mirror, LARGE),
    "nearest": _universal("a kernel of s ones with stride s and no pads: (C^T v)[m] = v[floor(m/s)]", _nearest),
}  # fmt: skip
