"""The second derivatives of <v, y>: zero within x and within w, one bilinear block between them."""

from __future__ import annotations

from math import prod

from symtconv.derivation.kernelgradient import weight_index, weight_name
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.reading import outputs_between
from symtconv.derivation.statement import spare, stated
from symtconv.document.elision import Side, elided_matrix
from symtconv.document.mathematics import (
    Apply,
    BigSum,
    Derivative,
    Infix,
    Inner,
    Math,
    Matrix,
    Name,
    Operator,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.taps import count_nonzeros


def hessian_section(story: Story) -> Section:
    """Show the Hessian of <v, y> by x and w as a block matrix, and its block between x and w."""
    letters = story.notation
    x, y, v, w = (Name(letter) for letter in (letters.x, letters.y, letters.v, letters.w))
    H = Name(spare(story, "HGDEJLN"))
    B = Apply(spare(story, "BAEFPQR"), v)
    y_i, x_m, w_j = story.small_at(letters.y), story.large_at(letters.x), story.w_summed()
    x_q = story.large_at(letters.x, "q") if story.single else Name(letters.x, "q")
    bracket = _bracket(story)
    within = Derivative(Derivative(y_i, x_m), x_q, operator=True)
    mixed = Derivative(Derivative(y_i, w_j), x_m, operator=True)
    claim = (Display(Relation(within, "=", 0), Relation(mixed, "=", bracket)),)
    read = story.x_summed(story.position())
    steps = (
        Step(within, "=", Derivative(story.C_at(), x_q), (Name(letters.C), " is the first derivative")),
        Step(None, "=", 0, ("the weights hold no ", x)),
        Step(mixed, "=", Derivative(read, x_m, operator=True), (y_i, " holds ", w_j, " once")),
        Step(None, "=", bracket, "1 if that is the pixel, else 0"),
    )
    total = Infix("cdot", story.rows, story.columns, prod(story.conv.kernel_shape))
    size = story.rows * story.columns * prod(story.conv.kernel_shape)
    count: tuple[Piece, ...] = (
        "Of the ", Relation(total, "=", size), f" mixed derivatives {_are(_reads(story))} 1 and "
        f"{_are(size - _reads(story))} 0.",
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph((
            Inner(v, y), " is linear in ", x, " for fixed ", w, ", and linear in ", w, " for fixed ", x,
            ". Only mixed second derivatives remain", *_other_letters(story), ".",
        )),
        *stated(story, "hessian", "the second derivatives", claim, (Derivation(steps),),
                "For this layer every one of these derivatives was taken from the definition."),
        Paragraph((*count, " The derivatives by two weights vanish as well: the derivative by one is a sum of "
                   "products of ", v, " and ", x, ". Over all pixels and weights the Hessian of ", Inner(v, y),
                   " is therefore")),
        Display(Relation(H, "=", _blocks(story, B))),
        Display(Relation(Subscript(B, weight_index(story), story.m), "=", BigSum(
            "i", None, Times(story.small_at(letters.v), bracket)))),
        Display(Relation(B, "=", _block(story))),
        Paragraph((
            "The block holds both gradients: ", B * Operator("vec", x), " is the gradient by ", w, ", and ",
            Relation(Transpose(B) * Operator("vec", w), "=", Transpose(letters.C) * v), " that by ", x, ". ", H,
            " is symmetric with trace 0. Over the real numbers it has, unless it is 0, eigenvalues of both signs: ",
            Inner(v, y), " is not convex in ", x, " and ", w, " together.",
        )),
    ]  # fmt: skip
    return Section("The second derivatives", tuple(blocks))


def _bracket(story: Story) -> Math:
    """Write 1 where tap j of output i reads pixel m."""
    reads = story.bracket(Relation("m", "=", story.position()))
    if story.single:
        return reads
    channel = Name("b") if story.conv.groups == 1 else Sum(Apply("g", story.c_small), "b")
    return Times(story.bracket(Relation(story.c, "=", channel)), reads)


def _other_letters(story: Story) -> tuple[Piece, ...]:
    other: tuple[Piece, ...] = ("; ", Name("q"), " is any pixel of ", Name(story.notation.x))
    return other if story.single else (*other, ", its channel included")


def _reads(story: Story) -> int:
    """Count the taps that read a pixel."""
    conv = story.conv
    if conv.padding_mode == "zeros":
        return count_nonzeros(conv)
    return story.rows * prod(conv.kernel_shape[1:])


def _are(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def _blocks(story: Story, B: Math) -> Matrix:
    names = tuple(Name(letter) for letter in (story.notation.x, story.notation.w))
    cells = ((0, Transpose(B)), (B, 0))
    return Matrix(cells, (1,), (1,), names, names, story.notation.brackets)


def _block(story: Story) -> Matrix:
    conv, letters = story.conv, story.notation

    def entry(row: int, column: int) -> Math | None:
        weight, pixel = story.listed(row, conv.kernel_shape), story.listed(column, story.large_pixels)
        outputs = outputs_between(conv, weight, pixel)
        return written_sum(outputs, lambda output: story.small(letters.v, output), most=3) if outputs else None

    return elided_matrix(
        (prod(conv.kernel_shape), story.columns),
        entry,
        row_side=Side(label=lambda row: weight_name(story, story.listed(row, conv.kernel_shape))),
        column_side=Side(label=lambda column: story.large(letters.x, story.listed(column, story.large_pixels))),
        brackets=letters.brackets,
    )
