"""The sizes family, each statement by counting the windows that fit.

Sources: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285 (relationships 1 to
15); PyTorch's output_padding; TensorFlow's VALID, SAME and output_shape of conv2d_transpose; Keras' default sizes.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor, prod

from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rows import Row, applied, transposed
from symtconv.bruteforce.signals import padded, slid, zero_inserted
from symtconv.bruteforce.statement import assume, at_least_one, statement


def _over(dividend: int, divisor: int) -> Fraction:
    return Fraction(dividend, divisor)


def _turned_back(layer: Line, p: int, after: int = 0) -> Row:
    """Stretch v, add zeros after it and slide the flipped kernel over it with pads p, in steps of one."""
    stretched = [*zero_inserted(layer.v, layer.s), *[0] * after]
    return slid(padded(stretched, p, p), layer.w[::-1])


def _gradient(layer: Line) -> Row:
    return applied(transposed(layer.matrix(), layer.n), layer.v)


@statement
def size(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0, i: int) -> bool:
    """i >= 0 and s*i + K <= n+lo+hi  iff  0 <= i < o, o = floor((n+lo+hi-K)/s)+1"""
    layer = line(n, k, s, d, lo, hi)
    return layer.fits(i) == (0 <= i < floor(_over(n + lo + hi - layer.K, s)) + 1)


@statement
def relationship_1(*, n: int, k: int) -> bool:
    """d=1, s=1, p=0: o = (n-k)+1"""
    return line(n, k).o == (n - k) + 1


@statement
def relationship_2(*, n: int, k: int, p: int = 0) -> bool:
    """d=1, s=1: o = (n-k)+2p+1"""
    return line(n, k, lo=p, hi=p).o == (n - k) + 2 * p + 1


@statement
def relationship_3(*, n: int, k: int) -> bool:
    """d=1, k=2q+1, s=1, p=floor(k/2): o = n (half padding)"""
    at_least_one(n=n, k=k)
    assume(k % 2 == 1, "k is odd")
    return line(n, k, lo=k // 2, hi=k // 2).o == n


@statement
def relationship_4(*, n: int, k: int) -> bool:
    """d=1, s=1, p=k-1: o = n+(k-1) (full padding)"""
    return line(n, k, lo=k - 1, hi=k - 1).o == n + (k - 1)


@statement
def relationship_5(*, n: int, k: int, s: int = 1) -> bool:
    """d=1, p=0: o = floor((n-k)/s)+1"""
    return line(n, k, s).o == floor(_over(n - k, s)) + 1


@statement
def relationship_6(*, n: int, k: int, s: int = 1, p: int = 0) -> bool:
    """d=1: o = floor((n+2p-k)/s)+1"""
    return line(n, k, s, lo=p, hi=p).o == floor(_over(n + 2 * p - k, s)) + 1


@statement
def relationship_7(*, n: int, k: int, s: int = 1) -> bool:
    """d=1, p=0, pooling: o = floor((n-k)/s)+1"""
    layer = line(n, k, s)
    signal = [place * place for place in range(n)]
    pooled = [max(signal[s * i : s * i + k]) for i in range(layer.o)]
    return layer.fits(len(pooled) - 1) and not layer.fits(len(pooled)) and len(pooled) == floor(_over(n - k, s)) + 1


@statement
def relationship_8(*, n: int, k: int) -> bool:
    """d=1, s=1, p=0: the transpose is the stride-1 convolution with p'=k-1 on i'=n-k+1: o' = i'+(k-1) = n"""
    layer = line(n, k)
    back = _turned_back(layer, k - 1)
    return layer.o == n - k + 1 and len(back) == layer.o + (k - 1) == n and back == _gradient(layer)


@statement
def relationship_9(*, n: int, k: int, p: int = 0) -> bool:
    """d=1, s=1: p'=k-p-1 (a crop beyond p = k-1): o' = i'+(k-1)-2p = n"""
    layer = line(n, k, lo=p, hi=p)
    back = _turned_back(layer, k - p - 1)
    return len(back) == layer.o + (k - 1) - 2 * p == n and back == _gradient(layer)


@statement
def relationship_10(*, n: int, k: int) -> bool:
    """d=1, k=2q+1, s=1, p=q: p'=p, o' = i' = n"""
    at_least_one(n=n, k=k)
    assume(k % 2 == 1, "k is odd")
    layer = line(n, k, lo=k // 2, hi=k // 2)
    back = _turned_back(layer, k // 2)
    return len(back) == layer.o == n and back == _gradient(layer)


@statement
def relationship_11(*, n: int, k: int) -> bool:
    """d=1, s=1, p=k-1: p'=0, o' = i'-(k-1) = n"""
    layer = line(n, k, lo=k - 1, hi=k - 1)
    back = _turned_back(layer, 0)
    return len(back) == layer.o - (k - 1) == n and back == _gradient(layer)


@statement
def relationship_12(*, n: int, k: int, s: int = 1) -> bool:
    """d=1, p=0, s divides n-k: zero-inserted input, p'=k-1: o' = s(i'-1)+k = n"""
    layer = line(n, k, s)
    assume((n - k) % s == 0, "s divides n - k")
    back = _turned_back(layer, k - 1)
    return len(back) == s * (layer.o - 1) + k == n and back == _gradient(layer)


@statement
def relationship_13(*, n: int, k: int, s: int = 1, p: int = 0) -> bool:
    """d=1, s divides n+2p-k: p'=k-p-1: o' = s(i'-1)+k-2p = n"""
    layer = line(n, k, s, lo=p, hi=p)
    assume((n + 2 * p - k) % s == 0, "s divides n + 2p - k")
    back = _turned_back(layer, k - p - 1)
    return len(back) == s * (layer.o - 1) + k - 2 * p == n and back == _gradient(layer)


@statement
def relationship_14(*, n: int, k: int, s: int = 1, p: int = 0) -> bool:
    """d=1, any n: a zeros between the stretched input and the right pad: o' = s(i'-1)+a+k-2p = n"""
    layer = line(n, k, s, lo=p, hi=p)
    back = _turned_back(layer, k - p - 1, after=layer.a)
    return len(back) == s * (layer.o - 1) + layer.a + k - 2 * p == n and back == _gradient(layer)


@statement
def relationship_15(*, n: int, k: int, s: int = 1, d: int = 1, p: int = 0) -> bool:
    """o = floor((n+2p-k-(k-1)(d-1))/s)+1"""
    return line(n, k, s, d, p, p).o == floor(_over(n + 2 * p - k - (k - 1) * (d - 1), s)) + 1


@statement
def size_round_trip(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """n = s(o-1)+K-lo-hi+a"""
    layer = line(n, k, s, d, lo, hi)
    return n == s * (layer.o - 1) + layer.K - lo - hi + layer.a


@statement
def preimages(*, n: int, o: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """For o >= 1: n has output o iff n = s(o-1)+K-lo-hi+r for exactly one r in 0..s-1"""
    at_least_one(n=n, o=o, k=k, s=s, d=d)
    assume(min(lo, hi) >= 0, "the pads are at least 0")
    layer = Line(n, k, s, d, lo, hi)
    remainders = [r for r in range(s) if n == s * (o - 1) + layer.K - lo - hi + r]
    return (layer.o == o) == (len(remainders) == 1)


@statement
def output_padding(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0, op: int) -> bool:
    """m = s(o-1)+K-lo-hi+op >= 1, m+lo+hi >= K: m has output o + floor(op/s); so o iff 0 <= op < s"""
    layer = line(n, k, s, d, lo, hi)
    m = s * (layer.o - 1) + layer.K - lo - hi + op
    assume(m >= 1, "m = s(o-1) + K - lo - hi + op is at least 1")
    assume(m + lo + hi >= layer.K, "the kernel's span is at most m plus the pads")
    found = Line(m, k, s, d, lo, hi).o
    return found == layer.o + floor(_over(op, s)) and (found == layer.o) == (0 <= op < s)


@statement
def tf_valid(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """floor((n-K)/s)+1 = ceil((n-K+1)/s)"""
    layer = line(n, k, s, d)
    return layer.o == floor(_over(n - layer.K, s)) + 1 == ceil(_over(n - layer.K + 1, s))


def _same_padding(n: int, k: int, s: int, d: int) -> int:
    return max((ceil(_over(n, s)) - 1) * s + Line(n, k, s, d).K - n, 0)


@statement
def tf_same(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """o=ceil(n/s), P=max((o-1)s+K-n, 0): floor((n+P-K)/s)+1 = o, however P is split"""
    at_least_one(n=n, k=k, s=s, d=d)
    padding = _same_padding(n, k, s, d)
    return all(Line(n, k, s, d, lo, padding - lo).o == ceil(_over(n, s)) for lo in range(padding + 1))


@statement
def tf_same_two_forms(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """P = max(K-s,0) if s divides n, else max(K-(n mod s),0); P is the least padding with output ceil(n/s)"""
    at_least_one(n=n, k=k, s=s, d=d)
    span = Line(n, k, s, d).K
    enough = (padding for padding in range(span + 1) if Line(n, k, s, d, 0, padding).o == ceil(_over(n, s)))
    least = next(enough, None)
    return least == _same_padding(n, k, s, d) == (max(span - s, 0) if n % s == 0 else max(span - n % s, 0))


@statement
def tf_transpose_valid(*, m: int, i: int, k: int, s: int = 1, d: int = 1) -> bool:
    """m >= K: ceil((m-K+1)/s) = i iff s(i-1)+K <= m <= s*i+K-1"""
    at_least_one(m=m, k=k, s=s, d=d)
    layer = Line(m, k, s, d)
    assume(m >= layer.K, "m is at least the kernel's span")
    small = ceil(_over(m - layer.K + 1, s))
    return layer.o == small and (small == i) == (s * (i - 1) + layer.K <= m <= s * i + layer.K - 1)


@statement
def tf_transpose_same(*, m: int, i: int, s: int = 1) -> bool:
    """ceil(m/s) = i iff s(i-1) < m <= s*i"""
    at_least_one(m=m, s=s)
    return ceil(_over(m, s)) == Line(m, 1, s).o and (Line(m, 1, s).o == i) == (s * (i - 1) < m <= s * i)


@statement
def keras_valid(*, i: int, k: int, s: int = 1, d: int = 1) -> bool:
    """The default size (i-1)s+max(K,s) is admissible for tf-transpose-valid"""
    at_least_one(i=i, k=k, s=s, d=d)
    span = Line(1, k, s, d).K
    m = (i - 1) * s + max(span, s)
    return m >= span and Line(m, k, s, d).o == i


@statement
def composition_size(
    *,
    n: int,
    k1: int,
    s1: int = 1,
    d1: int = 1,
    lo1: int = 0,
    hi1: int = 0,
    k2: int,
    s2: int = 1,
    d2: int = 1,
    lo2: int = 0,
    hi2: int = 0,
) -> bool:
    """Two layers: one with K = K1+s1(K2-1), lo = lo1+s1*lo2 (hi alike), stride s1*s2 has the same size"""
    first = line(n, k1, s1, d1, lo1, hi1)
    second = line(first.o, k2, s2, d2, lo2, hi2)
    return Line(n, first.K + s1 * (second.K - 1), s1 * s2, 1, lo1 + s1 * lo2, hi1 + s1 * hi2).o == second.o


def _field(layers: list[Line], output: int) -> set[int]:
    """Walk from one output back through unpadded layers to the inputs that it reads."""
    places = {output}
    for layer in reversed(layers):
        places = {layer.position(place, j) for place, j in product(places, range(layer.k))}
    return places


@statement
def receptive_field(
    *,
    k1: int,
    s1: int = 1,
    d1: int = 1,
    k2: int,
    s2: int = 1,
    d2: int = 1,
    k3: int = 1,
    s3: int = 1,
    d3: int = 1,
) -> bool:
    """r = K1+s1(K2-1); r' = r+(K-1)S, S' = S*s, so r = 1 + sum of (K_l-1) times the product of earlier strides.

    r is the span; for d=1 all r inputs are read iff at each layer with k_l > 1 the product of earlier strides is at
    most the earlier layers' field. The third layer, by default of one tap, is there for the step.
    """
    at_least_one(k1=k1, s1=s1, d1=d1, k2=k2, s2=s2, d2=d2, k3=k3, s3=s3, d3=d3)
    layers = [Line(1, k1, s1, d1), Line(1, k2, s2, d2), Line(1, k3, s3, d3)]
    span, step, closed, whole = 1, 1, 1, True
    for depth, layer in enumerate(layers):
        whole = whole and (layer.k == 1 or step <= span)
        closed += (layer.K - 1) * prod(earlier.s for earlier in layers[:depth])
        field, following = _field(layers[: depth + 1], 0), _field(layers[: depth + 1], 1)
        found = max(field) - min(field) + 1
        if not (found == span + (layer.K - 1) * step == closed and min(following) - min(field) == step * layer.s):
            return False
        if d1 == d2 == d3 == 1 and (len(field) == found) != whole:
            return False
        span, step = found, step * layer.s
    return True
