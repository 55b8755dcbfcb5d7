"""The sections on derivatives compile for every layer, and cost little for huge ones."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose
from symtconv.derivation.adjoint import adjoint_section
from symtconv.derivation.bias import bias_section
from symtconv.derivation.hessian import hessian_section
from symtconv.derivation.kernelgradient import kernelgradient_section
from symtconv.derivation.regularity import regularity_section
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.derivation.test_derivation import COMPILED
from tests.derivation.trees import story

SECTIONS = (kernelgradient_section, bias_section, hessian_section, adjoint_section, regularity_section)
HUGE = {
    "dcgan": ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512),
    "long": Conv(10**6, 9, padding=4),
    "long-circular": Conv(10**6, 9, padding=4, padding_mode="circular"),
    "volumes": Conv((200, 200, 200), 3, in_channels=8, out_channels=8),
}


def pages(layer: Layer, kernel: object = None, **notation: Any) -> Document:
    told = story(layer, kernel, **notation)
    return Document("", tuple(section(told) for section in SECTIONS))


@pytest.mark.parametrize("name", COMPILED)
def test_they_compile_without_complaint(name: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(pages(COMPILED[name])) == []


@pytest.mark.parametrize("name", ["2x2-to-4x4", "groups", "circular", "3d-transposed", "1d-dilated"])
def test_they_compile_in_other_notations(name: str, complaints: Callable[[Document], list[str]]) -> None:
    layer = COMPILED[name]
    kernel = np.resize(np.array([Fraction(1, 3), -2, 5], dtype=object), layer.kernel_shape)
    assert complaints(pages(layer, kernel, base=1, order="F", iverson=False, brackets="()", x="X", v="delta")) == []


@pytest.mark.parametrize("kernel", [[0.5, -1.25, 3], [1 + 2j, 0, 1], ["a", "h", "L"], [0, 0, 0]])
def test_weights_of_any_kind_are_written(kernel: Any, complaints: Callable[[Document], list[str]]) -> None:
    import sympy

    weights = [sympy.Symbol(weight) if isinstance(weight, str) else weight for weight in kernel]
    assert complaints(pages(Conv(5, 3, stride=2, padding=1), weights)) == []


@pytest.mark.parametrize("name", HUGE)
def test_huge_layers_are_quick(name: str, complaints: Callable[[Document], list[str]]) -> None:
    start = perf_counter()
    document = pages(HUGE[name])
    assert perf_counter() - start < 10  # far below 1 s a section on an idle machine
    assert complaints(document) == []
