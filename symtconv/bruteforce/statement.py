"""A statement of the catalogue as a function of its sizes, and what it assumes of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from symtconv.errors import NotApplicable, TooLarge

Sizes = ParamSpec("Sizes")

# The largest extent that a statement is worked out at, within about 20 seconds. Most build matrices of polynomials;
# those that count windows go further, those that try out many kernels or use two axes less far.
MOST_EXTENT = 200
EXTENTS = {
    **dict.fromkeys(("size", "size-round-trip", "preimages", "output-padding", "composition-size"), 4000),
    **dict.fromkeys((f"relationship-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 15)), 4000),
    **dict.fromkeys(("tf-valid", "tf-transpose-valid", "tf-transpose-same", "keras-valid", "receptive-field"), 4000),
    **dict.fromkeys(("unread-inputs", "coverage", "phase-counts", "checkerboard"), 3000),
    **dict.fromkeys(("tf-same", "tf-same-two-forms"), 600),
    **dict.fromkeys(("padding-adjoint", "decimation", "composition"), 150),
    "circulant-spectrum": 120,
    **dict.fromkeys(("hessian", "smooth"), 70),
    "symbol-bound": 40,
    **dict.fromkeys(("schur-bound", "kronecker", "separable"), 32),
    "continuous": 28,
    "not-an-inverse": 24,
    "circulant": 21,
}


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


def extent(**sizes: int) -> int:
    """Give how far plain loops go: the sum of all sizes, of each kernel's span and of what is upsampled.

    The span of a later layer counts times the strides before it, and channels multiply everything.

    >>> extent(n=10, k=3, s=1, d=2, lo=1, hi=1)
    24
    """
    channels = max(sizes.get("in_channels", 1), sizes.get("out_channels", 1), 1)
    step, total = 1, 0
    for layer in ("", "1", "2", "3"):
        total += step * abs(sizes.get(f"k{layer}", 0) * sizes.get(f"d{layer}", 1))
        step *= max(abs(sizes.get(f"s{layer}", 1)), 1)
    samples = 0 if {"n", "m"} & sizes.keys() else abs(sizes.get("o", sizes.get("i", 0)))
    upsampled = samples * max(step, abs(sizes.get("f", 1)))
    rest = sum(abs(size) for name, size in sizes.items() if not name.endswith("_channels"))
    return channels * (total + upsampled + rest)


def statement(function: Callable[Sizes, bool]) -> Callable[Sizes, bool]:
    """Make a statement raise NotApplicable, in the theorem's name, where a hypothesis is not met.

    The theorem is named as the function, with - for _. It raises TooLarge, before anything is worked out, where the
    sizes go beyond EXTENTS.
    """
    signature = inspect.signature(function)
    name = function.__name__.replace("_", "-")
    most = EXTENTS.get(name, MOST_EXTENT)

    @wraps(function)
    def holds(*unnamed: Sizes.args, **sizes: Sizes.kwargs) -> bool:
        asked = signature.bind(*unnamed, **sizes)
        asked.apply_defaults()
        arrived = ", ".join(f"{size}={value}" for size, value in asked.arguments.items())
        reach = extent(**asked.arguments)
        if reach > most:
            remedy = "Ask it of smaller sizes, or prove it of a layer."
            raise TooLarge.of(
                f"brute force for {name} at {arrived}", reach, most, what="places to loop over", remedy=remedy
            )
        try:
            return function(*unnamed, **sizes)
        except _Unmet as unmet:
            raise NotApplicable.because(name, str(unmet), arrived) from None

    return holds
