"""What belongs together stays on one page, and nothing is too small to be read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from symtconv.document.latex import render
from symtconv.document.mathematics import BigSum, Name, Relation, Sum
from symtconv.document.nodes import Block, Derivation, Document, Paragraph, ProofBlock, Section, Step, Theorem
from symtconv.document.typesetting import FONTS
from tests.document.conftest import require_program, run_tex

_PROOFS = 200


def _pages(document: Document, directory: Path, pdflatex: str) -> list[str]:
    reader = require_program("pdftotext")
    run_tex(pdflatex, render(document), directory)
    command = [reader, "-layout", str(directory / "it.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\f")


def test_a_proof_begins_on_the_page_of_its_theorem(tmp_path: Path, pdflatex: str) -> None:
    blocks: list[Block] = []
    total = BigSum("i", None, Name("v", "i"))
    for number in range(_PROOFS):
        steps = tuple(
            Step("a" if step == 0 else None, "=", total, f"step {step} of proof {number} end")
            for step in range(2 + 4 * (number % 4))
        )
        theorem = Theorem("Theorem", f"number {number} end", (Paragraph("It holds for all sizes."),))
        filler = [Paragraph("Filler.") for _ in range(number % 11)]
        blocks += [*filler, Section(f"Section {number} end", (theorem, ProofBlock((Derivation(steps),))), 2)]
    pages = _pages(Document("", tuple(blocks)), tmp_path, pdflatex)
    assert len(pages) > 40
    torn = 0
    for number in range(_PROOFS):
        (page,) = (page for page in pages if f"number {number} end" in page)
        assert f"Section {number} end" in page
        assert f"step 0 of proof {number} end" in page
        assert f"step 1 of proof {number} end" in page
        torn += number % 4 == 3 and f"step 13 of proof {number} end" not in page
    assert torn > 0  # else the test has not seen a page break within a proof


def test_no_glyph_is_below_six_points(tmp_path: Path, pdflatex: str) -> None:
    probes = "".join(
        rf"{{\{font}$x_{{y_z}}$\typeout{{GLYPHS \fontname\textfont1 / \fontname\scriptfont1 / "
        r"\fontname\scriptscriptfont1}}"
        for font in (*FONTS, "large", "Large")
    )
    source = render(Document("", ())).replace(r"\end{document}", probes + r"\end{document}")
    log = run_tex(pdflatex, source, tmp_path)
    found = re.findall(r"GLYPHS (.*)", log)
    assert len(found) == len(FONTS) + 2
    for line in found:
        for name in re.split(r"\s*/\s*", line):
            match = re.fullmatch(r"lmmib?(\d+)(?: at ([\d.]+)pt)?", name.strip())
            assert match, name
            assert float(match[2] or match[1]) >= 6


def test_the_preamble_asks_for_what_is_used_only() -> None:
    plain = render(Document("", (Paragraph("Words."),)))
    for package in ("tikz", "booktabs", "hyperref", "longtable", "amsthm", "mathtools"):
        assert package not in plain
    assert "amsthm" in render(Document("", (ProofBlock((Paragraph("Words."),)),)))


def test_titles_and_long_relations_in_headings(complaints: Callable[[Document], list[str]]) -> None:
    relation = Relation("a", "=", Sum(*(Name("x", number) for number in range(40))))
    assert complaints(Document(("Title ", relation), (Section(("Section ", relation), ()),))) == []
