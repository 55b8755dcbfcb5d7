"""The symbolic matrix C: a SymPy sparse matrix whose entries are the kernel's names or expressions."""

from __future__ import annotations

from math import prod

import numpy as np
import sympy

from symtconv.arrays import Array, check_layer, kernel_array
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Layer
from symtconv.matrices.entries import tap_entries
from symtconv.matrices.vec import Order, check_order, matrix_shape, places
from symtconv.taps import count_nonzeros

MAX_SYMBOLS = 1_000_000


def kernel_symbols(layer: Layer) -> Array:
    """Give the kernel's names: w_{a,b} as an array kernel_size, or w_{o,c,a,b} of kernel_shape with more channels.

    >>> from symtconv import Conv
    >>> kernel_symbols(Conv((4, 4), 2)).tolist()
    [[w_{0,0}, w_{0,1}], [w_{1,0}, w_{1,1}]]
    """
    check_layer(layer)
    return _symbols("w", layer.kernel_size if layer.single_channel else layer.kernel_shape)


def input_symbols(layer: Layer) -> Array:
    """Give the input's names: x_{a,b} for a Conv and v_{a,b} for a ConvTranspose, channel first with more channels.

    >>> from symtconv import ConvTranspose
    >>> input_symbols(ConvTranspose(2, 2, out_channels=2)).tolist()
    [[v_{0,0}, v_{0,1}]]
    """
    check_layer(layer)
    shape = layer.input_shape if layer.single_channel else (layer.in_channels, *layer.input_shape)
    return _symbols("v" if layer.transposed else "x", shape)


def _symbols(letter: str, shape: tuple[int, ...]) -> Array:
    """Give an array of plain commuting symbols, named by their indices."""
    if prod(shape) > MAX_SYMBOLS:
        raise TooLarge.of(
            f"symbols of shape {shape}",
            prod(shape),
            MAX_SYMBOLS,
            what="names",
            remedy="Take a smaller layer of the same kind, or numbers.",
        )
    names = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        names[index] = sympy.Symbol(f"{letter}_{{{','.join(map(str, index))}}}")
    return names


def symbolic_matrix(
    layer: Layer, kernel: object = None, *, order: Order = "C", max_entries: int = 1_000_000
) -> sympy.SparseMatrix:
    """Build the matrix of a layer with symbolic or exact entries, vec(y) = C vec(x).

    C[(o, i), (c, m)] = sum_j w[o, c, j] [tau(i, j) = m]; for a ConvTranspose it is the transpose of layer.T's.

    Args:
        layer: a Conv or a ConvTranspose.
        kernel: numbers, Fractions or SymPy expressions of shape layer.kernel_shape; kernel_symbols(layer) when None.
        order: "C" for row-major vec over (channel, *spatial), "F" for the column-stacking vec.
        max_entries: the most nonzeros to build.

    Returns:
        A sympy.SparseMatrix of shape (out_channels * outputs, in_channels * inputs).

    Raises:
        TooLarge: with the number of nonzeros, before anything is built.

    >>> from symtconv import ConvTranspose
    >>> symbolic_matrix(ConvTranspose(2, 3, stride=2, padding="same"))
    Matrix([
    [w_{0},     0],
    [w_{1},     0],
    [w_{2}, w_{0}],
    [    0, w_{1}]])
    """
    check_layer(layer)
    check_order(order)
    nonzeros = count_nonzeros(layer)
    if nonzeros > max_entries:
        raise TooLarge.of(
            f"symbolic_matrix of {layer!r}",
            nonzeros,
            max_entries,
            remedy="Raise max_entries, or use sparse_matrix or operator for numbers.",
        )
    names = sympified(kernel_array(layer, kernel_symbols(layer) if kernel is None else kernel))
    row_place = places(layer.out_channels, layer.output_shape, order).tolist()
    column_place = places(layer.in_channels, layer.input_shape, order).tolist()
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for row, column, weight in tap_entries(layer, names):
        place = (row_place[row], column_place[column])
        entries[place] = entries[place] + weight if place in entries else weight
    return sympy.SparseMatrix(*matrix_shape(layer), entries)


def sympified(values: Array) -> Array:
    """Turn exact values into SymPy expressions; text is refused, never parsed."""
    expressions = np.empty(values.shape, dtype=object)
    for index in np.ndindex(*values.shape):
        try:
            value = int(values[index]) if isinstance(values[index], (bool, np.bool_)) else values[index]
            expressions[index] = sympy.sympify(value, strict=True)
            if not isinstance(expressions[index], sympy.Expr):
                raise sympy.SympifyError(value)
        except sympy.SympifyError:
            raise GeometryError(
                "an entry",
                arrived=f"{values[index]!r:.60} of type {type(values[index]).__name__}",
                rule="it must be a number, a Fraction or a SymPy expression",
                remedy="Convert it first.",
            ) from None
    return expressions
