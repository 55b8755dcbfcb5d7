"""A strided convolution as several with stride 1, one for each phase of the stride."""

from __future__ import annotations

from itertools import product as places
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.hypotheses import DILATION_1, require
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import total, vector
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.proofs.terms import Defined, Equation, Transposed, product
from symtconv.proofs.theorem import Theorem


def _space_to_depth(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C x is the sum over r of the convolutions of (padded x)[r::s] with w[r::s]; C^T v is subpixel convolution."""
    require("space-to-depth", layer, DILATION_1)
    subject = Subject(layer, kernel)
    conv = subject.conv
    wide = _padded(conv, subject.x)
    phases = places(*(range(min(s, k)) for s, k in zip(conv.stride, conv.kernel_size, strict=True)))
    parts = [_phase(subject, wide, r) for r in phases]
    small, large = subject.indices
    says = "C x is the sum over r of the stride-1 convolutions of (padded x)[r::s] with w[r::s]"
    subpixel = subject.transposed_term("subpixel", "the phases of the transposed convolution of v, interleaved")
    return (
        Equation(product(subject.C_term, subject.x_term), total(parts), says, (small,)),
        Equation(
            product(Transposed(subject.C_term), subject.v_term), subpixel, "C^T v is subpixel convolution", (large,)
        ),
    )


def _padded(conv: Conv, x: Array) -> Array:
    """Pad x: the convolution with a single tap 1 on each channel, by its definition."""
    channels = conv.in_channels
    alone = Conv(
        conv.input_shape,
        1,
        padding=conv.padding,
        in_channels=channels,
        out_channels=channels,
        groups=channels,
        padding_mode=conv.padding_mode,
    )
    wide: Array = convolve(alone, x, np.ones(alone.kernel_shape, dtype=int))
    return wide


def _phase(subject: Subject, wide: Array, r: tuple[int, ...]) -> Defined:
    """The stride-1 convolution of (padded x)[r::s] with w[r::s], its first o outputs."""
    conv = subject.conv
    every = tuple(slice(start, None, s) for start, s in zip(r, conv.stride, strict=True))
    pixels, weights = wide[(slice(None), *every)], subject.w[(slice(None), slice(None), *every)]
    part = Conv(
        pixels.shape[1:],
        weights.shape[2:],
        output_shape=conv.output_shape,
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
    )
    name = ",".join(map(str, r))
    meaning = f"the stride-1 convolution of (padded x)[r::s] with w[r::s], r = {name}"
    return Defined(f"y_{{{name}}}", meaning, vector(convolve(part, pixels, weights)))


DEPTHS = (
    Theorem(
        name="space-to-depth",
        title="A strided convolution is a sum over the phases of its stride",
        statement="d = 1: C x is the sum over r of the stride-1 convolutions of (padded x)[r::s] with w[r::s], the "
        "first o outputs of each; its transpose is subpixel convolution",
        hypotheses=(DILATION_1.words,),
        family="structure",
        source="Shi et al., Is the deconvolution layer the same as a convolutional layer?, arXiv 1609.07009",
        equations=_space_to_depth,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
    ),
)
