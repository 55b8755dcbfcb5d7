"""The adjoint family: a convolution and its transpose across an inner product."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.brackets import brackets
from symtconv.catalogue.differentiation import EVERY_KERNEL, RING, STAMPS, tap_index
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.unfoldfold import UNFOLD_FOLD
from symtconv.catalogue.vocabulary import matrix, times, vector
from symtconv.geometry import ConvTranspose
from symtconv.matrices.symbolic import symbolic_matrix
from symtconv.matrices.vec import matrix_shape
from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.proofs.terms import Defined, Derivative, Equation, Transposed, product
from symtconv.proofs.theorem import Theorem


def _adjoint(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    stamps = subject.transposed_term("stamp", STAMPS)
    transposed = product(Transposed(subject.C_term), subject.v_term)
    small, large = subject.indices
    return (
        Equation(subject.y_term, product(subject.C_term, subject.x_term), "y = C x", (small,)),
        Equation(stamps, transposed, "z = C^T v", (large,)),
        Equation(product(subject.y_term, subject.v_term), product(subject.x_term, stamps), "<C x, v> = <x, C^T v>"),
    )


def _trilinear(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    B, w = brackets(subject), Defined("w", "the kernel", vector(subject.w))
    C, x, v = subject.C_term, subject.x_term, subject.v_term
    form = product(times(v, B, w), x)
    by_w, by_x, by_v = product(Transposed(subject.unfold_term), v), product(Transposed(C), v), product(C, x)
    v_names = tuple(symbol.name for symbol in subject.v_symbols.flat)
    (i, m), j = subject.indices, tap_index(subject)
    kernel_gradient = Derivative(product(v, subject.y_term), subject.w_names)
    stamps = subject.transposed_term("stamp", STAMPS)
    return (
        Equation(Derivative(form, v_names), by_v, "the gradient of T by v is C x", (i,)),
        Equation(by_v, subject.y_term, "C x is the convolution of x", (i,)),
        Equation(Derivative(form, subject.x_names), by_x, "the gradient of T by x is C^T v", (m,)),
        Equation(by_x, stamps, "C^T v is the transposed convolution of v", (m,)),
        Equation(
            Derivative(form, subject.w_names), by_w, "the gradient of T by w is the sum of v[i] x[tau(i, j)]", (j,)
        ),
        Equation(by_w, kernel_gradient, "that is the kernel gradient of <v, y>", (j,)),
    )


def _involution(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    C, (i, m) = subject.C_term, subject.indices
    entries = symbolic_matrix(subject.conv.T, kernel).todok().items()
    D = Defined(
        "D",
        "the matrix of the transposed layer, built as its own",
        matrix(*matrix_shape(subject.conv.T), {place: from_sympy(value) for place, value in entries}),
    )
    v_names = tuple(symbol.name for symbol in subject.v_symbols.flat)
    stamped = Derivative(subject.transposed_term("stamp", STAMPS), v_names)
    return (
        Equation(Transposed(D), C, "the transpose of the transposed layer's matrix is C", (i, m)),
        Equation(Transposed(stamped), C, "the transpose of the stamps' Jacobian is C", (i, m)),
        Equation(Transposed(Transposed(C)), C, "(C^T)^T = C", (i, m)),
    )


EXAMPLE = ConvTranspose((2, 2), 3, stride=2, padding="same")

ADJOINT = (
    Theorem(
        name="adjoint",
        title="The transposed convolution is the adjoint",
        statement="<C x, v> = <x, C^T v>",
        hypotheses=(),
        family="adjoint",
        source="definition of the adjoint; PyLops' dot test checks it on numbers",
        equations=_adjoint,
        assumptions=(RING,),
        takes_kernel=True,
        example=EXAMPLE,
    ),
    Theorem(
        name="trilinear",
        title="One trilinear form has all three as its gradients",
        statement="T(w, x, v) = sum w[j] x[m] v[i] [tau(i, j) = m]; its gradients by w, x and v are the kernel "
        "gradient, C^T v and C x",
        hypotheses=(),
        family="adjoint",
        source="the definition of the convolution, read as a form in w, x and v",
        equations=_trilinear,
        assumptions=(EVERY_KERNEL,),
        example=EXAMPLE,
    ),
    Theorem(
        name="involution",
        title="Transposing twice gives the convolution back",
        statement="(C^T)^T = C, where C^T is also the matrix of the transposed layer and the Jacobian of the stamps",
        hypotheses=(),
        family="adjoint",
        source="definition of the transpose",
        equations=_involution,
        assumptions=(RING,),
        takes_kernel=True,
        example=EXAMPLE,
    ),
    UNFOLD_FOLD,
)
