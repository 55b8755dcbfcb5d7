"""The stamps drawn are the columns of C^T, and the sum drawn is the transposed convolution."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, Notation, conv_transpose, symbolic_matrix
from symtconv.derivation import stampsum
from symtconv.derivation.canvas import Canvas
from symtconv.derivation.notation import Story
from symtconv.derivation.stampimages import Images
from symtconv.derivation.stampsum import stampsum_section
from symtconv.derivation.terms import Numbers
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import Math
from symtconv.document.nodes import Document, ProofBlock, Theorem
from symtconv.figures.scene import Cell
from symtconv.geometry import Layer
from tests.derivation.sectiontext import packed
from tests.derivation.test_rows import UP4

UP6 = ConvTranspose((3, 3), 5, stride=2, padding="same")
DRAWN = [
    UP4,
    UP6,
    Conv(9, 3, dilation=2),
    Conv((4, 5), 3, padding=1, padding_mode="circular"),
    ConvTranspose((3, 2), 2, padding=[(-1, -2), (-3, 1)]),
    ConvTranspose(3, 2, dilation=4, output_padding=2),
]


@pytest.mark.parametrize("layer", DRAWN)
def test_the_cells_inside_the_frame_are_the_entries_of_the_matrix(layer: Layer) -> None:
    canvas = Canvas(Story(layer, Notation()), (20, 20))
    top, left, rows, columns = canvas.frame
    assert canvas.complete
    C = symbolic_matrix(layer.convolution)
    drawn = {}
    for (row, column), terms in canvas.cells.items():
        if canvas.inside((row, column)):
            for pixel, numbers in terms:
                drawn[pixel, (row - top) * columns + column - left] = len(numbers)
    entries = {(i, m): len(value.as_ordered_terms()) for (i, m), value in C.todok().items()}
    assert drawn == entries
    assert rows * columns == C.shape[1]


def test_what_is_cropped_is_drawn_too() -> None:
    canvas = Canvas(Story(UP4, Notation()), (9, 9))
    assert canvas.size == (5, 5)
    assert canvas.frame == (0, 0, 4, 4)
    assert sum(len(cells) for cells in canvas.stamps.values()) == 4 * 9


def test_products_and_sums_are_exact() -> None:
    kernel, pixels = (
        np.array([[Fraction(r - c, 3) for c in range(5)] for r in range(5)]),
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    )
    story = Story(UP6, Notation(), kernel, pixels)
    images = Images(Canvas(story, (9, 9)), Numbers(story))
    z = conv_transpose(UP6, pixels, kernel)
    top, left, rows, columns = images.canvas.frame
    for (row, column), ((value, _),) in images.sums[1].items():
        if images.canvas.inside((row, column)):
            assert value.to_latex() == _latex(z[row - top, column - left])
    assert (rows, columns) == z.shape


def _latex(value: Fraction) -> str:
    formula: Math = formula_of(Fraction(value))
    return formula.to_latex()


def test_few_stamps_are_all_drawn_and_many_are_not() -> None:
    assert Images(Canvas(Story(UP4, Notation()), (9, 9)), None).shown == (0, 1, 2, 3)
    assert Images(Canvas(Story(UP6, Notation()), (9, 9)), None).shown == (0, 1, None, 8)


def test_a_theorem_stands_only_where_it_was_proved() -> None:
    dcgan = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    assert any(isinstance(block, Theorem) for block in stampsum_section(Story(UP4, Notation())).blocks)
    section = stampsum_section(Story(dcgan, Notation()))
    assert not any(isinstance(block, Theorem) for block in section.blocks)
    assert "1024 channels" in Document("", (section,)).to_latex()


def test_wide_weights_are_written_by_their_names() -> None:
    kernel = [Fraction(1, 3**40), 2]
    text = Document("", (stampsum_section(Story(Conv(3, 2), Notation(), kernel)),)).to_latex()
    assert "too long for the cells" in text
    assert "w_{0}" in text


def test_terms_in_a_cell_are_added() -> None:
    sums = Images(Canvas(Story(UP4, Notation()), (9, 9)), None).sum
    text = "".join(label.to_latex() for label, _ in sums[2, 2]).replace("\\,", "")
    assert text == "w_{2,2}v_{0,0}+w_{2,0}v_{0,1}+w_{0,2}v_{1,0}+w_{0,0}v_{1,1}"


def test_many_terms_stand_beside_each_other() -> None:
    circular = Conv((4, 4), 3, padding=1, padding_mode="circular")
    images = Images(Canvas(Story(circular, Notation()), (9, 9)), None)
    assert images.a_line > 1
    cells = [item for item in images.sum_scene(images.sum, None).items if isinstance(item, Cell)]
    assert len(cells) == 16 * 9
    assert max(cell.y + cell.h for cell in cells) <= 11.5


def test_the_words_count_the_stamps_that_are_drawn() -> None:
    assert (
        "Nine stamps are added, of which three are drawn"
        in Document("", (stampsum_section(Story(UP6, Notation())),)).to_latex()
    )


def test_the_theorem_has_an_argument() -> None:
    blocks = stampsum_section(Story(UP4, Notation())).blocks
    (proof,) = (block for block in blocks if isinstance(block, ProofBlock))
    text = Document("", (proof,)).to_latex()
    assert "C_{i,m}" in text
    assert "m=2i+j" in text


@pytest.mark.parametrize("layer", [UP6, Conv(9, 3, dilation=2, stride=2, padding=2), UP4])
def test_the_whole_canvas_is_drawn_where_it_fits(layer: Layer) -> None:
    images = stampsum._images(Story(layer, Notation()))
    assert images.canvas.whole
    conv = layer.convolution
    cells = sum(len(terms) for terms in images.sum.values())
    assert cells == conv.small_channels * int(np.prod(conv.small_shape)) * int(np.prod(conv.kernel_size))


def test_a_canvas_that_is_cut_off_is_said_to_be() -> None:
    layer = ConvTranspose((2, 2), 11, padding=4)
    canvas = stampsum._images(Story(layer, Notation())).canvas
    assert canvas.complete
    assert not canvas.whole
    assert "partofwhatiscroppedhasnoroominthepicture" in packed(stampsum_section, layer)
    assert "partofwhatiscropped" not in packed(stampsum_section, UP6)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (UP6, "onecolourforeachpixelof"),
        (Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3), "onecolourforeachplace,whateverthechannel,of"),
        (Conv((4, 4), 3, padding=1, padding_mode="circular"), ""),
    ],
)
def test_colours_are_said_as_they_are(layer: Layer, words: str) -> None:
    story = Story(layer, Notation())
    images = stampsum._images(story)
    places = int(np.prod(layer.convolution.small_shape))
    for one, hue in images.hues.items():
        for other, second in images.hues.items():
            if words:
                assert (hue == second) == (one == other if "pixel" in words else one % places == other % places)
    text = packed(stampsum_section, layer)
    assert words in text
    assert "colour" in text or not words
    assert "neighbouringstamps" not in text
