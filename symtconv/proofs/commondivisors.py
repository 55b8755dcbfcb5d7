"""Greatest common divisors in sums: where brackets are Bezout's equations of two numbers. Untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd

from symtconv.proofs.multiples import division, reduced, rewriting, rules_of, slope
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Summand, bezout, names_in, put

Names = tuple[str, ...]


def common_divisors(one: Summand) -> Iterator[tuple[Polynomial, Polynomial, Names]]:
    """List the a, b and bound g, f, h, u, v of which all of `bezout(a, b, g, f, h, u, v)` stands in a summand."""
    equations = [bracket.of for bracket in one.where if bracket.relation == "="]
    for p in equations:
        products = [m for m, c in p.terms.items() if len(m) == 2 and c == 1]
        if len(products) != 2 or p.terms.get(()) != -1 or len(p.terms) != 3:
            continue
        for first, second in (products, products[::-1]):
            for f, u in (first, first[::-1]):
                for h, v in (second, second[::-1]):
                    yield from _of(one, equations, f, h, u, v)


def _of(
    one: Summand, equations: list[Polynomial], f: str, h: str, u: str, v: str
) -> Iterator[tuple[Polynomial, Polynomial, Names]]:
    for p in equations:
        for monomial, c in p.terms.items():
            if len(monomial) != 2 or f not in monomial or c != 1:
                continue
            g = monomial[0] if monomial[1] == f else monomial[1]
            a = Polynomial.variable(g) * Polynomial.variable(f) - p
            for q in equations:
                if q.terms.get(tuple(sorted((g, h)))) == 1:
                    b = Polynomial.variable(g) * Polynomial.variable(h) - q
                    names = (g, f, h, u, v)
                    needed = bezout(a, b, *map(Polynomial.variable, names))
                    bound = len(set(names)) == 5 and set(names) <= set(one.over)
                    if bound and all(_is_in(bracket, one) for bracket in needed):
                        yield a, b, names


def _is_in(bracket: Bracket, one: Summand) -> bool:
    return bracket in one.where


def bezout_numbers(a: int, b: int) -> tuple[int, int, int, int, int] | None:
    """Give g, f, h, u, v for a, b >= 1."""
    if a < 1 or b < 1:
        return None
    g = gcd(a, b)
    f, h = a // g, b // g
    u = pow(f, -1, h) if h > 1 else 0
    return g, f, h, u, (1 - u * f) // h


def has_bezout(where: Sequence[Bracket]) -> bool:
    """Tell whether an equation says that a sum of two products is 1."""
    return any(
        bracket.relation == "=" and abs(bracket.of.terms.get((), 0)) == 1 and sum(map(len, bracket.of.terms)) == 4
        for bracket in where
    )


def multiple_by_bezout(x: Polynomial, d: Polynomial, one: Summand) -> tuple[Polynomial, Certificate] | None:
    """Find w with x = d w where x holds a greatest common divisor g = u a + v b, by what a and b are multiples of."""
    for a, b, names in common_divisors(one):
        g, f, h, u, v = map(Polynomial.variable, names)
        said = [g * f - a, g * h - b, u * f + v * h - 1]
        places = [one.where.index(Bracket("=", p)) for p in said]
        if names[0] not in names_in(x):
            continue
        rules = [rule for rule in rules_of(one.where, set(places)) if rule.z not in names_in(d)]
        combined = u * a + v * b
        p = reduced(put(x, {names[0]: combined}), rules)
        w, rest = division(p, d)
        if rest.terms:
            continue
        by = slope(x, names[0], combined)
        rows = [(by * u, (places[0],)), (by * v, (places[1],)), (-by * g, (places[2],))]
        left = put(x, {names[0]: combined}) - d * w
        return w, (*rows, *((factor, (place,)) for factor, place in rewriting(left, rules)))
    return None
