"""A layer of two axes by plain loops, the same sizes on both; planes are lists of rows."""

from __future__ import annotations

from symtconv.bruteforce.line import Line
from symtconv.bruteforce.rows import Matrix, Number, Row, total
from symtconv.bruteforce.signals import padded
from symtconv.proofs.polynomials import Polynomial


def named(letter: str, size: int) -> Matrix:
    """Give a square plane of indeterminates."""
    return [[Polynomial.variable(f"{letter}{row},{column}") for column in range(size)] for row in range(size)]


def flat(plane: Matrix) -> Row:
    """Write the rows of a plane one behind the other."""
    return [entry for row in plane for entry in row]


def convolve(layer: Line, plane: Matrix, kernel: Matrix) -> Matrix:
    """Slide a square kernel over a padded square plane, in steps of s on both axes, as long as it fits."""
    width = layer.n + layer.lo + layer.hi
    wide = [padded(row, layer.lo, layer.hi) for row in plane]
    blank: Row = [0] * width
    sheet = [blank] * layer.lo + wide + [blank] * layer.hi
    starts = range(0, width - layer.d * (layer.k - 1), layer.s)

    def weighed(top: int, left: int) -> Number:
        return total(
            weight * sheet[top + layer.d * a][left + layer.d * b]
            for a, weights in enumerate(kernel)
            for b, weight in enumerate(weights)
        )

    return [[weighed(top, left) for left in starts] for top in starts]
