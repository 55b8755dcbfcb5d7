"""The constructions family: stamps and zero-insertion are products with C transposed."""

from __future__ import annotations

import pytest

from symtconv import Conv, ConvTranspose, NotApplicable, prove
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.proofs.terms import Defined, Product, Table, Transposed
from tests import definitions
from tests.cases import named, where


@pytest.mark.parametrize(("name", "word"), [("stamps", "laid"), ("zero-insertion", "flipped")])
def test_a_construction_equals_c_transposed_v(name: str, word: str) -> None:
    (equation,) = prove(name, ConvTranspose((2, 2), 3, stride=2, padding="same")).equations
    assert isinstance(equation.left, Defined)
    assert word in equation.left.meaning
    assert isinstance(equation.right, Product)
    assert isinstance(equation.right.left, Transposed)


@named(where(lambda layer: layer.padding_mode == "zeros"))
def test_zero_insertion_on_names_is_the_definition(layer: Layer) -> None:
    seen = Subject(layer)
    term = seen.transposed_term("zero-insertion", "").value
    assert isinstance(term, Table)
    expected = definitions.transposed_convolution(layer, seen.v, seen.w).reshape(-1)
    assert [term.entries.get((place,), 0) for place in range(len(expected))] == list(expected)


@pytest.mark.parametrize("mode", ["circular", "reflect", "replicate"])
def test_zero_insertion_assumes_zero_padding(mode: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove("zero-insertion", Conv(4, 2, padding=1, padding_mode=mode))  # type: ignore[arg-type]
    assert caught.value.hypothesis == 'padding_mode is "zeros"'
    assert repr(mode) in caught.value.arrived
    prove("stamps", Conv(4, 2, padding=1, padding_mode=mode))  # type: ignore[arg-type]
