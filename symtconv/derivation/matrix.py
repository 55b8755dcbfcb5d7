"""The convolution as a sum, its matrix, and the matrix transposed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from symtconv.derivation.notation import Piece, Story, listed_taps, size_words
from symtconv.derivation.shownmatrix import Shown
from symtconv.document.mathematics import (
    Cases,
    Dots,
    Infix,
    Math,
    Matrix,
    Name,
    Negative,
    Number,
    Operator,
    Parenthesised,
    Power,
    Relation,
    Spaced,
    Sum,
    Times,
    Transpose,
    Tuple,
)
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.document.words import counted_word
from symtconv.geometry import Axis
from symtconv.matrices.entries import taps_of_column, taps_of_row
from symtconv.taps import count_nonzeros

WHOLE_VEC = 9  # entries of vec y that are listed one by one


def sum_section(story: Story) -> Section:
    """Write the convolution as a sum, in general and for the first and the last output."""
    conv, letters = story.conv, story.notation
    body = story.w_summed() * story.x_summed(story.position())
    blocks: list[Block] = [
        *_positions(story),
        Display(Relation(story.small_at(letters.y), "=", story.taps_sum(body))),
        *_outside(story),
        *_other_groups(story),
    ]
    rows = list(dict.fromkeys((0, story.rows - 1)))
    examples: list[Math] = []
    missing: list[tuple[int, Math]] = []
    taps = prod(conv.kernel_size) * conv.kernel_shape[1]
    for row in rows:
        seen = taps_of_row(conv, row)
        right = listed_taps(story, seen, lambda place: story.large(letters.x, place))
        examples.append(Relation(story.small(letters.y, row), "=", right))
        if len(seen) < taps:
            missing.append((taps - len(seen), story.small(letters.y, row)))
    which = "The first and the last output are" if len(rows) > 1 else "The only output is"
    blocks += [Paragraph((which,)), Display(*examples)]
    if missing:
        blocks.append(Paragraph(_missing_words(missing)))
    return Section("The convolution as a sum", tuple(blocks))


def _missing_words(missing: Sequence[tuple[int, Math]]) -> tuple[Piece, ...]:
    """Say how many taps of some outputs read padding."""
    words: list[Piece] = []
    for number, name in missing:
        written = counted_word(number)
        written = written if words else written.capitalize()
        words += [" and " if words else "", f"{written} tap{'s' * (number != 1)} of ", name]
    one = len(missing) == 1 and missing[0][0] == 1
    return (*words, " reads padding." if one else " read padding.")


def _positions(story: Story) -> list[Block]:
    """Say what an output reads, and what tau and the channels in the sum are."""
    conv = story.conv
    words: list[Piece] = [
        "Output ", Name("i"), " reads with its tap ", Name("j"), " the pixel ", story.position(),
        "; it is the sum of the pixels that it reads, each times its weight",
    ]  # fmt: skip
    if not story.single:
        words += [", over all channels ", Name("b"), " that it sees"]
    zeros = conv.padding_mode == "zeros"
    moved: list[Block] = [] if zeros else [Paragraph(_mode_words(story)), Display(_tau(story)), Paragraph("So")]
    if conv.groups == 1:
        return [Paragraph((*words, ":" if zeros else ".")), *moved]
    words += [
        ". Channel ", story.c_small, " sees those of its group, the first of which is ",
        _shifted(story.group_start, story.notation.base), ", with",
    ]  # fmt: skip
    start = Relation(story.group_start, "=", story.first_of_group)
    return [Paragraph(tuple(words)), Display(start), *(moved or [Paragraph("So")])]


def _shifted(start: Math, base: int) -> Math:
    return Sum(start, base) if base else start


def _mode_words(story: Story) -> tuple[Piece, ...]:
    """Say in words what the padding mode makes of a position."""
    does = {
        "circular": "is taken modulo the size: the image repeats",
        "reflect": "is reflected at the border pixel, which is not repeated",
        "replicate": "is replaced by the nearest pixel of the border",
    }[story.conv.padding_mode]
    return (
        f"With {story.conv.padding_mode} padding a position ", story.unpadded_position(),
        f" outside the image {does}:",
    )  # fmt: skip


def _tau(story: Story) -> Math:
    """Write tau(i, j) for the padding mode, with n the large size, axis by axis."""
    base, position, sizes = story.notation.base, story.unpadded_position(), set(story.conv.large_shape)
    size: Math = Number(sizes.pop()) if len(sizes) == 1 else Name("n")
    last: Math = (
        Number(size.value - 1 + base) if isinstance(size, Number) else Sum(size, base - 1) if base < 1 else size
    )
    mode = story.conv.padding_mode
    value: Math
    if mode == "circular":
        value = Infix("mod", position, size)
        if base:
            value = Sum(Parenthesised(Infix("mod", Sum(position, -base), size)), base)
    elif mode == "replicate":
        value = Operator("min", Operator("max", position, base), last)
    else:
        folded = Negative(Parenthesised(position)) if not base else Sum(2 * base, Negative(position))
        value = Cases((
            (folded, Relation(position, "<", base)),
            (position, Relation(base, "<=", position, "<=", last)),
            (Sum(Times(2, last), Negative(position)), Relation(position, ">", last)),
        ))  # fmt: skip
    return Relation(story.position(), "=", value)


def _outside(story: Story) -> list[Block]:
    """Say of zero padding that pixels outside the image are 0, if any is read."""
    conv, x = story.conv, story.notation.x
    if conv.padding_mode != "zeros" or count_nonzeros(conv) == story.rows * prod(conv.kernel_shape[1:]):
        return []
    return [Paragraph(("Where the place lies outside the image, ", Name(x), " counts as 0: that is the padding."))]


def _other_groups(story: Story) -> list[Block]:
    """Say that the weights between two groups, which the kernel does not have, count as 0."""
    if story.conv.groups == 1:
        return []
    return [Paragraph((
        "Where ", story.w_between(), " stands for a channel ", story.c, " of another group, the kernel has no such "
        "weight, and it counts as 0.",
    ))]  # fmt: skip


def matrix_section(story: Story) -> Section:
    """Write vec and the matrix C."""
    conv, letters = story.conv, story.notation
    C = Name(letters.C)
    filled = count_nonzeros(conv)
    entries = story.rows * story.columns
    definition = Relation(story.C_at(), "=", story.kernel_at())
    bracket = ", and the bracket is 1 where its condition holds, else 0" if letters.iverson else ""
    reading: tuple[Piece, ...] = (
        "Row ", story.i, " of ", C, " holds the kernel where output ", story.i, " reads its input", bracket, ":",
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(_stack_words(story)),
        Display(Relation(Operator("vec", letters.y), "=", C * Operator("vec", letters.x))),
        Paragraph(reading),
        Display(definition),
        Paragraph((
            C, " has ", Relation(Infix("cdot", story.rows, story.columns), "=", entries), f" entries; {filled:,} "
            f"{'holds' if filled == 1 else 'hold'} weights, {entries - filled:,} "
            f"{'is' if entries - filled == 1 else 'are'} zero for every kernel (light dots).",
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
        whole = story.rows <= WHOLE_VEC
        listed = range(story.rows) if whole else (0, 1, 2, story.rows - 1)
        shown = [story.small(letters.y, story.listed(place, story.small_pixels)) for place in listed]
        if not whole:
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
        return [*_groups(story, transposed), *_written(shown, C, shown.matrix())]
    general: Math = Name(story.notation.C, story.c_small, story.c)
    name = general if story.weights is None else shown.block_name(0, 0)
    if transposed:
        words: tuple[Piece, ...] = ("In blocks, each of them transposed and in its mirror place:",)
        each: tuple[Piece, ...] = (
            ("Its blocks, transposed, are",) if story.weights is None else ("with the first block",)
        )
    else:
        words = (
            "Channel by channel it is a matrix of blocks; ", general, " leads from channel ", story.c, " of ",
            Name(story.notation.x), " to channel ", story.c_small, " of ", Name(story.notation.y), ":",
        )  # fmt: skip
        zero = " that are not 0" if story.conv.groups > 1 else ""
        each = (
            f"The blocks{zero} look alike, each with the weights of its own pair of channels, ",
            Name(story.notation.w, "j"), " for ", story.w_between(), ":",
        )  # fmt: skip
        if story.weights is not None:
            each = (f"The blocks{zero} look alike, each with its own weights. The first is",)
    block = shown.block
    return [
        *_groups(story, transposed),
        Paragraph(words),
        Display(Relation(C, "=", shown.scheme())),
        Paragraph(each),
        *_written(block, Transpose(name) if transposed else name, block.matrix()),
    ]


def _groups(story: Story, transposed: bool) -> list[Block]:
    """Say of a layer with groups that its matrix is block diagonal, one matrix a group."""
    groups = story.conv.groups
    if groups == 1 or transposed:
        return []
    C = story.notation.C
    parts: list[Math] = [Power(C, Parenthesised(group + story.notation.base)) for group in range(groups)]
    if groups > 4:
        parts[2:-1] = [Dots("low")]
    words = "The groups do not meet: each is a layer of its own"
    if story.notation.order == "F":
        words += ", and with the pixels listed group after group"
    return [Paragraph((f"{words}, ", Relation(C, "=", Operator("diag", *parts)), ", and ",
                       "what follows holds group by group."))]  # fmt: skip


def _written(shown: Shown, left: Math, matrix: Matrix) -> list[Block]:
    """Display a matrix, and say how it is to be read where that is not plain."""
    words: list[Piece] = [] if shown.transposed else [*_rule_words(shown, matrix), shown.story.colours.words]
    gaps = any(isinstance(label, Dots) for label in (*matrix.row_labels, *matrix.column_labels))
    if gaps:
        words.append(" Where dots stand in a line of labels, rows or columns are left out.")
    slices = [name for name in matrix.column_blocks if isinstance(name, Name)]
    if slices:
        C_order = shown.story.notation.order == "C"
        within = "row" if C_order else "column" if shown.story.single else "pixel"
        what = f" names a whole image {within}" if within != "pixel" else " names a pixel with all its channels"
        words += [" Above the columns, ", slices[0], f"{what}, and the numbers count within it."]
    before: list[Block] = [Paragraph(_stripped(words))] if any(words) else []
    return [Display(Relation(left, "=", matrix)), *before]


def _rule_words(shown: Shown, matrix: Matrix) -> tuple[Piece, ...]:
    """Explain the rules within a matrix."""
    rules, hairlines = (
        bool(matrix.row_rules or matrix.column_rules), bool(matrix.row_hairlines or matrix.column_hairlines),
    )  # fmt: skip
    if not rules:
        return ()
    story = shown.story
    along_rows = story.notation.order == "C"
    names = ["image row" if along_rows else "image column", "plane of pixels", "block of planes"]
    names = names[: story.conv.ndim - 1]
    if not story.single:
        names = [*names, "channel"] if along_rows else ["pixel", *names]
    strong, weak = (names[-1] if hairlines else names[0]), names[0]
    words = f" A rule stands between one {strong} and the next"
    return (words + (f", a hairline between one {weak} and the next." if hairlines else "."),)


def _stripped(words: Sequence[Piece]) -> tuple[Piece, ...]:
    """Leave out the space before the first word."""
    kept = [word for word in words if word != ""]
    first = kept[0]
    return (first.lstrip() if isinstance(first, str) else first, *kept[1:])


def transpose_section(story: Story) -> Section:
    """Transpose C: what each row and column of C^T does, and why the name is literal."""
    conv, letters = story.conv, story.notation
    C, v, z = Name(letters.C), Name(letters.v), Name(letters.z)
    column_number = busiest_column(story)
    read = taps_of_column(conv, column_number)
    blocks: list[Block] = [
        Paragraph((
            "The transposed convolution takes ", v, " of ", *size_words(conv.small_shape), " to ", z, " of ",
            *size_words(conv.large_shape), ", with rows and columns of ", C, " exchanged:",
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
            "Column ", story.i, " of ", Transpose(C), " is row ", story.i, " of ", C, ": the kernel, laid "
            "where output ", story.i, " had read. Times ", story.small_at(letters.v), " it is the stamp of that pixel.",
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
