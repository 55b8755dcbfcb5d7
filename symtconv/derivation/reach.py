"""Which lines of C hold something, read off axis by axis: the first of an image row, of the next, and the last."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column
from symtconv.taps import NONE, source

Part = Literal["small", "large"]
SEARCHED = 1000  # lines; farther off a layer reads too little for its pattern to show


def plane_of(conv: Conv) -> Conv:
    """Give the same convolution from one channel to one.

    >>> plane_of(Conv(5, 2, in_channels=4, out_channels=6, groups=2)) == Conv(5, 2)
    True
    """
    return Conv(
        conv.large_shape,
        conv.kernel_size,
        stride=conv.stride,
        padding=conv.padding,
        dilation=conv.dilation,
        output_shape=conv.small_shape,
        padding_mode=conv.padding_mode,
    )


@lru_cache(maxsize=1024)
def partners(axis: Axis, place: int, part: Part, mode: PaddingMode) -> tuple[int, ...]:
    """List what a place of one axis meets: the pixels that an output reads (small), the outputs that read a pixel.

    >>> axis = Conv(8, 2, stride=2).axes[0]
    >>> partners(axis, 1, "small", "zeros"), partners(axis, 3, "large", "zeros")
    ((2, 3), (1,))
    """
    if part == "small":
        positions = axis.stride * place + axis.dilation * np.arange(axis.kernel_size, dtype=np.int64) - axis.lo
        read = np.unique(source(positions, axis.large, mode))
        return tuple(int(pixel) for pixel in read if pixel != NONE)
    line = Conv(
        axis.large,
        axis.kernel_size,
        stride=axis.stride,
        padding=[(axis.lo, axis.hi)],
        dilation=axis.dilation,
        output_shape=axis.small,
        padding_mode=mode,
    )
    return tuple(sorted({output for _, output in taps_of_column(line, place)}))


def used(conv: Conv, number: int, part: Part) -> tuple[int, int, int]:
    """Find the first, the second and the last place of an axis that is read (large) or reads a pixel (small).

    >>> used(Conv(8, 2, stride=2, padding=[(-1, -2)]), 0, "large")
    (1, 2, 4)
    """
    axis = conv.axes[number]
    count = axis.small if part == "small" else axis.large
    least, most = _bounds(axis, part) if conv.padding_mode == "zeros" else (0, count - 1)
    rising = (
        place for place in range(least, min(count, least + SEARCHED)) if partners(axis, place, part, conv.padding_mode)
    )
    first = next(rising, None)
    if first is None:
        return 0, min(1, count - 1), count - 1
    falling: Iterable[int] = range(most, max(most - SEARCHED, first), -1)
    last = next((place for place in falling if partners(axis, place, part, conv.padding_mode)), first)
    return first, next(rising, first), last


def _bounds(axis: Axis, part: Part) -> tuple[int, int]:
    """Bound the places that can hold something with zero padding."""
    span = axis.dilation * (axis.kernel_size - 1)
    if part == "small":
        least, most, last = (
            -((span - axis.lo) // axis.stride),
            (axis.large - 1 + axis.lo) // axis.stride,
            axis.small - 1,
        )
    else:
        least, most, last = -axis.lo, axis.stride * (axis.small - 1) + span - axis.lo, axis.large - 1
    return min(max(least, 0), last), max(min(most, last), 0)
