"""Claims about whole numbers as trees, and how a user's text becomes one without being evaluated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from symtconv.errors import GeometryError

MOST_CHARACTERS, DEEPEST, MOST_POWER, MOST_DIGITS, MOST_PARTS = 2_000, 40, 12, 60, 2_000
Kind: TypeAlias = Literal["truth", "whole", "rational"]


@dataclass(frozen=True)
class Formula:
    """An operation and its parts; of "number" and "name" the value itself.

    Numbers: "number", "name", "+", "*", "/", "floor", "max", "min", "abs", "gcd". Truths: "<=", "=", "divides", "not",
    "and", "or", "implies", "iff". All else is written with these, ceil(x) as -floor(-x) and a % b as a - b floor(a/b).
    """

    operation: str
    parts: tuple[Formula | int | str, ...]

    @property
    def operands(self) -> tuple[Formula, ...]:
        """The parts that are formulas."""
        return tuple(part for part in self.parts if isinstance(part, Formula))

    @cached_property
    def size(self) -> int:
        """How many parts it has, in all; a % b says both twice, and a ** 12 says a twelve times."""
        return 1 + sum(part.size for part in self.operands)

    @cached_property
    def kind(self) -> Kind:
        """Whether it is a truth, a whole number, or perhaps a fraction."""
        if self.operation in {"<=", "=", "divides", "not", "and", "or", "implies", "iff"}:
            return "truth"
        whole = self.operation in {"number", "name", "floor", "gcd"} or all(p.kind == "whole" for p in self.operands)
        return "whole" if whole and self.operation != "/" else "rational"

    def names(self) -> tuple[str, ...]:
        """Name the whole numbers that it speaks of, by first appearance."""
        return tuple(dict.fromkeys(str(one.parts[0]) for one in self.walk() if one.operation == "name"))

    def walk(self) -> Iterator[Formula]:
        """List it and all that it is made of, from left to right."""
        yield self
        for operand in self.operands:
            yield from operand.walk()


def number(value: int) -> Formula:
    """Make a number."""
    return Formula("number", (value,))


def negative(one: Formula) -> Formula:
    """Make -a."""
    return Formula("*", (number(-1), one))


def floor(one: Formula) -> Formula:
    """Make floor(a), which is a itself where a is whole."""
    return one if one.kind == "whole" else Formula("floor", (one,))


def quotient(a: Formula, b: Formula) -> Formula:
    """Make floor(a / b)."""
    return Formula("floor", (Formula("/", (a, b)),))


def denied(one: Formula) -> Formula:
    """Make not a."""
    return Formula("not", (one,))


class _Reader:
    """Reads Python's syntax tree of one text, by a whitelist."""

    def __init__(self, text: str, what: str) -> None:
        self.text, self.what = text, what

    def fail(self, rule: str, at: ast.AST | None = None) -> GeometryError:
        place = ast.get_source_segment(self.text, at) if at is not None else None
        return GeometryError(self.what, arrived=repr(place or self.text)[:80], rule=rule, remedy=_REMEDY)

    def tree(self) -> ast.expr:
        if len(self.text) > MOST_CHARACTERS:
            raise self.fail(f"a formula has at most {MOST_CHARACTERS:,} characters, and this has {len(self.text):,}")
        if not self.text.isascii() or re.search(r"[^\w\s+\-*/%()<>=!,]", self.text):
            raise self.fail("a formula is made of names, whole numbers, + - * / // % **, comparisons and brackets")
        if any(len(digits) > MOST_DIGITS for digits in re.findall(r"\d\w*", self.text)):
            raise self.fail(f"a number has at most {MOST_DIGITS} digits")
        try:
            return ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self.fail("it is no formula") from None

    def read(self, node: ast.expr, depth: int = 0) -> Formula:
        if depth > DEEPEST:
            raise self.fail(f"brackets and signs are nested at most {DEEPEST} deep")
        found = self.node(node, depth)
        if found.size > MOST_PARTS:
            raise self.fail(f"a formula has at most {MOST_PARTS:,} parts, with powers and % written out")
        return found

    def node(self, node: ast.expr, depth: int) -> Formula:
        match node:
            case ast.Constant(value=value) if type(value) is int:
                return number(value)
            case ast.Name(id=name):
                return Formula("name", (name,))
            case ast.UnaryOp(op=ast.Not(), operand=one):
                return denied(self.truth(one, depth))
            case ast.UnaryOp(op=ast.USub(), operand=one):
                return negative(self.value(one, depth))
            case ast.UnaryOp(op=ast.UAdd(), operand=one):
                return self.value(one, depth)
            case ast.BoolOp(op=op, values=values):
                truths = tuple(self.truth(value, depth) for value in values)
                return Formula("and" if isinstance(op, ast.And) else "or", truths)
            case ast.BinOp(left=left, op=op, right=right):
                return self.arithmetic(node, op, self.value(left, depth), right, depth)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.comparison(node, [left, *others], ops, depth)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(node, name, args, depth)
        raise self.fail("this is not part of a formula", node)

    def value(self, node: ast.expr, depth: int) -> Formula:
        found = self.read(node, depth + 1)
        if found.kind == "truth":
            raise self.fail("a number is needed here, and this is true or false", node)
        return found

    def whole(self, node: ast.expr, depth: int) -> Formula:
        found = self.value(node, depth)
        if found.kind != "whole":
            raise self.fail("a whole number is needed here, and this may be a fraction", node)
        return found

    def truth(self, node: ast.expr, depth: int) -> Formula:
        found = self.read(node, depth + 1)
        if found.kind != "truth":
            raise self.fail("something true or false is needed here, and this is a number", node)
        return found

    def arithmetic(self, node: ast.expr, op: ast.operator, a: Formula, right: ast.expr, depth: int) -> Formula:
        if isinstance(op, ast.Pow):
            if (
                not isinstance(right, ast.Constant)
                or type(right.value) is not int
                or not 0 <= right.value <= MOST_POWER
            ):
                raise self.fail(f"an exponent is a whole number from 0 to {MOST_POWER}", node)
            return Formula("*", (a,) * right.value) if right.value else number(1)
        b = self.value(right, depth)
        match op:
            case ast.Add():
                return Formula("+", (a, b))
            case ast.Sub():
                return Formula("+", (a, negative(b)))
            case ast.Mult():
                return Formula("*", (a, b))
            case ast.Div():
                return Formula("/", (a, b))
            case ast.FloorDiv():
                return quotient(a, b)
            case ast.Mod():
                return Formula("+", (a, negative(Formula("*", (b, quotient(a, b))))))
        raise self.fail("the operations are + - * / // % **", node)

    def comparison(self, node: ast.expr, parts: list[ast.expr], ops: list[ast.cmpop], depth: int) -> Formula:
        values = [self.value(part, depth) for part in parts]
        truths = []
        for op, a, b in zip(ops, values, values[1:], strict=False):
            match op:
                case ast.LtE():
                    truths.append(Formula("<=", (a, b)))
                case ast.GtE():
                    truths.append(Formula("<=", (b, a)))
                case ast.Lt():
                    truths.append(denied(Formula("<=", (b, a))))
                case ast.Gt():
                    truths.append(denied(Formula("<=", (a, b))))
                case ast.Eq():
                    truths.append(Formula("=", (a, b)))
                case ast.NotEq():
                    truths.append(denied(Formula("=", (a, b))))
                case _:
                    raise self.fail("the comparisons are < <= > >= == !=", node)
        return truths[0] if len(truths) == 1 else Formula("and", tuple(truths))

    def call(self, node: ast.expr, name: str, args: list[ast.expr], depth: int) -> Formula:
        match name, len(args):
            case (("implies" | "iff"), 2):
                return Formula(name, tuple(self.truth(arg, depth) for arg in args))
            case "divides", 2:
                return Formula(name, tuple(self.whole(arg, depth) for arg in args))
            case "gcd", 2:
                return Formula(name, tuple(self.whole(arg, depth) for arg in args))
            case (("max" | "min"), count) if count >= 2:
                first, *others = (self.value(arg, depth) for arg in args)
                for other in others:
                    first = Formula(name, (first, other))
                return first
            case "abs", 1:
                return Formula(name, (self.value(args[0], depth),))
            case "floor", 1:
                return floor(self.value(args[0], depth))
            case "ceil", 1:
                return negative(floor(negative(self.value(args[0], depth))))
        raise self.fail("the functions are " + ", ".join(_FUNCTIONS), node)


_NUMBERS = ("floor(a)", "ceil(a)", "max(a, b)", "min(a, b)", "abs(a)", "gcd(a, b)")
_FUNCTIONS = (*_NUMBERS, "divides(s, n)", "implies(a, b)", "iff(a, b)")
_REMEDY = f"Write + - * / // % **, < <= > >= == !=, and, or, not, {', '.join(_FUNCTIONS)} and names."
_TAKEN = {text.partition("(")[0] for text in _FUNCTIONS}


def read_formula(text: object, kind: Literal["truth", "number"], what: str = "claim") -> Formula:
    """Read a text as a formula; nothing is evaluated.

    Raises:
        GeometryError: for what is no formula of that kind, with the place; for one too long or nested too deep.

    >>> read_formula("n + 1 > n", "truth").names()
    ('n',)
    """
    if not isinstance(text, str):
        raise GeometryError(what, arrived=repr(text)[:60], rule="it is a text", remedy=_REMEDY)
    reader = _Reader(text, what)
    found = reader.truth(tree, 0) if (tree := reader.tree()) and kind == "truth" else reader.value(tree, 0)
    for name in found.names():
        if name in _TAKEN or "__" in name:
            raise reader.fail(f"{name} is no name of a number")
    return found
