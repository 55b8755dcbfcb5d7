"""The taps of a layer's matrix, one by one: what every exact matrix is summed from."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from symtconv.arrays import Array
from symtconv.geometry import Layer
from symtconv.taps import reads


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
