"""Mutants of what is said for all sizes: a statement changed in one place is proved only where it is true.

    python -m tests.statementmutants

changes every claim about whole numbers and one side of every equation between sums in every place, works each changed
statement out by brute force at all small sizes, and asks the prover: what is false there must not be proved.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from time import monotonic
from typing import Literal

import pytest

from symtconv import GeometryError, ProofError, TooLarge, theorems
from symtconv.proofs import universal
from symtconv.proofs.claims import Claim, claim_of, read_question
from symtconv.proofs.counterexample import smallest
from symtconv.proofs.kernel import Goal, check
from symtconv.proofs.script import StuckError
from symtconv.proofs.sums import find_sum_steps
from symtconv.proofs.terms import Equation
from symtconv.proofs.theorem import Theorem
from tests.bruteforcesums import InfiniteError, random_array, sizes, value
from tests.changedsums import changed_terms
from tests.changedtexts import changed_cases
from tests.proofs.claimcases import Case

UNIVERSAL = {theorem.name: theorem for theorem in theorems() if theorem.universal is not None}
SECONDS = 0.5  # for the prover to find a proof of a changed claim, and for decide to find a counterexample
POINTS = 1500  # sizes at which a changed statement is worked out

Truth = Literal["false", "true at small sizes", "not a statement"]
TRUE: Truth = "true at small sizes"
Verdict = Literal["proved", "refuted", "undecided"]


def cases_of(theorem: Theorem) -> list[Case]:
    """List the claims about whole numbers that a theorem is made of."""
    return [case for case, _ in _told(theorem)]


def sums_of(theorem: Theorem) -> list[Equation]:
    """List the equations between sums that a theorem says and that do not come from a claim about whole numbers."""
    made = [equation for _, claim in _told(theorem) for equation in claim.for_all()]
    return [equation for equation in theorem.for_all() if equation not in made]


def _told(theorem: Theorem) -> list[tuple[Case, Claim]]:
    found: list[tuple[Case, Claim]] = []

    def remembered(claim: str, where: Sequence[str] = (), assuming: Sequence[str] = ()) -> Claim:
        found.append((Case(claim, tuple(assuming), tuple(where)), claim_of(claim, where, assuming)))
        return found[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(universal, "claim_of", remembered)
        theorem.for_all()
    return found


# --- claims about whole numbers


def truth_of_case(case: Case) -> Truth:
    """Work a claim out by Python at small sizes."""
    for at in islice(case.sizes(), POINTS):
        if case.at(at) in ("false", "undefined"):
            return "false"
    return TRUE


def verdict_on_case(case: Case) -> Verdict | None:
    """Ask the prover first, then for a counterexample, as decide does with more time; None for what is no claim."""
    try:
        made = claim_of(case.claim, case.where, case.assuming)
        question = read_question(case.claim, case.where, case.assuming)
    except GeometryError:
        return None
    try:
        check(Goal(made), made.steps(monotonic() + SECONDS))
    except (StuckError, TooLarge, ProofError):
        failure, _ = smallest(question, monotonic() + SECONDS)
        return "undecided" if failure is None else "refuted"
    return "proved"


# --- equations between sums


@dataclass(frozen=True)
class Changed:
    """A theorem that says one other equation."""

    equation: Equation
    name: str = "changed"
    assumed_for_all: tuple[str, ...] = ()

    def for_all(self) -> tuple[Equation, ...]:
        """Give the equation."""
        return (self.equation,)


def truth_of_sum(equation: Equation) -> Truth:
    """Work both sides of an equation out at small sizes."""
    try:
        for at in grid(equation, POINTS):
            if value(equation.left, at, random_array) != value(equation.right, at, random_array):
                return "false"
    except InfiniteError:
        return "not a statement"
    return TRUE


def grid(equation: Equation, most: int) -> list[dict[str, int]]:
    """List all sizes up to the largest bound, of 1 to 8, up to which there are at most so many."""
    found = list(sizes(equation, 1))
    for bound in range(2, 9):
        more = list(islice(sizes(equation, bound), most + 1))
        if len(more) > most:
            break
        found = more
    return found


def verdict_on_sum(equation: Equation) -> Verdict:
    """Ask the prover."""
    try:
        check(Goal(Changed(equation)), find_sum_steps(equation))
    except (StuckError, ProofError):
        return "undecided"
    return "proved"


# --- counting


@dataclass(frozen=True)
class Mutant:
    """A changed statement: what brute force says of it, and what the prover."""

    kind: str
    said: Case | Equation
    truth: Truth
    verdict: Verdict | None

    @property
    def is_wrong(self) -> bool:
        """Whether something is proved that is not true."""
        return self.verdict == "proved" and self.truth != TRUE


def mutants_of(theorem: Theorem, stride: int = 1) -> Iterator[Mutant]:
    """Change what a theorem says for all sizes in every place, or in one of so many, and ask of it."""
    changes: Iterator[tuple[str, Case | Equation]] = chain(
        chain.from_iterable(changed_cases(case) for case in cases_of(theorem)),
        (
            (kind, replace(equation, right=right))
            for equation in sums_of(theorem)
            for kind, right in changed_terms(equation.right)
        ),
    )
    for kind, said in islice(changes, len(theorem.name) % stride, None, stride):
        if isinstance(said, Case):
            yield Mutant(kind, said, truth_of_case(said), verdict_on_case(said))
        else:
            yield Mutant(kind, said, truth_of_sum(said), verdict_on_sum(said))


def main() -> None:
    """Print what was counted for each theorem as Markdown; fail where something false is proved."""
    print("| theorem | changes | false | refuted | undecided | proved | true at small sizes | proved |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    wrong, every = list[Mutant](), Counter[str]()
    for name, theorem in UNIVERSAL.items():
        counts = Counter[str]()
        for mutant in mutants_of(theorem):
            kind = TRUE if mutant.truth == TRUE else "false"
            counts.update(["changes", kind, f"{kind}, {mutant.verdict}"])
            wrong += [mutant] if mutant.is_wrong else []
        every += counts
        print(_row(name, counts), flush=True)
    print(_row("all", every))
    for mutant in wrong:
        print(f"PROVED AND NOT TRUE: {mutant}")
    if wrong:
        sys.exit(1)


def _row(name: str, counts: Counter[str]) -> str:
    columns = ("changes", "false", *(f"false, {verdict}" for verdict in ("refuted", "undecided", "proved")))
    return f"| {name} | " + " | ".join(f"{counts[one]:,}" for one in (*columns, TRUE, f"{TRUE}, proved")) + " |"


if __name__ == "__main__":
    main()
