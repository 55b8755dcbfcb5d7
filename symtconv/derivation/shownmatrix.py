"""The matrix C, or its transpose, as a page shows it: whole, elided, as a scheme of its blocks, or one block of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import TypeAlias

import numpy as np

from symtconv.derivation.notation import Story
from symtconv.derivation.reach import Part, plane_of, used
from symtconv.document.mathematics import Like, Math, Matrix, Name, Relation, Transpose, Words
from symtconv.document.pattern import Lines, patterned_matrix, whole_matrix
from symtconv.geometry import Conv
from symtconv.matrices.entries import taps_of_column, taps_of_row

Naming: TypeAlias = Callable[[int], Like] | None
FEW_CHANNELS = 8  # of more, the first two and the last are looked at


@dataclass(frozen=True)
class Shown:
    """C with a letter for the pixels of each of its sides; of C^T the rows are the large side."""

    story: Story
    transposed: bool

    @cached_property
    def plane(self) -> Conv:
        """The convolution of one channel."""
        return plane_of(self.story.conv)

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

    def filled(self, row: int) -> Sequence[int]:
        """List the columns that hold something in a row; where there are many channels, those of some."""
        own, other = self.sides
        channel, pixel = divmod(self.story.listed(row, self.pixels(own)), prod(self.pixels(own)[1:]))
        taps = taps_of_column(self.plane, pixel) if self.transposed else taps_of_row(self.plane, pixel)
        shape = self.pixels(other)
        group = channel // (self.pixels(own)[0] // self.story.conv.groups)
        each = shape[0] // self.story.conv.groups
        seen = range(each) if each <= FEW_CHANNELS else (0, 1, each - 1)
        numbers = [(group * each + c) * prod(shape[1:]) + at for c in seen for at in sorted({at for _, at in taps})]
        if not numbers or self.story.notation.order == "C":
            return numbers
        places: list[int] = np.ravel_multi_index(np.unravel_index(numbers, shape), shape, order="F").tolist()
        return places

    # Lines

    def lines(self, number: int, *, block: bool, named: bool = True) -> Lines:
        """Describe the rows (0) or the columns (1) of C, or of its first block."""
        part, story = self.sides[number], self.story
        pixels = self.pixels(part)
        order = story.notation.order
        inner = pixels if order == "F" else pixels[::-1]
        steps = [int(step) for step in np.cumprod(inner, dtype=object)][:-1]  # of image rows, planes, channels
        if order == "F" and story.single:
            steps = steps[1:]
        if block or (order == "C" and story.single):
            steps = steps[:-1]
        count = prod(pixels[1:]) if block else prod(pixels)
        steps = [step for step in dict.fromkeys(steps) if 1 < step < count]
        starts, end = self._starts(part, block=block)

        label, name = self._labels(number, named=named, channels=not block)
        section = steps[-1] if len(steps) > 1 else 0
        return Lines(count, steps[0] if steps else 1, section, starts, end, label=label, name=name)

    def _labels(self, number: int, *, named: bool, channels: bool) -> tuple[Callable[[int], Like], Naming]:
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

        if not story.single and story.notation.order == "C" and channels:
            return pixel, channel
        if named or len(pixel(0).indices) == 1:
            return pixel, None
        return within, around

    def _starts(self, part: Part, *, block: bool) -> tuple[tuple[int, ...], int]:
        """Give the first places of vec that hold something, in the first image row and in the next, and the last."""
        order, pixels = self.story.notation.order, self.pixels(part)
        axes = [used(self.plane, number, part) for number in range(self.plane.ndim)]
        along = len(axes) - 2 if order == "C" else 1
        first, last = [axis[0] for axis in axes], [axis[2] for axis in axes]
        starts = [first]
        if len(axes) > 1:
            starts.append([axis[1] if number == along else axis[0] for number, axis in enumerate(axes)])
        channel = 0 if block else pixels[0] - 1
        places = [int(np.ravel_multi_index((0, *at), pixels, order=order)) for at in starts]
        return tuple(dict.fromkeys(places)), int(np.ravel_multi_index((channel, *last), pixels, order=order))

    # Matrices

    def matrix(self, *, block: bool = False) -> Matrix:
        """Write C, or its first block, with letters above the columns where they cost no column."""
        entry, rows, whole = cache(self.entry), self.lines(0, block=block), self.lines(1, block=block)

        def built(columns: Lines) -> Matrix:
            def filled(row: int) -> Sequence[int]:
                return [column for column in self.filled(row) if column < columns.count]

            return patterned_matrix(entry, filled, rows, columns, brackets=self.story.notation.brackets)

        with_letters = built(whole)
        if with_letters.shape == (rows.count, whole.count):
            return with_letters
        without = built(self.lines(1, block=block, named=False))
        return with_letters if with_letters.shape == without.shape else without

    @property
    def fits(self) -> bool:
        """Whether C fits the page without a gap."""
        rows, columns = self.lines(0, block=False), self.lines(1, block=False)
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
            grouped = step if story.conv.groups > 1 else count
            starts = tuple(start for start in (0, grouped) if start < count)
            return Lines(count, 1, grouped if grouped < count else 0, starts, label=label(part), longest=3)

        def filled(p: int) -> Sequence[int]:
            first = p // high * wide
            return sorted(first + c for c in {0, 1, 2, wide - 2, wide - 1} if 0 <= c < wide)

        return patterned_matrix(
            entry, filled, lines(counts[0], high, own), lines(counts[1], wide, other), brackets=story.notation.brackets
        )

    def block_name(self, small: int, large: int) -> Math:
        """Write C_{c',c} with the numbers of two channels."""
        return Name(self.story.notation.C, *self.story.counted((small, large)))
