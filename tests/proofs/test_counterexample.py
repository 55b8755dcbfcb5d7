"""The smallest counterexample: the order of the search, its bounds, and its time."""

from __future__ import annotations

from itertools import product
from time import monotonic

import pytest
from hypothesis import given, strategies as st

from symtconv.proofs.claims import read_question
from symtconv.proofs.counterexample import Failure, Question, fails, is_admitted, smallest
from symtconv.proofs.formula import read_formula

BOUNDS = st.sampled_from(["a >= 0", "a >= 2", "a > -2", "b >= -1", "3 <= b", "b < a", "a <= 4 and b >= 1", "a != 0"])
CLAIMS = [
    "a*b < 6",
    "a + b != 5",
    "a - b < 4",
    "a // 2 != b",
    "a % 3 + b % 3 < 4",
    "a <= b",
    "a // b <= 2",
    "a*a + b != 7",
]


def rank(values: tuple[int, ...]) -> tuple[int, ...]:
    """Order points by the sum, then each name's size, positive before negative."""
    return (sum(map(abs, values)), *(part for value in values for part in (abs(value), value < 0)))


@given(st.sampled_from(CLAIMS), st.lists(BOUNDS, max_size=3, unique=True))
def test_it_is_the_smallest_of_all(claim: str, assuming: list[str]) -> None:
    question = read_question(claim, [], assuming)
    points = sorted(product(range(-7, 8), repeat=2), key=rank)
    failing = [at for at in points if fails(question, dict(zip(question.free, at, strict=True))) is not None]
    first = next((at for at in failing if rank(at)[0] <= 7), None)
    found, most = smallest(question, monotonic() + 0.05)
    if first is not None:
        assert found is not None
        assert tuple(found.at[name] for name in question.free) == first
        assert most == rank(first)[0]
    elif found is not None:
        assert most > 7


def test_names_are_in_the_order_of_the_text() -> None:
    question = read_question("z < y <= x", ["o = w + v"], ["u >= t"])
    assert question.free == ("u", "t", "w", "v", "z", "y", "x")
    assert read_question("b >= a", [], []).free == ("b", "a")
    assert Question(read_formula("a // b == 1", "truth")).free == ("a", "b")


@pytest.mark.parametrize(
    ("claim", "at"),
    [
        ("x == 0", {"x": 1}),
        ("x >= 0", {"x": -1}),
        ("x*x != 4", {"x": 2}),
        ("x + y == 0", {"x": 0, "y": 1}),
        ("y >= x", {"y": 0, "x": 1}),
        ("x*y*z == 0", {"x": 1, "y": 1, "z": 1}),
        ("x + y < 2", {"x": 0, "y": 2}),
        ("x - y < 2", {"x": 0, "y": -2}),
        ("0 == 1", {}),
    ],
)
def test_ties_go_to_the_first_name_and_to_positive_numbers(claim: str, at: dict[str, int]) -> None:
    found, _ = smallest(read_question(claim, [], []), monotonic() + 2)
    assert found == Failure(at)


def test_a_divisor_that_is_0_is_a_failure_of_its_own() -> None:
    question = read_question("n // s <= n // (s + 1)", [], ["s >= -1"])
    found = fails(question, {"n": 1, "s": 0})
    assert found is not None
    assert found.divisor == read_formula("s", "number")
    assert fails(question, {"n": 1, "s": -2}) is None  # not assumed
    other = fails(question, {"n": 1, "s": -1})
    assert other is not None
    assert other.divisor == read_formula("s + 1", "number")


def test_definitions_are_worked_out_whether_or_not_they_are_used() -> None:
    question = read_question("n == n", ["o = n // s"], [])
    found = fails(question, {"n": 0, "s": 0})
    assert found is not None
    assert found.divisor == read_formula("s", "number")
    assert fails(question, {"n": 0, "s": 1}) is None


def test_assumptions_that_divide_by_nothing_come_first() -> None:
    question = read_question("n >= 0", ["o = n // s"], ["o >= 0", "n // s >= 0", "s >= 1"])
    assert [str(one.operation) for one in question.ordered] == ["<=", "<=", "<="]
    assert question.ordered[0] == read_formula("s >= 1", "truth")
    assert fails(question, {"n": 1, "s": 0}) is None
    assert not is_admitted(question, {"n": 1, "s": 0})
    assert is_admitted(question, {"n": 1, "s": 1})


def test_a_bound_beside_a_division_hides_no_failure() -> None:
    question = read_question("n >= 0", [], ["n // s >= 0 and s >= 1"])
    found, _ = smallest(question, monotonic() + 1)
    assert found is not None
    assert found.divisor is not None
    assert found.at == {"n": 0, "s": 0}


def test_it_stops_in_time() -> None:
    begin = monotonic()
    found, most = smallest(read_question("a + b + c + d < 10**9", [], []), begin + 0.2)
    assert found is None
    assert most > 3
    assert monotonic() - begin < 0.5
    assert smallest(read_question("a >= 0", [], []), begin) == (None, 0)


def test_without_names_there_is_one_point() -> None:
    assert smallest(read_question("1 <= 2", [], []), monotonic() + 9) == (None, 0)


def test_far_out_along_bounds() -> None:
    question = read_question("a + b < 130", [], ["a >= 60", "b >= 60"])
    found, _ = smallest(question, monotonic() + 5)
    assert found == Failure({"a": 60, "b": 70})
