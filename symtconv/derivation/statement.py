"""A claim with its reason: a theorem where it has been proved for the layer, else an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.notation import Story
from symtconv.derivation.values import INDEXED
from symtconv.document.nodes import Block, Content, Paragraph, ProofBlock, Theorem

PROVED_SIZE = 3_000


def is_proved(story: Story, theorems: Iterable[str]) -> bool:
    """Tell whether the theorems are proved for the layer, and within the time that a document may take."""
    return indeterminate_size(story.layer) <= PROVED_SIZE and all(story.proof(name) is not None for name in theorems)


def stated(
    story: Story,
    theorems: Sequence[str],
    name: str,
    claim: Sequence[Block],
    argument: Sequence[Block],
    checked: Content = (),
) -> list[Block]:
    """State a claim and its argument: as a theorem where all the theorems that it rests on are proved for the layer.

    `checked` says what the proof compared; it stands in the document only where there is a proof.
    """
    if is_proved(story, theorems):
        proof = (*argument, Paragraph(checked)) if checked else tuple(argument)
        return [Theorem("Theorem", f"{name}, for this layer", tuple(claim)), ProofBlock(proof)]
    words = "The layer is too large for this to be checked entry by entry here; what follows is the argument."
    return [*claim, Paragraph(words), *argument]


def spare(story: Story, letters: Iterable[str]) -> str:
    """Choose the first letter that is neither one of the notation's nor the name of a given weight."""
    taken = set(story.notation.letters)
    for weight in () if story.weights is None else story.weights:
        names = [symbol.name for symbol in weight.free_symbols]
        taken |= {indexed[1] if (indexed := INDEXED.fullmatch(name)) else name for name in names}
    offered = list(letters)
    free = (letter for letter in (*offered, *(2 * letter for letter in offered)) if letter not in taken)
    return next(free, "auxiliary")
