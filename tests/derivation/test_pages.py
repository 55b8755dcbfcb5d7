"""Whole documents compile without complaint: all sections of every layer, random layers, odd weights, huge layers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, derive
from symtconv.derivation import SECTIONS
from symtconv.derivation.notation import Notation
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.derivation.test_derivation import COMPILED
from tests.randompages import random_document

ALL = [name for name in SECTIONS if name != "example"]
OTHERWISE = Notation(base=1, order="F", iverson=False, brackets="()", x="X", v="delta")
HUGE: dict[str, Layer] = {
    "long": Conv(10**6, 9, padding=4),
    "long-circular": Conv(10**6, 9, padding=4, padding_mode="circular"),
    "volumes": Conv((200, 200, 200), 3, in_channels=8, out_channels=8),
}
Complaints = Callable[[Document], list[str]]


@pytest.mark.parametrize("name", COMPILED)
def test_all_sections_compile(name: str, complaints: Complaints) -> None:
    assert complaints(derive(COMPILED[name], sections=ALL)) == []


@pytest.mark.parametrize("seed", [2, 4, 6, 1, 10, 13, 27, 53, 60, 89])
def test_a_random_layer_compiles(seed: int, complaints: Complaints) -> None:
    """The first three are any; the others had blocks higher than a page, or labels wider than their cells."""
    assert complaints(random_document(seed)[1]) == []


@pytest.mark.parametrize("name", ["2x2-to-4x4", "groups", "circular", "3d-transposed", "1d-dilated"])
def test_another_notation_compiles(name: str, complaints: Complaints) -> None:
    layer = COMPILED[name]
    kernel = np.resize(np.array([Fraction(1, 3), -2, 5], dtype=object), layer.kernel_shape)
    assert complaints(derive(layer, sections=ALL, kernel=kernel, notation=OTHERWISE)) == []


@pytest.mark.parametrize("kernel", [[0.5, -1.25, 3], [1 + 2j, 0, 1], ["a", "h", "L"], [0, 0, 0]])
def test_weights_of_any_kind_are_written(kernel: Any, complaints: Complaints) -> None:
    weights = [sympy.Symbol(weight) if isinstance(weight, str) else weight for weight in kernel]
    assert complaints(derive(Conv(5, 3, stride=2, padding=1), sections=ALL, kernel=weights)) == []


@pytest.mark.parametrize(
    "names", [("/etc/passwd", r"\input{x}", "a$b", "100%"), ("_", "a_b_c", "#1"), ("é", "x^2", "~", "&")]
)
def test_odd_names_of_weights_are_text(names: tuple[str, ...], complaints: Complaints) -> None:
    kernel = [*map(sympy.Symbol, names), 1, 2][:5]
    assert complaints(derive(ConvTranspose(3, len(kernel), stride=2), sections=ALL, kernel=kernel)) == []


@pytest.mark.parametrize("name", HUGE)
def test_huge_layers_are_quick(name: str, complaints: Complaints) -> None:
    start = perf_counter()
    document = derive(HUGE[name], sections=ALL)
    assert perf_counter() - start < 30  # some 5 s on an idle machine
    assert complaints(document) == []
