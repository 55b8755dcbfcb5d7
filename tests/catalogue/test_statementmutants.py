"""No changed statement is proved for all sizes unless brute force finds it true (see tests/statementmutants.py)."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from symtconv import Refuted, decide
from symtconv.proofs.summation import Total
from tests.changedsums import changed_terms
from tests.changedtexts import changed_cases
from tests.proofs.claimcases import Case
from tests.statementmutants import (
    TRUE,
    UNIVERSAL,
    cases_of,
    mutants_of,
    sums_of,
    truth_of_case,
    truth_of_sum,
    verdict_on_case,
    verdict_on_sum,
)

STRIDE = 197


@pytest.mark.parametrize("name", UNIVERSAL)
def test_a_changed_statement_is_proved_only_if_it_is_true(name: str) -> None:
    found = list(mutants_of(UNIVERSAL[name], STRIDE))
    assert found or all(equation.right == Total(()) for equation in UNIVERSAL[name].for_all())
    assert [mutant for mutant in found if mutant.is_wrong] == []


def test_every_statement_is_of_claims_or_of_sums() -> None:
    for theorem in UNIVERSAL.values():
        assert cases_of(theorem) or sums_of(theorem)
    (case,) = cases_of(UNIVERSAL["tf-valid"])
    assert case == Case("(n - K)//s + 1 == ceil((n - K + 1)/s)", ("n >= 1", "K >= 1", "s >= 1", "n >= K"))
    assert not sums_of(UNIVERSAL["tf-valid"])
    assert len(sums_of(UNIVERSAL["trilinear"])) == 4


def test_texts_are_changed_in_every_way() -> None:
    case = Case("iff(n // s == 3, not max(n % s, m) + 1 < s or m >= 0)", ("s >= 1",), ("m = n - 2",))
    kinds = {kind.removesuffix(" of a definition").removesuffix(" of an assumption") for kind, _ in changed_cases(case)}
    assert kinds == {
        *("a number", "a sign", "a rounding", "a remainder", "a comparison", "and, or", "not", "a function"),
        *("a name", "one more", "an assumption left out"),
    }
    changed = [one for _, one in changed_cases(case)]
    assert case not in changed
    assert Case("iff(ceil(n / s) == 3, not max(n % s, m) + 1 < s or m >= 0)", ("s >= 1",), ("m = n - 2",)) in changed


def test_verdicts_are_what_they_should_be() -> None:
    true, false = Case("n // s <= n", ("s >= 1", "n >= 0")), Case("n // s <= n", ("s >= 1",))
    assert (truth_of_case(true), verdict_on_case(true)) == (TRUE, "proved")
    assert (truth_of_case(false), verdict_on_case(false)) == ("false", "refuted")
    with pytest.raises(Refuted):
        decide(false.claim, assuming=false.assuming)
    equation, _ = sums_of(UNIVERSAL["stamps"])
    assert (truth_of_sum(equation), verdict_on_sum(equation)) == (TRUE, "proved")
    other = [replace(equation, right=right) for _, right in changed_terms(equation.right)]
    assert sum(truth_of_sum(one) == "false" for one in islice(other, 0, None, 5)) > 5
