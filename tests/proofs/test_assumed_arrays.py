"""Arrays of which something is assumed: tap maps, and arrays none of whose entries is negative."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from symtconv import ProofError, theorems
from symtconv.proofs.kernel import RULES, verify_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import StuckError
from symtconv.proofs.summation import (
    Bracket,
    Definition,
    Entry,
    NonNegative,
    Summand,
    TapMap,
    Total,
    is_at_most,
    is_sound,
    total,
)
from symtconv.proofs.sums import find_sum_steps
from symtconv.proofs.terms import Compound, Derivative, Equation, Term, children, number
from tests.bruteforcesums import random_array, worth

T, U, P = TapMap("t"), TapMap("u"), NonNegative("p")
a, i, m = map(Polynomial.variable, "aim")
INDICES = [a, i, m, m + 1, i - m, Polynomial.constant(0)]

index = st.sampled_from(INDICES)
entries = st.one_of(
    st.builds(lambda array, i, m: Entry(array, (i, m)), st.sampled_from([T, U]), index, index),
    st.builds(lambda i: Entry(P, (i,)), index),
    st.builds(lambda i: Entry("x", (i,)), index),
)
brackets = st.one_of(st.builds(lambda p: Bracket(">=", p), index), st.builds(lambda p: Bracket("=", p), index))
BOUND = (Bracket(">=", i), Bracket(">=", 2 - i))
summands = st.builds(
    lambda amount, where, chosen: Summand(amount, ("i",), (*BOUND, *where), tuple(chosen)),
    st.sampled_from([-2, -1, 1, 3]),
    st.lists(brackets, max_size=2),
    st.lists(entries, max_size=4),
)


@given(summands, st.integers(-1, 4), st.integers(-1, 4))
def test_reading_once_changes_no_value(one: Summand, place: int, other: int) -> None:
    before = total(one)
    if not before.summands:
        return
    try:
        after = RULES["read once"](before, 0, place, other)
    except IndexError:
        return
    if not isinstance(after, Total):
        return
    for at in ({"a": x, "m": y} for x in range(-1, 3) for y in range(-1, 3)):
        assert worth(before, at, random_array) == worth(after, at, random_array)


def test_reading_once_is_of_two_entries_of_one_tap_map_with_the_same_other_indices() -> None:
    def told(*found: Entry, place: int = 0, other: int = 1) -> Term | None:
        return RULES["read once"](total(Summand(1, (), (), found)), 0, place, other)

    assert told(Entry(T, (i, m)), Entry(T, (i, a))) is not None
    assert told(Entry(T, (i, m)), Entry(T, (m, m))) is None
    assert told(Entry(T, (i, m)), Entry(U, (i, a))) is None
    assert told(Entry(P, (i, m)), Entry(P, (i, a))) is None
    assert told(Entry("t", (i, m)), Entry("t", (i, a))) is None
    assert told(Entry(T, (i, m)), Entry(T, (i, a)), place=1, other=1) is None
    assert told(Entry(T, (i, m)), Entry(T, (i, a)), place=-1, other=0) is None
    assert told(Entry(T, (i, m)), Entry(T, (i, i, a))) is None
    assert told(Entry(T, ()), Entry(T, ())) is None


@given(st.lists(summands, max_size=3), st.lists(summands, max_size=3))
def test_what_is_said_to_be_at_most_is(left: list[Summand], right: list[Summand]) -> None:
    smaller, larger = total(*left), total(*left, *right)
    if is_at_most(smaller, larger):
        for at in ({"a": x, "m": y} for x in range(-1, 3) for y in range(-1, 3)):
            assert worth(smaller, at, random_array) <= worth(larger, at, random_array)


def test_squares_and_what_is_assumed_are_not_negative_and_nothing_else_is() -> None:
    def at_most(amount: int, *found: Entry) -> bool:
        return is_at_most(Total(()), total(Summand(amount, (), (), found)))

    x, y = Entry("x", (i,)), Entry("x", (m,))
    assert at_most(1)
    assert at_most(2, x, x)
    assert at_most(1, x, x, y, y, Entry(P, (i,)), Entry(T, (i, m)))
    assert not at_most(-1)
    assert not at_most(1, x)
    assert not at_most(1, x, y)
    assert not at_most(1, x, x, x)
    assert not at_most(-1, Entry(P, (i,)))
    assert is_at_most(total(Summand(1, (), (), (x,))), total(Summand(1, (), (), (x,)), Summand(1, (), (), (y, y))))


def test_a_false_order_is_not_proved() -> None:
    one, two = (total(Summand(amount, (), (), (Entry("x", (i,)),))) for amount in (1, 2))
    claim = Equation(Compound("<=", one, two), number(1), "x <= 2 x")
    with pytest.raises(StuckError):
        find_sum_steps(claim)
    with pytest.raises(ProofError):
        verify_steps([claim], [])


def test_arrays_of_other_types_are_refused() -> None:
    class Claimed(NonNegative):
        """An array that only says so."""

    assert is_sound(Entry(T, (i, m)))
    assert not is_sound(Entry(Claimed("p"), (i,)))
    assert not is_sound(Entry(NonNegative(3), (i,)))  # type: ignore[arg-type]


def test_an_array_of_the_same_name_of_which_nothing_is_assumed_is_another() -> None:
    both = total(Summand(1, (), (), (Entry(P, (i,)),)), Summand(-1, (), (), (Entry("p", (i,)),)))
    assert len(both.summands) == 2
    assert RULES["differentiate"](Derivative(total(Summand(1, (), (), (Entry(P, (i,)),))), ("p", "m"))) == Total(())


def assumed_in(term: Any) -> set[NonNegative]:
    found: set[NonNegative] = set()
    for one in term.summands if isinstance(term, Total) else ():
        for entry in one.entries:
            if isinstance(entry.array, NonNegative):
                found.add(entry.array)
            elif isinstance(entry.array, Definition):
                found |= assumed_in(entry.array.value)
    return found.union(*(assumed_in(child) for _, child in children(term)))


@pytest.mark.parametrize("theorem", [one for one in theorems() if one.universal is not None], ids=lambda one: one.name)
def test_what_is_assumed_of_an_array_is_told_in_words(theorem: Any) -> None:
    words = " ".join(theorem.assumed_for_all)
    for equation in theorem.for_all():
        for array in assumed_in(equation.left) | assumed_in(equation.right):
            told = "one pixel at most: t[" if isinstance(array, TapMap) else f"{array.symbol}"
            assert told in words
            assert isinstance(array, TapMap) or ">= 0" in words
