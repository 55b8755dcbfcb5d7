"""Sets of numbers: each operation holds every result, and narrowing loses none."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from hypothesis import assume, given, strategies as st

from symtconv.proofs import ranges
from symtconv.proofs.ranges import NothingLeft, Range


@st.composite
def sets(draw: st.DrawFn) -> Range:
    """Draw a set of whole numbers."""
    low = draw(st.integers(-12, 12))
    try:
        return ranges.whole(low, low + draw(st.integers(0, 14)), draw(st.integers(1, 5)), draw(st.integers(-3, 6)))
    except NothingLeft:
        return ranges.one(low)


def elements(a: Range) -> list[int]:
    return [value for value in range(int(a.low), int(a.high) + 1) if a.holds(value)]


@given(sets(), sets())
def test_every_result_is_held(a: Range, b: Range) -> None:
    quotients = ranges.quotient(a, b) if b != ranges.one(0) else None
    rational = ranges.divided(a, b) if b != ranges.one(0) else None
    for x in elements(a):
        assert ranges.minus(a).holds(-x)
        assert ranges.size(a).holds(abs(x))
        assert ranges.power(a, 2).holds(x * x)
        assert ranges.power(a, 3).holds(x**3)
        for y in elements(b):
            assert ranges.plus(a, b).holds(x + y)
            assert ranges.times(a, b).holds(x * y)
            assert ranges.divisor(a, b).holds(gcd(x, y))
            assert ranges.hull(a, b).holds(x)
            if y:
                assert quotients is not None
                assert quotients.holds(x // y)
                assert rational is not None
                assert rational.holds(Fraction(x, y))


@given(sets(), sets())
def test_what_two_sets_have_in_common(a: Range, b: Range) -> None:
    both = sorted(set(elements(a)) & set(elements(b)))
    try:
        assert elements(ranges.meet(a, b)) == both
    except NothingLeft:
        assert not both


@given(sets(), sets(), sets())
def test_a_factor_is_narrowed_to_where_a_product_is(z: Range, b: Range, old: Range) -> None:
    right = [x for x in elements(old) if any(z.holds(x * y) for y in elements(b))]
    try:
        found = ranges.factor(z, b, old)
    except NothingLeft:
        assert not right
        return
    assert all(found.holds(x) for x in right)


@given(sets(), st.integers(2, 4), sets())
def test_a_root_is_narrowed_to_where_a_power_is(z: Range, exponent: int, old: Range) -> None:
    right = [x for x in elements(old) if z.holds(x**exponent)]
    try:
        found = ranges.root(z, exponent, old)
    except NothingLeft:
        assert not right
        return
    assert all(found.holds(x) for x in right)


@given(sets())
def test_the_nearest_number_to_0(a: Range) -> None:
    assume(elements(a))
    assert abs(a.nearest) == min(map(abs, elements(a)))
    assert a.holds(a.nearest)
