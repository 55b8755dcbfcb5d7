"""What a formula says, as a sum over whole numbers: 1 where it is true, 0 where it is false.

A floor is the quotient of Euclid's division, the only q with 0 <= a - b q < b; max, min, abs and the sign of a
divisor are cases. What has no value (a quotient by 0) makes what is said of it false; that it does not occur is a claim
of its own, see claims.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from math import prod

from symtconv.errors import TooLarge
from symtconv.proofs.formula import Formula
from symtconv.proofs.polynomials import Coefficient, Polynomial
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


Known = dict[Formula, list[Case]]


@dataclass
class _Names:
    """New names, and the cases of what was said before: what is said twice is the same number."""

    new: Iterator[str]
    known: Known

    def __next__(self) -> str:
        return next(self.new)


def meaning(formula: Formula, letter: str = "q", known: Known | None = None) -> Total:
    """Give the sum that is 1 where a formula is true and 0 where it is not.

    What a formula says of quotients that are `known` is said with their names; it adds its own to them.

    >>> from symtconv.proofs.formula import read_formula
    >>> len(meaning(read_formula("n // 2 >= 0", "truth")).summands)
    1
    """
    fresh = _Names((f"{letter}'{place}" for place in count(1)), {} if known is None else known)
    return total(*_truth(formula, True, fresh))


def both(one: Summand, other: Summand) -> Summand | None:
    """Multiply brackets, a number that both bind bound once; None where two of them contradict each other.

    Of p >= 0 and -p - c >= 0 with c >= 1 only one can be; a quotient is the only one of its kind, in each of both.
    """
    where = (*one.where, *other.where)
    if not _possible(where):
        return None
    return Summand(one.coefficient * other.coefficient, _once(one.over, other.over), where, ())


def _truth(formula: Formula, wanted: bool, fresh: _Names) -> list[Summand]:
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


def _once(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))


def _possible(where: tuple[Bracket, ...]) -> bool:
    """Tell whether no two brackets say p >= 0 and -p - c >= 0 with c >= 1."""
    least: dict[tuple[tuple[tuple[str, ...], Coefficient], ...], Coefficient] = {}
    for bracket in where:
        key = tuple(sorted((m, c) for m, c in bracket.of.terms.items() if m))
        if key and bracket.relation == ">=":
            least[key] = min(least.get(key, bracket.of.terms.get((), 0)), bracket.of.terms.get((), 0))
    opposite = ((tuple((m, -c) for m, c in key), value) for key, value in least.items())
    return all(value + least.get(key, -value) >= 0 for key, value in opposite)


def _compared(a: Case, b: Case, relation: str, wanted: bool) -> list[Summand]:
    joined, difference = _joined(a, b), b.over * a.under - a.over * b.under
    if joined is None:
        return []
    if relation == "<=":
        brackets = [Bracket(">=", difference if wanted else -difference - 1)]
    elif wanted:
        brackets = [_equation(difference, joined.bound)]
    else:
        brackets = [at_least_1(difference), at_least_1(-difference)]
    return [one for bracket in brackets for one in _summands(joined, bracket)]


def _equation(p: Polynomial, bound: tuple[str, ...]) -> Bracket:
    """Write p = 0 so that it gives a number, a bound one if it can: z - ... = 0."""
    alone = [m[0] for m, c in p.terms.items() if len(m) == 1 and abs(c) == 1 and sum(m[0] in n for n in p.terms) == 1]
    first = min(alone, key=lambda name: name not in bound, default=None)
    return Bracket("=", -p if first is not None and p.terms[(first,)] < 0 else p)


def _summands(one: Case, *brackets: Bracket) -> list[Summand]:
    where = (*one.where, *brackets)
    return [Summand(1, one.bound, where, ())] if _possible(where) else []


def _both(a: list[Summand], b: list[Summand]) -> list[Summand]:
    _limit(len(a) * len(b))
    return [found for one, other in product(a, b) if (found := both(one, other)) is not None]


def _limit(cases: int) -> None:
    if cases > MOST_CASES:
        raise TooLarge.of("a formula", cases, MOST_CASES, what="cases", remedy="Take it apart.")


def _divides(s: Case, n: Case, wanted: bool, fresh: _Names) -> list[Summand]:
    """For s >= 1 and for s <= -1 the remainder of n by |s| is 0, or is not; 0 divides 0 alone."""
    joined, found = _joined(s, n), list[Summand]()
    if joined is None:
        return []
    for sign in (1, -1):
        q, divisor = next(fresh), sign * s.over
        rest = n.over - divisor * Polynomial.variable(q)
        remainder = [Bracket(">=", rest), at_least_1(rest), at_least_1(divisor - rest)]
        brackets = [_equation(rest, ())] if wanted else remainder
        found += _summands(joined.also(bound=(q,)), *brackets, at_least_1(divisor))
    for zero in [_equation(n.over, ())] if wanted else [at_least_1(n.over), at_least_1(-n.over)]:
        found += _summands(joined, _equation(s.over, ()), zero)
    return found


def _together(parts: tuple[Formula, ...], fresh: _Names) -> list[tuple[Case, Case]]:
    a, b = (_cases(part, fresh) for part in parts)
    _limit(len(a) * len(b))
    return list(product(a, b))


def _joined(a: Case, b: Case, *brackets: Bracket) -> Case | None:
    where = (*a.where, *b.where, *brackets)
    return Case(_once(a.bound, b.bound), where, ONE) if _possible(where) else None


def _cases(formula: Formula, fresh: _Names) -> list[Case]:
    if formula not in fresh.known:
        fresh.known[formula] = _made(formula, fresh)
    return fresh.known[formula]


def _made(formula: Formula, fresh: _Names) -> list[Case]:
    parts = formula.operands
    match formula.operation:
        case "number":
            return [Case((), (), Polynomial.constant(formula.parts[0]))]  # type: ignore[arg-type]
        case "name":
            return [Case((), (), Polynomial.variable(str(formula.parts[0])))]
        case "+" | "*":
            found = _cases(parts[0], fresh)
            for part in parts[1:]:
                others = _cases(part, fresh)
                _limit(len(found) * len(others))
                pairs = ((a, b, _joined(a, b)) for a, b in product(found, others))
                values = _sum if formula.operation == "+" else _product
                found = [joined.being(*values(a, b)) for a, b, joined in pairs if joined is not None]
            return found
        case "/":
            return [one for a, b in _together(parts, fresh) for one in _quotients(a, b)]
        case "floor":
            return [_floor(one, next(fresh)) for one in _cases(parts[0], fresh)]
        case "abs":
            return _largest([parts[0], Formula("*", (Formula("number", (-1,)), parts[0]))], 1, fresh)
        case "max" | "min":
            return _largest(list(_flat(formula)), 1 if formula.operation == "max" else -1, fresh)
    return [one for a, b in _together(parts, fresh) for one in _gcd(a, b, fresh)]


def _sum(a: Case, b: Case) -> tuple[Polynomial, Polynomial]:
    if a.under == b.under:
        return a.over + b.over, a.under
    return a.over * b.under + b.over * a.under, a.under * b.under


def _product(a: Case, b: Case) -> tuple[Polynomial, Polynomial]:
    return a.over * b.over, a.under * b.under


def _quotients(a: Case, b: Case) -> list[Case]:
    """a / b for b >= 1, and for b <= -1, where the signs change; what cannot be is left out."""
    found = []
    for sign in (1, -1):
        divisor = sign * b.over
        if divisor.terms.keys() <= {()}:
            joined = _joined(a, b) if divisor.terms.get((), 0) > 0 else None
        else:
            joined = _joined(a, b, at_least_1(divisor))
        if joined is not None:
            found.append(joined.being(sign * a.over * b.under, a.under * divisor))
    return found


def _floor(one: Case, q: str) -> Case:
    if one.under == 1:
        return one
    quotient = Polynomial.variable(q)
    rest = one.over - one.under * quotient
    brackets = Bracket(">=", rest), at_least_1(one.under - rest), at_least_1(one.under)
    return one.also(*brackets, bound=(q,)).being(quotient)


def _flat(formula: Formula) -> Iterator[Formula]:
    """List what a maximum of maxima is of."""
    for part in formula.operands:
        yield from _flat(part) if part.operation == formula.operation else (part,)


def _largest(parts: list[Formula], sign: int, fresh: _Names) -> list[Case]:
    """The first of the largest numbers: greater than those before it, and not smaller than those after it."""
    found = []
    for values in _all([_cases(part, fresh) for part in parts]):
        for place, one in enumerate(values):
            brackets = []
            for other_place, other in enumerate(values):
                difference = sign * (one.over * other.under - other.over * one.under)
                if other_place != place:
                    brackets.append(Bracket(">=", difference - int(other_place < place)))
            joined: Case | None = one.also(*brackets)
            for other in values:
                joined = _joined(joined, other) if joined is not None else None
            found += [joined.being(one.over, one.under)] if joined is not None else []
    return found


def _all(choices: list[list[Case]]) -> list[tuple[Case, ...]]:
    _limit(prod(map(len, choices)))
    return list(product(*choices))


def _gcd(a: Case, b: Case, fresh: _Names) -> list[Case]:
    """gcd(a, 0) = |a|, gcd(0, b) = |b|; else the g of Bezout's equation for |a| and |b|."""
    zero = [_equation(one.over, ()) for one in (a, b)]
    ways: list[tuple[tuple[str, ...], list[Bracket], Polynomial]] = [((), zero, Polynomial.constant(0))]
    for one, nothing in ((a, zero[1]), (b, zero[0])):
        ways += [((), [at_least_1(sign * one.over), nothing], sign * one.over) for sign in (1, -1)]
    for s, t in product((1, -1), repeat=2):
        x, y, names = s * a.over, t * b.over, tuple(f"{letter}{next(fresh)}" for letter in "gfhuv")
        brackets = [at_least_1(x), at_least_1(y), *bezout(x, y, *map(Polynomial.variable, names))]
        ways.append((names, brackets, Polynomial.variable(names[0])))
    joined = ((_joined(a, b, *brackets), names, value) for names, brackets, value in ways)
    return [one.also(bound=names).being(value) for one, names, value in joined if one is not None]
