"""Mutants of proofs for all sizes: every step of every one changed in many ways, and the kernel asked again.

    python -m tests.proofmutants

asks the kernel of every change, prints how many it refused, by theorem and by kind of change, and writes
docs/proofmutants.md. A change of a term is carried to the neighbouring step, so that the rules themselves must refuse
it. What the kernel accepts is a survivor: `because` says why the chain still proves the same equation.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from symtconv import ProofError, prove, theorems
from symtconv.proofs import kernel
from symtconv.proofs.kernel import RULES, Proof, Step, verify_steps
from symtconv.proofs.summation import Bracket, Total
from symtconv.proofs.terms import Equation
from tests.changedsums import changed_parts, changed_terms

PAGE = Path(__file__).parent.parent / "docs" / "proofmutants.md"
NAMES = tuple(theorem.name for theorem in theorems() if theorem.universal is not None)


@dataclass(frozen=True)
class Mutant:
    """A proof with one change, of the step at `place`: `steps` stand where those from `start` to `end` stood."""

    kind: str
    place: int
    start: int
    end: int
    steps: tuple[Step, ...]


# --- the changes


def mutants_of(proof: Proof, place: int) -> Iterator[Mutant]:
    """List the changes of one step; none of them is the step itself."""
    step = proof.steps[place]
    for kind, changed in _told_otherwise(step):
        yield Mutant(kind, place, place, place + 1, (changed,))
    yield Mutant("step left out", place, place, place + 1, ())
    yield Mutant("step done twice", place, place, place + 1, (step, step))
    if place + 1 < len(proof.steps) and proof.steps[place + 1] != step:
        yield Mutant("steps exchanged", place, place, place + 2, (proof.steps[place + 1], step))
    yield from _other_ends(proof, place)


def _told_otherwise(step: Step) -> Iterator[tuple[str, Step]]:
    for rule in RULES:
        if rule != step.rule:
            yield "rule", replace(step, rule=rule)
    for at in {("of", *step.at), ("left", *step.at), step.at[1:]} - {step.at}:
        yield "where it applies", replace(step, at=at)
    for kind, how in changed_parts(step.how):
        yield f"told: {kind}", replace(step, how=how)


def _other_ends(proof: Proof, place: int) -> Iterator[Mutant]:
    """Change what a step leads to or starts from, and the neighbouring step, if there is one, in the same way."""
    step, steps = proof.steps[place], proof.steps
    follows = place + 1 < len(steps) and steps[place + 1].before == step.after
    for kind, after in changed_terms(step.after, place):
        changed = [replace(step, after=after), *([replace(steps[place + 1], before=after)] if follows else [])]
        yield Mutant(f"after: {kind}", place, place, place + len(changed), tuple(changed))
    led = place > 0 and steps[place - 1].after == step.before
    for kind, before in changed_terms(step.before, place + 1):
        changed = [*([replace(steps[place - 1], after=before)] if led else []), replace(step, before=before)]
        yield Mutant(f"before: {kind}", place, place + 1 - len(changed), place + 1, tuple(changed))


# --- the kernel's verdict


class Checked:
    """A proof, and the kernel's verdict on changes of it."""

    def __init__(self, proof: Proof) -> None:
        self.proof, self.whole = proof, Part(proof.equations, 0, len(proof.steps))
        self.known = set[int]()  # the terms of the proof: the kernel need look at them once only
        for step in proof.steps:
            for term in (step.before, step.after):
                kernel._plain(term, self.known, {})
        self.parts: dict[tuple[int, int], Part] = {}

    def refuses(self, mutant: Mutant) -> bool:
        """Tell whether the kernel refuses a change: one of its steps, or else a part of the proof that has it."""
        try:
            for step in mutant.steps:
                kernel._verify_step(mutant.place, step, set(self.known), {})
        except ProofError:
            return True
        return not self.accepts(self.part_with(mutant), mutant.steps, mutant.start, mutant.end)

    def accepts(self, part: Part, steps: tuple[Step, ...], start: int, end: int) -> bool:
        """Ask the kernel whether a part of the proof proves its equations, with other steps from `start` to `end`."""
        before, after = self.proof.steps[part.start : start], self.proof.steps[end : part.end]
        try:
            verify_steps(part.equations, [*before, *steps, *after])
        except ProofError:
            return False
        return True

    def part_with(self, mutant: Mutant) -> Part:
        """Give the steps around a change, where they are a proof by themselves and of one equation; else all."""
        start, end = max(mutant.start - 1, 0), min(mutant.end + 1, len(self.proof.steps))
        if (start, end) not in self.parts:
            steps = self.proof.steps[start:end]
            part = Part((Equation(steps[0].before, steps[-1].after, "these steps"),), start, end)
            inside = not any(step.after == one.right for step in steps[:-1] for one in self.proof.equations)
            self.parts[start, end] = part if inside and self.accepts(part, steps, start, end) else self.whole
        return self.parts[start, end]


@dataclass(frozen=True)
class Part:
    """Steps that lead from one side of equations to the other."""

    equations: tuple[Equation, ...]
    start: int
    end: int


@cache
def checked(name: str) -> Checked:
    """Prove a theorem for all sizes, once."""
    return Checked(prove(name))


# --- why survivors are still true


IDLE = "the step changes nothing"
READ_BACK = "imply and forget are one identity, and the kernel reads each in both directions"
ELSEWHERE = "the rule makes the same sum of another summand"
SAME_FACTOR = "of two factors that are the same entry the other one is unfolded"
SAME_POLYNOMIAL = "the certificate names another bracket of the same polynomial"


def because(proof: Proof, mutant: Mutant) -> str:
    """Say why a chain that the kernel accepts is still true; nothing where no reason is known."""
    old = proof.steps[mutant.start : mutant.end]
    if any(step.before == step.after for step in old):
        return IDLE
    if len(old) != 1 or len(mutant.steps) != 1:
        return ""
    (step,), (new,) = old, mutant.steps
    if new == replace(step, rule=new.rule) and {step.rule, new.rule} == {"imply", "forget"}:
        return READ_BACK
    if new != replace(step, how=new.how):
        return ""
    if new.how[1:] == step.how[1:]:
        return ELSEWHERE
    if step.rule == new.rule == "unfold entry" and _unfolds_the_same(step, new):
        return SAME_FACTOR
    return SAME_POLYNOMIAL if _cites_the_same(step, new) else ""


def _unfolds_the_same(step: Step, new: Step) -> bool:
    """Tell whether two steps unfold two factors of one summand that are the same entry."""
    for term in (step.before, step.after):
        part: Any = term
        for name in step.at:
            part = getattr(part, name)
        summands = part.summands if isinstance(part, Total) else ()
        for one in summands[step.how[0] : step.how[0] + 1]:
            places = step.how[1], new.how[1]
            if max(places) < len(one.entries) and one.entries[places[0]] == one.entries[places[1]]:
                return step.how[0] == new.how[0] and step.how[2:] == new.how[2:]
    return False


def _cites_the_same(step: Step, new: Step) -> bool:
    """Tell whether two steps differ in one bracket of a certificate only, by number but not by polynomial."""
    places = [(p, q) for p, q in zip(_leaves(step.how), _leaves(new.how), strict=True) if p != q]
    return any(
        isinstance(p, int) and isinstance(q, int) and -len(where) <= q < len(where) and where[p].of == where[q].of
        for where in _brackets(step)
        for p, q in places
    )


def _leaves(part: Any) -> list[Any]:
    return [leaf for inner in part for leaf in _leaves(inner)] if isinstance(part, tuple) else [part]


def _brackets(step: Step) -> Iterator[tuple[Bracket, ...]]:
    """List the brackets that a certificate of a step may be about: those of its summand, but the one that follows."""
    for term in (step.before, step.after):
        if isinstance(term, Total) and step.how[0] < len(term.summands):
            yield tuple(bracket for bracket in term.summands[step.how[0]].where if bracket != step.how[1])


# --- counting


@dataclass
class Tally:
    """How many changes were tried, how many the kernel refused, and why it may accept the others."""

    tried: int = 0
    refused: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[Mutant] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.tried + other.tried,
            self.refused + other.refused,
            self.explained + other.explained,
            self.unexplained + other.unexplained,
        )

    @property
    def share(self) -> str:
        """The share that is refused, in per cent, rounded down."""
        return f"{10000 * self.refused // self.tried / 100:.2f}"


def tally(name: str, every_step: int = 1, every_change: int = 1) -> dict[str, Tally]:
    """Ask the kernel of every change of every step, or of each so many; by kind of change."""
    one, found = checked(name), dict[str, Tally]()
    places = range(0, len(one.proof.steps), every_step)
    every = (islice(mutants_of(one.proof, place), place % every_change, None, every_change) for place in places)
    for mutant in chain.from_iterable(every):
        refused = one.refuses(mutant)
        reason = "" if refused else because(one.proof, mutant)
        counts = Tally(1, int(refused), Counter([reason] if reason else []), [] if refused or reason else [mutant])
        found[mutant.kind] = found.get(mutant.kind, Tally()) + counts
    return found


INTRODUCTION = """# Mutants of proofs: does the kernel notice a changed step?

Every step of every proof for all sizes is changed in many ways:

- another rule; another part of the term;
- what the rule is told: a sign, a bound, a coefficient, a place, a name, a relation, an index; a part left out, such as
  a row of a certificate;
- the step left out, done twice, or exchanged with the next one;
- the sum that it leads to or starts from, and the neighbouring step with it, so that the rules themselves must refuse
  it: a sign, a bound, a coefficient, an index, an array, a bound name; a hypothesis, an entry or a summand left out.

What the kernel accepts must have a reason in `tests/proofmutants.py`, which looks at the changed step: the chain proves
the same equation. `tests/catalogue/test_proofmutants.py` asks of a part of these changes, and fails where one is
accepted without a reason.

`python -m tests.proofmutants` asks of all of them and wrote this page.
"""


def page(found: dict[str, dict[str, Tally]]) -> str:
    """Write what was counted, by theorem and kind of change, as Markdown."""
    theorems_ = {name: sum(kinds.values(), Tally()) for name, kinds in found.items()}
    kinds = dict[str, Tally]()
    for counts in found.values():
        for kind, one in counts.items():
            kinds[kind] = kinds.get(kind, Tally()) + one
    every = sum(theorems_.values(), Tally())
    others = every.tried - every.explained.total()
    reasons = [f"- {reason}: {count:,}" for reason, count in every.explained.most_common()]
    return "\n".join(
        [
            INTRODUCTION,
            f"{every.tried:,} changes: {every.refused:,} refused, {every.share} %. Accepted, and still true:\n",
            *reasons,
            f"\nOf the {others:,} others, {every.refused:,} are refused,",
            f"and {len(every.unexplained)} are accepted without a reason.",
            *_table("theorem", theorems_),
            *_table("change", dict(sorted(kinds.items()))),
            "",
        ]
    )


def _table(head: str, rows: dict[str, Tally]) -> Iterator[str]:
    yield f"\n| {head} | changes | refused | % | still true |\n|---|---:|---:|---:|---|"
    for name, one in rows.items():
        told = "; ".join(f"{count}: {reason}" for reason, count in one.explained.items())
        odd = f"{len(one.unexplained)} without a reason" if one.unexplained else ""
        yield f"| {name} | {one.tried:,} | {one.refused:,} | {one.share} | {told}{odd} |"


def main() -> None:
    """Ask of every change, print a line for each theorem, and write the page; fail where there is no reason."""
    found = {}
    for name in NAMES:
        found[name] = tally(name)
        one = sum(found[name].values(), Tally())
        print(
            f"{name}: {one.tried:,} changes, {one.share} % refused, {len(one.unexplained)} without a reason", flush=True
        )
    PAGE.write_text(page(found), encoding="utf-8")
    if any(one.unexplained for kinds in found.values() for one in kinds.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
