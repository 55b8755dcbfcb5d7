"""The symbolic matrix and its names."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given

from symtconv import (
    Conv,
    ConvTranspose,
    GeometryError,
    TooLarge,
    input_symbols,
    kernel_symbols,
    symbolic_matrix,
)
from symtconv.geometry import Layer
from tests import definitions
from tests.cases import DCGAN, DCGAN_5, LENET, every_layer
from tests.strategies import layers, seeds


def names(letter: str, *indices: str) -> list[sympy.Symbol]:
    return [sympy.Symbol(f"{letter}_{{{index}}}") for index in indices]


def test_kernel_symbols_are_named_by_their_indices_with_commas() -> None:
    assert kernel_symbols(Conv(4, 3)).tolist() == names("w", "0", "1", "2")
    assert kernel_symbols(Conv((4, 4), 2)).reshape(-1).tolist() == names("w", "0,0", "0,1", "1,0", "1,1")
    many = kernel_symbols(Conv(4, 2, in_channels=2, out_channels=2))
    assert many.shape == (2, 2, 2)
    assert many[1, 0].tolist() == names("w", "1,0,0", "1,0,1")
    assert kernel_symbols(Conv(30, 12))[11] == sympy.Symbol("w_{11}")


def test_input_symbols_are_x_for_a_convolution_and_v_for_its_transpose() -> None:
    assert input_symbols(Conv((1, 2), 1)).tolist() == [names("x", "0,0", "0,1")]
    assert input_symbols(ConvTranspose((1, 2), 1)).tolist() == [names("v", "0,0", "0,1")]
    assert input_symbols(Conv(2, 1, in_channels=2)).tolist() == [names("x", "0,0", "0,1"), names("x", "1,0", "1,1")]
    assert input_symbols(Conv(2, 1, out_channels=2)).shape == (1, 2)


@every_layer
def test_symbols_are_plain_commuting_distinct_and_of_the_layers_shape(layer: Layer) -> None:
    w, x = kernel_symbols(layer), input_symbols(layer)
    assert w.shape == (layer.kernel_size if layer.single_channel else layer.kernel_shape)
    assert x.shape == (layer.input_shape if layer.single_channel else (layer.in_channels, *layer.input_shape))
    every = [*w.flat, *x.flat]
    assert len(set(every)) == len(every)
    assert all(type(symbol) is sympy.Symbol and symbol == sympy.Symbol(symbol.name) for symbol in every)
    assert (kernel_symbols(layer.T) == w).all()


@every_layer
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_symbolic_matrix_is_the_definitions(layer: Layer, order: Any) -> None:
    C = symbolic_matrix(layer, order=order)
    expected = definitions.matrix(layer, kernel_symbols(layer), order)
    assert isinstance(C, sympy.MatrixBase)
    assert C.shape == expected.shape
    assert sympy.SparseMatrix(*expected.shape, {place: expected[place] for place in np.ndindex(expected.shape)}) == C


@given(layers(), seeds)
def test_the_symbolic_matrix_of_numbers_is_the_definitions(layer: Layer, seed: int) -> None:
    _, w = definitions.numbers(layer, seed)
    for order in ("C", "F"):
        C = symbolic_matrix(layer, w, order=order)
        assert np.array(C.tolist()).reshape(C.shape).tolist() == definitions.matrix(layer, w, order).tolist()


@every_layer
def test_the_matrix_of_the_transpose_is_the_transposed_matrix(layer: Layer) -> None:
    assert symbolic_matrix(layer.T) == symbolic_matrix(layer).T
    assert symbolic_matrix(layer.T, order="F") == symbolic_matrix(layer, order="F").T


def test_the_2x2_to_4x4_layer_in_full() -> None:
    C = symbolic_matrix(ConvTranspose((2, 2), 3, stride=2, padding="same"))
    w = kernel_symbols(Conv((4, 4), 3))
    assert C.shape == (16, 4)
    assert list(C[:, 0]) == [w[a, b] if a < 3 and b < 3 else 0 for a in range(4) for b in range(4)]
    assert list(C[5, :]) == [w[1, 1], 0, 0, 0]
    assert list(C[10, :]) == [w[2, 2], w[2, 0], w[0, 2], w[0, 0]]
    assert len(C.todok()) == 25


def test_exact_kernels_stay_exact() -> None:
    a = sympy.Symbol("a", positive=True)
    assert symbolic_matrix(Conv(2, 2), [Fraction(1, 3), sympy.sqrt(2) * a]).tolist() == [
        [sympy.Rational(1, 3), sympy.sqrt(2) * a]
    ]
    assert symbolic_matrix(Conv(2, 2), [2**70, -1]).tolist() == [[2**70, -1]]
    assert symbolic_matrix(Conv(2, 2), [2**63, -1]).tolist() == [[2**63, -1]]
    assert symbolic_matrix(Conv(2, 2), np.array([7, 200], dtype=np.uint8)).tolist() == [[7, 200]]
    assert all(entry.is_Float for entry in symbolic_matrix(Conv(2, 2), [0.5, 1.5]))


def test_booleans_are_numbers() -> None:
    assert symbolic_matrix(Conv(3, 2), [True, False]).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert symbolic_matrix(Conv(1, 2, padding=[(0, 1)], padding_mode="replicate"), [True, True]).tolist() == [[2]]
    assert symbolic_matrix(Conv(2, 2), [True, Fraction(1, 2)]).tolist() == [[1, sympy.Rational(1, 2)]]


def test_taps_that_meet_are_summed() -> None:
    w = kernel_symbols(Conv(2, 2))
    layer = Conv(1, 2, padding=[(0, 1)], padding_mode="replicate")
    assert symbolic_matrix(layer).tolist() == [[w[0] + w[1]]]
    assert not symbolic_matrix(layer, [1, -1]).todok()


@pytest.mark.parametrize(
    "entry", ["w", None, sympy.true, sympy.Interval(0, 1), object(), [1]], ids=lambda entry: type(entry).__name__
)
def test_what_is_no_expression_is_refused(entry: Any) -> None:
    kernel = np.empty(2, dtype=object)
    kernel[0], kernel[1] = Fraction(1), entry
    with pytest.raises(GeometryError):
        symbolic_matrix(Conv(3, 2), kernel)


def test_too_many_nonzeros_are_refused_with_their_number_before_anything_is_built() -> None:
    with pytest.raises(TooLarge) as caught:
        symbolic_matrix(DCGAN_5)
    assert caught.value.entries == 151_519_232
    assert caught.value.limit == 1_000_000
    assert "151,519,232" in str(caught.value)
    with pytest.raises(TooLarge):
        symbolic_matrix(DCGAN)
    with pytest.raises(TooLarge) as caught:
        symbolic_matrix(LENET, max_entries=14_399)
    assert caught.value.entries == 14_400


def test_max_entries_counts_nonzeros_and_not_cells() -> None:
    C = symbolic_matrix(LENET, max_entries=14_400)
    assert C.shape == (576, 784)
    assert len(C.todok()) == 14_400


def test_a_wrong_kernel_is_refused() -> None:
    with pytest.raises(GeometryError, match="shape"):
        symbolic_matrix(Conv(4, 2), [1, 2, 3])
