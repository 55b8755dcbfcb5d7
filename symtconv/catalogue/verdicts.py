"""What becomes of every theorem of the catalogue when it is asked of a layer, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

from symtconv.catalogue import prove, theorems
from symtconv.errors import NotApplicable, Refuted, TooLarge, Undecided
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


def verdicts(layer: Any = None) -> Iterator[Verdict]:
    """Ask every theorem of a layer, or each of its own example; in the order of the catalogue.

    >>> from symtconv import Conv
    >>> {verdict.outcome for verdict in verdicts(Conv(4, 3))} <= {"proved", "not applicable"}
    True
    """
    for theorem in theorems():
        yield _verdict(theorem, theorem.example if layer is None else layer)


def _verdict(theorem: Theorem, layer: Any) -> Verdict:
    start = perf_counter()
    try:
        proof = prove(theorem, layer)
    except NotApplicable as error:
        return Verdict(
            theorem, layer, "not applicable", f"it assumes that {error.hypothesis}", 0, perf_counter() - start
        )
    except Refuted as error:
        return Verdict(theorem, layer, "refuted", str(error), 0, perf_counter() - start)
    except Undecided as error:
        return Verdict(theorem, layer, "undecided", str(error), 0, perf_counter() - start)
    except TooLarge as error:
        return Verdict(theorem, layer, "too large", str(error), 0, perf_counter() - start)
    return Verdict(theorem, layer, "proved", "", len(proof.steps), perf_counter() - start)
