"""Elision keeps the pattern: what is shown is true, fits the line, and shows something of every row."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symtconv.document.mathematics import Blank, Dots, Name, Number, ZeroDot
from symtconv.document.pattern import Band, Lines, gapped, lines_of, patterned_matrix, whole_matrix
from symtconv.document.widths import MATRIX_ROOM, fits, tightest_width


@given(st.sets(st.integers(0, 60)), st.integers(61, 70))
def test_gaps_stand_where_lines_are_left_out(lines: set[int], count: int) -> None:
    shown = (-1, *gapped(lines, count), count)
    assert [line for line in shown[1:-1] if line is not None] == sorted(lines)
    for before, line, after in zip(shown, shown[1:], shown[2:], strict=False):
        if line is None:
            assert before is not None
            assert after is not None
            assert after - before >= 2
        elif before is not None:
            assert line == before + 1


@pytest.mark.parametrize("order", ["C", "F"])
@given(st.lists(st.tuples(st.integers(1, 4), st.data()), min_size=1, max_size=3))
def test_lines_are_counted_as_vec_counts(order: Literal["C", "F"], axes: list[tuple[int, Any]]) -> None:
    sizes = [size for size, _ in axes]
    choice = tuple(tuple(sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1)))) for size, data in axes)
    places = {int(np.ravel_multi_index(at, sizes, order=order)) for at in product(*choice)}
    assert [line for line in lines_of(choice, sizes, order) if line is not None] == sorted(places)


AXES = st.lists(
    st.tuples(st.integers(1, 40), st.integers(1, 5), st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=3
)


@pytest.mark.parametrize("order", ["C", "F"])
@settings(deadline=None, max_examples=60)
@given(AXES)
def test_every_row_that_holds_something_shows_it(order: Literal["C", "F"], axes: list[tuple[int, ...]]) -> None:
    """Bands of taps, strides and shifts, so that the first rows may hold nothing."""
    bands = []
    for rows, taps, stride, shift in axes:
        columns = max(stride * (rows - 1) + taps - 2 * shift, 1)

        def reads(
            i: int, stride: int = stride, taps: int = taps, shift: int = shift, columns: int = columns
        ) -> list[int]:
            return [j for j in range(stride * i - shift, stride * i - shift + taps) if 0 <= j < columns]

        used = [i for i in range(rows) if reads(i)] or [0]
        bands.append(Band(rows, columns, reads, (used[0], used[min(1, len(used) - 1)], used[-1])))
    high, wide = [band.rows for band in bands], [band.columns for band in bands]
    asked: set[tuple[int, int]] = set()

    def holds(i: int, j: int) -> bool:
        places = zip(np.unravel_index(i, high, order=order), np.unravel_index(j, wide, order=order), strict=True)
        return all(int(m) in band.reads(int(at)) for band, (at, m) in zip(bands, places, strict=True))

    def entry(i: int, j: int) -> Name | None:
        asked.add((i, j))
        return Name("w", j) if holds(i, j) else None

    lines = Lines(prod(high), label=lambda i: Number(i))
    matrix = patterned_matrix(entry, bands, lines, Lines(prod(wide), label=lambda j: Number(j)), order=order)
    assert tightest_width(matrix) <= MATRIX_ROOM
    assert fits(matrix)
    assert len(asked) <= 1100
    columns_shown = [None if isinstance(j, Dots) else j.value for j in matrix.column_labels]  # type: ignore[union-attr]
    for label, cells in zip(matrix.row_labels, matrix.cells, strict=True):
        if label != Dots("v"):
            row = label.value  # type: ignore[union-attr]
            filled = all(
                band.reads(int(at)) for band, at in zip(bands, np.unravel_index(row, high, order=order), strict=True)
            )
            assert any(isinstance(cell, Name) for cell in cells) == filled
            for j, cell in zip(columns_shown, cells, strict=True):
                assert cell == (Dots("h") if j is None else Name("w", j) if holds(row, j) else ZeroDot())


def test_the_band_is_seen_to_move_on_both_axes() -> None:
    """Of a 5 x 5 kernel, image row 0 shows two of its rows, and image row 1 the same ones an image row later."""
    axis = Band(24, 28, lambda i: range(i, i + 5))

    def entry(i: int, j: int) -> Name | None:
        at = (j // 28 - i // 24, j % 28 - i % 24)
        return Name("w", *at) if all(0 <= tap < 5 for tap in at) else None

    matrix = patterned_matrix(entry, (axis, axis), Lines(576, block=24, label=Number), Lines(784, block=28))
    seen = [
        {cell.to_latex() for cell in cells if isinstance(cell, Name)}
        for label, cells in zip(matrix.row_labels, matrix.cells, strict=True)
        if label in (Number(0), Number(24), Number(552))
    ]
    assert {"w_{0,0}", "w_{1,0}"} <= seen[0]
    assert {"w_{0,0}"} <= seen[1]
    assert {"w_{4,0}"} <= seen[2]


def test_a_scattered_choice_is_the_last_resort() -> None:
    """Rows that share no column, and more of them than fit, are shown by one column each."""
    band = Band(20, 2000, lambda i: range(100 * i, 100 * i + 50))
    matrix = patterned_matrix(
        lambda i, j: Name("w", j - 100 * i) if 0 <= j - 100 * i < 50 else None, (band,), Lines(20), Lines(2000)
    )
    for cells in matrix.cells:
        assert any(isinstance(cell, Name) for cell in cells) or all(isinstance(cell, Dots) for cell in cells)


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
    band = Band(1000, 1, lambda i: [0] if 303 <= i <= 707 else [], (303, 304, 707))
    matrix = patterned_matrix(lambda i, j: "w", (band,), Lines(1000, label=Number), Lines(1))
    assert matrix.row_labels[:3] == (Dots("v"), Number(303), Number(304))
    assert matrix.row_labels[-2:] == (Number(707), Dots("v"))
    assert Blank() not in matrix.row_blocks
