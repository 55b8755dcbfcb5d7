"""The stamps: a picture of two neighbouring weighted kernels on the output, and their sum written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TypeAlias

from symtconv.derivation.notation import Piece, Story, size_words
from symtconv.document.mathematics import BigSum, Blank, Infix, Math, Name, Relation, Times
from symtconv.document.nodes import Block, Display, Figure, Paragraph, Section
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Item, Label, Scene, beside
from symtconv.figures.tikz import fits_cell
from symtconv.geometry import Axis, ConvTranspose

RED, BLUE = Fill("vermillion", 0.25), Fill("blue", 0.25)
BOTH = Fill("vermillion", 0.45, mixed_with="blue")
GREY = Fill("grey", 0.15)
ROOM = (7.0, 14.0)
FRAMES = ("vermillion", "blue", "grey")
Fits: TypeAlias = Callable[[Math, float], bool]
BORDER = {
    "circular": "what lies outside it wraps around to the other side",
    "reflect": "what lies outside it is folded back at the border pixels",
    "replicate": "what lies outside it piles up on the border pixels",
}


def stamps_section(story: Story) -> Section:
    """Show two neighbouring stamps, and write every stamp as a sum."""
    letters = story.notation
    w, z = Name(letters.w), Name(letters.z)
    body = story.small_at(letters.v) * BigSum(
        "j", None, story.w_between() * story.bracket(Relation("m", "=", story.position()))
    )
    opening: tuple[Piece, ...] = (
        "Each input pixel ", story.small_at(letters.v), " multiplies the whole kernel ", w, "; the weighted kernels "
        "are laid ", _spacing(story), " apart and summed where they overlap. The dotted frame is the output ", z, "; ",
        _border(story), ".", *story.outside_words(),
    )  # fmt: skip
    shown = _pictured(story)
    blocks: list[Block] = [
        Paragraph(opening),
        Display(Relation(story.large_at(letters.z), "=", story.outputs_sum(body))),
        Figure(_scene(story, shown), _caption(story, shown)),
    ]
    return Section("Stamps: what a transposed convolution does", tuple(blocks))


def _border(story: Story) -> str:
    """Say what becomes of stamps that reach outside the output, and of output that no stamp reaches."""
    conv = story.conv
    if conv.padding_mode != "zeros":
        return BORDER[conv.padding_mode]
    ends = [end for axis in conv.axes for end in _cropped(axis)]
    words = ["what lies outside it is cropped by the padding"] * (max(ends) > 0)
    words += ["where it reaches beyond the stamps it is 0"] * (min(ends) < 0)
    return "; ".join(words) or "the stamps fill it"


def _cropped(axis: Axis) -> tuple[int, int]:
    """Count what is cropped from the canvas before and after; a negative number is added."""
    return axis.lo, axis.hi - axis.output_padding


def _spacing(story: Story) -> str:
    """Say how far apart the stamps lie."""
    strides = story.conv.stride
    if len(set(strides)) == 1:
        return "one pixel" if strides[0] == 1 else f"{strides[0]} pixels"
    return f"{', '.join(map(str, strides[:-1]))} and {strides[-1]} pixels (axis by axis)"


def _pictured(story: Story) -> ConvTranspose:
    """Give the layer whose stamps are drawn: the last two axes, with few enough pixels for a picture."""
    axes = []
    for axis in story.conv.axes[-2:]:
        small = min(axis.small, max(_most(axis), _uncropped(axis)))
        axes.append(replace(axis, small=small, large=axis.large - axis.stride * (axis.small - small)))
    return ConvTranspose._resolved(tuple(axes), 1, 1, 1, "zeros")


def _uncropped(axis: Axis) -> int:
    """The fewest pixels whose stamps are not cropped away altogether."""
    missing = axis.lo + axis.hi + 1 - axis.effective_kernel - axis.output_padding
    return max(-(-missing // axis.stride), 0) + 1


def _most(axis: Axis) -> int:
    """All pixels where the canvas stays small; else as many as show what neighbours do, two or three."""
    if axis.stride * (axis.small - 1) + axis.effective_kernel <= 12:
        return axis.small
    return 3 if 2 * axis.stride + axis.effective_kernel <= 9 else 2


def _caption(story: Story, shown: ConvTranspose) -> tuple[Piece, ...]:
    conv, letters = story.conv, story.notation
    first, second = _pixels(story, shown)
    words: list[Piece] = ["Stamp ", Times(first, letters.w), " in red"]
    if second is not None:
        words += [", stamp ", Times(second, letters.w), " in blue"]
        if _overlapping(shown):
            words.append(", their overlap darker")
    size, canvas = size_words(shown.output_shape), size_words(_natural(shown))
    if shown.input_shape == conv.small_shape[-2:]:
        words += [". The dotted frame is ", Name(letters.z), ", ", *size, " on a canvas of ", *canvas, "."]
    else:
        words += [". Drawn is a smaller layer of the same kind, with an input of ", *size_words(shown.input_shape)]
        words += [": its output, dotted, has ", *size, " on a canvas of ", *canvas, "."]
    if _is_wide(shown):
        words.append(" This is a sketch: it shows the spans only, and each axis has a scale of its own.")
    if conv.ndim > 2:
        words.append(" Drawn is the plane of the last two axes.")
    if not story.single:
        words.append(" Drawn is one pair of channels; what several input channels lay on one output channel adds up.")
    crops = {_cropped(axis) for axis in conv.axes}
    if conv.padding_mode == "zeros" and len(crops) == 1 and min(crop := crops.pop()) >= 0 and max(crop) > 0:
        words.append(f" Cropped are {crop[0]} before and {crop[1]} after.")
    return tuple(words)


def _overlapping(shown: ConvTranspose) -> bool:
    """Tell whether the two stamps share a cell: whether the step between them is a difference of taps on every axis."""
    steps = [s * unit for s, unit in zip(shown.stride, _neighbour(shown) or (), strict=False)]
    return all(
        step % axis.dilation == 0 and step // axis.dilation < axis.kernel_size
        for step, axis in zip(steps, shown.axes, strict=False)
    )


def _pixels(story: Story, shown: ConvTranspose) -> tuple[Math, Math | None]:
    """Name the first pixel and its neighbour along the last axis that has one."""
    blue = _neighbour(shown)
    return _named(story, (0,) * shown.ndim), None if blue is None else _named(story, blue)


def _neighbour(shown: ConvTranspose) -> tuple[int, ...] | None:
    for axis in reversed(range(shown.ndim)):
        if shown.input_shape[axis] > 1:
            return tuple(int(number == axis) for number in range(shown.ndim))
    return None


def _named(story: Story, pixel: tuple[int, ...]) -> Math:
    leading = (0,) * (story.conv.ndim - len(pixel) + (not story.single))
    return Name(story.notation.v, *story.counted((*leading, *pixel)))


def _scene(story: Story, shown: ConvTranspose) -> Scene:
    """Draw input, kernel and canvas; labels only where their cells hold them at the size of the whole picture."""
    if _is_wide(shown):
        return _sketch(shown)
    bare = _parts(story, shown, lambda label, wide: False)
    left, _, right, _ = bare.bounds
    across = right - left + 0.5
    return _parts(story, shown, lambda label, wide: fits_cell(label, wide, across=across))


def _is_wide(shown: ConvTranspose) -> bool:
    """Tell whether the picture has more cells than a page has room for."""
    across = shown.axes[-1].small + shown.axes[-1].kernel_size + max(_natural(shown)[-1], shown.output_shape[-1])
    return across > 42 or max(*_natural(shown), *shown.output_shape) > 40


def _sketch(shown: ConvTranspose) -> Scene:
    """Draw the outlines of the stamps and of the output alone, each axis at a scale of its own."""
    neighbour = _neighbour(shown)
    red = _outline(shown, (0,) * shown.ndim, 0)
    items: list[Item] = [Cell(red.x, red.y, None, RED, red.w, red.h), replace(red, style="thick", colour="vermillion")]
    if neighbour is not None:
        blue = _outline(shown, neighbour, 1)
        items += [Cell(blue.x, blue.y, None, BLUE, blue.w, blue.h), replace(blue, style="thick", colour="blue")]
        wide, tall = red.x + red.w - blue.x, red.y + red.h - blue.y
        if shown.ndim == 2 and wide > 0 and tall > 0:
            items.append(Cell(blue.x, blue.y, None, BOTH, wide, tall))
        step = max(s * unit for s, unit in zip(shown.stride, neighbour, strict=True))
        items.append(DoubleArrow(red.x, red.y - 0.4, blue.x, red.y - 0.4, f"stride {step}") if blue.x > red.x else
                     DoubleArrow(red.x - 0.4, red.y, red.x - 0.4, blue.y, f"stride {step}"))  # fmt: skip
    bands = [_band(axis, axis.lo, axis.large, room) for axis, room in zip(shown.axes, ROOM[-shown.ndim :], strict=True)]
    (y, h), (x, w) = bands if shown.ndim == 2 else [(2.4, 1.0), *bands]
    return Scene(*items, Frame(x, y, w, h, "dotted"))


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
    canvas = _rows_of_stamps(story, shown, fits) if shown.ndim == 1 else _canvas(story, shown, fits)
    return beside(_input(story, shown, fits), _times_kernel(story, shown, fits), canvas, gap=0.8)


def _two(values: tuple[int, ...]) -> tuple[int, int]:
    """Give (rows, columns); one axis is drawn as one row."""
    return (1, values[0]) if len(values) == 1 else (values[0], values[1])


def _input(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    rows, columns = _two(shown.input_shape)
    blue = _neighbour(shown)
    cells = []
    for r, c in product(range(rows), range(columns)):
        pixel = (c,) if shown.ndim == 1 else (r, c)
        fill = RED if not any(pixel) else BLUE if pixel == blue else None
        cells.append(_cell(c, r, _named(story, pixel), fill, fits))
    name = Label(columns / 2, rows + 0.15, Name(story.notation.v), "above")
    return Scene(*cells, Grid(0, 0, rows, columns), name)


def _cell(x: float, y: float, label: Math, fill: Fill | None, fits: Fits) -> Cell:
    return Cell(x, y, label if fits(label, 1) else None, fill)


def _times_kernel(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    rows, columns = _two(shown.kernel_size)
    cells = []
    for r, c in product(range(rows), range(columns)):
        tap = (c,) if shown.ndim == 1 else (r, c)
        cells.append(_cell(c + 0.8, r, _tap(story, tap), None, fits))
    name = Label(0.8 + columns / 2, rows + 0.15, Name(story.notation.w), "above")
    times = Label(0, rows / 2, Infix("otimes", Blank(), Blank()))
    arrow = Arrow(columns + 1.2, rows / 2, columns + 2.0, rows / 2)
    return Scene(*cells, Grid(0.8, 0, rows, columns), name, times, arrow)


def _tap(story: Story, tap: tuple[int, ...]) -> Math:
    leading = (0,) * (story.conv.ndim - len(tap) + (0 if story.single else 2))
    return Name(story.notation.w, *story.counted((*leading, *tap)))


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
        fill = (RED, BLUE)[pixel] if pixel < 2 else GREY
        for tap in range(axis.kernel_size):
            product_of = Times(_named(story, (pixel,)), _tap(story, (tap,)))
            items.append(_cell(axis.stride * pixel + axis.dilation * tap, 1.2 * pixel, product_of, fill, fits))
        items.append(Frame(axis.stride * pixel, 1.2 * pixel, axis.effective_kernel, 1, "thick", FRAMES[min(pixel, 2)]))
    if axis.small > 1:
        items.append(DoubleArrow(0, -0.4, axis.stride, -0.4, f"stride {axis.stride}"))
    bottom = 1.2 * axis.small + 0.5
    red, blue = _touched(shown, (0,)), _touched(shown, (1,)) if axis.small > 1 else set()
    rest = {cell for pixel in range(2, axis.small) for cell in _touched(shown, (pixel,))}
    for cell in sorted(red | blue | rest):
        fill = BOTH if cell in red & blue else RED if cell in red else BLUE if cell in blue else GREY
        items.append(Cell(cell[0], bottom, None, fill))
    for m in range(axis.large if shown.input_shape == story.conv.small_shape else 0):
        label = Name(story.notation.z, *story.counted((*(() if story.single else (0,)), m)))
        if fits(label, 1):
            items.append(Cell(axis.lo + m, bottom, label))
    items.append(Grid(0, bottom, 1, natural, "faint"))
    items.append(Frame(axis.lo - 0.12, bottom - 0.12, axis.large + 0.24, 1.24, "dotted"))
    items.append(Label(-0.35 + min(axis.lo, 0), bottom + 0.5, "sum", "right"))
    return Scene(*items)


def _canvas(story: Story, shown: ConvTranspose, fits: Fits) -> Scene:
    """Draw two axes: both stamps on the canvas, and the output as a dotted frame."""
    rows, columns = _natural(shown)
    red = _touched(shown, (0, 0))
    neighbour = _neighbour(shown)
    blue = set() if neighbour is None else _touched(shown, neighbour)
    cells = [
        Cell(c, r, None, BOTH if (r, c) in red & blue else RED if (r, c) in red else BLUE)
        for r, c in sorted(red | blue)
    ]
    height, width = (axis.effective_kernel for axis in shown.axes)
    items: list[Item] = [Frame(0, 0, width, height, "thick", "vermillion")]
    down, right = (0, 0) if neighbour is None else (shown.stride[0] * neighbour[0], shown.stride[1] * neighbour[1])
    if neighbour is not None:
        items.append(Frame(right, down, width, height, "thick", "blue"))
        x, y = (0.0, -0.55) if right else (-0.55, 0.0)
        items.append(DoubleArrow(x, y, x + right, y + down, f"stride {right or down}"))
    top, left = (axis.lo for axis in shown.axes)
    out_rows, out_columns = shown.output_shape
    items.append(Frame(left - 0.12, top - 0.12, out_columns + 0.24, out_rows + 0.24, "dotted"))
    items += _stamp_names(story, shown, (width, height), (right, down), fits)
    items.append(Label(columns / 2, max(rows, top + out_rows) + 0.25, "canvas", "above"))
    return Scene(*cells, Grid(0, 0, rows, columns, "faint"), *items)


def _stamp_names(
    story: Story, shown: ConvTranspose, size: tuple[int, int], step: tuple[int, int], fits: Fits
) -> list[Label]:
    """Name each stamp in the middle of what the other does not cover, if both names fit there."""
    width, height = size
    right, down = step
    first, second = _pixels(story, shown)
    free_width = min(right, width) if right else width
    free_height = min(down, height) if down else height
    names = [(free_width / 2, free_height / 2, first)]
    if second is not None:
        names.append((right + width - free_width / 2, down + height - free_height / 2, second))
    labels = [(x, y, Times(pixel, story.notation.w)) for x, y, pixel in names]
    room = all(fits(label, 0.8 * free_width) for _, _, label in labels)
    return [Label(x, y, label, box=True) for x, y, label in labels] if room else []
