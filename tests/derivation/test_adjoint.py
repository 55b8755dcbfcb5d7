"""The numbers of the adjoint section are right, and it shows the same number twice."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, symbolic_matrix
from symtconv.derivation.adjoint import adjoint_section
from symtconv.document.nodes import Theorem
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    "layer",
    [
        UP4,
        Conv(5, 3),
        Conv((3, 3), 2, in_channels=2, out_channels=2),
        Conv(4, 3, padding=2, padding_mode="reflect"),
    ],
)
def test_both_inner_products_are_the_number_that_the_matrix_gives(layer: Any, order: Any) -> None:
    conv = layer.convolution
    kernel = np.resize([1, 2, 0, 3], np.prod(conv.kernel_shape)).reshape(conv.kernel_shape, order=order)
    C = np.array(symbolic_matrix(conv, kernel, order=order).tolist(), dtype=int)
    x, v = np.resize([1, 2, 3], C.shape[1]), np.resize([1, -1, 2], C.shape[0])
    text = text_of(adjoint_section(story(layer, order=order)))
    assert len(re.findall(rf"={v @ C @ x}(?!\d)", text)) == 2


def test_the_products_are_written_out() -> None:
    text = text_of(adjoint_section(story(UP4)))
    assert r"21\cdot1-19\cdot1+16\cdot2+18\cdot1=52" in text
    tail = text[text.rindex(r"\rangle=") :]
    signed = re.findall(r"([+-]?)(\d+)\\cdot(\d+)", tail)
    assert len(signed) == 16
    assert sum((-1) ** (sign == "-") * int(a) * int(b) for sign, a, b in signed) == 52


def test_given_fractions_stay_exact() -> None:
    text = text_of(adjoint_section(story(Conv(3, 2), [Fraction(1, 3), 2])))
    # y = (1/3 + 4, 2/3 + 6), v = (1, -1)
    assert r"\frac{13}{3}\cdot1-\frac{20}{3}\cdot1=-\frac{7}{3}" in text
    assert "thegivenweights" in text


def test_large_layers_are_not_worked_out() -> None:
    section = adjoint_section(story(ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)))
    assert not list(find(section, Theorem))
    assert "Acheck" not in text_of(section)


def test_both_theorems_are_there() -> None:
    section = adjoint_section(story(UP4))
    assert len(list(find(section, Theorem))) == 2


def test_the_notation_is_followed() -> None:
    text = text_of(adjoint_section(story(UP4, x="T", base=1, brackets="()")))
    assert "F(w,T,v)" in text
    assert "T_{2i+j-2}" in text
    assert r"[\begin{array}" not in text
