"""Reading a user's text as a formula: what is one, what is none, and that nothing is ever evaluated."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, strategies as st

from symtconv import GeometryError, decide
from symtconv.proofs import formula as module
from symtconv.proofs.evaluation import evaluate
from symtconv.proofs.formula import Formula, read_formula

READ = {
    "n": 7,
    "-n + 3": -4,
    "+n": 7,
    "2*n - 3*-1": 17,
    "n**0": 1,
    "n**3": 343,
    "(n + 1) ** 2": 64,
    "-2**2": -4,
    "n // 2": 3,
    "-n // 2": -4,
    "n // -2": -4,
    "n % 3": 1,
    "-n % 3": 2,
    "n % -3": -2,
    "n % -3 % 5": 3,
    "floor(n / 2)": 3,
    "ceil(n / 2)": 4,
    "floor(-n / 2)": -4,
    "ceil(-n / 2)": -3,
    "floor(n)": 7,
    "max(n, 8)": 8,
    "max(1, 2, n, 3)": 7,
    "min(n, 8, 9)": 7,
    "abs(-n)": 7,
    "gcd(n, 21)": 7,
    "gcd(0, 0)": 0,
    "gcd(-4, 6)": 2,
    "1_000": 1000,
    "0x1f": 31,
    "(((n)))": 7,
    "n\t+ 1": 8,
    "(n\n + 1)": 8,
    "4 / 2 * n": 14,
}
TRUE = [
    "n == 7",
    "n != 8",
    "6 < n < 8",
    "7 <= n <= 7 == n",
    "not n == 8",
    "n / 2 == 7 / 2",
    "n / 2 > 3",
    "n == 7 or n // 0 == 0",
    "not (n == 8 and n // 0 == 0)",
    "implies(n == 8, n // 0 == 0)",
    "iff(n > 7, n > 8)",
    "divides(7, n) and divides(-7, n) and divides(7, 0)",
    "divides(0, 0) and not divides(0, n)",
    "n == 7 and n != 8 and n >= 7",
]


@pytest.mark.parametrize("text", READ)
def test_numbers_are_pythons(text: str) -> None:
    found = read_formula(text, "number")
    assert evaluate(found, {"n": 7}) == READ[text]
    assert found.kind in ("whole", "rational")


@pytest.mark.parametrize("text", TRUE)
def test_truths_are_pythons(text: str) -> None:
    found = read_formula(text, "truth")
    assert found.kind == "truth"
    assert evaluate(found, {"n": 7}) is True


def test_names_are_those_of_the_text_by_first_appearance() -> None:
    assert read_formula("b_2 + a*B > a", "truth").names() == ("b_2", "a", "B")


def nested(inner: str, before: str, after: str, times: int) -> str:
    return before * times + inner + after * times


HOSTILE = {
    "nothing": "",
    "blanks": "   ",
    "a-long-name": "x" * 100_000,
    "a-long-sum": "+".join("x" * 50_000),
    "a-long-number": "9" * 100_000 + " > 0",
    "brackets": "(" * 50_000 + "x" + ")" * 50_000,
    "many-brackets": nested("x", "(", ")", 900),
    "many-signs": "-" * 1_900 + "x > 0",
    "many-nots": "not " * 400 + "(x > 0)",
    "calls-of-calls": "x" + "()" * 900,
    "nested-calls": nested("x", "abs(", ")", 300),
    "nested-powers": nested("x", "(", ")**12", 30) + " > 0",
    "nested-remainders": nested("x", "(", ") % 3", 30) + " > 0",
    "remainders": "x" + " % 3" * 30 + " > 0",
    "a-deep-sum": "+".join("x" * 900) + " > 0",
    "a-power-of-a-power": "x**12**12 > 0",
    "a-huge-power": "x**1000000000 > 0",
    "a-huge-number": "9" * 61 + " > 0",
    "a-huge-number-in-hexadecimal": "0x" + "f" * 1_900 + " > 0",
    "a-huge-number-in-parts": "_".join("9" * 900) + " > 0",
    "a-negative-power": "2**-1 > 0",
    "a-named-power": "2**n > 0",
    "a-power-that-is-true": "2**True > 0",
    "a-dunder": "__import__ > 0",
    "a-call-of-a-dunder": "__import__('os') > 0",
    "a-dunder-inside": "x__y > 0",
    "an-attribute": "x.__class__ > 0",
    "an-attribute-of-a-number": "(1).real > 0",
    "eval": "eval(x) > 0",
    "exec": "exec(x)",
    "print": "print(x) == 0",
    "open": "open(x) > 0",
    "lambda": "lambda: 0",
    "lambda-called": "(lambda x: x)(1) > 0",
    "walrus": "(y := 3) > 0",
    "an-f-string": "f'{x}' == 'x'",
    "a-string": "'a' == 'a'",
    "bytes": "b'a' == b'a'",
    "a-comprehension": "[x for x in y]",
    "a-generator": "max(x for x in y) > 0",
    "a-conditional": "1 if x > 0 else 2",
    "await": "await x",
    "yield": "(yield)",
    "a-tuple": "(x, y)",
    "a-tuple-compared": "(x, y) == (1, 2)",
    "a-list": "[x]",
    "a-set": "{x}",
    "an-index": "x[0] > 0",
    "a-star": "max(*x) > 0",
    "two-stars": "max(**x) > 0",
    "a-keyword": "max(a, b, key=1) > 0",
    "matrix-product": "x @ y > 0",
    "shift": "x << y > 0",
    "bits": "(x | y) > 0",
    "inverted": "~x > 0",
    "is": "x is y",
    "in": "x in y",
    "a-float": "1.5 > 0",
    "an-exponent": "1e5 > 0",
    "imaginary": "1j == 1",
    "true": "True",
    "true-compared": "x < True",
    "none": "x == None",
    "ellipsis": "... == x",
    "a-truth-as-a-number": "(x > 0) + 1 > 0",
    "a-comparison-of-truths": "(x > 0) > 0",
    "equal-truths": "(x > 0) == (y > 0)",
    "a-number-as-a-truth": "x and y > 0",
    "not-of-a-number": "not x",
    "a-number": "x + 1",
    "a-fraction-that-should-be-whole": "divides(x / 2, y)",
    "a-gcd-of-a-fraction": "gcd(x / 2, y) > 0",
    "a-maximum-of-one": "max(x) > 0",
    "an-absolute-of-two": "abs(x, y) > 0",
    "a-floor-of-none": "floor() > 0",
    "an-unknown-function": "sqrt(x) > 0",
    "a-function-as-a-name": "max > 0",
    "a-name-called": "n(1) > 0",
    "a-statement": "x = 3",
    "an-import": "import os",
    "two-lines": "x > 0\ny > 0",
    "two-statements": "x > 0; y > 0",
    "a-comment": "x > 0  # so",
    "a-backslash": "x > \\\n0",
    "a-zero-character": "x\0 > 0",
    "unicode": "ｘ > 0",
    "a-ligature": "ﬁ > 0",
    "a-greek-name": "α > 0",
    "a-digit-of-another-script": "x > ٣",
    "a-minus-sign": "x − 1 > 0",
    "a-surrogate": "\ud800 > 0",
    "a-number-that-runs-into-a-word": "1and x > 0",
    "an-open-bracket": "(x > 0",
    "an-operator-alone": "x >",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_formula_is_refused_at_once(name: str) -> None:
    begin = perf_counter()
    with pytest.raises(GeometryError) as refused:
        read_formula(HOSTILE[name], "truth")
    with pytest.raises(GeometryError):
        decide(HOSTILE[name])
    with pytest.raises(GeometryError):
        decide("n == n", assuming=[HOSTILE[name]])
    with pytest.raises(GeometryError):
        decide("n == n", where=[f"o = {HOSTILE[name]}"] if name != "a-number" else ["o = x > 0"])
    assert perf_counter() - begin < 0.8  # four times
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("value", [None, 3, b"n > 0", ["n > 0"], True, 1.5, object()])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(GeometryError, match="it is a text"):
        read_formula(value, "truth")
    with pytest.raises(GeometryError):
        decide(value)


def test_nothing_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> object:
        raise AssertionError("evaluated")

    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(builtins, name, forbidden)
    for text in HOSTILE.values():
        with pytest.raises(GeometryError):
            read_formula(text, "truth")


def test_the_module_neither_evaluates_nor_compiles() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"eval", "exec", "compile", "literal_eval", "getattr", "globals", "__import__"}


@pytest.mark.parametrize(
    "text", ["x ** 12 > 0", "x % 3 % 5 % 7 > 0", "abs(" * 15 + "x" + ")" * 15 + " >= 0", "x < " * 90 + "x"]
)
def test_formulas_of_a_fair_size_are_read(text: str) -> None:
    found = read_formula(text, "truth")
    assert found.size == sum(1 for _ in found.walk()) <= module.MOST_PARTS


SIGNS = st.sampled_from(
    [*"()+-*/%<>=!,.:[]{}@~^&|'\"\\#;_ \n0123456789abn", "and", "or", "not", "lambda", "__", "max(", "**", "//"]
)


@given(st.one_of(st.text(max_size=12), st.lists(SIGNS, max_size=25).map("".join)))
def test_any_text_is_a_formula_or_a_geometry_error(text: str) -> None:
    try:
        found = read_formula(text, "truth")
    except GeometryError:
        return
    assert isinstance(found, Formula)
    assert found.kind == "truth"
