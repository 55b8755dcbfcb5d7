"""A decided claim in plain words and as data: the view of `symtconv decide`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from symtconv.proofs.claims import Claim
from symtconv.proofs.kernel import RULES, Proof, Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Total

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
    """Tell what was claimed, and how it follows: quotients, cases, and what each certificate adds up."""
    claim: Claim = proof.theorem
    lines = [f"Proved: {claim.name}"]
    lines += [f"where     {text}" for text in claim.where] + [f"assuming  {text}" for text in claim.assuming]
    told = [line for step in proof.steps for line in _told(step)]
    told = list(dict.fromkeys(told))
    lines += ["", *told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"... and {len(told) - MOST_LINES} lines more")
    lines += ["", f"Proved for all whole numbers: {len(proof.steps)} steps, each one checked by the proof kernel."]
    return "\n".join(lines) + "\n"


def _told(step: Step) -> Iterator[str]:
    """Say one step in words; a step that only renames or puts in is not worth a line."""
    forward = step.rule in {"divide", "cases", "imply", "forget", "void"}
    if not forward or not isinstance(step.before, Total) or not isinstance(step.after, Total):
        return
    place, *how = step.how
    source = step.before if _leads(step) else step.after
    one = source.summands[place]
    if step.rule == "divide":
        a, b, q, _ = how
        yield f"Divide {polynomial_words(a)} by {polynomial_words(b)}: let {q} be the quotient."
    elif step.rule == "cases":
        yield f"Either {polynomial_words(how[0])} >= 0 or {polynomial_words(-how[0])} >= 1."
    elif step.rule == "void":
        yield f"A case cannot occur: {_sum(one.where, how[0])} gives -1 >= 0."
    else:
        bracket, *certificates = how
        rest = tuple(b for b in one.where if b != bracket) if step.rule == "forget" else one.where
        sums = " and ".join(_sum(rest, certificate) for certificate in certificates)
        yield f"{bracket_words(bracket)} follows, adding {sums}."


def _leads(step: Step) -> bool:
    """Tell whether the rule leads from before to after, rather than back."""
    try:
        return bool(RULES[step.rule](step.before, *step.how) == step.after)
    except (IndexError, ValueError):
        return False


def _sum(where: tuple[Bracket, ...], certificate: Certificate) -> str:
    parts = []
    for factor, places in certificate:
        shown = [f"({bracket_words(where[place])})" for place in places]
        number = factor.terms.get((), 0) if factor.terms.keys() <= {()} else None
        if number == 1 and shown:
            parts.append(" ".join(shown))
        else:
            parts.append(" ".join([_factor(factor, number), *shown]))
    return " + ".join(parts) if parts else "nothing"


def _factor(factor: Polynomial, number: int | Fraction | None) -> str:
    return f"({polynomial_words(factor)})" if number is None else str(number)


def bracket_words(bracket: Bracket) -> str:
    """Write a condition with its negative terms on the right: a + 1 <= b, or a = b."""
    left = Polynomial({m: c for m, c in bracket.of.terms.items() if c > 0})
    right = Polynomial({m: -c for m, c in bracket.of.terms.items() if c < 0})
    return f"{polynomial_words(left)} {bracket.relation} {polynomial_words(right)}"


def polynomial_words(p: Polynomial) -> str:
    """Write a polynomial, its highest terms first."""
    if not p.terms:
        return "0"
    text = ""
    for monomial, coefficient in sorted(p.terms.items(), key=lambda term: (-len(term[0]), term[0])):
        sign = "-" if coefficient < 0 else "+"
        size = abs(coefficient)
        name = "*".join(monomial)
        shown = str(size) if not name else name if size == 1 else f"{size}*{name}"
        text += f" {sign} {shown}" if text else (f"-{shown}" if sign == "-" else shown)
    return text
