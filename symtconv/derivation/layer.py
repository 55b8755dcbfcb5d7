"""The first section: the layer, its sizes with the arithmetic written out, and the proof that sizes come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

from symtconv.derivation.givenweights import given_weights
from symtconv.derivation.notation import Piece, Story, shape_of, size_words
from symtconv.document.mathematics import (
    Accent,
    Floor,
    Infix,
    Inner,
    Listing,
    Math,
    Name,
    Negative,
    Operator,
    Quotient,
    Relation,
    Sum,
    Times,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import (
    Block,
    Citation,
    Code,
    Content,
    Derivation,
    Paragraph,
    ProofBlock,
    Section,
    Step,
    TableBlock,
    Theorem,
)
from symtconv.document.words import WORDS
from symtconv.geometry import Axis

OUTPUT_PADDING: Content = (Code("output_padding"), ", pixels left unread")
DUMOULIN_VISIN = Citation("Dumoulin & Visin, arXiv:1603.07285", "https://arxiv.org/abs/1603.07285")


def title(story: Story) -> Content:
    """Say what the layer does, in one line."""
    conv = story.conv
    small, large = shape_of(conv.small_shape), shape_of(conv.large_shape)
    kernel: tuple[Piece, ...] = (f"{conv.kernel_size[0]}-tap",) if conv.ndim == 1 else (shape_of(conv.kernel_size),)
    start, end = (small, large) if story.layer.transposed else (large, small)
    if story.layer.transposed:
        verb = "Transposed convolution "
    else:
        verb = "Convolution "
    words: list[Piece] = [
        verb,
        Relation(start, "to", end),
        f" with {_article(conv.kernel_size[0])} ",
        *kernel,
        " kernel",
    ]
    if any(s != 1 for s in conv.stride):
        words += [", stride ", _one_or_all(conv.stride)]
    if any(d != 1 for d in conv.dilation):
        words += [", dilation ", _one_or_all(conv.dilation)]
    if not story.single:
        words.append(f", {story.layer.in_channels} to {story.layer.out_channels} channels")
    if conv.groups > 1:
        words.append(f" in {conv.groups} groups")
    if conv.padding_mode != "zeros":
        words.append(f", {conv.padding_mode} padding")
    return tuple(words)


def _article(number: int) -> str:
    """Give the article before a number, as it is spoken."""
    return "an" if number in (11, 18) or str(number).startswith("8") else "a"


def _one_or_all(values: Sequence[int]) -> Math:
    return as_math(values[0]) if len(set(values)) == 1 else Tuple(*values)


def layer_section(story: Story) -> Section:
    """Name the layer, tell what its transpose does, and compute its sizes, axis by axis."""
    blocks: list[Block] = [Paragraph((*_opening(story), *_matrix_words(story)))]
    blocks += [Paragraph(_letter_words(story)), *given_weights(story), Paragraph(_pad_words(story)), _table(story)]
    for names, axis in distinct_axes(story):
        if names:
            blocks.append(Paragraph((f"On {names}:",)))
        blocks.append(Derivation(tuple(_sizes(axis))))
    blocks.append(Paragraph(_same_output(story)))
    return Section("The layer and its sizes", tuple(blocks))


def _opening(story: Story) -> tuple[Piece, ...]:
    """Say what the layer takes to what, and what the transposed convolution does with a pixel."""
    conv, letters = story.conv, story.notation
    v, w = Name(letters.v), Name(letters.w)
    start: tuple[Piece, ...] = (" an input ", v, " of ", *size_words(conv.small_shape))
    end: tuple[Piece, ...] = (" to an output ", Name(letters.z), " of ", *size_words(conv.large_shape))
    if story.layer.transposed:
        words: tuple[Piece, ...] = ("The layer is a transposed convolution: it takes", *start, *end, *_channels(story))
    else:
        words = (
            "The layer is a convolution: it takes an input ", Name(letters.x), " of ", *size_words(conv.large_shape),
            " to an output ", Name(letters.y), " of ", *size_words(conv.small_shape), *_channels(story),
            ". Its transpose, the transposed convolution, takes", *start, *end, *_transposed_channels(story),
        )  # fmt: skip
    return (
        *words, ". Each pixel of ", v, " is multiplied by the whole kernel ", w, ", of ", *_taps(conv.kernel_size),
        f", which makes a stamp; the stamps are laid {_apart(conv.stride, 'stride')}",
        *((f", the weights of a stamp {_apart(conv.dilation, 'dilation')}",) if set(conv.dilation) != {1} else ()),
        f", {_meeting(story)}{_border(story)}.",
    )  # fmt: skip


def _taps(sizes: Sequence[int]) -> tuple[Piece, ...]:
    return (shape_of(sizes),) if len(sizes) > 1 else (_counted(sizes[0], "weight"),)


def _apart(steps: Sequence[int], name: str) -> str:
    if len(set(steps)) > 1:
        return f"{', '.join(map(str, steps[:-1]))} and {steps[-1]} pixels apart, axis by axis (the {name})"
    return "one pixel apart" if steps[0] == 1 else f"{steps[0]} pixels apart (the {name})"


def _meeting(story: Story) -> str:
    """Say that stamps are summed, and whether they meet at all within a channel."""
    if story.conv.padding_mode == "zeros" and all(map(_apart_on, story.conv.axes)):
        if story.single:
            return "so that no two of them share a pixel"
        return "so that only stamps of different channels are added"
    return "and added where they overlap"


def _apart_on(axis: Axis) -> bool:
    """Tell whether no two stamps share a pixel of an axis."""
    step = lcm(axis.stride, axis.dilation)
    return step // axis.dilation >= axis.kernel_size or step // axis.stride >= axis.small


def _border(story: Story) -> str:
    """Say what becomes of the border of the canvas."""
    conv = story.conv
    ends = [(axis.lo, axis.hi - axis.output_padding) for axis in conv.axes]
    if not any(map(any, ends)):
        return ""
    if conv.padding_mode != "zeros":
        return f"; the border is folded back into the image ({conv.padding_mode} padding)"
    flat = [end for pair in ends for end in pair]
    words = "; a border of what they cover is cropped" if max(flat) > 0 else ""
    words += "; where the output reaches beyond them it is 0" if min(flat) < 0 else ""
    return words


def _matrix_words(story: Story) -> tuple[Piece, ...]:
    """Say what both layers are in matrices, and that one is the gradient of the other."""
    conv, letters = story.conv, story.notation
    C, x, y, v = (Name(letter) for letter in (letters.C, letters.x, letters.y, letters.v))
    product = Relation(Name(letters.z), "=", Transpose(C) * v)
    forward = Relation(y, "=", C * x)
    gradient: tuple[Piece, ...] = ("the gradient of ", Inner(v, y), " by ", x)
    if story.layer.transposed:
        return (
            " In matrices it is ", product, ", where ", C, " is the matrix of the convolution ", forward,
            " that takes ", x, " of ", *size_words(conv.large_shape), " to ", y, " of ", *size_words(conv.small_shape),
            "; so it is ", *gradient, ".",
        )  # fmt: skip
    return (
        " In matrices the convolution is ", forward, " and the transposed one ", product, "; so ", Transpose(C) * v,
        " is ", *gradient, ".",
    )  # fmt: skip


def _letter_words(story: Story) -> tuple[Piece, ...]:
    """Define weights, taps and indices."""
    conv, letters = story.conv, story.notation
    C, w = Name(letters.C), Name(letters.w)
    kind = {1: "numbers", 2: "pairs (row, column)", 3: "triples (plane, row, column)"}
    pairs = "" if story.single else " and each pair of channels that it joins"
    weight = (" ", Name(letters.w, "j")) if story.single else ()
    words: list[Piece] = [
        "The kernel has a weight", *weight, " for each tap ", Name("j"), pairs, ". A tap ", Name("j"),
        ", an output ", Name("i"), " and a pixel ", Name("m"), f" are {kind.get(conv.ndim, f'{conv.ndim}-tuples')}, "
        f"counted from {letters.base}", "; they are added and multiplied axis by axis." if conv.ndim > 1 else ".",
    ]  # fmt: skip
    seen: tuple[Piece, ...] = ("channel ", Name("b"), " of ", Name(letters.x), ".")
    if conv.groups > 1:
        seen = ("the ", Name("b"), "-th channel of ", Name(letters.x), " in its group.")
    if not story.single:
        words += [
            " Channels are indices in front: ", story.large_at(letters.x), " is pixel ", Name("m"), " of channel ",
            story.c, ", ", story.small_at(letters.y), " output ", Name("i"), " of channel ", story.c_small, ", and ",
            story.w_summed(), " the weight of channel ", story.c_small, " of ", Name(letters.y), " for ", *seen,
        ]  # fmt: skip
    return (
        *words, " Where no confusion arises ", C * Name(letters.x), " stands for ", C * Operator("vec", letters.x),
        ", the arrays listed as vectors. Convolution means cross-correlation, as usual in deep learning: the kernel ",
        w, " is not flipped.",
    )  # fmt: skip


def _pad_words(story: Story) -> tuple[Piece, ...]:
    """Define the pads."""
    x = Name(story.notation.x)
    words: list[Piece] = ["The convolution pads ", x, " by ", Name("lo"), " pixels before and ", Name("hi"), " after"]
    words.append(" on each axis" if story.conv.ndim > 1 else "")
    if any(axis.lo < 0 or axis.hi < 0 for axis in story.conv.axes):
        words.append("; a negative pad crops instead")
    if story.conv.padding_mode != "zeros":
        words.append(f", in {story.conv.padding_mode} mode")
    return (*words, ".")


def _channels(story: Story) -> tuple[Piece, ...]:
    conv = story.conv
    if story.single:
        return ()
    small, large = (Name(letter) for letter in (story.notation.v, story.notation.z))
    if not story.layer.transposed:
        small, large = Name(story.notation.y), Name(story.notation.x)
    counts = _counted(conv.large_channels, "channel"), _counted(conv.small_channels, "channel")
    words: tuple[Piece, ...] = (", where ", large, f" has {counts[0]} and ", small, f" {counts[1]}")
    if conv.groups > 1:
        each = conv.large_channels // conv.groups, conv.small_channels // conv.groups
        words += (f", in {conv.groups} groups of {each[0]} and {each[1]} that do not meet",)
    return words


def _transposed_channels(story: Story) -> tuple[Piece, ...]:
    """Say how many channels v and z have, where the layer is the convolution."""
    if story.single:
        return ()
    conv, letters = story.conv, story.notation
    return (
        ", where ", Name(letters.v), f" has {_counted(conv.small_channels, 'channel')} and ", Name(letters.z),
        f" {_counted(conv.large_channels, 'channel')}",
    )  # fmt: skip


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _table(story: Story) -> TableBlock:
    header: tuple[Content, ...] = (
        "axis", ("large ", Name("n")), ("small ", Name("o")), ("kernel ", Name("k")), ("stride ", Name("s")),
        ("dilation ", Name("d")), ("padding ", Tuple("lo", "hi")),
    )  # fmt: skip
    rows: list[tuple[Content, ...]] = []
    for names, axis in distinct_axes(story):
        sizes = (axis.large, axis.small, axis.kernel_size, axis.stride, axis.dilation)
        rows.append((names or "each", *(Listing(size) for size in sizes), Tuple(axis.lo, axis.hi)))
    if story.conv.ndim == 1:
        return TableBlock(header[1:], (rows[0][1:],))
    return TableBlock(header, tuple(rows))


def distinct_axes(story: Story) -> Iterator[tuple[str, Axis]]:
    """Yield every axis that differs from the ones before, with the names of all that equal it ("" if all do)."""
    axes = story.conv.axes
    for axis in dict.fromkeys(axes):
        numbers = [str(number) for number, other in enumerate(axes) if other == axis]
        if len(numbers) == len(axes):
            yield "", axis
        else:
            yield f"axis {numbers[0]}" if len(numbers) == 1 else f"axes {' and '.join(numbers)}", axis


def _sizes(axis: Axis) -> Iterator[Step]:
    n, o, k, s, d, span = axis.large, axis.small, axis.kernel_size, axis.stride, axis.dilation, axis.effective_kernel
    lo, hi = axis.lo, axis.hi
    free = n + lo + hi - span
    yield Step(
        "K",
        "=",
        Relation(Times("d", Sum("k", -1)) + 1, "=", Infix("cdot", d, Sum(k, -1)) + 1, "=", span),
        "span of the kernel",
    )
    outputs: Math = Name("o") if axis.small == axis.formula_size else Accent("o", "prime")
    yield Step(outputs, "=", Floor(Quotient(Sum("n", "lo", "hi", -Name("K")), "s")) + 1, "number of outputs")
    worked = Relation(
        Floor(Quotient(Sum(n, lo, hi, -span), s)) + 1, "=", Floor(Quotient(free, s)) + 1, "=", axis.formula_size
    )
    yield Step(None, "=", worked)
    back = Sum(Times("s", Sum("o", -1)), "K", -Name("lo"), -Name("hi"))
    numbers = Sum(Infix("cdot", s, Sum(o, -1)), span, Negative(lo), Negative(hi))
    if axis.small == axis.formula_size:
        mod = Infix("mod", Sum("n", "lo", "hi", -Name("K")), "s")
        yield Step("a", "=", Relation(mod, "=", Infix("mod", free, s), "=", axis.remainder), OUTPUT_PADDING)
        yield Step("n", "=", Relation(back + "a", "=", numbers + axis.remainder, "=", n), "the large size again")
    else:
        yield Step("o", "=", axis.small, "outputs kept")
        yield Step("a", "=", Relation(Sum("n", Negative(back)), "=", axis.output_padding), OUTPUT_PADDING)


def _same_output(story: Story) -> tuple[Piece, ...]:
    conv = story.conv
    words: list[Piece] = []
    for number, (axis, sizes) in enumerate(zip(conv.axes, conv.same_output, strict=True)):
        if axis in conv.axes[:number]:
            continue
        where = "" if len(set(conv.axes)) == 1 else f" on axis {number}"
        if axis.small != axis.formula_size:
            words.append(
                f"The formula gives {axis.formula_size} outputs{where}, of which the first {axis.small} are kept. "
            )
        elif axis.stride == 1:
            words.append(f"With stride 1 no other input size has the same output{where}. ")
        elif len(sizes) > 1:
            words += [
                f"The large sizes {sizes[0]} {'and' if len(sizes) == 2 else 'to'} {sizes[-1]} "
                f"{'both' if len(sizes) == 2 else 'all'} have the small size ",
                Relation("o", "=", axis.small),
                f"{where}; ", Code("output_padding"), " ", Name("a"), " tells them apart, and here ",
                Relation("a", "=", axis.output_padding), ". ",
            ]  # fmt: skip
    if conv.padding_mode == "zeros" and all(axis.small == axis.formula_size for axis in conv.axes):
        words += ["The formulas generalise relationships 14 and 15 of ", DUMOULIN_VISIN, "."]
    return tuple(words)


def size_section(story: Story) -> Section:
    """Prove that the size comes back, n = s(o-1) + K - lo - hi + a with 0 <= a < s, and so which sizes share o."""
    title = "The size, there and back"
    if story.proof("size-round-trip") is None:
        text: Content = (
            "The layer keeps fewer outputs than its formula gives, so the large size does not follow from the small "
            "one and the remainder; ", Code("output_padding"), " says what is missing.",
        )  # fmt: skip
        return Section(title, (Paragraph(text),))
    free = Sum("n", "lo", "hi", -Name("K"))
    back = Relation("n", "=", Sum(Times("s", Sum("o", -1)), "K", -Name("lo"), -Name("hi"), "a"))
    bounds = Relation(0, "<=", "a", "<", "s")
    statement: Content = (
        "Let ", Relation(Sum("n", "lo", "hi"), ">=", "K"), ". With ",
        Relation("o", "=", Floor(Quotient(free, "s")) + 1), " and ",
        Relation("a", "=", Infix("mod", free, "s")), ", ", back, " and ", bounds,
        *((" on each axis",) if story.conv.ndim > 1 else ()), ". Conversely, for given ", Relation("o", ">=", 1),
        " each ", Name("a"), " with ", bounds, " gives an ", Name("n"), " that has the small size ", Name("o"),
        ", if this ", Name("n"), " is at least 1.",
    )  # fmt: skip
    proof: list[Block] = [Paragraph((
        Sum("o", -1), " and ", Name("a"), " are quotient and remainder of ", free, " by ", Name("s"), ", so ",
        Relation(free, "=", Sum(Times("s", Sum("o", -1)), "a")), "; solve for ", Name("n"), ". Conversely, ",
        "division with remainder has only one quotient and one remainder.",
    ))]  # fmt: skip
    divisions: list[Piece] = ["Here "]
    for names, axis in distinct_axes(story):
        value = axis.large + axis.lo + axis.hi - axis.effective_kernel
        division = Sum(Infix("cdot", axis.stride, value // axis.stride), axis.remainder)
        divisions += [Relation(free, "=", value, "=", division), f" on {names}; " if names else "; "]
    divisions[-1] = str(divisions[-1])[:-2] + "."
    theorem = Theorem(WORDS.theorem, "the size, there and back", (Paragraph(statement),))
    return Section(title, (theorem, ProofBlock(tuple(proof)), Paragraph(tuple(divisions))))
