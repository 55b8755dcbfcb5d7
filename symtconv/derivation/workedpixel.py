"""The pixel that every construction works out, so that the results can be laid side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from symtconv.derivation.matrix import busiest_column
from symtconv.derivation.notation import Story, listed_taps
from symtconv.document.mathematics import Dots, Math, Relation, Sum
from symtconv.geometry import Axis
from symtconv.matrices.entries import taps_of_column

Place = tuple[int, ...]
Term = tuple[Place, Place]
MOST = 9


@dataclass(frozen=True)
class WorkedPixel:
    """A pixel of the first channel of z; of many terms only what the first channel of v adds to it is written out."""

    story: Story

    @cached_property
    def number(self) -> int:
        """Its number, row-major."""
        conv = self.story.conv
        busiest = busiest_column(self.story)
        if len(taps_of_column(conv, busiest)) > self.channels or prod(conv.kernel_size) == 1:
            return busiest
        # no pixel has more than one tap: take one whose tap is not the first, of a stamp that is not the first
        places = [_under_last_tap(axis) for axis in conv.axes]
        at = [m for m in places if m is not None]
        return int(np.ravel_multi_index(at, conv.large_shape)) if len(at) == len(places) else busiest

    @cached_property
    def at(self) -> Place:
        """Its place, counted from 0, without the channel."""
        return tuple(int(m) for m in np.unravel_index(self.number, self.story.conv.large_shape))

    @property
    def name(self) -> Math:
        """Its name."""
        return self.story.large(self.story.notation.z, self.number)

    @property
    def channels(self) -> int:
        """How many channels of v add to it: those of the first group."""
        return self.story.conv.small_channels // self.story.conv.groups

    @cached_property
    def terms(self) -> list[Term]:
        """The pairs of tap and pixel in its row of C^T, in one channel."""
        conv = self.story.conv
        taps, pixels = prod(conv.kernel_shape[1:]), prod(conv.small_shape)
        return [
            (_unravelled(number, conv.kernel_size), _unravelled(row, conv.small_shape))
            for number, row in taps_of_column(conv, self.number)
            if row < pixels and number < taps
        ]

    def written_channels(self, count: int) -> int:
        """Count the channels that are written out, of so many terms each: all, or the first alone."""
        return self.channels if count * self.channels <= MOST else 1

    def v(self, i: Place, channel: int = 0) -> Math:
        """Write a pixel of v."""
        return self.story.small(self.story.notation.v, int(np.ravel_multi_index((channel, *i), self._small)))

    def w(self, j: Place, channel: int = 0) -> Math:
        """Write a weight between a channel of v and the first of z."""
        return self.story.weight(self._weight(j, channel))

    @property
    def _small(self) -> Place:
        return self.story.small_pixels

    def _weight(self, j: Place, channel: int) -> int:
        return int(np.ravel_multi_index((channel, 0, *j), self.story.conv.kernel_shape))

    def with_others(self, written: Math, channels: int) -> Math:
        """Put dots for the other channels behind the sum over the first ones."""
        if channels == self.channels:
            return written
        return Sum(*(written.terms if isinstance(written, Sum) else (written,)), Dots("h"))

    def summed(self, terms: Sequence[Term], write: Callable[[Place, int], Math]) -> Math:
        """Write the sum, over channels and pairs of a tap and a place, of the weight times what is written there."""
        channels = self.written_channels(len(terms))
        pairs = [(channel, *term) for channel in range(channels) for term in terms]
        numbered = [(self._weight(tap, channel), place) for place, (channel, tap, _) in enumerate(pairs)]
        return self.with_others(
            listed_taps(self.story, numbered, lambda place: write(pairs[place][2], pairs[place][0])), channels
        )

    def equals(self, terms: Sequence[Term]) -> Math:
        """Write the pixel as the sum of weight times pixel."""
        return Relation(self.name, "=", self.summed(terms, self.v))


def _under_last_tap(axis: Axis) -> int | None:
    """Find the pixel that the last tap of the second stamp (of the first, if it is the only one) falls on."""
    for i, j in ((1, axis.kernel_size - 1), (0, axis.kernel_size - 1), (1, 0), (0, 0)):
        m = axis.stride * i + axis.dilation * j - axis.lo
        if i < axis.small and 0 <= m < axis.large:
            return m
    return None


def _unravelled(number: int, shape: tuple[int, ...]) -> Place:
    return tuple(int(part) for part in np.unravel_index(number % prod(shape), shape))
