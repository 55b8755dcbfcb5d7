"""Strings of the user's print as they stand or are refused; none is ever a command."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from symtconv.document.escaping import escape, escape_address, escape_code
from symtconv.document.latex import render
from symtconv.document.mathematics import Name, Operator, Words
from symtconv.document.nodes import (
    Citation,
    Code,
    CodeBlock,
    Display,
    Document,
    Emphasis,
    Figure,
    Link,
    Paragraph,
    Section,
    Step,
    TableBlock,
    Theorem,
)
from symtconv.errors import SymtconvError
from symtconv.figures.scene import Label, Scene
from tests.document.conftest import require_program, run_tex

NASTY = r"\input{/etc/passwd} $%_#&~^{}[]|<>\end{document} ^^5c -- ,, '' `` \\"

# What escape may write: literal characters, escaped ones, named signs, and formulas of one sign.
_SAFE = re.compile(
    r"(?:[^\\{}$&#%_^~]|\\[{}$&#%_]|\\text[a-z]+\{\}|\\(?:quotedblbase|quotesinglbase|guillemet(?:left|right))\{\}"
    r"|\\allowbreak\{\}|\{\}|~|\\mbox\{-\}|\\textsuperscript\{TM\}"
    r"|\\ensuremath\{(?:\\[A-Za-z]+)+\}|\\ensuremath\{-\}|\\ )*"
)


@given(st.text())
def test_no_character_is_a_command(text: str) -> None:
    try:
        escaped = escape(text)
    except SymtconvError:
        return
    assert _SAFE.fullmatch(escaped), escaped
    assert escaped.count("{") - escaped.count(r"\{") == escaped.count("}") - escaped.count(r"\}")


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_ascii_is_always_printed(text: str) -> None:
    assert _SAFE.fullmatch(escape(text))
    assert _SAFE.fullmatch(escape_code(text))


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_addresses_are_safe_or_refused(address: str) -> None:
    try:
        escaped = escape_address(address)
    except SymtconvError:
        return
    assert re.sub(r"\\[%&#]", "", escaped) == re.sub(r"[%&#]", "", address)


@pytest.mark.parametrize("text", ["日本", "\x00", "\x1b[0m", "e\u0338", "\u202e", "🙂", "\ud800"])
def test_what_the_fonts_lack_is_refused(text: str) -> None:
    with pytest.raises(SymtconvError, match="U\\+"):
        escape(text)


@pytest.mark.parametrize("melting", ["a--b", "a---b", "a,,b", "a''b", "a-"])
def test_nothing_melts(melting: str) -> None:
    assert not re.search(r"--|,,|''|-$", escape(melting))


def test_the_page_shows_the_very_characters(tmp_path: Path, pdflatex: str) -> None:
    reader = require_program("pdftotext")
    page = Document(
        ("T ", NASTY),
        (
            Section(("S ", NASTY), (Paragraph(("P ", NASTY, Emphasis(NASTY), Link(NASTY, "https://e.org/%20#&"))),)),
            Paragraph((Name(NASTY), Words(NASTY), Name("x", Name(NASTY)), Citation(NASTY), Code(NASTY))),
            CodeBlock(NASTY),
            Display(Words(NASTY)),
            TableBlock((NASTY,), ((NASTY,),), NASTY),
            Theorem(NASTY, NASTY, (Paragraph(NASTY),)),
            Figure(Scene(Label(0, 0, NASTY)), NASTY),
        ),
    )
    source = render(page).replace(r"\begin{document}", r"\hyphenpenalty=10000 \begin{document}")
    log = run_tex(pdflatex, source, tmp_path)
    assert not [line for line in log.splitlines() if line.startswith("!")]
    command = [reader, "-layout", str(tmp_path / "it.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    squeezed = re.sub(r"\s", "", printed).replace("’", "'")
    assert "root:" not in printed
    assert squeezed.count(r"\input{/etc/passwd}$%_#&") == 20
    assert squeezed.count(r"\end{document}^^5c--,,''") == 20


def test_accents_greek_and_signs_are_printed(tmp_path: Path, pdflatex: str) -> None:
    text = "Zażółć gęślą jaźń – “naïve” ≤ × τ ∇ → ½ €"
    log = run_tex(pdflatex, render(Document(text, (Paragraph((text, Name("ö"), Name("τ"))),))), tmp_path)
    assert not [line for line in log.splitlines() if line.startswith("!") or "Missing character" in line]


def test_every_character_that_is_let_through_exists(tmp_path: Path, pdflatex: str) -> None:
    from symtconv.document import escaping

    letters = [*escaping._SPECIAL, *escaping._SIGNS, *escaping._MATHEMATICAL, *sorted(escaping._LETTERS)]
    log = run_tex(pdflatex, render(Document("", tuple(Paragraph((c, Code(c))) for c in letters))), tmp_path)
    assert not [line for line in log.splitlines() if line.startswith("!") or "Missing character" in line]
    assert "Font Warning" not in log


@pytest.mark.parametrize("name", ["rank}", "", "a b", "é"])
def test_operators_have_plain_names(name: str) -> None:
    with pytest.raises(SymtconvError, match="a to z"):
        Operator(name, "x").to_latex()


def test_reasons_are_escaped_too() -> None:
    from symtconv.document.nodes import Derivation

    latex = render(Document("", (Derivation((Step("a", "=", "b", r"\input{x}"),)),)))
    assert r"\input{" not in latex
