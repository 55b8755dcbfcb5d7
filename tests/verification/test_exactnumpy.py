"""NumPy's stand-in: what makes arrays makes exact ones, what is an index stays one, everything else is NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symtconv import SymtconvError
from symtconv.verification.exactnumpy import ExactArray, Exchange, as_exact
from symtconv.verification.indeterminate import Indeterminate, Meter, exact_number

exact: Any = Exchange(Meter()).of(np)

MAKERS: dict[str, Any] = {
    "zeros": exact.zeros((2, 2)),
    "zeros of float": exact.zeros((2, 2), float),
    "ones": exact.ones(3),
    "full": exact.full((2,), 0.5),
    "full of float": exact.full((2,), 1, float),
    "zeros_like": exact.zeros_like(np.ones(3)),
    "ones_like": exact.ones_like(np.ones(3), dtype=complex),
    "empty": exact.empty(2),
    "empty_like": exact.empty_like(np.ones(2)),
    "array": exact.array([1.5, 2]),
    "asarray": exact.asarray(np.ones(2), dtype="f4"),
    "eye": exact.eye(3),
    "identity": exact.identity(2, float),
    "astype": exact.zeros(2).astype(np.float32),
    "pad": exact.pad(exact.zeros(2), 1),
    "stack": exact.stack([exact.zeros(2), exact.zeros(2)]),
    "fromiter": exact.fromiter((value for value in (0.5, 1)), float),
    "repeat": exact.repeat(0.0, 3),
    "tile": exact.tile([0.0], 3),
    "sum": exact.sum(exact.ones((2, 2)), axis=0, dtype=np.float64),
}


@pytest.mark.parametrize("name", MAKERS)
def test_makers_make_exact_arrays(name: str) -> None:
    assert type(MAKERS[name]) is ExactArray
    assert MAKERS[name].dtype == object


def test_indices_masks_and_types_stay_numpys() -> None:
    assert exact.arange(3).dtype.kind == "i"
    assert exact.array([1, 2]).dtype.kind == "i"
    assert exact.zeros(2, dtype=int).dtype.kind == "i"
    assert exact.zeros(2).astype(int).dtype.kind == "i"
    assert exact.floor(exact.array([0.5, 1.5])).tolist() == [0, 1]
    assert exact.zeros(2, dtype=bool).dtype == bool
    assert exact.array(["a"]).dtype.kind == "U"
    assert exact.ndarray is np.ndarray
    assert exact.float64 is np.float64
    assert exact.add is np.add
    assert exact.newaxis is None
    assert exact.pi == np.pi
    with pytest.raises(AttributeError):
        _ = exact.no_such_function


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_matrices_stay_matrices() -> None:
    column = exact.asmatrix(exact.zeros((3, 1)))
    assert type(column) is np.matrix
    assert (column.T * column).shape == (1, 1)


def test_float_types_are_left_out_of_sums() -> None:
    values = as_exact([1, 2])
    assert values.sum(dtype=np.float64) == exact.add(values[0], values[1], dtype=float) == 3
    assert values.mean() == 1.5


def test_arrays_of_whole_numbers_are_indices() -> None:
    values = as_exact([10, 20, 30])
    places = exact.array([2, 0])
    assert values[places].tolist() == [30, 10]
    values[places] = 0
    assert values.tolist() == [0, 20, 0]
    grid = as_exact([[1, 2], [3, 4]])
    assert grid[exact.array([1, 0]), exact.array([1, 1])].tolist() == [4, 2]
    assert grid[exact.array([[True, False], [False, True]])].tolist() == [1, 4]
    with pytest.raises(IndexError):
        _ = values[exact.array([0.5])]


def test_single_values_come_as_themselves() -> None:
    assert type(exact.sum(exact.array([1.0, 2]))) is float
    assert type(as_exact([1, 2]).sum()) is int
    assert type(as_exact([1, 2]) @ as_exact([1, 2])) is int


def test_unset_memory_is_different_everywhere() -> None:
    cells = [repr(cell) for cell in exact.empty((2, 2)).flat]
    assert len(set(cells)) == 4
    assert all(isinstance(cell, Indeterminate) for cell in exact.empty(2).flat)


def test_strided_views_stay_within_the_array() -> None:
    x = as_exact([1, 2, 3, 4])
    view = exact.lib.stride_tricks.as_strided
    assert view(x, (3, 2), (8, 8)).tolist() == [[1, 2], [2, 3], [3, 4]]
    assert view(x[::-1], (4,), (-8,)).tolist() == [4, 3, 2, 1]
    assert view(x[1:], (2, 2), (8, 8)).tolist() == [[2, 3], [3, 4]]
    for shape, strides in (((5,), (8,)), ((4,), (-8,)), ((2,), (4,)), ((3, 3), (8, 8))):
        with pytest.raises(SymtconvError, match="inside"):
            view(x, shape, strides)


def test_numbers_are_read_exactly() -> None:
    assert exact_number(np.float32(0.5)) == exact_number(0.5)
    assert exact_number(np.int8(3)) == 3
    assert exact_number(0.1) != exact_number(np.float32(0.1))
    assert [exact_number(value) for value in (float("inf"), 1j, "1", None, [1])] == [None] * 5
