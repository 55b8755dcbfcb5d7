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
from symtconv.derivation.circularflip import circular_pads, flips_circularly
from symtconv.derivation.constructions import constructions_section
from symtconv.derivation.flippedkernel import flipped_tap, inserted_pads, pixel_under
from symtconv.derivation.folding import copies, most_copied
from symtconv.derivation.interleaving import most_taps, outputs_of_phase, phases_with_taps, taps_of_phase
from symtconv.derivation.notation import Notation, Story
from symtconv.derivation.places import own_letters
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.document.nodes import Document, Section
from symtconv.geometry import Layer
from symtconv.taps import source
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
def test_the_worked_pixel_has_the_entries_of_its_column(name: str) -> None:
    layer = ZEROS[name]
    worked = WorkedPixel(Story(layer, Notation()))
    conv = layer.convolution
    column = symbolic_matrix(conv)[:, worked.number]
    expected = {}
    for row in range(prod(conv.small_shape)):
        if column[row] != 0:
            expected[tuple(int(i) for i in np.unravel_index(row, conv.small_shape))] = str(column[row])
    found = {}
    for tap, pixel in worked.terms:
        at = tap if conv.single_channel else (0, 0, *tap)
        assert pixel not in found
        found[pixel] = f"w_{{{','.join(map(str, at))}}}"
    assert found == expected
    under = {}
    for t in np.ndindex(*(axis.effective_kernel for axis in conv.axes)):
        tap, pixel = (
            tuple(found for found in places if found is not None)
            for places in (
                [flipped_tap(axis, place) for axis, place in zip(conv.axes, t, strict=True)],
                [pixel_under(axis, m, place) for axis, m, place in zip(conv.axes, worked.at, t, strict=True)],
            )
        )
        if len(tap) == len(pixel) == conv.ndim:
            under[pixel] = tap
    assert under == {pixel: tap for tap, pixel in worked.terms}


def test_the_worked_pixel_has_more_than_one_term_or_another_tap_than_the_first() -> None:
    assert len(WorkedPixel(Story(UP4, Notation())).terms) == 4
    tiles = WorkedPixel(Story(Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3), Notation()))
    assert tiles.terms == [((1, 1), (1, 1))]
    text = text_of(Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3))
    assert "z_{0,3,3}=w_{0,0,1,1}v_{0,1,1}+w_{1,0,1,1}v_{1,1,1}+w_{2,0,1,1}v_{2,1,1}" in text


def test_many_channels_are_dots() -> None:
    text = text_of(Conv((4, 4), 3, out_channels=4))
    assert "thedotsstandfortheother3channels" in text
    assert "w_{1,0" not in text
    assert "thedotsstandfortheotherchannel." in text_of(Conv((5, 5), 3, out_channels=2))
    assert "thedotsstandfor" not in text_of(Conv((4, 4), 2, out_channels=2))


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
    assert "liesover4pixelsof$v$and5zeros" in text
    assert "Put$s-1=1$zerobetween" in text


def test_relationship_14_is_named_where_its_conditions_hold() -> None:
    assert "relationship14" in text_of(Conv((5, 5), 3, stride=2, padding=1))
    unequal, dilated, dense = UP4, Conv(9, 3, stride=2, dilation=2, padding=2), Conv(5, 3)
    assert all("relationship14" not in text_of(layer) for layer in (unequal, dilated, dense))


def test_the_expansion_of_the_pixel_stands_once() -> None:
    text = text_of(UP4)
    assert text.count("w_{2,2}v_{0,0}+w_{2,0}v_{0,1}+w_{0,2}v_{1,0}+w_{0,0}v_{1,1}") == 1
    assert text.count("thesumfromthematrix") == 4


def test_a_kernel_that_is_its_own_mirror_image_is_said_to_be() -> None:
    assert "flippingitchangesnothing" in text_of(UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert "flippingitchangesnothing" not in text_of(UP4, [[1, 2, 1], [2, 4, 2], [1, 2, 3]])


def test_weights_of_one_are_left_out() -> None:
    text = text_of(Conv(5, 3, stride=2), [1, -1, 1])
    assert "z_{2}=v_{0}+v_{1}" in text
    assert r"=1-\zeta+\zeta^{2}" in text


CIRCULAR = {
    "4x4": Conv((4, 4), 3, padding=1, padding_mode="circular"),
    "strided": Conv((6, 5), (3, 2), stride=2, padding=1, out_channels=2, padding_mode="circular"),
    "unequal": Conv(5, 3, padding=[(0, 2)], padding_mode="circular"),
    "fewer": Conv(7, 4, padding=[(1, 0)], padding_mode="circular"),
    "dilated": Conv(4, 3, dilation=3, padding=[(2, 4)], padding_mode="circular"),
    "groups": Conv(
        (3, 3), 2, in_channels=4, out_channels=2, groups=2, padding=[(1, 0), (0, 1)], padding_mode="circular"
    ),
}


@pytest.mark.parametrize("name", CIRCULAR)
def test_the_circular_convolution_with_the_flipped_kernel_is_the_transpose(name: str) -> None:
    """Compute the sum of the text, z_m = sum over t of w~_t u_(m + t - before), places of u modulo n."""
    conv = CIRCULAR[name]
    assert flips_circularly(conv)
    rng = np.random.default_rng(5)
    v = rng.integers(-9, 9, (conv.out_channels, *conv.output_shape))
    kernel = rng.integers(-9, 9, conv.kernel_shape)
    z = np.zeros((conv.in_channels, *conv.input_shape), dtype=int)
    depth = conv.kernel_shape[1]
    width = conv.out_channels // conv.groups
    for small in range(conv.out_channels):
        u = np.zeros(conv.input_shape, dtype=int)
        u[tuple(slice(0, s * (o - 1) + 1, s) for s, o in zip(conv.stride, conv.output_shape, strict=True))] = v[small]
        for offset, m in ((offset, m) for offset in range(depth) for m in np.ndindex(*conv.input_shape)):
            for t in np.ndindex(*(axis.effective_kernel for axis in conv.axes)):
                taps = [flipped_tap(axis, place) for axis, place in zip(conv.axes, t, strict=True)]
                at = tuple(
                    (place + step - circular_pads(axis)[0]) % axis.large
                    for axis, place, step in zip(conv.axes, m, t, strict=True)
                )
                if None not in taps:
                    z[(small // width * depth + offset, *m)] += kernel[(small, offset, *taps)] * u[at]
    shown = v[0] if conv.single_channel else v
    assert (z == np.asarray(conv_transpose(conv.T, shown, kernel)).reshape(z.shape)).all()


def test_circular_padding_has_the_flipped_kernel() -> None:
    text = text_of(CIRCULAR["4x4"])
    assert r"z_{m}=\sum_{t}\tilde{w}_{t}u_{m+t-1}" in text
    assert "constructionsforzeropadding" not in text
    assert "block-circulant" in text
    assert "block-circulant" not in text_of(CIRCULAR["strided"])
    assert "z_{0,0}=f_{1,1}+f_{1,5}+f_{5,1}+f_{5,5}" in text
    assert not flips_circularly(Conv(3, 4, padding=3, padding_mode="circular"))


@pytest.mark.parametrize("name", [name for name in LAYERS if LAYERS[name].padding_mode != "zeros"])
def test_the_copies_of_a_pixel_are_where_the_padding_mode_puts_them(name: str) -> None:
    mode = LAYERS[name].padding_mode
    for axis in LAYERS[name].convolution.axes:
        homes = source(np.arange(-axis.lo, axis.large + axis.hi), axis.large, mode)
        for m in range(axis.large):
            assert list(copies(axis, m, mode)) == np.flatnonzero(homes == m).tolist()
        assert len(copies(axis, most_copied(axis, mode), mode)) == max(np.bincount(homes))


def test_the_ways_are_those_that_say_something() -> None:
    assert section(UP4).title == "Four other ways to compute it"
    assert section(Conv(7, 3, stride=2)).title == "Five other ways to compute it"
    assert titles(Conv((4, 4), 3)) == ["The flipped kernel", "Stamps on a canvas, then a crop"]
    assert titles(Conv(4, 3, padding=1, padding_mode="circular")) == ["The flipped kernel", "Fold the border back"]
    assert titles(Conv(4, 3, padding=1, padding_mode="reflect")) == ["Fold the border back"]
    assert titles(Conv(4, 3, padding_mode="circular")) == []


def test_only_what_is_proved_is_a_theorem() -> None:
    assert text_of(UP4).count(THEOREM) == 5
    assert THEOREM not in text_of(COMPILED["lenet"])


def test_theorems_are_taken_from_their_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Story, "proof", lambda story, name: None)
    assert THEOREM not in text_of(UP4)


def test_proofs_hold_the_argument_alone() -> None:
    text = text_of(UP4)
    assert "polynomial." not in text
    proofs = re.findall(r"\\begin\{proof\}.*?\\end\{proof\}", text)
    assert len(proofs) == 5
    assert not any("Checked" in proof for proof in proofs)


def test_the_phases_are_said_as_they_are() -> None:
    assert "convolutionof$v$withthetapsofthatphase,flipped" in text_of(UP4)
    tiles = text_of(Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3))
    assert "phasesarea$1\\times1$convolutionof" in tiles
    assert r"z_{c,2q+r}=\sum_{c^{\prime}}w_{c^{\prime},c,r}v_{c^{\prime},q}" in tiles
    assert "Onephasehasnotap" in text_of(Conv(9, 3, stride=2, dilation=2, padding=2))
    assert "notap" not in text_of(UP4)


def test_the_phase_table_lists_products() -> None:
    text = text_of(ConvTranspose((3, 3), 5, stride=2, padding="same"))
    assert r"\{{0,2,4}\}\times\{{0,2,4}\}" in text
    assert r"\{{1,3,5}\}\times\{{1,3,5}\}" in text
    assert r"\ldots" not in text.split("taps")[1]


@pytest.mark.parametrize("name", ZEROS)
def test_the_phases_without_a_tap_are_counted(name: str) -> None:
    for axis in ZEROS[name].convolution.axes:
        assert phases_with_taps(axis) == sum(len(taps_of_phase(axis, r)) > 0 for r in range(axis.stride))
        assert most_taps(axis) == max(len(taps_of_phase(axis, r)) for r in range(axis.stride))


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
