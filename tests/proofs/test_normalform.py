"""Finding proofs: both sides are worked out, and the first difference is named."""

from __future__ import annotations

import pytest

from symtconv.errors import Refuted
from symtconv.proofs.kernel import verify_steps
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Derivative, Equation, Table, Transposed, number, product

x, w = Polynomial.variable("x"), Polynomial.variable("w")
C = Defined("C", "a matrix", Table((2, 1), {(0, 0): w}))
column = Defined("x", "a vector", Table((1,), {(0,): x}))
image = Defined("y", "its image", Table((2,), {(0,): w * x}))


def test_steps_that_are_found_pass_the_kernel() -> None:
    equations = (
        Equation(image, product(C, column), "y = C x"),
        Equation(Derivative(image, ("x",)), C, "the derivative"),
        Equation(Transposed(Transposed(C)), C, "twice"),
        Equation(Compound("//", number(7), number(2)), number(3), "floor"),
        Equation(Compound("mod", number(-7), number(2)), number(1), "mod"),
        Equation(number(4), number(4), "nothing to do"),
    )
    verify_steps(equations, find_steps(equations))


def test_every_step_has_a_reason_in_words() -> None:
    steps = find_steps((Equation(image, product(C, column), "y = C x"),))
    assert [step.reason for step in steps] == [
        "put in the definition of y",
        "multiply and add up",
        "put in the definition of x",
        "put in the definition of C",
    ]


def test_a_false_equation_is_refuted_at_its_first_entry() -> None:
    wrong = Table((2, 3), {(0, 1): x, (1, 0): w, (1, 2): x})
    right = Table((2, 3), {(0, 1): x, (1, 1): w, (1, 2): x * x})
    with pytest.raises(Refuted) as caught:
        find_steps((Equation(wrong, right, "A = B", (("i", (2,)), ("m", (3,)))),))
    assert caught.value.counterexample == {"i": 1, "m": 0}
    assert str(caught.value) == "A = B, at i=1, m=0: got w, but the other side is 0"


def test_indices_of_several_axes_are_numbered() -> None:
    wrong, right = Table((6,), {(5,): x}), Table((6,), {})
    with pytest.raises(Refuted) as caught:
        find_steps((Equation(wrong, right, "a = b", (("m", (2, 3)),)),))
    assert caught.value.counterexample == {"m0": 1, "m1": 2}


def test_numbers_shapes_and_scalars_are_refuted_too() -> None:
    with pytest.raises(Refuted, match="got 3, but the other side is 4"):
        find_steps((Equation(Compound("+", number(1), number(2)), number(4), "sum"),))
    with pytest.raises(Refuted, match=r"shape \(2,\), but the other side has shape \(1,\)"):
        find_steps((Equation(Table((2,), {}), Table((1,), {}), "shapes"),))
    with pytest.raises(Refuted, match="at the scalar"):
        find_steps((Equation(product(column, column), Table((), {}), "scalars"),))


def test_the_first_false_equation_is_the_one_that_is_named() -> None:
    true, false = Equation(C, C, "true"), Equation(C, Transposed(C), "false")
    with pytest.raises(Refuted, match="false"):
        find_steps((true, false))
