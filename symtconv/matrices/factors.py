"""The factors of C as matrices of zeros and ones: padding, decimation, zero-insertion and shifts.

With them C = D_s C_1 P: pad, convolve with stride 1, keep every s-th output; and C^T = P^T C_1^T U_s.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import scipy.sparse

from symtconv.errors import GeometryError
from symtconv.geometry import Axis, Layer
from symtconv.taps import FARTHEST, NONE, Index, source


def padding_matrix(layer: Layer) -> Any:
    """Build P, which pads the large side in the layer's padding mode: vec(padded) = P vec(x), without channels.

    Row p of an axis holds a one where position p - lo of the padded axis takes its pixel from; P^T crops, and folds
    what the mode repeats. Shape (padded pixels, pixels) of the convolution's input, row-major.

    >>> from symtconv import Conv
    >>> padding_matrix(Conv(2, 1, padding=1)).toarray()
    array([[0, 0],
           [1, 0],
           [0, 1],
           [0, 0]])
    """
    return _product([_padding(axis, layer) for axis in layer.axes])


def _padding(axis: Axis, layer: Layer) -> Any:
    home = source(np.arange(-axis.lo, axis.large + axis.hi, dtype=np.int64), axis.large, layer.padding_mode)
    return _selection(home, axis.large)


def decimation_matrix(layer: Layer) -> Any:
    """Build D_s, which keeps every s-th output of the stride-1 convolution: shape (outputs, stride-1 outputs).

    >>> from symtconv import Conv
    >>> decimation_matrix(Conv(4, 2, stride=2)).toarray()
    array([[1, 0, 0],
           [0, 0, 1]])
    """
    kept = []
    for axis in layer.axes:
        stride_one = axis.large + axis.lo + axis.hi - axis.effective_kernel + 1
        kept.append(_selection(min(axis.stride, FARTHEST) * np.arange(axis.small, dtype=np.int64), stride_one))
    return _product(kept)


def zero_insertion_matrix(layer: Layer) -> Any:
    """Build U_s = D_s^T, which puts s-1 zeros between the pixels of the small side, and what is left over after.

    >>> from symtconv import ConvTranspose
    >>> zero_insertion_matrix(ConvTranspose(2, 2, stride=2)).toarray()
    array([[1, 0],
           [0, 0],
           [0, 1]])
    """
    return decimation_matrix(layer).T.tocsr()


def shift_matrix(layer: Layer, tap: int | tuple[int, ...]) -> Any:
    """Build S_j, the matrix of a single tap j: a one at (i, tau(i, j)), so that C = sum_j w[j] S_j, without channels.

    >>> from symtconv import Conv
    >>> shift_matrix(Conv(3, 2), 1).toarray()
    array([[0, 1, 0],
           [0, 0, 1]])
    """
    taps = (tap,) * layer.ndim if isinstance(tap, int) and layer.ndim == 1 else tap
    if not isinstance(taps, tuple) or len(taps) != layer.ndim:
        raise GeometryError(
            "tap of shift_matrix", arrived=repr(tap)[:60], rule=f"it has one index for each of {layer.ndim} axes"
        )
    shifts = []
    for j, axis in zip(taps, layer.axes, strict=True):
        if isinstance(j, bool) or not isinstance(j, (int, np.integer)) or not 0 <= j < axis.kernel_size:
            raise GeometryError(
                "tap of shift_matrix", arrived=repr(tap)[:60], rule=f"an index lies in 0..{axis.kernel_size - 1}"
            )
        position = min(axis.stride, FARTHEST) * np.arange(axis.small, dtype=np.int64) + axis.dilation * int(j) - axis.lo
        shifts.append(_selection(source(position, axis.large, layer.padding_mode), axis.large))
    return _product(shifts)


def _selection(home: Index, columns: int) -> Any:
    """Build the matrix whose row r has a one in column home[r], or none."""
    rows = np.flatnonzero(home != NONE)
    ones = np.ones(len(rows), dtype=np.int64)
    return scipy.sparse.coo_array((ones, (rows, home[rows])), shape=(len(home), columns)).tocsr()


def _product(per_axis: list[Any]) -> Any:
    """Give the Kronecker product of the axes' matrices, row-major."""
    matrix = per_axis[0]
    for factor in per_axis[1:]:
        matrix = scipy.sparse.kron(matrix, factor, format="csr")
    assert matrix.shape == tuple(prod(factor.shape[side] for factor in per_axis) for side in (0, 1))
    return scipy.sparse.csr_array(matrix)
