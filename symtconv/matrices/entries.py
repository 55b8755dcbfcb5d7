"""The taps of a layer's matrix, one by one: what every exact matrix is summed from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.arrays import Array
from symtconv.geometry import Axis, Conv, Layer
from symtconv.taps import NONE, Index, reads, source


def tap_places(layer: Layer) -> Iterator[tuple[int, int, int]]:
    """Yield (row, column, weight number) for every tap of the layer's matrix, numbers row-major from 0.

    Taps that meet at one entry (padding modes) come one after another, not summed.

    >>> from symtconv import Conv
    >>> list(tap_places(Conv(3, 2)))
    [(0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 2, 1)]
    """
    found = reads(layer)
    spatial = list(zip(found.rows.tolist(), found.taps.tolist(), found.columns.tolist(), strict=True))
    outputs, inputs, taps = prod(layer.small_shape), prod(layer.large_shape), prod(layer.kernel_size)
    depth = layer.large_channels // layer.groups
    per_group = layer.small_channels // layer.groups
    for small in range(layer.small_channels):
        for offset in range(depth):
            row = small * outputs
            column = (small // per_group * depth + offset) * inputs
            weight = (small * depth + offset) * taps
            for i, j, m in spatial:
                place = (row + i, column + m)
                yield (*(place[::-1] if layer.transposed else place), weight + j)


def tap_entries(layer: Layer, weights: Array) -> Iterator[tuple[int, int, Any]]:
    """Yield (row, column, weight) for every tap of the layer's matrix."""
    values = weights.reshape(-1).tolist()
    for row, column, number in tap_places(layer):
        yield row, column, values[number]


def taps_of_row(conv: Conv, row: int) -> list[tuple[int, int]]:
    """List (weight number, column) of the taps of one row of a convolution's matrix: what an output reads.

    >>> taps_of_row(Conv(3, 2), 1)
    [(0, 1), (1, 2)]
    """
    small, *i = (int(part) for part in np.unravel_index(row, (conv.small_channels, *conv.small_shape)))
    seen = []
    for axis, at in zip(conv.axes, i, strict=True):
        tau = enumerate(_row_taps(axis, at, conv.padding_mode).tolist())
        seen.append([(j, m) for j, m in tau if m != NONE])
    depth = conv.kernel_shape[1]
    first = small // (conv.small_channels // conv.groups) * depth
    return [
        (
            _weight_number(conv, small, offset, [j for j, _ in pixels]),
            _flat(conv.large_shape, first + offset, [m for _, m in pixels]),
        )
        for offset in range(depth)
        for pixels in product(*seen)
    ]


def taps_of_column(conv: Conv, column: int) -> list[tuple[int, int]]:
    """List (weight number, row) of the taps of one column of a convolution's matrix: which outputs read an input.

    >>> taps_of_column(Conv(3, 2), 1)
    [(1, 0), (0, 1)]
    """
    large, *m = (int(part) for part in np.unravel_index(column, (conv.large_channels, *conv.large_shape)))
    depth = conv.kernel_shape[1]
    width = conv.small_channels // conv.groups
    readers = [_readers(axis, pixel, conv.padding_mode) for axis, pixel in zip(conv.axes, m, strict=True)]
    channels = [(small, large % depth) for small in range(large // depth * width, (large // depth + 1) * width)]
    return [
        (
            _weight_number(conv, small, offset, [j for j, _ in pixels]),
            _flat(conv.small_shape, small, [i for _, i in pixels]),
        )
        for small, offset in channels
        for pixels in product(*readers)
    ]


def taps_at(conv: Conv, row: int, column: int) -> list[int]:
    """List the numbers of the weights that meet at one entry of a convolution's matrix; most have none.

    >>> taps_at(Conv(3, 2), 1, 2), taps_at(Conv(3, 2), 0, 2)
    ([1], [])
    """
    small, *i = (int(part) for part in np.unravel_index(row, (conv.small_channels, *conv.small_shape)))
    large, *m = (int(part) for part in np.unravel_index(column, (conv.large_channels, *conv.large_shape)))
    depth = conv.kernel_shape[1]
    if small // (conv.small_channels // conv.groups) != large // depth:
        return []
    hits = []
    for axis, at, pixel in zip(conv.axes, i, m, strict=True):
        hits.append(np.flatnonzero(_row_taps(axis, at, conv.padding_mode) == pixel).tolist())
    return [_weight_number(conv, small, large % depth, list(j)) for j in product(*hits)]


def _readers(axis: Axis, pixel: int, mode: PaddingMode) -> list[tuple[int, int]]:
    """List the (tap, output) that read a pixel of one axis, by output and then tap; no other pixel is looked at."""
    n = axis.large
    if mode == "circular":
        positions = list(range(pixel - pixel // n * n - n * (axis.lo // n + 1), n + axis.hi, n))
    elif mode == "reflect":
        positions = sorted({pixel, -pixel, 2 * (n - 1) - pixel})
    else:
        positions = [pixel]
        if mode == "replicate":
            positions += [*range(-axis.lo, 0)] * (pixel == 0) + [*range(n, n + axis.hi)] * (pixel == n - 1)
    found = []
    for position in positions:
        for tap in range(axis.kernel_size):
            output, between = divmod(position + axis.lo - axis.dilation * tap, axis.stride)
            if between == 0 and 0 <= output < axis.small:
                found.append((output, tap))
    return [(tap, output) for output, tap in sorted(found)]


def _row_taps(axis: Axis, i: int, mode: PaddingMode) -> Index:
    """Give tau(i, j) of one axis for every j."""
    position = axis.stride * i + axis.dilation * np.arange(axis.kernel_size, dtype=np.int64) - axis.lo
    return source(position, axis.large, mode)


def _weight_number(conv: Conv, small: int, offset: int, taps: list[int]) -> int:
    return int(np.ravel_multi_index((small, offset, *taps), conv.kernel_shape))


def _flat(shape: tuple[int, ...], channel: int, pixel: list[int]) -> int:
    return channel * prod(shape) + int(np.ravel_multi_index(tuple(pixel), shape))
