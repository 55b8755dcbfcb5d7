"""What a theorem says for all sizes, and how its proof is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from symtconv.proofs.claims import Claim, Sequent, claim_of
from symtconv.proofs.kernel import Step
from symtconv.proofs.sums import Hint, find_sum_steps
from symtconv.proofs.terms import Equation

SECONDS = 30.0  # for a claim of the catalogue; each takes about one


@dataclass(frozen=True)
class Universal:
    """A statement for all sizes: its words, what it assumes, its equations, and what finds the steps (untrusted).

    `parts` are the statements that it joins, each with assumptions of its own, whose equations follow one another;
    `sequents` is what the equations of a statement about whole numbers say.
    """

    statement: str
    assumed: tuple[str, ...]
    equations: Callable[[], tuple[Equation, ...]]
    steps: Callable[[], list[Step]]
    sequents: Callable[[], tuple[Sequent, ...]] = tuple
    parts: tuple[Universal, ...] = ()

    @property
    def all_assumed(self) -> tuple[str, ...]:
        """What it assumes, and what its parts assume besides, each with the number of the part."""
        own = ((number, text) for number, part in enumerate(self.parts, start=1) for text in part.assumed)
        return (*self.assumed, *(f"part {number}: {text}" for number, text in own if text not in self.assumed))


def of_numbers(claim: str, *, where: Sequence[str] = (), assuming: Sequence[str] = ()) -> Universal:
    """Make a statement about whole numbers of its formula, definitions and assumptions."""

    def made() -> Claim:
        return claim_of(claim, where, assuming)

    words = claim + (f", where {', '.join(where)}" if where else "")
    return Universal(
        words,
        tuple(assuming),
        lambda: made().for_all(),
        lambda: made().steps(monotonic() + SECONDS),
        lambda: made().sequents,
    )


def together(*parts: Universal) -> Universal:
    """Join statements that make one theorem; each has its own assumptions."""
    common = tuple(text for text in parts[0].assumed if all(text in part.assumed for part in parts))
    own = [[text for text in part.assumed if text not in common] for part in parts]
    words = [
        part.statement + (f", if {', '.join(more)}" if more else "") for part, more in zip(parts, own, strict=True)
    ]
    return Universal(
        "; ".join(words),
        common,
        lambda: tuple(equation for part in parts for equation in part.equations()),
        lambda: [step for part in parts for step in part.steps()],
        lambda: tuple(sequent for part in parts for sequent in part.sequents()),
        parts,
    )


def of_sums(
    statement: str,
    assumed: Sequence[str],
    equations: Callable[[], tuple[Equation, ...]],
    hints: Sequence[Hint] = (),
) -> Universal:
    """Make a statement about sums of its equations; `hints` are for the finder (see sums.py)."""
    return Universal(
        statement,
        tuple(assumed),
        equations,
        lambda: [step for one in equations() for step in find_sum_steps(one, hints)],
    )
