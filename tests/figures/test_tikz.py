"""A scene becomes a picture that fits, with labels on top that can be read."""

from __future__ import annotations

import re

import pytest

from symtconv.document.mathematics import Name
from symtconv.document.widths import TEXT_WIDTH
from symtconv.errors import SymtconvError
from symtconv.figures.scene import Arrow, Cell, Fill, Frame, Grid, Label, Scene
from symtconv.figures.tikz import cell_size, cells_across, colour, fits_cell, tikz


def test_layers() -> None:
    scene = Scene(
        Label(0, 0, "top", box=True),
        Arrow(0, 0, 1, 1),
        Frame(0, 0, 2, 2, "thick", "blue"),
        Grid(0, 0, 2, 2),
        Cell(0, 0, Name("x"), Fill("sky")),
    )
    text = tikz(scene, TEXT_WIDTH).text
    marks = [r"\fill[sky!25]", "line cap=rect", "draw=blue", "{Latex}", "$x$", "fill=white"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


def test_mixed_fills() -> None:
    assert colour(Fill("vermillion", 0.4, "blue")) == "vermillion!50!blue!40"
    with pytest.raises(SymtconvError, match="palette"):
        tikz(Scene(Cell(0, 0, None, Fill("mauve"))), TEXT_WIDTH)


@pytest.mark.parametrize("columns", [1, 4, 20, 100])
def test_cells_shrink_to_fit(columns: int) -> None:
    assert columns * cell_size(Scene(Grid(0, 0, 3, columns)), 300) <= 300


def test_words_beside_the_picture_count() -> None:
    grid = Grid(0, 0, 3, 16)
    alone = cell_size(Scene(grid), 300)
    assert cell_size(Scene(grid, Label(16.5, 1, "a rather long label", "left")), 300) < alone


def test_labels_that_cannot_be_read_are_refused() -> None:
    label = Name("w", 10, 11)
    assert fits_cell(label, across=12)
    assert not fits_cell(label, across=60)
    assert fits_cell(label, 3, across=60) is False  # wide enough, but too low
    many = Scene(*(Cell(x, 0, label) for x in range(60)))
    with pytest.raises(SymtconvError, match="fits_cell"):
        tikz(many, TEXT_WIDTH)
    tikz(Scene(*(Cell(x, 0, label) for x in range(12))), TEXT_WIDTH)


@pytest.mark.parametrize("words", ["", "stamp 1", "a rather long label beside the cells"])
@pytest.mark.parametrize("columns", [8, 12, 16, 20])
def test_words_beside_the_cells_take_room_from_their_labels(words: str, columns: int) -> None:
    """A label that fits a cell, as counted with the words, can be read whatever the words are."""
    bare = (Grid(0, 0, 1, columns), Label(-0.2, 0.5, words, "right"))
    across = cells_across(Scene(*bare))
    for label in (Name("w", *range(length)) for length in range(9)):
        if fits_cell(label, across=across):
            tikz(Scene(*bare, *(Cell(x, 0, label) for x in range(columns))), TEXT_WIDTH)


@pytest.mark.parametrize("rows", [1, 20, 60])
def test_no_picture_is_higher_than_a_page(rows: int) -> None:
    assert rows * cell_size(Scene(Grid(0, 0, rows, 3)), TEXT_WIDTH) <= 600


def test_too_wide_a_scene_is_refused() -> None:
    with pytest.raises(SymtconvError, match="Show fewer cells"):
        tikz(Scene(Grid(0, 0, 1, 1000)), TEXT_WIDTH)


def test_y_points_down() -> None:
    text = tikz(Scene(Frame(0, 0, 2, 1)), TEXT_WIDTH).text
    assert re.search(r"x=([\d.]+)pt,y=-\1pt", text)
