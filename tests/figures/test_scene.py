"""Scenes are moved and merged as data."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from symtconv.document.mathematics import Name
from symtconv.errors import SymtconvError
from symtconv.figures.scene import (
    Arrow,
    Cell,
    DoubleArrow,
    Fill,
    Frame,
    Grid,
    Label,
    Scene,
    beside,
    merge,
    translate,
)

EVERYTHING = Scene(
    Cell(1, 2, Name("x"), Fill("blue"), 2, 3, "x-0"),
    Frame(0, 0, 4, 4, "dashed", "vermillion"),
    Grid(0, 0, 4, 5),
    Arrow(-1, 0, 0, 0),
    DoubleArrow(0, -0.5, 2, -0.5, Name("s")),
    Label(6, 7, "words", "left", box=True),
)


def test_bounds() -> None:
    assert EVERYTHING.bounds == (-1, -0.5, 6, 7)
    assert Scene().bounds == (0, 0, 0, 0)


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_translation(dx: int, dy: int) -> None:
    moved = translate(EVERYTHING, dx, dy)
    left, top, right, bottom = EVERYTHING.bounds
    assert moved.bounds == (left + dx, top + dy, right + dx, bottom + dy)
    assert translate(moved, -dx, -dy) == EVERYTHING


def test_beside_and_merge() -> None:
    low, high = Scene(Frame(0, 0, 1, 1)), Scene(Frame(5, 5, 2, 4))
    assert beside(low, high, gap=2) == Scene(Frame(0, 1.5, 1, 1), Frame(3, 0, 2, 4))
    assert merge(low, high).items == (*low.items, *high.items)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Frame(0, 0, 1, 1, "wavy"),
        lambda: Grid(0, 0, 1, 1, "wavy"),
        lambda: Label(0, 0, "x", "north"),
        lambda: Fill("blue", 0),
        lambda: Fill("blue", 1.5),
    ],
)
def test_unknown_words_are_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(SymtconvError):
        build()
