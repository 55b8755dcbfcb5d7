"""Expressions are written as formulas, whatever their names hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from symtconv import GeometryError
from symtconv.derivation.values import formula_of

a, b = sympy.symbols("a b")


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (3, "3"),
        (Fraction(1, 2), r"\frac{1}{2}"),
        (sympy.Rational(-3, 4), r"-\frac{3}{4}"),
        (a - b, "a-b"),
        (-a, "-a"),
        (a**2, "a^{2}"),
        (1 / a, r"\frac{1}{a}"),
        (a / b, r"\frac{a}{b}"),
        (2 * a * b, "2ab"),
        (sympy.Symbol("w_{0,12}"), "w_{0,12}"),
        (sympy.sin(a), r"\operatorname{sin}a"),
        (sympy.sqrt(2), None),
        (sympy.pi, None),
    ],
)
def test_values_are_written(value: object, latex: str | None) -> None:
    written = formula_of(value).to_latex().replace(r"\,", "").replace(r"\mathord", "")
    if latex is not None:
        assert written == latex
    assert written


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(GeometryError, match="an entry of a formula"):
        formula_of(sympy.Tuple(a, b))
