"""What is asked of a user's function: its arguments, and what a layer, or another in its place, makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import vector
from symtconv.errors import GeometryError
from symtconv.geometry import Conv, Layer
from symtconv.layers import convolve, transpose_by
from symtconv.proofs.kernel import RULES
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Derivative, Equation, Place, Table, Term, Transposed, product

Of = Literal["layer", "input-gradient", "kernel-gradient"]
KINDS: tuple[Of, ...] = get_args(Of)


@dataclass(frozen=True)
class Question:
    """A layer and which of its three maps is asked for; C is the matrix of its convolution.

    The input gradient of a layer is its transpose, so `towards_large` says whether the map asked for is C^T or C.
    """

    layer: Layer
    of: Of = "layer"

    def __post_init__(self) -> None:
        if not isinstance(self.layer, Layer):
            raise GeometryError(
                "layer of verify",
                arrived=repr(self.layer)[:60],
                rule="it is a Conv or a ConvTranspose",
                remedy="Make one.",
            )
        if self.of not in KINDS:
            raise GeometryError("of of verify", arrived=repr(self.of)[:60], rule=f"it is one of {', '.join(KINDS)}")

    @cached_property
    def subject(self) -> Subject:
        """The layer as the theorems see it."""
        return Subject(self.layer)

    @property
    def of_kernel(self) -> bool:
        """Whether the gradient by the kernel is asked for."""
        return self.of == "kernel-gradient"

    @property
    def towards_large(self) -> bool:
        """Whether the map goes to the large side: a transposed convolution, or the input gradient of a convolution."""
        return not self.of_kernel and self.layer.transposed == (self.of == "layer")

    @cached_property
    def arguments(self) -> tuple[Array, Array]:
        """The indeterminates that the function is called with, channels first; plain with one channel in and out."""
        subject = self.subject
        if self.of_kernel:
            sides = (subject.v, subject.x) if self.layer.transposed else (subject.x, subject.v)
            return self.plain(sides[0]), self.plain(sides[1])
        return self.plain(subject.v if self.towards_large else subject.x), self.plain(subject.w, 2)

    def plain(self, values: Array, channel_axes: int = 1) -> Array:
        """Leave out the channels of a layer that has one in and out."""
        return values.reshape(values.shape[channel_axes:]) if self.layer.single_channel else values

    @cached_property
    def index(self) -> tuple[str, Place]:
        """The name of an output's place, and the shape that the function must return."""
        if self.of_kernel:
            conv = self.subject.conv
            return "j", conv.kernel_size if conv.single_channel else conv.kernel_shape
        return self.subject.indices[1 if self.towards_large else 0]

    def output(self, conv: Conv | None = None, change: Callable[[Array], Array] = lambda w: w) -> Array:
        """Give the outputs that are right, or those with another convolution or a changed kernel in the layer's place.

        For the kernel gradient, which is laid out as the kernel is, the same change is made to the gradient.
        """
        subject = self.subject
        conv = subject.conv if conv is None else conv
        if self.of_kernel:
            y: Array = convolve(conv, subject.x, subject.w)
            total = Polynomial({})
            for a, b in zip(subject.v.flat, y.flat, strict=True):
                total = total + a * b
            gradient = RULES["differentiate"](Derivative(Table((), {(): total}), subject.w_names))
            return self.plain(change(_array(gradient, conv.kernel_shape)), 2)
        weights = change(subject.w)
        if self.towards_large:
            return self.plain(transpose_by("stamp", conv.T, subject.v, weights))
        return self.plain(convolve(conv, subject.x, weights))

    def equations(self, outputs: Array) -> tuple[Equation, ...]:
        """Say that outputs are those of the definition, and the product with the matrix."""
        f = Defined("f", "what the function returns", vector(outputs))
        at = (self.index,)
        return tuple(Equation(f, right, says, at) for right, says in self._right_sides())

    def _right_sides(self) -> tuple[tuple[Term, str], ...]:
        subject = self.subject
        stamps = subject.transposed_term("stamp", "the transposed convolution of v with w, by stamps")
        to_large, to_small = (
            product(Transposed(subject.C_term), subject.v_term),
            product(subject.C_term, subject.x_term),
        )
        z_along_x, y_along_v = product(subject.x_term, stamps), product(subject.v_term, subject.y_term)
        along, names = (
            (z_along_x, tuple(symbol.name for symbol in subject.v_symbols.flat))
            if self.layer.transposed
            else (y_along_v, subject.x_names)
        )
        if self.of_kernel:
            unfolded = product(Transposed(subject.unfold_term), subject.v_term)
            return (
                (Derivative(along, subject.w_names), "f is the gradient of <v, y> by the kernel"),
                (unfolded, "f is the sum over i of v[i] x[tau(i, j)]"),
            )
        worked, named = (to_large, "C^T v") if self.towards_large else (to_small, "C x")
        if self.of == "input-gradient":
            return (Derivative(along, names), "f is the gradient of <v, y> by x"), (worked, f"f is {named}")
        if self.towards_large:
            return (stamps, "f is the transposed convolution of v with w"), (worked, "f is C^T v")
        return (subject.y_term, "f is the convolution of x with w"), (worked, "f is C x")


def _array(values: Term | None, shape: Place) -> Array:
    assert isinstance(values, Table)
    filled = np.empty(values.shape, dtype=object)
    for index in np.ndindex(*values.shape):
        filled[index] = values.entries.get(index, Polynomial({}))
    return filled.reshape(shape)
