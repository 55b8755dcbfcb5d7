"""The language of statements: parts, exchanges and normal forms."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import (
    Assumed,
    Compound,
    Defined,
    Derivative,
    Determinant,
    Equation,
    Table,
    Term,
    Transposed,
    children,
    constant,
    exchanged,
    number,
    product,
    table,
)

x = Polynomial.variable("x")
matrix = Table((1, 2), {(0, 1): x})
vector = Table((2,), {(0,): x * x})
image = product(Transposed(Defined("C", "a matrix", matrix)), vector)


def test_children_are_the_fields_that_are_terms() -> None:
    assert children(image) == [("left", image.left), ("right", vector)]
    assert children(Derivative(vector, ("x",))) == [("of", vector)]
    assert children(Compound("+", number(1), number(2))) == [("left", number(1)), ("right", number(2))]
    assert children(matrix) == []
    assert children(number(3)) == []
    assert children(Determinant(matrix)) == [("of", matrix)]


def part(term: Term, *path: str) -> Term:
    for name in path:
        term = dict(children(term))[name]
    return term


@pytest.mark.parametrize("path", [("up",), ("left", "left"), ("right", "of"), ("left", "of", "symbol"), ("entries",)])
def test_a_path_that_leads_nowhere_is_a_proof_error(path: tuple[str, ...]) -> None:
    with pytest.raises(ProofError, match="nothing applies"):
        exchanged(image, path, lambda term: term)


def test_a_change_that_does_not_apply_is_a_proof_error() -> None:
    with pytest.raises(ProofError, match="nothing applies"):
        exchanged(image, ("left", "of"), lambda term: None)


def test_exchanged_changes_one_part_and_leaves_the_rest() -> None:
    other = Table((1, 2), {})
    assert exchanged(image, (), lambda term: other) is other
    changed = exchanged(image, ("left", "of", "value"), lambda term: other)
    assert changed == product(Transposed(Defined("C", "a matrix", other)), vector)
    assert part(image, "left", "of", "value") is matrix


def test_a_number_is_a_scalar_table() -> None:
    for value in (0, 7, -3, Fraction(1, 2)):
        assert constant(number(value)) == value
    assert number(0) == Table((), {})
    assert constant(Table((), {(): x - x + 4})) == 4
    assert [constant(term) for term in (Table((), {(): x}), Table((1,), {}), matrix, image)] == [None] * 4


def test_an_assumption_is_no_definition() -> None:
    assert Assumed("e", "", number(1)) != Defined("e", "", number(1))
    assert len({type(Determinant(matrix)), type(Transposed(matrix))}) == 2


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
        (image, "left"),
        (number(1), "entries"),
        (Equation(matrix, matrix, ""), "left"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(term, field, None)
    assert all(isinstance(term, Term) for term in (matrix, image, number(1)))
