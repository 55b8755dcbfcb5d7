"""A claim with its reason: a theorem where it has been proved for the layer, else an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.values import INDEXED
from symtconv.document.mathematics import Infix
from symtconv.document.nodes import Block, Display, Paragraph, ProofBlock, Section, Strong, Theorem
from symtconv.document.words import WORDS


def stated(
    story: Story, theorem: str, title: str, claim: Sequence[Paragraph | Display], argument: Sequence[Block]
) -> list[Block]:
    """State a claim and its argument: as a theorem with its proof where the catalogue's is proved for the layer.

    Args:
        theorem: its name in the catalogue.
        title: what to call it on the page.
        claim: what is stated; where it is no theorem, the title stands before it.
    """
    if story.proof(theorem) is None:
        return [*headed(title, claim), ProofBlock(tuple(argument), heading=WORDS.argument)]
    return [Theorem(WORDS.theorem, title, tuple(claim)), ProofBlock(tuple(argument))]


def headed(title: str, claim: Sequence[Paragraph | Display]) -> list[Block]:
    """Put the title of a claim that is not called a theorem before its first words."""
    head = (Strong(f"{title[0].upper()}{title[1:]}."), " ")
    first, *rest = claim
    if not isinstance(first, Paragraph):
        return [Paragraph(head), *claim]
    content = first.content if isinstance(first.content, tuple) else (first.content,)
    return [Paragraph((*head, *content)), *rest]


def proof_note(story: Story, sections: Sequence[Section]) -> list[Block]:
    """Say once what the heads Theorem and Argument mean: what was checked for the layer, and what was not."""
    theorems, arguments = _has_theorem(sections), _has_argument(sections)
    checked = (
        "What is headed Theorem is proved here; for this layer it was also checked by computer, in exact algebra with "
        "a letter for every pixel and weight."
    )
    if not arguments:
        return [Paragraph(checked)] if theorems else []
    reasons = "A reason headed Argument is as general and as complete as a proof"
    if story.is_compared:
        unchecked = f"{reasons}, but what it shows was not checked in this way."
        return [Paragraph(f"{checked} {unchecked}" if theorems else f"{reasons}; it was not checked by computer.")]
    matrix: tuple[Piece, ...] = (
        "The matrix of this layer has ", Infix("cdot", story.rows, story.columns), " entries, too many for all that "
        f"follows to be checked by computer. {reasons}, whatever the size; what it shows was not checked for this "
        "layer, and is not called a theorem.",
    )  # fmt: skip
    return [Paragraph((*matrix, f" {checked}") if theorems else matrix)]


def _has_theorem(blocks: Sequence[Block]) -> bool:
    return any(
        (isinstance(block, Theorem) and block.heading == WORDS.theorem)
        or (isinstance(block, Section) and _has_theorem(block.blocks))
        for block in blocks
    )


def _has_argument(blocks: Sequence[Block]) -> bool:
    return any(
        (isinstance(block, ProofBlock) and block.heading == WORDS.argument)
        or (isinstance(block, Section) and _has_argument(block.blocks))
        for block in blocks
    )


def spare(story: Story, letters: Iterable[str]) -> str:
    """Choose the first letter that is neither one of the notation's nor the name of a given weight."""
    taken = set(story.notation.letters)
    for weight in () if story.weights is None else story.weights:
        names = [symbol.name for symbol in weight.free_symbols]
        taken |= {indexed[1] if (indexed := INDEXED.fullmatch(name)) else name for name in names}
    offered = list(letters)
    free = (letter for letter in (*offered, *(2 * letter for letter in offered)) if letter not in taken)
    return next(free, "auxiliary")
