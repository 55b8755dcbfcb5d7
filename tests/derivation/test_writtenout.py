"""The three products written out - by rows, by columns, by stamps - compile, whatever the layer."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, Notation
from symtconv.derivation.columns import columns_section
from symtconv.derivation.notation import Story
from symtconv.derivation.rows import rows_section
from symtconv.derivation.stampsum import stampsum_section
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.derivation.test_derivation import UP4

LAYERS: dict[str, Layer] = {"long": Conv(10**6, 5), "long-kernel": ConvTranspose(2, 30_000)}
OTHER = Notation(x="u", y="r", v="delta", z="p", w="h", C="A", base=1, order="F", iverson=False, brackets="()")


def written_out(story: Story) -> Document:
    return Document("", (rows_section(story), columns_section(story), stampsum_section(story)))


@pytest.mark.parametrize("name", ["long", "long-kernel"])
def test_long_ones_compile_without_complaint(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(written_out(Story(LAYERS[name], Notation()))) == []


@pytest.mark.parametrize("layer", [UP4, Conv((4, 4), 3, in_channels=2, out_channels=3), Conv(9, 3, dilation=2)])
def test_they_compile_in_another_notation(layer: Layer, complaints: Callable[[Document], list[str]]) -> None:
    document = written_out(Story(layer, OTHER))
    text = document.to_latex()
    assert "_{0" not in text
    assert "w_" not in text
    assert r"\left[" not in text
    assert complaints(document) == []


@pytest.mark.parametrize(
    "layer",
    [UP4, Conv((5, 5), 3, stride=2), ConvTranspose((3, 3), 5, stride=2, padding="same"), ConvTranspose(3, 3, stride=2)],
)
def test_they_compile_with_numbers(layer: Layer, complaints: Callable[[Document], list[str]]) -> None:
    kernel = [Fraction(number - 4, 3) for number in range(np.prod(layer.kernel_shape))]
    weights = np.array(kernel, dtype=object).reshape(layer.kernel_shape)
    pixels = np.arange(-2, np.prod(layer.input_shape) - 2).reshape(layer.input_shape)
    assert complaints(written_out(Story(layer, Notation(), weights, pixels))) == []
