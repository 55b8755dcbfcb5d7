"""A certificate as one line: which conditions, times what, are added up, and what that gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from symtconv.document.mathematics import Math, Parenthesised, Relation, Times
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate
from symtconv.telling.conditions import Names, bracket_math, polynomial_math, says_nothing, shown_bracket

ONE = Polynomial.constant(1)
Pieces = tuple[str | Math, ...]


@dataclass(frozen=True)
class Part:
    """A condition that is added, times something that is not negative, or times anything if it says that p = 0."""

    factor: Polynomial
    bracket: Bracket

    @property
    def value(self) -> Polynomial:
        """What it adds."""
        return self.factor * self.bracket.of


@dataclass(frozen=True)
class Addition:
    """Conditions added up; `number` is what more the certificate needs, a number >= 0."""

    parts: tuple[Part, ...]
    number: Polynomial

    @property
    def total(self) -> Polynomial:
        """What the conditions add up to."""
        return sum((part.value for part in self.parts), start=Polynomial({}))

    @property
    def is_immediate(self) -> bool:
        """Whether it says what a reader sees at once: two conditions at most, each as it is."""
        return len(self.parts) <= 2 and all(not part.factor.terms.keys() - {()} for part in self.parts)

    @property
    def is_one(self) -> bool:
        """Whether one condition says it by itself."""
        return len(self.parts) <= 1 and self.is_immediate

    @property
    def is_of_equations(self) -> bool:
        """Whether equations alone are added, so that they give an equation."""
        return not self.number.terms and all(part.bracket.relation == "=" for part in self.parts)

    def told(self) -> Pieces:
        """Name what is added, as in: adding (q s + k <= n) and s (o <= q)."""
        found: list[str | Math] = []
        for number, part in enumerate(self.parts):
            found.append("" if number == 0 else " and " if number == len(self.parts) - 1 else ", ")
            found.append(_part_math(part))
        return tuple(piece for piece in found if piece != "")


def _part_math(part: Part) -> Math:
    inner = Parenthesised(bracket_math(part.bracket))
    if part.factor == ONE:
        return inner
    factor = polynomial_math(part.factor)
    return Times(Parenthesised(factor) if len(part.factor.terms) > 1 else factor, inner)


def addition(where: Sequence[Bracket], certificate: Certificate, names: Names) -> Addition:
    """Read a certificate in the reader's names, without fractions; what always holds is left out."""
    scale = Polynomial.constant(lcm(*(c.denominator for factor, _ in certificate for c in factor.terms.values()), 1))
    number, single, products = Polynomial({}), list[Part](), list[tuple[Polynomial, Bracket, Bracket]]()
    for factor, places in certificate:
        used = [shown_bracket(where[place], names) for place in places]
        factor = _put(factor, names) * scale
        if not used:
            number = number + factor
        elif len(used) == 1:
            single.append(_facing(Part(factor, used[0])))
        else:
            first, *others = used
            for other in others[:-1]:
                first = Bracket(">=", first.of * other.of)
            products.append((factor, first, others[-1]))
    parts = [part for part in single if not says_nothing(part.bracket)]
    number = number + sum((p.value for p in single if says_nothing(p.bracket)), start=Polynomial({}))
    for factor, a, b in products:
        _multiplied(parts, factor, a, b)
    return Addition(tuple(parts), number)


def _put(factor: Polynomial, names: Names) -> Polynomial:
    return shown_bracket(Bracket(">=", factor), names).of


def _facing(part: Part) -> Part:
    """Turn an equation round where it is multiplied by something negative."""
    if part.bracket.relation == "=" and all(c < 0 for c in part.factor.terms.values()):
        return Part(-part.factor, Bracket("=", -part.bracket.of))
    return part


def _multiplied(parts: list[Part], factor: Polynomial, a: Bracket, b: Bracket) -> None:
    """Add a product of two conditions, as a multiple of one: (x - 1) times B and once B are x times B."""
    sides = [(a, b), (b, a)]
    for multiplier, bracket in sides:
        bound, rest = -multiplier.of.terms.get((), 0), multiplier.of + -multiplier.of.terms.get((), 0)
        for place, part in enumerate(parts):
            known = part.bracket == bracket and not part.factor.terms.keys() - {()}
            if known and bound > 0 and len(rest.terms) == 1 and min(rest.terms.values()) > 0:
                left = part.factor - factor * bound
                if left.terms.get((), 0) >= 0:
                    parts[place : place + 1] = [Part(left, bracket)] if left.terms else []
                    parts.append(Part(factor * rest, bracket))
                    return
    multiplier, bracket = min(sides, key=lambda side: len(side[0].of.terms))
    parts.append(Part(factor * multiplier.of, bracket))


def contradiction(made: Addition) -> Pieces:
    """Say how conditions contradict each other: adding them up gives 1 <= 0."""
    return (*_adding(made), " gives ", Relation(polynomial_math(-made.total), "<=", 0), ", a contradiction")


def consequence(made: Addition, shown: Bracket) -> Pieces:
    """Say how a condition follows: adding others up gives it."""
    return (*_adding(made), " gives ", bracket_math(shown))


def _adding(made: Addition) -> Pieces:
    if len(made.parts) == 1 and made.parts[0].factor.terms.keys() - {()}:
        (part,) = made.parts
        return ("multiplying ", Parenthesised(bracket_math(part.bracket)), " by ", polynomial_math(part.factor))
    return ("adding ", *made.told())
