"""A claim's text as a formula, as it was written: // as a floor, % as a remainder."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from symtconv.document.mathematics import (
    Absolute,
    Ceil,
    Floor,
    Infix,
    Like,
    Math,
    Negative,
    Not,
    Number,
    Operator,
    Parenthesised,
    Power,
    Quotient,
    Relation,
    Times,
)
from symtconv.errors import GeometryError
from symtconv.proofformulas import symbol
from symtconv.proofs.formula import Formula, read_formula

_RELATIONS = {ast.LtE: "<=", ast.GtE: ">=", ast.Lt: "<", ast.Gt: ">", ast.Eq: "=", ast.NotEq: "!="}


def claim_formula(text: str) -> Formula | None:
    """Read a claim; None for what is none."""
    try:
        return read_formula(text, "truth")
    except GeometryError:
        return None


def claim_math(text: str) -> Math | None:
    """Write a claim about numbers as a formula; None for what is none.

    >>> found = claim_math("o == (n - k)//s + 1")
    >>> found and found.to_latex()
    'o=\\\\bigl\\\\lfloor\\\\frac{n-k}{s}\\\\bigr\\\\rfloor+1'
    """
    if claim_formula(text) is None:
        return None
    return _math(ast.parse(text.strip(), mode="eval").body)


def definition_math(text: str) -> Math | None:
    """Write "name = expression" as a formula; None for what is none."""
    name, equals, value = text.partition("=")
    return claim_math(f"{name} == {value}") if equals else None


def _math(node: ast.AST) -> Math:
    match node:
        case ast.Constant(value=int(value)):
            return Number(value)
        case ast.Name(id=name):
            return symbol(name)
        case ast.UnaryOp(op=ast.Not(), operand=one):
            return _not(one)
        case ast.UnaryOp(op=ast.USub(), operand=one):
            return Negative(_math(one))
        case ast.UnaryOp(operand=one):
            return _math(one)
        case ast.BoolOp(op=op, values=values):
            return Infix("and" if isinstance(op, ast.And) else "or", *map(_math, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            parts: list[Like] = [_math(left)]
            for relation, other in zip(ops, others, strict=True):
                parts += [_RELATIONS[type(relation)], _math(other)]
            return Relation(*parts)
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(_math(left), op, _math(right))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, [_math(arg) for arg in args])
    raise AssertionError(ast.dump(node))  # read_formula has refused all else


def _not(one: ast.AST) -> Math:
    match one:
        case ast.Call(func=ast.Name(id="divides"), args=[a, b]):
            return Relation(_math(a), "does not divide", _math(b))
    return Not(_math(one))


def _binary(left: Math, op: ast.operator, right: Math) -> Math:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return Times(*(one for side in (left, right) for one in _factors(side)))
        case ast.Div():
            return Quotient(left, right)
        case ast.FloorDiv():
            return Floor(Quotient(left, right))
        case ast.Mod():
            return Infix("mod", left, right)
    return Power(left, right)


def _factors(one: Math) -> tuple[Like, ...]:
    return one.factors if isinstance(one, Times) else (one,)


def _call(name: str, args: list[Math]) -> Math:
    match name, args:
        case "floor", [one]:
            return Floor(one)
        case "ceil", [one]:
            return Ceil(one)
        case "abs", [one]:
            return Absolute(one)
        case "divides", [a, b]:
            return Relation(a, "divides", b)
        case (("implies" | "iff"), [a, b]):
            return Infix(name, a, b)
    return Operator(name, *args)


def formula_math(formula: Formula, at: Mapping[str, int] | None = None) -> Math:
    """Write a formula that was read, with numbers in the place of names.

    >>> formula_math(read_formula("n // 2 - k", "number"), {"n": 3}).to_latex()
    '\\\\bigl\\\\lfloor\\\\frac{3}{2}\\\\bigr\\\\rfloor-k'
    """
    parts = [formula_math(part, at) for part in formula.operands]
    match formula.operation:
        case "number":
            return Number(int(formula.parts[0]))  # type: ignore[arg-type]
        case "name":
            name = str(formula.parts[0])
            return Number(at[name]) if at and name in at else symbol(name)
        case "+":
            return sum(parts[1:], start=parts[0])
        case "*":
            first, *rest = parts
            rest = [Parenthesised(one) if _is_negative(one) else one for one in rest]
            if first == Number(-1):
                return Negative(Times(*rest) if len(rest) > 1 else rest[0])
            return Times(first, *rest)
        case "/":
            return Quotient(parts[0], parts[1])
        case "floor":
            return Floor(parts[0])
        case "abs":
            return Absolute(parts[0])
        case "=" | "<=":
            return Relation(parts[0], formula.operation, parts[1])
        case "divides":
            return Relation(parts[0], "divides", parts[1])
        case "not":
            return Not(parts[0])
        case "and" | "or" | "implies" | "iff":
            return Infix(formula.operation, *parts)
    return Operator(formula.operation, *parts)


def _is_negative(one: Math) -> bool:
    return isinstance(one, Negative) or (isinstance(one, Number) and one.value < 0)
