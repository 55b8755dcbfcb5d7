"""Proofs are told equation by equation, in words and as LaTeX that compiles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symtconv import ConvTranspose, prove, theorems
from symtconv.document.nodes import Document
from symtconv.exposition import accounts, compared, proof_document
from tests.document.conftest import complaints, pdflatex

__all__ = ["complaints", "pdflatex"]

LAYER = ConvTranspose((2, 2), 3, stride=2, padding="same")


def test_every_step_belongs_to_one_equation() -> None:
    proof = prove("input-gradient", LAYER)
    told = accounts(proof)
    assert [account.equation for account in told] == list(proof.equations)
    assert sum((account.steps for account in told), ()) == proof.steps


def test_zeros_are_counted() -> None:
    (first, again) = accounts(prove("jacobian", LAYER))
    assert (first.entries, first.filled) == (64, 25)
    assert (again.entries, again.filled) == (64, 25)
    assert compared(first) == "All 64 entries agree: 25 are filled, 39 are zero."


def test_numbers_are_told_as_numbers() -> None:
    assert {compared(account) for account in accounts(prove("size-round-trip", LAYER))} == {
        "Both sides are the same number."
    }


@pytest.mark.parametrize("name", [theorem.name for theorem in theorems()])
def test_the_latex_compiles(name: str, complaints: Callable[[Document], list[str]]) -> None:
    example = next(theorem.example for theorem in theorems() if theorem.name == name)
    assert complaints(proof_document(prove(name, example))) == []
    assert "heorem" in prove(name, example).to_latex()
