"""Reading the arrays of a call: weights, inputs and biases, in the shape that the layer has for them."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symtconv.errors import GeometryError
from symtconv.geometry import Layer

Array = NDArray[Any]


def check_layer(layer: object) -> None:
    """Refuse what is no layer."""
    if not isinstance(layer, Layer):
        raise GeometryError(
            "layer", arrived=repr(layer)[:60], rule="it is a Conv or a ConvTranspose", remedy="Make one."
        )


def kernel_array(layer: Layer, kernel: object) -> Array:
    """Read a weight as an array of layer.kernel_shape; with one channel in and out, plain kernel_size is accepted.

    >>> from symtconv import Conv
    >>> kernel_array(Conv(4, 2), [1, 2]).shape
    (1, 1, 2)
    """
    check_layer(layer)
    weights = as_array("kernel", kernel)
    if layer.single_channel and weights.shape == layer.kernel_size:
        return weights.reshape(layer.kernel_shape)
    if weights.shape != layer.kernel_shape:
        plain = f", or {layer.kernel_size}" if layer.single_channel else ""
        sides = "(in, out/groups, *kernel_size)" if layer.transposed else "(out, in/groups, *kernel_size)"
        raise GeometryError(
            f"kernel for {layer!r}",
            arrived=f"shape {weights.shape}",
            rule=f"the weight has shape {sides} = {layer.kernel_shape}{plain}",
            remedy="Reshape or transpose the weight.",
        )
    return weights


def input_array(layer: Layer, x: object) -> tuple[Array, bool]:
    """Read an input as (..., in_channels, *input_shape), and say whether it came as a plain spatial array."""
    check_layer(layer)
    values = as_array("x", x)
    full = (layer.in_channels, *layer.input_shape)
    if layer.single_channel and values.shape == layer.input_shape:
        return values.reshape(full), True
    if values.shape[-len(full) :] != full:
        plain = f", or {layer.input_shape}" if layer.single_channel else ""
        raise GeometryError(
            f"x for {layer!r}",
            arrived=f"shape {values.shape}",
            rule=f"the input has shape (..., in_channels, *input_shape) = (..., {', '.join(map(str, full))}){plain}",
            remedy="Reshape the input, channels before pixels.",
        )
    return values, False


def bias_array(layer: Layer, bias: object) -> Array:
    """Read a bias, one value an output channel."""
    values = as_array("bias", bias)
    if values.shape != (layer.out_channels,):
        raise GeometryError(
            f"bias for {layer!r}",
            arrived=f"shape {values.shape}",
            rule=f"the bias has shape (out_channels,) = ({layer.out_channels},)",
            remedy="Pass one value an output channel.",
        )
    return values


def as_array(name: str, value: Any) -> Array:
    """Read whatever numpy.asarray takes, and SymPy arrays; refuse text, dates, records and ragged lists.

    Text is refused rather than read as a formula: nothing that a user passes is ever evaluated.
    """
    if is_sympy_array(value):
        return np.array(value.reshape(len(value)).tolist(), dtype=object).reshape(value.shape)
    try:
        values = np.asarray(value)
    except ValueError as error:
        raise GeometryError(
            name, arrived=f"a {type(value).__name__} that is no array ({error})", rule="its rows differ in length"
        ) from None
    if values.dtype.kind == "f" and isinstance(value, (list, tuple)):
        exact = np.asarray(value, dtype=object)  # NumPy rounds lists such as [2**63, -1] to floats
        if all(isinstance(entry, int) for entry in exact.flat):
            values = exact
    if values.dtype.kind not in "biufcO":
        raise GeometryError(
            name,
            arrived=f"dtype {values.dtype}",
            rule="entries are numbers, Fractions or SymPy expressions",
            remedy="Make names with sympy.Symbol, fractions with fractions.Fraction.",
        )
    if values.dtype == object:
        for entry in values.flat:
            if entry is None or isinstance(entry, (str, bytes, list, tuple, dict, set)):
                raise GeometryError(
                    name,
                    arrived=f"an entry {str(entry)[:40]!r} of type {type(entry).__name__}",
                    rule="entries are numbers, Fractions or SymPy expressions",
                    remedy="Make names with sympy.Symbol, fractions with fractions.Fraction.",
                )
    return values


def is_sympy_array(value: object) -> bool:
    """Tell whether a value is a SymPy N-dimensional array, without importing SymPy."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.NDimArray)


def to_sympy_array(values: Array) -> Any:
    """Turn an ndarray into SymPy's immutable N-dimensional array."""
    import sympy

    return sympy.ImmutableDenseNDimArray(list(values.flat), values.shape)


def widened(*arrays: Array) -> tuple[Array, ...]:
    """Give integer and boolean arrays enough room for a sum of products of them: int64, or Python's own integers.

    The sum of all |products| is bounded by the product of the arrays' sums of absolute values; where that bound leaves
    int64, Python's integers do the work, so no result ever wraps around. A third array, the bias, is one more summand;
    where it is no integer, the other two still get their room.
    """
    whole = [array.dtype.kind in "biu" for array in arrays]
    if not all(whole):
        return (*widened(*arrays[:2]), *arrays[2:]) if all(whole[:2]) else arrays
    bound = 1.001
    for array in arrays:
        bound *= max(float(np.abs(array.astype(np.float64)).sum()), 1.0)
    return tuple(array.astype(np.int64 if bound < 2**62 else object) for array in arrays)


def at(*index: Any) -> Any:
    """Give an index made of slices and unpacked parts, x[at(..., *slices)] (NumPy's type hints know no unpacking)."""
    return index
