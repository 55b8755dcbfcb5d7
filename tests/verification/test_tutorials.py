"""The tutorials docs/verify.md and docs/identify.md: their Python examples are doctests, their commands succeed."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from symtconv.cli import main

DOCS = Path(__file__).parent.parent.parent / "docs"
WHOSE = "runs your own code, on your own machine"


@pytest.mark.parametrize(("name", "examples"), [("verify.md", 10), ("identify.md", 10)])
def test_the_examples_give_what_is_printed(name: str, examples: int) -> None:
    result = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted >= examples


def test_the_command_of_identify_succeeds() -> None:
    commands = re.findall(r"^\$ symtconv (.*)$", (DOCS / "identify.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 1
    result = CliRunner().invoke(main, shlex.split(commands[0]))
    assert result.exit_code == 0
    assert "1. Conv(input_shape=(3, 3), kernel_size=(2, 2))" in result.stdout


def test_the_command_of_verify_proves_the_code_of_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DOCS / "verify.md").read_text(encoding="utf-8")
    assert WHOSE in " ".join(text.split())
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_examples(text)
    code = "".join(one.source for one in examples if one.source.startswith(("import", "def canvas", "def upsample")))
    Path("mine.py").write_text(code, encoding="utf-8")
    [command] = re.findall(r"^symtconv (verify .*)$", text, re.MULTILINE)
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(main, [*shlex.split(command), "--of", "input-gradient", "--json"])
    assert result.exit_code == 1
