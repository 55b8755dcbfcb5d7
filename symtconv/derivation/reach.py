"""Which lines of C hold something, read off axis by axis: the first of an image row, of the next, and the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column, taps_of_row

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


def used(conv: Conv, number: int, part: Part) -> tuple[int, int, int]:
    """Find the first, the second and the last place of an axis that is read (large) or reads a pixel (small).

    >>> used(Conv(8, 2, stride=2, padding=[(-1, -2)]), 0, "large")
    (1, 2, 4)
    """
    axis = conv.axes[number]
    alone = Conv(
        axis.large,
        axis.kernel_size,
        stride=axis.stride,
        padding=[(axis.lo, axis.hi)],
        dilation=axis.dilation,
        output_shape=axis.small,
        padding_mode=conv.padding_mode,
    )
    taps: Callable[[Conv, int], object] = taps_of_row if part == "small" else taps_of_column
    count = axis.small if part == "small" else axis.large
    least, most = _bounds(axis, part) if conv.padding_mode == "zeros" else (0, count - 1)
    rising = (place for place in range(least, min(count, least + SEARCHED)) if taps(alone, place))
    first = next(rising, None)
    if first is None:
        return 0, min(1, count - 1), count - 1
    falling: Iterable[int] = range(most, max(most - SEARCHED, first), -1)
    last = next((place for place in falling if taps(alone, place)), first)
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
