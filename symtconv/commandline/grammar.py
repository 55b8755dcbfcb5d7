"""The small grammars of the geometry flags: whole numbers, sizes joined by x, pads, channels.

Digits are the ten of ASCII, without signs for thousands, spaces or leading zeros: what int() would let pass by accident
is refused with the flag's grammar.
"""

from __future__ import annotations

import re

from symtconv.errors import GeometryError
from symtconv.sizes import PADDING_NAMES, PaddingName

MOST_DIGITS = 18
MOST_AXES = 16
_WHOLE = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})")

Pads = int | tuple[int | tuple[int, int], ...]


def whole(flag: str, text: str) -> int:
    """Read one whole number.

    >>> whole("groups", "2")
    2
    """
    return _number(flag, text, text, "it is one whole number, such as 2")


def sizes(flag: str, text: str) -> int | tuple[int, ...]:
    """Read one whole number, or one an axis joined by x.

    >>> sizes("input", "4x6"), sizes("stride", "2")
    ((4, 6), 2)
    """
    grammar = "it is one whole number, or one an axis joined by x, such as 4x6"
    numbers = tuple(_number(flag, part, text, grammar) for part in _axes(flag, text))
    return numbers if len(numbers) > 1 else numbers[0]


def pads(flag: str, text: str) -> Pads | PaddingName:
    """Read a padding: a name, one pad for all, one an axis, or a pair low:high an axis; negative pads crop.

    >>> pads("padding", "same"), pads("padding", "-1"), pads("padding", "0:1x-1:0")
    ('same', -1, ((0, 1), (-1, 0)))
    """
    for name in PADDING_NAMES:
        if text == name:
            return name
    names = ", ".join(PADDING_NAMES)
    grammar = f"it is {names}, a whole number such as 1, one an axis such as 1x2, or low:high an axis such as 0:1x0:1"
    items: list[int | tuple[int, int]] = []
    for part in _axes(flag, text):
        numbers = [_number(flag, number, text, grammar) for number in part.split(":", 2)]
        if len(numbers) > 2:
            raise _refusal(flag, text, grammar)
        items.append(numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1]))
    if len(items) == 1 and isinstance(items[0], int):
        return items[0]
    return tuple(items)


def channels(flag: str, text: str) -> tuple[int, int]:
    """Read the channels in:out.

    >>> channels("channels", "3:16")
    (3, 16)
    """
    grammar = "it is two whole numbers, in:out, such as 3:16"
    parts = text.split(":", 2)
    if len(parts) != 2:
        raise _refusal(flag, text, grammar)
    return _number(flag, parts[0], text, grammar), _number(flag, parts[1], text, grammar)


def _axes(flag: str, text: str) -> list[str]:
    parts = text.split("x", MOST_AXES)
    if len(parts) > MOST_AXES:
        raise _refusal(flag, text, f"at most {MOST_AXES} axes are read")
    return parts


def _number(flag: str, text: str, whole_text: str, grammar: str) -> int:
    if not _WHOLE.fullmatch(text):
        if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) > MOST_DIGITS:
            grammar = f"its numbers have at most {MOST_DIGITS} digits"
        raise _refusal(flag, whole_text, grammar)
    return int(text)


def _refusal(flag: str, text: str, grammar: str) -> GeometryError:
    return GeometryError(f"--{flag}", arrived=shown(text), rule=grammar)


def shown(text: str) -> str:
    """Show what a user typed, shortened and with every unprintable character escaped."""
    return repr(text) if len(text) <= 60 else repr(text[:50]) + f"... ({len(text):,} characters)"
