"""The transposed convolution as s stride-1 convolutions, one a phase, whose outputs are interleaved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as every
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array, at
from symtconv.catalogue.factorings import require_zeros
from symtconv.catalogue.subject import MAX_ENTRIES, Subject
from symtconv.catalogue.vocabulary import flat, picking, vector
from symtconv.catalogue.weights import spread, turned
from symtconv.errors import TooLarge
from symtconv.geometry import Axis, Conv
from symtconv.layers import convolve
from symtconv.proofs.terms import Defined, Equation, Transposed, product


@dataclass(frozen=True)
class Phase:
    """The outputs m of one axis with m + lo = s*q + r for one r, which read the taps w_d[r], w_d[s+r], ..."""

    r: int
    first: int  # the first q
    outputs: range
    taps: int

    @property
    def work(self) -> int:
        """The products that the convolution of the phase is made of."""
        return len(self.outputs) * self.taps


def phases(axis: Axis) -> list[Phase]:
    """List the phases of an axis that have an output."""
    found = []
    for first in range(min(axis.stride, axis.large)):
        q, r = divmod(first + axis.lo, axis.stride)
        outputs, taps = range(first, axis.large, axis.stride), range(r, axis.effective_kernel, axis.stride)
        found.append(Phase(r, q, outputs, len(taps)))
    return found


def subpixel(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C^T v is interleaved of one stride-1 convolution of v a phase, and what conv_transpose makes by "subpixel"."""
    require_zeros("subpixel", layer)
    subject = Subject(layer, kernel)
    conv = subject.conv
    _require_room(conv)
    convolved, places = _every_phase(subject)
    outputs = Defined("p", "the stride-1 convolutions of v with w_d[s t + r], phase after phase", vector(convolved))
    interleaved = picking("S", "interleaves the phases", np.argsort(places).tolist(), len(places))
    transposed = product(Transposed(subject.C_term), subject.v_term)
    again = subject.transposed_term("subpixel", "the same, one convolution with step d/gcd(s, d) a phase")
    says, large = "(C^T v)[s q + r - lo] = sum_t w_d[s t + r] v[q - t]", subject.indices[1:]
    return (
        Equation(transposed, product(interleaved, outputs), says, large),
        Equation(transposed, again, 'C^T v is conv_transpose by method="subpixel"', large),
    )


def _require_room(conv: Conv) -> None:
    channels = prod(conv.kernel_shape[:2])
    products = channels * prod(sum(phase.work for phase in phases(axis)) for axis in conv.axes)
    taps = channels * prod(axis.effective_kernel for axis in conv.axes)
    if max(products, taps) > MAX_ENTRIES:
        raise TooLarge.of(
            f"the phases of {conv!r}",
            max(products, taps),
            MAX_ENTRIES,
            what="taps and products",
            remedy="Ask for a smaller layer of the same kind.",
        )


def _every_phase(subject: Subject) -> tuple[Array, list[int]]:
    """Convolve for every phase; give the outputs one after another, and the place of each in C^T v."""
    conv = subject.conv
    kernel = spread(subject.w, conv.dilation)
    values: list[Array] = []
    places: list[int] = []
    for chosen in every(*map(phases, conv.axes)):
        values.append(_convolved(subject, kernel, chosen).reshape(-1))
        pixels = every(range(conv.in_channels), *(phase.outputs for phase in chosen))
        places += flat(pixels, (conv.in_channels, *conv.input_shape))
    return np.concatenate(values), places


def _convolved(subject: Subject, kernel: Array, chosen: tuple[Phase, ...]) -> Array:
    """Give sum_t w_d[s*t + r] v[q - t] for the q of a phase: taps reversed, since a convolution is not flipped here."""
    conv = subject.conv
    size = [len(phase.outputs) for phase in chosen]
    if not all(phase.taps for phase in chosen):
        return np.zeros((conv.in_channels, *size), dtype=object)
    strides = zip(chosen, conv.stride, strict=True)
    taps = kernel[at(..., *(slice(phase.r, None, stride) for phase, stride in strides))]
    pads = [
        (phase.taps - 1 - phase.first, phase.first + count - small)
        for phase, count, small in zip(chosen, size, conv.output_shape, strict=True)
    ]
    plain = Conv(
        conv.output_shape,
        [phase.taps for phase in chosen],
        padding=pads,
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        groups=conv.groups,
    )
    y: Array = convolve(plain, subject.v, turned(taps, conv.groups))
    return y
