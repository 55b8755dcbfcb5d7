"""Mutation: one number, sign or operator of right code is changed; what is proved must still be right on numbers.

Every mutant that differs from the layer on random numbers must be refuted or refused, never proved.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from symtconv import SymtconvError, Undecided, verify
from symtconv.verification.question import Question
from tests.verification import students
from tests.verification.students import RIGHT

NAMES = [
    name
    for name, (_, function, _) in RIGHT.items()
    if inspect.isfunction(function) and name not in ("closure", "lambda")
]


def changed(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Change each whole number by one, up and down, each + into - and back, and each += into =."""
    count = sum(1 for _ in ast.walk(tree))
    for number in range(count):
        for by in (1, -1):
            copy = ast.parse(ast.unparse(tree))
            node = list(ast.walk(copy))[number]
            if isinstance(node, ast.Constant) and type(node.value) is int:
                node.value += by
            elif by > 0 and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
                node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            elif by > 0 and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                node.op = ast.Add()
            elif by > 0 and isinstance(node, ast.AugAssign):
                node.op = ast.Sub()
            else:
                continue
            yield ast.unparse(ast.fix_missing_locations(copy)), copy


def compiled(tree: ast.Module, name: str) -> Any:
    world: dict[str, Any] = dict(vars(students))
    exec(compile(tree, "<mutant>", "exec"), world)  # noqa: S102
    return world[name]


def right_on_numbers(name: str, function: Any) -> bool:
    layer, right, of = RIGHT[name]
    random = np.random.default_rng(11)
    arguments = [random.integers(1, 1000, size=values.shape).astype(float) for values in Question(layer, of).arguments]
    try:
        given = np.asarray(function(*(a.copy() for a in arguments)), dtype=float)
    except Exception:
        return False
    expected = np.asarray(right(*arguments))
    return given.shape == expected.shape and bool(np.allclose(given, expected))


@pytest.mark.parametrize("name", NAMES)
def test_changed_code_is_never_proved(name: str) -> None:
    layer, function, of = RIGHT[name]
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    mutants = caught = 0
    for source, mutant in changed(tree):
        candidate = compiled(mutant, function.__name__)
        mutants += 1
        try:
            verify(layer, candidate, of=of)
        except Undecided:
            pytest.fail(f"undecided: {source}")
        except SymtconvError:
            caught += 1
        else:
            assert right_on_numbers(name, candidate), source
    assert mutants >= 2
    assert caught >= mutants // 2
