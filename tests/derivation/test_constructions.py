"""Every construction computes the same pixel, with the numbers of the layer, and compiles."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, conv_transpose, convolve, symbolic_matrix
from symtconv.derivation.constructions import constructions_section, matrix_terms
from symtconv.derivation.cropping import stamped_terms
from symtconv.derivation.decimating import decimated_terms
from symtconv.derivation.flippedkernel import flipped_tap, inserted_pads
from symtconv.derivation.interleaving import outputs_of_phase, phase_terms, taps_of_phase
from symtconv.derivation.multiplying import polynomial_terms
from symtconv.derivation.notation import Notation, Story
from symtconv.derivation.places import own_letters
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.derivation.zeroinsertion import window_terms
from symtconv.document.nodes import Document, Section
from symtconv.geometry import Layer
from tests.cases import LAYERS
from tests.derivation.test_derivation import COMPILED

THEOREM = r"\begin{statement}{Theorem}"
UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")
HUGE = {"line": Conv(10**6, 3, stride=2), "wide": Conv(10**9, 5, stride=10**5, dilation=7), "dcgan": COMPILED["dcgan"]}
ZEROS = {name: layer for name, layer in LAYERS.items() if layer.padding_mode == "zeros"}


def section(layer: Layer, kernel: object = None, **notation: Any) -> Section:
    return constructions_section(Story(layer, Notation(**notation), kernel))


def text_of(layer: Layer, kernel: object = None, **notation: Any) -> str:
    text = Document("", (section(layer, kernel, **notation),)).to_latex()
    return re.sub(r"\s|&|\\,|\\mathord", "", text)


def titles(layer: Layer) -> list[object]:
    return [block.title for block in section(layer).blocks if isinstance(block, Section)]


@pytest.mark.parametrize("name", COMPILED)
def test_it_compiles_without_complaint(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(Document("", (section(COMPILED[name]),))) == []


@pytest.mark.parametrize(
    "notation",
    [
        {"base": 1, "order": "F", "iverson": False, "brackets": "()"},
        {"x": "u", "y": "r", "v": "delta", "z": "p", "w": "h", "C": "A"},
    ],
)
@pytest.mark.parametrize("name", ["2x2-to-4x4", "1d-dilated-transposed", "2d-mixed", "groups", "circular"])
def test_every_notation_compiles(
    name: str, notation: dict[str, Any], complaints: Callable[[Document], list[str]]
) -> None:
    assert complaints(Document("", (section(LAYERS[name], **notation),))) == []


@pytest.mark.parametrize("name", ZEROS)
def test_every_construction_sums_the_entries_of_the_matrix(name: str) -> None:
    layer = ZEROS[name]
    worked = WorkedPixel(Story(layer, Notation()))
    conv = layer.convolution
    column = symbolic_matrix(conv)[:, worked.number]
    expected = {}
    for row in range(prod(conv.small_shape)):
        if column[row] != 0:
            expected[tuple(int(i) for i in np.unravel_index(row, conv.small_shape))] = str(column[row])
    ways = [matrix_terms, window_terms, stamped_terms, decimated_terms, phase_terms]
    for way in [*ways, polynomial_terms] if conv.ndim == 1 else ways:
        found = {}
        for tap, pixel in way(worked):
            at = tap if conv.single_channel else (0, 0, *tap)
            assert pixel not in found
            found[pixel] = f"w_{{{','.join(map(str, at))}}}"
        assert found == expected, way.__name__


@pytest.mark.parametrize("name", [name for name in ZEROS if ZEROS[name].single_channel])
def test_pads_and_flip_give_the_transposed_convolution(name: str) -> None:
    conv = ZEROS[name].convolution
    rng = np.random.default_rng(3)
    v = rng.integers(-9, 9, conv.output_shape)
    kernel = rng.integers(-9, 9, conv.kernel_size)
    u = np.zeros([axis.stride * (axis.small - 1) + 1 for axis in conv.axes], dtype=int)
    u[tuple(slice(None, None, s) for s in conv.stride)] = v
    flipped = np.zeros([axis.effective_kernel for axis in conv.axes], dtype=int)
    for t in np.ndindex(*flipped.shape):
        taps = [flipped_tap(axis, place) for axis, place in zip(conv.axes, t, strict=True)]
        if None not in taps:
            flipped[t] = kernel[tuple(taps)]
    plain = Conv(u.shape, flipped.shape, padding=[inserted_pads(axis) for axis in conv.axes])
    assert (convolve(plain, u, flipped) == conv_transpose(conv.T, v, kernel)).all()


@pytest.mark.parametrize("name", ZEROS)
def test_phases_part_taps_and_pixels(name: str) -> None:
    for axis in ZEROS[name].convolution.axes:
        taps = [taps_of_phase(axis, r) for r in range(axis.stride)]
        assert sorted(j for found in taps for j in found) == list(range(axis.kernel_size))
        assert all(axis.dilation * j % axis.stride == r for r, found in enumerate(taps) for j in found)
        pixels = [outputs_of_phase(axis, r) for r in range(axis.stride)]
        assert sorted(m for found in pixels for m in found) == list(range(axis.large))
        assert all((m + axis.lo) % axis.stride == r for r, found in enumerate(pixels) for m in found)


def test_the_sizes_and_the_flip_are_written_out() -> None:
    text = text_of(UP4)
    for formula in ("3-1-0=2", "3-1-1+0=1", "3+2+1-3+1=4=n", "2\\cdot(2-1)+3=5", "5-0-1=4=n"):
        assert formula in text
    assert "w_{2,2}w_{2,1}w_{2,0}\\\\w_{1,2}" in text
    assert "doesnotstatethatthekernelisflipped" in text
    assert "4of9products" in text


def test_the_pixel_is_the_same_in_every_way() -> None:
    text = text_of(UP4)
    assert text.count("w_{2,2}v_{0,0}+w_{2,0}v_{0,1}+w_{0,2}v_{1,0}+w_{0,0}v_{1,1}") == 4
    assert text.count("w_{0,0}v_{1,1}+w_{0,2}v_{1,0}+w_{2,0}v_{0,1}+w_{2,2}v_{0,0}") == 1


def test_the_ways_are_those_that_say_something() -> None:
    assert section(UP4).title == "Four other ways to compute it"
    assert section(Conv(7, 3, stride=2)).title == "Five other ways to compute it"
    assert titles(Conv((4, 4), 3)) == ["Zeros between the pixels", "Stamps on a canvas, then a crop"]
    assert titles(Conv(4, 3, padding=1, padding_mode="circular")) == ["Fold the border back"]
    assert titles(Conv(4, 3, padding_mode="circular")) == []


def test_only_what_is_proved_is_a_theorem() -> None:
    assert text_of(UP4).count(THEOREM) == 5
    assert THEOREM not in text_of(COMPILED["lenet"])


def test_theorems_are_taken_from_their_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Story, "proof", lambda story, name: None)
    assert THEOREM not in text_of(UP4)


def test_given_weights_are_shown_exactly() -> None:
    text = text_of(Conv(5, 2, stride=2), [Fraction(1, 3), 7])
    assert r"7\frac{1}{3}" in text


def test_the_notation_is_followed() -> None:
    text = text_of(UP4, base=1, iverson=False, brackets="()")
    assert "_{0" not in text.replace("C_{0}", "")  # the matrix C_0 of the padded input
    assert r"\left[" not in text
    assert "m=2i+j-2" in text
    assert r"\tilde{w}}_{t}=w_{4-t}" in text or r"\tilde{w}_{t}=w_{4-t}" in text


def test_new_letters_avoid_those_of_the_notation() -> None:
    notation = Notation(x="u", y="r", v="t", z="p", w="f", C="D")
    own = own_letters(notation)
    letters = [own.u, own.f, own.p, own.t, own.r, own.D, own.U, own.P, own.zeta, own.q]
    assert len({*letters, *notation.letters}) == 16


@pytest.mark.parametrize("name", HUGE)
def test_huge_layers_are_written_at_once(name: str) -> None:
    start = time.perf_counter()
    assert THEOREM not in text_of(HUGE[name])
    assert time.perf_counter() - start < 5
