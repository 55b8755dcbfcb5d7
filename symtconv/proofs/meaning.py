"""What a formula says, as a sum over whole numbers: 1 where it is true, 0 where it is false.

A floor is the quotient of Euclid's division, the only q with 0 <= a - b q < b; max, min, abs and the sign of a
divisor are cases. What has no value (a quotient by 0) makes what is said of it false; that it does not occur is a claim
of its own, see claims.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product

from symtconv.errors import TooLarge
from symtconv.proofs.formula import Formula
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, Total, at_least_1, bezout, total

ONE = Polynomial.constant(1)
MOST_CASES, MOST_TERMS, MOST_DIGITS = 600, 1_000, 1_000


@dataclass(frozen=True)
class Case:
    """A number in one case: over / under, with under >= 1, where the brackets are 1 for the numbers `bound`."""

    bound: tuple[str, ...]
    where: tuple[Bracket, ...]
    over: Polynomial
    under: Polynomial = field(default_factory=lambda: ONE)

    def also(self, *brackets: Bracket, bound: tuple[str, ...] = ()) -> Case:
        """Give the case with more brackets and bound numbers."""
        return Case((*self.bound, *bound), (*self.where, *brackets), self.over, self.under)

    def being(self, over: Polynomial, under: Polynomial = ONE) -> Case:
        """Give the case with another value."""
        for p in (over, under):
            if len(p.terms) > MOST_TERMS:
                raise TooLarge.of("a formula", len(p.terms), MOST_TERMS, what="terms", remedy="Take it apart.")
            if any(abs(coefficient) >= 10**MOST_DIGITS for coefficient in p.terms.values()):
                rule = f"its numbers have at most {MOST_DIGITS:,} digits"
                raise TooLarge("a formula", arrived="a larger number", rule=rule, remedy="Take it apart.")
        return Case(self.bound, self.where, over, under)


def meaning(formula: Formula, letter: str = "q") -> Total:
    """Give the sum that is 1 where a formula is true and 0 where it is not.

    >>> from symtconv.proofs.formula import read_formula
    >>> len(meaning(read_formula("n // 2 >= 0", "truth")).summands)
    1
    """
    fresh = (f"{letter}'{place}" for place in count(1))
    return total(*_truth(formula, True, fresh))


def _truth(formula: Formula, wanted: bool, fresh: Iterator[str]) -> list[Summand]:
    """List the cases, no two of which occur together, in which a formula is true, or false."""
    parts = formula.operands
    match formula.operation, wanted:
        case (("<=" | "="), _):
            return [one for a, b in _together(parts, fresh) for one in _compared(a, b, formula.operation, wanted)]
        case "divides", _:
            return [one for s, n in _together(parts, fresh) for one in _divides(s, n, wanted, fresh)]
        case "not", _:
            return _truth(parts[0], not wanted, fresh)
        case ("and", True) | ("or", False):
            found = [Summand(1, (), (), ())]
            for part in parts:
                found = _both(found, _truth(part, wanted, fresh))
            return found
        case ("and", False) | ("or", True):  # the first part that decides
            found, undecided = [], [Summand(1, (), (), ())]
            for part in parts:
                found += _both(undecided, _truth(part, wanted, fresh))
                undecided = _both(undecided, _truth(part, not wanted, fresh))
            return found
        case "implies", _:
            first = Formula("not", (parts[0],))
            return _truth(Formula("or", (first, parts[1])), wanted, fresh)
    a, b = parts  # iff
    return [one for value in (True, False) for one in _both(_truth(a, value, fresh), _truth(b, value == wanted, fresh))]


def _compared(a: Case, b: Case, relation: str, wanted: bool) -> list[Summand]:
    difference = b.over * a.under - a.over * b.under
    if relation == "<=":
        brackets = [Bracket(">=", difference if wanted else -difference - 1)]
    else:
        brackets = [Bracket("=", difference)] if wanted else [at_least_1(difference), at_least_1(-difference)]
    return [Summand(1, (*a.bound, *b.bound), (*a.where, *b.where, bracket), ()) for bracket in brackets]


def _both(a: list[Summand], b: list[Summand]) -> list[Summand]:
    if len(a) * len(b) > MOST_CASES:
        raise TooLarge.of("a formula", len(a) * len(b), MOST_CASES, what="cases", remedy="Take it apart.")
    return [Summand(1, (*one.over, *other.over), (*one.where, *other.where), ()) for one, other in product(a, b)]


def _divides(s: Case, n: Case, wanted: bool, fresh: Iterator[str]) -> list[Summand]:
    """For s >= 1 and for s <= -1 the remainder of n by |s| is 0, or is not; 0 divides 0 alone."""
    bound, where = (*s.bound, *n.bound), (*s.where, *n.where)
    found = []
    for sign in (1, -1):
        q, divisor = next(fresh), sign * s.over
        rest = n.over - divisor * Polynomial.variable(q)
        remainder = [Bracket(">=", rest), at_least_1(rest), at_least_1(divisor - rest)]
        brackets = [Bracket("=", rest)] if wanted else remainder
        found.append(Summand(1, (*bound, q), (*where, *brackets, at_least_1(divisor)), ()))
    for zero in [Bracket("=", n.over)] if wanted else [at_least_1(n.over), at_least_1(-n.over)]:
        found.append(Summand(1, bound, (*where, Bracket("=", s.over), zero), ()))
    return found


def _together(parts: tuple[Formula, ...], fresh: Iterator[str]) -> Iterator[tuple[Case, Case]]:
    a, b = (_cases(part, fresh) for part in parts)
    if len(a) * len(b) > MOST_CASES:
        raise TooLarge.of("a formula", len(a) * len(b), MOST_CASES, what="cases", remedy="Take it apart.")
    return product(a, b)


def _joined(a: Case, b: Case, *brackets: Bracket) -> Case:
    return Case((*a.bound, *b.bound), (*a.where, *b.where, *brackets), ONE)


def _cases(formula: Formula, fresh: Iterator[str]) -> list[Case]:
    parts = formula.operands
    match formula.operation:
        case "number":
            return [Case((), (), Polynomial.constant(formula.parts[0]))]  # type: ignore[arg-type]
        case "name":
            return [Case((), (), Polynomial.variable(str(formula.parts[0])))]
        case "+" | "*":
            found = _cases(parts[0], fresh)
            for part in parts[1:]:
                pairs = product(found, _cases(part, fresh))
                if formula.operation == "*":
                    found = [_joined(a, b).being(a.over * b.over, a.under * b.under) for a, b in pairs]
                else:
                    found = [_sum(a, b) for a, b in pairs]
                if len(found) > MOST_CASES:
                    raise TooLarge.of("a formula", len(found), MOST_CASES, what="cases", remedy="Take it apart.")
            return found
        case "/":
            return [one for a, b in _together(parts, fresh) for one in _quotients(a, b)]
        case "floor":
            return [_floor(one, next(fresh)) for one in _cases(parts[0], fresh)]
        case "abs":
            return _larger(parts[0], Formula("*", (Formula("number", (-1,)), parts[0])), 1, fresh)
        case "max" | "min":
            return _larger(parts[0], parts[1], 1 if formula.operation == "max" else -1, fresh)
    return [one for a, b in _together(parts, fresh) for one in _gcd(a, b, fresh)]


def _sum(a: Case, b: Case) -> Case:
    joined = _joined(a, b)
    if a.under == b.under:
        return joined.being(a.over + b.over, a.under)
    return joined.being(a.over * b.under + b.over * a.under, a.under * b.under)


def _quotients(a: Case, b: Case) -> list[Case]:
    """a / b for b >= 1, and for b <= -1, where the signs change; what cannot be is left out."""
    found = []
    for sign in (1, -1):
        divisor = sign * b.over
        if divisor.terms.keys() <= {()}:
            if divisor.terms.get((), 0) > 0:
                found.append(_joined(a, b).being(sign * a.over * b.under, a.under * divisor))
            continue
        found.append(_joined(a, b, at_least_1(divisor)).being(sign * a.over * b.under, a.under * divisor))
    return found


def _floor(one: Case, q: str) -> Case:
    if one.under == 1:
        return one
    quotient = Polynomial.variable(q)
    rest = one.over - one.under * quotient
    brackets = Bracket(">=", rest), at_least_1(one.under - rest), at_least_1(one.under)
    return one.also(*brackets, bound=(q,)).being(quotient)


def _larger(left: Formula, right: Formula, sign: int, fresh: Iterator[str]) -> list[Case]:
    found = []
    for a, b in _together((left, right), fresh):
        difference = sign * (a.over * b.under - b.over * a.under)
        found.append(_joined(a, b, Bracket(">=", difference)).being(a.over, a.under))
        found.append(_joined(a, b, Bracket(">=", -difference - 1)).being(b.over, b.under))
    return found


def _gcd(a: Case, b: Case, fresh: Iterator[str]) -> list[Case]:
    """gcd(a, 0) = |a|, gcd(0, b) = |b|; else the g of Bezout's equation for |a| and |b|."""
    zero = [Bracket("=", a.over), Bracket("=", b.over)]
    found = [_joined(a, b, *zero).being(Polynomial.constant(0))]
    for one, other in ((a, b), (b, a)):
        for sign in (1, -1):
            found.append(_joined(a, b, at_least_1(sign * one.over), Bracket("=", other.over)).being(sign * one.over))
    for s, t in product((1, -1), repeat=2):
        names = tuple(f"{letter}{next(fresh)}" for letter in "gfhuv")
        x, y = s * a.over, t * b.over
        brackets = bezout(x, y, *map(Polynomial.variable, names))
        found.append(
            _joined(a, b, at_least_1(x), at_least_1(y), *brackets)
            .also(bound=names)
            .being(Polynomial.variable(names[0]))
        )
    return found
