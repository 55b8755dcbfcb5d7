"""A piece of LaTeX with the packages that it needs: the one currency of the LaTeX renderers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ENDS_IN_A_COMMAND = re.compile(r"\\[A-Za-z]+$")


def spliced(parts: Iterable[str]) -> str:
    r"""Join LaTeX so that no command swallows the letter or digit after it.

    >>> spliced(["\\tau", "x", "+", "\\leq", "3"])
    '\\tau x+\\leq 3'
    """
    pieces: list[str] = []
    for part in parts:
        if part:
            if pieces and part[0].isalnum() and _ENDS_IN_A_COMMAND.search(pieces[-1]):
                pieces.append(" ")
            pieces.append(part)
    return "".join(pieces)


@dataclass(frozen=True)
class Markup:
    """LaTeX text and the packages that it needs.

    >>> rule = Markup("\\\\toprule", frozenset({"booktabs"})) + Markup("text")
    >>> rule.text, sorted(rule.packages)
    ('\\\\toprule text', ['booktabs'])
    """

    text: str
    packages: frozenset[str] = frozenset()

    def __add__(self, other: Markup | str) -> Markup:
        if isinstance(other, str):
            return Markup(spliced((self.text, other)), self.packages)
        return Markup(spliced((self.text, other.text)), self.packages | other.packages)

    def __radd__(self, other: str) -> Markup:
        return Markup(spliced((other, self.text)), self.packages)


def joined(parts: Iterable[Markup], separator: str = "") -> Markup:
    """Join markup, with a separator between, and gather the packages."""
    parts = tuple(parts)
    packages = frozenset[str]().union(*(part.packages for part in parts))
    if separator:
        return Markup(separator.join(part.text for part in parts), packages)
    return Markup(spliced(part.text for part in parts), packages)
