"""The regularity family: the convolution as a function of its input, which is linear and so as smooth as can be."""

from __future__ import annotations

from itertools import pairwise

from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rational import eigenvalue_polynomial, flipped, fraction, kernels, multiplied, values
from symtconv.bruteforce.rows import applied
from symtconv.bruteforce.statement import statement
from symtconv.bruteforce.symbols import jacobian, symbols


@statement
def differentiable(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C(x+h) - Cx = Ch exactly, so the remainder is 0 and the derivative at every point is C"""
    layer = line(n, k, s, d, lo, hi)
    x, h, C = layer.x, symbols("h", n), layer.matrix()
    y, moved = layer.convolve(x), layer.convolve([a + b for a, b in zip(x, h, strict=True)])
    change = [after - before for after, before in zip(moved, y, strict=True)]
    return change == layer.convolve(h) == applied(C, h) and jacobian(y, "x", n) == C


@statement
def continuous(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """|C(x) - C(x')|_inf <= (sum |w[j]|) |x-x'|_inf over an ordered ring; in the 2-norm it is |C|_2 = |C^T|_2.

    For integer kernels, exactly. The first with the worst x - x' of an output, the signs of its weights; the second by
    t^n det(t - C C^T) = t^o det(t - C^T C): the same eigenvalues but for zeros.
    """
    layer = line(n, k, s, d, lo, hi)
    for w in kernels(k):
        C = values(layer, w)
        bound = sum(map(abs, w))
        worst = [[(entry > 0) - (entry < 0) for entry in row] for row in C]
        if any(abs(fraction(value)) > bound for change in worst for value in layer.convolve(change, w)):
            return False
        small, large = multiplied(C, flipped(C)), multiplied(flipped(C), C)
        if eigenvalue_polynomial(small) + [0] * n != eigenvalue_polynomial(large) + [0] * layer.o:
            return False
    return True


@statement
def smooth(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """As a function of x every derivative after the first vanishes; a fact of the layer, not of the interpolant.

    That one, for the box kernel of s taps, jumps: between two samples all differences are 0 but one.
    """
    layer = line(n, k, s, d, lo, hi)
    first = jacobian(layer.convolve(layer.x), "x", n)
    if first != layer.matrix() or any(jacobian(row, "x", n) != [[0] * n] * n for row in first):
        return False
    left, right = symbols("v", 2)
    steps = Line(2 * s, s, s).stamp([left, right], [1] * s)
    jumps = [after - before for before, after in pairwise(steps)]
    return jumps == [0] * (s - 1) + [right - left] + [0] * (s - 1)
