"""Matrices as lists of lists."""

from __future__ import annotations

import pytest

from symtconv.bruteforce.rows import (
    Matrix,
    added,
    applied,
    dot,
    identity,
    kronecker,
    product,
    scaled,
    transposed,
    zeros,
)

A: Matrix = [[1, 2, 3], [4, 5, 6]]


def test_matrices_multiply() -> None:
    assert product(A, transposed(A, 3)) == [[14, 32], [32, 77]]
    assert applied(A, [1, 0, -1]) == [-2, -2]
    assert product(identity(2), A) == A
    assert added(A, scaled(-1, A)) == zeros(2, 3)


def test_a_matrix_without_rows_still_has_columns() -> None:
    assert transposed([], 2) == [[], []]
    assert transposed(transposed(A, 3), 2) == A


def test_the_kronecker_product_puts_the_right_factor_into_each_entry() -> None:
    assert kronecker([[1, 2]], [[0, 3], [4, 0]]) == [[0, 3, 0, 6], [4, 0, 8, 0]]


def test_vectors_of_different_sizes_have_no_product() -> None:
    with pytest.raises(ValueError, match="shorter"):
        dot([1, 2], [1])
