"""Proofs as pages: text and LaTeX have one source, and no text reaches LaTeX unescaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from symtconv import decide, prove, theorems
from symtconv.commandline.proofwords import proof_words
from symtconv.document.mathematics import (
    BigSum,
    Floor,
    Gradient,
    Inner,
    Iverson,
    Listing,
    Math,
    Matrix,
    Name,
    Negative,
    Number,
    Power,
    Relation,
    Subscript,
    Transpose,
)
from symtconv.document.nodes import Display, Document, Paragraph, Strong, TableBlock
from symtconv.document.plainmath import typed
from symtconv.document.plainpage import plain_lines
from symtconv.errors import SymtconvError
from symtconv.proofs.kernel import Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Total
from symtconv.telling.conditions import bracket_math, conditions_math, polynomial_math
from symtconv.telling.lines import lines
from symtconv.telling.statements import statement_content
from symtconv.telling.universal import claim_document, number_blocks
from tests.document.conftest import complaints_of, pdflatex, run_tex

__all__ = ["pdflatex"]

UNIVERSAL = [theorem for theorem in theorems() if theorem.universal is not None]
n, k, s, i, j = map(Polynomial.variable, "nksij")


@pytest.mark.parametrize("theorem", UNIVERSAL, ids=lambda theorem: theorem.name)
def test_text_tells_a_proof_in_lines_that_fit(theorem: object) -> None:
    proof = prove(theorem)  # type: ignore[arg-type]
    words = proof_words(proof)
    assert "Proved for all sizes" in words
    assert f"{len(proof.steps)} step" in words
    assert not re.search(r"\b[fhq]'\d|\b[fh]\d\b|j'\d|None", words)  # the machine's own names
    assert all(len(line) <= 120 for line in words.splitlines())
    assert "Adding nothing" not in words


@pytest.mark.parametrize("name", ["input-gradient", "zero-insertion"])
def test_sums_have_their_ranges_and_reasons(name: str) -> None:
    words, latex = proof_words(prove(name)), re.sub(r"\s", "", prove(name).to_latex())
    assert "sum over i = 0.." in words
    assert r"\sum_{i=0}" in latex
    assert "the definition of" in words
    assert not re.search(r"\[0 <= [ij] <", words)


def test_a_machine_name_never_meets_one_of_the_theorem() -> None:
    words = proof_words(prove("input-gradient"))
    assert "d/dx[m] (sum over i = 0..O-1, j = 0..T-1, m' = 0..N-1 of t[i, j, m'] v[i] w[j] x[m'])" in words


def test_cases_are_lists_in_latex_and_indented_in_text() -> None:
    text = prove("relationship-6").to_latex()
    assert text.count(r"\begin{itemize}") == 2
    assert r"\textbf{Case 2.1:}" in text
    assert "\n    Case 2.1: i <= -1. Here both statements are false.\n" in proof_words(prove("relationship-6"))


def test_cases_may_be_nested_deeper_than_latex_has_lists(pdflatex: str, tmp_path: Path) -> None:
    proof = decide("iff(a*b == 0, a == 0 or b == 0)")
    assert "Case 1.1.1.1" in claim_document(proof).to_latex()
    assert complaints_of(run_tex(pdflatex, claim_document(proof).to_latex(), tmp_path)) == []


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_statement_can_be_set(text: str) -> None:
    pieces = statement_content(text)
    latex = Document("", (Paragraph(pieces),)).to_latex()
    assert latex.endswith("\\end{document}\n")
    words = " ".join(plain_lines((Paragraph(pieces),)))
    assert set(re.findall(r"[A-Za-z]", words)) <= set(re.findall(r"[A-Za-z]", text)) | set("sumoverfgrad")


@pytest.mark.parametrize("text", [r"\input{x} $a$ % # & _ ^ ~ {", r"n = \evil + 1", "a_{b}$^2"])
def test_what_is_no_formula_is_escaped(text: str) -> None:
    latex = Document("", (Paragraph(statement_content(text)),)).to_latex()
    assert r"\input{x}" not in latex
    assert r"\evil" not in latex.replace(r"\textbackslash{}evil", "")


SET: dict[str, type[Math]] = {
    "C^T v": Math,
    "o = floor((n - k)/s) + 1": Relation,
    "grad_x <v, y>": Gradient,
    "<C x, v>": Inner,
    "sum_j w[j] [tau(i, j) = m]": BigSum,
    "0..s-1": Listing,
    "[p >= 0]": Iverson,
    "z^2": Power,
}


@pytest.mark.parametrize("text", SET)
def test_formulas_of_statements_are_formulas(text: str) -> None:
    (found,) = statement_content(text)
    assert isinstance(found, SET[text])


def test_the_article_is_a_word_and_the_number_a_formula() -> None:
    words = [piece for piece in statement_content("a kernel of s ones and a zeros") if isinstance(piece, Math)]
    assert words == [Name("s")]
    assert any(isinstance(piece, Relation) for piece in statement_content("hi - a = 0"))


def test_conditions_have_what_is_positive_on_both_sides() -> None:
    assert typed(bracket_math(Bracket(">=", n - k - 1))) == "k + 1 <= n"
    assert typed(bracket_math(Bracket(">=", s - 1))) == "s >= 1"
    assert typed(bracket_math(Bracket(">=", -s - 1))) == "s <= -1"
    assert typed(bracket_math(Bracket("=", n - 2 * k))) == "2*k = n"
    assert typed(polynomial_math(n * k - 2 * n + 1)) == "k*n - 2*n + 1"
    assert typed(polynomial_math(k - n)) == "k - n"
    (one,) = conditions_math([Bracket(">=", i), Bracket(">=", k - i - 1)])
    assert typed(one) == "0 <= i < k"


def test_plain_text_keeps_the_order_of_operations() -> None:
    a, b = Name("a"), Name("b")
    assert typed(a - (b - 1)) == "a - (b - 1)"
    assert typed((a + b) * a) == "(a + b)*a"
    assert typed(Floor((a + 1) / (b * a))) == "floor((a + 1)/(b*a))"
    assert typed(Negative(a + b)) == "-(a + b)"
    assert typed(Power(a + 1, 2)) == "(a + 1)^2"
    assert typed(Subscript(Transpose("C") * Name("v"), "m")) == "(C^T v)[m]"
    assert typed(Number(-1) * a) == "(-1)*a"
    with pytest.raises(SymtconvError):
        typed(Matrix(((1,),)))
    with pytest.raises(SymtconvError):
        plain_lines((TableBlock(("a",), ()),))


def test_plain_pages_wrap_and_indent() -> None:
    long = plain_lines((Paragraph(" ".join(["word"] * 60)), Display(Name("a")), Paragraph(Strong("bold"))))
    assert max(map(len, long)) <= 110
    assert long[-2:] == ["    a", "bold"]


def test_a_rule_that_is_new_is_told_by_its_reason() -> None:
    proof = prove("input-gradient")
    step = proof.steps[0]
    new = Step(step.before, step.after, "a new rule", "a reason of its own", step.at, step.how)
    told = lines(proof.equations[0], (new,))
    assert told[0].reason == ("a reason of its own",)


def test_steps_that_form_no_tree_are_told_by_their_reasons() -> None:
    step = Step(Total(()), Total(()), "cases", "in two cases", (), (0, n))
    assert plain_lines(number_blocks(None, (step,))) == ["  cases: in two cases"]
