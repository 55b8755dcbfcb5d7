"""The terms of the proof kernel in plain text, for the terminal."""

from __future__ import annotations

from symtconv.proofformulas import rank
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Determinant,
    Equation,
    Table,
    Term,
    Transposed,
    constant,
)

_SUM, _PRODUCT, _ATOM = range(3)


def equation_words(equation: Equation) -> str:
    """Write an equation: "C^T v = z".

    >>> from symtconv import Conv, prove
    >>> equation_words(prove("stamps", Conv(3, 2)).equations[0])
    'z = C^T v'
    """
    return f"{term_words(equation.left)} = {term_words(equation.right)}"


def term_words(term: Term) -> str:
    """Write a term."""
    return _told(term)[0]


def _told(term: Term) -> tuple[str, int]:
    """Write a term, and say how tightly it binds."""
    if isinstance(term, Defined):
        return term.symbol, _SUM if " " in term.symbol else _ATOM
    if (value := constant(term)) is not None:
        return str(value), _ATOM if value >= 0 else _SUM
    if isinstance(term, Transposed):
        return f"{_within(term.of, _ATOM)}^T", _ATOM
    if isinstance(term, Determinant):
        return f"det({term_words(term.of)})", _ATOM
    if isinstance(term, Derivative):
        letter = term.by[0].split("_")[0] if term.by else "x"
        scalar = rank(term.of) == 0
        return (
            f"grad_{letter} {_within(term.of, _ATOM)}" if scalar else f"d{_within(term.of, _ATOM)}/d{letter}"
        ), _ATOM
    if isinstance(term, Compound):
        return _compound(term)
    assert isinstance(term, Table)
    return ("0" if not term.entries else f"({' x '.join(map(str, term.shape))} table)"), _ATOM


def _compound(term: Compound) -> tuple[str, int]:
    left, right, operation = term.left, term.right, term.operation
    if operation == "+":
        minus = isinstance(right, Compound) and right.operation == "*" and constant(right.left) == -1
        value = constant(right) if not isinstance(right, Defined) else None
        if minus:
            assert isinstance(right, Compound)
            return f"{term_words(left)} - {_within(right.right, _PRODUCT)}", _SUM
        if value is not None and value < 0:
            return f"{term_words(left)} - {-value}", _SUM
        return f"{term_words(left)} + {term_words(right)}", _SUM
    if operation == "*":
        if constant(left) == -1:
            return f"-{_within(right, _PRODUCT)}", _SUM
        if rank(left) == rank(right) == 1:
            return f"<{term_words(left)}, {term_words(right)}>", _ATOM
        return f"{_within(left, _PRODUCT)} {_within(right, _PRODUCT)}", _PRODUCT
    if operation in ("=", "<="):
        return f"[{term_words(left)} {operation} {term_words(right)}]", _ATOM
    if operation == "//":
        return f"floor({term_words(left)} / {_within(right, _ATOM)})", _ATOM
    if operation == "gcd":
        return f"gcd({term_words(left)}, {term_words(right)})", _ATOM
    return f"({_within(left, _PRODUCT)} {operation} {_within(right, _PRODUCT)})", _ATOM


def _within(term: Term, binding: int) -> str:
    """Write a term in brackets where it binds more loosely than its place allows."""
    text, own = _told(term)
    return text if own >= binding else f"({text})"
