"""Turns LaTeX into PDF with pdflatex, in a directory of its own and without access to the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from symtconv.errors import MissingDependency, SymtconvError

_SECONDS = 120
_RUNS = 4
_AGAIN = ("Rerun to get", "Rerun LaTeX", "Table widths have changed")


def compiled(latex: str) -> bytes:
    """Give the PDF of a LaTeX document.

    Raises MissingDependency without pdflatex, and SymtconvError with TeX's own words if the document does not compile.
    """
    program = shutil.which("pdflatex")
    if program is None:
        raise MissingDependency(
            "a PDF",
            rule="it is made by the program pdflatex, which is not installed",
            remedy="Install TeX Live (on Debian: apt install texlive-latex-recommended texlive-pictures) "
            "or save as .tex",
        )
    with tempfile.TemporaryDirectory(prefix="symtconv-") as directory:
        source = Path(directory, "document.tex")
        source.write_text(latex, encoding="utf-8")
        for _ in range(_RUNS):
            log = _run(program, Path(directory))
            if not any(words in log for words in _AGAIN):
                break
        return source.with_suffix(".pdf").read_bytes()


def _run(program: str, directory: Path) -> str:
    command = [program, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "document.tex"]
    # openin_any and openout_any: TeX's own guard against files outside the directory (p is paranoid)
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
    try:
        run = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise SymtconvError("a PDF", rule=f"pdflatex was not done after {_SECONDS} seconds") from None
    log = (run.stdout + run.stderr).decode("utf-8", errors="replace")
    if run.returncode or not (directory / "document.pdf").exists():
        lines = log.splitlines()
        complaints = [line for number, line in enumerate(lines) if line.startswith(("!", "l."))][:6]
        raise SymtconvError("a PDF", arrived="a complaint of pdflatex: " + " ".join(complaints or lines[-3:]))
    return log
