"""Theorems and goals as records."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from symtconv import Conv, theorems
from symtconv.proofs.kernel import Goal
from symtconv.proofs.terms import Equation, Number
from symtconv.proofs.theorem import Theorem


def nothing(layer: object, kernel: object) -> tuple[Equation, ...]:
    return (Equation(Number(1), Number(1), "1 = 1"),)


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
