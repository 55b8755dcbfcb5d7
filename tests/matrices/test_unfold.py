"""The unfold matrix: the Jacobian by the kernel, against the definition and against SymPy's own diff."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import sympy
from hypothesis import given

from symtconv import (
    Conv,
    ConvTranspose,
    GeometryError,
    TooLarge,
    conv_transpose,
    convolve,
    input_symbols,
    kernel_jacobian,
    kernel_symbols,
)
from symtconv.geometry import Layer
from tests import definitions
from tests.cases import every_layer
from tests.strategies import layers, seeds


def jacobian_by_columns(layer: Layer, x: Any) -> definitions.Array:
    """Apply the definition to one tap at a time: the layer is linear in its kernel."""
    taps = int(np.prod(layer.kernel_shape))
    columns = []
    for tap in range(taps):
        one = np.zeros(taps, dtype=int)
        one[tap] = 1
        columns.append(definitions.apply(layer, x, one.reshape(layer.kernel_shape)).reshape(-1))
    return np.stack(columns, axis=1)


def forward(layer: Any, x: Any, kernel: Any) -> Any:
    return conv_transpose(layer, x, kernel) if layer.transposed else convolve(layer, x, kernel)


@every_layer
def test_numbers_give_the_definitions_jacobian_as_a_csr_array(layer: Layer) -> None:
    x, w = definitions.numbers(layer)
    J = kernel_jacobian(layer, x)
    assert isinstance(J, scipy.sparse.csr_array)
    assert J.toarray().tolist() == jacobian_by_columns(layer, x).tolist()
    assert J.has_canonical_format
    assert (J @ w.reshape(-1)).tolist() == forward(layer, x, w).reshape(-1).tolist()


@given(layers(), seeds)
def test_numbers_give_the_definitions_jacobian_for_any_layer(layer: Layer, seed: int) -> None:
    x, _ = definitions.numbers(layer, seed)
    assert kernel_jacobian(layer, x).toarray().tolist() == jacobian_by_columns(layer, x).tolist()


@every_layer
def test_names_give_the_definitions_jacobian_as_a_sympy_matrix(layer: Layer) -> None:
    J = kernel_jacobian(layer)
    names = input_symbols(layer).reshape(layer.in_channels, *layer.input_shape)
    assert isinstance(J, sympy.MatrixBase)
    assert sympy.Matrix(J) == sympy.Matrix(jacobian_by_columns(layer, names))


@pytest.mark.parametrize(
    "layer",
    [
        Conv((12, 12), 3),
        Conv((13, 12), (2, 3), stride=2, padding="same"),
        ConvTranspose((6, 6), 3, stride=2, padding="same"),
        Conv((6, 6), 3, in_channels=2, out_channels=2, padding=1),
        Conv((7, 7), 3, padding=2, padding_mode="reflect"),
    ],
    ids=["12x12", "13x12-strided", "6x6-to-12x12", "channels", "reflect"],
)
def test_the_jacobian_is_sympys_own_diff_far_beyond_what_people_print(layer: Layer) -> None:
    w = kernel_symbols(layer).reshape(layer.kernel_shape)
    x = input_symbols(layer).reshape(layer.in_channels, *layer.input_shape)
    y = forward(layer, x, w).reshape(-1)
    J = kernel_jacobian(layer).todok()
    for row, expression in enumerate(y):
        for column, name in enumerate(w.flat):
            assert sympy.diff(expression, name) == J.get((row, column), 0)


def test_exact_inputs_stay_exact() -> None:
    a = sympy.Symbol("a")
    assert kernel_jacobian(Conv(3, 2), [Fraction(1, 2), a, 3]).tolist() == [[sympy.Rational(1, 2), a], [a, 3]]
    assert kernel_jacobian(Conv(2, 1), sympy.Array([a, 2])).tolist() == [[a], [2]]
    assert kernel_jacobian(Conv(2, 1), [2**70, 1]).tolist() == [[2**70], [1]]


REPLICATED = ConvTranspose(4, 1, padding=1, padding_mode="replicate")


def test_taps_that_meet_are_summed_without_overflow() -> None:
    assert kernel_jacobian(REPLICATED, np.full(4, 200, dtype=np.uint8)).toarray().tolist() == [[400], [400]]
    assert kernel_jacobian(REPLICATED, [True, True, True, False]).toarray().tolist() == [[2], [1]]
    huge = kernel_jacobian(REPLICATED, [2**62, 2**62, 1, 1])
    assert huge.tolist() == [[2**63], [2]]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
def test_floats_stay_floats(dtype: str) -> None:
    J = kernel_jacobian(Conv(3, 2), np.array([1, 2, 3], dtype=dtype))
    assert J.dtype == ("float32" if dtype == "float16" else dtype)
    assert J.toarray().tolist() == [[1, 2], [2, 3]]


def test_a_batch_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(GeometryError, match="without a batch"):
        kernel_jacobian(Conv(4, 2), np.ones((2, 1, 4)))
    with pytest.raises(GeometryError, match="shape"):
        kernel_jacobian(Conv(4, 2), np.ones(3))


def test_too_many_taps_are_refused_with_their_number() -> None:
    with pytest.raises(TooLarge) as caught:
        kernel_jacobian(Conv((3000, 3000), 3), np.broadcast_to(1.0, (3000, 3000)))
    assert caught.value.entries == 9 * 2998**2
    assert caught.value.limit == 2**24


def test_it_holds_numpys_sliding_windows() -> None:
    layer = Conv((7, 6), (2, 3), stride=(2, 1), padding=(1, 0), dilation=(1, 2))
    x = definitions.integers((7, 6), 3)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, [(1, 1), (0, 0)]), (2, 5))[::2, :, :, ::2]
    assert kernel_jacobian(layer, x).toarray().tolist() == windows.reshape(8, 6).tolist()
