"""The stamps in words and pictures: what a stamp is, which are drawn, and what the cells hold."""

from __future__ import annotations

import pytest

from symtconv import Conv, ConvTranspose, Notation
from symtconv.derivation.notation import Story
from symtconv.derivation.pictured import pictured
from symtconv.derivation.stampfigure import BOTH, DARK, stamp_figure
from symtconv.derivation.stamps import stamps_section
from symtconv.derivation.zerosfigure import zeros_figure
from symtconv.document.nodes import Document, Figure, Paragraph
from symtconv.document.plaintext import plain
from symtconv.figures.scene import Cell, Label
from symtconv.geometry import Layer
from symtconv.matrices.entries import taps_of_column
from tests.derivation.test_rows import UP4

DILATED = Conv(9, 3, dilation=2, stride=2, padding=2)
PATCHES = Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)
LENET = Conv((28, 28), 5, padding=2, out_channels=6)


def words(layer: Layer) -> str:
    opening, _, figure = stamps_section(Story(layer, Notation())).blocks
    assert isinstance(opening, Paragraph)
    assert isinstance(figure, Figure)
    return f"{plain(opening.content)} {plain(figure.caption)}"


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (UP4, "Two of the four stamps: stamp v_0,0w in orange and v_0,1w in blue; their overlap is darker"),
        (UP4, "On each axis no pixels are cropped before and one after."),
        (UP4, "where stamps overlap, they are added"),
        (DILATED, "the taps of a stamp 2 pixels apart, as the dilation says"),
        (DILATED, "The five stamps:"),
        (PATCHES, "those of one channel do not overlap"),
        (LENET, "a smaller layer of the same kind"),
        (Conv((6, 6), 2, stride=2), "they do not overlap."),
        (Conv((6, 6), 2, stride=3, dilation=2), "they do not overlap."),
        (Conv(15, 4, stride=3, dilation=2), "where stamps overlap, they are added"),
    ],
)
def test_words(layer: Layer, said: str) -> None:
    assert said in words(layer)


@pytest.mark.parametrize("layer", [UP4, DILATED, PATCHES, LENET])
def test_no_colour_is_called_red(layer: Layer) -> None:
    assert " red" not in words(layer)
    assert "dotted" not in words(layer)


def test_the_layer_itself_is_drawn_where_it_fits() -> None:
    assert pictured(Story(DILATED, Notation())).input_shape == DILATED.convolution.small_shape
    assert pictured(Story(LENET, Notation())).input_shape == (3, 3)


def test_cells_of_a_sum_are_dark_where_two_stamps_meet() -> None:
    story = Story(DILATED, Notation())
    scene = stamp_figure(story, pictured(story))
    cells = [item for item in scene.items if isinstance(item, Cell) and item.fill]
    bottom = max(cell.y for cell in cells)
    dark = sorted(cell.x for cell in cells if cell.y == bottom and cell.fill in (BOTH, DARK))
    start = min(cell.x for cell in cells if cell.y == bottom)
    lo, large = DILATED.axes[0].lo, DILATED.axes[0].large
    met = [m + lo for m in range(large) if len(taps_of_column(DILATED, m)) > 1]
    assert [x - start for x in dark if lo <= x - start < lo + large] == met
    names = [item.content for item in scene.items if isinstance(item, Label) and not isinstance(item.content, str)]
    assert sum(name.to_latex().startswith("v_") and name.to_latex().endswith("w") for name in names) == 5


def test_given_weights_stand_in_the_kernel() -> None:
    story = Story(UP4, Notation(), [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    labels = [
        item.label.to_latex()
        for item in stamp_figure(story, pictured(story)).items
        if isinstance(item, Cell) and item.label is not None
    ]
    assert [label for label in labels if label.isdigit()] == list("121242121")


def test_both_pictures_show_the_same_smaller_layer() -> None:
    story = Story(LENET, Notation())
    figure = zeros_figure(story)
    assert figure is not None
    pixels = {item.label.to_latex() for item in figure.scenes[0].items if isinstance(item, Cell) and item.label}
    assert "v_{0,2,2}" in pixels
    assert "v_{0,3,3}" not in pixels


@pytest.mark.parametrize(
    "layer",
    [
        Conv((3, 4, 5), 2, in_channels=2, out_channels=4, groups=2),
        Conv((3, 3, 3, 3), 2),
        ConvTranspose((3, 2), 2, padding=[(-1, -2), (-3, 1)]),
        Conv((2048, 2048), 5, stride=3, padding=1),
        Conv((6, 7), 3, padding=1, padding_mode="reflect"),
        ConvTranspose(3, 2, stride=200),
    ],
)
def test_every_layer_has_its_picture(layer: Layer) -> None:
    assert "tikzpicture" in Document("", (stamps_section(Story(layer, Notation(base=1))),)).to_latex()


def test_input_and_kernel_are_named_by_their_planes() -> None:
    story = Story(LENET, Notation())
    scene = stamp_figure(story, pictured(story))
    names = [item.content.to_latex() for item in scene.items if isinstance(item, Label) and item.anchor == "above"
             and not isinstance(item.content, str)]  # fmt: skip
    assert names == ["v_{0}", "w_{0,0}"]


def test_a_stamp_is_that_of_a_channel() -> None:
    assert "Two of the four stamps of channel 0 of v: stamp v_0,0,0w_0,0 in orange" in words(PATCHES)
    assert "what lies outside it wraps around" in words(Conv((4, 4), 3, padding=1, padding_mode="circular")).lower()
