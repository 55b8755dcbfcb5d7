"""Brackets stand where precedence demands them and nowhere else; unknown nodes are refused."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from symtconv.document.latexmath import mathematics
from symtconv.document.mathematics import (
    Absolute,
    Accent,
    BigSum,
    Coloured,
    Derivative,
    Dots,
    Infix,
    Iverson,
    Letter,
    Listing,
    Math,
    Matrix,
    Name,
    Negative,
    Norm,
    Number,
    Operator,
    Power,
    Quotient,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
    Words,
    as_math,
)
from symtconv.errors import SymtconvError
from tests.document.trees import TREES

a, b, c, C = (Name(text) for text in "abcC")

CASES: dict[str, tuple[Math, str]] = {
    "sum in product": (a * (b + c), "a(b+c)"),
    "product in sum": (a + b * c, "a+bc"),
    "difference of a sum": (a - (b + c), "a-(b+c)"),
    "sum of a difference": (a + (b - c), "a+b-c"),
    "minus minus": (a - Negative(b), "a-(-b)"),
    "minus a sum": (Negative(a + b), "-(a+b)"),
    "minus a negative": (Negative(Negative(a)), "-(-a)"),
    "minus a product": (Negative(a * b), "-ab"),
    "negative number as a term": (Sum(a, -2), "a-2"),
    "negative factor first": (Times(-2, a), "-2a"),
    "negative factor later": (Times(a, -2), "a(-2)"),
    "negative coefficient as a term": (Sum(a, Times(-2, b)), "a-2b"),
    "numbers multiply with a dot": (Times(4, 16), r"4\cdot 16"),
    "number after a name": (Times(a, 2), r"a\cdot 2"),
    "number before a bracket": (Times(2, Sum(a, 1)), "2(a+1)"),
    "power of a sum": (Power(a + b, 2), "(a+b)^{2}"),
    "power of a power": (Power(Power(a, 2), 3), "(a^{2})^{3}"),
    "power of a negative": (Power(-1, a), "(-1)^{a}"),
    "power of a fraction": (Power(Fraction(1, 2), a), r"\bigl(\frac{1}{2}\bigr)^{a}"),
    "power of an indexed name": (Power(Name("w", 0), 2), "w_{0}^{2}"),
    "transpose of a product": (Transpose(a * b), r"(ab)^{\mathsf{T}}"),
    "transpose of a transpose": (Transpose(Transpose(C)), r"(C^{\mathsf{T}})^{\mathsf{T}}"),
    "entry of a product": (Subscript(Transpose(C) * a, b), r"(C^{\mathsf{T}}a)_{b}"),
    "entry of an indexed name": (Subscript(Name("w", 0), 1), "(w_{0})_{1}"),
    "sum under a sum sign": (BigSum("i", None, a + b), r"\sum_{i}(a+b)"),
    "product under a sum sign": (BigSum("i", None, a * b), r"\sum_{i}ab"),
    "after a sum sign": (BigSum("i", None, a) + b, r"(\sum_{i}a)+b"),
    "before a sum sign": (b + BigSum("i", None, a), r"b+\sum_{i}a"),
    "a sum sign times": (BigSum("i", None, a) * b, r"(\sum_{i}a)b"),
    "times a sum sign": (b * BigSum("i", None, a), r"b\sum_{i}a"),
    "a product that ends in a sum sign": (Sum(b * BigSum("i", None, a), c), r"(b\sum_{i}a)+c"),
    "operator of a product": (Operator("vec", a * b), r"\operatorname{vec}(ab)"),
    "operator of a name": (Operator("vec", a), r"\operatorname{vec}a"),
    "operator times": (Operator("vec", a) * b, r"(\operatorname{vec}a)b"),
    "maximum": (Operator("max", a), r"\operatorname{max}(a)"),
    "slashed": (Quotient(a + b, b * c, slashed=True), "(a+b)/(bc)"),
    "relation in a relation": (Relation(Relation(a, "=", b), "=", c), "(a=b)=c"),
    "listing in a relation": (Relation(Listing(a, b), "in", C), r"a,\,b\in C".replace(r"\,", "")),
    "or under and": (Infix("and", Infix("or", "P", "Q"), "R"), r"(P\lor Q)\land R"),
    "kronecker in a product": (Times("A", Infix("otimes", "B", "C")), r"A(B\otimes C)"),
    "product in a kronecker": (Infix("otimes", Times("A", "B"), "C"), r"AB\otimes C"),
    "derivative operator of a sum": (Derivative(a + b, c, operator=True), r"\frac{\partial}{\partial c}(a+b)"),
    "derivative of a sum": (Derivative(a + b, c), r"\frac{\partial(a+b)}{\partial c}"),
    "coloured sum in a product": (Times(a, Coloured(b + c, "blue")), r"a\,(\textcolor{blue}{b+c})"),
    "iverson": (Times(a, Iverson(Relation(b, "=", c))), r"a\,[\,b=c\,]"),
    "greek before a letter": (Times("tau", "x"), r"\tau x"),
    "two words": (Times("lo", "hi"), r"\mathrm{lo}\,\mathrm{hi}"),
}


@pytest.mark.parametrize("name", CASES)
def test_brackets(name: str) -> None:
    tree, latex = CASES[name]
    assert mathematics(tree).text == latex


@pytest.mark.parametrize("name", TREES)
def test_every_tree_can_be_set_anywhere(name: str) -> None:
    tree = TREES[name]
    for whole in (tree + 1, 1 + tree, 2 * tree, tree * 2, Power(tree, 2), Transpose(tree), Absolute(tree), Norm(tree)):
        text = mathematics(whole).text
        assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_operators_build_trees() -> None:
    assert a + b - c == Sum(a, b, Negative(c))
    assert 2 * a * b == Times(2, a, b)
    assert (a + 1) / 2 == Quotient(Sum(a, 1), 2)
    assert "lo" + a == Sum("lo", a)
    assert 1 - a == Sum(1, Negative(a))
    assert -(a**2) == Negative(Power(a, 2))
    assert 1 / a == Quotient(1, a)


def test_numbers_are_normal() -> None:
    assert as_math(Fraction(4, 2)) == Number(2)
    assert hash(as_math(2)) == hash(Number(2))
    for value in (float("nan"), float("inf"), True, None, 1j):
        with pytest.raises(SymtconvError):
            as_math(value)


@dataclass(frozen=True)
class Stranger(Math):
    """A node that no rule knows."""


@pytest.mark.parametrize(
    "tree",
    [
        Stranger(),
        Relation(a, "<3", b),
        Infix("plus", a, b),
        Dots("x"),
        Letter("Z", "gothic"),
        Letter("$", "bold"),
        Accent(a, "hut"),
        BigSum("i", None, a, "integral"),
        Coloured(a, "mauve"),
        Matrix(((a,),), brackets="<>"),
    ],
    ids=repr,
)
def test_what_is_unknown_is_refused(tree: Math) -> None:
    with pytest.raises(SymtconvError):
        mathematics(tree)


def test_a_formula_by_itself_is_never_elided() -> None:
    big = Matrix(tuple(tuple(Name("w", i, j) for j in range(80)) for i in range(50)))
    text = big.to_latex()
    assert "dots" not in text
    assert text.count("w_{") == 4000


def test_malformed_nodes_are_refused() -> None:
    for build in (
        lambda: Name(""),
        lambda: Sum(),
        lambda: Times(),
        lambda: Relation(a, "="),
        lambda: Relation(a, b, c),
        lambda: Matrix(()),
        lambda: Matrix(((a, b), (c,))),
        lambda: Matrix(((a, b),), column_rules=(2,)),
        lambda: Matrix(((a, b),), row_labels=(a, b)),
    ):
        with pytest.raises(SymtconvError):
            build()


def test_packages_are_gathered() -> None:
    assert mathematics(Coloured(a, "blue")).packages == {"xcolor"}
    assert mathematics(Relation(a, ":=", b)).packages == {"mathtools"}
    assert mathematics(Power(a, Matrix(((Coloured(b, "blue"),),)))).packages == {"array", "xcolor"}
    assert mathematics(Sum(a, Words("x"))).packages == frozenset()


def test_short_brackets_are_not_broken_in_running_text() -> None:
    from symtconv.document.latexinline import inline

    assert inline(Iverson(Relation(a, "=", b)), 400).text == r"$[{\,a=b\,}]$"
    assert r"\penalty" in inline(Sum(*(a * Sum(b, *range(n)) for n in range(9))), 400).text
