"""The Lipschitz constants of a convolution and of its transpose in the largest norm."""

from __future__ import annotations

from math import gcd, prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.derivation.evenkernels import residue
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.overlap import has_no_border
from symtconv.derivation.phasecounts import framed, places_words, shows_every_phase
from symtconv.derivation.phasesums import input_sums, output_sums, phases
from symtconv.derivation.statement import spare, stated
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Absolute,
    Accent,
    BigSum,
    Infix,
    Listing,
    Math,
    Name,
    Norm,
    Number,
    Operator,
    Relation,
    Spaced,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Display, Paragraph
from symtconv.geometry import Axis, Conv

SUMMED_WEIGHTS = 5_000
INFINITY = "infinity"


def largest_change(story: Story) -> list[Block]:
    """State the Lipschitz constant in the largest norm: the largest sum of |w| over an output channel."""
    letters = story.notation
    C, x = Name(letters.C), Name(letters.x)
    other = Accent(x, "prime")
    L = Name(output_constant(story))
    difference, moved = Sum(C * x, -(C * other)), Sum(x, -other)
    bound = Relation(Norm(difference, INFINITY), "<=", L * Norm(moved, INFINITY))
    claim = (
        Paragraph(("For all real ", x, " and ", other, ":")),
        Display(Spaced(bound, Relation(L, "=", _largest_output(story)))),
    )
    argument: tuple[Piece, ...] = (
        "Output ", story.i, " of ", difference, " is the sum of ", story.w_summed(), " times differences of pixels, "
        "each at most ", Norm(moved, INFINITY), " in absolute value. The triangle inequality gives the bound.",
    )  # fmt: skip
    blocks = stated(story, "continuous", "continuous", claim, (Paragraph(argument),))
    numbers = real_sizes(story)
    if numbers is not None:
        sums = output_sums(story.conv, numbers)
        words = "With the given weights"
        blocks += [Paragraph(words), Display(Relation(L, "=", *maximum(sums)))]
    elif story.single:
        total = written_sum(range(prod(story.conv.kernel_shape)), lambda number: Absolute(story.weight(number)))
        blocks += [Paragraph("Here"), Display(Relation(L, "=", total))]
    return [*blocks, Paragraph(_reached(story, L))]


def _reached(story: Story, L: Math) -> tuple[Piece, ...]:
    """Say which outputs reach the constant: those that read a pixel of their own with every tap."""
    conv, x = story.conv, Name(story.notation.x)
    whole = tuple(map(whole_outputs, conv.axes))
    channel = "" if conv.small_channels == 1 else ", in the channel with the largest sum,"
    number = int(np.ravel_multi_index([outputs[0] if outputs else 0 for outputs in whole], conv.small_shape))
    which: Math = story.small(story.notation.y, number) if story.single else story.i
    if _reads_apart(conv):
        who: tuple[Piece, ...] = ("every output reads as many different pixels as it has weights",)
    elif all(len(outputs) == axis.small for outputs, axis in zip(whole, conv.axes, strict=True)):
        who = ("every output reads as many pixels as it has weights",)
    elif all(whole) and story.single and all(len(outputs) == 1 for outputs in whole):
        who = (which, " reads no padding")
    elif all(whole):
        places = places_words(story, whole)
        one = all(len(outputs) == 1 for outputs in whole)
        who = (f"output{'' if one else 's'} ", places.replace("pixels ", "").replace("pixel ", "") if conv.ndim == 1
               else f"in {places}", " reads no padding" if one else " read no padding")  # fmt: skip
    else:
        return ("Every output reads padding on some axis, so a smaller constant may do.",)
    outputs: tuple[Piece, ...] = (which,) if story.single else ("such an output ", which, channel)
    return (
        "No smaller constant will do: ", *who, ". Let each pixel of ", x, " that ", *outputs, " reads be 1 or ",
        Number(-1), ", with the sign of its weight. Then ", Norm(x, INFINITY), " is 1 and output ", which, " is ", L,
        ".",
    )  # fmt: skip


def whole_outputs(axis: Axis) -> range:
    """Give the outputs of an axis that read no padding: 0 <= s i - lo and s i - lo + K <= n."""
    first = max(-(-axis.lo // axis.stride), 0)
    end = (axis.large + axis.lo - axis.effective_kernel) // axis.stride + 1
    return range(first, max(min(end, axis.small), first))


def _reads_apart(conv: Conv) -> bool:
    """Tell whether the padding is circular and the taps of an output fall on different pixels."""
    return conv.padding_mode == "circular" and all(
        axis.kernel_size <= axis.large // gcd(axis.large, axis.dilation) for axis in conv.axes
    )


def transposed_change(story: Story) -> list[Block]:
    """State the constant of the transposed convolution in the largest norm: the largest sum of |w| over a phase."""
    conv, letters = story.conv, story.notation
    C, v = Name(letters.C), Name(letters.v)
    words: tuple[Piece, ...] = (
        "The map ", Relation(v, "mapsto", Transpose(C) * v), " is linear too, with derivative ", Transpose(C), ". Its "
        "constant in this norm is the largest column sum of absolute values of ", C,
    )  # fmt: skip
    if not has_phases(conv):
        return [Paragraph((*words, ". (The padding copies pixels, so that these sums depend on the border.)"))]
    S, L = Name(phase_constant(story)), Name(output_constant(story))
    if all(axis.stride == 1 for axis in conv.axes):
        phase = None if story.single else story.c
        which = "every weight once" if story.single else "every weight of its channel once"
    else:
        r = residue(story)
        phase = r if story.single else Listing(story.c, r)
        which = "the weights of one phase"
    under: Math = (
        Name("j") if prod(conv.stride) == 1 else Relation(Infix("mod", Times("d", "j"), "s"), "=", residue(story))
    )
    over: Math = BigSum(under, None, Absolute(story.w_between()))
    if not story.single:
        over = BigSum(story.c_small, None, over)
    total: Math = over if phase is None else BigSum(phase, None, over, "max")
    blocks: list[Block] = [
        Paragraph((*words, ". ", *_columns_hold(story, which))),
        Display(Relation(S, "=", total)),
    ]
    numbers = real_sizes(story)
    if numbers is not None:
        blocks += [Paragraph("With the given weights"), Display(Relation(S, "=", *maximum(input_sums(conv, numbers))))]
    elif story.single:
        blocks += _phases(story, S, L)
    return blocks


def _columns_hold(story: Story, which: str) -> tuple[Piece, ...]:
    """Say what the columns of C hold of a phase: each all of it, or some in the frame all of it, or each at most it."""
    conv = story.conv
    ranges = tuple(map(framed, conv.axes))
    if conv.padding_mode != "zeros":
        every, some = _reads_apart(conv), False
    else:
        every = all(len(inside) == axis.large for inside, axis in zip(ranges, conv.axes, strict=True))
        some = shows_every_phase(conv)
    if every:
        return (f"Every column holds {which}, so this is",)
    if not some:
        return (f"A column holds at most {which}, so this is at most",)
    shown = "" if prod(conv.stride) == 1 else ", and these pixels show every phase"
    return (
        f"A column holds at most {which}. In {places_words(story, ranges)} the columns hold all of them, for there no "
        f"tap is missing{shown}; so this is",
    )


def has_phases(conv: Conv) -> bool:
    """Tell whether each pixel is read by the taps of one phase, each at most once."""
    return conv.padding_mode == "zeros" or has_no_border(conv)


def _phases(story: Story, S: Math, L: Math) -> list[Block]:
    """Write the sums of the phases out, where there are few."""
    conv = story.conv
    if prod(conv.kernel_shape) > 25 or prod(min(a.stride, a.kernel_size) for a in conv.axes) > 4:
        return []
    sums = []
    for _, taps in phases(conv):
        numbers = [int(np.ravel_multi_index(tap, conv.kernel_size)) for tap in taps]
        sums.append(written_sum(numbers, lambda number: Absolute(story.weight(number)), most=5))
    if len(sums) == 1:
        same = "All taps have the same phase, so " if prod(conv.stride) > 1 else "So "
        return [Paragraph((same, Relation(S, "=", L), "."))]
    return [Paragraph((f"Here the taps have {len(sums)} phases, and ", S, " is the largest of")), Display(*sums)]


def real_sizes(story: Story) -> Array | None:
    """Give the absolute values of the weights, if they are given as real numbers and not too many."""
    if story.weights is None or story.weights.size > SUMMED_WEIGHTS:
        return None
    if not all(weight.is_Rational or weight.is_Float for weight in story.weights):
        return None
    return np.array([abs(weight) for weight in story.weights], dtype=object).reshape(story.conv.kernel_shape)


def _largest_output(story: Story) -> Math:
    total = story.taps_sum(Absolute(story.w_summed()))
    return total if story.single else BigSum(story.c_small, None, total, "max")


def maximum(sums: list[Any]) -> tuple[Any, ...]:
    """Write the largest of some sums, and which they are if they are few."""
    largest = formula_of(max(sums))
    if not 1 < len(sums) <= 4:
        return (largest,)
    return Operator("max", *(formula_of(value) for value in sums)), "=", largest


def output_constant(story: Story) -> str:
    """Choose the letter of the convolution's constant in the largest norm."""
    return spare(story, "LMDEFGN")


def phase_constant(story: Story) -> str:
    """Choose the letter of the transposed convolution's constant in the largest norm."""
    return spare(story, "SEGNPQU")


def rounded(value: float) -> Math:
    """Write a number with six digits."""
    return Number(float(f"{value:.6g}"))
