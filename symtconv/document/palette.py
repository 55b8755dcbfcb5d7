"""The named colours of documents and figures. Colours never carry a meaning alone; the text says it too.

Areas have the palette of Okabe and Ito (2008), which colour-blind readers can tell apart; letters have darker inks, all
with a contrast of at least 4.5 to 1 on white (WCAG 2, level AA). A grey is for labels, a light one for lines and zeros.
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
    "rust": "B34700",
    "forest": "117733",
    "plum": "A03F90",
    "olive": "6F6A10",
    "indigo": "332288",
    "teal": "127A7A",
    "grey": "595959",
    "faint": "B8B8B8",
}

# Dark enough to be read as letters on white, in an order whose neighbours differ most.
INKS: tuple[str, ...] = ("blue", "rust", "forest", "plum", "olive", "indigo", "teal", "wine", "black")


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
