"""Two convolutions, one after the other, as one with a larger kernel."""

from __future__ import annotations

from itertools import product as places
from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array, at
from symtconv.catalogue.factorings import by_definition
from symtconv.catalogue.pairs import FOLLOWS, pair, subjects
from symtconv.catalogue.subject import MAX_ENTRIES, Subject
from symtconv.errors import NotApplicable, TooLarge
from symtconv.geometry import Conv
from symtconv.proofs.terms import Defined, Equation, product
from symtconv.proofs.theorem import Theorem
from symtconv.taps import count_nonzeros


def merged_layer(first: Conv, second: Conv) -> Conv:
    """Give the convolution that both make: stride s1 s2, K1 + s1 (K2 - 1) taps, the pads of the first."""
    axes = list(zip(first.axes, second.axes, strict=True))
    return Conv(
        first.input_shape,
        [a.effective_kernel + a.stride * (b.effective_kernel - 1) for a, b in axes],
        stride=[a.stride * b.stride for a, b in axes],
        padding=first.padding,
        output_shape=second.output_shape,
        in_channels=first.in_channels,
        out_channels=second.out_channels,
        padding_mode=first.padding_mode,
    )


def merged_kernel(first: Conv, second: Conv, w: Array, u: Array) -> Array:
    """Multiply the polynomials w(z^d1) and u(z^(s1 d2)), matrices of the channels: the kernel of both together.

    Coefficient t is the sum of u[j2] w[j1] over d1 j1 + s1 d2 j2 = t; u[j2] w[j1] sums over the middle channels.
    """
    w, u = _ungrouped(w, first.groups), _ungrouped(u, second.groups)
    spans = merged_layer(first, second).kernel_size
    kernel = np.full((second.out_channels, first.in_channels, *spans), sympy.Integer(0), dtype=object)
    for j1 in places(*map(range, first.kernel_size)):
        for j2 in places(*map(range, second.kernel_size)):
            axes = zip(first.axes, second.axes, j1, j2, strict=True)
            t = [a.dilation * i + a.stride * b.dilation * j for a, b, i, j in axes]
            kernel[at(..., *t)] = kernel[at(..., *t)] + np.matmul(u[at(..., *j2)], w[at(..., *j1)])
    return kernel


def _ungrouped(weights: Array, groups: int) -> Array:
    """Write weights (out, in/groups, *k) as (out, in, *k), with zeros between the groups."""
    width, depth = weights.shape[0] // groups, weights.shape[1]
    whole = np.full((weights.shape[0], groups * depth, *weights.shape[2:]), sympy.Integer(0), dtype=object)
    for group in range(groups):
        rows, columns = slice(group * width, (group + 1) * width), slice(group * depth, (group + 1) * depth)
        whole[rows, columns] = weights[rows]
    return whole


def _composition(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C2 C1 is the matrix of the merged layer with the product of the kernels."""
    first, second = pair("composition", layer)
    if any(axis.lo or axis.hi for axis in second.axes):
        raise NotApplicable.because("composition", "the second convolution has no pads", str(second.padding))
    merged = merged_layer(first, second)
    _check_size(first, second, merged)
    one, two = subjects("composition", layer)
    both = Subject(merged, merged_kernel(first, second, one.w_symbols, two.w_symbols))
    C_2 = Defined("C_2", "the matrix of the second layer, from its tap map", two.C_term.value)
    C_1 = Defined("C_1", "the matrix of the first layer, from its tap map", one.C_term.value)
    C_ = by_definition("C", "the matrix of the convolution with the product of the kernels", both)
    says = "C_2 C_1 = C of the product of the kernels, stride s1 s2"
    return (Equation(product(C_2, C_1), C_, says, both.indices),)


def _check_size(first: Conv, second: Conv, merged: Conv) -> None:
    """Refuse a product of matrices, or a merged layer, that would not fit."""
    products = count_nonzeros(second) * prod(first.kernel_size) * first.in_channels // first.groups
    taps = prod(merged.output_shape) * prod(merged.kernel_shape)
    if max(products, taps) > MAX_ENTRIES:
        raise TooLarge.of(
            f"the composition of {first!r} and {second!r}",
            max(products, taps),
            MAX_ENTRIES,
            what="products of entries",
            remedy="Ask for smaller layers of the same kind.",
        )


COMPOSITIONS = (
    Theorem(
        name="composition",
        title="Two convolutions are one",
        statement="no pads in the second layer: C_2 C_1 = C of the kernel (w1)_d1 * (w2)_(s1 d2), a product of "
        "polynomials, summed over the middle channels, with stride s1 s2 and the pads of the first layer",
        hypotheses=(
            FOLLOWS,
            "the second convolution has no pads",
        ),
        family="structure",
        source="Vaidyanathan, Multirate Systems and Filter Banks, section 4.2; associativity of matrix products",
        equations=_composition,
        assumptions=("the weights of both convolutions are indeterminates over any commutative ring",),
        takes_two=True,
        example=(Conv((5, 5), 2, stride=2, padding=1), Conv((3, 3), 2)),
    ),
)
