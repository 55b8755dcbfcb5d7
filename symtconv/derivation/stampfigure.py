"""The picture of two neighbouring stamps: input, kernel, and canvas with the output as a dashed frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TypeAlias

from symtconv.derivation.notation import Story
from symtconv.derivation.pictured import pixel_name, plane_name, tap_number
from symtconv.derivation.terms import term, total
from symtconv.document.mathematics import Blank, Infix, Math, Name, Times, as_math
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Item, Label, Scene, below, beside
from symtconv.figures.tikz import cells_across, fits_cell
from symtconv.geometry import Axis, ConvTranspose

ORANGE, BLUE = Fill("vermillion", 0.25), Fill("blue", 0.25)
BOTH = Fill("vermillion", 0.45, mixed_with="blue")
GREY, DARK = Fill("grey", 0.15), Fill("grey", 0.4)
ROOM = (7.0, 14.0)
FRAMES = ("vermillion", "blue", "grey")
AWAY = 0.12  # of the frame from the cells
Fits: TypeAlias = Callable[[Math, float], bool]


def neighbour(shown: ConvTranspose) -> tuple[int, ...] | None:
    """Give the pixel next to the first along the last axis that has one."""
    for axis in reversed(range(shown.ndim)):
        if shown.input_shape[axis] > 1:
            return tuple(int(number == axis) for number in range(shown.ndim))
    return None


def overlapping(shown: ConvTranspose) -> bool:
    """Tell whether the two stamps share a cell: whether the step between them is a difference of taps on every axis."""
    steps = [s * unit for s, unit in zip(shown.stride, neighbour(shown) or (), strict=False)]
    return all(
        step % axis.dilation == 0 and step // axis.dilation < axis.kernel_size
        for step, axis in zip(steps, shown.axes, strict=False)
    )


def stamp_figure(story: Story, shown: ConvTranspose) -> Scene:
    """Draw input, kernel and canvas; labels only where their cells hold them at the size of the whole picture."""
    if is_wide(shown):
        return _sketch(shown)
    bare = _parts(story, shown, lambda label, wide: False)
    across = cells_across(bare)
    return _parts(story, shown, lambda label, wide: fits_cell(label, wide, across=across))


def is_wide(shown: ConvTranspose) -> bool:
    """Tell whether the picture has more cells than a page has room for."""
    across = shown.axes[-1].small + shown.axes[-1].kernel_size + max(_natural(shown)[-1], shown.output_shape[-1])
    return across > 42 or max(*_natural(shown), *shown.output_shape) > 40


def _sketch(shown: ConvTranspose) -> Scene:
    """Draw the outlines of the stamps and of the output alone, each axis at a scale of its own."""
    second = neighbour(shown)
    red = _outline(shown, (0,) * shown.ndim, 0)
    items: list[Item] = [
        Cell(red.x, red.y, None, ORANGE, red.w, red.h),
        replace(red, style="thick", colour="vermillion"),
    ]
    if second is not None:
        blue = _outline(shown, second, 1)
        items += [Cell(blue.x, blue.y, None, BLUE, blue.w, blue.h), replace(blue, style="thick", colour="blue")]
        wide, tall = red.x + red.w - blue.x, red.y + red.h - blue.y
        if shown.ndim == 2 and wide > 0 and tall > 0:
            items.append(Cell(blue.x, blue.y, None, BOTH, wide, tall))
        step = max(s * unit for s, unit in zip(shown.stride, second, strict=True))
        items.append(DoubleArrow(red.x, red.y - 0.4, blue.x, red.y - 0.4, f"stride {step}") if blue.x > red.x else
                     DoubleArrow(red.x - 0.4, red.y, red.x - 0.4, blue.y, f"stride {step}"))  # fmt: skip
    bands = [_band(axis, axis.lo, axis.large, room) for axis, room in zip(shown.axes, ROOM[-shown.ndim :], strict=True)]
    (y, h), (x, w) = bands if shown.ndim == 2 else [(2.4, 1.0), *bands]
    return Scene(*items, Frame(x, y, w, h, "dashed"))


def _outline(shown: ConvTranspose, pixel: tuple[int, ...], row: int) -> Frame:
    """Give the span of a pixel's stamp in a sketch; on one axis every stamp has a row."""
    bands = [
        _band(axis, axis.stride * at, axis.effective_kernel, room)
        for axis, at, room in zip(shown.axes, pixel, ROOM[-shown.ndim :], strict=True)
    ]
    (y, h), (x, w) = bands if shown.ndim == 2 else [(1.2 * row, 1.0), *bands]
    return Frame(x, y, w, h)


def _band(axis: Axis, start: int, length: int, room: float) -> tuple[float, float]:
    """Scale a stretch of the canvas to a sketch whose canvas and output together are `room` cells long."""
    low = min(0, axis.lo)
    high = max(axis.stride * (axis.small - 1) + axis.effective_kernel, axis.lo + axis.large)
    scale = room / (high - low)
    return (start - low) * scale, length * scale


def _parts(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    """Lay input, kernel and canvas side by side; where there is one axis, the canvas has a line of its own."""
    given = _input(story, shown, fits), _times_kernel(story, shown, fits)
    if shown.ndim == 1:
        return below(beside(*given, gap=0.8), _rows_of_stamps(story, shown, fits), gap=0.8)
    return beside(*given, _canvas(story, shown, fits), gap=0.8)


def _two(values: tuple[int, ...]) -> tuple[int, int]:
    """Give (rows, columns); one axis is drawn as one row."""
    return (1, values[0]) if len(values) == 1 else (values[0], values[1])


def _input(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    rows, columns = _two(shown.input_shape)
    second = neighbour(shown)
    cells = []
    for r, c in product(range(rows), range(columns)):
        pixel = (c,) if shown.ndim == 1 else (r, c)
        fill = ORANGE if not any(pixel) else BLUE if pixel == second else None
        cells.append(_cell(c, r, pixel_name(story, pixel), fill, fits))
    name = Label(columns / 2, rows + 0.15, plane_name(story, story.notation.v), "above")
    return Scene(*cells, Grid(0, 0, rows, columns), name)


def _cell(x: float, y: float, label: Math, fill: Fill | None, fits: Fits) -> Cell:
    return Cell(x, y, label if fits(label, 1) else None, fill)


def _times_kernel(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    rows, columns = _two(shown.kernel_size)
    cells = []
    for r, c in product(range(rows), range(columns)):
        tap = (c,) if shown.ndim == 1 else (r, c)
        cells.append(_cell(c + 0.8, r, story.weight(tap_number(story, tap)), None, fits))
    name = Label(0.8 + columns / 2, rows + 0.15, plane_name(story, story.notation.w), "above")
    times = Label(0, rows / 2, Infix("times", Blank(), Blank()))
    arrow = [Arrow(columns + 1.2, rows / 2, columns + 2.0, rows / 2)] * (shown.ndim == 2)
    return Scene(*cells, Grid(0.8, 0, rows, columns), name, times, *arrow)


def _product(story: Story, pixel: tuple[int, ...], tap: tuple[int, ...]) -> Math:
    """Write a pixel times a weight; a given weight stands as a number before the pixel."""
    name, number = pixel_name(story, pixel), tap_number(story, tap)
    if story.weights is None:
        return Times(name, story.weight(number))
    return as_math(0) if total(story, [number]) == 0 else term(story, [number], name)


def _natural(shown: ConvTranspose) -> tuple[int, ...]:
    """The canvas before cropping."""
    return tuple(axis.stride * (axis.small - 1) + axis.effective_kernel for axis in shown.axes)


def _touched(shown: ConvTranspose, pixel: tuple[int, ...]) -> set[tuple[int, ...]]:
    """The canvas cells that a pixel's stamp covers; dilation leaves gaps."""
    along = [
        [axis.stride * at + axis.dilation * tap for tap in range(axis.kernel_size)]
        for axis, at in zip(shown.axes, pixel, strict=False)
    ]
    return set(product(*along))


def _rows_of_stamps(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    """Draw one axis: every stamp in a row of its own, their sum below, cropped."""
    axis = shown.axes[0]
    natural = _natural(shown)[0]
    items: list[Item] = []
    for pixel in range(axis.small):
        fill = (ORANGE, BLUE)[pixel] if pixel < 2 else GREY
        for tap in range(axis.kernel_size):
            written = _product(story, (pixel,), (tap,))
            items.append(_cell(axis.stride * pixel + axis.dilation * tap, 1.2 * pixel, written, fill, fits))
        items.append(Frame(axis.stride * pixel, 1.2 * pixel, axis.effective_kernel, 1, "thick", FRAMES[min(pixel, 2)]))
        name = Times(pixel_name(story, (pixel,)), story.notation.w)
        items.append(Label(axis.stride * pixel - 0.25, 1.2 * pixel + 0.5, name, "right"))
    if axis.small > 1:
        items.append(DoubleArrow(0, -0.4, axis.stride, -0.4, f"stride {axis.stride}"))
    bottom = 1.2 * axis.small + 0.5
    reached: dict[int, list[int]] = {}
    for pixel in range(axis.small):
        for (cell,) in _touched(shown, (pixel,)):
            reached.setdefault(cell, []).append(pixel)
    for cell, pixels in sorted(reached.items()):
        fill = (ORANGE, BLUE, GREY)[min(pixels[0], 2)] if len(pixels) == 1 else BOTH if pixels == [0, 1] else DARK
        items.append(Cell(cell, bottom, None, fill))
    for m in range(axis.large if shown.input_shape == story.conv.small_shape else 0):
        label = Name(story.notation.z, *story.counted((*(() if story.single else (0,)), m)))
        if fits(label, 1):
            items.append(Cell(axis.lo + m, bottom, label))
    items.append(Grid(0, bottom, 1, natural, "faint"))
    items.append(Frame(axis.lo - AWAY, bottom - AWAY, axis.large + 2 * AWAY, 1 + 2 * AWAY, "dashed"))
    items.append(Label(-0.35 + min(axis.lo, 0), bottom + 0.5, "sum", "right"))
    return Scene(*items)


def _canvas(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    """Draw two axes: both stamps on the canvas, and the output as a dashed frame."""
    rows, columns = _natural(shown)
    red = _touched(shown, (0, 0))
    second = neighbour(shown)
    blue = set() if second is None else _touched(shown, second)
    cells = [
        Cell(c, r, None, BOTH if (r, c) in red & blue else ORANGE if (r, c) in red else BLUE)
        for r, c in sorted(red | blue)
    ]
    height, width = (axis.effective_kernel for axis in shown.axes)
    items: list[Item] = [Frame(0, 0, width, height, "thick", "vermillion")]
    down, right = (0, 0) if second is None else (shown.stride[0] * second[0], shown.stride[1] * second[1])
    if second is not None:
        items.append(Frame(right, down, width, height, "thick", "blue"))
        x, y = (0.0, -0.55) if right else (-0.55, 0.0)
        items.append(DoubleArrow(x, y, x + right, y + down, f"stride {right or down}"))
    top, left = (axis.lo for axis in shown.axes)
    out_rows, out_columns = shown.output_shape
    items.append(Frame(left - AWAY, top - AWAY, out_columns + 2 * AWAY, out_rows + 2 * AWAY, "dashed"))
    items += _stamp_names(story, shown, (width, height), (right, down), fits)
    items.append(Label(columns / 2, max(rows, top + out_rows) + 0.25, "canvas", "above"))
    return Scene(*cells, Grid(0, 0, rows, columns, "faint"), *items)


def _stamp_names(
    story: Story, shown: ConvTranspose, size: tuple[int, int], step: tuple[int, int], fits: Fits
) -> list[Label]:
    """Name each stamp in the middle of what the other does not cover, if both names fit there."""
    width, height = size
    right, down = step
    free_width = min(right, width) if right else width
    free_height = min(down, height) if down else height
    second = neighbour(shown)
    names = [(free_width / 2, free_height / 2, pixel_name(story, (0,) * shown.ndim), ORANGE)]
    if second is not None:
        x, y = right + width - free_width / 2, down + height - free_height / 2
        names.append((x, y, pixel_name(story, second), BLUE))
    labels = [(x, y, Times(pixel, story.notation.w), fill) for x, y, pixel, fill in names]
    room = all(fits(label, 0.8 * free_width) for _, _, label, _ in labels)
    if not room:  # beside the canvas, in the inks of their frames
        sides = [(-0.15, "right", "rust"), (_natural(shown)[1] + 0.15, "left", "blue")]
        return [
            Label(side, y, label, anchor, colour=ink)
            for (side, anchor, ink), (_, y, label, _) in zip(sides, labels, strict=False)
        ]
    plain = all(d == 1 for d in shown.dilation)
    return [Label(x, y, label, box=fill if plain else True) for x, y, label, fill in labels]
