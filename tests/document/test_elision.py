"""A head, a gap, a tail; what is not shown is never computed."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from symtconv.document.elision import Side, chosen, elide, elided_matrix
from symtconv.document.mathematics import Blank, Dots, Math, Name, Number, Words, ZeroDot
from symtconv.document.widths import MATRIX_ROOM, fits, tightest_width
from symtconv.errors import SymtconvError


@given(st.integers(0, 10**9), st.integers(3, 40))
def test_elide(count: int, budget: int) -> None:
    shown = elide(count, budget)
    assert len(shown) == min(count, budget)
    numbers = [number for number in shown if number is not None]
    assert numbers == sorted(set(numbers))
    if count <= budget:
        assert numbers == list(range(count))
    else:
        assert (shown[0], shown[-1], shown.count(None)) == (0, count - 1, 1)
        gap = shown.index(None)
        assert abs(gap - (len(shown) - 1 - gap)) <= 1


def test_a_budget_has_room_for_head_gap_and_tail() -> None:
    with pytest.raises(SymtconvError, match="need 3"):
        elide(5, 2)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(3, 12), st.integers(3, 40))
def test_elided_matrix_fits_and_tells_the_truth(rows: int, columns: int, row_budget: int, column_budget: int) -> None:
    asked: set[tuple[int, int]] = set()

    def entry(i: int, j: int) -> Math | None:
        asked.add((i, j))
        return Name("w", i, j) if (i + j) % 2 else None

    matrix = elided_matrix((rows, columns), entry, row_budget=row_budget, column_budget=column_budget)
    assert tightest_width(matrix) <= MATRIX_ROOM
    assert fits(matrix)
    assert matrix.shape[0] == min(rows, row_budget)
    assert matrix.shape[1] <= min(columns, column_budget)
    assert len(asked) <= row_budget * column_budget
    down, across = elide(rows, matrix.shape[0]), elide(columns, matrix.shape[1])
    for cells, i in zip(matrix.cells, down, strict=True):
        for cell, j in zip(cells, across, strict=True):
            if i is None or j is None:
                assert cell == Dots("d" if i is j else "v" if i is None else "h")
            else:
                assert cell == (Name("w", i, j) if (i + j) % 2 else ZeroDot())


def test_rules_and_labels_keep_their_places() -> None:
    matrix = elided_matrix(
        (100, 100),
        lambda i, j: 1,
        row_budget=5,
        column_budget=5,
        row_side=Side(rules=lambda i: i % 2 == 0, label=lambda i: Number(i), name=lambda i: Name("c", i // 50)),
        column_side=Side(rules=lambda j: j in (50, 99), hairlines=lambda j: j in (1, 99)),
    )
    assert matrix.row_rules == (3,)  # before row 98; the one before row 2 is in the gap
    assert matrix.column_rules == (4,)
    assert matrix.column_hairlines == (1,)
    assert matrix.row_labels == (Number(0), Number(1), Dots("v"), Number(98), Number(99))
    assert matrix.row_blocks == (Name("c", 0), Name("c", 0), Blank(), Name("c", 1), Name("c", 1))
    assert chosen(matrix, (0, None, 4), (1, 4)).row_blocks == (Name("c", 0), Blank(), Name("c", 1))


def test_a_matrix_of_essays_is_refused() -> None:
    with pytest.raises(SymtconvError, match="Give long entries a name"):
        elided_matrix((3, 3), lambda i, j: Words("word " * 40))
