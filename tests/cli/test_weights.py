"""--weights: rows, .npy and .csv files, good and damaged."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, GeometryError
from symtconv.commandline.weights import read_weights

SQUARE, LINE = Conv((5, 5), 2), Conv(5, 3)


def exact(text: str, layer: Conv) -> Any:
    found = read_weights(text, layer).exact
    assert found is not None
    return found.tolist()


@pytest.mark.parametrize("text", ["1 2; 3 -4", "1,2;3,-4", " 1 , 2 ;3  -4 ", "1\t2;3 (-5 + 1)"])
def test_rows(text: str) -> None:
    assert exact(text, SQUARE) == [[[[1, 2], [3, -4]]]]


def test_fractions_decimals_and_names_are_exact() -> None:
    assert exact("1/3 0.1 -2", LINE) == [[[Fraction(1, 3), Fraction(1, 10), -2]]]
    names = read_weights("a a/2 (a + b)**2", LINE).exact
    x, y = sympy.symbols("a b")
    assert names is not None
    assert [sympy.expand(value) for value in names.reshape(-1)] == [x, x / 2, x**2 + 2 * x * y + y**2]


@pytest.mark.parametrize(
    ("text", "dtype", "values"),
    [
        ("1 2 -3", np.int64, [1, 2, -3]),
        ("0.1 2 -3", np.float64, [0.1, 2, -3]),
        ("1/3 2 3", None, None),
        ("a 2 3", None, None),
        (f"{2**63} 1 1", None, None),
        (f"{2**53 + 1} 0.5 1", None, None),
    ],
)
def test_numbers_are_numeric_unless_they_would_be_rounded(text: str, dtype: Any, values: Any) -> None:
    numeric = read_weights(text, LINE).numeric
    if values is None:
        assert numeric is None
    else:
        assert numeric is not None
        assert numeric.dtype == dtype
        assert numeric.reshape(-1).tolist() == values


@pytest.mark.parametrize(
    "text", ["", ";", "1 2", "1 2 3 4", "1 2; 3", "1 2; 3 4; 5 6", "1,,2", "1 2;", "1 2) (3", "x" * 10_001, "a.txt"]
)
def test_rows_that_do_not_fit_are_refused(text: str) -> None:
    for layer in (SQUARE, LINE):
        with pytest.raises(GeometryError):
            read_weights(text, layer)


def test_long_rows_belong_into_a_file() -> None:
    with pytest.raises(GeometryError, match=r"100,000 characters.*at most 10,000 characters.*\.npy"):
        read_weights("1 " * 50_000, LINE)


def test_rows_are_for_one_channel_and_two_axes() -> None:
    for layer in (Conv((5, 5), 2, in_channels=2), Conv((3, 3, 3), 2)):
        with pytest.raises(GeometryError, match=r"numpy\.save"):
            read_weights("1 2; 3 4", layer)


def test_npy_of_any_shape_that_fits(tmp_path: Path) -> None:
    layer = Conv((4, 4), 2, in_channels=2, out_channels=3)
    values = np.arange(24, dtype=np.float32).reshape(3, 2, 2, 2) / 4
    np.save(tmp_path / "w.npy", values)
    found = read_weights(str(tmp_path / "w.npy"), layer)
    assert found.numeric is not None
    assert found.numeric.dtype == np.float32
    assert np.array_equal(found.numeric, values)
    exactly = found.for_proof()
    assert exactly[0, 0, 0, 1] == Fraction(1, 4)
    assert isinstance(exactly[0, 1, 0, 0], int)


def test_complex_weights_are_numeric_only(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array([1j, 2, 3]))
    found = read_weights(str(tmp_path / "w.npy"), LINE)
    assert found.numeric is not None
    with pytest.raises(GeometryError, match="complex"):
        found.for_proof()


class Trap:
    def __reduce__(self) -> Any:
        return exec, ("raise SystemExit('unpickled')",)


def damaged(directory: Path) -> dict[str, Path]:
    files = {name: directory / f"{name}.npy" for name in ("text", "empty", "pickle", "objects", "short", "huge", "nan")}
    files["text"].write_text("1 2 3")
    files["empty"].write_bytes(b"")
    files["pickle"].write_bytes(pickle.dumps(Trap()))
    np.save(files["objects"], np.array([Trap(), 1, 2], dtype=object))
    np.save(files["short"], np.arange(3.0))
    files["short"].write_bytes(files["short"].read_bytes()[:-8])
    np.save(files["huge"], np.arange(3.0))
    files["huge"].write_bytes(files["huge"].read_bytes().replace(b"(3,), }          ", b"(3000000000000,)}"))
    np.save(files["nan"], np.array([1, np.nan, 2]))
    files["words"] = directory / "words.npy"
    np.save(files["words"], np.array(["a", "b", "c"]))
    files["zip"] = directory / "zip.npy"
    with files["zip"].open("wb") as file:
        np.savez(file, a=np.arange(3), b=np.arange(3))
    files["missing"] = directory / "missing.npy"
    files["directory"] = directory / "directory.npy"
    files["directory"].mkdir()
    files["two rows"] = directory / "two.csv"
    files["two rows"].write_text("1,2,3\n4,5,6\n")
    files["bytes"] = directory / "bytes.csv"
    files["bytes"].write_bytes(b"1,\xff,3\n")
    files["nothing"] = directory / "nothing.csv"
    files["nothing"].write_text("\n\n")
    files["code"] = directory / "code.csv"
    files["code"].write_text("1,__import__('os'),3\n")
    files["large"] = directory / "large.csv"
    files["large"].write_text("1," * 600_000)
    return files


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    files = damaged(tmp_path)
    assert len(files["huge"].read_bytes()) == 128 + 24
    for name, path in files.items():
        with pytest.raises(GeometryError) as caught:
            read_weights(str(path), LINE)
        assert len(str(caught.value)) < 500, name


@pytest.mark.parametrize("text", ["1, 2, 1/3\n", "\ufeff1,2,1/3\r\n\r\n", '"1","2","1/3"', "1\n2\n1/3\n"])
def test_csv(tmp_path: Path, text: str) -> None:
    path = tmp_path / "w.CSV"
    path.write_text(text, encoding="utf-8", newline="")
    assert exact(str(path), LINE) == [[[1, 2, Fraction(1, 3)]]]
