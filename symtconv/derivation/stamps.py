"""The stamps: a picture of two neighbouring weighted kernels on the output, and their sum written out."""

from __future__ import annotations

from itertools import product

from symtconv.derivation.notation import Piece, Story, shape_of
from symtconv.document.mathematics import BigSum, Blank, Infix, Iverson, Like, Math, Name, Relation, Times
from symtconv.document.nodes import Block, Display, Figure, Paragraph, Section
from symtconv.errors import GeometryError
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Label, Scene, beside
from symtconv.figures.tikz import fits_cell
from symtconv.geometry import Axis, ConvTranspose

RED, BLUE = Fill("vermillion", 0.25), Fill("blue", 0.25)
BOTH = Fill("vermillion", 0.45, mixed_with="blue")
BORDER = {
    "zeros": "what lies outside it is cropped by the padding",
    "circular": "what lies outside it wraps around to the other side",
    "reflect": "what lies outside it is folded back at the border pixels",
    "replicate": "what lies outside it piles up on the border pixels",
}


def stamps_section(story: Story) -> Section:
    """Show two neighbouring stamps, and write every stamp as a sum."""
    letters, conv = story.notation, story.conv
    w, z = Name(letters.w), Name(letters.z)
    body = story.small_at(letters.v) * BigSum("j", None, story.w_at() * Iverson(Relation("m", "=", story.position())))
    spacing = _spacing(story)
    opening: tuple[Piece, ...] = (
        "Each input pixel ", story.small_at(letters.v), " multiplies the whole kernel ", w, "; the weighted kernels "
        "are laid ", *spacing, " apart and summed where they overlap. The dotted frame is the output ", z, "; ",
        BORDER[conv.padding_mode], ":",
    )  # fmt: skip
    shown = _pictured(story)
    blocks: list[Block] = [
        Paragraph(opening),
        Display(Relation(story.large_at(letters.z), "=", story.outputs_sum(body))),
        Figure(_scene(story, shown), _caption(story, shown)),
    ]
    return Section("Stamps: what a transposed convolution does", tuple(blocks))


def _spacing(story: Story) -> tuple[Piece, ...]:
    strides = story.conv.stride
    if len(set(strides)) == 1:
        return ("one pixel" if strides[0] == 1 else f"{strides[0]} pixels",)
    return (" and ".join(str(s) for s in strides), " pixels")


def _pictured(story: Story) -> ConvTranspose:
    """Give the layer whose stamps are drawn: the last two axes, with few enough pixels for a picture."""
    axes = story.conv.axes[-2:]
    for pixels in product(*(range(min(axis.small, _most(axis)), axis.small + 1) for axis in axes)):
        try:
            return ConvTranspose(
                pixels,
                [axis.kernel_size for axis in axes],
                stride=[axis.stride for axis in axes],
                padding=[(axis.lo, axis.hi) for axis in axes],
                output_padding=[min(axis.output_padding, max(axis.stride, axis.dilation) - 1) for axis in axes],
                dilation=[axis.dilation for axis in axes],
            )
        except GeometryError:  # so few pixels are cropped away altogether
            continue
    raise AssertionError("the layer itself is always among the candidates")


def _most(axis: Axis) -> int:
    """As many pixels as show what neighbours do: two, or three where the stamps are small."""
    return 3 if 2 * axis.stride + axis.effective_kernel <= 9 else 2


def _caption(story: Story, shown: ConvTranspose) -> tuple[Piece, ...]:
    conv, letters = story.conv, story.notation
    first, second = _pixels(story, shown)
    words: list[Piece] = ["Stamp ", Times(first, letters.w), " in red"]
    if second is not None:
        words += [", stamp ", Times(second, letters.w), " in blue"]
        if any(axis.effective_kernel > axis.stride for axis in shown.axes):
            words.append(", their overlap darker")
    words += [". The dotted frame is ", Name(letters.z), ", ", shape_of(shown.output_shape), " on a canvas of "]
    words += [shape_of(_natural(shown)[-shown.ndim :]), "."]
    if conv.ndim > 2:
        words.append(" Drawn is the plane of the last two axes.")
    if shown.input_shape != conv.small_shape[-2:]:
        words += [f" Only the first {_by(shown.input_shape)} pixels of the input are drawn."]
    if not story.single:
        words.append(" Drawn is one pair of channels; what several input channels lay on one output channel adds up.")
    crops = [f"({axis.lo}, {axis.hi})" for axis in conv.axes]
    if conv.padding_mode == "zeros" and any(axis.lo > 0 or axis.hi > 0 for axis in conv.axes):
        pads = crops[0] if len(set(crops)) == 1 else ", ".join(crops)
        words.append(f" The padding {pads} crops that many pixels before and after.")
    return tuple(words)


def _by(shape: tuple[int, ...]) -> str:
    return " by ".join(str(size) for size in shape)


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
    return Name(story.notation.v, *leading, *pixel)


def _scene(story: Story, shown: ConvTranspose) -> Scene:
    return beside(_input(story, shown), _times_kernel(story, shown), _canvas(story, shown), gap=1.2)


def _two(values: tuple[int, ...]) -> tuple[int, int]:
    """Give (rows, columns); one axis is drawn as one row."""
    return (1, values[0]) if len(values) == 1 else (values[0], values[1])


def _input(story: Story, shown: ConvTranspose) -> Scene:
    rows, columns = _two(shown.input_shape)
    blue = _neighbour(shown)
    cells = []
    for r, c in product(range(rows), range(columns)):
        pixel = (c,) if shown.ndim == 1 else (r, c)
        fill = RED if not any(pixel) else BLUE if pixel == blue else None
        cells.append(Cell(c, r, _fitting(_named(story, pixel), shown), fill))
    name = Label(columns / 2, rows + 0.15, Name(story.notation.v), "above")
    return Scene(*cells, Grid(0, 0, rows, columns), name)


def _times_kernel(story: Story, shown: ConvTranspose) -> Scene:
    rows, columns = _two(shown.kernel_size)
    leading = (0,) * (story.conv.ndim - shown.ndim + (0 if story.single else 2))
    cells = []
    for r, c in product(range(rows), range(columns)):
        tap = (c,) if shown.ndim == 1 else (r, c)
        cells.append(Cell(c + 1.2, r, _fitting(Name(story.notation.w, *leading, *tap), shown)))
    name = Label(1.2 + columns / 2, rows + 0.15, Name(story.notation.w), "above")
    times = Label(0, rows / 2, Infix("otimes", Blank(), Blank()))
    arrow = Arrow(columns + 1.8, rows / 2, columns + 2.9, rows / 2)
    return Scene(*cells, Grid(1.2, 0, rows, columns), name, times, arrow)


def _fitting(label: Math, shown: ConvTranspose) -> Math | None:
    """Keep a label that its cell holds, in a picture of this width."""
    across = _two(shown.input_shape)[1] + _two(shown.kernel_size)[1] + 6.5 + _natural(shown)[1]
    return label if fits_cell(label, across=across) else None


def _natural(shown: ConvTranspose) -> tuple[int, int]:
    """The canvas before cropping, rows and columns."""
    sizes = tuple(axis.stride * (axis.small - 1) + axis.effective_kernel for axis in shown.axes)
    return _two(sizes)


def _canvas(story: Story, shown: ConvTranspose) -> Scene:
    rows, columns = _natural(shown)
    red = _touched(shown, (0,) * shown.ndim)
    neighbour = _neighbour(shown)
    blue = set() if neighbour is None else _touched(shown, neighbour)
    cells = [
        Cell(c, r, None, BOTH if (r, c) in red & blue else RED if (r, c) in red else BLUE)
        for r, c in sorted(red | blue)
    ]
    height, width = _two(tuple(axis.effective_kernel for axis in shown.axes))
    step_down, step_right = _step(shown, neighbour)
    frames = [Frame(0, 0, width, height, "thick", "vermillion")]
    labels: list[Label | DoubleArrow] = []
    if neighbour is not None:
        frames.append(Frame(step_right, step_down, width, height, "thick", "blue"))
        labels.append(_measure(shown, neighbour, columns))
    top, left = (axis.lo for axis in shown.axes) if shown.ndim == 2 else (0, shown.axes[0].lo)
    out_rows, out_columns = _two(shown.output_shape)
    frames.append(Frame(left - 0.12, top - 0.12, out_columns + 0.24, out_rows + 0.24, "dotted"))
    labels += _stamp_names(story, shown, neighbour, (width, height), (step_right, step_down))
    return Scene(
        *cells, Grid(0, 0, rows, columns, "faint"), *frames, *labels, _output_name(story, shown, rows, columns)
    )


def _step(shown: ConvTranspose, neighbour: tuple[int, ...] | None) -> tuple[int, int]:
    if neighbour is None:
        return 0, 0
    return _two_steps(tuple(s * unit for s, unit in zip(shown.stride, neighbour, strict=True)))


def _two_steps(values: tuple[int, ...]) -> tuple[int, int]:
    return (0, values[0]) if len(values) == 1 else (values[0], values[1])


def _touched(shown: ConvTranspose, pixel: tuple[int, ...]) -> set[tuple[int, int]]:
    """The canvas cells that a pixel's stamp covers; dilation leaves gaps."""
    along = [
        [axis.stride * at + axis.dilation * tap for tap in range(axis.kernel_size)]
        for axis, at in zip(shown.axes, pixel, strict=True)
    ]
    return {(0, c) for c in along[0]} if shown.ndim == 1 else set(product(along[0], along[1]))


def _measure(shown: ConvTranspose, neighbour: tuple[int, ...], columns: int) -> DoubleArrow:
    """Show the stride between the two stamps, above the canvas or, for stamps below each other, beside it."""
    down, right = _step(shown, neighbour)
    if right:
        return DoubleArrow(0, -0.55, right, -0.55, _stride_words(right))
    return DoubleArrow(-0.55, 0, -0.55, down, _stride_words(down))


def _stride_words(stride: int) -> str:
    return f"stride {stride}"


def _stamp_names(
    story: Story, shown: ConvTranspose, neighbour: tuple[int, ...] | None, size: tuple[int, int], step: tuple[int, int]
) -> list[Label | DoubleArrow]:
    """Name each stamp inside the part that the other does not cover, where there is room for it."""
    width, height = size
    right, down = step
    names: list[tuple[float, float, float, Like]] = []
    first, second = _pixels(story, shown)
    free_width = width if neighbour is None or right == 0 else min(right, width)
    free_height = height if neighbour is None or down == 0 else min(down, height)
    names.append((free_width / 2, free_height / 2, free_width, Times(first, story.notation.w)))
    if second is not None:
        names.append(
            (
                right + width - free_width / 2,
                down + height - free_height / 2,
                free_width,
                Times(second, story.notation.w),
            )
        )
    across = _two(shown.input_shape)[1] + _two(shown.kernel_size)[1] + 6.5 + _natural(shown)[1]
    room = all(fits_cell(label, w=wide, across=across) for _, _, wide, label in names)
    return [Label(x, y, label, box=True) for x, y, _, label in names] if room else []  # type: ignore[arg-type]


def _output_name(story: Story, shown: ConvTranspose, rows: int, columns: int) -> Label:
    below = max(rows, (shown.axes[0].lo if shown.ndim == 2 else 0) + _two(shown.output_shape)[0])
    return Label(columns / 2, below + 0.25, "canvas", "above")
