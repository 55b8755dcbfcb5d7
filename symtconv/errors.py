"""One tree of errors. Each message says what was asked, what arrived, which rule it breaks and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symtconv.failure import ProofError as ProofError, SymtconvError as SymtconvError


class GeometryError(SymtconvError, ValueError):
    """Sizes, shapes or values that break a rule of the layer or call that they were passed to."""


class NotApplicable(GeometryError):
    """A theorem was asked of a layer outside its hypotheses; `hypothesis` is the one that fails."""

    hypothesis: str = ""

    @classmethod
    def because(cls, theorem: str, hypothesis: str, arrived: str) -> NotApplicable:
        """Say which hypothesis of `theorem` the layer, described by `arrived`, does not meet."""
        remedy = "Ask it of a layer that meets the hypothesis."
        error = cls(f"theorem {theorem}", arrived=arrived, rule=f"it assumes that {hypothesis}", remedy=remedy)
        error.hypothesis = hypothesis
        return error


class Refuted(SymtconvError):
    """A claim is false; `counterexample` maps the names in it to the integers at which it fails.

    `reason` is "false", or "undefined" where a divisor is 0 there.
    """

    counterexample: Mapping[str, Any] = {}
    reason: str = "false"

    @classmethod
    def at(cls, claim: str, counterexample: Mapping[str, Any], found: str, rule: str) -> Refuted:
        """Say where `claim` fails (`counterexample`), what was `found` there and what the claim demands (`rule`)."""
        error = cls(claim, arrived=found, rule=rule)
        error.counterexample = dict(counterexample)
        return error


class Undecided(SymtconvError):
    """Neither proved nor refuted."""


class Impossible(SymtconvError):
    """What was asked cannot be had, and that is proved; `proof` and `workarounds` say why and what to do."""

    proof: Any = None
    workarounds: tuple[str, ...] = ()


class TooLarge(SymtconvError):
    """The result would not fit; `entries` is the size that it would have, `limit` the size that is allowed."""

    entries: int = 0
    limit: int = 0

    @classmethod
    def of(cls, asked: str, entries: int, limit: int, *, what: str = "nonzeros", remedy: str) -> TooLarge:
        """Say that `asked` would have `entries` of `what`, more than `limit`."""
        error = cls(asked, arrived=f"{entries:,} {what}", rule=f"at most {limit:,} are allowed", remedy=remedy)
        error.entries, error.limit = entries, limit
        return error


class MissingDependency(SymtconvError, ImportError):
    """An optional package or program is needed and is not installed."""
