"""What is a multiple of what: division of polynomials, exactly, and by way of equations. Untrusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import prod

from symtconv.proofs.polynomials import Monomial, Polynomial
from symtconv.proofs.summation import Bracket, names_in, put

ZERO = Polynomial({})


@dataclass(frozen=True)
class Rule:
    """An equation at a place, read as z = value; `sign` (z - value) is what its bracket says to be 0."""

    place: int
    z: str
    value: Polynomial
    sign: int


def rules_of(where: Sequence[Bracket], without: Collection[int] = ()) -> list[Rule]:
    """Read equations, those at some places left out, as values of names; no name goes back to itself."""
    found: dict[str, Rule] = {}
    for place, bracket in enumerate(where):
        if bracket.relation == "=" and place not in without:
            terms = bracket.of.terms
            alone = (
                m[0] for m, c in terms.items() if len(m) == 1 and abs(c) == 1 and sum(m[0] in n for n in terms) == 1
            )
            for z in sorted(name for name in alone if name not in found)[:1]:
                sign = int(terms[(z,)])
                value = Polynomial.variable(z) - sign * bracket.of
                if z not in _behind(value, found):
                    found[z] = Rule(place, z, value, sign)
    return list(found.values())


def _behind(value: Polynomial, found: Mapping[str, Rule]) -> set[str]:
    """Name what a value holds, and what the values of that hold."""
    names, new = set[str](), names_in(value)
    while new:
        names |= new
        new = names_in(*(found[name].value for name in new if name in found)) - names
    return names


def reduced(p: Polynomial, rules: Sequence[Rule]) -> Polynomial:
    """Put in what the equations give, as long as one of their names occurs."""
    for _ in range(len(rules) + 1):
        new = put(p, {rule.z: rule.value for rule in rules if rule.z in names_in(p)})
        if new == p:
            return p
        p = new
    return p


def rewriting(p: Polynomial, rules: Sequence[Rule]) -> list[tuple[Polynomial, int]]:
    """Give the multiples of brackets that p exceeds its reduced form by: (multiplier, place)."""
    rows: list[tuple[Polynomial, int]] = []
    for _ in range(len(rules) + 1):
        for rule in rules:
            if rule.z in names_in(p):
                rows.append((rule.sign * slope(p, rule.z, rule.value), rule.place))
                p = put(p, {rule.z: rule.value})
    return rows


def slope(p: Polynomial, z: str, value: Polynomial) -> Polynomial:
    """Give (p - p with the value for z) / (z - value)."""
    result = ZERO
    for monomial, coefficient in p.terms.items():
        power = monomial.count(z)
        rest = Polynomial({tuple(x for x in monomial if x != z): coefficient})
        for j in range(power):
            result = result + prod([Polynomial.variable(z)] * j + [value] * (power - 1 - j), start=rest)
    return result


def division(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Divide polynomials with whole coefficients: a = b w + rest, where no term of the rest is a multiple of b's first.

    >>> x, y = Polynomial.variable("x"), Polynomial.variable("y")
    >>> division(x * y + 3 * x + 1, x)
    (y + 3, 1)
    """
    w, rest = dict[Monomial, int](), dict[Monomial, int]()
    if not b.terms:
        return ZERO, a
    lead = max(b.terms, key=_order)
    most = int(b.terms[lead])
    left = a
    for _ in range(200):
        if not left.terms:
            break
        first = max(left.terms, key=_order)
        c = int(left.terms[first])
        over = _without(first, lead)
        times = c // most if over is not None else 0
        if over is None or not times:
            rest[first] = c
            left = left - Polynomial({first: c})
            continue
        w[over] = w.get(over, 0) + times
        left = left - Polynomial({over: times}) * b
        if c % most:
            rest[first] = c % most
            left = left - Polynomial({first: c % most})
    else:
        return ZERO, a
    return Polynomial(w), Polynomial(rest)


def _order(monomial: Monomial) -> tuple[int, Monomial]:
    return len(monomial), monomial


def _without(monomial: Monomial, part: Monomial) -> Monomial | None:
    left = list(monomial)
    for name in part:
        if name not in left:
            return None
        left.remove(name)
    return tuple(left)


def monomials(names: Sequence[str], degree: int) -> Iterator[Polynomial]:
    """List the products of at most so many names."""
    for length in range(degree + 1):
        for some in combinations_with_replacement(names, length):
            yield Polynomial({tuple(sorted(some)): 1})
