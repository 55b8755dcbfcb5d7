"""A proof in plain words: the statement, the layer, what was compared, the steps. The view of `symtconv prove`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill
from typing import Any

from symtconv.catalogue.subject import SYMPY_NONZEROS
from symtconv.commandline.cells import plain
from symtconv.commandline.layerwords import layer_data
from symtconv.commandline.termwords import equation_words
from symtconv.document.nodes import Paragraph, Text
from symtconv.document.plainpage import plain_lines
from symtconv.exposition import Account, accounts, compared, definitions, presumed
from symtconv.matrices.vec import matrix_shape
from symtconv.proofs.kernel import Proof, Step
from symtconv.proofs.terms import Equation, Place, Table, constant
from symtconv.telling.universal import proof_blocks, universal_statement

_MOST_LINES = 12
_LONGEST_EXAMPLE = 100
_MOST_TERMS = 4
_EXAMPLES = 100


def proof_data(proof: Proof) -> dict[str, Any]:
    """Give a proof as JSON data."""
    layer = getattr(proof.goal, "layer", None)
    return {
        "verdict": "proved",
        "theorem": proof.theorem.name,
        "counterexample": None,
        "title": proof.theorem.title,
        "statement": proof.theorem.statement if layer is not None else proof.theorem.universal.statement,
        "source": proof.theorem.source,
        "scope": proof.scope,
        "assumptions": list(proof.assumptions),
        "layer": layer_data(layer) if layer is not None else None,
        "steps": len(proof.steps),
        "equations": [
            {
                "says": account.equation.says,
                "entries": account.entries,
                "nonzeros": account.filled,
                "zeros": account.entries - account.filled,
                "steps": [{"rule": step.rule, "reason": step.reason} for step in account.steps],
            }
            for account in accounts(proof)
        ],
    }


def universal_words(proof: Proof) -> str:
    """Tell a proof for all sizes: what it says and assumes, and its argument."""
    theorem = proof.theorem
    told = [f"{theorem.title} ({theorem.name})", *plain_lines(universal_statement(theorem.universal), "  "), ""]
    told += [*plain_lines((Paragraph((Text(f"Source: {theorem.source}"),)),)), ""]
    told += plain_lines(proof_blocks(proof))
    told += ["", f"Proved for all sizes: {len(proof.steps)} steps, each one checked by the proof kernel."]
    return "\n".join(told) + "\n"


def proof_words(proof: Proof) -> str:
    """Tell a proof to a student, in lines of plain text."""
    theorem = proof.theorem
    if proof.goal.layer is None:
        return universal_words(proof)
    lines = [f"{theorem.title} ({theorem.name})", f"  {theorem.statement}", ""]
    layer = getattr(proof.goal, "layer", None)
    if layer is not None:
        rows, columns = matrix_shape(layer.convolution)
        lines += [f"Layer:   {layer!r}", f"         C, {rows} x {columns}, is the matrix of its convolution."]
    if "tau" in theorem.statement:
        lines.append("tau:     tau(i, j) is the pixel that tap j of output i reads: s i + d j - lo, or none outside;")
        lines.append("         padding modes other than zeros bring a position outside back to a pixel.")
    lines += [f"{kind + ':':<9}{words}" for kind, words in presumed(proof)]
    lines.append(f"Source:  {theorem.source}")
    for number, account in enumerate(accounts(proof), start=1):
        told = [f"   {line}" for line in _told(account)]
        known = [line for line in told if "For example" in line and line in lines]
        where = [f"   {line}" for line in _where(account.equation)]
        shown = fill(equation_words(account.equation), 110, initial_indent="      ", subsequent_indent="        ")
        lines += ["", f"{number}. {account.equation.says}", shown, *where]
        lines += [line for line in told if line not in known]
    if proof.theorem.family in ("gradients",) and not any("SymPy" in equation.says for equation in proof.equations):
        lines += ["", f"SymPy's own diff is asked a second time for layers of up to {SYMPY_NONZEROS} nonzeros only."]
    scope = f"for {proof.scope}" if proof.scope.startswith("all") else "for exactly this layer"
    lines += ["", f"Proved {scope}: {len(proof.steps)} steps, each one checked by the proof kernel."]
    return "\n".join(lines) + "\n"


def _where(equation: Equation) -> list[str]:
    """Say what the symbols of an equation stand for, numbers on one line."""
    numbers = [
        f"{term.symbol} = {value}" for term in definitions(equation) if (value := constant(term.value)) is not None
    ]
    lines = [f"{term.symbol}: {term.meaning}" for term in definitions(equation) if constant(term.value) is None]
    return [*lines, *([", ".join(numbers)] if numbers else [])]


def _told(account: Account) -> list[str]:
    """Tell one equation: how each side was worked out to one table or number, and what was compared."""
    terms = (account.equation.left, *(step.after for step in account.steps))
    meeting = next((n for n, term in enumerate(terms) if isinstance(term, Table)), 0)
    lines = []
    for side, steps in (("left", account.steps[:meeting]), ("right", account.steps[meeting:][::-1])):
        if steps:
            lines += [f"the {side} side, worked out:", *(f"  {line}" for line in _steps(steps))]
    common = terms[meeting]
    if (value := constant(common)) is not None:
        lines.append(f"Both sides are {value}.")
    elif isinstance(common, Table):
        lines += [compared(account), *_example(account.equation, common)]
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
    """Show one entry that both sides share: of those that fit a line, the one with the most terms."""
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
        index: list[str] = []
        for size in reversed(shape):
            flat, at = divmod(flat, size)
            index.insert(0, str(at))
        named.append(f"{name} = {index[0]}" if len(index) == 1 else f"{name} = ({', '.join(index)})")
    return " at " + ", ".join(named)
