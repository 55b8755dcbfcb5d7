"""Derivatives and equations."""

from __future__ import annotations

from symtconv.bruteforce.symbols import derivative, differences, equations, gradient, jacobian, symbols

x0, x1 = symbols("x", 2)


def test_polynomials_are_differentiated() -> None:
    assert derivative(3 * x0 * x0 * x1 + x1, "x0") == 6 * x0 * x1
    assert derivative(7, "x0") == 0
    assert gradient(x0 * x1, "x", 2) == [x1, x0]
    assert jacobian([x0, x0 + 2 * x1], "x", 2) == [[1, 0], [1, 2]]


def test_equations_are_a_set_without_what_always_holds() -> None:
    assert equations([x0, x0 - x0, x0 + 0, 0]) == equations([x0])
    assert equations([x0]) != equations([x1])
    assert equations([1]) != equations([])


def test_equal_numbers_differ_by_nothing() -> None:
    assert differences([x0, x0]) == set()
    assert differences([x0, x1]) == equations([x0 - x1, x1 - x0])
