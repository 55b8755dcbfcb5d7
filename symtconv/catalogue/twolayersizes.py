"""The sizes of two convolutions, one after the other: the size of their composition, and what an output of it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.axissizes import MINUS_ONE, ONE, AxisSizes, axis_sizes, whole
from symtconv.catalogue.hypotheses import ALL_KEPT, require
from symtconv.catalogue.pairs import FOLLOWS, pair
from symtconv.catalogue.subject import MAX_ENTRIES
from symtconv.catalogue.vocabulary import (
    below,
    both,
    equal,
    floor_of,
    inequality,
    matrix,
    minus,
    named,
    picking,
    plus,
    times,
    variables,
    vector,
)
from symtconv.errors import TooLarge
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Derivative, Determinant, Equation, Term, number, product
from symtconv.proofs.theorem import Theorem


def _composition_size(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    name = "composition-size"
    first, second = pair(name, layer)
    require(name, first, ALL_KEPT)
    require(name, second, ALL_KEPT)
    axes = zip(axis_sizes(first, "1"), axis_sizes(second, "2"), strict=True)
    return tuple(equation for one, two in axes for equation in _composed(one, two))


def _composed(one: AxisSizes, two: AxisSizes) -> Iterator[Equation]:
    """Hold the one layer against the outputs of the second: its formula, its windows, and the layer itself."""
    where, e = one.where, one.beyond()
    span = plus(one.K, product(one.s, plus(two.K, MINUS_ONE)))
    lo, hi = (plus(a, product(one.s, b)) for a, b in ((one.lo, two.lo), (one.hi, two.hi)))
    padded, stride = plus(one.n, lo, hi), product(one.s, two.s)
    yield one.spanned()
    yield two.spanned()
    yield Equation(one.o, one.formula, f"o1 = floor((n1 + lo1 + hi1 - K1)/s1) + 1{where}")
    yield Equation(two.o, two.formula, f"o2 = floor((o1 + lo2 + hi2 - K2)/s2) + 1{where}")
    size = plus(floor_of(plus(padded, minus(span)), stride), ONE)
    yield Equation(two.o, size, f"one layer has the same size: floor((n1 + lo + hi - K)/(s1*s2)) + 1 = o2{where}")
    found = named("f", "the outputs of that one layer", _merged(one.axis, two.axis).output_shape[0])
    yield Equation(found, two.o, f"a layer of these numbers has o2 outputs{where}")
    inside = plus(product(stride, plus(two.o, MINUS_ONE, minus(e))), span)
    rest = plus(product(stride, e), product(one.s, two.a), one.a)
    yield from inequality(inside, rest, padded, f"its windows i = o2 - 1 - e below o2 fit{where}")
    outside = plus(product(stride, plus(two.o, e)), span)
    rest = plus(product(stride, e), product(one.s, two.b), one.b)
    yield from inequality(plus(padded, ONE), rest, outside, f"its windows i = o2 + e from o2 on do not fit{where}")


def _merged(one: Axis, two: Axis) -> Conv:
    """Make the layer with K = K1 + s1(K2-1), lo = lo1 + s1*lo2, hi = hi1 + s1*hi2 and stride s1*s2."""
    span = one.effective_kernel + one.stride * (two.effective_kernel - 1)
    pads = (one.lo + one.stride * two.lo, one.hi + one.stride * two.hi)
    return Conv(one.large, span, stride=one.stride * two.stride, padding=[pads])


def _receptive_field(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    first, second = pair("receptive-field", layer)
    axes = zip(axis_sizes(first, "1"), axis_sizes(second, "2"), strict=True)
    return tuple(equation for one, two in axes for equation in _Field(one, two).equations())


@dataclass(frozen=True)
class _Field:
    """What two outputs, one after the other, of two layers without pads read, on one axis."""

    one: AxisSizes
    two: AxisSizes

    @cached_property
    def span(self) -> int:
        """The field r = K1 + s1(K2-1)."""
        return self.one.axis.effective_kernel + self.one.axis.stride * (self.two.axis.effective_kernel - 1)

    @cached_property
    def layers(self) -> tuple[Conv, Conv]:
        """Both layers without pads, on the r + s1*s2 inputs that make two outputs."""
        one, two = self.one.axis, self.two.axis
        size = self.span + one.stride * two.stride
        if max(size, one.kernel_size * two.kernel_size) > MAX_ENTRIES:
            raise TooLarge.of(
                "the receptive field of two layers",
                max(size, one.kernel_size * two.kernel_size),
                MAX_ENTRIES,
                what="inputs and taps",
                remedy="Ask for smaller layers of the same kind.",
            )
        first = Conv(size, one.kernel_size, stride=one.stride, dilation=one.dilation)
        return first, Conv(first.output_shape, two.kernel_size, stride=two.stride, dilation=two.dilation)

    @cached_property
    def x(self) -> Array:
        """The input of the first layer."""
        return variables("x", self.layers[0].input_shape)

    def jacobian(self, w: Array, u: Array) -> Derivative:
        """Run both definitions, with weights w and then u, and differentiate the outputs by the inputs."""
        first, second = self.layers
        y = vector(convolve(second, convolve(first, self.x, w), u))
        meaning = "the second convolution of the first of x, by their definitions"
        return Derivative(Defined("y", meaning, y), _names(self.x))

    def equations(self) -> Iterator[Equation]:
        """Say what is read, that its span is r, how r comes about, and whether all r inputs are read."""
        one, two, where = self.one, self.two, self.one.where
        w, u = variables("w", (one.axis.kernel_size,)), variables("u", (two.axis.kernel_size,))
        r = named("r", "the receptive field", self.span)
        yield one.spanned()
        yield two.spanned()
        yield Equation(r, plus(one.K, product(one.s, plus(two.K, MINUS_ONE))), f"r = K1 + s1(K2-1){where}")
        closed = plus(ONE, plus(one.K, MINUS_ONE), product(plus(two.K, MINUS_ONE), one.s))
        yield Equation(r, closed, f"r = 1 + (K1-1) + (K2-1)s1{where}")
        yield from _step(one)
        yield from _step(two)
        yield from self._reads(self.jacobian(w, u), w, u)
        if one.axis.dilation == two.axis.dilation == 1:
            yield self._all_read()

    def _reads(self, jacobian: Term, w: Array, u: Array) -> Iterator[Equation]:
        one, two, size, where = self.one.axis, self.two.axis, len(self.x), self.one.where
        entries: dict[tuple[int, int], Polynomial] = {}
        for i in range(2):
            for (j,), weight in np.ndenumerate(u):
                for (t,), tap in np.ndenumerate(w):
                    place = i, one.stride * (two.stride * i + two.dilation * j) + one.dilation * t
                    entries[place] = entries.get(place, Polynomial({})) + weight * tap
        reads = Defined("F", "the sum of u[j] w[t] over s1(s2*i + d2*j) + d1*t = m", matrix(2, size, entries))
        says = f"output i reads s1(s2*i + d2*j) + d1*t, its step is s1*s2{where}"
        yield Equation(jacobian, reads, says, (("i", (2,)), ("m", (size,))))
        field = product(_first_of_two(), jacobian)
        ends = picking("E", "the matrix that picks inputs 0 and r-1", (0, self.span - 1), size)
        taps = vector(np.array([w[0] * u[0], w[-1] * u[-1]], dtype=object))
        says = f"output 0 reads inputs 0 and r-1 by its first and last tap{where}"
        yield Equation(product(ends, field), taps, says, (("end", (2,)),))
        beyond = picking("B", "the matrix that picks the inputs from r on", range(self.span, size), size)
        after = size - self.span
        nothing = vector(np.array([0] * after, dtype=object))
        says = f"output 0 reads nothing from r on{where}"
        yield Equation(product(beyond, field), nothing, says, (("beyond", (after,)),))

    def _all_read(self) -> Equation:
        """Count with kernels of ones how often each input is read: the counts' product is 0 iff one is not read."""
        one, two = self.one, self.two
        ones = [np.array([Polynomial.constant(1)] * axis.kernel_size, dtype=object) for axis in (one.axis, two.axis)]
        inside = picking("P", "the matrix that picks the inputs below r", range(self.span), len(self.x))
        counts = times(inside, product(_first_of_two(), self.jacobian(*ones)))
        x = self.x[: self.span]
        diagonal = Derivative(Compound("o", counts, Defined("x", "the inputs below r", vector(x))), _names(x))
        gaps = both(below(ONE, two.k), below(one.k, one.s))
        says = f"with d1 = d2 = 1, an input below r is not read if and only if k2 > 1 and s1 > k1{one.where}"
        return Equation(equal(Determinant(diagonal), number(0)), gaps, says)


def _step(sizes: AxisSizes) -> Iterator[Equation]:
    """Take any r, S and i: output p of the earlier layers reads S*p to S*p + r - 1, this layer s*i to s*i + K - 1."""
    r, S, i = whole("r"), whole("S"), whole("i")
    first = product(S, product(sizes.s, i))
    last = plus(product(S, plus(product(sizes.s, i), sizes.K, MINUS_ONE)), r, MINUS_ONE)
    after = product(S, product(sizes.s, plus(i, ONE)))
    says = f"behind layers of field r and step S, layer {sizes.of} has"
    grown = plus(r, product(plus(sizes.K, MINUS_ONE), S))
    yield Equation(plus(last, minus(first), ONE), grown, f"{says} the field r + (K-1)S{sizes.where}")
    yield Equation(plus(after, minus(first)), product(S, sizes.s), f"{says} the step S*s{sizes.where}")


def _first_of_two() -> Term:
    return vector(np.array([1, 0], dtype=object))


def _names(x: Array) -> tuple[str, ...]:
    return tuple(name for value in x for ((name,),) in [value.terms])


STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")

TWO_LAYER_SIZES = (
    Theorem(
        name="composition-size",
        title="Two convolutions have the size of one",
        statement="two layers have the size of one layer with K = K1 + s1(K2-1), lo = lo1 + s1*lo2, hi = hi1 + s1*hi2 "
        "and stride s1*s2: the same windows fit",
        hypotheses=("each layer's k, s, d are at least 1, its span fits", FOLLOWS, ALL_KEPT.words),
        family="sizes",
        source="composition of s1*i + j1 with s2*i + j2",
        equations=_composition_size,
        takes_two=True,
        example=STORY,
    ),
    Theorem(
        name="receptive-field",
        title="The receptive field of two convolutions, and of one more",
        statement="an output of two layers spans r = K1 + s1(K2-1) inputs, the next one lies s1*s2 further on; behind "
        "layers of field r and step S the field is r + (K-1)S and the step S*s, so that r is 1 plus the sum of "
        "(K_l - 1) times the product of earlier strides; with d1 = d2 = 1 all r inputs are read if and only if k2 = 1 "
        "or s1 <= k1",
        hypotheses=(FOLLOWS, "the pads are left out of account"),
        family="sizes",
        source="the places s1(s2*i + d2*j2) + d1*j1 that an output reads",
        equations=_receptive_field,
        assumptions=("the sum for more than two layers follows from the step by induction",),
        takes_two=True,
        example=STORY,
    ),
)
