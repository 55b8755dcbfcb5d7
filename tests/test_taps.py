"""The tap map against a walk along the padded axis, one position at a time."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from symtconv import Conv, ConvTranspose, TooLarge
from symtconv.arguments import PADDING_MODES, PaddingMode
from symtconv.geometry import Layer
from symtconv.taps import MAX_SLOTS, NONE, axis_taps, count_nonzeros, reads, source
from tests import definitions
from tests.cases import DCGAN, DCGAN_5, LENET, every_layer
from tests.strategies import layers


@pytest.mark.parametrize("mode", PADDING_MODES)
@given(n=st.integers(1, 9), data=st.data())
def test_source_is_the_pixel_that_a_walk_finds(mode: PaddingMode, n: int, data: st.DataObject) -> None:
    most = {"circular": n, "reflect": n - 1}.get(mode, 12)
    positions = data.draw(st.lists(st.integers(-most, n - 1 + most), min_size=1))
    found = [NONE if (m := definitions.pixel(p, n, mode)) is None else m for p in positions]
    assert source(np.array(positions), n, mode).tolist() == found


def test_source_agrees_with_numpys_pad() -> None:
    row = np.arange(5)
    for mode, name in (("circular", "wrap"), ("reflect", "reflect"), ("replicate", "edge")):
        padded = np.pad(row, (4, 3), mode=name)  # type: ignore[call-overload]
        assert source(np.arange(-4, 8), 5, mode).tolist() == padded.tolist()  # type: ignore[arg-type]


@given(layers(1))
def test_axis_taps_is_tau(layer: Layer) -> None:
    (axis,) = layer.axes
    tau = axis_taps(axis, layer.padding_mode)
    assert tau.shape == (axis.small, axis.kernel_size)
    for i, j in product(range(axis.small), range(axis.kernel_size)):
        m = definitions.pixel(axis.stride * i + axis.dilation * j - axis.lo, axis.large, layer.padding_mode)
        assert tau[i, j] == (NONE if m is None else m)


def check_reads(layer: Layer) -> None:
    conv = layer.convolution
    found = reads(layer)
    expected = [
        (
            int(np.ravel_multi_index(i, conv.output_shape)),
            int(np.ravel_multi_index(j, conv.kernel_size)),
            int(np.ravel_multi_index(m, conv.input_shape)),
        )
        for i, j, m in definitions.reads(layer)
    ]
    assert list(zip(found.rows.tolist(), found.taps.tolist(), found.columns.tolist(), strict=True)) == expected
    if layer.padding_mode == "zeros":
        places = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
        assert places == sorted(set(places))


@every_layer
def test_reads_are_those_of_a_naive_loop(layer: Layer) -> None:
    check_reads(layer)


@given(layers(3))
def test_reads_are_those_of_a_naive_loop_for_any_layer(layer: Layer) -> None:
    check_reads(layer)


def check_count(layer: Layer) -> None:
    ones = np.ones(layer.kernel_shape, dtype=int)
    assert count_nonzeros(layer) == np.count_nonzero(definitions.matrix(layer, ones))


@every_layer
def test_count_nonzeros_is_the_count_of_a_dense_matrix(layer: Layer) -> None:
    check_count(layer)


@given(layers(2))
def test_count_nonzeros_is_the_count_of_a_dense_matrix_for_any_layer(layer: Layer) -> None:
    check_count(layer)


def test_count_nonzeros_of_layers_that_nobody_could_build() -> None:
    assert count_nonzeros(DCGAN_5) == 151_519_232
    assert count_nonzeros(DCGAN) == 1024 * 512 * (4 * 4 - 2) ** 2
    assert count_nonzeros(LENET) == 24 * 24 * 25
    assert count_nonzeros(Conv(10**18, 3)) == 3 * (10**18 - 2)
    assert count_nonzeros(Conv(10**18, 3, stride=2, padding=1)) == 3 * (5 * 10**17) - 1
    assert count_nonzeros(ConvTranspose(1, 10**15, stride=7)) == 10**15
    assert count_nonzeros(Conv((10**9, 10**9), 3)) == 9 * (10**9 - 2) ** 2


def test_strides_and_dilations_beyond_64_bits_change_nothing_where_there_is_one_output_or_tap() -> None:
    assert axis_taps(Conv(4, 2, stride=10**30).axes[0], "zeros").tolist() == [[0, 1]]
    assert axis_taps(Conv(3, 1, dilation=10**30).axes[0], "zeros").tolist() == [[0], [1], [2]]


@pytest.mark.parametrize(
    "layer",
    [Conv(10**10, 3), Conv((10**5, 10**5), 3), ConvTranspose(2**30, 1), Conv(2**62, 1, stride=2**61)],
    ids=["outputs", "product-of-axes", "transposed", "beyond-62-bits"],
)
def test_a_tap_map_that_does_not_fit_is_too_large(layer: Layer) -> None:
    with pytest.raises(TooLarge) as caught:
        reads(layer)
    assert caught.value.entries > 0
    assert caught.value.limit == MAX_SLOTS
