"""The usual mistakes, as data: a name, a sentence, and the outputs that arise from it.

A mistake is named only where a function's outputs are exactly those of the mistake: a guess is never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array, at
from symtconv.geometry import Axis, Conv
from symtconv.layers import convolve
from symtconv.proofs.polynomials import Polynomial
from symtconv.sizes import convolved_size
from symtconv.verification.question import Question

Outputs = Iterator[Array]

_MOST_SHIFTED = 3  # pixels
_MOST_SHIFTS = 49
_MOST_DENOMINATOR = 2**40  # beyond it a factor is a float that was rounded


@dataclass(frozen=True)
class Mistake:
    """A usual mistake: `outputs` gives what arises from it, once for every variant of it that the layer has."""

    name: str
    sentence: str
    outputs: Callable[[Question], Outputs]


def usual_mistake(question: Question, outputs: Array) -> Mistake | None:
    """Find the first mistake whose outputs are these, shape and all.

    >>> from symtconv import Conv
    >>> ask = Question(Conv(3, 2))
    >>> usual_mistake(ask, ask.output(change=lambda w: w[..., ::-1])).name
    'kernel-flipped'
    """
    found = next(
        (mistake for mistake in MISTAKES if any(_same(wrong, outputs) for wrong in mistake.outputs(question))), None
    )
    if found is None:
        factor = _factor(question.output(), outputs)
        return replace(SCALED, sentence=f"every output is {factor} what it should be") if factor else None
    if found.name in _SHIFTING:
        by = next((by for by, wrong in _shifts(question) if _same(wrong, outputs)), None)
        if by is not None:
            return replace(found, sentence=_shift_words(question, by))
    return found


def _pairs(one: Array, other: Array) -> Iterator[tuple[Any, Any]]:
    return zip(one.flat, other.flat, strict=True)


def _factor(right: Array, outputs: Array) -> str:
    """Put into words the factor by which all outputs are wrong; nothing where there is none."""
    if right.shape != outputs.shape:
        return ""
    pairs = [((Polynomial({}) + a).terms, (Polynomial({}) + b).terms) for a, b in _pairs(right, outputs)]
    terms, given = next(((a, b) for a, b in pairs if a), ({}, {}))
    factor = next((Fraction(given.get(name, 0)) / Fraction(value) for name, value in terms.items()), Fraction())
    if factor in (0, 1) or factor.denominator > _MOST_DENOMINATOR:
        return ""
    if any({key: value * factor for key, value in a.items()} != b for a, b in pairs):
        return ""
    return f"{factor} of" if abs(factor.numerator) == 1 and factor.denominator > 1 else f"{factor} times"


def _shifts(question: Question) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Give small shifts of the crop, or of the pads, the smallest first, and what arises from them."""
    conv = question.subject.conv
    if question.of_kernel or conv.padding_mode != "zeros":
        return
    reach = [range(-most, most + 1) for most in (min(max(a.lo, a.hi, 0) + 1, _MOST_SHIFTED) for a in conv.axes)]
    ordered = sorted(product(*reach), key=lambda by: sum(map(abs, by)))
    for by in ordered[1:_MOST_SHIFTS]:
        axes = tuple(replace(a, lo=a.lo + step, hi=a.hi - step) for a, step in zip(conv.axes, by, strict=True))
        if all(_fits(axis) for axis in axes):
            shifted = Conv._resolved(axes, conv.in_channels, conv.out_channels, conv.groups, conv.padding_mode)
            yield by, question.output(shifted)


def _shift_words(question: Question, by: tuple[int, ...]) -> str:
    """Say by how much the crop or the pads are shifted."""
    steps = f"({', '.join(f'{step:+d}' if step else '0' for step in by)}{',' if len(by) == 1 else ''})"
    if question.towards_large:
        return f"the crop is shifted by {steps}: what it takes off each start is wrong by that many pixels"
    return f"the padding is shifted by {steps}: what is added at each start is wrong by that many pixels"


def _same(wrong: Array, outputs: Array) -> bool:
    return wrong.shape == outputs.shape and all(a == b for a, b in zip(wrong.flat, outputs.flat, strict=True))


def _with_axes(question: Question, change: Callable[[Axis], Axis], only: int | None = None) -> Conv:
    """Give the convolution with some of its axes changed; sizes are taken as they come."""
    conv = question.subject.conv
    axes = tuple(change(axis) if only in (None, number) else axis for number, axis in enumerate(conv.axes))
    return Conv._resolved(axes, conv.in_channels, conv.out_channels, conv.groups, conv.padding_mode)


def _variants(question: Question, change: Callable[[Axis], Axis]) -> Outputs:
    """Change all axes, then each alone; axes that a change leaves without pixels, or as they were, are passed over."""
    axes, mode = question.subject.conv.axes, question.subject.conv.padding_mode
    for only in (None, *(range(len(axes)) if len(axes) > 1 else ())):
        touched = [axis for number, axis in enumerate(axes) if only in (None, number)]
        changed = [change(axis) for axis in touched]
        sized = question.of_kernel and [axis.small for axis in changed] != [axis.small for axis in touched]
        if changed != touched and not sized and all(_fits(axis, mode) for axis in changed):
            yield question.output(_with_axes(question, change, only))


def _fits(axis: Axis, mode: str = "zeros") -> bool:
    """Whether every output of an axis reads within its padded pixels, so that the definitions can be run."""
    most = axis.large - 1 if mode == "reflect" else axis.large
    padded = mode == "zeros" or (min(axis.lo, axis.hi) >= 0 and (mode == "replicate" or max(axis.lo, axis.hi) <= most))
    return padded and min(axis.small, axis.large) >= 1 and axis.small <= axis.formula_size


def _natural(question: Question, axis: Axis) -> Axis:
    """Give an axis the size that its own formula has, on the side that the map goes to."""
    if question.towards_large:
        return replace(axis, large=axis.stride * (axis.small - 1) + axis.effective_kernel - axis.lo - axis.hi)
    k, s, d = axis.kernel_size, axis.stride, axis.dilation
    return replace(axis, small=convolved_size(axis.large, k, s, d, axis.lo, axis.hi))


def _flipped(w: Array) -> Array:
    return w[(slice(None), slice(None), *(slice(None, None, -1),) * (w.ndim - 2))]


def _kernel_flipped(question: Question) -> Outputs:
    yield question.output(change=_flipped)


def _one_axis_flipped(question: Question) -> Outputs:
    ndim = question.subject.conv.ndim
    for axis in range(ndim if ndim > 1 else 0):
        yield question.output(change=lambda w, axis=axis: np.flip(w, axis - ndim))  # type: ignore[misc]


def _channels_swapped(question: Question) -> Outputs:
    shape = question.subject.conv.kernel_shape
    if shape[0] == shape[1] > 1:
        yield question.output(change=lambda w: np.swapaxes(w, 0, 1))
        yield question.output(change=lambda w: _flipped(np.swapaxes(w, 0, 1)))


def _rows_and_columns(question: Question) -> Outputs:
    conv = question.subject.conv
    if conv.ndim != 2:
        return
    turned = [lambda w: w] + [lambda w: np.swapaxes(w, -1, -2)] * (len(set(conv.kernel_size)) == 1)
    for number, change in enumerate(turned):
        outputs = question.output(change=change)
        if number:
            yield outputs
        yield np.swapaxes(outputs, -1, -2)


def _crop_swapped(question: Question) -> Outputs:
    return _variants(question, lambda axis: replace(axis, lo=axis.hi, hi=axis.lo))


def _shifted(question: Question) -> Outputs:
    for by in (1, -1):
        yield from _variants(question, lambda axis, by=by: replace(axis, lo=axis.lo + by, hi=axis.hi - by))  # type: ignore[misc]


def _padding_ignored(question: Question) -> Outputs:
    yield from _variants(question, lambda axis: _natural(question, replace(axis, lo=0, hi=0)))
    yield from _variants(question, lambda axis: replace(axis, lo=0, hi=axis.lo + axis.hi))
    yield from _variants(question, lambda axis: replace(axis, lo=axis.lo + axis.hi, hi=0))


def _output_padding_zeros(question: Question) -> Outputs:
    if not question.towards_large:
        return
    outputs = question.output()
    axes = question.subject.conv.axes
    for only in (None, *range(len(axes))):
        zeroed = outputs.copy()
        for number, axis in enumerate(axes):
            if only in (None, number) and axis.output_padding > 0:
                np.moveaxis(zeroed, number - len(axes), 0)[axis.large - axis.output_padding :] = Polynomial({})
        yield zeroed


def _output_padding_left_out(question: Question) -> Outputs:
    if question.towards_large:
        yield from _variants(question, lambda axis: _natural(question, axis))


def _pad_not_complemented(question: Question) -> Outputs:
    """Zero insertion, then a convolution with pads p in place of p' = K-1-p, or with none."""
    conv, subject = question.subject.conv, question.subject
    if not question.towards_large or conv.padding_mode != "zeros":
        return
    ndim, groups = conv.ndim, conv.groups
    stretched_size = tuple(axis.stride * (axis.small - 1) + 1 for axis in conv.axes)
    stretched = np.full((conv.small_channels, *stretched_size), 0, dtype=object)
    stretched[(slice(None), *(slice(None, None, axis.stride) for axis in conv.axes))] = subject.v
    swapped = np.swapaxes(subject.w.reshape(groups, -1, *subject.w.shape[1:]), 1, 2)
    kernel = _flipped(swapped.reshape(-1, *swapped.shape[2:]))
    for padded in (True, False):
        pads = [(axis.lo, axis.hi + axis.output_padding) if padded else (0, 0) for axis in conv.axes]
        axes = []
        for n, axis, (lo, hi) in zip(stretched_size, conv.axes, pads, strict=True):
            k, d = axis.kernel_size, axis.dilation
            axes.append(Axis(n, convolved_size(n, k, 1, d, lo, hi), k, 1, d, lo, hi))
        if all(_fits(axis) for axis in axes):
            wrong = Conv._resolved(tuple(axes), conv.small_channels, conv.large_channels, groups, "zeros")
            for weights in (kernel, kernel[at(..., *(slice(None, None, -1),) * ndim)]):
                yield question.plain(convolve(wrong, stretched, weights))


def _stride_ignored(question: Question) -> Outputs:
    yield from _variants(question, lambda axis: replace(axis, stride=1))
    yield from _variants(question, lambda axis: _natural(question, replace(axis, stride=1)))


def _dilation_ignored(question: Question) -> Outputs:
    yield from _variants(question, lambda axis: replace(axis, dilation=1))
    yield from _variants(question, lambda axis: _natural(question, replace(axis, dilation=1)))


def _overwritten(question: Question) -> Outputs:
    """Keep of every sum what was written last: the last stamp or the last tap, with all its channels or the last."""
    right = question.output()
    subject = question.subject
    rows: list[tuple[tuple[str, ...], int]] = [(subject.w_names, prod(subject.conv.kernel_size))]
    rows.append((_names(subject.v_symbols), prod(subject.conv.small_shape)))
    rows.append((_names(subject.x_symbols), prod(subject.conv.large_shape)))
    for names, pixels in rows:
        for period in {pixels: None, len(names): None}:
            rank = {name: number % period for number, name in enumerate(names)}
            wrong = np.empty(right.shape, dtype=object)
            for index in np.ndindex(*right.shape):
                wrong[index] = _last(right[index], rank)
            yield wrong
    if not question.of_kernel:
        yield question.output(change=_last_tap_only)


def _names(symbols: Array) -> tuple[str, ...]:
    return tuple(symbol.name for symbol in symbols.flat)


def _last(value: Any, rank: dict[str, int]) -> Polynomial:
    terms = value.terms if isinstance(value, Polynomial) else {}
    ranked = {monomial: max((rank.get(name, -1) for name in monomial), default=-1) for monomial in terms}
    last = max(ranked.values(), default=-1)
    return Polynomial({monomial: terms[monomial] for monomial, position in ranked.items() if position == last})


def _last_tap_only(w: Array) -> Array:
    last = np.full(w.shape, 0, dtype=object)
    place = at(slice(None), slice(None), *(-1,) * (w.ndim - 2))
    last[place] = w[place]
    return last


def _mode_ignored(question: Question) -> Outputs:
    conv = question.subject.conv
    if conv.padding_mode != "zeros":
        yield question.output(
            Conv._resolved(conv.axes, conv.in_channels, conv.out_channels, conv.groups, "zeros"),
        )


def _scaled(question: Question) -> Outputs:
    """Give nothing: the factor may be any, and is read off the outputs."""
    return iter(())


SCALED = Mistake("scaled", "every output is a constant times what it should be", _scaled)
_SHIFTING = ("crop-swapped", "padding-ignored", "shifted")

MISTAKES = (
    Mistake(
        "kernel-flipped",
        "the kernel is flipped once too often or too little (only the convolution after zero-insertion flips it)",
        _kernel_flipped,
    ),
    Mistake(
        "channels-swapped",
        "the channels in and out are exchanged in the weight, which is (out, in, ...) for a convolution and "
        "(in, out, ...) for a transposed one",
        _channels_swapped,
    ),
    Mistake(
        "one-axis-flipped", "the kernel is flipped along one of its axes, and not along the others", _one_axis_flipped
    ),
    Mistake("rows-and-columns-swapped", "rows and columns are exchanged", _rows_and_columns),
    Mistake(
        "output-padding-zeros",
        "the last rows, which output_padding adds, are left as zeros; stamps reach into them",
        _output_padding_zeros,
    ),
    Mistake(
        "pad-not-complemented",
        "after zero-insertion the pads are p' = K - 1 - p, not p or none, K = d(k-1) + 1 being the kernel's reach",
        _pad_not_complemented,
    ),
    Mistake("crop-swapped", "the pads at the low and the high end are exchanged", _crop_swapped),
    Mistake(
        "padding-ignored",
        "the padding is left out, or all of it is put at one end (a transposed convolution crops its pads, lo from the "
        "start and hi from the end)",
        _padding_ignored,
    ),
    Mistake("output-padding-left-out", "the rows that output_padding adds are missing", _output_padding_left_out),
    Mistake("shifted", "everything is shifted by one pixel: the pad or crop at the start is off by one", _shifted),
    Mistake("stride-ignored", "the stride is ignored, and taken as 1", _stride_ignored),
    Mistake("dilation-ignored", "the dilation is ignored, and taken as 1", _dilation_ignored),
    Mistake(
        "overwritten",
        "values are overwritten where they overlap, and the last one stays: = in place of +=",
        _overwritten,
    ),
    Mistake("padding-mode-ignored", "the pads hold zeros, whatever padding_mode says", _mode_ignored),
    SCALED,
)
