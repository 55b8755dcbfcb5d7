"""A layer as the theorems see it: its definition run on indeterminates, and its matrices, as the kernel's terms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array, kernel_array
from symtconv.catalogue.sympyderivatives import derivatives, polynomials
from symtconv.catalogue.vocabulary import vector
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Conv, Layer
from symtconv.layers import convolve, transpose_by
from symtconv.matrices.symbolic import input_symbols, kernel_symbols, symbolic_matrix, sympified
from symtconv.matrices.unfold import kernel_jacobian
from symtconv.matrices.vec import matrix_shape
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.proofs.terms import Defined, Place, Table, table
from symtconv.taps import count_nonzeros

SYMPY_NONZEROS = 200
MAX_ENTRIES = 200_000


def indeterminate_size(layer: Layer) -> int:
    """Give the size of running a layer on indeterminates: its taps (padding included), pixels and weights."""
    padded = prod(n + max(lo, 0) + max(hi, 0) for n, (lo, hi) in zip(layer.large_shape, layer.padding, strict=True))
    taps = prod(layer.small_shape) * layer.small_channels * prod(layer.kernel_shape[1:])
    return max(taps, *matrix_shape(layer), prod(layer.kernel_shape), padded)


@dataclass(frozen=True)
class Subject:
    """A layer and, if given, exact weights for it; everything is about its convolution, y = C x."""

    layer: Layer
    kernel: object = None

    def __post_init__(self) -> None:
        entries = indeterminate_size(self.layer)
        if entries > MAX_ENTRIES:
            raise TooLarge.of(
                f"a proof for {self.layer!r}",
                entries,
                MAX_ENTRIES,
                what="entries and pixels",
                remedy="Ask for a smaller layer of the same kind.",
            )

    @cached_property
    def conv(self) -> Conv:
        """The convolution whose matrix is C."""
        return self.layer.convolution

    @cached_property
    def differentiates_twice(self) -> bool:
        """Whether SymPy's diff takes every derivative a second time: for layers of a size that people print."""
        return count_nonzeros(self.layer) <= SYMPY_NONZEROS

    @cached_property
    def indices(self) -> tuple[tuple[str, Place], tuple[str, Place]]:
        """The names of an output's and an input's place, i and m; with several channels i0 and m0 are the channels."""
        small = (
            self.conv.small_shape if self.conv.single_channel else (self.conv.small_channels, *self.conv.small_shape)
        )
        large = (
            self.conv.large_shape if self.conv.single_channel else (self.conv.large_channels, *self.conv.large_shape)
        )
        return ("i", small), ("m", large)

    @cached_property
    def w_symbols(self) -> Array:
        """The weights as SymPy sees them: names, or the given values."""
        given = kernel_symbols(self.conv) if self.kernel is None else self.kernel
        weights = sympified(kernel_array(self.conv, given))
        odd = [
            symbol for weight in weights.flat for symbol in weight.free_symbols if symbol != sympy.Symbol(symbol.name)
        ]
        if odd:
            raise GeometryError(
                "kernel of a proof",
                arrived=f"the symbol {odd[0]}, which carries assumptions",
                rule="a proof is about plain commuting symbols",
                remedy=f"Use sympy.Symbol({odd[0].name!r}).",
            )
        names = {symbol.name for weight in weights.flat for symbol in weight.free_symbols}
        if self.kernel is not None and (
            taken := names & {*self.x_names, *(symbol.name for symbol in self.v_symbols.flat)}
        ):
            raise GeometryError(
                "kernel of a proof",
                arrived=f"the name {min(taken)}",
                rule="the proof gives that name to a pixel",
                remedy="Rename it.",
            )
        return weights

    @cached_property
    def x_symbols(self) -> Array:
        """The names of the convolution's input, (channels, *pixels)."""
        return input_symbols(self.conv).reshape(self.conv.in_channels, *self.conv.input_shape)

    @cached_property
    def v_symbols(self) -> Array:
        """The names of a vector on the output side, (channels, *pixels)."""
        return input_symbols(self.conv.T).reshape(self.conv.out_channels, *self.conv.output_shape)

    @cached_property
    def w(self) -> Array:
        """The weights as exact polynomials."""
        return _polynomials(self.w_symbols)

    @cached_property
    def x(self) -> Array:
        """The convolution's input as indeterminates."""
        return _polynomials(self.x_symbols)

    @cached_property
    def v(self) -> Array:
        """A vector on the output side as indeterminates."""
        return _polynomials(self.v_symbols)

    @cached_property
    def w_names(self) -> tuple[str, ...]:
        """The names of the weights, row-major."""
        return tuple(symbol.name for symbol in self.w_symbols.flat)

    @cached_property
    def x_names(self) -> tuple[str, ...]:
        """The names of the input, row-major."""
        return tuple(symbol.name for symbol in self.x_symbols.flat)

    @cached_property
    def x_term(self) -> Defined:
        """The vector x."""
        return Defined("x", "the input of the convolution", vector(self.x))

    @cached_property
    def v_term(self) -> Defined:
        """The vector v."""
        return Defined("v", "any vector on the output side", vector(self.v))

    @cached_property
    def y_term(self) -> Defined:
        """The vector y: the definition of the convolution, run on the indeterminates."""
        return Defined(
            "y", "the convolution of x with w, by its definition", vector(convolve(self.conv, self.x, self.w))
        )

    @cached_property
    def C_term(self) -> Defined:  # noqa: N802 (the matrix is called C everywhere)
        """The matrix C, as symbolic_matrix gives it."""
        return Defined(
            "C", "the matrix of the layer, from its tap map", _matrix(symbolic_matrix(self.conv, self.kernel))
        )

    @cached_property
    def unfold_term(self) -> Defined:
        """The unfold matrix of x, as kernel_jacobian gives it."""
        return Defined("X", "the unfold matrix of x, from the tap map", _matrix(kernel_jacobian(self.conv)))

    def transposed_term(self, construction: str, meaning: str) -> Defined:
        """The vector z: a construction of the transposed convolution, run on v."""
        return Defined("z", meaning, vector(transpose_by(construction, self.conv.T, self.v, self.w)))

    @cached_property
    def y_sympy(self) -> Array:
        """The definition of the convolution, run on SymPy's symbols."""
        y: Array = convolve(self.conv, self.x_symbols, self.w_symbols)
        return y

    def sympy_jacobian(self, by: tuple[str, ...]) -> Defined:
        """The Jacobian of y that SymPy's own diff takes; y is the definition, run on SymPy's symbols."""
        rows: dict[Place, Any] = {(place,): expression for place, expression in enumerate(self.y_sympy.flat)}
        return Defined(
            "dy",
            "the same derivatives, taken by SymPy's diff",
            polynomials(derivatives(rows, by), (len(rows), len(by))),
        )

    def sympy_gradient(self, by: tuple[str, ...]) -> Defined:
        """The gradient of <v, y> that SymPy's own diff takes; y is the definition, run on SymPy's symbols."""
        total = sympy.Add(*(a * b for a, b in zip(self.v_symbols.flat, self.y_sympy.flat, strict=True)))
        return Defined(
            "g", "the same gradient, taken by SymPy's diff", polynomials(derivatives({(): total}, by), (len(by),))
        )


def _matrix(matrix: Any) -> Table:
    known: dict[Any, Polynomial] = {}
    entries = {}
    for place, value in matrix.todok().items():
        if value not in known:
            known[value] = from_sympy(value)
        entries[place] = known[value]
    return table(matrix.shape, entries)


def _polynomials(values: Array) -> Array:
    polynomials = np.empty(values.shape, dtype=object)
    for index in np.ndindex(*values.shape):
        polynomials[index] = from_sympy(values[index])
    return polynomials
