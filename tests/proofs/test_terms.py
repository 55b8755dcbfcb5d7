"""The language of statements: parts, exchanges and normal forms."""

from __future__ import annotations

import dataclasses

import pytest

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Equation,
    Number,
    Product,
    Table,
    Term,
    Transposed,
    children,
    part,
    table,
    with_part,
)

x = Polynomial.variable("x")
matrix = Table((1, 2), {(0, 1): x})
vector = Table((2,), {(0,): x * x})
product = Product(Transposed(Defined("C", "a matrix", matrix)), vector)


def test_children_are_the_fields_that_are_terms() -> None:
    assert children(product) == [("left", product.left), ("right", vector)]
    assert children(Derivative(vector, ("x",))) == [("of", vector)]
    assert children(Compound("+", Number(1), Number(2))) == [("left", Number(1)), ("right", Number(2))]
    assert children(matrix) == []
    assert children(Number(3)) == []


def test_part_follows_a_path() -> None:
    assert part(product, ()) is product
    assert part(product, ("left", "of", "value")) is matrix
    assert part(product, ("right",)) is vector


@pytest.mark.parametrize("path", [("up",), ("left", "left"), ("right", "of"), ("left", "of", "symbol"), ("entries",)])
def test_a_path_that_leads_nowhere_is_a_proof_error(path: tuple[str, ...]) -> None:
    with pytest.raises(ProofError):
        part(product, path)
    with pytest.raises(ProofError):
        with_part(product, path, vector)


def test_with_part_exchanges_one_part_and_leaves_the_rest() -> None:
    other = Table((1, 2), {})
    assert with_part(product, (), other) is other
    changed = with_part(product, ("left", "of", "value"), other)
    assert changed == Product(Transposed(Defined("C", "a matrix", other)), vector)
    assert part(product, ("left", "of", "value")) is matrix


def test_table_leaves_zeros_out() -> None:
    assert table((2,), {(0,): x - x, (1,): x}) == Table((2,), {(1,): x})
    assert table((2,), {(0,): Polynomial.constant(0)}).entries == {}


def test_tables_differ_by_shape_and_entries() -> None:
    assert Table((2,), {(0,): x}) != Table((3,), {(0,): x})
    assert Table((2,), {(0,): x}) != Table((2,), {(1,): x})
    assert Table((2,), {(0,): x}) != Table((2,), {(0,): x + 1})
    assert Table((2,), {(0,): x + x}) == Table((2,), {(0,): 2 * x})


def test_terms_are_frozen() -> None:
    for term, field in (
        (matrix, "shape"),
        (product, "left"),
        (Number(1), "value"),
        (Equation(matrix, matrix, ""), "left"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(term, field, None)
    assert all(isinstance(term, Term) for term in (matrix, product, Number(1)))
