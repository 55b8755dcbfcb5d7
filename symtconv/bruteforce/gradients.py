"""The gradients family, by differentiating the definition, run on indeterminates, as a polynomial.

The definition slides the kernel over the padded input; the matrix comes from the tap map. They share no code.
"""

from __future__ import annotations

from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rows import Row, applied, dot, total, transposed
from symtconv.bruteforce.signals import padded, slid
from symtconv.bruteforce.statement import statement
from symtconv.bruteforce.symbols import derivative, gradient, jacobian as derivatives, symbols
from symtconv.proofs.polynomials import Polynomial


def _kernel_gradient(layer: Line) -> Row:
    """Give for each tap j the sum over i of v[i] x[tau(i,j)]."""
    result: Row = [0] * layer.k
    v, x = layer.v, layer.x
    for i, j, m in layer.read():
        result[j] = result[j] + v[i] * x[m]
    return result


@statement
def jacobian(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """dy[i]/dx[m] = sum_j w[j] [tau(i,j) = m] = C[i,m]"""
    layer = line(n, k, s, d, lo, hi)
    w = layer.w
    sums = [[total(w[j] for j in range(k) if layer.reads(i, j) == m) for m in range(n)] for i in range(layer.o)]
    return derivatives(layer.convolve(layer.x), "x", n) == sums == layer.matrix()


@statement
def input_gradient(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """grad_x <v, y> = C^T v, which is the transposed convolution of v as the stamp definition has it"""
    layer = line(n, k, s, d, lo, hi)
    loss = dot(layer.v, layer.convolve(layer.x))
    return gradient(loss, "x", n) == applied(transposed(layer.matrix(), n), layer.v) == layer.stamp(layer.v)


@statement
def kernel_gradient(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d<v,y>/dw[j] = sum_i v[i] x[tau(i,j)]; it is a convolution of x.

    Its kernel is v, its stride d, its dilation s, its pads (lo, hi-a), its size exactly k.
    """
    layer = line(n, k, s, d, lo, hi)
    found = gradient(dot(layer.v, layer.convolve(layer.x)), "w", k)
    convolved = slid(padded(layer.x, lo, hi - layer.a), layer.v, s=d, d=s)
    return len(convolved) == k and found == _kernel_gradient(layer) == convolved


@statement
def bias_gradient(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d<v,y>/db = sum_i v[i]"""
    layer = line(n, k, s, d, lo, hi)
    bias = Polynomial.variable("b")
    y = [value + bias for value in layer.convolve(layer.x)]
    return len(y) == layer.o and derivative(dot(layer.v, y), "b") == total(layer.v)


@statement
def hessian(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d2y/dx dx = 0, and d2y[i]/dx[m]dw[j] = [tau(i,j) = m]"""
    layer = line(n, k, s, d, lo, hi)
    first = derivatives(layer.convolve(layer.x), "x", n)
    if len(first) != layer.o:
        return False
    for i, row in enumerate(first):
        for m, entry in enumerate(row):
            brackets = [int(layer.reads(i, j) == m) for j in range(k)]
            if gradient(entry, "x", n) != [0] * n or gradient(entry, "w", k) != brackets:
                return False
    return True


@statement
def transposed_input_gradient(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """grad_v <x, C^T v> = C x"""
    layer = line(n, k, s, d, lo, hi)
    found = gradient(dot(layer.x, layer.stamp(layer.v)), "v", layer.o)
    return found == applied(layer.matrix(), layer.x) == layer.convolve(layer.x)


@statement
def transposed_kernel_gradient(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d<x, C^T v>/dw[j] = sum_i v[i] x[tau(i,j)]"""
    layer = line(n, k, s, d, lo, hi)
    return gradient(dot(layer.x, layer.stamp(layer.v)), "w", k) == _kernel_gradient(layer)


@statement
def chain_rule(
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
    """grad_x <v, C2 C1 x> = C1^T C2^T v"""
    first = line(n, k1, s1, d1, lo1, hi1)
    second = line(first.o, k2, s2, d2, lo2, hi2)
    kernel = symbols("u", k2)
    loss = dot(second.v, second.convolve(first.convolve(first.x), kernel))
    between = applied(transposed(second.matrix(kernel), first.o), second.v)
    return gradient(loss, "x", n) == applied(transposed(first.matrix(), n), between)
