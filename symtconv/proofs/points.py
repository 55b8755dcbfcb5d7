"""Points at which conditions hold: what is false at one need not be tried to be proved. Untrusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from symtconv.proofs.commondivisors import bezout_numbers, common_divisors
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, names_in

TRIED, KEPT = 1_500, 40
UNITS = (Polynomial.constant(1), Polynomial.constant(-1))
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


class Solver:
    """Gives what a summand binds, and some free numbers, their values where others are known.

    A number is solved from an equation a - b z = 0, or is the quotient floor(a / b) where [a - b z >= 0], or belongs to
    a greatest common divisor; the order in which numbers are solved, and from what, is found once.
    """

    def __init__(self, one: Summand, known: Iterable[str], wanted: Iterable[str]) -> None:
        self.possible, self.where = True, one.where
        self.ways: list[tuple[str, list[tuple[str, Polynomial, Polynomial]]]] = []
        self.divisors: dict[str, tuple[Polynomial, Polynomial, tuple[str, ...]]] = {}
        done, missing = set(known), [name for name in wanted if name not in set(known)]
        common = list(common_divisors(one))
        while missing and self.possible:
            found = next(((z, ways) for z in missing if (ways := _ways(one, z, done))), None)
            ready = next((c for c in common if c[2][0] in missing and names_in(*c[:2]) <= done), None)
            if ready is not None:
                self.ways.append((ready[2][0], []))
                self.divisors[ready[2][0]] = ready
                missing = [name for name in missing if name not in ready[2]]
                done |= set(ready[2])
            elif found is None:
                self.possible = False
            else:
                self.ways.append(found)
                missing.remove(found[0])
                done.add(found[0])

    def __call__(self, point: Point) -> Point | None:
        """Extend a point; None where nothing solves a number, or a bracket fails."""
        known = dict(point)
        for z, ways in self.ways if self.possible else ():
            if z in self.divisors:
                first, second, names = self.divisors[z]
                numbers = bezout_numbers(value(first, known), value(second, known))
                if numbers is None:
                    return None
                known.update(zip(names, numbers, strict=True))
                continue
            for relation, a, b in ways:
                divisor, of = value(b, known), value(a, known)
                if divisor != 0 and (divisor > 0 if relation == ">=" else of % divisor == 0):
                    known[z] = of // divisor
                    break
            else:
                return None
        return known if self.possible and all(holds(bracket, known) for bracket in self.where) else None


def _ways(one: Summand, z: str, known: set[str]) -> list[tuple[str, Polynomial, Polynomial]]:
    found = ((bracket.relation, linear(bracket.of, z)) for bracket in one.where)
    return [(relation, *parts) for relation, parts in found if parts is not None and names_in(*parts) <= known]


def random_points(one: Summand, names: Iterable[str], seed: int = 0) -> list[Point]:
    """Find points at which the brackets of a summand hold, numbers that it binds included."""
    free = set(names)
    draw, drawn, found = Random(seed), sorted(free - _given(one)), list[Point]()
    solver = Solver(one, drawn, [*one.over, *sorted(free)])
    plain = [bracket for bracket in one.where if names_in(bracket.of) <= set(drawn)]
    for _ in range(TRIED if solver.possible else 0):
        most = draw.choice((2, 4, 8, 20))
        start = {name: draw.randint(-(most // 2), most) for name in drawn}
        if not all(holds(bracket, start) for bracket in plain):
            continue
        point = solver(start)
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
                if parts is not None and parts[1] in UNITS:
                    found.add(z)
                    break
    return found


def _is_quotient(one: Summand, z: str) -> bool:
    return any(bracket.relation == ">=" and z in names_in(bracket.of) for bracket in one.where)


def extended(points: Iterable[Point], one: Summand) -> list[Point]:
    """Give points with what a summand binds, as far as its brackets hold there."""
    points = list(points)
    if not points:
        return []
    solver = Solver(one, points[0], one.over)
    return [found for point in points if (found := solver(point)) is not None]


def linear(p: Polynomial, z: str) -> tuple[Polynomial, Polynomial] | None:
    """Write p as a - b z, neither part holding z; None where p is not linear in z, or does not hold it."""
    if any(monomial.count(z) > 1 for monomial in p.terms):
        return None
    b = Polynomial({tuple(x for x in m if x != z): -c for m, c in p.terms.items() if z in m})
    return (Polynomial({m: c for m, c in p.terms.items() if z not in m}), b) if b.terms else None
