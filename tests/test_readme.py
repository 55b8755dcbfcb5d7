"""The README's commands do what it says; its Python examples are run as doctests."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from symtconv.cli import main

README = Path(__file__).parent.parent / "README.md"
COMMANDS = re.findall(
    r"^\$ (symtconv .*)$|^\.venv/bin/(symtconv .*)$", README.read_text(encoding="utf-8"), re.MULTILINE
)


def test_it_shows_commands() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("command", [first or second for first, second in COMMANDS])
def test_a_command_succeeds(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    if "-o" in command:
        assert (tmp_path / shlex.split(command)[-1]).read_text(encoding="utf-8").startswith("\\documentclass")
