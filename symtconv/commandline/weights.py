"""Reads --weights: rows of numbers, fractions and names, or a .npy or .csv file."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from symtconv.arrays import Array, as_array, kernel_array
from symtconv.commandline.expressions import Entry, read_entry
from symtconv.commandline.grammar import shown
from symtconv.errors import GeometryError
from symtconv.geometry import Layer
from symtconv.proofs.polynomials import Polynomial

MOST_CHARACTERS = 10_000
MOST_BYTES_OF_CSV = 1_000_000


@dataclass(frozen=True)
class Weights:
    """Weights of a layer's kernel_shape: `exact` holds ints, Fractions and SymPy expressions; `numeric` numbers.

    `numeric` is None where an entry is a name, a fraction or an expression; `exact` where an array was read.
    """

    exact: Array | None
    numeric: Array | None

    def for_proof(self) -> Array:
        """Give the exact weights.

        Raises:
            GeometryError: for complex numbers.
        """
        if self.exact is not None:
            return self.exact
        assert self.numeric is not None
        if self.numeric.dtype.kind == "c":
            raise GeometryError(
                "--weights", arrived="complex numbers", rule="proofs and derivations take rational ones"
            )
        values = np.empty(self.numeric.size, dtype=object)
        values[:] = [
            int(value) if value == int(value) else Fraction(value) for value in self.numeric.reshape(-1).tolist()
        ]
        return values.reshape(self.numeric.shape)


def read_weights(text: str, layer: Layer) -> Weights:
    """Read weights for a layer from a command line's text or the file that it names.

    Raises:
        GeometryError: for anything outside the grammar, files that cannot be read, and shapes that do not fit.
    """
    suffix = text[-4:].lower()
    if suffix == ".npy":
        return _from_array(_npy(text), layer)
    if suffix == ".csv":
        return _from_rows(_csv(text), layer, "a .csv file")
    if len(text) > MOST_CHARACTERS:
        raise GeometryError(
            "--weights",
            arrived=shown(text),
            rule=f"it has at most {MOST_CHARACTERS:,} characters",
            remedy="Put the weights into a .npy or .csv file and pass its name.",
        )
    return _from_rows([cells_of(row) for row in text.split(";")], layer, "--weights in rows")


def cells_of(row: str) -> list[str]:
    """Part a row at the commas and spaces that stand outside parentheses.

    >>> cells_of("1 -2, (a + b)/2")
    ['1', '-2', '(a + b)/2']
    """
    depth, found = 0, [""]
    for piece in re.findall(r"[()]|\s*,\s*|\s+|[^()\s,]+", row.strip()):
        depth += (piece == "(") - (piece == ")")
        if depth <= 0 and (piece.isspace() or "," in piece):
            found.append("")
        else:
            found[-1] += piece
    return found


def _from_rows(rows: list[list[str]], layer: Layer, what: str) -> Weights:
    if layer.ndim > 2 or not layer.single_channel:
        raise GeometryError(
            "--weights",
            arrived=f"{what} for a kernel of shape {layer.kernel_shape}",
            rule="rows hold the kernel of a 1-D or 2-D layer with one channel",
            remedy="Save an array of that shape with numpy.save and pass the .npy file.",
        )
    if len({len(row) for row in rows}) > 1:
        raise GeometryError(
            "--weights",
            arrived=f"rows of {', '.join(str(len(row)) for row in rows[:8])} entries",
            rule="all rows have the same length",
        )
    entries = [[read_entry(text) for text in row] for row in rows]
    shape: tuple[int, ...] = (len(entries), len(entries[0]))
    if layer.ndim == 1 and 1 in shape:
        shape = (len(entries) * len(entries[0]),)
    flat = [entry for row in entries for entry in row]
    values = np.empty(len(flat), dtype=object)
    values[:] = [as_expression(entry.value) for entry in flat]
    numeric = _numbers(flat)
    return Weights(
        kernel_array(layer, values.reshape(shape)),
        None if numeric is None else kernel_array(layer, numeric.reshape(shape)),
    )


def _numbers(entries: list[Entry]) -> Array | None:
    """Give the entries as int64 or float64, where each was typed as a number; no whole number is ever rounded."""
    numbers = [entry.number for entry in entries]
    if any(number is None for number in numbers):
        return None
    if all(isinstance(number, int) and abs(number) < 2**63 for number in numbers):
        return np.array(numbers, dtype=np.int64)
    if any(isinstance(number, int) and abs(number) > 2**53 for number in numbers):
        return None
    return np.array(numbers, dtype=np.float64)


def as_expression(value: Polynomial) -> Any:
    """Turn an exact entry into an int, a Fraction or a SymPy expression in plain symbols."""
    if value.terms.keys() <= {()}:
        return value.terms.get((), 0)
    import sympy

    return sympy.Add(
        *(sympy.Mul(sympy.Rational(c), *(sympy.Symbol(name) for name in names)) for names, c in value.terms.items())
    )


def _from_array(array: Array, layer: Layer) -> Weights:
    weights = kernel_array(layer, array)
    if weights.dtype.kind in "fc" and not np.isfinite(weights).all():
        raise GeometryError("--weights", arrived="infinities or not-a-number", rule="weights are finite")
    if weights.dtype == bool:
        weights = weights.astype(np.int64)
    return Weights(None, weights)


def _npy(name: str) -> Array:
    """Read a .npy file; nothing in it is unpickled, and no more is read than the file holds."""
    path = _file(name)
    try:
        found: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # a damaged file may raise anything
        raise _unreadable(name, error) from None
    if not isinstance(found, np.ndarray):
        raise GeometryError(
            "--weights", arrived=shown(name), rule="the file holds several arrays", remedy="Save one with numpy.save."
        )
    return as_array("--weights", np.asarray(found))


def _csv(name: str) -> list[list[str]]:
    path = _file(name)
    try:
        if path.stat().st_size > MOST_BYTES_OF_CSV:
            raise GeometryError(
                "--weights", arrived=shown(name), rule=f"a .csv has at most {MOST_BYTES_OF_CSV:,} bytes"
            )
        rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig")), skipinitialspace=True)
        found = [[cell.strip() for cell in row] for row in rows if row]
    except (OSError, ValueError, csv.Error) as error:
        raise error if isinstance(error, GeometryError) else _unreadable(name, error) from None
    if not found:
        raise GeometryError("--weights", arrived=shown(name), rule="the file is empty")
    return found


def _file(name: str) -> Path:
    path = Path(name)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    raise GeometryError("--weights", arrived=shown(name), rule="there is no such file")


def _unreadable(name: str, error: Exception) -> GeometryError:
    return GeometryError(
        "--weights", arrived=shown(name), rule=f"the file cannot be read ({' '.join(str(error).split())})"
    )
