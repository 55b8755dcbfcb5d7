"""Zeros between the pixels, then a stride-1 convolution with the flipped kernel."""

from __future__ import annotations

from itertools import product
from math import prod

from symtconv.derivation.flippedkernel import flipped_matrix, inserted_pads, window, window_matrix
from symtconv.derivation.layer import DUMOULIN_VISIN, distinct_axes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, marked_weight, per_axis, place, summed
from symtconv.derivation.statement import pixels_compared, stated
from symtconv.derivation.workedpixel import Term, WorkedPixel
from symtconv.derivation.zerosfigure import zeros_figure
from symtconv.document.mathematics import (
    Accent,
    BigSum,
    Infix,
    Inner,
    Math,
    Name,
    Negative,
    Relation,
    Sum,
    Times,
    Transpose,
    Tuple,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.geometry import Axis

WINDOW = 5


def zero_insertion_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Give the sizes, the flipped kernel, the picture, the theorem and one pixel of zero-insertion."""
    conv, letters = story.conv, story.notation
    v, u, flipped = Name(letters.v), Name(own.u), Accent(letters.w, "tilde")
    if any(s > 1 for s in conv.stride):
        zeros = Relation(Sum("s", -1), "=", per_axis([s - 1 for s in conv.stride]))
        opening: tuple[Piece, ...] = ("Put ", zeros, " zeros between neighbouring pixels of ", v, "; call that ", u)
    else:
        opening = ("With stride 1 no zeros come between the pixels: let ", Relation(u, "=", v))
    opening += (". Pad ", u, " and convolve it with stride 1 and the flipped kernel ", flipped, ":")
    blocks: list[Block] = [Paragraph(opening)]
    for names, axis in distinct_axes(story):
        blocks += [Paragraph((f"On {names}:",))] if names else []
        blocks.append(Derivation(_sizes(axis)))
    if any(min(inserted_pads(axis)) < 0 for axis in conv.axes):
        blocks.append(Paragraph("A negative pad crops; where the other end is padded, pad first."))
    blocks += _flipped(worked, own)
    figure = zeros_figure(story)
    blocks += [] if figure is None else [figure]
    pads = per_axis_pads(story)
    statement = (Paragraph((
        "For all ", v, " and ", Name(letters.w), ", ", Transpose(letters.C) * v, " is the stride-1 convolution of ", u,
        " with ", flipped, " and pads ", pads, ".",
    )),)  # fmt: skip
    argument = (Derivation(_steps(story, own)),)
    blocks += stated(story, "zero-insertion", "zero-insertion", statement, argument, pixels_compared(story))
    blocks += _worked(worked)
    blocks.append(Paragraph((
        "With equal pads and no dilation the sizes are those of relationship 14 of ", DUMOULIN_VISIN,
        ", which does not state that the kernel is flipped.",
    )))  # fmt: skip
    return Section("Zeros between the pixels", tuple(blocks), level=2)


def per_axis_pads(story: Story) -> Math:
    """Write the pads of the stride-1 convolution, one pair where all axes have the same."""
    pads = [Tuple(*inserted_pads(axis)) for axis in story.conv.axes]
    return pads[0] if len(set(pads)) == 1 else Tuple(*pads)


def _sizes(axis: Axis) -> tuple[Step, ...]:
    o, s, span, a = axis.small, axis.stride, axis.effective_kernel, axis.output_padding
    before, after = inserted_pads(axis)
    wide = s * (o - 1) + 1
    outputs = Sum(wide, before, after, Negative(span), 1)
    return (
        Step(Times("s", Sum("o", -1)) + 1, "=", Relation(Infix("cdot", s, Sum(o, -1)) + 1, "=", wide), "stretched"),
        Step(Sum("K", -1, -Name("lo")), "=", Relation(Sum(span, -1, Negative(axis.lo)), "=", before), "pad before"),
        Step(Sum("K", -1, -Name("hi"), "a"), "=", Relation(Sum(span, -1, Negative(axis.hi), a), "=", after),
             "pad after"),
        Step(outputs, "=", Relation(axis.large, "=", "n"), "outputs with stride 1"),
    )  # fmt: skip


def _flipped(worked: WorkedPixel, own: Letters) -> list[Block]:
    """Define the flipped kernel, and write it out where the layer has one or two axes."""
    story, conv = worked.story, worked.story.conv
    ends = [axis.effective_kernel - 1 for axis in conv.axes]
    turned = place(story, ends, ((-1,) * conv.ndim, own.t))
    where = Relation(marked_weight(story, "tilde", own.t), "=", marked_weight(story, "hat", turned))
    words: tuple[Piece, ...] = (where,)
    if set(conv.dilation) != {1}:
        words += (", where ", Accent(story.notation.w, "hat"), " is the kernel with zeros between its taps, as many as "
                  "the dilation puts there")  # fmt: skip
    matrix = flipped_matrix(worked, 7, 9) if conv.ndim <= 2 else None
    if matrix is None:
        return [Paragraph(("The flipped kernel is ", *words, "."))]
    first = "" if story.single else " (here between the first channels)"
    name = Accent(story.notation.w, "tilde")
    return [Paragraph(("The flipped kernel, ", *words, f", is{first}")), Display(Relation(name, "=", matrix))]


def _steps(story: Story, own: Letters) -> tuple[Step, ...]:
    conv, letters = story.conv, story.notation
    ones, lo, zeros = (1,) * conv.ndim, [-axis.lo for axis in conv.axes], (0,) * conv.ndim
    v, w, u = story.small_at(letters.v), story.w_between(), story.small_at(own.u, own.p)
    reads = story.bracket(Relation("m", "=", story.unpadded_position()))
    from_u = story.bracket(Relation("m", "=", place(story, lo, (ones, own.p), (conv.dilation, "j"))))
    inserted = story.bracket(Relation(own.p, "=", place(story, zeros, (conv.stride, "i"))))
    under = place(story, [-inserted_pads(axis)[0] for axis in conv.axes], (ones, "m"), (ones, own.t))
    ends = [axis.effective_kernel - 1 for axis in conv.axes]
    turned = Relation(own.t, "=", place(story, ends, ([-d for d in conv.dilation], "j")))
    product_there = marked_weight(story, "tilde", own.t) * story.small_at(own.u, under)
    return (
        Step(story.large_at(letters.z), "=", story.outputs_sum(v * BigSum("j", None, w * reads)), "the stamps"),
        Step(None, "=", summed(story, own.p, u * BigSum("j", None, w * from_u)),
             Relation(u, "=", BigSum("i", None, v * inserted))),
        Step(None, "=", summed(story, own.t, product_there), turned),
    )  # fmt: skip


def window_terms(worked: WorkedPixel) -> list[Term]:
    """List the pairs of tap and pixel that meet under the flipped kernel where it gives the worked pixel."""
    met = [
        [(j, i) for j, i in window(axis, m) if j is not None and i is not None]
        for axis, m in zip(worked.story.conv.axes, worked.at, strict=True)
    ]
    return [(tuple(j for j, _ in pairs), tuple(i for _, i in pairs)) for pairs in product(*met)]


def _worked(worked: WorkedPixel) -> list[Block]:
    """Lay the flipped kernel over the padded input for one pixel, and add the products up."""
    conv, terms = worked.story.conv, window_terms(worked)
    under = kernel = None
    if conv.ndim <= 2 and all(axis.effective_kernel <= WINDOW for axis in conv.axes):
        kernel, under = flipped_matrix(worked, WINDOW, WINDOW), window_matrix(worked, WINDOW, WINDOW)
    products = prod(axis.effective_kernel for axis in conv.axes)
    left = f"{len(terms)} of {products} products" if products > 1 else "the only product"
    words = ("At ", worked.name, f" the flipped kernel meets no zero in {left}, whose sum is")
    lines: list[Math] = []
    if kernel is not None and under is not None:
        lines.append(Relation(worked.name, "=", worked.with_others(Inner(kernel, under))))
    return [Paragraph(words), Display(*lines, worked.equals(terms))]
