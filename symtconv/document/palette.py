"""The named colours of documents and figures: the palette of Okabe and Ito (2008), which colour-blind readers can
tell apart, and two greys. Colours never carry a meaning alone; the text says it too.
"""

from __future__ import annotations

from symtconv.errors import SymtconvError

PALETTE: dict[str, str] = {
    "black": "000000",
    "orange": "E69F00",
    "sky": "56B4E9",
    "green": "009E73",
    "yellow": "F0E442",
    "blue": "0072B2",
    "vermillion": "D55E00",
    "purple": "CC79A7",
    "wine": "882255",
    "grey": "6B6B6B",
    "faint": "B8B8B8",
}

# Dark enough to be read as letters on white, in an order whose neighbours differ most.
INKS: tuple[str, ...] = ("blue", "vermillion", "green", "purple", "orange", "sky", "wine", "grey", "black")


def ink(number: int) -> str:
    """Give the colour for the number-th kind of thing; colours come round again after nine.

    >>> ink(0), ink(9) == ink(0)
    ('blue', True)
    """
    return INKS[number % len(INKS)]


def hexadecimal(colour: str) -> str:
    """Give the six hexadecimal digits of a named colour."""
    try:
        return PALETTE[colour]
    except KeyError:
        raise SymtconvError("a colour", arrived=repr(colour), rule=f"the palette has {', '.join(PALETTE)}") from None
