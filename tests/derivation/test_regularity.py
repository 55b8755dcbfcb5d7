"""The constants of the regularity section are true bounds, and the right numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, symbolic_matrix
from symtconv.derivation.phasesums import input_sums, output_sums, phases
from symtconv.derivation.regularity import regularity_section
from symtconv.document.nodes import Theorem
from symtconv.geometry import Layer
from tests.cases import LAYERS
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
    assert "notproved" in text
    assert np.linalg.norm(C, 2) <= np.sqrt(58)


def test_a_rational_bound_stays_exact() -> None:
    text = text_of(regularity_section(story(Conv(6, 4, stride=2), [Fraction(1, 2)] * 4)))
    assert r"\sqrt{2\cdot1}\approx1.41421" in text
    assert r"\sqrt{4\cdot1}=2" in text_of(regularity_section(story(Conv(9, 4, stride=4), [1, 1, 1, 1])))


def test_named_weights_are_grouped_by_phase() -> None:
    text = text_of(regularity_section(story(UP4)))
    assert "|w_{0,0}|+|w_{0,2}|+|w_{2,0}|+|w_{2,2}|" in text
    assert "have4phases" in text
    assert "NumPy" not in text


@pytest.mark.parametrize(
    ("layer", "tight"), [(UP4, True), (Conv(3, 3, padding=1), True), (Conv(2, 3, padding=1), False)]
)
def test_it_says_whether_the_constant_is_reached(layer: Layer, tight: bool) -> None:
    assert ("Nosmallerconstant" in text_of(regularity_section(story(layer)))) is tight
    conv = layer.convolution
    largest = absolute_matrix(conv, np.ones(conv.kernel_shape, dtype=object)).sum(axis=1).max()
    assert (largest == np.prod(conv.kernel_size)) == tight


def test_the_box_kernel_jumps() -> None:
    assert "z=(v_{0},v_{0},v_{1},v_{1})" in text_of(regularity_section(story(UP4)))


def test_theorems_need_proofs() -> None:
    assert len(list(find(regularity_section(story(UP4)), Theorem))) == 4
    circular = Conv(4, 3, padding=1, padding_mode="circular")
    assert len(list(find(regularity_section(story(circular)), Theorem))) == 3
    large = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    assert not list(find(regularity_section(story(large)), Theorem))


def test_the_notation_is_followed() -> None:
    text = text_of(regularity_section(story(UP4, x="h", v="L", base=1)))
    assert "C({h+p})=Ch+Cp" in text
    assert "=(L_{1},L_{1},L_{2},L_{2})" in text
    assert r"M=|w_{1,1}|" in text
