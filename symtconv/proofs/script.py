"""Writing a chain of steps by rules, one after another. Untrusted: the kernel applies each rule again."""

from __future__ import annotations

from typing import Any

from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.kernel import RULES, Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Summand, Total


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
    return any((one.over, one.where, one.entries) == (o.over, o.where, o.entries) for o in within.summands)


class Script:
    """A chain of steps from a term, and the term that it has come to."""

    def __init__(self, start: Total) -> None:
        self.now, self.steps = start, list[Step]()

    def do(self, rule: str, one: Summand, *how: Any, reason: str = "") -> tuple[Summand, ...]:
        """Exchange a summand for what a rule makes of it; give that, in normal form."""
        place = place_of(self.now, one)
        after = RULES[rule](self.now, place, *how)
        alone = RULES[rule](Total((one,)), 0, *how)
        if not isinstance(after, Total) or not isinstance(alone, Total):
            raise StuckError
        self._add(after, rule, reason, (place, *how))
        return alone.summands

    def _add(self, after: Total, rule: str, reason: str, how: tuple[Any, ...]) -> None:
        self.steps.append(Step(self.now, after, rule, reason, (), how))
        self.now = after

    def reversed(self) -> list[Step]:
        """Give the steps that lead back."""
        return [Step(s.after, s.before, s.rule, s.reason, s.at, s.how) for s in reversed(self.steps)]

    def drop(self, one: Summand, bracket: Bracket, reason: str = "") -> Summand | None:
        """Leave a bracket out that follows from the others; None where no certificate is found."""
        certificates = find_certificates(tuple(other for other in one.where if other != bracket), bracket)
        if certificates is None:
            return None
        return self.do("forget", one, bracket, *certificates, reason=reason)[0]

    def close(self, one: Summand) -> Certificate | None:
        """Drop a summand whose brackets contradict each other; give the certificate, or None if none is found."""
        certificate = find_certificate(one.where, Polynomial.constant(-1))
        if certificate is not None:
            self.do("void", one, certificate, reason="the conditions contradict each other")
        return certificate


def moved(certificate: Certificate, old: tuple[Bracket, ...], new: tuple[Bracket, ...]) -> Certificate:
    """Give a certificate for more brackets, each in its new place."""
    return tuple((factor, tuple(new.index(old[place]) for place in places)) for factor, places in certificate)


def find_certificates(where: tuple[Bracket, ...], bracket: Bracket) -> tuple[Certificate, ...] | None:
    """Find the certificates for a bracket: one, or for p = 0 those of p >= 0 and of -p >= 0."""
    found = []
    for goal in [bracket.of] if bracket.relation == ">=" else [bracket.of, -bracket.of]:
        certificate = find_certificate(where, goal)
        if certificate is None:
            return None
        found.append(certificate)
    return tuple(found)
