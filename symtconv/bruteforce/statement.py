"""A statement of the catalogue as a function of its sizes, and what it assumes of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from symtconv.errors import NotApplicable

Sizes = ParamSpec("Sizes")


class _Unmet(Exception):
    """A hypothesis, in words, that the sizes do not meet."""


def assume(condition: bool, hypothesis: str) -> None:
    """Stop the statement where `condition`, which `hypothesis` puts into words, is false."""
    if not condition:
        raise _Unmet(hypothesis)


def at_least_one(**sizes: int) -> None:
    """Assume that these sizes are positive."""
    names = list(sizes)
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    assume(min(sizes.values()) >= 1, f"{listed} {'are' if names[1:] else 'is'} at least 1")


def statement(function: Callable[Sizes, bool]) -> Callable[Sizes, bool]:
    """Make a statement raise NotApplicable, in the theorem's name, where a hypothesis is not met.

    The theorem is named as the function, with - for _.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def holds(*unnamed: Sizes.args, **sizes: Sizes.kwargs) -> bool:
        try:
            return function(*unnamed, **sizes)
        except _Unmet as unmet:
            asked = signature.bind(*unnamed, **sizes)
            asked.apply_defaults()
            arrived = ", ".join(f"{name}={size}" for name, size in asked.arguments.items())
            raise NotApplicable.because(function.__name__.replace("_", "-"), str(unmet), arrived) from None

    return holds
