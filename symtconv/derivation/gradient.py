"""The gradient of the convolution, step by step, with this layer's numbers."""

from __future__ import annotations

from math import prod

from symtconv.derivation.matrix import busiest_column
from symtconv.derivation.notation import Story, listed_taps
from symtconv.derivation.statement import stated
from symtconv.document.mathematics import (
    BigSum,
    Derivative,
    Gradient,
    Infix,
    Inner,
    Math,
    Name,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.matrices.entries import taps_of_column
from symtconv.taps import count_nonzeros, reads


def gradient_section(story: Story) -> Section:
    """Prove that the gradient of the convolution by its input is the transposed convolution."""
    letters = story.notation
    C, v, x, y = Name(letters.C), Name(letters.v), Name(letters.x), Name(letters.y)
    of_pixels = story.outputs_sum(story.small_at(letters.v) * story.small_at(letters.y))
    claim = Relation(Gradient(x, Inner(v, y)), "=", Transpose(C) * v)
    opening = Paragraph((
        "Training pulls a gradient ", v, " on the outputs back to the inputs. The scalar to differentiate is ",
        Relation(Inner(v, y), "=", of_pixels), ".",
    ))  # fmt: skip
    statement = (Paragraph(("For every ", v, ": ", claim, ".")),)
    argument = (*_padding_words(story), Derivation(tuple(_steps(story))))
    return Section(
        "The gradient of a convolution is the transposed convolution",
        (
            opening,
            *stated(story, "input-gradient", "the input gradient", statement, argument),
            *_counted(story),
            *_worked_pixel(story),
            *_backward(story),
        ),
    )


def _steps(story: Story) -> list[Step]:
    letters = story.notation
    x_m, v, y, w = (
        story.large_at(letters.x), story.small_at(letters.v), story.small_at(letters.y), story.w_summed(),
    )  # fmt: skip
    read = story.x_summed(story.position())
    hits = story.bracket(Relation("m", "=", story.position()))
    same: Math = hits
    if not story.single:
        channel = Name("b") if story.conv.groups == 1 else Sum(story.group_start, "b")
        same = Times(story.bracket(Relation(channel, "=", story.c)), hits)

    def through(body: Math) -> Math:
        return story.outputs_sum(Times(v, story.taps_sum(Times(w, body))))

    result = Subscript(Transpose(Name(letters.C)) * Name(letters.v), story.m)
    left = Derivative(Inner(letters.v, letters.y), x_m)
    steps = [
        Step(left, "=", story.outputs_sum(v * Derivative(y, x_m)), "linearity"),
        Step(None, "=", through(Derivative(read, x_m)), ("definition of ", Name(letters.y))),
        Step(None, "=", through(same), "the pixels are independent"),
    ]
    if not story.single:
        one_channel = BigSum("j", None, Times(story.w_between(), hits))
        steps.append(Step(None, "=", story.outputs_sum(Times(v, one_channel)), ("only ", story.c, " is left")))
    folded = Relation(story.outputs_sum(story.C_at() * v), "=", result)
    return [*steps, Step(None, "=", folded, ("definition of ", Name(letters.C)))]


def _padding_words(story: Story) -> list[Block]:
    """Say why a tap that reads padding may stand in the sums."""
    if story.conv.padding_mode != "zeros" or not any(axis.lo or axis.hi for axis in story.conv.axes):
        return []
    return [Paragraph("A tap that reads padding reads 0, whose derivative is 0.")]


def _worked_pixel(story: Story) -> tuple[Block, ...]:
    """Collect, for one pixel, the terms of <v, y> that hold it, and differentiate them."""
    letters = story.notation
    pixel = busiest_column(story)
    read = taps_of_column(story.conv, pixel)
    x, z = story.large(letters.x, pixel), story.large(letters.z, pixel)
    if not read:
        return (Paragraph(("For example, no output reads the pixel ", x, ", and ", Relation(z, "=", 0), ".")),)
    terms = listed_taps(story, read, lambda row: Times(x, story.small(letters.v, row)))
    holds = "the terms that hold it are" if len(read) > 1 else "the only term that holds it is"
    return (
        Paragraph(("For example, of ", Inner(letters.v, letters.y), " and the pixel ", x, f", {holds}")),
        Display(terms),
        Paragraph(("Without the factor ", x, " this is the derivative, and it is ", z, ".")),
    )


def _counted(story: Story) -> list[Block]:
    """Count the derivatives of all outputs by all pixels, which are the entries of C, where that is proved."""
    if story.proof("jacobian") is None:
        return []
    conv, filled = story.conv, count_nonzeros(story.layer)
    total = Relation(Infix("cdot", story.rows, story.columns), "=", story.rows * story.columns)
    products = len(reads(conv).rows) * prod(conv.kernel_shape[:2])
    kind = "one weight" if products == filled else "one weight or a sum of weights"
    return [Paragraph((
        "Of all ", total, " derivatives ",
        Derivative(story.small_at(story.notation.y), story.large_at(story.notation.x), slashed=True),
        f", {filled} {'is' if filled == 1 else 'are'} {kind}{' each' * (filled > 1)}, and "
        f"{story.rows * story.columns - filled} are 0: these are the entries of ", Name(story.notation.C), ".",
    ))]  # fmt: skip


def _backward(story: Story) -> list[Block]:
    """State the backward pass of a transposed convolution, which is the convolution, with the same kernel gradient."""
    if not story.layer.transposed:
        return []
    letters = story.notation
    C, v, x, z = (Name(letter) for letter in (letters.C, letters.v, letters.x, letters.z))
    claim = Relation(Gradient(v, Inner(x, z)), "=", C * x)
    statement = (Paragraph(("For every ", x, ": ", claim, ", the convolution of ", x, ".")),)
    equal = Relation(Inner(x, z), "=", Inner(x, Transpose(C) * v), "=", Inner(C * x, v))
    argument = (Paragraph((
        equal, " is linear in ", v, ", and the factor beside ", story.small_at(letters.v), " is ",
        Subscript(C * x, story.i), ".",
    )),)  # fmt: skip
    return [
        Paragraph((
            "This layer takes ", v, " to ", Relation(z, "=", Transpose(C) * v), ". In its own backward pass a gradient "
            "arrives at ", z, "; it has the shape of ", x, ", and ", x, " now stands for it.",
        )),
        *stated(story, "transposed-input-gradient", "the gradient of the transposed convolution", statement, argument),
        Paragraph("The backward pass of this layer is the convolution."),
    ]  # fmt: skip
