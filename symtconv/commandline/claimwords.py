"""A decided claim in plain words and as data: the view of `symtconv decide`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symtconv.document.nodes import Paragraph
from symtconv.document.plainpage import plain_lines
from symtconv.errors import Refuted
from symtconv.proofs.claims import Claim
from symtconv.proofs.kernel import Proof
from symtconv.telling.failures import failure_content
from symtconv.telling.universal import proof_blocks


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
    told += ["", *plain_lines(proof_blocks(proof))]
    count = f"{len(proof.steps):,} step{'s' if len(proof.steps) != 1 else ''}"
    told += ["", f"Proved for all whole numbers: {count}, each one checked by the proof kernel."]
    return "\n".join(told) + "\n"


def refutation_words(claim: str, where: Sequence[str], assuming: Sequence[str], found: Refuted) -> str:
    """Tell why a claim is false: its smallest counterexample, with what both sides of it come to there."""
    return "\n".join(plain_lines((Paragraph(failure_content(claim, where, assuming, found)),))) + "\n"
