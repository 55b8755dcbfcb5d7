"""Finding u, v, ... with w = u v^T: whether given weights are an outer product."""

from __future__ import annotations

from functools import reduce

import numpy as np
import sympy

from symtconv.arrays import Array, at


def factors(weights: Array) -> tuple[Array, list[Array]] | None:
    """Give g and u_0, u_1, ... with weights[o, c, j] = g[o, c] u_0[j_0] u_1[j_1] ..., or None if there are none.

    Along each axis the taps through one non-zero weight are a multiple of u; divided by their greatest common divisor
    they are u itself, and g takes what is left.

    >>> from symtconv.matrices.symbolic import sympified
    >>> g, (u, v) = factors(sympified(np.array([[[[2, 4], [6, 12]]]])))
    >>> g.tolist(), u.tolist(), v.tolist()
    ([[2]], [1, 3], [1, 2])
    """
    weights = _mapped(sympy.expand, weights)
    filled = [place for place in np.ndindex(*weights.shape) if weights[place] != 0]
    if not filled:
        return weights[at(..., *(0,) * (weights.ndim - 2))], [_zeros(k) for k in weights.shape[2:]]
    pivot = filled[0]
    axes = [_primitive(weights[(*pivot[:axis], slice(None), *pivot[axis + 1 :])]) for axis in range(2, weights.ndim)]
    shared = reduce(lambda total, pair: total * pair[0][pair[1]], zip(axes, pivot[2:], strict=True), sympy.Integer(1))
    mixing = _mapped(lambda weight: sympy.cancel(weight / shared), weights[at(..., *pivot[2:])])
    again = _mapped(sympy.expand, reduce(np.multiply.outer, axes, mixing))
    return (mixing, axes) if np.array_equal(again, weights) else None


def _primitive(line: Array) -> Array:
    shared = reduce(sympy.gcd, line)
    return _mapped(lambda weight: sympy.cancel(weight / shared), line)


def _mapped(function: object, values: Array) -> Array:
    changed = np.empty(values.shape, dtype=object)
    for place in np.ndindex(*values.shape):
        changed[place] = function(values[place])  # type: ignore[operator]
    return changed


def _zeros(size: int) -> Array:
    return np.array([sympy.Integer(0)] * size, dtype=object)
