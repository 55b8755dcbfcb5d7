"""Stamps on their natural size, then a crop."""

from __future__ import annotations

from symtconv.derivation.folding import padding_blocks
from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Story
from symtconv.derivation.places import Letters, place
from symtconv.derivation.statement import stated
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.document.mathematics import (
    BigSum,
    Infix,
    Math,
    Name,
    Negative,
    Relation,
    Sum,
    Times,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.geometry import Axis


def crop_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Give the natural size of the stamps, the crop, the theorem and one pixel; then the crop as a transpose."""
    conv, letters = story.conv, story.notation
    v, f = Name(letters.v), Name(own.f)
    blocks: list[Block] = [Paragraph((
        "Lay all stamps on a canvas ", f, " that is just large enough for them, then cut ", Name("lo"),
        " pixels off before and ", Sum("hi", -Name("a")), " after:",
    ))]  # fmt: skip
    for names, axis in distinct_axes(story):
        blocks += [Paragraph(f"On {names}:")] if names else []
        blocks.append(Derivation(_sizes(axis)))
    if any(min(axis.lo, axis.hi - axis.output_padding) < 0 for axis in conv.axes):
        blocks.append(Paragraph("A negative crop puts zeros on; where the other end is cropped, put them on first."))
    lo, zeros, ones = [axis.lo for axis in conv.axes], (0,) * conv.ndim, (1,) * conv.ndim
    lands = story.bracket(Relation(own.p, "=", place(story, zeros, (conv.stride, "i"), (conv.dilation, "j"))))
    canvas = story.outputs_sum(story.small_at(letters.v) * BigSum("j", None, story.w_between() * lands))
    shifted = place(story, lo, (ones, "m"))
    cropped = Relation(story.large_at(letters.z), "=", story.large_at(own.f, shifted))
    z_is = Relation(Name(letters.z), "=", Transpose(letters.C) * v)
    statement = (
        Paragraph(("For all ", v, " and ", Name(letters.w), ", ", z_is, " is the canvas, cropped:")),
        Display(Relation(story.large_at(own.f, own.p), "=", canvas), cropped),
    )
    where = Relation("m", "=", story.unpadded_position())
    reason = Paragraph((
        "Tap ", Name("j"), " of the stamp of pixel ", Name("i"), " falls on pixel ", Name("m"), " of the output where ",
        where, ", that is, on place ", Relation(own.p, "=", shifted), " of the canvas.",
    ))  # fmt: skip
    blocks += stated(story, "stamp-and-crop", "stamp and crop", statement, (reason,))
    blocks.append(Paragraph((
        "Pixel ", worked.name, " lies on the canvas at ", _canvas_place(worked),
        ", where it collects the sum from the matrix.",
    )))  # fmt: skip
    return Section("Stamps on a canvas, then a crop", (*blocks, *padding_blocks(story, own)), level=2)


def _canvas_place(worked: WorkedPixel) -> Math:
    base = worked.story.notation.base
    places = [m + axis.lo + base for m, axis in zip(worked.at, worked.story.conv.axes, strict=True)]
    return Tuple(*places) if len(places) > 1 else as_math(places[0])


def _sizes(axis: Axis) -> tuple[Step, ...]:
    o, s, span, a = axis.small, axis.stride, axis.effective_kernel, axis.output_padding
    canvas = s * (o - 1) + span
    after = axis.hi - a
    return (
        Step(Sum(Times("s", Sum("o", -1)), "K"), "=",
             Relation(Sum(Infix("cdot", s, Sum(o, -1)), span), "=", canvas), "size of the canvas"),
        Step(Tuple("lo", Sum("hi", -Name("a"))), "=",
             Relation(Tuple(axis.lo, Sum(axis.hi, Negative(a))), "=", Tuple(axis.lo, after)), "crop"),
        Step(Sum(canvas, Negative(axis.lo), Negative(after)), "=", Relation(axis.large, "=", "n"),
             "size of the output"),
    )  # fmt: skip
