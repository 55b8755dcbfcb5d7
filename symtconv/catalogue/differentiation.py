"""What the theorems about derivatives share: the ring, the two scalars, and derivatives that SymPy takes again."""

from __future__ import annotations

from typing import TypeAlias

import sympy

from symtconv.arrays import Array
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.sympyderivatives import derivatives, polynomials
from symtconv.layers import transpose_by
from symtconv.proofs.terms import Defined, Derivative, Equation, Place, Term, product

RING = "x, w and v are indeterminates over any commutative ring (or w is the given exact kernel)"
EVERY_KERNEL = "x, w and v are indeterminates over any commutative ring"
STAMPS = "the transposed convolution of v with w, by stamps"

Indices: TypeAlias = tuple[tuple[str, Place], ...]


def gradient_of_v_y(
    subject: Subject, by: tuple[str, ...], gradient: Term, says: str, at: Indices
) -> tuple[Equation, ...]:
    """State the gradient of <v, y>, y the convolution of x by its definition; of small layers by SymPy's diff too."""
    equation = Equation(Derivative(product(subject.v_term, subject.y_term), by), gradient, says, at)
    if not subject.differentiates_twice:
        return (equation,)
    return equation, Equation(subject.sympy_gradient(by), gradient, f"{says}, by SymPy's diff", at)


def gradient_of_x_z(
    subject: Subject, by: tuple[str, ...], gradient: Term, says: str, at: Indices
) -> tuple[Equation, ...]:
    """State the gradient of <x, z>, z the stamps of v by their definition; of small layers by SymPy's diff too."""
    z = subject.transposed_term("stamp", STAMPS)
    equation = Equation(Derivative(product(subject.x_term, z), by), gradient, says, at)
    if not subject.differentiates_twice:
        return (equation,)
    stamps = transpose_by("stamp", subject.conv.T, subject.v_symbols, subject.w_symbols)
    again = gradient_by_sympy(subject.x_symbols, stamps, by)
    return equation, Equation(again, gradient, f"{says}, by SymPy's diff", at)


def gradient_by_sympy(left: Array, right: Array, by: tuple[str, ...]) -> Defined:
    """Take the gradient of the inner product of two arrays of expressions by SymPy's own diff."""
    total = sympy.Add(*(a * b for a, b in zip(left.flat, right.flat, strict=True)))
    gradient = polynomials(derivatives({(): total}, by), (len(by),))
    return Defined("g", "the same gradient, taken by SymPy's diff", gradient)


def tap_index(subject: Subject) -> tuple[str, Place]:
    """Name a tap's place, j; with several channels j0 and j1 are the channels."""
    return "j", subject.conv.kernel_size if subject.conv.single_channel else subject.conv.kernel_shape
