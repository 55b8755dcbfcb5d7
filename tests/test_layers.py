"""The definitions in layers.py against the textbook's loops, over numbers of every kind, and against each other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, conv_transpose, convolve
from symtconv.geometry import Layer
from symtconv.layers import transpose_by
from tests import definitions
from tests.cases import FIGURES, every_convolution, figure
from tests.strategies import convolutions, seeds


@every_convolution
def test_convolve_is_the_definition(layer: Conv) -> None:
    x, w = definitions.numbers(layer)
    assert convolve(layer, x, w).tolist() == definitions.convolution(layer, x, w).tolist()


@given(convolutions(3), seeds)
def test_convolve_is_the_definition_for_any_layer(layer: Conv, seed: int) -> None:
    x, w = definitions.numbers(layer, seed)
    assert convolve(layer, x, w).tolist() == definitions.convolution(layer, x, w).tolist()


IMAGE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
KERNEL = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
PRINTED = {
    "no padding, unit strides (figure 1.1)": ((1, 0), [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
    "padding, strides (figure 1.2)": ((2, 1), [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
}


@pytest.mark.parametrize("name", PRINTED)
def test_convolve_gives_the_numbers_printed_in_dumoulin_and_visin(name: str) -> None:
    (stride, pad), printed = PRINTED[name]
    assert convolve(Conv((5, 5), 3, stride=stride, padding=pad), IMAGE, KERNEL).tolist() == printed


def test_convolution_is_cross_correlation() -> None:
    assert convolve(Conv(3, 2), [0, 1, 0], [10, 1]).tolist() == [1, 10]
    assert convolve(Conv(4, 2, stride=2), [1, 2, 3, 4], [10, 1]).tolist() == [12, 34]


def test_a_stride_1_convolution_is_scipys_correlate() -> None:
    signal = pytest.importorskip("scipy.signal")
    x, w = definitions.integers((6, 5), 1), definitions.integers((3, 2), 2)
    assert (convolve(Conv((6, 5), (3, 2)), x, w) == signal.correlate2d(x, w, mode="valid")).all()
    assert (convolve(Conv((6, 5), (3, 2), padding="full"), x, w) == signal.correlate2d(x, w, mode="full")).all()


def test_fractions_stay_exact() -> None:
    y = convolve(Conv(3, 2), [Fraction(1, 3), Fraction(1, 7), 2], [Fraction(1, 2), 3])
    assert y.dtype == object
    assert y.tolist() == [Fraction(25, 42), Fraction(85, 14)]
    assert all(type(value) is Fraction for value in y)


def test_fractions_meet_small_integers_without_overflow() -> None:
    y = convolve(Conv(2, 2), np.array([200, 100], dtype=np.uint8), [Fraction(1, 3), Fraction(5)])
    assert y.tolist() == [Fraction(200, 3) + 500]


def test_names_stay_names() -> None:
    a, b, p, q, r = sympy.symbols("a b p q r")
    assert convolve(Conv(3, 2), [p, q, r], [a, b]).tolist() == [a * p + b * q, a * q + b * r]


def test_a_sympy_array_gives_a_sympy_array() -> None:
    a, b = sympy.symbols("a b")
    y = convolve(Conv((2, 2), (1, 2)), sympy.Array([[a, b], [1, 2]]), [[1, 10]])
    assert isinstance(y, sympy.NDimArray)
    assert y.shape == (2, 1)
    assert y.tolist() == [[a + 10 * b], [21]]
    assert isinstance(convolve(Conv(2, 1), sympy.Array([a, b]), [2], [b]), sympy.NDimArray)
    assert isinstance(convolve(Conv(2, 1), [a, b], sympy.Array([2])), np.ndarray)


def test_complex_numbers_are_not_conjugated() -> None:
    assert convolve(Conv(2, 2), [1j, 2], [1j, 1 + 1j]).tolist() == [-1 + 2 + 2j]


def test_big_integers_stay_exact() -> None:
    assert convolve(Conv(2, 2), [2**62, 2**62], [3, 5]).tolist() == [2**65]
    assert convolve(Conv(2, 2), [10**40, -1], [10**40, 1]).tolist() == [10**80 - 1]
    assert convolve(Conv(2, 1), [2**63, -1], [1]).tolist() == [2**63, -1]
    assert convolve(Conv(1, 1), np.array([2**63 - 1]), [1], [2**63 - 1]).tolist() == [2**64 - 2]


def test_uint8_images_do_not_overflow() -> None:
    image = np.full((4, 4), 255, dtype=np.uint8)
    assert (convolve(Conv((4, 4), 3), image, np.full((3, 3), 255, dtype=np.uint8)) == 9 * 255 * 255).all()
    assert (convolve(Conv((4, 4), 3), image, np.full((3, 3), -1, dtype=np.int8)) == -9 * 255).all()
    assert convolve(Conv((4, 4), 3), image, np.ones((3, 3), dtype=np.float32)).dtype == np.float32


def test_booleans_count() -> None:
    assert convolve(Conv(3, 3), [True, True, True], [True, True, True]).tolist() == [3]


def test_bias_is_added_to_every_pixel_of_its_channel() -> None:
    layer = Conv(3, 2, out_channels=2)
    x, w = definitions.numbers(layer)
    y = convolve(layer, x, w, [100, -7])
    assert (y == convolve(layer, x, w) + np.array([[100], [-7]])).all()
    assert convolve(Conv(3, 2), [1, 2, 3], [1, 1], [5]).tolist() == [8, 10]


def test_batches_are_convolved_one_by_one() -> None:
    layer = Conv((4, 3), 2, in_channels=2, out_channels=3, stride=2, padding=1)
    x, w = definitions.integers((5, 2, 2, 4, 3), 1), definitions.integers(layer.kernel_shape, 2)
    y = convolve(layer, x, w)
    assert y.shape == (5, 2, 3, 3, 2)
    for batch in np.ndindex(5, 2):
        assert (y[batch] == definitions.convolution(layer, x[batch], w)).all()


def test_an_empty_batch_gives_an_empty_batch() -> None:
    assert convolve(Conv(4, 2), np.zeros((0, 1, 4)), [1, 2]).shape == (0, 1, 3)


def test_plain_arrays_give_plain_arrays() -> None:
    layer = Conv((3, 3), 2)
    x, w = definitions.integers((3, 3), 1), definitions.integers((2, 2), 2)
    assert convolve(layer, x, w).shape == (2, 2)
    assert convolve(layer, x[None], w).shape == (1, 2, 2)
    assert convolve(layer, x.tolist(), w.tolist()).tolist() == convolve(layer, x, w).tolist()


def test_arguments_are_not_changed() -> None:
    layer = Conv(4, 2, padding=1, padding_mode="circular")
    x, w = definitions.numbers(layer)
    before = x.copy(), w.copy()
    convolve(layer, x, w)
    conv_transpose(layer.T, convolve(layer, x, w), w)
    assert (x == before[0]).all()
    assert (w == before[1]).all()


@pytest.mark.parametrize("name", FIGURES)
def test_convolution_is_linear_in_the_input_and_in_the_kernel(name: str) -> None:
    layer = figure(name)
    (x, w), (u, v) = definitions.numbers(layer, 1), definitions.numbers(layer, 3)
    assert (convolve(layer, 2 * x - 3 * u, w) == 2 * convolve(layer, x, w) - 3 * convolve(layer, u, w)).all()
    assert (convolve(layer, x, 2 * w - 3 * v) == 2 * convolve(layer, x, w) - 3 * convolve(layer, x, v)).all()


@pytest.mark.parametrize("layer", [ConvTranspose(4, 2), "Conv(4, 2)", None])
def test_convolve_wants_a_convolution(layer: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        convolve(layer, [1, 2, 3, 4], [1, 2])
    assert caught.value.rule == "its first argument is a Conv"
    assert ("conv_transpose" in caught.value.remedy) == isinstance(layer, Layer)


def test_transpose_by_wants_a_transposed_convolution() -> None:
    with pytest.raises(GeometryError) as caught:
        transpose_by("stamp", Conv(4, 2), [1, 2, 3, 4], [1, 2])  # type: ignore[arg-type]
    assert caught.value.rule == "its first argument is a ConvTranspose"


def test_wrong_shapes_are_refused_with_the_right_ones() -> None:
    for arguments in (([1, 2, 3], [1, 2]), ([1, 2, 3, 4], [1, 2, 3]), ([1, 2, 3, 4], [1, 2], [1, 2])):
        with pytest.raises(GeometryError, match="shape"):
            convolve(Conv(4, 2), *arguments)


@pytest.mark.parametrize("bias", [[0.5], [Fraction(1, 2)], [sympy.Rational(1, 2)]], ids=["float", "Fraction", "SymPy"])
def test_a_bias_of_another_kind_does_not_let_integers_overflow(bias: Any) -> None:
    image, weights = np.full(2, 255, dtype=np.uint8), np.full(2, 255, dtype=np.uint8)
    assert convolve(Conv(2, 2), image, weights, bias)[0] == 2 * 255 * 255 + bias[0]
