"""Elision keeps the pattern: what is shown is true, fits the line, and shows something of every row."""

from __future__ import annotations

from hypothesis import given, strategies as st

from symtconv.document.mathematics import Blank, Dots, Name, Number, ZeroDot
from symtconv.document.pattern import Lines, gapped, patterned_matrix, runs, whole_matrix
from symtconv.document.widths import MATRIX_ROOM, fits, tightest_width


@given(st.sets(st.integers(0, 60)), st.integers(61, 70))
def test_gaps_hide_two_lines_or_more(lines: set[int], count: int) -> None:
    shown = (-1, *gapped(lines, count), count)
    assert lines <= set(shown)
    for before, line, after in zip(shown, shown[1:], shown[2:], strict=False):
        if line is None:
            assert before is not None
            assert after is not None
            assert after - before >= 3
        elif before is not None:
            assert line == before + 1


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(2, 20))
def test_runs_stay_within_blocks(lines: set[int], block: int) -> None:
    found = runs(lines, block)
    assert lines <= {line for run in found for line in run}
    for run in found:
        assert run == tuple(range(run[0], run[-1] + 1))
        assert {run[0], run[-1]} <= lines
        assert run[0] // block == run[-1] // block


SIZES = st.tuples(st.integers(1, 90), st.integers(1, 200))
BLOCKS = st.tuples(st.integers(1, 12), st.integers(1, 12))


@given(SIZES, BLOCKS, st.integers(1, 9), st.integers(1, 4))
def test_every_row_that_holds_something_shows_it(
    sizes: tuple[int, int], blocks: tuple[int, int], taps: int, stride: int
) -> None:
    (count, columns), (row_block, column_block) = sizes, blocks
    asked: set[tuple[int, int]] = set()

    def filled(i: int) -> list[int]:
        return [j for j in range(stride * i, stride * i + taps) if j < columns]

    def entry(i: int, j: int) -> Name | None:
        asked.add((i, j))
        return Name("w", j - stride * i) if j in filled(i) else None

    rows = Lines(count, row_block, label=lambda i: Number(i))
    matrix = patterned_matrix(entry, filled, rows, Lines(columns, column_block, label=lambda j: Number(j)))
    assert tightest_width(matrix) <= MATRIX_ROOM
    assert fits(matrix)
    assert len(asked) <= 1000
    for label, cells in zip(matrix.row_labels, matrix.cells, strict=True):
        if label != Dots("v"):
            row = label.value  # type: ignore[union-attr]
            assert any(isinstance(cell, Name) for cell in cells) == bool(filled(row))
            for j, cell in zip(matrix.column_labels, cells, strict=True):
                if j == Dots("h"):
                    assert cell == Dots("h")
                else:
                    column = j.value  # type: ignore[union-attr]
                    assert cell == (Name("w", column - stride * row) if column in filled(row) else ZeroDot())


def test_blocks_are_named_and_ruled_more_strongly_than_what_they_hold() -> None:
    rows = Lines(8, 2, 4, name=lambda i: Name("c", i // 4))
    matrix = whole_matrix(lambda i, j: None, rows, Lines(5))
    assert matrix is not None
    assert matrix.row_rules == (4,)
    assert matrix.row_hairlines == (2, 6)
    assert matrix.row_blocks == 4 * (Name("c", 0),) + 4 * (Name("c", 1),)
    assert r"\smash{\scriptstyle c_{0}}" in matrix.to_latex()
    assert whole_matrix(lambda i, j: None, rows, Lines(500)) is None


def test_rows_that_hold_nothing_are_skipped() -> None:
    rows = Lines(1000, 100, starts=(303, 403), end=707)
    matrix = patterned_matrix(lambda i, j: "w", lambda i: [0], rows, Lines(1))
    assert len(matrix.cells) == 21  # 0, a gap, five rows from 303, from 403, up to 707, and 999, with gaps between
    assert Blank() not in matrix.row_blocks
