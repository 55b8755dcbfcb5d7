"""The pixel that every construction works out, so that the results can be laid side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symtconv.derivation.matrix import busiest_column
from symtconv.derivation.notation import Story, written_sum
from symtconv.document.mathematics import Dots, Math, Relation, Sum, Times

Place = tuple[int, ...]
Term = tuple[Place, Place]


@dataclass(frozen=True)
class WorkedPixel:
    """A pixel of the first channel of z; with channels only what the first channel of v adds to it is written out."""

    story: Story

    @cached_property
    def number(self) -> int:
        """Its number, row-major."""
        return busiest_column(self.story)

    @cached_property
    def at(self) -> Place:
        """Its place, counted from 0, without the channel."""
        return tuple(int(m) for m in np.unravel_index(self.number, self.story.conv.large_shape))

    @property
    def name(self) -> Math:
        """Its name."""
        return self.story.large(self.story.notation.z, self.number)

    def v(self, i: Place) -> Math:
        """Write a pixel of v."""
        return self.story.small(self.story.notation.v, int(np.ravel_multi_index(i, self.story.conv.small_shape)))

    def w(self, j: Place) -> Math:
        """Write a weight."""
        return self.story.weight(int(np.ravel_multi_index(j, self.story.conv.kernel_size)))

    @property
    def partial(self) -> bool:
        """Whether other channels of v add to the pixel."""
        return self.story.conv.small_channels > self.story.conv.groups

    def with_others(self, sum_of_channel: Math) -> Math:
        """Put dots for the other channels behind the sum over the first."""
        if not self.partial:
            return sum_of_channel
        return Sum(*(sum_of_channel.terms if isinstance(sum_of_channel, Sum) else (sum_of_channel,)), Dots("h"))

    def written(self, terms: Sequence[Term]) -> Math:
        """Write the sum of weight times pixel over pairs of a tap and a pixel."""
        return self.with_others(written_sum(terms, lambda term: Times(self.w(term[0]), self.v(term[1]))))

    def equals(self, terms: Sequence[Term]) -> Math:
        """Write the pixel as such a sum."""
        return Relation(self.name, "=", self.written(terms))
