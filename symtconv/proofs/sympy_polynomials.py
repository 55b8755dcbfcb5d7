"""Reading SymPy's expressions as exact polynomials."""

from __future__ import annotations

from typing import Any

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Polynomial, exact


def from_sympy(expression: Any) -> Polynomial:
    """Read a SymPy polynomial in plain symbols with rational coefficients, exactly.

    Raises:
        ProofError: for anything else, floating-point numbers included.
    """
    try:
        return _polynomial(expression)
    except RecursionError:
        raise ProofError(
            "an exact polynomial", arrived="an expression nested too deeply", rule="Python's stack does not hold it"
        ) from None


def _polynomial(expression: Any) -> Polynomial:
    number = exact(expression)
    if number is not None:
        return Polynomial.constant(number)
    if not hasattr(expression, "is_Symbol"):
        raise ProofError("an exact polynomial", arrived=f"a {type(expression).__name__}", rule="it is no exact number")
    if expression.is_Symbol and expression == type(expression)(expression.name):
        return Polynomial.variable(expression.name)
    if expression.is_Add or expression.is_Mul:
        parts = [_polynomial(part) for part in expression.args]
        total = parts[0]
        for part in parts[1:]:
            total = total + part if expression.is_Add else total * part
        return total
    if expression.is_Pow and expression.exp.is_Integer and 0 <= expression.exp <= 64:
        total, base = Polynomial.constant(1), _polynomial(expression.base)
        for _ in range(int(expression.exp)):
            total = total * base
        return total
    raise ProofError(
        "an exact polynomial",
        arrived=f"{str(expression)[:80]}",
        rule="it may hold plain symbols and rational numbers, added, multiplied and raised to whole powers",
        remedy="Use Fractions for numbers with a decimal point, and symbols for everything else.",
    )
