"""Windows that do not overlap."""

from __future__ import annotations

from itertools import product as places
from math import prod
from typing import Any

from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.hypotheses import DILATION_1, NO_PADS, Hypothesis, require
from symtconv.catalogue.subject import MAX_ENTRIES, Subject
from symtconv.catalogue.tensors import across_channels
from symtconv.catalogue.vocabulary import flat, identity, matrix, picking, times, vector
from symtconv.errors import TooLarge
from symtconv.geometry import Conv, ConvTranspose
from symtconv.proofs.terms import Compound, Defined, Equation, Term, Transposed, product
from symtconv.proofs.theorem import Theorem

NAME = "non-overlapping"
SHORT = Hypothesis(
    "k is at most s", lambda axis: axis.kernel_size <= axis.stride, lambda axis: f"{axis.kernel_size} > {axis.stride}"
)


def _non_overlapping(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C C^T = (W W^T) (x) I; where the windows tile the input, C = I (x) W, taken window by window."""
    _require(layer)
    subject = Subject(layer, kernel)
    conv = subject.conv
    tiles = all(axis.kernel_size == axis.stride and axis.small * axis.stride == axis.large for axis in conv.axes)
    return (_gram(subject), _tiling(subject)) if tiles else (_gram(subject),)


def _require(layer: Any) -> None:
    require(NAME, layer, DILATION_1, SHORT, NO_PADS)
    conv = layer.convolution
    products = conv.out_channels**2 * conv.in_channels * prod(conv.kernel_size) * prod(conv.output_shape)
    if products > MAX_ENTRIES:
        raise TooLarge.of(
            f"C C^T of {layer!r}",
            products,
            MAX_ENTRIES,
            what="products of entries",
            remedy="Ask for a smaller layer of the same kind.",
        )


def _gram(subject: Subject) -> Equation:
    name, small = subject.indices[0]
    at = ((name, small), (f"{name}'", small))
    gram = product(subject.C_term, Transposed(subject.C_term))
    unit = identity(prod(subject.conv.output_shape))
    if subject.conv.single_channel:
        w = Defined("w", "the weights, as a vector", vector(subject.w))
        return Equation(gram, times(w, w, unit), "C C^T = |w|^2 I", at)
    W = _weights(subject)
    return Equation(gram, Compound("(x)", product(W, Transposed(W)), unit), "C C^T = (W W^T) (x) I", at)


def _weights(subject: Subject) -> Defined:
    """The weights of each output channel as a row, over input channels and taps; zero between groups."""
    conv = subject.conv
    taps = prod(conv.kernel_size)
    kernels = across_channels(conv, subject.w.reshape(*conv.kernel_shape[:2], taps))
    entries = {(o, c * taps + j): weight for (o, c), row in kernels.items() for j, weight in enumerate(row)}
    symbol, meaning = ("w^T", "the weights, as a row") if conv.single_channel else ("W", "the weights, a row a channel")
    return Defined(symbol, meaning, matrix(conv.out_channels, conv.in_channels * taps, entries))


def _tiling(subject: Subject) -> Equation:
    conv = subject.conv
    unit = identity(prod(conv.output_shape))
    tiles = Compound("(x)", unit, _weights(subject))
    if conv.single_channel and conv.ndim == 1:
        return Equation(subject.C_term, tiles, "C = I (x) w^T", subject.indices)
    windows, taps = list(places(*map(range, conv.output_shape))), list(places(*map(range, conv.kernel_size)))
    small, large = (conv.out_channels, *conv.output_shape), (conv.in_channels, *conv.input_shape)
    outputs = [(o, *i) for i in windows for o in range(conv.out_channels)]
    inputs = [(c, *_pixel(conv, i, j)) for i in windows for c in range(conv.in_channels) for j in taps]
    R = picking("R", "lists the outputs window by window", flat(outputs, small), prod(small))
    P = picking("P", "lists the inputs window by window", flat(inputs, large), prod(large))
    ordered: Term = times(R, subject.C_term, Transposed(P))
    at = (
        ("i", (*conv.output_shape, conv.out_channels)),
        ("m", (*conv.output_shape, conv.in_channels, *conv.kernel_size)),
    )
    return Equation(ordered, tiles, "C = I (x) w^T, outputs and inputs listed window by window", at)


def _pixel(conv: Conv, i: tuple[int, ...], j: tuple[int, ...]) -> tuple[int, ...]:
    """The pixel of tap j in window i, s i + j."""
    return tuple(s * window + tap for s, window, tap in zip(conv.stride, i, j, strict=True))


TILES = (
    Theorem(
        name=NAME,
        title="Windows that do not overlap",
        statement="d = 1, k <= s, no pads: C C^T = |w|^2 I, with several channels (W W^T) (x) I, the weights of each "
        "output channel a row of W; for k = s and n = s o: C = I (x) w^T, on several axes or with several channels "
        "when outputs and inputs are listed window by window",
        hypotheses=(DILATION_1.words, SHORT.words, NO_PADS.words),
        family="structure",
        source="the rows of C have no input in common",
        equations=_non_overlapping,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 2, stride=2),
    ),
)
