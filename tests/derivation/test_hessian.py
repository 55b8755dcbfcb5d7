"""The second derivatives are those that SymPy takes of the definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose
from symtconv.derivation.hessian import hessian_section
from symtconv.document.mathematics import Matrix, Name, Sum, ZeroDot
from symtconv.document.nodes import Theorem
from symtconv.geometry import Layer
from symtconv.layers import convolve
from symtconv.matrices.symbolic import input_symbols, kernel_symbols
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")
LAYERS = [
    UP4,
    Conv(3, 4, padding=3, padding_mode="circular"),
    Conv((2, 2), (1, 2), in_channels=2, out_channels=2),
    Conv(3, 2, in_channels=2, out_channels=2, groups=2),
]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("layer", LAYERS)
def test_the_block_is_the_derivative_by_weights_and_pixels(layer: Layer, order: Any) -> None:
    conv = layer.convolution
    x, w, v = input_symbols(conv), kernel_symbols(conv), input_symbols(conv.T)
    form = sympy.expand((v * convolve(conv, x, w)).sum())
    block = list(find(hessian_section(story(layer, order=order)), Matrix))[-1]
    large, kernel = (conv.large_channels, *conv.large_shape), conv.kernel_shape
    pixels = x.reshape(large).reshape(-1, order=order)
    weights = w.reshape(kernel).reshape(-1, order=order)
    for cells, weight in zip(block.cells, weights, strict=True):
        for cell, pixel in zip(cells, pixels, strict=True):
            names = {name.to_latex() for name in find(cell, Name) if name.indices}
            expected = sympy.diff(form, weight, pixel)
            assert expected == sum(sympy.Symbol(name) for name in names)
            assert (cell == ZeroDot()) == (expected == 0)
            assert isinstance(cell, Name | Sum | ZeroDot)


@pytest.mark.parametrize("layer", LAYERS)
def test_ones_and_zeros_are_counted(layer: Layer) -> None:
    conv = layer.convolution
    x, w = input_symbols(conv).reshape(-1), kernel_symbols(conv).reshape(-1)
    y = convolve(conv, input_symbols(conv), kernel_symbols(conv)).reshape(-1)
    total = y.size * x.size * w.size
    ones = sum(len(sympy.Poly(value, *w, *x).terms()) for value in map(sympy.expand, y))
    text = text_of(hessian_section(story(layer)))
    assert f"={total}$mixedderivatives{ones}are1and{total - ones}are0." in text


def test_the_hessian_is_indefinite() -> None:
    conv = UP4.T
    x, w = input_symbols(conv).reshape(-1), kernel_symbols(conv).reshape(-1)
    form = convolve(conv, input_symbols(conv), kernel_symbols(conv)).sum()
    H = np.array(sympy.hessian(form, [*x, *w]).tolist(), dtype=float)
    values = np.linalg.eigvalsh(H)
    assert values[0] < 0 < values[-1]
    assert "eigenvaluesofbothsigns" in text_of(hessian_section(story(UP4)))


def test_a_theorem_needs_a_proof() -> None:
    assert len(list(find(hessian_section(story(UP4)), Theorem))) == 1
    assert not list(find(hessian_section(story(Conv(10**6, 9))), Theorem))


def test_the_notation_is_followed() -> None:
    text = text_of(hessian_section(story(UP4, C="B", w="H", base=1, iverson=False, brackets="()")))
    assert "A(v)_{j,m}" in text
    assert "G=" in text
    assert "m=2i+j-2" in text
    assert r"\begin{cases}" in text
    assert "_{0" not in text
