"""Pictures of stamps on the canvas and of their sum: terms that meet are added in one cell, in colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TypeAlias

from symtconv.derivation.canvas import Canvas, Place
from symtconv.derivation.notation import Story
from symtconv.derivation.terms import Numbers, Terms, term
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import Blank, Coloured, Dots, Math, Sum, Times, Words
from symtconv.document.widths import width
from symtconv.figures.scene import Cell, Fill, Frame, Item, Label, Scene, merge, translate

MOST_STAMPS = 6
WIDEST_SUM = 22.7  # units that the widest sum has with its name; a line of text has 455 points
UNIT = 20.0  # points of a unit, at least
ROOM = 22.0  # units across a page
LINE = 0.5  # units that a term needs
MOST_TALL = 23.0  # units of a picture
FEW_TERMS = 4  # that a cell holds in the tallest picture too
STAMP_TERMS = 2  # that a cell of a stamp holds
TALL = 11.0  # units of a sum; terms stand beside each other where they would make it higher
HUES = (
    Fill("vermillion", 0.28), Fill("blue", 0.25), Fill("yellow", 0.45), Fill("green", 0.25), Fill("purple", 0.4),
    Fill("sky", 0.3), Fill("orange", 0.45), Fill("wine", 0.3), Fill("grey", 0.25),
)  # fmt: skip

Term: TypeAlias = tuple[Math, Fill]
Picture: TypeAlias = dict[Place, list[Term]]


@dataclass(frozen=True)
class Images:
    """The images of one plane: its stamps, their sum and, with numbers, what the sum is worth."""

    canvas: Canvas
    numbers: Numbers | None
    signs: bool = True  # whether plus signs stand between the terms of a cell

    @property
    def story(self) -> Story:
        """The story that is drawn."""
        return self.canvas.story

    @cached_property
    def shown(self) -> tuple[int | None, ...]:
        """The pixels whose stamps are drawn one by one, with None for those left out."""
        pixels = list(self.canvas.stamps)
        return tuple(pixels) if len(pixels) <= MOST_STAMPS else (*pixels[:2], None, pixels[-1])

    @cached_property
    def hues(self) -> dict[int, Fill]:
        """The colour of each stamp: one for each pixel, or for each place in all channels, or they repeat."""
        keys = self._keys
        order = {key: number for number, key in enumerate(dict.fromkeys(keys.values()))}
        return {pixel: HUES[order[key] % len(HUES)] for pixel, key in keys.items()}

    @cached_property
    def _keys(self) -> dict[int, int]:
        """What the colours tell apart: the pixels, or, where these are too many, their places."""
        pixels = list(self.canvas.stamps)
        if len(pixels) <= len(HUES):
            return {pixel: pixel for pixel in pixels}
        places = prod(self.story.conv.small_shape)
        return {pixel: pixel % places for pixel in pixels}

    @property
    def colour_words(self) -> str:
        """Say what has a colour of its own; nothing where colours repeat."""
        keys = self._keys
        if len(set(keys.values())) > len(HUES):
            return ""
        if len(set(keys.values())) == len(keys):
            return ", with one colour for each pixel of "
        return ", with one colour for each place, whatever the channel, of "

    def stamp(self, pixel: int) -> Picture:
        """Give the stamp of a pixel: the weights, or the products where there are numbers."""
        cells = self.canvas.stamps[pixel]
        hue = self.hues[pixel]
        return {place: [(self._weight(pixel, number), hue) for number in cells[place]] for place in cells}

    def _weight(self, pixel: int, number: int) -> Math:
        if self.numbers is None:
            return self.story.weight(number)
        return formula_of(self.numbers.value([(pixel, [number])]))

    @cached_property
    def sum(self) -> Picture:
        """Give the sum: in each cell a term for each stamp and weight, with plus signs between if they have room."""
        return {
            place: [
                (label if first or not self.signs else Sum(Blank(), label), hue)
                for first, label, hue in self._terms(terms)
            ]
            for place, terms in self.canvas.cells.items()
        }

    def _terms(self, terms: Terms) -> Iterable[tuple[bool, Math, Fill]]:
        flat = [(pixel, number) for pixel, several in terms for number in several]
        for place, (pixel, number) in enumerate(flat):
            yield place == 0, self._term(pixel, number), self.hues[pixel]

    def _term(self, pixel: int, number: int) -> Math:
        if self.numbers is not None:
            return self._weight(pixel, number)
        return term(self.story, [number], self.story.small(self.story.notation.v, pixel))

    @cached_property
    def sums(self) -> tuple[Picture, ...]:
        """Give the sum and, with numbers, a second picture with the value of each cell."""
        numbers, grey = self.numbers, Fill("grey", 0.12)
        if numbers is None:
            return (self.sum,)
        cells = self.canvas.cells.items()
        return self.sum, {place: [(formula_of(numbers.value(terms)), grey)] for place, terms in cells}

    # Drawn

    @property
    def crowded(self) -> bool:
        """Whether most cells of the sum hold more terms than a picture has room for."""
        heights = row_heights(self.sum, self.canvas.size[0], self.a_line)
        counts = [(len(terms), self.a_line * int(heights[row] / LINE + 1e-6)) for (row, _), terms in self.sum.items()]
        return 2 * sum(count > room for count, room in counts) > len(counts)

    @property
    def across(self) -> float:
        """The width of the sum with what stands before it, in units."""
        before = 0.65 + (1.05 * width(self.canvas.name, font="small") + 5) / UNIT
        if self.canvas.size[0] == 1:
            before = max(before, self._lead + 0.3)
        return self.canvas.size[1] * self.sum_width + before

    @cached_property
    def sum_width(self) -> float:
        """The width in units that a term of the sum needs, or the count of too many."""
        highest = sum(row_heights(self.sum, self.canvas.size[0], capped=False))
        return cell_width((self.sum,), FEW_TERMS if highest > MOST_TALL else None)

    @cached_property
    def a_line(self) -> int:
        """How many terms of the sum stand beside each other in a cell, so that it is not too high."""
        rows, columns = self.canvas.size
        wide = self.sum_width
        most = max(1, int((ROOM - 1.5) / (columns * wide))) if rows > 1 else 1
        return next((n for n in range(1, most) if sum(row_heights(self.sum, rows, n)) <= TALL), most)

    def stamp_scenes(self) -> list[Scene]:
        """Draw the stamps, each after its pixel, in rows that fit the page."""
        pictures = self._stamps
        aside = cell_width(pictures.values())
        step = self.canvas.size[1] * aside + self._lead + 0.4
        a_row = max(1, int((ROOM + 0.3) / step))
        inputs = self.story.conv.small_shape[-1]
        if None not in self.shown and inputs <= a_row:
            a_row = inputs
        scenes = []
        for start in range(0, len(self.shown), a_row):
            x, row = 0.0, []
            for place, pixel in enumerate(self.shown[start : start + a_row]):
                row.append(translate(self._after_its_pixel(pixel, aside, first=start + place == 0), x, 0))
                x += step if pixel is not None else 1.6
            scenes.append(merge(*row))
        return scenes

    @cached_property
    def _stamps(self) -> dict[int, Picture]:
        return {pixel: self.stamp(pixel) for pixel in self.shown if pixel is not None}

    def stacked_scene(self, name: Math | None) -> Scene:
        """Draw one axis: the stamps below each other and their sum below them, cell below cell."""
        aside = max(self.sum_width, cell_width(self.sums[1:]), cell_width(self._stamps.values()))
        parts, y = [], 0.0
        for place, pixel in enumerate(self.shown):
            parts.append(translate(self._after_its_pixel(pixel, aside, first=place == 0), 0, y))
            y += 1.3
        for picture in self.sums:
            drawn = self.sum_scene(picture, name if picture is self.sum else None, aside)
            parts.append(translate(drawn, 0, y + 0.3))
            y += drawn.bounds[3] + 0.3
        return merge(*parts)

    def _after_its_pixel(self, pixel: int | None, aside: float, *, first: bool) -> Scene:
        before = Scene(*self._before(pixel, first=first))
        return before if pixel is None else merge(before, self.draw(self._stamps[pixel], aside))

    @cached_property
    def _lead(self) -> float:
        """The units that the widest name before a stamp takes, with its sign."""
        return 0.8 + max(width(self._weighing(pixel), font="small") for pixel in self._stamps) / UNIT

    def _weighing(self, pixel: int) -> Math:
        """Name what stands before a stamp: its pixel, or the product where that is worked out."""
        letters = self.story.notation
        name = self.story.small(letters.v, pixel)
        return name if self.numbers is None else Times(name, letters.w)

    def _before(self, pixel: int | None, *, first: bool) -> Iterable[Item]:
        """Write the name before a stamp, with a plus sign or, where the product is worked out, an equals sign."""
        top, _, rows, _ = self.canvas.frame
        middle = top + rows / 2 if rows else self.canvas.size[0] / 2
        if pixel is None:
            yield Label(-0.7, middle, Dots("h"))
        elif self.numbers is None:
            yield Label(-self._lead + 0.2, middle, Blank() if first else "+")
            yield Label(-0.05, middle, self._weighing(pixel), "right")
        else:
            yield Label(-0.3, middle, "=")
            yield Label(-0.55, middle, self._weighing(pixel), "right")

    def sum_scene(self, picture: Picture, name: Math | None, aside: float | None = None) -> Scene:
        """Draw a sum behind its name and an equals sign."""
        a_line = self.a_line if picture is self.sum else 1
        wide = self.sum_width if picture is self.sum else cell_width((picture,))
        drawn = self.draw(picture, a_line * wide if aside is None else aside, a_line=a_line)
        middle = drawn.bounds[3] / 2
        before = [Label(-0.4, middle, "=")] + ([Label(-0.65, middle, name, "right")] if name is not None else [])
        return merge(Scene(*before), drawn)

    def draw(self, picture: Picture, aside: float, *, a_line: int = 0) -> Scene:
        """Draw a picture on the canvas; the thick frame is the output, what is cropped is grey.

        With `a_line` it is a sum, with so many terms beside each other and a line round every pixel.
        """
        rows, columns = self.canvas.size
        heights = row_heights(picture, rows, a_line) if a_line else [1.0] * rows
        lines = "medium" if a_line else "faint"
        tops = [sum(heights[:row]) for row in range(rows + 1)]
        items: list[Item] = []
        for place, terms in sorted(picture.items()):
            row, column = place
            items += self._cell(place, terms, (column * aside, tops[row], aside, heights[row]), max(a_line, 1))
        items += [Frame(0, tops[row], columns * aside, heights[row], lines, "grey") for row in range(rows)]
        items += [Frame(column * aside, 0, aside, tops[-1], lines, "grey") for column in range(columns)]
        top, left, down, over = self.canvas.frame
        if down and over:
            y, x = tops[top], left * aside
            items.append(Frame(x, y, over * aside, tops[top + down] - y, "thick"))
        return Scene(*items)

    def _cell(
        self, place: Place, terms: Sequence[Term], box: tuple[float, float, float, float], a_line: int
    ) -> Iterable[Item]:
        x, y, wide, high = box
        if len(terms) > a_line * max(1, int(high / LINE + 1e-6)):
            terms = [(_counted(terms), Fill("grey", 0.3))]
        lines = [terms[start : start + a_line] for start in range(0, len(terms), a_line)]
        each = high / len(lines)
        for number, line in enumerate(lines):
            part = wide / len(line)
            for position, (label, fill) in enumerate(line):
                at = x + position * part, y + number * each
                if self.canvas.inside(place):
                    yield Cell(*at, label, fill, part, each)
                else:
                    yield Cell(*at, Coloured(label, "grey"), None, part, each)


def _counted(terms: Sequence[Term]) -> Math:
    return Words(f"{len(terms)} terms")


def cell_width(pictures: Iterable[Picture], most: int | None = STAMP_TERMS) -> float:
    """Give the width of a cell in units, so that every term can be read, or the count of more terms than `most`."""
    every = [terms for picture in pictures for terms in picture.values()]
    written = [label for terms in every for label, _ in terms]
    written += [_counted(terms) for terms in every if most is not None and len(terms) > most]
    widest = max((width(label, font="scriptsize") for label in written), default=0.0)
    return max(1.0, (widest + 3.05) / UNIT)


def row_heights(picture: Picture, rows: int, a_line: int = 1, *, capped: bool = True) -> list[float]:
    """Give the height of each row: room for its terms, `a_line` beside each other, or for a few of too many."""
    most = [0] * rows
    for (row, _), terms in picture.items():
        most[row] = max(most[row], -(-len(terms) // a_line))
    if capped and LINE * sum(max(count, 2) for count in most) > MOST_TALL:
        most = [min(count, FEW_TERMS) for count in most]
    return [max(1.2, LINE * count) for count in most]


__all__ = ["ROOM", "Images", "Picture", "cell_width"]
