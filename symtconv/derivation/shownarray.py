"""An array of numbers, as the reader needs it for a check: whole where it is small, plane by plane."""

from __future__ import annotations

from math import prod

import numpy as np

from symtconv.arrays import Array
from symtconv.derivation.notation import Story
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Dots,
    Math,
    Matrix,
    Name,
    Operator,
    Relation,
    Spaced,
    Subscript,
    Transpose,
    Tuple,
)

WHOLE = 36  # entries of an array, or terms of a sum, that are printed whole
BEGINNING = 14
PLANES = 12
ROOM = 12  # columns of numbers beside each other


def shown_array(story: Story, name: Math, values: Array, *, kernel: bool = False) -> list[Math]:
    """Show an array whole, one matrix for each plane of its last two axes, or the beginning of its vec."""
    leading = values.shape[: -min(story.conv.ndim, 2)]
    count = 2 if kernel else 1  # the channels, which a layer of one channel leaves out
    if values.size > WHOLE or prod(leading) > PLANES:
        return [Relation(Operator("vec", name), "=", _vector(values.reshape(-1, order=story.notation.order)))]
    planes: list[Math] = []
    widths: list[int] = []
    for at in np.ndindex(*leading):
        plane = np.atleast_2d(values[at])
        indices = story.counted(at[count:] if story.single else at)
        planes.append(Relation(_indexed(name, indices), "=", _matrix(story, plane)))
        widths.append(plane.shape[1] + 2)
    return _lines(planes, widths)


def _indexed(name: Math, indices: tuple[int, ...]) -> Math:
    if not indices:
        return name
    return Name(name.text, *indices) if isinstance(name, Name) else Subscript(name, *indices)


def _matrix(story: Story, plane: Array) -> Math:
    return Matrix(tuple(tuple(formula_of(value) for value in row) for row in plane), brackets=story.notation.brackets)


def _vector(flat: Array) -> Math:
    shown: list[Math] = [formula_of(value) for value in (flat if flat.size <= WHOLE else flat[:BEGINNING])]
    return Transpose(Tuple(*shown, *([Dots("low")] if flat.size > len(shown) else [])))


def _lines(planes: list[Math], widths: list[int]) -> list[Math]:
    """Set planes beside each other while there is room."""
    lines: list[list[Math]] = []
    room = 0
    for plane, width in zip(planes, widths, strict=True):
        if width > room:
            lines.append([])
            room = ROOM
        lines[-1].append(plane)
        room -= width
    return [Spaced(*line) if len(line) > 1 else line[0] for line in lines]
