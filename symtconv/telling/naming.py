"""What the numbers that a proof introduces are called: each floor, ceiling and multiple by a letter of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count

from symtconv.document.mathematics import Ceil, Floor, Math, Quotient, Relation, Sum
from symtconv.proofs.points import linear
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, at_least_1, names_in, put
from symtconv.telling.additions import Pieces
from symtconv.telling.conditions import bracket_math, polynomial_math, says_nothing, shown_bracket

WANTED = "What is wanted is a whole number "
UNITS = (Polynomial.constant(1), Polynomial.constant(-1))


class Naming:
    """The reader's names of the numbers of a case, and the sentences that introduce them."""

    def __init__(self, one: Summand, taken: set[str]) -> None:
        self.taken = set(taken)
        self.names: dict[str, Polynomial] = {}
        self.floors: list[tuple[Polynomial, Polynomial, Polynomial]] = []  # a, b and what floor(a / b) is called
        self.sentences: list[Pieces] = []
        for bracket in one.where:
            self._fix(bracket, set(one.over))

    def _fix(self, bracket: Bracket, bound: set[str]) -> None:
        """Put in what an equation such as p = 0 gives."""
        for z in names_in(bracket.of) - bound if bracket.relation == "=" else ():
            parts = linear(bracket.of, z)
            if parts is not None and parts[1] in UNITS and not names_in(parts[0]):
                self.names[z] = parts[0] * parts[1]

    @property
    def fixed(self) -> Pieces:
        """Say what is put in."""
        given = [Relation(name, "=", polynomial_math(value)) for name, value in sorted(self.names.items())]
        return tuple(chain.from_iterable((" and " if place else "", one) for place, one in enumerate(given)))[1:]

    def shown(self, p: Polynomial) -> Polynomial:
        """Give a polynomial in the reader's names."""
        return put(p, self.names)

    def introduce(self, one: Summand, *, wanted: bool = False) -> None:
        """Name all numbers that a summand binds, those first that others are made of.

        Args:
            one: the summand.
            wanted: whether it says what is to be shown, so that its equations define nothing.
        """
        waiting = [z for z in one.over if z not in self.names]
        while waiting:
            z = next((z for z in waiting if self._named(z, one, set(waiting) - {z}, wanted)), None)
            if z is None:
                self._group(waiting, one)
                return
            waiting.remove(z)
        for bracket in () if wanted else one.where:
            if bracket.relation == "=" and names_in(bracket.of) & set(one.over):
                shown = shown_bracket(bracket, self.names)
                if not says_nothing(shown) and not any(bracket_math(shown) in told for told in self.sentences):
                    self.sentences.append(("Then ", bracket_math(shown)))

    def quotient(self, z: str, a: Polynomial, b: Polynomial) -> None:
        """Call z, which is floor(a / b), as that is called."""
        self._call_floor(z, self.shown(a), self.shown(b))

    def call(self, new: str, old: str) -> None:
        """Give a number the name of another one, which it is."""
        if new not in self.names and old in self.names:
            self.names[new] = self.names[old]

    def bounds(self, a: Polynomial, b: Polynomial, value: Polynomial) -> Math:
        """Write what it means that floor(a / b) is a value."""
        return _bounds(value, a, b)

    def _named(self, z: str, one: Summand, unknown: set[str], wanted: bool) -> bool:
        value = None if wanted else next(self._values(z, one, unknown), None)
        floor = next(self._floors(z, one, unknown), None)
        if value is not None:
            self.names[z] = value
            if floor is not None and self._known(*floor) is None:
                self.floors.append((*floor, value))
                self.sentences.append(_defined(value, *floor))
        elif floor is not None:
            self._call_floor(z, *floor)
        elif (multiple := next(self._multiples(z, one, unknown), None)) is not None:
            name = self._fresh()
            self.names[z] = Polynomial.variable(name)
            before = WANTED if wanted else "Let "
            number = polynomial_math(self.names[z])
            self.sentences.append(
                (before, number, " with " if wanted else " be the number with ", self._math(multiple))
            )
        else:
            return False
        return True

    def _values(self, z: str, one: Summand, unknown: set[str]) -> Iterator[Polynomial]:
        for bracket in one.where:
            parts = linear(bracket.of, z) if bracket.relation == "=" else None
            if parts is not None and parts[1] in UNITS and not names_in(parts[0]) & unknown:
                yield self.shown(parts[0] * parts[1])

    def _floors(self, z: str, one: Summand, unknown: set[str]) -> Iterator[tuple[Polynomial, Polynomial]]:
        for bracket in one.where:
            parts = linear(bracket.of, z) if bracket.relation == ">=" else None
            if parts is not None and not names_in(*parts) & unknown:
                a, b = parts
                if at_least_1(b - bracket.of) in one.where:
                    yield self.shown(a), self.shown(b)

    def _multiples(self, z: str, one: Summand, unknown: set[str]) -> Iterator[Bracket]:
        for bracket in one.where:
            parts = linear(bracket.of, z) if bracket.relation == "=" else None
            if parts is not None and not names_in(*parts) & unknown:
                yield bracket

    def _known(self, a: Polynomial, b: Polynomial) -> Polynomial | None:
        return next((value for c, d, value in self.floors if (c, d) == (a, b)), None)

    def _call_floor(self, z: str, a: Polynomial, b: Polynomial) -> None:
        value = self._known(a, b)
        if value is None:
            name = Polynomial.variable(self._fresh())
            value = -name if _is_negative(a) else name
            self.floors.append((a, b, value))
            self.sentences.append(("Let ", *_defined(value, a, b)))
        self.names[z] = value

    def _group(self, waiting: Sequence[str], one: Summand) -> None:
        """Name numbers that are given by several conditions together."""
        about = [bracket for bracket in one.where if names_in(bracket.of) & set(waiting)]
        for z in waiting:
            letter = z.rstrip("0123456789'")
            self.names[z] = Polynomial.variable(self._fresh(letter[:1] or "q"))
        listed: list[str | Math] = []
        for place, z in enumerate(waiting):
            listed += [", " if place else "", polynomial_math(self.names[z])]
        told: list[str | Math] = []
        for place, bracket in enumerate(about):
            told += [", " if place else "", self._math(bracket)]
        self.sentences.append(tuple(x for x in ("Let ", *listed, " be the numbers with ", *told) if x != ""))

    def _math(self, bracket: Bracket) -> Math:
        return bracket_math(bracket, self.names)

    def _fresh(self, letter: str = "q") -> str:
        name = next(name for name in chain([letter], (f"{letter}{n}" for n in count(1))) if name not in self.taken)
        self.taken.add(name)
        return name


def _is_negative(a: Polynomial) -> bool:
    """Whether -a is what a reader would write: floor(-n / s) is -ceil(n / s)."""
    coefficients = [c for m, c in a.terms.items() if m] or list(a.terms.values())
    negative = [c for c in coefficients if c < 0]
    return len(negative) > len(coefficients) - len(negative) and len(negative) == len(coefficients)


def _defined(value: Polynomial, a: Polynomial, b: Polynomial) -> Pieces:
    """Say that a number is floor(a / b), or ceil(-a / b), and what that means."""
    turned = _is_negative(a)
    number = -value if turned else value
    rest = number.terms.get((), 0)
    rounded: Math = Ceil(_fraction(-a, b)) if turned else Floor(_fraction(a, b))
    right = Sum(rounded, polynomial_math(Polynomial.constant(-rest))) if rest else rounded
    left = polynomial_math(number - rest)
    if b == 1:
        return (Relation(polynomial_math(value - _number(value)), "=", polynomial_math(a - _number(value))),)
    return Relation(left, "=", right), ", that is, ", _bounds(value, a, b)


def _bounds(value: Polynomial, a: Polynomial, b: Polynomial) -> Math:
    if _is_negative(a):
        return Relation(polynomial_math(-b * value - b), "<", polynomial_math(-a), "<=", polynomial_math(-b * value))
    return Relation(polynomial_math(b * value), "<=", polynomial_math(a), "<", polynomial_math(b * value + b))


def _number(p: Polynomial) -> int:
    return int(p.terms.get((), 0))


def _fraction(a: Polynomial, b: Polynomial) -> Quotient:
    return Quotient(polynomial_math(a), polynomial_math(b))
