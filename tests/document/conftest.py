"""What the tests of documents share: programs that may be missing, and TeX as a measuring rod."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from symtconv.document.latex import render
from symtconv.document.nodes import Document


def require_program(name: str) -> str:
    """Give the path of a program; without it skip the test, or fail where everything is required."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("SYMTCONV_REQUIRE_ALL") == "1":
            pytest.fail(f"the program {name} is missing")
        pytest.skip(f"needs the program {name}")
    return path


def run_tex(program: str, source: str, directory: Path) -> str:
    """Compile a source and give its log."""
    Path(directory, "it.tex").write_text(source, encoding="utf-8")
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "it.tex"]
    environment = {**os.environ, "max_print_line": "10000"}
    subprocess.run(command, cwd=directory, capture_output=True, timeout=120, env=environment, check=False)
    return Path(directory, "it.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def pdflatex() -> str:
    return require_program("pdflatex")


def complaints_of(log: str, box: float = 1) -> list[str]:
    """List what a log complains of: errors, warnings, boxes overfull by more than so many points."""
    lines = [line for line in log.splitlines() if "rerunfilecheck" not in line]  # the outline, of a first run
    found = [line for line in lines if line.startswith("!") or "Warning" in line or "Missing character" in line]
    for line in log.splitlines():
        match = re.match(r"Overfull \\[hv]box \(([\d.]+)pt too", line)
        if match and float(match[1]) > box:
            found.append(line)
    return found


@pytest.fixture
def complaints(pdflatex: str, tmp_path: Path) -> Callable[[Document], list[str]]:
    """Compile a document and give what TeX complains of: errors, warnings, boxes overfull by more than 1 pt."""

    def run(document: Document) -> list[str]:
        source = render(document)
        log = run_tex(pdflatex, source, tmp_path)
        if r"\ref" in source:
            log = run_tex(pdflatex, source, tmp_path)
        return complaints_of(log)

    return run


@pytest.fixture
def measured(pdflatex: str, tmp_path: Path) -> Callable[[Sequence[str]], list[float]]:
    """Give the true widths of pieces of LaTeX text in points."""

    def run(texts: Sequence[str]) -> list[float]:
        source = render(Document("", ()))
        lines = [rf"\settowidth{{\dimen0}}{{{text}}}\typeout{{WIDTH \the\dimen0}}" for text in texts]
        packages = r"\usepackage{array,mathtools}"
        source = source.replace(r"\allowdisplaybreaks", packages + r"\allowdisplaybreaks").replace(
            r"\end{document}", "\n".join(lines) + r"\end{document}"
        )
        log = run_tex(pdflatex, source, tmp_path)
        assert not [line for line in log.splitlines() if line.startswith("!")]
        return [float(width) for width in re.findall(r"WIDTH ([\d.]+)pt", log)]

    return run
