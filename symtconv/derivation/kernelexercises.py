"""Exercises on kernels, groups, rings and calls: each only where the layer has something to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

import numpy as np
import sympy

from symtconv.derivation.exercise import Exercise, added_up
from symtconv.derivation.frameworkcalls import pytorch_with
from symtconv.derivation.notation import Piece, Story, listed_taps
from symtconv.derivation.overlap import has_no_border
from symtconv.derivation.phasecounts import phase_counts
from symtconv.derivation.unitkernels import orthonormal_rows
from symtconv.document.mathematics import (
    Accent,
    Infix,
    Inner,
    Like,
    Listing,
    Name,
    Norm,
    Relation,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import CodeBlock, Display, Paragraph
from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column
from symtconv.matrices.symbolic import symbolic_matrix
from symtconv.taps import count_nonzeros

FEW_TAPS, FEW_PHASES = 9, 4
NULL_SIZES = (12, 16)
LISTED = 6


def kernel_exercises(story: Story) -> Iterator[Exercise]:
    """Ask what the layer gives rise to: even kernels, C C^T = I, images out of reach, groups, rings, a wrong call."""
    yield from _even_kernel(story)
    yield from _unit_rows(story)
    yield from _out_of_reach(story)
    yield from _groups(story)
    yield from _ring(story)
    yield from _wrong_call(story)


def _even_kernel(story: Story) -> Iterator[Exercise]:
    """Leave out one weight a phase, but for phase 0; equal phase sums give them back."""
    if story.conv.padding_mode != "zeros":
        return
    axis = next((axis for axis in story.conv.axes if _can_be_even(axis)), None)
    if axis is None:
        return
    weights, hidden = even_weights(axis)
    base, letter = story.notation.base, story.notation.w
    shown = Tuple(*(Name(letter, j + base) if j in hidden else as_math(value) for j, value in enumerate(weights)))
    unknown = Listing(*(Name(letter, j + base) for j in sorted(hidden)))
    stride = f"stride {axis.stride}" + (f" and dilation {axis.dilation}" if axis.dilation > 1 else "")
    question: tuple[Piece, ...] = (
        f"On one axis, with {stride}, let ", Relation(letter, "=", shown), ". Which ", unknown, " make the layer take "
        "constants to constants, apart from the border?",
    )  # fmt: skip
    taps = {r: [j for j in range(axis.kernel_size) if axis.dilation * j % axis.stride == r] for r in range(axis.stride)}
    start = added_up([weights[j] for j in taps[0]])
    words: list[Piece] = ["All phase sums must be equal. Phase 0 has the sum ", start, ". So "]
    for place, j in enumerate(sorted(hidden)):
        words += [", " if place else "", Relation(Name(letter, j + base), "=", weights[j])]
    others = [r for r in taps if r and len(taps[r]) > 1]
    for r in others:
        words += ["; phase ", as_math(r), ": ", added_up([weights[j] for j in taps[r]])]
    yield Exercise((Paragraph(question),), (Paragraph((*words, ".")),))


def _can_be_even(axis: Axis) -> bool:
    return 1 < axis.stride <= FEW_PHASES and axis.stride < axis.kernel_size <= FEW_TAPS and min(phase_counts(axis)) > 0


def even_weights(axis: Axis) -> tuple[list[int], set[int]]:
    """Make weights whose phase sums are equal, and choose one tap of every phase but 0 to be found.

    >>> from symtconv import Conv
    >>> even_weights(Conv(5, 3, stride=2).axes[0])
    ([1, 4, 3], {1})
    """
    weights = [1 + j for j in range(axis.kernel_size)]
    phases = [axis.dilation * j % axis.stride for j in range(axis.kernel_size)]
    value = sum(weight for weight, phase in zip(weights, phases, strict=True) if phase == 0)
    hidden = set()
    for r in range(1, axis.stride):
        last = max(j for j, phase in enumerate(phases) if phase == r)
        others = sum(weights[j] for j, phase in enumerate(phases) if phase == r and j != last)
        weights[last] = value - others
        hidden.add(last)
    return weights, hidden


def _unit_rows(story: Story) -> Iterator[Exercise]:
    conv = story.conv
    slots = orthonormal_rows(conv)
    if slots is None or story.rows > story.columns or prod(conv.kernel_shape) == 1:
        return
    letters = story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    product = C * Transpose(C)
    question: tuple[Piece, ...] = (
        "Find a kernel for which ", Relation(product, "=", "I"), ", so that ", Relation(C * z, "=", v), " for every ",
        v, " and ", Relation(z, "=", Transpose(C) * v), ".",
    )  # fmt: skip
    chosen = [(channel, b, *taps) for channel, (b, taps) in enumerate(slots[:LISTED])]
    names = [Name(letters.w, *story.counted(place[2:] if story.single else place)) for place in chosen]
    words: list[Piece] = ["For example ", Relation(Listing(*names), "=", 1)]
    if len(slots) > LISTED:
        words.append(" and so on, one for each output channel")
    words.append(", in the other groups alike" if conv.groups > 1 else "")
    words += [", and 0 elsewhere. Then every row of ", C, " has a single 1, and different rows have it in different "
              "columns: the rows are orthonormal."]  # fmt: skip
    yield Exercise((Paragraph(question),), (Paragraph(tuple(words)),))


def _out_of_reach(story: Story) -> Iterator[Exercise]:
    """Ask for an image that C takes to 0 with weights of 1: it is orthogonal to all that v reaches."""
    found = unreached(story.conv) if story.rows < story.columns else None
    if not found or len(found) > LISTED:
        return
    letters = story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    question: tuple[Piece, ...] = (
        "Let every weight be 1. As ", Relation(story.rows, "<", story.columns), ", some images ", z, " are not ",
        Transpose(C) * v, " for any ", v, ". Give one.",
    )  # fmt: skip
    values = [
        Relation(story.large(letters.z, int(np.ravel_multi_index(place, story.large_pixels))), "=", value)
        for place, value in found.items()
    ]
    words: list[Piece] = [
        "For example ",
        Listing(*values),
        f" and {'all else ' if len(values) > 1 else 'the rest '}0. ",
    ]
    words += [
        "Every output adds up the pixels that it reads, and they add up to 0: " if len(values) > 1 else
        "No output reads this pixel: ", Relation(C * z, "=", 0), ". So ",
        Relation(Inner(z, Transpose(C) * v), "=", Inner(C * z, v), "=", 0), " for every ", v, ", while ",
        Relation(Inner(z, z), "=", sum(value * value for value in found.values())), ".",
    ]  # fmt: skip
    yield Exercise((Paragraph(question),), (Paragraph(tuple(words)),))


def unreached(conv: Conv) -> dict[tuple[int, ...], int] | None:
    """Give the pixels of an image that the convolution with ones takes to 0, from one axis or from two channels.

    >>> from symtconv import Conv
    >>> unreached(Conv(4, 2, stride=2))
    {(0, 0): -1, (0, 1): 1}
    """
    for place, axis in enumerate(conv.axes):
        if axis.small >= axis.large or axis.small > NULL_SIZES[0] or axis.large > NULL_SIZES[1]:
            continue
        alone = Conv._resolved((axis,), 1, 1, 1, conv.padding_mode)
        C = symbolic_matrix(alone, np.ones(axis.kernel_size, dtype=int))
        null = [vector * sympy.ilcm(*(value.q for value in vector)) for vector in sympy.Matrix(C).nullspace()]
        best = min(null, key=lambda vector: sum(value != 0 for value in vector))
        return {
            (0, *(m if other == place else 0 for other in range(conv.ndim))): int(value)
            for m, value in enumerate(best)
            if value != 0
        }
    if conv.kernel_shape[1] > 1:
        rest = (0,) * conv.ndim
        return {(0, *rest): 1, (1, *rest): -1}
    return None


def _groups(story: Story) -> Iterator[Exercise]:
    conv = story.conv
    if conv.groups == 1:
        return
    letters = story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    width, depth = conv.small_channels // conv.groups, conv.kernel_shape[1]
    last = conv.small_channels - 1
    base = letters.base
    reached = [story.notation.base + c for c in range(conv.large_channels - depth, conv.large_channels)]
    total = count_nonzeros(conv)
    question: tuple[Piece, ...] = (
        "Write the layer as layers without groups: how many are there, with how many channels? Which channels of ", z,
        f" does channel {last + base} of ", v, " reach? How many weights would ", C, " hold without groups?",
    )  # fmt: skip
    span = f"channel {reached[0]}" if depth == 1 else f"channels {reached[0]} to {reached[-1]}"
    answer: tuple[Piece, ...] = (
        f"There are {conv.groups} layers side by side, each from {depth} to {width} channels as a convolution, and ", C,
        f" has {conv.groups} blocks of ", Infix("times", story.rows // conv.groups, story.columns // conv.groups),
        " on its diagonal. Channel ", as_math(last + base), " of ", v, f" reaches {span}. Without groups every output "
        f"channel reads all channels, {conv.groups} times as many: ", Relation(Infix("cdot", conv.groups, total), "=",
        conv.groups * total), " weights instead of ", as_math(total), ".",
    )  # fmt: skip
    yield Exercise((Paragraph(question),), (Paragraph(answer),))


def _ring(story: Story) -> Iterator[Exercise]:
    conv = story.conv
    if not has_no_border(conv) or prod(conv.stride) > 1 or not story.single:
        return
    C, x = Name(story.notation.C), Name(story.notation.x)
    taps = prod(conv.kernel_size)
    question = ("Let every weight be 1. What is ", C * x, " for a constant ", x, "? What is ", Norm(C, 2), "?")
    answer: tuple[Piece, ...] = (
        "Each output adds up ", as_math(taps), " equal pixels, so ", Relation(C * x, "=", as_math(taps) * x), " and ",
        Relation(Norm(C, 2), ">=", taps), ". And ", C * x, " is the sum of ", as_math(taps), " images, one for each "
        "tap, each of which is ", x, " moved round the ring; they have the norm of ", x, ", so ",
        Relation(Norm(C, 2), "<=", taps), " by the triangle inequality. Hence ", Relation(Norm(C, 2), "=", taps), ".",
    )  # fmt: skip
    yield Exercise((Paragraph(question),), (Paragraph(answer),))


def _wrong_call(story: Story) -> Iterator[Exercise]:
    """Ask where a PyTorch layer with the right shape, but another crop, differs."""
    found = other_crop(story.conv)
    if found is None:
        return
    paddings, extras = found
    conv = story.conv
    wrong = replace_pads(conv, paddings)
    pixel = next((m for m in range(min(story.columns, 64)) if _read(conv, m) != _read(wrong, m)), None)
    if pixel is None:
        return
    letters = story.notation
    z = story.large(letters.z, pixel)
    prime = Accent(letters.z, "prime")
    line = pytorch_with(conv, paddings, extras)
    question = (
        Paragraph("This PyTorch layer has the right shapes. Does it compute this layer?"),
        CodeBlock(line),
    )
    sums: list[Like] = [
        Relation(name, "=", listed_taps(story, taps_of_column(one, pixel), lambda place: story.small(letters.v, place)))
        for name, one in ((z, conv), (Accent(z, "prime"), wrong))
    ]
    pairs = [(padding, axis.lo) for axis, padding in zip(conv.axes, paddings, strict=True)]
    crops = [f"{padding} instead of {lo} on axis {place}" for place, (padding, lo) in enumerate(pairs) if padding != lo]
    if len(set(pairs)) == 1:
        crops = [f"{pairs[0][0]} instead of {pairs[0][1]}" + (" on each axis" if conv.ndim > 1 else "")]
    words: tuple[Piece, ...] = (
        f"No: of the canvas it crops at the start {', '.join(crops)}. For example, with ", prime, " for its result,",
    )  # fmt: skip
    answer = (Paragraph(words), Display(*sums))
    yield Exercise(question, answer)


def _read(conv: Conv, pixel: int) -> list[tuple[int, int]]:
    return taps_of_column(conv, pixel)


def other_crop(conv: Conv) -> tuple[list[int], list[int]] | None:
    """Give a padding and output_padding for each axis that PyTorch accepts, of the same size but another crop.

    >>> from symtconv import ConvTranspose
    >>> other_crop(ConvTranspose((2, 2), 3, stride=2, padding="same").convolution)
    ([1, 1], [1, 1])
    """
    if conv.padding_mode != "zeros" or conv.ndim > 3:
        return None
    paddings, extras = [], []
    for axis in conv.axes:
        size = axis.stride * (axis.small - 1) + axis.effective_kernel
        most = max(axis.stride, axis.dilation)
        fitting = [p for p in range((size + most) // 2 + 1) if 0 <= axis.large - size + 2 * p < most]
        if not fitting:
            return None
        padding = min(fitting, key=lambda p: (p == axis.lo, abs(p - axis.lo)))
        paddings.append(padding)
        extras.append(axis.large - size + 2 * padding)
    return None if paddings == [axis.lo for axis in conv.axes] else (paddings, extras)


def replace_pads(conv: Conv, paddings: list[int]) -> Conv:
    """Give the convolution with other first pads and the same sizes."""
    axes = tuple(
        replace(axis, lo=padding, hi=axis.lo + axis.hi - padding)
        for axis, padding in zip(conv.axes, paddings, strict=True)
    )
    return Conv._resolved(axes, conv.large_channels, conv.small_channels, conv.groups, "zeros")
