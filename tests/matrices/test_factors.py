"""The factors of C: padding, decimation, zero-insertion and shifts, and what their products are."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, sparse_matrix
from symtconv.geometry import Layer
from symtconv.matrices.factors import decimation_matrix, padding_matrix, shift_matrix, zero_insertion_matrix
from tests import definitions
from tests.cases import every_layer
from tests.strategies import layers, seeds

NUMPY_MODES = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "replicate": "edge"}


def padded(conv: Conv, x: definitions.Array) -> definitions.Array:
    """Pad with NumPy, then crop."""
    wide: definitions.Array = np.pad(
        x,
        [(max(lo, 0), max(hi, 0)) for lo, hi in conv.padding],
        mode=NUMPY_MODES[conv.padding_mode],  # type: ignore[call-overload]
    )
    crop = tuple(
        slice(max(-lo, 0), size - max(-hi, 0)) for size, (lo, hi) in zip(wide.shape, conv.padding, strict=True)
    )
    return wide[crop]


@every_layer
def test_the_padding_matrix_pads(layer: Layer) -> None:
    conv = layer.convolution
    x = definitions.integers(conv.input_shape, 5)
    assert (padding_matrix(layer) @ x.reshape(-1)).tolist() == padded(conv, x).reshape(-1).tolist()


@every_layer
def test_the_transposed_padding_matrix_crops_and_folds(layer: Layer) -> None:
    conv = layer.convolution
    shape = tuple(n + lo + hi for n, (lo, hi) in zip(conv.input_shape, conv.padding, strict=True))
    canvas = definitions.integers(shape, 6)
    expected = definitions.zeros(conv.input_shape)
    for place in np.ndindex(shape):
        home = tuple(
            definitions.pixel(p - lo, n, conv.padding_mode)
            for p, n, (lo, _) in zip(place, conv.input_shape, conv.padding, strict=True)
        )
        if None not in home:
            expected[home] += canvas[place]
    assert (padding_matrix(layer).T @ canvas.reshape(-1)).tolist() == expected.reshape(-1).tolist()
    if conv.padding_mode == "zeros" and all(lo >= 0 and hi >= 0 for lo, hi in conv.padding):
        inside = tuple(slice(lo, lo + n) for n, (lo, _) in zip(conv.input_shape, conv.padding, strict=True))
        assert expected.tolist() == canvas[inside].tolist()


@every_layer
def test_zero_insertion_is_the_transposed_decimation_and_undone_by_it(layer: Layer) -> None:
    D, U = decimation_matrix(layer), zero_insertion_matrix(layer)
    assert (D.T != U).nnz == 0
    outputs = int(np.prod(layer.convolution.output_shape))
    assert (D @ U).toarray().tolist() == np.eye(outputs, dtype=int).tolist()


@every_layer
def test_decimation_keeps_every_s_th_output(layer: Layer) -> None:
    conv = layer.convolution
    ones = tuple(
        n + lo + hi - (d * (k - 1) + 1) + 1
        for n, k, d, (lo, hi) in zip(conv.input_shape, conv.kernel_size, conv.dilation, conv.padding, strict=True)
    )
    y = definitions.integers(ones, 7)
    kept = y[tuple(slice(None, s * (o - 1) + 1, s) for s, o in zip(conv.stride, conv.output_shape, strict=True))]
    assert (decimation_matrix(layer) @ y.reshape(-1)).tolist() == kept.reshape(-1).tolist()
    v = definitions.integers(conv.output_shape, 8)
    stretched = np.zeros(ones, dtype=int)
    stretched[tuple(slice(None, s * (o - 1) + 1, s) for s, o in zip(conv.stride, conv.output_shape, strict=True))] = v
    assert (zero_insertion_matrix(layer) @ v.reshape(-1)).tolist() == stretched.reshape(-1).tolist()


def check_factors(layer: Layer, seed: int) -> None:
    """C = D_s C_1 P with C_1 the stride-1 convolution of the padded input, and C^T = P^T C_1^T U_s."""
    conv = layer.convolution
    w = definitions.integers(conv.kernel_size, seed)
    plain = Conv(
        conv.input_shape,
        conv.kernel_size,
        stride=conv.stride,
        dilation=conv.dilation,
        padding=conv.padding,
        output_shape=conv.output_shape,
        padding_mode=conv.padding_mode,
    )
    wide = tuple(n + lo + hi for n, (lo, hi) in zip(conv.input_shape, conv.padding, strict=True))
    C_1 = sparse_matrix(Conv(wide, conv.kernel_size, dilation=conv.dilation), w)
    D, U, P = decimation_matrix(layer), zero_insertion_matrix(layer), padding_matrix(layer)
    expected = definitions.matrix(plain, w)
    assert (D @ C_1 @ P).toarray().tolist() == expected.tolist()
    assert (P.T @ C_1.T @ U).toarray().tolist() == expected.T.tolist()


@every_layer
def test_c_is_decimation_times_stride_1_convolution_times_padding(layer: Layer) -> None:
    check_factors(layer, 1)


@given(layers(), seeds)
def test_c_is_decimation_times_stride_1_convolution_times_padding_for_any_layer(layer: Layer, seed: int) -> None:
    check_factors(layer, seed)


def check_shifts(layer: Layer, seed: int) -> None:
    conv = layer.convolution
    w = definitions.integers(conv.kernel_size, seed)
    plain = Conv(
        conv.input_shape,
        conv.kernel_size,
        stride=conv.stride,
        dilation=conv.dilation,
        padding=conv.padding,
        output_shape=conv.output_shape,
        padding_mode=conv.padding_mode,
    )
    total = sum(int(w[j]) * shift_matrix(layer, j) for j in product(*map(range, conv.kernel_size)))
    assert total.toarray().tolist() == definitions.matrix(plain, w).tolist()


@every_layer
def test_c_is_the_sum_of_its_weighted_shifts(layer: Layer) -> None:
    check_shifts(layer, 2)


@given(layers(), seeds)
def test_c_is_the_sum_of_its_weighted_shifts_for_any_layer(layer: Layer, seed: int) -> None:
    check_shifts(layer, seed)


def test_a_2d_shift_is_the_kronecker_product_of_1d_ones() -> None:
    both = Conv((4, 5), (2, 3), stride=(1, 2), padding=(1, 0))
    first, second = Conv(4, 2, padding=1), Conv(5, 3, stride=2)
    for a, b in product(range(2), range(3)):
        expected = np.kron(shift_matrix(first, a).toarray(), shift_matrix(second, b).toarray())
        assert shift_matrix(both, (a, b)).toarray().tolist() == expected.tolist()


@pytest.mark.parametrize("tap", [2, -1, (2,), (0, 0), (), None, "0", 0.0, True, (True,), [0]], ids=repr)
def test_a_tap_outside_the_kernel_is_refused(tap: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        shift_matrix(Conv(4, 2), tap)
    assert caught.value.asked == "tap of shift_matrix"


def test_a_tap_of_a_2d_layer_is_a_pair() -> None:
    with pytest.raises(GeometryError, match="2 axes"):
        shift_matrix(Conv((4, 4), 2), 1)
    assert shift_matrix(Conv((4, 4), 2), (np.int64(1), 0)).shape == (9, 16)  # type: ignore[arg-type]


def test_strides_and_dilations_beyond_64_bits() -> None:
    assert decimation_matrix(Conv(4, 2, stride=10**30)).toarray().tolist() == [[1, 0, 0]]
    assert shift_matrix(Conv(2, 1, dilation=10**30), 0).toarray().tolist() == [[1, 0], [0, 1]]
    assert shift_matrix(Conv(4, 2, stride=10**30), 1).toarray().tolist() == [[0, 1, 0, 0]]
    assert zero_insertion_matrix(ConvTranspose(1, 2, stride=10**30)).toarray().tolist() == [[1]]
