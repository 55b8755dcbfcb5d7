"""A statement with its argument: a theorem where it is proved for the layer, else an argument that says so."""

from __future__ import annotations

from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.notation import Story
from symtconv.document.mathematics import Infix, Math, Name, Relation, Transpose
from symtconv.document.nodes import Block, Content, Paragraph, ProofBlock, Theorem

COMPARED = 5_000  # entries of a layer of which several constructions are compared within seconds


def is_compared(story: Story) -> bool:
    """Tell whether the layer is small enough for its constructions to be compared entry by entry."""
    return indeterminate_size(story.layer) <= COMPARED


def claim(
    story: Story, theorem: str, title: str, statement: tuple[Block, ...], argument: tuple[Block, ...], compared: Content
) -> list[Block]:
    """State and argue what a theorem of the catalogue says; it is called one only where it is proved for this layer.

    Args:
        theorem: its name in the catalogue.
        title: what to call it on the page.
        compared: what the proof compared, said after the argument.
    """
    if not is_compared(story) or story.proof(theorem) is None:
        return [*statement, *argument]
    return [
        Theorem("Theorem", f"{title}, for this layer", statement),
        ProofBlock((*argument, Paragraph(compared))),
    ]


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
