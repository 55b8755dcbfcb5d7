"""A stride keeps every s-th output of the stride-1 convolution; its transpose inserts zeros."""

from __future__ import annotations

from itertools import product

from symtconv.derivation.flippedkernel import short_matrix
from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Story
from symtconv.derivation.places import Letters, place
from symtconv.derivation.statement import stated
from symtconv.derivation.workedpixel import Place, WorkedPixel
from symtconv.document.mathematics import (
    Math,
    Name,
    Negative,
    Relation,
    Spaced,
    Sum,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.geometry import Axis, Conv


def decimates(conv: Conv) -> bool:
    """Tell whether the stride-1 convolution has outputs that the layer drops."""
    return any(axis.small != _dense(axis) for axis in conv.axes)


def _dense(axis: Axis) -> int:
    """Count the outputs with stride 1."""
    return axis.large + axis.lo + axis.hi - axis.effective_kernel + 1


def decimation_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Factor C into the stride-1 convolution and what keeps every s-th output; transpose; one pixel."""
    conv, letters = story.conv, story.notation
    C, C_1, D, U = Name(letters.C), Name(letters.C, 1), Name(own.D), Name(own.U)
    blocks: list[Block] = [Paragraph((
        "Let ", C_1, " be the matrix of the same convolution with stride 1. Of its outputs ", D, " keeps every ",
        Name("s"), "-th, as many as the layer has; its transpose ", Relation(U, "=", Transpose(D)), " puts a zero in "
        "the place of each output that ", D, " drops.",
    ))]  # fmt: skip
    for names, axis in distinct_axes(story):
        where = f" on {names}" if names else " on each axis" if conv.ndim > 1 else ""
        dense = Relation(
            Sum("n", "lo", "hi", -Name("K"), 1), "=",
            Sum(axis.large, axis.lo, axis.hi, Negative(axis.effective_kernel), 1), "=", _dense(axis),
        )  # fmt: skip
        blocks.append(Paragraph((f"With stride 1 there are{where} ", dense, f" outputs, of which {axis.small} are "
                                 "kept:")))  # fmt: skip
        blocks.append(_matrices(story, own, axis))
    if conv.ndim > 1 or not story.single:
        of = "of these over the axes" if conv.ndim > 1 else "of this"
        channels = "" if story.single else " and the identity on the channels"
        blocks.append(Paragraph((
            "For the whole layer ", D, f" is the Kronecker product {of}{channels}.",
        )))  # fmt: skip
    statement = (
        "For all weights, ", Relation(C, "=", D * C_1), ", ", Relation(Transpose(C), "=", Transpose(C_1) * U), " and ",
        Relation(D * U, "=", "I"), ".",
    )  # fmt: skip
    kept = place(story, (0,) * conv.ndim, (conv.stride, "i"))
    argument = (Paragraph((
        "Output ", Name("i"), " of the layer is output ", kept, " of the stride-1 convolution, so ", D,
        " holds a one at ", Tuple("i", kept), " and zeros elsewhere. Its rows are different rows of the identity, so ",
        Relation(D * U, "=", D * Transpose(D), "=", "I"), ". Transposing ", D * C_1, " exchanges the factors.",
    )),)  # fmt: skip
    blocks += stated(story, "decimation", "decimation", (Paragraph(statement),), argument)
    if conv.padding_mode == "zeros":
        blocks += _worked(worked, own)
    return Section("Decimation", tuple(blocks), level=2)


def _matrices(story: Story, own: Letters, axis: Axis) -> Display:
    def keeps(row: int, column: int) -> Math | None:
        return as_math(1) if column == axis.stride * row else None

    D = short_matrix(story, (axis.small, _dense(axis)), keeps, 7, 9)
    U = short_matrix(story, (_dense(axis), axis.small), lambda row, column: keeps(column, row), 9, 7)
    assert D is not None
    assert U is not None
    return Display(Spaced(Relation(own.D, "=", D), Relation(own.U, "=", U)))


def dense_places(worked: WorkedPixel) -> list[list[tuple[int, int]]]:
    """List, for each axis, the (tap, place) of the stride-1 outputs that read the worked pixel, by place."""
    return [
        sorted(
            ((j, m + axis.lo - axis.dilation * j) for j in range(axis.kernel_size)
             if 0 <= m + axis.lo - axis.dilation * j < _dense(axis)),
            key=lambda pair: pair[1],
        )
        for axis, m in zip(worked.story.conv.axes, worked.at, strict=True)
    ]  # fmt: skip


def _worked(worked: WorkedPixel, own: Letters) -> list[Block]:
    """Multiply one row of C_1^T by u = U v."""
    story = worked.story
    pairs = [(tuple(j for j, _ in pair), tuple(p for _, p in pair)) for pair in product(*dense_places(worked))]
    if not pairs:
        return []

    def pixel(at: Place, channel: int) -> Math:
        return Name(own.u, *story.counted(at if story.single else (channel, *at)))

    u_is_Uv = Relation(own.u, "=", Name(own.U) * Name(story.notation.v))
    kept, all_ = len(worked.terms), len(pairs)
    zeros = (
        "None of these pixels is an inserted zero: this is the sum from the matrix."
        if kept == all_
        else "All of these pixels are inserted zeros."
        if not kept
        else "Without the inserted zeros this is the sum from the matrix."
    )
    return [
        Paragraph(("With ", u_is_Uv, ", pixel ", worked.name, " is")),
        Display(Relation(worked.name, "=", worked.summed(pairs, pixel))),
        Paragraph(zeros),
    ]
