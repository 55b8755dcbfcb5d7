"""Linear algebra over the rational numbers, exactly, and the integer kernels to try where none can stand for all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product as choices

from symtconv.bruteforce.line import Line
from symtconv.bruteforce.rows import Number
from symtconv.proofs.polynomials import Polynomial

Values = list[list[Fraction]]


def kernels(k: int) -> Iterator[list[int]]:
    """Give the kernels of values 0, 1, 2 and -1: all of them up to three taps, then those of period 3."""
    for pattern in choices((0, 1, 2, -1), repeat=min(k, 3)):
        yield [pattern[j % 3] for j in range(k)]


def fraction(number: Number) -> Fraction:
    """Read a number that is no polynomial."""
    assert not isinstance(number, Polynomial)
    return Fraction(number)


def values(layer: Line, kernel: list[int]) -> Values:
    """Build C for a kernel of numbers."""
    return [[fraction(entry) for entry in row] for row in layer.matrix(kernel)]


def multiplied(left: Values, right: Values) -> Values:
    """Multiply two matrices; `right` has at least one row."""
    columns = list(zip(*right, strict=True))
    return [
        [sum((a * b for a, b in zip(row, column, strict=True) if a and b), Fraction()) for column in columns]
        for row in left
    ]


def flipped(matrix: Values) -> Values:
    """Transpose a matrix that has rows."""
    return [list(column) for column in zip(*matrix, strict=True)]


def unit(size: int) -> Values:
    """Give the identity matrix."""
    return [[Fraction(row == column) for column in range(size)] for row in range(size)]


def echelon(matrix: Values) -> tuple[Values, int]:
    """Give the reduced echelon form of a matrix, and its rank."""
    rows, rank = [list(row) for row in matrix], 0
    for column in range(len(rows[0])):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        first = rows[rank][column]
        rows[rank] = [entry / first for entry in rows[rank]]
        for row, entries in enumerate(rows):
            if row != rank and (factor := entries[column]):
                rows[row] = [a - factor * b for a, b in zip(entries, rows[rank], strict=True)]
        rank += 1
    return rows, rank


def inverse(matrix: Values) -> Values | None:
    """Give the inverse of a square matrix, or None."""
    size = len(matrix)
    if echelon(matrix)[1] < size:
        return None
    beside, _ = echelon([row + one for row, one in zip(matrix, unit(size), strict=True)])
    return [row[size:] for row in beside]


def eigenvalue_polynomial(matrix: Values) -> list[Fraction]:
    """Give the coefficients of det(t - M) from t^size down to t^0, by Faddeev and LeVerrier."""
    size = len(matrix)
    coefficients, power = [Fraction(1)], unit(size)
    for step in range(1, size + 1):
        power = multiplied(matrix, power)
        coefficients.append(-sum((power[place][place] for place in range(size)), Fraction()) / step)
        for place in range(size):
            power[place][place] += coefficients[-1]
    return coefficients


def non_negative(matrix: Values) -> bool:
    """Decide whether a symmetric matrix is positive semidefinite: no pivot negative, nothing but zeros under a zero."""
    rows = [list(row) for row in matrix]
    for place, pivot_row in enumerate(rows):
        pivot, below = pivot_row[place], range(place + 1, len(rows))
        if pivot < 0 or (pivot == 0 and any(rows[row][place] for row in below)):
            return False
        for row in below if pivot else ():
            factor = rows[row][place] / pivot
            rows[row] = [a - factor * b for a, b in zip(rows[row], pivot_row, strict=True)]
    return True


def norm_at_most(square: Fraction, matrix: Values) -> bool:
    """Decide whether the 2-norm of M is at most the root of `square`: square - M M^T is positive semidefinite."""
    product = multiplied(matrix, flipped(matrix))
    return non_negative(
        [
            [square * (row == column) - entry for column, entry in enumerate(entries)]
            for row, entries in enumerate(product)
        ]
    )
