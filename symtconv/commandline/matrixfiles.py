"""Reads the matrix of `symtconv identify`: rows of text, or a .npy, .npz, .mtx or .csv file.

Nothing in a file is unpickled or evaluated, and a file that would not fit into memory is refused by its header.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from symtconv.arrays import Array, as_array
from symtconv.commandline.expressions import read_entry
from symtconv.commandline.grammar import shown
from symtconv.commandline.weights import as_expression, cells_of
from symtconv.errors import GeometryError, SymtconvError, TooLarge

MOST_CHARACTERS = 10_000
MOST_BYTES_OF_TEXT = 2**24
MOST_BYTES_OF_NPZ = 2**28
MOST_CELLS = 2**22  # of a dense matrix, and nonzeros of a sparse one
MOST_CELLS_OF_TEXT = 1_000_000
MOST_ROWS = 2**15  # and columns
_NO_NUMBERS = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)


def read_rows(text: str) -> Array:
    """Read the rows of --matrix, parted by semicolons; entries as --weights has them.

    >>> read_rows("1 a/2; 0 1").tolist()
    [[1, a/2], [0, 1]]

    Raises:
        GeometryError: for entries outside the grammar, and for rows of different lengths.
    """
    if len(text) > MOST_CHARACTERS:
        raise GeometryError(
            "--matrix",
            arrived=shown(text),
            rule=f"it has at most {MOST_CHARACTERS:,} characters",
            remedy="Put the matrix into a file and pass its name.",
        )
    return _from_cells([cells_of(row) for row in text.split(";")], "--matrix")


def read_matrix_file(name: str) -> Any:
    """Read a file by its suffix: .npy (numpy.save), .npz (scipy.sparse.save_npz), .mtx (Matrix Market) or .csv.

    Returns:
        An array, of objects where it was text, or a scipy.sparse matrix.

    Raises:
        GeometryError, TooLarge: for files that are missing, damaged, too large, hold no matrix, or nan or infinities.
    """
    readers = {".npy": _npy, ".npz": _npz, ".mtx": _mtx, ".csv": _csv}
    reader = readers.get(Path(name).suffix.lower())
    if reader is None:
        raise _refusal(name, f"the suffix of the file is one of {', '.join(readers)}")
    try:
        if not Path(name).is_file():
            raise _refusal(name, "it is a directory" if Path(name).is_dir() else "there is no such file")
        return reader(Path(name))
    except SymtconvError:
        raise
    except Exception as error:  # a damaged file may raise anything
        words = " ".join(str(error).split())[:200] or type(error).__name__
        if "pickle" in words:  # NumPy's words advise to unpickle it
            words = "it holds pickled objects, and nothing is unpickled"
        raise _refusal(name, f"the file cannot be read ({words})") from None


def _npy(path: Path) -> Array:
    found: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(found, np.ndarray):
        raise _refusal(str(path), "the file holds several arrays", "Save one with numpy.save.")
    _check_size(found.shape, found.size)
    return _finite(as_array("matrix", np.asarray(found)), str(path))


def _npz(path: Path) -> Any:
    import scipy.sparse

    with ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
        names = {part.filename for part in archive.infolist()}
    if "format.npy" not in names:
        rule = "it was not written by scipy.sparse.save_npz"
        raise _refusal(str(path), rule, "Save a dense array as .npy, with numpy.save.")
    if size > MOST_BYTES_OF_NPZ:
        raise TooLarge.of("the matrix", size, MOST_BYTES_OF_NPZ, what="bytes", remedy="Pass a smaller matrix.")
    found: Any = scipy.sparse.load_npz(path)
    _check_size(found.shape, found.nnz)
    if found.dtype == bool:
        found = found.astype(np.int64)
    if hasattr(found, "check_format"):
        found.check_format()  # indices outside of the matrix would be read from foreign memory
    _finite(as_array("matrix", found.data), str(path))
    return found


def _mtx(path: Path) -> Any:
    import scipy.io

    rows, columns, entries, *_ = scipy.io.mminfo(path)
    _check_size((rows, columns), entries)
    found: Any = scipy.io.mmread(path)
    _finite(as_array("matrix", getattr(found, "data", found) if hasattr(found, "nnz") else found), str(path))
    return found


def _csv(path: Path) -> Array:
    if path.stat().st_size > MOST_BYTES_OF_TEXT:
        size = path.stat().st_size
        raise TooLarge.of("the matrix", size, MOST_BYTES_OF_TEXT, what="bytes", remedy="Save it as .npz or .npy.")
    rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig")), skipinitialspace=True)
    return _from_cells([[cell.strip() for cell in row] for row in rows if row], str(path))


def _from_cells(rows: list[list[str]], what: str) -> Array:
    """Read cells into exact numbers and expressions; each different text is read once."""
    if not rows:
        raise _refusal(what, "the file is empty")
    width = len(rows[0])
    ragged = next((number for number, row in enumerate(rows) if len(row) != width), None)
    if ragged is not None:
        counts = f"row 0 has {width} entries and row {ragged} has {len(rows[ragged])} (counted from 0)"
        rule = f"{counts}; all rows have the same length"
        raise _refusal(what, rule)
    _check_size((len(rows), width), len(rows) * width, MOST_CELLS_OF_TEXT)
    known: dict[str, Any] = {}
    matrix = np.empty((len(rows), width), dtype=object)
    for place in np.ndindex(*matrix.shape):
        text = rows[place[0]][place[1]]
        if text not in known:
            known[text] = _cell(text, place)
        matrix[place] = known[text]
    return matrix


def _cell(text: str, place: tuple[int, ...]) -> Any:
    asked = f"the entry at row {place[0]}, column {place[1]} (counted from 0)"
    if _NO_NUMBERS.fullmatch(text):
        raise GeometryError(asked, arrived=shown(text), rule="entries are finite", remedy="Remove it first.")
    try:
        return as_expression(read_entry(text).value)
    except GeometryError as error:
        raise GeometryError(asked, arrived=error.arrived, rule=error.rule) from None


def _check_size(shape: tuple[int, ...], entries: int, most: int = MOST_CELLS) -> None:
    for size, limit, what in ((max(shape, default=0), MOST_ROWS, "rows or columns"), (entries, most, "entries")):
        if size > limit:
            raise TooLarge.of("the matrix", size, limit, what=what, remedy="Pass that of a smaller layer of its kind.")


def _finite(values: Array, name: str) -> Array:
    """Refuse nan and infinities; give True and False as 1 and 0."""
    if values.dtype.kind in "fc" and not np.isfinite(values).all():
        raise _refusal(name, "it holds nan or infinities; entries are finite", "Remove them first.")
    return values.astype(np.int64) if values.dtype == bool else values


def _refusal(name: str, rule: str, remedy: str = "") -> GeometryError:
    return GeometryError("the matrix", arrived=shown(name), rule=rule, remedy=remedy)
