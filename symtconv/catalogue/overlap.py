"""The overlap family: how often an output is covered, and checkerboards.

Source of the family: Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill 2016.
"""

from __future__ import annotations

from math import gcd as common_divisor, prod
from typing import Any

import numpy as np

from symtconv.catalogue.evenness import WEIGHTED_CHECKERBOARD
from symtconv.catalogue.phases import (
    constant_along,
    has_wide_interior,
    inside,
    interior,
    kept_inside,
    kronecker,
    numbered,
    on_axis,
    ones,
    phase_of_each,
    phases,
    require_room,
    require_zeros,
)
from symtconv.catalogue.resizing import EVEN_IFF_RESIZE
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import (
    TRUE,
    both,
    equal,
    floor_of,
    gcd,
    identity,
    inequality,
    named,
    picking,
    plus,
    remainder,
    times,
    total,
    vector,
)
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.layers import transpose_by
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Place, Term, Transposed, number, product, table
from symtconv.proofs.theorem import Theorem

SOURCE = "Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill 2016"


def _stamps_of_ones(conv: Conv, symbol: str, meaning: str) -> Defined:
    """Run the stamp definition on an image of ones with a kernel of ones."""
    image = np.ones((conv.out_channels, *conv.output_shape), dtype=object)
    kernel = np.ones(conv.kernel_shape, dtype=object)
    return Defined(symbol, meaning, vector(transpose_by("stamp", conv.T, image, kernel)))


def _coverage(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require_zeros("coverage", layer)
    conv = layer.convolution
    require_room("coverage", layer, prod(conv.stride))
    at = Subject(layer).indices[1:]
    covered = _covered(conv)
    C = Subject(layer, np.ones(conv.kernel_shape, dtype=object)).C_term
    counts = [
        times(picked, taps, ones(axis.kernel_size))
        for picked, taps, axis in zip(phase_of_each(conv), phases(conv), conv.axes, strict=True)
    ]
    channels = [product(_repeats(conv), ones(conv.large_channels))]
    bound = kronecker([*channels, *counts])
    rest = kronecker([*channels, _missing(conv, counts)])
    image = Defined("v", "an image of ones", ones(prod((conv.out_channels, *conv.output_shape))).value)
    equations = [
        Equation(
            covered,
            product(Transposed(C), image),
            "the stamps of an image of ones with a kernel of ones are C^T v",
            at,
        ),
        *inequality(covered, rest, bound, "output m is covered at most #{j: d j = m + lo mod s} times", at),
    ]
    if all(map(interior, conv.axes)):
        says = "output m of the interior is covered #{j: d j = m + lo mod s} times"
        equations.append(Equation(product(kept_inside(conv), covered), product(kept_inside(conv), bound), says, at))
    return tuple(equations)


def _covered(conv: Conv) -> Defined:
    return _stamps_of_ones(conv, "z", "how often each output is covered: the stamps of ones with a kernel of ones")


def _repeats(conv: Conv) -> Defined:
    return named("u", "the channels that stamp an output channel", conv.out_channels // conv.groups)


def _missing(conv: Conv, counts: list[Term]) -> Term:
    """Count the taps of the stamps that would lie before the first or behind the last pixel.

    With b the phase counts, c what covers and r = b - c what is missing on each axis, b (x) b' - c (x) c' is
    r (x) b' + c (x) r', and so on for more axes.
    """
    covers = []
    for place, axis in enumerate(conv.axes):
        alone = Conv._resolved((axis,), 1, 1, 1, "zeros")
        meaning = f"how often the outputs are covered{on_axis(place, conv)}"
        covers.append(_stamps_of_ones(alone, numbered("c", place, conv), meaning))
    summands = [
        kronecker([*covers[:place], _missing_on(axis, place, conv), *counts[place + 1 :]])
        for place, axis in enumerate(conv.axes)
    ]
    return total(summands)


def _missing_on(axis: Axis, place: int, conv: Conv) -> Defined:
    """Count, for each output m, the taps j with d*j = m + lo mod s whose stamp i is none of 0..o-1."""
    counted: dict[tuple[int], int] = {}
    for tap in range(axis.kernel_size):
        shift = axis.dilation * tap - axis.lo
        for m in range(shift % axis.stride, axis.large, axis.stride):
            if not 0 <= (m - shift) // axis.stride < axis.small:
                counted[m,] = counted.get((m,), 0) + 1
    entries: dict[Place, Polynomial] = {at: Polynomial.constant(count) for at, count in counted.items()}
    meaning = f"how many taps of stamps beyond the image would cover each output{on_axis(place, conv)}"
    return Defined(numbered("r", place, conv), meaning, table((axis.large,), entries))


def _phase_counts(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    conv = layer.convolution
    for axis in conv.axes:
        require_room("phase-counts", layer, max(axis.stride, axis.kernel_size))
    equations: list[Equation] = []
    for place, (axis, taps) in enumerate(zip(conv.axes, phases(conv), strict=True)):
        equations += _axis_counts(axis, taps, on_axis(place, conv))
    return tuple(equations)


def _axis_counts(axis: Axis, taps: Defined, where: str) -> tuple[Equation, ...]:
    """Pick the phases in the order 0, d, 2d, ... mod s, in which the taps fall on them one after another."""
    k, s, d = _sizes(axis)
    g = common_divisor(axis.stride, axis.dilation)
    reached = axis.stride // g
    count = product(taps, ones(axis.kernel_size))
    order = [axis.dilation * turn % axis.stride for turn in range(reached)]
    visited = picking("V", f"what picks the phases 0, d, 2d, ... mod s{where}", order, axis.stride)
    others = [r for r in range(axis.stride) if r % g]
    skipped = picking("U", f"what picks the phases that g = gcd(s, d) does not divide{where}", others, axis.stride)
    more = axis.kernel_size % reached
    first = Polynomial.constant(1)
    extra = Defined("e", f"the phases with one tap more{where}", table((reached,), {(r,): first for r in range(more)}))
    least = floor_of(product(k, gcd(s, d)), s)
    nothing = Defined("0", "a vector of zeros", table((len(others),), {}))
    every = plus(product(Transposed(visited), visited), product(Transposed(skipped), skipped))
    return (
        Equation(
            every,
            identity(axis.stride),
            f"every phase is one of the s/g or one of the others{where}",
            (("r", (axis.stride,)), ("r'", (axis.stride,))),
        ),
        Equation(
            product(skipped, count),
            nothing,
            f"a phase that g does not divide gets no tap{where}",
            (("u", (len(others),)),),
        ),
        Equation(
            product(visited, count),
            plus(product(least, ones(reached)), extra),
            f"of the other s/g phases each gets floor(k g/s) taps, or one more{where}",
            (("t", (reached,)),),
        ),
        Equation(
            product(extra, ones(reached)),
            remainder(k, floor_of(s, gcd(s, d))),
            f"k mod (s/g) of them get one more{where}",
        ),
    )


def _sizes(axis: Axis) -> tuple[Defined, Defined, Defined]:
    return (
        named("k", "the kernel size", axis.kernel_size),
        named("s", "the stride", axis.stride),
        named("d", "the dilation", axis.dilation),
    )


def _checkerboard(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require_zeros("checkerboard", layer)
    conv = layer.convolution
    require_room("checkerboard", layer, max(conv.stride))
    Subject(layer)
    equations, divides = [], []
    for place, (axis, taps) in enumerate(zip(conv.axes, phases(conv), strict=True)):
        k, s, d = _sizes(axis)
        divides.append(both(equal(remainder(k, s), number(0)), equal(gcd(s, d), TRUE)))
        even = constant_along(product(taps, ones(axis.kernel_size)), 1, axis.stride)
        says = f"the phase counts are equal iff s divides k and gcd(s, d) = 1{on_axis(place, conv)}"
        equations.append(Equation(equal(even, divides[-1]), TRUE, says))
    if has_wide_interior(conv):
        size = prod(len(interior(axis)) for axis in conv.axes)
        even = constant_along(product(inside(conv), _covered(conv)), 1, size * conv.large_channels)
        says = "the coverage of the interior is constant iff that holds" + " on every axis" * (conv.ndim > 1)
        equations.append(Equation(equal(even, both(*divides)), TRUE, says))
    return tuple(equations)


STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")

OVERLAP = (
    Theorem(
        name="coverage",
        title="How many stamps cover an output",
        statement="output m is covered #{j: d j = m + lo mod s} times on the interior K-1-lo <= m <= s(o-1)-lo, at "
        "most so elsewhere; on several axes that is a product, and every channel of a group covers once",
        hypotheses=("the padding is of zeros",),
        family="overlap",
        source=SOURCE,
        equations=_coverage,
        example=STORY,
    ),
    Theorem(
        name="phase-counts",
        title="How many taps each phase gets",
        statement="with g = gcd(s, d): phases r = 0..s-1 not divisible by g get 0 taps; of the other s/g, k mod (s/g) "
        "get floor(k g/s) + 1 and the rest floor(k g/s)",
        hypotheses=(),
        family="overlap",
        source="d j mod s runs through the multiples of g with period s/g",
        equations=_phase_counts,
        example=STORY,
    ),
    Theorem(
        name="checkerboard",
        title="When the coverage is even",
        statement="the s phase counts #{j: d j = r mod s} are equal iff s divides k and gcd(s, d) = 1; so is the "
        "coverage of the interior, where that has at least s outputs on every axis",
        hypotheses=("the padding is of zeros",),
        family="overlap",
        source=SOURCE,
        equations=_checkerboard,
        example=ConvTranspose((3, 3), 3, stride=2, padding="same"),
    ),
    WEIGHTED_CHECKERBOARD,
    EVEN_IFF_RESIZE,
)
