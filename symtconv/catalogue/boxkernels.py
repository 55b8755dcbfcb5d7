"""Nearest-neighbour resizing before a convolution is a transposed convolution with a smoother kernel."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.axisfactors import on_pixels
from symtconv.catalogue.factorings import by_definition, require_zeros, with_same_kernel
from symtconv.catalogue.subject import MAX_ENTRIES, Subject
from symtconv.catalogue.vocabulary import picking
from symtconv.catalogue.weights import spread, turned
from symtconv.errors import TooLarge
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.proofs.terms import Defined, Equation, Transposed, product


def resize_convolution(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """Resizing by the stride, then convolving with stride 1, is C_b^T, C_b the matrix with kernel box_s * flip(w_d)."""
    require_zeros("resize-convolution", layer)
    subject = Subject(layer, kernel)
    conv = subject.conv
    _require_room(conv)
    resized = [axis.stride * axis.large for axis in conv.axes]
    after = with_same_kernel(conv, resized, padding=conv.padding)
    spans = [axis.effective_kernel for axis in conv.axes]
    smooth = ConvTranspose(
        conv.input_shape,
        [span + axis.stride - 1 for span, axis in zip(spans, conv.axes, strict=True)],
        stride=conv.stride,
        padding=[(span - 1 - axis.lo, span - 1 - axis.hi) for span, axis in zip(spans, conv.axes, strict=True)],
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
    )
    plain = by_definition("C_1", "the matrix of the convolution of the resized input", Subject(after, kernel))
    boxed = _times_box(turned(spread(subject.w_symbols, conv.dilation), conv.groups), conv.stride)
    transposed = Defined(
        "C_b", "the matrix with the kernel box_s * flip(w_d), from its tap map", Subject(smooth, boxed).C_term.value
    )
    resizing = on_pixels(conv.in_channels, [_nearest(axis) for axis in conv.axes])
    out = after.output_shape if conv.single_channel else (conv.out_channels, *after.output_shape)
    says = "resizing x by s and convolving is the transposed convolution of x with kernel box_s * flip(w_d)"
    return (Equation(product(plain, resizing), Transposed(transposed), says, (("i", out), subject.indices[1])),)


def _nearest(axis: Axis) -> Defined:
    """Resize an axis s-fold: pixel p of the result is pixel floor(p/s)."""
    places = (place // axis.stride for place in range(axis.stride * axis.large))
    return picking("N", f"repeats every pixel {axis.stride} times", places, axis.large)


def _times_box(weights: Array, sizes: Sequence[int]) -> Array:
    """Multiply the polynomial of a kernel, along every axis, by 1 + z + ... + z^(s-1)."""
    for axis, size in enumerate(sizes, start=weights.ndim - len(sizes)):
        ends = [(0, 0)] * weights.ndim
        shifted = []
        for shift in range(size):
            ends[axis] = (shift, size - 1 - shift)
            shifted.append(np.pad(weights, ends, constant_values=0))
        weights = sum(shifted[1:], shifted[0])
    return weights


def _require_room(conv: Conv) -> None:
    """Refuse what would not fit, before anything is built."""
    taps = prod(axis.effective_kernel + axis.stride - 1 for axis in conv.axes) * prod(conv.kernel_shape[:2])
    pixels = prod(axis.stride * axis.large for axis in conv.axes) * conv.in_channels
    entries = max(taps * prod(conv.input_shape), pixels)
    if entries > MAX_ENTRIES:
        raise TooLarge.of(
            f"resizing before {conv!r}",
            entries,
            MAX_ENTRIES,
            what="entries and pixels",
            remedy="Ask for a smaller layer of the same kind.",
        )
