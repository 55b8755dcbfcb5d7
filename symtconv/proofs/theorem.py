"""A theorem as a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from symtconv.proofs.terms import Equation


@dataclass(frozen=True)
class Theorem:
    """A statement of the catalogue.

    `equations(layer, kernel)` says what the statement means for one subject, which this floor need not understand; it
    raises NotApplicable where a hypothesis fails. `takes_kernel` says whether it can be asked for given weights.
    """

    name: str
    title: str
    statement: str
    hypotheses: tuple[str, ...]
    family: str
    source: str
    equations: Callable[[Any, Any], tuple[Equation, ...]]
    assumptions: tuple[str, ...] = ()
    takes_kernel: bool = False
    verdict: Literal["proved for a given layer", "proved for all sizes", "refuted"] = "proved for a given layer"

    @property
    def assumed(self) -> tuple[str, ...]:
        """All that a proof of it assumes, in words."""
        return (*self.hypotheses, *self.assumptions)

    def __repr__(self) -> str:
        return f"<Theorem {self.name}: {self.statement}>"
