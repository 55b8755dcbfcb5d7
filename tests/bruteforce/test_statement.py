"""Statements raise NotApplicable in their own name."""

from __future__ import annotations

import pytest

from symtconv.bruteforce.statement import assume, at_least_one, statement
from symtconv.errors import NotApplicable


@statement
def half_of_it(*, n: int, s: int = 2) -> bool:
    """n is even"""
    at_least_one(n=n, s=s)
    assume(n >= s, "n is at least s")
    return n % s == 0


def test_a_statement_is_true_or_false() -> None:
    assert half_of_it(n=4)
    assert not half_of_it(n=3)


def test_what_is_not_met_is_said_with_all_that_arrived() -> None:
    with pytest.raises(NotApplicable, match=r"theorem half-of-it: got n=1, s=2, but it assumes that n is at least s"):
        half_of_it(n=1)
    with pytest.raises(NotApplicable, match="n and s are at least 1") as caught:
        half_of_it(n=0)
    assert caught.value.hypothesis == "n and s are at least 1"


def test_an_unknown_size_is_an_error_of_the_call() -> None:
    with pytest.raises(TypeError, match="unexpected"):
        half_of_it(n=2, m=3)  # type: ignore[call-arg]
