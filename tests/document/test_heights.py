"""Heights are estimated from above, and what is higher than a page is broken, or elided."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from symtconv.document.heights import PAGE, height
from symtconv.document.latex import render
from symtconv.document.latexmath import set_math
from symtconv.document.latexmatrix import HIGHEST
from symtconv.document.mathematics import (
    Dots,
    Like,
    Matrix,
    Name,
    Number,
    Power,
    Quotient,
    Relation,
    Sum,
    Times,
    Underbraced,
    Words,
    ZeroDot,
)
from symtconv.document.nodes import Block, Derivation, Display, Document, Paragraph, ProofBlock, Section, Step, Theorem
from symtconv.document.typesetting import DISPLAY, Context
from tests.document.conftest import run_tex

CELLS: dict[str, Callable[[int], Like]] = {
    "numbers": Number,
    "zeros": lambda i: ZeroDot(),
    "fractions": lambda i: Number(Fraction(-7, 3)),
    "some fractions": lambda i: Number(Fraction(5, 12)) if i % 3 else ZeroDot(),
    "weights": lambda i: Name("w", i, 0),
    "sums": lambda i: Sum(Name("w", i, 0), Name("w", 1, i)),
    "gaps": lambda i: Name("w", i) if i % 3 else Dots("v"),
    "powers": lambda i: Power("x", i),
    "quotients": lambda i: Quotient(Sum("a", i), Quotient("b", "c")),
    "matrices": lambda i: Matrix(((1, i), (3, 4))),
}


def _column(cell: Callable[[int], Like], rows: int) -> Matrix:
    """A column with labels and, on top, the label of the column."""
    labels = tuple(Name("z", i, 0) for i in range(rows))
    return Matrix(tuple((cell(i),) for i in range(rows)), (), (), labels, (Name("v", 0),), row_hairlines=(2,))


def test_no_matrix_is_higher_than_estimated(tmp_path: Path, pdflatex: str) -> None:
    contexts = [Context(style=DISPLAY, matrix_fit=fit) for fit in (0, 2, 6)]
    settings = [
        set_math(Underbraced(_column(cell, rows), Words("column 3")), context)
        for cell in CELLS.values()
        for rows in (4, 26)
        for context in contexts
    ]
    probes = (
        rf"\setbox0\hbox{{$\displaystyle {setting.text}$}}\typeout{{HIGH \the\ht0+\the\dp0}}" for setting in settings
    )
    source = render(Document("", ())).replace(r"\allowdisplaybreaks", r"\usepackage{array}\allowdisplaybreaks")
    log = run_tex(pdflatex, source.replace(r"\end{document}", "\n".join(probes) + r"\end{document}"), tmp_path)
    found = [float(up) + float(down) for up, down in re.findall(r"HIGH ([\d.]+)pt\+([\d.]+)pt", log)]
    assert len(found) == len(settings)
    for setting, high in zip(settings, found, strict=True):
        assert high <= setting.high <= 1.5 * high


def _sum_of_columns(rows: int, columns: int, cell: Callable[[int], Like] = Number) -> Relation:
    """A sum that takes several lines of print, each as high as a column."""
    terms = (Times(Name("v", n), Underbraced(_column(cell, rows), Words(f"column {n}"))) for n in range(columns))
    return Relation("z", "=", Sum(*terms))


def _steps(count: int, rows: int) -> Derivation:
    return Derivation(tuple(Step("z" if n == 0 else None, "=", _column(Number, rows), "again") for n in range(count)))


TALL: dict[str, tuple[Block, ...]] = {
    "two lines of columns": (Display(_sum_of_columns(24, 6)),),
    "many lines of columns": (Display(_sum_of_columns(18, 24)),),
    "columns of fractions": (Display(_sum_of_columns(40, 6, CELLS["fractions"])),),
    "a high matrix of matrices": (Display(_column(CELLS["matrices"], 38)),),
    "high steps": (_steps(7, 20),),
    "a sum of many lines": (Display(Relation("y", "=", Sum(*(CELLS["quotients"](n) for n in range(600))))),),
    "a high statement": (
        Theorem("Theorem", "", (Paragraph("It is"), Display(_sum_of_columns(9, 12)), Paragraph("always."))),
        ProofBlock((Paragraph("Words."), _steps(2, 10))),
    ),
    "a high proof": (
        Theorem("Theorem", "", (Paragraph("It is"), Display(_column(Number, 20)))),
        ProofBlock((Paragraph("Words."), _steps(1, 30))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TALL)
def test_what_is_higher_than_a_page_is_broken(name: str, complaints: Callable[[Document], list[str]]) -> None:
    blocks = (Paragraph("Words."), *TALL[name], Paragraph("Words."))
    assert complaints(Document("A", (Section("B", blocks), Section("C", blocks)))) == []


def test_rows_that_a_page_has_no_room_for_are_left_out() -> None:
    context = Context(style=DISPLAY, room=400.0)
    for cell in CELLS.values():
        assert set_math(_column(cell, 40), context).high <= HIGHEST


def test_each_line_of_a_formula_counts() -> None:
    one, two = (height(Display(_sum_of_columns(16, columns))) for columns in (2, 7))
    assert PAGE / 4 < one < two / 2 + 20


def test_a_high_matrix_is_set_smaller_before_rows_are_left_out() -> None:
    text = set_math(_column(CELLS["weights"], 38), Context(style=DISPLAY, room=400.0)).text
    assert r"\vdots" not in text
    assert r"\small" in text
