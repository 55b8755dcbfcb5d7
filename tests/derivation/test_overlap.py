"""The overlap section counts what the definition lays down, and calls even what is even."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, conv_transpose
from symtconv.derivation import evenkernels
from symtconv.derivation.notation import Notation, Story
from symtconv.derivation.overlap import coverage_of, overlap_section
from symtconv.derivation.phasecounts import is_even, phase_counts
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.cases import every_layer
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import COMPILED, UP4


@pytest.mark.parametrize("name", COMPILED)
def test_it_compiles_without_complaint(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(page(overlap_section, COMPILED[name])) == []


@pytest.mark.parametrize("iverson", [True, False])
def test_another_notation_compiles(iverson: bool, complaints: Callable[[Document], list[str]]) -> None:
    kernel = [[Fraction(1, 3), 2, 1]] * 3
    given: dict[str, Any] = {"base": 1, "order": "F", "iverson": iverson, "brackets": "()", "y": "r", "v": "delta"}
    assert complaints(page(overlap_section, UP4, kernel, **given)) == []
    text = packed(overlap_section, UP4, **given)
    assert r"q=({m+\mathrm{lo}-1})\bmods" in text


@every_layer
def test_the_coverage_is_what_ones_give(layer: Layer) -> None:
    up = layer if layer.transposed else layer.T
    assert isinstance(up, ConvTranspose)
    ones = np.ones((up.in_channels, *up.input_shape), dtype=int)
    expected = conv_transpose(up, ones, np.ones(up.kernel_shape, dtype=int))
    found = np.array(up.in_channels // up.groups)
    for axis in up.axes:
        found = np.multiply.outer(found, coverage_of(axis, up.padding_mode))
    for channel in expected:
        assert channel.tolist() == found.tolist()


def test_phases_are_counted_and_evenness_follows() -> None:
    for k in range(1, 9):
        for s in range(1, 7):
            for d in range(1, 7):
                (axis,) = ConvTranspose(3, k, stride=s, dilation=d).axes
                counted = [sum((d * j - r) % s == 0 for j in range(k)) for r in range(s)]
                assert phase_counts(axis) == counted
                assert is_even(axis) == (len(set(counted)) == 1)


def test_the_map_and_the_table_are_shown() -> None:
    text = packed(overlap_section, UP4)
    assert "each$3$$2$$1$$1$$2,1$" in text
    drawn = re.findall(r"at\((\d)\.5,(\d)\.5\)\{\$(\d)\$\}", text)
    along = [1, 1, 2, 1]
    assert {(int(c), int(r)): int(n) for c, r, n in drawn} == {
        (c, r): along[c] * along[r] for c in range(4) for r in range(4)
    }
    assert r"2\nmid3" in text
    assert "2or4taps" in text


@pytest.mark.parametrize(
    ("layer", "verdict"),
    [
        (ConvTranspose((5, 5), 3, stride=2, padding="same"), "Thecoverageisacheckerboard."),
        (ConvTranspose((5, 5), 4, stride=2, padding=1), "Thecoverageiseveninthe"),
        (ConvTranspose(5, 2, stride=2, dilation=2), "Thecoverageisacheckerboard."),
        (UP4, "Withaninputlargeenough"),
    ],
)
def test_the_verdict_is_that_of_the_interior(layer: Layer, verdict: str) -> None:
    assert verdict.lower() in packed(overlap_section, layer).lower()


def test_what_is_not_proved_is_no_theorem() -> None:
    assert "checkerboards,forthislayer" in packed(overlap_section, UP4)
    assert r"\begin{statement}" not in packed(overlap_section, Conv(5, 3, padding=1, padding_mode="circular"))


@pytest.mark.parametrize(("kernel", "even"), [([1, 2, 1], True), ([1, 1, 1], False)])
def test_given_weights_are_summed_by_phase(kernel: list[int], even: bool) -> None:
    layer = ConvTranspose(6, 3, stride=2)
    text = packed(overlap_section, layer, kernel)
    assert ("Theyareallequal" in text) == even
    assert ("Theyarenotallequal" in text) != even
    assert "kernelswithoutcheckerboards" in text
    inside = conv_transpose(layer, [1] * 6, kernel)[2:-2]
    assert (len(set(inside.tolist())) == 1) == even


def test_phase_sums_are_those_of_the_definition() -> None:
    layer = ConvTranspose((2, 2), (3, 4), stride=(2, 3), dilation=(1, 2), in_channels=2, out_channels=3)
    kernel = np.arange(prod(layer.kernel_shape)).reshape(layer.kernel_shape)
    story = Story(layer, Notation(), kernel)
    assert story.weights is not None
    sums = evenkernels.phase_sums(story, story.weights)
    for c, b, r, q in np.ndindex(*sums.shape):
        taps = [(i, j) for i in range(3) for j in range(4) if i % 2 == r and 2 * j % 3 == q]
        assert sums[c, b, r, q] == sum(kernel[c, b, i, j] for i, j in taps)


def test_the_even_kernel_shown_is_even() -> None:
    text = packed(overlap_section, ConvTranspose(9, 5, stride=3))
    assert "w=(1,2,3,2,1)" in text
    assert len(set(conv_transpose(ConvTranspose(9, 5, stride=3), [1] * 9, [1, 2, 3, 2, 1])[4:-4].tolist())) == 1


@pytest.mark.parametrize("layer", [COMPILED["dcgan"], Conv(10**6, 5, stride=2), Conv(10**6, 9, padding="same")])
def test_huge_layers_are_quick(layer: Layer) -> None:
    start = time.perf_counter()
    page(overlap_section, layer).to_latex()
    assert time.perf_counter() - start < 5
