"""The gradient by the kernel: the unfold matrix, and the convolution with stride and dilation exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from symtconv.derivation.notation import Piece, Story, shape_of, written_sum
from symtconv.derivation.reading import outputs_with, pixel_read
from symtconv.derivation.statement import spare, stated
from symtconv.document.elision import Side, elided_matrix
from symtconv.document.mathematics import (
    BigSum,
    Derivative,
    Floor,
    Gradient,
    Infix,
    Inner,
    Listing,
    Math,
    Matrix,
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
    reads: tuple[Piece, ...] = ("Row ", story.i, " of ", X, " lists what the taps of output ", story.i, " read")
    padding = "; light dots are taps that read padding, where it is 0" if _pads(story) else ""
    other = "" if story.single else "; the entries between different output channels are 0"
    blocks: list[Block] = [
        Paragraph((
            "The output is linear in the weights as well. ", *reads, " (unfold, or im2col)", *_tau_words(story),
            padding, other, ":",
        )),
        Display(Spaced(
            Relation(Operator("vec", y), "=", X * Operator("vec", w)),
            Relation(Subscript(X, story.i, weight_index(story)), "=", read),
        )),
        Display(Relation(X, "=", _unfold(story))),
    ]  # fmt: skip
    gradient = Relation(Gradient(w, Inner(v, y)), "=", Transpose(X) * v)
    entry = BigSum("i", None, Times(story.small_at(letters.v), read))
    claim = (
        Paragraph(("For every ", v, ":")),
        Display(Spaced(gradient, Relation(Derivative(Inner(v, y), story.w_summed()), "=", entry))),
        Paragraph(("This is the convolution of ", *_both(story), ", with stride and dilation exchanged.")),
    )
    argument = (Derivation(tuple(_steps(story, X, entry))), Paragraph(_exchange(story)))
    checked = (
        f"For this layer all {prod(story.conv.kernel_shape)} derivatives were taken from the definition, and compared "
        "with ", Transpose(X) * v, " and with that convolution.",
    )  # fmt: skip
    blocks += stated(story, "kernel-gradient", "the kernel gradient", claim, argument, checked)
    blocks += [Paragraph("In the numbers of this layer:"), _table(story), *_size(story), *_worked(story)]
    return Section("The gradient by the kernel", tuple(blocks))


def weight_index(story: Story) -> Math:
    """Write the place of a weight: j, or (c', b, j)."""
    return Name("j") if story.single else Tuple(story.c_small, "b", "j")


def weight_name(story: Story, number: int) -> Math:
    """Write the name of a weight, whatever its value."""
    at = np.unravel_index(number, story.conv.kernel_shape)
    return Name(story.notation.w, *story.counted(at[2:] if story.single else at))


def _pads(story: Story) -> bool:
    shape = [range(axis.small) for axis in story.conv.axes]
    ends = (0, prod(story.conv.kernel_shape) - 1)
    return story.conv.padding_mode == "zeros" and any(list(outputs_with(story.conv, end)) != shape for end in ends)


def _tau_words(story: Story) -> tuple[Piece, ...]:
    return () if story.conv.padding_mode == "zeros" else ("; ", story.position(), " is the pixel that tap ", Name("j"),
                                                         " of output ", Name("i"), " reads")  # fmt: skip


def _unfold(story: Story) -> Matrix:
    conv, letters = story.conv, story.notation

    def pixel(row: int, weight: int) -> Math | None:
        output = story.listed(row, story.small_pixels)
        read = pixel_read(conv, output, story.listed(weight, conv.kernel_shape))
        return None if read is None else story.large(letters.x, read)

    return elided_matrix(
        (story.rows, prod(conv.kernel_shape)),
        pixel,
        row_side=Side(label=lambda row: story.small(letters.y, story.listed(row, story.small_pixels))),
        column_side=Side(label=lambda weight: weight_name(story, story.listed(weight, conv.kernel_shape))),
        brackets=letters.brackets,
    )


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
    seen = story.x_summed("i")
    assert isinstance(seen, Name)
    return ("channel ", seen.indices[0], " of ", x, " with the kernel ", v, " of channel ", story.c_small)  # type: ignore[return-value]


def _exchange(story: Story) -> tuple[Piece, ...]:
    i, j = Name("i"), Name("j")
    numbers = "" if story.conv.padding_mode == "zeros" else ", before the padding mode moves it,"
    return (
        "The position ", story.unpadded_position(), f"{numbers} treats ", i, " and ", j, " alike. Take ", j,
        " for the output and ", i, " for the tap: then the factor of ", j, ", the dilation, is the stride, and the "
        "factor of ", i, ", the stride, is the dilation.",
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
