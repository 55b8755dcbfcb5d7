"""Zeros between the pixels, then a stride-1 convolution with the flipped kernel."""

from __future__ import annotations

from math import prod

from symtconv.derivation.circularflip import circular_claim
from symtconv.derivation.flippedkernel import flipped_matrix, inserted_pads, window_matrix
from symtconv.derivation.layer import DUMOULIN_VISIN, distinct_axes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, marked_weight, per_axis, place, summed
from symtconv.derivation.statement import stated
from symtconv.derivation.workedpixel import WorkedPixel
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
WIDEST = 10  # columns of kernels and windows in one line


def zero_insertion_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Give the sizes, the flipped kernel, the picture, the theorem and one pixel of zero-insertion."""
    conv = story.conv
    circular = conv.padding_mode == "circular"
    blocks: list[Block] = [Paragraph(_opening(story, own)), *_flipped(worked, own)]
    blocks += circular_claim(story, own) if circular else _claim(story, own)
    blocks += _worked(worked, own)
    inserts = any(s > 1 for s in conv.stride)
    return Section("Zeros between the pixels" if inserts else "The flipped kernel", tuple(blocks), level=2)


def _opening(story: Story, own: Letters) -> tuple[Piece, ...]:
    conv = story.conv
    v, u, flipped = Name(story.notation.v), Name(own.u), Accent(story.notation.w, "tilde")
    circular = conv.padding_mode == "circular"
    pad: tuple[Piece, ...] = (". Pad ", u, " and convolve it with stride 1 and the flipped kernel ", flipped, ".")
    if circular:
        pad = (". Convolve ", u, " with stride 1, with circular padding and the flipped kernel ", flipped, ".")
    if all(s == 1 for s in conv.stride) and (not circular or conv.small_shape == conv.large_shape):
        return ("With stride 1 no zeros come between the pixels: let ", Relation(u, "=", v), *pad)
    zeros = Relation(Sum("s", -1), "=", per_axis([s - 1 for s in conv.stride]))
    word = "zero" if max(conv.stride) == 2 else "zeros"
    opening: tuple[Piece, ...] = ("Put ", zeros, f" {word} between neighbouring pixels of ", v)
    if all(s == 1 for s in conv.stride):
        opening = ("Put no zeros between the pixels of ", v)
    if circular:
        behind = [axis.large - axis.stride * (axis.small - 1) - 1 for axis in conv.axes]
        opening += (", and ", per_axis(behind), f" zero{'s' * (behind != [1] * len(behind))} behind the last, so that "
                    "there are ", Relation("n", "=", per_axis(conv.large_shape)), " places")  # fmt: skip
    return (*opening, "; call that ", u, *pad)


def _claim(story: Story, own: Letters) -> list[Block]:
    """State it for zero padding, with the sizes and the picture."""
    conv, letters = story.conv, story.notation
    v, u, flipped = Name(letters.v), Name(own.u), Accent(letters.w, "tilde")
    blocks: list[Block] = []
    for names, axis in distinct_axes(story):
        blocks.append(Paragraph(f"The sizes on {names}:" if names else "The sizes:"))
        blocks.append(Derivation(_sizes(axis)))
    if all(
        axis.lo == axis.hi and axis.dilation == 1 and axis.output_padding < axis.stride and axis.stride > 1
        for axis in conv.axes
    ):
        blocks.append(Paragraph(("These sizes are relationship 14 of ", DUMOULIN_VISIN, ".")))
    if any(min(inserted_pads(axis)) < 0 for axis in conv.axes):
        blocks.append(Paragraph("A negative pad crops; where the other end is padded, pad first."))
    figure = zeros_figure(story)
    blocks += [] if figure is None else [figure]
    statement = (Paragraph((
        "For all ", v, " and ", Name(letters.w), ", ", Transpose(letters.C) * v, " is the stride-1 convolution of ", u,
        " with ", flipped, " and pads ", per_axis_pads(story), ".",
    )),)  # fmt: skip
    argument = (Derivation(_steps(story, own)),)
    title = "zero-insertion" if any(s > 1 for s in conv.stride) else "the flipped kernel"
    return [*blocks, *stated(story, "zero-insertion", title, statement, argument)]


def per_axis_pads(story: Story) -> Math:
    """Write the pads of the stride-1 convolution, one pair where all axes have the same."""
    pads = [Tuple(*inserted_pads(axis)) for axis in story.conv.axes]
    return pads[0] if len(set(pads)) == 1 else Tuple(*pads)


def _sizes(axis: Axis) -> tuple[Step, ...]:
    o, s, span, a = axis.small, axis.stride, axis.effective_kernel, axis.output_padding
    before, after = inserted_pads(axis)
    wide = s * (o - 1) + 1
    outputs = Sum(wide, before, after, Negative(span), 1)
    size = Relation(Infix("cdot", s, Sum(o, -1)) + 1, "=", wide)
    return (
        Step(Times("s", Sum("o", -1)) + 1, "=", size, "size with the zeros" if s > 1 and o > 1 else "size"),
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
    name = Accent(story.notation.w, "tilde")
    roles: list[Block] = []
    if not story.single:
        roles = [Paragraph((
            "The channels exchange their roles: ", story.c_small, " is now the channel that is read, and ", story.c,
            " the one that is written.",
        ))]  # fmt: skip
    matrix = flipped_matrix(worked, 7, 9) if conv.ndim <= 2 else None
    if matrix is None:
        return [Paragraph(("The flipped kernel is ", *words, ".")), *roles]
    first = "" if story.single else " (here between the first channels)"
    same: list[Block] = []
    if _flips_to_itself(story):
        same = [Paragraph("The given kernel is symmetric: flipping it changes nothing.")]
    shown = Display(Relation(name, "=", matrix))
    return [Paragraph(("The flipped kernel, ", *words, f", is{first}")), shown, *same, *roles]


def _flips_to_itself(story: Story) -> bool:
    if story.weights is None:
        return False
    weights = story.weights.reshape(story.conv.kernel_shape)
    return bool((weights == weights[(slice(None), slice(None), *(slice(None, None, -1),) * story.conv.ndim)]).all())


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


def _worked(worked: WorkedPixel, own: Letters) -> list[Block]:
    """Lay the flipped kernel over the padded input for one pixel, and multiply entry by entry."""
    story = worked.story
    conv, count = story.conv, len(worked.terms)
    places = prod(axis.effective_kernel for axis in conv.axes)
    products: list[Math] = []
    channels = 1
    if conv.ndim <= 2 and all(axis.effective_kernel <= WINDOW for axis in conv.axes):
        wide = 2 * conv.axes[-1].effective_kernel + 1
        channels = worked.channels if worked.channels * wide <= WIDEST else 1
        for channel in range(channels):
            kernel = flipped_matrix(worked, WINDOW, WINDOW, channel)
            window = window_matrix(worked, WINDOW, WINDOW, channel)
            if kernel is not None and window is not None:
                products.append(Inner(kernel, window))
    each = "" if worked.channels == 1 else " in each channel"
    meets = f"{count} pixel{'s' * (count != 1)}" if count else "no pixel"
    zeros = places - count
    zero_words = f" and {zeros} zero{'s' * (zeros != 1)}" if zeros else ""
    words: tuple[Piece, ...] = (
        "At ", worked.name, f" the flipped kernel lies over {meets} of ", Name(story.notation.v),
        f"{zero_words}{each}. ",
    )  # fmt: skip
    if not products:
        return [Paragraph((*words, "The products add up to the sum from the matrix."))]
    shown = worked.with_others(Sum(*products) if len(products) > 1 else products[0], channels)
    sums = "The inner product of the two arrays, entry times entry, is the sum from the matrix:"
    if worked.channels > 1:
        rest = "" if channels == worked.channels else " (the dots stand for the other channels)"
        sums = f"The inner products of the arrays, entry times entry, add up to the sum from the matrix{rest}:"
    return [Paragraph((*words, sums)), Display(Relation(worked.name, "=", shown))]
