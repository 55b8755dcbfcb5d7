"""A theorem as a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from operator import index
from typing import Any, Literal, SupportsIndex

from symtconv.errors import GeometryError
from symtconv.proofs.terms import Equation


@dataclass(frozen=True)
class Theorem:
    """A statement of the catalogue.

    `equations(layer, kernel)` says what the statement means for one subject, which this floor need not understand; it
    raises NotApplicable where a hypothesis fails. `takes_kernel` says whether it can be asked for given weights,
    `takes_two` whether it is about two subjects, one after the other; `example` is a subject that it can be asked of.
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
    takes_two: bool = False
    example: Any = None
    truth: Callable[..., bool] | None = None
    universal: Any = None
    verdict: Literal["proved for a given layer", "proved for all sizes", "refuted"] = "proved for a given layer"

    def for_all(self) -> tuple[Equation, ...]:
        """Give the equations that say it for all sizes; `universal` (proofs/universal.py) has them."""
        return tuple(self.universal.equations())

    @property
    def assumed_for_all(self) -> tuple[str, ...]:
        """All that a proof for all sizes assumes, in words."""
        return tuple(self.universal.all_assumed)

    @property
    def assumed(self) -> tuple[str, ...]:
        """All that a proof of it assumes, in words."""
        return (*self.hypotheses, *self.assumptions)

    def holds(self, **sizes: SupportsIndex) -> bool:
        """Evaluate the statement at given integers by brute force, from the definition and without the prover.

        The names are those of the statement; p gives both pads. What is not named is 1 for strides and dilations, and
        0 for pads. Sizes are named, as in holds(n=6, k=3, p=1): a layer is not taken, and is what `prove` is for.

        Raises:
            GeometryError: for a name that the statement has not, a missing one, or what is no integer.
            TooLarge: at once, where brute force would take longer than about 20 seconds. What counts is how far its
                loops go: the sum of all sizes, of each kernel's span d*k and of what is upsampled, s*o, times the
                channels. At most 200 is allowed, up to 4,000 where only sizes are counted, and down to 21 where many
                kernels are tried or there are two axes (symtconv.bruteforce.statement.EXTENTS).
            NotApplicable: for sizes outside the hypotheses.
        """
        assert self.truth is not None
        return self.truth(**_integers(self.name, self.truth, sizes))

    def __repr__(self) -> str:
        return f"<Theorem {self.name}: {self.statement}>"


def _integers(name: str, truth: Callable[..., bool], sizes: Mapping[str, SupportsIndex]) -> dict[str, int]:
    """Read the integers that a statement is asked at; p stands for both pads where it has lo and hi."""
    known = signature(truth).parameters
    given = {key: _integer(name, key, value) for key, value in sizes.items()}
    if "p" in given and "p" not in known and {"lo", "hi"} <= known.keys() and not {"lo", "hi"} & given.keys():
        given["lo"] = given["hi"] = given.pop("p")
    needed = [key for key, parameter in known.items() if parameter.default is parameter.empty]
    missing, unknown = [key for key in needed if key not in given], [key for key in given if key not in known]
    if missing or unknown:
        arrived = f"no {', '.join(missing)}" if missing else f"{', '.join(unknown)}"
        defaults = [f"{key}={parameter.default}" for key, parameter in known.items() if key not in needed]
        rule = f"it is about {', '.join(known)}"
        remedy = f"Required: {', '.join(needed)}." + (f" With defaults: {', '.join(defaults)}." if defaults else "")
        raise GeometryError(f"sizes of {name}", arrived=arrived, rule=rule, remedy=remedy)
    return given


def _integer(name: str, key: str, value: object) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise GeometryError(f"{key} of {name}", arrived=repr(value)[:60], rule="it is an integer") from None
