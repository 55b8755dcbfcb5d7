"""`symtconv verify`: exit codes, one JSON object, no traceback, and nothing of the user's on standard output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import symtconv.verification.running
from symtconv.cli import main

DOUBLING = ["--transposed", "--input", "2x2", "--kernel", "3x3", "--stride", "2", "--padding", "same"]

FILE = """
import numpy as np
import neighbour

print("imported")

def upsample(x, w):
    print("called")
    y = np.zeros((5, 5))
    for i in range(2):
        for j in range(2):
            y[2*i : 2*i+3, 2*j : 2*j+3] += x[i, j] * w
    return y[:4, :4]

def flipped(x, w):
    return upsample(x, w[::-1, ::-1])

def gradient(v, w):
    return neighbour.correlated(np.pad(v, ((0, 1), (0, 1))), w)

def kernel_gradient(x, v):
    wide = np.pad(v, ((0, 1), (0, 1)))
    return [[np.sum(x * wide[a : a + 3 : 2, b : b + 3 : 2]) for b in range(3)] for a in range(3)]

def branches(x, w):
    return x if x[0, 0] > 0 else w

def endless(x, w):
    while True:
        pass

def quits(x, w):
    raise SystemExit(0)

number = 3
"""

NEIGHBOUR = """
import numpy as np

def correlated(x, w):
    y = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            y[i, j] = (x[2*i : 2*i+3, 2*j : 2*j+3] * w).sum()
    return y
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(FILE, encoding="utf-8")
    (tmp_path / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    sys.modules.pop("neighbour", None)
    return tmp_path


def run(home: Path, name: str, *args: str) -> Result:
    result = CliRunner().invoke(main, ["verify", f"{home / 'mine.py'}:{name}", *DOUBLING, *args])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(home: Path, name: str, *args: str) -> tuple[int, dict[str, Any]]:
    result = run(home, name, *args, "--json")
    assert result.stdout.count("\n") == 1
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return result.exit_code, data


def test_right_code_exits_with_0(home: Path) -> None:
    result = run(home, "upsample")
    assert result.exit_code == 0
    assert "mine.py:upsample is right for all inputs" in result.stdout
    assert "All 16 entries agree" in result.stdout
    assert "called" not in result.stdout
    assert result.stderr.split() == ["imported", "called", "called"]
    code, data = said(home, "upsample")
    assert (code, data["verdict"], data["theorem"], data["of"]) == (0, "proved", "code-of-the-layer", "layer")
    assert not list(home.glob("__pycache__/mine*"))


def test_gradients_with_the_help_of_a_neighbour(home: Path) -> None:
    assert run(home, "gradient", "--of", "input-gradient").exit_code == 0
    assert run(home, "kernel_gradient", "--of", "kernel-gradient").exit_code == 0
    assert run(home, "gradient").exit_code == 1


def test_wrong_code_exits_with_1_and_names_the_mistake(home: Path) -> None:
    result = run(home, "flipped")
    assert result.exit_code == 1
    assert result.stdout.startswith("Refuted: flipped at output m0=0, m1=0 (kernel-flipped): got x_{0,0}*w_{2,2}")
    code, data = said(home, "flipped")
    assert (code, data["verdict"], data["counterexample"]) == (1, "refuted", {"m0": 0, "m1": 0})
    assert "kernel-flipped" in data["remedy"]


@pytest.mark.parametrize("name", ["branches", "quits", "number", "nothing", "no name", ""])
def test_code_that_cannot_be_verified_exits_with_2(home: Path, name: str) -> None:
    result = run(home, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("symtconv: ")
    code, data = said(home, name)
    assert (code, list(data)) == (2, ["error"])


def test_files_that_cannot_be_imported_exit_with_2(home: Path) -> None:
    for text, words in (("x = (", "SyntaxError"), ("import torch_is_not_here", "line 1"), ("1 / 0", "ZeroDivision")):
        (home / "mine.py").write_text(text, encoding="utf-8")
        code, data = said(home, "upsample")
        assert code == 2
        assert words in data["error"]["message"]
    (home / "mine.py").unlink()
    code, data = said(home, "upsample")
    assert code == 2
    assert "no such file" in data["error"]["message"]


def test_endless_code_exits_with_3(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symtconv.verification.running, "SECONDS", 0.3)
    assert run(home, "endless").exit_code == 3
    code, data = said(home, "endless")
    assert (code, data["verdict"]) == (3, "undecided")


def test_from_a_shell(home: Path) -> None:
    command = [sys.executable, "-c", "from symtconv.cli import main; main()", "verify", "mine.py:upsample", *DOUBLING]
    done = subprocess.run([*command, "--json"], cwd=home, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "proved"


def test_the_help_says_whose_code_runs() -> None:
    words = " ".join(CliRunner().invoke(main, ["verify", "--help"]).stdout.split())
    assert "your own code, on your own machine" in words
