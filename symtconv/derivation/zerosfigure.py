"""A picture of the stretched, padded input with the flipped kernel at its first position."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from symtconv.derivation.flippedkernel import flipped_tap, inserted_pads, inserted_pixel
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.pictured import pictured, pixel_name, tap_number
from symtconv.document.mathematics import Accent, Math, Name, as_math
from symtconv.document.nodes import Figure
from symtconv.figures.scene import Cell, Fill, Frame, Grid, Item, Label, Scene, beside
from symtconv.figures.tikz import cells_across, fits_cell
from symtconv.geometry import Axis

LARGEST = 13  # cells along a side of the picture
PIXEL, ZERO = Fill("vermillion", 0.25), Fill("grey", 0.15)
Labels = Callable[[Math, float], bool]


def zeros_figure(story: Story) -> Figure | None:
    """Draw the last two axes of the layer, or of a smaller one of the same kind; None where the kernel is too large."""
    axes = [_shrunk(axis) for axis in _axes(story)]
    if any(axis is None for axis in axes):
        return None
    drawn = [axis for axis in axes if axis is not None]
    bare = _scene(story, drawn, lambda label: False)
    across = cells_across(bare)
    scene = _scene(story, drawn, lambda label: fits_cell(label, across=across))
    return Figure(scene, _caption(story, drawn))


def _axes(story: Story) -> tuple[Axis, ...]:
    """Give the axes of the layer itself where they fit the picture, else those of the layer that the stamps show."""
    whole = story.conv.axes[-2:]
    return whole if all(_shrunk(axis) == axis for axis in whole) else pictured(story).axes


def _shrunk(axis: Axis) -> Axis | None:
    """Give the axis with as many pixels as there is room for."""
    for small in range(min(axis.small, LARGEST), 0, -1):
        large = axis.large - axis.stride * (axis.small - small)
        if large >= 1 and max(_extent(replace(axis, small=small, large=large))[1:]) <= LARGEST:
            return replace(axis, small=small, large=large)
    return None


def _extent(axis: Axis) -> tuple[int, int, int]:
    """Give the first place that is drawn, and how many are: the stretched pixels and their padding."""
    before, after = inserted_pads(axis)
    stretched = axis.stride * (axis.small - 1) + 1
    first = min(0, -before)
    return first, max(stretched, stretched + after) - first, axis.effective_kernel


def _scene(story: Story, axes: list[Axis], fits: Callable[[Math], bool]) -> Scene:
    return beside(_input(story, axes, fits), _kernel(story, axes, fits), gap=1.2)


def _input(story: Story, axes: list[Axis], fits: Callable[[Math], bool]) -> Scene:
    (top, rows), (left, columns) = _bands([_extent(axis)[:2] for axis in axes], (0, 1))
    items: list[Item] = []
    for y, x in product(range(top, top + rows), range(left, left + columns)):
        at = (x,) if len(axes) == 1 else (y, x)
        found = [inserted_pixel(axis, p) for axis, p in zip(axes, at, strict=True)]
        pixel = tuple(i for i in found if i is not None)
        zero = as_math(0) if fits(as_math(0)) else None
        if len(pixel) == len(axes):
            label = pixel_name(story, pixel)
            items.append(Cell(x, y, label if fits(label) else None, PIXEL))
        elif all(0 <= p <= axis.stride * (axis.small - 1) for axis, p in zip(axes, at, strict=True)):
            items.append(Cell(x, y, zero, ZERO))
        elif zero is not None:
            items.append(Cell(x, y, zero))
    items.append(Grid(left, top, rows, columns, "faint"))
    seen = [(-inserted_pads(axis)[0], axis.large + axis.effective_kernel - 1) for axis in axes]
    (y0, h), (x0, w) = _bands(seen, (0, 1))
    if any(min(inserted_pads(axis)) < 0 for axis in axes):
        items.append(Frame(x0 - 0.12, y0 - 0.12, w + 0.24, h + 0.24, "dashed"))
    (_, kernel_rows), (_, kernel_columns) = _bands([(0, axis.effective_kernel) for axis in axes], (0, 1))
    items.append(Frame(x0, y0, kernel_columns, kernel_rows, "thick", "blue"))
    items.append(Label(left + columns / 2, top + rows + 0.15, "stretched and padded", "above"))
    return Scene(*items)


def _kernel(story: Story, axes: list[Axis], fits: Callable[[Math], bool]) -> Scene:
    (_, rows), (_, columns) = _bands([(0, axis.effective_kernel) for axis in axes], (0, 1))
    items: list[Item] = []
    for y, x in product(range(rows), range(columns)):
        at = (x,) if len(axes) == 1 else (y, x)
        found = [flipped_tap(axis, t) for axis, t in zip(axes, at, strict=True)]
        taps = tuple(j for j in found if j is not None)
        label = story.weight(tap_number(story, taps)) if len(taps) == len(axes) else as_math(0)
        items.append(Cell(x, y, label if fits(label) else None, None if len(taps) == len(axes) else ZERO))
    items += [Grid(0, 0, rows, columns), Frame(0, 0, columns, rows, "thick", "blue")]
    items.append(Label(columns / 2, rows + 0.15, Accent(story.notation.w, "tilde"), "above"))
    return Scene(*items)


def _bands(bands: list[tuple[int, int]], row: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give the bands of rows and columns; one axis is drawn as a row."""
    return (row, bands[0]) if len(bands) == 1 else (bands[0], bands[1])


def _caption(story: Story, axes: list[Axis]) -> tuple[Piece, ...]:
    conv, letters = story.conv, story.notation
    words: list[Piece] = ["Orange cells are the pixels of ", Name(letters.v)]
    words.append(", grey ones the zeros between them" if any(a.stride > 1 and a.small > 1 for a in axes) else "")
    words.append(", white ones the padding" if any(max(inserted_pads(axis)) > 0 for axis in axes) else "")
    if any(min(inserted_pads(axis)) < 0 for axis in axes):
        words.append("; what lies outside the dashed frame is cropped")
    first = Name(letters.z, *story.counted((0,) * (conv.ndim + (not story.single))))
    words += [". The flipped kernel (blue) is at its first position, where it gives ", first, "."]
    if tuple(axes) != conv.axes[-2:]:
        words.append(" The picture shows a smaller layer of the same kind.")
    if conv.ndim > 2:
        words.append(" It shows the plane of the last two axes.")
    if not story.single:
        words.append(" It shows one pair of channels.")
    return tuple(words)
