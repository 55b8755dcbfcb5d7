"""The gradient by the bias: a sum over the pixels of a channel."""

from __future__ import annotations

from math import prod

import numpy as np

from symtconv.derivation.notation import Story, written_sum
from symtconv.derivation.statement import spare, stated
from symtconv.document.mathematics import BigSum, Derivative, Inner, Math, Name, Relation, Subscript, Sum, Transpose
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step

GREEK = ("beta", "gamma", "eta", "mu", "nu", "xi", "rho", "sigma")


def bias_section(story: Story) -> Section:
    """Show that the gradient by the bias sums the outer gradient, channel by channel, for both layers of the pair."""
    letters = story.notation
    x, y, v, z, C = (Name(letter) for letter in (letters.x, letters.y, letters.v, letters.z, letters.C))
    first = spare(story, GREEK)
    second = spare(story, [letter for letter in GREEK if letter != first])
    beta, gamma = (
        Name(letter, *(() if story.single else (channel,)))
        for letter, channel in ((first, story.c_small), (second, story.c))
    )
    y_i, v_i, x_m = story.small_at(letters.y), story.small_at(letters.v), story.large_at(letters.x)
    Cx, Ctv = Subscript(C * x, story.i), Subscript(Transpose(C) * v, story.m)
    number = "one number" if story.single else "one number for each output channel"
    in_channel = "" if story.single else " of the channel"
    blocks: list[Block] = [
        Paragraph((
            "A bias, ", number, f", is added at every pixel{in_channel}: ", Name(first), " to the convolution, ",
            Name(second), " to the transposed convolution. In this section ", y, " and ", z, " contain it:",
        )),
        Display(Relation(y_i, "=", Cx + beta), Relation(story.large_at(letters.z), "=", Ctv + gamma)),
    ]  # fmt: skip
    by_beta, by_gamma = Derivative(Inner(v, y), beta), Derivative(Inner(x, z), gamma)
    sum_v, sum_x = BigSum("i", None, v_i), BigSum("m", None, x_m)
    roles = Paragraph((
        "Let ", v, " be the gradient that arrives at ", y, ", and ", x, ", in a role of its own, the gradient that "
        "arrives at ", z, ". Then",
    ))  # fmt: skip
    claim = (
        roles,
        Display(Relation(by_beta, "=", sum_v), Relation(by_gamma, "=", sum_x)),
    )
    inside = BigSum("i", None, v_i * Derivative(Sum(Cx, beta), beta, operator=True))
    outputs = "" if story.single else "other channels do not hold it"
    steps = (
        Step(by_beta, "=", inside, outputs or "the derivative is linear"),
        Step(None, "=", sum_v, (Cx, " holds no ", beta)),
    )
    also = Paragraph(
        ("In the same way ", gamma, " stands once at every pixel ", Name("m"), f"{in_channel} of ", z, ".")
    )
    blocks += stated(story, "bias-gradient", "the bias gradient", claim, (Derivation(steps), also))
    blocks += [
        Paragraph((f"Here{'' if story.single else ' in the first channel'}",)),
        Display(
            Relation(_named(story, first, by_beta, Inner(v, y)), "=", _total(story, small=True)),
            Relation(_named(story, second, by_gamma, Inner(x, z)), "=", _total(story, small=False)),
        ),
        Paragraph("The bias changes neither of the other gradients: no weight and no pixel multiplies it."),
    ]
    return Section("The gradient by the bias", tuple(blocks))


def _named(story: Story, letter: str, single: Math, scalar: Math) -> Math:
    """Write the derivative by the bias of the first channel."""
    return single if story.single else Derivative(scalar, Name(letter, *story.counted((0,))))


def _total(story: Story, *, small: bool) -> Math:
    """Write out the sum over the pixels of the first channel, in the order of vec."""
    letters = story.notation
    shape = story.conv.small_shape if small else story.conv.large_shape
    letter = letters.v if small else letters.x

    def pixel(place: int) -> Math:
        at = np.unravel_index(story.listed(place, shape), shape)
        return Name(letter, *story.counted(at if story.single else (0, *at)))

    return written_sum(range(prod(shape)), pixel)
