"""A file is written wholly or not at all, in the form that its suffix names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symtconv.document import pdf
from symtconv.document.nodes import Document, Paragraph
from symtconv.errors import MissingDependency, SymtconvError

DOCUMENT = Document("A title", (Paragraph("Words."),))


def test_tex(tmp_path: Path) -> None:
    target = tmp_path / "a.tex"
    DOCUMENT.save(target)
    assert target.read_text(encoding="utf-8") == DOCUMENT.to_latex()
    assert os.listdir(tmp_path) == ["a.tex"]


def test_pdf(tmp_path: Path, pdflatex: str) -> None:
    DOCUMENT.save(str(tmp_path / "a.PDF"))
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF")


def test_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(SymtconvError, match=r"\.pdf, \.tex"):
        DOCUMENT.save(tmp_path / "a.docx")
    assert os.listdir(tmp_path) == []


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(SymtconvError, match="directory does not exist"):
        DOCUMENT.save(tmp_path / "no" / "a.tex")


def test_failure_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.tex"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        DOCUMENT.save(target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.tex"]


def test_missing_pdflatex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependency, match="apt install"):
        DOCUMENT.save(tmp_path / "a.pdf")
    assert os.listdir(tmp_path) == []


def test_complaints_of_tex_are_told(pdflatex: str) -> None:
    source = DOCUMENT.to_latex().replace("Words.", r"\nosuchcommand")
    with pytest.raises(SymtconvError, match=r"! Undefined control sequence.*nosuchcommand"):
        pdf.compiled(source)


def test_no_shell_and_no_foreign_files(pdflatex: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("shell_escape", "t")  # as in the settings of a careless installation
    source = DOCUMENT.to_latex().replace("Words.", r"\input{/etc/hostname}")
    with pytest.raises(SymtconvError):
        pdf.compiled(source)
    witness = tmp_path / "witness"
    source = DOCUMENT.to_latex().replace("Words.", rf"\immediate\write18{{touch {witness}}}")
    pdf.compiled(source)
    assert not witness.exists()
