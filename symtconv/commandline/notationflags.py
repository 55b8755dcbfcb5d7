"""The flags that say how a derivation is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from symtconv.commandline.grammar import shown
from symtconv.errors import GeometryError

if TYPE_CHECKING:
    from symtconv.derivation.notation import Notation

_LETTERS = ("x", "y", "v", "z", "w", "C")


@dataclass(frozen=True)
class NotationFlags:
    """The notation flags as they were typed."""

    letters: str | None
    base: str
    vec: str
    cases: bool
    brackets: str

    def notation(self) -> Notation:
        """Make the notation.

        Raises:
            GeometryError: for letters outside their grammar, or that Notation refuses.
        """
        from symtconv.derivation.notation import Notation

        chosen: dict[str, Any] = {"base": int(self.base), "order": self.vec, "iverson": not self.cases}
        return Notation(**chosen, brackets=self.brackets, **self._renamed())  # type: ignore[arg-type]

    def _renamed(self) -> dict[str, str]:
        if self.letters is None:
            return {}
        pairs = [pair.split("=") for pair in self.letters.split(",")]
        if not all(len(pair) == 2 and pair[0].strip() in _LETTERS for pair in pairs):
            raise GeometryError(
                "--letters",
                arrived=shown(self.letters),
                rule=f"it renames letters out of {', '.join(_LETTERS)}",
                remedy='Write "x=u,y=f".',
            )
        return {old.strip(): new.strip() for old, new in pairs}


def takes_notation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the notation flags; it receives them as `notation`, a NotationFlags."""
    names = [field.name for field in fields(NotationFlags)]

    @wraps(command)
    def collected(*arguments: Any, **values: Any) -> Any:
        notation = NotationFlags(**{name: values.pop(name) for name in names})
        return command(*arguments, notation=notation, **values)

    options = (
        click.option("--letters", metavar="OLD=NEW,...", help='Other letters for x, y, v, z, w, C: "x=u,y=f".'),
        click.option("--base", type=click.Choice(["0", "1"]), default="0", help="Where indices start.  [default: 0]"),
        click.option(
            "--vec", type=click.Choice(["C", "F"]), default="C", help="C row-major, F column-stacking.  [default: C]"
        ),
        click.option("--cases", is_flag=True, help="Cases in place of Iverson's brackets."),
        click.option(
            "--brackets", type=click.Choice(["[]", "()"]), default="[]", help="Around matrices.  [default: []]"
        ),
    )
    for option in reversed(options):
        collected = option(collected)
    return collected
