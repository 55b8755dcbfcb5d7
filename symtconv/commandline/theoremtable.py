"""The catalogue as a table for the terminal, with verdict and time: the view of `symtconv theorems`."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from io import StringIO
from typing import Any

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table
from rich.text import Text

from symtconv.catalogue.verdicts import Verdict
from symtconv.commandline.layerwords import layer_data
from symtconv.geometry import Layer

_NARROWEST, _WIDEST = 60, 160
_FIELDS = ("name", "title", "family", "statement", "hypotheses", "source")


def theorem_data(found: Sequence[Verdict]) -> dict[str, Any]:
    """Give the catalogue as JSON data."""
    return {"theorems": [_data(verdict) for verdict in found], "seconds": sum(verdict.seconds for verdict in found)}


def _data(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(verdict.theorem, name) for name in _FIELDS}
    layers = verdict.layer if isinstance(verdict.layer, tuple) else (verdict.layer,)
    return told | {
        "scope": verdict.theorem.verdict,
        "verdict": verdict.outcome,
        "reason": verdict.reason,
        "steps": verdict.steps,
        "seconds": round(verdict.seconds, 6),
        "layers": [layer_data(layer) for layer in layers],
    }


def theorem_table(found: Sequence[Verdict], layer: Layer | None = None) -> str:
    """Draw the catalogue as a table as wide as the terminal, and count the verdicts below it."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    table = Table(box=ASCII2)
    table.add_column("name", no_wrap=True)
    table.add_column("statement", ratio=1)
    table.add_column("verdict", max_width=30 if layer is not None else 14)
    table.add_column("time", justify="right", no_wrap=True)
    family = ""
    for verdict in found:
        theorem = verdict.theorem
        if theorem.family != family:
            family = theorem.family
            table.add_section()
            table.add_row(Text(family.upper()))
        outcome = verdict.outcome if theorem.universal is None else f"{verdict.outcome}; for all sizes too"
        told = f"{verdict.outcome}: {verdict.reason}" if layer is not None and verdict.reason else outcome
        time = f"{verdict.seconds * 1000:.0f} ms"
        # Text, not markup: statements hold square brackets
        table.add_row(*(Text(text) for text in (theorem.name, theorem.statement, told, time)))
    drawn = StringIO()
    Console(file=drawn, width=width, color_system=None).print(table)
    return drawn.getvalue() + _summary(found, layer)


def _summary(found: Sequence[Verdict], layer: Layer | None) -> str:
    outcomes = [verdict.outcome for verdict in found]
    counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in dict.fromkeys(outcomes))
    asked = "each asked of an example of its own" if layer is None else f"asked of {layer!r}"
    seconds = sum(verdict.seconds for verdict in found)
    everywhere = sum(verdict.theorem.universal is not None for verdict in found)
    also = (
        f" {everywhere} are also proved for all sizes, in the form that symtconv prove NAME prints."
        if everywhere
        else ""
    )
    return f"{len(found)} theorems, {asked}: {counts}; {seconds:.1f} s.{also}\n"
