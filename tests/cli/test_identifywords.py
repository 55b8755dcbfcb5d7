"""`symtconv identify`: layers in words and as JSON, exit codes, and files that hold no matrix or mean harm."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from click.testing import CliRunner, Result

from symtconv import ConvTranspose, sparse_matrix
from symtconv.cli import main

MATRIX = np.array([[1, 2, 0, 0], [0, 0, 1, 2]])


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["identify", *args])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def said(*args: str) -> tuple[int, dict[str, Any]]:
    result = run(*args, "--json")
    assert result.stdout.count("\n") == 1
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return result.exit_code, data


def test_rows_on_the_command_line() -> None:
    result = run("--matrix", "1 2 0 0; 0 0 1 2", "--input", "4")
    assert result.exit_code == 0
    assert "1. Conv(input_shape=(4,), kernel_size=(2,), stride=(2,))" in result.stdout
    assert "kernel 2, stride 2, dilation 1, pads 0:0, groups 1" in result.stdout
    assert "weights:\n     1 2\n" in result.stdout
    assert "Padding modes other than zeros were not tried" in result.stdout


def test_a_matrix_of_zeros_fits_every_kernel_of_zeros() -> None:
    assert "every kernel of zeros fits" in run("--matrix", "0 0 0; 0 0 0", "--input", "3").stdout
    assert "every kernel of zeros fits" not in run("--matrix", "1 0 0; 0 1 0", "--input", "3").stdout


def test_json_has_the_attributes_of_every_layer() -> None:
    code, data = said("--matrix", "a b/2 0; 0 a b/2", "--input", "3")
    assert (code, data["shape"]) == (0, [2, 3])
    assert [layer["transposed"] for layer in data["layers"]] == [False, True]
    first = data["layers"][0]
    assert {
        name: first[name] for name in ("input_shape", "kernel_size", "stride", "dilation", "padding", "groups")
    } == {
        "input_shape": [3],
        "kernel_size": [2],
        "stride": [1],
        "dilation": [1],
        "padding": [[0, 0]],
        "groups": 1,
    }
    assert first["kernel"] == ["a", "1/2*b"]


def test_no_layer_exits_with_1_and_names_the_entry() -> None:
    rows = "1 2 0 3 4 0 0 0 0; 0 1 2 0 3 4 0 0 0; 0 0 0 1 2 0 3 4 0; 0 0 0 0 1 9 0 3 4"
    result = run("--matrix", rows, "--input", "3x3")
    assert (result.exit_code, result.stdout.count("\n")) == (1, 1)
    assert result.stdout.startswith("Refuted: ")
    assert "got 9 at row 3, column 5 (counted from 0), but" in result.stdout
    code, data = said("--matrix", rows, "--input", "3x3")
    assert (code, data["verdict"], data["counterexample"]) == (1, "refuted", {"row": 3, "column": 5})


def test_files_of_every_kind_and_output_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("m.npy", MATRIX)
    scipy.sparse.save_npz("m.npz", scipy.sparse.csr_array(MATRIX))
    scipy.io.mmwrite("m.mtx", scipy.sparse.coo_array(MATRIX))
    Path("m.csv").write_text("1, 2, 0, 0\n0, 0, 1, 2\n", encoding="utf-8")
    kernels = [
        said(f"m{suffix}", "--input", "4")[1]["layers"][0]["kernel"] for suffix in (".npy", ".npz", ".mtx", ".csv")
    ]
    assert kernels == [[1, 2]] * 4
    assert run("m.npy", "--input", "4", "-o", "layers.json").exit_code == 0
    assert json.loads(Path("layers.json").read_text())["layers"][0]["stride"] == [2]
    scipy.sparse.save_npz("true.npz", scipy.sparse.csr_array(MATRIX > 0))
    assert said("true.npz", "--input", "4")[1]["layers"][0]["kernel"] == [1, 1]


def test_a_matrix_that_the_command_line_wrote_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    flags = ["--transposed", "--input", "2x2", "--kernel", "3x3", "--stride", "2", "--channels", "2:1"]
    np.save("w.npy", np.arange(1, 19).reshape(2, 1, 3, 3))
    assert CliRunner().invoke(main, ["matrix", *flags, "--weights", "w.npy", "-o", "m.csv"]).exit_code == 0
    found = said("m.csv", "--input", "2x2")[1]["layers"][0]
    assert (found["transposed"], found["stride"], found["kernel_shape"]) == (True, [2, 2], [2, 1, 3, 3])
    assert found["kernel"] == np.arange(1, 19).reshape(2, 1, 3, 3).tolist()
    assert "weights[1, 0]:" in run("m.csv", "--input", "2x2").stdout


class Trap:
    def __reduce__(self) -> Any:
        return os.mkdir, ("sprung",)


def damaged() -> list[str]:
    """Write files that hold no matrix, or claim to hold a huge one, and give their names."""
    arrays = {
        "objects": [[Trap(), 1]],
        "nan": [[1, np.nan]],
        "inf": [[1, np.inf]],
        "text": [["a", "b"]],
        "cube": [[[1]]],
    }
    for name, rows in arrays.items():
        np.save(f"{name}.npy", np.array(rows, dtype=object if name == "objects" else None))
    np.save("m.npy", MATRIX)
    whole = Path("m.npy").read_bytes()
    Path("short.npy").write_bytes(whole[:-8])
    Path("huge.npy").write_bytes(whole.replace(b"(2, 4), }        ", b"(2, 40000000000)}"))
    with Path("sparse.npy").open("wb") as file:
        file.write(whole.replace(b"(2, 4), }        ", b"(2, 4000000000)} "))
        file.truncate(128 + 8 * 8 * 10**9)
    csr: dict[str, Any] = {"data": np.ones(2), "indices": [0, 1], "indptr": [0, 1, 2], "shape": [2, 4]}
    wrong: dict[str, dict[str, Any]] = {
        "outside": {"indices": [0, 10**6]},
        "negative": {"indices": [0, -5]},
        "pointer": {"indptr": [0, 10**7, 2]},
        "unpickled": {"data": np.array([Trap(), 1], dtype=object)},
        "text": {"data": ["a", "b"]},
        "nan": {"data": [1, np.nan]},
        "wide": {"shape": [2, 10**9]},
    }
    for name, change in wrong.items():
        np.savez(f"{name}.npz", format=np.array("csr"), **(csr | change))
    np.savez("dense.npz", MATRIX)
    np.savez_compressed("bomb.npz", format=np.array("csr"), **(csr | {"data": np.zeros(2**25 + 1)}))
    head = "%%MatrixMarket matrix coordinate real general\n"
    texts = {
        "large.mtx": "%%MatrixMarket matrix array real general\n1000000000 1000000000\n1\n",
        "many.mtx": f"{head}2 4 999999999999\n1 1 1\n",
        "outside.mtx": f"{head}2 4 1\n99 1 1\n",
        "nan.mtx": f"{head}2 4 1\n1 1 nan\n",
        "words.mtx": "hello\n",
        "ragged.csv": "1,2\n3\n",
        "nan.csv": "1,nan\n",
        "inf.csv": "1,-Infinity\n",
        "code.csv": "1,__import__('os')\n",
        "gap.csv": "1,,2\n",
        "empty.csv": "",
        "empty.npy": "",
        "empty.npz": "",
        "empty.mtx": "",
        "other.xyz": "1 2",
    }
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("bytes.csv").write_bytes(bytes(range(256)))
    Path("directory.npy").mkdir()
    named = [f"{name}.npy" for name in (*arrays, "short", "huge", "sparse")] + [f"{name}.npz" for name in wrong]
    return [*named, "dense.npz", "bomb.npz", *texts, "bytes.csv", "directory.npy", "missing.npy", "a\0.npy", ""]


def test_files_that_hold_no_matrix_are_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in damaged():
        result = run(name, "--input", "2")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), name
        assert len(result.stderr) < 500, name
        assert "allow_pickle" not in result.stderr, name
        code, data = said(name, "--input", "2")
        assert (code, list(data)) == (2, ["error"]), name
    assert not Path("sprung").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--input", "4"), "either as FILE or with --matrix"),
        (("m.npy", "--matrix", "1", "--input", "4"), "either as FILE or with --matrix"),
        (("--matrix", "1 2"), "--input"),
        (("--matrix", "1 2; 3", "--input", "2"), "all rows have the same length"),
        (("--matrix", "1 2 3", "--input", "2"), "3 columns"),
        (("--matrix", "1 2;", "--input", "2"), "same length"),
        (("--matrix", "", "--input", "2"), "row 0, column 0 (counted from 0)"),
        (("--matrix", "nan 1", "--input", "2"), "finite"),
        (("--matrix", "1 " * 6000, "--input", "2"), "characters"),
        (("--matrix", "1 2", "--input", "two"), "whole number"),
    ],
)
def test_bad_input_exits_with_2(args: tuple[str, ...], words: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert said(*args)[0] == 2


def test_a_kernel_too_large_for_words_is_given_as_json(tmp_path: Path) -> None:
    layer = ConvTranspose(1, 1, in_channels=101, out_channels=100)
    name = str(tmp_path / "m.npz")
    scipy.sparse.save_npz(name, sparse_matrix(layer, np.arange(1, 10_101).reshape(101, 100, 1)))
    assert "Use --json" in run(name, "--input", "1").stderr
    assert said(name, "--input", "1")[0] == 0
