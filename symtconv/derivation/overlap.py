"""The overlap map: how many stamps cover each output pixel, and when that is even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import gcd

from symtconv.catalogue.phases import has_wide_interior, interior
from symtconv.derivation.evenkernels import even_kernel_blocks, residue
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.phasecounts import is_even, phase_counts
from symtconv.document.elision import elided_matrix
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
    ProofBlock,
    Section,
    TableBlock,
    Theorem,
)
from symtconv.figures.scene import Cell, Fill, Frame, Grid, Item, Scene
from symtconv.figures.tikz import fits_cell
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
        "stamps lay on it. ",
    ]  # fmt: skip
    plane = conv.axes[-2:] if conv.ndim > 1 else conv.axes
    if conv.ndim > 1:
        words.append("The count is the product of the counts along the axes. ")
    width = conv.small_channels // conv.groups
    if width > 1:
        words += [f"It is given for one input channel; an output channel sees {width} of them, "]
        words += [f"so its counts are {width} times these. "]
    if conv.ndim > 2:
        words += ["Shown is the plane of the last two axes; the others multiply it. "]
    rows = plane[0].large if len(plane) > 1 else 1
    if rows <= DRAWN[0] and plane[-1].large <= DRAWN[1]:
        words += _interior_words(plane, conv.padding_mode)
        return [Paragraph(tuple(words)), Figure(_map(plane, conv.padding_mode))]
    table = elided_matrix((rows, plane[-1].large), lambda r, c: _at(plane, conv.padding_mode, r, c), row_budget=11,
                          column_budget=25, brackets=letters.brackets)  # fmt: skip
    return [Paragraph(tuple(words)), Display(table)]


def _at(plane: Sequence[Axis], mode: str, row: int, column: int) -> int:
    down = _covered(plane[0], mode, row) if len(plane) > 1 else 1
    return down * _covered(plane[-1], mode, column)


def _interior_words(plane: Sequence[Axis], mode: str) -> list[Piece]:
    if mode != "zeros" or not all(map(interior, plane)):
        return []
    return ["The frame is the interior, where no stamp is missing."]


def _map(plane: Sequence[Axis], mode: str) -> Scene:
    """Draw the counts of a plane; the more taps fall on a pixel, the darker it is."""
    columns = coverage_of(plane[-1], mode)
    rows = coverage_of(plane[0], mode) if len(plane) > 1 else [1]
    most = max(max(rows) * max(columns), 1)
    items: list[Item] = []
    for (r, down), (c, along) in product(enumerate(rows), enumerate(columns)):
        label = as_math(down * along)
        fill = Fill("blue", 0.6 * down * along / most) if down * along else None
        items.append(Cell(c, r, label if fits_cell(label, 1, across=len(columns)) else None, fill))
    items.append(Grid(0, 0, len(rows), len(columns)))
    inside = [interior(axis) for axis in plane]
    if mode == "zeros" and all(inside):
        across, down_ = inside[-1], inside[0] if len(plane) > 1 else range(1)
        items.append(Frame(across[0], down_[0], len(across), len(down_), "thick", "vermillion"))
    return Scene(*items)


def _phases(story: Story) -> list[Block]:
    pixel = Sum("m", "lo", Negative(story.notation.base)) if story.notation.base else Sum("m", "lo")
    least = Floor(Quotient(Times("k", "g"), "s"))
    words: tuple[Piece, ...] = (
        "Tap ", Name("j"), ", counted from 0, falls on pixels ", Name("m"), " of one phase ",
        Relation(residue(story), "=", Infix("mod", pixel, "s"), "=", Infix("mod", Times("d", "j"), "s")), ". As ",
        Name("j"), " runs, ", Infix("mod", Times("d", "j"), "s"), " takes the multiples of ",
        Relation("g", "=", Operator("gcd", "s", "d")), " in turn, ", Quotient("s", "g", slashed=True),
        " of them, and begins anew. So each of these phases has ", least, " taps or one more; the others have none:",
    )  # fmt: skip
    rows: list[tuple[Content, ...]] = []
    for names, axis in named_axes(story):
        sizes = (axis.kernel_size, axis.stride, axis.dilation, gcd(axis.stride, axis.dilation))
        shown: list[Like] = [*phase_counts(axis, SHOWN_PHASES)]
        if axis.stride > SHOWN_PHASES:
            shown.append(Dots("low"))
        rows.append((names or "each", *(as_math(size) for size in sizes), Listing(*shown)))
    header: tuple[Content, ...] = (
        "axis", ("kernel ", Name("k")), ("stride ", Name("s")), ("dilation ", Name("d")), Name("g"),
        ("taps of phase ", Relation(residue(story), "=", Listing(0, 1, Dots("low")))),
    )  # fmt: skip
    return [Paragraph(words), TableBlock(header, tuple(rows))]


def _verdict(story: Story) -> list[Block]:
    conv = story.conv
    claim: tuple[Piece, ...] = (
        "The phases of an axis have equally many taps if and only if ", Relation("s", "divides", "k"), " and ",
        Relation(Operator("gcd", "s", "d"), "=", 1),
    )  # fmt: skip
    every = " on the axis" if conv.ndim == 1 else " on every axis"
    wide = has_wide_interior(conv) and conv.padding_mode == "zeros"
    if wide:
        claim = (*claim, "; the coverage of the interior is constant if and only if that holds", every)
    here: list[Piece] = [*_reasons(story)]
    even = all(map(is_even, conv.axes))
    if wide:
        here.append("The coverage is even in the interior." if even else "The coverage is a checkerboard.")
    elif even:
        here.append("Away from the border every pixel is covered equally often.")
    else:
        here.append("With an input large enough to show every phase a checkerboard appears away from the border.")
    if story.proof("checkerboard") is None:
        return [Paragraph((*claim, " ", ODENA, ". ", *here))]
    statement = Paragraph((*claim, "."))
    argument: tuple[Piece, ...] = (
        "By the table, phases that ", Name("g"), " does not divide have no tap; all phases are divided only if ",
        Relation("g", "=", 1), ". Then ", Name("k"), " taps are dealt out to ", Name("s"), " phases in turn, which is "
        "even just when ", Name("s"), " divides ", Name("k"), ". ",
    )  # fmt: skip
    return [
        Theorem("Theorem", "checkerboards, for this layer", (statement,)),
        ProofBlock((Paragraph((*argument, *here)),)),
        Paragraph(("Checkerboards were described by ", ODENA, ".")),
    ]


def _reasons(story: Story) -> Iterator[Piece]:
    for names, axis in named_axes(story):
        where = f" on {names}" if names else ""
        divisor = gcd(axis.stride, axis.dilation)
        if axis.stride == 1:
            yield f"Here the stride{where} is 1, so there is one phase. "
        elif divisor > 1:
            yield f"Here{where} "
            yield Relation("g", "=", divisor)
            yield ", so most phases have no tap at all. " if divisor == axis.stride else ", so phases are left out. "
        else:
            sign = "divides" if is_even(axis) else "does not divide"
            yield f"Here{where} "
            yield Relation(axis.stride, sign, axis.kernel_size)
            yield ". "


def _remedies(story: Story) -> list[Block]:
    """Say what would make the overlap even: another kernel size, or a resize before a convolution of stride 1."""
    uneven = [(names, axis) for names, axis in named_axes(story) if not is_even(axis)]
    if not uneven:
        return []
    words: list[Piece] = ["What would make it even: "]
    for number, (names, axis) in enumerate(uneven):
        s, where = axis.stride, f" on {names}" if names else ""
        words.append("; " if number else "")
        if gcd(s, axis.dilation) > 1:
            words += ["a dilation without a common divisor with the stride ", as_math(s), where]
            words += ["" if axis.kernel_size % s == 0 else f", and a number of taps that {s} divides"]
        else:
            below = axis.kernel_size - axis.kernel_size % s
            words += [f"{below} or {below + s} taps" if below else f"{s} taps", where, ", a multiple of ", as_math(s)]
    stride = story.conv.stride
    factor: tuple[Piece, ...] = (
        (" by ", as_math(stride[0])) if len(set(stride)) == 1 else (" by ", Tuple(*stride), " axis by axis")
    )
    words += [
        ". Or resize by nearest neighbour", *factor, " and convolve with stride 1: that is the transposed convolution "
        "whose kernel is a box of ones convolved with the reversed kernel, and every phase of such a kernel sums up "
        "all weights once.",
    ]  # fmt: skip
    return [Paragraph(tuple(words))]
