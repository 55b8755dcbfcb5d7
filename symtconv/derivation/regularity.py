"""How smooth a layer is: linear, hence differentiable everywhere; Lipschitz, with its constants; and no more to it."""

from __future__ import annotations

from symtconv.derivation.euclideannorm import norm_bound
from symtconv.derivation.lipschitz import largest_change, transposed_change
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.statement import spare, stated
from symtconv.document.mathematics import Dots, Math, Name, Relation, Subscript, Sum, Transpose, Tuple
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step


def regularity_section(story: Story) -> Section:
    """Show that the convolution is differentiable, Lipschitz and smooth, and that its picture may still jump."""
    C, x, y = (Name(letter) for letter in (story.notation.C, story.notation.x, story.notation.y))
    blocks: list[Block] = []
    if story.layer.transposed:
        v, z = Name(story.notation.v), Name(story.notation.z)
        blocks.append(Paragraph((
            "This section is about the convolution ", Relation(y, "=", C * x), " first; what holds for the layer ",
            Relation(z, "=", Transpose(C) * v), " is said where it differs.",
        )))  # fmt: skip
    blocks += [*_differentiable(story), *largest_change(story), *transposed_change(story), *norm_bound(story)]
    return Section("How smooth the layer is", (*blocks, *_smooth(story)))


def _differentiable(story: Story) -> list[Block]:
    letters = story.notation
    C, x = Name(letters.C), Name(letters.x)
    h = Name(spare(story, "hpuefr"))
    read = story.x_summed(story.position())
    assert isinstance(read, Name)
    moved = Name(h.text, *read.indices)
    w = story.w_summed()
    linear = Relation(C * Sum(x, h), "=", Sum(C * x, C * h))
    steps = (
        Step(Subscript(C * Sum(x, h), story.i), "=", story.taps_sum(w * Sum(read, moved)), "the definition"),
        Step(None, "=", Sum(story.taps_sum(w * read), story.taps_sum(w * moved)), "multiply out"),
        Step(None, "=", Sum(Subscript(C * x, story.i), Subscript(C * h, story.i)), "the definition, twice"),
    )
    claim = Paragraph((
        "For all ", x, " and ", h, ": ", linear, ". The remainder ", Sum(C * Sum(x, h), -(C * x), -(C * h)),
        " is 0, so the convolution is differentiable at every ", x, ", with derivative ", C, ".",
    ))  # fmt: skip
    argument: tuple[Block, ...] = (Derivation(steps),)
    if any(axis.lo or axis.hi for axis in story.conv.axes):
        zero = story.conv.padding_mode == "zeros"
        what = "is 0 for each of the three" if zero else "is a pixel again"
        argument = (*argument, Paragraph(f"What is read from the padding {what}."))
    return stated(story, "differentiable", "differentiable everywhere", (claim,), argument)


def _smooth(story: Story) -> list[Block]:
    letters = story.notation
    C, x, y, v = (Name(letter) for letter in (letters.C, letters.x, letters.y, letters.v))
    claim: tuple[Piece, ...] = (
        "As a function of ", x, ", every derivative of ", y, " after the first is 0: the convolution is smooth.",
    )  # fmt: skip
    reason: tuple[Piece, ...] = ("The first derivative is ", C, " at every ", x, ", and a constant has derivative 0.")
    stride = max(story.conv.stride)
    first, last = (Name(letters.v, *story.counted((place,))) for place in (0, 1))
    smooth = stated(story, "smooth", "smooth", (Paragraph(claim),), (Paragraph(reason),))
    if stride == 1:
        return smooth
    box = Tuple(*_repeated(first, stride), *_repeated(last, stride))
    weights = f"{stride} weights that are all 1"
    jump: tuple[Piece, ...] = (
        "This is a fact about the map from input to output, not about the picture that it draws. On one axis, "
        f"with stride {stride}, no dilation, no padding and the box kernel of {weights}, the transposed convolution "
        "takes two samples of ", v, " to",
    )  # fmt: skip
    return [
        *smooth,
        Paragraph(jump),
        Display(Relation(Name(letters.z), "=", box)),
        Paragraph(("All differences of neighbours are 0 but one, which is the whole step ", last - first, ".")),
    ]


def _repeated(value: Math, times: int) -> tuple[Math, ...]:
    return (value,) * times if times <= 4 else (value, value, Dots("low"), value)
