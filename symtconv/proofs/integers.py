"""Finding proofs of claims about whole numbers: cases until every condition is decided. Untrusted.

A claim is that under hypotheses a formula is true: [H] [F] = [H]. Both sides are taken apart in the same cases; in each
case every summand of [H] [F] either contradicts itself or comes down to the case alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count
from time import monotonic

from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.kernel import Step
from symtconv.proofs.points import Point, extended, holds, linear, random_points, value
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import Script, StuckError, equation_of, is_in, moved, turned, without
from symtconv.proofs.summation import Bracket, Certificate, Summand, Total, at_least_1, names_in, names_of, total

MOST_LEAVES, DEEPEST, MOST_GUESSED = 300, 16, 3
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
    depth: int = 0


@dataclass(frozen=True)
class Equality:
    """How [z = value] follows where brackets hold: a certificate for both halves, perhaps by excluding the rest."""

    where: tuple[Bracket, ...]
    z: str
    value: Polynomial
    halves: tuple[tuple[bool, Certificate], ...]  # (whether the opposite is excluded, how)

    def shown(self, script: Script, one: Summand) -> Summand:
        """Add [z = value] to a summand that has all of these brackets."""
        p = Polynomial.variable(self.z) - self.value
        for q, (excluded, certificate) in zip((p, -p), self.halves, strict=True):
            if not excluded:
                rows = moved(certificate, self.where, one.where)
                (one,) = script.do("imply", one, Bracket(">=", q), rows, reason="it follows")
                continue
            other = Bracket(">=", -q - 1)
            yes, no = (total(replace(one, where=(*one.where, b))).summands[0] for b in (Bracket(">=", q), other))
            script.do("cases", one, q, reason="cases")
            script.do("void", no, moved(certificate, (*self.where, other), no.where), reason="it cannot be")
            one = yes
        both = [((ONE, (one.where.index(Bracket(">=", q)),)),) for q in (p, -p)]
        (one,) = script.do("imply", one, Bracket("=", p), *both, reason="both follow")
        for q in (p, -p):
            rest = without(one, Bracket(">=", q))
            sign = ONE if q == p else -ONE
            row = ((sign, (rest.index(Bracket("=", p)),)),)
            (one,) = script.do("forget", one, Bracket(">=", q), row, reason="it follows")
        return one


def known_value(one: Summand, z: str, names: Sequence[str], points: Sequence[Point]) -> Equality | None:
    """Find a number, or a name and a number, that z is at all points, and show that z is that."""
    if not points:
        return None
    first = points[0]
    guesses = [Polynomial.constant(first[z])]
    for name in names:
        for sign in (1, -1):
            guesses.append(sign * Polynomial.variable(name) + (first[z] - sign * first[name]))
    guesses += [Polynomial.variable(a) * Polynomial.variable(b) for a, b in combinations(names, 2)]
    for guess in guesses:
        if all(point[z] == value(guess, point) for point in points):
            halves = [_half(one.where, p) for p in (Polynomial.variable(z) - guess, guess - Polynomial.variable(z))]
            if halves[0] is not None and halves[1] is not None:
                return Equality(one.where, z, guess, (halves[0], halves[1]))
    return None


def _half(where: tuple[Bracket, ...], p: Polynomial) -> tuple[bool, Certificate] | None:
    certificate = find_certificate(where, p)
    if certificate is not None:
        return False, certificate
    certificate = find_certificate((*where, Bracket(">=", -p - 1)), NEVER)
    return None if certificate is None else (True, certificate)


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
        others: list[Summand] = []
        for one in leaf.others:
            self.hurry()
            if is_in(self.left.now, one) and (reduced := self.reduced(one, leaf)) is not None:
                others.append(reduced)
        leaf = replace(leaf, others=self.remaining(others))
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
            same = [z for z in one.over if z not in case.over and _is_quotient(one, z, a, b)]
            if same:
                others += self.left.do("rename", one, (same[0],), (name,), reason="the quotient has one name")
            else:
                shown = moved(certificate, leaf.case.where, one.where)
                others += self.left.do("divide", one, a, b, name, shown, reason="Euclid's division")
        points = tuple(extended(leaf.points, case))
        leaf = replace(leaf, case=case, others=tuple(others), points=points, quotients=(*leaf.quotients, new))
        return self.merged(leaf, name)

    def merged(self, leaf: Leaf, z: str) -> Leaf:
        """Put in the value of a number that the case binds, where it turns out to be another one."""
        names = sorted((self.free | set(leaf.case.over)) - {z})
        plan = known_value(leaf.case, z, names, leaf.points) if leaf.points else None
        if plan is None:
            return leaf
        case = self.known(self.right, leaf.case, z, plan)
        others = tuple(self.known(self.left, one, z, plan) for one in self.remaining(leaf.others))
        return replace(leaf, case=case, others=others)

    def reduced(self, one: Summand, leaf: Leaf) -> Summand | None:
        """Drop a summand that contradicts itself, and conditions that follow; None if it is dropped."""
        points = extended(leaf.points, one)
        if not points and self.closed(one, leaf):
            return None
        for z in sorted(set(one.over) - set(leaf.case.over)):
            plan = known_value(one, z, sorted(self.free | set(leaf.case.over)), points)
            if plan is not None:
                one = self.known(self.left, one, z, plan)
        for bracket in one.where:
            inside = names_in(bracket.of) <= self.free | set(leaf.case.over)
            if inside and bracket not in leaf.case.where and all(holds(bracket, point) for point in leaf.points):
                one = self.left.drop(one, bracket, reason="it follows") or one
        return one

    def known(self, script: Script, one: Summand, z: str, plan: Equality) -> Summand:
        """Put in the value of a bound number."""
        one = plan.shown(script, one)
        return script.do("sift", one, z, plan.value, reason="the value is known")[0]

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


def _is_quotient(one: Summand, z: str, a: Polynomial, b: Polynomial) -> bool:
    rest = a - b * Polynomial.variable(z)
    return Bracket(">=", rest) in one.where and at_least_1(b - rest) in one.where


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
                if _is_quotient(one, z, a, b) if sign == 1 and bracket.relation == ">=" else multiple:
                    yield Quotient(sign * a, sign * b, z)
