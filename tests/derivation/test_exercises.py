"""Exercises have the answers that the definitions give, computed here by other means."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, GeometryError, conv_transpose, symbolic_matrix
from symtconv.derivation.exercises import exercises_section, sizes_with
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.cases import every_layer
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import COMPILED, UP4


@pytest.mark.parametrize("name", COMPILED)
def test_it_compiles_without_complaint(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(page(exercises_section, COMPILED[name])) == []


@pytest.mark.parametrize("iverson", [True, False])
def test_another_notation_compiles(iverson: bool, complaints: Callable[[Document], list[str]]) -> None:
    given: dict[str, Any] = {"base": 1, "order": "F", "iverson": iverson, "brackets": "()", "v": "delta"}
    assert complaints(page(exercises_section, UP4, [[1, 2, 3]] * 3, **given)) == []
    assert "_{0" not in packed(exercises_section, UP4, **given)


def sized(axis: Any, n: int, mode: Any) -> int | None:
    """Count the outputs of an axis with n pixels, by the constructor; None where it refuses."""
    try:
        pads = [(axis.lo, axis.hi)]
        made = Conv(n, axis.kernel_size, stride=axis.stride, dilation=axis.dilation, padding=pads, padding_mode=mode)
    except GeometryError:
        return None
    return made.output_shape[0]


@every_layer
def test_sizes_are_those_of_the_constructor(layer: Layer) -> None:
    axis = layer.axes[0]
    wide = sized(axis, axis.large + 1, layer.padding_mode)
    text = packed(exercises_section, layer)
    assert re.search(rf"\+1={wide}\$(asbefore|whereitwas)", text)
    outputs = axis.small + 1
    tried = range(1, axis.large + axis.stride * 3 + axis.effective_kernel + 9)
    expected = [n for n in tried if sized(axis, n, layer.padding_mode) == outputs]
    assert list(sizes_with(layer.convolution, axis, outputs)) == expected
    if 0 < len(expected) <= 4:
        assert f"n={','.join(map(str, expected))}$" in text


@every_layer
def test_the_count_is_that_of_the_matrix(layer: Layer) -> None:
    C = symbolic_matrix(layer.convolution)
    assert f"={len(C.todok())}$of" in packed(exercises_section, layer)


def test_the_row_the_column_and_the_stamp_of_a_small_layer() -> None:
    text = packed(exercises_section, UP4)
    C = symbolic_matrix(UP4.convolution)
    assert [str(C[2, m]) for m in range(16) if C[2, m] != 0] == [f"w_{{{a},{b}}}" for a, b in np.ndindex(2, 3)]
    assert "y_{1,0}=" + "+".join(f"w_{{{a},{b}}}x_{{{a + 2},{b}}}" for a, b in np.ndindex(2, 3)) in text
    assert "z_{2,0}=w_{2,0}v_{0,0}+w_{0,0}v_{1,0}" in text
    assert str(sum(C[i, 8] for i in range(4))) == "w_{0,0} + w_{2,0}"
    assert "w_{2,0}+w_{0,0}" in text


def test_given_weights_stand_in_the_answers() -> None:
    kernel = np.arange(1, 10).reshape(3, 3)
    text = packed(exercises_section, UP4, kernel)
    unit = np.zeros((2, 2), dtype=int)
    unit[1, 1] = 1
    stamp = conv_transpose(UP4, unit, kernel)
    filled = [str(value) for value in stamp.reshape(-1) if value]
    assert filled == ["1", "2", "4", "5"]
    assert [stamp[2].tolist(), stamp[3].tolist()] == [[0, 0, 1, 2], [0, 0, 4, 5]]
    assert r"\cdot}12\\\textcolor" in text
    assert r"\cdot}45\end{array}" in text


@every_layer
def test_the_pads_of_the_stretched_input_give_the_size(layer: Layer) -> None:
    text = packed(exercises_section, layer)
    found = re.search(r"\+a\)=\((-?\d+),(-?\d+)\)", text)
    assert (found is None) == (layer.padding_mode != "zeros")
    if found is None:
        return
    before, after = int(found[1]), int(found[2])
    axis = layer.axes[0]
    v, w = np.arange(1, axis.small + 1), np.arange(1, axis.kernel_size + 1) ** 2
    stretched = np.zeros(axis.stride * (axis.small - 1) + 1, dtype=int)
    stretched[:: axis.stride] = v
    wide = np.pad(stretched, (max(before, 0), max(after, 0)))
    wide = wide[max(-before, 0) : wide.size - max(-after, 0)]
    kernel = np.zeros(axis.effective_kernel, dtype=int)
    kernel[:: axis.dilation] = w
    result = np.convolve(wide, kernel, mode="valid") if wide.size >= kernel.size else np.zeros(0)
    alone = Conv._resolved((axis,), 1, 1, 1, "zeros").T
    assert result.tolist() == conv_transpose(alone, v, w).tolist()


@every_layer
def test_the_overlap_is_even_where_every_phase_has_as_many_taps(layer: Layer) -> None:
    axis = layer.axes[0]
    s, d, k = axis.stride, axis.dilation, axis.kernel_size
    counts = [[sum((d * j - r) % s == 0 for j in range(taps)) for r in range(s)] for taps in range(k, k + s + 1)]
    even = [k + more for more, one in enumerate(counts) if len(set(one)) == 1]
    text = packed(exercises_section, layer)
    assert f"Phasebyphase:${','.join(map(str, counts[0]))}$." in text
    if even and even[0] == k:
        assert "$.Yes." in text
    elif even:
        assert f"No;thenextis$k={even[0]}$" in text
    else:
        assert "nokernelsizedoes" in text


@pytest.mark.parametrize("layer", [COMPILED["dcgan"], Conv(10**6, 5, stride=2), Conv((28, 28), 5)])
def test_huge_layers_are_quick(layer: Layer) -> None:
    start = time.perf_counter()
    page(exercises_section, layer).to_latex()
    assert time.perf_counter() - start < 5
    assert prod(layer.kernel_shape) > 0
