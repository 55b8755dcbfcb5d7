"""What `symtconv decide` prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symtconv import decide
from symtconv.cli import main
from symtconv.commandline.claimwords import claim_data, claim_words
from symtconv.proofs import claims

ISSUE = ["s*(o-1) + k - 2*p == n", "--where", "o = (n + 2*p - k)//s + 1", "--assuming", "s >= 1"]
PROVED = ["0 <= n - s*(n//s) < s", "--assuming", "s >= 1"]
UNDECIDED = ["x*x*x + y*y*y != z*z*z or x*y*z == 0"]
BAD = {
    "no-formula": ["n +"],
    "dunder": ["__import__('os')"],
    "long": ["n" * 100_000],
    "a-number": ["n + 1"],
    "contradictory": ["n == 1", "--assuming", "n >= 2", "--assuming", "n <= 1"],
    "a-cycle": ["a == a", "--where", "a = b", "--where", "b = a"],
    "no-definition": ["a == a", "--where", "a"],
    "no-claim": [],
    "two-claims": ["n == n", "m == m"],
    "unknown-flag": ["n == n", "--given", "n >= 1"],
}
FACTS = {"asked", "arrived", "rule", "remedy", "message"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SECONDS", 1.0)


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["decide", *args])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(*args: str) -> tuple[int, dict[str, Any]]:
    result = run(*args, "--json")
    assert result.stderr.strip() == ""
    assert result.stdout.count("\n") == 1
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return result.exit_code, data


def test_a_proof_is_exit_code_0() -> None:
    result = run(*PROVED)
    assert result.exit_code == 0
    assert "Proved: 0 <= n - s*(n//s) < s" in result.stdout
    assert "assuming  s >= 1" in result.stdout
    assert "checked by the proof kernel" in result.stdout
    assert max(map(len, result.stdout.splitlines())) < 200
    code, data = said(*PROVED)
    assert code == 0
    assert {
        "verdict": "proved",
        "counterexample": None,
        "assuming": ["s >= 1"],
        "scope": "all sizes",
    }.items() <= data.items()
    assert data["steps"] > 0


def test_a_refutation_is_exit_code_1_and_names_the_smallest_counterexample() -> None:
    result = run(*ISSUE)
    assert result.exit_code == 1
    assert result.stdout.startswith("Refuted: ")
    assert "s = 2, n = 0, p = 0, k = 1" in result.stdout
    code, data = said(*ISSUE)
    assert code == 1
    assert data["counterexample"] == {"s": 2, "n": 0, "p": 0, "k": 1}
    assert (data["verdict"], data["reason"], data["claim"]) == ("refuted", "false", ISSUE[0])
    assert data.keys() >= FACTS


def test_what_divides_by_0_says_so() -> None:
    code, data = said("n // s <= n", "--assuming", "n >= 0")
    assert (code, data["verdict"], data["reason"]) == (1, "refuted", "undefined")
    assert data["counterexample"] == {"n": 0, "s": 0}
    assert "divides by 0" in run("n // s <= n").stdout


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_exit_code_2(name: str) -> None:
    result = run(*BAD[name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    code, data = said(*BAD[name])
    assert code == 2
    assert data.keys() == {"error"}
    assert data["error"]["message"]


def test_what_is_undecided_is_exit_code_3() -> None:
    result = run(*UNDECIDED)
    assert result.exit_code == 3
    assert result.stdout.startswith("Undecided: ")
    code, data = said(*UNDECIDED)
    assert (code, data["verdict"], data["counterexample"]) == (3, "undecided", None)
    assert "reason" not in data


@pytest.mark.parametrize("suffix", [".txt", ".json"])
def test_a_proof_can_be_written(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"claim{suffix}"
    assert run(*PROVED, "-o", str(target)).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "0 <= n - s*(n//s) < s" in text
    if suffix == ".json":
        assert json.loads(text)["verdict"] == "proved"


def test_words_tell_quotients_cases_and_certificates() -> None:
    words = claim_words(decide("n // 2 // 3 == n // 6"))
    assert "Let q = floor(n/2), that is, 2*q <= n < 2*q + 2." in words
    assert "Adding (2*q <= n) and 2 (3*q1 <= q) gives 6*q1 <= n." in words
    long = decide("max(a, b, c) >= min(a, b)")
    assert "Case 1.2.1: c <= b. The claim holds here." in claim_words(long)
    assert json.loads(json.dumps(claim_data(long)))["claim"] == "max(a, b, c) >= min(a, b)"


def test_a_counterexample_is_worked_out() -> None:
    text = run(*ISSUE).stdout
    assert "At s = 2, n = 0, p = 0, k = 1, where o = 0: 2*(0 - 1) + 1 - 2*0 = -1, which is not 0." in text
    assert "At n = 1: floor(1/2) + floor(1/2) = 0, which is not 1." in run("n//2 + n//2 == n").stdout
    assert "the divisor s is 0" in run("n // s <= n").stdout
    assert "n = 0: 0 is not more than 0." in run("n > 0", "--assuming", "n >= 0").stdout
    assert "\n1 is not 2.\n" in run("1 == 2").stdout
    assert "it is false that 3 divides 1." in run("divides(3, n)").stdout
    assert "At n = 0: 0 <= 0 is true, but 0 is not more than 0." in run("implies(n <= 0, n > 0)").stdout


@pytest.mark.parametrize(
    "claim", ["abs(a*b) == abs(a)*abs(b)", "n // 1 == n", "1 == 1", "iff(divides(2, n), n % 2 == 0)"]
)
def test_every_proof_can_be_told(claim: str) -> None:
    words = claim_words(decide(claim))
    assert words.startswith(f"Proved: {claim}\n")
    assert words.endswith("checked by the proof kernel.\n")


def test_a_proof_can_be_written_as_latex(tmp_path: Path) -> None:
    target = tmp_path / "claim.tex"
    assert run(*PROVED, "-o", str(target)).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert r"\lfloor" in text
    assert r"\documentclass" in text
