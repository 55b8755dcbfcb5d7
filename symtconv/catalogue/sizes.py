"""The sizes family: what the size of an output says of the input, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symtconv.catalogue.axissizes import MINUS_ONE, ONE, AxisSizes, axis_sizes, whole
from symtconv.catalogue.frameworksizes import FRAMEWORK_SIZES
from symtconv.catalogue.hypotheses import ALL_KEPT, require
from symtconv.catalogue.relationships import RELATIONSHIPS
from symtconv.catalogue.twolayersizes import TWO_LAYER_SIZES
from symtconv.catalogue.vocabulary import (
    at_most,
    below,
    both,
    equal,
    floor_of,
    inequality,
    minus,
    named,
    plus,
    remainder,
)
from symtconv.geometry import ConvTranspose
from symtconv.proofs.terms import Equation, number, product
from symtconv.proofs.theorem import Theorem

STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")
ZERO = number(0)


def _size(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("size", layer, ALL_KEPT)
    return tuple(equation for sizes in axis_sizes(layer) for equation in _windows(sizes))


def _windows(sizes: AxisSizes) -> Iterator[Equation]:
    """Take i = o-1-e and i = o+e for any e >= 0: the first window fits, the second does not."""
    o, s, e, where = sizes.o, sizes.s, sizes.beyond(), sizes.where
    yield sizes.spanned()
    yield Equation(o, sizes.formula, f"o = floor((n + lo + hi - K)/s) + 1{where}")
    yield Equation(sizes.a, remainder(sizes.free, s), f"a = (n + lo + hi - K) mod s{where}")
    inside = sizes.end(plus(o, MINUS_ONE, minus(e)))
    says = f"s*i + K <= n + lo + hi for every i = o - 1 - e below o{where}"
    yield from inequality(inside, plus(product(s, e), sizes.a), sizes.padded, says)
    outside = sizes.end(plus(o, e))
    says = f"s*i + K > n + lo + hi for every i = o + e from o on{where}"
    yield from inequality(plus(sizes.padded, ONE), plus(product(s, e), sizes.b), outside, says)


def _size_round_trip(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("size-round-trip", layer, ALL_KEPT)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        free = plus(sizes.padded, minus(sizes.span))
        size = plus(floor_of(free, sizes.s), ONE)
        stretched = product(sizes.s, plus(sizes.o, MINUS_ONE))
        back = plus(stretched, sizes.span, minus(sizes.lo), minus(sizes.hi), remainder(free, sizes.s))
        equations += (
            Equation(sizes.o, size, f"o = floor((n + lo + hi - K)/s) + 1{sizes.where}"),
            Equation(sizes.n, back, f"n = s(o-1) + K - lo - hi + a, a = (n + lo + hi - K) mod s{sizes.where}"),
        )
    return tuple(equations)


def _preimages(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    return tuple(equation for sizes in axis_sizes(layer) for equation in _sizes_of_output(sizes))


def _sizes_of_output(sizes: AxisSizes) -> Iterator[Equation]:
    """Take every whole number m: s(o-1) + K - lo - hi + r with 0 <= r < s, or below all of these, or above."""
    o, s, where, least = sizes.o, sizes.s, sizes.where, sizes.least
    yield sizes.spanned()
    within = both(at_most(least, sizes.n), below(sizes.n, plus(least, s)))
    says = f"the large size has output o if and only if s(o-1) + K - lo - hi <= n < s*o + K - lo - hi{where}"
    yield Equation(equal(sizes.formula, o), within, says)
    (r, t), e = sizes.below_stride(), sizes.beyond()
    padding = plus(sizes.lo, sizes.hi)
    m = plus(least, r)
    yield from sizes.has_output(plus(m, padding), o, r, t, "at m = s(o-1) + K - lo - hi + r, window o-1")
    larger = plus(least, plus(r, ONE, e))
    yield from inequality(plus(m, ONE), e, larger, f"a larger r gives a larger m, so that r is the only one{where}")
    m = plus(least, MINUS_ONE, minus(e))
    says = f"at m = s(o-1) + K - lo - hi - 1 - e, window o-1 does not fit{where}"
    yield from inequality(plus(m, padding, ONE), e, sizes.end(plus(o, MINUS_ONE)), says)
    m = plus(least, s, e)
    says = f"at m = s(o-1) + K - lo - hi + s + e, window o fits too{where}"
    yield from inequality(sizes.end(o), e, plus(m, padding), says)


def _output_padding(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    return tuple(equation for sizes in axis_sizes(layer) for equation in _padded_outputs(sizes))


def _padded_outputs(sizes: AxisSizes) -> Iterator[Equation]:
    """Take every whole number op = s*q + r with 0 <= r < s, where q = floor(op/s); it is 0 where op = r."""
    yield sizes.spanned()
    yield from _own_output_padding(sizes)
    o, s, where = sizes.o, sizes.s, sizes.where
    (r, t), e, q = sizes.below_stride(), sizes.beyond(), whole("q")
    padding = plus(sizes.lo, sizes.hi)
    op = plus(product(s, q), r)
    m = plus(sizes.least, op)
    yield from sizes.has_output(plus(m, padding), plus(o, q), r, t, "at op = s*q + r, window o+q-1")
    none = plus(sizes.least, product(s, plus(minus(o), minus(e))), r, padding, ONE)
    says = f"where m + lo + hi >= K, o + q is at least 1: at q = -o - e, m + lo + hi < K{where}"
    yield from inequality(none, plus(product(s, e), t), sizes.K, says)
    above = plus(product(s, plus(ONE, e)), r)
    yield from inequality(s, plus(product(s, e), r), above, f"q = 1 + e only where op >= s{where}")
    under = plus(product(s, plus(MINUS_ONE, minus(e))), r, ONE)
    yield from inequality(under, plus(product(s, e), t), ZERO, f"q = -1 - e only where op < 0{where}")


def _own_output_padding(sizes: AxisSizes) -> Iterator[Equation]:
    o, s, where = sizes.o, sizes.s, sizes.where
    op = named("op", "the output padding of the layer", sizes.axis.output_padding)
    found = named("f", "the outputs of the convolution of the large size", sizes.axis.formula_size)
    yield Equation(sizes.n, plus(sizes.least, op), f"n = s(o-1) + K - lo - hi + op{where}")
    yield Equation(found, sizes.formula, f"f = floor((n + lo + hi - K)/s) + 1{where}")
    yield Equation(found, plus(o, floor_of(op, s)), f"n has output o + floor(op/s){where}")
    yield Equation(equal(found, o), both(at_most(ZERO, op), below(op, s)), f"n has output o iff 0 <= op < s{where}")


DUMOULIN = "Dumoulin & Visin, arXiv 1603.07285"
POSITIVE = "n, k, s, d are at least 1 and n + lo + hi is at least K"
ONE_OF = "of two whole numbers i and o, i is o - 1 - e or o + e for a whole number e >= 0"
DIVISION = "every whole number is s q + r for whole numbers q and r with 0 <= r < s"

SIZE = Theorem(
    name="size",
    title="The size counts the windows that fit",
    statement="i >= 0 and s*i + K <= n + lo + hi if and only if 0 <= i < o, for every whole number i, where "
    "o = floor((n+lo+hi-K)/s) + 1",
    hypotheses=(POSITIVE, ALL_KEPT.words),
    family="sizes",
    source=f"{DUMOULIN}, relationship 15",
    equations=_size,
    assumptions=(ONE_OF,),
    example=STORY,
)

SIZE_ROUND_TRIP = Theorem(
    name="size-round-trip",
    title="The size, there and back",
    statement="n = s(o-1) + K - lo - hi + a, where o = floor((n+lo+hi-K)/s) + 1, a = (n+lo+hi-K) mod s and "
    "K = d(k-1) + 1",
    hypotheses=(POSITIVE, ALL_KEPT.words),
    family="sizes",
    source=f"{DUMOULIN}, relationships 14 and 15",
    equations=_size_round_trip,
    example=STORY,
)

PREIMAGES = Theorem(
    name="preimages",
    title="The large sizes that share an output",
    statement="a whole number n has output o, the small size of the layer (window o - 1 fits into n + lo + hi, "
    "window o does not), if and only if n = s(o-1) + K - lo - hi + r for exactly one r in 0..s-1; values below 1 are "
    "no sizes",
    hypotheses=("k, s, d and o are at least 1",),
    family="sizes",
    source=f"{DUMOULIN}, relationship 14",
    equations=_preimages,
    assumptions=(
        "every whole number n is s(o-1) + K - lo - hi + r with 0 <= r < s, or smaller than these by 1 + e from the "
        "first, or larger by 1 + e than the last, for a whole number e >= 0",
    ),
    example=STORY,
)

OUTPUT_PADDING = Theorem(
    name="output-padding",
    title="What output padding does to the size",
    statement="for every whole number op with m = s(o-1) + K - lo - hi + op >= 1 and m + lo + hi >= K, m has output "
    "o + floor(op/s), o being the small size of the layer; so it has output o if and only if 0 <= op < s",
    hypotheses=("k, s, d and o are at least 1",),
    family="sizes",
    source="PyTorch, output_padding of torch.nn.ConvTranspose2d",
    equations=_output_padding,
    assumptions=(DIVISION,),
    example=STORY,
)

SIZES = (SIZE, *RELATIONSHIPS, SIZE_ROUND_TRIP, PREIMAGES, OUTPUT_PADDING, *FRAMEWORK_SIZES, *TWO_LAYER_SIZES)
