"""Boxes: the first point that comes up is the smallest, near 0 and far out."""

from __future__ import annotations

from itertools import product
from random import Random
from time import monotonic

import pytest
from hypothesis import given, strategies as st

from symtconv.proofs.boxes import Boxes
from symtconv.proofs.claims import boxes_of, read_question
from symtconv.proofs.counterexample import Failure, fails
from tests.randomclaims import truth


def first(claim: str, assuming: list[str], seconds: float = 2.0) -> tuple[Failure | None, Boxes]:
    """Find the first failure by boxes alone."""
    question = read_question(claim, [], assuming)
    boxes = boxes_of(question, question.free)
    return boxes.first(lambda at: fails(question, at), monotonic() + seconds), boxes


def rank(values: tuple[int, ...]) -> tuple[int, ...]:
    """Order points by the sum, then each name's size, positive before negative."""
    return (sum(map(abs, values)), *(part for value in values for part in (abs(value), value < 0)))


@given(st.integers(0, 100_000))
def test_the_first_point_is_the_smallest(seed: int) -> None:
    claim = truth(Random(seed), 1)
    question = read_question(claim, [], [])
    points = sorted(product(range(-4, 5), repeat=len(question.free)), key=rank)
    failing = (at for at in points if fails(question, dict(zip(question.free, at, strict=True))) is not None)
    expected = next(failing, None)
    found, boxes = first(claim, [], 0.1)
    if found is not None and expected is not None and rank(expected)[0] <= 4:
        assert tuple(found.at.values()) == expected
    elif expected is not None and rank(expected)[0] <= 4:
        assert boxes.below <= rank(expected)[0]


@pytest.mark.parametrize(
    ("claim", "assuming", "at"),
    [
        ("x*y != 10**12 + 39", [], None),  # a prime: 1 times itself
        ("x + y < 10**12*10**12", [], (0, 10**24)),
        ("x % 97 != 5 or x % 101 != 7 or x < 0", [], (4855,)),
        ("x**4 < 10**12*10**8", [], (10**5,)),
        ("x*y < 10**6", ["x >= 2*y", "y >= 1"], None),
        ("x - 3*y != 1000", ["x >= 0", "y >= 0"], (1000, 0)),
        ("not (divides(1009, x) and divides(x, 1009*1013)) or x <= 1009", [], (1009 * 1013,)),
    ],
)
def test_far_out(claim: str, assuming: list[str], at: tuple[int, ...] | None) -> None:
    found, _ = first(claim, assuming)
    assert found is not None
    assert at is None or tuple(found.at.values()) == at


def test_what_is_empty_at_once() -> None:
    assert first("x >= 1", ["x >= 2"])[1].heap == []
    assert first("x*x >= 0", [])[1].heap == []
