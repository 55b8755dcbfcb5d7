"""The gradients of the transposed convolution, by symbolic differentiation of its definition by stamps."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.differentiation import EVERY_KERNEL, RING, gradient_of_x_z, tap_index
from symtconv.catalogue.subject import Subject
from symtconv.geometry import ConvTranspose
from symtconv.proofs.terms import Derivative, Equation, Transposed, product
from symtconv.proofs.theorem import Theorem


def _transposed_input_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    convolved = product(subject.C_term, subject.x_term)
    v_names = tuple(symbol.name for symbol in subject.v_symbols.flat)
    at = subject.indices[:1]
    return (
        *gradient_of_x_z(subject, v_names, convolved, "the gradient of <x, C^T v> by v is C x", at),
        Equation(convolved, subject.y_term, "C x is the convolution of x", at),
    )


def _transposed_kernel_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    unfolded = product(Transposed(subject.unfold_term), subject.v_term)
    at = (tap_index(subject),)
    says = "the gradient of <x, C^T v> by w is the sum over i of v[i] x[tau(i, j)]"
    of_convolution = Derivative(product(subject.v_term, subject.y_term), subject.w_names)
    return (
        *gradient_of_x_z(subject, subject.w_names, unfolded, says, at),
        Equation(of_convolution, unfolded, "the gradient of <v, y> by w is the same", at),
    )


EXAMPLE = ConvTranspose((2, 2), 3, stride=2, padding="same")

TRANSPOSED_GRADIENTS = (
    Theorem(
        name="transposed-input-gradient",
        title="The gradient of a transposed convolution is the convolution",
        statement="grad_v <x, C^T v> = C x, the convolution of x",
        hypotheses=(),
        family="gradients",
        source="differentiation of the stamps; torch.nn.grad, with the roles of the two layers exchanged",
        equations=_transposed_input_gradient,
        assumptions=(RING,),
        takes_kernel=True,
        example=EXAMPLE,
    ),
    Theorem(
        name="transposed-kernel-gradient",
        title="A transposed convolution has the kernel gradient of its convolution",
        statement="d<x, C^T v>/dw[j] = sum_i v[i] x[tau(i, j)] = d<v, y>/dw[j]",
        hypotheses=(),
        family="gradients",
        source="differentiation of the stamps",
        equations=_transposed_kernel_gradient,
        assumptions=(EVERY_KERNEL,),
        example=EXAMPLE,
    ),
)
