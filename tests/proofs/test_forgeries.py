"""Proofs of false equations that were once accepted, or that came near: each must be refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symtconv import ProofError
from symtconv.proofs.kernel import RULES, Step, verify_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Entry, Summand, Total, is_sound, total
from symtconv.proofs.terms import Equation

z, i = Polynomial.variable("z"), Polynomial.variable("i")
NEVER = Bracket(">=", Polynomial.constant(-1))
ONE, ZERO = total(Summand(1, (), (), ())), Total(())
ALWAYS = ((Polynomial.constant(1), (0,)),)


def test_a_rule_that_is_read_back_brings_in_no_infinite_sum() -> None:
    """0 = S - S + [-1 >= 0], S the sum of ones over all z >= 0: S = 1 + S would follow."""
    endless = Summand(1, ("z",), (Bracket(">=", z),), ())
    minus = Summand(-1, ("z",), (Bracket(">=", z),), ())
    after = Total((endless, minus, Summand(1, (), (NEVER,), ())))
    assert RULES["void"](after, 2, ALWAYS) == ZERO
    steps = [Step(ZERO, after, "void", "", (), (2, ALWAYS)), Step(after, ZERO, "void", "", (), (2, ALWAYS))]
    with pytest.raises(ProofError, match="step 0"):
        verify_steps([Equation(ZERO, ONE, "0 = 1")], steps)


def test_endless_sums_that_cancel_under_other_names_are_not_brought_in() -> None:
    endless = Summand(1, ("z",), (Bracket(">=", z),), ())
    minus = Summand(-1, ("y",), (Bracket(">=", Polynomial.variable("y")),), ())
    after = total(endless, minus)
    place = after.summands.index(minus)
    assert RULES["rename"](after, place, ("y",), ("z",)) == ZERO
    with pytest.raises(ProofError, match="step 0"):
        verify_steps([Equation(ZERO, ONE, "0 = 1")], [Step(ZERO, after, "rename", "", (), (place, ("y",), ("z",)))])


def test_a_sum_that_is_finite_may_be_brought_in() -> None:
    finite = Summand(1, ("z",), (Bracket(">=", z), Bracket(">=", 3 - z), NEVER), ())
    there = total(finite)
    certificate = ((Polynomial.constant(1), (there.summands[0].where.index(NEVER),)),)
    steps = [Step(there, ZERO, "void", "", (), (0, certificate))]
    assert verify_steps([Equation(there, ZERO, "a sum of nothing")], steps) == {}


def test_a_fraction_that_is_not_in_lowest_terms_is_refused() -> None:
    """A forged 1/-1 is >= 0 to Python, and twice that is -2."""
    forged = Fraction(1, 2)
    forged._numerator, forged._denominator = 1, -1  # type: ignore[attr-defined]
    multiplier = Polynomial({(): 1})
    multiplier.terms = {(): forged}
    assert not multiplier.is_plain
    assert not is_sound(Summand(forged, (), (), ()))
    certificate = ((multiplier, ()), (multiplier, ()), (Polynomial.constant(1), ()))
    with pytest.raises(ProofError):
        verify_steps([Equation(ONE, ZERO, "1 = 0")], [Step(ONE, ZERO, "void", "", (), (0, certificate))])
    assert is_sound(Summand(Fraction(1, 2), (), (), ()))


def test_a_definition_does_not_capture_what_another_one_leaves_free() -> None:
    counted = total(Summand(1, ("z",), (Bracket(">=", z), Bracket(">=", i - 1 - z)), ()))
    free = Definition("E", "as many as i", (), counted)
    assert is_sound(free)
    assert not is_sound(Definition("D", "E", ("i",), total(Summand(1, (), (), (Entry(free, ()),)))))
    assert is_sound(Definition("D", "E", ("j",), total(Summand(1, (), (), (Entry(free, ()),)))))
    assert not is_sound(Definition("D", "E", (), Total((Summand(1, ("i",), (), (Entry(free, ()),)),))))
