"""The catalogue as a document: every theorem is in it, and it compiles."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from symtconv import theorems
from symtconv.cli import main
from symtconv.commandline.cataloguepages import catalogue_document
from symtconv.document.latex import render
from symtconv.document.nodes import Code, Document, ProofBlock, Section, TableBlock, Theorem
from tests.document.conftest import complaints_of, pdflatex, run_tex

__all__ = ["pdflatex"]


@pytest.fixture(scope="module")
def catalogue() -> Document:
    return catalogue_document()


def test_the_whole_catalogue_compiles(catalogue: Document, pdflatex: str, tmp_path: Path) -> None:
    log = run_tex(pdflatex, render(catalogue), tmp_path)
    assert [one for one in complaints_of(log, box=10) if "Label(s)" not in one] == []


def test_every_theorem_is_in_it_and_those_for_all_sizes_with_proof(catalogue: Document) -> None:
    blocks = [block for section in catalogue.blocks if isinstance(section, Section) for block in section.blocks]
    names = [block.name for block in blocks if isinstance(block, Theorem)]
    assert [name[0] for name in names if isinstance(name, tuple)] == [Code(one.name) for one in theorems()]
    proofs = sum(isinstance(block, ProofBlock) for block in blocks)
    assert proofs == sum(theorem.universal is not None for theorem in theorems())
    (contents,) = (block for block in blocks if isinstance(block, TableBlock))
    assert len(contents.rows) == len({theorem.family for theorem in theorems()})


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["theorems", *args])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_line_writes_a_family(tmp_path: Path) -> None:
    code, text, _ = run("--latex", "--family", "regularity")
    assert code == 0
    assert text.startswith("\\documentclass")
    assert "Regularity" in text
    assert "relationship" not in text
    target = tmp_path / "it.tex"
    assert run("--family", "regularity", "-o", str(target))[0] == 0
    assert target.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "args", [("--family", "nothing"), ("--input", "3", "--kernel", "2"), ("-o", "it.txt"), ("-o", "it.json")]
)
def test_what_cannot_be_a_document_is_refused(args: tuple[str, ...], tmp_path: Path) -> None:
    given = [str(tmp_path / one) if one.startswith("it.") else one for one in args]
    code, text, error = run("--latex", *given)
    assert (code, text) == (2, "")
    assert error.count("\n") == 1


def test_the_table_says_what_is_proved_for_all_sizes() -> None:
    _, text, _ = run("--family", "adjoint")
    assert "for all sizes too" in " ".join(text.split()) or "4 are also proved for all sizes" in text
    assert "are also proved for all sizes, in the form that symtconv prove NAME prints." in text
