"""A theorem as a record, and a theorem asked of a subject: the goal of a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol

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

    def __repr__(self) -> str:
        return f"<Theorem {self.name}: {self.statement}>"


class Goal(Protocol):
    """What is to be proved: equations that a theorem makes, for a subject that the kernel need not understand."""

    @property
    def theorem(self) -> Theorem: ...
    @property
    def layer(self) -> Any: ...
    @property
    def scope(self) -> str: ...
    @property
    def assumptions(self) -> tuple[str, ...]: ...
    @property
    def equations(self) -> tuple[Equation, ...]: ...
    def again(self) -> Goal: ...


@dataclass(frozen=True)
class LayerGoal:
    """A theorem asked of one layer, with given weights or with names for them."""

    theorem: Theorem
    layer: Any
    kernel: Any = None
    scope: str = "this layer"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed, in words."""
        return (*self.theorem.hypotheses, *self.theorem.assumptions)

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """What the theorem says of the layer, as equations of the kernel's terms."""
        return self.theorem.equations(self.layer, self.kernel)

    def again(self) -> LayerGoal:
        """Give the same goal with its equations made anew."""
        return LayerGoal(self.theorem, self.layer, self.kernel, self.scope)

    def __reduce__(self) -> tuple[Any, ...]:
        return LayerGoal, (self.theorem, self.layer, self.kernel, self.scope)

    def __repr__(self) -> str:
        return f"{self.theorem.name} for {self.layer!r}"
