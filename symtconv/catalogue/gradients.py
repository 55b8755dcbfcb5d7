"""The gradients family: the derivatives of a convolution, by symbolic differentiation of its definition."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.subject import Subject, vector
from symtconv.geometry import Conv
from symtconv.layers import convolve
from symtconv.proofs.terms import Defined, Derivative, Equation, Product, Transposed
from symtconv.proofs.theorem import Theorem

RING = "x, w and v are indeterminates over any commutative ring (or w is the given exact kernel)"


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
    transposed = Product(Transposed(subject.C_term), subject.v_term)
    stamps = subject.transposed_term("stamp", "the transposed convolution of v with w, by stamps")
    at = subject.indices[1:]
    says = "the gradient of <v, y> by x is C^T v"
    gradient = Derivative(Product(subject.v_term, subject.y_term), subject.x_names)
    equations = [Equation(gradient, transposed, says, at)]
    if subject.differentiates_twice:
        again = subject.sympy_gradient(subject.x_names)
        equations.append(Equation(again, transposed, f"{says}, by SymPy's diff", at))
    equations.append(Equation(transposed, stamps, "C^T v is the transposed convolution of v", at))
    return tuple(equations)


def _kernel_gradient(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    unfolded = Product(Transposed(subject.unfold_term), subject.v_term)
    shape = subject.conv.kernel_size if subject.conv.single_channel else subject.conv.kernel_shape
    at = (("j", shape),)
    says = "the gradient of <v, y> by w is the sum over i of v[i] x[tau(i, j)]"
    gradient = Derivative(Product(subject.v_term, subject.y_term), subject.w_names)
    equations = [Equation(gradient, unfolded, says, at)]
    if subject.differentiates_twice:
        again = subject.sympy_gradient(subject.w_names)
        equations.append(Equation(again, unfolded, f"{says}, by SymPy's diff", at))
    if subject.conv.padding_mode == "zeros":
        convolution = Defined(
            "h",
            "the convolution of x with kernel v, stride d, dilation s, pads lo and hi - a",
            vector(_swapped_convolution(subject)),
        )
        equations.append(Equation(unfolded, convolution, "it is the convolution of x with kernel v", at))
    return tuple(equations)


def _swapped_convolution(subject: Subject) -> Array:
    """Convolve x with kernel v, stride and dilation exchanged, each input channel with the outputs of its group."""
    conv = subject.conv
    depth, width = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    swapped = Conv(
        conv.input_shape,
        conv.output_shape,
        stride=conv.dilation,
        dilation=conv.stride,
        padding=[(axis.lo, axis.hi - axis.output_padding) for axis in conv.axes],
        in_channels=conv.in_channels,
        out_channels=conv.in_channels * width,
        groups=conv.in_channels,
    )
    v = subject.v.reshape(conv.groups, 1, width, *conv.output_shape)
    kernels = np.broadcast_to(v, (conv.groups, depth, width, *conv.output_shape)).reshape(swapped.kernel_shape)
    g: Array = convolve(swapped, subject.x, kernels)
    g = g.reshape(conv.groups, depth, width, prod(swapped.output_shape))
    return np.swapaxes(g, 1, 2)


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
    ),
    Theorem(
        name="kernel-gradient",
        title="The gradient by the kernel is a convolution with stride and dilation exchanged",
        statement="d<v, y>/dw[j] = sum_i v[i] x[tau(i, j)]; with zero padding it is the convolution of x with "
        "kernel v, stride d, dilation s, pads (lo, hi - a), of size k",
        hypotheses=(),
        family="gradients",
        source="differentiation of y[i] = sum_j w[j] x[tau(i, j)]; torch.nn.grad.conv2d_weight",
        equations=_kernel_gradient,
        assumptions=("x, w and v are indeterminates over any commutative ring",),
    ),
)
