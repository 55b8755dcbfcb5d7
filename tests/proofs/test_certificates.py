"""Certificates that are found are exact, and hold at every point where the brackets do."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, strategies as st

from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, follows

x, y, z = map(Polynomial.variable, "xyz")
ONE = Polynomial.constant(1)
POINTS = [dict(zip("xyz", at, strict=True)) for at in product(range(-3, 4), repeat=3)]


def value(p: Polynomial, at: dict[str, int]) -> Fraction:
    result = Fraction(0)
    for monomial, coefficient in p.terms.items():
        term = Fraction(coefficient)
        for name in monomial:
            term *= at[name]
        result += term
    return result


def holds(bracket: Bracket, at: dict[str, int]) -> bool:
    found = value(bracket.of, at)
    return found >= 0 if bracket.relation == ">=" else found == 0


FOUND: dict[str, tuple[list[Bracket], Polynomial]] = {
    "a-number": ([], ONE),
    "zero": ([], Polynomial({})),
    "a-multiple": ([Bracket(">=", x - 2)], 3 * x - 5),
    "a-fraction": ([Bracket(">=", 2 * x - 3)], x - 1),
    "a-sum": ([Bracket(">=", x - y), Bracket(">=", y - z)], x - z),
    "a-product": ([Bracket(">=", x - 1), Bracket(">=", y - 1)], x * y - 1),
    "a-square": ([Bracket(">=", x)], x * x),
    "an-equation": ([Bracket("=", x - y)], 5 * (y - x)),
    "an-equation-times-a-name": ([Bracket("=", x - 2 * y)], z * x - 2 * y * z),
    "a-contradiction": ([Bracket(">=", x - 1), Bracket(">=", -x)], -ONE),
    "a-division": ([Bracket(">=", x - y * z), Bracket(">=", y - 1 - x + y * z), Bracket(">=", y - 1)], y - 1),
    "one-quotient-at-most": (
        [Bracket(">=", p) for p in (x - 3 * y, 2 - x + 3 * y, x - 3 * z, 2 - x + 3 * z, 3 * y - 3 * z - 3)],
        -ONE,
    ),
}
MISSING: dict[str, tuple[list[Bracket], Polynomial]] = {
    "a-negative-number": ([], -ONE),
    "a-name": ([], x),
    "the-opposite": ([Bracket(">=", x)], -x),
    "too-much": ([Bracket(">=", x - 2)], x - 3),
    "a-product-of-names": ([Bracket(">=", x)], x * y),
    "another-name": ([Bracket(">=", x)], y),
    "half": ([Bracket(">=", 2 * x - 1)], x - 1),  # true of whole numbers, not of all
    "too-large-for-floats": ([Bracket(">=", x * 10**400)], x * 10**400 - 1),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_follows_is_found_and_shown(name: str) -> None:
    where, goal = FOUND[name]
    certificate = find_certificate(where, goal)
    assert certificate is not None
    assert follows(tuple(where), Bracket(">=", goal), certificate)
    assert all(value(goal, at) >= 0 for at in POINTS if all(holds(bracket, at) for bracket in where))


@pytest.mark.parametrize("name", MISSING)
def test_what_does_not_follow_is_not_found(name: str) -> None:
    where, goal = MISSING[name]
    assert find_certificate(where, goal) is None


def test_products_can_be_left_out() -> None:
    where, goal = FOUND["a-product"]
    assert find_certificate(where, goal, degree=1) is None
    assert find_certificate(where, goal, degree=2) is not None


linear = st.tuples(*[st.integers(-2, 2)] * 4).map(lambda c: c[0] * x + c[1] * y + c[2] * z + c[3])
brackets = st.tuples(st.sampled_from([">=", ">=", "="]), linear).map(lambda t: Bracket(t[0], t[1]))  # type: ignore[arg-type]


@given(st.lists(brackets, max_size=4), linear)
def test_whatever_is_found_is_true(where: list[Bracket], goal: Polynomial) -> None:
    certificate = find_certificate(where, goal)
    if certificate is None:
        return
    assert follows(tuple(where), Bracket(">=", goal), certificate)
    assert all(value(goal, at) >= 0 for at in POINTS if all(holds(bracket, at) for bracket in where))


@given(st.lists(brackets, min_size=1, max_size=3), st.data())
def test_what_is_added_up_is_found_again(where: list[Bracket], data: st.DataObject) -> None:
    goal = Polynomial.constant(data.draw(st.integers(0, 2)))
    for bracket in where:
        goal = goal + data.draw(st.integers(0, 3)) * bracket.of
    assert find_certificate(where, goal) is not None
