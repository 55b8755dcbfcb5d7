"""Which output reads which pixel with which weight, one question at a time, at a cost that the layer's size hardly
moves.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.geometry import Axis, Conv
from symtconv.taps import NONE, Index, source


def pixel_read(conv: Conv, row: int, weight: int) -> int | None:
    """Give the pixel that an output reads with a weight; None for padding, and for a weight of another channel.

    >>> pixel_read(Conv(3, 2), 1, 1), pixel_read(Conv(3, 2, padding=1), 0, 0)
    (2, None)
    """
    small, *i = np.unravel_index(row, (conv.small_channels, *conv.small_shape))
    channel, offset, *j = np.unravel_index(weight, conv.kernel_shape)
    if small != channel:
        return None
    place = [_first_channel(conv, int(small)) + int(offset)]
    for axis, output, tap in zip(conv.axes, i, j, strict=True):
        position = np.asarray(axis.stride * int(output) + axis.dilation * int(tap) - axis.lo)
        place.append(int(source(position, axis.large, conv.padding_mode)))
    return None if NONE in place else int(np.ravel_multi_index(place, (conv.large_channels, *conv.large_shape)))


def outputs_with(conv: Conv, weight: int) -> tuple[range, ...]:
    """Give the outputs that read a pixel, not padding, with a weight: a range an axis, in the weight's channel.

    >>> outputs_with(Conv(3, 2, padding=1), 0)
    (range(1, 4),)
    """
    taps = np.unravel_index(weight, conv.kernel_shape)[2:]
    return tuple(_outputs(axis, int(tap), conv.padding_mode) for axis, tap in zip(conv.axes, taps, strict=True))


def _outputs(axis: Axis, tap: int, mode: PaddingMode) -> range:
    if mode != "zeros":
        return range(axis.small)
    start = axis.lo - axis.dilation * tap  # 0 <= s i - start < n
    first = max(-(-start // axis.stride), 0)
    return range(first, max(min((start + axis.large - 1) // axis.stride + 1, axis.small), first))


def outputs_between(conv: Conv, weight: int, pixel: int) -> list[int]:
    """List the outputs that read a pixel with a weight: at most one with zero padding.

    >>> outputs_between(Conv(3, 2), 1, 2), outputs_between(Conv(2, 3, padding=2, padding_mode="circular"), 0, 0)
    ([1], [0, 2])
    """
    small, offset, *j = (int(part) for part in np.unravel_index(weight, conv.kernel_shape))
    channel, *m = (int(part) for part in np.unravel_index(pixel, (conv.large_channels, *conv.large_shape)))
    if channel != _first_channel(conv, small) + offset:
        return []
    hits = [_hits(axis, tap, at, conv.padding_mode) for axis, tap, at in zip(conv.axes, j, m, strict=True)]
    shape = (conv.small_channels, *conv.small_shape)
    return [int(np.ravel_multi_index((small, *i), shape)) for i in product(*hits)]


def _hits(axis: Axis, tap: int, pixel: int, mode: PaddingMode) -> list[int]:
    if mode != "zeros":
        found: list[int] = np.flatnonzero(_sources(axis, tap, mode) == pixel).tolist()
        return found
    output, between = divmod(pixel + axis.lo - axis.dilation * tap, axis.stride)
    return [output] if between == 0 and 0 <= output < axis.small else []


@lru_cache(maxsize=32)
def _sources(axis: Axis, tap: int, mode: PaddingMode) -> Index:
    outputs = np.arange(axis.small, dtype=np.int64)
    return source(axis.stride * outputs + axis.dilation * tap - axis.lo, axis.large, mode)


def _first_channel(conv: Conv, small: int) -> int:
    """Give the first channel that an output channel sees."""
    return small // (conv.small_channels // conv.groups) * conv.kernel_shape[1]
