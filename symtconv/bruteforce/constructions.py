"""The constructions family: ways to compute C^T v, each by hand on indeterminates, against the matrix.

Sources: Dumoulin and Visin, arXiv 1603.07285 (zero-insertion is the general form of relationship 14, which never states
the flip); Shi et al., arXiv 1609.07009 (subpixel).
"""

from __future__ import annotations

from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rows import Number, Row, applied, identity, product, total, transposed, zeros
from symtconv.bruteforce.signals import laid, multiplied, padded, slid, zero_inserted
from symtconv.bruteforce.statement import assume, at_least_one, statement


def _transpose(layer: Line) -> Row:
    """Give C^T v, by the matrix."""
    return applied(transposed(layer.matrix(), layer.n), layer.v)


def _entry(row: Row, place: int) -> Number:
    """Read a row; outside its range it reads as 0."""
    return row[place] if 0 <= place < len(row) else 0


@statement
def stamps(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """(C^T v)[m] = sum_i v[i] * (kernel laid with spacing d, tap j at s*i-lo+d*j), cropped to 0..n-1"""
    layer = line(n, k, s, d, lo, hi)
    return _transpose(layer) == layer.stamp(layer.v)


@statement
def zero_insertion(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C^T = stride-1 convolution of the zero-inserted input, flipped kernel dilated by d, pads (K-1-lo, K-1-hi+a)"""
    layer = line(n, k, s, d, lo, hi)
    wide = padded(zero_inserted(layer.v, s), layer.K - 1 - lo, layer.K - 1 - hi + layer.a)
    return _transpose(layer) == slid(wide, layer.w[::-1], d=d)


@statement
def stamp_and_crop(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C^T = crop (lo, hi-a) of the stamps on their natural size s(o-1)+K; a > hi extends by zeros (extend first)"""
    layer = line(n, k, s, d, lo, hi)
    natural = Line(s * (layer.o - 1) + layer.K, k, s, d)
    return _transpose(layer) == padded(natural.stamp(layer.v), -lo, layer.a - hi)


@statement
def decimation(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C = D_s C_1, C^T = C_1^T U_s, U_s = D_s^T, D_s U_s = I; U_s puts s-1 zeros between and what is left over after"""
    layer, dense = line(n, k, s, d, lo, hi), Line(n, k, 1, d, lo, hi)
    dense_rows = n + lo + hi - layer.K + 1
    if dense.o != dense_rows:
        return False
    D = zeros(layer.o, dense_rows)
    for i in range(layer.o):
        D[i][s * i] = 1
    U = transposed(D, dense_rows)
    C, C1 = layer.matrix(), dense.matrix()
    stretched = zero_inserted(layer.v, s)
    return (
        product(D, C1) == C
        and product(transposed(C1, n), U) == transposed(C, n)
        and product(D, U) == identity(layer.o)
        and applied(U, layer.v) == padded(stretched, 0, dense_rows - len(stretched))
    )


@statement
def padding_adjoint(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C = C_0 P, C^T = P^T C_0^T, and P^T crops"""
    layer, width = line(n, k, s, d, lo, hi), n + lo + hi
    P = zeros(width, n)
    for m in range(n):
        P[m + lo][m] = 1
    C, C0, crop = layer.matrix(), Line(width, k, s, d).matrix(), transposed(P, n)
    wide = Line(width, 1).x
    return (
        applied(P, layer.x) == padded(layer.x, lo, hi)
        and product(C0, P) == C
        and product(crop, transposed(C0, width)) == transposed(C, n)
        and applied(crop, wide) == wide[lo : lo + n]
    )


@statement
def subpixel(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """(C^T v)[s*q+r-lo] = sum_t w_d[s*t+r] v[q-t], 0 <= r < s: s stride-1 convolutions, interleaved"""
    layer = line(n, k, s, d, lo, hi)
    spread, v, expected = laid(layer.w, d), layer.v, _transpose(layer)
    for m in range(n):
        q, r = divmod(m + lo, s)
        taps = spread[r::s]
        if expected[m] != total(tap * _entry(v, q - t) for t, tap in enumerate(taps)):
            return False
    return True


@statement
def generating_function(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """(C^T v)[m] is the coefficient of z^(m+lo) in w(z^d) v(z^s)"""
    layer = line(n, k, s, d, lo, hi)
    coefficients = multiplied(laid(layer.w, d), laid(layer.v, s))
    return _transpose(layer) == [_entry(coefficients, m + lo) for m in range(n)]


@statement
def reversed_kernel_same(*, n: int, k: int, d: int = 1) -> bool:
    """s=1, pads (floor((K-1)/2), ceil((K-1)/2)): the reversed kernel gives C^T for every kernel iff K is odd (n > d)"""
    at_least_one(n=n, k=k, d=d)
    K = Line(n, k, 1, d).K
    layer = line(n, k, 1, d, (K - 1) // 2, K // 2)
    odd = K % 2 == 1
    assume(odd or n > d, "n > d, for kernels of even span")
    return (layer.convolve(layer.v, layer.w[::-1]) == _transpose(layer)) == odd


@statement
def resize_convolution(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """Nearest-neighbour resize of n samples by s, then convolution (stride 1) = one transposed convolution.

    Its kernel is box_s * flip(w_d), K+s-1 taps, its stride s, its pads (K-1-lo, K-1-hi), its output_padding 0.
    """
    at_least_one(n=n, s=s)
    after = line(s * n, k, 1, d, lo, hi)
    samples = Line(n, 1).x
    resized = after.convolve([sample for sample in samples for _ in range(s)])
    kernel = multiplied([1] * s, laid(after.w, d)[::-1])
    crop = after.K - 1 - lo, after.K - 1 - hi
    size = s * (n - 1) + len(kernel) - sum(crop)
    big = Line(size, len(kernel), s, 1, *crop)
    return len(kernel) == after.K + s - 1 and big.o == n and big.a == 0 and resized == big.stamp(samples, kernel)
