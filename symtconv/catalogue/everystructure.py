"""Structure and norms of C for all sizes: sums with symbolic strides and dilations."""

from __future__ import annotations

from collections.abc import Callable

from symtconv.catalogue.oneaxis import (
    ASSUMED,
    BOTH,
    FULL,
    LARGE,
    OTHERS,
    SIZES,
    Axis,
    K,
    a,
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
from symtconv.catalogue.writtensums import array, at_least, entry, equal, number, numbers, summed, within
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Definition, Entry, Total
from symtconv.proofs.terms import Equation
from symtconv.proofs.universal import Universal, of_numbers, of_sums, together

ONE, ZERO = Polynomial.constant(1), Polynomial.constant(0)
i2, j0, h = numbers("i' j0 h")
s1, s2, d1, d2, k1, k2, K1, K2, lo1, o1, o2, a2, j1, j2 = numbers("s1 s2 d1 d2 k1 k2 K1 K2 lo1 o1 o2 a2 j1 j2")


def _toeplitz(axis: Axis, beside: str) -> Equation:
    there, here = (summed("", SIZES, axis.entry(axis.matrix, *at)) for at in ((i + 1, m + s), (i, m)))
    return Equation(there, here, f"C[i+1, m+s] = C[i, m]{beside}")


def _mirror(axis: Axis, beside: str) -> Equation:
    reads = (*within(j, k), equal(m, s * i + d * j - (hi - a)))
    other = axis.array(
        "C'",
        "the matrix of the flipped kernel with pads (hi-a, lo+a)",
        "i m",
        "j",
        reads,
        axis.w(k - 1 - j),
        *axis.reads(),
        at_rest="I M",
        rest="J",
    )
    there = summed("", FULL, axis.entry(axis.matrix, o - 1 - i, n - 1 - m))
    return Equation(there, summed("", FULL, axis.entry(other, i, m)), f"C[o-1-i, n-1-m] = C'[i, m]{beside}")


def _nearest(axis: Axis, beside: str) -> Equation:
    ones = (*at_least(1, s, o), *within(i, o), *within(j, s), equal(m, s * i + j), *within(m, s * o))
    copied = (*at_least(1, s, o), *within(m - s * q, s), *within(m, s * o))
    left = axis.sum("i j", ones, axis.v(i), *axis.reads(), rest="I J")
    right = axis.sum("q", copied, axis.v(q), *axis.reads(), rest="I J")
    return Equation(left, right, f"(C^T v)[m] = v[floor(m/s)]{beside}")


PLACES = tuple(b for name, end in {"i": "O", "m": "M", "i'": "P", "m'": "R"}.items() for b in within(name, end))
FLAT = (*PLACES, equal(r, i * number("P") + i2), equal(q, m * number("R") + number("m'")))
FIRST, SECOND = entry("t", "i", "a", "m"), entry("t'", "i'", "b", "m'")
TAPS = (*within("a", "J"), *within("b", "Q"))


def _of_both_axes(weight: Entry) -> Total:
    """C of both axes, its rows r = i*P + i' and its columns q = m*R + m'."""
    both = array("C", "the matrix of both axes", "i i' m m'", "a b", TAPS, weight, FIRST, SECOND)
    return summed("i i' m m'", FLAT, entry(both, "i", "i'", "m", "m'"))


def _kronecker() -> tuple[Equation, ...]:
    one = array("S", "the matrix of a single tap", "a i m", "", (), FIRST)
    other = array("S'", "that of the other axis", "b i' m'", "", (), SECOND)
    meaning = "Kronecker's product: its rows are r = i*P + i', its columns q = m*R + m'"
    factors = entry(one, "a", "i", "m"), entry(other, "b", "i'", "m'")
    product = array("T", meaning, "a b r q", "i i' m m'", FLAT, *factors)
    right = summed("a b", TAPS, entry("w", "a", "b"), entry(product, "a", "b", r, q))
    return (Equation(_of_both_axes(entry("w", "a", "b")), right, "C = sum over a, b of w[a, b] S_a (x) S'_b"),)


def _separable() -> tuple[Equation, ...]:
    outer = array("w", "the product of two kernels", "a b", "", (), entry("f", "a"), entry("g", "b"))
    one = array("C_f", "the matrix of f", "i m", "a", within("a", "J"), entry("f", "a"), FIRST)
    other = array("C_g", "the matrix of g", "i' m'", "b", within("b", "Q"), entry("g", "b"), SECOND)
    right = summed("i i' m m'", FLAT, entry(one, "i", "m"), entry(other, "i'", "m'"))
    return (Equation(_of_both_axes(entry(outer, "a", "b")), right, "C[i*P + i', m*R + m'] = C_f[i, m] C_g[i', m']"),)


def _composition(axis: Axis, beside: str) -> Equation:
    """C2 C1; of other axes, output H of the second layer reads with tap G what is output I of the first."""
    sizes = (*at_least(1, s1, d1, k1, s2, d2, k2, o2), equal(K1, d1 * (k1 - 1) + 1), equal(K2, d2 * (k2 - 1) + 1))
    given = (*sizes, equal(o1, s2 * (o2 - 1) + K2 + a2), *within(a2, s2), *within(h, o2))
    w1, w2 = entry("w1", j1, *axis.here("J")), entry("w2", j2, *axis.here("G"))
    read1, read2 = axis.reads(), axis.reads("H G I", "tau'")
    there = (*within(j1, k1), equal(m, s1 * p + d1 * j1 - lo1))
    first = axis.array("C1", "the matrix of the first layer", "p m", "j1", there, w1, *read1, at_rest="I M", rest="J")
    there = (*within(j2, k2), equal(p, s2 * h + d2 * j2))
    second = axis.array("C2", "that of the second layer", "h p", "j2", there, w2, *read2, at_rest="H I", rest="G")
    powers = (*within(j1, k1), *within(j2, k2), equal(q, d1 * j1 + s1 * d2 * j2))
    meaning = "the kernels multiplied as polynomials, dilated by d1 and s1*d2"
    kernel = axis.array("c", meaning, "q", "j1 j2", powers, w1, w2, at_rest="J G")
    factors = axis.entry(second, h, p, "H I"), axis.entry(first, p, m)
    left = axis.sum("p", (*given, *within(p, o1)), *factors, rest="I")
    taps = (*given, *within(q, K1 + s1 * (K2 - 1)), equal(m, s1 * s2 * h + q - lo1))
    right = axis.sum("q", taps, entry(kernel, q, *axis.here("J G")), *read1, *read2, rest="I J G")
    return Equation(left, right, f"C2 C1 is the matrix of the kernel c, stride s1*s2, pads of the first layer{beside}")


def _non_overlapping(axis: Axis, beside: str) -> Equation:
    flat = Axis(axis.others, d=ONE, lo=ZERO)
    base = (*at_least(1, s, k, o), *at_least(0, s - k), equal(n, s * (o - 1) + k + a), *within(a, s))
    base = (*base, *within(i, o), *within(i2, o))
    columns = flat.entry(flat.matrix, i, m), flat.entry(flat.matrix, i2, m, "I' M")
    left = flat.sum("m", (*base, *within(m, n)), *columns, rest="M")
    taps = flat.w(j), flat.w(j, "J'"), *flat.reads(), *flat.reads("I' J' M")
    right = flat.sum("j", (*base, equal(i, i2), *within(j, k)), *taps, rest="M J J'")
    return Equation(left, right, f"(C C^T)[i, i'] = [i = i'] |w|^2{beside}")


def _tiled() -> Equation:
    flat = Axis(d=ONE, lo=ZERO, k=s)
    base = (*at_least(1, s, o), *within(i, o), *within(q, o), *within(r, s))
    left = summed("", base, entry(flat.matrix, i, s * q + r))
    return Equation(left, summed("", (*base, equal(i, q)), entry("w", r)), "k = s: C[i, s*q + r] = [i = q] w[r]")


def _space_to_depth(axis: Axis, beside: str) -> Equation:
    base = (*at_least(1, s, k, o), *within(i, o))
    left = axis.sum("j", (*base, *within(j, k)), axis.w(j), axis.x(s * i + j - lo), *axis.reads(), rest="J M")
    slow = (*base, *within(r, s), *at_least(0, t), *within(s * t + r, k))
    right = axis.sum("r t", slow, axis.w(s * t + r), axis.x(s * (i + t) + r - lo), *axis.reads(), rest="J M")
    return Equation(left, right, f"y[i] = sum over r, t of w[s*t + r] x[s*(i + t) + r - lo]{beside}")


def _gram(axis: Axis, beside: str) -> Equation:
    valid = Axis(axis.others, lo=ZERO)
    base = (*SIZES, equal(n, s * (o - 1) + K + a), *within(a, s), *within(p, o), *within(q, o))
    rows = valid.entry(valid.matrix, p, m), valid.entry(valid.matrix, q, m, "I' M")
    left = valid.sum("m", (*base, *within(m, n)), *rows, rest="M")
    placed = (*within(j, k), equal(p, d * j))
    dilated = axis.array("W", "the kernel with d-1 zeros between its taps", "p", "j", placed, axis.w(j), at_rest="J")
    taps = entry(dilated, t, *axis.here("J")), entry(dilated, t + s * (p - q), *axis.here("J'"))
    right = axis.sum("t", (*base, *within(t, K)), *taps, *axis.reads(), *axis.reads("I' J' M"), rest="M J J'")
    return Equation(left, right, f"(C C^T)[p, q] = sum over t of W[t] W[t + s*(p - q)]{beside}")


def _below(axis: Axis, beside: str) -> Equation:
    column = axis.entry(_staircase(axis), i, s * i2 + d * j0)
    below = summed("", (*SIZES, *within(j0, k), *within(i, o), *within(i2, i)), column)
    return Equation(below, Total(()), f"C[i, s*i' + d*j0] = 0 for i' < i{beside}")


def _diagonal(axis: Axis, beside: str) -> Equation:
    base = (*SIZES, *within(j0, k), *within(i, o))
    left = summed("", base, axis.entry(_staircase(axis), i, s * i + d * j0))
    right = axis.sum("", base, axis.w(j0), *axis.reads(), rest="J")
    return Equation(left, right, f"C[i, s*i + d*j0] = w[j0]{beside}")


def _staircase(axis: Axis) -> Definition:
    taps = (*within(j, k, j0), equal(m, s * i + d * j))
    meaning = "the matrix of a kernel that is 0 before tap j0"
    return axis.array("C", meaning, "i m", "j", taps, axis.w(j), *axis.reads(), at_rest="I M", rest="J")


def _universal(statement: str, one: Callable[[Axis, str], Equation], *assumed: str) -> Universal:
    return of_sums(statement, (*(assumed or ASSUMED), OTHERS), lambda: tuple(one(*where) for where in BOTH))


PAIR = "both axes read by any arrays t[i, a, m] and t'[i', b, m'], 0 <= i < O, 0 <= a < J, 0 <= m < M; P, Q, R alike"
VALID = ("s, k and o are at least 1", "d = 1", "lo = hi = 0", "n = s*(o - 1) + k + a with 0 <= a < s")
UNREAD = ("s >= 1", "k >= s", "o >= 1", "lo >= 0", "0 <= m < n")
READS = ("n = s*(o - 1) + k - lo - hi + a",)

EVERY_STRUCTURE: dict[str, Universal] = {
    "toeplitz": _universal("C[i+1, m+s] = C[i, m]", _toeplitz),
    "kronecker": of_sums("C is the sum over taps a, b of w[a, b] S_a (x) S'_b", (PAIR,), _kronecker),
    "separable": of_sums("w[a, b] = f[a] g[b]: C = C_f (x) C_g", (PAIR,), _separable),
    "composition": _universal(
        "no pads in the second layer: C2 C1 = C of the kernel (w1)_d1 * (w2)_(s1*d2), stride s1*s2, pads of the first",
        _composition,
        "the first layer is padded with zeros, the second has no pads",
        "s1, d1, k1, s2, d2, k2 and o2 are at least 1",
        "K1 = d1*(k1 - 1) + 1, K2 = d2*(k2 - 1) + 1",
        "o1 = s2*(o2 - 1) + K2 + a2 with 0 <= a2 < s2",
    ),
    "non-overlapping": of_sums(
        "d = 1, k <= s, no pads: C C^T = |w|^2 I; for k = s and n = s*o: C = I (x) w^T",
        ("the axis has no pads", *VALID, "k <= s", OTHERS),
        lambda: (*(_non_overlapping(*where) for where in BOTH), _tiled()),
    ),
    "mirror": together(
        _universal("J C(w; lo, hi) J = C(flip w; hi-a, lo+a)", _mirror, *ASSUMED, LARGE),
        of_numbers(
            "implies(P > 0, (n + P - K) % s == 0)",
            where=("o = ceil(n/s)", "P = max((o - 1)*s + K - n, 0)"),
            assuming=("n >= 1", "K >= 1", "s >= 1"),
        ),
    ),
    "space-to-depth": _universal(
        "d = 1: Cx is the sum over r of the stride-1 convolutions of (padded x)[r::s] with w[r::s]",
        _space_to_depth,
        "the axis is padded with zeros",
        "s, k and o are at least 1",
        "d = 1",
    ),
    "unread-inputs": together(
        of_numbers(
            "0 <= i < o and 0 <= j < k",
            where=(*READS, "i = min((m + lo)//s, o - 1)", "j = m + lo - s*i"),
            assuming=(*UNREAD, "0 <= a < s", "m < n - max(0, a - hi)"),
        ),
        of_numbers(
            "s*i + j - lo != m",
            where=READS,
            assuming=(*UNREAD, "0 <= a < s", "m >= n - max(0, a - hi)", "0 <= i < o", "0 <= j < k"),
        ),
    ),
    "nearest": _universal(
        "a kernel of s ones with stride s and no pads: (C^T v)[m] = v[floor(m/s)]",
        _nearest,
        "the axis has no pads",
        "d = 1, k = s, n = s*o",
        "s and o are at least 1",
    ),
    "gram": _universal(
        "no pads: (C C^T)[p, q] = R(s*(p - q)), R(l) = sum over t of W[t] W[t + l]",
        _gram,
        "the axis has no pads",
        *ASSUMED[1:],
        "n = s*(o - 1) + K + a with 0 <= a < s",
    ),
    "full-row-rank": of_sums(
        "no pads, tap j0 the first that is not 0: the columns s*i + d*j0 of C are a triangle with diagonal w[j0], so "
        "that C has full row rank",
        (
            "the axis has no pads",
            *ASSUMED[1:],
            OTHERS,
            "granted: a triangle of blocks has full rank if those on its diagonal have",
        ),
        lambda: tuple(part(*where) for where in BOTH for part in (_below, _diagonal)),
    ),
}  # fmt: skip
