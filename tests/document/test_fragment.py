"""A fragment goes into a document of one's own, next to another one, with the packages that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from symtconv import Conv, ConvTranspose, derive
from symtconv.cli import main
from symtconv.document.latex import render
from symtconv.document.nodes import Document, Paragraph
from symtconv.document.pdf import compiled
from tests.document.conftest import pdflatex

__all__ = ["pdflatex"]

LAYERS = [ConvTranspose((2, 2), 3, stride=2, padding="same"), Conv(5, 3, stride=2)]


def needed(fragment: str) -> list[str]:
    """Read the lines that a fragment asks for."""
    assert fragment.startswith("% For the preamble:\n")
    return re.findall(r"^%   (.*)$", fragment, flags=re.MULTILINE)


def test_two_fragments_stand_in_one_document(pdflatex: str, tmp_path: Path) -> None:
    fragments = [derive(layer).to_latex(fragment=True) for layer in LAYERS]
    lines = list(dict.fromkeys(line for fragment in fragments for line in needed(fragment)))
    preamble = "\n".join([r"\documentclass[11pt]{article}", r"\usepackage[a4paper,margin=25mm]{geometry}", *lines])
    whole = f"{preamble}\n\\begin{{document}}\nMine. {fragments[0]} Between. {fragments[1]} Mine.\\end{{document}}\n"
    assert compiled(whole).startswith(b"%PDF")


def test_what_a_fragment_sets_ends_with_it() -> None:
    fragment = derive(LAYERS[0]).to_latex(fragment=True)
    body = "\n".join(line for line in fragment.splitlines() if not line.startswith("%"))
    assert body.startswith("\\begingroup\n")
    assert body.rstrip().endswith("\\endgroup")
    assert "\\documentclass" not in fragment
    assert "\\usepackage" not in body


def test_a_fragment_asks_only_for_what_it_uses() -> None:
    plain = render(Document("", (Paragraph(("Words.",)),)), fragment=True)
    assert needed(plain) == [r"\usepackage{amsmath,amssymb,xcolor}"]
    assert "definecolor" not in plain
    assert "tikz" in " ".join(needed(derive(LAYERS[0]).to_latex(fragment=True)))


@pytest.mark.parametrize("output", ["", "out.tex"])
def test_the_command_writes_fragments(output: str, tmp_path: Path) -> None:
    arguments = ["derive", "--input", "4", "--kernel", "2", "--fragment"]
    target = tmp_path / "out.tex"
    done = CliRunner().invoke(main, [*arguments, *(["-o", str(target)] if output else [])])
    assert done.exit_code == 0
    text = target.read_text() if output else done.output
    assert text == derive(Conv(4, 2)).to_latex(fragment=True)


def test_a_pdf_is_no_fragment(tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    done = CliRunner().invoke(main, ["derive", "--input", "4", "--kernel", "2", "--fragment", "-o", str(target)])
    assert done.exit_code == 2
    assert not target.exists()
