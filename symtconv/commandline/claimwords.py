"""A decided claim in plain words and as data: the view of `symtconv decide`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symtconv.commandline.sumwords import polynomial_words, shown_words
from symtconv.narration import shown_by
from symtconv.proofs.claims import Claim
from symtconv.proofs.kernel import Proof, Step

MOST_LINES = 60


def claim_data(proof: Proof) -> dict[str, Any]:
    """Give a proved claim as JSON data."""
    claim: Claim = proof.theorem
    return {
        "verdict": "proved",
        "counterexample": None,
        "claim": claim.name,
        "where": list(claim.where),
        "assuming": list(claim.assuming),
        "scope": proof.scope,
        "steps": len(proof.steps),
    }


def claim_words(proof: Proof) -> str:
    """Tell what was claimed, and how it follows."""
    claim: Claim = proof.theorem
    told = [f"Proved: {claim.name}"]
    told += [f"where     {text}" for text in claim.where] + [f"assuming  {text}" for text in claim.assuming]
    told += ["", *case_words(proof.steps)]
    told += ["", f"Proved for all whole numbers: {len(proof.steps)} steps, each one checked by the proof kernel."]
    return "\n".join(told) + "\n"


def case_words(steps: tuple[Step, ...]) -> list[str]:
    """Tell the quotients, the cases, and what each certificate adds up."""
    told = list(dict.fromkeys(line for step in steps for line in _told(step)))
    rest = len(told) - MOST_LINES
    return [*told[:MOST_LINES], *([f"... and {rest} lines more"] if rest > 0 else [])]


def _told(step: Step) -> Iterator[str]:
    """Say one step in words; one that only renames or puts in is not worth a line."""
    place_and_how = step.how
    if step.rule == "divide":
        _, a, b, q, _ = place_and_how
        yield f"Divide {polynomial_words(a)} by {polynomial_words(b)}: let {q} be the quotient."
    elif step.rule == "cases":
        p = place_and_how[1]
        yield f"Either {polynomial_words(p)} >= 0 or {polynomial_words(-p)} >= 1."
    elif (shown := shown_by(step)) is not None:
        yield f"A case {shown_words(shown)}." if shown.bracket is None else f"It follows that {shown_words(shown)}."
