"""The rows written out are the layer's outputs."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, Notation, convolve
from symtconv.derivation.notation import Story
from symtconv.derivation.rows import rows_section
from symtconv.document.mathematics import Math
from symtconv.document.nodes import Derivation, Section
from symtconv.geometry import Layer
from symtconv.matrices.symbolic import input_symbols, kernel_symbols

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


def _plain(formula: object) -> str:
    assert isinstance(formula, Math)
    return re.sub(r"\\,|\s", "", formula.to_latex())


def lines(section: Section) -> list[tuple[str, str, object]]:
    """Give (left, right, reason) of every line, without spaces."""
    (derivation,) = (block for block in section.blocks if isinstance(block, Derivation))
    return [(_plain(step.left), _plain(step.right), step.reason) for step in derivation.steps]


@pytest.mark.parametrize(
    "layer", [UP4, Conv(9, 3, dilation=2), Conv((3, 3), 2, in_channels=2, groups=2, out_channels=2)]
)
def test_each_line_has_the_terms_of_its_output(layer: Layer) -> None:
    conv = layer.convolution
    outputs = convolve(conv, input_symbols(conv), kernel_symbols(conv)).reshape(-1)
    found = lines(rows_section(Story(layer, Notation())))
    assert len(found) == len(outputs)
    for row, ((_, right, reason), output) in enumerate(zip(found, outputs, strict=True)):
        terms = {str(term).replace("*", "").replace(" ", "") for term in output.as_ordered_terms()}
        assert set(right.split("+")) == terms
        assert reason == f"row {row}"


def test_the_rows_of_stacked_columns_follow_vec() -> None:
    found = lines(rows_section(Story(UP4, Notation(order="F", base=1))))
    assert [left for left, _, _ in found] == ["y_{1,1}", "y_{2,1}", "y_{1,2}", "y_{2,2}"]
    assert found[-1][2] == "row 4"


def test_long_lists_have_dots() -> None:
    found = lines(rows_section(Story(Conv((28, 28), 5), Notation())))
    assert [left for left, _, _ in found] == ["y_{0,0}", "y_{0,1}", "y_{0,2}", r"\vdots", "y_{23,23}"]
    assert found[0][1].count("w_") == 25


def test_weights_that_meet_are_added_and_zeros_left_out() -> None:
    layer = Conv(2, 3, padding=1, padding_mode="replicate")
    found = lines(rows_section(Story(layer, Notation(), [1, Fraction(1, 2), 0])))
    assert [right for _, right, _ in found] == [r"\frac{3}{2}x_{0}", r"x_{0}+\frac{1}{2}x_{1}"]


def test_numbers_are_worked_out_exactly() -> None:
    layer, kernel, pixels = Conv(4, 2), [Fraction(1, 3), -2], [3, 1, 2, 5]
    found = lines(rows_section(Story(layer, Notation(), kernel, pixels)))
    assert [right.split("=")[-1] for _, right, _ in found] == ["-1", r"-\frac{11}{3}", r"-\frac{28}{3}"]
    assert convolve(layer, pixels, kernel).tolist() == [-1, Fraction(-11, 3), Fraction(-28, 3)]


def test_of_many_channels_the_first_is_written_out() -> None:
    layer = Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)
    found = lines(rows_section(Story(layer, Notation())))
    assert [left for left, _, _ in found] == ["y_{0,0,0}", "y_{0,0,1}", "y_{0,1,0}", "y_{0,1,1}"]
    stacked = lines(rows_section(Story(layer, Notation(order="F"))))
    assert [(left, reason) for left, _, reason in stacked] == [
        ("y_{0,0,0}", "row 0"), ("y_{0,1,0}", "row 3"), ("y_{0,0,1}", "row 6"), ("y_{0,1,1}", "row 9"),
    ]  # fmt: skip
    given = lines(rows_section(Story(layer, Notation(), range_kernel(layer))))
    assert len(given) == 12


def range_kernel(layer: Conv) -> list[object]:
    weights: list[object] = np.arange(1, 1 + np.prod(layer.kernel_shape)).reshape(layer.kernel_shape).tolist()
    return weights


def test_weights_of_1_are_not_written() -> None:
    found = lines(rows_section(Story(Conv(3, 2), Notation(), [1, -1])))
    assert [right for _, right, _ in found] == ["x_{0}-x_{1}", "x_{1}-x_{2}"]
    imaginary = lines(rows_section(Story(Conv(2, 2), Notation(), [sympy.I, 1])))
    assert imaginary[0][1] == r"Ix_{0}+x_{1}"
