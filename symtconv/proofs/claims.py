"""Claims of a user's own about whole numbers, proved for all of them or refuted with the smallest counterexample."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from symtconv.proofs.formula import Formula
from symtconv.proofs.integers import find_claim_steps
from symtconv.proofs.kernel import Goal, Proof, check
from symtconv.proofs.meaning import meaning
from symtconv.proofs.summation import Summand, Total, total
from symtconv.proofs.terms import Equation


@dataclass(frozen=True)
class Claim:
    """Under hypotheses a formula is true, for all whole numbers."""

    name: str
    hypotheses: tuple[Formula, ...]
    formula: Formula
    assumed: tuple[str, ...] = ()

    def for_all(self) -> tuple[Equation, ...]:
        """Say it as an equation: [H] [F] = [H]."""
        left, right, _ = sides(self)
        return (Equation(left, right, self.name),)


def sides(claim: Claim) -> tuple[Total, Total, list[tuple[Summand, tuple[Summand, ...]]]]:
    """Give [H] [F], [H], and the summands of [H] with those of [H] [F] that hold them."""
    given = meaning(Formula("and", claim.hypotheses)) if claim.hypotheses else Total((Summand(1, (), (), ()),))
    said = meaning(claim.formula, "f")
    pairs, products = [], []
    for h in given.summands:
        mine = [
            Summand(h.coefficient * f.coefficient, (*h.over, *f.over), (*h.where, *f.where), ()) for f in said.summands
        ]
        products += mine
        pairs.append((h, tuple(one for part in mine for one in total(part).summands)))
    return total(*products), given, pairs


def prove_claim(claim: Claim, seconds: float = 8) -> Proof:
    """Prove a claim, or raise StuckError."""
    left, right, pairs = sides(claim)
    present = [(one.over, one.where) for one in left.summands]
    kept = []
    for case, others in pairs:
        mine: list[Summand] = []
        for one in others:
            if (one.over, one.where) in present and not any((one.over, one.where) == (p.over, p.where) for p in mine):
                mine.append(one)
        kept.append((case, tuple(mine)))
    return check(Goal(claim), find_claim_steps(left, right, kept, monotonic() + seconds))
