"""The columns written out add up to the transposed convolution."""

from __future__ import annotations

import re

import pytest
import sympy

from symtconv import Conv, ConvTranspose, Notation, conv_transpose
from symtconv.derivation.columns import columns_section
from symtconv.derivation.notation import Story
from symtconv.document.mathematics import Dots, Matrix, Sum, Times, Underbraced
from symtconv.document.nodes import Display, Document
from symtconv.geometry import Layer
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
    assert "Columns meet: 1 in 9 pixels, 2 in 6 pixels, 4 in 1 pixel." in text


def test_numbers_are_worked_out() -> None:
    found = lines(columns_section(Story(UP4, Notation(), [[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[1, 2], [3, 4]])))
    values = conv_transpose(UP4, [[1, 2], [3, 4]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]]).reshape(-1)
    assert [right.split("=")[-1] for _, right, _ in found] == [str(value) for value in values]
