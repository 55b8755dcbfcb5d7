"""The gradient of the convolution, step by step, with this layer's numbers."""

from __future__ import annotations

from symtconv.derivation.matrix import busiest_column
from symtconv.derivation.notation import Piece, Story, listed_taps
from symtconv.document.mathematics import (
    Apply,
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
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, ProofBlock, Section, Step, Theorem
from symtconv.matrices.entries import taps_of_column
from symtconv.taps import count_nonzeros


def gradient_section(story: Story) -> Section:
    """Prove that the gradient of the convolution by its input is the transposed convolution."""
    letters = story.notation
    C, v, x, y = Name(letters.C), Name(letters.v), Name(letters.x), Name(letters.y)
    proof = story.proof("input-gradient")
    claim = Relation(Gradient(x, Inner(v, y)), "=", Transpose(C) * v)
    opening: tuple[Piece, ...] = (
        "Training pulls a gradient ", v, " on the outputs back to the inputs. The scalar to differentiate is ",
        Relation(Inner(v, y), "=", story.outputs_sum(story.small_at(letters.v) * story.small_at(letters.y))),
        "; in what follows ", Name("q"), " runs over the pixels of ", x, ".", *story.outside_words(),
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    argument = (Derivation(tuple(_steps(story))), *_worked_pixel(story))
    if proof is None or story.proof("jacobian") is None:
        size = (
            f"The layer has {count_nonzeros(story.layer):,} entries to differentiate, too many to check one by one in "
            "this document; what follows is the argument."
        )
        blocks += [Paragraph((size,)), Display(claim), *argument]
    else:
        heading = "the input gradient, for this layer"
        blocks += [
            Theorem("Theorem", heading, (Paragraph(("For every ", v, ": ", claim, ".")),)),
            ProofBlock((*argument, _checked(story))),
        ]
    return Section("The gradient of a convolution is the transposed convolution", tuple(blocks))


def _steps(story: Story) -> list[Step]:
    letters = story.notation
    x_m, x_q = story.large_at(letters.x), story.x_summed("q")
    v, y, w = story.small_at(letters.v), story.small_at(letters.y), story.w_summed()
    reads = story.bracket(Relation("q", "=", story.position()))
    same: Math = story.bracket(Relation("q", "=", "m"))
    if not story.single:
        channel = Name("b") if story.conv.groups == 1 else Sum(Apply("g", story.c_small), "b")
        same = Times(story.bracket(Relation(channel, "=", story.c)), same)

    def through(body: Math) -> Math:
        return story.outputs_sum(story.taps_sum(Times(v, w, BigSum("q", None, body))))

    sifted = BigSum("j", None, Times(story.w_between(), story.bracket(Relation("m", "=", story.position()))))
    result = Subscript(Transpose(Name(letters.C)) * Name(letters.v), *(("m",) if story.single else (story.c, "m")))
    unfolded = Derivative(through(x_q * reads), x_m, True)
    sift: tuple[Piece, ...] = ("sift ", Relation("q", "=", "m"))
    if not story.single:
        sift = ("sift channel and pixel",)
    return [
        Step(Derivative(story.outputs_sum(v * y), x_m, True), "=", unfolded, "unfold the definition"),
        Step(None, "=", through(Derivative(x_q, x_m) * reads), "the derivative is linear"),
        Step(None, "=", through(same * reads), Relation(Derivative(x_q, x_m), "=", same)),
        Step(None, "=", story.outputs_sum(Times(v, sifted)), sift),
        Step(None, "=", Relation(story.outputs_sum(story.C_at() * v), "=", result), ("fold ", Name(letters.C))),
    ]


def _worked_pixel(story: Story) -> tuple[Block, ...]:
    """Collect, for one pixel, the terms of <v, y> that hold it, and differentiate them."""
    letters = story.notation
    pixel = busiest_column(story)
    read = taps_of_column(story.conv, pixel)
    x = story.large(letters.x, pixel)
    with_x = listed_taps(story, read, lambda row: Times(x, story.small(letters.v, row)))
    without = listed_taps(story, read, lambda row: story.small(letters.v, row))
    return (
        Paragraph(
            ("For example, for the pixel ", x, ": the terms of ", Inner(letters.v, letters.y), " that hold it are")
        ),
        Display(with_x),
        Paragraph(("and their derivative by ", x, " is")),
        Display(Relation(without, "=", story.large(letters.z, pixel))),
        Paragraph(("as the transposed convolution has it.",)),
    )


def _checked(story: Story) -> Paragraph:
    filled = count_nonzeros(story.layer)
    total = story.rows * story.columns
    proofs = [proof for name in ("jacobian", "input-gradient") if (proof := story.proof(name)) is not None]
    twice = any("SymPy" in equation.says for proof in proofs for equation in proof.equations)
    words: list[Piece] = [
        "For this layer all ", Relation(Infix("cdot", story.rows, story.columns), "=", total), " derivatives ",
        Derivative(story.small_at(story.notation.y), story.large_at(story.notation.x), slashed=True),
        f" were taken from the definition: {filled} are sums of weights and {total - filled} are zero, and each equals "
        "its entry of ", Name(story.notation.C), ". The gradient was compared with ",
        Transpose(Name(story.notation.C)) * Name(story.notation.v), " and with the sum of the stamps in all ",
        f"{story.columns} pixels.",
    ]  # fmt: skip
    if twice:
        words.append(" SymPy differentiated the same definition a second time, and agrees.")
    return Paragraph(tuple(words))
