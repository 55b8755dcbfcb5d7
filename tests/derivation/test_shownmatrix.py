"""The matrices of a derivation: true, labelled in the notation, with their pattern in sight, and cheap."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, Notation, derive, symbolic_matrix
from symtconv.derivation.notation import Story
from symtconv.derivation.reach import plane_of, used
from symtconv.derivation.shownmatrix import Shown
from symtconv.document.mathematics import Blank, Coloured, Dots, Math, Matrix, Name, Number, ZeroDot, as_math
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from symtconv.matrices.entries import taps_of_column, taps_of_row
from tests.cases import DCGAN, LAYERS, LENET, every_layer

BIG: dict[str, Layer] = {
    "lenet": LENET,
    "196x256": Conv((16, 16), 3),
    "256x1024": ConvTranspose((16, 16), 4, stride=2, padding=1),
    "cropped": Conv((30, 30), 3, padding=-7),
    "gaps": Conv((40, 40), 2, stride=5),
    "dilated": Conv((40, 40), 3, dilation=9),
    "long": Conv(1000, 40, stride=3),
    "circular": Conv((20, 20), 3, padding=1, padding_mode="circular"),
    "dcgan": DCGAN,
}


def places(labels: tuple[Any, ...], letter: str) -> list[tuple[int, ...] | None]:
    """Read pixels off labels x_{r,c}."""
    found: list[tuple[int, ...] | None] = []
    for label in labels:
        if isinstance(label, Dots):
            found.append(None)
        else:
            assert isinstance(label, Name)
            assert label.text == letter
            found.append(tuple(index.value for index in label.indices))  # type: ignore[union-attr]
    return found


def column_places(matrix: Matrix, letter: str, fastest: int) -> list[tuple[int, ...] | None]:
    """Read pixels off labels, or off numbers under the names x_{r,:} of blocks."""
    if not matrix.column_blocks or not any(isinstance(label, Number) for label in matrix.column_labels):
        return places(matrix.column_labels, letter)
    found: list[tuple[int, ...] | None] = []
    for block, label in zip(matrix.column_blocks, matrix.column_labels, strict=True):
        if isinstance(label, Dots):
            found.append(None)
            continue
        assert isinstance(block, Name)
        assert isinstance(label, Number)
        others = [index.value for index in block.indices if isinstance(index, Number)]
        others.insert(len(others) if fastest else 0, label.value)
        found.append(tuple(int(number) for number in others))
    return found


def weights_in(cell: Any) -> bool:
    return not isinstance(cell, ZeroDot | Dots)


@pytest.mark.parametrize(("order", "base"), list(product("CF", (0, 1))))
@every_layer
def test_labels_and_entries_are_those_of_the_matrix(layer: Layer, order: Any, base: Any) -> None:
    story = Story(layer, Notation(order=order, base=base))
    for transposed in (False, True):
        shown = Shown(story, transposed)
        matrix = shown.matrix()
        C = symbolic_matrix(story.conv)
        sides = (story.large_pixels, story.small_pixels) if transposed else (story.small_pixels, story.large_pixels)
        rows = places(matrix.row_labels, shown.letters[0])
        columns = column_places(matrix, shown.letters[1], order == "C")
        for row, cells in zip(rows, matrix.cells, strict=True):
            for column, cell in zip(columns, cells, strict=True):
                if row is None or column is None:
                    assert isinstance(cell, Dots)
                    continue
                i, m = (flat(place, pixels, base) for place, pixels in zip((row, column), sides, strict=True))
                truth = C[(m, i) if transposed else (i, m)]
                assert isinstance(cell, ZeroDot) == (truth == 0)
                if isinstance(cell, Coloured) and base == 0:
                    assert sympy.Symbol(cell.of.to_latex()) == truth  # type: ignore[union-attr]


def flat(place: tuple[int, ...], pixels: tuple[int, ...], base: int) -> int:
    at = tuple(number - base for number in place)
    return int(np.ravel_multi_index(at if len(at) == len(pixels) else (0, *at), pixels))


@pytest.mark.parametrize("name", [*LAYERS, *BIG])
@pytest.mark.parametrize("transposed", [False, True])
def test_every_row_with_weights_shows_one(name: str, transposed: bool) -> None:
    story = Story({**LAYERS, **BIG}[name], Notation())
    shown = Shown(story, transposed) if story.single else Shown(story, transposed).block
    taps: Callable[[Conv, int], list[Any]] = taps_of_column if transposed else taps_of_row
    matrix = shown.matrix()
    plane = plane_of(story.conv)
    rows = places(matrix.row_labels, shown.letters[0])
    pixels = shown.pixels(shown.sides[0])
    seen = 0
    for row, cells in zip(rows, matrix.cells, strict=True):
        if row is not None:
            read = taps(plane, flat(row, pixels, 0))
            assert any(map(weights_in, cells)) == bool(read)
            seen += bool(read)
    assert seen >= 1 or name == "nothing-read"


@pytest.mark.parametrize("name", BIG)
def test_big_matrices_show_their_band(name: str) -> None:
    """Shown rows of one image row hold their weights in different columns: the band can be seen to shift."""
    story = Story(BIG[name], Notation())
    matrix = (Shown(story, False) if story.single else Shown(story, False).block).matrix()
    shifts: set[frozenset[int]] = set()
    for cells in matrix.cells:
        shifts.add(frozenset(number for number, cell in enumerate(cells) if weights_in(cell)))
    assert len(shifts - {frozenset()}) >= 3


def test_only_what_is_shown_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[int, int]] = set()
    true = Story.entry

    def entry(self: Story, row: int, column: int) -> Math | None:
        asked.add((row, column))
        return true(self, row, column)

    monkeypatch.setattr(Story, "entry", entry)
    derive(DCGAN, sections=["matrix", "transpose"])
    assert 0 < len(asked) < 2000
    asked.clear()
    derive(Conv((2**20, 2**20), 3, stride=2, padding=1), sections=["matrix", "transpose"])
    assert 0 < len(asked) < 2000


def test_blocks_of_channels_are_named() -> None:
    text = derive(Conv((4, 4), 3, in_channels=2, out_channels=3), sections=["matrix"]).to_latex()
    assert "c^{\\prime}=2" in text.replace("'", "^{\\prime}")
    assert "C_{2,1}" in text
    assert "C_{c',c}=" in text.replace("&", "").replace("c^{\\prime}", "c'")
    assert "look alike" in text
    given = derive(Conv((4, 4), 3, in_channels=2, out_channels=3), kernel=np.arange(54).reshape(3, 2, 3, 3),
                   sections=["matrix"]).to_latex()  # fmt: skip
    assert "C_{0,0}=" in given.replace("&", "")
    assert "The first is" in given


def test_a_block_is_that_of_any_pair_of_channels() -> None:
    conv = Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)
    block = Shown(Story(conv, Notation()), False).block.matrix()
    assert block.shape == (4, 16)
    C = symbolic_matrix(Conv((4, 4), 2, stride=2))
    for (row, column), entry in np.ndenumerate(np.array(C.tolist())):
        cell = block.cells[row][column]
        assert isinstance(cell, ZeroDot) == (entry == 0)
        assert isinstance(cell, ZeroDot) or cell.to_latex().count(str(entry)) == 1  # type: ignore[union-attr]


def test_groups_are_said_to_be_layers_of_their_own() -> None:
    grouped = Conv((3, 3), 2, in_channels=4, out_channels=4, groups=2)
    text = derive(grouped, sections=["matrix"]).to_latex()
    assert r"\operatorname{diag}" in text
    assert "that are not 0 look alike" in re.sub(r"\s+", " ", text)
    C = np.array(symbolic_matrix(grouped).tolist())
    assert not C[:8, 18:].any()
    assert not C[8:, :18].any()
    text = derive(Conv((3, 3), 2, in_channels=2, out_channels=2), sections=["matrix"]).to_latex()
    assert "diag" not in text


def test_the_rules_are_explained() -> None:
    assert "between one image row and the next" in derive(Conv((4, 4), 3), sections=["matrix"]).to_latex()
    planes = derive(Conv((2, 2, 2), 1), sections=["matrix"]).to_latex()
    assert "between one plane of pixels and the next, a hairline between one image row" in re.sub(r"\s+", " ", planes)
    channels = derive(Conv(3, 2, in_channels=2), sections=["matrix"]).to_latex()
    assert "between one channel and the next" in channels
    assert "A rule" not in derive(Conv(5, 2), sections=["matrix"]).to_latex()


def test_small_layers_with_channels_are_whole() -> None:
    story = Story(Conv(3, 2, in_channels=2, out_channels=2), Notation(base=1))
    matrix = Shown(story, False).matrix()
    assert matrix.shape == (4, 6)
    assert matrix.row_rules == (2,)
    assert matrix.column_rules == (3,)
    assert [as_math(name).to_latex() for name in matrix.column_blocks] == 3 * ["c=1"] + 3 * ["c=2"]
    assert r"\multicolumn{3}{c}" in matrix.to_latex()


def test_groups_leave_zero_blocks() -> None:
    scheme = Shown(Story(Conv(6, 3, in_channels=4, out_channels=6, groups=2), Notation()), False).scheme()
    assert scheme.shape == (6, 4)
    assert scheme.row_rules == (3,)
    assert scheme.column_rules == (2,)
    assert [[cell == Number(0) for cell in row] for row in scheme.cells] == 3 * [2 * [False] + 2 * [True]] + 3 * [
        2 * [True] + 2 * [False]
    ]


def test_planes_are_ruled_and_image_rows_parted() -> None:
    matrix = Shown(Story(Conv((2, 2, 2), 1), Notation()), False).matrix()
    assert matrix.row_rules == (4,)
    assert matrix.row_hairlines == (2, 6)


def test_equal_numbers_have_one_colour() -> None:
    story = Story(Conv(4, 3), Notation(), kernel=[1, 2, 1])
    (a, b, c, _), _ = Shown(story, False).matrix().cells
    assert a == c != b
    assert isinstance(a, Coloured)
    assert story.colours.words == " One colour is one value."
    many = Story(Conv(12, 11), Notation(), kernel=list(range(1, 12)))
    assert Shown(many, False).matrix().cells[0][0] == Number(1)
    assert not many.colours.words


def test_a_border_without_weights_is_left_out() -> None:
    story = Story(Conv((30, 30), 3, padding=-7), Notation())
    matrix = Shown(story, True).matrix()
    assert places(matrix.row_labels, "z")[:3] == [None, (7, 7), (7, 8)]
    assert Blank() not in matrix.row_labels


@every_layer
def test_what_an_axis_uses_is_found(layer: Layer) -> None:
    conv = layer.convolution
    for number, axis in enumerate(conv.axes):
        pads, mode = [(axis.lo, axis.hi)], conv.padding_mode
        line = Conv(
            axis.large, axis.kernel_size, stride=axis.stride, padding=pads, dilation=axis.dilation,
            output_shape=axis.small, padding_mode=mode,
        )  # fmt: skip
        small = [i for i in range(axis.small) if taps_of_row(line, i)]
        large = [m for m in range(axis.large) if taps_of_column(line, m)]
        if small:
            assert used(conv, number, "small") == (small[0], small[min(1, len(small) - 1)], small[-1])
            assert used(conv, number, "large") == (large[0], large[min(1, len(large) - 1)], large[-1])


def test_matrices_with_names_of_blocks_compile(complaints: Callable[[Document], list[str]]) -> None:
    layer = Conv(3, 2, in_channels=2, out_channels=2)
    assert complaints(derive(layer, sections=["matrix", "transpose"])) == []
    assert complaints(derive(BIG["cropped"], sections=["matrix", "transpose"])) == []
    assert complaints(derive(BIG["long"], kernel=list(range(40)), sections=["matrix", "transpose"])) == []
