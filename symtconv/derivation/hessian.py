"""The second derivatives of <v, y>: zero within x and within w, one bilinear block between them."""

from __future__ import annotations

from math import prod

from symtconv.derivation.kernelgradient import weight_index
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.reach import partners
from symtconv.derivation.readingmatrices import mixed_matrix
from symtconv.derivation.statement import spare, stated
from symtconv.document.mathematics import (
    Accent,
    Apply,
    BigSum,
    Derivative,
    Dots,
    Infix,
    Inner,
    Math,
    Matrix,
    Name,
    Relation,
    Spaced,
    Subscript,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.geometry import Axis
from symtconv.taps import count_nonzeros

MOST_ASKED = 200  # outputs of an axis that are asked whether they read a pixel


def hessian_section(story: Story) -> Section:
    """Show the Hessian of <v, y> by x and w as a block matrix, and its block between x and w."""
    letters = story.notation
    x, y, v, w = (Name(letter) for letter in (letters.x, letters.y, letters.v, letters.w))
    H = Name(spare(story, "HGDEJLN"))
    B = Name(spare(story, "BAEFPQR"))
    Bv = Apply(B, v)
    y_i, x_m, w_j = story.small_at(letters.y), story.large_at(letters.x), story.w_summed()
    x_other = Name(letters.x, Accent("m", "prime"))
    w_other = Name(letters.w, Accent("j", "prime"))
    bracket = _bracket(story)
    within = Derivative(Derivative(y_i, x_m), x_other, operator=True)
    weights = Derivative(Derivative(y_i, w_j), w_other, operator=True)
    mixed = Derivative(Derivative(y_i, w_j), x_m, operator=True)
    claim: list[Paragraph | Display] = [
        Paragraph(_other_letters(story, x_other, w_other)),
        Display(Spaced(Relation(within, "=", 0), Relation(weights, "=", 0)), Relation(mixed, "=", bracket)),
    ]
    if story.conv.small_channels > 1:
        claim.append(Paragraph(("The derivative by a weight of another channel than ", story.c_small, " is 0.")))
    read = story.x_summed(story.position())
    steps = [
        Step(within, "=", Derivative(story.C_at(), x_other), (Name(letters.C), " is the first derivative")),
        Step(None, "=", 0, ("the weights hold no ", x)),
        Step(weights, "=", Derivative(read, w_other), (y_i, " holds ", w_j, " once")),
        Step(None, "=", 0, ("the pixels hold no ", w)),
        Step(mixed, "=", Derivative(read, x_m, operator=True), (y_i, " holds ", w_j, " once")),
        Step(None, "=", bracket, "1 if that is the pixel, else 0"),
    ]
    argument: list[Block] = [Derivation(tuple(steps))]
    if story.conv.small_channels > 1:
        argument.append(Paragraph((y_i, " holds no weight of another channel.")))
    total = Infix("cdot", story.rows, story.columns, prod(story.conv.kernel_shape))
    size = story.rows * story.columns * prod(story.conv.kernel_shape)
    count: tuple[Piece, ...] = (
        "Of the ", Relation(total, "=", size), " mixed derivatives of all outputs by all pixels and weights "
        f"{_are(_reads(story))} 1 and {_are(size - _reads(story))} 0.",
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph((
            Inner(v, y), " is linear in ", x, " for fixed ", w, ", and linear in ", w, " for fixed ", x,
            ". Only mixed second derivatives remain.",
        )),
        *stated(story, "hessian", "the second derivatives", claim, argument),
        Paragraph((*count, " Over all pixels and weights the Hessian of ", Inner(v, y), " is therefore")),
        Display(Relation(H, "=", _blocks(story, Bv)), Relation(Subscript(Bv, weight_index(story), story.m), "=", BigSum(
            "i", None, Times(story.small_at(letters.v), bracket)))),
        *_block(story, B),
        Paragraph((
            "The block holds both gradients: ", Bv * x, " is that by ", w, ", and ",
            Relation(Transpose(Bv) * w, "=", Transpose(letters.C) * v), " that by ", x, ". ", H,
            " is symmetric with trace 0. Over the real numbers its eigenvalues, unless all are 0, have both signs. So ",
            Inner(v, y), " is not convex in ", x, " and ", w, " together wherever ", Bv, " is not 0",
            *_nowhere_zero(story, v), ".",
        )),
    ]  # fmt: skip
    return Section("The second derivatives", tuple(blocks))


def _nowhere_zero(story: Story, v: Math) -> tuple[Piece, ...]:
    """Say, where every output reads a pixel on its own, that B(v) is 0 only for v = 0."""
    conv = story.conv
    if conv.padding_mode == "circular":  # with any one tap different outputs read different pixels
        apart = all(axis.stride * (axis.small - 1) < axis.large for axis in conv.axes)
    else:
        apart = conv.padding_mode == "zeros" and all(map(_some_tap_reads, conv.axes))
    if not apart:
        return ()
    return (", that is for every ", Relation(v, "!=", 0))


def _some_tap_reads(axis: Axis) -> bool:
    """Tell whether every output of an axis reads a pixel, where there are not too many to ask."""
    return axis.small <= MOST_ASKED and all(partners(axis, i, "small", "zeros") for i in range(axis.small))


def _bracket(story: Story) -> Math:
    """Write 1 where tap j of output i reads pixel m."""
    reads = story.bracket(Relation("m", "=", story.position()))
    if story.single:
        return reads
    channel = Name("b") if story.conv.groups == 1 else Sum(story.group_start, "b")
    return Times(story.bracket(Relation(story.c, "=", channel)), reads)


def _other_letters(story: Story, pixel: Math, weight: Math) -> tuple[Piece, ...]:
    channels = "" if story.single else " (in any channels, which are not written)"
    return (
        "For every output ", story.small_at(story.notation.y), ", all pixels ", story.large_at(story.notation.x),
        " and ", pixel, " and all weights ", story.w_summed(), " and ", weight, f"{channels}:",
    )  # fmt: skip


def _reads(story: Story) -> int:
    """Count the taps that read a pixel."""
    conv = story.conv
    if conv.padding_mode == "zeros":
        return count_nonzeros(conv)
    return story.rows * prod(conv.kernel_shape[1:])


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _blocks(story: Story, B: Math) -> Matrix:
    names = tuple(Name(letter) for letter in (story.notation.x, story.notation.w))
    cells = ((0, Transpose(B)), (B, 0))
    return Matrix(cells, (1,), (1,), names, names, story.notation.brackets)


def _block(story: Story, B: Name) -> list[Block]:
    """Display B(v); with channels its first block, and say where the blocks stand."""
    matrix, block = mixed_matrix(story)
    v = story.notation.v
    dots = any(isinstance(label, Dots) for label in (*matrix.row_labels, *matrix.column_labels))
    gaps = [Paragraph("Where dots stand in a line of labels, rows or columns are left out.")] if dots else []
    if not block:
        return [Display(Relation(Apply(B, v), "=", matrix)), *gaps]
    channel: Math = Sum(story.group_start, "b") if story.conv.groups > 1 else Name("b")
    first = Name(v, story.notation.base)
    return [
        Paragraph((
            "The rows of ", story.w_summed(), " meet the columns of one channel, ", Relation(story.c, "=", channel),
            ", in a block that channel ", story.c_small, " of ", Name(v), " fills; the rest of them is 0. "
            "The first block is",
        )),
        Display(Relation(Apply(B, first), "=", matrix)),
        *gaps,
    ]  # fmt: skip
