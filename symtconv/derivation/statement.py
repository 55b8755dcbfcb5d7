"""A claim with its reason: a theorem where it has been proved for the layer, else an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symtconv.derivation.notation import Story
from symtconv.derivation.values import INDEXED
from symtconv.document.mathematics import Infix, Relation
from symtconv.document.nodes import Block, Content, Paragraph, ProofBlock, Theorem
from symtconv.document.words import WORDS


def stated(
    story: Story, theorem: str, title: str, claim: Sequence[Block], argument: Sequence[Block], checked: Content = ()
) -> list[Block]:
    """State a claim and its argument: as a theorem with its proof where the catalogue's is proved for the layer.

    Args:
        theorem: its name in the catalogue.
        title: what to call it on the page.
        checked: what was compared for the layer, in plain words; it follows the proof, and stands only where there is
            one.
    """
    if story.proof(theorem) is None:
        return [*claim, ProofBlock(tuple(argument), heading=WORDS.argument)]
    blocks: list[Block] = [Theorem(WORDS.theorem, title, tuple(claim)), ProofBlock(tuple(argument))]
    return [*blocks, Paragraph(checked)] if checked else blocks


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
    many = f"all {story.columns} pixels" if story.columns > 1 else "its only pixel"
    return (f"Checked for this layer with indeterminate pixels and weights, in {many}.",)


def entries_compared(story: Story) -> Content:
    """Say that the entries of C and of C^T agree with those of products of matrices."""
    count = Relation(Infix("cdot", story.rows, story.columns), "=", story.rows * story.columns)
    return ("Checked for this layer with indeterminate weights, in all ", count, " entries.")


def spare(story: Story, letters: Iterable[str]) -> str:
    """Choose the first letter that is neither one of the notation's nor the name of a given weight."""
    taken = set(story.notation.letters)
    for weight in () if story.weights is None else story.weights:
        names = [symbol.name for symbol in weight.free_symbols]
        taken |= {indexed[1] if (indexed := INDEXED.fullmatch(name)) else name for name in names}
    offered = list(letters)
    free = (letter for letter in (*offered, *(2 * letter for letter in offered)) if letter not in taken)
    return next(free, "auxiliary")
