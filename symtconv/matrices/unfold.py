"""The unfold matrix: the Jacobian of a layer's output by its kernel (im2col, torch.nn.Unfold)."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import scipy.sparse
import sympy

from symtconv.arrays import Array, input_array, widened
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Layer
from symtconv.matrices.entries import tap_places
from symtconv.matrices.symbolic import input_symbols, sympified
from symtconv.taps import count_nonzeros

MAX_ENTRIES = 2**24


def kernel_jacobian(layer: Layer, x: object = None) -> Any:
    """Build d vec(y) / d vec(w): row (o, i), column (o, c, j) holds the input x[c, tau(i, j)] that tap j weighs.

    A layer is linear in its kernel too, so vec(y) = kernel_jacobian(layer, x) vec(w). For a ConvTranspose, row (c, m)
    and column (o, c, j) hold the sum of v[o, i] over the i with tau(i, j) = m. vec is row-major; the columns run over
    layer.kernel_shape.

    Args:
        layer: a Conv or a ConvTranspose.
        x: an input without batch, (in_channels, *input_shape) or plain; input_symbols(layer) when None.

    Returns:
        A sympy.SparseMatrix where x is None or exact (dtype object), a scipy.sparse.csr_array where it is numeric.

    Raises:
        TooLarge: with the number of taps, before anything is built.

    >>> from symtconv import Conv
    >>> kernel_jacobian(Conv(3, 2))
    Matrix([
    [x_{0}, x_{1}],
    [x_{1}, x_{2}]])
    """
    values, _ = input_array(layer, input_symbols(layer) if x is None else x)
    if values.ndim != layer.ndim + 1:
        raise GeometryError(
            "x of kernel_jacobian",
            arrived=f"shape {values.shape}",
            rule=f"one input of shape {(layer.in_channels, *layer.input_shape)} is expected, without a batch",
            remedy="Pass one input at a time.",
        )
    size = count_nonzeros(layer)
    if size > MAX_ENTRIES:
        raise TooLarge.of(
            f"kernel_jacobian of {layer!r}",
            size,
            MAX_ENTRIES,
            remedy="Use operator for the layer, or a smaller layer of the same kind.",
        )
    shape = (layer.out_channels * prod(layer.output_shape), prod(layer.kernel_shape))
    (flat,) = widened(values.reshape(-1))  # taps that meet at one entry are summed
    flat = flat.astype(np.float32) if flat.dtype == np.float16 else flat  # SciPy stores no halves
    if flat.dtype == object:
        return _symbolic(layer, sympified(flat), shape)
    places = np.fromiter((number for place in tap_places(layer) for number in place), dtype=np.int64).reshape(-1, 3)
    matrix = scipy.sparse.coo_array((flat[places[:, 1]], (places[:, 0], places[:, 2])), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


def _symbolic(layer: Layer, flat: Array, shape: tuple[int, int]) -> sympy.SparseMatrix:
    names = flat.tolist()
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for row, column, weight in tap_places(layer):
        place = (row, weight)
        entries[place] = entries[place] + names[column] if place in entries else names[column]
    return sympy.SparseMatrix(*shape, entries)
