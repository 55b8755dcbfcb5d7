"""The definitions once more, as a reader of the textbook would loop them: what the library is held against.

Nothing here comes from symtconv but the layer's attributes. Values may be anything that adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symtconv.geometry import Layer

Array = NDArray[Any]
Place = tuple[int, ...]


def pixel(position: int, n: int, mode: str) -> int | None:
    """Walk from a position of the padded axis, pixel 0 being the first, to the pixel that stands there, or to none."""
    if mode == "zeros":
        return position if 0 <= position < n else None
    if mode == "circular":
        while position < 0:
            position += n
        while position >= n:
            position -= n
    elif mode == "replicate":
        position = min(max(position, 0), n - 1)
    elif mode == "reflect":
        while not 0 <= position < n:
            position = -position if position < 0 else 2 * (n - 1) - position
    return position


def output_size(n: int, k: int, s: int, d: int, lo: int, hi: int) -> int:
    """Count where a dilated kernel fits on the padded axis: starts 0, s, 2s, ... while its last tap is inside."""
    count = 0
    while s * count + d * (k - 1) < n + lo + hi:
        count += 1
    return count


def reads(layer: Layer) -> Iterator[tuple[Place, Place, Place]]:
    """Yield (i, j, m), spatial multi-indices, wherever tap j of output i reads pixel m."""
    conv = layer.convolution
    for i in product(*map(range, conv.output_shape)):
        for j in product(*map(range, conv.kernel_size)):
            m = tuple(
                pixel(s * at + d * tap - lo, n, conv.padding_mode)
                for at, tap, n, s, d, (lo, _) in zip(
                    i, j, conv.input_shape, conv.stride, conv.dilation, conv.padding, strict=True
                )
            )
            if None not in m:
                yield i, j, tuple(at for at in m if at is not None)


def weights(layer: Layer, kernel: Any) -> Iterator[tuple[int, int, Place, Place, Any]]:
    """Yield ((o, i), (c, m), weight) flattened as (o, c, i, m, w[o, c, j]) for every read of every pair of channels."""
    conv = layer.convolution
    w = np.asarray(kernel).reshape(conv.kernel_shape)
    into, out_of = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    found = list(reads(layer))
    for o in range(conv.out_channels):
        for c in range(out_of):
            for i, j, m in found:
                yield o, o // into * out_of + c, i, m, w[(o, c, *j)]


def zeros(shape: Sequence[int]) -> Array:
    """Give an array of Python's own zeros."""
    array = np.empty(tuple(shape), dtype=object)
    array[...] = 0
    return array


def convolution(layer: Layer, x: Any, kernel: Any) -> Array:
    """y[o, i] = sum over c, j of w[o, c, j] x[c, tau(i, j)], for an input (in_channels, *input_shape)."""
    conv = layer.convolution
    y = zeros((conv.out_channels, *conv.output_shape))
    for o, c, i, m, weight in weights(layer, kernel):
        y[(o, *i)] = y[(o, *i)] + weight * x[(c, *m)]
    return y


def transposed_convolution(layer: Layer, v: Any, kernel: Any) -> Array:
    """z[c, m] = sum of w[o, c, j] v[o, i] over the i, j with tau(i, j) = m."""
    conv = layer.convolution
    z = zeros((conv.in_channels, *conv.input_shape))
    for o, c, i, m, weight in weights(layer, kernel):
        z[(c, *m)] = z[(c, *m)] + weight * v[(o, *i)]
    return z


def apply(layer: Layer, x: Any, kernel: Any) -> Array:
    """Do what the layer does to an input with channels."""
    return (transposed_convolution if layer.transposed else convolution)(layer, x, kernel)


def matrix(layer: Layer, kernel: Any, order: str = "C") -> Array:
    """Give the layer's matrix, dense; row and column numbers from numpy.ravel_multi_index."""
    conv = layer.convolution
    small, large = (conv.out_channels, *conv.output_shape), (conv.in_channels, *conv.input_shape)
    C = zeros((int(np.prod(small)), int(np.prod(large))))
    for o, c, i, m, weight in weights(layer, kernel):
        row = np.ravel_multi_index((o, *i), small, order=order)  # type: ignore[call-overload]
        column = np.ravel_multi_index((c, *m), large, order=order)  # type: ignore[call-overload]
        C[row, column] = C[row, column] + weight
    return C.T if layer.transposed else C


def integers(shape: Sequence[int], seed: int) -> Array:
    """Draw integers from -9..9, the same for the same seed."""
    drawn: Array = np.random.default_rng(seed).integers(-9, 10, tuple(shape))
    return drawn


def numbers(layer: Layer, seed: int = 0) -> tuple[Array, Array]:
    """Draw an input (in_channels, *input_shape) and a kernel for a layer."""
    return integers((layer.in_channels, *layer.input_shape), seed), integers(layer.kernel_shape, seed + 1)
