"""Kernels of zeros and ones with which C keeps every pixel of the smaller side: C C^T = I or C^T C = I."""

from __future__ import annotations

from itertools import islice, product

from symtconv.geometry import Axis, Conv

Slot = tuple[int, tuple[int, ...]]


def orthonormal_rows(conv: Conv) -> list[Slot] | None:
    """Place one weight 1 an output channel of a group so that C C^T = I: pairs (input channel of the group, tap).

    Row i of C is then one pixel. Different outputs read different pixels: at one tap since the stride parts them, and
    at two taps of different phases, or in two channels, in any case. None if there is no such choice.

    >>> from symtconv import Conv
    >>> orthonormal_rows(Conv(4, 2, stride=2, out_channels=2)), orthonormal_rows(Conv(3, 3, padding=1))
    ([(0, (0,)), (0, (1,))], [(0, (1,))])
    """
    needed, depth = conv.small_channels // conv.groups, conv.kernel_shape[1]
    along = [_taps_of_phases(axis, conv.padding_mode, needed) for axis in conv.axes]
    slots = [(b, taps) for taps in islice(product(*along), needed) for b in range(min(depth, needed))]
    return slots[:needed] if len(slots) >= needed else None


def _taps_of_phases(axis: Axis, mode: str, most: int) -> list[int]:
    """Give taps of different phases with which no two outputs read one pixel, and none reads padding of zeros."""
    found: dict[int, int] = {}
    ring = mode == "circular" and axis.stride * (axis.small - 1) < axis.large
    whole = axis.stride * axis.small == axis.large
    for j in range(axis.kernel_size):
        first = axis.dilation * j - axis.lo
        inside = first >= 0 and first + axis.stride * (axis.small - 1) < axis.large
        if inside or ring:
            found.setdefault(axis.dilation * j % axis.stride if inside or whole else 0, j)
        if ring and not whole and found:
            break
        if len(found) >= most:
            break
    return list(found.values())


def orthonormal_columns(conv: Conv) -> tuple[int, ...] | None:
    """Give a tap whose weight 1, alone, has C^T C = I: with it every pixel is read once. None if there is none.

    >>> from symtconv import Conv
    >>> orthonormal_columns(Conv((3, 3), 3, padding=1)), orthonormal_columns(Conv(5, 3))
    ((1, 1), None)
    """
    if conv.kernel_shape[1] > conv.small_channels // conv.groups:
        return None
    taps = [_tap_of_all(axis, conv.padding_mode) for axis in conv.axes]
    return None if None in taps else tuple(tap for tap in taps if tap is not None)


def _tap_of_all(axis: Axis, mode: str) -> int | None:
    if axis.stride > 1:
        return None
    for j in range(axis.kernel_size):
        first = axis.dilation * j - axis.lo
        last = first + axis.small - 1
        exact = first == 0 and last == axis.large - 1
        covers = mode == "zeros" and first <= 0 and last >= axis.large - 1
        if exact or covers or (mode == "circular" and axis.small == axis.large):
            return j
    return None
