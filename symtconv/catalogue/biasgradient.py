"""The gradient by the bias: one value stands at every pixel of its channel, so the pixels of a channel are added up."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
import sympy

from symtconv.arrays import Array
from symtconv.catalogue.differentiation import EVERY_KERNEL, gradient_by_sympy
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import identity, matrix, plus, variable, variables, vector
from symtconv.geometry import Conv, ConvTranspose, Layer
from symtconv.layers import convolve, transpose_by
from symtconv.proofs.terms import Compound, Defined, Derivative, Equation, Place, Term, Transposed, product
from symtconv.proofs.theorem import Theorem


class _Vector(NamedTuple):
    """A vector of indeterminates: its name, the kernel's term, and the array as polynomials and as SymPy's symbols."""

    name: str
    term: Term
    values: Array
    symbols: Array


def _bias_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    C, (i, m) = subject.C_term, subject.indices
    x = _Vector("x", subject.x_term, subject.x, subject.x_symbols)
    v = _Vector("v", subject.v_term, subject.v, subject.v_symbols)
    Cx, Ctv = product(C, x.term), product(Transposed(C), v.term)
    return (
        *_equations(subject, subject.conv, ("y", "b"), x, Cx, v, i),
        *_equations(subject, subject.conv.T, ("z", "q"), v, Ctv, x, m),
    )


def _equations(
    subject: Subject,
    layer: Conv | ConvTranspose,
    names: tuple[str, str],
    given: _Vector,
    unbiased: Term,
    other: _Vector,
    at: tuple[str, Place],
) -> list[Equation]:
    """State what the layer with a bias makes of a vector, and the gradient of its inner product with another."""
    y, b = names
    b_names = tuple(variable(b, (channel,)) for channel in range(layer.out_channels))
    bias = variables(b, (layer.out_channels,))
    output = Defined(y, "the layer with a bias, by its definition", vector(_run(layer, given.values, subject.w, bias)))
    spread = _spread(layer)
    biased = plus(unbiased, product(spread, Defined(b, "the bias, one value a channel", vector(bias))))
    sums, channel = product(Transposed(spread), other.term), (("c", (layer.out_channels,)),)
    says = f"the gradient of <{other.name}, {y}> by {b} adds up {other.name} over each channel"
    equations = [
        Equation(output, biased, f"{y} has {b}[c] at every pixel of channel c", (at,)),
        Equation(Derivative(product(other.term, output), b_names), sums, says, channel),
    ]
    if subject.differentiates_twice:
        symbols = np.array([sympy.Symbol(name) for name in b_names])
        again = gradient_by_sympy(other.symbols, _run(layer, given.symbols, subject.w_symbols, symbols), b_names)
        equations.append(Equation(again, sums, f"{says}, by SymPy's diff", channel))
    return equations


def _run(layer: Conv | ConvTranspose, values: Array, weights: Array, bias: Array) -> Array:
    """Run the definition of the layer."""
    if isinstance(layer, Conv):
        convolved: Array = convolve(layer, values, weights, bias)
        return convolved
    stamped: Array = transpose_by("stamp", layer, values, weights, bias)
    return stamped


def _spread(layer: Layer) -> Term:
    """The matrix I (x) e, which writes the value of each channel at all its pixels."""
    pixels = prod(layer.output_shape)
    ones = Defined(
        "e", "the column of ones, one for every pixel", matrix(pixels, 1, {(i, 0): 1 for i in range(pixels)})
    )
    return Compound("(x)", identity(layer.out_channels), ones)


BIAS_GRADIENT = Theorem(
    name="bias-gradient",
    title="The gradient by the bias adds up the pixels of each channel",
    statement="y = C x + b, b[c] at every pixel of channel c, has d<v, y>/db[c] = sum_i v[c, i]; with a bias q the "
    "transposed convolution z = C^T v + q has d<x, z>/dq[c] = sum_m x[c, m]",
    hypotheses=(),
    family="gradients",
    source="differentiation of y[c, i] = b[c] + sum_j w[j] x[tau(i, j)]; the bias of torch.nn.Conv2d",
    equations=_bias_gradient,
    assumptions=(EVERY_KERNEL, "so are the biases b and q"),
    example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
)
