"""The constants of the regularity section are true bounds, and the right numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, conv_transpose, symbolic_matrix
from symtconv.derivation.exactnorm import exact_norm, separated
from symtconv.derivation.lipschitz import whole_outputs
from symtconv.derivation.phasesums import input_sums, output_sums, phases
from symtconv.derivation.regularity import regularity_section
from symtconv.document.nodes import Theorem
from symtconv.geometry import Layer
from tests.cases import LAYERS, every_layer
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")
WEIGHTS = [[Fraction(1, 2), -1, 1], [2, 4, 2], [1, 2, 1]]


def absolute_matrix(conv: Conv, kernel: Any) -> Any:
    return np.array(symbolic_matrix(conv, np.abs(kernel)).tolist())


@pytest.mark.parametrize("name", [name for name, layer in LAYERS.items() if layer.padding_mode == "zeros"])
def test_the_sums_bound_rows_and_columns(name: str) -> None:
    conv = LAYERS[name].convolution
    kernel = np.random.default_rng(1).integers(-9, 9, conv.kernel_shape).astype(object)
    size = absolute_matrix(conv, kernel)
    outputs, inputs = output_sums(conv, np.abs(kernel)), input_sums(conv, np.abs(kernel))
    assert max(size.sum(axis=1)) <= max(outputs)
    assert max(size.sum(axis=0)) <= max(inputs)
    assert max(inputs) <= np.abs(kernel).sum()


@pytest.mark.parametrize(
    "conv",
    [
        Conv(30, 5, stride=2),
        Conv(40, 3, stride=6, dilation=4),
        Conv((20, 20), (3, 4), stride=(2, 3), dilation=(1, 2)),
        Conv(30, 4, stride=3, in_channels=4, out_channels=6, groups=2),
    ],
)
def test_the_sums_are_reached_where_there_is_no_border(conv: Conv) -> None:
    kernel = np.random.default_rng(2).integers(-9, 9, conv.kernel_shape).astype(object)
    size = absolute_matrix(conv, kernel)
    assert max(size.sum(axis=1)) == max(output_sums(conv, np.abs(kernel)))
    assert max(size.sum(axis=0)) == max(input_sums(conv, np.abs(kernel)))


def test_phases_part_the_taps() -> None:
    assert dict(phases(Conv(9, 3, stride=2, dilation=2))) == {(0,): [(0,), (1,), (2,)]}
    assert len(dict(phases(Conv((9, 9), 3, stride=2)))) == 4


def test_given_weights_give_numbers() -> None:
    text = text_of(regularity_section(story(UP4, WEIGHTS)))
    assert r"L=\frac{29}{2}" in text
    assert "=4" in text
    C = np.array(symbolic_matrix(UP4.T, WEIGHTS).tolist(), dtype=float)
    assert rf"\lVertC\rVert_{{2}}\approx{np.linalg.norm(C, 2):.6g}" in text
    assert rf"\approx{np.sqrt(58):.6g}" in text
    assert "computedinfloatingpoint,notproved" in text
    assert np.linalg.norm(C, 2) <= np.sqrt(58)


@pytest.mark.parametrize(
    ("layer", "kernel"),
    [
        (UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        (ConvTranspose((9, 3), 2, stride=2), [[1, -2], [3, -6]]),
        (Conv(4, 2), [1, Fraction(1, 2)]),
        (Conv((4, 4), 3, padding=1, padding_mode="circular"), np.arange(9).reshape(3, 3)),
        (Conv((2, 2), 2, in_channels=2, out_channels=2), np.arange(16).reshape(2, 2, 2, 2)),
        (Conv(2, 2, padding=1, padding_mode="replicate"), [2, 1]),
    ],
)
def test_the_exact_norm_is_the_norm(layer: Layer, kernel: Any) -> None:
    found = exact_norm(story(layer, kernel))
    C = np.array(symbolic_matrix(layer.convolution, kernel).tolist(), dtype=float)
    assert found is not None
    assert float(found) == pytest.approx(np.linalg.norm(C, 2), rel=1e-12)
    assert "computed" not in text_of(regularity_section(story(layer, kernel)))


def test_the_norm_of_the_binomial_kernel_has_a_root_of_5() -> None:
    text = text_of(regularity_section(story(UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])))
    assert r"\frac{11+\sqrt{5}}{2}\approx6.61803" in text


def test_kernels_are_separated() -> None:
    kernel = np.multiply.outer(np.multiply.outer([0, 2], [1, 3, 0]), np.array([5, Fraction(1, 2)], dtype=object))
    factors = separated(kernel)
    assert factors is not None
    assert (np.multiply.outer(np.multiply.outer(*factors[:2]), factors[2]) == kernel).all()
    assert separated(np.array([[1, 0], [0, 1]], dtype=object)) is None


@pytest.mark.parametrize(
    "layer",
    [Conv((4, 4), 2, stride=2), Conv(9, 2, stride=3, padding=1), Conv(8, 2, stride=2, in_channels=2, out_channels=3)],
)
def test_windows_that_do_not_overlap_have_the_norm_of_one(layer: Conv) -> None:
    kernel = np.random.default_rng(3).integers(-9, 9, layer.kernel_shape)
    C = np.array(symbolic_matrix(layer, kernel).tolist(), dtype=float)
    one = np.linalg.norm(kernel.reshape(layer.out_channels, -1), 2)
    assert np.linalg.norm(C, 2) == pytest.approx(one)
    text = text_of(regularity_section(story(layer)))
    assert "Thewindowsdonotoverlap" in text
    assert "Schur" not in text
    assert "donotoverlap" not in text_of(regularity_section(story(UP4)))


@pytest.mark.parametrize("channels", [1, 2])
def test_the_norm_of_a_ring_is_the_largest_value_at_roots_of_unity(channels: int) -> None:
    layer = Conv(
        (4, 3), (3, 2), padding=[(1, 1), (1, 0)], padding_mode="circular", in_channels=channels, out_channels=2
    )
    kernel = np.random.default_rng(4).integers(-9, 9, layer.kernel_shape)
    C = np.array(symbolic_matrix(layer, kernel).tolist(), dtype=float)
    values = np.fft.fftn(kernel, s=(4, 3), axes=(-2, -1))
    largest = max(np.linalg.norm(values[..., a, b], 2) for a, b in np.ndindex(4, 3))
    assert np.linalg.norm(C, 2) == pytest.approx(largest)
    assert "thenormofacircularconvolution" in text_of(regularity_section(story(layer)))


def test_the_transposed_convolution_has_a_constant_of_its_own() -> None:
    text = text_of(regularity_section(story(UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])))
    assert "L=16" in text
    assert r"S=\operatorname{max}(4,4,4,4)=4" in text
    C = np.array(symbolic_matrix(UP4.T, [[1, 2, 1], [2, 4, 2], [1, 2, 1]]).tolist(), dtype=float)
    assert np.linalg.norm(C, np.inf) == 16
    assert np.linalg.norm(C.T, np.inf) == 4
    assert "Thissectionisabouttheconvolution" in text
    assert "Thissectionisabouttheconvolution" not in text_of(regularity_section(story(UP4.T)))
    assert "thelayerissmooth" not in text


def test_a_rational_bound_stays_exact() -> None:
    text = text_of(regularity_section(story(Conv(6, 4, stride=2), [Fraction(1, 2)] * 4)))
    assert r"\sqrt{2\cdot1}\approx1.41421" in text
    assert r"\sqrt{4\cdot4}=4" in text_of(regularity_section(story(Conv(9, 4), [1, 1, 1, 1])))


def test_named_weights_are_grouped_by_phase() -> None:
    text = text_of(regularity_section(story(UP4)))
    assert "|w_{0,0}|+|w_{0,2}|+|w_{2,0}|+|w_{2,2}|" in text
    assert "have4phases" in text
    assert "computed" not in text


@pytest.mark.parametrize(
    ("layer", "tight"), [(UP4, True), (Conv(3, 3, padding=1), True), (Conv(2, 3, padding=1), False)]
)
def test_it_says_whether_the_constant_is_reached(layer: Layer, tight: bool) -> None:
    assert ("Nosmallerconstant" in text_of(regularity_section(story(layer)))) is tight
    conv = layer.convolution
    largest = absolute_matrix(conv, np.ones(conv.kernel_shape, dtype=object)).sum(axis=1).max()
    assert (largest == np.prod(conv.kernel_size)) == tight


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (UP4, "$y_{0,0}$readsnopadding"),
        (Conv(9, 3, stride=2, dilation=2, padding=2), "outputs1to3readnopadding"),
        (Conv((4, 5), 3, padding=1), "outputsinrows1to2andcolumns1to3readnopadding"),
        (Conv((4, 4), 2, stride=2), "everyoutputreadsasmanypixelsasithasweights"),
        (Conv(3, 3, padding=2, padding_mode="circular"), "everyoutputreadsasmanydifferentpixels"),
    ],
)
def test_it_names_the_outputs_that_read_no_padding(layer: Layer, words: str) -> None:
    assert words in text_of(regularity_section(story(layer)))


@every_layer
def test_whole_outputs_are_those_that_read_no_padding(layer: Layer) -> None:
    for axis in layer.axes:
        ends = [
            (axis.stride * i - axis.lo, axis.stride * i - axis.lo + axis.effective_kernel) for i in range(axis.small)
        ]
        assert [*whole_outputs(axis)] == [i for i, (a, b) in enumerate(ends) if a >= 0 and b <= axis.large]


def test_the_box_kernel_jumps_where_there_is_a_stride() -> None:
    assert "z=(v_{0},v_{0},v_{1},v_{1})" in text_of(regularity_section(story(UP4)))
    assert "box" not in text_of(regularity_section(story(Conv(5, 3))))


def test_theorems_need_proofs() -> None:
    assert len(list(find(regularity_section(story(UP4)), Theorem))) == 4
    circular = Conv(4, 3, padding=1, padding_mode="circular")
    assert len(list(find(regularity_section(story(circular)), Theorem))) == 4
    reflect = Conv(4, 3, padding=1, padding_mode="reflect")
    assert len(list(find(regularity_section(story(reflect)), Theorem))) == 3
    large = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    assert not list(find(regularity_section(story(large)), Theorem))


def test_the_notation_is_followed() -> None:
    text = text_of(regularity_section(story(UP4, x="h", v="L", base=1)))
    assert "C({h+p})=Ch+Cp" in text
    assert "=(L_{1},L_{1},L_{2},L_{2})" in text
    assert r"M=|w_{1,1}|" in text


def test_the_box_kernel_gives_steps_with_the_layer_that_is_named() -> None:
    dilated = Conv(9, 3, dilation=2, stride=2, padding=2)
    assert "withstride2,nodilation,nopaddingandtheboxkernelof2weights" in text_of(regularity_section(story(dilated)))
    assert conv_transpose(ConvTranspose(2, 2, stride=2), [3, 5], [1, 1]).tolist() == [3, 3, 5, 5]


HOLDING = [
    (UP4, "somehold"),
    (Conv((4, 4), 2, stride=2), "every"),
    (Conv((4, 4), 3, padding=1, padding_mode="circular"), "every"),
    (Conv(9, 3, dilation=2, stride=2, padding=2), "somehold"),
    (ConvTranspose(1, 3, stride=2), "atmost"),
    (ConvTranspose(2, 5, stride=3, padding=2), "every"),
    (Conv(3, 4, padding=[(1, 2)], padding_mode="circular"), "atmost"),
    (Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3), "every"),
]


@pytest.mark.parametrize(("layer", "case"), HOLDING)
def test_the_constant_is_attained_where_it_is_said(layer: Layer, case: str) -> None:
    conv = layer.convolution
    text = text_of(regularity_section(story(layer)))
    kernel = np.random.default_rng(4).integers(1, 9, conv.kernel_shape).astype(object)
    columns = absolute_matrix(conv, kernel).sum(axis=0)
    constant = max(input_sums(conv, kernel))
    assert ("Everycolumnholds" in text) == (case == "every")
    assert ("thisisatmost" in text) == (case == "atmost")
    assert ("forthereno" in text) == (case == "somehold")
    if case != "atmost":
        assert max(columns) == constant
    if case == "every":
        assert {*columns} <= {*input_sums(conv, kernel)}


def test_the_norm_of_a_product_is_worked_out_axis_by_axis() -> None:
    kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    text = text_of(regularity_section(story(UP4, kernel)))
    C = np.array(symbolic_matrix(ConvTranspose(2, 3, stride=2, padding="same").convolution, [1, 2, 1]).tolist())
    assert (C @ C.T).tolist() == [[6, 1], [1, 5]]
    assert np.isclose(np.linalg.norm(C.astype(float), 2) ** 2, (11 + 5**0.5) / 2)
    assert "6&1" in text_of_matrix(text)
    assert "theKroneckerproductofthematricesoftheaxes" in text
    assert "Kronecker" not in text_of(regularity_section(story(UP4, WEIGHTS)))


def text_of_matrix(text: str) -> str:
    return text if "6&1" in text else text.replace("61", "6&1")
