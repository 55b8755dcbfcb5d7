"""Every statement is true at all small sizes that meet its hypotheses, and is not asked of others."""

from __future__ import annotations

import inspect

import pytest

from symtconv.bruteforce import FAMILIES, TRUTHS
from symtconv.errors import NotApplicable
from tests.bruteforce.grid import truths

SLOW = {"circulant", "continuous", "not-an-inverse", "symbol-bound"}
COUNTS = {
    "sizes": 27,
    "gradients": 8,
    "adjoint": 4,
    "constructions": 9,
    "structure": 13,
    "overlap": 5,
    "interpolation": 2,
    "regularity": 3,
    "norms": 7,
}
# Hypotheses beyond positive sizes, pads of at least 0 and a kernel that fits: one case outside each.
OUTSIDE = [
    ("relationship-3", {"n": 5, "k": 2}, "k is odd"),
    ("relationship-10", {"n": 5, "k": 2}, "k is odd"),
    ("relationship-12", {"n": 4, "k": 3, "s": 2}, "s divides n - k"),
    ("relationship-13", {"n": 4, "k": 3, "s": 2, "p": 1}, "s divides n + 2p - k"),
    ("output-padding", {"n": 1, "k": 1, "op": -1}, "at least 1"),
    ("output-padding", {"n": 4, "k": 3, "op": -2}, "at most m plus the pads"),
    ("tf-transpose-valid", {"m": 2, "i": 1, "k": 3}, "m is at least the kernel's span"),
    ("composition-size", {"n": 3, "k1": 2, "k2": 3}, "at most n plus the pads"),
    ("chain-rule", {"n": 3, "k1": 2, "k2": 3}, "at most n plus the pads"),
    ("composition", {"n": 3, "k1": 2, "k2": 3}, "at most n plus the pads"),
    ("reversed-kernel-same", {"n": 1, "k": 2}, "n > d"),
    ("groups", {"n": 2, "k": 1, "in_channels": 2, "out_channels": 3, "groups": 2}, "groups divides"),
    ("non-overlapping", {"n": 4, "k": 3, "s": 2}, "k is at most s"),
    ("noble-identity", {"n": 5, "k": 2, "s": 2, "d": 3}, "s divides d"),
    ("circulant", {"n": 5, "k": 3, "lo": 1}, "lo + hi = K - 1"),
    ("unread-inputs", {"n": 5, "k": 1, "s": 2}, "k is at least s"),
    ("weighted-checkerboard", {"n": 3, "k": 3, "s": 2}, "at least s outputs"),
    ("circulant-spectrum", {"n": 4, "k": 3, "s": 2, "lo": 1}, "lo + hi = K - 1"),
    ("circulant-spectrum", {"n": 5, "k": 3, "s": 2, "lo": 1, "hi": 1}, "s divides n"),
    ("size", {"n": 2, "k": 3, "i": 0}, "at most n plus the pads"),
]
LEAST = {"lo": 0, "hi": 0, "p": 0}
ANY_INTEGER = {"op"}


def test_the_families_have_all_their_statements() -> None:
    found = {
        family.__name__.split(".")[-1]: sum(f.__module__ == family.__name__ for f in TRUTHS.values())
        for family in FAMILIES
    }
    assert found == COUNTS
    assert len(TRUTHS) == sum(COUNTS.values())


@pytest.mark.parametrize("name", TRUTHS)
def test_a_statement_is_said_and_takes_its_sizes_by_name(name: str) -> None:
    assert (TRUTHS[name].__doc__ or "").strip()
    for parameter in inspect.signature(TRUTHS[name]).parameters.values():
        assert parameter.kind is parameter.KEYWORD_ONLY
        if parameter.default is not parameter.empty:
            assert parameter.default == (0 if parameter.name.rstrip("12") in LEAST else 1)


@pytest.mark.parametrize("name", TRUTHS)
def test_a_statement_is_true_at_small_sizes(name: str) -> None:
    found = list(truths(name, most=25 if name in SLOW else 250))
    assert len(found) >= 6
    assert [case for case, truth in found if truth is not True] == []


@pytest.mark.parametrize("name", TRUTHS)
def test_sizes_below_the_least_are_not_asked(name: str) -> None:
    case, _ = next(truths(name, most=1))
    for parameter in case:
        bare = parameter.rstrip("123")
        if bare in ANY_INTEGER or (bare == "i" and name != "keras-valid"):
            continue
        with pytest.raises(NotApplicable, match=f"theorem {name}: got .*{parameter}=") as caught:
            TRUTHS[name](**{**case, parameter: LEAST.get(bare, 1) - 1})
        assert "at least" in caught.value.hypothesis


@pytest.mark.parametrize(("name", "case", "hypothesis"), OUTSIDE)
def test_sizes_outside_a_hypothesis_are_not_asked(name: str, case: dict[str, int], hypothesis: str) -> None:
    with pytest.raises(NotApplicable, match=f"theorem {name}: got ") as caught:
        TRUTHS[name](**case)
    assert hypothesis in caught.value.hypothesis
