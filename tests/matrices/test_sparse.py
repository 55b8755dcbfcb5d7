"""The numeric matrix: its values, its form, its types and what it refuses."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, TooLarge, sparse_matrix, symbolic_matrix
from symtconv.geometry import Layer
from symtconv.matrices.sparse import FORMATS
from symtconv.taps import count_nonzeros
from tests import definitions
from tests.cases import DCGAN_5, LENET, every_layer
from tests.strategies import layers, seeds


def check_canonical(matrix: Any) -> None:
    """Look at the arrays themselves: sorted within every row, no column twice."""
    assert matrix.has_sorted_indices
    assert matrix.has_canonical_format
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        row = matrix.indices[start:stop].tolist()
        assert row == sorted(set(row))
    assert matrix.indptr[-1] == len(matrix.indices) == len(matrix.data)


@every_layer
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_matrix_is_the_definitions_and_canonical(layer: Layer, order: Any) -> None:
    _, w = definitions.numbers(layer)
    C = sparse_matrix(layer, w, order=order)
    assert isinstance(C, scipy.sparse.csr_array)
    assert C.toarray().tolist() == definitions.matrix(layer, w, order).tolist()
    check_canonical(C)


@given(layers(3), seeds)
def test_the_matrix_is_the_definitions_for_any_layer(layer: Layer, seed: int) -> None:
    _, w = definitions.numbers(layer, seed)
    for order in ("C", "F"):
        C = sparse_matrix(layer, w, order=order)
        assert C.toarray().tolist() == definitions.matrix(layer, w, order).tolist()
        check_canonical(C)


@every_layer
def test_the_structure_is_the_geometrys_and_a_zero_weight_is_stored(layer: Layer) -> None:
    ones = sparse_matrix(layer, np.ones(layer.kernel_shape, dtype=int))
    noughts = sparse_matrix(layer, np.zeros(layer.kernel_shape, dtype=int))
    assert ones.nnz == noughts.nnz == count_nonzeros(layer)
    assert np.count_nonzero(ones.data) == ones.nnz
    assert (ones.indices == noughts.indices).all()
    assert (ones.indptr == noughts.indptr).all()


@every_layer
def test_the_matrix_of_the_transpose_is_the_transposed_matrix(layer: Layer) -> None:
    _, w = definitions.numbers(layer)
    assert (sparse_matrix(layer.T, w) != sparse_matrix(layer, w).T).nnz == 0


@every_layer
def test_symbolic_and_numeric_matrix_agree(layer: Layer) -> None:
    _, w = definitions.numbers(layer)
    exact = symbolic_matrix(layer, w).todok()
    numeric = sparse_matrix(layer, w).todok()
    assert {place: int(value) for place, value in exact.items()} == {
        (int(row), int(column)): int(value) for (row, column), value in numeric.items() if value
    }


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "layer",
    [Conv((4, 5), 3, stride=2, padding=1), ConvTranspose((2, 2), 3, padding=1, in_channels=2, padding_mode="circular")],
    ids=["Conv", "ConvTranspose"],
)
def test_every_format_of_scipy_is_made(layer: Layer, format: Any) -> None:
    _, w = definitions.numbers(layer)
    C = sparse_matrix(layer, w, format=format)
    assert isinstance(C, getattr(scipy.sparse, f"{format}_array"))
    assert C.format == format
    assert C.toarray().tolist() == definitions.matrix(layer, w).tolist()
    if format in ("csr", "csc"):
        check_canonical(C)


@pytest.mark.parametrize("format", ["CSR", "dense", "", None, ["csr"]])
def test_unknown_formats_are_refused_with_the_formats(format: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        sparse_matrix(Conv(4, 2), [1, 2], format=format)
    assert caught.value.rule == "SciPy's formats are csr, csc, coo, bsr, dia, dok, lil"


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float32",
        "float64",
        "complex64",
    ],
)
def test_the_kernels_type_is_kept(dtype: str) -> None:
    C = sparse_matrix(ConvTranspose(2, 2), np.ones(2, dtype=dtype))
    assert C.dtype == dtype
    assert C.toarray().real.astype(int).tolist() == [[1, 0], [1, 1], [0, 1]]


def test_a_type_can_be_asked_for() -> None:
    assert sparse_matrix(Conv(3, 2), [1, 2], dtype="int8").dtype == np.int8
    assert sparse_matrix(Conv(3, 2), [1, 2], dtype=np.complex128).dtype == np.complex128
    assert sparse_matrix(Conv(3, 2), [0.1, 2.0], dtype=np.float32).dtype == np.float32
    assert sparse_matrix(Conv(3, 2), np.ones(2, dtype=np.float16), dtype=np.float32).dtype == np.float32
    assert sparse_matrix(Conv(3, 2), [1.0, 2.0], dtype=int).dtype == np.int64


@pytest.mark.parametrize(
    ("kernel", "dtype"),
    [
        ([300, 1], "int8"),
        ([-1, 1], "uint8"),
        ([2, 1], "bool"),
        ([0.5, 1], "int64"),
        ([1j, 1], "float64"),
        ([1 + 0j, 1], "float64"),
        ([2**53 + 1, 1], "float64"),
        ([1e300, 1], "float32"),
        ([float("nan"), 1], "int64"),
    ],
    ids=str,
)
def test_a_type_that_would_change_a_weight_is_refused(kernel: Any, dtype: str) -> None:
    with pytest.raises(GeometryError) as caught:
        sparse_matrix(Conv(3, 2), kernel, dtype=dtype)
    assert caught.value.asked == "dtype of sparse_matrix"
    assert caught.value.rule == "the conversion would change them"
    assert dtype in caught.value.arrived


def test_infinity_stays_infinity() -> None:
    assert sparse_matrix(Conv(2, 2), [float("inf"), 1], dtype="float32").toarray().tolist() == [[float("inf"), 1]]


@pytest.mark.parametrize("dtype", ["float16", "U3", "datetime64[s]", object])
def test_types_that_scipy_does_not_store_are_refused(dtype: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        sparse_matrix(Conv(3, 2), [1, 2], dtype=dtype)
    assert "SciPy stores" in caught.value.rule


def test_a_half_precision_kernel_is_pointed_to_float32() -> None:
    with pytest.raises(GeometryError, match="float32"):
        sparse_matrix(Conv(3, 2), np.ones(2, dtype=np.float16))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8"])
def test_sums_of_taps_that_leave_the_type_are_refused(dtype: str) -> None:
    layer = Conv(1, 2, padding=[(0, 1)], padding_mode="replicate")
    most = 1 if dtype == "bool" else np.iinfo(dtype).max
    with pytest.raises(GeometryError) as caught:
        sparse_matrix(layer, np.array([most, 1], dtype=dtype))
    assert f"may sum to {int(most) + 1}" in caught.value.arrived
    assert caught.value.rule == f"the type ends at {most}"
    assert sparse_matrix(layer, np.array([most, 0], dtype=dtype)).toarray().tolist() == [[most]]
    assert sparse_matrix(layer, np.array([most, 1], dtype=dtype), dtype="int16").toarray().tolist() == [[int(most) + 1]]


@pytest.mark.parametrize(
    "kernel",
    [[Fraction(1, 2), 1], [sympy.Symbol("a"), 1], sympy.Array([1, 2]), [2**70, 1], [sympy.Rational(1, 2), 2]],
    ids=["Fraction", "name", "SymPy-array", "big", "Rational"],
)
def test_exact_kernels_are_refused_with_a_pointer(kernel: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        sparse_matrix(Conv(4, 2), kernel)
    assert caught.value.asked == "kernel of sparse_matrix"
    assert "symbolic_matrix" in caught.value.remedy


def test_text_is_refused() -> None:
    with pytest.raises(GeometryError):
        sparse_matrix(Conv(4, 2), ["1", "2"])


@pytest.mark.parametrize("stride", [10**9, 1_400_000_000])
def test_indices_are_64_bit_where_32_do_not_hold_them(stride: int) -> None:
    layer = Conv(3_000_000_000, 1, stride=stride)
    assert layer.output_shape == (3,)
    C = sparse_matrix(layer, [7])
    assert C.shape == (3, 3_000_000_000)
    assert C.indices.dtype == np.int64
    assert C.indices.tolist() == [0, stride, 2 * stride]
    assert C.data.tolist() == [7, 7, 7]
    assert C.has_canonical_format
    assert C[[2], :].indices.tolist() == [2 * stride]


def test_indices_are_32_bit_where_those_hold_them() -> None:
    C = sparse_matrix(Conv(10, 3), [1, 2, 3])
    assert C.indices.dtype == C.indptr.dtype == np.int32


def test_too_many_nonzeros_are_refused_at_once_with_their_number() -> None:
    start = time.perf_counter()
    with pytest.raises(TooLarge) as caught:
        sparse_matrix(DCGAN_5, np.broadcast_to(np.float32(1), DCGAN_5.kernel_shape))
    assert time.perf_counter() - start < 1
    assert caught.value.entries == 151_519_232
    assert caught.value.limit == 2**27
    assert "151,519,232 nonzeros" in str(caught.value)
    assert "operator" in caught.value.remedy


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(TooLarge) as caught:
        sparse_matrix(ConvTranspose(2, 1, stride=10**12), [1])
    assert caught.value.entries == 10**12 + 1
    assert "rows" in str(caught.value)


@pytest.mark.parametrize("format", ["csc", "dia"])
def test_too_many_columns_are_refused_where_the_format_counts_them(format: Any) -> None:
    with pytest.raises(TooLarge) as caught:
        sparse_matrix(Conv(3_000_000_000, 1, stride=10**9), [7], format=format)
    assert caught.value.entries == 3_000_000_000
    assert "columns" in str(caught.value)


def test_max_entries_is_the_callers() -> None:
    assert sparse_matrix(LENET, np.ones((5, 5)), max_entries=14_400).nnz == 14_400
    with pytest.raises(TooLarge):
        sparse_matrix(LENET, np.ones((5, 5)), max_entries=14_399)


def test_strides_and_dilations_beyond_64_bits() -> None:
    assert sparse_matrix(Conv(4, 2, stride=10**30), [1, 2]).toarray().tolist() == [[1, 2, 0, 0]]
    assert sparse_matrix(Conv(2, 1, dilation=10**30), [5]).toarray().tolist() == [[5, 0], [0, 5]]
    assert sparse_matrix(ConvTranspose(1, 2, stride=10**30), [1, 2]).toarray().tolist() == [[1], [2]]


def test_the_kernel_is_not_changed_or_shared() -> None:
    kernel = np.array([1.0, 2.0])
    C = sparse_matrix(Conv(2, 2), kernel)
    C.data[:] = 9
    assert kernel.tolist() == [1, 2]
