"""The regularity family: differentiable, continuous, smooth."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.catalogue.continuity import CONTINUOUS
from symtconv.catalogue.gradients import RING
from symtconv.catalogue.phases import on_axis, require_room
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import matrix, minus, plus, times, unused, variables, vector
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.layers import convolve, transpose_by
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Derivative, Equation, Place, Table, table
from symtconv.proofs.theorem import Theorem

STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")


def _differentiable(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    small, large = subject.indices
    h = variables(unused("h", subject.w), subject.x.shape)
    h_term = Defined("h", "any change of x", vector(h))
    moved = Defined("y'", "the convolution of x + h with w", vector(convolve(subject.conv, subject.x + h, subject.w)))
    of_h = Defined("u", "the convolution of h with w", vector(convolve(subject.conv, h, subject.w)))
    change = plus(moved, minus(subject.y_term))
    linear = times(subject.C_term, h_term)
    nothing = Defined("0", "no remainder", table((prod(subject.v.shape),), {}))
    return (
        Equation(change, of_h, "C(x + h) - C x is the convolution of h", (small,)),
        Equation(plus(change, minus(linear)), nothing, "C(x + h) - C x - C h = 0", (small,)),
        Equation(
            Derivative(subject.y_term, subject.x_names),
            subject.C_term,
            "the derivative at every point x is C",
            (small, large),
        ),
    )


def _smooth(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    conv = subject.conv
    require_room("smooth", layer, sum(conv.stride))
    small, large = subject.indices
    by = subject.x_names
    first = Derivative(subject.y_term, by)
    nothing = Defined("0", "zero throughout", Table((prod(subject.v.shape), len(by), len(by)), {}))
    says = "every second derivative is 0, and so every later one"
    return (
        Equation(first, subject.C_term, "the first derivative is C", (small, large)),
        Equation(Derivative(first, by), nothing, says, (small, large, ("l", large[1]))),
        *(_jump(axis, on_axis(place, conv)) for place, axis in enumerate(conv.axes)),
    )


def _jump(axis: Axis, where: str) -> Equation:
    """Interpolate two samples with the box of s taps: the differences are 0 but for one, which is the whole step."""
    s = axis.stride
    pair = variables("v", (2,))
    box = Conv(2 * s, s, stride=s)
    values = transpose_by("stamp", box.T, pair, np.ones(s, dtype=object))
    steps = Defined("z", f"two samples, interpolated with the box of s ones{where}", vector(values))
    entries = {(m, m + off): sign for m in range(2 * s - 1) for off, sign in ((1, 1), (0, -1))}
    differences = Defined("D", "the differences of neighbours", matrix(2 * s - 1, 2 * s, entries))
    whole: dict[Place, Polynomial] = {(s - 1,): pair[1] + Polynomial.constant(-1) * pair[0]}
    jump = Defined("J", "zeros, and once v[1] - v[0]", table((2 * s - 1,), whole))
    says = f"the box of s ones jumps from sample to sample{where}"
    return Equation(times(differences, steps), jump, says, (("m", (2 * s - 1,)),))


REGULARITY = (
    Theorem(
        name="differentiable",
        title="A convolution is its own derivative",
        statement="C(x + h) - C x = C h exactly, so the remainder is 0 and the derivative at every point is C",
        hypotheses=(),
        family="regularity",
        source="definition of the Frechet derivative",
        equations=_differentiable,
        assumptions=(RING, "h, like x, is made of indeterminates"),
        takes_kernel=True,
        example=STORY,
    ),
    CONTINUOUS,
    Theorem(
        name="smooth",
        title="Every derivative after the first vanishes",
        statement="as a function of x every derivative after the first vanishes; that is a fact of the layer, not of "
        "the interpolant, which for the box kernel jumps: of two samples v, all differences are 0 but one, v[1] - v[0]",
        hypotheses=(),
        family="regularity",
        source="differentiation of y[i] = sum_j w[j] x[tau(i, j)]",
        equations=_smooth,
        assumptions=(RING, "the derivatives of 0 are 0"),
        takes_kernel=True,
        example=STORY,
    ),
)
