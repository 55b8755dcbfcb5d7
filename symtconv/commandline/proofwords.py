"""A proof in plain words: the statement, the layer, what was compared, the steps. The view of `symtconv prove`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod
from typing import Any

from symtconv.commandline.cells import plain
from symtconv.commandline.layerwords import layer_data
from symtconv.matrices.vec import matrix_shape
from symtconv.proofs.kernel import Proof, Step
from symtconv.proofs.terms import Equation, Number, Place, Table, Term

_MOST_LINES = 12
_LONGEST_EXAMPLE = 100
_MOST_TERMS = 4
_EXAMPLES = 100


@dataclass(frozen=True)
class Part:
    """One equation of a proof: the steps from its left side to `common`, a table or number, and on to its right."""

    equation: Equation
    there: tuple[Step, ...]
    common: Term
    back: tuple[Step, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Count the entries that were compared, and the nonzeros and zeros among them."""
        if not isinstance(self.common, Table):
            return {}
        entries, nonzeros = prod(self.common.shape), len(self.common.entries)
        return {"entries": entries, "nonzeros": nonzeros, "zeros": entries - nonzeros}


def parts(proof: Proof) -> list[Part]:
    """Part the steps of a proof among its equations, in order."""
    found, position = [], 0
    for equation in proof.equations:
        start, current = position, equation.left
        while current != equation.right:
            current, position = proof.steps[position].after, position + 1
        terms = (equation.left, *(step.after for step in proof.steps[start:position]))
        plainest = next((n for n, term in enumerate(terms) if isinstance(term, Table | Number)), 0)
        there, back = proof.steps[start : start + plainest], proof.steps[start + plainest : position]
        found.append(Part(equation, there, terms[plainest], back))
    return found


def proof_data(proof: Proof) -> dict[str, Any]:
    """Give a proof as JSON data."""
    return {
        "verdict": "proved",
        "theorem": proof.theorem.name,
        "counterexample": None,
        "title": proof.theorem.title,
        "statement": proof.theorem.statement,
        "source": proof.theorem.source,
        "scope": proof.scope,
        "assumptions": list(proof.assumptions),
        "layer": layer_data(proof.goal.layer) if hasattr(proof.goal, "layer") else None,
        "steps": len(proof.steps),
        "equations": [
            {
                "says": part.equation.says,
                **part.counts,
                "steps": [{"rule": step.rule, "reason": step.reason} for step in (*part.there, *part.back)],
            }
            for part in parts(proof)
        ],
    }


def proof_words(proof: Proof) -> str:
    """Tell a proof to a student, in lines of plain text."""
    theorem = proof.theorem
    lines = [f"{theorem.title} ({theorem.name})", f"  {theorem.statement}", ""]
    layer = getattr(proof.goal, "layer", None)
    if layer is not None:
        rows, columns = matrix_shape(layer.convolution)
        lines += [f"Layer:   {layer!r}", f"         C, {rows} x {columns}, is the matrix of its convolution."]
    lines += [f"Assumed: {assumption}" for assumption in proof.assumptions]
    lines.append(f"Source:  {theorem.source}")
    for number, part in enumerate(parts(proof), start=1):
        lines += ["", f"{number}. {part.equation.says}", *(f"   {line}" for line in _told(part))]
    scope = f"for {proof.scope}" if proof.scope.startswith("all") else "for exactly these sizes"
    lines += ["", f"Proved {scope}: {len(proof.steps)} steps, each one checked by the proof kernel."]
    return "\n".join(lines) + "\n"


def _told(part: Part) -> list[str]:
    lines = []
    for side, steps in (("left", part.there), ("right", part.back[::-1])):
        if steps:
            lines += [f"the {side} side, worked out:", *(f"  {line}" for line in _steps(steps))]
    if isinstance(part.common, Number):
        lines.append(f"Both sides are {part.common.value}.")
    elif isinstance(part.common, Table):
        counts = part.counts
        lines.append(
            f"The two are the same, entry by entry: {counts['entries']} compared, {counts['nonzeros']} of them "
            f"nonzero, {counts['zeros']} zero."
        )
        lines += _example(part.equation, part.common)
    return lines


def _steps(steps: Sequence[Step]) -> list[str]:
    """List the steps in the order in which a side is worked out, runs of one kind on one line."""
    runs = [(kind, len(list(run))) for kind, run in groupby(steps, key=lambda step: (step.rule, step.reason))]
    width = max(len(rule) for (rule, _), _ in runs)
    lines = [f"{rule:<{width}}  {reason}" + (f" ({n} times)" if n > 1 else "") for (rule, reason), n in runs]
    if len(lines) <= _MOST_LINES:
        return lines
    rest = sum(n for _, n in runs[_MOST_LINES - 1 :])
    return [*lines[: _MOST_LINES - 1], f"... and {rest} more steps by the same rules (--json lists all)"]


def _example(equation: Equation, table: Table) -> list[str]:
    """Show one entry that both sides share: the one with the most terms among those that fit a line."""
    short = ((-len(value.terms), place) for place, value in table.entries.items() if len(value.terms) <= _MOST_TERMS)
    for _, place in sorted(short)[:_EXAMPLES]:
        line = f"For example{_at(equation, place)}: {plain(table.entries[place])}"
        if len(line) <= _LONGEST_EXAMPLE:
            return [line]
    return []


def _at(equation: Equation, place: Place) -> str:
    """Name a place of a table by the equation's indices."""
    if not place or len(place) != len(equation.indices):
        return ""
    named = []
    for (name, shape), flat in zip(equation.indices, place, strict=True):
        index = []
        for size in reversed(shape):
            flat, at = divmod(flat, size)
            index.append(str(at))
        named.append(f"{name} = {index[0]}" if len(index) == 1 else f"{name} = ({', '.join(reversed(index))})")
    return " at " + ", ".join(named)
