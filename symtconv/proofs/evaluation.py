"""The value of a formula at given whole numbers, exactly; it shares nothing with meaning.py."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, gcd, prod

from symtconv.proofs.formula import Formula

Value = int | Fraction  # a truth is a bool, which is an int


class UndefinedError(Exception):
    """A quotient by zero; `formula` is the divisor."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        super().__init__("a quotient by zero")


def evaluate(formula: Formula, at: Mapping[str, int]) -> Value:
    """Work a formula out: and, or and implies from left to right, as far as needed.

    >>> from symtconv.proofs.formula import read_formula
    >>> evaluate(read_formula("-7 // 2 == -4", "truth"), {})
    True
    """
    parts = formula.parts
    match formula.operation:
        case "number":
            return parts[0]  # type: ignore[return-value]
        case "name":
            return at[str(parts[0])]
        case "and":
            return all(evaluate(part, at) for part in formula.operands)
        case "or":
            return any(evaluate(part, at) for part in formula.operands)
        case "implies":
            return not evaluate(formula.operands[0], at) or bool(evaluate(formula.operands[1], at))
    values: list[Value] = [evaluate(part, at) for part in formula.operands]
    match formula.operation, values:
        case "not", [a]:
            return not a
        case "+", [*terms]:
            return sum(terms)
        case "*", [first, *others]:
            return prod(others, start=first)
        case "/", [a, b]:
            if b == 0:
                raise UndefinedError(formula.operands[1])
            return Fraction(a) / Fraction(b)
        case "floor", [a]:
            return floor(a)
        case "abs", [a]:
            return a if a >= 0 else -a
        case "max", _:
            return max(values)
        case "min", _:
            return min(values)
        case "gcd", [a, b]:
            return gcd(int(a), int(b))
        case "<=", [a, b]:
            return a <= b
        case "=" | "iff", [a, b]:
            return a == b
    a, b = values  # divides
    return b == 0 if a == 0 else b % a == 0
