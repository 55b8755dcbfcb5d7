"""Kernels that are a box of ones times something: those without checkerboards. Part of the overlap family."""

from __future__ import annotations

from itertools import product as every
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import at
from symtconv.catalogue.evenness import weights
from symtconv.catalogue.gradients import RING
from symtconv.catalogue.phases import (
    constant_along,
    kronecker,
    numbered,
    on_axis,
    phases,
    require_room,
    several,
)
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import (
    TRUE,
    equal,
    identity,
    matrix,
    plus,
    times,
    unused,
    variables,
    vector,
)
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import transpose_by
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Term, table
from symtconv.proofs.theorem import Theorem


def _even_iff_resize(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    name = "even-iff-resize"
    conv = layer.convolution
    if set(conv.dilation) != {1}:
        raise NotApplicable.because(name, "the dilation is 1", f"dilation {conv.dilation}")
    for axis in conv.axes:
        longest = max(axis.stride, axis.kernel_size)
        require_room(name, layer, prod(conv.kernel_shape) // axis.kernel_size * longest)
        require_room(name, layer, axis.kernel_size * longest)
    subject = Subject(layer, kernel)
    equations: list[Equation] = []
    for place in range(conv.ndim):
        equations += _division(subject, place)
    if all(axis.kernel_size >= axis.stride for axis in conv.axes):
        equations += _resized(Subject(layer))
    return tuple(equations)


def _box(k: int, s: int, symbol: str = "B") -> Defined:
    """The matrix of q -> box_s * q, with k taps."""
    entries = {(t + r, t): 1 for t in range(k - s + 1) for r in range(s)}
    return Defined(symbol, "what convolves with the box of s ones", matrix(k, k - s + 1, entries))


def _quotient(k: int, s: int) -> Defined:
    """Divide by the box: q[t] = sum over l of w[t + s - 1 + s l] - w[t + s + s l]."""
    entries: dict[tuple[int, int], int] = {}
    for t in range(k - s + 1):
        for j in range(t + s - 1, k, s):
            entries[t, j] = entries.get((t, j), 0) + 1
            if j + 1 < k:
                entries[t, j + 1] = entries.get((t, j + 1), 0) - 1
    return Defined("G", "the quotient by the box of s ones", matrix(k - s + 1, k, entries))


def _division(subject: Subject, place: int) -> list[Equation]:
    """Divide each line of the kernel along an axis by the box: the remainder is made of differences of phase sums."""
    conv, axis = subject.conv, subject.conv.axes[place]
    k, s = axis.kernel_size, axis.stride
    shape = conv.kernel_shape
    outer, inner = prod(shape[: place + 2]), prod(shape[place + 3 :])

    def along(*factors: Defined) -> list[Term]:
        return [kronecker([*several(outer), factor, *several(inner)]) for factor in factors]

    where = on_axis(place, conv)
    w, A = weights(subject), phases(conv)[place]
    sums = times(*along(A), w)
    last = {(r, r): 1 for r in range(s - 1)} | {(r, s - 1): -1 for r in range(s - 1)}
    differences = Defined("D", "the differences of the phase sums to the last", matrix(s - 1, s, last))
    first = {(r, r): 1 for r in range(min(k, s - 1))}
    laid = Defined("L", "what lays them on the first taps", matrix(k, s - 1, first))
    remainder = times(*along(laid, differences), sums)
    even = constant_along(sums, outer, s, inner)
    if k < s:
        zero = Defined("0", "a kernel of zeros", table((prod(shape),), {}))
        return [
            Equation(w, remainder, f"w is made of differences of its phase sums{where}", (("j", shape),)),
            Equation(equal(even, equal(w, zero)), TRUE, f"k < s: the phase sums are equal iff w = 0{where}"),
        ]
    tap = (k - s + 1,)
    phase, taps = ((*shape[: place + 2], size, *shape[place + 3 :]) for size in (s, *tap))
    q = Defined("q", "any kernel of k - s + 1 taps", vector(variables(unused("q", subject.w), taps)))
    box, quotient = _box(k, s), _quotient(k, s)
    all_of_q = matrix(s, k - s + 1, dict.fromkeys(every(range(s), range(k - s + 1)), 1))
    total = Defined("E", "what gives every phase the sum of q", all_of_q)
    multiple = times(*along(box, quotient), w)
    says = f"all phase sums of box_s * q are the sum of q{where}"
    divided = f"w is box_s * q and differences of its phase sums{where}"
    determined = f"box_s * q determines q{where}"
    return [
        Equation(times(*along(A, box), q), times(*along(total), q), says, (("r", phase),)),
        Equation(w, plus(multiple, remainder), divided, (("j", shape),)),
        Equation(times(quotient, box), identity(k - s + 1), determined, (("t", tap), ("u", tap))),
        Equation(equal(even, equal(w, multiple)), TRUE, f"the phase sums are equal iff w = box_s * q{where}"),
    ]


def _resized(subject: Subject) -> list[Equation]:
    """Resize v by s, nearest neighbour, and stamp it with q: the stamps of v with box_s * q."""
    conv = subject.conv
    taps = [axis.kernel_size - axis.stride + 1 for axis in conv.axes]
    second = Conv(
        conv.large_shape,
        taps,
        padding=conv.padding,
        output_shape=[axis.stride * axis.small for axis in conv.axes],
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
        padding_mode=conv.padding_mode,
    )
    Subject(second)
    q, resized = variables("q", second.kernel_shape), subject.v
    wide = np.full(conv.kernel_shape, Polynomial({}), dtype=object)
    for shift in every(*map(range, conv.stride)):
        wide[at(..., *(slice(r, r + t) for r, t in zip(shift, taps, strict=True)))] += q
    for place, s in enumerate(conv.stride):
        resized = np.repeat(resized, s, axis=place + 1)
    boxes = [_box(axis.kernel_size, axis.stride, numbered("B", place, conv)) for place, axis in enumerate(conv.axes)]
    pairs = prod(conv.kernel_shape[:2])
    spread = times(kronecker([*several(pairs), *boxes]), Defined("q", "any kernel of k - s + 1 taps", vector(q)))
    kernel = Defined("w", "the kernel box_s * q", vector(wide))
    direct = Defined("z", "the stamps of v with w", vector(transpose_by("stamp", conv.T, subject.v, wide)))
    meaning = "the stamps, stride 1, of v resized by s (nearest neighbour) with q"
    small = Defined("u", meaning, vector(transpose_by("stamp", second.T, resized, q)))
    return [
        Equation(kernel, spread, "w = box_s * q", (("j", conv.kernel_shape),)),
        Equation(direct, small, "box_s * q stamps what q stamps on v resized by s", subject.indices[1:]),
    ]


EVEN_IFF_RESIZE = Theorem(
    name="even-iff-resize",
    title="Even kernels are resize-convolutions",
    statement="d = 1: on each line of the kernel along each axis the s phase sums are equal iff w = box_s * q with "
    "k - s + 1 taps (w = 0 if k < s); and box_s * q stamps what q stamps, stride 1, on the image resized by s",
    hypotheses=("the dilation is 1",),
    family="overlap",
    source="division by 1 + z + ... + z^(s-1); Odena, Dumoulin and Olah, Distill 2016",
    equations=_even_iff_resize,
    assumptions=(RING,),
    takes_kernel=True,
    example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
)
