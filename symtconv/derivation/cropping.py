"""Stamps on their natural size, then a crop; and why: the transpose of padding."""

from __future__ import annotations

from itertools import product

import numpy as np

from symtconv.derivation.flippedkernel import short_matrix
from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, place
from symtconv.derivation.statement import entries_compared, pixels_compared, stated
from symtconv.derivation.workedpixel import Term, WorkedPixel
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
from symtconv.taps import source


def crop_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Give the natural size of the stamps, the crop, the theorem and one pixel; then the crop as a transpose."""
    conv, letters = story.conv, story.notation
    v, f = Name(letters.v), Name(own.f)
    blocks: list[Block] = [Paragraph((
        "Lay every stamp on a canvas ", f, " that is just large enough for all, then cut ", Name("lo"),
        " pixels off before and ", Sum("hi", -Name("a")), " after:",
    ))]  # fmt: skip
    for names, axis in distinct_axes(story):
        blocks += [Paragraph((f"On {names}:",))] if names else []
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
        "A stamp reaches pixel ", Name("m"), " of the output where ", where, ", that is, place ",
        Relation(own.p, "=", shifted), " of the canvas.",
    ))  # fmt: skip
    blocks += stated(story, "stamp-and-crop", "stamp and crop", statement, (reason,), pixels_compared(story))
    blocks += [
        Paragraph(("Pixel ", worked.name, " lies on the canvas at ", _canvas_place(worked), ", where it collects")),
        Display(worked.equals(stamped_terms(worked))),
    ]
    return Section("Stamps on a canvas, then a crop", (*blocks, *padding_blocks(story, own)), level=2)


def _canvas_place(worked: WorkedPixel) -> Math:
    base = worked.story.notation.base
    places = [m + axis.lo + base for m, axis in zip(worked.at, worked.story.conv.axes, strict=True)]
    return Tuple(*places) if len(places) > 1 else as_math(places[0])


def stamped_terms(worked: WorkedPixel) -> list[Term]:
    """List the pairs of tap and pixel whose stamps reach the worked pixel, stamp after stamp."""
    reached = [
        [
            (at // axis.stride, j)
            for j in reversed(range(axis.kernel_size))
            for at in [m + axis.lo - axis.dilation * j]
            if at % axis.stride == 0 and 0 <= at // axis.stride < axis.small
        ]
        for axis, m in zip(worked.story.conv.axes, worked.at, strict=True)
    ]
    return [(tuple(j for _, j in pairs), tuple(i for i, _ in pairs)) for pairs in product(*reached)]


def _sizes(axis: Axis) -> tuple[Step, ...]:
    o, s, span, a = axis.small, axis.stride, axis.effective_kernel, axis.output_padding
    canvas = s * (o - 1) + span
    after = axis.hi - a
    return (
        Step(Sum(Times("s", Sum("o", -1)), "K"), "=",
             Relation(Sum(Infix("cdot", s, Sum(o, -1)), span), "=", canvas), "canvas"),
        Step(Tuple("lo", Sum("hi", -Name("a"))), "=",
             Relation(Tuple(axis.lo, Sum(axis.hi, Negative(a))), "=", Tuple(axis.lo, after)), "crop"),
        Step(Sum(canvas, Negative(axis.lo), Negative(after)), "=", Relation(axis.large, "=", "n"), "what is left"),
    )  # fmt: skip


def padding_blocks(story: Story, own: Letters) -> list[Block]:
    """State that the transpose of padding is cropping, or folding in the other padding modes, and show P."""
    conv, C, P = story.conv, story.notation.C, Name(own.P)
    if not any(axis.lo or axis.hi for axis in conv.axes):
        return []
    undoes = "crops" if conv.padding_mode == "zeros" else "adds what lies on the border back to the pixels it copies"
    statement: tuple[Piece, ...] = (
        "Let ", P, " pad ", Name(story.notation.x), " and ", Name(C, 0), " be the matrix of the convolution of what is "
        "padded already. Then ", Relation(Name(C), "=", Name(C, 0) * P), " and ",
        Relation(Transpose(C), "=", Transpose(P) * Transpose(Name(C, 0))), ", and ", Transpose(P), f" {undoes}.",
    )  # fmt: skip
    shown: list[Block] = []
    for names, axis in distinct_axes(story):
        matrix = _padding_matrix(story, axis)
        where = f" on {names}" if names else " on one axis" if conv.ndim > 1 else ""
        if matrix is not None:
            shown += [Paragraph((f"Written out{where}:",)), Display(Relation(P, "=", matrix))]
    title = "the transpose of padding"
    argument = (Paragraph(("To convolve is to pad first: ", Name(C, 0) * P, "; a product is transposed in reverse.")),)
    compared = entries_compared(story, ("; ", Transpose(P), " was compared with the definition as well"))
    return [*stated(story, "padding-adjoint", title, (Paragraph(statement),), argument, compared), *shown]


def _padding_matrix(story: Story, axis: Axis) -> Math | None:
    def entry(row: int, column: int) -> Math | None:
        home = source(np.array([row - axis.lo]), axis.large, story.conv.padding_mode)
        return as_math(1) if home[0] == column else None

    return short_matrix(story, (axis.large + axis.lo + axis.hi, axis.large), entry, 9, 9)
