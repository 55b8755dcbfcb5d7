"""Sections, theorems, figures and tables are numbered by LaTeX's counters; a PDF has a title and an outline."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from symtconv.document.latex import render
from symtconv.document.mathematics import Number, Relation, Shape, Sum, Transpose, Tuple, Underbraced, Words
from symtconv.document.nodes import (
    Block,
    Citation,
    Display,
    Document,
    Figure,
    Paragraph,
    ProofBlock,
    Section,
    TableBlock,
    Theorem,
)
from symtconv.document.palette import INKS, PALETTE
from symtconv.document.plaintext import plain
from symtconv.document.words import ENGLISH
from symtconv.figures.scene import Frame, Grid, Scene
from tests.document.conftest import require_program, run_tex

SQUARE = Scene(Grid(0, 0, 2, 2))
TITLE = ("Upsampling ", Relation(Shape(2, 2), "to", Shape(4, 4)))


def numbered(name: str) -> Section:
    blocks: tuple[Block, ...] = (
        Theorem(ENGLISH.theorem, f"the {name}", (Paragraph("It holds."),)),
        ProofBlock((Paragraph("It does."),)),
        Figure(SQUARE, "A square."),
        Figure(SQUARE),
        Figure((SQUARE, SQUARE), "Two squares."),
        TableBlock(("a",), (("b",),), "A table."),
    )
    return Section(("Section ", Transpose("C")), blocks)


def printed(source: str, directory: Path, pdflatex: str) -> str:
    reader = require_program("pdftotext")
    run_tex(pdflatex, source, directory)
    command = [reader, "-layout", str(directory / "it.pdf"), "-"]
    return re.sub(r"\s+", " ", subprocess.run(command, capture_output=True, check=True).stdout.decode())


def test_everything_has_a_number(tmp_path: Path, pdflatex: str) -> None:
    text = printed(render(Document("", (numbered("first"), numbered("second")))), tmp_path, pdflatex)
    for words in ("Theorem 1 (the first)", "Theorem 2 (the second)", "Figure 4. Two squares.", "Table 2. A table."):
        assert words in text
    assert len(re.findall(r"Figure \d", text)) == 4  # a figure without words has no number
    assert re.search(r"1 Section C ?T?.*2 Section C", text)


def test_numbers_run_on_from_fragment_to_fragment(tmp_path: Path, pdflatex: str) -> None:
    fragments = [render(Document("", (numbered(name),)), fragment=True) for name in ("first", "second")]
    preamble = "\n".join(dict.fromkeys(re.findall(r"^%   (.*)$", "\n".join(fragments), flags=re.MULTILINE)))
    whole = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}{''.join(fragments)}\\end{{document}}"
    text = printed(whole, tmp_path, pdflatex)
    assert "Theorem 2 (the second)" in text
    assert "Figure 4. Two squares." in text
    assert "multiply" not in Path(tmp_path, "it.log").read_text(errors="replace")


def test_a_pdf_has_a_title_and_an_outline(tmp_path: Path, pdflatex: str) -> None:
    link = Paragraph(Citation("A", "https://example.org"))
    source = render(Document(TITLE, (link, numbered("first"))))
    run_tex(pdflatex, source, tmp_path)
    log = run_tex(pdflatex, source, tmp_path)
    assert "Warning" not in log
    assert (
        "{Section\\040C" in Path(tmp_path, "it.out").read_text().replace("\\040\\040", "\\040")
        or Path(tmp_path, "it.out").read_text().count("BOOKMARK") == 1
    )
    info = subprocess.run([require_program("pdfinfo"), "it.pdf"], cwd=tmp_path, capture_output=True, check=True)
    assert "Upsampling 2x2 to 4x4" in info.stdout.decode()


def test_plain_words() -> None:
    assert plain(TITLE) == "Upsampling 2x2 to 4x4"
    assert plain(("Row by row: ", Relation("y", "=", Transpose("C")))) == "Row by row: y = C^T"


def test_digits_are_grouped_but_not_in_lists_and_sizes() -> None:
    assert Number(3687936).to_latex() == "3{,}687{,}936"
    assert Number(999).to_latex() == "999"
    assert Tuple(1234, 5).to_latex() == "(1234,5)"
    assert Shape(1024, 1024).to_latex() == r"1024\times 1024"


def test_a_plus_sign_after_a_brace_is_spaced() -> None:
    text = Sum(Underbraced("a", Words("column")), "b").to_latex()
    assert text == r"{\underbrace{a}_{\text{column}}}+b"


def luminance(code: str) -> float:
    """Follow WCAG 2: the relative luminance of a colour."""
    parts = [int(code[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", [*INKS, "grey"])
def test_letters_can_be_read_on_white(name: str) -> None:
    assert 1.05 / (luminance(PALETTE[name]) + 0.05) >= 4.5


def test_few_words_stay_with_what_they_introduce() -> None:
    tall = Scene(Frame(0, 0, 2, 20))
    texts = [render(Document("", (Paragraph("Words."), Figure(scene)))) for scene in (SQUARE, tall)]
    assert [text.count(r"{\nearabove\begin") for text in texts] == [1, 0]


def test_a_statement_is_never_broken_but_a_long_one() -> None:
    short, long = (render(Document("", (Theorem("Theorem", "", (Display(*["x"] * count),)),))) for count in (2, 40))
    assert r"\interlinepenalty10000" in short
    assert r"\interlinepenalty10000" not in long
