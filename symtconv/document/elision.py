"""Which rows and columns of a big matrix are shown: a head, one gap, a tail. What is not shown is never computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symtconv.document.mathematics import Dots, Like, Matrix, ZeroDot, as_math
from symtconv.errors import SymtconvError


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


def chosen(matrix: Matrix, rows: Sequence[int | None], columns: Sequence[int | None]) -> Matrix:
    """Give the chosen rows and columns of a matrix, with dots in the gaps."""

    def label(labels: tuple[Like, ...]) -> Callable[[int], Like] | None:
        return labels.__getitem__ if labels else None

    return _picked(
        rows,
        columns,
        lambda i, j: as_math(matrix.cells[i][j]),
        matrix.row_rules,
        matrix.column_rules,
        label(matrix.row_labels),
        label(matrix.column_labels),
        matrix.brackets,
    )


def _picked(
    rows: Sequence[int | None],
    columns: Sequence[int | None],
    entry: Callable[[int, int], Like | None],
    row_rules: Sequence[int],
    column_rules: Sequence[int],
    row_label: Callable[[int], Like] | None,
    column_label: Callable[[int], Like] | None,
    brackets: str,
) -> Matrix:
    def cell(i: int | None, j: int | None) -> Like:
        if i is None or j is None:
            return Dots("d" if i is j else "v" if i is None else "h")
        found = entry(i, j)
        return ZeroDot() if found is None else found

    def kept(rules: Sequence[int], shown: Sequence[int | None]) -> tuple[int, ...]:
        standing = set(rules)
        return tuple(place for place, number in enumerate(shown) if place and number in standing)

    return Matrix(
        tuple(tuple(cell(i, j) for j in columns) for i in rows),
        kept(row_rules, rows),
        kept(column_rules, columns),
        tuple(Dots("v") if i is None else row_label(i) for i in rows) if row_label else (),
        tuple(Dots("h") if j is None else column_label(j) for j in columns) if column_label else (),
        brackets,
    )


def elided_matrix(
    shape: tuple[int, int],
    entry: Callable[[int, int], Like | None],
    *,
    row_budget: int = 17,
    column_budget: int = 33,
    row_rules: Sequence[int] = (),
    column_rules: Sequence[int] = (),
    row_label: Callable[[int], Like] | None = None,
    column_label: Callable[[int], Like] | None = None,
    brackets: str = "[]",
    room: float | None = None,
    row_block: int = 1,
    column_block: int = 1,
) -> Matrix:
    """Build a matrix of which at most the budgets are shown, and no more columns than fit `room` (points).

    What is left out is a number of whole blocks, if the budgets allow. `entry(i, j)` is called for shown entries only;
    None stands for a structural zero. Rules and labels count in the whole matrix. Without `room` the matrix fits a line
    of text with a short left side, as in "C =".

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
    rows = elide(shape[0], row_budget, row_block)
    budget = min(shape[1], column_budget)
    while True:
        columns = elide(shape[1], budget, column_block)
        matrix = _picked(rows, columns, remembered, row_rules, column_rules, row_label, column_label, brackets)
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
