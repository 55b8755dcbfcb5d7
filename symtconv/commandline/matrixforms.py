"""The matrix of a layer in every form that `symtconv matrix` gives: text, LaTeX, JSON, CSV, SciPy's .npz and .mtx."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, StringIO
from math import prod
from typing import Any

from symtconv import __version__
from symtconv.commandline.cells import jsonable, latex, plain
from symtconv.commandline.layerwords import layer_data
from symtconv.commandline.weights import Weights
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Layer
from symtconv.matrices.vec import Order, matrix_shape
from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.taps import count_nonzeros

SUFFIXES = (".txt", ".tex", ".json", ".csv", ".npz", ".mtx")
MOST_CELLS = 1_000_000
MOST_TEXT_CELLS = MOST_LATEX_CELLS = 100_000
MOST_ENTRIES = 1_000_000
MOST_TAPS = 2**27
MOST_LINES_OF_MTX = 2**25
_NUMERIC = "Use a .npz or .mtx file with numeric --weights, or symtconv.operator, which stores no matrix."


@dataclass(frozen=True)
class MatrixView:
    """The matrix of a layer: numeric where all weights were typed as numbers, else symbolic."""

    layer: Layer
    weights: Weights | None
    order: Order

    @property
    def shape(self) -> tuple[int, int]:
        """The rows and columns."""
        return matrix_shape(self.layer)

    @property
    def forms(self) -> dict[str, Callable[[], str | bytes]]:
        """What makes each form, by its suffix."""
        return {".txt": self.text, ".tex": self.latex, ".csv": self.csv, ".npz": self.npz, ".mtx": self.mtx}

    @cached_property
    def entries(self) -> dict[tuple[int, int], Any]:
        """The entries that the geometry fills: numbers, or polynomials in the names of the weights."""
        check_fit(self.layer, MOST_ENTRIES, _NUMERIC)
        if self.weights is not None and self.weights.numeric is not None:
            matrix = self._sparse(MOST_ENTRIES).tocoo()
            places = zip(matrix.row.tolist(), matrix.col.tolist(), strict=True)
            return dict(zip(places, matrix.data.tolist(), strict=True))
        from symtconv.matrices.symbolic import symbolic_matrix

        exact = None if self.weights is None else self.weights.exact
        found = symbolic_matrix(self.layer, exact, order=self.order, max_entries=MOST_ENTRIES).todok()
        polynomials = {value: from_sympy(value) for value in set(found.values())}
        return {place: polynomials[found[place]] for place in sorted(found)}

    def data(self) -> dict[str, Any]:
        """Give JSON data: the entries as [row, column, value], every other one is zero."""
        entries = [[row, column, jsonable(value)] for (row, column), value in self.entries.items()]
        shape = list(self.shape)
        return {"layer": layer_data(self.layer), "shape": shape, "order": self.order, "entries": entries}

    def text(self) -> str:
        """Give a table with light dots for the zeros."""
        cells = self._dense(plain, "·", MOST_TEXT_CELLS)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        table = (" ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
        rows, columns = self.shape
        name = "C^T" if self.layer.transposed else "C"
        vec = "row-major" if self.order == "C" else "column-stacking"
        head = f"{name}, {rows} x {columns}, vec {vec}; {len(self.entries)} entries, the others are zero"
        return "\n".join((repr(self.layer), head, "", *table)) + "\n"

    def latex(self) -> str:
        """Give a LaTeX array, of any number of columns, for use in mathematics; no package is needed."""
        known: dict[Any, str] = {}

        def set_cell(value: Any) -> str:
            key = plain(value)
            if key not in known:
                known[key] = latex(value)
            return known[key]

        cells = self._dense(set_cell, r"\cdot", MOST_LATEX_CELLS)
        body = "\\\\\n".join(" & ".join(row) for row in cells)
        head = f"% symtconv {__version__}: {self.layer!r}, order {self.order}"
        columns = f"*{{{self.shape[1]}}}{{c}}"
        return f"{head}\n\\left[\\begin{{array}}{{@{{}}{columns}@{{}}}}\n{body}\n\\end{{array}}\\right]\n"

    def csv(self) -> str:
        """Give the dense rows, without a header: numbers, exact fractions and names."""
        lines = StringIO()
        csv.writer(lines, lineterminator="\n").writerows(self._dense(plain, "0", MOST_CELLS))
        return lines.getvalue()

    def npz(self) -> bytes:
        """Give the bytes of scipy.sparse.save_npz."""
        import scipy.sparse

        file = BytesIO()
        scipy.sparse.save_npz(file, self._sparse(2**27))
        return file.getvalue()

    def mtx(self) -> bytes:
        """Give the bytes of scipy.io.mmwrite, the Matrix Market format."""
        import scipy.io

        file = BytesIO()
        matrix = self._sparse(MOST_LINES_OF_MTX)
        scipy.io.mmwrite(file, matrix, comment=f" {self.layer!r}, order {self.order}", symmetry="general")
        return file.getvalue()

    def _sparse(self, most: int) -> Any:
        if self.weights is None or self.weights.numeric is None:
            raise GeometryError(
                "a .npz or .mtx file",
                arrived="no weights" if self.weights is None else "names, fractions or expressions as weights",
                rule="it holds numbers",
                remedy='Pass numeric --weights, such as "1 2 1" or a .npy file, or write .csv, .txt, .tex or .json.',
            )
        from symtconv.matrices.sparse import sparse_matrix

        check_fit(self.layer, most, "Use symtconv.operator, which stores no matrix.")
        return sparse_matrix(self.layer, self.weights.numeric, order=self.order)

    def _dense(self, write: Callable[[Any], str], zero: str, most: int) -> list[list[str]]:
        rows, columns = self.shape
        remedy = "Use .json, .npz or .mtx, which leave zeros out."
        _fit(self.layer, rows * columns, most, f"cells ({rows:,} x {columns:,})", remedy)
        cells = [[zero] * columns for _ in range(rows)]
        for (row, column), value in self.entries.items():
            cells[row][column] = write(value)
        return cells


def check_fit(layer: Layer, most: int, remedy: str) -> None:
    """Refuse at once a layer whose matrix has more than `most` rows, columns or nonzeros, or too many taps.

    Raises:
        TooLarge: with the number of them.
    """
    taps = prod(layer.small_shape) * prod(layer.kernel_size)
    _fit(layer, taps, MOST_TAPS, "taps", "Ask it of a smaller layer of the same kind.")
    for size, what in zip(matrix_shape(layer), ("rows", "columns"), strict=True):
        _fit(layer, size, most, what, remedy)
    _fit(layer, count_nonzeros(layer), most, "nonzeros", remedy)


def _fit(layer: Layer, size: int, most: int, what: str, remedy: str) -> None:
    if size > most:
        raise TooLarge.of(f"the matrix of {layer!r}", size, most, what=what, remedy=remedy)
