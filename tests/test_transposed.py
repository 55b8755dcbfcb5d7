"""The transposed convolution: four constructions, one result, and that of the textbook's loop."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, conv_transpose, convolve
from symtconv.geometry import Layer
from symtconv.transposed import Method
from tests import definitions
from tests.cases import FIGURES, every_layer, every_transposed, transposed_figure
from tests.strategies import layers, seeds, transposed_convolutions

METHODS: tuple[Method, ...] = ("stamp", "zero-insertion", "subpixel", "matrix")
every_method = pytest.mark.parametrize("method", METHODS)


@every_method
@every_transposed
def test_every_method_is_the_definition(layer: ConvTranspose, method: Method) -> None:
    v, w = definitions.numbers(layer)
    expected = definitions.transposed_convolution(layer, v, w)
    assert conv_transpose(layer, v, w, method=method).tolist() == expected.tolist()


@given(transposed_convolutions(3), seeds)
def test_every_method_is_the_definition_for_any_layer(layer: ConvTranspose, seed: int) -> None:
    v, w = definitions.numbers(layer, seed)
    expected = definitions.transposed_convolution(layer, v, w).tolist()
    for method in METHODS:
        assert conv_transpose(layer, v, w, method=method).tolist() == expected, method


@given(layers(), seeds)
def test_the_transposed_convolution_is_the_adjoint(layer: Layer, seed: int) -> None:
    conv = layer.convolution
    x, w = definitions.numbers(conv, seed)
    v = definitions.integers((conv.out_channels, *conv.output_shape), seed + 1)
    assert (convolve(conv, x, w) * v).sum() == (x * conv_transpose(conv.T, v, w)).sum()


@every_layer
def test_the_transposed_convolution_is_the_adjoint_of_every_named_layer(layer: Layer) -> None:
    conv = layer.convolution
    x, w = definitions.numbers(conv)
    v = definitions.integers((conv.out_channels, *conv.output_shape), 7)
    for method in METHODS:
        assert (convolve(conv, x, w) * v).sum() == (x * conv_transpose(conv.T, v, w, method=method)).sum()


def test_a_hand_made_example() -> None:
    layer = ConvTranspose((2, 2), 3, stride=2, padding="same")
    kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    stamps = [[1, 2, 13, 20], [4, 5, 46, 50], [107, 208, 1339, 2060 - 40]]
    z = conv_transpose(layer, [[1, 10], [100, 1000]], kernel)
    assert z[0].tolist() == [1, 2, 3 + 10, 20]
    assert z[1].tolist() == [4, 5, 6 + 40, 50]
    assert z[2].tolist() == [7 + 100, 8 + 200, 9 + 70 + 300 + 1000, 80 + 2000]
    assert z[3].tolist() == [400, 500, 600 + 4000, 5000]
    assert z[:2].tolist() == stamps[:2]


@every_method
def test_one_pixel_stamps_the_kernel(method: Method) -> None:
    assert conv_transpose(ConvTranspose(1, 3), [5], [1, 2, 3], method=method).tolist() == [5, 10, 15]
    spread = conv_transpose(ConvTranspose(1, 3, dilation=2, output_padding=1), [1], [1, 2, 3], method=method)
    assert spread.tolist() == [1, 0, 2, 0, 3, 0]


@every_method
def test_fractions_and_names_stay_exact(method: Method) -> None:
    a, b = sympy.symbols("a b")
    layer = ConvTranspose(2, 2, stride=1)
    half = Fraction(1, 2)
    assert conv_transpose(layer, [half, 3], [half, 1], method=method).tolist() == [Fraction(1, 4), 2, 3]
    assert conv_transpose(layer, [a, b], [1, 10], method=method).tolist() == [a, 10 * a + b, 10 * b]
    assert conv_transpose(layer, [1, 10], [a, b], method=method).tolist() == [a, 10 * a + b, 10 * b]


@every_method
def test_a_sympy_array_gives_a_sympy_array(method: Method) -> None:
    a, b = sympy.symbols("a b")
    z = conv_transpose(ConvTranspose(2, 2), sympy.Array([a, b]), [1, 2], [b], method=method)
    assert isinstance(z, sympy.NDimArray)
    assert [sympy.expand(value) for value in z.tolist()] == [a + b, 2 * a + 2 * b, 3 * b]


@every_method
def test_integers_never_wrap_around(method: Method) -> None:
    layer = ConvTranspose(2, 2)
    image = np.array([255, 255], dtype=np.uint8)
    assert conv_transpose(layer, image, np.array([255, 255], dtype=np.uint8), method=method)[1] == 2 * 255 * 255
    assert conv_transpose(layer, [2**62, 2**62], [2, 2], method=method).tolist() == [2**63, 2**64, 2**63]
    assert conv_transpose(layer, [10**40, 1], [1, 10**40], method=method)[1] == 10**80 + 1


@every_method
def test_a_bias_never_wraps_around(method: Method) -> None:
    layer = ConvTranspose(1, 1)
    assert conv_transpose(layer, [2**61], [1], [2**63 - 1], method=method).tolist() == [2**61 + 2**63 - 1]
    huge = np.array([2**63], dtype=np.uint64)
    assert conv_transpose(layer, [1], [1], huge, method=method).tolist() == [2**63 + 1]
    assert conv_transpose(layer, [1], [1], [10**30], method=method).tolist() == [10**30 + 1]
    assert conv_transpose(layer, [1.5], [1], [Fraction(1, 2)], method=method).tolist() == [2.0]


@every_method
def test_floats_and_complex_numbers(method: Method) -> None:
    layer = ConvTranspose(2, 2, stride=2, in_channels=1, out_channels=1)
    assert conv_transpose(layer, [1j, 2], [1j, 0.5], method=method).tolist() == [-1, 0.5j, 2j, 1]
    single = conv_transpose(layer, np.ones(2, dtype=np.float32), np.ones(2, dtype=np.float32), method=method)
    assert single.dtype == np.float32


@every_method
def test_bias_is_added_to_every_pixel_of_its_channel(method: Method) -> None:
    layer = ConvTranspose((2, 2), 2, stride=2, in_channels=2, out_channels=3)
    v, w = definitions.numbers(layer)
    bias = np.array([5, 0, -3])
    expected = definitions.transposed_convolution(layer, v, w) + bias[:, None, None]
    assert conv_transpose(layer, v, w, bias, method=method).tolist() == expected.tolist()


@every_method
def test_batches_are_transposed_one_by_one(method: Method) -> None:
    layer = ConvTranspose((2, 3), 3, stride=2, padding=1, in_channels=2, out_channels=2, groups=2)
    v, w = definitions.integers((3, 2, 2, 2, 3), 1), definitions.integers(layer.kernel_shape, 2)
    z = conv_transpose(layer, v, w, method=method)
    assert z.shape == (3, 2, 2, *layer.output_shape)
    for batch in np.ndindex(3, 2):
        assert (z[batch] == definitions.transposed_convolution(layer, v[batch], w)).all()


@every_method
def test_an_empty_batch_gives_an_empty_batch(method: Method) -> None:
    assert conv_transpose(ConvTranspose(4, 2), np.zeros((0, 1, 4)), [1, 2], method=method).shape == (0, 1, 5)


@every_method
def test_plain_arrays_give_plain_arrays(method: Method) -> None:
    layer = ConvTranspose((2, 2), 2)
    assert conv_transpose(layer, [[1, 2], [3, 4]], [[1, 0], [0, 0]], method=method).shape == (3, 3)
    assert conv_transpose(layer, [[[1, 2], [3, 4]]], [[1, 0], [0, 0]], method=method).shape == (1, 3, 3)


@every_method
def test_strides_far_beyond_the_canvas_cost_nothing(method: Method) -> None:
    layer = ConvTranspose(1, 2, stride=10**30)
    assert conv_transpose(layer, [5], [1, 2], method=method).tolist() == [5, 10]


@every_method
def test_wrong_layers_and_shapes_are_refused(method: Method) -> None:
    with pytest.raises(GeometryError) as caught:
        conv_transpose(Conv(4, 2), [1, 2, 3, 4], [1, 2], method=method)  # type: ignore[arg-type]
    assert caught.value.rule == "its first argument is a ConvTranspose"
    assert "convolve" in caught.value.remedy
    layer = ConvTranspose(4, 2)
    for arguments in (([1, 2, 3], [1, 2]), ([1, 2, 3, 4], [1, 2, 3]), ([1, 2, 3, 4], [1, 2], [1, 2])):
        with pytest.raises(GeometryError, match="shape"):
            conv_transpose(layer, *arguments, method=method)


@pytest.mark.parametrize("method", ["Stamp", "stamps", "", None, 3])
def test_unknown_methods_are_refused_with_the_methods(method: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        conv_transpose(ConvTranspose(4, 2), [1, 2, 3, 4], [1, 2], method=method)
    assert caught.value.rule == "the methods are stamp, zero-insertion, subpixel, matrix"


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_transposes_agree_by_every_method(name: str) -> None:
    layer = transposed_figure(name)
    v, w = definitions.numbers(layer, 11)
    results = [conv_transpose(layer, v, w, method=method).tolist() for method in METHODS]
    assert all(result == results[0] for result in results)


@every_method
@pytest.mark.parametrize("bias", [[0.5], [Fraction(1, 2)]], ids=["float", "Fraction"])
def test_a_bias_of_another_kind_does_not_let_integers_overflow(method: Method, bias: Any) -> None:
    image, weights = np.full(2, 255, dtype=np.uint8), np.full(2, 255, dtype=np.uint8)
    assert conv_transpose(ConvTranspose(2, 2), image, weights, bias, method=method)[1] == 2 * 255 * 255 + bias[0]
