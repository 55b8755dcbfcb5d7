"""Sums of powers of the primitive n-th root of unity z = e^(2 pi i/n), exactly.

A sum is the list of the n coefficients of z^0, ..., z^(n-1). Equal lists are equal sums, and so are lists whose
difference is a multiple of the n-th cyclotomic polynomial: only in that do complex numbers differ from Z[z]/(z^n-1).
"""

from __future__ import annotations

from collections.abc import Iterable

from symtconv.bruteforce.rows import Number, Row, Vector


def gathered(n: int, terms: Iterable[tuple[int, Number]]) -> Row:
    """Add up terms coefficient * z^exponent."""
    coefficients: Row = [0] * n
    for exponent, coefficient in terms:
        coefficients[exponent % n] = coefficients[exponent % n] + coefficient
    return coefficients


def turned(root_sum: Vector, exponent: int) -> Row:
    """Multiply a sum by z^exponent."""
    return gathered(len(root_sum), ((place + exponent, coefficient) for place, coefficient in enumerate(root_sum)))


def divided(dividend: Vector, divisor: Vector) -> tuple[Row, Row]:
    """Divide polynomials, coefficients from the lowest on, by one that is monic; give quotient and remainder."""
    remainder, degree = list(dividend), len(divisor) - 1
    quotient: Row = [0] * max(len(dividend) - degree, 0)
    for place in reversed(range(len(quotient))):
        quotient[place] = factor = remainder[place + degree]
        for power, coefficient in enumerate(divisor):
            remainder[place + power] = remainder[place + power] - factor * coefficient
    return quotient, remainder[:degree]


def cyclotomic(n: int) -> Row:
    """Give the polynomial whose zeros are the primitive n-th roots: z^n - 1 without those of the divisors of n."""
    polynomial: Row = [-1, *[0] * (n - 1), 1]
    for divisor in range(1, n):
        if n % divisor == 0:
            polynomial, _ = divided(polynomial, cyclotomic(divisor))
    return polynomial


def vanishes(root_sum: Vector) -> bool:
    """Decide whether a sum is 0 as a complex number (its coefficients being rational numbers or indeterminates)."""
    _, remainder = divided(root_sum, cyclotomic(len(root_sum)))
    return all(coefficient == 0 for coefficient in remainder)


def unitary(n: int) -> bool:
    """Decide whether the DFT of n points is unitary: sum over m of z^(l m) is n for l = 0 and 0 for l = 1..n-1."""
    return all(
        vanishes(gathered(n, [*((frequency * m, 1) for m in range(n)), (0, -n if frequency == 0 else 0)]))
        for frequency in range(n)
    )
