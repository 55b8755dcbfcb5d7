"""The matrices of the gradient by the kernel and of the second derivatives, as a page shows them: of several channels
one block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.derivation.notation import Story, written_sum
from symtconv.derivation.reach import used
from symtconv.derivation.reading import outputs_between, pixel_read
from symtconv.document.mathematics import Math, Matrix, Name
from symtconv.document.pattern import Band, Lines, patterned_matrix, whole_matrix
from symtconv.geometry import Axis
from symtconv.taps import NONE, source

WHOLE = 160  # entries of a matrix with channels that is shown whole
SAMPLED = 64  # outputs at either end that are asked what they read


def weight_name(story: Story, number: int) -> Math:
    """Write the name of a weight, whatever its value."""
    at = np.unravel_index(number, story.conv.kernel_shape)
    return Name(story.notation.w, *story.counted(at[2:] if story.single else at))


def shows_block(story: Story, rows: int, columns: int) -> bool:
    """Tell whether one block of a matrix with channels is shown in place of the matrix."""
    return not story.single and rows * columns > WHOLE


def unfold_matrix(story: Story) -> tuple[Matrix, bool]:
    """Write X, what output i reads with tap j, or its block for the first output channel; and say if it is a block."""
    conv = story.conv
    block = shows_block(story, story.rows, prod(conv.kernel_shape))
    small = conv.small_shape if block else story.small_pixels
    kernel = conv.kernel_shape[1:] if block else conv.kernel_shape

    def entry(row: int, weight: int) -> Math | None:
        read = pixel_read(conv, story.listed(row, small), story.listed(weight, kernel))
        return None if read is None else story.large(story.notation.x, read)

    bands = [] if block else [Band(conv.small_channels, conv.small_channels, lambda channel: [channel])]
    bands.append(Band(1, conv.kernel_shape[1], lambda _: range(conv.kernel_shape[1])))
    for number, axis in enumerate(conv.axes):
        reads = partial(_taps_that_read, axis, conv.padding_mode)
        bands.append(Band(axis.small, axis.kernel_size, reads, used(conv, number, "small")))
    rows = Lines(prod(small), label=lambda row: story.small(story.notation.y, story.listed(row, small)))
    columns = Lines(prod(kernel), label=lambda weight: weight_name(story, story.listed(weight, kernel)))
    return _shown(story, entry, bands, rows, columns), block


def mixed_matrix(story: Story) -> tuple[Matrix, bool]:
    """Write B(v), by weight and pixel the outputs between them, or its first block; and say if it is a block."""
    conv = story.conv
    block = shows_block(story, prod(conv.kernel_shape), story.columns)
    kernel, large = (conv.kernel_size, conv.large_shape) if block else (conv.kernel_shape, story.large_pixels)

    def entry(row: int, column: int) -> Math | None:
        outputs = outputs_between(conv, story.listed(row, kernel), story.listed(column, large))
        return written_sum(outputs, lambda one: story.small(story.notation.v, one), most=3) if outputs else None

    bands = [] if block else [Band(prod(conv.kernel_shape[:2]), conv.large_channels, partial(_channel_read, story))]
    for axis in conv.axes:
        bands.append(Band(axis.kernel_size, axis.large, partial(_pixels_read, axis, conv.padding_mode)))
    rows = Lines(prod(kernel), label=lambda row: weight_name(story, story.listed(row, kernel)))
    columns = Lines(prod(large), label=lambda column: story.large(story.notation.x, story.listed(column, large)))
    return _shown(story, entry, bands, rows, columns), block


def _shown(
    story: Story, entry: Callable[[int, int], Math | None], bands: Sequence[Band], rows: Lines, columns: Lines
) -> Matrix:
    brackets = story.notation.brackets
    whole = whole_matrix(entry, rows, columns, brackets=brackets)
    return whole or patterned_matrix(entry, bands, rows, columns, order=story.notation.order, brackets=brackets)


def _taps_that_read(axis: Axis, mode: PaddingMode, output: int) -> range:
    """List the taps of an output that do not read zero padding."""
    if mode != "zeros":
        return range(axis.kernel_size)
    start = axis.lo - axis.stride * output  # 0 <= d j - start < n
    first = max(-(-start // axis.dilation), 0)
    return range(first, max(min((start + axis.large - 1) // axis.dilation + 1, axis.kernel_size), first))


def _pixels_read(axis: Axis, mode: PaddingMode, tap: int) -> list[int]:
    """List the pixels that outputs read with a tap, those of the first and of the last outputs."""
    outputs = sorted({*range(min(axis.small, SAMPLED)), *range(max(axis.small - SAMPLED, 0), axis.small)})
    places = axis.stride * np.asarray(outputs, dtype=np.int64) + axis.dilation * tap - axis.lo
    return sorted({int(pixel) for pixel in source(places, axis.large, mode)} - {NONE})


def _channel_read(story: Story, pair: int) -> list[int]:
    """Give the channel of x that the weights of a pair (c', b) read; the pairs are counted as vec counts weights."""
    conv = story.conv
    shape = conv.kernel_shape[:2]
    small, offset = np.unravel_index(pair, shape, order=story.notation.order)
    return [int(small) // (conv.small_channels // conv.groups) * shape[1] + int(offset)]
