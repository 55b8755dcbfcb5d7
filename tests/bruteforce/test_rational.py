"""Exact linear algebra on matrices whose answers are known."""

from __future__ import annotations

from fractions import Fraction

from symtconv.bruteforce.rational import (
    Values,
    echelon,
    eigenvalue_polynomial,
    flipped,
    inverse,
    kernels,
    multiplied,
    non_negative,
    norm_at_most,
    unit,
)


def matrix(*rows: tuple[int, ...]) -> Values:
    return [[Fraction(entry) for entry in row] for row in rows]


def test_ranks_and_inverses() -> None:
    assert echelon(matrix((1, 2), (2, 4)))[1] == 1
    assert echelon(matrix((0, 0), (0, 3), (1, 1)))[1] == 2
    assert inverse(matrix((1, 2), (2, 4))) is None
    one = matrix((2, 1), (1, 1))
    assert inverse(one) == matrix((1, -1), (-1, 2))
    assert multiplied(one, matrix((1, -1), (-1, 2))) == unit(2)
    assert flipped(matrix((1, 2, 3))) == matrix((1,), (2,), (3,))


def test_eigenvalues() -> None:
    assert eigenvalue_polynomial(matrix((2, 1), (1, 2))) == [1, -4, 3]
    assert eigenvalue_polynomial(matrix((1, 2, 0), (0, 3, 4), (0, 0, 5))) == [1, -9, 23, -15]


def test_definite_forms() -> None:
    assert non_negative(matrix((2, 1), (1, 2)))
    assert non_negative(matrix((1, 1), (1, 1)))
    assert non_negative(matrix((0, 0), (0, 1)))
    assert not non_negative(matrix((1, 2), (2, 1)))
    assert not non_negative(matrix((0, 1), (1, 5)))


def test_a_norm_is_bounded_by_what_bounds_it_and_by_no_less() -> None:
    assert norm_at_most(Fraction(25), matrix((3, 4)))
    assert not norm_at_most(Fraction(249, 10), matrix((3, 4)))


def test_kernels_are_all_of_four_values_up_to_three_taps() -> None:
    assert [len({tuple(w) for w in kernels(k)}) for k in (1, 2, 3, 5)] == [4, 16, 64, 64]
    assert all(len(w) == 5 for w in kernels(5))
