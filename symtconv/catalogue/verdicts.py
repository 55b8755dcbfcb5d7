"""What becomes of every theorem of the catalogue when it is asked of a layer, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

from symtconv.catalogue import prove, theorems
from symtconv.errors import GeometryError, NotApplicable, Refuted, TooLarge, Undecided
from symtconv.proofs.theorem import Theorem


@dataclass(frozen=True)
class Verdict:
    """The outcome of one theorem: what it was asked of, `reason` where it was not proved, its steps and time."""

    theorem: Theorem
    layer: Any
    outcome: Literal["proved", "refuted", "undecided", "not applicable", "too large"]
    reason: str
    steps: int
    seconds: float


def verdicts(layer: Any = None, family: str | None = None) -> Iterator[Verdict]:
    """Ask every theorem, or those of a family, of a layer, or each of its own example; in the order of the catalogue.

    >>> from symtconv import Conv
    >>> {verdict.outcome for verdict in verdicts(Conv(4, 3))} <= {"proved", "not applicable"}
    True
    """
    check_family(family)
    for theorem in theorems():
        if family in (None, theorem.family):
            yield _verdict(theorem, theorem.example if layer is None else layer)


def check_family(family: str | None) -> None:
    """Require one of the families, or none; raise GeometryError that names them."""
    families = dict.fromkeys(theorem.family for theorem in theorems())
    if family is not None and family not in families:
        raise GeometryError(
            "family of theorems",
            arrived=repr(family)[:60],
            rule=f"the families are {', '.join(families)}",
            remedy="Name one of them.",
        )


def _verdict(theorem: Theorem, layer: Any) -> Verdict:
    start = perf_counter()
    try:
        proof = prove(theorem, layer)
    except NotApplicable as error:
        return Verdict(theorem, layer, "not applicable", error.hypothesis, 0, perf_counter() - start)
    except Refuted as error:
        return Verdict(theorem, layer, "refuted", str(error), 0, perf_counter() - start)
    except Undecided as error:
        return Verdict(theorem, layer, "undecided", str(error), 0, perf_counter() - start)
    except TooLarge as error:
        reason = f"{error.arrived}, at most {error.limit:,}"
        return Verdict(theorem, layer, "too large", reason, 0, perf_counter() - start)
    return Verdict(theorem, layer, "proved", "", len(proof.steps), perf_counter() - start)
