"""The command line as a whole: exit codes, one JSON object for every outcome, no traceback, whole files or none."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import symtconv.catalogue
import symtconv.catalogue.subject
import symtconv.cli
from symtconv.cli import main

DOUBLING = ["--transposed", "--input", "2x2", "--kernel", "3x3", "--stride", "2", "--padding", "same"]
HEAVY = ("numpy", "scipy", "sympy", "mpmath", "rich", "matplotlib")


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, args)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(*args: str) -> tuple[int, dict[str, Any]]:
    """Run with --json; standard output must hold exactly one JSON object, standard error nothing."""
    result = run(*args, "--json")
    assert result.stderr.strip() == ""
    assert result.stdout.count("\n") == 1
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return result.exit_code, data


def shell(*args: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from symtconv.cli import main; main()", *args]
    return subprocess.run(command, check=False, timeout=60, **options)


BAD = {
    "unknown flag": (["shape", "--input", "4", "--kernel", "3", "--bogus"], "NoSuchOption"),
    "flag without its value": (["shape", "--kernel", "3", "--input"], None),
    "missing flag": (["shape", "--kernel", "3"], "UsageError"),
    "missing name": (["prove"], "MissingParameter"),
    "too many names": (["prove", "adjoint", "stamps"], "UsageError"),
    "unknown command": (["deconvolve"], None),
    "unknown mode": (["shape", "--input", "4", "--kernel", "3", "--padding-mode", "mirror"], "BadParameter"),
    "number outside the grammar": (["shape", "--input", "1_000", "--kernel", "3"], "GeometryError"),
    "kernel that does not fit": (["shape", "--input", "4", "--kernel", "9"], "GeometryError"),
    "size out of reach": (["shape", *DOUBLING, "--output-shape", "9x9"], "GeometryError"),
    "sizes that cannot be listed": (["shape", "--input", "99999", "--kernel", "3", "--stride", "20000"], "TooLarge"),
    "matrix that would not fit": (["matrix", "--input", "4000x4000", "--kernel", "9"], "TooLarge"),
    "proof that would not fit": (["prove", "adjoint", "--input", "4000x4000", "--kernel", "9"], "TooLarge"),
    "proof of too many pixels": (
        ["prove", "adjoint", "--input", "4", "--kernel", "3", "--padding", "99999999"],
        "TooLarge",
    ),
    "unknown theorem": (["prove", "fermat", "--input", "4", "--kernel", "3"], "GeometryError"),
    "not applicable": (
        ["prove", "zero-insertion", "--input", "4", "--kernel", "3", "--padding", "1", "--padding-mode", "circular"],
        "NotApplicable",
    ),
    "weights where none are taken": (
        ["prove", "size-round-trip", "--input", "4", "--kernel", "3", "--weights", "1 2 3"],
        "GeometryError",
    ),
    "format and file": (["matrix", "--input", "4", "--kernel", "3", "--format", "text", "-o", "a.txt"], "UsageError"),
    "unknown suffix": (["derive", "--input", "4", "--kernel", "3", "-o", "a.docx"], "SymtconvError"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_exit_code_2(name: str) -> None:
    args, kind = BAD[name]
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("symtconv: ")
    assert result.stderr.count("\n") == 1
    if args[-1] == "--input":
        args = [*args, "4x", "--json"]  # else --json would be the value of the flag
        kind = "GeometryError"
    code, data = said(*args)
    assert (code, list(data)) == (2, ["error"])
    assert set(data["error"]) >= {"type", "message", "asked", "arrived", "rule", "remedy"}
    assert kind in (None, data["error"]["type"])
    assert data["error"]["message"]


def test_a_proof_exits_with_0() -> None:
    args = ["prove", "input-gradient", *DOUBLING]
    assert run(*args).exit_code == 0
    code, data = said(*args)
    assert (code, data["verdict"], data["theorem"], data["counterexample"]) == (0, "proved", "input-gradient", None)


def test_a_refutation_exits_with_1_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., Any] = symtconv.symbolic_matrix

    def wrong(*args: Any, **options: Any) -> Any:
        matrix = right(*args, **options).as_mutable()
        matrix[3, 4] += 1
        return matrix

    monkeypatch.setattr(symtconv.catalogue.subject, "symbolic_matrix", wrong)
    args = ["prove", "jacobian", "--input", "6", "--kernel", "3"]
    result = run(*args)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("Refuted: dy[i]/dx[m] = C[i, m], at i=3, m=4")
    code, data = said(*args)
    assert (code, data["verdict"], data["theorem"]) == (1, "refuted", "jacobian")
    assert data["counterexample"] == {"i": 3, "m": 4}


def test_without_a_layer_a_theorem_is_undecided() -> None:
    result = run("prove", "circulant")
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout.startswith("Undecided: ")
    code, data = said("prove", "circulant")
    assert (code, data["verdict"], data["theorem"], data["counterexample"]) == (3, "undecided", "circulant", None)


def test_without_a_layer_a_theorem_is_proved_for_all_sizes(tmp_path: Path) -> None:
    result = run("prove", "zero-insertion")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "C[i, m] = sum over j = 0..k-1 of w[j] [d*j + i*s = lo + m]" in result.stdout
    assert "Proved for all sizes" in result.stdout
    assert run("prove", "size").stdout.count("Case") > 1
    code, data = said("prove", "input-gradient")
    assert (code, data["verdict"], data["scope"], data["layer"]) == (0, "proved", "all sizes", None)
    assert r"\sum" in run("prove", "subpixel", "--latex").stdout


@pytest.mark.parametrize(
    "error", [RuntimeError("two\nlines \x1b[31m"), RecursionError(), MemoryError(), SystemError("x")]
)
def test_what_nobody_foresaw_is_one_line_and_exit_code_70(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def failing(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(symtconv.catalogue, "prove", failing)
    result = run("prove", "adjoint", *DOUBLING)
    assert (result.exit_code, result.stdout) == (70, "")
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr
    code, data = said("prove", "adjoint", *DOUBLING)
    assert (code, data["error"]["type"]) == (70, type(error).__name__)


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(symtconv.catalogue, "prove", interrupted)
    result = run("prove", "adjoint", *DOUBLING)
    assert (result.exit_code, result.stderr.strip()) == (130, "symtconv: interrupted")
    code, data = said("prove", "adjoint", *DOUBLING)
    assert (code, data["error"]["type"]) == (130, "Interrupted")


@pytest.mark.parametrize("place", ["_outcome", "_printed"])
def test_an_interrupt_outside_a_command_exits_with_130(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(symtconv.cli.CommandLine if place == "_outcome" else symtconv.cli, place, interrupted)
    assert run("shape", *DOUBLING).exit_code == 130


@pytest.mark.parametrize("args", [["--help"], ["shape", "--help"], ["matrix", "-h"], ["prove", "-h"], ["derive", "-h"]])
def test_help_has_one_example_that_runs(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 0
    if args[0] != "--help":
        _, example = re.split(r"Examples?:\n", result.stdout)
        assert example.strip().startswith(f"symtconv {args[0]} ")
        assert said(*args)[1]["text"] == result.stdout


def test_no_arguments_show_the_help() -> None:
    assert run().stdout == run("--help").stdout


def test_theorems_lists_the_catalogue() -> None:
    code, data = said("theorems")
    assert code == 0
    assert [theorem["name"] for theorem in data["theorems"]] == [t.name for t in symtconv.theorems()]
    table = run("theorems").stdout
    assert all(theorem.name in table for theorem in symtconv.theorems())
    assert "C[i, m]" in table  # square brackets are no markup


def test_derive_writes_latex() -> None:
    pytest.importorskip("symtconv.derivation")
    latex = run("derive", *DOUBLING).stdout
    assert latex.startswith(r"\documentclass")
    assert latex.rstrip().endswith(r"\end{document}")
    assert said("derive", *DOUBLING) == (0, {"latex": latex})


def test_derive_takes_names_for_weights_and_escapes_them(tmp_path: Path) -> None:
    pytest.importorskip("symtconv.derivation")
    target = tmp_path / "derivation.tex"
    code, data = said("derive", "--input", "5", "--kernel", "3", "--weights", "a b_1/2 x__y", "-o", str(target))
    assert (code, data) == (0, {"written": str(target), "bytes": target.stat().st_size})
    assert "x__y" not in target.read_text()
    assert r"x\_\_y" in target.read_text()


# Files


def test_a_file_replaces_another_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "C.csv"
    target.write_text("before")
    replaced: list[str] = []
    move = os.replace

    def watched(source: str, to: Path) -> None:
        replaced.append(Path(to).read_text())
        assert Path(source).parent == tmp_path
        move(source, to)

    monkeypatch.setattr(os, "replace", watched)
    assert run("matrix", "--input", "3", "--kernel", "2", "--weights", "1 2", "-o", str(target)).exit_code == 0
    assert replaced == ["before"]
    assert target.read_text() == "1,2,0\n0,1,2\n"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("call", ["chmod", "replace"])
def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    target = tmp_path / "C.csv"
    target.write_text("before")

    def full(*args: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    args = ["matrix", "--input", "3", "--kernel", "2", "-o", str(target)]
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        result = run(*args)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "No space left on device" in result.stderr
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("target", ["missing/C.csv", "file.csv/C.csv", "directory.csv", "fifo.csv", "C", "C.csv\0.csv"])
def test_a_target_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path, target: str) -> None:
    (tmp_path / "file.csv").write_text("")
    (tmp_path / "directory.csv").mkdir()
    os.mkfifo(tmp_path / "fifo.csv")
    before = sorted(tmp_path.iterdir())
    # the layer is wrong as well: the complaint must be about the file
    result = run("matrix", "--input", "3", "--kernel", "9", "-o", str(tmp_path / target))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("symtconv: -o: got ")
    assert sorted(tmp_path.iterdir()) == before


def test_a_link_is_followed_not_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    assert run("shape", "--input", "3", "--kernel", "2", "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert json.loads(real.read_text())["output_shape"] == [2]


# Streams and start-up


@pytest.mark.skipif(os.name == "nt", reason="pipes as POSIX has them")
def test_a_reader_who_leaves_early_is_no_error() -> None:
    command = [
        sys.executable,
        "-c",
        "from symtconv.cli import main; main()",
        "matrix",
        "--input",
        "14x14",
        "--kernel",
        "5",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        result = shell("shape", "--input", "4", "--kernel", "3", stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert result.stderr.decode().startswith("symtconv: standard output: ")
    assert result.stderr.count(b"\n") == 1


def test_a_terminal_without_unicode_gets_plain_dots() -> None:
    result = shell(
        "matrix",
        "--input",
        "3",
        "--kernel",
        "2",
        "--weights",
        "1 2",
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("ascii").splitlines()[-1] == ". 1 2"


def test_shape_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom symtconv.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit as stop:\n"
        f"    assert not stop.code\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    for args in (["shape", *DOUBLING], ["shape", *DOUBLING, "--json"], ["--version"], ["matrix", "--help"]):
        result = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, check=True, timeout=60)
        assert result.stdout.decode().splitlines()[-1] == "[]", args


def test_shape_starts_in_three_times_the_time_of_click() -> None:
    resource = pytest.importorskip("resource")

    def seconds(code: str) -> float:
        """Measure the processor's time, which other processes do not stretch as they do the clock's."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    shape = "from symtconv.cli import main\nmain(['shape', '--input', '4x4', '--kernel', '3'])"
    pairs = [(seconds(shape), seconds("import click")) for _ in range(7)]
    ours, clicks = (min(times) for times in zip(*pairs, strict=True))
    assert ours <= 3 * clicks


@pytest.mark.parametrize("flag", ["--padding", "--stride", "--channels", "--groups", "--dilation"])
def test_an_empty_flag_is_no_default(flag: str) -> None:
    code, _ = said("shape", "--input", "4", "--kernel", "3", flag, "")
    assert code == 2
