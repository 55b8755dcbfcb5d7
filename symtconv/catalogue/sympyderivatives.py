"""Derivatives that SymPy's own diff takes, as tables: a second opinion, which must equal what the kernel gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.proofs.terms import Place, Table, table


def derivatives(expressions: Mapping[Place, Any], by: tuple[str, ...]) -> dict[Place, Any]:
    """Differentiate by every name with SymPy's diff; where a name does not occur, the derivative is 0 and left out."""
    column = {name: number for number, name in enumerate(by)}
    found: dict[Place, Any] = {}
    for place, expression in expressions.items():
        for symbol in sympy.sympify(expression).free_symbols:
            if symbol.name in column:
                found[(*place, column[symbol.name])] = sympy.diff(expression, symbol)
    return found


def polynomials(expressions: Mapping[Place, Any], shape: Place) -> Table:
    """Make a table of SymPy's expressions."""
    return table(shape, {place: from_sympy(expression) for place, expression in expressions.items()})
