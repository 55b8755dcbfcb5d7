"""What the absolute weights of a layer add up to: over an output channel, and over a phase of the stride."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from symtconv.arrays import Array, at
from symtconv.geometry import Axis, Conv


def phases(conv: Conv) -> Iterator[tuple[tuple[int, ...], list[tuple[int, ...]]]]:
    """Yield every phase r that a tap has, with its taps: those with d j = r modulo s, axis by axis.

    >>> list(phases(Conv(5, 3, stride=2)))
    [((0,), [(0,), (2,)]), ((1,), [(1,)])]
    """
    for chosen in product(*(_along(axis).items() for axis in conv.axes)):
        yield tuple(r for r, _ in chosen), list(product(*(taps for _, taps in chosen)))


def _along(axis: Axis) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for j in range(axis.kernel_size):
        found.setdefault(axis.dilation * j % axis.stride, []).append(j)
    return found


def output_sums(conv: Conv, sizes: Array) -> list[Any]:
    """Sum |w| over what each output channel weighs."""
    return [sum(row) for row in sizes.reshape(conv.small_channels, -1)]


def input_sums(conv: Conv, sizes: Array) -> list[Any]:
    """Sum |w| over each phase of each input channel."""
    grouped = sizes.reshape(conv.groups, -1, *conv.kernel_shape[1:])
    sums: list[Any] = []
    for _, taps in phases(conv):
        chosen = sum(grouped[at(slice(None), slice(None), slice(None), *j)] for j in taps)
        sums += np.sum(chosen, axis=1).reshape(-1).tolist()
    return sums
