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
    counted = f"={total}$mixedderivativesofalloutputsbyallpixelsandweights{ones}are1and{total - ones}are0."
    assert counted in text


def test_the_hessian_is_indefinite() -> None:
    conv = UP4.T
    x, w = input_symbols(conv).reshape(-1), kernel_symbols(conv).reshape(-1)
    form = convolve(conv, input_symbols(conv), kernel_symbols(conv)).sum()
    H = np.array(sympy.hessian(form, [*x, *w]).tolist(), dtype=float)
    values = np.linalg.eigvalsh(H)
    assert values[0] < 0 < values[-1]
    text = text_of(hessian_section(story(UP4)))
    assert "eigenvalues,unlessallare0,havebothsigns" in text
    assert r"isnot0,thatisforevery$v\neq0$" in text


def test_where_outputs_read_nothing_only_v_that_counts_is_named() -> None:
    silent = Conv(2, 1, padding=[(1, 0)])  # output 0 reads padding alone, so v_0 has no second derivative
    assert "isnot0." in text_of(hessian_section(story(silent)))
    circular = Conv(3, 4, padding=3, padding_mode="circular")
    assert "isnot0." in text_of(hessian_section(story(circular)))


def test_all_pairs_of_letters_have_their_derivative() -> None:
    layer = Conv((2, 2), (1, 2), in_channels=2, out_channels=2)
    text = text_of(hessian_section(story(layer)))
    assert r"\frac{\partial}{\partialw_{j^{\prime}}}" in text.replace("'", r"^{\prime}")
    assert "Thederivativebyaweightofanotherchannelthan" in text
    assert "anotherchannel" not in text_of(hessian_section(story(UP4)))


@pytest.mark.parametrize("groups", [1, 2])
def test_of_many_channels_the_first_block_is_shown(groups: int) -> None:
    layer = Conv((3, 3), 2, in_channels=4, out_channels=4, groups=groups)
    block = list(find(hessian_section(story(layer)), Matrix))[-1]
    x, w, v = input_symbols(layer), kernel_symbols(layer), input_symbols(layer.T)
    form = sympy.expand((v * convolve(layer, x, w)).sum())
    assert block.shape == (4, 9)
    for cells, weight in zip(block.cells, w[0, 0].reshape(-1), strict=True):
        for cell, pixel in zip(cells, x[0].reshape(-1), strict=True):
            expected = sympy.diff(form, weight, pixel)
            assert (cell == ZeroDot()) == (expected == 0)
            assert expected == 0 or cell.to_latex() == str(expected)  # type: ignore[union-attr]


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


@pytest.mark.parametrize(
    ("layer", "nowhere"),
    [
        (UP4, True),
        (Conv((4, 4), 3, padding=1, padding_mode="circular"), True),
        (Conv(6, 3, stride=2, padding=1, padding_mode="circular"), True),
        (Conv(3, 4, padding=3, padding_mode="circular"), False),
        (Conv(3, 2, padding=2), False),
    ],
)
def test_the_block_is_0_for_v_0_alone_where_it_is_said(layer: Layer, nowhere: bool) -> None:
    conv = layer.convolution
    assert (r"thatisforevery$v\neq0$" in text_of(hessian_section(story(layer)))) == nowhere
    x, w, v = (symbols.reshape(-1) for symbols in (input_symbols(conv), kernel_symbols(conv), input_symbols(conv.T)))
    form = sympy.expand((input_symbols(conv.T) * convolve(conv, input_symbols(conv), kernel_symbols(conv))).sum())
    block = sympy.Matrix([sympy.diff(form, one, other) for one in w for other in x])
    assert (block.jacobian(list(v)).rank() == len(v)) >= nowhere
