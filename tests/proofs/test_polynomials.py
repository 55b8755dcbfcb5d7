"""Exact polynomials against SymPy's."""

from __future__ import annotations

import operator
import pickle
import time
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, strategies as st

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Polynomial, added_up, exact
from symtconv.proofs.sympy_polynomials import from_sympy

NAMES = ("x", "y", "z_{0,1}")
SYMBOLS = {name: sympy.Symbol(name) for name in NAMES}

coefficients = st.one_of(st.integers(-9, 9), st.fractions(-3, 3, max_denominator=6))
monomials = st.lists(st.sampled_from(NAMES), max_size=4).map(lambda names: tuple(sorted(names)))
polynomials = st.dictionaries(monomials, coefficients, max_size=5).map(Polynomial)


def expression(polynomial: Polynomial) -> Any:
    """Write a polynomial as SymPy would, term by term."""
    return sympy.Add(
        *(
            sympy.Rational(Fraction(coefficient)) * sympy.Mul(*(SYMBOLS[name] for name in monomial))
            for monomial, coefficient in polynomial.terms.items()
        )
    )


def same(polynomial: Polynomial, expected: Any) -> bool:
    return bool(sympy.expand(expression(polynomial) - expected) == 0)


@given(polynomials, polynomials)
def test_arithmetic_is_sympys(p: Polynomial, q: Polynomial) -> None:
    assert same(p + q, expression(p) + expression(q))
    assert same(p - q, expression(p) - expression(q))
    assert same(p * q, sympy.expand(expression(p) * expression(q)))
    assert same(-p, -expression(p))


@given(polynomials, coefficients)
def test_numbers_mix_in_from_both_sides(p: Polynomial, c: Any) -> None:
    number = sympy.Rational(Fraction(c))
    assert same(p + c, expression(p) + number)
    assert same(c + p, expression(p) + number)
    assert same(p - c, expression(p) - number)
    assert same(c - p, number - expression(p))
    assert same(p * c, expression(p) * number)
    assert same(c * p, expression(p) * number)


@given(polynomials, polynomials)
def test_equality_is_that_of_normal_forms(p: Polynomial, q: Polynomial) -> None:
    assert (p == q) == (sympy.expand(expression(p) - expression(q)) == 0)
    assert p + q == q + p
    assert p * q == q * p
    assert (p + q) - q == p
    assert p - p == 0
    assert (p - p).terms == {}


@given(st.lists(polynomials, min_size=1, max_size=6))
def test_terms_are_in_normal_form(parts: list[Polynomial]) -> None:
    total = reduce(lambda left, right: left + right * left, parts)
    for monomial, coefficient in total.terms.items():
        assert list(monomial) == sorted(monomial)
        assert coefficient != 0
        assert isinstance(coefficient, (int, Fraction))


@given(polynomials)
def test_pickles_and_reading_from_sympy_give_the_same_polynomial(p: Polynomial) -> None:
    assert pickle.loads(pickle.dumps(p)) == p
    assert from_sympy(expression(p)) == p


def test_constructors() -> None:
    x = Polynomial.variable("x")
    assert x.terms == {("x",): 1}
    assert Polynomial.constant(0).terms == {}
    assert Polynomial.constant(Fraction(1, 2)).terms == {(): Fraction(1, 2)}
    assert (x * x * x).terms == {("x", "x", "x"): 1}
    assert Polynomial({("x",): 0}) == 0
    assert (x == Polynomial.variable("y")) is False
    assert x != 1
    assert x != "x"


@pytest.mark.parametrize("value", [0.5, 1.0, "1", None, 1j, [1], sympy.Float(0.5), sympy.sqrt(2), sympy.Symbol("x")])
def test_what_is_not_exact_does_not_mix_in(value: Any) -> None:
    x = Polynomial.variable("x")
    assert exact(value) is None
    for operation in (operator.add, operator.mul, operator.sub):
        with pytest.raises(TypeError):
            operation(x, value)
        with pytest.raises(TypeError):
            operation(value, x)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (np.int8(-3), -3),
        (np.uint64(2**63), 2**63),
        (Fraction(6, 2), 3),
        (Fraction(1, 3), Fraction(1, 3)),
        (sympy.Integer(7), 7),
        (sympy.Rational(1, 3), Fraction(1, 3)),
        (True, 1),
    ],
    ids=repr,
)
def test_exact_reads_exact_numbers(value: Any, expected: Any) -> None:
    assert exact(value) == expected
    assert type(exact(value)) is type(expected)


def test_polynomials_are_not_hashable() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Polynomial.variable("x"))


def test_repr_shows_the_terms() -> None:
    x, y = Polynomial.variable("x"), Polynomial.variable("y")
    assert repr(Polynomial({})) == "0"
    assert repr(x * y * 3) == "3*x*y"
    assert repr(Polynomial.constant(5)) == "5"
    assert repr(Polynomial.constant(1)) == "1"
    assert repr(x) == "x"
    assert set(repr(x * y + 2).split(" + ")) == {"x*y", "2"}


def test_a_sum_of_n_products_takes_time_linear_in_n() -> None:
    def seconds(n: int) -> float:
        variables = [Polynomial.variable(f"x_{{{number}}}") for number in range(n)]
        start = time.perf_counter()
        total = added_up(variables)
        assert len(total.terms) == n
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(20_000) < 2  # quadratic work would take minutes


def test_a_sum_that_shares_its_parts_is_collected_in_time() -> None:
    total = Polynomial.variable("x")
    for _ in range(200):
        total = total + total
    assert total.terms == {("x",): 2**200}


def test_a_sum_that_shares_parts_of_several_terms_is_collected_in_time() -> None:
    a, b = Polynomial.variable("a"), Polynomial.variable("b")
    for _ in range(300):  # Fibonacci numbers
        a, b = b, a + b
    assert max(b.terms.values()) > 2**200


@pytest.mark.parametrize("length", [100_000])
def test_long_sums_do_not_exhaust_the_stack(length: int) -> None:
    total = Polynomial.variable("x")
    one = Polynomial.variable("x")
    for _ in range(length):
        total = total + one
    assert total.terms == {("x",): length + 1}


x, y = sympy.symbols("x y")


@given(st.integers(0, 5), st.integers(-4, 4))
def test_from_sympy_expands_powers_and_products(power: int, shift: int) -> None:
    written = (x + shift) ** power * (y - x) + sympy.Rational(shift, 7)
    assert same(from_sympy(written), sympy.expand(written))


@pytest.mark.parametrize(
    "wrong",
    [
        x / y,
        sympy.sqrt(x),
        x**-1,
        x**y,
        sympy.sin(x),
        sympy.Float(0.5) * x,
        sympy.pi,
        sympy.I,
        sympy.oo,
        sympy.Symbol("x", positive=True),
        sympy.Symbol("A", commutative=False),
        sympy.Dummy("x"),
        sympy.Function("f")(x),
        sympy.Abs(x),
        sympy.IndexedBase("x")[0],
        sympy.true,
        x > 0,
        0.5,
        1j,
        "x",
        None,
    ],
    ids=repr,
)
def test_from_sympy_refuses_what_is_no_polynomial_in_plain_symbols(wrong: Any) -> None:
    with pytest.raises(ProofError):
        from_sympy(wrong)


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep = sympy.Symbol("a")
    for _ in range(3000):
        deep = sympy.Mul(2, sympy.Add(1, deep, evaluate=False), evaluate=False)
    with pytest.raises(ProofError, match="nested too deeply"):
        from_sympy(deep)
