"""The given weights, displayed once where the layer is introduced."""

from __future__ import annotations

import numpy as np

from symtconv.arrays import Array
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Math, Matrix, Name, Relation
from symtconv.document.nodes import Block, Display, Paragraph

MOST_PLANES = 8  # matrices that are shown, of more the first few
FEW_PLANES = 3
LONGEST = 12  # characters of an entry that may stand in a matrix


def given_weights(story: Story) -> list[Block]:
    """Display the given weights, w = [...], one matrix for each pair of channels; nothing where they are names."""
    if story.weights is None:
        return []
    w, plane = story.notation.w, min(story.conv.ndim, 2)
    kernel = story.weights.reshape(story.conv.kernel_shape)
    kernel = kernel[0, 0] if story.single else kernel
    leading = kernel.shape[: kernel.ndim - plane]
    planes = [(at, kernel[at].reshape(-1, kernel.shape[-1])) for at in np.ndindex(*leading)]
    shown = planes if len(planes) <= MOST_PLANES else planes[:FEW_PLANES]
    if all(len(str(value)) <= LONGEST for _, grid in shown for value in grid.flat):
        lines: list[Math] = [Relation(Name(w, *story.counted(at)), "=", _matrix(story, grid)) for at, grid in shown]
        whole = len(shown) == len(planes)
    else:
        numbers = range(min(kernel.size, FEW_PLANES))
        names = [story.counted(np.unravel_index(number, kernel.shape)) for number in numbers]
        lines = [
            Relation(Name(w, *name), "=", story.weight(number)) for name, number in zip(names, numbers, strict=True)
        ]
        whole = len(lines) == kernel.size
    words: tuple[Piece, ...] = ("The weights of this layer are given:",)
    if not whole:
        words = ("The weights of this layer are given; the first are",)
    return [Paragraph(words), Display(*lines)]


def _matrix(story: Story, grid: Array) -> Matrix:
    shape = (grid.shape[0], grid.shape[1])
    return elided_matrix(shape, lambda r, c: formula_of(grid[r, c]), brackets=story.notation.brackets)
