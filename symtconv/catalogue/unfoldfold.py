"""Unfold and fold: a convolution as one product of matrices, and its transpose."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.patches import fold, unfold
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import identity, matrix, variable, variables, vector
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import transpose_by
from symtconv.proofs.terms import Compound, Defined, Derivative, Equation, Term, Transposed, product
from symtconv.proofs.theorem import Theorem


def _unfold_fold(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    conv, C, x, v = subject.conv, subject.C_term, subject.x_term, subject.v_term
    i, m = subject.indices
    unfolded = unfold(conv, subject.x)
    u = Defined("u", "unfold(x): the patches of x, one column each, read row by row", vector(unfolded))
    on_patches = Compound("(x)", _weights(subject), identity(prod(conv.small_shape)))
    folded = product(_fold_matrix(conv), product(Transposed(on_patches), v))
    again = Defined("f", "fold(unfold(x))", vector(fold(conv, unfolded)))
    covered = Defined("c", "the coverage: the stamps of ones with a kernel of ones", vector(_coverage(conv)))
    return (
        Equation(product(C, x), product(on_patches, u), "C x = W unfold(x)", (i,)),
        Equation(product(Transposed(C), v), folded, "C^T v = fold(W^T v)", (m,)),
        Equation(again, Compound("o", covered, x), "fold(unfold(x)) is the coverage times x, pixel by pixel", (m,)),
    )


def _weights(subject: Subject) -> Defined:
    """The kernel as a matrix: row o holds w[o, c, j] in column (c, j) of o's group, and zeros elsewhere."""
    conv = subject.conv
    rows, taps = conv.small_channels, prod(conv.kernel_size)
    columns = conv.large_channels // conv.groups * taps
    width = rows // conv.groups
    weights = subject.w.reshape(rows, columns)
    entries = {(o, o // width * columns + at): weights[o, at] for o in range(rows) for at in range(columns)}
    meaning = "the kernel as a matrix, one row an output channel, zero outside its group"
    return Defined("W", meaning, matrix(rows, conv.large_channels * taps, entries))


def _fold_matrix(conv: Conv) -> Term:
    """Fold as a matrix: the Jacobian of fold(columns) by the columns."""
    shape = (conv.in_channels * prod(conv.kernel_size), prod(conv.output_shape))
    names = tuple(variable("c", place) for place in np.ndindex(*shape))
    return Derivative(Defined("fold", "fold of any columns c", vector(fold(conv, variables("c", shape)))), names)


def _coverage(conv: Conv) -> Array:
    """Count the taps that see each pixel: stamps of ones with a kernel of ones, each channel on its own."""
    channels = conv.in_channels
    alone = Conv(
        conv.input_shape,
        conv.kernel_size,
        stride=conv.stride,
        padding=conv.padding,
        dilation=conv.dilation,
        output_shape=conv.output_shape,
        in_channels=channels,
        out_channels=channels,
        groups=channels,
        padding_mode=conv.padding_mode,
    )
    ones = np.ones((channels, *conv.output_shape), dtype=object)
    counted: Array = transpose_by("stamp", alone.T, ones, np.ones(alone.kernel_shape, dtype=object))
    return counted


UNFOLD_FOLD = Theorem(
    name="unfold-fold",
    title="A convolution multiplies patches, its transpose folds them back",
    statement="C x = W unfold(x) and C^T v = fold(W^T v), with W the kernel as a matrix, applied to every patch (one "
    "channel: C x = unfold(x)^T w, C^T v = fold(w v^T)); fold(unfold(x)) = coverage * x",
    hypotheses=(),
    family="adjoint",
    source="torch.nn.Unfold and torch.nn.Fold; Chellapilla, Puri & Simard, 2006 (im2col)",
    equations=_unfold_fold,
    assumptions=(RING,),
    takes_kernel=True,
    example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
)
