"""The numbers of the adjoint section are right, and it shows the same number twice."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, symbolic_matrix
from symtconv.derivation.adjoint import OF_V, OF_W, OF_X, adjoint_section, period
from symtconv.document.mathematics import Matrix
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
        Conv((4, 4), 3, padding=1, in_channels=4, out_channels=2, groups=2),
        Conv(4, 3, padding=2, padding_mode="reflect"),
    ],
)
def test_both_inner_products_are_the_number_that_the_matrix_gives(layer: Any, order: Any) -> None:
    conv = layer.convolution
    kernel = numbers(OF_W, conv.kernel_shape, order).reshape(conv.kernel_shape, order=order)
    C = np.array(symbolic_matrix(conv, kernel, order=order).tolist(), dtype=int)
    x = numbers(OF_X, (conv.in_channels, *conv.input_shape), order)
    v = numbers(OF_V, (conv.out_channels, *conv.output_shape), order)
    text = text_of(adjoint_section(story(layer, order=order)))
    assert len(re.findall(rf"={v @ C @ x}(?!\d)", text)) == 2


def numbers(values: tuple[int, ...], shape: tuple[int, ...], order: str) -> Any:
    """Repeat the numbers in the order of vec, row-major numbers of one channel as of several."""
    return np.resize(values[: period(shape, order)], np.prod(shape))


SHAPES = [(1, 1, 3, 3), (1, 1, 5, 5), (2, 3, 2, 2), (4, 2, 3, 3), (1, 6, 6), (2, 4, 4), (3, 5), (2, 2, 2, 3), (1, 8, 8),
          (1, 7, 5), (2, 10, 3)]  # fmt: skip


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("values", [OF_X, OF_V, OF_W])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_numbers_tell_rows_columns_and_channels_apart(
    shape: tuple[int, ...], values: tuple[int, ...], order: Any
) -> None:
    array = numbers(values, shape, order).reshape(shape, order=order)
    for axis in range(len(shape)):
        assert shape[axis] == 1 or (array != np.flip(array, axis)).any()
        slices = [np.take(array, place, axis) for place in range(shape[axis])]
        assert all((one != other).any() for one, other in pairwise(slices))
        for other in range(axis):
            swapped = np.swapaxes(array, axis, other)
            assert shape[axis] == 1 or swapped.shape != shape or (array != swapped).any()


def test_the_products_are_written_out() -> None:
    text = text_of(adjoint_section(story(UP4)))
    assert r"18\cdot2-8\cdot1-17\cdot1+12\cdot3=47" in text
    tail = text[text.rindex(r"\rangle=") :]
    signed = re.findall(r"([+-]?)(\d+)\\cdot(\d+)", tail)
    assert len(signed) == 16
    assert sum((-1) ** (sign == "-") * int(a) * int(b) for sign, a, b in signed) == 47


def test_a_sum_of_36_products_is_whole_and_its_arrays_as_well() -> None:
    section = adjoint_section(story(ConvTranspose((3, 3), 5, stride=2, padding="same")))
    text = text_of(section)
    tail = text[text.rindex(r"\rangle=") :]
    assert "dots" not in tail
    assert len(re.findall(r"\d\\cdot\d", tail)) > 30
    assert [matrix.shape for matrix in find(section, Matrix)] == [(6, 6), (3, 3), (5, 5), (3, 3), (6, 6)]


def test_channels_are_shown_plane_by_plane() -> None:
    section = adjoint_section(story(Conv((3, 3), 2, in_channels=2, out_channels=3)))
    text = text_of(section)
    assert "x_{1}=" in text
    assert "w_{2,1}=" in text
    assert "(Cx)_{2}=" in text
    assert len(list(find(section, Matrix))) == 2 + 3 + 6 + 3 + 2


def test_large_arrays_are_said_to_go_on() -> None:
    assert "dotsleaveoutgoeson" in text_of(adjoint_section(story(Conv((9, 9), 3))))
    assert "dotsleaveoutgoeson" not in text_of(adjoint_section(story(UP4)))


def test_given_fractions_stay_exact() -> None:
    text = text_of(adjoint_section(story(Conv(3, 2), [Fraction(1, 3), 2])))
    # y = (1/3 + 6, 1 + 4), v = (2, 1)
    assert r"\frac{19}{3}\cdot2+5\cdot1=\frac{53}{3}" in text
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
    assert r"\Phi(w,T,v)" in text
    assert "T_{2i+j-2}" in text
    assert r"[\begin{array}" not in text
