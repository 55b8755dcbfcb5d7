"""Claims and what is true of them, by Python's own arithmetic: nothing here is shared with the prover."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import count
from math import ceil, floor, gcd
from pathlib import Path
from typing import Any, Literal

FUNCTIONS: dict[str, Any] = {"floor": floor, "ceil": ceil, "max": max, "min": min, "abs": abs}
FUNCTIONS |= {
    "gcd": lambda a, b: Fraction(gcd(int(a), int(b))),
    "divides": lambda s, n: n == 0 if s == 0 else n % s == 0,
    "iff": lambda a, b: a == b,
}


class _Lazy(ast.NodeTransformer):
    """Write implies(a, b) as (not a) or b, and numbers as fractions."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "implies":
            return ast.BoolOp(ast.Or(), [ast.UnaryOp(ast.Not(), node.args[0]), node.args[1]])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Call(ast.Name("Fraction", ast.Load()), [node], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Pow):
            node.left = self.visit(node.left)
            return node
        return self.generic_visit(node)


@cache
def python(text: str) -> Any:
    tree = ast.fix_missing_locations(_Lazy().visit(ast.parse(text.strip(), mode="eval")))
    return compile(tree, text, "eval")


def names_of(text: str) -> list[str]:
    nodes = list(ast.walk(ast.parse(text.strip(), mode="eval")))
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    found = [node for node in nodes if isinstance(node, ast.Name) and node not in called]
    return list(dict.fromkeys(node.id for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))))


@dataclass(frozen=True)
class Case:
    """A claim, and what is true of it."""

    claim: str
    assuming: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    verdict: str = "true"
    counterexample: tuple[tuple[str, int], ...] = ()
    undecided: bool = False  # that it is not decided is allowed

    def __str__(self) -> str:
        return " | ".join((self.claim, *self.where, *self.assuming))

    @property
    def given(self) -> dict[str, str]:
        return {name.strip(): body for name, _, body in (text.partition("=") for text in self.where)}

    @property
    def free(self) -> list[str]:
        texts = (*self.assuming, *self.given.values(), self.claim)
        found = dict.fromkeys(name for text in texts for name in names_of(text))
        return [name for name in found if name not in self.given]

    def _depth(self, name: str) -> int:
        return 1 + max((self._depth(other) for other in names_of(self.given[name]) if other in self.given), default=0)

    def at(self, values: Mapping[str, int]) -> Literal["true", "false", "undefined", "not meant"]:
        """Say what the claim is at one point, by Python's own arithmetic on fractions."""
        scope: dict[str, Any] = {"Fraction": Fraction, **FUNCTIONS}
        scope |= {name: Fraction(value) for name, value in values.items()}
        for name in sorted(self.given, key=self._depth):
            try:
                scope[name] = Fraction(eval(python(self.given[name]), scope))  # noqa: S307
            except (ZeroDivisionError, NameError):
                continue  # it has no value, nor what uses it
        worth: list[bool | None] = []
        for text in self.assuming:
            try:
                worth.append(bool(eval(python(text), scope)))  # noqa: S307
            except (ZeroDivisionError, NameError):
                worth.append(None)
        if False in worth:
            return "not meant"
        if None in worth or not self.given.keys() <= scope.keys():
            return "undefined"
        try:
            return "true" if eval(python(self.claim), scope) else "false"  # noqa: S307
        except ZeroDivisionError:
            return "undefined"

    def smallest(self, most: int) -> tuple[dict[str, int], str] | None:
        """Find the first point by the sum of absolute values at which it is not true."""
        free = self.free
        for size in range(most + 1):
            for values in sums(size, len(free)):
                found = self.at(dict(zip(free, values, strict=True)))
                if found in ("false", "undefined"):
                    return dict(zip(free, values, strict=True)), found
        return None

    def sizes(self) -> Iterator[dict[str, int]]:
        """List values of the free names from the smallest on: from where assumptions such as n >= 1 have them begin."""
        free = self.free
        bounds = [re.fullmatch(r"(\w+) >= (-?\d+)", text) for text in self.assuming]
        least = {bound[1]: int(bound[2]) for bound in bounds if bound is not None}
        for size in count():
            for steps in sums(size, len(free)):
                if all(step >= 0 for name, step in zip(free, steps, strict=True) if name in least):
                    yield {name: least.get(name, 0) + step for name, step in zip(free, steps, strict=True)}


def sums(size: int, count: int) -> Iterator[tuple[int, ...]]:
    """List tuples by the sum of absolute values: the first is nearest to 0, positive before negative."""
    if count == 0:
        if size == 0:
            yield ()
        return
    for first in range(size + 1) if count > 1 else [size]:
        for value in [first, -first] if first else [0]:
            for others in sums(size - first, count - 1):
                yield (value, *others)


def claims_of_the_table() -> list[Case]:
    """Read claims.json: each claim with its verdict, and the smallest counterexample, found without the prover."""
    rows = json.loads(Path(__file__).with_name("claims.json").read_text())
    keys = {"claim", "where", "assuming", "verdict", "counterexample", "undecided"}
    assert all(row.keys() <= keys for row in rows)
    return [
        Case(
            row["claim"],
            tuple(row.get("assuming", ())),
            tuple(row.get("where", ())),
            row["verdict"],
            tuple(row.get("counterexample", {}).items()),
            row.get("undecided", False),
        )
        for row in rows
    ]
