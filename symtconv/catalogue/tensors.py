"""C of several axes as Kronecker products of the matrices of its axes."""

from __future__ import annotations

from functools import reduce
from itertools import product as places
from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array, at
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.factorings import by_definition
from symtconv.catalogue.separation import factors
from symtconv.catalogue.subject import MAX_ENTRIES, Subject
from symtconv.catalogue.vocabulary import matrix, total, variable
from symtconv.errors import NotApplicable, TooLarge
from symtconv.geometry import Conv, ConvTranspose
from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.proofs.terms import Compound, Defined, Equation, Term, product, table
from symtconv.proofs.theorem import Theorem


def along(conv: Conv, number: int) -> Conv:
    """Give the convolution along one axis alone, with one channel."""
    axis = conv.axes[number]
    return Conv(
        axis.large,
        axis.kernel_size,
        stride=axis.stride,
        padding=[(axis.lo, axis.hi)],
        dilation=axis.dilation,
        output_shape=axis.small,
        padding_mode=conv.padding_mode,
    )


def kronecker(terms: list[Term]) -> Term:
    """Give A (x) B (x) ..."""
    return reduce(lambda left, right: Compound("(x)", left, right), terms)


def across_channels(conv: Conv, weights: Array) -> dict[tuple[int, int], Any]:
    """Place weights (out_channels, in_channels/groups) at their output and input channel."""
    width, depth = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    return {(o, o // width * depth + c): weights[o, c] for o, c in np.ndindex(*weights.shape[:2])}


def _kronecker(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = sum_j w[j] S_j, S_j the Kronecker product of the axes' matrices of a single tap."""
    subject = Subject(layer, kernel)
    _check_size(subject.conv)
    summands = [_tap(subject, j) for j in places(*map(range, subject.conv.kernel_size))]
    says = "C = sum over j of w[j] S_j0 (x) S_j1 (x) ..., S the matrices of a single tap along each axis"
    return (Equation(subject.C_term, total(summands), says, subject.indices),)


def _check_size(conv: Conv) -> None:
    """Refuse more taps than can be run one by one: each runs the definition along every axis."""
    runs = prod(conv.kernel_size) * sum(axis.kernel_size * axis.small for axis in conv.axes)
    if runs > MAX_ENTRIES:
        remedy = "Ask for a smaller kernel of the same kind."
        raise TooLarge.of(f"the taps of {conv!r}, one by one", runs, MAX_ENTRIES, what="products", remedy=remedy)


def _tap(subject: Subject, j: tuple[int, ...]) -> Term:
    conv = subject.conv
    shifts: list[Term] = [_single(conv, number, tap) for number, tap in enumerate(j)]
    weights = subject.w[at(..., *j)]
    name = ",".join(map(str, j))
    if conv.single_channel:
        weight = Defined(f"w_{{{name}}}", "the weight of the tap", table((), {(): weights[0, 0]}))
        return product(weight, kronecker(shifts))
    meaning = "the weights of the tap, output channels by input channels"
    entries = across_channels(conv, weights)
    mixing = Defined(f"W_{{{name}}}", meaning, matrix(conv.out_channels, conv.in_channels, entries))
    return kronecker([mixing, *shifts])


def _single(conv: Conv, number: int, tap: int) -> Defined:
    unit = [int(j == tap) for j in range(conv.kernel_size[number])]
    name, where = (f"{number},{tap}", f" along axis {number}") if conv.ndim > 1 else (str(tap), "")
    return by_definition(f"S_{{{name}}}", f"the matrix of tap {tap} alone{where}", Subject(along(conv, number), unit))


def _separable(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = G (x) C_u0 (x) C_u1 (x) ..., where w[j] = u0[j0] u1[j1] ... and G mixes the channels."""
    conv = layer.convolution
    mixing, axes = _symbols(conv) if kernel is None else _factors(conv, kernel)
    weights = reduce(np.multiply.outer, axes, mixing)
    subject = Subject(layer, weights)
    terms: list[Term] = [
        by_definition(f"C_{number}", f"the matrix of u_{number} along axis {number}", Subject(along(conv, number), u))
        for number, u in enumerate(axes)
    ]
    if not conv.single_channel or kernel is not None:
        entries = {place: from_sympy(weight) for place, weight in across_channels(conv, mixing).items()}
        G = matrix(conv.out_channels, conv.in_channels, entries)
        terms.insert(0, Defined("G", "the weights between the channels", G))
    return (Equation(subject.C_term, kronecker(terms), "C = C_0 (x) C_1 (x) ..., one factor an axis", subject.indices),)


def _symbols(conv: Conv) -> tuple[Array, list[Array]]:
    """Name the factors of a kernel: u_{axis,j} along the axes, g_{o,c} between channels (1 if there is one)."""
    mixing = np.empty(conv.kernel_shape[:2], dtype=object)
    for place in np.ndindex(*mixing.shape):
        mixing[place] = sympy.Integer(1) if conv.single_channel else sympy.Symbol(variable("g", place))
    axes = [
        np.array([sympy.Symbol(variable("u", (number, j))) for j in range(k)], dtype=object)
        for number, k in enumerate(conv.kernel_size)
    ]
    return mixing, axes


def _factors(conv: Conv, kernel: Any) -> tuple[Array, list[Array]]:
    found = factors(Subject(conv, kernel).w_symbols)
    if found is None:
        raise NotApplicable.because(
            "separable", "w[j] = u_0[j_0] u_1[j_1] ..., an outer product", "a kernel that is none"
        )
    return found


TENSORS = (
    Theorem(
        name="kronecker",
        title="Several axes are Kronecker products",
        statement="C = sum_j w[j] S_{j0} (x) S_{j1} (x) ..., S the 1-D matrices of a single tap; with several channels "
        "the number w[j] is the matrix W_j (out x in), a further factor",
        hypotheses=(),
        family="structure",
        source="tau of several axes is tau of each; Van Loan, The ubiquitous Kronecker product (2000)",
        equations=_kronecker,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
    ),
    Theorem(
        name="separable",
        title="A separable kernel gives a Kronecker product",
        statement="w = u v^T: C = C_u (x) C_v; on any number of axes w[j] = u_0[j_0] u_1[j_1] ... gives "
        "C = C_0 (x) C_1 (x) ..., with several channels C = G (x) C_0 (x) C_1 (x) ...",
        hypotheses=("w[j] = u_0[j_0] u_1[j_1] ..., an outer product",),
        family="structure",
        source="the kronecker theorem and (A (x) B) + (A' (x) B) = (A + A') (x) B",
        equations=_separable,
        assumptions=(
            "the factors of w are indeterminates over any commutative ring (or those of the given exact kernel)",
        ),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
    ),
)
