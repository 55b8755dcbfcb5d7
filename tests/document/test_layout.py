"""Whatever is in a document, no line is overfull and pdflatex has nothing to complain of."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from symtconv.document.elision import Side, elided_matrix
from symtconv.document.mathematics import (
    BigSum,
    Coloured,
    Floor,
    Like,
    Listing,
    Math,
    Matrix,
    Name,
    Number,
    Operator,
    Parenthesised,
    Quotient,
    Relation,
    Spaced,
    Sum,
    Times,
    Transpose,
    Tuple,
    Words,
    column,
)
from symtconv.document.nodes import (
    Block,
    Citation,
    Code,
    CodeBlock,
    Derivation,
    Display,
    Document,
    Emphasis,
    Figure,
    Link,
    List,
    Listed,
    Paragraph,
    ProofBlock,
    Section,
    Step,
    Strong,
    TableBlock,
    Theorem,
)
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Label, Scene
from tests.document import sample
from tests.document.trees import TREES

Complaints = Callable[[Document], list[str]]
LONG = "It is a long sentence, with words of all lengths and a subordinate clause that goes on for a while. "


def terms(count: int) -> Math:
    return Sum(*(Times(Name("w", number, 0), Name("x", Name("s") * "i" + number)) for number in range(count)))


def indexed(rows: int, columns: int) -> Matrix:
    return Matrix(tuple(tuple(Name("w", r, c) for c in range(columns)) for r in range(rows)))


y = Name("y", "i")
product = Times(*(Sum(Name("a", number), Name("b", number)) for number in range(20)))

DISPLAYS: dict[str, Block] = {
    "long sum": Display(Relation(y, "=", terms(60))),
    "sum without a left side": Display(terms(30)),
    "long left side": Display(Relation(terms(9), "=", terms(12))),
    "very long left side": Display(Relation(terms(25), "=", y)),
    "long chain": Display(Relation(y, *(part for count in range(2, 9) for part in ("=", terms(count))))),
    "long product": Display(Relation("p", "=", product)),
    "long product of letters": Display(Relation("p", "=", Times(*(Name("a", number) for number in range(60))))),
    "sum in brackets": Display(Relation("p", "=", Times(2, Sum(1, terms(30))))),
    "long fraction": Display(Relation("q", "=", Quotient(terms(25), Sum("a", "b")))),
    "fraction of fractions": Display(Relation("q", "=", Quotient(Quotient(terms(30), 2), Quotient(terms(30), 3)))),
    "floor": Display(Relation("o", "=", Floor(Quotient(Sum("n", "lo", "hi", -1), "s")) + 1)),
    "tall brackets": Display(Relation("o", "=", Parenthesised(Quotient(Quotient("a", "b"), Quotient("c", "d"))))),
    "sum of sums": Display(Relation("o", "=", BigSum("i", None, BigSum("j", None, Parenthesised(terms(20)))))),
    "long words": Display(Relation("o", "=", Words(LONG * 3))),
    "several": Display(Relation("a", "=", 1), Relation("bcd", "=", terms(4)), Words("and so on")),
    "side by side": Display(Spaced(*(Relation(Name("x", number), "=", terms(2)) for number in range(6)))),
    "long listing": Display(Listing(*range(200))),
    "long tuple": Display(Relation("t", "=", Tuple(*range(1000, 1090)))),
    "matrix": Display(Relation("C", "=", indexed(3, 3))),
    "compressed matrix": Display(Relation("C", "=", indexed(4, 16))),
    "tight matrix": Display(Relation("C", "=", indexed(8, 18))),
    "too wide a matrix": Display(Relation("C", "=", indexed(4, 60))),
    "too high a matrix": Display(Relation("C", "=", indexed(120, 4))),
    "equal matrices": Display(Relation(indexed(4, 9), "=", indexed(4, 9), "=", indexed(2, 2))),
    "product of matrices": Display(Relation("P", "=", Times(indexed(6, 9), indexed(9, 6), column(list("abcdef"))))),
    "matrix of expressions": Display(
        Relation("P", "=", Matrix(tuple(tuple(terms(2) for _ in range(5)) for _ in range(3))))
    ),
    "matrix of fractions": Display(
        Relation("P", "=", Matrix(tuple(tuple(Number(Fraction(1, 7 + c)) for c in range(12)) for _ in range(3))))
    ),
    "labelled": Display(
        Relation(
            "C",
            "=",
            Matrix(
                tuple(tuple(Coloured(Name("w", r, c), "blue") for c in range(9)) for r in range(4)),
                (2,),
                (3, 6),
                tuple(Name("y", r) for r in range(4)),
                tuple(Name("x", c, c) for c in range(9)),
            ),
        )
    ),
}


def steps(
    right: Callable[[int], Like], reason: Callable[[int], object], left: Like = "z", count: int = 5
) -> Derivation:
    return Derivation(
        tuple(Step(left if n == 0 else None, "=", right(n), reason(n)) for n in range(count))  # type: ignore[arg-type]
    )


DERIVATIONS: dict[str, Derivation] = {
    "short": steps(lambda n: terms(2), lambda n: "because"),
    "no reasons": steps(lambda n: terms(2), lambda n: ""),
    "some reasons": steps(lambda n: terms(2), lambda n: "" if n % 2 else "because"),
    "long reasons": steps(lambda n: terms(3), lambda n: LONG),
    "long right sides": steps(lambda n: terms(12), lambda n: "because"),
    "everything long": steps(lambda n: terms(12), lambda n: (LONG, Relation("a", "=", terms(5))), terms(8)),
    "products": steps(lambda n: product, lambda n: "because"),
    "matrices": steps(lambda n: indexed(4, 10), lambda n: "because", Operator("vec", Transpose("C"))),
    "wide matrices": steps(lambda n: indexed(3, 20), lambda n: "because"),
    "many": steps(lambda n: terms(3), lambda n: "again", count=60),
    "one": steps(lambda n: terms(3), lambda n: "at once", count=1),
}

OTHERS: dict[str, Block] = {
    "paragraph": Paragraph((LONG * 5, Emphasis("so"), Strong(("it is ", Name("x"))), Code("conv_transpose(x, w)"))),
    "wide words": Paragraph(
        ("Take ", terms(30), " or ", Tuple(*range(300)), " or " + "abcdefghij" * 15, Code("x" * 99))
    ),
    "link": Paragraph((Link("this page", "https://example.org/a_b?c=1&d=%20#e"), Citation("PyTorch", "https://a.org"))),
    "lists": List(
        ("one", Listed((Paragraph(LONG * 3), Display(Relation(y, "=", terms(30))))), (LONG, y)), ordered=True
    ),
    "nested lists": List((Listed((List((Listed((List((LONG,)), Display(terms(20)))),)),)),)),
    "code": CodeBlock("def f(x):\n    return x @ W['a'] # 50%\n\n" + "y = " + "very_long_name(" * 12),
    "wide table": TableBlock(("a", "b", "c"), ((LONG, LONG, y), (terms(20), "x", LONG * 2), ("", "", ""))),
    "a wide word in a column": TableBlock(("a", "b", "c"), (("x" * 29, LONG, LONG), ("y", "z", LONG))),
    "many columns": TableBlock(tuple(f"column {n}" for n in range(12)), (tuple(f"entry {n}" for n in range(12)),)),
    "long table": TableBlock(("a", "b"), tuple((f"row {n}", LONG) for n in range(70)), "A caption."),
    "brackets first": TableBlock(("[a]", "*"), (("[1]", "*"), ("[2]", "x"))),
    "headings": Section((LONG, terms(30)), (Section("A & B", (Section("C_d", (Display("x"),), 3),), 2),)),
    "figure": Figure(
        Scene(
            *(Cell(c, r, Name("w", r, c), Fill("sky")) for c in range(16) for r in range(4)),
            Grid(0, 0, 4, 16, "faint"),
            Frame(0, 0, 16, 4, "dashed", "vermillion"),
            Arrow(0, 0, 3, 3),
            DoubleArrow(-0.4, 0, -0.4, 4, Name("lo")),
            Label(8, 4.2, "a label of some length", "above"),
        ),
        LONG,
    ),
    "wide figure": Figure(Scene(Grid(0, 0, 3, 200))),
}


@pytest.mark.parametrize("name", DISPLAYS)
def test_displays(name: str, complaints: Complaints) -> None:
    assert complaints(Document("A", (Paragraph("Words."), DISPLAYS[name], Paragraph("Words."), DISPLAYS[name]))) == []


@pytest.mark.parametrize("name", DERIVATIONS)
def test_derivations(name: str, complaints: Complaints) -> None:
    theorem = Theorem("Theorem", ("of ", y), (Paragraph("It holds."),))
    proof = ProofBlock((DERIVATIONS[name],))
    assert complaints(Document("A", (theorem, proof, DERIVATIONS[name]))) == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_blocks(name: str, complaints: Complaints) -> None:
    assert complaints(Document("A", (Paragraph("Words."), OTHERS[name], Paragraph("Words."), OTHERS[name]))) == []


def test_every_formula_in_words_and_displayed(complaints: Complaints) -> None:
    blocks = [block for tree in TREES.values() for block in (Paragraph(("It is ", tree, ".")), Display(tree))]
    assert complaints(Document("A", tuple(blocks))) == []


def test_sample(complaints: Complaints) -> None:
    assert complaints(sample.document()) == []


def test_huge_matrix(complaints: Complaints) -> None:
    def entry(i: int, j: int) -> Math | None:
        return Name("w", j - 2 * i) if 0 <= j - 2 * i < 9 else None

    rows, columns = Side((4, 8, 16380).__contains__), Side(range(0, 32768, 128).__contains__)
    matrix = elided_matrix((16384, 32768), entry, row_side=rows, column_side=columns)
    assert complaints(Document("A", (Display(Relation("C", "=", matrix)),))) == []
