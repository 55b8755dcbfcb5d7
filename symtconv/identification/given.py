"""Reading the matrix that is to be identified: its nonzero entries, each with a number that stands for its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
import sympy

from symtconv.arrays import Array, as_array
from symtconv.errors import GeometryError
from symtconv.matrices.symbolic import sympified
from symtconv.taps import Index


@dataclass(frozen=True)
class Given:
    """The nonzero entries of a matrix: their `places` (row * columns + column) and the `names` of their values.

    Places ascend. Equal entries have equal names, 1, 2, ...; the name 0 is zero. values[name] is the entry as found.
    """

    rows: int
    columns: int
    places: Index
    names: Index
    values: Array

    def names_at(self, places: Index) -> Index:
        """Give the names of the entries at any places, 0 for the zeros."""
        if not len(self.places):
            return np.zeros(places.shape, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.places, places), len(self.places) - 1)
        return np.where(self.places[at] == places, self.names[at], 0)

    @property
    def T(self) -> Given:  # noqa: N802 (numpy's name for the transpose)
        """The transposed matrix."""
        places = self.places % self.columns * self.rows + self.places // self.columns
        order = np.argsort(places)
        return Given(self.columns, self.rows, places[order], self.names[order], self.values)


def read_matrix(matrix: Any) -> Given:
    """Read a dense, scipy.sparse or SymPy matrix; stored zeros are zeros, and the matrix itself is left as it is.

    >>> given = read_matrix([[0, 5], [7, 5]])
    >>> given.places.tolist(), given.names.tolist(), given.values.tolist()
    ([1, 2, 3], [1, 2, 1], [0, 5, 7])
    """
    if scipy.sparse.issparse(matrix):
        sparse: Any = matrix
        shape = sparse.shape
        _check_shape(shape)
        coo = sparse.tocsr(copy=True).tocoo()  # tocsr sums the duplicates
        row, column = coo.row.astype(np.int64), coo.col.astype(np.int64)
        data = as_array("matrix", coo.data)
    elif isinstance(matrix, sympy.MatrixBase):
        shape = matrix.shape
        _check_shape(shape)
        entries = matrix.todok()
        row = np.array([place[0] for place in entries], dtype=np.int64)
        column = np.array([place[1] for place in entries], dtype=np.int64)
        data = np.empty(len(entries), dtype=object)
        data[:] = list(entries.values())
    else:
        dense = as_array("matrix", matrix)
        shape = dense.shape
        _check_shape(shape)
        row, column = (index.reshape(-1) for index in np.indices(shape, dtype=np.int64))
        data = dense.reshape(-1)
    rows, columns = int(shape[0]), int(shape[1])
    names, values = _named(data)
    places = row * columns + column
    kept = np.flatnonzero(names)
    order = kept[np.argsort(places[kept])]
    return Given(rows, columns, places[order], names[order], values)


def _named(data: Array) -> tuple[Index, Array]:
    """Name the entries by their values: numbers by ==, expressions as SymPy compares them, both exactly.

    Floats are the binary fractions that they are, so that 1.0 is 1 and 0.5 is 1/2, also among expressions.
    """
    if data.dtype != object:
        if data.dtype.kind in "fc" and np.isnan(data).any():
            raise _nan()
        filled = data != 0
        distinct, inverse = np.unique(data[filled], return_inverse=True)
        names = np.zeros(data.shape, dtype=np.int64)
        names[filled] = inverse.reshape(-1) + 1
        return names, np.concatenate([np.zeros(1, dtype=data.dtype), distinct])
    known: dict[Any, int] = {}  # a number's or expression's name
    met: dict[Any, int] = {}  # the same by the entry itself, so that SymPy reads each value once
    found: list[Any] = [0]
    names = np.zeros(data.shape, dtype=np.int64)
    for number, entry in enumerate(data):
        mark = (type(entry), entry) if entry.__hash__ is not None else (type(entry), id(entry))
        if mark not in met:
            expression = _expression(entry)
            zero = expression.is_Number and expression.is_zero
            met[mark] = 0 if zero else known.setdefault(expression, len(found))
            if met[mark] == len(found):
                found.append(entry)
        names[number] = met[mark]
    values = np.empty(len(found), dtype=object)
    values[:] = found
    return names, values


def _expression(entry: Any) -> Any:
    alone = np.empty(1, dtype=object)
    alone[0] = entry
    [expression] = sympified(alone)
    if expression.has(sympy.nan):
        raise _nan()
    return expression.xreplace({number: sympy.Rational(number) for number in expression.atoms(sympy.Float)})


def _nan() -> GeometryError:
    return GeometryError(
        "matrix", arrived="an entry that is nan", rule="nan equals nothing, not even itself", remedy="Remove it first."
    )


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 2 or 0 in shape:
        raise GeometryError(
            "matrix",
            arrived=f"shape {tuple(shape)}",
            rule="it has rows and columns, at least one of each",
            remedy="Pass a matrix of shape (output pixels, input pixels).",
        )
