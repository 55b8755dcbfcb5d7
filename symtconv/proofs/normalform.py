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
    Equation,
    Number,
    Product,
    Table,
    Term,
    Transposed,
    children,
    part,
    with_part,
)

RULE_OF: dict[type[Term], str] = {
    Defined: "unfold",
    Derivative: "differentiate",
    Transposed: "transpose",
    Product: "multiply",
}

OPERATION_RULE = {"+": "arithmetic", "*": "arithmetic", "//": "Euclid", "mod": "Euclid"}

REASONS = {
    "unfold": "put in the definition of {symbol}",
    "differentiate": "differentiate term by term",
    "transpose": "exchange rows and columns",
    "multiply": "multiply and add up",
    "arithmetic": "add and multiply",
    "Euclid": "divide with remainder",
}


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
        steps += there
        steps += [Step(step.after, step.before, step.rule, step.reason, step.at) for step in reversed(back)]
    return steps


def _worked_out(term: Term) -> tuple[list[Step], Term]:
    """Apply rules, innermost first, until a table or a number is left."""
    steps: list[Step] = []
    while not isinstance(term, (Table, Number)):
        path = _innermost(term)
        inner = part(term, path)
        rule = OPERATION_RULE[inner.operation] if isinstance(inner, Compound) else RULE_OF[type(inner)]
        reason = REASONS[rule].format(symbol=inner.symbol if isinstance(inner, Defined) else "")
        new = with_part(term, path, RULES[rule].apply(inner))
        steps.append(Step(term, new, rule, reason, path))
        term = new
    return steps, term


def _innermost(term: Term) -> tuple[str, ...]:
    """Find the first part that a rule applies to: a definition, or a term whose parts are all worked out."""
    if isinstance(term, Defined):
        return ()
    for name, child in children(term):
        if not isinstance(child, (Table, Number)):
            return (name, *_innermost(child))
    return ()


def refutation(equation: Equation, left: Term, right: Term) -> Refuted:
    """Say where two worked-out sides differ first."""
    if isinstance(left, Number) and isinstance(right, Number):
        numbers = {name: value for side in (equation.left, equation.right) for name, value in _numbers(side)}
        return Refuted.at(equation.says, numbers, str(left.value), f"the other side is {right.value}")
    assert isinstance(left, Table)
    assert isinstance(right, Table)
    if left.shape != right.shape:
        return Refuted.at(equation.says, {}, f"shape {left.shape}", f"the other side has shape {right.shape}")
    nothing = Polynomial({})
    places = sorted(left.entries.keys() | right.entries.keys())
    first = next(p for p in places if left.entries.get(p, nothing) != right.entries.get(p, nothing))
    names: dict[str, Any] = {}
    for (name, shape), flat in zip(equation.indices, first, strict=True):
        at = np.unravel_index(flat, shape)
        names |= {name if len(shape) == 1 else f"{name}{axis}": int(index) for axis, index in enumerate(at)}
    where = ", ".join(f"{name}={index}" for name, index in names.items()) or "the scalar"
    return Refuted.at(
        f"{equation.says}, at {where}",
        names,
        str(left.entries.get(first, nothing)),
        f"the other side is {right.entries.get(first, nothing)}",
    )


def _numbers(term: Term) -> Iterator[tuple[str, int]]:
    """Yield the names of whole numbers in a term, with their values."""
    if isinstance(term, Defined) and isinstance(term.value, Number):
        yield term.symbol, term.value.value
    for _, child in children(term):
        yield from _numbers(child)
