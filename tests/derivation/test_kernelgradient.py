"""The gradient by the kernel: the unfold matrix and the exchanged convolution are those of the library."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, convolve, kernel_jacobian
from symtconv.derivation.kernelgradient import kernelgradient_section
from symtconv.document.mathematics import Matrix, Name, ZeroDot
from symtconv.document.nodes import TableBlock, Theorem
from symtconv.geometry import Layer
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("layer", [UP4, Conv((2, 3), (1, 2), in_channels=2, out_channels=2), Conv(4, 3, padding=1)])
def test_the_matrix_shown_is_the_unfold_matrix(layer: Layer, order: Any) -> None:
    (shown,) = find(kernelgradient_section(story(layer, order=order)), Matrix)
    conv = layer.convolution
    X = np.array(kernel_jacobian(conv).tolist())
    small, kernel = (conv.small_channels, *conv.small_shape), conv.kernel_shape
    rows = np.arange(X.shape[0]).reshape(small).reshape(-1, order=order)
    columns = np.arange(X.shape[1]).reshape(kernel).reshape(-1, order=order)
    for cells, row in zip(shown.cells, rows, strict=True):
        for cell, column in zip(cells, columns, strict=True):
            expected = X[row, column]
            assert (cell == ZeroDot()) == (expected == 0)
            if expected != 0:
                assert isinstance(cell, Name)
                assert cell.to_latex() == str(expected)


def test_the_first_and_the_last_derivative_are_written_out() -> None:
    text = text_of(kernelgradient_section(story(UP4)))
    assert "v_{0,0}x_{0,0}+v_{0,1}x_{0,2}+v_{1,0}x_{2,0}+v_{1,1}x_{2,2}" in text
    assert r"\partialw_{2,2}}=v_{0,0}x_{2,2}" in text.replace(" ", "")


def test_the_convolution_of_the_table_is_the_gradient() -> None:
    conv = Conv(9, 3, stride=3, padding=[(1, 2)], dilation=2)  # a = 1
    section = kernelgradient_section(story(conv))
    (table,) = find(section, TableBlock)
    cells = [getattr(cell, "to_latex", lambda: "")() for cell in table.rows[1]]
    assert cells[3:6] == ["2", "3", "(1,1)"]
    rng = np.random.default_rng(0)
    x, v = rng.integers(-9, 9, 9), rng.integers(-9, 9, conv.output_shape)
    exchanged = Conv(9, conv.output_shape, stride=2, dilation=3, padding=[(1, 1)])
    assert convolve(exchanged, x, v).tolist() == (kernel_jacobian(conv, x).T @ v).tolist()
    assert r"\lfloor\frac{9+1+1-(3\cdot(3-1)+1)}{2}\rfloor+1=3" in text_of(section)


def test_other_padding_modes_keep_the_first_outputs() -> None:
    layer = Conv(7, 2, stride=3, padding=1, padding_mode="circular")
    assert "thefirst$2$arekept" in text_of(kernelgradient_section(story(layer)))
    without = Conv(6, 3, padding=1, padding_mode="circular")
    assert "arekept" not in text_of(kernelgradient_section(story(without)))


def test_a_theorem_needs_a_proof() -> None:
    assert list(find(kernelgradient_section(story(UP4)), Theorem))
    large = Conv((28, 28), 5, in_channels=64, out_channels=64)
    section = kernelgradient_section(story(large))
    assert not list(find(section, Theorem))


def test_given_weights_are_not_in_it() -> None:
    kernel = np.full((3, 3), Fraction(1, 7))
    assert text_of(kernelgradient_section(story(UP4, kernel))) == text_of(kernelgradient_section(story(UP4)))


def test_the_notation_is_followed() -> None:
    text = text_of(kernelgradient_section(story(UP4, x="X", base=1, order="F", brackets="()")))
    assert r"\operatorname{vec}y=U\operatorname{vec}w" in text
    assert "X_{2i+j-2}" in text
    assert "_{0" not in text
    assert r"[\begin{array}" not in text
