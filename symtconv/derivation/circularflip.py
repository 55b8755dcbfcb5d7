"""With circular padding too the transposed convolution is a convolution with the flipped kernel, round the ring."""

from __future__ import annotations

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, marked_weight, per_axis, place, summed
from symtconv.derivation.statement import headed
from symtconv.document.mathematics import Accent, BigSum, Name, Relation, Sum, Transpose, Tuple
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, ProofBlock, Step
from symtconv.document.words import WORDS
from symtconv.geometry import Axis, Conv


def flips_circularly(conv: Conv) -> bool:
    """Tell whether v, with its zeros between, fits on the ring of n pixels, so that the flipped kernel gives C^T v."""
    padded = any(axis.lo or axis.hi for axis in conv.axes)
    fits = all(axis.stride * (axis.small - 1) < axis.large for axis in conv.axes)
    return conv.padding_mode == "circular" and padded and fits


def circular_pads(axis: Axis) -> tuple[int, int]:
    """Give the circular pads of the stride-1 convolution: K-1-lo before, and lo after, which keep all n outputs.

    >>> circular_pads(Axis(4, 4, 3, 1, 1, 2, 0))
    (0, 2)
    """
    return axis.effective_kernel - 1 - axis.lo, axis.lo


def circular_claim(story: Story, own: Letters) -> list[Block]:
    """State that C^T v is the circular convolution of u with the flipped kernel, and argue it.

    It is not called a theorem, for the catalogue has none that proves it.
    """
    conv, letters = story.conv, story.notation
    v, u, w = Name(letters.v), Name(own.u), Name(letters.w)
    ones = (1,) * conv.ndim
    before = [circular_pads(axis)[0] for axis in conv.axes]
    under = place(story, [-pad for pad in before], (ones, "m"), (ones, own.t))
    result = summed(story, own.t, marked_weight(story, "tilde", own.t) * story.small_at(own.u, under))
    pads = [Tuple(*circular_pads(axis)) for axis in conv.axes]
    opposite = all(axis.lo + axis.hi == axis.effective_kernel - 1 for axis in conv.axes)
    after = Sum("K", -1, -Name("hi")) if opposite else Name("lo")
    claim: tuple[Piece, ...] = (
        "For all ", v, " and ", w, ", ", Transpose(letters.C) * v, " is the circular convolution of ", u, " with ",
        Accent(w, "tilde"), ", stride 1 and pads ", pads[0] if len(set(pads)) == 1 else Tuple(*pads), ", that is, ",
        Sum("K", -1, -Name("lo")), " before and ", after, " after:",
    )  # fmt: skip
    counted: tuple[Piece, ...] = (
        "Here ", Name(own.t), " runs over the places of ", Accent(w, "tilde"), ", and the places of ", u,
        " are taken modulo ", Relation("n", "=", per_axis(conv.large_shape)), ", so that ", u, " repeats.",
    )  # fmt: skip
    ends = [axis.effective_kernel - 1 for axis in conv.axes]
    turned = Relation(own.t, "=", place(story, ends, ([-d for d in conv.dilation], "j")))
    wrapped = story.bracket(Relation("m", "=", story.position()))
    stamps = story.outputs_sum(story.small_at(letters.v) * BigSum("j", None, story.w_between() * wrapped))
    there = place(story, (0,) * conv.ndim, (conv.stride, "i"))
    filled = all(axis.stride == 1 and axis.small == axis.large for axis in conv.axes)
    holds: tuple[Piece, ...] = (
        (", and a pixel of ", v, " stands at every place of it.")
        if filled
        else ("; if no pixel of ", v, " stands there, it holds 0.")
    )
    argument: tuple[Block, ...] = (
        Derivation((
            Step(story.large_at(letters.z), "=", stamps, "the stamps"),
            Step(None, "=", result, turned),
        )),
        Paragraph((
            "For a tap ", Name("j"), " the condition ", Relation("m", "=", story.position()), " says that the place ",
            there, " of ", u, ", where ", story.small_at(letters.v), " stands, is ", under, " up to multiples of ",
            Name("n"), ". That is one place of ", u, *holds,
        )),
    )  # fmt: skip
    stated = (Paragraph(claim), Display(Relation(story.large_at(letters.z), "=", result)), Paragraph(counted))
    return [
        *headed("the flipped kernel", stated),
        ProofBlock(argument, heading=WORDS.argument),
        *_circulant(story),
    ]


def _circulant(story: Story) -> list[Block]:
    """Say that every row of C is the one before, turned by one pixel, where it is so."""
    conv = story.conv
    if any(s != 1 for s in conv.stride) or conv.small_shape != conv.large_shape:
        return []
    kind = "circulant" if conv.ndim == 1 and story.single else "block-circulant"
    return [Paragraph((
        "In ", Name(story.notation.C), " every output reads what its neighbour reads, one pixel further round the ",
        f"ring{'' if conv.ndim == 1 else ' of each axis'}: the matrix is {kind}, and so is its transpose.",
    ))]  # fmt: skip
