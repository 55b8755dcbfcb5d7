"""The adjoint family: what transposition does to scalar products, on indeterminates.

Source of unfold-fold: PyTorch's Unfold and Fold. Both sides run the definitions (slide, stamp), not the matrix alone.
"""

from __future__ import annotations

from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rows import Matrix, Row, applied, dot, total, transposed, zeros
from symtconv.bruteforce.statement import statement
from symtconv.bruteforce.symbols import gradient, jacobian


@statement
def adjoint(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """<Cx, v> = <x, C^T v>"""
    layer = line(n, k, s, d, lo, hi)
    C = layer.matrix()
    by_matrix = dot(applied(C, layer.x), layer.v)
    by_definitions = dot(layer.convolve(layer.x), layer.v)
    transposed_side = dot(layer.x, applied(transposed(C, n), layer.v))
    return by_matrix == transposed_side == by_definitions == dot(layer.x, layer.stamp(layer.v))


@statement
def trilinear(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """T(w,x,v) = sum w[j]x[m]v[i] [tau(i,j) = m]; its three gradients are the kernel gradient, C^T v and C x"""
    layer = line(n, k, s, d, lo, hi)
    w, x, v = layer.w, layer.x, layer.v
    T = total(w[j] * x[m] * v[i] for i, j, m in layer.read())
    kernel_gradient = gradient(dot(v, layer.convolve(x)), "w", k)
    return (
        gradient(T, "w", k) == kernel_gradient
        and gradient(T, "x", n) == layer.stamp(v)
        and gradient(T, "v", layer.o) == layer.convolve(x)
    )


@statement
def involution(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """(C^T)^T = C, C^T being read off the stamps and C off the sliding kernel"""
    layer = line(n, k, s, d, lo, hi)
    stamps = jacobian(layer.stamp(layer.v), "v", layer.o)
    C = jacobian(layer.convolve(layer.x), "x", n)
    return transposed(stamps, layer.o) == C == transposed(transposed(C, n), layer.o) == layer.matrix()


def _unfold(layer: Line, x: Row) -> Matrix:
    """Write into row i, column j what tap j of output i reads."""
    rows = zeros(layer.o, layer.k)
    for i, j, m in layer.read():
        rows[i][j] = x[m]
    return rows


def _fold(layer: Line, rows: Matrix) -> Row:
    """Add every entry of row i, column j to the input that tap j of output i reads."""
    x: Row = [0] * layer.n
    for i, j, m in layer.read():
        x[m] = x[m] + rows[i][j]
    return x


@statement
def unfold_fold(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """Cx = unfold(x) w, C^T v = fold(v w^T), fold(unfold(x)) = coverage * x"""
    layer = line(n, k, s, d, lo, hi)
    unfolded = _unfold(layer, layer.x)
    coverage = layer.stamp([1] * layer.o, [1] * k)
    return (
        layer.convolve(layer.x) == applied(unfolded, layer.w)
        and layer.stamp(layer.v) == _fold(layer, [[value * tap for tap in layer.w] for value in layer.v])
        and _fold(layer, unfolded) == [times * value for times, value in zip(coverage, layer.x, strict=True)]
    )
