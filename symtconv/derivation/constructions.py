"""Other ways to compute the transposed convolution, each shown equal to it."""

from __future__ import annotations

from symtconv.derivation.circularflip import flips_circularly
from symtconv.derivation.cropping import crop_section
from symtconv.derivation.decimating import decimates, decimation_section
from symtconv.derivation.folding import padding_blocks
from symtconv.derivation.interleaving import subpixel_section
from symtconv.derivation.multiplying import polynomial_section
from symtconv.derivation.notation import Story
from symtconv.derivation.places import own_letters
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.derivation.zeroinsertion import zero_insertion_section
from symtconv.document.mathematics import Name, Transpose
from symtconv.document.nodes import Block, Display, Paragraph, Section

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

    With stride 1 nothing is inserted, decimated or interleaved. Circular padding has the flipped kernel on a ring; that
    and the other modes fold the canvas where zero padding crops it. Polynomials are for one axis.
    """
    conv = story.conv
    own, worked = own_letters(story.notation), WorkedPixel(story)
    zeros = conv.padding_mode == "zeros"
    ways: list[Section] = []
    if zeros or flips_circularly(conv):
        ways.append(zero_insertion_section(story, own, worked))
    if zeros:
        ways.append(crop_section(story, own, worked))
    elif folded := padding_blocks(story, own):
        ways.append(Section("Fold the border back", tuple(folded), level=2))
    if decimates(conv):
        ways.append(decimation_section(story, own, worked))
    if zeros and any(s > 1 for s in conv.stride):
        ways.append(subpixel_section(story, own, worked))
    if zeros and conv.ndim == 1:
        ways.append(polynomial_section(story, own, worked))
    return Section(f"{COUNTS[len(ways)]} to compute it", (*_opening(story, worked), *ways))


def _opening(story: Story, worked: WorkedPixel) -> list[Block]:
    conv, letters = story.conv, story.notation
    product = Transpose(letters.C) * Name(letters.v)
    blocks: list[Block] = []
    if conv.padding_mode != "zeros":
        if not any(pad for pads in conv.padding for pad in pads):
            return [Paragraph("The layer has no pads, so all that holds for zero padding holds here as well.")]
        blocks.append(Paragraph((
            f"With {conv.padding_mode} padding the stamps are laid on the canvas as with zero padding; but then its "
            "border is not cropped, it is folded back.",
        )))  # fmt: skip
        if not flips_circularly(conv):
            return blocks
        blocks.append(Paragraph("One pixel is worked out below with the flipped kernel; the matrix gives it as"))
    else:
        blocks.append(Paragraph((
            "Each of these gives ", product, ", and each is tried on one pixel, for which the matrix gives",
        )))  # fmt: skip
    blocks.append(Display(worked.equals(worked.terms)))
    notes: list[str] = []
    if worked.written_channels(len(worked.terms)) < worked.channels:
        others = worked.channels - 1
        rest = "the other channel" if others == 1 else f"the other {others} channels"
        notes.append(f"This is what the first channel adds; the dots stand for {rest}.")
    if conv.padding_mode == "zeros" and not decimates(conv):
        notes.append("With stride 1 decimation keeps all outputs and there is a single phase, so these are left out.")
    return [*blocks, Paragraph(" ".join(notes))] if notes else blocks
