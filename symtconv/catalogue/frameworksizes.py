"""Sizes as TensorFlow and Keras have them: VALID, SAME, and the sizes that a transposed layer may be given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symtconv.catalogue.axissizes import MINUS_ONE, ONE, AxisSizes, axis_sizes
from symtconv.catalogue.hypotheses import ALL_KEPT, NO_PADS, SAME_PADS, require
from symtconv.catalogue.vocabulary import (
    TRUE,
    at_most,
    below,
    both,
    ceil_of,
    equal,
    floor_of,
    inequality,
    maximum,
    minus,
    named,
    negation,
    plus,
    remainder,
)
from symtconv.geometry import ConvTranspose
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Equation, Term, number, product
from symtconv.proofs.theorem import Theorem

ZERO = number(0)
CASES = (
    "every whole number m is {0} + r with 0 <= r < s, or smaller than these by 1 + e from the first, or larger by "
    "1 + e than the last, for a whole number e >= 0; c = ceil(x/s) is the whole number with s(c-1) < x <= s*c"
)


def _tf_valid(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("tf-valid", layer, NO_PADS, ALL_KEPT)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        floored = plus(floor_of(plus(sizes.n, minus(sizes.K)), sizes.s), ONE)
        equations += (
            *sizes.counted(),
            Equation(sizes.o, floored, f"o = floor((n - K)/s) + 1{sizes.where}"),
            Equation(floored, _valid_size(sizes, sizes.n), f"floor((n-K)/s) + 1 = ceil((n-K+1)/s){sizes.where}"),
        )
    return tuple(equations)


def _valid_size(sizes: AxisSizes, large: Term) -> Term:
    """Give TensorFlow's size of VALID, ceil((n - K + 1)/s)."""
    return ceil_of(plus(large, minus(sizes.K), ONE), sizes.s)


def _same_size(sizes: AxisSizes) -> Term:
    return ceil_of(sizes.n, sizes.s)


def _same_total(sizes: AxisSizes) -> Term:
    """Give P = max((ceil(n/s) - 1)s + K - n, 0)."""
    last = product(plus(_same_size(sizes), MINUS_ONE), sizes.s)
    return maximum(plus(last, sizes.K, minus(sizes.n)), ZERO)


def _tf_same(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("tf-same", layer, SAME_PADS, ALL_KEPT)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        pads = _same_total(sizes)
        size = plus(floor_of(plus(sizes.n, pads, minus(sizes.K)), sizes.s), ONE)
        where = sizes.where
        equations += (
            *sizes.counted(),
            Equation(sizes.o, _same_size(sizes), f"o = ceil(n/s){where}"),
            Equation(plus(sizes.lo, sizes.hi), pads, f"lo + hi = P = max((o-1)s + K - n, 0){where}"),
            Equation(size, _same_size(sizes), f"floor((n + P - K)/s) + 1 = ceil(n/s){where}"),
        )
    return tuple(equations)


def _tf_same_two_forms(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("tf-same-two-forms", layer, SAME_PADS)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        over = remainder(sizes.n, sizes.s)
        divides = equal(over, ZERO)
        forms = plus(
            product(divides, maximum(plus(sizes.K, minus(sizes.s)), ZERO)),
            product(negation(divides), maximum(plus(sizes.K, minus(over)), ZERO)),
        )
        equations.append(sizes.spanned())
        says = f"P = max(K - s, 0) if s divides n, else max(K - (n mod s), 0){sizes.where}"
        equations += (
            Equation(_same_total(sizes), forms, says),
            Equation(plus(sizes.lo, sizes.hi), forms, f"lo + hi is the same{sizes.where}"),
        )
    return tuple(equations)


def _tf_transpose_valid(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("tf-transpose-valid", layer, NO_PADS)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        first = sizes.end(plus(sizes.o, MINUS_ONE))
        own = both(at_most(first, sizes.n), below(sizes.n, plus(first, sizes.s)))
        equations.append(sizes.spanned())
        says = f"ceil((n-K+1)/s) = i if and only if s(i-1) + K <= n <= s*i + K - 1, n the large size{sizes.where}"
        equations.append(Equation(equal(_valid_size(sizes, sizes.n), sizes.o), own, says))
        equations += _ceiling(sizes, first, plus(minus(sizes.K), ONE), "m - K + 1")
        r, t = sizes.below_stride()
        m = plus(product(sizes.s, sizes.o), sizes.K, MINUS_ONE, minus(t))
        equations += sizes.has_output(m, sizes.o, r, t, "at m = s*i + K - 1 - t, window i-1")
    return tuple(equations)


def _ceiling(sizes: AxisSizes, first: Term, shift: Term, name: str) -> Iterator[Equation]:
    """Say which m have ceil((m + shift)/s) = i: the s numbers from `first` on, none below and none above."""
    (r, t), e = sizes.below_stride(), sizes.beyond()
    i, s, where = sizes.o, sizes.s, sizes.where
    before = product(s, plus(i, MINUS_ONE))
    dividend = plus(first, r, shift)
    yield from inequality(plus(before, ONE), r, dividend, f"s(i-1) < {name} where m is the first + r{where}")
    yield from inequality(dividend, t, product(s, i), f"{name} <= s*i where m is the first + r{where}")
    less = plus(first, MINUS_ONE, minus(e), shift)
    yield from inequality(less, e, before, f"{name} <= s(i-1) where m is the first - 1 - e{where}")
    more = plus(first, s, e, shift)
    yield from inequality(plus(product(s, i), ONE), e, more, f"{name} > s*i where m is the last + 1 + e{where}")


def _tf_transpose_same(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("tf-transpose-same", layer, SAME_PADS)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        before = product(sizes.s, plus(sizes.o, MINUS_ONE))
        equations.append(sizes.spanned())
        own = both(at_most(plus(before, ONE), sizes.n), at_most(sizes.n, product(sizes.s, sizes.o)))
        says = f"ceil(n/s) = i if and only if s(i-1) < n <= s*i, n the large size{sizes.where}"
        equations.append(Equation(equal(_same_size(sizes), sizes.o), own, says))
        equations += _ceiling(sizes, plus(before, ONE), ZERO, "m")
        equations += _same_outputs(sizes)
    return tuple(equations)


def _same_outputs(sizes: AxisSizes) -> Iterator[Equation]:
    """Say that SAME has i outputs at m = s(i-1) + 1 + u, 0 <= u < s: P is K-1-u where u < K, else 0."""
    axis, where = sizes.axis, sizes.where
    span, stride, u = axis.effective_kernel, axis.stride, Polynomial.variable("u")
    before = product(sizes.s, plus(sizes.o, MINUS_ONE))
    over = sizes.assumed("u", "a whole number", u)
    left = sizes.assumed("c", "where c = min(K, s) - 1 - u, so that u is below K and s", min(span, stride) - 1 - u)
    pads = plus(left, named("g", "K - min(K, s)", span - min(span, stride)))
    m = plus(before, ONE, over)
    yield Equation(pads, plus(before, sizes.K, minus(m)), f"P = (i-1)s + K - m at m = s(i-1) + 1 + u{where}")
    yield from inequality(ZERO, pads, plus(before, sizes.K, minus(m)), f"(i-1)s + K - m >= 0 there{where}")
    rest = named("h", "s - 1", stride - 1)
    yield from sizes.has_output(plus(m, pads), sizes.o, ZERO, rest, "with these pads, window i-1")
    if stride > span:
        yield from _same_outputs_without_pads(sizes, before)


def _same_outputs_without_pads(sizes: AxisSizes, before: Term) -> Iterator[Equation]:
    """Take u = K + q with 0 <= q <= s - 1 - K."""
    span, q = sizes.axis.effective_kernel, Polynomial.variable("q")
    over = sizes.assumed("q", "a whole number", q)
    left = sizes.assumed("h", "where h = s - 1 - K - q, so that K + q is below s", sizes.axis.stride - 1 - span - q)
    m = plus(before, ONE, sizes.K, over)
    says = f"P = 0 at m = s(i-1) + 1 + K + q, for (i-1)s + K - m <= 0{sizes.where}"
    yield from inequality(plus(before, sizes.K, minus(m)), plus(ONE, over), ZERO, says)
    under = plus(left, named("l", "K - 1", span - 1))
    yield from sizes.has_output(m, sizes.o, plus(ONE, over), under, "without pads, window i-1")


def _keras_valid(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require("keras-valid", layer, NO_PADS)
    equations: list[Equation] = []
    for sizes in axis_sizes(layer):
        axis, where = sizes.axis, sizes.where
        usual = ConvTranspose(axis.small, axis.kernel_size, stride=axis.stride, dilation=axis.dilation, padding="valid")
        m = named("m", 'the size of the transposed layer with padding "valid"', usual.output_shape[0])
        first = sizes.end(plus(sizes.o, MINUS_ONE))
        admitted = both(at_most(first, m), below(m, plus(first, sizes.s)))
        formula = plus(product(plus(sizes.o, MINUS_ONE), sizes.s), maximum(sizes.K, sizes.s))
        equations += (
            sizes.spanned(),
            Equation(m, formula, f"m = (i-1)s + max(K, s){where}"),
            Equation(at_most(sizes.K, m), TRUE, f"m >= K{where}"),
            Equation(admitted, TRUE, f"s(i-1) + K <= m <= s*i + K - 1{where}"),
            Equation(_valid_size(sizes, m), sizes.o, f"ceil((m-K+1)/s) = i{where}"),
        )
    return tuple(equations)


NOTES = "TensorFlow, tf.nn, notes on padding"
OUTPUT_SHAPE = "TensorFlow, output_shape of tf.nn.conv2d_transpose"
POSITIVE = "n, k, s, d are at least 1"
STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")
VALID = ConvTranspose((2, 3), (3, 2), stride=(2, 3), padding="valid")

FRAMEWORK_SIZES = (
    Theorem(
        name="tf-valid",
        title="TensorFlow's VALID in two forms",
        statement="o = floor((n-K)/s) + 1 = ceil((n-K+1)/s)",
        hypotheses=(f"{POSITIVE} and n is at least K", NO_PADS.words, ALL_KEPT.words),
        family="sizes",
        source=f"{NOTES}, VALID",
        equations=_tf_valid,
        example=VALID.T,
    ),
    Theorem(
        name="tf-same",
        title="TensorFlow's SAME has ceil(n/s) outputs",
        statement="o = ceil(n/s) and P = max((o-1)s + K - n, 0) give floor((n+P-K)/s) + 1 = o, however P is split",
        hypotheses=(POSITIVE, SAME_PADS.words, ALL_KEPT.words),
        family="sizes",
        source=f"{NOTES}, SAME",
        equations=_tf_same,
        example=STORY,
    ),
    Theorem(
        name="tf-same-two-forms",
        title="TensorFlow's SAME pads in two forms",
        statement="P = max((ceil(n/s)-1)s + K - n, 0) is max(K-s, 0) if s divides n, else max(K - (n mod s), 0)",
        hypotheses=(POSITIVE, SAME_PADS.words),
        family="sizes",
        source=NOTES,
        equations=_tf_same_two_forms,
        example=STORY,
    ),
    Theorem(
        name="tf-transpose-valid",
        title="The sizes that VALID transposes to",
        statement="for every whole number m >= K, ceil((m-K+1)/s) = i if and only if s(i-1) + K <= m <= s*i + K - 1, i "
        "being the small size of the layer; the VALID convolution of these m has i outputs",
        hypotheses=("k, s, d are at least 1", NO_PADS.words),
        family="sizes",
        source=OUTPUT_SHAPE,
        equations=_tf_transpose_valid,
        assumptions=(CASES.format("s(i-1) + K"),),
        example=VALID,
    ),
    Theorem(
        name="tf-transpose-same",
        title="The sizes that SAME transposes to",
        statement="for every whole number m, ceil(m/s) = i if and only if s(i-1) < m <= s*i, i being the small size of "
        "the layer; the SAME convolution of these m has i outputs",
        hypotheses=("k, s, d are at least 1", SAME_PADS.words),
        family="sizes",
        source=OUTPUT_SHAPE,
        equations=_tf_transpose_same,
        assumptions=(CASES.format("s(i-1) + 1"),),
        example=STORY,
    ),
    Theorem(
        name="keras-valid",
        title="Keras' default size of VALID is admissible",
        statement="m = (i-1)s + max(K, s) is a size that tf-transpose-valid admits: m >= K and "
        "s(i-1) + K <= m <= s*i + K - 1, i being the small size of the layer",
        hypotheses=("k, s, d are at least 1", NO_PADS.words),
        family="sizes",
        source="Keras, Conv2DTranspose with padding valid",
        equations=_keras_valid,
        example=VALID,
    ),
)
