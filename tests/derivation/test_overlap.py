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
from symtconv.derivation.overlap import coverage_of, has_no_border, overlap_section
from symtconv.derivation.phasecounts import framed, is_even, phase_counts
from symtconv.derivation.resizing import resized_kernel
from symtconv.document.nodes import Document
from symtconv.geometry import Axis, Layer
from tests.cases import every_layer
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import COMPILED, UP4


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


def full_pixels(axis: Axis) -> set[int]:
    """The pixels that miss no tap: every tap j of the phase of m has its output i = (m + lo - d j)/s among 0..o-1."""
    found = set()
    for m in range(axis.large):
        positions = [m + axis.lo - axis.dilation * j for j in range(axis.kernel_size)]
        outputs = [position // axis.stride for position in positions if position % axis.stride == 0]
        if all(0 <= i < axis.small for i in outputs):
            found.add(m)
    return found


@every_layer
def test_the_frame_holds_pixels_that_miss_no_tap(layer: Layer) -> None:
    for axis in layer.axes:
        full, inside = full_pixels(axis), framed(axis)
        assert set(inside) <= full
        if inside and inside[0] > 0:
            assert inside[0] - 1 not in full
        if inside and inside[-1] < axis.large - 1:
            assert inside[-1] + 1 not in full
        if axis.dilation == 1 and axis.kernel_size >= axis.stride:
            assert set(inside) == full


def test_the_frame_drawn_is_that_of_the_pixels() -> None:
    assert [[*framed(axis)] for axis in UP4.axes] == [[1, 2, 3]] * 2
    assert [*framed(Conv(9, 3, stride=2, dilation=2, padding=2).axes[0])] == [1, 2, 3, 4, 5, 6, 7]
    text = packed(overlap_section, UP4)
    assert "Intheframe,rows1to3andcolumns1to3,nopixelmissesatapofitsphase" in text
    assert "(1,1)rectangle(4,4)" in text
    assert "rows2to4andcolumns2to4" in packed(overlap_section, UP4, base=1)
    assert "Inrows2to25andcolumns2to25nopixel" in packed(overlap_section, Conv((28, 28), 5, padding=2))


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
        (ConvTranspose((5, 5), 3, stride=2, padding="same"), "thecountsrun$1,2,1,2"),
        (ConvTranspose((5, 5), 4, stride=2, padding=1), "coveredfourtimes".replace("four", "4")),
        (ConvTranspose(5, 2, stride=2, dilation=2), "ofthe2phasesthelasthasnotap"),
        (Conv(40, 3, stride=6, dilation=4), "3ofthe6phases,thosethat2doesnotdivide,havenotap"),
        (UP4, "thecountsrun$1,2,1$alongeachaxis"),
        (ConvTranspose(2, 5, stride=3, padding=3), "inalargeronesuchablock"),
        (Conv((4, 4), 3, padding=1, padding_mode="circular"), "everypixeliscovered9times"),
        (Conv((4, 4), 2, stride=2, padding_mode="circular"), "nopixelmissesatap;soeverypixeliscoveredonce"),
        (Conv(9, 3, padding=1), "thecountis3wherevernotapismissing"),
    ],
)
def test_the_verdict_is_that_of_the_frame(layer: Layer, verdict: str) -> None:
    assert verdict in packed(overlap_section, layer)


@pytest.mark.parametrize(
    "layer",
    [
        Conv(12, 5, stride=3, padding=2, padding_mode="circular"),
        Conv(6, 9, stride=2, padding=4, padding_mode="circular"),
    ],
)
def test_a_ring_has_no_border(layer: Conv) -> None:
    (axis,) = layer.axes
    assert has_no_border(layer)
    counts = phase_counts(axis)
    found = coverage_of(axis, "circular")
    assert found == [counts[(m + axis.lo) % axis.stride] for m in range(axis.large)]


def test_what_is_not_proved_is_no_theorem() -> None:
    assert r"\begin{statement}" in packed(overlap_section, UP4)
    assert r"\begin{statement}" not in packed(overlap_section, Conv(6, 3, stride=2, padding=1, padding_mode="reflect"))


def test_the_theorem_on_kernels_is_argued_and_specialised() -> None:
    text = packed(overlap_section, Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3))
    assert "Hereeachphasehasonetap,sothismeansthattheweightsofeachsuchpairareallequal" in text
    assert text.count(r"\begin{statement}") == text.count("missnotapandshoweveryphase") + 1
    assert "onlyifallofthemare0" in packed(overlap_section, Conv(9, 3, dilation=2, stride=2, padding=2))
    assert "missnotapandshoweveryphase" in packed(overlap_section, UP4)


def test_uneven_counts_and_even_sums_do_not_contradict_each_other() -> None:
    text = packed(overlap_section, UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert "Theyareallequal,althoughthecountsoftapsarenot" in text
    assert "$v=1$gives$4$intheframe" in text
    made = conv_transpose(UP4, [[1, 1], [1, 1]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert set(made[1:4, 1:4].flat) == {4}
    text = packed(overlap_section, Conv(8, 2, stride=2), [1, 2])
    assert "Theyarenotallequal,althougheachphasehasasmanytaps" in text


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


@pytest.mark.parametrize(("taps", "stride"), [(3, 2), (3, 3), (4, 2), (2, 5)])
def test_resize_and_convolution_are_one_transposed_convolution(taps: int, stride: int) -> None:
    w = np.random.default_rng(taps).integers(-9, 9, taps)
    v = np.random.default_rng(stride).integers(-9, 9, 6)
    kernel = [sum(int(w[j]) for j in chosen) for chosen in resized_kernel(taps, stride)]
    resized = np.repeat(v, stride)
    both = np.correlate(resized, w, mode="full")
    assert conv_transpose(ConvTranspose(6, len(kernel), stride=stride), v, kernel).tolist() == both.tolist()
    assert {sum(kernel[r::stride]) for r in range(stride)} == {w.sum()}


def test_the_kernel_of_a_resize_is_shown() -> None:
    text = packed(overlap_section, UP4)
    assert "(w_{2},w_{1}+w_{2},w_{0}+w_{1},w_{0})" in text
    assert "both" in text
    assert "reversed" not in text


def test_the_theorem_reaches_the_whole_frame() -> None:
    patches = Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)
    assert "inthewholeframe,rows0to3andcolumns0to3" in packed(overlap_section, patches)
    z = conv_transpose(patches.T, np.ones((3, 2, 2), dtype=int), np.arange(1, 4).repeat(8).reshape(3, 2, 2, 2))
    assert all(len({*channel.reshape(-1)}) == 1 for channel in z)
    dilated = packed(overlap_section, Conv(9, 3, stride=2, dilation=2, padding=2))
    assert "pixels2to6" in dilated
    assert "inthewholeframe,pixels1to7" in dilated
    assert "allofthemare0:$w_{0}+w_{1}+w_{2}=0$." in dilated
    assert "checkerboard:the" not in dilated
