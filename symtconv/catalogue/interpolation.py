"""The interpolation family: upsampling as signal processing knows it.

The kernels are those of the statements, exact, and act on every channel by itself.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import floor
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.phases import kronecker, numbered, on_axis, several
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import matrix, named, picking, times
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.proofs.terms import Defined, Equation, Term, Transposed
from symtconv.proofs.theorem import Theorem

CHANNELS = "there are as many channels on both sides, and the kernel acts on each by itself"


def _require(theorem: str, conv: Conv, rules: dict[str, tuple[bool, object]]) -> None:
    """Refuse a layer that breaks a rule: the hypothesis, whether it is met, and what arrived."""
    channels = conv.in_channels == conv.out_channels
    arrived = f"{conv.in_channels} of the convolution's input and {conv.out_channels} of its output"
    for hypothesis, (met, found) in {CHANNELS: (channels, arrived), **rules}.items():
        if not met:
            raise NotApplicable.because(theorem, hypothesis, str(found))


def _on_every_channel(conv: Conv, taps: list[list[Fraction]]) -> Array:
    """Make the kernel that acts on each channel alone, the outer product of the axes' taps."""
    plain = reduce(np.multiply.outer, [np.array(axis, dtype=object) for axis in taps])
    per_group = conv.out_channels // conv.groups
    weights = np.full(conv.kernel_shape, Fraction(0), dtype=object)
    for channel in range(conv.out_channels):
        weights[channel, channel % per_group] = plain
    return weights


def _nearest(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    conv = layer.convolution
    _require(
        "nearest",
        conv,
        {
            "the kernel has s taps": (
                conv.kernel_size == conv.stride,
                f"{conv.kernel_size} taps, s = {conv.stride}",
            ),
            "the dilation is 1": (set(conv.dilation) == {1}, conv.dilation),
            "there are no pads": (set(conv.padding) == {(0, 0)}, conv.padding),
            "n = s o": (not any(conv.output_padding), f"n = {conv.large_shape}, o = {conv.small_shape}"),
        },
    )
    subject = Subject(layer, _on_every_channel(conv, [[Fraction(1)] * axis.stride for axis in conv.axes]))
    picked = [
        picking(
            numbered("R", place, conv),
            f"what picks sample floor(m/s) for output m{on_axis(place, conv)}",
            [m // axis.stride for m in range(axis.large)],
            axis.small,
        )
        for place, axis in enumerate(conv.axes)
    ]
    repeated = times(kronecker([*several(conv.large_channels), *picked]), subject.v_term)
    at = subject.indices[1:]
    stamps = subject.transposed_term("stamp", "the stamps of v with the kernel of s ones")
    return (
        Equation(times(Transposed(subject.C_term), subject.v_term), repeated, "(C^T v)[m] = v[floor(m/s)]", at),
        Equation(stamps, repeated, "so are the stamps", at),
    )


def _bilinear(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    conv = layer.convolution
    taps, pads = [2 * f - f % 2 for f in conv.stride], [(f // 2, f // 2) for f in conv.stride]
    _require(
        "bilinear",
        conv,
        {
            "k = 2f - (f mod 2), f the stride": ([*conv.kernel_size] == taps, f"{conv.kernel_size}, not {taps}"),
            "the dilation is 1": (set(conv.dilation) == {1}, conv.dilation),
            "both pads are ceil((f-1)/2)": ([*conv.padding] == pads, f"{conv.padding}, not {pads}"),
            "the output padding is 0": (not any(conv.output_padding), conv.output_padding),
            "the padding is of zeros": (conv.padding_mode == "zeros", repr(conv.padding_mode)),
        },
    )
    subject = Subject(layer, _on_every_channel(conv, [_hat(f) for f in conv.stride]))
    equations = [_size(axis, on_axis(place, conv)) for place, axis in enumerate(conv.axes)]
    kept, between = _kept_and_between(conv)
    transposed = times(Transposed(subject.C_term), subject.v_term)
    stamps = subject.transposed_term("stamp", "the stamps of v with the kernel of the hat")
    linear = times(between, subject.v_term)
    at = subject.indices[1:]
    says = "C^T v interpolates v linearly, half-pixel centres, for p <= m <= f o - 1 - p"
    return (
        *equations,
        Equation(transposed, stamps, "C^T v are the stamps of v", at),
        Equation(times(kept, transposed), linear, says, at),
    )


def _hat(f: int) -> list[Fraction]:
    """Give w[t] = 1 - |t/f - c|, c = (2f - 1 - (f mod 2))/(2f)."""
    centre = Fraction(2 * f - 1 - f % 2, 2 * f)
    return [1 - abs(Fraction(t, f) - centre) for t in range(2 * f - f % 2)]


def _size(axis: Axis, where: str) -> Equation:
    n, o = named("n", "the large size", axis.large), named("o", "the small size", axis.small)
    f = named("f", "the factor, the stride", axis.stride)
    return Equation(n, times(f, o), f"n = f o{where}")


def _kept_and_between(conv: Conv) -> tuple[Term, Term]:
    """Make what keeps p <= m <= f o - 1 - p, and what interpolates linearly there, zero elsewhere."""
    kept, between = [], []
    for place, axis in enumerate(conv.axes):
        outputs = range(axis.lo, axis.stride * axis.small - axis.lo)
        where = on_axis(place, conv)
        keep = matrix(axis.large, axis.large, {(m, m): 1 for m in outputs})
        kept.append(Defined(numbered("K", place, conv), f"what keeps p <= m <= f o - 1 - p{where}", keep))
        entries = {(m, i): weight for m in outputs for i, weight in _neighbours(m, axis)}
        meaning = f"linear interpolation between samples at (i + 1/2) f - 1/2, there{where}"
        between.append(Defined(numbered("L", place, conv), meaning, matrix(axis.large, axis.small, entries)))
    channels = several(conv.large_channels)
    return kronecker([*channels, *kept]), kronecker([*channels, *between])


def _neighbours(m: int, axis: Axis) -> list[tuple[int, Fraction]]:
    """Weight the two samples beside output m by the distance to the other one; sample i is at (i + 1/2) f - 1/2."""
    position = Fraction(2 * m + 1, 2 * axis.stride) - Fraction(1, 2)
    before = floor(position)
    after = position - before
    return [(before, 1 - after), (before + 1, after)] if after else [(before, Fraction(1))]


INTERPOLATION = (
    Theorem(
        name="nearest",
        title="A box repeats every pixel",
        statement="with a kernel of s ones (C^T v)[m] = v[floor(m/s)], on every axis and for every channel by itself",
        hypotheses=(
            CHANNELS,
            "the kernel has s taps",
            "the dilation is 1",
            "there are no pads",
            "n = s o",
        ),
        family="interpolation",
        source="nearest-neighbour upsampling; torch.nn.Upsample",
        equations=_nearest,
        assumptions=("v are indeterminates over any commutative ring",),
        example=ConvTranspose((2, 3), (2, 3), stride=(2, 3)),
    ),
    Theorem(
        name="bilinear",
        title="A hat interpolates linearly",
        statement="f-fold, k = 2f - (f mod 2), s = f, p = ceil((f-1)/2), w[t] = 1 - |t/f - c|, "
        "c = (2f - 1 - (f mod 2))/(2f): size f o from o samples, and C^T v is half-pixel linear interpolation of v for "
        "p <= m <= f o - 1 - p; on several axes w is the product of the axes' taps, and every channel is by itself",
        hypotheses=(
            CHANNELS,
            "k = 2f - (f mod 2), f the stride",
            "the dilation is 1",
            "both pads are ceil((f-1)/2)",
            "the output padding is 0",
            "the padding is of zeros",
        ),
        family="interpolation",
        source="Long, Shelhamer and Darrell, arXiv 1411.4038; Caffe's bilinear filler",
        equations=_bilinear,
        assumptions=("v are indeterminates over any commutative ring that contains the fractions",),
        example=ConvTranspose((3, 3), 4, stride=2, padding=1),
    ),
)
