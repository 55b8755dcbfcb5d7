"""What the equations of the structure family say."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy

from symtconv import Conv, prove, symbolic_matrix
from symtconv.catalogue.compositions import merged_kernel, merged_layer
from symtconv.geometry import Layer
from symtconv.proofs.terms import Compound, Defined, Equation, Table, Term, children
from tests.catalogue.test_structure import every_fit


def value(term: Term) -> Table:
    assert isinstance(term, Defined)
    assert isinstance(term.value, Table)
    return term.value


def test_composition_multiplies_polynomials() -> None:
    x = sympy.Symbol("x")
    first, second = Conv(20, 3, stride=2, dilation=3, padding=1), Conv(8, 2, stride=3, dilation=2)
    w, u = sympy.symbols("w:3"), sympy.symbols("u:2")
    merged = merged_kernel(first, second, np.array([[w]]), np.array([[u]])).reshape(-1)
    product = sum(w[j] * x ** (3 * j) for j in range(3)) * sum(u[j] * x ** (2 * 2 * j) for j in range(2))
    assert sympy.expand(sum(c * x**t for t, c in enumerate(merged)) - product) == 0
    assert len(merged) == merged_layer(first, second).kernel_size[0] == 7 + 2 * (3 - 1)
    C = symbolic_matrix(second, kernel=list(u)) * symbolic_matrix(first, kernel=list(w))
    assert (C - symbolic_matrix(merged_layer(first, second), kernel=merged)).expand().is_zero_matrix


def test_same_upper_and_lower_are_swapped_where_pads_are_needed() -> None:
    def says(layer: Layer) -> list[str]:
        return [equation.says for equation in prove("mirror", layer).equations]

    assert any('padding="same_lower"' in words for words in says(Conv((4, 4), 2, padding="same"))[1:])
    assert any('with padding="same_lower" it' in words for words in says(Conv(4, 2, padding="same_lower"))[1:])
    assert len(says(Conv(4, 2, padding=2))) == 1
    assert len(says(Conv(5, 1, stride=2, padding="same"))) == 1


def test_tiles_are_said_where_the_kernel_is_the_stride() -> None:
    assert [e.says for e in prove("non-overlapping", Conv(4, 2, stride=2)).equations] == [
        "C C^T = |w|^2 I",
        "C = I (x) w^T",
    ]
    assert len(prove("non-overlapping", Conv(5, 2, stride=2)).equations) == 1
    assert len(prove("non-overlapping", Conv(4, 2, stride=2, output_shape=1)).equations) == 1
    assert len(prove("non-overlapping", Conv((4, 4), 2, stride=2, in_channels=2)).equations) == 2


def test_every_input_is_unread_or_has_a_reader() -> None:
    never, reader = prove("unread-inputs", Conv((6, 5), 3, stride=2, in_channels=2)).equations
    assert isinstance(never.left, Compound)
    assert isinstance(reader.left, Compound)
    unread = {column for _, column in value(never.left.right).entries}
    read = {column for _, column in value(reader.left.left).entries}
    assert unread == {c * 30 + 25 + m for c in range(2) for m in range(5)}
    assert unread | read == set(range(60))
    assert not unread & read


@every_fit
def test_no_equation_compares_a_thing_with_itself(name: str, layer: Any) -> None:
    for equation in prove(name, layer).equations:
        assert isinstance(equation, Equation)
        assert equation.left != equation.right


@every_fit
def test_a_symbol_has_one_meaning_in_an_equation(name: str, layer: Any) -> None:
    for equation in prove(name, layer).equations:
        meanings = {(term.symbol, term.meaning) for term in named_in(equation.left) + named_in(equation.right)}
        symbols = [symbol for symbol, _ in meanings if symbol != "I"]
        assert len(symbols) == len(set(symbols))


def named_in(term: Term) -> list[Defined]:
    if isinstance(term, Defined):
        return [term]
    return [found for _, child in children(term) for found in named_in(child)]
