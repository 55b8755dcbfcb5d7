"""C as a matrix of blocks: a block for each output and input channel, and none between groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.factorings import by_definition
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.tensors import kronecker
from symtconv.catalogue.vocabulary import matrix, total, vector
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import transpose_by
from symtconv.proofs.terms import Defined, Derivative, Equation, Term, Transposed
from symtconv.proofs.theorem import Theorem


def with_channels(conv: Conv, in_channels: int, out_channels: int) -> Conv:
    """Give the convolution of the same axes with so many channels, in one group."""
    return Conv(
        conv.input_shape,
        conv.kernel_size,
        stride=conv.stride,
        padding=conv.padding,
        dilation=conv.dilation,
        output_shape=conv.output_shape,
        in_channels=in_channels,
        out_channels=out_channels,
        padding_mode=conv.padding_mode,
    )


def _channels(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = sum over o, c of E_oc (x) C_oc, and C^T = sum over o, c of E_co (x) T_oc."""
    subject = Subject(layer, kernel)
    conv = subject.conv
    one = with_channels(conv, 1, 1)
    there, back = [], []
    for o, c, weights in _pairs(conv, subject.w_symbols):
        block = Subject(one, weights)
        symbol = f"{{{o},{c}}}"
        C_ = by_definition(f"C_{symbol}", f"the matrix of the taps from channel {c} to channel {o}", block)
        there.append(kronecker([_unit(o, c, conv.out_channels, conv.in_channels), C_]))
        back.append(kronecker([_unit(c, o, conv.in_channels, conv.out_channels), _stamping(f"T_{symbol}", block)]))
    return (
        Equation(subject.C_term, total(there), "C has block (o, c), the matrix of w[o, c]", subject.indices),
        Equation(
            Transposed(subject.C_term),
            total(back),
            "C^T has block (c, o), the matrix of the transposed convolution with w[o, c]",
            subject.indices[::-1],
        ),
    )


def _groups(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = diag(C_0, C_1, ...), and C^T = diag(T_0, T_1, ...), a block for each group."""
    subject = Subject(layer, kernel)
    conv = subject.conv
    width, depth = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    one = with_channels(conv, depth, width)
    there, back = [], []
    for group in range(conv.groups):
        block = Subject(one, subject.w_symbols[group * width : (group + 1) * width])
        unit = _unit(group, group, conv.groups, conv.groups)
        there.append(kronecker([unit, by_definition(f"C_{group}", f"the matrix of group {group}", block)]))
        back.append(kronecker([unit, _stamping(f"T_{group}", block)]))
    return (
        Equation(subject.C_term, total(there), "C is block diagonal, one block a group", subject.indices),
        Equation(
            Transposed(subject.C_term),
            total(back),
            "C^T is block diagonal, each block a transposed convolution",
            subject.indices[::-1],
        ),
    )


def _pairs(conv: Conv, weights: Array) -> Iterator[tuple[int, int, Array]]:
    """Yield each output channel, each input channel of its group, and the taps between them."""
    width, depth = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    for o, c in np.ndindex(conv.out_channels, depth):
        yield o, o // width * depth + c, weights[o, c]


def _unit(row: int, column: int, rows: int, columns: int) -> Defined:
    """The matrix E with a single 1."""
    return Defined(f"E_{{{row},{column}}}", "a 1 there and zeros elsewhere", matrix(rows, columns, {(row, column): 1}))


def _stamping(symbol: str, block: Subject) -> Term:
    """The matrix of the transposed convolution: the stamps, run on indeterminates and differentiated."""
    stamps = vector(transpose_by("stamp", block.conv.T, block.v, block.w))
    names = tuple(name.name for name in block.v_symbols.flat)
    return Defined(symbol, "the matrix of its stamps, the derivative of their definition", Derivative(stamps, names))


BLOCKS = (
    Theorem(
        name="channels",
        title="Channels make blocks",
        statement="C is a block matrix (out x in): block (o, c) is the one-channel matrix of w[o, c], zero between "
        "groups; C^T swaps the roles: block (c, o) is the matrix of the transposed convolution with w[o, c]",
        hypotheses=(),
        family="structure",
        source="torch.nn.Conv2d: y[o] = sum over c of w[o, c] * x[c]",
        equations=_channels,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same", in_channels=2, out_channels=2),
    ),
    Theorem(
        name="groups",
        title="Groups make C block diagonal",
        statement="C = diag(C_0, C_1, ...), one block (out/groups x in/groups channels) a group, and "
        "C^T = diag(C_0^T, C_1^T, ...), each block a transposed convolution",
        hypotheses=(),
        family="structure",
        source="torch.nn.Conv2d, groups; Krizhevsky et al. (2012), section 3.2",
        equations=_groups,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same", in_channels=2, out_channels=4, groups=2),
    ),
)
