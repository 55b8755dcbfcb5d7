"""The numeric matrix C as a SciPy sparse array, canonical: indices sorted, no duplicates."""

from __future__ import annotations

from math import prod
from typing import Any, Literal

import numpy as np
import scipy.sparse
from numpy.typing import DTypeLike

from symtconv.arrays import Array, kernel_array
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Layer
from symtconv.matrices.vec import Order, check_order, matrix_shape, places
from symtconv.taps import Index, count_nonzeros, reads

Format = Literal["csr", "csc", "coo", "bsr", "dia", "dok", "lil"]
FORMATS = ("csr", "csc", "coo", "bsr", "dia", "dok", "lil")


def sparse_matrix(
    layer: Layer,
    kernel: object,
    *,
    order: Order = "C",
    format: Format = "csr",
    dtype: DTypeLike | None = None,
    max_entries: int = 2**27,
) -> Any:
    """Build the numeric matrix of a layer, vec(y) = C vec(x), as a SciPy sparse array.

    C[(o, i), (c, m)] = sum_j w[o, c, j] [tau(i, j) = m]; for a ConvTranspose it is the transpose of layer.T's. The
    structure depends on the geometry alone: a weight that is zero is stored as one.

    Args:
        layer: a Conv or a ConvTranspose.
        kernel: booleans, integers, floats or complex numbers of shape layer.kernel_shape.
        order: "C" for row-major vec over (channel, *spatial), "F" for the column-stacking vec.
        format: any of SciPy's sparse-array formats.
        dtype: of the entries; by default the kernel's. A conversion that would change a weight is refused.
        max_entries: the most nonzeros (or rows) to store; 2**27 float64 entries with their indices take 1.6 GB.

    Returns:
        scipy.sparse.csr_array, or the array of the named format; indices are int32 where they hold, else int64.

    Raises:
        GeometryError: for Fractions, names and expressions (use symbolic_matrix), and for weights, or sums of weights
            of one entry, that dtype does not hold.
        TooLarge: with the number of nonzeros, or of rows, before anything is built.

    >>> from symtconv import ConvTranspose
    >>> sparse_matrix(ConvTranspose(2, 3, stride=2, padding="same"), [1, 2, 3]).toarray()
    array([[1, 0],
           [2, 0],
           [3, 1],
           [0, 2]])
    """
    check_order(order)
    if format not in FORMATS:
        raise GeometryError(
            "format", arrived=repr(format)[:60], rule=f"SciPy's formats are {', '.join(FORMATS)}", remedy="Pass one."
        )
    weights = _weights(layer, kernel, dtype)
    rows, columns = matrix_shape(layer)
    by_column = columns if format in ("csc", "dia") else 0
    for entries, what in ((count_nonzeros(layer), "nonzeros"), (rows, "rows"), (by_column, "columns")):
        if entries > max_entries:
            raise TooLarge.of(
                f"sparse_matrix of {layer!r}",
                entries,
                max_entries,
                what=what,
                remedy="Use operator, which stores no matrix, or raise max_entries.",
            )
    matrix = _csr(layer, weights, order)
    if layer.transposed:
        matrix = matrix.T
    return matrix.asformat(format)


def _weights(layer: Layer, kernel: object, dtype: DTypeLike | None) -> Array:
    """Read the weights, and convert them where no value changes and no sum of an entry's taps leaves the type."""
    weights = kernel_array(layer, kernel)
    if weights.dtype == object:
        raise GeometryError(
            "kernel of sparse_matrix",
            arrived="exact or symbolic entries (dtype object)",
            rule="a SciPy matrix holds booleans, integers, floats or complex numbers",
            remedy="Use symbolic_matrix for Fractions, names, expressions and integers beyond 64 bits.",
        )
    try:
        wanted = weights.dtype if dtype is None else np.dtype(dtype)
    except TypeError:
        wanted = np.dtype(object)
    if wanted.kind not in "biufc" or wanted == np.float16:
        raise GeometryError(
            "dtype of sparse_matrix",
            arrived=f"{dtype!r:.60}" if dtype is not None else str(wanted),
            rule="SciPy stores booleans, integers, and floats and complex numbers of 32 bits or more",
            remedy="Pass dtype=float32, or another that SciPy stores.",
        )
    complex_lost = weights.dtype.kind == "c" and wanted.kind != "c"
    with np.errstate(all="ignore"):
        converted = (weights.real if complex_lost else weights).astype(wanted)
        back = converted.real.astype(weights.dtype)
    narrowing = wanted.kind in "fc" and weights.dtype.kind in "fc"
    infinite = narrowing and np.count_nonzero(np.isinf(converted)) != np.count_nonzero(np.isinf(weights))
    if complex_lost or infinite or (not narrowing and not np.array_equal(back, weights)):
        raise GeometryError(
            "dtype of sparse_matrix",
            arrived=f"weights of {weights.dtype} for {wanted}",
            rule="the conversion would change them",
            remedy="Pass a dtype that holds every weight.",
        )
    if wanted.kind in "biu" and layer.padding_mode != "zeros":
        most = 1 if wanted.kind == "b" else np.iinfo(wanted).max
        largest = int(np.abs(converted.astype(object)).sum(axis=tuple(range(2, weights.ndim))).max())
        if largest > most:
            raise GeometryError(
                "dtype of sparse_matrix",
                arrived=f"{wanted}, where taps that meet at one pixel may sum to {largest}",
                rule=f"the type ends at {most}",
                remedy="Pass a wider dtype.",
            )
    return converted


def _csr(layer: Layer, weights: Array, order: Order) -> Any:
    """Build the convolution's matrix: one output channel after another repeats one pattern of the group's reads."""
    found = reads(layer)
    rows, columns = matrix_shape(layer.convolution)
    outputs, inputs = prod(layer.small_shape), prod(layer.large_shape)
    depth = weights.shape[1]
    per_row = np.bincount(found.rows, minlength=outputs)
    entries = layer.small_channels * depth * len(found.rows)
    index_type = np.int32 if max(entries, rows, columns) < 2**31 else np.int64
    pattern_tap, pattern_column = _channel_pattern(
        found.taps, found.columns, per_row, depth, inputs, weights[0, 0].size
    )

    indptr = np.zeros(rows + 1, dtype=index_type)
    np.cumsum(np.tile(per_row * depth, layer.small_channels), out=indptr[1:])
    indices = np.empty((layer.small_channels, depth * len(found.rows)), dtype=index_type)
    data = np.empty(indices.shape, dtype=weights.dtype)
    per_group = layer.small_channels // layer.groups
    for small in range(layer.small_channels):
        np.add(pattern_column, small // per_group * depth * inputs, out=indices[small], casting="unsafe")
        np.take(weights[small].reshape(-1), pattern_tap, out=data[small])
    matrix = scipy.sparse.csr_array((data.reshape(-1), indices.reshape(-1), indptr), shape=(rows, columns))
    if order == "F":
        matrix = _column_stacked(layer, matrix)
    if layer.padding_mode != "zeros" or order == "F":
        matrix.sort_indices()
    if layer.padding_mode != "zeros":
        matrix.sum_duplicates()
    matrix.has_canonical_format = True
    return matrix


def _channel_pattern(
    taps: Index, columns: Index, per_row: Index, depth: int, inputs: int, kernel_pixels: int
) -> tuple[Index, Index]:
    """Repeat every row's reads for each input channel of a group, channel after channel within the row."""
    if depth == 1:
        return taps, columns
    starts = np.cumsum(per_row) - per_row
    counts = np.repeat(per_row, depth)
    position = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    read = np.repeat(np.repeat(starts, depth), counts) + position
    channel = np.repeat(np.tile(np.arange(depth), len(per_row)), counts)
    return channel * kernel_pixels + taps[read], channel * inputs + columns[read]


def _column_stacked(layer: Layer, matrix: Any) -> Any:
    """Move rows and columns to their places in the column-stacking vec."""
    row_place = places(layer.small_channels, layer.small_shape, "F")
    column_place = places(layer.large_channels, layer.large_shape, "F")
    moved = matrix[np.argsort(row_place)]
    moved.indices = column_place[moved.indices].astype(moved.indices.dtype)
    moved.has_sorted_indices = False
    return moved
