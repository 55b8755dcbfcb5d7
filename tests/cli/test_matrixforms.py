"""The matrix in every form: each form, read back, is the matrix of the library."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from click.testing import CliRunner

from symtconv import Conv, ConvTranspose, TooLarge, sparse_matrix, symbolic_matrix
from symtconv.cli import main
from symtconv.commandline.cells import latex, plain
from symtconv.commandline.matrixforms import MatrixView, check_fit
from symtconv.commandline.weights import read_weights
from symtconv.geometry import Layer
from symtconv.matrices.vec import Order
from symtconv.proofs.polynomials import Polynomial
from tests.cases import every_layer

DOUBLING = ["--transposed", "--input", "2x2", "--kernel", "3x3", "--stride", "2", "--padding", "same"]
LAYER = ConvTranspose((2, 2), 3, stride=2, padding="same")


def run(*args: str) -> str:
    result = CliRunner().invoke(main, ["matrix", *args])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("order", ["C", "F"])
@every_layer
def test_json_has_every_entry_of_the_symbolic_matrix(layer: Layer, order: Order) -> None:
    data = json.loads(json.dumps(MatrixView(layer, None, order).data()))
    expected = symbolic_matrix(layer, order=order)
    assert data["shape"] == list(expected.shape)
    assert {(i, m) for i, m, _ in data["entries"]} == set(expected.todok())
    for i, m, value in data["entries"]:
        assert set(value.split(" + ")) == {str(term) for term in expected[i, m].as_ordered_terms()}


def test_numeric_files_read_back(tmp_path: Path) -> None:
    weights = ["--weights", "0.1 -2 3; 4 5 6; 7 8 1e-7", "--order", "F"]
    expected = sparse_matrix(LAYER, [[0.1, -2, 3], [4, 5, 6], [7, 8, 1e-7]], order="F").toarray()
    for suffix in (".npz", ".mtx", ".csv"):
        run(*DOUBLING, *weights, "-o", str(tmp_path / f"C{suffix}"))
    assert np.array_equal(scipy.sparse.load_npz(tmp_path / "C.npz").toarray(), expected)
    assert np.array_equal(scipy.sparse.csr_array(scipy.io.mmread(tmp_path / "C.mtx")).toarray(), expected)
    assert np.array_equal(np.loadtxt(tmp_path / "C.csv", delimiter=","), expected)


def test_integers_stay_integers(tmp_path: Path) -> None:
    target = tmp_path / "C.npz"
    run("--input", "4", "--kernel", "2", "--weights", f"{2**62} -1", "-o", str(target))
    found = scipy.sparse.load_npz(target)
    assert found.dtype == np.int64
    assert found.toarray()[0].tolist() == [2**62, -1, 0, 0]


def test_exact_csv_reads_back(tmp_path: Path) -> None:
    target = tmp_path / "C.csv"
    run("--input", "3", "--kernel", "2", "--weights", "1/3 -0.5", "-o", str(target))
    with target.open() as file:
        rows = [[Fraction(cell) for cell in row] for row in csv.reader(file)]
    assert rows == [[Fraction(1, 3), Fraction(-1, 2), 0], [0, Fraction(1, 3), Fraction(-1, 2)]]


def test_text_is_a_table_with_light_dots() -> None:
    lines = run("--input", "3", "--kernel", "2", "--weights", "10 0").splitlines()
    assert lines[0] == "Conv(input_shape=(3,), kernel_size=(2,))"
    assert lines[-2:] == ["10  0 ·", " · 10 0"]
    assert "w_{0,1}" in run(*DOUBLING)


def test_json_has_numbers_fractions_and_names() -> None:
    data = json.loads(run("--input", "3", "--kernel", "3", "--weights", "2 1/3 -a**2", "--json"))
    assert data["entries"] == [[0, 0, 2], [0, 1, "1/3"], [0, 2, "-a**2"]]
    assert data["layer"]["kernel_size"] == [3]
    assert json.loads(run("--input", "3", "--kernel", "3", "--weights", "2 1/3 -a**2", "--format", "json")) == data


def test_taps_that_meet_are_summed() -> None:
    args = ["--input", "2", "--kernel", "3", "--padding", "2:0", "--padding-mode", "replicate"]
    data = json.loads(run(*args, "--weights", "a b 1/2", "--json"))
    assert data["entries"][0] == [0, 0, "a + b + 1/2"]


def test_npz_and_mtx_need_numbers(tmp_path: Path) -> None:
    for suffix in (".npz", ".mtx"):
        for weights in ([], ["--weights", "1/3 1"], ["--weights", "a 1"]):
            args = ["matrix", "--input", "3", "--kernel", "2", *weights, "-o", str(tmp_path / f"C{suffix}")]
            result = CliRunner().invoke(main, args)
            assert result.exit_code == 2
            assert "numeric --weights" in result.stderr
    assert list(tmp_path.iterdir()) == []


TOO_LARGE: dict[str, tuple[Layer, str]] = {
    "cells": (Conv((200, 200), 3), "1,568,160,000 cells"),
    "nonzeros": (ConvTranspose((4, 4), 5, stride=2, padding="same", in_channels=1024, out_channels=512), "cells"),
    "taps": (Conv(10**12, 10**9), "cells"),
    "rows": (ConvTranspose(2, 1, stride=10**12), "1,000,000,000,001 rows"),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_would_not_fit_is_refused_with_the_size(name: str) -> None:
    layer, words = TOO_LARGE[name]
    view = MatrixView(layer, None, "C")
    for form in (view.text, view.latex, view.csv):
        with pytest.raises(TooLarge, match="cells"):
            form()
    with pytest.raises(TooLarge) as caught:
        view.data() if name == "rows" else view.text()
    assert words in str(caught.value)


def test_dcgan_with_kernel_5_says_its_nonzeros() -> None:
    with pytest.raises(TooLarge, match="151,519,232 nonzeros"):
        check_fit(TOO_LARGE["nonzeros"][0], 2**27, "")
    with pytest.raises(TooLarge, match="taps"):
        check_fit(Conv(100_000, 20_000, padding_mode="circular"), 2**27, "")


# LaTeX


def test_latex_of_entries_is_escaped() -> None:
    assert latex(Polynomial({(r"\input{/etc/passwd}",): 1})) == (r"\textnormal{\textbackslash{}input\{/etc/passwd\}}")
    assert latex(Polynomial({("a_1",): 2, ("w_{0,12}", "w_{0,12}"): Fraction(-1, 3), (): -1})) == (
        r"-\frac{1}{3}w_{0,12}^{2}+2a_{1}-1"
    )
    assert latex(Polynomial({})) == plain(Polynomial({})) == "0"
    assert latex(-2) == "-2"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_compiles_with_no_package_and_any_number_of_columns(tmp_path: Path) -> None:
    run("--input", "5x6", "--kernel", "2", "--weights", "a_1 1/2; lambda -x1**2", "-o", str(tmp_path / "C.tex"))
    body = "\\documentclass{article}\\begin{document}\\tiny $\\input{C.tex}$\\end{document}"
    (tmp_path / "page.tex").write_text(body)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-600:]


def test_numeric_and_symbolic_views_agree() -> None:
    for weights in ("1 2 3; 4 5 6; 7 8 9", "1.0 2 3; 4 5 6; 7 8 9"):
        numeric = MatrixView(LAYER, read_weights(weights, LAYER), "F")
        exact = MatrixView(LAYER, read_weights("1 2 3; 4 5 6; 7 8 27/3", LAYER), "F")
        assert exact.weights is not None
        assert exact.weights.numeric is None
        left: dict[Any, Any] = numeric.entries
        assert left.keys() == exact.entries.keys()
        assert all(exact.entries[place] == Polynomial.constant(int(left[place])) for place in left)
