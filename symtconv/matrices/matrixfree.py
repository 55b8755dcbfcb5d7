"""The layer as a LinearOperator: the products with C and C^H, without a matrix."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from symtconv.arrays import Array, at, kernel_array
from symtconv.errors import GeometryError
from symtconv.geometry import Layer
from symtconv.matrices.vec import Order, check_order, matrix_shape
from symtconv.taps import NONE, source


def operator(layer: Layer, kernel: object, *, order: Order = "C") -> LinearOperator:
    """Give the layer as a scipy.sparse.linalg.LinearOperator: matvec is C x, rmatvec is C^H y, matrix-free.

    Each tap is one matrix product of its weights (out x in) with the pixels that it sees. rmatvec conjugates, as in
    SciPy; the transposed convolution is operator(layer.T, kernel).

    Args:
        layer: a Conv or a ConvTranspose.
        kernel: booleans, integers, floats or complex numbers of shape layer.kernel_shape.
        order: "C" for row-major vec over (channel, *spatial), "F" for the column-stacking vec.

    Raises:
        GeometryError: for Fractions, names and expressions (use symbolic_matrix), and shapes that are not the layer's.

    >>> from symtconv import Conv
    >>> operator(Conv(4, 2, stride=2), [10, 1]).matvec([1, 2, 3, 4])
    array([12, 34])
    """
    check_order(order)
    weights = kernel_array(layer, kernel)
    if weights.dtype == object:
        raise GeometryError(
            "kernel of operator",
            arrived="exact or symbolic entries (dtype object)",
            rule="the operator works on booleans, integers, floats and complex numbers",
            remedy="Use symbolic_matrix, convolve or conv_transpose for Fractions, names and expressions.",
        )
    small = weights.dtype.kind in "biu" and weights.dtype.itemsize < 8  # whose products would wrap around
    return LayerOperator(layer, weights.astype(np.int64) if small else weights, order)


class LayerOperator(LinearOperator):
    """The linear operator of a layer with given weights; `layer` and `kernel` stay visible."""

    def __init__(self, layer: Layer, kernel: Array, order: Order = "C") -> None:
        self.layer = layer
        self.kernel = kernel
        self.order = order
        super().__init__(kernel.dtype, matrix_shape(layer))  # type: ignore[call-arg]

    def _matmat(self, X: Array) -> Array:
        layer = self.layer
        values = self._unvec(X, layer.in_channels, layer.input_shape)
        return self._vec((spread if layer.transposed else gather)(layer, values, self.kernel))

    def _matvec(self, x: Array) -> Array:
        return self._matmat(x.reshape(-1, 1)).reshape(-1)

    def _rmatmat(self, X: Array) -> Array:
        layer = self.layer
        values = self._unvec(X, layer.out_channels, layer.output_shape)
        return self._vec((gather if layer.transposed else spread)(layer, values, self.kernel.conj()))

    def _rmatvec(self, x: Array) -> Array:
        return self._rmatmat(x.reshape(-1, 1)).reshape(-1)

    def _unvec(self, X: Array, channels: int, shape: tuple[int, ...]) -> Array:
        """Turn columns into a batch of arrays (columns, channels, *shape)."""
        X = np.asarray(X)
        if self.order == "F":
            return np.moveaxis(X.reshape((channels, *shape, -1), order="F"), -1, 0)
        return np.moveaxis(X.reshape(channels, *shape, -1), -1, 0)

    def _vec(self, values: Array) -> Array:
        columns = np.moveaxis(values, 0, -1)
        return columns.reshape((-1, columns.shape[-1]), order=self.order)


def gather(layer: Layer, x: Array, w: Array) -> Array:
    """Compute C x for a batch (..., large channels, *large_shape): every tap weighs the pixels that it sees."""
    ndim, groups = layer.ndim, layer.groups
    for number in range(ndim):
        home = _home(layer, number)
        x = np.take(x, np.maximum(home, 0), axis=number - ndim)
        if (home == NONE).any():
            x[at(..., home == NONE, *(slice(None),) * (ndim - 1 - number))] = 0
    batch = x.shape[: -ndim - 1]
    x = x.reshape(*batch, groups, -1, *x.shape[-ndim:])
    w = w.reshape(groups, -1, *w.shape[1:])
    y = np.zeros((*batch, groups, w.shape[1], prod(layer.small_shape)), dtype=np.result_type(x, w))
    for j in product(*map(range, layer.kernel_size)):
        seen = x[at(..., *_tap_slices(layer, j))]
        y += np.matmul(w[at(..., *j)], seen.reshape(*seen.shape[:-ndim], -1))
    return y.reshape(*batch, layer.small_channels, *layer.small_shape)


def spread(layer: Layer, v: Array, w: Array) -> Array:
    """Compute C^T v for a batch (..., small channels, *small_shape): every tap adds to the pixels that it saw."""
    ndim, groups = layer.ndim, layer.groups
    batch = v.shape[: -ndim - 1]
    v = v.reshape(*batch, groups, -1, prod(layer.small_shape))
    w = w.reshape(groups, -1, *w.shape[1:])
    size = [len(_home(layer, number)) for number in range(ndim)]
    x = np.zeros((*batch, groups, w.shape[2], *size), dtype=np.result_type(v, w))
    for j in product(*map(range, layer.kernel_size)):
        ink = np.matmul(np.swapaxes(w[at(..., *j)], 1, 2), v)
        x[at(..., *_tap_slices(layer, j))] += ink.reshape(*ink.shape[:-1], *layer.small_shape)
    x = x.reshape(*batch, layer.large_channels, *size)
    for number, axis in enumerate(layer.axes):
        home = _home(layer, number)
        canvas = np.moveaxis(x, number - ndim, 0)
        folded = np.zeros((axis.large, *canvas.shape[1:]), dtype=x.dtype)
        np.add.at(folded, home[home != NONE], canvas[home != NONE])
        x = np.moveaxis(folded, 0, number - ndim)
    return x


def _home(layer: Layer, number: int) -> Any:
    """Give the pixel behind each position that the taps of one axis reach, from -lo on."""
    axis = layer.axes[number]
    length = axis.stride * (axis.small - 1) + axis.effective_kernel
    return source(np.arange(-axis.lo, length - axis.lo, dtype=np.int64), axis.large, layer.padding_mode)


def _tap_slices(layer: Layer, j: tuple[int, ...]) -> tuple[slice, ...]:
    """Give the padded positions that tap j sees, one for every output."""
    return tuple(
        slice(axis.dilation * tap, axis.dilation * tap + axis.stride * (axis.small - 1) + 1, axis.stride)
        for tap, axis in zip(j, layer.axes, strict=True)
    )
