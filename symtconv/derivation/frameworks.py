"""The layer in the words of PyTorch, TensorFlow, Keras, JAX and ONNX: calls, each with the rule that makes it so."""

from __future__ import annotations

from keyword import iskeyword
from textwrap import wrap

from symtconv.derivation import frameworkcalls as calls
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.overlap import named_axes
from symtconv.document.mathematics import Infix, Name, Negative, Operator, Relation, Sum, Times
from symtconv.document.nodes import (
    Block,
    Citation,
    Code,
    CodeBlock,
    List,
    Listed,
    Paragraph,
    Section,
    Strong,
    TableBlock,
)
from symtconv.geometry import Axis

MODULES = {"torch", "tf", "keras", "jax", "lax", "onnx"}
WIDTH = 80
ISSUE = Citation("TensorFlow issue 69103", "https://github.com/tensorflow/tensorflow/issues/69103")
TAKEN = {"layer", "conv", "p"}
TITLE = "The layer in the frameworks' words"
NAMES = "PyTorch, TensorFlow, Keras, JAX and ONNX"
CHECKED = "PyTorch 2.13, TensorFlow 2.21 with Keras 3.15, JAX 0.10 and onnxruntime 1.32"


def frameworks_section(story: Story) -> Section:
    """Give the call that is exactly the transposed layer in each framework, or say why there is none."""
    conv = story.conv
    if conv.ndim > 3:
        words = f"{NAMES} have layers of one to three axes; this one has {conv.ndim}."
        return Section(TITLE, (Paragraph(words),))
    v, w = _variable(story.notation.v), _variable(story.notation.w)
    blocks: list[Block] = [Paragraph(_opening(story))]
    if conv.padding_mode != "zeros":
        return Section(TITLE, (*blocks, _code(calls.pytorch_gradient(conv, v, w))))
    found = (_pytorch(story, v, w), _tensorflow(story, v, w), _keras(story, v, w), _jax(story, v, w), _onnx(story))
    if not story.layer.transposed:
        x = _variable(story.notation.x)
        words = "The convolution itself, in PyTorch, with the same array of weights as its transpose below:"
        code = _code(calls.pytorch_convolution(conv, x, w))
        blocks = [Paragraph(words), code, Paragraph(("The transposed layer: ", *_opening(story)))]
    blocks += [List(tuple(item for item in found if item is not None)), *_shapes(story, v), _layouts(story)]
    return Section(TITLE, tuple(blocks))


def _variable(letter: str) -> str:
    """Name a variable of a program after a letter of the notation."""
    return f"{letter}_" if iskeyword(letter) or letter in MODULES | TAKEN else letter


def _opening(story: Story) -> tuple[Piece, ...]:
    if story.conv.padding_mode != "zeros":
        return (
            f"The transposed layers of {NAMES} have no {story.conv.padding_mode} padding. PyTorch's convolution has "
            "it, and its gradient by the input is the transposed layer:",
        )
    counted = "" if story.notation.base == 0 else ", both counted from 0,"
    return (
        "With zero padding a layer is settled by ", Name("k"), ", ", Name("s"), ", ", Name("d"), ", the groups, the "
        "first pad ", Name("lo"), " and the sizes ", Name("n"), " and ", Name("o"), ": tap ", Name("j"), " of pixel ",
        Name("i"), f"{counted} goes to ", Sum(Times("s", "i"), Times("d", "j"), Negative("lo")),
        " where that lies within the output. Two calls that agree in these compute the same.",
    )  # fmt: skip


def _item(name: str, words: tuple[Piece, ...], lines: calls.Lines | None) -> Listed:
    text = Paragraph((Strong(name), ". ", *words))
    return Listed((text, _code(lines)) if lines else (text,))


def _code(lines: calls.Lines) -> CodeBlock:
    """Show lines of code; a long one is broken after a comma."""
    broken = [
        part
        for line in lines
        for part in wrap(line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    ]
    return CodeBlock("\n".join(broken))


def _pytorch(story: Story, v: str, w: str) -> Listed:
    conv = story.conv
    found = calls.pytorch(conv, v, w)
    rule: list[Piece] = [
        "One padding crops both ends, so it must be ", Name("lo"), "; then ", Code("output_padding"), " must be ",
        Sum("n", Negative(Sum(Times("s", Sum("o", -1)), "K", Negative(Times(2, "lo"))))), ", at least 0 and below ",
        Operator("max", "s", "d"), ". ",
    ]  # fmt: skip
    for names, axis in named_axes(story):
        rule += _padding(names, axis)
    if found is not None:
        return _item("PyTorch", tuple(rule), found)
    rule += ["So ", Code(f"torch.nn.ConvTranspose{conv.ndim}d"), " alone has no parameters for this layer. Without "]
    rule += ["padding, and cropped afterwards, it is:"]
    return _item("PyTorch", tuple(rule), calls.pytorch_cropped(conv, v, w))


def _padding(names: str, axis: Axis) -> tuple[Piece, ...]:
    """Work output_padding out on an axis, and say what forbids it."""
    where = f" on {names}" if names else ""
    if axis.lo < 0:
        return (f"Here{where} ", Relation("lo", "=", axis.lo), ", a negative padding. ")
    found = calls.pytorch_output_padding(axis)
    inner = Sum(Infix("cdot", axis.stride, axis.small - 1), axis.effective_kernel, Negative(2 * axis.lo))
    value = Relation(Sum(axis.large, Negative(inner)), "=", found)
    above = found >= max(axis.stride, axis.dilation)
    return (
        f"Here{where} ",
        value,
        ", which is below 0. " if found < 0 else ", which is too large. " if above else ". ",
    )


def _tensorflow(story: Story, v: str, w: str) -> Listed | None:
    """Give the call; nothing for dilation on three axes, which was not tried."""
    conv = story.conv
    found = calls.tensorflow(conv, v, w)
    if found is None:
        if conv.groups > 1:
            name = Code(f"tf.nn.conv{conv.ndim}d_transpose")
            return _item(
                "TensorFlow",
                (
                    name,
                    " has no groups.",
                ),
                None,
            )
        if conv.ndim == 3 and max(conv.dilation) > 1:
            return None
        return _item("TensorFlow", ("The paddings of one call do not reach this layer.",), None)
    rule = "The output's shape is always given. SAME and VALID name the pads of the convolution."
    if found[0].endswith("]"):
        rule = "Neither SAME nor VALID has these pads; VALID and a crop do."
    elif "[[" in found[0]:
        rule = "Neither SAME nor VALID has these pads; pads in numbers do."
    if max(conv.dilation) == 1:
        return _item("TensorFlow", (rule,), found)
    runs = " With dilation, version 2.21 runs this on the CPU; 2.14 refused it there "
    return _item("TensorFlow", (rule, runs, ISSUE, "."), found)


def _keras(story: Story, v: str, w: str) -> Listed | None:
    """Give the layer; nothing for dilation without a stride, which was not tried."""
    conv = story.conv
    found = calls.keras(conv, v, w)
    if found is not None:
        return _item("Keras", ("On the TensorFlow backend, without ", Code("output_padding"), ":"), found)
    if conv.groups > 1:
        return _item("Keras", ("Its transposed layers have no groups.",), None)
    if max(conv.dilation) > 1:
        why = "Its documentation excludes a dilation above 1 together with a stride above 1."
        return _item("Keras", (why,), None) if max(conv.stride) > 1 else None
    o, s = Name("o"), Name("s")
    words: tuple[Piece, ...] = (
        "None without ", Code("output_padding"), ": same has the size ", Times(o, s), " and valid the size ",
        Sum(Times(Sum("o", -1), "s"), Operator("max", "K", "s")), "; this layer has another size or other pads.",
    )  # fmt: skip
    return _item("Keras", words, None)


def _jax(story: Story, v: str, w: str) -> Listed:
    conv = story.conv
    found = calls.jax(conv, v, w)
    if found is not None:
        words: tuple[Piece, ...] = (
            "The pairs count zeros around the stretched input, ", Sum("K", -1, Negative("lo")), " and ",
            Sum("K", -1, Negative("hi"), "a"), "; ", Code("transpose_kernel=True"), " flips the taps and exchanges the "
            "channels:",
        )  # fmt: skip
        return _item("JAX", words, found)
    why = "would need a negative number of zeros around the stretched input, that is, a crop of it"
    why = "has no groups" if conv.groups > 1 else why
    return _item("JAX", (Code("lax.conv_transpose"), f" {why}."), None)


def _onnx(story: Story) -> Listed:
    conv = story.conv
    found = calls.onnx(conv)
    if found is not None:
        words = (
            "A ConvTranspose node crops with pads, each at least 0, first all lo and then all hi; its attributes:",
        )
        return _item("ONNX", words, (found,))
    why = "has no negative pads" if any(axis.lo < 0 for axis in conv.axes) else (
        "needs an output_padding below the stride (onnxruntime)")  # fmt: skip
    return _item("ONNX", (f"A ConvTranspose node {why}.",), None)


def _shapes(story: Story, v: str) -> list[Block]:
    """Give the shapes of v and z, batch first, with the channels where each framework has them."""
    conv = story.conv
    first = [(1, conv.small_channels, *conv.small_shape), (1, conv.large_channels, *conv.large_shape)]
    last = [(1, *conv.small_shape, conv.small_channels), (1, *conv.large_shape, conv.large_channels)]
    others = "; in TensorFlow and Keras channels come last, "
    who = "PyTorch and ONNX" if conv.groups > 1 else "PyTorch, JAX and ONNX"
    tail: tuple[Piece, ...] = (others, Code(str(last[0])), " and ", Code(str(last[1]))) if conv.groups == 1 else ()
    return [
        Paragraph((
            "For one image, ", Code(v), " has the shape ", Code(str(first[0])), " and ", Code("z"), " the shape ",
            Code(str(first[1])), f", batch and channels first, in {who}", *tail,
            f". The conventions are those of {CHECKED}. Layouts of the weights:",
        ))
    ]  # fmt: skip


def _layouts(story: Story) -> TableBlock:
    """Say in which order the weights stand in each framework."""
    conv = story.conv
    taps = ", ".join(map(str, conv.kernel_size))
    inner, outer = conv.small_channels, conv.large_channels // conv.groups
    ours = f"({inner}, {outer}, {taps})"
    rows: list[tuple[Piece | tuple[Piece, ...], ...]] = [
        ("PyTorch, ONNX", "in, out / groups, taps", Code(ours)),
    ]
    if conv.groups == 1:
        rows.append(("JAX, as called here", "in, out, taps", Code(ours)))
        rows.append(("TensorFlow, Keras", "taps, out, in", Code(f"({taps}, {outer}, {inner})")))
    return TableBlock(("framework", "order", "shape"), tuple(rows))
