"""Which rows and columns of a big matrix are shown: a head, one gap, a tail. What is not shown is never computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symtconv.document.mathematics import Blank, Dots, Like, Matrix, ZeroDot, as_math
from symtconv.errors import SymtconvError

Shown = Sequence[int | None]


@dataclass(frozen=True)
class Side:
    """What stands along one side of a matrix, for its lines as they are counted in the whole matrix.

    Whether a rule, or else a hairline, stands before a line; the label of a line, and the name of its block.
    """

    rules: Callable[[int], bool] = lambda line: False
    hairlines: Callable[[int], bool] = lambda line: False
    label: Callable[[int], Like] | None = None
    name: Callable[[int], Like] | None = None

    def ruled(self, shown: Shown) -> tuple[int, ...]:
        """Give the places of the rules among the lines that are shown."""
        return self._places(shown, self.rules)

    def parted(self, shown: Shown) -> tuple[int, ...]:
        """Give the places of the hairlines, which give way to rules."""
        return self._places(shown, lambda line: self.hairlines(line) and not self.rules(line))

    def _places(self, shown: Shown, stands: Callable[[int], bool]) -> tuple[int, ...]:
        return tuple(place for place, line in enumerate(shown) if place and line is not None and stands(line))

    def labels(self, shown: Shown, gap: Like) -> tuple[Like, ...]:
        """Give the labels of the lines that are shown."""
        return tuple(gap if line is None else self.label(line) for line in shown) if self.label else ()

    def names(self, shown: Shown) -> tuple[Like, ...]:
        """Give the name of each line's block; a gap within a block belongs to it."""
        if not self.name:
            return ()
        names = [None if line is None else as_math(self.name(line)) for line in shown]
        around = zip([None, *names[:-1]], names, [*names[1:], None], strict=True)
        return tuple(
            Blank() if name is None and before != after else (name or before or Blank())
            for before, name, after in around
        )


def elide(count: int, budget: int, block: int = 1) -> tuple[int | None, ...]:
    """Choose at most `budget` of `count` positions: all, or a head and a tail around one gap, which is None.

    Where the budget has room for them, head and tail are whole blocks of `block` positions.

    >>> elide(4, 5), elide(100, 6)
    ((0, 1, 2, 3), (0, 1, 2, None, 98, 99))
    """
    if count <= budget:
        return tuple(range(count))
    if budget < 3:
        raise SymtconvError("an elision", arrived=f"a budget of {budget}", rule="head, gap and tail need 3")
    head = budget // 2
    tail = budget - 1 - head
    if min(head, tail) >= block:
        head, tail = head - head % block, tail - tail % block
    return (*range(head), None, *range(count - tail, count))


def chosen(matrix: Matrix, rows: Shown, columns: Shown) -> Matrix:
    """Give the chosen rows and columns of a matrix, with dots in the gaps."""

    def side(
        rules: tuple[int, ...], hairlines: tuple[int, ...], labels: tuple[Like, ...], names: tuple[Like, ...]
    ) -> Side:
        return Side(
            set(rules).__contains__,
            set(hairlines).__contains__,
            labels.__getitem__ if labels else None,
            names.__getitem__ if names else None,
        )

    return picked(
        rows,
        columns,
        lambda i, j: as_math(matrix.cells[i][j]),
        side(matrix.row_rules, matrix.row_hairlines, matrix.row_labels, matrix.row_blocks),
        side(matrix.column_rules, matrix.column_hairlines, matrix.column_labels, matrix.column_blocks),
        matrix.brackets,
    )


def picked(
    rows: Shown,
    columns: Shown,
    entry: Callable[[int, int], Like | None],
    row_side: Side,
    column_side: Side,
    brackets: str,
) -> Matrix:
    """Build the matrix of the rows and columns that are shown; None stands for a gap, and for an entry that is zero."""

    def cell(i: int | None, j: int | None) -> Like:
        if i is None or j is None:
            return Dots("d" if i is j else "v" if i is None else "h")
        found = entry(i, j)
        return ZeroDot() if found is None else found

    return Matrix(
        tuple(tuple(cell(i, j) for j in columns) for i in rows),
        row_side.ruled(rows),
        column_side.ruled(columns),
        row_side.labels(rows, Dots("v")),
        column_side.labels(columns, Dots("h")),
        brackets,
        row_side.parted(rows),
        column_side.parted(columns),
        row_side.names(rows),
        column_side.names(columns),
    )


def elided_matrix(
    shape: tuple[int, int],
    entry: Callable[[int, int], Like | None],
    *,
    row_budget: int = 17,
    column_budget: int = 33,
    row_side: Side = Side(),
    column_side: Side = Side(),
    brackets: str = "[]",
    room: float | None = None,
) -> Matrix:
    """Build a matrix of which at most the budgets are shown, and no more columns than fit `room` (points).

    `entry(i, j)` is called for shown entries only; None stands for a structural zero. Without `room` the matrix fits a
    line of text with a short left side, as in "C =".

    >>> matrix = elided_matrix((16384, 32768), lambda i, j: 1 if i == j else None, row_budget=5, column_budget=7)
    >>> matrix.shape, matrix.cells[0][3], matrix.cells[2][3]
    ((5, 7), Dots(direction='h'), Dots(direction='d'))
    """
    from symtconv.document.widths import MATRIX_ROOM, tightest_width

    cells: dict[tuple[int, int], Like | None] = {}

    def remembered(i: int, j: int) -> Like | None:
        if (i, j) not in cells:
            cells[i, j] = entry(i, j)
        return cells[i, j]

    room = MATRIX_ROOM if room is None else room
    rows = elide(shape[0], row_budget)
    budget = min(shape[1], column_budget)
    while True:
        matrix = picked(rows, elide(shape[1], budget), remembered, row_side, column_side, brackets)
        width = tightest_width(matrix)
        if width <= room:
            return matrix
        if budget <= 3:
            raise SymtconvError(
                "a matrix on the page",
                arrived=f"entries that need {width:.0f} pt",
                rule=f"{room:.0f} pt are free",
                remedy="Give long entries a name.",
            )
        budget = max(3, min(budget - 1, int(budget * room / width) + 1))
