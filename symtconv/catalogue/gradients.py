"""The gradients family: the derivatives of a convolution, by symbolic differentiation of its definition."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.biasgradient import BIAS_GRADIENT
from symtconv.catalogue.chainrule import CHAIN_RULE
from symtconv.catalogue.differentiation import EVERY_KERNEL, RING as RING, STAMPS, gradient_of_v_y, tap_index
from symtconv.catalogue.secondderivatives import HESSIAN
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.transposedgradients import TRANSPOSED_GRADIENTS
from symtconv.catalogue.vocabulary import vector
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.proofs.terms import Defined, Derivative, Equation, Transposed, product
from symtconv.proofs.theorem import Theorem


def _jacobian(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    says = "dy[i]/dx[m] = C[i, m]"
    equations = [Equation(Derivative(subject.y_term, subject.x_names), subject.C_term, says, subject.indices)]
    if subject.differentiates_twice:
        again = subject.sympy_jacobian(subject.x_names)
        equations.append(Equation(again, subject.C_term, f"{says}, by SymPy's diff", subject.indices))
    return tuple(equations)


def _input_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    transposed = product(Transposed(subject.C_term), subject.v_term)
    at = subject.indices[1:]
    return (
        *gradient_of_v_y(subject, subject.x_names, transposed, "the gradient of <v, y> by x is C^T v", at),
        Equation(transposed, subject.transposed_term("stamp", STAMPS), "C^T v is the transposed convolution of v", at),
    )


def _kernel_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    unfolded = product(Transposed(subject.unfold_term), subject.v_term)
    at = (tap_index(subject),)
    says = "the gradient of <v, y> by w is the sum over i of v[i] x[tau(i, j)]"
    meaning = "the convolution of x with kernel v, stride d and dilation s"
    convolution = Defined("h", meaning, vector(_swapped_convolution(subject)))
    return (
        *gradient_of_v_y(subject, subject.w_names, unfolded, says, at),
        Equation(unfolded, convolution, "it is the convolution of x with kernel v", at),
    )


def _swapped_convolution(subject: Subject) -> Array:
    """Convolve x with kernel v, stride and dilation exchanged, each input channel with the outputs of its group.

    Padding modes other than zeros have no negative pads, which hi - a may be: the first k outputs are kept instead.
    """
    conv = subject.conv
    zeros = conv.padding_mode == "zeros"
    depth, width = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    swapped = Conv(
        conv.input_shape,
        conv.output_shape,
        stride=conv.dilation,
        dilation=conv.stride,
        padding=[(axis.lo, axis.hi - axis.output_padding * zeros) for axis in conv.axes],
        output_shape=None if zeros else conv.kernel_size,
        in_channels=conv.in_channels,
        out_channels=conv.in_channels * width,
        groups=conv.in_channels,
        padding_mode=conv.padding_mode,
    )
    v = subject.v.reshape(conv.groups, 1, width, *conv.output_shape)
    kernels = np.broadcast_to(v, (conv.groups, depth, width, *conv.output_shape)).reshape(swapped.kernel_shape)
    g: Array = convolve(swapped, subject.x, kernels)
    g = g.reshape(conv.groups, depth, width, prod(swapped.output_shape))
    return np.swapaxes(g, 1, 2)


EXAMPLE = ConvTranspose((2, 2), 3, stride=2, padding="same")

GRADIENTS = (
    Theorem(
        name="jacobian",
        title="The derivative of a convolution is its matrix",
        statement="dy[i]/dx[m] = sum_j w[j] [tau(i, j) = m] = C[i, m]",
        hypotheses=(),
        family="gradients",
        source="differentiation of y[i] = sum_j w[j] x[tau(i, j)]",
        equations=_jacobian,
        assumptions=(RING,),
        takes_kernel=True,
        example=EXAMPLE,
    ),
    Theorem(
        name="input-gradient",
        title="The gradient of a convolution is the transposed convolution",
        statement="grad_x <v, y> = C^T v, the transposed convolution of v",
        hypotheses=(),
        family="gradients",
        source="Dumoulin & Visin, arXiv 1603.07285, section 4.1",
        equations=_input_gradient,
        assumptions=(RING,),
        takes_kernel=True,
        example=EXAMPLE,
    ),
    Theorem(
        name="kernel-gradient",
        title="The gradient by the kernel is a convolution with stride and dilation exchanged",
        statement="d<v, y>/dw[j] = sum_i v[i] x[tau(i, j)], the convolution of x with kernel v, stride d, dilation s, "
        "pads (lo, hi - a), of size k, where n = s(o-1) + K - lo - hi + a; in padding modes other than zeros the "
        "pads are (lo, hi) and the first k outputs are kept",
        hypotheses=(),
        family="gradients",
        source="differentiation of y[i] = sum_j w[j] x[tau(i, j)]; torch.nn.grad.conv2d_weight",
        equations=_kernel_gradient,
        assumptions=(EVERY_KERNEL,),
        example=EXAMPLE,
    ),
    BIAS_GRADIENT,
    HESSIAN,
    *TRANSPOSED_GRADIENTS,
    CHAIN_RULE,
)
