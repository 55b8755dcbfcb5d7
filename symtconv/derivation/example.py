"""A worked example: the layer applied to the given input, exactly."""

from __future__ import annotations

from typing import cast

import numpy as np
from sympy import Float

from symtconv.arrays import Array, input_array, kernel_array
from symtconv.derivation.notation import Story
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Math, Matrix, Name, Relation, Subscript
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.errors import GeometryError
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.matrices.symbolic import kernel_symbols, sympified
from symtconv.transposed import conv_transpose


def example_section(story: Story) -> Section:
    """Apply the layer to the given input; weights that are not given stay names."""
    layer, letters = story.layer, story.notation
    values, _ = input_array(layer, story.input)
    if values.ndim != layer.ndim + 1:
        raise GeometryError(
            "x of derive",
            arrived=f"shape {values.shape}",
            rule="a derivation works one input out, without a batch",
            remedy=f"Pass one input of shape {(layer.in_channels, *layer.input_shape)}.",
        )
    weights = sympified(kernel_array(layer, kernel_symbols(layer) if story.kernel is None else story.kernel))
    given = sympified(values)
    if isinstance(layer, Conv):
        result = convolve(layer, given, weights)
    else:
        result = conv_transpose(cast(ConvTranspose, layer), given, weights)
    start, end = (letters.v, letters.z) if layer.transposed else (letters.x, letters.y)
    rounded = any(value.has(Float) for value in (*given.flat, *weights.flat))
    exactly = "Floating-point numbers are shown as they are rounded." if rounded else "Every number is exact."
    blocks: list[Block] = [Paragraph(f"{exactly} From the input"), *_shown(story, start, given)]
    blocks += [Paragraph("the layer gives"), *_shown(story, end, result)]
    return Section("A worked example", tuple(blocks))


def _shown(story: Story, letter: str, array: Array) -> list[Block]:
    """Show an array as matrices: one a channel and leading index."""
    if not fits_matrix(array):
        return _first_entries(story, letter, array)
    return [shown_planes(story, Name(letter), array)]


def shown_planes(story: Story, left: Math, array: Array, channel: int = 0) -> Display:
    """Show an array (channels, *pixels) as matrices, one below the other; the channels are counted from `channel`."""
    planes = array.reshape(-1, *array.shape[-2:]) if array.ndim > 2 else array.reshape(-1, 1, array.shape[-1])
    leading = array.shape[:-2] if array.ndim > 2 else array.shape[:1]
    lines: list[Math] = []
    for number, plane in enumerate(planes):
        first, *others = np.unravel_index(number, leading)
        at = [*([] if story.single else [int(first) + channel]), *map(int, others)]
        lines.append(Relation(_indexed(left, story.counted(at)), "=", _plane(story, plane)))
    return Display(*lines)


def _indexed(left: Math, at: tuple[int, ...]) -> Math:
    if not at:
        return left
    return Name(left.text, *left.indices, *at) if isinstance(left, Name) else Subscript(left, *at)


def _first_entries(story: Story, letter: str, array: Array) -> list[Block]:
    """Show the first entries of an array one by one, where they are too long for a matrix."""
    flat = list(np.ndindex(*array.shape))[:3]
    names = [Name(letter, *story.counted(_without_channel(array, at))) for at in flat]
    lines = [Relation(name, "=", formula_of(array[at])) for name, at in zip(names, flat, strict=True)]
    return [Display(*lines), Paragraph("and so on for the other entries.")] if array.size > 3 else [Display(*lines)]


def _without_channel(array: Array, at: tuple[int, ...]) -> tuple[int, ...]:
    """Leave out the channel of a pixel where there is only one."""
    return at[1:] if array.shape[0] == 1 else at


def fits_matrix(grid: Array) -> bool:
    """Tell whether the entries of an array are short enough for a matrix: numbers and single names, mostly."""
    return all(len(str(value)) <= 12 for value in grid.flat)


def _plane(story: Story, grid: Array) -> Matrix:
    shape = (grid.shape[0], grid.shape[1])
    return elided_matrix(shape, lambda r, c: formula_of(grid[r, c]), brackets=story.notation.brackets)
