"""What lies on the canvas of a transposed convolution: for each cell, which stamps reach it with which weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import TypeAlias

import numpy as np

from symtconv.derivation.matrix import busiest_column
from symtconv.derivation.notation import Story
from symtconv.derivation.terms import Terms, grouped
from symtconv.document.mathematics import Name
from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column

MOST_CHANNELS = 8  # that may lay stamps on a channel; of more only the first is followed
MOST_TAPS = 20_000  # of a kernel that is followed at all
BEFORE = 2  # cropped cells before the output that are kept where the canvas does not fit

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Canvas:
    """A plane of the output with the cells around it that are cropped, or the first `most` cells of it an axis.

    Places are (row, column) of what is drawn; one axis is one row. The plane is the first channel, and of more than
    two axes the one where most stamps meet. With the padding modes that fold, nothing is cropped, and the plane is the
    output's.
    """

    story: Story
    most: tuple[int, int]

    @property
    def whole_pair(self) -> bool:
        """Whether every channel that lays stamps on the plane is followed, not the first alone."""
        conv = self.story.conv
        return conv.small_channels // conv.groups <= MOST_CHANNELS

    @cached_property
    def plane(self) -> tuple[int, ...]:
        """The places of the plane on the axes before the last two."""
        shape = self.story.conv.large_shape
        return tuple(int(part) for part in np.unravel_index(busiest_column(self.story), shape))[:-2]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and end of what is drawn on each of the last axes, in pixels of the output."""
        axes = self.story.conv.axes[-2:]
        return tuple(self._span(axis, most) for axis, most in zip(axes, self.most[-len(axes) :], strict=True))

    def _span(self, axis: Axis, most: int) -> Place:
        low, high = 0, axis.large
        if self.story.conv.padding_mode == "zeros":
            low, high = min(0, -axis.lo), max(axis.large, natural(axis) - axis.lo)
            if high - low > most:
                low = max(low, -BEFORE)
        return low, min(high, low + most)

    @property
    def whole(self) -> bool:
        """Whether all that is cropped is drawn as well."""
        if self.story.conv.padding_mode != "zeros":
            return self.complete
        axes = zip(self.spans, self.story.conv.axes[-2:], strict=True)
        return self.complete and all(low <= -axis.lo and high >= natural(axis) - axis.lo for (low, high), axis in axes)

    @property
    def name(self) -> Name:
        """The name of the plane: z, or the first channel of z, or a plane of more than two axes."""
        story = self.story
        return Name(story.notation.z, *story.counted(self.plane if story.single else (0, *self.plane)))

    @property
    def size(self) -> Place:
        """Rows and columns that are drawn."""
        sizes = [high - low for low, high in self.spans]
        return (1, sizes[0]) if len(sizes) == 1 else (sizes[0], sizes[1])

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """The output within what is drawn: first row, first column, rows, columns."""
        starts, lengths = [], []
        for (low, high), axis in zip(self.spans, self.story.conv.axes[-2:], strict=True):
            starts.append(max(0, -low))
            lengths.append(max(0, min(high, axis.large) - max(low, 0)))
        if len(starts) == 1:
            return 0, starts[0], 1, lengths[0]
        return starts[0], starts[1], lengths[0], lengths[1]

    def inside(self, place: Place) -> bool:
        """Tell whether a cell belongs to the output; the others are cropped."""
        top, left, rows, columns = self.frame
        return top <= place[0] < top + rows and left <= place[1] < left + columns

    @property
    def complete(self) -> bool:
        """Whether the whole output is drawn."""
        shape = self.story.conv.large_shape[-2:]
        return self.frame[2:] == ((1, shape[0]) if len(shape) == 1 else shape)

    @cached_property
    def cells(self) -> dict[Place, Terms]:
        """The terms of each cell that is drawn and reached: (pixel of v, numbers of the weights)."""
        conv, shifted = self.story.conv, list(self.story.conv.axes)
        if conv.padding_mode == "zeros":
            for number, (low, high) in zip(range(-len(self.spans), 0), self.spans, strict=True):
                axis = shifted[number]
                shifted[number] = replace(axis, large=high - low, lo=axis.lo + low)
        channels = (conv.in_channels, conv.out_channels, conv.groups) if self.whole_pair else (1, 1, 1)
        window = Conv._resolved(tuple(shifted), *channels, conv.padding_mode)
        found = {}
        for place in np.ndindex(*self.size):
            at = (*self.plane, *(place if conv.ndim > 1 else place[1:]))
            terms = grouped(taps_of_column(window, int(np.ravel_multi_index(at, window.large_shape))))
            if terms:
                found[place[0], place[1]] = terms
        return found

    @cached_property
    def stamps(self) -> dict[int, dict[Place, list[int]]]:
        """The stamps that reach what is drawn: pixel of v -> cell -> numbers of the weights."""
        found: dict[int, dict[Place, list[int]]] = {}
        for place, terms in self.cells.items():
            for pixel, numbers in terms:
                found.setdefault(pixel, {})[place] = numbers
        return dict(sorted(found.items()))


def natural(axis: Axis) -> int:
    """Give the size of the canvas, s(o-1) + K.

    >>> natural(Conv(9, 3, dilation=2, stride=2, padding=2).axes[0])
    13
    """
    return axis.stride * (axis.small - 1) + axis.effective_kernel


def can_follow(story: Story) -> bool:
    """Tell whether the kernel is small enough for its stamps to be followed."""
    return prod(story.conv.kernel_size) <= MOST_TAPS
