"""Theorems and goals as records."""

from __future__ import annotations

import dataclasses
import pickle
from inspect import signature
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, GeometryError, TooLarge, theorems
from symtconv.bruteforce.statement import EXTENTS
from symtconv.proofs.kernel import Goal
from symtconv.proofs.terms import Equation, number
from symtconv.proofs.theorem import Theorem


def nothing(layer: object, kernel: object) -> tuple[Equation, ...]:
    return (Equation(number(1), number(1), "1 = 1"),)


THEOREM = Theorem("one", "One", "1 = 1", ("a hypothesis",), "sizes", "arithmetic", nothing, ("an assumption",))


def test_a_goal_asks_a_theorem_of_a_layer() -> None:
    goal = Goal(THEOREM, Conv(4, 2))
    assert goal.equations() == nothing(None, None)
    assert THEOREM.assumed == ("a hypothesis", "an assumption")
    assert repr(goal) == "one for Conv(input_shape=(4,), kernel_size=(2,))"


def test_the_equations_are_made_anew_each_time() -> None:
    calls = []

    def counted(layer: object, kernel: object) -> tuple[Equation, ...]:
        calls.append(layer)
        return nothing(layer, kernel)

    goal = Goal(dataclasses.replace(THEOREM, equations=counted), Conv(4, 2))
    assert goal.equations() == goal.equations()
    assert len(calls) == 2


def test_goals_and_theorems_are_frozen_and_pickle() -> None:
    goal = Goal(THEOREM, Conv(4, 2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        goal.layer = Conv(5, 2)  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        THEOREM.name = "two"  # type: ignore[misc]
    for theorem in theorems():
        assert pickle.loads(pickle.dumps(theorem)) == theorem
        twin = pickle.loads(pickle.dumps(Goal(theorem, Conv(4, 2))))
        assert (twin.theorem, twin.layer, twin.kernel) == (theorem, Conv(4, 2), None)


def test_repr_is_the_statement() -> None:
    assert repr(THEOREM) == "<Theorem one: 1 = 1>"


def doubled(*, n: int, s: int = 1, lo: int = 0, hi: int = 0) -> bool:
    return 2 * n * s == lo + hi


DOUBLED = dataclasses.replace(THEOREM, truth=doubled)


def test_holds_evaluates_the_statement_at_integers() -> None:
    assert DOUBLED.holds(n=2, lo=3, hi=1)
    assert DOUBLED.holds(n=np.int64(2), s=3, p=6)
    assert not DOUBLED.holds(n=2)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({}, r"got no n, but it is about n, s, lo, hi\. Required: n\. With defaults: s=1, lo=0, hi=0\."),
        ({"n": 1, "m": 2}, "got m, but it is about n, s, lo, hi"),
        ({"n": 1, "p": 1, "lo": 1}, "got p"),
        ({"n": True}, "n of one: got True, but it is an integer"),
        ({"n": 1.0}, r"got 1\.0"),
        ({"n": "1"}, "got '1'"),
    ],
)
def test_holds_refuses_other_names_and_values(sizes: dict[str, Any], message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        DOUBLED.holds(**sizes)


@pytest.mark.parametrize("theorem", theorems(), ids=lambda theorem: theorem.name)
def test_holds_refuses_at_once_what_would_take_too_long(theorem: Theorem) -> None:
    assert theorem.truth is not None
    for name in signature(theorem.truth).parameters:
        small = dict.fromkeys(signature(theorem.truth).parameters, 1)
        with pytest.raises(TooLarge, match=f"brute force for {theorem.name} at .*{name}=1000000000") as caught:
            theorem.holds(**small | {name: 10**9})
        assert caught.value.entries > caught.value.limit >= 21


def test_holds_has_no_limit_for_a_name_that_is_no_statement() -> None:
    names = {theorem.name for theorem in theorems()}
    assert set(EXTENTS) <= names
