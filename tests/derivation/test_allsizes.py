"""The section of proofs for all sizes: the statements are proved, and the layer's own numbers stand in them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from symtconv import Conv, ConvTranspose, Notation, derive
from symtconv.derivation.allsizes import allsizes_section
from symtconv.derivation.notation import Story
from symtconv.document.mathematics import Relation
from symtconv.document.nodes import Block, Display, Document, Paragraph, Theorem
from symtconv.document.plainpage import plain_lines
from symtconv.geometry import Layer
from tests.cases import every_layer
from tests.document.conftest import complaints, pdflatex
from tests.telling.values import value

__all__ = ["complaints", "pdflatex"]

UP = ConvTranspose((2, 3), 3, stride=(2, 1), padding="same")


def blocks_of(layer: Layer, **notation: str) -> tuple[Block, ...]:
    return allsizes_section(Story(layer, Notation(**notation))).blocks  # type: ignore[arg-type]


def words_of(layer: Layer, **notation: str) -> str:
    told = [block for block in blocks_of(layer, **notation) if isinstance(block, Paragraph | Display)]
    return " ".join(" ".join(plain_lines(told)).split())


def test_the_sizes_are_put_in_axis_after_axis() -> None:
    words = words_of(UP)
    assert "on axis 1, n = 4, o = 2, k = 3, s = 2, d = 1, lo = 0, hi = 1, K = 3 and a = 0: 4 = 2*(2 - 1) + 3" in words
    assert "on axis 2, n = 3, o = 3, k = 3, s = 1" in words
    assert "s - 1 = 1 zeros stand between the pixels of v" in words
    assert "K - 1 - lo = 2 before them" in words


def test_the_index_sets_count_channels_and_axes() -> None:
    layer = Conv((5, 4), 3, in_channels=2, out_channels=3)
    assert f"N = {2 * 20}, T = {2 * 3 * 9} and O = {3 * 6}" in words_of(layer)


@every_layer
def test_what_is_said_of_a_layers_sizes_is_right(layer: Layer) -> None:
    for block in blocks_of(layer):
        if isinstance(block, Display):
            (line,) = block.lines
            assert isinstance(line, Relation)
            assert len({value(side, {}) for side in line.operands}) == 1


@pytest.mark.parametrize("layer", [Conv(5, 2, padding=1, padding_mode="circular"), Conv(5, 2, stride=2).T, UP])
def test_zeros_are_spoken_of_with_zero_padding_only(layer: Layer) -> None:
    titles = [block.name for block in blocks_of(layer) if isinstance(block, Theorem)]
    zeros = layer.padding_mode == "zeros"
    assert ("zeros between the pixels, then a convolution with the flipped kernel" in titles) == zeros


def test_a_layer_that_crops_has_no_theorem_of_sizes() -> None:
    titles = [block.name for block in blocks_of(Conv(7, 2, padding=((-1, 0),))) if isinstance(block, Theorem)]
    assert "the size, there and back" not in titles
    kept = [block.name for block in blocks_of(Conv(7, 2)) if isinstance(block, Theorem)]
    assert "the size, there and back" in kept


def test_other_letters_are_told_apart() -> None:
    assert "letters are those of the catalogue" in words_of(UP, v="delta")
    assert "letters are those of the catalogue" not in words_of(UP)


def test_they_are_no_theorems_about_the_layer_alone() -> None:
    large = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    text = derive(large, sections=["proofs"]).to_latex()
    assert r"\begin{statement}{General theorem}" in text
    assert "for this layer it was also checked" not in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("layer", [UP, Conv(9, 3, stride=2, dilation=2, padding=1, padding_mode="circular")])
def test_the_section_compiles(layer: Layer, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(derive(layer, sections=["proofs"])) == []
