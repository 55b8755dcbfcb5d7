"""How smooth a layer is: linear, hence differentiable everywhere; Lipschitz, with its constants; and no more to it."""

from __future__ import annotations

from symtconv.derivation.lipschitz import largest_change, norm_bound
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.statement import spare, stated
from symtconv.document.mathematics import Dots, Math, Name, Relation, Subscript, Sum, Tuple
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step


def regularity_section(story: Story) -> Section:
    """Show that the layer is differentiable, Lipschitz and smooth, and that its picture may still jump."""
    blocks: list[Block] = [*_differentiable(story), *largest_change(story), *norm_bound(story), *_smooth(story)]
    return Section("How smooth the layer is", tuple(blocks))


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
        " is 0, so the layer is differentiable at every ", x, ", with derivative ", C, ".",
    ))  # fmt: skip
    argument = (Derivation(steps), Paragraph("What is read from the padding is linear in the pixels too."))
    return stated(story, "differentiable", "differentiable everywhere", (claim,), argument)


def _smooth(story: Story) -> list[Block]:
    letters = story.notation
    C, x, y, v = (Name(letter) for letter in (letters.C, letters.x, letters.y, letters.v))
    claim: tuple[Piece, ...] = (
        "As a function of ", x, ", every derivative of ", y, " after the first is 0: the layer is smooth.",
    )  # fmt: skip
    reason: tuple[Piece, ...] = ("The first derivative is ", C, " at every ", x, ", and a constant has derivative 0.")
    stride = max(story.conv.stride)
    first, last = (Name(letters.v, *story.counted((place,))) for place in (0, 1))
    box = Tuple(*_repeated(first, stride), *_repeated(last, stride))
    weights = "one weight that is 1" if stride == 1 else f"{stride} weights that are all 1"
    where = "this stride" if len(set(story.conv.stride)) == 1 else f"stride {stride}, as on one axis here,"
    jump: tuple[Piece, ...] = (
        "This is a fact about the map from input to output, not about the picture that it draws. On one axis with "
        f"{where} and the box kernel of {weights}, the transposed convolution takes two samples of ", v, " to",
    )  # fmt: skip
    return [
        *stated(story, "smooth", "smooth", (Paragraph(claim),), (Paragraph(reason),)),
        Paragraph(jump),
        Display(Relation(Name(letters.z), "=", box)),
        Paragraph(("All differences of neighbours are 0 but one, which is the whole step ", last - first, ".")),
    ]


def _repeated(value: Math, times: int) -> tuple[Math, ...]:
    return (value,) * times if times <= 4 else (value, value, Dots("low"), value)
