"""The tap map: which input each tap of each output reads.

tau(i, j) is the input that tap j of output i reads, or none. Per axis the position is s*i + d*j - lo, and the padding
mode says what is read there; N-D is the product of the axes, and channels and groups only choose blocks. Everything
that the matrices know of a layer, they know from here: C[i, m] = sum_j w[j] [tau(i, j) = m].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from symtconv.arguments import PaddingMode
from symtconv.errors import TooLarge
from symtconv.geometry import Axis, Layer

Index = NDArray[np.int64]
NONE = -1
MAX_SLOTS = 2**27  # a gigabyte for the columns alone; numbers beyond 2**62 would leave int64
FARTHEST = 2**62


def source(position: Index, n: int, mode: PaddingMode) -> Index:
    """Give the pixel 0..n-1 that stands at each position of the padded axis (0 is the first pixel), or NONE.

    >>> source(np.arange(-2, 6), 4, "reflect")
    array([2, 1, 0, 1, 2, 3, 2, 1])
    """
    if mode == "circular":
        return position % n
    if mode == "replicate":
        return np.clip(position, 0, n - 1)
    if mode == "reflect":
        folded = np.abs(position)
        return np.where(folded < n, folded, 2 * (n - 1) - folded)
    return np.where((position >= 0) & (position < n), position, NONE)


def axis_taps(axis: Axis, mode: PaddingMode) -> Index:
    """Give tau of one axis as an array of shape (small, kernel_size).

    >>> axis_taps(Axis(large=4, small=2, kernel_size=3, stride=2, dilation=1, lo=0, hi=1), "zeros")
    array([[ 0,  1,  2],
           [ 2,  3, -1]])
    """
    slots = axis.small * axis.kernel_size
    if slots > MAX_SLOTS or axis.large + abs(axis.lo) + abs(axis.hi) >= FARTHEST:
        raise TooLarge.of(
            "the tap map of an axis",
            slots,
            MAX_SLOTS,
            what="taps",
            remedy="Work with a smaller layer of the same kind.",
        )
    outputs = np.arange(axis.small, dtype=np.int64)[:, None]
    taps = np.arange(axis.kernel_size, dtype=np.int64)[None, :]
    stride, dilation = min(axis.stride, FARTHEST), min(axis.dilation, FARTHEST)  # larger ones multiply only 0
    return source(stride * outputs + dilation * taps - axis.lo, axis.large, mode)


@dataclass(frozen=True)
class Reads:
    """The spatial reads of a layer that hit a pixel: output `rows`, tap `taps` and input `columns`, row-major numbers.

    They are sorted by row, then tap. With zero padding the columns of a row are sorted too, and no two are equal.
    """

    rows: Index
    taps: Index
    columns: Index


def reads(layer: Layer) -> Reads:
    """List every (output, tap, input) with tau(output, tap) = input, spatial axes only.

    >>> from symtconv import Conv
    >>> found = reads(Conv(3, 2))
    >>> list(zip(found.rows.tolist(), found.taps.tolist(), found.columns.tolist()))
    [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)]
    """
    ndim = layer.ndim
    slots = prod(axis.small * axis.kernel_size for axis in layer.axes)
    if slots > MAX_SLOTS:
        raise TooLarge.of("the tap map", slots, MAX_SLOTS, what="taps", remedy="Use operator, which stores none of it.")
    shape = (*layer.small_shape, *layer.kernel_size)
    columns = np.zeros(shape, dtype=np.int64)
    hit = np.ones(shape, dtype=bool)
    for number, axis in enumerate(layer.axes):
        tau = axis_taps(axis, layer.padding_mode)
        spread = [1] * (2 * ndim)
        spread[number], spread[ndim + number] = tau.shape
        tau = tau.reshape(spread)
        columns *= axis.large
        columns += tau
        hit &= tau != NONE
    flat = np.flatnonzero(hit)
    taps = prod(layer.kernel_size)
    return Reads(flat // taps, flat % taps, columns.reshape(-1)[flat])


def count_nonzeros(layer: Layer) -> int:
    """Count the entries of C that the geometry fills, without building it.

    Per axis these are the distinct pairs (i, tau(i, j)); axes multiply, and every pair of channels of a group repeats.

    >>> from symtconv import ConvTranspose
    >>> count_nonzeros(ConvTranspose((4, 4), 5, stride=2, padding="same", in_channels=1024, out_channels=512))
    151519232
    """
    spatial = 1
    for axis in layer.axes:
        if layer.padding_mode == "zeros":
            spatial *= _count_in_range(axis)
        else:
            tau = np.sort(axis_taps(axis, layer.padding_mode), axis=1)
            spatial *= tau.shape[0] + int(np.count_nonzero(np.diff(tau, axis=1)))
    return spatial * layer.large_channels * layer.small_channels // layer.groups


def _count_in_range(axis: Axis) -> int:
    """Count the pairs (i, j) with lo <= s*i + d*j < lo + n, in a time that grows with the digits of the sizes only."""
    return _count_below(axis, axis.lo + axis.large) - _count_below(axis, axis.lo)


def _count_below(axis: Axis, bound: int) -> int:
    """Count the pairs (i, j), 0 <= i < o, 0 <= j < k, with s*i + d*j < bound."""
    s, d, o, k = axis.stride, axis.dilation, axis.small, axis.kernel_size
    every = min(max((bound - 1 - s * (o - 1)) // d + 1, 0), k)  # below it a tap has all outputs on its side
    some = min(max((bound - 1) // d + 1, 0), k)  # from it on a tap has none
    partly = some - every
    least = bound - 1 - d * (some - 1)
    return every * o + (floor_sum(partly, s, d, least) + partly if partly else 0)


def floor_sum(count: int, modulus: int, step: int, start: int) -> int:
    """Sum floor((step*u + start) / modulus) over 0 <= u < count, by Euclid's algorithm, for start >= 0.

    >>> floor_sum(5, 3, 2, 1), sum((2 * u + 1) // 3 for u in range(5))
    (7, 7)
    """
    total = 0
    while count > 0:
        total += (count - 1) * count // 2 * (step // modulus) + count * (start // modulus)
        step, start = step % modulus, start % modulus
        last = step * count + start
        count, start = last // modulus, last % modulus
        modulus, step = step, modulus
    return total
