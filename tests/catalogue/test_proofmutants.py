"""The kernel refuses changed steps of every proof for all sizes (see tests/proofmutants.py)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from symtconv.proofs.kernel import verify_steps
from tests.proofmutants import NAMES, PAGE, READ_BACK, Mutant, Tally, because, checked, mutants_of, tally

STEPS = 10  # of each proof, and of these every seventh change


@pytest.mark.parametrize("name", NAMES)
def test_no_changed_step_is_accepted_without_a_reason(name: str) -> None:
    found = tally(name, every_step=1 + len(checked(name).proof.steps) // STEPS, every_change=7)
    every = sum(found.values(), Tally())
    assert every.unexplained == []
    assert every.tried >= 15
    assert every.refused >= 0.9 * every.tried  # of so few; of all 99 %, as the page says


@pytest.mark.parametrize("name", ["zero-insertion", "tf-valid"])
def test_every_change_is_one_and_of_every_kind(name: str) -> None:
    proof, kinds = checked(name).proof, set[str]()
    for place, step in enumerate(proof.steps):
        for mutant in mutants_of(proof, place):
            kinds.add(mutant.kind.partition(":")[0])
            assert mutant.steps != proof.steps[mutant.start : mutant.end]
            assert any(one in (step, *mutant.steps) for one in proof.steps[mutant.start : mutant.end])
    assert kinds == {
        *("rule", "where it applies", "told", "after", "before"),
        *("step left out", "step done twice", "steps exchanged"),
    }


@pytest.mark.parametrize("name", ["decimation", "keras-valid", "jacobian"])
def test_the_whole_proof_has_the_verdict_of_its_part(name: str) -> None:
    one = checked(name)
    for place in range(len(one.proof.steps)):
        for mutant in list(mutants_of(one.proof, place))[place % 7 :: 7]:
            assert one.accepts(one.whole, mutant.steps, mutant.start, mutant.end) != one.refuses(mutant)


def test_a_reason_is_not_found_for_what_is_false() -> None:
    one = checked("zero-insertion")
    place = next(place for place, step in enumerate(one.proof.steps) if step.rule == "imply")
    step = one.proof.steps[place]
    read_back = Mutant("rule", place, place, place + 1, (replace(step, rule="forget"),))
    assert not one.refuses(read_back)
    assert because(one.proof, read_back) == READ_BACK
    assert because(one.proof, replace(read_back, steps=(replace(step, rule="sift"),))) == ""
    assert because(one.proof, replace(read_back, steps=())) == ""
    assert because(one.proof, replace(read_back, steps=(replace(step, after=step.before),))) == ""


def test_the_page_says_that_99_per_cent_are_refused() -> None:
    text = PAGE.read_text(encoding="utf-8")
    share = re.search(r"refused, (\d+\.\d\d) %", text)
    assert share is not None
    assert float(share[1]) >= 99
    assert "and 0 are accepted without a reason" in text


def test_the_proofs_are_the_kernels() -> None:
    for name in NAMES[:: len(NAMES) // 3]:
        proof = checked(name).proof
        verify_steps(proof.equations, proof.steps)
