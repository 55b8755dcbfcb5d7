"""A user's own claims about whole numbers: proved for all of them, or refuted with the smallest counterexample."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from symtconv.errors import GeometryError, Refuted, TooLarge, Undecided
from symtconv.proofs.boxes import FARTHEST, Boxes, ways_of
from symtconv.proofs.counterexample import Failure, Question, fails, is_admitted, smallest
from symtconv.proofs.formula import Formula, denied, number, read_formula
from symtconv.proofs.integers import find_claim_steps
from symtconv.proofs.kernel import Goal, Proof, Step, check
from symtconv.proofs.meaning import Known, both, meaning
from symtconv.proofs.script import StuckError
from symtconv.proofs.summation import Summand, Total, total
from symtconv.proofs.terms import Equation

SECONDS = 9.0  # for one claim
TRIED, SEARCHED = 0.03, 0.6  # of them for a first look for counterexamples, and for a proof, which is checked then


@dataclass(frozen=True)
class Sequent:
    """Where hypotheses hold, a formula is true."""

    hypotheses: tuple[Formula, ...]
    formula: Formula
    says: str

    def equation(self) -> Equation:
        """Say it as an equation: [H] [F] = [H]."""
        pairs = self.pairs()
        left = total(*(one for _, others in pairs for one in others))
        return Equation(left, Total(tuple(h for h, _ in pairs)), self.says)

    def pairs(self) -> list[tuple[Summand, tuple[Summand, ...]]]:
        """List the summands of [H], each with those of [H] [F] that it is part of."""
        known: Known = {}
        given = meaning(Formula("and", self.hypotheses), "h", known).summands
        said = meaning(self.formula, "f", known).summands
        products = ((h, (both(h, f) for f in said)) for h in given)
        return [(h, tuple(one for found in parts if found for one in total(found).summands)) for h, parts in products]

    def steps(self, until: float) -> list[Step]:
        """Find the steps from one side to the other, or raise StuckError."""
        equation = self.equation()
        assert isinstance(equation.left, Total)
        assert isinstance(equation.right, Total)
        return find_claim_steps(equation.left, equation.right, self.pairs(), until)


@dataclass(frozen=True)
class Claim:
    """A user's claim: its text, and what it comes down to; every divisor is not 0, and then the claim itself."""

    name: str
    sequents: tuple[Sequent, ...]
    where: tuple[str, ...] = ()
    assuming: tuple[str, ...] = ()

    @property
    def assumed_for_all(self) -> tuple[str, ...]:
        """What its proof assumes, in words."""
        return self.assuming

    def for_all(self) -> tuple[Equation, ...]:
        """Give the equations that say it."""
        return tuple(sequent.equation() for sequent in self.sequents)

    def steps(self, until: float) -> list[Step]:
        """Find the steps that prove it, until a time (of time.monotonic), or raise StuckError."""
        return [step for sequent in self.sequents for step in sequent.steps(until)]


def claim_of(claim: str, where: Sequence[str] = (), assuming: Sequence[str] = ()) -> Claim:
    """Read a claim and list what it comes down to."""
    where, assuming = _texts("where", where), _texts("assuming", assuming)
    return _claim(read_question(claim, where, assuming), claim, where, assuming)


def _claim(question: Question, claim: str, where: Sequence[str], assuming: Sequence[str]) -> Claim:
    return Claim(claim, tuple(_sequents(question, claim)), tuple(where), tuple(assuming))


def decide(claim: str, *, where: Sequence[str] = (), assuming: Sequence[str] = ()) -> Proof:
    """Prove a claim about whole numbers for all of them, or refute it.

    Formulas are made of names, whole numbers, + - * ** (constant exponent), / (exact), // and % (Python's), floor,
    ceil, max, min, abs, gcd, comparisons (chained too), and, or, not, implies(a, b), iff(a, b), divides(s, n).

    Args:
        claim: the formula that is to be true.
        where: definitions, "name = expression", in any order.
        assuming: formulas that are taken to be true; names that are not defined are any integers that satisfy them.

    Returns:
        The Proof, which has passed the kernel; its first equations say that no divisor is 0.

    Raises:
        Refuted: with `.counterexample`, the values of the free names with the smallest sum of absolute values, and
            `.reason`, "false" or, where a divisor is 0, "undefined".
        Undecided: where neither is found within about ten seconds.
        GeometryError: for what is no formula, and for assumptions that contradict each other.

    >>> decide("(n + 2*p - k)//s + 1 >= 1", assuming=["s >= 1", "n + 2*p >= k"])
    <Proof of (n + 2*p - k)//s + 1 >= 1 for all sizes: ... steps, checked>
    """
    until = monotonic() + SECONDS
    where, assuming = _texts("where", where), _texts("assuming", assuming)
    question = read_question(claim, where, assuming)
    search = _Search(question, question.formula, lambda at: fails(question, at))
    failure = search.first(monotonic() + 2 * TRIED * SECONDS)
    if failure is not None:
        raise _refuted(claim, question, failure)
    try:
        made = _claim(question, claim, where, assuming)
        steps = made.steps(until - (1 - SEARCHED) * SECONDS)
        _require_some(question, until)
        return check(Goal(made), steps)
    except (StuckError, TooLarge):
        pass
    failure = search.first(until)
    if failure is not None:
        raise _refuted(claim, question, failure)
    raise Undecided(
        claim[:80],
        arrived=f"no counterexample with a sum of absolute values below {_short(search.below)}, and no proof",
        rule="within ten seconds neither was found",
        remedy="State what is known about the numbers with assuming, or take the claim apart.",
    )


def _texts(what: str, texts: Iterable[str]) -> tuple[str, ...]:
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise GeometryError(what, arrived=repr(texts)[:60], rule="it is a list of texts", remedy="Pass a list.")
    return tuple(texts)


def read_question(claim: str, where: Sequence[str], assuming: Sequence[str]) -> Question:
    """Read a claim, its definitions and assumptions.

    Raises:
        GeometryError: for what is no formula, a name defined twice or by way of itself, or a definition of a fraction.
    """
    given: dict[str, Formula] = {}
    for text in where:
        name, equals, body = text.partition("=") if isinstance(text, str) else ("", "", "")
        name = name.strip()
        if not equals or not name.isidentifier() or name in given:
            rule = "it is 'name = expression', for each name once"
            raise GeometryError("where", arrived=repr(text)[:60], rule=rule, remedy="Write o = (n - k)//s + 1.")
        read_formula(name, "number", "where")
        given[name] = read_formula(body.strip(), "number", "where")
        if given[name].kind != "whole":
            rule = "a defined number is whole"
            raise GeometryError("where", arrived=repr(text)[:60], rule=rule, remedy="Use // or floor for quotients.")
    assumed = tuple(read_formula(text, "truth", "assuming") for text in assuming)
    said = read_formula(claim, "truth")
    order = re.findall(r"\b[A-Za-z_]\w*", " ".join((*assuming, *where, claim)))
    return Question(said, tuple(_ordered(given)), assumed, tuple(order))


def _ordered(given: dict[str, Formula]) -> Iterator[tuple[str, Formula]]:
    """Put definitions in an order in which each uses earlier ones only."""
    done: set[str] = set()
    while len(done) < len(given):
        ready = [name for name in given if name not in done and not set(given[name].names()) & given.keys() - done]
        if not ready:
            cycle = ", ".join(name for name in given if name not in done)
            raise GeometryError("where", arrived=cycle, rule="no name is defined by way of itself", remedy="Break it.")
        for name in ready:
            done.add(name)
            yield name, given[name]


def _sequents(question: Question, claim: str) -> Iterator[Sequent]:
    """List what is to be proved: that each divisor is not 0 where it is reached, and the claim."""
    known: tuple[Formula, ...] = ()
    pending = dict(question.given)

    def needed(formula: Formula) -> Iterator[Sequent]:
        nonlocal known
        for name, value in question.given:
            if name in pending and name in formula.names():
                del pending[name]
                yield from needed(value)
                yield from _defined(value, known)
                known = (*known, Formula("=", (Formula("name", (name,)), value)))

    for one in question.ordered:
        yield from needed(one)
        yield from _defined(one, known)
        known = (*known, one)
    for name, _ in question.given:
        yield from needed(Formula("name", (name,)))
    yield from _defined(question.formula, known)
    yield Sequent(known, question.formula, claim)


def _defined(formula: Formula, known: tuple[Formula, ...]) -> Iterator[Sequent]:
    """List what makes every divisor of a formula differ from 0, where it is reached from left to right."""
    before: tuple[Formula, ...] = ()
    for place, part in enumerate(formula.operands):
        yield from _defined(part, (*known, *before))
        if formula.operation == "and" or (formula.operation == "implies" and place == 0):
            before = (*before, part)
        elif formula.operation == "or":
            before = (*before, denied(part))
    if formula.operation == "/" and formula.operands[1].operation != "number":
        unequal = denied(Formula("=", (formula.operands[1], number(0))))
        yield Sequent(known, unequal, "a divisor is not 0")
    elif formula.operation == "/" and formula.operands[1].parts[0] == 0:
        yield Sequent(known, denied(Formula("=", (number(0), number(0)))), "a divisor is not 0")


def _refuted(claim: str, question: Question, failure: Failure) -> Refuted:
    at = ", ".join(f"{name} = {value}" for name, value in failure.at.items()) or "there"
    if failure.divisor is None:
        error = Refuted.at(claim[:200], failure.at, at, "it is false there")
    else:
        error = Refuted.at(claim[:200], failure.at, at, "it divides by 0 there")
    error.reason = "false" if failure.divisor is None else "undefined"
    return error


def boxes_of(question: Question, names: Sequence[str]) -> Boxes:
    """Give the boxes in which a claim may fail: where it is false, or a divisor is 0 where it is reached."""
    ways: list[list[Formula]] = []
    for one in _sequents(question, ""):
        ways += [way for way in ways_of([*one.hypotheses, denied(one.formula)]) if way not in ways]
    return Boxes(ways, names, question.given)


def _short(value: int) -> str:
    return str(value) if value < 10**20 else f"10**{len(str(value)) - 1}"


class _Search:
    """Looks for the first point that passes a test: point by point near 0, and by boxes far out."""

    def __init__(
        self, question: Question, formula: Formula, test: Callable[[Mapping[str, int]], Failure | None]
    ) -> None:
        self.question, self.test, self.below = question, test, 0
        self.boxes = boxes_of(Question(formula, question.given, question.assuming), question.free)

    def first(self, until: float) -> Failure | None:
        """Give the first point, or None where there was no time."""
        if not self.boxes.heap:
            self.below = FARTHEST
            return None
        begin = monotonic()
        found, most = smallest(self.question, begin + (until - begin) / 4, self.test, start=self.below)
        self.below = max(self.below, most)
        if found is None:
            found = self.boxes.first(self.test, until)
            self.below = max(self.below, self.boxes.below)
        return found


def _require_some(question: Question, until: float) -> None:
    """Require numbers that satisfy the assumptions."""

    def admitted(at: Mapping[str, int]) -> Failure | None:
        return Failure(dict(at)) if is_admitted(question, at) else None

    never = Formula("=", (number(0), number(1)))
    search = _Search(question, never, admitted)
    if search.first(monotonic() + TRIED * SECONDS) is not None:
        return
    try:
        *_, last = _sequents(Question(never, question.given, question.assuming), "")
        last.steps(monotonic() + TRIED * SECONDS)
    except (StuckError, TooLarge):
        if search.first(until) is None:
            raise Undecided(
                "assuming",
                arrived="no numbers that satisfy the assumptions were found",
                rule="a claim about no numbers at all is not proved",
                remedy="Make the assumptions weaker.",
            ) from None
    else:
        rule = "no integers satisfy all of them, so that anything would follow"
        raise GeometryError("assuming", arrived="contradictory assumptions", rule=rule, remedy="Leave one out.")
