"""Signals by hand."""

from __future__ import annotations

from symtconv.bruteforce.signals import laid, multiplied, padded, slid, zero_inserted


def test_a_kernel_is_laid_with_zeros_between_its_taps() -> None:
    assert laid([1, 2, 3], 3) == [1, 0, 0, 2, 0, 0, 3]
    assert zero_inserted([5], 4) == [5]


def test_pads_extend_first_and_then_crop() -> None:
    assert padded([1, 2, 3], 1, 2) == [0, 1, 2, 3, 0, 0]
    assert padded([1, 2, 3], -1, -1) == [2]
    assert padded([1], -2, 3) == [0, 0]
    assert padded([1], 3, -2) == [0, 0]
    assert padded([1], -2, 0) == []


def test_a_kernel_slides_as_long_as_it_fits() -> None:
    assert slid([1, 2, 3, 4], [1, 10]) == [21, 32, 43]
    assert slid([1, 2, 3, 4, 5, 6], [1, 10], s=2, d=2) == [31, 53]
    assert slid([1], [1, 1]) == []


def test_polynomials_in_z_are_multiplied() -> None:
    assert multiplied([1, 1], [1, -1]) == [1, 0, -1]
