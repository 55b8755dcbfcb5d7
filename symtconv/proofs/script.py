"""Writing a chain of steps by rules, one after another. Untrusted: the kernel applies each rule again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.kernel import RULES, Step
from symtconv.proofs.points import linear
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Summand, Total, names_in, put, total

ONE = Polynomial.constant(1)


class StuckError(Exception):
    """No proof was found this way."""


def place_of(within: Total, one: Summand) -> int:
    """Find a summand by what it binds, its brackets and its entries; its coefficient may have been collected."""
    for place, other in enumerate(within.summands):
        if (other.over, other.where, other.entries) == (one.over, one.where, one.entries):
            return place
    raise StuckError


def is_in(within: Total, one: Summand) -> bool:
    """Tell whether a summand is there still: like ones are collected, and may cancel."""
    try:
        place_of(within, one)
    except StuckError:
        return False
    return True


def turned(steps: Sequence[Step]) -> list[Step]:
    """Give the steps that lead back."""
    return [Step(s.after, s.before, s.rule, s.reason, s.at, s.how) for s in reversed(steps)]


def shortest(steps: Sequence[Step]) -> list[Step]:
    """Leave out what only leads back to where the chain has been."""
    found: list[Step] = []
    for step in steps:
        been = next((place for place, old in enumerate(found) if old.before == step.after), None)
        found = [*found, step] if been is None else found[:been]
    return found


class Script:
    """A chain of steps from a term, and the term that it has come to."""

    def __init__(self, start: Total, degree: int = 2) -> None:
        self.start = self.now = start
        self.steps, self.degree = list[Step](), degree  # of products in certificates

    def do(self, rule: str, one: Summand, *how: Any, reason: str = "") -> tuple[Summand, ...]:
        """Exchange a summand for what a rule makes of it; give that, in normal form."""
        place = place_of(self.now, one)
        after = RULES[rule](self.now, place, *how)
        alone = RULES[rule](Total((one,)), 0, *how)
        if not isinstance(after, Total) or not isinstance(alone, Total):
            raise StuckError
        self.add(after, rule, reason, (place, *how))
        return alone.summands

    def add(self, after: Total, rule: str, reason: str, how: tuple[Any, ...]) -> None:
        """Append a step to another total; none where it is the same one."""
        if after == self.now:
            return
        self.steps.append(Step(self.now, after, rule, reason, (), how))
        self.now = after

    def follow(self, attempt: Script) -> None:
        """Take the steps of an attempt that began where this is."""
        self.steps += attempt.steps
        self.now = attempt.now

    def retrace(self, back: Script) -> None:
        """Take the steps of a chain that leads here, back to where it began."""
        self.steps += turned(back.steps)
        self.now = back.start

    def force(self, one: Summand, bracket: Bracket, reason: str = "it follows") -> Summand | None:
        """Add a bracket that follows from the others, if need be by excluding its opposite; None if that fails."""
        for degree in range(2, self.degree + 1):
            certificates = find_certificates(one.where, bracket, degree)
            if certificates is not None:
                return self.do("imply", one, bracket, *certificates, reason=reason)[0]
            if bracket.relation == "=":
                return self._both(one, bracket, reason)
            (no,) = total(replace(one, where=(*one.where, Bracket(">=", -bracket.of - 1)))).summands
            certificate = find_certificate(no.where, Polynomial.constant(-1), degree=degree)
            if certificate is not None:
                self.do("cases", one, bracket.of, reason=reason)
                self.do("void", no, certificate, reason="the opposite cannot be")
                return total(replace(one, where=(*one.where, bracket))).summands[0]
        return None

    def _both(self, one: Summand, bracket: Bracket, reason: str) -> Summand | None:
        """Add [p = 0] by way of p >= 0 and -p >= 0."""
        halves = [Bracket(">=", bracket.of), Bracket(">=", -bracket.of)]
        found: Summand | None = one
        for half in halves:
            found = self.force(found, half, reason) if found is not None else None
        if found is None:
            return None
        rows = [((ONE, (found.where.index(half),)),) for half in halves]
        (found,) = self.do("imply", found, bracket, *rows, reason=reason)
        for half, sign in zip(halves, (1, -1), strict=True):
            if half not in one.where:
                row = _rows(without(found, half), sign, (1, bracket))
                (found,) = self.do("forget", found, half, row, reason=reason)
        return found

    def release(self, one: Summand, bracket: Bracket, reason: str = "it follows") -> Summand | None:
        """Leave a bracket out that follows from the others: `force`, read back."""
        place = place_of(self.now, one)
        rest = replace(self.now.summands[place], where=without(one, bracket))
        back = Script(total(*self.now.summands[:place], rest, *self.now.summands[place + 1 :]), self.degree)
        if back.force(rest, bracket, reason) is None or back.now != self.now:
            return None
        self.retrace(back)
        return rest

    def drop(self, one: Summand, bracket: Bracket, reason: str = "") -> Summand | None:
        """Leave a bracket out that follows from the others; None where no certificate is found."""
        certificates = find_certificates(without(one, bracket), bracket)
        if certificates is None:
            return None
        return self.do("forget", one, bracket, *certificates, reason=reason)[0]

    def close(self, one: Summand) -> Certificate | None:
        """Drop a summand whose brackets contradict each other; give the certificate, or None if none is found."""
        certificate = find_certificate(one.where, Polynomial.constant(-1))
        if certificate is not None:
            self.do("void", one, certificate, reason="the conditions contradict each other")
        return certificate

    def put_in(self, one: Summand, bracket: Bracket, z: str, value: Polynomial) -> Summand:
        """Put in what an equation gives: a bound number is sifted, a free one written by the others in all brackets."""
        solved = Bracket("=", Polynomial.variable(z) - value)
        if solved != bracket:
            rows = [_rows(one.where, sign, (-1, bracket)) for sign in (1, -1)]
            (one,) = self.do("imply", one, solved, *rows, reason="solved")
            rows = [_rows(without(one, bracket), sign, (-1, solved)) for sign in (1, -1)]
            (one,) = self.do("forget", one, bracket, *rows, reason="solved")
        if z in one.over:
            return self.do("sift", one, z, value, reason="put in")[0]
        return self._rewritten(one, solved, z, value)

    def _rewritten(self, one: Summand, equation: Bracket, z: str, value: Polynomial) -> Summand:
        for bracket in one.where:
            if bracket == equation or z not in names_in(bracket.of):
                continue
            new = Bracket(bracket.relation, put(bracket.of, {z: value}))
            multiple = _divided(bracket.of, z, value)
            signs = (1,) if bracket.relation == ">=" else (1, -1)
            rows = [_rows(one.where, sign, (1, bracket), (-multiple, equation)) for sign in signs]
            (one,) = self.do("imply", one, new, *rows, reason="put in")
            rest = without(one, bracket)
            if new in rest:
                rows = [_rows(rest, sign, (1, new), (multiple, equation)) for sign in signs]
            else:  # it was a number, and true
                number = ((new.of, ()),) if new.of.terms else ()
                rows = [(*number, *_rows(rest, sign, (multiple, equation))) for sign in signs]
            (one,) = self.do("forget", one, bracket, *rows, reason="put in")
        return one


def without(one: Summand, bracket: Bracket) -> tuple[Bracket, ...]:
    """List the brackets of a summand but one."""
    return tuple(other for other in one.where if other != bracket)


def _rows(where: tuple[Bracket, ...], sign: int, *parts: tuple[Any, Bracket]) -> Certificate:
    return tuple((Polynomial.constant(sign) * factor, (where.index(bracket),)) for factor, bracket in parts)


def equation_of(one: Summand, done: Collection[str]) -> tuple[Bracket, str, Polynomial] | None:
    """Find an equation that gives a number, a bound one if there is one, by the others."""
    for bound in (True,):
        for bracket in one.where:
            for z in sorted(names_in(bracket.of) - set(done)) if bracket.relation == "=" else ():
                parts = linear(bracket.of, z)
                if parts is None or parts[1] not in (ONE, -ONE) or (z in one.over) != bound:
                    continue
                if bound or not names_in(parts[0]):
                    return bracket, z, parts[0] * parts[1]
    return None


def _divided(p: Polynomial, z: str, value: Polynomial) -> Polynomial:
    """Give (p - p with the value for z) / (z - value)."""
    result = Polynomial({})
    for monomial, coefficient in p.terms.items():
        power = monomial.count(z)
        rest = Polynomial({tuple(x for x in monomial if x != z): coefficient})
        for j in range(power):
            result = result + rest * _power(Polynomial.variable(z), j) * _power(value, power - 1 - j)
    return result


def _power(p: Polynomial, exponent: int) -> Polynomial:
    return prod([p] * exponent, start=Polynomial.constant(1))


def moved(certificate: Certificate, old: tuple[Bracket, ...], new: tuple[Bracket, ...]) -> Certificate:
    """Give a certificate for more brackets, each in its new place."""
    return tuple((factor, tuple(new.index(old[place]) for place in places)) for factor, places in certificate)


def find_certificates(where: tuple[Bracket, ...], bracket: Bracket, degree: int = 2) -> tuple[Certificate, ...] | None:
    """Find the certificates for a bracket: one, or for p = 0 those of p >= 0 and of -p >= 0."""
    found = []
    for goal in [bracket.of] if bracket.relation == ">=" else [bracket.of, -bracket.of]:
        certificate = find_certificate(where, goal, degree=degree)
        if certificate is None:
            return None
        found.append(certificate)
    return tuple(found)
