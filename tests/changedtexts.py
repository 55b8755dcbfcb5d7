"""Claims about whole numbers, changed in one place: a number, a sign, a rounding, a comparison, a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from tests.proofs.claimcases import Case

OTHER_SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}
OTHER_COMPARISONS = {
    ast.LtE: ast.Lt,
    ast.Lt: ast.LtE,
    ast.GtE: ast.Gt,
    ast.Gt: ast.GtE,
    ast.Eq: ast.LtE,
    ast.NotEq: ast.Eq,
}
OTHER_FUNCTIONS = {"ceil": "floor", "floor": "ceil", "max": "min", "min": "max", "iff": "implies"}


def changed_cases(case: Case) -> Iterator[tuple[str, Case]]:
    """Change a claim, one of its definitions or of its assumptions; or leave an assumption out."""
    names = [*case.free, *case.given]
    for kind, text in changed_texts(case.claim, names):
        yield kind, replace(case, claim=text)
    for place, (name, body) in enumerate(case.given.items()):
        for kind, text in changed_texts(body, case.free):
            given = (*case.where[:place], f"{name} = {text}", *case.where[place + 1 :])
            yield f"{kind} of a definition", replace(case, where=given)
    for place, assumption in enumerate(case.assuming):
        before, after = case.assuming[:place], case.assuming[place + 1 :]
        yield "an assumption left out", replace(case, assuming=(*before, *after))
        for kind, text in changed_texts(assumption, names):
            yield f"{kind} of an assumption", replace(case, assuming=(*before, text, *after))


def changed_texts(text: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Change a formula in one place; `names` are those that may be put in the place of others."""
    tree = ast.parse(text.strip(), mode="eval")
    for number, node in enumerate(ast.walk(tree)):
        for kind, new in _others(node, names):
            copy = deepcopy(tree)
            _Put(list(ast.walk(copy))[number], new).visit(copy)
            yield kind, ast.unparse(ast.fix_missing_locations(copy))


class _Put(ast.NodeTransformer):
    """Put a node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _others(node: ast.AST, names: list[str]) -> Iterator[tuple[str, ast.AST]]:
    """List what may be put in the place of a node."""
    match node:
        case ast.Constant(int(number)):
            yield "a number", ast.Constant(number + 1)
            yield "a number", ast.Constant(number - 1)
        case ast.BinOp(left, ast.FloorDiv(), right):
            yield "a rounding", ast.Call(ast.Name("ceil"), [ast.BinOp(left, ast.Div(), right)], [])
        case ast.BinOp(left, ast.Mod(), right):
            yield "a remainder", ast.BinOp(left, ast.FloorDiv(), right)
        case ast.BinOp(left, operation, right) if type(operation) in OTHER_SIGNS:
            yield "a sign", ast.BinOp(left, OTHER_SIGNS[type(operation)](), right)
        case ast.Compare(left, [*operations], others):
            for place, comparison in enumerate(operations):
                changed = [*operations[:place], OTHER_COMPARISONS[type(comparison)](), *operations[place + 1 :]]
                yield "a comparison", ast.Compare(left, changed, others)
        case ast.BoolOp(ast.And(), parts):
            yield "and, or", ast.BoolOp(ast.Or(), parts)
        case ast.BoolOp(ast.Or(), parts):
            yield "and, or", ast.BoolOp(ast.And(), parts)
        case ast.UnaryOp(ast.Not(), inner):
            yield "not", inner
        case ast.Call(ast.Name(function), parts) if function in OTHER_FUNCTIONS:
            yield "a function", ast.Call(ast.Name(OTHER_FUNCTIONS[function]), parts, [])
        case ast.Name(name) if name in names and len(names) > 1:
            yield "a name", ast.Name(names[(names.index(name) + 1) % len(names)])
            yield "one more", ast.BinOp(ast.Name(name), ast.Add(), ast.Constant(1))
