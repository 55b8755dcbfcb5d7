"""Sub-pixel convolution: one small stride-1 convolution a phase, whose outputs are interleaved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import gcd, prod

from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.places import Letters, marked_weight, place, summed
from symtconv.derivation.statement import stated
from symtconv.derivation.workedpixel import Place, WorkedPixel
from symtconv.document.elision import elide
from symtconv.document.mathematics import (
    Accent,
    BigSum,
    Dots,
    Infix,
    Listing,
    Math,
    Name,
    Relation,
    Set,
    Shape,
    Sum,
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
from symtconv.document.words import counted_word
from symtconv.geometry import Axis, Conv

SHI = Citation("Shi et al., arXiv:1609.07009", "https://arxiv.org/abs/1609.07009")
MOST_PHASES = 9


def subpixel_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Part the taps into phases, list them, state the interleaved convolutions, and place one pixel among them."""
    conv, letters = story.conv, story.notation
    v, r = Name(letters.v), Name(own.r)
    lo = [-axis.lo for axis in conv.axes]
    ones = (1,) * conv.ndim
    parted = Relation("m", "=", place(story, lo, (conv.stride, own.q), (ones, own.r), plain=(own.q, own.r)))
    opening: list[Piece] = [
        "Write ", parted, " with ", Relation(0, "<=", r, "<", "s"), ". Only the taps ", Name("j"), " with ",
        _congruent(story, own), " reach such a pixel: those of phase ", r, ". So the pixels of each of the ",
        *_phase_count(story), " phases are ", *_kind(story), "; the phases are interleaved ", SHI, ".",
        *_numbering(story, own),
    ]  # fmt: skip
    blocks: list[Block] = [Paragraph(tuple(opening)), *_tables(story, own)]
    blocks.append(Paragraph(" ".join(_counts(conv))))
    zeros = (0,) * conv.ndim
    single = all(axis.effective_kernel <= axis.stride for axis in conv.axes)
    spread = place(story, zeros, (conv.stride, own.t), (ones, own.r), plain=(own.t, own.r))
    back = place(story, zeros, (ones, own.q), ([-1] * conv.ndim, own.t), plain=(own.q, own.t))
    if single:
        spread, back = (place(story, zeros, (ones, letter), plain=(letter,)) for letter in (own.r, own.q))
    product_there = marked_weight(story, "hat", spread) * story.small_at(letters.v, back)
    right = place(story, lo, (conv.stride, own.q), (ones, own.r), plain=(own.q, own.r))
    left = story.large_at(letters.z, right)
    opens: tuple[Piece, ...] = (
        "For all ", v, " and ", Name(letters.w), ", ", Relation(Name(letters.z), "=", Transpose(letters.C) * v),
        " has the pixels",
    )  # fmt: skip
    total = _over_channels(story, product_there) if single else summed(story, own.t, product_there)
    statement = (Paragraph(opens), Display(Relation(left, "=", total)), Paragraph(_ranges(story, own, single=single)))
    only: tuple[Piece, ...] = (" As ", Relation("K", "<=", "s"), ", ", Relation(own.t, "=", 0), ".") if single else ()
    reason = Paragraph((
        "Tap ", Name("j"), " of the stamp of pixel ", Name("i"), " lands on this pixel where ",
        Relation(_product(conv.stride, "i") + _product(conv.dilation, "j"), "=", _product(conv.stride, own.q) + own.r),
        f"{' (all counted from 0)' if letters.base else ''}. That forces the phase of ", Name("j"), ": ",
        Relation(_product(conv.dilation, "j"), "=", _product(conv.stride, own.t) + own.r), " for some ", Name(own.t),
        ", and then ", Relation("i", "=", Name(own.q) - Name(own.t)), ".",
        *only,
    ))  # fmt: skip
    blocks += stated(story, "subpixel", "sub-pixel convolution", statement, (reason,))
    return Section("A small convolution for each phase", (*blocks, *_worked(worked, own)), level=2)


def _kind(story: Story) -> tuple[Piece, ...]:
    """Say what the pixels of a phase are: with one tap a 1x1 convolution, else one with the flipped phase kernel."""
    conv, v = story.conv, Name(story.notation.v)
    if all(most_taps(axis) == 1 for axis in conv.axes):
        if story.single:
            return (v, ", times the one weight of that phase")
        return ("a ", Shape(*(1,) * conv.ndim), " convolution of ", v)
    return ("a stride-1 convolution of ", v, " with the taps of that phase, flipped")


def most_taps(axis: Axis) -> int:
    """Count the taps of the phase that has most: every s / gcd(s, d)-th tap, from tap 0."""
    return len(taps_of_phase(axis, 0))


def _counts(conv: Conv) -> list[str]:
    """Say that every tap has its phase, and how many phases have none."""
    taps = prod(conv.kernel_size)
    words = [f"Each of the {taps} taps belongs to one phase." if taps > 1 else "The tap belongs to one phase."]
    empty = prod(conv.stride) - prod(phases_with_taps(axis) for axis in conv.axes)
    if empty:
        number = counted_word(empty).capitalize()
        words.append(f"{number} phase{'s have' if empty > 1 else ' has'} no tap: the pixels there are 0.")
    return words


def phases_with_taps(axis: Axis) -> int:
    """Count the phases that a tap has: k, but no more than s / gcd(s, d)."""
    return min(axis.kernel_size, axis.stride // gcd(axis.stride, axis.dilation))


def _numbering(story: Story, own: Letters) -> tuple[Piece, ...]:
    if not story.notation.base:
        return ()
    return (" The numbers ", Listing(own.q, own.r, own.t), " count from 0.")


def _over_channels(story: Story, body: Math) -> Math:
    return body if story.single else BigSum(story.c_small, None, body)


def _ranges(story: Story, own: Letters, *, single: bool) -> tuple[Piece, ...]:
    """Say what the sum runs over, and what lies outside."""
    v, w = Name(story.notation.v), Name(story.notation.w)
    runs: tuple[Piece, ...] = ("where ",)
    if not single:
        reached = Relation(0, "<=", Sum(Times("s", own.t), own.r), "<", "K")
        runs = ("where ", Name(own.t), " runs over the numbers with ", reached, ", ")
    hat: tuple[Piece, ...] = (" and ", w, " is 0 outside its taps.")
    if set(story.conv.dilation) != {1}:
        hat = (" and ", Accent(w, "hat"), " is the kernel with zeros between its taps, and 0 outside.")
    return (*runs, v, " is 0 outside its pixels", *hat)


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


def _listed(story: Story, ranges: list[range]) -> str | Math:
    """List the places of a product of ranges, as they are counted in the notation: {0, 2} x {1, 3}."""
    if not all(ranges):
        return "none"
    if all(len(found) == 1 for found in ranges):
        return _tuple(story.counted(found[0] for found in ranges))
    if len(ranges) == 1:
        return Listing(*_places(story, ranges[0], 8))
    return Infix("times", *(Set(*_places(story, found, 4)) for found in ranges))


def _places(story: Story, found: range, most: int) -> list[Math]:
    """Write the places of a range; of a long one the first, dots and the last."""
    shown = elide(len(found), most)
    return [Dots("low") if number is None else as_math(story.counted((found[number],))[0]) for number in shown]


def _worked(worked: WorkedPixel, own: Letters) -> list[Block]:
    """Give quotient and phase of one pixel, and say that its taps give the sum from the matrix."""
    axes = worked.story.conv.axes
    parts = [divmod(m + axis.lo, axis.stride) for axis, m in zip(axes, worked.at, strict=True)]
    q, r = (tuple(part[side] for part in parts) for side in (0, 1))
    opening: tuple[Piece, ...] = (
        "Pixel ", worked.name, " has ", Relation(own.q, "=", _tuple(q)), " and phase ", Relation(own.r, "=", _tuple(r)),
    )  # fmt: skip
    taps = [taps_of_phase(axis, at) for axis, at in zip(axes, r, strict=True)]
    if not all(taps):
        return [Paragraph((*opening, ", which has no tap."))]
    several = prod(len(found) for found in taps) > 1
    return [Paragraph((
        *opening, f"; the tap{'s' if several else ''} ", _listed(worked.story, taps),
        f" of this phase give{'' if several else 's'} the sum from the matrix.",
    ))]  # fmt: skip
