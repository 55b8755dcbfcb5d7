"""Elision that keeps the pattern of a sparse matrix in sight: rows are chosen first, then columns that they fill.

A matrix whose lines fall into blocks, as those of an image do into image rows, is shown at the beginnings of blocks and
at its end, with a gap wherever two lines or more are left out. What is not shown is never computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from symtconv.document.elision import Shown, Side, elided_matrix, picked
from symtconv.document.mathematics import Like, Matrix

MOST_ROWS = 25  # of a matrix that is shown without gaps
ELIDED_ROWS = 19
MOST_COLUMNS = 40
_SPARE = 8  # points, so that the matrix fits in any display
LONGEST_RUN = 9  # of columns, where runs are cut off


@dataclass(frozen=True)
class Lines:
    """The rows, or the columns, of a whole matrix.

    `block` lines belong together, and have a rule before them or, where `section` lines do too, a hairline. A gap
    should leave the lines from the `starts` in sight, and those that lead to `end`, `longest` of each at most.
    """

    count: int
    block: int = 1
    section: int = 0
    starts: tuple[int, ...] = (0,)
    end: int | None = None
    label: Callable[[int], Like] | None = None
    name: Callable[[int], Like] | None = None
    longest: int = 5

    @property
    def last(self) -> int:
        """Give the last line that holds something."""
        return self.count - 1 if self.end is None else self.end

    @property
    def side(self) -> Side:
        """Give the rules, labels and names."""
        strong, weak = (self.section, self.block) if self.section else (self.block, 0)

        def every(step: int) -> Callable[[int], bool]:
            return lambda line: step > 1 and line % step == 0

        return Side(
            (lambda line: line % strong == 0) if self.section else every(strong), every(weak), self.label, self.name
        )

    def choices(self) -> Iterator[tuple[Shown, int]]:
        """Yield which lines to show, from all to fewer and fewer, each with the length that runs must keep then.

        A run of the other side is cut off before the lines that cross it get too few for their shift to be seen.
        """
        if self.count <= MOST_ROWS:
            yield tuple(range(self.count)), LONGEST_RUN
        whole = self.starts[0] == 0 and self.last == self.count - 1 and self.block > 1
        heads = (ELIDED_ROWS - 1 - self.block) // self.block
        if whole and 0 < heads * self.block < self.count - self.block:
            lines = {*range(heads * self.block), *range(self.count - self.block, self.count)}
            yield gapped(lines, self.count), LONGEST_RUN
        block = self.block if self.block > 1 else self.count
        for length in range(min(block, self.longest), 0, -1):
            lines = {0, self.count - 1}
            for start in self.starts:
                lines.update(range(start, min(start + length, start - start % block + block, self.count)))
            lines.update(range(max(0, self.last + 1 - length), self.last + 1))
            yield gapped(lines, self.count), {1: 1, 2: 3}.get(length, length + 2)


def gapped(lines: Iterable[int], count: int) -> tuple[int | None, ...]:
    """Put lines in order, with None where two or more are left out; one alone is shown instead.

    >>> gapped([4, 0, 2, 9], 12)
    (0, 1, 2, 3, 4, None, 9, None)
    """
    shown: list[int | None] = []
    before = -1
    for line in (*sorted(set(lines)), count):
        if line == before + 2:
            shown.append(line - 1)
        elif line > before + 2:
            shown.append(None)
        if line < count:
            shown.append(line)
        before = line
    return tuple(shown)


def runs(lines: Iterable[int], block: int) -> list[tuple[int, ...]]:
    """Part lines into stretches within one block, whose neighbours are at most one line apart.

    >>> runs([0, 1, 3, 4, 8, 11], 4)
    [(0, 1, 2, 3), (4,), (8,), (11,)]
    """
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line // block == found[-1][-1] // block and line - found[-1][-1] <= 2:
            found[-1] += range(found[-1][-1] + 1, line + 1)
        else:
            found.append([line])
    return [tuple(run) for run in found]


@dataclass
class _Page:
    """A matrix that is being laid out: it remembers its entries, and knows what fits."""

    entry: Callable[[int, int], Like | None]
    row_lines: Lines
    column_lines: Lines
    brackets: str
    room: float
    cells: dict[tuple[int, int], Like | None] = field(default_factory=dict)

    def remembered(self, i: int, j: int) -> Like | None:
        if (i, j) not in self.cells:
            self.cells[i, j] = self.entry(i, j)
        return self.cells[i, j]

    def fitting(self, rows: Shown, columns: Shown) -> Matrix | None:
        """Build the matrix, or give None where it is too wide."""
        from symtconv.document.widths import tightest_width

        if len(columns) > MOST_COLUMNS:
            return None
        sides = self.row_lines.side, self.column_lines.side
        matrix = picked(rows, columns, self.remembered, *sides, self.brackets)
        return matrix if tightest_width(matrix) <= self.room else None


def whole_matrix(
    entry: Callable[[int, int], Like | None], rows: Lines, columns: Lines, *, brackets: str = "[]"
) -> Matrix | None:
    """Build a matrix without gaps, or give None where the page has no room for it."""
    from symtconv.document.widths import MATRIX_ROOM

    if rows.count > MOST_ROWS or columns.count > MOST_COLUMNS:
        return None
    page = _Page(entry, rows, columns, brackets, MATRIX_ROOM - _SPARE)
    return page.fitting(range(rows.count), range(columns.count))


def patterned_matrix(
    entry: Callable[[int, int], Like | None],
    reads: Callable[[int], Sequence[int]],
    rows: Lines,
    columns: Lines,
    *,
    brackets: str = "[]",
    room: float | None = None,
) -> Matrix:
    """Build a sparse matrix that fits `room` (points), elided so that each shown row shows something of what it holds.

    `reads(i)` gives the columns that row i fills; it and `entry` are asked for shown rows and entries only.

    >>> rows, columns = Lines(576, block=24, starts=(0, 24)), Lines(784, block=28)
    >>> read = lambda i: [i // 24 * 28 + i % 24 + 28 * a + b for a in range(5) for b in range(5)]
    >>> matrix = patterned_matrix(lambda i, j: "w" if j in read(i) else None, read, rows, columns, room=200.0)
    >>> matrix.shape
    (11, 17)
    """
    from symtconv.document.widths import MATRIX_ROOM

    page = _Page(entry, rows, columns, brackets, MATRIX_ROOM - _SPARE if room is None else room)
    shown: Shown = ()
    for shown, shortest in rows.choices():
        if columns.count <= MOST_COLUMNS:
            matrix = page.fitting(shown, tuple(range(columns.count)))
            if matrix:
                return matrix
        filled = {i: frozenset(reads(i)) for i in shown if i is not None}
        for longest in (None, *range(LONGEST_RUN - 1, shortest - 1, -1)):
            matrix = _widest(page, filled, shown, longest)
            if matrix:
                return matrix
    return elided_matrix(
        (rows.count, columns.count),
        page.remembered,
        row_budget=max(len(shown), 3),
        row_side=rows.side,
        column_side=replace(columns, label=None).side,
        brackets=brackets,
        room=page.room,
    )


def _widest(page: _Page, filled: dict[int, frozenset[int]], rows: Shown, longest: int | None) -> Matrix | None:
    """Show what every row needs, and then as much more from both ends as fits; or only `longest` of each need."""
    count, block = page.column_lines.count, page.column_lines.block
    stretches = runs(set().union(*filled.values()), block if block > 1 else count) or [(0,), (count - 1,)]
    needed = {stretches[0][:longest], stretches[-1][-(longest or 0) :]}
    for read in filled.values():
        if read and not any(read.intersection(stretch) for stretch in needed):
            needed.add(next(stretch for stretch in stretches if read.intersection(stretch))[:longest])
            if not any(read.intersection(stretch) for stretch in needed):
                return None
    best = page.fitting(rows, _columns(needed, count))
    rest = [] if longest else [stretch for stretch in stretches if stretch not in needed]
    from_left = True
    while best and rest:
        needed.add(rest.pop(0 if from_left else -1))
        from_left = not from_left
        wider = page.fitting(rows, _columns(needed, count))
        if wider is None:
            break
        best = wider
    return best


def _columns(stretches: Iterable[Sequence[int]], count: int) -> Shown:
    return gapped((line for stretch in stretches for line in stretch), count)
