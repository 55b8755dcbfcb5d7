"""Theorems and goals as records."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from symtconv import Conv, theorems
from symtconv.proofs.terms import Equation, Number
from symtconv.proofs.theorem import LayerGoal, Theorem


def nothing(layer: object, kernel: object) -> tuple[Equation, ...]:
    return (Equation(Number(1), Number(1), "1 = 1"),)


THEOREM = Theorem("one", "One", "1 = 1", ("a hypothesis",), "sizes", "arithmetic", nothing, ("an assumption",))


def test_a_goal_asks_a_theorem_of_a_layer() -> None:
    goal = LayerGoal(THEOREM, Conv(4, 2))
    assert goal.equations == nothing(None, None)
    assert goal.assumptions == ("a hypothesis", "an assumption")
    assert goal.scope == "this layer"
    assert repr(goal) == "one for Conv(input_shape=(4,), kernel_size=(2,))"


def test_again_makes_the_equations_anew() -> None:
    calls = []

    def counted(layer: object, kernel: object) -> tuple[Equation, ...]:
        calls.append(layer)
        return nothing(layer, kernel)

    goal = LayerGoal(dataclasses.replace(THEOREM, equations=counted), Conv(4, 2))
    for _ in range(2):
        assert goal.equations
    assert len(calls) == 1
    assert goal.again().equations == goal.equations
    assert len(calls) == 2


def test_goals_and_theorems_are_frozen_and_pickle() -> None:
    goal = LayerGoal(THEOREM, Conv(4, 2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        goal.layer = Conv(5, 2)  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        THEOREM.name = "two"  # type: ignore[misc]
    for theorem in theorems():
        assert pickle.loads(pickle.dumps(theorem)) == theorem
        twin = pickle.loads(pickle.dumps(LayerGoal(theorem, Conv(4, 2))))
        assert (twin.theorem, twin.layer, twin.kernel, twin.scope) == (theorem, Conv(4, 2), None, "this layer")


def test_repr_is_the_statement() -> None:
    assert repr(THEOREM) == "<Theorem one: 1 = 1>"
