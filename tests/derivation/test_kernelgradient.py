"""The gradient by the kernel: the unfold matrix and the exchanged convolution are those of the library."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, convolve, kernel_jacobian
from symtconv.derivation.kernelgradient import kernelgradient_section
from symtconv.document.mathematics import Dots, Matrix, Name, ZeroDot
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


@pytest.mark.parametrize(("groups", "blocks"), [(1, "X_{0},X_{0},X_{0},X_{0}"), (2, "X_{0},X_{0},X_{1},X_{1}")])
def test_of_many_channels_the_first_block_is_shown(groups: int, blocks: str) -> None:
    layer = Conv((3, 3), 2, in_channels=4, out_channels=4, groups=groups)
    section = kernelgradient_section(story(layer))
    (shown,) = find(section, Matrix)
    X = np.array(kernel_jacobian(layer).tolist())
    high, wide = X.shape[0] // 4, X.shape[1] // 4
    for first, second in np.ndindex(4, 4):
        block = X[first * high :][:high, second * wide :][:, :wide]
        assert block.any() == (first == second)
        assert first != second or (block == X[:high, :wide]).all() == (first // 2 == 0 or groups == 1)
    assert f"diag}}({blocks})" in text_of(section)
    columns = range(wide) if shown.shape[1] == wide else None
    for cells, row in zip(shown.cells, X[:high, :wide], strict=True):
        for column in columns or ():
            assert cells[column] == ZeroDot() if row[column] == 0 else str(row[column]) == cells[column].to_latex()  # type: ignore[union-attr]
    assert columns or groups == 1


@pytest.mark.parametrize("padding", [0, 2])
def test_no_row_of_the_shown_matrix_looks_like_zero(padding: int) -> None:
    layer = Conv((28, 28), 5, padding=padding, out_channels=6)
    (shown,) = find(kernelgradient_section(story(layer)), Matrix)
    rows = [cells for cells, label in zip(shown.cells, shown.row_labels, strict=True) if label != Dots("v")]
    assert all(any(isinstance(cell, Name) for cell in cells) for cells in rows)
    assert len(rows) >= 9


def test_pads_are_named_where_they_change() -> None:
    same = text_of(kernelgradient_section(story(UP4)))
    assert "exchanged:stride$1$,dilation$2$,andwiththesamepads." in same
    assert "upperpadissmaller" not in same
    changed = text_of(kernelgradient_section(story(Conv(9, 3, stride=3, padding=[(1, 2)], dilation=2))))
    assert r"andwithpads$({\mathrm{lo},\mathrm{hi}-a})$" in changed
    assert "upperpadissmaller" in changed
    assert "exchanged(bothare$1$here)" in text_of(kernelgradient_section(story(Conv(4, 3))))


def test_the_transposed_layer_is_told_its_own_gradients() -> None:
    assert r"\nabla_{v}\langle{x,z}\rangle=Cx" in text_of(kernelgradient_section(story(UP4)))
    assert r"\nabla_{v}" not in text_of(kernelgradient_section(story(UP4.T)))


def test_the_exchanged_convolution_keeps_pads_and_mode() -> None:
    layer = Conv((4, 4), 3, padding=1, padding_mode="circular")
    text = text_of(kernelgradient_section(story(layer)))
    assert "withthesamepads$({1,1})$incircularmode" in text
    assert "andthesumisthisoutput" in text
    x, v = np.arange(16).reshape(4, 4) ** 2 % 11, np.arange(16).reshape(4, 4) ** 3 % 7
    exchanged = Conv((4, 4), 4, padding=1, padding_mode="circular")
    X = kernel_jacobian(layer, x).toarray()
    assert convolve(exchanged, x, v).reshape(-1).tolist() == (X.T @ v.reshape(-1)).tolist()
