"""Points at which conditions hold: what is false at one need not be tried to be proved. Untrusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, names_in

TRIED, KEPT = 1_500, 40
Point = Mapping[str, int]


def value(p: Polynomial, at: Point) -> int:
    """Give the value of a polynomial at a point."""
    result = 0
    for monomial, coefficient in p.terms.items():
        for name in monomial:
            coefficient = coefficient * at[name]
        result += coefficient  # type: ignore[assignment]
    return result


def holds(bracket: Bracket, at: Point) -> bool:
    """Tell whether a bracket is 1 at a point."""
    found = value(bracket.of, at)
    return found >= 0 if bracket.relation == ">=" else found == 0


def random_points(one: Summand, names: Iterable[str], seed: int = 0) -> list[Point]:
    """Find points at which the brackets of a summand hold, numbers that it binds included."""
    draw, drawn, found = Random(seed), sorted(set(names) - _given(one)), list[Point]()
    for _ in range(TRIED):
        most = draw.choice((2, 4, 8, 20))
        point = extended({name: draw.randint(-(most // 2), most) for name in drawn}, one, names)
        if point is not None and point not in found:
            found.append(point)
            if len(found) == KEPT:
                break
    return found


def _given(one: Summand) -> set[str]:
    """Choose free numbers that equations give from the others, such as occur in the fewest brackets."""
    found: set[str] = set()
    occurrences = Counter(name for bracket in one.where for name in names_in(bracket.of))
    for bracket in one.where:
        itself = any(not _is_quotient(one, z) for z in names_in(bracket.of) & set(one.over))
        if bracket.relation == "=" and not itself and not names_in(bracket.of) & found:
            for z in sorted(names_in(bracket.of) - set(one.over), key=lambda name: (occurrences[name], name)):
                parts = linear(bracket.of, z)
                if parts is not None and parts[1] in (Polynomial.constant(1), Polynomial.constant(-1)):
                    found.add(z)
                    break
    return found


def _is_quotient(one: Summand, z: str) -> bool:
    return any(bracket.relation == ">=" and z in names_in(bracket.of) for bracket in one.where)


def extended(point: Point, one: Summand, names: Iterable[str] = ()) -> Point | None:
    """Give what a summand binds, and names, their values at a point; None where there are none, or none is found."""
    known = dict(point)
    missing = [name for name in (*one.over, *names) if name not in known]
    while missing:
        for z in missing:
            found = next((n for bracket in one.where if (n := _solved(bracket, z, known)) is not None), None)
            if found is not None:
                known[z] = found
                missing.remove(z)
                break
        else:
            return None
    return known if all(holds(bracket, known) for bracket in one.where) else None


def _solved(bracket: Bracket, z: str, known: Point) -> int | None:
    """Solve a - b z = 0 for z, and take the quotient floor(a / b) where [a - b z >= 0]."""
    parts = linear(bracket.of, z)
    if parts is None or not names_in(*parts) <= known.keys():
        return None
    a, b = (value(part, known) for part in parts)
    if b == 0 or (bracket.relation == ">=" and b < 0) or (bracket.relation == "=" and a % b):
        return None
    return a // b


def linear(p: Polynomial, z: str) -> tuple[Polynomial, Polynomial] | None:
    """Write p as a - b z, neither part holding z; None where p is not linear in z, or does not hold it."""
    if any(monomial.count(z) > 1 for monomial in p.terms):
        return None
    b = Polynomial({tuple(x for x in m if x != z): -c for m, c in p.terms.items() if z in m})
    return (Polynomial({m: c for m, c in p.terms.items() if z not in m}), b) if b.terms else None
