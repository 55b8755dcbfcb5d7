"""Claims of a user's own: a table whose verdicts are known without the prover. No verdict may ever be wrong."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import product
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from symtconv import GeometryError, ProofError, Refuted, Undecided, decide
from symtconv.proofs import claims
from symtconv.proofs.kernel import Proof, check
from tests.proofs.claimcases import Case, claims_of_the_table


def verdict(case: Case) -> Proof | Refuted | Undecided:
    try:
        return decide(case.claim, where=case.where, assuming=case.assuming)
    except (Refuted, Undecided) as found:
        return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for counterexamples for a moment only before a proof is tried."""
    monkeypatch.setattr(claims, "TRIED", 0.001)


S1, N0 = "s >= 1", "n >= 0"
SIZE = "o = (n + 2*p - k)//s + 1"
GROWN = "N = s*(o - 1) + k - 2*p"

TABLE = claims_of_the_table()
TRUE = [case for case in TABLE if case.verdict == "true" and not case.undecided]
OPEN = [case for case in TABLE if case.undecided]
FALSE = [case for case in TABLE if case.verdict != "true"]
MOST_OPEN = 8


def ids(cases: Sequence[Case]) -> list[str]:
    return [str(case) for case in cases]


def test_the_table_has_claims_of_every_kind_half_of_them_false() -> None:
    assert len(set(ids(TABLE))) == len(TABLE) >= 350
    assert abs(len(TRUE) + len(OPEN) - len(FALSE)) <= 20
    assert sum(case.verdict == "undefined" for case in TABLE) >= 20
    assert sum(sum(abs(value) for _, value in case.counterexample) > 1000 for case in FALSE) >= 35
    assert len(OPEN) <= MOST_OPEN
    assert all(case.verdict == "true" for case in OPEN)


def test_the_table_is_right_in_a_small_box() -> None:
    for case in TABLE:
        names = case.free
        most = {1: 12, 2: 5, 3: 3}.get(len(names), 1)
        for values in product(range(-most, most + 1), repeat=len(names)):
            if case.verdict == "true":
                assert case.at(dict(zip(names, values, strict=True))) in ("true", "not meant"), str(case)
        if case.verdict != "true":
            at = dict(case.counterexample)
            total = sum(map(abs, at.values()))
            assert case.at(at) == case.verdict
            if (2 * total + 1) ** len(at) < 1_000:
                assert case.smallest(total) == (at, case.verdict)


@pytest.mark.parametrize("case", TRUE, ids=ids(TRUE))
def test_what_is_true_is_proved(case: Case, quick: None) -> None:
    found = verdict(case)
    assert isinstance(found, Proof), str(found)
    assert (found.scope, found.assumptions) == ("all sizes", case.assuming)
    assert found.theorem.name == case.claim


@pytest.mark.parametrize("case", OPEN, ids=ids(OPEN))
def test_what_is_open_is_not_refuted(case: Case, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SECONDS", 0.3)
    assert not isinstance(verdict(case), Refuted)


@pytest.mark.parametrize("case", FALSE, ids=ids(FALSE))
def test_what_is_false_is_refuted_by_the_smallest_counterexample(case: Case) -> None:
    found = verdict(case)
    assert isinstance(found, Refuted), str(found)
    assert list(found.counterexample.items()) == list(case.counterexample)
    assert found.reason == case.verdict
    assert all(type(value) is int for value in found.counterexample.values())


# --- what is no claim

CONTRADICTORY = [
    ("x >= 1", "x <= 0"),
    ("x == y", "x < y"),
    ("2*x == 1",),
    ("n % 2 == 0", "n % 2 == 1"),
    ("divides(2, n)", "divides(2, n + 1)"),
    ("x > y", "y > z", "z > x"),
    ("x != x",),
    ("abs(x) < 0",),
    ("1 == 2",),
    ("x*x < 0",),
]


@pytest.mark.parametrize("assuming", CONTRADICTORY, ids=map(str, CONTRADICTORY))
@pytest.mark.parametrize("claim", ["x == x", "x == x + 1"])
def test_contradictory_assumptions_are_an_error(
    assuming: tuple[str, ...], claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "TRIED", 0.02)
    with pytest.raises(GeometryError, match="contradictory"):
        decide(claim, assuming=assuming)


def test_what_nobody_knows_to_be_possible_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SECONDS", 0.6)
    for assuming in (["x*x == 2*y*y", "x >= 1"], ["x*x == 2"]):
        with pytest.raises((Undecided, GeometryError)):
            decide("x == x + 1", assuming=assuming)


BAD_DEFINITIONS = {
    "itself": ["a = a"],
    "a-cycle-of-two": ["a = b + 1", "b = a - 1"],
    "a-cycle-of-three": ["x = 1", "a = b", "b = c", "c = a + x"],
    "itself-twice": ["a = a // 2 + a"],
    "twice": ["a = 1", "a = 2"],
    "no-equals": ["a"],
    "a-comparison": ["a == 1"],
    "an-inequality": ["a <= 1"],
    "no-name": ["1 = a"],
    "a-sum-for-a-name": ["a + b = 1"],
    "a-fraction": ["a = n / 2"],
    "a-truth": ["a = n > 2"],
    "nothing": ["a ="],
    "no-name-at-all": ["= 3"],
    "a-function": ["max = 3"],
    "a-keyword": ["lambda = 3"],
    "a-dunder": ["__x = 3"],
    "no-text": [3],
    "a-pair": [("a", "1")],
}


@pytest.mark.parametrize("name", BAD_DEFINITIONS)
def test_definitions_that_define_nothing_are_refused(name: str) -> None:
    where: Any = BAD_DEFINITIONS[name]
    begin = monotonic()
    with pytest.raises(GeometryError):
        decide("a == a", where=where)
    assert monotonic() - begin < 0.2


@pytest.mark.parametrize("value", ["n >= 1", 3, None])
def test_lists_are_lists(value: Any) -> None:
    for what in ("where", "assuming"):
        with pytest.raises(GeometryError, match="list of texts"):
            decide("n == n", **{what: value})


def test_what_can_be_read_once_is_read_whole(quick: None) -> None:
    defined: Any = iter(["o = n//s"])
    once: Any = iter([S1, N0])
    proof = decide("o <= n", where=defined, assuming=once)
    assert proof.assumptions == (S1, N0)
    assert proof.theorem.where == ("o = n//s",)


# --- what a proof of a claim is


def test_a_proof_is_checked_again(quick: None) -> None:
    proof = decide("0 <= n - N < s", where=[GROWN, SIZE], assuming=[S1])
    proof.check()
    again = pickle.loads(pickle.dumps(proof))
    assert (again.steps, again.assumptions, again.scope) == (proof.steps, (S1,), "all sizes")
    assert [equation.says for equation in proof.equations] == ["a divisor is not 0", "0 <= n - N < s"]
    for position in range(0, len(proof.steps), 3):
        with pytest.raises(ProofError):
            check(proof.goal, (*proof.steps[:position], *proof.steps[position + 1 :]))


def test_the_steps_of_one_claim_prove_no_other(quick: None) -> None:
    proofs = [decide(text, assuming=[S1]) for text in ("n % s < s", "s*n // s == n")]
    with pytest.raises(ProofError):
        check(proofs[0].goal, proofs[1].steps)


def test_the_order_of_assumptions_is_no_matter(quick: None) -> None:
    for assuming in ([S1, "n // s >= 3"], ["n // s >= 3", S1]):
        decide("n >= 3", assuming=assuming).check()
        with pytest.raises(Refuted) as found:
            decide("n >= 4", assuming=assuming)
        assert found.value.counterexample == {"s": 1, "n": 3}


@pytest.mark.parametrize(
    "claim",
    [
        "gcd(gcd(a, b), c) == gcd(a, gcd(b, c))",
        "max(a, b, c, d, e, f, g, h) >= min(a, b, c, d, e, f, g, h)",
        " + ".join(f"abs(x{place})" for place in range(8)) + " >= 0",
        "*".join(["(a+b+c+d+e+f)**12"] * 6) + " >= 0",
        "*".join([f"({'9' * 60})**12"] * 25) + "*x*x > x - 1",
        "x**12 + y**12 + z**12 >= x*y*z - 1",
        " + ".join(f"x{place}*x{place} % {place + 2}" for place in range(12)) + " >= 0",
        "gcd(gcd(a*b, b*c), c*d) == gcd(a*b, gcd(b*c, c*d))",
        f"x**12*y**11 - {'9' * 60}*x**7*y**3 != {'7' * 60}",
    ],
)
def test_it_ends_in_time(claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SECONDS", 0.5)
    begin = monotonic()
    with pytest.raises(Undecided) as found:
        decide(claim)
    assert monotonic() - begin < 2.5
    assert "below 0," not in str(found.value)


# --- random claims


def expressions(depth: int) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "b", "a", "b", "0", "1", "2", "3", "-2"])
    if depth == 0:
        return leaves
    inner = expressions(depth - 1)
    made = st.sampled_from(["({} + {})", "({} - {})", "{}*{}", "({} // {})", "({} % {})", "max({}, {})", "({} / {})"])
    return st.one_of(
        leaves, st.tuples(made, inner, inner).map(lambda t: t[0].format(*t[1:])), inner.map("abs({})".format)
    )


comparisons = st.tuples(expressions(2), st.sampled_from(["<=", "<", "==", "!=", ">"]), expressions(1)).map(" ".join)
random_claims = st.one_of(
    comparisons,
    comparisons,
    st.tuples(
        st.sampled_from(["{} or {}", "{} and {}", "implies({}, {})", "iff({}, {})", "not {} or {}"]),
        comparisons,
        comparisons,
    ).map(lambda t: t[0].format(*t[1:])),
)


@settings(max_examples=60)
@given(
    random_claims,
    st.lists(st.sampled_from(["a >= 0", "b >= 1", "a < b", "a % 2 == 0", "b != 0"]), max_size=2, unique=True),
)
def test_no_verdict_on_a_random_claim_is_wrong(claim: str, assuming: list[str]) -> None:
    case = Case(claim, tuple(assuming))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(claims, "SECONDS", 0.2)
        patched.setattr(claims, "TRIED", 0.1)
        try:
            found: object = verdict(case)
        except GeometryError:  # contradictory assumptions
            assert case.smallest(6) is None
            return
    first = case.smallest(6)
    if isinstance(found, Refuted):
        assert case.at(found.counterexample) == found.reason
        if first is not None:
            assert (dict(found.counterexample), found.reason) == first
    else:
        assert isinstance(found, Undecided) or first is None
