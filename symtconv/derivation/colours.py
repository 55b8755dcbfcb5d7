"""Which weights share a colour within a matrix. Names and numbers tell them apart without colours, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from symtconv.arrays import Array
from symtconv.document.mathematics import Coloured, Math
from symtconv.document.palette import INKS, ink
from symtconv.geometry import Conv


@dataclass(frozen=True)
class Colours:
    """The colour of a weight by its number, or none, and what the text says of them."""

    of_weight: Callable[[int], str | None]
    words: str

    @classmethod
    def of(cls, conv: Conv, weights: Array | None) -> Colours:
        """Give every weight a colour of its own, or every place or row of the kernel, where the palette has enough.

        >>> Colours.of(Conv((5, 5), 5), None).words
        ' One colour is one row of the kernel.'
        """
        taps, rows = prod(conv.kernel_size), prod(conv.kernel_size[:-1])
        if weights is not None:
            numbers = _distinct(weights)
            if numbers is None:
                return cls(lambda number: None, "")
            return cls(lambda number: numbers.get(weights[number]), " One colour is one value.")
        if prod(conv.kernel_shape) <= len(INKS):
            return cls(ink, " One colour is one weight.")
        if taps <= len(INKS):
            return cls(lambda number: ink(number % taps), " One colour is one place in the kernel.")
        if rows <= len(INKS) and conv.ndim > 1:
            return cls(lambda number: ink(number % taps // (taps // rows)), " One colour is one row of the kernel.")
        return cls(lambda number: None, "")

    def put(self, number: int, weight: Math) -> Math:
        """Put a written weight in its colour."""
        colour = self.of_weight(number)
        return weight if colour is None else Coloured(weight, colour)


def _distinct(weights: Array) -> dict[object, str] | None:
    """Give the values that are not zero their colours, or None where there are too many."""
    found: dict[object, str] = {}
    for value in weights.flat:
        if value != 0 and value not in found:
            if len(found) == len(INKS):
                return None
            found[value] = ink(len(found))
    return found
