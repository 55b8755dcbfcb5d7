"""What a formula says as a sum, held against its value, point by point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import assume, given, settings, strategies as st

from symtconv import TooLarge
from symtconv.proofs.evaluation import UndefinedError, evaluate
from symtconv.proofs.formula import Formula, read_formula
from symtconv.proofs.meaning import meaning
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, Total, is_finite, is_sound

# --- sums by brute force


def value(p: Polynomial, at: Mapping[str, int]) -> int:
    result = 0
    for monomial, coefficient in p.terms.items():
        assert isinstance(coefficient, int)
        for name in monomial:
            coefficient *= at[name]
        result += coefficient
    return result


def names(p: Polynomial) -> set[str]:
    return {name for monomial in p.terms for name in monomial}


def points(one: Summand, unknown: list[str], at: dict[str, int], most: int) -> Iterator[dict[str, int]]:
    """Try all values from -most to most for each bound number, as soon as brackets speak of no other unknown one."""
    for bracket in one.where:
        if names(bracket.of) <= at.keys():
            found = value(bracket.of, at)
            if found < 0 or (bracket.relation == "=" and found):
                return
    if not unknown:
        yield at
        return
    ready = [z for z in unknown if any(z in names(b.of) and names(b.of) <= at.keys() | {z} for b in one.where)]
    z = (ready or unknown)[0]
    for number in range(-most, most + 1):
        yield from points(one, [name for name in unknown if name != z], {**at, z: number}, most)


def worth(sum_: Total, at: dict[str, int], most: int) -> int:
    assert all(not one.entries for one in sum_.summands)
    return sum(int(one.coefficient) * sum(1 for _ in points(one, list(one.over), at, most)) for one in sum_.summands)


def bound(formula: Formula, at: dict[str, int]) -> int:
    """Bound the quotients and multipliers that a formula needs by the values of its parts."""
    most = 1
    for one in formula.walk():
        if one.kind != "truth":
            try:
                most = max(most, ceil(abs(Fraction(evaluate(one, at)))))
            except UndefinedError:
                continue
    return most + 1


# --- a grammar of formulas

NAMES = ("a", "b")


def numbers(depth: int) -> st.SearchStrategy[Formula]:
    leaves = st.one_of(
        st.sampled_from(NAMES).map(lambda name: Formula("name", (name,))),
        st.integers(-3, 3).map(lambda number: Formula("number", (number,))),
    )
    if depth == 0:
        return leaves
    inner = numbers(depth - 1)
    two = st.tuples(st.sampled_from(["+", "*", "/", "/", "max", "min"]), inner, inner)
    whole = inner.map(lambda one: one if one.kind == "whole" else Formula("floor", (one,)))
    return st.one_of(
        leaves,
        two.map(lambda t: Formula(t[0], t[1:])),
        st.tuples(inner, inner).map(lambda t: Formula("floor", (Formula("/", t),))),
        inner.map(lambda one: Formula("abs", (one,))),
        st.tuples(whole, whole).map(lambda t: Formula("gcd", t)),
    )


def truths(depth: int, numbers_depth: int) -> st.SearchStrategy[Formula]:
    of = numbers(numbers_depth)
    whole = of.map(lambda one: one if one.kind == "whole" else Formula("floor", (one,)))
    compared = st.tuples(st.sampled_from(["<=", "="]), of, of).map(lambda t: Formula(t[0], t[1:]))
    divided = st.tuples(whole, whole).map(lambda t: Formula("divides", t))
    if depth == 0:
        return st.one_of(compared, compared, divided)
    inner = truths(depth - 1, max(0, numbers_depth - 1))
    two = st.tuples(st.sampled_from(["and", "or", "implies", "iff"]), inner, inner)
    return st.one_of(
        compared,
        divided,
        inner.map(lambda one: Formula("not", (one,))),
        two.map(lambda t: Formula(t[0], t[1:])),
        st.tuples(inner, inner, inner).map(lambda t: Formula("and", t)),
        st.tuples(inner, inner, inner).map(lambda t: Formula("or", t)),
    )


@settings(max_examples=150)
@given(truths(2, 2), st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(-6, 6))))
def test_a_formula_means_what_it_says(formula: Formula, at: dict[str, int]) -> None:
    assume(formula.size < 40)
    try:
        expected = evaluate(formula, at)
    except UndefinedError:
        assume(False)
    try:
        said, denied = meaning(formula), meaning(Formula("not", (formula,)))
    except TooLarge:
        assume(False)
    assume(sum(len(one.over) for one in said.summands) < 120)
    most = bound(formula, at)
    assume(most < 60)
    assert is_sound(said)
    assert all(map(is_finite, said.summands))
    assert worth(said, at, most) == int(bool(expected))
    assert worth(denied, at, most) == int(not expected)


EXACT = [
    "a // b == 2",
    "a % b == 1",
    "a // -3 <= b",
    "-a // 2 == b",
    "a / b <= 1",
    "a / 2 == b / 3",
    "ceil(a / 2) > b",
    "a // b // 2 == 0",
    "(a // 2) % b == 1",
    "max(a, b) == abs(a)",
    "min(a, b, 1) == b",
    "gcd(a, b) == 2",
    "gcd(a, 0) == b",
    "divides(a, b)",
    "not divides(a, b)",
    "divides(a - 2, b + 1)",
    "divides(2, a) and divides(3, a)",
    "iff(a > 0, b > 0)",
    "a < b < a + 3",
    "a != b",
    "implies(a > 0, b // a == 1)",
    "b == 0 or a // b == 1",
    "b != 0 and a % b == 0",
    "abs(a - b) <= 1 or a == 2*b",
    "a**2 == b**2 and not a == b",
    "a // (b // 2) == 1",
]


@pytest.mark.parametrize("text", EXACT)
def test_at_every_small_point(text: str) -> None:
    formula = read_formula(text, "truth")
    said, denied = meaning(formula), meaning(Formula("not", (formula,)))
    seen = set()
    for a in range(-7, 8):
        for b in range(-5, 6):
            at = {"a": a, "b": b}
            try:
                expected = bool(evaluate(formula, at))
            except UndefinedError:
                assert worth(said, at, 9) == 0 == worth(denied, at, 9)  # nothing is true of what is undefined
                continue
            seen.add(expected)
            assert worth(said, at, bound(formula, at)) == expected
            assert worth(denied, at, bound(formula, at)) == (not expected)
    assert seen == {True, False}


def test_the_names_it_binds_are_no_names_of_the_text() -> None:
    for text in EXACT:
        for one in meaning(read_formula(text, "truth"), "h").summands:
            assert all("'" in name for name in one.over)
            assert is_finite(one)


def test_cases_do_not_occur_together() -> None:
    said = meaning(read_formula("max(a, b) + abs(a) >= b // 2 or a == b", "truth"))
    for a in range(-3, 4):
        for b in range(-3, 4):
            assert worth(said, {"a": a, "b": b}, 12) in (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(f"abs(x{place})" for place in range(12)) + " >= 0",
        "*".join(["(a+b+c+d+e+f)**12"] * 6) + " >= 0",
        "*".join([f"({'9' * 60})**12"] * 12) + "*a >= 0",
    ],
    ids=["cases", "terms", "digits"],
)
def test_what_would_not_fit_is_too_large(text: str) -> None:
    with pytest.raises(TooLarge, match="Take it apart"):
        meaning(read_formula(text, "truth"))


def test_what_is_true_without_brackets() -> None:
    assert meaning(read_formula("1 <= 2", "truth")) == Total((Summand(1, (), (), ()),))
    (false,) = meaning(read_formula("2 <= 1", "truth")).summands
    assert false.where == (Bracket(">=", Polynomial.constant(-1)),)
