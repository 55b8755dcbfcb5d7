"""Roots of unity, exactly."""

from __future__ import annotations

import pytest

from symtconv.bruteforce.roots import cyclotomic, divided, gathered, turned, unitary, vanishes


def test_cyclotomic_polynomials_are_the_known_ones() -> None:
    assert cyclotomic(1) == [-1, 1]
    assert cyclotomic(4) == [1, 0, 1]
    assert cyclotomic(6) == [1, -1, 1]
    assert cyclotomic(12) == [1, 0, -1, 0, 1]
    assert min(int(c) for c in cyclotomic(105) if isinstance(c, int)) == -2


def test_division_gives_quotient_and_remainder() -> None:
    assert divided([1, 2, 3], [1, 1]) == ([-1, 3], [2])
    assert divided([5], [1, 1, 1]) == ([], [5])


@pytest.mark.parametrize("n", range(2, 9))
def test_all_roots_add_up_to_nothing_but_no_single_one_does(n: int) -> None:
    assert vanishes([1] * n)
    assert not vanishes(gathered(n, [(1, 1)]))
    assert unitary(n)


def test_opposite_roots_cancel() -> None:
    assert vanishes(gathered(6, [(1, 1), (4, 1)]))
    assert not vanishes(gathered(6, [(1, 1), (3, 1)]))
    assert turned([1, 2, 3], 4) == [3, 1, 2]
