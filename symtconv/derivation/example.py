"""A worked example: the layer applied to the given input, exactly."""

from __future__ import annotations

from math import prod
from typing import cast

import numpy as np

from symtconv.arrays import Array, input_array, kernel_array
from symtconv.derivation.notation import Story
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Math, Matrix, Name, Relation
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
    blocks: list[Block] = [Paragraph("Every number is exact. From the input"), *_shown(start, given)]
    blocks += [Paragraph("the layer gives"), *_shown(end, result)]
    return Section("A worked example", tuple(blocks))


def _shown(letter: str, array: Array) -> list[Block]:
    """Show an array as matrices: one a channel and leading index."""
    planes = array.reshape(-1, *array.shape[-2:]) if array.ndim > 2 else array.reshape(1, 1, -1)
    leading = array.shape[:-2] if array.ndim > 2 else array.shape[:1]
    single = prod(leading) == 1
    lines: list[Math] = []
    for number, plane in enumerate(planes):
        at = () if single else tuple(int(part) for part in np.unravel_index(number, leading))
        lines.append(Relation(Name(letter, *at), "=", _plane(plane)))
    return [Display(*lines)]


def _plane(grid: Array) -> Matrix:
    return elided_matrix((grid.shape[0], grid.shape[1]), lambda r, c: formula_of(grid[r, c]))
