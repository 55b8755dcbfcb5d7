"""Elision that keeps the pattern of a sparse matrix in sight.

The lines of such a matrix count the places of several axes, and its pattern is the product of one band an axis: an
entry may hold something where on every axis the row reads the column. So lines are chosen axis by axis, for rows and
columns together, and every row that is shown shows something of what it holds. The rest is never computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Literal

from symtconv.document.elision import Shown, Side, elided_matrix, picked
from symtconv.document.mathematics import Like, Matrix

MOST_ROWS = 25  # of a matrix that is shown without gaps
ELIDED_ROWS = 15
MOST_COLUMNS = 40
LOOKED_AT = 40  # columns at either end of what a row reads
_SPARE = 8  # points, so that the matrix fits in any display
Order = Literal["C", "F"]
Choice = tuple[tuple[int, ...], ...]  # the places that are shown, axis by axis


@dataclass(frozen=True)
class Band:
    """One axis of the rows against one of the columns: what each row reads, in order, and which rows read at all.

    `ends` are the first, the second and the last row that read something.
    """

    rows: int
    columns: int
    reads: Callable[[int], Sequence[int]]
    ends: tuple[int, int, int] | None = None

    def some_rows(self, budget: int) -> tuple[int, ...]:
        """Choose rows: all, or the first that read, one after the other, and the last.

        >>> Band(9, 9, lambda i: [i]).some_rows(4)
        (0, 1, 2, 8)
        """
        if budget >= self.rows:
            return tuple(range(self.rows))
        first, second, last = self.ends or (0, min(1, self.rows - 1), self.rows - 1)
        head = [first, *range(second, min(second + budget - 2, self.rows))][: max(budget - 1, 1)]
        return tuple(sorted({*head, last} if budget > 1 else {first}))

    def looked_at(self, row: int) -> set[int]:
        """Give what a row reads, or much of it."""
        reads = self.reads(row)
        return {*reads[:LOOKED_AT], *reads[-LOOKED_AT:]}

    def some_columns(self, rows: Sequence[int], budget: int, *, scattered: bool = False) -> tuple[int, ...] | None:
        """Choose columns of which every given row reads one: the first and the last that are read, or else, scattered,
        the first of every row that needs one. None if the budget is too small.

        >>> Band(3, 7, lambda i: [2 * i, 2 * i + 1, 2 * i + 2]).some_columns((0, 1, 2), 4)
        (0, 1, 2, 6)
        """
        read = [seen for row in rows if (seen := self.looked_at(row))]
        every = sorted(set().union(*read)) or [0]
        if scattered:
            covered: set[int] = set()
            for seen in read:
                if not covered & seen:
                    covered.add(min(seen))
            return tuple(sorted(covered or every)) if len(covered) <= budget else None
        if len(every) <= budget:
            return tuple(every)
        for tail in range(1, budget) if budget > 1 else (0,):
            columns = {*every[: budget - tail], *every[len(every) - tail :]}
            if all(columns & seen for seen in read):
                return tuple(sorted(columns))
        return None

    def choices(self, rows: Sequence[int], most: int, *, scattered: bool) -> Iterator[tuple[tuple[int, ...], float]]:
        """Yield choices of columns for some rows, each with the weight of what it shows."""
        found: set[tuple[int, ...]] = set()
        if self.columns <= most:
            found.add(tuple(range(self.columns)))
        for budget in range(1, min(most, self.columns) + 1):
            columns = self.some_columns(rows, budget, scattered=scattered)
            if columns is not None:
                found.add(columns)
        for columns in sorted(found):
            yield columns, self.seen(rows, columns)

    def seen(self, rows: Sequence[int], columns: Sequence[int]) -> float:
        """Weigh what is in sight of the band: of every row the first entry counts 1/2, the next 1/4, and so on."""
        return sum(1 - 0.5 ** len(self.looked_at(row).intersection(columns)) for row in rows)


@dataclass(frozen=True)
class Lines:
    """The rows, or the columns, of a whole matrix.

    `block` lines belong together, and have a rule before them or, where `section` lines do too, a hairline.
    """

    count: int
    block: int = 1
    section: int = 0
    label: Callable[[int], Like] | None = None
    name: Callable[[int], Like] | None = None

    @property
    def side(self) -> Side:
        """Give the rules, labels and names."""
        strong, weak = (self.section, self.block) if self.section else (self.block, 0)

        def every(step: int) -> Callable[[int], bool]:
            return lambda line: step > 1 and line % step == 0

        return Side(
            (lambda line: line % strong == 0) if self.section else every(strong), every(weak), self.label, self.name
        )


def gapped(lines: Iterable[int], count: int) -> tuple[int | None, ...]:
    """Put lines in order, with None wherever some are left out.

    >>> gapped([4, 0, 2, 9], 12)
    (0, None, 2, None, 4, None, 9, None)
    """
    shown: list[int | None] = []
    before = -1
    for line in (*sorted(set(lines)), count):
        if line > before + 1:
            shown.append(None)
        if line < count:
            shown.append(line)
        before = line
    return tuple(shown)


def lines_of(choice: Choice, sizes: Sequence[int], order: Order = "C") -> tuple[int | None, ...]:
    """Give the lines of a matrix at the places that are chosen axis by axis; with order "F" the first axis is fastest.

    >>> lines_of(((0, 1), (0, 4)), (2, 5)), lines_of(((0, 1), (0, 2)), (2, 3), "F")
    ((0, None, 4, 5, None, 9), (0, 1, None, 4, 5))
    """
    axes = list(zip(choice, sizes, strict=True))
    axes = axes if order == "C" else axes[::-1]
    lines = []
    for places in product(*(chosen for chosen, _ in axes)):
        line = 0
        for place, (_, size) in zip(places, axes, strict=True):
            line = line * size + place
        lines.append(line)
    return gapped(lines, prod(sizes))


@dataclass
class _Page:
    """A matrix that is being laid out: it remembers its entries, and knows what fits."""

    entry: Callable[[int, int], Like | None]
    bands: Sequence[Band]
    row_lines: Lines
    column_lines: Lines
    order: Order
    brackets: str
    room: float
    cells: dict[tuple[int, int], Like | None] = field(default_factory=dict)

    def remembered(self, i: int, j: int) -> Like | None:
        if (i, j) not in self.cells:
            self.cells[i, j] = self.entry(i, j)
        return self.cells[i, j]

    def built(self, rows: Shown, columns: Shown) -> tuple[Matrix, float]:
        """Build the matrix and measure it."""
        from symtconv.document.widths import tightest_width

        sides = self.row_lines.side, self.column_lines.side
        matrix = picked(rows, columns, self.remembered, *sides, self.brackets)
        return matrix, tightest_width(matrix)

    def whole(self) -> Matrix | None:
        """Build the matrix without gaps, if it fits."""
        if self.row_lines.count > MOST_ROWS or self.column_lines.count > MOST_COLUMNS:
            return None
        matrix, width = self.built(range(self.row_lines.count), range(self.column_lines.count))
        return matrix if width <= self.room else None

    def rows(self, most: int) -> Choice:
        """Choose the rows: one more on each axis in turn, the fastest first, as long as there is room."""
        sizes = [band.rows for band in self.bands]
        if prod(sizes) <= most:
            return tuple(tuple(range(size)) for size in sizes)
        budgets = [min(2, size) for size in sizes]
        fastest_first = list(range(len(sizes)))[:: -1 if self.order == "C" else 1]
        for axis in reversed(fastest_first):
            if len(self._row_lines(budgets)) > most * 2 // 3:
                budgets[axis] = 1
        grown = True
        while grown:
            grown = False
            for axis in fastest_first:
                wider = budgets.copy()
                wider[axis] += 1
                if budgets[axis] < sizes[axis] and len(self._row_lines(wider)) <= most:
                    budgets, grown = wider, True
        return tuple(band.some_rows(budget) for band, budget in zip(self.bands, budgets, strict=True))

    def _row_lines(self, budgets: Sequence[int]) -> tuple[int | None, ...]:
        choice = tuple(band.some_rows(budget) for band, budget in zip(self.bands, budgets, strict=True))
        return lines_of(choice, [band.rows for band in self.bands], self.order)

    def columns(self, rows: Choice, most: int, *, scattered: bool) -> tuple[int | None, ...] | None:
        """Choose the columns for some rows: of what they need, and what fits, that which shows the most."""
        sizes = [band.columns for band in self.bands]
        chosen: list[tuple[Choice, float]] = [((), 1.0)]
        for band, own in zip(self.bands, rows, strict=True):
            more = list(band.choices(own, most, scattered=scattered))
            chosen = [
                ((*choice, columns), score * seen)
                for choice, score in chosen
                for columns, seen in more
                if len(columns) * prod(map(len, choice)) <= most
            ]
        for choice, _ in sorted(chosen, key=lambda one: (-one[1], prod(map(len, one[0])))):
            lines = lines_of(choice, sizes, self.order)
            if len(lines) <= most:
                return lines
        return None

    def elided(self, rows: Choice, *, scattered: bool) -> Matrix | None:
        """Build the matrix of some rows with as many columns as fit."""
        shown, most = lines_of(rows, [band.rows for band in self.bands], self.order), MOST_COLUMNS
        while most > 0:
            across = self.columns(rows, most, scattered=scattered)
            if across is None:
                return None
            matrix, width = self.built(shown, across)
            if width <= self.room:
                return matrix
            most = min(len(across) - 1, int(len(across) * self.room / width) + 1)
        return None


def whole_matrix(
    entry: Callable[[int, int], Like | None], rows: Lines, columns: Lines, *, brackets: str = "[]"
) -> Matrix | None:
    """Build a matrix without gaps, or give None where the page has no room for it."""
    from symtconv.document.widths import MATRIX_ROOM

    return _Page(entry, (), rows, columns, "C", brackets, MATRIX_ROOM - _SPARE).whole()


def patterned_matrix(
    entry: Callable[[int, int], Like | None],
    bands: Sequence[Band],
    rows: Lines,
    columns: Lines,
    *,
    order: Order = "C",
    brackets: str = "[]",
    room: float | None = None,
) -> Matrix:
    """Build a sparse matrix that fits `room` (points), elided so that each shown row shows something of what it holds.

    The bands are those of the axes; the first axis is the slowest, and with order "F" the fastest.

    >>> axis = Band(24, 28, lambda i: range(i, i + 5))
    >>> rows, columns = Lines(576, block=24), Lines(784, block=28)
    >>> patterned_matrix(lambda i, j: "w", (axis, axis), rows, columns, room=200.0).shape
    (13, 17)
    """
    from symtconv.document.widths import MATRIX_ROOM

    page = _Page(entry, bands, rows, columns, order, brackets, MATRIX_ROOM - _SPARE if room is None else room)
    matrix = page.whole()
    if matrix:
        return matrix
    for scattered in (False, True):
        for most in (MOST_ROWS, *range(ELIDED_ROWS, 3, -2)):
            if most == MOST_ROWS and rows.count > most:
                continue
            matrix = page.elided(page.rows(most), scattered=scattered)
            if matrix:
                return matrix
    return elided_matrix(
        (rows.count, columns.count),
        page.remembered,
        row_budget=ELIDED_ROWS,
        row_side=rows.side,
        column_side=Lines(columns.count, columns.block, columns.section, name=columns.name).side,
        brackets=brackets,
        room=page.room,
    )
