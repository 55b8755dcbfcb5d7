"""The columns written out add up to the transposed convolution."""

from __future__ import annotations

import re

import pytest
import sympy

from symtconv import Conv, ConvTranspose, Notation, conv_transpose
from symtconv.derivation.columns import TALLEST, columns_section
from symtconv.derivation.notation import Story
from symtconv.document.mathematics import Dots, Matrix, Sum, Times, Underbraced
from symtconv.document.nodes import Display, Document
from symtconv.geometry import Layer
from symtconv.matrices.entries import taps_of_row
from symtconv.matrices.symbolic import input_symbols, kernel_symbols, symbolic_matrix
from tests.derivation.test_rows import UP4, lines


@pytest.mark.parametrize(
    "layer", [UP4, Conv(9, 3, dilation=2), ConvTranspose((3, 3), 5, stride=2, padding="same"), Conv(3, 1, stride=2)]
)
def test_each_line_has_the_terms_of_its_pixel(layer: Layer) -> None:
    back = layer.convolution.T
    pixels = conv_transpose(back, input_symbols(layer.convolution.T), kernel_symbols(back)).reshape(-1)
    found = lines(columns_section(Story(layer, Notation())))
    assert len(found) == len(pixels)
    for (_, right, _), pixel in zip(found, pixels, strict=True):
        terms = {factors(str(term)) for term in sympy.sympify(pixel).as_ordered_terms()} - {frozenset()}
        assert {factors(term) for term in right.split("+")} - {frozenset()} == terms


def factors(term: str) -> frozenset[str]:
    return frozenset(re.findall(r"[wv]_\{[\d,]+\}", term))


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_columns_are_those_of_the_transposed_matrix(order: str) -> None:
    section = columns_section(Story(UP4, Notation(order=order)))  # type: ignore[arg-type]
    (display,) = (block for block in section.blocks if isinstance(block, Display))
    total = display.lines[0].operands[1]  # type: ignore[union-attr]
    assert isinstance(total, Sum)
    C = symbolic_matrix(UP4.T, order=order)  # type: ignore[arg-type]
    assert len(total.terms) == 4
    for column, term in enumerate(total.terms):
        assert isinstance(term, Times)
        braced = term.factors[1]
        assert isinstance(braced, Underbraced)
        assert isinstance(braced.of, Matrix)
        for pixel, (cell,) in enumerate(braced.of.cells):
            entry = str(C[column, pixel])
            assert entry == "0" or entry in cell.to_latex()  # type: ignore[union-attr]
            assert (entry == "0") == ("w" not in cell.to_latex())  # type: ignore[union-attr]


def test_many_columns_have_dots() -> None:
    section = columns_section(Story(Conv((28, 28), 5), Notation()))
    (display,) = (block for block in section.blocks if isinstance(block, Display))
    total = display.lines[0].operands[1]  # type: ignore[union-attr]
    assert [isinstance(term, Dots) for term in total.terms] == [False, False, True, False]
    assert "784 entries" in Document("", (section,)).to_latex()


def test_the_columns_that_meet_are_counted() -> None:
    text = Document("", (columns_section(Story(UP4, Notation())),)).to_latex()
    assert "Nine pixels are sums of 1 term, 6 of 2 terms, 1 of 4 terms." in text


def test_numbers_are_worked_out() -> None:
    found = lines(columns_section(Story(UP4, Notation(), [[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[1, 2], [3, 4]])))
    values = conv_transpose(UP4, [[1, 2], [3, 4]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]]).reshape(-1)
    assert [right.split("=")[-1] for _, right, _ in found] == [str(value) for value in values]


def test_each_shown_column_shows_what_it_holds() -> None:
    """Much of it, of every channel that it reaches, and with the pixels of z beside the first column."""
    layer = Conv((3, 3), 2, in_channels=4, out_channels=4, groups=2)
    section = columns_section(Story(layer, Notation()))
    (display,) = (block for block in section.blocks if isinstance(block, Display))
    total = display.lines[0].operands[1]  # type: ignore[union-attr]
    columns = [term.factors[1].of for term in total.terms if isinstance(term, Times)]  # type: ignore[union-attr]
    assert columns[0].row_labels
    assert len(columns[0].cells) <= TALLEST
    channels = [None if isinstance(label, Dots) else label.indices[0].value for label in columns[0].row_labels]
    for column, reached in zip(columns, ({0, 1}, {0, 1}, {2, 3}), strict=True):
        seen = [c for c, (cell,) in zip(channels, column.cells, strict=True) if "w" in cell.to_latex()]
        assert set(seen) == reached
        assert len(seen) >= 4
    C = symbolic_matrix(layer)
    for label, (cell,) in zip(columns[0].row_labels, columns[0].cells, strict=True):
        if not isinstance(label, Dots):
            c, m, n = (index.value for index in label.indices)
            assert ("w" in cell.to_latex()) == (C[0, 9 * c + 3 * m + n] != 0)


def test_the_first_channel_stands_for_the_others() -> None:
    layer = Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)
    found = lines(columns_section(Story(layer, Notation())))
    assert len(found) == 16
    assert {left[:4] for left, _, _ in found} == {"z_{0"}


def test_equal_counts_and_pixels_without_a_term_are_said() -> None:
    text = Document("", (columns_section(Story(Conv((2, 2), 1), Notation())),)).to_latex()
    assert "Each of the 4 pixels is a sum of 1 term." in text
    text = Document("", (columns_section(Story(Conv(5, 1, stride=2, padding=[(0, -1)]), Notation())),)).to_latex()
    assert "Two pixels are sums of 1 term. Three pixels get nothing." in text


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3), ""),
        (Conv((6, 6), 2, stride=2), "zeros are left out"),
        (ConvTranspose((3, 3), 5, stride=2, padding="same"), ""),
        (Conv((28, 28), 5, padding=2, out_channels=6), "zeros are left out"),
        (Conv((28, 28), 9, padding=4), "entries are left out, weights among them"),
    ],
)
def test_the_dots_are_said_to_hide_weights_where_they_do(layer: Layer, words: str) -> None:
    story = Story(layer, Notation())
    text = Document("", (columns_section(story),)).to_latex()
    assert (words or "entries; where dots") in text if words else "where dots" not in text
    (display,) = (block for block in columns_section(story).blocks if isinstance(block, Display))
    total = display.lines[0].operands[1]  # type: ignore[union-attr]
    columns = [term.factors[1].of for term in total.terms if isinstance(term, Times)]  # type: ignore[union-attr]
    for column, place in zip(columns, (0, 1, story.rows - 1), strict=True):
        shown = sum("w" in cell.to_latex() for (cell,) in column.cells)
        weights = len(taps_of_row(layer.convolution, place))
        assert shown == weights if "among" not in words else shown < weights
