"""Polynomials, conditions and ranges as formulas, in the names that a reader is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from symtconv.document.mathematics import Like, Math, Negative, Number, Power, Relation, Sum, Times, as_math
from symtconv.proofformulas import symbol
from symtconv.proofs.polynomials import Coefficient, Polynomial
from symtconv.proofs.summation import Bracket, names_in, put

Names: TypeAlias = Mapping[str, Polynomial]  # what a name of the proof is called for the reader


def polynomial_math(p: Polynomial, names: Names | None = None) -> Math:
    """Write a polynomial, its highest terms first, what is added before what is subtracted, a number last.

    >>> x, y = map(Polynomial.variable, "xy")
    >>> polynomial_math(x * y - 2 * x + 1).to_latex()
    'xy-2x+1'
    """
    found: list[Math] = []
    terms: dict[tuple[str, ...], Coefficient] = put(p, names).terms if names else p.terms
    for monomial, coefficient in sorted(terms.items(), key=_rank):
        amount = coefficient if coefficient > 0 else -coefficient
        factors: list[Like] = [amount] if amount != 1 or not monomial else []
        factors += [_power(name, monomial.count(name)) for name in dict.fromkeys(monomial)]
        product = Times(*factors) if len(factors) > 1 else as_math(factors[0])
        found.append(Negative(product) if coefficient < 0 else product)
    return Sum(*found) if len(found) > 1 else found[0] if found else Number(0)


def _power(name: str, exponent: int) -> Math:
    return Power(symbol(name), exponent) if exponent > 1 else symbol(name)


def _rank(term: tuple[tuple[str, ...], Coefficient]) -> tuple[bool, bool, int, tuple[str, ...]]:
    monomial, coefficient = term
    return not monomial, coefficient < 0, -len(monomial), monomial


def bracket_math(bracket: Bracket, names: Names | None = None) -> Math:
    """Write p >= 0 or p = 0 with its negative terms on the other side: a <= b, x >= 2, or a = b.

    >>> x, y = map(Polynomial.variable, "xy")
    >>> bracket_math(Bracket(">=", x - y - 1)).to_latex(), bracket_math(Bracket(">=", x - 2)).to_latex()
    ('y+1\\\\leq x', 'x\\\\geq 2')
    """
    p = put(bracket.of, names) if names else bracket.of
    left, right = two_sides(p)
    if not left.terms.keys() - {()} and right.terms.keys() - {()}:
        return Relation(polynomial_math(right), ">=" if bracket.relation == ">=" else "=", polynomial_math(left))
    if not right.terms and left.terms.get((), 0) and bracket.relation == ">=":
        left, right = left - left.terms[()], Polynomial.constant(-left.terms[()])
    return Relation(polynomial_math(left), "<=" if bracket.relation == ">=" else "=", polynomial_math(right))


def two_sides(p: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Give the sides of left <= right or left = right that say p >= 0 or p = 0, neither with negative terms."""
    return (
        Polynomial({m: -c for m, c in p.terms.items() if c < 0}),
        Polynomial({m: c for m, c in p.terms.items() if c > 0}),
    )


def shown_bracket(bracket: Bracket, names: Names) -> Bracket:
    """Give a condition in the reader's names."""
    return Bracket(bracket.relation, put(bracket.of, names))


def says_nothing(bracket: Bracket) -> bool:
    """Tell whether a condition holds of any numbers, as its form shows: 0 <= 1, x = x."""
    terms = bracket.of.terms
    if terms.keys() - {()}:
        return False
    return terms.get((), 0) == 0 or (bracket.relation == ">=" and terms[()] > 0)


@dataclass(frozen=True)
class Range:
    """Two conditions as one: 0 <= value < end."""

    value: Polynomial
    end: Polynomial

    def formula(self, names: Names | None = None) -> Math:
        """Write it as a chain."""
        return Relation(0, "<=", polynomial_math(self.value, names), "<", polynomial_math(self.end, names))


def ranges(brackets: Collection[Bracket]) -> list[Range | Bracket]:
    """Join conditions in pairs, 0 <= i and i < o, as far as they are such pairs; ranges come first."""
    rest, found = list(brackets), list[Range | Bracket]()
    for bracket in brackets:
        partner = next((other for other in rest if _is_upper(other, bracket)), None) if bracket in rest else None
        if partner is not None:
            rest.remove(bracket)
            rest.remove(partner)
            found.append(Range(bracket.of, bracket.of + partner.of + 1))
    return [*found, *rest]


def _is_upper(other: Bracket, lower: Bracket) -> bool:
    if other == lower or {other.relation, lower.relation} != {">="}:
        return False
    shared = names_in(lower.of) & names_in(other.of)
    return bool(shared) and not names_in(lower.of + other.of) & names_in(lower.of)


def conditions_math(brackets: Iterable[Bracket], names: Names | None = None) -> list[Math]:
    """Write conditions, pairs of them as ranges."""
    parts = ranges(list(brackets))
    return [one.formula(names) if isinstance(one, Range) else bracket_math(one, names) for one in parts]
