"""Kernels without checkerboards: those whose phase sums are equal.

The phase sums of a kernel are the sums of w[j] over d*j = r mod s, r = 0..s-1; on several axes r and j
have one index an axis. Part of the overlap family.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.gradients import RING
from symtconv.catalogue.phases import (
    constant_along,
    has_wide_interior,
    inside,
    interior,
    kept_inside,
    kronecker,
    numbered,
    on_axis,
    phase_of_each,
    phases,
    require_room,
    require_zeros,
    several,
)
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import (
    TRUE,
    equal,
    matrix,
    picking,
    plus,
    times,
    unused,
    variable,
    vector,
)
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.layers import transpose_by
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Term, Transposed, table
from symtconv.proofs.theorem import Theorem


def _weighted_checkerboard(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    name = "weighted-checkerboard"
    require_zeros(name, layer)
    conv = layer.convolution
    if not has_wide_interior(conv):
        sizes = [len(interior(axis)) for axis in conv.axes]
        hypothesis = "the interior has at least s outputs on every axis"
        raise NotApplicable.because(name, hypothesis, f"{sizes} outputs with strides {list(conv.stride)}")
    pairs = conv.small_channels * conv.kernel_shape[1]
    require_room(name, layer, pairs * prod(conv.stride))
    subject = Subject(layer, kernel)
    return (*_as_phase_sums(subject, pairs), *_as_fourier_sums(subject, pairs))


def weights(subject: Subject) -> Defined:
    """Give the weights as a vector."""
    return Defined("w", "the weights", vector(subject.w))


def _phase_sums(subject: Subject, pairs: int) -> Term:
    """Sum w[j] over d*j = r mod s for every pair of channels and every phase r."""
    return times(kronecker([*several(pairs), *phases(subject.conv)]), weights(subject))


def _as_phase_sums(subject: Subject, pairs: int) -> tuple[Equation, ...]:
    conv, large, at = subject.conv, subject.conv.large_channels, subject.indices[1:]
    image, T = _constant_image(subject)
    stamps = Defined("z", "the stamps of the constants", vector(transpose_by("stamp", conv.T, image, subject.w)))
    constants = Defined("t", "an image that is constant in every channel", vector(image))
    sums = _phase_sums(subject, pairs)
    phase_values = times(kronecker([T, *several(prod(conv.stride))]), sums)
    spread = kronecker([*several(large), *phase_of_each(conv)])
    seen = kronecker([*several(large), *(_seen(axis, place, conv) for place, axis in enumerate(conv.axes))])
    kept = kept_inside(conv)
    size = prod(len(interior(axis)) for axis in conv.axes)
    flat = constant_along(times(inside(conv), stamps), large, size)
    even = constant_along(sums, pairs, prod(conv.stride))
    phase = conv.stride if conv.single_channel else (large, *conv.stride)
    says = "every constant goes to a constant in the interior iff all phase sums are equal"
    return (
        Equation(times(Transposed(subject.C_term), constants), stamps, "the stamps of constants are C^T t", at),
        Equation(
            times(kept, stamps), times(kept, spread, phase_values), "in the interior each is t times a phase sum", at
        ),
        Equation(times(seen, stamps), phase_values, "and every phase sum, times t, is there", (("r", phase),)),
        Equation(equal(flat, even), TRUE, says),
    )


def _constant_image(subject: Subject) -> tuple[Array, Defined]:
    """Make an image with one indeterminate a channel, and the matrix that weights and sums what channels stamp."""
    conv, depth = subject.conv, subject.conv.kernel_shape[1]
    per_group = conv.small_channels // conv.groups
    image = np.empty((conv.small_channels, *conv.small_shape), dtype=object)
    entries: dict[tuple[int, int], object] = {}
    for channel, offset in np.ndindex(conv.small_channels, depth):
        constant = Polynomial.variable(subject.v_symbols[channel].flat[0].name)
        image[channel] = constant
        entries[channel // per_group * depth + offset, channel * depth + offset] = constant
    size = conv.large_channels, conv.small_channels * depth
    return image, Defined("T", "the constants, by large channel and pair of channels", matrix(*size, entries))


def _seen(axis: Axis, place: int, conv: Conv) -> Defined:
    """Pick, for each phase, the first output of the interior that has it."""
    first = {(m + axis.lo) % axis.stride: m for m in reversed(interior(axis))}
    places = [first[r] for r in range(axis.stride)]
    meaning = f"what picks an interior output of each phase{on_axis(place, conv)}"
    return picking(numbered("R", place, conv), meaning, places, axis.large)


def _as_fourier_sums(subject: Subject, pairs: int) -> tuple[Equation, ...]:
    """Divide sum_j w[j] z^(d j) by z^s - 1: the remainder is the sum of z^r times the phase sums."""
    conv = subject.conv
    for axis in conv.axes:
        powers = axis.effective_kernel // axis.stride + 1
        require_room("weighted-checkerboard", conv, axis.kernel_size * axis.effective_kernel * powers)
    prefix = unused("z", subject.w)
    names = [variable(prefix, (place,)) for place in range(conv.ndim)]
    full, reduced, phase, quotients = [], [], [], []
    for place, (axis, z) in enumerate(zip(conv.axes, names, strict=True)):
        lifts = [divmod(axis.dilation * j, axis.stride) for j in range(axis.kernel_size)]
        where = on_axis(place, conv)
        full.append(
            _row("Z", f"the powers z^(d j){where}", [{axis.dilation * j: 1} for j in range(axis.kernel_size)], z)
        )
        reduced.append(_row("P", f"the powers z^(d j mod s){where}", [{r: 1} for _, r in lifts], z))
        phase.append(_row("Y", f"the powers z^r{where}", [{r: 1} for r in range(axis.stride)], z))
        partial = [{r + axis.stride * part: 1 for part in range(q)} for q, r in lifts]
        quotients.append(_row("G", f"the quotients of z^(d j) - z^(d j mod s) by z^s - 1{where}", partial, z))
    w = weights(subject)
    multiples = []
    for place, (axis, z) in enumerate(zip(conv.axes, names, strict=True)):
        modulus = Polynomial({(z,) * axis.stride: 1, (): -1})
        factor = Defined(numbered("M", place, conv), "z^s - 1", table((), {(): modulus}))
        row = kronecker([*several(pairs), *reduced[:place], quotients[place], *full[place + 1 :]])
        multiples.append(times(factor, times(row, w)))
    transform = times(kronecker([*several(pairs), *full]), w)
    of_sums = times(kronecker([*several(pairs), *phase]), _phase_sums(subject, pairs))
    says = "modulo z^s = 1 the sum of w[j] z^(d j) is the discrete Fourier transform of the phase sums"
    return (Equation(transform, plus(of_sums, *multiples), says, (("c", (pairs,)),)),)


def _row(symbol: str, meaning: str, entries: list[dict[int, int]], z: str) -> Defined:
    """Make a matrix of one row of polynomials in z, each given as exponents with coefficients."""
    filled = {(0, j): Polynomial({(z,) * e: c for e, c in powers.items()}) for j, powers in enumerate(entries)}
    return Defined(symbol, meaning, matrix(1, len(entries), filled))


WEIGHTED_CHECKERBOARD = Theorem(
    name="weighted-checkerboard",
    title="When a kernel makes no checkerboard",
    statement="every constant goes to a constant in the interior iff all phase sums, over j with d j = r mod s, "
    "are equal; over the complex numbers iff the sum of w[j] z^(d j) is 0 wherever z^s = 1, except for z = 1",
    hypotheses=("the padding is of zeros", "the interior has at least s outputs on every axis"),
    family="overlap",
    source="Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill 2016",
    equations=_weighted_checkerboard,
    assumptions=(
        RING,
        "over the complex numbers, s values are equal iff their discrete Fourier transform of length s vanishes "
        "but at frequency 0, on each axis",
    ),
    takes_kernel=True,
    example=ConvTranspose((3, 3), 3, stride=2, padding="same"),
)
