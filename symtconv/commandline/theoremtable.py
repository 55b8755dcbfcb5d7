"""The catalogue as a table for the terminal: the view of `symtconv theorems`."""

from __future__ import annotations

import shutil
from io import StringIO
from typing import Any

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table
from rich.text import Text

from symtconv.catalogue import theorems

_NARROWEST, _WIDEST = 60, 160


def theorem_data() -> dict[str, Any]:
    """Give the catalogue as JSON data."""
    names = ("name", "title", "family", "statement", "hypotheses", "source", "verdict")
    return {"theorems": [{name: getattr(theorem, name) for name in names} for theorem in theorems()]}


def theorem_table() -> str:
    """Draw the catalogue as a table as wide as the terminal."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    table = Table(box=ASCII2, show_lines=True)
    table.add_column("name", no_wrap=True)
    table.add_column("family", no_wrap=True)
    table.add_column("statement", ratio=1)
    table.add_column("verdict", max_width=16)
    for theorem in theorems():
        # Text, not markup: statements hold square brackets
        table.add_row(*(Text(text) for text in (theorem.name, theorem.family, theorem.statement, theorem.verdict)))
    drawn = StringIO()
    Console(file=drawn, width=width, color_system=None).print(table)
    return drawn.getvalue()
