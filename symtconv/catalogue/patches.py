"""Unfold and Fold as PyTorch defines them: what the kernel sees, one column a patch, and how patches add up again.

They are defined on the padded layout of pixels and know nothing of the tap map.
"""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np

from symtconv.arrays import Array
from symtconv.geometry import Conv

NUMPY_MODES = {"circular": "wrap", "reflect": "reflect", "replicate": "edge"}
PADDING = -1


def unfold(conv: Conv, x: Array) -> Array:
    """Write what tap j of patch i sees on channel c into row (c, j) and column i; padding of zeros is 0.

    Shape (in_channels * taps, patches): torch.nn.Unfold, for every padding mode.

    >>> unfold(Conv(3, 2), np.array([[5, 6, 7]])).tolist()
    [[5, 6], [6, 7]]
    """
    seen = _patches(conv)
    pixels = x.reshape(conv.in_channels, -1)
    columns = np.where(seen == PADDING, 0, pixels[:, seen])
    unfolded: Array = columns.reshape(-1, seen.shape[1])
    return unfolded


def fold(conv: Conv, columns: Array) -> Array:
    """Add the entry of row (c, j) and column i to the pixel of channel c that tap j of patch i sees.

    Shape (in_channels, pixels): torch.nn.Fold, for every padding mode.

    >>> fold(Conv(3, 2), np.array([[1, 2], [3, 4]])).tolist()
    [[1, 5, 4]]
    """
    seen = _patches(conv)
    x = np.zeros((conv.in_channels, prod(conv.input_shape)), dtype=columns.dtype)
    values = columns.reshape(conv.in_channels, *seen.shape)
    for j, i in zip(*np.nonzero(seen != PADDING), strict=True):
        x[:, seen[j, i]] = x[:, seen[j, i]] + values[:, j, i]
    return x


def _patches(conv: Conv) -> Array:
    """Give the number of the pixel that tap j of patch i sees, shape (taps, patches): slices of the padded pixels."""
    pixels = np.arange(prod(conv.input_shape)).reshape(conv.input_shape)
    extended = [(max(lo, 0), max(hi, 0)) for lo, hi in conv.padding]
    if conv.padding_mode == "zeros":
        pixels = np.pad(pixels, extended, constant_values=PADDING)
    else:
        pixels = np.pad(pixels, extended, mode=NUMPY_MODES[conv.padding_mode])  # type: ignore[call-overload]
    for axis, (lo, hi) in enumerate(conv.padding):
        kept = range(max(-lo, 0), pixels.shape[axis] - max(-hi, 0))
        pixels = np.take(pixels, kept, axis=axis)
    starts = [range(0, s * o, s) for s, o in zip(conv.stride, conv.output_shape, strict=True)]
    rows = []
    for j in product(*map(range, conv.kernel_size)):
        at = [[d * tap + start for start in axis] for d, tap, axis in zip(conv.dilation, j, starts, strict=True)]
        rows.append(pixels[np.ix_(*at)].reshape(-1))
    return np.stack(rows)
