"""When the reversed kernel, with the same pads, gives the transposed convolution."""

from __future__ import annotations

from functools import reduce
from typing import Any

from symtconv.catalogue.factorings import by_definition, require_zeros, with_same_kernel
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import TRUE, at_most, both, either, equal, named, plus, remainder
from symtconv.catalogue.weights import turned
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Conv
from symtconv.proofs.terms import Defined, Equation, Term, Transposed, number, product


def reversed_kernel_same(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C' = C^T iff every span K is odd, or there is nothing that a tap could read; with exchanged pads always."""
    name = "reversed-kernel-same"
    _require_same(name, layer)
    subject = Subject(layer)
    conv = subject.conv
    reversed_ = Conv(
        conv.output_shape,
        conv.kernel_size,
        dilation=conv.dilation,
        padding=conv.padding,
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        groups=conv.groups,
    )
    exchanged = with_same_kernel(conv, conv.input_shape, padding=[(axis.hi, axis.lo) for axis in conv.axes])
    back = Subject(reversed_, turned(subject.w_symbols, conv.groups))
    C_ = by_definition("C'", "the matrix of the convolution with the reversed kernel and the same pads", back)
    swapped = Defined("C_x", "the matrix with lo and hi exchanged, from its tap map", Subject(exchanged).C_term.value)
    small, large = subject.indices
    axes = [_Sizes(axis, f"_{place}" if conv.ndim > 1 else "") for place, axis in enumerate(conv.axes)]
    truth = either(both(*(axis.is_odd for axis in axes)), reduce(either, (axis.reads_nothing for axis in axes)))
    return (
        Equation(C_, Transposed(swapped), "C' is C^T of the layer with lo and hi exchanged", (large, small)),
        Equation(
            equal(equal(C_, Transposed(subject.C_term)), truth),
            TRUE,
            "C' = C^T for every kernel iff every K is odd, or k is even and 2 n <= d on an axis",
        ),
    )


def _require_same(name: str, layer: Any) -> None:
    require_zeros(name, layer)
    if any(axis.stride != 1 for axis in layer.axes):
        raise NotApplicable.because(name, "the stride is 1", str(layer.stride))
    if any((axis.lo, axis.hi) != _same_pads(axis) for axis in layer.axes):
        raise NotApplicable.because(name, "the pads are floor((K-1)/2) and ceil((K-1)/2)", str(layer.padding))
    if layer.small_shape != layer.large_shape:
        raise NotApplicable.because(
            name, "the convolution keeps all its outputs", f"{layer.small_shape} of {layer.large_shape} outputs"
        )


def _same_pads(axis: Axis) -> tuple[int, int]:
    return (axis.effective_kernel - 1) // 2, axis.effective_kernel // 2


class _Sizes:
    """The sizes of one axis as terms, and what the statement asks of them."""

    def __init__(self, axis: Axis, suffix: str) -> None:
        self.n = named(f"n{suffix}", "the large size", axis.large)
        self.k = named(f"k{suffix}", "the kernel size", axis.kernel_size)
        self.d = named(f"d{suffix}", "the dilation", axis.dilation)

    @property
    def is_odd(self) -> Term:
        """K = d(k-1) + 1 is odd."""
        span = plus(product(self.d, plus(self.k, number(-1))), number(1))
        return equal(remainder(span, number(2)), number(1))

    @property
    def reads_nothing(self) -> Term:
        """k is even and 2n <= d: then even the two taps in the middle, about d/2 from their pixel, miss the axis."""
        return both(equal(remainder(self.k, number(2)), number(0)), at_most(product(number(2), self.n), self.d))
