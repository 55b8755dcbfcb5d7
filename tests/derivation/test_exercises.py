"""Exercises have the answers that the definitions give, computed here by other means."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, GeometryError, conv_transpose, symbolic_matrix
from symtconv.derivation.exercises import exercises_section, sizes_with
from symtconv.derivation.kernelexercises import even_weights, other_crop, replace_pads, unreached
from symtconv.derivation.notation import Notation, Story
from symtconv.derivation.practicelayer import Practice, practice_of
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.cases import every_layer
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import COMPILED, UP4


@pytest.mark.parametrize("iverson", [True, False])
def test_another_notation_compiles(iverson: bool, complaints: Callable[[Document], list[str]]) -> None:
    given: dict[str, Any] = {"base": 1, "order": "F", "iverson": iverson, "brackets": "()", "v": "delta", "z": "f"}
    assert complaints(page(exercises_section, UP4, [[1, 2, 3]] * 3, **given)) == []
    text = packed(exercises_section, UP4, **given)
    assert not re.search(r"(?<!\^)\b[wyx]_\{0", text)
    assert "h=\\left" in text or "h=" in text  # f is taken


@pytest.mark.parametrize("name", ["groups", "circular", "3d-transposed", "replicate", "channels-transposed"])
def test_odd_layers_compile(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(page(exercises_section, COMPILED[name])) == []


def sized(axis: Any, n: int, mode: Any, stride: int) -> int | None:
    """Count the outputs of an axis with n pixels, by the constructor; None where it refuses."""
    try:
        pads = [(axis.lo, axis.hi)]
        made = Conv(n, axis.kernel_size, stride=stride, dilation=axis.dilation, padding=pads, padding_mode=mode)
    except GeometryError:
        return None
    return made.output_shape[0]


@every_layer
def test_sizes_are_those_of_the_constructor(layer: Layer) -> None:
    axis = layer.axes[0]
    text = packed(exercises_section, layer)
    for stride, outputs in ((axis.stride, axis.small + 1), (axis.stride + 1, axis.small)):
        tried = range(1, axis.large + stride * (axis.small + 3) + axis.effective_kernel + 9)
        expected = [n for n in tried if sized(axis, n, layer.padding_mode, stride) == outputs]
        if 0 < len(expected) <= 4:
            assert f"<{stride}" in text
            assert f"n={','.join(map(str, expected))}$" in text
        if stride == axis.stride:
            assert list(sizes_with(layer.convolution, axis, outputs)) == expected


@every_layer
def test_the_count_is_that_of_the_matrix(layer: Layer) -> None:
    conv = layer.convolution
    text = packed(exercises_section, layer)
    C = symbolic_matrix(conv)
    if "Derivehowmanyentries" not in text:
        assert layer.padding_mode != "zeros"
        return
    assert str(len(C.todok())) in text.replace(r"{,}", "").replace(",", "")


def test_the_count_is_derived_tap_by_tap() -> None:
    text = packed(exercises_section, Conv((28, 28), 5, padding=2))
    assert "26+27+28+27+26=134" in text
    assert r"134\cdot134=17" in text
    assert "2+2+1=5" in packed(exercises_section, UP4)


def by_loops(practice: Practice) -> tuple[list[Any], list[Any]]:
    """C^T v, and the gradient by the kernel, from y_i = sum_j w_j x_(tau(i, j)) alone."""
    conv, w = practice.conv, practice.kernel
    z = np.zeros((conv.large_channels, *conv.large_shape), dtype=object)
    gradient = np.zeros(conv.kernel_shape, dtype=object)
    width = conv.small_channels // conv.groups
    for c, *i in np.ndindex(conv.small_channels, *conv.small_shape):
        for b, *j in np.ndindex(*conv.kernel_shape[1:]):
            place = [c // width * conv.kernel_shape[1] + b]
            for axis, one, tap in zip(conv.axes, i, j, strict=True):
                place.append(pixel_at(axis.stride * one + axis.dilation * tap - axis.lo, axis.large, conv.padding_mode))
            if -1 in place:
                continue
            z[tuple(place)] += w[(c, b, *j)] * practice.v[(c, *i)]
            gradient[(c, b, *j)] += practice.v[(c, *i)] * practice.x[tuple(place)]
    return z.tolist(), gradient.tolist()


def pixel_at(m: int, n: int, mode: str) -> int:
    if mode == "circular":
        return m % n
    if mode == "reflect":
        return abs(m) if m < n else 2 * (n - 1) - m
    if mode == "replicate":
        return min(max(m, 0), n - 1)
    return m if 0 <= m < n else -1


@every_layer
def test_the_numbers_are_those_of_the_definition(layer: Layer) -> None:
    practice = practice_of(Story(layer, Notation()))
    if practice is None:
        assert "Laythestamps" not in packed(exercises_section, layer)
        return
    conv = practice.conv
    z, gradient = by_loops(practice)
    assert practice.z.tolist() == z[: practice.depth]
    for c, b in np.ndindex(conv.kernel_shape[:2]):
        assert practice.gradient(c, b).tolist() == gradient[c][b]
    if conv.padding_mode == "zeros":  # the crop of the canvas is z
        wide = np.pad(practice.canvas, [(0, 0)] + [(99, 99)] * conv.ndim)
        cut = tuple(slice(99 + axis.lo, 99 + axis.lo + axis.large) for axis in conv.axes)
        assert wide[(slice(None), *cut)].tolist() == practice.z.tolist()
    else:
        folded = np.zeros_like(practice.z)
        for c, *m in np.ndindex(*practice.canvas.shape):
            places = [pixel_at(p - a.lo, a.large, conv.padding_mode) for p, a in zip(m, conv.axes, strict=True)]
            folded[(c, *places)] += practice.canvas[(c, *m)]
        assert folded.tolist() == practice.z.tolist()


@pytest.mark.parametrize("name", COMPILED)
def test_rows_and_planes_of_the_numbers_differ(name: str) -> None:
    practice = practice_of(Story(COMPILED[name], Notation()))
    if practice is None:
        return
    planes = practice.kernel.reshape(-1, *practice.conv.kernel_size)
    if planes[0].size > 1:
        assert len({str(plane.tolist()) for plane in planes}) == len(planes)
    if practice.conv.ndim == 2 and planes.shape[-1] > 1:
        assert len({str(row) for row in planes[0].tolist()}) == planes.shape[1]


def test_the_steps_are_shown_as_images() -> None:
    text = packed(exercises_section, UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    v = np.array([[2, -1], [0, 0]])
    z = conv_transpose(UP4, v, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert r"\\".join("".join(map(str, row)) for row in z.tolist()) in text
    assert "242\\\\484\\\\242" in text
    assert "Crop,inpixels,0beforeand1afteroneachaxis" in text


def test_even_weights_take_constants_to_constants() -> None:
    for k, s, d in [(3, 2, 1), (5, 2, 1), (5, 3, 1), (7, 4, 1), (5, 3, 2), (9, 4, 3)]:
        layer = ConvTranspose(12, k, stride=s, dilation=d)
        weights, hidden = even_weights(layer.axes[0])
        assert len(hidden) == s - 1
        border = layer.axes[0].effective_kernel
        assert len(set(conv_transpose(layer, [1] * 12, weights)[border:-border].tolist())) == 1
    text = packed(exercises_section, UP4)
    assert "w=({1,w_{1},3})" in text
    assert "So$w_{1}=4$" in text
    assert "constantstoconstants" not in packed(exercises_section, Conv(9, 3, dilation=2, stride=2, padding=2))


@every_layer
def test_what_is_out_of_reach_is_taken_to_0(layer: Layer) -> None:
    conv = layer.convolution
    found = unreached(conv)
    if found is None:
        return
    image = np.zeros((conv.large_channels, *conv.large_shape), dtype=int)
    for place, value in found.items():
        image[place] = value
    C = np.array(symbolic_matrix(conv, np.ones(conv.kernel_shape, dtype=int)).tolist(), dtype=int)
    assert image.any()
    assert not (C @ image.reshape(-1)).any()


@every_layer
def test_another_crop_has_the_same_shape_and_other_values(layer: Layer) -> None:
    conv = layer.convolution
    found = other_crop(conv)
    if found is None:
        return
    paddings, extras = found
    made = ConvTranspose(
        conv.small_shape,
        conv.kernel_size,
        stride=conv.stride,
        dilation=conv.dilation,
        padding=tuple(paddings),
        output_padding=tuple(extras),
    )
    assert made.large_shape == conv.large_shape
    wrong = replace_pads(conv, paddings)
    single = Conv._resolved(wrong.axes, 1, 1, 1, "zeros").T
    v, w = (
        np.arange(1, np.prod(conv.small_shape) + 1).reshape(conv.small_shape),
        np.arange(1, np.prod(conv.kernel_size) + 1),
    )
    w = w.reshape(conv.kernel_size)
    assert conv_transpose(single, v, w).tolist() == conv_transpose(made, v, w).tolist()


def test_a_wrong_call_is_told_from_the_layer() -> None:
    text = packed(exercises_section, UP4)
    assert "padding=1,output_padding=1" in text.replace("\\_", "_")
    assert "crops" in text
    assert "1insteadof0oneachaxis" in text
    right, wrong = UP4, ConvTranspose((2, 2), 3, stride=2, padding=1, output_padding=1)
    assert symbolic_matrix(right)[0, 0].name == "w_{0,0}"
    assert symbolic_matrix(wrong)[0, 0].name == "w_{1,1}"
    assert "=w_{0,0}v_{0,0}" in text
    assert "=w_{1,1}v_{0,0}" in text
    assert "PyTorchlayer" not in packed(exercises_section, Conv((4, 4), 2, stride=2))


def test_groups_are_counted() -> None:
    layer = Conv((3, 3), 2, in_channels=4, out_channels=4, groups=2)
    text = packed(exercises_section, layer)
    C = symbolic_matrix(layer)
    full = symbolic_matrix(Conv((3, 3), 2, in_channels=4, out_channels=4))
    assert rf"2\cdot{len(C.todok())}={len(full.todok())}" in text
    assert "Channel$3$of$v$reacheschannels2to3" in text
    assert "withoutgroups" not in packed(exercises_section, UP4)


def test_a_ring_of_ones_has_its_taps_as_norm() -> None:
    layer = Conv((4, 4), 3, padding=1, padding_mode="circular")
    C = np.array(symbolic_matrix(layer, np.ones((3, 3), dtype=int)).tolist(), dtype=float)
    assert np.linalg.norm(C, 2) == pytest.approx(9)
    assert r"\rVert_{2}=9" in packed(exercises_section, layer)
    assert r"\rVert_{2}=9" not in packed(exercises_section, Conv((4, 4), 3, padding=1))


@pytest.mark.parametrize("layer", [COMPILED["dcgan"], Conv(10**6, 5, stride=2), Conv((28, 28), 5)])
def test_huge_layers_are_quick(layer: Layer) -> None:
    start = time.perf_counter()
    page(exercises_section, layer).to_latex()
    assert time.perf_counter() - start < 5


def test_the_norm_on_a_ring_is_argued_without_another_section() -> None:
    text = packed(exercises_section, Conv((4, 4), 3, padding=1, padding_mode="circular"))
    assert "Schur" not in text
    assert "bythetriangleinequality" in text
    C = np.array(symbolic_matrix(Conv((4, 4), 3, padding=1, padding_mode="circular"), np.ones((3, 3), int)).tolist())
    assert np.isclose(np.linalg.norm(C.astype(float), 2), 9)


def test_nothing_is_asked_to_be_cropped_or_multiplied_in_vain() -> None:
    assert "crop:" not in packed(exercises_section, Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3))
    assert "andmultiply" not in packed(exercises_section, Conv(9, 3, dilation=2, stride=2, padding=2))
    assert "takethegivenweights" in packed(exercises_section, UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
