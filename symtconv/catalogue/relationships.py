"""Dumoulin and Visin's relationships between the sizes of a layer (arXiv 1603.07285); 8 to 14 are transposed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import count, takewhile
from typing import Any

import numpy as np

from symtconv.catalogue.axissizes import MINUS_ONE, ONE, AxisSizes, axis_sizes
from symtconv.catalogue.hypotheses import (
    ALL_KEPT,
    DILATION_1,
    EQUAL_PADS,
    FULL_PADS,
    HALF_PADS,
    NO_PADS,
    ODD_KERNEL,
    STRIDE_1,
    Hypothesis,
    require,
)
from symtconv.catalogue.subject import MAX_ENTRIES
from symtconv.catalogue.transposedrelationships import TRANSPOSED_RELATIONSHIPS
from symtconv.catalogue.vocabulary import floor_of, identity, matrix, minus, picking, plus, times, variables, vector
from symtconv.errors import TooLarge
from symtconv.geometry import Conv
from symtconv.layers import convolve
from symtconv.proofs.terms import Compound, Defined, Equation, Term, number, product
from symtconv.proofs.theorem import Theorem

SOURCE = "Dumoulin & Visin, arXiv 1603.07285, relationship {}"
POSITIVE = "n, k, s, d are at least 1 and n + lo + hi is at least K"
STRIDED = Conv((5, 6), 3, stride=2)


def _floored(sizes: AxisSizes, free: Term) -> Term:
    """Give floor(free/s) + 1."""
    return plus(floor_of(free, sizes.s), ONE)


def _twice(term: Term) -> Term:
    return product(number(2), term)


def _equations(
    name: str, hypotheses: Sequence[Hypothesis], size: Callable[[AxisSizes], Term], formula: str
) -> Callable[[Any, Any], tuple[Equation, ...]]:
    """Make the equations of a relationship: its size is o, and o windows fit."""

    def equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
        require(name, layer, *hypotheses)
        found: list[Equation] = []
        for sizes in axis_sizes(layer):
            found += (Equation(sizes.o, size(sizes), formula + sizes.where), *sizes.counted())
        return tuple(found)

    return equations


def _relationship(
    place: int,
    title: str,
    formula: str,
    size: Callable[[AxisSizes], Term],
    hypotheses: Sequence[Hypothesis],
    example: Conv,
) -> Theorem:
    """Make the record of a relationship with its number, its size in words, and as a term."""
    assumed = (*hypotheses, ALL_KEPT)
    name = f"relationship-{place}"
    return Theorem(
        name=name,
        title=title,
        statement=formula,
        hypotheses=(POSITIVE, *(hypothesis.words for hypothesis in assumed)),
        family="sizes",
        source=SOURCE.format(place),
        equations=_equations(name, assumed, size, formula),
        example=example,
    )


def _pooling(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """Pool by the mean, the convolution with k equal weights: it is the mean of each window that fits."""
    name, hypotheses = "relationship-7", (DILATION_1, NO_PADS, ALL_KEPT)
    formula = "o = floor((n - k)/s) + 1"
    plain = _equations(name, hypotheses, _unpadded, formula)(layer, kernel)
    return (*plain, *(equation for sizes in axis_sizes(layer) for equation in _pooled(sizes)))


def _pooled(sizes: AxisSizes) -> Iterator[Equation]:
    n, k, s = sizes.axis.large, sizes.axis.kernel_size, sizes.axis.stride
    if (entries := max(n, sizes.axis.small * k)) > MAX_ENTRIES:
        raise TooLarge.of(
            "a proof about pooling", entries, MAX_ENTRIES, what="entries", remedy="Ask for a smaller layer."
        )
    x = variables("x", (n,))
    mean = np.array([Fraction(1, k)] * k, dtype=object)
    y = Defined("y", "the pooling of x by the mean, by its definition", vector(convolve(Conv(n, k, stride=s), x, mean)))
    windows = list(takewhile(lambda i: s * i + k <= n, count()))
    places = (s * i + tap for i in windows for tap in range(k))
    W = picking("W", "the matrix that picks the inputs of every window, one window after the other", places, n)
    weights: dict[tuple[int, int], object] = {(0, tap): Fraction(1, k) for tap in range(k)}
    row = Defined("A", "the row that takes the mean of a window", matrix(1, k, weights))
    means = times(Compound("(x)", identity(len(windows)), row), W, Defined("x", "the input", vector(x)))
    says = f"one output for every window s*i to s*i + k - 1 that fits into n{sizes.where}"
    yield Equation(y, means, says, (("i", (len(windows),)),))


def _unpadded(sizes: AxisSizes) -> Term:
    return _floored(sizes, plus(sizes.n, minus(sizes.k)))


def _padded(sizes: AxisSizes) -> Term:
    return _floored(sizes, plus(sizes.n, _twice(sizes.p), minus(sizes.k)))


def _dilated(sizes: AxisSizes) -> Term:
    wider = product(plus(sizes.k, MINUS_ONE), plus(sizes.d, MINUS_ONE))
    return _floored(sizes, plus(sizes.n, _twice(sizes.p), minus(sizes.k), minus(wider)))


FORWARD = (
    _relationship(
        1,
        "No padding, stride 1",
        "o = (n - k) + 1",
        lambda sizes: plus(sizes.n, minus(sizes.k), ONE),
        (DILATION_1, STRIDE_1, NO_PADS),
        Conv((4, 5), 3),
    ),
    _relationship(
        2,
        "Padding, stride 1",
        "o = (n - k) + 2p + 1",
        lambda sizes: plus(sizes.n, minus(sizes.k), _twice(sizes.p), ONE),
        (DILATION_1, STRIDE_1, EQUAL_PADS),
        Conv((5, 4), 4, padding=2),
    ),
    _relationship(
        3,
        "Half padding keeps the size",
        "o = n",
        lambda sizes: sizes.n,
        (DILATION_1, ODD_KERNEL, STRIDE_1, HALF_PADS),
        Conv((5, 4), 3, padding=1),
    ),
    _relationship(
        4,
        "Full padding",
        "o = n + (k - 1)",
        lambda sizes: plus(sizes.n, plus(sizes.k, MINUS_ONE)),
        (DILATION_1, STRIDE_1, FULL_PADS),
        Conv((5, 4), 3, padding=2),
    ),
    _relationship(5, "No padding, any stride", "o = floor((n - k)/s) + 1", _unpadded, (DILATION_1, NO_PADS), STRIDED),
    _relationship(
        6,
        "Padding, any stride",
        "o = floor((n + 2p - k)/s) + 1",
        _padded,
        (DILATION_1, EQUAL_PADS),
        Conv((5, 6), 3, stride=2, padding=1),
    ),
)

POOLING = Theorem(
    name="relationship-7",
    title="Pooling",
    statement="o = floor((n - k)/s) + 1 outputs of a pooling layer, one for each window s*i to s*i + k - 1 that fits",
    hypotheses=(POSITIVE, DILATION_1.words, NO_PADS.words, ALL_KEPT.words),
    family="sizes",
    source=SOURCE.format(7),
    equations=_pooling,
    assumptions=("a pooling layer has one output for each window; the mean stands for every way to pool",),
    example=STRIDED,
)

DILATED = _relationship(
    15,
    "Dilation, padding, any stride",
    "o = floor((n + 2p - k - (k-1)(d-1))/s) + 1",
    _dilated,
    (EQUAL_PADS,),
    Conv((7, 8), 3, stride=2, dilation=2, padding=1),
)

RELATIONSHIPS = (*FORWARD, POOLING, *TRANSPOSED_RELATIONSHIPS, DILATED)
