"""The phase sums of a kernel, whose equality means that constants stay constant."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from math import gcd, prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array, at
from symtconv.catalogue import prove
from symtconv.catalogue.phases import interior
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.example import fits_matrix
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.phasecounts import framed, is_even, phase_counts, places_words, shows_every_phase
from symtconv.derivation.statement import spare
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import BigSum, Infix, Math, Matrix, Name, Relation, Times, Tuple
from symtconv.document.nodes import Block, Display, Paragraph, ProofBlock, Theorem
from symtconv.document.words import WORDS
from symtconv.errors import GeometryError, NotApplicable, TooLarge, Undecided
from symtconv.proofs.kernel import Proof

WRITTEN_PHASES, WRITTEN_WEIGHTS = 9, 49
SUMMED = 1_000_000
FEW_WEIGHTS, FEW_SUMS = 9, 4
FEW = 1_000  # phases that are counted one by one
QUICK = 6_000  # indeterminates; what a document proves in well under a second


def even_kernel_blocks(story: Story) -> list[Block]:
    """Say when a kernel takes constants to constants, and whether the given weights do."""
    conv = story.conv
    if prod(conv.stride) == 1 or conv.padding_mode != "zeros":
        return []
    wide, proof = shows_every_phase(conv), _proof(story)
    blocks: list[Block] = [_reason(story)]
    if proof is not None:
        claim, argument = _constants(story, places_words(story, tuple(map(interior, conv.axes))))
        blocks += [
            Theorem(WORDS.theorem, "kernels without checkerboards", (Paragraph(claim),)),
            ProofBlock((Paragraph(argument),)),
            *_whole_frame(story),
        ]
    elif wide:
        claim, argument = _constants(story, places_words(story, tuple(map(framed, conv.axes))))
        blocks.append(Paragraph((*claim, " ", *argument)))
    else:
        blocks.append(Paragraph("If all phase sums are equal, all pixels that miss no tap are alike."))
    if story.weights is None:
        return [*blocks, *_named_sums(story)]
    return [*blocks, *_given_sums(story, wide)]


def _whole_frame(story: Story) -> list[Block]:
    """Extend the theorem, which leaves out places where a stamp has a gap of its dilation or stride, to the frame."""
    inside, frame = ([rule(axis) for axis in story.conv.axes] for rule in (interior, framed))
    if inside == frame:
        return []
    each = "" if story.single else " in each channel"
    return [Paragraph((
        "If so, ", Name(story.notation.z), f" is constant{each} in the whole frame, "
        f"{places_words(story, tuple(frame))}: the other pixels there miss no tap either, and have the values of their "
        "phases.",
    ))]  # fmt: skip


def _reason(story: Story) -> Paragraph:
    """Say what a constant gives: t times a phase sum, summed over the channels of v."""
    r, t, channel = residue(story), _constant(story), story.c_small
    total = BigSum(Relation(Infix("mod", Times("d", "j"), "s"), "=", r), None, story.w_between())
    where: tuple[Piece, ...] = (" at every pixel",)
    image: Math = Times(t, total)
    if not story.single:
        t = Name(t.text, channel)
        where = (" in channel ", channel)
        image = BigSum(channel, None, Times(t, total))
    return Paragraph((
        "So far every weight was 1. In general let ", Name(story.notation.v), " be ", t, *where, ". A pixel of phase ",
        r, " that misses no tap is then", *(() if story.single else (" in channel ", Name("c"))), " ", image, ": ", t,
        " times a phase sum of the kernel", "." if story.single else ", summed over the channels.",
    ))  # fmt: skip


def _constant(story: Story) -> Name:
    """Choose the letter of a constant."""
    return Name(spare(story, ("alpha", "gamma", "lambda")))


def _constants(story: Story, within: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """State when constants stay constant within a block of pixels that shows every phase, and why."""
    v, z, t = Name(story.notation.v), Name(story.notation.z), _constant(story)
    seen = "These pixels miss no tap and show every phase"
    if story.single:
        return (
            "For every constant ", v, " the image ", z, f" is constant in {within} if and only if all phase sums are "
            "equal. ", *_specialised(story),
        ), (
            f"{seen}; so their values are ", t, " times the phase sums. Those are equal for every ", t,
            " just when the phase sums are.",
        )  # fmt: skip
    return (
        "For every ", v, " that is constant in each channel, ", z, f" is constant in each channel in {within}, if and "
        "only if for each pair of a channel of ", v, " and a channel of ", z, " that it reaches all phase sums are "
        "equal. ", *_specialised(story),
    ), (
        f"{seen}. So if the phase sums of each pair are equal, each channel of ", z, " is constant there. Conversely "
        "let ", v, " be 1 in one channel and 0 in the others: then the values of a channel of ", z, " are the phase "
        "sums of one pair, and must be equal.",
    )  # fmt: skip


def _specialised(story: Story) -> tuple[Piece, ...]:
    """Say what equal phase sums are for this layer, where that is simpler."""
    axes = story.conv.axes
    least = [min(phase_counts(axis)) if axis.stride <= FEW else 1 for axis in axes]
    most = [-(-axis.kernel_size * gcd(axis.stride, axis.dilation) // axis.stride) for axis in axes]
    if min(least) == 0:
        empty = "Some phase has no tap, and its sum is 0; so here they are equal only if all of them are 0"
        if max(most) == 1:
            return (f"{empty}, that is, only if all weights are 0.",)
        return (empty, *_zero_sums(story), ".")
    if max(most) == 1:
        which = "all weights are equal" if story.single else "the weights of each such pair are all equal"
        return (f"Here each phase has one tap, so this means that {which}.",)
    return ()


def _zero_sums(story: Story) -> tuple[Piece, ...]:
    """Write the conditions that the sums of the phases with taps are 0, where they are few."""
    if not story.single or story.weights is not None or prod(story.conv.kernel_shape) > FEW_WEIGHTS:
        return ()
    sums = [written_sum(taps, story.weight) for taps in taps_of_phases(story).values() if taps]
    equations: list[Piece] = [Relation(total, "=", 0) for total in sums[:1]]
    for total in sums[1:]:
        equations += [" and ", Relation(total, "=", 0)]
    return (": ", *equations) if len(sums) < FEW_SUMS else ()


def residue(story: Story) -> Math:
    """Name the phase of a pixel, by a letter that the notation leaves free."""
    return Name("r" if "r" not in story.notation.letters else "q")


def _proof(story: Story) -> Proof | None:
    """Prove weighted-checkerboard, for the weights if given; None where it does not apply or is too large."""
    if indeterminate_size(story.layer) > QUICK:
        return None
    if story.weights is None:
        return story.proof("weighted-checkerboard")
    if not any(weight.has(sympy.Float) for weight in story.weights):
        with suppress(NotApplicable, TooLarge, Undecided, GeometryError):
            return prove("weighted-checkerboard", story.layer, kernel=story.kernel)
    return None


def taps_of_phases(story: Story) -> dict[tuple[int, ...], list[int]]:
    """List, for every phase, the numbers of the taps (spatial, row-major) that fall on it."""
    conv = story.conv
    found: dict[tuple[int, ...], list[int]] = {phase: [] for phase in product(*map(range, conv.stride))}
    for number, tap in enumerate(np.ndindex(*conv.kernel_size)):
        phase = tuple(axis.dilation * j % axis.stride for axis, j in zip(conv.axes, tap, strict=True))
        found[phase].append(number)
    return found


def phase_sums(story: Story, weights: Array) -> Array:
    """Sum weights by phase: an array (small channels, large channels of a group, *strides)."""
    conv = story.conv
    rows = weights.reshape(*conv.kernel_shape[:2], -1)
    sums = np.full((*conv.kernel_shape[:2], *conv.stride), sympy.Integer(0), dtype=object)
    for phase, taps in taps_of_phases(story).items():
        for tap in taps:
            sums[at(..., *phase)] += rows[..., tap]
    return sums


def _named_sums(story: Story) -> list[Block]:
    conv = story.conv
    if not story.single or prod(conv.stride) > WRITTEN_PHASES or prod(conv.kernel_shape) > WRITTEN_WEIGHTS:
        return []
    lines = [
        Relation(phase[0] if len(phase) == 1 else Tuple(*phase), "mapsto", written_sum(numbers, story.weight))
        for phase, numbers in taps_of_phases(story).items()
    ]
    blocks: list[Block] = [Paragraph("Phase by phase these sums are"), Display(*lines)]
    if set(conv.dilation) == {1} and all(axis.kernel_size >= axis.stride for axis in conv.axes):
        boxes = [([1] * axis.stride, [1] * (axis.kernel_size - axis.stride + 1)) for axis in conv.axes]
        factors = [Tuple(*np.convolve(*pair).tolist()) for pair in boxes]
        example: Math = factors[0] if len(factors) == 1 else Infix("otimes", *factors)
        words = "." if conv.ndim == 1 else ", that is, for the products of these numbers, one for each axis."
        equal: tuple[Piece, ...] = ("They are all equal for ", Relation(story.notation.w, "=", example), words)
        blocks.append(Paragraph(equal))
    return blocks


def _given_sums(story: Story, wide: bool) -> list[Block]:
    conv = story.conv
    if prod(conv.kernel_shape[:2]) * max(prod(conv.stride), prod(conv.kernel_size)) > SUMMED:
        return [Paragraph("The kernel is too large to sum its phases here.")]
    assert story.weights is not None
    sums = phase_sums(story, story.weights)
    even = all(sympy.expand(value - row[0]) == 0 for row in sums.reshape(-1, prod(conv.stride)) for value in row)
    first = sums[0, 0].reshape(-1, conv.stride[-1]) if conv.ndim > 1 else sums[0, 0].reshape(1, -1)
    blocks: list[Block] = []
    if fits_matrix(first):
        which = "" if story.single else " of the first pair of channels"
        where = "row and column are the phase" if conv.ndim == 2 else "phase after phase"
        blocks = [
            Paragraph(f"The phase sums{which} with the given weights are ({where})"),
            Display(_grid(story, first)),
        ]
    return [*blocks, Paragraph(_given_verdict(story, even, wide, first.flat[0]))]


def _given_verdict(story: Story, even: bool, wide: bool, value: Any) -> tuple[Piece, ...]:
    """Draw the conclusion for the given weights, beside what the counts of taps said."""
    counts_even = all(map(is_even, story.conv.axes))
    v = Name(story.notation.v)
    seen = "the frame" if wide else "all pixels that miss no tap"
    if even:
        unlike = "" if counts_even else ", although the counts of taps are not"
        stay = ": with these weights the layer draws no checkerboard. "
        if story.single:
            total = formula_of(sympy.expand(value))
            return (f"They are all equal{unlike}{stay}", Relation(v, "=", 1), " gives ", total, f" in {seen}.")
        return (f"They are all equal{unlike}{stay}A constant in each channel of ", v, f" stays constant in {seen}.")
    if not wide:
        return ("They are not all equal: with these weights a larger input that is constant would show a pattern.",)
    unlike = ", although each phase has as many taps" if counts_even else ""
    one = (Relation(v, "=", 1),) if story.single else (v, " that is 1 in a suitable channel and 0 in the others")
    return (f"They are not all equal{unlike}: with these weights ", *one, " gives a checkerboard in the frame.")


def _grid(story: Story, grid: Array) -> Matrix:
    def entry(row: int, column: int) -> Math:
        return formula_of(grid[row, column])

    return elided_matrix((grid.shape[0], grid.shape[1]), entry, brackets=story.notation.brackets)
