"""Constructions of the transposed convolution for all sizes: sums with symbolic strides and dilations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symtconv.catalogue.oneaxis import (
    ASSUMED,
    BOTH,
    FULL,
    LARGE,
    OTHERS,
    SIZES,
    Axis,
    K,
    d,
    hi,
    i,
    j,
    k,
    lo,
    m,
    n,
    o,
    p,
    q,
    r,
    s,
    t,
)
from symtconv.catalogue.writtensums import array, at_least, entry, equal, summed, within
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Definition, Total
from symtconv.proofs.terms import Equation
from symtconv.proofs.universal import Universal, of_numbers, of_sums, together


def _stamps(axis: Axis, beside: str) -> Equation:
    laid = (*SIZES, *within(i, o), *within(j, k), equal(m, s * i - lo + d * j))
    stamps = axis.sum("i j", laid, axis.v(i), axis.w(j), *axis.reads(), rest="I J")
    says = f"(C^T v)[m] is the sum of the stamps, tap j of stamp i at s*i - lo + d*j{beside}"
    return Equation(axis.transposed(SIZES), stamps, says)


def stretched(axis: Axis) -> Definition:
    """Define v with zeros between its pixels."""
    inserted = (*within(i, o), equal(r, axis.s * i))
    meaning = "v with s-1 zeros between its pixels, 0 outside"
    return axis.array("u", meaning, "r", "i", inserted, axis.v(i), at_rest="I")


def flipped(axis: Axis, span: Polynomial = K) -> Definition:
    """Define the kernel, dilated to its span and flipped."""
    placed = (*within(j, axis.k), equal(q, span - 1 - axis.d * j))
    return axis.array("w'", "the kernel, dilated and flipped", "q", "j", placed, axis.w(j), at_rest="J")


def _zero_insertion(axis: Axis, beside: str) -> Equation:
    read = entry(stretched(axis), m + q - (K - 1 - lo), *axis.here("I"))
    taps = entry(flipped(axis), q, *axis.here("J"))
    stride_1 = axis.sum("q", (*SIZES, *within(q, K)), taps, read, *axis.reads(), rest="I J")
    says = f"C^T v is the stride-1 convolution of u with w', K-1-lo zeros before u{beside}"
    return Equation(axis.transposed(SIZES), stride_1, says)


def _canvas(axis: Axis, beside: str) -> Equation:
    laid = (*within(i, o), *within(j, k), equal(p, s * i + d * j))
    meaning = "the stamps added up on their natural size"
    canvas = axis.array("f", meaning, "p", "i j", laid, axis.v(i), axis.w(j), *axis.reads(), at_rest="M", rest="I J")
    cropped = summed("", SIZES, entry(canvas, m + lo, *axis.here("M")))
    return Equation(axis.transposed(SIZES), cropped, f"(C^T v)[m] = f[m + lo]{beside}")


def _decimation(axis: Axis, beside: str) -> Equation:
    ones = (*within(j, k), equal(m, i + d * j - lo))
    first = axis.array(
        "C1", "the matrix with stride 1", "i m", "j", ones, axis.w(j), *axis.reads(), at_rest="I M", rest="J"
    )
    given = (*FULL, *within(i, o))
    left = summed("", given, axis.entry(axis.matrix, i, m))
    rows = (*given, *within(p, n + lo + hi - K + 1))
    return Equation(left, summed("p", rows, entry(KEEPS, i, p), axis.entry(first, p, m)), f"C = D C1{beside}")


KEEPS = array("D", "D keeps every s-th row", "i p", "", (equal(p, s * i),))


def _kept() -> Equation:
    rows = (*FULL, *within(i, o), *within("i'", o), *within(p, n + lo + hi - K + 1))
    one = summed("p", rows, entry(KEEPS, i, p), entry(KEEPS, "i'", p))
    return Equation(one, summed("", (*FULL, *within(i, o), *within("i'", o), equal(i, "i'"))), "D D^T = I")


PADS = array("P", "P puts lo zeros before and hi after", "p m", "", (*within(m, n), equal(p, m + lo)))


def _padded(axis: Axis, beside: str) -> Equation:
    taps = (*within(j, k), equal(p, s * i + d * j))
    without = axis.array(
        "C0", "the matrix without pads", "i p", "j", taps, axis.w(j), *axis.reads(), at_rest="I M", rest="J"
    )
    inside = (*FULL, *at_least(0, lo, hi), *within(i, o), *within(m, n))
    product = summed("p", (*inside, *within(p, n + lo + hi)), axis.entry(without, i, p), entry(PADS, p, m))
    return Equation(summed("", inside, axis.entry(axis.matrix, i, m)), product, f"C = C0 P{beside}")


def _crop() -> Equation:
    inside = (*FULL, *at_least(0, lo, hi), *within(m, n))
    crop = summed("p", (*inside, *within(p, n + lo + hi)), entry("f", p), entry(PADS, p, m))
    return Equation(crop, summed("", inside, entry("f", m + lo)), "(P^T f)[m] = f[m + lo]")


def _subpixel(axis: Axis, beside: str) -> Equation:
    placed = (*within(j, k), equal(p, d * j))
    dilated = axis.array("W", "the kernel with d-1 zeros between its taps", "p", "j", placed, axis.w(j), at_rest="J")
    meaning = "the input of the transposed convolution, 0 outside 0..o-1"
    bounded = axis.array("v", meaning, "i", "", within(i, o), axis.v(i), at_rest="I")
    taps = (*SIZES, *within(r, s), *within(s * t + r, K), *at_least(0, t))
    entries = entry(dilated, s * t + r, *axis.here("J")), entry(bounded, q - t, *axis.here("I"))
    phases = axis.sum("t", taps, *entries, *axis.reads(), rest="I J")
    left = axis.transposed((*SIZES, *within(r, s)), s * q + r - lo)
    return Equation(left, phases, f"(C^T v)[s*q + r - lo] = sum over t of W[s*t + r] v[q - t], 0 <= r < s{beside}")


def _generating_function(axis: Axis, beside: str) -> Equation:
    terms = (*SIZES, *within(j, k), *within(i, o), equal(d * j + s * i, m + lo))
    product = axis.sum("i j", terms, axis.w(j), axis.v(i), *axis.reads(), rest="I J")
    says = f"(C^T v)[m] is the sum of w[j] v[i] over the powers d*j + s*i = m + lo{beside}"
    return Equation(axis.transposed(SIZES), product, says)


def _reversed(axis: Axis, beside: str) -> Equation:
    same = (*at_least(1, d, k, n), equal(lo, hi), equal(lo + hi, d * (k - 1)), *within(m, n))
    one = Axis(axis.others, s=Polynomial.constant(1))
    taps = (*same, *within(j, k), *within(m + d * j - lo, n))
    convolved = one.sum("j", taps, one.w(k - 1 - j), one.v(m + d * j - lo), *one.reads(), rest="I J")
    left = one.sum("i", (*same, *within(i, n)), one.entry(one.matrix, i, m), one.v(i), rest="I")
    return Equation(left, convolved, f"K odd: C^T v is the convolution of v with the reversed kernel{beside}")


def _resized(axis: Axis, beside: str) -> Equation:
    repeated = (*within(p - s * q, s), *within(q, o))
    up = axis.array("u", "v with every pixel repeated s times", "p", "q", repeated, axis.v(q), at_rest="I")
    left = axis.sum(
        "j", (*SIZES, *within(j, k)), axis.w(j), entry(up, m + d * j - lo, *axis.here("I")), *axis.reads(), rest="I J"
    )
    box = axis.array(
        "b", "s ones times w'", "q", "c", within("c", s), entry(flipped(axis), q - C_STEP, *axis.here("J")), at_rest="J"
    )
    taps = (*SIZES, *within(i, o), *within(m - s * i + (K - 1 - lo), K + s - 1))
    right = axis.sum(
        "i", taps, axis.v(i), entry(box, m - s * i + (K - 1 - lo), *axis.here("J")), *axis.reads(), rest="I J"
    )
    return Equation(left, right, f"resize and convolve = stamp the kernel b, a crop of K-1-lo before{beside}")


C_STEP = Polynomial.variable("c")


def _differ() -> tuple[Equation, ...]:
    """For even K: where the matrix with the reversed kernel is not C^T, and that both are 0 where 2n <= d."""
    e, h, column = map(Polynomial.variable, ("e", "h", "i"))
    even = (*at_least(1, h, n), *at_least(0, e), equal(d, 2 * e + 1), equal(k, 2 * h), equal(K, d * (k - 1) + 1))
    even = (*even, equal(2 * lo, K - 2))
    unit = array("w", "the kernel that is 1 at tap h-1", "j", "", (equal(j, h - 1),))
    wide = (*even, *at_least(e + 1, n))
    there = summed("j", (*wide, *within(j, k), equal(0, e + d * j - lo)), entry(unit, j))
    here = summed("j", (*wide, *within(j, k), equal(e, d * j - lo)), entry(unit, k - 1 - j))
    narrow = (*even, *at_least(n, e), *within(m, n), *within(column, n))
    sides = (
        summed("j", (*narrow, *within(j, k), equal(m, column + d * j - lo)), entry("w", j)),
        summed("j", (*narrow, *within(j, k), equal(column, m + d * j - lo)), entry("w", k - 1 - j)),
    )
    return (
        Equation(there, summed("", wide), "K even, 2n > d, w = 1 at tap h-1 of k = 2h, d = 2e+1: C^T[0, e] = 1"),
        Equation(here, Total(()), "the matrix of the reversed kernel has 0 there"),
        Equation(sides[0], Total(()), "K even, 2n <= d: C^T = 0"),
        Equation(sides[1], Total(()), "the matrix of the reversed kernel is 0, too"),
    )


def _universal(
    statement: str, one: Callable[[Axis, str], Equation], *more: str, then: Sequence[Callable[[], Equation]] = ()
) -> Universal:
    """Say something of an axis alone, and beside others."""
    return of_sums(
        statement, (*ASSUMED, OTHERS, *more), lambda: (*(one(*where) for where in BOTH), *(also() for also in then))
    )


SPAN = "K = d*(k - 1) + 1"
SOME = ("s >= 1", "d >= 1", "k >= 1", "o >= 1")
FILLED = (SPAN, "n = s*(o - 1) + K - lo - hi + a")

EVERY_SIZE: dict[str, Universal] = {
    "stamps": _universal("(C^T v)[m] = sum of v[i] w[j] over s*i - lo + d*j = m", _stamps),
    "zero-insertion": together(
        _universal(
            "C^T is the stride-1 convolution of the zero-inserted input with the flipped kernel dilated by d, pads "
            "(K-1-lo, K-1-hi+a)",
            _zero_insertion,
        ),
        of_numbers("(s*(o - 1) + 1) + (K - 1 - lo) + (K - 1 - hi + a) - K + 1 == n", where=FILLED, assuming=SOME),
    ),
    "stamp-and-crop": together(
        _universal("C^T v is the canvas of the stamps, cropped by lo before and hi-a after", _canvas),
        of_numbers("(s*(o - 1) + K) - lo - (hi - a) == n", where=FILLED, assuming=SOME),
    ),
    "decimation": _universal("C = D C1 and D D^T = I, so that C^T = C1^T D^T", _decimation, LARGE, then=[_kept]),
    "padding-adjoint": _universal(
        "C = C0 P, and P^T crops", _padded, LARGE, "lo and hi are at least 0", then=[_crop]
    ),
    "subpixel": _universal("(C^T v)[s*q + r - lo] = sum over t of W[s*t + r] v[q - t]", _subpixel),
    "generating-function": _universal(
        "(C^T v)[m] is the coefficient of z^(m+lo) in w(z^d) v(z^s)", _generating_function
    ),
    "reversed-kernel-same": of_sums(
        "s = 1, pads (floor((K-1)/2), ceil((K-1)/2)): convolution with the reversed kernel is C^T if K is odd; if K is "
        "even, it is for every kernel exactly where 2n <= d",
        ("the axis is padded with zeros", "d, k and n are at least 1", "K = d*(k - 1) + 1", OTHERS),
        lambda: (*(_reversed(*where) for where in BOTH), *_differ()),
        hints=[("cases", j - Polynomial.variable("h"))],
    ),
    "resize-convolution": together(
        _universal(
            "nearest-neighbour resize by s, then the convolution of stride 1 = the transposed convolution with kernel "
            "box_s * flip(w_d), K+s-1 taps, stride s, pads (K-1-lo, K-1-hi), output_padding 0",
            _resized,
        ),
        of_numbers(
            "s*o + lo + hi - K + 1 == s*(o - 1) + (K + s - 1) - (K - 1 - lo) - (K - 1 - hi)",
            where=(SPAN,),
            assuming=SOME,
        ),
    ),
}  # fmt: skip
