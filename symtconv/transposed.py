"""The transposed convolution of an array, by any of its four constructions."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from symtconv.arrays import Array
from symtconv.errors import GeometryError
from symtconv.geometry import ConvTranspose
from symtconv.layers import CONSTRUCTIONS, require_kind, run_on_arrays, transpose_by
from symtconv.matrices.entries import tap_entries
from symtconv.matrices.sparse import sparse_matrix
from symtconv.matrices.vec import matrix_shape

Method = Literal["stamp", "zero-insertion", "subpixel", "matrix"]


def conv_transpose(
    layer: ConvTranspose, x: object, kernel: object, bias: object = None, *, method: Method = "stamp"
) -> Any:
    """Compute the transposed convolution of an input, C^T vec(x) plus a bias, where C is the matrix of layer.T.

    The method is the construction; all four give the same values for every layer:
    "stamp" lays x[i] times the kernel at s*i and crops; "zero-insertion" puts s-1 zeros between the pixels and
    convolves with the flipped kernel, pads K-1-lo and K-1-hi+output_padding (Dumoulin & Visin, relationship 14);
    "subpixel" convolves once for each of the s phases and interleaves (Shi et al., arXiv 1609.07009);
    "matrix" builds C^T and multiplies.

    This is torch.nn.functional.conv_transpose1d, conv_transpose2d and conv_transpose3d.

    Args:
        layer: the geometry, a ConvTranspose.
        x: shape (..., in_channels, *input_shape); with one channel in and out also plain input_shape.
        kernel: shape layer.kernel_shape = (in_channels, out_channels/groups, *kernel_size), or plain kernel_size.
        bias: shape (out_channels,), or None.
        method: "stamp", "zero-insertion", "subpixel" or "matrix".

    Returns:
        An array of shape (..., out_channels, *output_shape), spatial if x was; integers are summed without overflow,
        exact objects stay exact, a SymPy Array gives a SymPy Array.

    Raises:
        GeometryError: where a shape is not the layer's, the method is unknown, or the layer is a Conv.

    >>> conv_transpose(ConvTranspose(2, 3, stride=2, padding="same"), [1, 10], [1, 2, 3]).tolist()
    [1, 2, 13, 20]
    """
    if isinstance(method, str) and method in CONSTRUCTIONS:
        return transpose_by(method, layer, x, kernel, bias)
    if method != "matrix":
        raise GeometryError(
            "method of conv_transpose",
            arrived=repr(method)[:60],
            rule=f"the methods are {', '.join([*CONSTRUCTIONS, 'matrix'])}",
            remedy="Pass one of them.",
        )
    require_kind(layer, ConvTranspose, "conv_transpose", "convolve")
    return run_on_arrays(layer, x, kernel, bias, _by_matrix)


def _by_matrix(layer: ConvTranspose, v: Array, weights: Array) -> Array:
    """Multiply every input of a batch (..., channels, *pixels) by the layer's matrix."""
    batch = v.shape[: -layer.ndim - 1]
    y = _product(layer, v.reshape(*batch, matrix_shape(layer)[1]), weights)
    return y.reshape(*batch, layer.out_channels, *layer.output_shape)


def _product(layer: ConvTranspose, x: Array, weights: Array) -> Array:
    """Multiply every vector of a batch by the layer's matrix, in SciPy for numbers, entry by entry for exact values."""
    if weights.dtype != object and x.dtype != object:
        kept = np.result_type(weights, x) if weights.dtype.kind in "biu" else weights.dtype
        stored = np.dtype(np.float32) if kept == np.float16 else kept  # SciPy stores no half precision
        matrix = sparse_matrix(layer, weights.astype(stored, copy=False))
        rows = np.asarray(matrix @ x.reshape(-1, x.shape[-1]).T).T.reshape(*x.shape[:-1], matrix.shape[0])
        return rows.astype(np.result_type(weights, x))
    y = np.zeros((*x.shape[:-1], matrix_shape(layer)[0]), dtype=object)
    for row, column, entry in tap_entries(layer, weights):
        y[..., row] = y[..., row] + entry * x[..., column]
    return y
