"""A claim with its reason: a theorem where it has been proved for the layer, else an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symtconv.derivation.notation import Story
from symtconv.derivation.values import INDEXED
from symtconv.document.mathematics import Infix, Math, Name, Relation, Transpose
from symtconv.document.nodes import Block, Content, Paragraph, ProofBlock, Theorem


def stated(
    story: Story, theorem: str, title: str, claim: Sequence[Block], argument: Sequence[Block], checked: Content = ()
) -> list[Block]:
    """State a claim and its argument: as a theorem where the catalogue's theorem is proved for the layer.

    Args:
        theorem: its name in the catalogue.
        title: what to call it on the page.
        checked: what the proof compared; it stands in the document only where there is a proof.
    """
    if story.proof(theorem) is None:
        return [*claim, *argument]
    proof = (*argument, Paragraph(checked)) if checked else tuple(argument)
    return [Theorem("Theorem", f"{title}, for this layer", tuple(claim)), ProofBlock(proof)]


def size_note(story: Story) -> list[Block]:
    """Say of a large layer that some of what follows is argued rather than proved."""
    if story.is_compared:
        return []
    entries = Infix("cdot", story.rows, story.columns)
    return [Paragraph((
        "The matrix of this layer has ", entries, " entries. What is headed Theorem below has been proved for the "
        "layer, entry by entry; the rest is argued.",
    ))]  # fmt: skip


def pixels_compared(story: Story) -> Content:
    """Say that a construction and C^T v agree in every pixel."""
    product = Transpose(story.notation.C) * Name(story.notation.v)
    many = f"all {story.columns} pixels" if story.columns > 1 else "its only pixel"
    return (
        "Both ways were run on names for all pixels and weights; the result equals ", product,
        f" in {many}, as a polynomial.",
    )  # fmt: skip


def entries_compared(story: Story, more: tuple[str | Math, ...] = ()) -> Content:
    """Say that the entries of C and of C^T agree with those of products of matrices, and what more was compared."""
    count = Relation(Infix("cdot", story.rows, story.columns), "=", story.rows * story.columns)
    return (
        "All ", count, " entries of ", Name(story.notation.C), " and those of ", Transpose(story.notation.C),
        " were compared with those of the products", *more, ".",
    )  # fmt: skip


def spare(story: Story, letters: Iterable[str]) -> str:
    """Choose the first letter that is neither one of the notation's nor the name of a given weight."""
    taken = set(story.notation.letters)
    for weight in () if story.weights is None else story.weights:
        names = [symbol.name for symbol in weight.free_symbols]
        taken |= {indexed[1] if (indexed := INDEXED.fullmatch(name)) else name for name in names}
    offered = list(letters)
    free = (letter for letter in (*offered, *(2 * letter for letter in offered)) if letter not in taken)
    return next(free, "auxiliary")
