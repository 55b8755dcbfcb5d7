"""The same for all sizes: proofs that hold for every layer of a kind, and then this layer's numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import prod

from symtconv.catalogue import prove, theorems
from symtconv.derivation.notation import Notation, Story
from symtconv.document.mathematics import Math, Name, Number, Relation, Sum
from symtconv.document.nodes import Block, Display, Paragraph, ProofBlock, Section, Theorem
from symtconv.document.words import WORDS
from symtconv.geometry import Axis
from symtconv.proofs.evaluation import evaluate
from symtconv.proofs.theorem import Theorem as Record
from symtconv.telling.formulas import claim_formula, formula_math
from symtconv.telling.universal import proof_blocks, universal_statement

ANY_TAPS = ("input-gradient", "kernel-gradient", "adjoint")


def allsizes_section(story: Story) -> Section:
    """Prove for all sizes what the other sections say of this layer, and put this layer's numbers in."""
    records = {theorem.name: theorem for theorem in theorems() if theorem.universal is not None}
    gradients = [name for name in ANY_TAPS if name in records]
    blocks: list[Block] = [Paragraph(
        "What has been shown for this layer holds for every layer of its kind. The proofs below know no sizes: they "
        "have letters for all numbers, and each of their steps was checked by computer."
    )]  # fmt: skip
    if story.notation.letters != Notation().letters or story.notation.base:
        blocks.append(Paragraph("Their letters are those of the catalogue of theorems, and indices start at 0."))
    for place, name in enumerate(gradients):
        blocks += [*_proved(name), *([_index_sets(story)] if place == 0 else [])]
    if (size := records.get("size-round-trip")) is not None and _is_about(story, size):
        blocks += [*_proved(size.name), *_sizes_put_in(story, size)]
    if "zero-insertion" in records and story.conv.padding_mode == "zeros":
        blocks += [*_proved("zero-insertion"), *_zeros_put_in(story)]
    return Section("The same for all sizes", tuple(blocks))


@cache
def _proved(name: str) -> tuple[Block, ...]:
    """State a theorem for all sizes and prove it; that is the same for every layer."""
    proof = prove(name)
    record: Record = proof.theorem
    title = record.title[:1].lower() + record.title[1:]
    statement = Theorem(WORDS.general, title, universal_statement(record.universal))
    return statement, ProofBlock(proof_blocks(proof))


def _index_sets(story: Story) -> Block:
    """Say which index sets and which taps are this layer's."""
    ends = {"N": story.columns, "T": prod(story.conv.kernel_shape), "O": story.rows}
    return Paragraph((
        "For this layer ", *_listed([Relation(name, "=", end) for name, end in ends.items()]), ": the pixels of the "
        "large side, the weights and the pixels of the small side, channels and axes included, each numbered one "
        "after another. The number ", Name("t", "i", "j", "m"), " is 1 where output ", Name("i"), " is a sum with "
        "weight ", Name("j"), " times pixel ", Name("m"), ", else 0.",
    ))  # fmt: skip


def _numbers(axis: Axis) -> dict[str, int]:
    return {
        "n": axis.large, "o": axis.small, "k": axis.kernel_size, "s": axis.stride, "d": axis.dilation,
        "lo": axis.lo, "hi": axis.hi, "K": axis.effective_kernel, "a": axis.remainder,
    }  # fmt: skip


def _is_about(story: Story, record: Record) -> bool:
    """Whether a theorem about the sizes of one axis is about every axis of this layer, each by itself."""
    formulas = [claim_formula(text) for text in record.assumed_for_all]
    kept = all(axis.small == axis.formula_size for axis in story.conv.axes)
    return kept and all(
        formula is not None and evaluate(formula, _numbers(axis)) for axis in story.conv.axes for formula in formulas
    )


def _axes(story: Story) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Give each axis with the words that begin its line, and its numbers."""
    axes = story.conv.axes
    if len(set(axes)) == 1:
        yield "For this layer" if len(axes) == 1 else "For this layer, on every axis", _numbers(axes[0])
        return
    for place, axis in enumerate(axes, start=1):
        yield f"For this layer, on axis {place}", _numbers(axis)


def _sizes_put_in(story: Story, record: Record) -> Iterator[Block]:
    """Put the numbers of each axis into the statement."""
    claim, _, _ = record.universal.statement.partition(", where ")
    formula = claim_formula(claim)
    if formula is None or formula.operation != "=":
        return
    for words, at in _axes(story):
        yield Paragraph((f"{words}, ", *_listed([Relation(name, "=", value) for name, value in at.items()]), ":"))
        left, right = (formula_math(part, at) for part in formula.operands)
        yield Display(Relation(left, "=", right, "=", Number(evaluate(formula.operands[1], at))))


def _zeros_put_in(story: Story) -> Iterator[Block]:
    """Count the zeros that this layer puts in, on each axis."""
    for words, at in _axes(story):
        between = Relation(Name("s") - 1, "=", at["s"] - 1)
        before = Relation(Sum("K", -Number(1), -Name("lo")), "=", at["K"] - 1 - at["lo"])
        yield Paragraph((f"{words}, ", between, " zeros stand between the pixels of ", Name("v"), ", and ", before,
                         _before(at["K"] - 1 - at["lo"]), "."))  # fmt: skip


def _before(zeros: int) -> str:
    return " before them" if zeros >= 0 else ": so many pixels are cropped there"


def _listed(formulas: Sequence[Math]) -> tuple[str | Math, ...]:
    found: list[str | Math] = []
    for place, one in enumerate(formulas):
        found += ["" if place == 0 else " and " if place == len(formulas) - 1 else ", ", one]
    return tuple(piece for piece in found if piece != "")
