"""The value of a number that a sum binds: worked out or guessed, and shown by certificates. Untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from symtconv.proofs.certificates import find_certificate, multiple
from symtconv.proofs.commondivisors import has_bezout, multiple_by_bezout
from symtconv.proofs.multiples import division, reduced, rules_of
from symtconv.proofs.points import Point, linear, value
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import Script, moved, without
from symtconv.proofs.summation import Bracket, Certificate, Summand, at_least_1, names_in, total

NEVER, ONE = Polynomial.constant(-1), Polynomial.constant(1)


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
            if excluded:
                other = Bracket(">=", -q - 1)
                yes, no = (total(replace(one, where=(*one.where, b))).summands[0] for b in (Bracket(">=", q), other))
                script.do("cases", one, q, reason="cases")
                script.do("void", no, moved(certificate, (*self.where, other), no.where), reason="it cannot be")
                one = yes
        rows = [
            ((ONE, (one.where.index(Bracket(">=", q)),)),) if excluded else moved(certificate, self.where, one.where)
            for q, (excluded, certificate) in zip((p, -p), self.halves, strict=True)
        ]
        (one,) = script.do("imply", one, Bracket("=", p), *rows, reason="the value is known")
        for q, sign in ((p, ONE), (-p, -ONE)):
            half = Bracket(">=", q)
            if half in one.where and half not in self.where:
                rest = without(one, half)
                (one,) = script.do("forget", one, half, ((sign, (rest.index(Bracket("=", p)),)),), reason="it follows")
        return one


def known_value(one: Summand, z: str, names: Sequence[str], points: Sequence[Point]) -> Equality | None:
    """Find what z is at all points, worked out of its brackets or guessed from the points, and show that it is that."""
    guesses = list(_worked_out(one, z, set(names)))
    if points:
        first = points[0]
        guesses.append(Polynomial.constant(first[z]))
        for name in names:
            for sign in (1, -1):
                guesses.append(sign * Polynomial.variable(name) + (first[z] - sign * first[name]))
        guesses += [Polynomial.variable(a) * Polynomial.variable(b) for a, b in combinations(names, 2)]
    for place, guess in enumerate(guesses):
        if guess not in guesses[:place] and all(point[z] == value(guess, point) for point in points):
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


def _worked_out(one: Summand, z: str, names: set[str]) -> Iterator[Polynomial]:
    """Divide: where a - b z = 0, or z is floor(a / b) and a = b w + rest, or a differs so from another quotient's."""
    rules = rules_of([bracket for bracket in one.where if names_in(bracket.of) <= names])
    quotients = list(quotients_of(one))
    equations = [bracket for bracket in one.where if bracket.relation == "=" and names_in(bracket.of) <= names]
    for bracket in one.where:
        parts = linear(bracket.of, z)
        if parts is None or not names_in(*parts) - {z} <= names | {rule.z for rule in rules}:
            continue
        a, b = (reduced(part, rules) for part in parts)
        if bracket.relation == "=":
            w, rest = division(a, b)
            if not rest.terms and names_in(w) <= names:
                yield w
        elif is_quotient(one, z, *parts):
            others = [(reduced(c, rules), Polynomial.variable(y)) for c, d, y in quotients if y != z and d == parts[1]]
            for c, known in [(Polynomial({}), Polynomial({})), *others]:
                w, rest = division(a - c, b)
                if names_in(w, known) <= names:
                    small = rest.terms.get((), 0) if rest.terms.keys() <= {()} and b.terms.keys() == {()} else 0
                    yield w + known + int(small) // int(b.terms.get((), 1))
        else:
            continue
        plan = None
        if names_in(*parts) <= names and has_bezout(equations):
            plan = multiple_by_bezout(*parts, replace(one, where=tuple(equations))) or multiple(*parts, equations)
        if plan is not None:
            yield plan[0]


def quotients_of(one: Summand) -> Iterator[tuple[Polynomial, Polynomial, str]]:
    """List the quotients z = floor(a / b) that a summand binds."""
    for z in one.over:
        for bracket in one.where:
            parts = linear(bracket.of, z) if bracket.relation == ">=" else None
            if parts is not None and is_quotient(one, z, *parts):
                yield (*parts, z)


def is_quotient(one: Summand, z: str, a: Polynomial, b: Polynomial) -> bool:
    """Tell whether the brackets say that 0 <= a - b z < b."""
    return all(end in one.where for end in ends(a, b, z))


def ends(a: Polynomial, b: Polynomial, z: str) -> tuple[Bracket, Bracket]:
    """Write 0 <= a - b z < b: z is floor(a / b)."""
    rest = a - b * Polynomial.variable(z)
    return Bracket(">=", rest), at_least_1(b - rest)
