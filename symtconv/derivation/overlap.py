"""The overlap map: how many stamps cover each output pixel, and when that is even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import gcd, prod

from symtconv.derivation.evenkernels import even_kernel_blocks, residue
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.phasecounts import framed, is_even, phase_counts, places_words, shows_every_phase
from symtconv.derivation.resizing import resized_words
from symtconv.derivation.statement import stated
from symtconv.document.elision import Side, elided_matrix
from symtconv.document.mathematics import (
    Dots,
    Floor,
    Infix,
    Like,
    Listing,
    Name,
    Negative,
    Operator,
    Quotient,
    Relation,
    Sum,
    Times,
    Tuple,
    as_math,
)
from symtconv.document.nodes import (
    Block,
    Citation,
    Content,
    Display,
    Figure,
    Paragraph,
    Section,
    TableBlock,
)
from symtconv.figures.scene import Cell, Fill, Frame, Grid, Item, Label, Scene
from symtconv.figures.tikz import cells_across, fits_cell
from symtconv.geometry import Axis, Conv
from symtconv.matrices.entries import taps_of_column

ODENA = Citation("Odena, Dumoulin & Olah, Distill 2016", "https://doi.org/10.23915/distill.00003")
DRAWN = (16, 24)
SHOWN_PHASES = 8


def overlap_section(story: Story) -> Section:
    """Show the coverage of the output, count the taps of every phase, and say whether the overlap is even."""
    blocks: list[Block] = [*_coverage(story), *_phases(story), *_verdict(story), *_remedies(story)]
    blocks += even_kernel_blocks(story)
    return Section("The overlap of the stamps", tuple(blocks))


def coverage_of(axis: Axis, mode: str) -> list[int]:
    """Count, for every pixel of an axis, the taps that fall on it.

    >>> from symtconv import ConvTranspose
    >>> coverage_of(ConvTranspose(2, 3, stride=2, padding="same").axes[0], "zeros")
    [1, 1, 2, 1]
    """
    return [_covered(axis, mode, pixel) for pixel in range(axis.large)]


@cache
def _covered(axis: Axis, mode: str, pixel: int) -> int:
    return len(taps_of_column(Conv._resolved((axis,), 1, 1, 1, mode), pixel))


def named_axes(story: Story) -> Iterator[tuple[str, Axis]]:
    """Yield every axis that differs from the ones before, with the numbers of all that equal it ("" if all do)."""
    axes = story.conv.axes
    for axis in dict.fromkeys(axes):
        numbers = [str(number) for number, other in enumerate(axes) if other == axis]
        alike = f"{'axis' if len(numbers) == 1 else 'axes'} {' and '.join(numbers)}"
        yield "" if len(numbers) == len(axes) else alike, axis


def _coverage(story: Story) -> list[Block]:
    conv, letters = story.conv, story.notation
    v, w, z = Name(letters.v), Name(letters.w), Name(letters.z)
    words: list[Piece] = [
        "Let every pixel of ", v, " and every weight of ", w, " be 1. Then each pixel of ", z, " counts the taps that "
        "fall on it. ",
    ]  # fmt: skip
    plane = conv.axes[-2:] if conv.ndim > 1 else conv.axes
    if conv.ndim > 1:
        words.append("The count is the product of the counts along the axes. ")
    width = conv.small_channels // conv.groups
    if width > 1:
        words += ["It is given for one channel of ", v, "; a channel of ", z, f" gets stamps from {width} of them, "]
        words += [f"so its counts are {width} times these. "]
    if conv.ndim > 2:
        words += ["Shown is the plane of the last two axes; the others multiply it. "]
    rows = plane[0].large if len(plane) > 1 else 1
    caption: list[Piece] = ["How many taps fall on each pixel of ", z, "."]
    if conv.padding_mode == "zeros" and all(map(framed, plane)):
        where = places_words(story, tuple(map(framed, plane)))
        if rows <= DRAWN[0] and plane[-1].large <= DRAWN[1]:
            caption.append(f" In the frame, {where}, no pixel misses a tap of its phase.")
        else:
            words.append(f"In {where} no pixel misses a tap of its phase. ")
    if rows <= DRAWN[0] and plane[-1].large <= DRAWN[1]:
        return [Paragraph(tuple(words)), Figure(_map(story, plane), tuple(caption))]
    base = letters.base
    side = Side(label=lambda place: place + base)
    table = elided_matrix((rows, plane[-1].large), lambda r, c: _at(plane, conv.padding_mode, r, c), row_budget=9,
                          column_budget=11, row_side=side if len(plane) > 1 else Side(), column_side=side,
                          brackets=letters.brackets)  # fmt: skip
    return [Paragraph(tuple(words)), Display(table)]


def _at(plane: Sequence[Axis], mode: str, row: int, column: int) -> int:
    down = _covered(plane[0], mode, row) if len(plane) > 1 else 1
    return down * _covered(plane[-1], mode, column)


def _map(story: Story, plane: Sequence[Axis]) -> Scene:
    """Draw the counts of a plane; the more taps fall on a pixel, the darker it is."""
    mode, base = story.conv.padding_mode, story.notation.base
    columns = coverage_of(plane[-1], mode)
    rows = coverage_of(plane[0], mode) if len(plane) > 1 else [1]
    most = max(max(rows) * max(columns), 1)
    items: list[Item] = [Grid(0, 0, len(rows), len(columns))]
    items += [Label(c + 0.5, -0.4, as_math(c + base), colour="grey") for c in range(len(columns))]
    if len(plane) > 1:
        items += [Label(-0.4, r + 0.5, as_math(r + base), colour="grey") for r in range(len(rows))]
    cells = cells_across(Scene(*items))
    for (r, down), (c, along) in product(enumerate(rows), enumerate(columns)):
        label = as_math(down * along)
        fill = Fill("blue", 0.6 * down * along / most) if down * along else None
        items.append(Cell(c, r, label if fits_cell(label, 1, across=cells) else None, fill))
    inside = [framed(axis) for axis in plane]
    if mode == "zeros" and all(inside):
        across, down_ = inside[-1], inside[0] if len(plane) > 1 else range(1)
        items.append(Frame(across[0], down_[0], len(across), len(down_), "thick", "vermillion"))
    return Scene(*items)


def _phases(story: Story) -> list[Block]:
    conv = story.conv
    if prod(conv.stride) == 1:
        return _one_phase(story)
    pixel = Sum("m", "lo", Negative(story.notation.base)) if story.notation.base else Sum("m", "lo")
    least = Floor(Quotient(Times("k", "g"), "s"))
    words: tuple[Piece, ...] = (
        "Tap ", Name("j"), "" if story.notation.base == 0 else ", counted from 0,", " falls on pixels ", Name("m"),
        " of one phase ", Relation(residue(story), "=", Infix("mod", pixel, "s"), "=", Infix("mod", Times("d", "j"),
        "s")), ". As ", Name("j"), " runs, ", Infix("mod", Times("d", "j"), "s"), " takes the multiples of ",
        Relation("g", "=", Operator("gcd", "s", "d")), " in turn, ", Quotient("s", "g", slashed=True),
        " of them, and begins anew. So each of these phases has ", least, " taps or one more; the others have none:",
    )  # fmt: skip
    rows: list[tuple[Content, ...]] = []
    for names, axis in named_axes(story):
        sizes = (axis.kernel_size, axis.stride, axis.dilation, gcd(axis.stride, axis.dilation))
        shown: list[Like] = [*phase_counts(axis, SHOWN_PHASES)]
        if axis.stride > SHOWN_PHASES:
            shown.append(Dots("low"))
        row: tuple[Content, ...] = (*(as_math(size) for size in sizes), Listing(*shown))
        rows.append(row if conv.ndim == 1 else (names or "each", *row))
    header: tuple[Content, ...] = (
        ("kernel ", Name("k")), ("stride ", Name("s")), ("dilation ", Name("d")), Name("g"),
        ("taps of phase ", Relation(residue(story), "=", Listing(0, 1, Dots("low")))),
    )  # fmt: skip
    return [Paragraph(words), TableBlock(header if conv.ndim == 1 else ("axis", *header), tuple(rows))]


def _one_phase(story: Story) -> list[Block]:
    """Say of a layer of stride 1 that there is nothing to be uneven."""
    conv = story.conv
    taps = prod(conv.kernel_size)
    many = f"all {taps} taps" if taps > 1 else "the one tap"
    words = f"The stride is 1, so there is one phase, with {many}: "
    if has_no_border(conv):
        return [
            Paragraph(words + f"with circular padding there is no border, and every pixel is covered {taps} times.")
        ]
    where = "wherever no tap is missing"
    if conv.padding_mode != "zeros":
        where = "where no tap is missing and nothing is copied into the padding"
    return [Paragraph(words + f"the count is {taps} {where}, and there is no checkerboard.")]


def has_no_border(conv: Conv) -> bool:
    """Tell whether the padding is circular and the stride fits the ring: then no pixel misses a tap of its phase."""
    return conv.padding_mode == "circular" and all(axis.stride * axis.small == axis.large for axis in conv.axes)


def _verdict(story: Story) -> list[Block]:
    conv = story.conv
    if prod(conv.stride) == 1:
        return []
    claim: tuple[Piece, ...] = (
        "The phases of an axis have equally many taps if and only if ", Relation("s", "divides", "k"), " and ",
        Relation(Operator("gcd", "s", "d"), "=", 1), ".",
    )  # fmt: skip
    argument: tuple[Piece, ...] = (
        "Only multiples of ", Name("g"), " occur as ", Infix("mod", Times("d", "j"), "s"), ". So the phases that ",
        Name("g"), " does not divide have no tap, while phase 0 has tap 0. Equal counts need ", Relation("g", "=", 1),
        " therefore. Then the ", Name("k"), " taps are dealt out to all ", Name("s"), " phases in turn, and each phase "
        "gets as many just when ", Name("s"), " divides ", Name("k"), ".",
    )  # fmt: skip
    here = Paragraph((*_reasons(story), *_conclusion(story), " Checkerboards were described by ", ODENA, "."))
    return [*stated(story, "checkerboard", "checkerboards", (Paragraph(claim),), (Paragraph(argument),)), here]


def _conclusion(story: Story) -> list[Piece]:
    """Say what follows from the phases for the picture of ones: even, a checkerboard, or too small to tell."""
    conv = story.conv
    even = all(map(is_even, conv.axes))
    taps = prod(axis.kernel_size // axis.stride for axis in conv.axes)
    if has_no_border(conv):
        words = "With circular padding there is no border and no pixel misses a tap; so "
        return [words + (f"every pixel is covered {_times(taps)}." if even else f"the counts {_uneven(conv)}.")]
    if conv.padding_mode != "zeros":
        words = "So, away from what is copied into the padding and from pixels that miss a tap, "
        return [words + (f"every pixel is covered {_times(taps)}." if even else f"the counts {_uneven(conv)}.")]
    if not shows_every_phase(conv):
        words = "No block of pixels that miss no tap shows every phase in this small layer; in a larger one such a "
        return [words + (f"block is covered evenly, {_times(taps)}." if even else f"block {_uneven(conv, 's')}.")]
    if even:
        return [f"The frame shows every phase, so its pixels are all covered {_times(taps)}: no checkerboard."]
    found: list[Piece] = [f"The frame shows every phase. So with all weights equal its pixels {_uneven(conv)}"]
    for number, (names, axis) in enumerate(named_axes(story)):
        row = [_covered(axis, "zeros", pixel) for pixel in framed(axis)[:SHOWN_PHASES]]
        more = [Dots("low")] if len(framed(axis)) > SHOWN_PHASES else []
        found += [": the counts run " if number == 0 else "; ", Listing(*row, *more)]
        found += [f" along {names}" if names else " along each axis" if conv.ndim > 1 else ""]
    return [*found, "."]


def _uneven(conv: Conv, ending: str = "") -> str:
    """Say what unequal counts are: a checkerboard, or on one axis a pattern."""
    if conv.ndim == 1:
        return f"show{ending} a pattern that repeats with the stride"
    return f"show{ending} a checkerboard"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _reasons(story: Story) -> Iterator[Piece]:
    for names, axis in named_axes(story):
        where = f" on {names}" if names else ""
        divisor = gcd(axis.stride, axis.dilation)
        if axis.stride == 1:
            yield f"Here the stride{where} is 1, so there is one phase{where}. "
        elif divisor > 1:
            yield f"Here{where} "
            yield Relation("g", "=", divisor)
            yield f", so {_empty(axis)}. "
        else:
            sign = "divides" if is_even(axis) else "does not divide"
            yield f"Here{where} "
            yield Relation(axis.stride, sign, axis.kernel_size)
            yield ". "


def _empty(axis: Axis) -> str:
    """Say how many phases of an axis, those that g does not divide, have no tap."""
    g, s = gcd(axis.stride, axis.dilation), axis.stride
    left = s - s // g
    if left == 1:
        return f"of the {s} phases the last has no tap"
    return f"{left} of the {s} phases, those that {g} does not divide, have no tap"


def _remedies(story: Story) -> list[Block]:
    """Say what would make the overlap even: another kernel size, or a resize before a convolution of stride 1."""
    uneven = [(names, axis) for names, axis in named_axes(story) if not is_even(axis)]
    if not uneven:
        return []
    words: list[Piece] = ["What would make the counts equal: "]
    for number, (names, axis) in enumerate(uneven):
        s, where = axis.stride, f" on {names}" if names else ""
        words.append("; " if number else "")
        if gcd(s, axis.dilation) > 1:
            words += ["a dilation without a common factor above 1 with the stride ", as_math(s), where]
            words += ["" if axis.kernel_size % s == 0 else f", and a number of taps that {s} divides"]
        else:
            below = axis.kernel_size - axis.kernel_size % s
            words += [f"{below} or {below + s} taps" if below else f"{s} taps", where, ", a multiple of the stride ",
                      as_math(s)]  # fmt: skip
    stride = story.conv.stride
    factor: tuple[Piece, ...] = (
        (" by ", as_math(stride[0])) if len(set(stride)) == 1 else (" by ", Tuple(*stride), " axis by axis")
    )
    words += [
        ". Or resize by nearest neighbour", *factor, " and then convolve with stride 1: here any kernel will do, for "
        "away from the border each of the two steps takes constants to constants.",
        *resized_words(story, uneven[0][1].stride),
    ]  # fmt: skip
    return [Paragraph(tuple(words))]
