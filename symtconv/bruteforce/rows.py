"""Vectors and matrices as lists and lists of lists, over anything exact that adds and multiplies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from symtconv.proofs.polynomials import Polynomial

Number: TypeAlias = Polynomial | Fraction | int
Vector: TypeAlias = Sequence[Number]
Row: TypeAlias = list[Number]
Matrix: TypeAlias = list[Row]


def total(numbers: Iterable[Number]) -> Number:
    """Add numbers up."""
    result: Number = 0
    for number in numbers:
        result = result + number
    return result


def dot(left: Vector, right: Vector) -> Number:
    """Give the sum of the products of entries; a missing or an additional entry is an error."""
    return total(a * b for a, b in zip(left, right, strict=True) if a != 0 and b != 0)


def zeros(rows: int, columns: int) -> Matrix:
    """Give a matrix of zeros."""
    return [[0] * columns for _ in range(rows)]


def identity(size: int) -> Matrix:
    """Give the identity matrix."""
    return [[int(row == column) for column in range(size)] for row in range(size)]


def scaled(factor: Number, matrix: Matrix) -> Matrix:
    """Multiply every entry by a number."""
    return [[factor * entry if entry != 0 else 0 for entry in row] for row in matrix]


def added(left: Matrix, right: Matrix) -> Matrix:
    """Add two matrices of the same shape."""
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def transposed(matrix: Matrix, columns: int) -> Matrix:
    """Exchange rows and columns; `columns` is their number, which a matrix without rows does not tell."""
    return [[row[column] for row in matrix] for column in range(columns)]


def applied(matrix: Matrix, vector: Vector) -> Row:
    """Multiply a matrix by a vector."""
    return [dot(row, vector) for row in matrix]


def product(left: Matrix, right: Matrix) -> Matrix:
    """Multiply two matrices; `right` has at least one row."""
    columns = transposed(right, len(right[0]))
    return [applied(columns, row) for row in left]


def kronecker(left: Matrix, right: Matrix) -> Matrix:
    """Give the Kronecker product: every entry of `left` times the whole of `right`."""
    return [[a * b for a in upper for b in lower] for upper in left for lower in right]
