"""Every theorem of the catalogue is refused when the package is broken in one place (see tests/mutants.py)."""

from __future__ import annotations

import pytest

from symtconv import Conv, prove, theorems
from symtconv.proofs.theorem import Theorem
from tests.mutants import EQUIVALENT, applied, mutants, tally


@pytest.mark.parametrize("theorem", theorems(), ids=lambda theorem: theorem.name)
def test_no_mutant_survives_without_a_reason(theorem: Theorem) -> None:
    found = tally(theorem)
    assert found.survivors == []
    assert found.refused
    excused = [one.because for one in EQUIVALENT if theorem.name in one.theorems.split()]
    assert sorted(found.explained) == sorted(excused)  # no excuse is left over


def test_the_mutants_are_many_and_of_every_kind() -> None:
    assert {mutant.kind for mutant in mutants()} == {
        *("entry of C", "tap", "channel", "axis", "pad", "stride", "dilation", "tap map", "size", "helper")
    }
    names = [mutant.name for mutant in mutants()]
    assert len(set(names)) == len(names) >= 50


def test_a_mutant_is_mended_afterwards() -> None:
    for mutant in mutants():
        with applied(mutant):
            pass
        prove("jacobian", Conv(3, 2))
