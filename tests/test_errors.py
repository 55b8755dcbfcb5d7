"""The tree of errors: facts in the message and in the exception."""

from __future__ import annotations

import pickle

import pytest

from symtconv import (
    GeometryError,
    Impossible,
    MissingDependency,
    NotApplicable,
    ProofError,
    Refuted,
    SymtconvError,
    TooLarge,
    Undecided,
)

KINDS = (
    GeometryError,
    Impossible,
    MissingDependency,
    NotApplicable,
    ProofError,
    Refuted,
    SymtconvError,
    TooLarge,
    Undecided,
)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({}, "asked"),
        ({"arrived": "this"}, "asked: got this"),
        ({"rule": "that"}, "asked: that"),
        ({"arrived": "this", "rule": "that"}, "asked: got this, but that"),
        ({"remedy": "Do so."}, "asked. Do so."),
        ({"arrived": "this", "rule": "that", "remedy": "Do so."}, "asked: got this, but that. Do so."),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_made_of_the_facts(kind: type[SymtconvError], facts: dict[str, str], message: str) -> None:
    error = kind("asked", **facts)
    assert str(error) == message
    for name in ("arrived", "rule", "remedy"):
        assert getattr(error, name) == facts.get(name, "")
    assert error.asked == "asked"


def test_not_applicable_names_the_hypothesis() -> None:
    error = NotApplicable.because("size-round-trip", "all outputs are kept", "2 of 3")
    assert error.hypothesis == "all outputs are kept"
    assert str(error).startswith("theorem size-round-trip: got 2 of 3, but it assumes that all outputs are kept.")
    assert NotApplicable("x").hypothesis == ""


def test_refuted_has_a_counterexample_of_its_own() -> None:
    error = Refuted.at("claim", {"i": 1}, "0", "it is 1")
    other = Refuted("claim")
    assert error.counterexample == {"i": 1}
    assert other.counterexample == {}
    assert str(error) == "claim: got 0, but it is 1"


def test_too_large_counts() -> None:
    error = TooLarge.of("a matrix", 1_234_567, 1_000_000, remedy="Take less.")
    assert (error.entries, error.limit) == (1_234_567, 1_000_000)
    assert str(error) == "a matrix: got 1,234,567 nonzeros, but at most 1,000,000 are allowed. Take less."
    assert "rows" in str(TooLarge.of("a matrix", 2, 1, what="rows", remedy=""))


def test_errors_survive_pickling() -> None:
    error = TooLarge.of("a matrix", 2, 1, remedy="Take less.")
    twin = pickle.loads(pickle.dumps(error))
    assert str(twin) == str(error)
    assert (twin.asked, twin.arrived, twin.rule, twin.remedy) == (error.asked, error.arrived, error.rule, error.remedy)
    assert (twin.entries, twin.limit) == (2, 1)
