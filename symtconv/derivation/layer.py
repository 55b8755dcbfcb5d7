"""The first section: the layer, its sizes with the arithmetic written out, and the proof that sizes come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symtconv.derivation.notation import Piece, Story, shape_of, size_words
from symtconv.document.mathematics import (
    Accent,
    Floor,
    Infix,
    Listing,
    Math,
    Name,
    Negative,
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
    Derivation,
    Paragraph,
    ProofBlock,
    Section,
    Step,
    TableBlock,
    Theorem,
)
from symtconv.geometry import Axis

DUMOULIN_VISIN = Citation("Dumoulin & Visin, arXiv:1603.07285", "https://arxiv.org/abs/1603.07285")


def title(story: Story) -> Content:
    """Say what the layer does, in one line."""
    conv = story.conv
    small, large = shape_of(conv.small_shape), shape_of(conv.large_shape)
    kernel: tuple[Piece, ...] = (f"{conv.kernel_size[0]}-tap",) if conv.ndim == 1 else (shape_of(conv.kernel_size),)
    start, end = (small, large) if story.layer.transposed else (large, small)
    if story.layer.transposed:
        bigger = all(n > o for n, o in zip(conv.large_shape, conv.small_shape, strict=True))
        verb = "Upsampling " if bigger else "Transposed convolution "
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
    """Name the layer and compute its sizes, axis by axis."""
    conv, letters = story.conv, story.notation
    small, large = size_words(conv.small_shape), size_words(conv.large_shape)
    if story.layer.transposed:
        opening: tuple[Piece, ...] = (
            "The layer takes an input ", Name(letters.v), " of ", *small, " to an output ", Name(letters.z),
            " of ", *large, ". It is the transpose of the convolution that takes an input ", Name(letters.x),
            " of ", *large, " to an output ", Name(letters.y), " of ", *small, ".",
        )  # fmt: skip
    else:
        opening = (
            "The layer is a convolution; it takes an input ", Name(letters.x), " of ", *large, " to an output ",
            Name(letters.y), " of ", *small, ". Its transpose takes an input ", Name(letters.v), " of ", *small,
            " to an output ", Name(letters.z), " of ", *large, ".",
        )  # fmt: skip
    convention = " As in every deep-learning framework, convolution means cross-correlation: the kernel is not flipped."
    blocks: list[Block] = [Paragraph((*opening, *_channel_words(story), convention)), _table(story)]
    for names, axis in distinct_axes(story):
        if names:
            blocks.append(Paragraph((f"On {names}:",)))
        blocks.append(Derivation(tuple(_sizes(axis))))
    blocks.append(Paragraph(_same_output(story)))
    return Section("The layer and its sizes", tuple(blocks))


def _channel_words(story: Story) -> tuple[Piece, ...]:
    conv = story.conv
    if story.single:
        return ()
    words = f" The large side has {_counted(conv.large_channels, 'channel')}, the small side {conv.small_channels}"
    if conv.groups > 1:
        words += (
            f"; they fall into {conv.groups} groups, and a group of {conv.small_channels // conv.groups} on the small "
            f"side sees only its own {conv.large_channels // conv.groups} on the large one"
        )
    return (words + ".",)


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
    yield Step(outputs, "=", Floor(Quotient(Sum("n", "lo", "hi", -Name("K")), "s")) + 1, "outputs that fit")
    worked = Relation(
        Floor(Quotient(Sum(n, lo, hi, -span), s)) + 1, "=", Floor(Quotient(free, s)) + 1, "=", axis.formula_size
    )
    yield Step(None, "=", worked)
    back = Sum(Times("s", Sum("o", -1)), "K", -Name("lo"), -Name("hi"))
    numbers = Sum(Infix("cdot", s, Sum(o, -1)), span, Negative(lo), Negative(hi))
    if axis.small == axis.formula_size:
        mod = Infix("mod", Sum("n", "lo", "hi", -Name("K")), "s")
        yield Step("a", "=", Relation(mod, "=", Infix("mod", free, s), "=", axis.remainder), "left unread")
        yield Step("n", "=", Relation(back + "a", "=", numbers + axis.remainder, "=", n), "and back")
    else:
        yield Step("o", "=", axis.small, "outputs kept")
        yield Step("a", "=", Relation(Sum("n", Negative(back)), "=", axis.output_padding), "output padding")


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
                f"The large sizes {sizes[0]} {'and' if len(sizes) == 2 else 'to'} {sizes[-1]} all have the small size ",
                Relation("o", "=", axis.small),
                f"{where}; output_padding tells them apart, and here it is {axis.output_padding}. ",
            ]  # fmt: skip
    if all(axis.small == axis.formula_size for axis in conv.axes):
        words += ["The formulas generalise relationships 14 and 15 of ", DUMOULIN_VISIN, "."]
    return tuple(words)


def size_section(story: Story) -> Section:
    """Prove that the size comes back, n = s(o-1) + K - lo - hi + a, with this layer's numbers."""
    if story.proof("size-round-trip") is None:
        text = (
            "The layer keeps fewer outputs than its formula gives, so the large size does not follow from the small "
            "one and the remainder; output_padding says what is missing."
        )
        return Section("The size, there and back", (Paragraph(text),))
    free = Sum("n", "lo", "hi", -Name("K"))
    statement = Relation("n", "=", Sum(Times("s", Sum("o", -1)), "K", -Name("lo"), -Name("hi"), "a"))
    proof: list[Block] = []
    for names, axis in distinct_axes(story):
        value = axis.large + axis.lo + axis.hi - axis.effective_kernel
        quotient, remainder = divmod(value, axis.stride)
        division = Relation(free, "=", value, "=", Times(axis.stride, quotient) + remainder)
        where = f" on {names}" if names else ""
        proof.append(Paragraph((
            f"Division with remainder by the stride{where} gives ", division, " with ",
            Relation(0, "<=", remainder, "<", axis.stride), ", so the quotient is ",
            Relation(Sum("o", -1), "=", quotient), " and the remainder ", Relation("a", "=", remainder), ". Then",
        )))  # fmt: skip
        span, lo, hi = axis.effective_kernel, axis.lo, axis.hi
        numbers = Sum(Times(axis.stride, quotient), span, Negative(lo), Negative(hi), remainder)
        proof.append(Derivation((
            Step(Sum(Times("s", Sum("o", -1)), "K", -Name("lo"), -Name("hi"), "a"), "=", numbers, "put in the numbers"),
            Step(None, "=", Sum(value, span, Negative(lo), Negative(hi)), "the dividend comes back"),
            Step(None, "=", Relation(axis.large, "=", "n"), "add up"),
        )))  # fmt: skip
    theorem = Theorem(
        "Theorem", "the size, there and back, for this layer", (Paragraph(("On each axis ", statement, ".")),)
    )
    return Section("The size, there and back", (theorem, ProofBlock(tuple(proof))))
