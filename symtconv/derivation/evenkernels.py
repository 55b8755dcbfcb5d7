"""The phase sums of a kernel, whose equality means that constants stay constant."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from math import prod

import numpy as np
import sympy

from symtconv.arrays import Array, at
from symtconv.catalogue import prove
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.example import fits_matrix
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Infix, Math, Matrix, Name, Relation, Times, Tuple
from symtconv.document.nodes import Block, Display, Paragraph, Theorem
from symtconv.errors import GeometryError, NotApplicable, TooLarge, Undecided
from symtconv.proofs.kernel import Proof

WRITTEN_PHASES, WRITTEN_WEIGHTS = 9, 49
SUMMED = 1_000_000
QUICK = 6_000  # indeterminates; what a document proves in well under a second


def even_kernel_blocks(story: Story) -> list[Block]:
    """Say when a kernel takes constants to constants, and whether the given weights do."""
    conv, r = story.conv, residue(story)
    if prod(conv.stride) == 1 or conv.padding_mode != "zeros":
        return []
    reason: tuple[Piece, ...] = (
        "Weights weigh the taps. Where no stamp is missing, an image ", Name(story.notation.v), " of ones gives a "
        "pixel of phase ", r, " the sum of the weights ", Name(story.notation.w, "j"), " with ",
        Relation(Infix("mod", Times("d", "j"), "s"), "=", r), ", its phase sum (", Name("j"), " counted from 0",
        "" if story.single else "; one for each pair of channels", ").",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(reason)]
    proof = _proof(story)
    if proof is not None:
        claim = "Every constant image goes to a constant in the interior if and only if all phase sums are equal"
        claim += "." if story.single else ", for each pair of channels."
        blocks.append(Theorem("Theorem", "kernels without checkerboards, for this layer", (Paragraph(claim),)))
    if story.weights is None:
        return [*blocks, *_named_sums(story)]
    return [*blocks, *_given_sums(story, proof is not None)]


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
        words = ", a box convolved with a box" + " on each axis." * (conv.ndim > 1) + "." * (conv.ndim == 1)
        equal: tuple[Piece, ...] = ("They are all equal for ", Relation(story.notation.w, "=", example), words)
        blocks.append(Paragraph(equal))
    return blocks


def _given_sums(story: Story, proved: bool) -> list[Block]:
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
    verdict = "They are all equal" if even else "They are not all equal"
    if proved:
        verdict += ": constants stay constant in the interior" if even else ": a constant becomes a checkerboard"
    return [*blocks, Paragraph(f"{verdict}.")]


def _grid(story: Story, grid: Array) -> Matrix:
    def entry(row: int, column: int) -> Math:
        return formula_of(grid[row, column])

    return elided_matrix((grid.shape[0], grid.shape[1]), entry, brackets=story.notation.brackets)
