"""Other ways to compute the transposed convolution, each shown equal to it."""

from __future__ import annotations

from math import prod

import numpy as np

from symtconv.derivation.cropping import crop_section, padding_blocks
from symtconv.derivation.decimating import decimates, decimation_section
from symtconv.derivation.interleaving import subpixel_section
from symtconv.derivation.multiplying import polynomial_section
from symtconv.derivation.notation import Story
from symtconv.derivation.places import own_letters
from symtconv.derivation.workedpixel import Term, WorkedPixel
from symtconv.derivation.zeroinsertion import zero_insertion_section
from symtconv.document.mathematics import Name, Transpose
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.matrices.entries import taps_of_column

COUNTS = {
    0: "No other way",
    1: "Another way",
    2: "Two other ways",
    3: "Three other ways",
    4: "Four other ways",
    5: "Five other ways",
}


def constructions_section(story: Story) -> Section:
    """Compute C^T v by zero-insertion, crop, decimation, phases and polynomials, as far as each says something.

    With stride 1 nothing is inserted, decimated or interleaved; other padding modes than zeros have decimation and
    the transpose of padding only; polynomials are for one axis.
    """
    conv = story.conv
    own, worked = own_letters(story.notation), WorkedPixel(story)
    ways: list[Section] = []
    if conv.padding_mode == "zeros":
        ways += [zero_insertion_section(story, own, worked), crop_section(story, own, worked)]
    elif folded := padding_blocks(story, own):
        ways += [Section("Fold the border back", tuple(folded), level=2)]
    if decimates(conv):
        ways.append(decimation_section(story, own, worked))
    if conv.padding_mode == "zeros" and any(s > 1 for s in conv.stride):
        ways.append(subpixel_section(story, own, worked))
    if conv.padding_mode == "zeros" and conv.ndim == 1:
        ways.append(polynomial_section(story, own, worked))
    return Section(f"{COUNTS[len(ways)]} to compute it", (*_opening(story, worked), *ways))


def _opening(story: Story, worked: WorkedPixel) -> list[Block]:
    conv, letters = story.conv, story.notation
    product = Transpose(letters.C) * Name(letters.v)
    if conv.padding_mode != "zeros":
        if not any(pad for pads in conv.padding for pad in pads):
            return [Paragraph("The layer has no pads, so all that holds for zero padding holds here as well.")]
        mode = conv.padding_mode
        words = "The flipped kernel, the phases and the crop are constructions for zero padding. What holds with "
        return [Paragraph(f"{words}{mode} padding:")]
    blocks: list[Block] = []
    blocks.append(Paragraph((
        "Each of these gives ", product, ", and each is tried on one pixel, for which the matrix gives",
    )))  # fmt: skip
    blocks.append(Display(worked.equals(matrix_terms(worked))))
    notes: list[str] = []
    if worked.partial:
        notes.append(" Written out is what the first channel adds; the dots stand for the other channels.")
    if not decimates(conv):
        notes.append(" With stride 1 decimation keeps all outputs and there is a single phase, so these are left out.")
    if notes or conv.groups > 1:
        blocks.append(Paragraph(("".join(notes).strip(), *story.outside_words())))
    return blocks


def matrix_terms(worked: WorkedPixel) -> list[Term]:
    """List the taps of the pixel's row of C^T that read the first channel."""
    conv = worked.story.conv
    taps, pixels = prod(conv.kernel_size), prod(conv.small_shape)
    return [
        (_unravelled(number, conv.kernel_size), _unravelled(row, conv.small_shape))
        for number, row in taps_of_column(conv, worked.number)
        if row < pixels and number < taps
    ]


def _unravelled(number: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(part) for part in np.unravel_index(number, shape))
