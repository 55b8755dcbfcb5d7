"""The convolution as a sum, its matrix, and the matrix transposed."""

from __future__ import annotations

from math import prod

from symtconv.derivation.notation import Piece, Story, listed_taps, size_words
from symtconv.derivation.shownmatrix import Shown
from symtconv.document.mathematics import (
    Apply,
    Dots,
    Infix,
    Math,
    Matrix,
    Name,
    Operator,
    Relation,
    Spaced,
    Transpose,
    Tuple,
)
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.geometry import Axis
from symtconv.matrices.entries import taps_of_column, taps_of_row
from symtconv.taps import count_nonzeros

OUTSIDE = {
    "zeros": "{x} reads as 0 outside its pixels",
    "circular": "positions outside are taken modulo the size, so that {x} repeats",
    "reflect": "positions outside are folded back at the border pixel, which is not repeated",
    "replicate": "positions outside read the nearest border pixel",
}


def sum_section(story: Story) -> Section:
    """Write the convolution as a sum, in general and for the first and the last output."""
    conv, letters = story.conv, story.notation
    body = story.w_summed() * story.x_summed(story.position())
    blocks: list[Block] = [
        Paragraph(_index_words(story)),
        Display(Relation(story.small_at(letters.y), "=", story.taps_sum(body))),
    ]
    if conv.padding_mode != "zeros" or count_nonzeros(conv) < story.rows * prod(conv.kernel_shape[1:]):
        blocks.append(Paragraph(_outside_words(story)))
    rows = list(dict.fromkeys((0, story.rows - 1)))
    examples: list[Math] = []
    missing: list[Piece] = []
    taps = prod(conv.kernel_size) * conv.kernel_shape[1]
    for row in rows:
        seen = taps_of_row(conv, row)
        right = listed_taps(story, seen, lambda place: story.large(letters.x, place))
        examples.append(Relation(story.small(letters.y, row), "=", right))
        if len(seen) < taps:
            missing += [" ", _count_words(taps - len(seen)), " ", story.small(letters.y, row), " read padding."]
    which = "The first and the last output are" if len(rows) > 1 else "The only output is"
    blocks += [Paragraph((which,)), Display(*examples)]
    if missing:
        blocks.append(Paragraph(tuple(missing)[1:]))
    return Section("The convolution as a sum", tuple(blocks))


def _count_words(number: int) -> str:
    return "One tap of" if number == 1 else f"{number} taps of"


def _index_words(story: Story) -> tuple[Piece, ...]:
    conv = story.conv
    kind = {1: "numbers", 2: "pairs", 3: "triples"}.get(conv.ndim, f"{conv.ndim}-tuples")
    words: list[Piece] = [
        "Output ", Name("i"), " weighs what its taps ", Name("j"), " see; ", Name("m"), " counts the pixels of ",
        Name(story.notation.x), ". " if conv.ndim == 1 else f". All three are {kind}, counted from "
        f"{story.notation.base} on each axis, and sums and products of them are taken axis by axis.",
    ]  # fmt: skip
    if conv.ndim == 1:
        words.append(f"All count from {story.notation.base}.")
    if not story.single:
        words += [" Channels are ", story.c, " on the large side and ", story.c_small, " on the small one; ", Name("b")]
        words.append(" counts the channels that an output sees.")
    if conv.groups > 1:
        words += [" In the group of ", story.c_small, " these begin at "]
        words += [Relation(Apply("g", story.c_small), "=", story.first_of_group), "."]
    return tuple(words)


def _outside_words(story: Story) -> tuple[Piece, ...]:
    conv = story.conv
    mode = OUTSIDE[conv.padding_mode].split("{x}")
    outside: list[Piece] = [mode[0]] if len(mode) == 1 else [mode[0], Name(story.notation.x), mode[1]]
    if conv.padding_mode == "zeros":
        return ("Here ", *outside, ".")
    place = Relation(story.position(), "=", story.unpadded_position())
    return ("Here ", place, " within the pixels; ", *outside, ".")


def matrix_section(story: Story) -> Section:
    """Write vec and the matrix C."""
    conv, letters = story.conv, story.notation
    C = Name(letters.C)
    filled = count_nonzeros(conv)
    entries = story.rows * story.columns
    stack = _stack_words(story)
    definition = Relation(story.C_at(), "=", story.kernel_at())
    restriction: tuple[Piece, ...] = ()
    if conv.groups > 1:
        restriction = (
            " (only where ",
            story.c,
            " lies in the group of ",
            story.c_small,
            "; the other blocks are zero)",
        )
    bracket = ", and the bracket is 1 where its condition holds, else 0" if letters.iverson else ""
    reading: tuple[Piece, ...] = (
        "Row ", story.i, " of ", C, " holds the kernel where output ", story.i, " reads its input", bracket,
        *restriction, ":",
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(stack),
        Display(Relation(Operator("vec", letters.y), "=", C * Operator("vec", letters.x))),
        Paragraph(reading),
        Display(definition),
        Paragraph((
            C, " has ", Relation(Infix("cdot", story.rows, story.columns), "=", entries), f" entries; {filled} "
            f"{'holds' if filled == 1 else 'hold'} weights, {entries - filled} "
            f"{'is' if entries - filled == 1 else 'are'} zero for every kernel (light dots).", story.colours.words,
        )),
        *_shown(story, transposed=False),
    ]  # fmt: skip
    return Section("The convolution as a matrix", tuple(blocks))


def _stack_words(story: Story) -> tuple[Piece, ...]:
    letters, conv = story.notation, story.conv
    stacks = {"C": "vec lists the pixels row after row", "F": "vec stacks the columns of the image"}[letters.order]
    words: list[Piece] = [stacks if conv.ndim > 1 else "vec lists the pixels in order"]
    if not story.single:
        words.append(", channel after channel" if letters.order == "C" else ", the channels of a pixel side by side")
    if conv.ndim > 1 or not story.single:
        places = [story.listed(place, story.small_pixels) for place in (*range(min(story.rows, 3)), story.rows - 1)]
        shown = [story.small(letters.y, place) for place in places[: story.rows]]
        if story.rows > 4:
            shown.insert(3, Dots("low"))
        words += [", so ", Relation(Operator("vec", letters.y), "=", Transpose(Tuple(*shown)))]
    words.append(". The sum above is a matrix product:")
    return tuple(words)


def _shown(story: Story, *, transposed: bool) -> list[Block]:
    """Show C or C^T: whole, elided, or as a scheme of blocks with one of them written out."""
    shown = Shown(story, transposed)
    C: Math = Name(story.notation.C)
    C = Transpose(C) if transposed else C
    small = story.single or all(Shown(story, turned).fits for turned in (False, True))
    if small or story.notation.order == "F":
        return _written(shown, C, shown.matrix())
    first = shown.block_name(0, 0)
    general = Name(story.notation.C, story.c_small, story.c)
    words: tuple[Piece, ...] = (
        "Channel by channel it is a matrix of blocks; ", general, " leads from channel ", story.c, " of ",
        Name(story.notation.x), " to channel ", story.c_small, " of ", Name(story.notation.y),
        ", and between groups there is nothing:" if story.conv.groups > 1 else ":",
    )  # fmt: skip
    if transposed:
        words = ("In blocks, each of them transposed and in its mirror place:",)
    same: tuple[Piece, ...] = ("All blocks look alike, each with its own weights. The first is",)
    return [
        Paragraph(words),
        Display(Relation(C, "=", shown.scheme())),
        Paragraph(same if not transposed else ("with the first block",)),
        *_written(shown, Transpose(first) if transposed else first, shown.matrix(block=True)),
    ]


def _written(shown: Shown, left: Math, matrix: Matrix) -> list[Block]:
    """Display a matrix, and say what stands above its columns where that is not plain."""
    display: list[Block] = [Display(Relation(left, "=", matrix))]
    slices = [name for name in matrix.column_blocks if isinstance(name, Name)]
    if not slices:
        return display
    C_order = shown.story.notation.order == "C"
    within = "row" if C_order else "column" if shown.story.single else "pixel"
    words = f" names a whole image {within}" if within != "pixel" else " names a pixel with all its channels"
    return [Paragraph(("Above the columns, ", slices[0], f"{words}, and the numbers count within it:")), *display]


def transpose_section(story: Story) -> Section:
    """Transpose C: what each row and column of C^T does, and why the name is literal."""
    conv, letters = story.conv, story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    column_number = busiest_column(story)
    read = taps_of_column(conv, column_number)
    blocks: list[Block] = [
        Paragraph((
            "The transposed convolution takes ", v, " of ", *size_words(conv.small_shape), " to ", z, " of ",
            *size_words(conv.large_shape), ", with rows and columns of the same matrix exchanged:",
        )),
        Display(Spaced(
            Relation(Operator("vec", z), "=", Transpose(C) * Operator("vec", v)),
            Relation(story.large_at(letters.z), "=", story.outputs_sum(
                story.C_at() * story.small_at(letters.v))),
        )),
        *_shown(story, transposed=True),
        Paragraph((
            "The name is literal: the matrix is transposed, not inverted. Row ", story.m, " of ", Transpose(C),
            " collects every output of the convolution that read pixel ", story.m, "; for instance",
        )),
        Display(Relation(
            story.large(letters.z, column_number), "=",
            listed_taps(story, read, lambda place: story.small(letters.v, place)),
        )),
        Paragraph((
            "Column ", story.i, " of ", Transpose(C), " is row ", story.i, " of ", C, ": the kernel, laid where "
            "output ", story.i, " had read. That is a stamp.",
        )),
    ]  # fmt: skip
    return Section("The matrix transposed", tuple(blocks))


def busiest_column(story: Story) -> int:
    """Find a pixel of the large side that many outputs read, among those that the first outputs reach."""
    flat = 0
    for axis in story.conv.axes:
        outputs = range(min(axis.small, axis.effective_kernel // axis.stride + 2, 32))
        taps = range(min(axis.kernel_size, 32))
        reached = {axis.stride * i + axis.dilation * j - axis.lo for i in outputs for j in taps}
        pixels = sorted(m for m in reached if 0 <= m < axis.large) or [0]
        flat = flat * axis.large + max(pixels, key=lambda m: _reads(axis, m))
    return flat


def _reads(axis: Axis, m: int) -> int:
    """Count the taps that fall on a pixel, padding aside."""
    found = (divmod(m + axis.lo - axis.dilation * j, axis.stride) for j in range(axis.kernel_size))
    return sum(between == 0 and 0 <= output < axis.small for output, between in found)
