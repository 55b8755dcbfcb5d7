"""Finding proofs of equations between tables and numbers: work both sides out, and compare.

Untrusted: the kernel checks every step again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from symtconv.errors import Refuted
from symtconv.proofs.kernel import RULES, Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Determinant,
    Equation,
    Of,
    Table,
    Term,
    Transposed,
    children,
    constant,
    exchanged,
)

OPERATION_RULE = {
    "+": "entrywise",
    "o": "entrywise",
    "*": "multiply",
    "(x)": "Kronecker",
    "//": "Euclid",
    "mod": "Euclid",
    "gcd": "Euclid",
    "=": "compare",
    "<=": "compare",
}

REASONS = {
    "unfold": "put in the definition of {symbol}",
    "differentiate": "differentiate term by term",
    "transpose": "exchange rows and columns",
    "entrywise": "add or multiply entry by entry",
    "multiply": "multiply and add up",
    "Kronecker": "lay the right matrix into every entry of the left",
    "Euclid": "divide with remainder",
    "compare": "compare",
    "order": "what is added is not negative",
    "determinant": "take the determinant",
}


def rule_of(term: Term) -> str:
    """Name the rule for a term whose parts are worked out."""
    if isinstance(term, Defined):
        return "unfold"
    if isinstance(term, Of):
        return {Derivative: "differentiate", Transposed: "transpose", Determinant: "determinant"}[type(term)]
    assert isinstance(term, Compound)
    return "order" if RULES["order"](term) else OPERATION_RULE[term.operation]


def find_steps(equations: Sequence[Equation]) -> list[Step]:
    """Find the steps for every equation, or refute the first that is false.

    Raises:
        Refuted: with the first entry, in row-major order, at which the two sides differ.
    """
    steps: list[Step] = []
    for equation in equations:
        there, left = _worked_out(equation.left)
        back, right = _worked_out(equation.right)
        if left != right:
            raise refutation(equation, left, right)
        back = [Step(step.after, step.before, step.rule, step.reason, step.at) for step in reversed(back)]
        steps += _until(equation.right, equation.left, [*there, *back])
    return steps


def _until(end: Term, start: Term, steps: Sequence[Step]) -> Sequence[Step]:
    """Give the steps as far as the first that ends at the right side, where the kernel stops."""
    reached = (number for number, term in enumerate((start, *(step.after for step in steps))) if term == end)
    return steps[: next(reached)]


def _worked_out(term: Term) -> tuple[list[Step], Term]:
    """Apply rules, innermost first, until a table is left."""
    steps: list[Step] = []
    while not isinstance(term, Table):
        path, inner = _innermost(term)
        rule = rule_of(inner)
        reason = REASONS[rule].format(symbol=inner.symbol if isinstance(inner, Defined) else "")
        new = exchanged(term, path, RULES[rule])
        steps.append(Step(term, new, rule, reason, path))
        term = new
    return steps, term


def _innermost(term: Term) -> tuple[tuple[str, ...], Term]:
    """Find the first part that a rule applies to: a definition, or a term whose parts are all worked out."""
    if isinstance(term, Defined) or RULES["order"](term):
        return (), term
    inside = term.of if isinstance(term, Determinant) and isinstance(term.of, Compound) else term
    for name, child in children(inside):
        if not isinstance(child, Table):
            path, part = _innermost(child)
            return (*(("of",) if inside is not term else ()), name, *path), part
    return (), term


def refutation(equation: Equation, left: Term, right: Term) -> Refuted:
    """Say where two worked-out sides differ first."""
    a, b = constant(left), constant(right)
    if a is not None and b is not None:
        numbers = {name: value for side in (equation.left, equation.right) for name, value in _numbers(side)}
        return Refuted.at(equation.says, numbers, str(a), f"the other side is {b}")
    assert isinstance(left, Table)
    assert isinstance(right, Table)
    if left.shape != right.shape:
        return Refuted.at(equation.says, {}, f"shape {left.shape}", f"the other side has shape {right.shape}")
    nothing = Polynomial({})
    places = sorted(left.entries.keys() | right.entries.keys())
    first = next(p for p in places if left.entries.get(p, nothing) != right.entries.get(p, nothing))
    names: dict[str, Any] = {}
    unnamed = [(name, (size,)) for name, size in zip(("row", "column", "layer"), left.shape, strict=False)]
    for (name, shape), flat in zip(equation.indices or unnamed, first, strict=True):
        at = np.unravel_index(flat, shape)
        names |= {name if len(shape) == 1 else f"{name}{axis}": int(index) for axis, index in enumerate(at)}
    where = ", ".join(f"{name}={index}" for name, index in names.items()) or "the scalar"
    return Refuted.at(
        f"{equation.says}, at {where}",
        names,
        str(left.entries.get(first, nothing)),
        f"the other side is {right.entries.get(first, nothing)}",
    )


def _numbers(term: Term) -> Iterator[tuple[str, Any]]:
    """Yield the names of numbers in a term, with their values."""
    if isinstance(term, Defined) and (value := constant(term.value)) is not None:
        yield term.symbol, value
    for _, child in children(term):
        yield from _numbers(child)
