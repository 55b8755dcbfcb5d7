"""The matrix C, or its transpose, as a page shows it: whole, elided, as a scheme of its blocks, or one block of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import prod
from typing import TypeAlias

import numpy as np

from symtconv.derivation.notation import Story
from symtconv.derivation.reach import Part, partners, plane_of, used
from symtconv.document.mathematics import Like, Math, Matrix, Name, Relation, Transpose, Words
from symtconv.document.pattern import Band, Lines, patterned_matrix, whole_matrix

Naming: TypeAlias = Callable[[int], Like] | None


@dataclass(frozen=True)
class Shown:
    """C with a letter for the pixels of each of its sides; of C^T the rows are the large side."""

    story: Story
    transposed: bool

    @property
    def block(self) -> Shown:
        """The block between two channels: one channel's convolution, with names or the first pair's weights."""
        story = self.story
        given = None if story.weights is None else story.weights.reshape(story.conv.kernel_shape)[0, 0]
        return Shown(Story(plane_of(story.conv), story.notation, given), self.transposed)

    @property
    def sides(self) -> tuple[Part, Part]:
        """What the rows and the columns stand for."""
        return ("large", "small") if self.transposed else ("small", "large")

    @property
    def letters(self) -> tuple[str, str]:
        """The letters of what the rows and the columns stand for."""
        letters = self.story.notation
        return (letters.z, letters.v) if self.transposed else (letters.y, letters.x)

    def pixels(self, part: Part) -> tuple[int, ...]:
        """Give a side as an array, (channels, *pixels)."""
        return self.story.small_pixels if part == "small" else self.story.large_pixels

    # Entries

    def entry(self, row: int, column: int) -> Math | None:
        """Write an entry."""
        return self.story.entry(column, row) if self.transposed else self.story.entry(row, column)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Say which channels, and which places of each axis, a row fills."""
        own, other = (self.pixels(side)[0] for side in self.sides)
        high, wide = own // self.story.conv.groups, other // self.story.conv.groups
        channels = Band(own, other, lambda p: range(p // high * wide, (p // high + 1) * wide))
        return channels, *(self._band(number) for number in range(self.story.conv.ndim))

    def _band(self, number: int) -> Band:
        conv, part = self.story.conv, self.sides[0]
        own, other = (self.pixels(side)[1 + number] for side in self.sides)
        reads = partial(partners, conv.axes[number], part=part, mode=conv.padding_mode)
        return Band(own, other, reads, used(conv, number, part))

    # Lines

    def lines(self, number: int, *, named: bool = True) -> Lines:
        """Describe the rows (0) or the columns (1) of C."""
        part, story = self.sides[number], self.story
        pixels = self.pixels(part)
        order = story.notation.order
        inner = pixels if order == "F" else pixels[::-1]
        steps = [int(step) for step in np.cumprod(inner, dtype=object)][:-1]  # of image rows, planes, channels
        if story.single:
            steps = steps[1:] if order == "F" else steps[:-1]
        count = prod(pixels)
        steps = [step for step in dict.fromkeys(steps) if 1 < step < count]
        label, name = self._labels(number, named=named)
        section = steps[-1] if len(steps) > 1 else 0
        return Lines(count, steps[0] if steps else 1, section, label=label, name=name)

    def _labels(self, number: int, *, named: bool) -> tuple[Callable[[int], Like], Naming]:
        """Label lines by their pixels; and name their blocks by the channel, or else by what pixels of a block share.

        A pixel is x_{0,1}, or, not `named`, 1 in the block x_{0,:}.
        """
        part, letter = self.sides[number], self.letters[number]
        story, pixels = self.story, self.pixels(part)

        def pixel(place: int) -> Name:
            at = np.unravel_index(story.listed(place, pixels), pixels)
            return Name(letter, *story.counted(at[1:] if story.single else at))

        def channel(place: int) -> Like:
            sign = story.c_small if part == "small" else story.c
            return Relation(sign, "=", place // prod(pixels[1:]) + story.notation.base)

        fastest = -1 if story.notation.order == "C" else 0

        def within(place: int) -> Like:
            return pixel(place).indices[fastest]

        def around(place: int) -> Like:
            indices = pixel(place).indices
            colon = (Words(":"),)
            return Name(letter, *(indices[:-1] + colon if fastest else colon + indices[1:]))

        if not story.single and story.notation.order == "C":
            return pixel, channel
        if named or len(pixel(0).indices) == 1:
            return pixel, None
        return within, around

    # Matrices

    def matrix(self) -> Matrix:
        """Write C, with letters above the columns where they cost no column."""
        entry, rows, whole = cache(self.entry), self.lines(0), self.lines(1)
        order, brackets = self.story.notation.order, self.story.notation.brackets

        def built(columns: Lines) -> Matrix:
            return patterned_matrix(entry, self.bands, rows, columns, order=order, brackets=brackets)

        with_letters = built(whole)
        if with_letters.shape == (rows.count, whole.count):
            return with_letters
        without = built(self.lines(1, named=False))
        return with_letters if with_letters.shape == without.shape else without

    @property
    def fits(self) -> bool:
        """Whether C fits the page without a gap."""
        rows, columns = self.lines(0), self.lines(1)
        return whole_matrix(self.entry, rows, columns, brackets=self.story.notation.brackets) is not None

    def scheme(self) -> Matrix:
        """Write C as a matrix of its blocks C_{c',c}, those between groups 0."""
        story, (own, other) = self.story, self.sides
        counts = self.pixels(own)[0], self.pixels(other)[0]
        high, wide = (count // story.conv.groups for count in counts)

        def entry(p: int, q: int) -> Like:
            if p // high != q // wide:
                return 0
            block = self.block_name(q, p) if self.transposed else self.block_name(p, q)
            return Transpose(block) if self.transposed else block

        def label(part: Part) -> Callable[[int], Like]:
            sign = story.c_small if part == "small" else story.c
            return lambda channel: Relation(sign, "=", channel + story.notation.base)

        def lines(count: int, step: int, part: Part) -> Lines:
            return Lines(count, 1, step if step < count else 0, label=label(part))

        def reads(p: int) -> Sequence[int]:
            return range(p // high * wide, (p // high + 1) * wide)

        ends = (0, high if high < counts[0] else min(1, high - 1), counts[0] - 1)
        band = Band(*counts, reads, ends)
        return patterned_matrix(
            entry, (band,), lines(counts[0], high, own), lines(counts[1], wide, other), brackets=story.notation.brackets
        )

    def block_name(self, small: int, large: int) -> Math:
        """Write C_{c',c} with the numbers of two channels."""
        return Name(self.story.notation.C, *self.story.counted((small, large)))
