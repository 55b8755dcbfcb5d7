"""The gradient by the kernel: the unfold matrix, and the convolution with stride and dilation exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from symtconv.derivation.notation import Piece, Story, shape_of, written_sum
from symtconv.derivation.reading import outputs_with, pixel_read
from symtconv.derivation.readingmatrices import unfold_matrix, weight_name
from symtconv.derivation.statement import spare, stated
from symtconv.document.mathematics import (
    BigSum,
    Derivative,
    Dots,
    Floor,
    Gradient,
    Infix,
    Inner,
    Listing,
    Math,
    Name,
    Negative,
    Operator,
    Quotient,
    Relation,
    Spaced,
    Subscript,
    Sum,
    Times,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import Block, Content, Derivation, Display, Paragraph, Section, Step, TableBlock
from symtconv.geometry import Axis


def kernelgradient_section(story: Story) -> Section:
    """Show that the gradient by the kernel is X^T v, a convolution of x with v, stride and dilation exchanged."""
    letters = story.notation
    v, y, w = (Name(letter) for letter in (letters.v, letters.y, letters.w))
    X = Name(spare(story, "XUAFPQR"))
    read = story.x_summed(story.position())
    light = "; light dots are taps that read padding" if _pads(story) else ""
    blocks: list[Block] = [
        Paragraph((
            "The output is linear in the weights as well. Row ", story.i, " of the matrix ", X, " lists the pixels "
            "that the taps of output ", story.i, " read (unfold, or im2col)", *_tau_words(story), light, ":",
        )),
        Display(Spaced(
            Relation(Operator("vec", y), "=", X * Operator("vec", w)),
            Relation(Subscript(X, story.i, weight_index(story)), "=", read),
        )),
        *_unfold(story, X),
    ]  # fmt: skip
    gradient = Relation(Gradient(w, Inner(v, y)), "=", Transpose(X) * v)
    entry = BigSum("i", None, Times(story.small_at(letters.v), read))
    claim = (
        Paragraph(("For every ", v, ":")),
        Display(Spaced(gradient, Relation(Derivative(Inner(v, y), story.w_summed()), "=", entry))),
        Paragraph(("This is the convolution of ", *_both(story), *_exchanged(story), ".")),
    )
    argument = (Derivation(tuple(_steps(story, X, entry))), Paragraph(_exchange(story)))
    blocks += stated(story, "kernel-gradient", "the kernel gradient", claim, argument)
    if story.layer.transposed:
        blocks.append(Paragraph(_own_words(story, X)))
    blocks += [Paragraph("In the numbers of this layer:"), _table(story), *_size(story), *_worked(story)]
    return Section("The gradient by the kernel", tuple(blocks))


def _own_words(story: Story, X: Name) -> tuple[Piece, ...]:
    """Say what this means for the layer itself, where that is the transposed convolution."""
    x, v, z, w = (Name(letter) for letter in (story.notation.x, story.notation.v, story.notation.z, story.notation.w))
    product = Transpose(X) * v
    return (
        "The layer of this document takes ", v, " to ", z, ". Its kernel gradient is the same ", product, ": with ", x,
        " for the gradient that arrives at ", z, ", ", Relation(Inner(x, z), "=", Inner(v, story.notation.y)), ", so ",
        Relation(Gradient(w, Inner(x, z)), "=", product), " and ",
        Relation(Gradient(v, Inner(x, z)), "=", Name(story.notation.C) * x), ", the convolution.",
    )  # fmt: skip


def weight_index(story: Story) -> Math:
    """Write the place of a weight: j, or (c', b, j)."""
    return Name("j") if story.single else Tuple(story.c_small, "b", "j")


def _pads(story: Story) -> bool:
    shape = [range(axis.small) for axis in story.conv.axes]
    ends = (0, prod(story.conv.kernel_shape) - 1)
    return story.conv.padding_mode == "zeros" and any(list(outputs_with(story.conv, end)) != shape for end in ends)


def _tau_words(story: Story) -> tuple[Piece, ...]:
    return () if story.conv.padding_mode == "zeros" else ("; ", story.position(), " is the pixel that tap ", Name("j"),
                                                         " of output ", Name("i"), " reads")  # fmt: skip


def _unfold(story: Story, X: Name) -> list[Block]:
    """Display X; with channels as a diagonal of blocks, and the first of them."""
    matrix, block = unfold_matrix(story)
    dots = any(isinstance(label, Dots) for label in (*matrix.row_labels, *matrix.column_labels))
    gaps = [Paragraph("Where dots stand in a line of labels, rows or columns are left out.")] if dots else []
    if not block:
        other = "" if story.single else "The entries between different output channels are 0."
        return [Display(Relation(X, "=", matrix)), *([Paragraph(other)] if other else []), *gaps]
    conv, base = story.conv, story.notation.base
    each = conv.small_channels // conv.groups
    parts: list[Math] = [Name(X.text, group + base) for group in range(conv.groups) for _ in range(each)]
    if len(parts) > 5:
        parts[2:-1] = [Dots("low")]
    readers = "all output channels" if conv.groups == 1 else "the output channels of a group"
    same = "one block, repeated" if conv.groups == 1 else "one block for each group, repeated"
    listed = ", listed channel after channel," if story.notation.order == "F" else ""
    return [
        Paragraph((
            f"Weights of different output channels do not meet, and {readers} read the same pixels: ", X,
            f"{listed} has {same} for each of its {each} output channel{'s' * (each != 1)},",
        )),
        Display(Relation(X, "=", Operator("diag", *parts))),
        Paragraph("with the first block"),
        Display(Relation(Name(X.text, base), "=", matrix)),
        *gaps,
    ]  # fmt: skip


def _steps(story: Story, X: Math, entry: Math) -> list[Step]:
    letters = story.notation
    v, y, w = story.small_at(letters.v), story.small_at(letters.y), story.w_summed()
    scalar = Inner(letters.v, letters.y)
    linear: Content = "the derivative is linear"
    if not story.single:
        linear = ("only the outputs of channel ", story.c_small, " hold the weight")
    once: Content = (y, " holds ", w, " once, times that pixel")
    folded = Subscript(Transpose(X) * Name(letters.v), weight_index(story))
    return [
        Step(Derivative(scalar, w), "=", BigSum("i", None, v * Derivative(y, w)), linear),
        Step(None, "=", entry, once),
        Step(None, "=", folded, ("fold ", X)),
    ]


def _both(story: Story) -> tuple[Piece, ...]:
    x, v = Name(story.notation.x), Name(story.notation.v)
    if story.single:
        return x, " with the kernel ", v
    channel: Math = Sum(story.group_start, "b") if story.conv.groups > 1 else Name("b")
    return ("channel ", channel, " of ", x, " with channel ", story.c_small, " of ", v, " as its kernel")


def _exchanged(story: Story) -> tuple[Piece, ...]:
    """Say the stride, the dilation and the pads of the exchanged convolution."""
    conv = story.conv
    s, d = _alike(conv.stride), _alike(conv.dilation)
    if conv.stride == conv.dilation:
        words: tuple[Piece, ...] = (", with stride and dilation exchanged (both are ", s, " here)")
    else:
        words = (", with stride and dilation exchanged: stride ", d, ", dilation ", s)
    if conv.padding_mode != "zeros":
        pads = _alike([Tuple(axis.lo, axis.hi) for axis in conv.axes])
        return (*words, ", and with the same pads ", pads, f" in {conv.padding_mode} mode")
    if not any(conv.output_padding):
        return (*words, ", and with the same pads")
    return (*words, ", and with pads ", Tuple("lo", Sum("hi", Negative("a"))))


def _exchange(story: Story) -> tuple[Piece, ...]:
    i, j = Name("i"), Name("j")
    before = "" if story.conv.padding_mode == "zeros" else ", before the padding mode moves it,"
    return (
        "In the position ", story.unpadded_position(), before, " the letters ", i, " and ", j, " may change places. "
        "With ", j, " for the output and ", i, " for the tap, the factor of ", j, " is the stride and that of ", i,
        " the dilation. So ", story.x_summed(story.position()), " is what output ", j, " of that convolution reads "
        "with its tap ", i, ", and the sum is this output.",
    )  # fmt: skip


def _table(story: Story) -> TableBlock:
    conv, letters = story.conv, story.notation
    x, v, w = Name(letters.x), Name(letters.v), Name(letters.w)
    n, o, k = (shape_of(shape) for shape in (conv.large_shape, conv.small_shape, conv.kernel_size))
    pads = [Tuple(axis.lo, axis.hi) for axis in conv.axes]
    swapped = [Tuple(axis.lo, axis.hi - _cut(story, axis)) for axis in conv.axes]
    s, d = _alike(conv.stride), _alike(conv.dilation)
    return TableBlock(
        ("", "input", "kernel", "stride", "dilation", ("pads ", Tuple("lo", "hi")), "output"),
        (
            (Name(letters.y), (x, ", ", n), (w, ", ", k), s, d, _alike(pads), o),
            (Gradient(w, Inner(v, letters.y)), (x, ", ", n), (v, ", ", o), d, s, _alike(swapped), k),
        ),
    )


def _cut(story: Story, axis: Axis) -> int:
    """Give a, which the upper pad of the exchanged convolution is smaller by; other padding modes drop outputs."""
    return axis.output_padding if story.conv.padding_mode == "zeros" else 0


def _alike(values: Sequence[int] | Sequence[Math]) -> Math:
    return as_math(values[0]) if len(set(values)) == 1 else Listing(*values)


def _size(story: Story) -> list[Block]:
    """Work out that the exchanged convolution has exactly k outputs, or that the first k of them are kept."""
    conv = story.conv
    if conv.padding_mode != "zeros":
        more = any((axis.effective_kernel - 1 + axis.output_padding) // axis.dilation >= axis.kernel_size
                   for axis in conv.axes)  # fmt: skip
        return [Paragraph(("Of its outputs the first ", shape_of(conv.kernel_size), " are kept."))] if more else []
    if not any(conv.output_padding):
        return []
    counted = _outputs("n", "lo", Sum("hi", Negative("a")), "s", "o", "d")
    lines = [Display(Relation(counted, "=", Quotient(Sum("K", -1), "d") + 1, "=", "k"))]
    for axis in dict.fromkeys(conv.axes):
        hi = axis.hi - axis.output_padding
        size = _outputs(axis.large, axis.lo, hi, axis.stride, axis.small, axis.dilation)
        lines.append(Display(Relation(size, "=", axis.kernel_size)))
    opening: tuple[Piece, ...] = (
        "The upper pad is smaller by ", Relation("a", "=", Sum("n", Negative(Sum(Times("s", Sum("o", -1)), "K", -Name(
            "lo"), -Name("hi")))), "=", _alike(conv.output_padding)),
        ", so that there are exactly ", Name("k"), " outputs:",
    )  # fmt: skip
    return [Paragraph(opening), *lines]


def _outputs(n: int | str, lo: int | str, hi: int | Math, s: int | str, o: int | str, d: int | str) -> Math:
    span = Sum(Times("s", Sum("o", -1)), 1) if s == "s" else Sum(Infix("cdot", s, Sum(o, -1)), 1)
    return Floor(Quotient(Sum(n, lo, hi, Negative(span)), d)) + 1


def _worked(story: Story) -> list[Block]:
    """Write the derivative by the first and by the last weight."""
    conv, letters = story.conv, story.notation
    lines: list[Math] = []
    for number in dict.fromkeys((0, prod(conv.kernel_shape) - 1)):
        ranges = outputs_with(conv, number)
        shape = tuple(len(outputs) for outputs in ranges)
        channel = int(np.unravel_index(number, conv.kernel_shape)[0])

        def term(place: int, number: int = number, channel: int = channel, shape: tuple[int, ...] = shape) -> Math:
            at = np.unravel_index(place, shape)
            i = [outputs[int(part)] for outputs, part in zip(outputs_with(conv, number), at, strict=True)]
            row = int(np.ravel_multi_index((channel, *i), story.small_pixels))
            pixel = pixel_read(conv, row, number)
            assert pixel is not None
            return Times(story.small(letters.v, row), story.large(letters.x, pixel))

        derivative = Derivative(Inner(letters.v, letters.y), weight_name(story, number))
        lines.append(Relation(derivative, "=", written_sum(range(prod(shape)), term)))
    which = "The derivatives by the first and by the last weight are" if len(lines) > 1 else "The only derivative is"
    return [Paragraph(which), Display(*lines)]
