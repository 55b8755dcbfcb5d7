"""Sub-pixel convolution: one small stride-1 convolution a phase, whose outputs are interleaved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import gcd, prod

from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, marked_weight, place, summed
from symtconv.derivation.statement import pixels_compared, stated
from symtconv.derivation.workedpixel import Place, Term, WorkedPixel
from symtconv.document.elision import elide
from symtconv.document.mathematics import (
    Dots,
    Infix,
    Listing,
    Math,
    Name,
    Relation,
    Shape,
    Times,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import (
    Block,
    Citation,
    Content,
    Display,
    Paragraph,
    Section,
    TableBlock,
)
from symtconv.geometry import Axis

SHI = Citation("Shi et al., arXiv:1609.07009", "https://arxiv.org/abs/1609.07009")
MOST_PHASES = 9


def subpixel_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Part the taps into phases, list them, state the interleaved convolutions, and work one pixel out."""
    conv, letters = story.conv, story.notation
    v, r = Name(letters.v), Name(own.r)
    lo = [-axis.lo for axis in conv.axes]
    ones = (1,) * conv.ndim
    parted = Relation("m", "=", place(story, lo, (conv.stride, own.q), (ones, own.r), plain=(own.q, own.r)))
    opening: list[Piece] = [
        "Write ", parted, " with ", Relation(0, "<=", r, "<", "s"), ". Only the taps ", Name("j"), " with ",
        _congruent(story, own), " reach such a pixel: those of phase ", r, ". So each of the ",
        *_phase_count(story), " phases is a stride-1 convolution of ", v, " with few taps, and their outputs are "
        "interleaved ", SHI, ".",
    ]  # fmt: skip
    if letters.base:
        opening += [" The numbers ", Listing(own.q, own.r, own.t), " count from 0."]
    blocks: list[Block] = [Paragraph(tuple(opening)), *_tables(story, own)]
    taps = prod(conv.kernel_size)
    if taps > 1:
        blocks.append(Paragraph(f"Each of the {taps} taps belongs to one phase."))
    zeros = (0,) * conv.ndim
    weight = marked_weight(story, "hat", place(story, zeros, (conv.stride, own.t), (ones, own.r), plain=(own.t, own.r)))
    pixel = story.small_at(
        letters.v, place(story, zeros, (ones, own.q), ([-1] * conv.ndim, own.t), plain=(own.q, own.t))
    )
    right = place(story, lo, (conv.stride, own.q), (ones, own.r), plain=(own.q, own.r))
    left = story.large_at(letters.z, right)
    opens: tuple[Piece, ...] = (
        "For all ", v, " and ", Name(letters.w), ", ", Relation(Name(letters.z), "=", Transpose(letters.C) * v),
        " has the pixels",
    )  # fmt: skip
    statement = (Paragraph(opens), Display(Relation(left, "=", summed(story, own.t, weight * pixel))))
    spread = "" if set(conv.dilation) == {1} else " The hat spreads the kernel, with zeros between its taps."
    reason = Paragraph((
        "Tap ", Name("j"), " of stamp ", Name("i"), " lands on this pixel where ",
        Relation(_product(conv.stride, "i") + _product(conv.dilation, "j"), "=", _product(conv.stride, own.q) + own.r),
        " (counted from 0). That forces the phase of ", Name("j"), ", and ",
        Relation("i", "=", Name(own.q) - Name(own.t)), " for ",
        Relation(_product(conv.dilation, "j"), "=", _product(conv.stride, own.t) + own.r), f".{spread}",
    ))  # fmt: skip
    blocks += stated(story, "subpixel", "sub-pixel convolution", statement, (reason,), pixels_compared(story))
    return Section("One small convolution a phase", (*blocks, *_worked(worked, own)), level=2)


def _product(factors: tuple[int, ...], letter: str) -> Math:
    if len(set(factors)) > 1:
        return Times(Tuple(*factors), letter)
    return as_math(letter) if factors[0] == 1 else Times(factors[0], letter)


def _congruent(story: Story, own: Letters) -> Math:
    """Write d j = r mod s, j counted from 0."""
    base = story.notation.base
    j: Math = Name("j") - base if base else Name("j")
    return Relation(Infix("mod", Times("d", j), "s"), "=", own.r)


def _phase_count(story: Story) -> tuple[Piece, ...]:
    strides = story.conv.stride
    return (Relation(Shape(*strides), "=", prod(strides)),) if len(strides) > 1 else (str(strides[0]),)


def taps_of_phase(axis: Axis, r: int) -> range:
    """List the taps j with d*j = r mod s.

    >>> [list(taps_of_phase(Axis(9, 4, 3, 2, 1, 0, 0), r)) for r in (0, 1)]
    [[0, 2], [1]]
    """
    common = gcd(axis.stride, axis.dilation)
    if r % common:
        return range(0)
    step = axis.stride // common
    first = r // common * pow(axis.dilation // common, -1, step) % step
    return range(first, axis.kernel_size, step)


def outputs_of_phase(axis: Axis, r: int) -> range:
    """List the pixels m of the large side with m + lo = r mod s."""
    return range((r - axis.lo) % axis.stride, axis.large, axis.stride)


def _tables(story: Story, own: Letters) -> list[Block]:
    """List all phases with their taps where there are few, else those of each axis."""
    axes = story.conv.axes
    if len(axes) > 1 and prod(story.conv.stride) <= MOST_PHASES:
        return [_table(story, own, axes, [tuple(p) for p in product(*(range(axis.stride) for axis in axes))])]
    blocks: list[Block] = []
    for names, axis in distinct_axes(story):
        words = f"On {names}:" if names else "On each axis (the phases of the layer are tuples of these):"
        blocks += [Paragraph(words)] if len(axes) > 1 else []
        chosen = [None if r is None else (r,) for r in elide(axis.stride, MOST_PHASES)]
        blocks.append(_table(story, own, (axis,), chosen))
    return blocks


def _table(story: Story, own: Letters, axes: tuple[Axis, ...], chosen: Sequence[Place | None]) -> TableBlock:
    header: tuple[Content, ...] = (
        ("phase ", Name(own.r)), ("pixels ", Name("m")), ("taps ", Name("j")), "kernel", "taps a pixel",
    )  # fmt: skip
    rows: list[tuple[Content, ...]] = []
    for r in chosen:
        if r is None:
            rows.append((Dots("v"),) * len(header))
            continue
        outputs = [outputs_of_phase(axis, at) for axis, at in zip(axes, r, strict=True)]
        taps = [taps_of_phase(axis, at) for axis, at in zip(axes, r, strict=True)]
        sizes = [len(found) for found in taps]
        rows.append((
            _tuple(r), _listed(story, outputs), _listed(story, taps), Shape(*sizes) if prod(sizes) else "none",
            str(prod(sizes)),
        ))  # fmt: skip
    return TableBlock(header, tuple(rows))


def _tuple(values: Place) -> Math:
    return Tuple(*values) if len(values) > 1 else as_math(values[0])


def _listed(story: Story, ranges: list[range]) -> Content:
    """List the first places of a product of ranges, as they are counted in the notation."""
    count = prod(len(found) for found in ranges)
    if not count:
        return "none"
    shown = [tuple(p) for p, _ in zip(product(*(found[:4] for found in ranges)), range(4), strict=False)]
    items: list[Math] = [_tuple(story.counted(p)) for p in shown[: 4 if count <= 4 else 3]]
    return Listing(*items, *([Dots("low")] if count > len(items) else []))


def phase_terms(worked: WorkedPixel) -> list[Term]:
    """List the pairs of tap and pixel of the convolution of the worked pixel's phase, t ascending."""
    met = []
    for axis, m in zip(worked.story.conv.axes, worked.at, strict=True):
        q, r = divmod(m + axis.lo, axis.stride)
        found = []
        for j in taps_of_phase(axis, r):
            i = q - (axis.dilation * j - r) // axis.stride
            if 0 <= i < axis.small:
                found.append((j, i))
        met.append(found)
    return [(tuple(j for j, _ in pairs), tuple(i for _, i in pairs)) for pairs in product(*met)]


def _worked(worked: WorkedPixel, own: Letters) -> list[Block]:
    """Give quotient and phase of one pixel, and add up its taps."""
    axes = worked.story.conv.axes
    parts = [divmod(m + axis.lo, axis.stride) for axis, m in zip(axes, worked.at, strict=True)]
    q, r = (tuple(part[side] for part in parts) for side in (0, 1))
    return [
        Paragraph(("Pixel ", worked.name, " has ", Relation(own.q, "=", _tuple(q)), " and phase ",
                   Relation(own.r, "=", _tuple(r)), ":")),
        Display(worked.equals(phase_terms(worked))),
    ]  # fmt: skip
