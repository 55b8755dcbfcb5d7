"""Finding proofs of claims about whole numbers: cases until every condition is decided. Untrusted.

A claim is that under hypotheses a formula is true: [H] [F] = [H]. Both sides are taken apart in the same cases; in each
case every summand of [H] [F] either contradicts itself or comes down to the case alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count
from math import gcd
from time import monotonic

from symtconv.proofs.certificates import find_certificate, multiple
from symtconv.proofs.commondivisors import common_divisors, multiple_by_bezout
from symtconv.proofs.kernel import Step
from symtconv.proofs.known import Equality, is_quotient, known_value, quotients_of
from symtconv.proofs.multiples import Rule, reduced, rules_of
from symtconv.proofs.points import Point, extended, holds, linear, random_points, value
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import Script, StuckError, equation_of, is_in, moved, turned
from symtconv.proofs.summation import Bracket, Certificate, Summand, Total, at_least_1, names_in, names_of, total

MOST_LEAVES, DEEPEST, MOST_GUESSED, MOST_RESIDUES = 300, 16, 3, 16
FEW = 4  # points, of which a case gets new ones
NEVER, ONE = Polynomial.constant(-1), Polynomial.constant(1)


@dataclass(frozen=True)
class Quotient:
    """`name` is floor(a / b)."""

    a: Polynomial
    b: Polynomial
    name: str


@dataclass(frozen=True)
class Leaf:
    """A case: a summand of the right side, those of the left that belong to it, and points at which it occurs."""

    case: Summand
    others: tuple[Summand, ...]
    points: tuple[Point, ...]
    quotients: tuple[Quotient, ...] = ()
    residues: tuple[tuple[str, int], ...] = ()  # (name, number): what the name leaves is known
    depth: int = 0


def find_claim_steps(
    left: Total, right: Total, pairs: list[tuple[Summand, tuple[Summand, ...]]], until: float
) -> list[Step]:
    """Find the steps from [H] [F] to [H]; `pairs` are the summands of [H], each with those of [H] [F] that hold it.

    Raises:
        StuckError: where no proof is found until a time (of time.monotonic).
    """
    return _Search(left, right, until).steps(pairs)


class _Search:
    def __init__(self, left: Total, right: Total, until: float) -> None:
        self.left, self.right, self.until = Script(left), Script(right), until
        self.bound = {name for side in (left, right) for one in side.summands for name in one.over}
        self.free = {name for side in (left, right) for one in side.summands for name in names_of(one)} - self.bound
        self.names = (name for number in count(1) if (name := f"q{number}") not in self.free | self.bound)
        self.leaves = 0

    def steps(self, pairs: list[tuple[Summand, tuple[Summand, ...]]]) -> list[Step]:
        start, goal = self.left.now, self.right.now
        pending = [self.begun(case, others) for case, others in pairs]
        while pending:
            self.leaves += 1
            if self.leaves > MOST_LEAVES:
                raise StuckError
            self.hurry()
            pending += self.settle(pending.pop())
        if self.left.now != self.right.now:
            raise StuckError
        chain = [*self.left.steps, *turned(self.right.steps)]
        ends = [place for place, term in enumerate([start, *(step.after for step in chain)]) if term == goal]
        return chain[: ends[0]]  # it may have come by the goal on its way

    def hurry(self) -> None:
        """Give up where the time is over."""
        if monotonic() > self.until:
            raise StuckError

    def begun(self, case: Summand, others: tuple[Summand, ...]) -> Leaf:
        """Make a case of a summand of the right side, what its equations give put in."""
        self.hurry()
        leaf = Leaf(case, self.remaining(others), tuple(random_points(case, self.free)))
        if self.void(leaf):
            return replace(leaf, others=())
        points, done = leaf.points, list[str]()
        while (found := equation_of(case, done)) is not None:
            _, z, _ = found
            case = self.right.put_in(case, *found)
            others = tuple(self.left.put_in(one, *found) for one in self.remaining(others))
            done += [] if z in self.bound else [z]
        leaf = Leaf(case, others, points)
        for z in case.over:
            leaf = self.merged(leaf, z)
        return leaf

    def settle(self, leaf: Leaf) -> list[Leaf]:
        """Bring a case to its end, or take it apart."""
        leaf = replace(leaf, others=self.remaining(leaf.others))
        if self.void(leaf):
            return []
        equal = self.equal(leaf)
        if equal.case != leaf.case:
            return [equal]
        if not leaf.points and (cases := self.impossible(leaf)) is not None:
            return cases
        leaf = replace(leaf, others=tuple(one for one in leaf.others if not self.dropped(one, leaf)))
        for one in leaf.others:
            for a, b, _ in common_divisors(one):
                if names_in(a, b) <= self.free | set(leaf.case.over) and (found := self.common(leaf, a, b)) is not None:
                    return [found]
        leaf = replace(leaf, others=self.remaining([self.reduced(one, leaf) for one in leaf.others]))
        for one in leaf.others:
            for quotient in _quotients(one, leaf):
                if not any(quotient.a == old.a and quotient.b == old.b for old in leaf.quotients):
                    found = self.divided(leaf, replace(quotient, name=next(self.names)))
                    if found is not None:
                        return [found]
        open_ = [bracket for one in leaf.others for bracket in one.where if bracket not in leaf.case.where]
        if not open_ and self.amount(self.left, leaf) == self.amount(self.right, leaf):
            return []
        known = self.free | set(leaf.case.over)
        for bracket in open_:
            if names_in(bracket.of) <= known:
                return self.split(leaf, -bracket.of if Bracket(">=", bracket.of) in leaf.case.where else bracket.of)
        return self.hard(leaf)

    def void(self, leaf: Leaf) -> bool:
        """Drop a case that cannot occur."""
        if leaf.points or not is_in(self.right.now, leaf.case):
            return not leaf.points
        certificate = self.right.close(leaf.case)
        if certificate is None:
            return False
        for one in leaf.others:
            here = moved(certificate, leaf.case.where, one.where)
            self.left.do("void", one, here, reason="the conditions contradict each other")
        return True

    def remaining(self, others: Iterable[Summand]) -> tuple[Summand, ...]:
        """List the summands that have not cancelled, each once."""
        found: list[Summand] = []
        for one in others:
            if is_in(self.left.now, one) and not any((one.over, one.where) == (old.over, old.where) for old in found):
                found.append(one)
        return tuple(found)

    def amount(self, script: Script, leaf: Leaf) -> object:
        same = (one for one in script.now.summands if (one.over, one.where) == (leaf.case.over, leaf.case.where))
        return next((one.coefficient for one in same), 0)

    def split(self, leaf: Leaf, p: Polynomial) -> list[Leaf]:
        """Take a case apart by the sign of p."""
        if leaf.depth >= DEEPEST:
            raise StuckError
        brackets = [Bracket(">=", p), Bracket(">=", -p - 1)]
        cases = self.parts(self.right, leaf.case, brackets, p)
        others = [self.parts(self.left, one, brackets, p) for one in leaf.others]
        found = []
        for bracket, case in cases.items():
            points = tuple(point for point in leaf.points if holds(brackets[bracket], point))
            if len(points) < FEW and leaf.points:
                points = tuple(random_points(case, self.free)) or points
            mine = tuple(parts[bracket] for parts in others if bracket in parts)
            found.append(replace(leaf, case=case, others=mine, points=points, depth=leaf.depth + 1))
        return found[::-1]

    def parts(self, script: Script, one: Summand, brackets: list[Bracket], p: Polynomial) -> dict[int, Summand]:
        self.hurry()
        script.do("cases", one, p, reason="cases")
        found = [total(replace(one, where=(*one.where, bracket))).summands for bracket in brackets]
        return {place: summands[0] for place, summands in enumerate(found) if summands}

    def divided(self, leaf: Leaf, new: Quotient) -> Leaf | None:
        """Give the case a quotient; in the summands that have it, it takes that name."""
        certificate = find_certificate(leaf.case.where, new.b - 1)
        if certificate is None:
            return None
        a, b, name = new.a, new.b, new.name
        (case,) = self.right.do("divide", leaf.case, a, b, name, certificate, reason="Euclid's division")
        others: list[Summand] = []
        for one in leaf.others:
            same = [z for z in one.over if z not in case.over and is_quotient(one, z, a, b)]
            if same:
                others += self.left.do("rename", one, (same[0],), (name,), reason="the quotient has one name")
            else:
                shown = moved(certificate, leaf.case.where, one.where)
                others += self.left.do("divide", one, a, b, name, shown, reason="Euclid's division")
        points = tuple(extended(leaf.points, case))
        leaf = replace(leaf, case=case, others=tuple(others), points=points, quotients=(*leaf.quotients, new))
        return self.merged(leaf, name)

    def common(self, leaf: Leaf, a: Polynomial, b: Polynomial) -> Leaf | None:
        """Give the case the greatest common divisor of two numbers; summands that have it take the case's names."""
        where = leaf.case.where
        shown = [find_certificate(where, p - 1) for p in (a, b)]
        if any((a, b) == found[:2] for found in common_divisors(leaf.case)) or shown[0] is None or shown[1] is None:
            return None
        names = tuple(next(self.names) for _ in range(5))
        (case,) = self.right.do("bezout", leaf.case, a, b, names, *shown, reason="Bezout's equation")
        others: list[Summand] = []
        for one in leaf.others:
            same = [old for c, d, old in common_divisors(one) if (a, b) == (c, d)]
            if same:
                others += self.left.do("rename", one, same[0], names, reason="the divisor has one name")
            else:
                rows = [moved(certificate, where, one.where) for certificate in shown if certificate is not None]
                others += self.left.do("bezout", one, a, b, names, *rows, reason="Bezout's equation")
        return replace(leaf, case=case, others=tuple(others), points=tuple(extended(leaf.points, case)))

    def also(self, leaf: Leaf, bracket: Bracket, *certificates: Certificate, reason: str) -> Leaf:
        """Add to a case, and to all that belongs to it, what follows in it."""
        where = leaf.case.where
        if bracket in where:
            return leaf
        (case,) = self.right.do("imply", leaf.case, bracket, *certificates, reason=reason)
        others: list[Summand] = []
        for one in leaf.others:
            rows = [moved(certificate, where, one.where) for certificate in certificates]
            others += [one] if bracket in one.where else self.left.do("imply", one, bracket, *rows, reason=reason)
        return replace(leaf, case=case, others=tuple(others))

    def impossible(self, leaf: Leaf) -> list[Leaf] | None:
        """Take a case that cannot occur apart by a number w with x = d w: not x < d, for w <= 0 or w >= 1."""
        where = leaf.case.where
        for place, bracket in enumerate(where):
            found = _cut(reduced(bracket.of, rules_of([*where[:place], *where[place + 1 :]])))
            if found is not None and not any(Bracket(">=", p) in where for p in (found, -found - 1)):
                return self.split(leaf, found)
        for bracket in where:
            self.hurry()
            x, d = _sides(bracket.of, where)
            if bracket.relation == "=" or x is None or len(names_in(d)) > 2:
                continue
            plan = multiple_by_bezout(x, d, leaf.case) or multiple(x, d, where)
            if plan is not None and names_in(plan[0]):
                p = plan[0] - 1
                if not any(Bracket(">=", part) in where for part in (p, -p - 1)):
                    return self.split(self.multiple_shown(leaf, x, d, *plan), p)
        return None

    def equal(self, leaf: Leaf) -> Leaf:
        """Where p >= 0 and -p >= 0, add p = 0."""
        where = leaf.case.where
        for place, bracket in enumerate(where):
            opposite = Bracket(">=", -bracket.of)
            if bracket.relation == ">=" and opposite in where[place:] and names_in(bracket.of):
                p = bracket.of if not any(Bracket("=", -bracket.of) == one for one in where) else -bracket.of
                rows = [((ONE, (where.index(Bracket(">=", part)),)),) for part in (p, -p)]
                leaf = self.also(leaf, Bracket("=", p), *rows, reason="both bounds")
        if leaf.case.where != where:
            for _, _, z in list(quotients_of(leaf.case)):
                leaf = self.merged(leaf, z) if z in leaf.case.over else leaf
        return leaf

    def residues(self, leaf: Leaf) -> list[Leaf] | None:
        """Take a case apart by what a number leaves when it is divided by a number that a quotient is by."""
        known = self.free | set(leaf.case.over)
        rules = rules_of([bracket for bracket in leaf.case.where if names_in(bracket.of) <= known])
        for one in (*leaf.others, leaf.case):
            for bracket in one.where:
                for z in sorted(set(one.over) & names_in(bracket.of)):
                    plan = _residue(bracket, z, rules)
                    if plan is None or plan[0] not in known:
                        continue
                    x, m = plan
                    if (x, m) in leaf.residues:
                        continue
                    return self.by_residues(leaf, x, m)
        return None

    def by_residues(self, leaf: Leaf, x: str, m: int) -> list[Leaf]:
        leaf, of = replace(leaf, residues=(*leaf.residues, (x, m))), Polynomial.variable(x)
        name = next((z for a, b, z in quotients_of(leaf.case) if a == of and b == m), None)
        if name is None:
            name = next(self.names)
            divided = self.divided(leaf, Quotient(of, Polynomial.constant(m), name))
            if divided is None or leaf.depth >= DEEPEST:
                raise StuckError
            leaf = divided
        if name not in leaf.case.over:
            return [leaf]
        found, rest = list[Leaf](), leaf
        for c in range(1, m):
            low, high = self.split(replace(rest, depth=leaf.depth), of - m * Polynomial.variable(name) - c)
            found.append(low)
            rest = high
        return [*found, rest][::-1]

    def multiple_shown(self, leaf: Leaf, x: Polynomial, d: Polynomial, w: Polynomial, rows: Certificate) -> Leaf:
        """Add x = d w, and d >= 1, to a case."""
        opposite = tuple((-factor, places) for factor, places in rows)
        if (x - d * w).terms:
            leaf = self.also(leaf, Bracket("=", x - d * w), rows, opposite, reason="a multiple")
        for p in (d, x):
            certificate = find_certificate(leaf.case.where, p - 1) if (p - 1).terms.keys() - {()} else None
            if certificate is not None:
                leaf = self.also(leaf, at_least_1(p), certificate, reason="it follows")
        return leaf

    def merged(self, leaf: Leaf, z: str) -> Leaf:
        """Put in the value of a number that the case binds, where it turns out to be another one."""
        self.hurry()
        names = sorted((self.free | set(leaf.case.over)) - {z})
        plan = known_value(leaf.case, z, names, leaf.points)
        if plan is None:
            return leaf
        case = self.known(self.right, leaf.case, z, plan)
        others = tuple(self.known(self.left, one, z, plan) for one in self.remaining(leaf.others))
        return replace(leaf, case=case, others=others)

    def dropped(self, one: Summand, leaf: Leaf) -> bool:
        """Drop a summand that contradicts itself."""
        self.hurry()
        return not extended(leaf.points, one) and self.closed(one, leaf)

    def reduced(self, one: Summand, leaf: Leaf) -> Summand:
        """Put in what is known of a summand's numbers, and drop conditions that follow."""
        self.hurry()
        known, points = self.free | set(leaf.case.over), extended(leaf.points, one)
        later = {name for a, b, names in common_divisors(one) for name in names}
        for z in sorted(set(one.over) - known - later):
            self.hurry()
            plan = known_value(one, z, sorted(known), points)
            if plan is not None:
                one = self.known(self.left, one, z, plan)
        for bracket in one.where:
            inside = names_in(bracket.of) <= known
            if inside and bracket not in leaf.case.where and all(holds(bracket, point) for point in leaf.points):
                one = self.left.drop(one, bracket, reason="it follows") or one
        return one

    def known(self, script: Script, one: Summand, z: str, plan: Equality) -> Summand:
        """Put in the value of a bound number."""
        one = plan.shown(script, one)
        return script.do("sift", one, z, plan.value, reason="put in")[0]

    def closed(self, one: Summand, leaf: Leaf) -> bool:
        """Drop a summand by a contradiction, if need be in two cases of a bound number."""
        if self.left.close(one) is not None:
            return True
        for z in sorted(set(one.over) - set(leaf.case.over)):
            for name in leaf.case.over:
                for p in _apart(z, name):
                    signs = [(*one.where, Bracket(">=", part)) for part in (p, -p - 1)]
                    if all(find_certificate(where, NEVER) is not None for where in signs):
                        for part in self.left.do("cases", one, p, reason="cases"):
                            self.left.close(part)
                        return True
        return False

    def hard(self, leaf: Leaf) -> list[Leaf]:
        """Look for a case of two that cannot occur, so that the other one is known."""
        if (cases := self.residues(leaf)) is not None:
            return cases
        for p in _candidates(leaf):
            self.hurry()
            sides = [part for part in (p, -p - 1) if not any(value(part, point) >= 0 for point in leaf.points)]
            for part in sides:
                if Bracket(">=", -part - 1) in leaf.case.where:
                    continue
                where = leaf.case.where
                if find_certificate(where, -part - 1, degree=1) is not None:
                    continue
                if find_certificate((*where, Bracket(">=", part)), NEVER) is not None:
                    return self.split(leaf, p)
        for p in _candidates(leaf):
            if not any(find_certificate(leaf.case.where, part, degree=1) for part in (p, -p - 1)):
                return self.split(replace(leaf, depth=max(leaf.depth, DEEPEST - MOST_GUESSED)), p)
        raise StuckError


def _sides(p: Polynomial, where: Sequence[Bracket]) -> tuple[Polynomial | None, Polynomial]:
    """Read p >= 0 as x < d, for x and d that may be positive; None where it does not say so."""
    least = (bracket.of.terms for bracket in where if bracket.relation == ">=" and len(bracket.of.terms) == 2)
    negative = {m[0] for terms in least if terms.get((), 0) < 0 for m, c in terms.items() if len(m) == 1 and c < 0}
    signs = {m: -1 if sum(name in negative for name in m) % 2 else 1 for m in p.terms}
    d = Polynomial({m: c for m, c in p.terms.items() if c * signs[m] > 0 and m})
    x = d - p - 1
    good = d.terms and all(c * signs.get(m, 1) > 0 for m, c in x.terms.items()) and x.terms
    return (x if good else None), d


def _cut(p: Polynomial) -> Polynomial | None:
    """Where c t + d >= 0, c >= 2 and c does not divide d, t is at least -floor(d / c); of c t + d = 0 neither is."""
    c = gcd(*(int(number) for monomial, number in p.terms.items() if monomial))
    d = int(p.terms.get((), 0))
    if c < 2 or d % c == 0:
        return None
    return Polynomial({m: int(number) // c for m, number in p.terms.items() if m}) + d // c


def _residue(bracket: Bracket, z: str, rules: Sequence[Rule]) -> tuple[str, int] | None:
    """Find the name and the number m such that a / b depends on what the name leaves when divided by m."""
    parts = linear(bracket.of, z)
    if parts is None or parts[1].terms.keys() != {()}:
        return None
    a, b = reduced(parts[0], rules), abs(int(parts[1].terms[()]))
    m = b // gcd(b, *(int(number) for monomial, number in a.terms.items() if monomial))
    names = sorted({name for monomial, number in a.terms.items() if number % b for name in monomial} - {z})
    return (names[0], m) if names and 1 < m <= MOST_RESIDUES else None


def _apart(z: str, name: str) -> Iterator[Polynomial]:
    difference = Polynomial.variable(z) - Polynomial.variable(name)
    yield difference
    yield difference - 1


def _candidates(leaf: Leaf) -> Iterator[Polynomial]:
    """List what may be worth a case: differences of numbers that the case binds, and their signs."""
    names = sorted(leaf.case.over) or sorted(names_of(leaf.case))
    for a, b in combinations(names, 2):
        for sign in (1, -1):
            for shift in (0, -1, 1):
                yield Polynomial.variable(a) - sign * Polynomial.variable(b) + shift
    for name in sorted(names_of(leaf.case)):
        yield Polynomial.variable(name)
        yield Polynomial.variable(name) - 1


def _quotients(one: Summand, leaf: Leaf) -> Iterator[Quotient]:
    """List the quotients that a summand speaks of and the case does not: of floors, and of multiples."""
    bound = set(one.over) - set(leaf.case.over)
    for z in sorted(bound):
        for bracket in one.where:
            parts = linear(bracket.of, z)
            if parts is None or names_in(*parts) & bound:
                continue
            a, b = parts
            for sign in (1, -1):
                multiple = bracket.relation == "=" and at_least_1(sign * b) in one.where
                if is_quotient(one, z, a, b) if sign == 1 and bracket.relation == ">=" else multiple:
                    yield Quotient(sign * a, sign * b, z)
