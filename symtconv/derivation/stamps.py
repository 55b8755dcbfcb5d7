"""The stamps: a picture of two neighbouring weighted kernels on the output, and their sum written out."""

from __future__ import annotations

from math import gcd

from symtconv.derivation.notation import Piece, Story, size_words
from symtconv.derivation.pictured import pictured, pixel_name, plane_name
from symtconv.derivation.stampfigure import is_wide, neighbour, overlapping, stamp_figure
from symtconv.document.mathematics import BigSum, Name, Relation, Times
from symtconv.document.nodes import Block, Display, Emphasis, Figure, Paragraph, Section
from symtconv.document.words import counted_word
from symtconv.geometry import Axis, ConvTranspose

BORDER = {
    "circular": "what lies outside it wraps around to the other side",
    "reflect": "what lies outside it is folded back at the border pixels",
    "replicate": "what lies outside it piles up on the border pixels",
}


def stamps_section(story: Story) -> Section:
    """Show two neighbouring stamps, and write every stamp as a sum."""
    letters = story.notation
    body = story.small_at(letters.v) * BigSum(
        "j", None, story.w_between() * story.bracket(Relation("m", "=", story.position()))
    )
    shown = pictured(story)
    blocks: list[Block] = [
        Paragraph((*_definition(story), " ", *_neighbours(story))),
        Display(Relation(story.large_at(letters.z), "=", story.outputs_sum(body))),
        Figure(stamp_figure(story, shown), _caption(story, shown)),
    ]
    return Section("Stamps: what a transposed convolution does", tuple(blocks))


def _definition(story: Story) -> tuple[Piece, ...]:
    """Say what a stamp is."""
    w, pixel = Name(story.notation.w), story.small_at(story.notation.v)
    if story.single:
        return (
            "Each input pixel ", pixel, " multiplies the whole kernel ", w, ". The product ", Times(pixel, w),
            ", laid on an empty canvas, is the ", Emphasis("stamp"), " of the pixel.",
        )  # fmt: skip
    group = " of its group" if story.conv.groups > 1 else ""
    return (
        "Each input pixel ", pixel, " multiplies the whole kernels of its channel ", story.c_small,
        f", one for each output channel{group}. The products, laid on an empty canvas with these channels, are the ",
        Emphasis("stamp"), " of the pixel.",
    )  # fmt: skip


def _neighbours(story: Story) -> tuple[Piece, ...]:
    """Say how far apart stamps and taps lie, what becomes of overlaps and of the border."""
    conv = story.conv
    apart = f"Neighbouring stamps lie {_apart(conv.stride)} apart, as the stride says"
    if any(d > 1 for d in conv.dilation):
        apart += f", and the taps of a stamp {_apart(conv.dilation)} apart, as the dilation says"
    adding = "; where stamps overlap, they are added." if _meets(conv.axes) else "; they do not overlap."
    if not _meets(conv.axes) and conv.small_channels > conv.groups:
        adding = "; those of one channel do not overlap, those of several channels are added."
    return (f"{apart}{adding} The output ", Name(story.notation.z), " is the dashed frame; ", _border(story), ".")


def _meets(axes: tuple[Axis, ...]) -> bool:
    """Tell whether stamps of one channel overlap: s u = d t for pixels u > 0 apart and taps t apart."""
    return any(
        axis.stride // gcd(axis.stride, axis.dilation) < axis.kernel_size
        and axis.dilation // gcd(axis.stride, axis.dilation) < axis.small
        for axis in axes
    )


def _border(story: Story) -> str:
    """Say what becomes of stamps that reach outside the output, and of output that no stamp reaches."""
    conv = story.conv
    if conv.padding_mode != "zeros":
        return BORDER[conv.padding_mode]
    ends = [end for axis in conv.axes for end in _cropped(axis)]
    words = ["what lies outside it is cropped by the padding"] * (max(ends) > 0)
    words += ["where it reaches beyond the stamps it is 0"] * (min(ends) < 0)
    return "; ".join(words) or "the stamps fill it"


def _cropped(axis: Axis) -> tuple[int, int]:
    """Count what is cropped from the canvas before and after; a negative number is added."""
    return axis.lo, axis.hi - axis.output_padding


def _apart(steps: tuple[int, ...]) -> str:
    """Say a distance, axis by axis where they differ."""
    if len(set(steps)) == 1:
        return "one pixel" if steps[0] == 1 else f"{steps[0]} pixels"
    return f"{', '.join(map(str, steps[:-1]))} and {steps[-1]} pixels (axis by axis)"


def _caption(story: Story, shown: ConvTranspose) -> tuple[Piece, ...]:
    conv, letters = story.conv, story.notation
    words: list[Piece] = list(_drawn_stamps(story, shown))
    size, canvas = size_words(shown.output_shape), size_words(_natural(shown))
    if shown.input_shape == conv.small_shape[-2:]:
        words += [". The dashed frame is ", Name(letters.z), ", ", *size, " on a canvas of ", *canvas, "."]
    else:
        words += [". The picture shows a smaller layer of the same kind, with an input of "]
        words += [*size_words(shown.input_shape), ": its output, dashed, has ", *size, " on a canvas of ", *canvas, "."]
    if is_wide(shown):
        words.append(" This is a sketch: it shows the spans only, and each axis has a scale of its own.")
    if conv.ndim > 2:
        words.append(" It shows the plane of the last two axes.")
    folds = conv.padding_mode != "zeros" and any(axis.lo or axis.hi for axis in conv.axes)
    if folds:
        words.append(f" {BORDER[conv.padding_mode].capitalize()}.")
    if not story.single:
        base = story.notation.base
        words.append(f" It shows what channel {base} of the input lays on channel {base} of the output; what several "
                     "channels lay there adds up.")  # fmt: skip
    crops = {_cropped(axis) for axis in conv.axes}
    if conv.padding_mode == "zeros" and len(crops) == 1 and min(crop := crops.pop()) >= 0 and max(crop) > 0:
        words.append(f" {_crop_words(crop, 'On each axis ' if conv.ndim > 1 else '')}")
    return tuple(words)


def _crop_words(crop: tuple[int, int], where: str) -> str:
    before, after = crop
    words = f"{where}{counted_word(before)} pixel{'s' * (before != 1)} {'is' if before == 1 else 'are'} cropped before "
    return f"{words[0].upper()}{words[1:]}and {counted_word(after)} after."


def _drawn_stamps(story: Story, shown: ConvTranspose) -> tuple[Piece, ...]:
    """Say which stamps are drawn, in which colours."""
    w, second = plane_name(story, story.notation.w), neighbour(shown)
    first = Times(pixel_name(story, (0,) * shown.ndim), w)
    if second is None:
        return "The stamp ", first, " in orange"
    count = shown.input_shape[0] if shown.ndim == 1 else shown.input_shape[0] * shown.input_shape[1]
    words: list[Piece] = []
    channel = "" if story.single else f" of channel {story.notation.base} of {story.notation.v}"
    all_drawn = shown.ndim == 1 and not is_wide(shown)
    if count > 2:
        every = f"The {counted_word(count)} stamps{channel}: "
        words.append(every if all_drawn else f"Two of the {counted_word(count)} stamps{channel}: ")
    words += ["stamp " if count > 2 else "Stamp ", first, " in orange"]
    words += [", " if all_drawn and count > 2 else " and ", Times(pixel_name(story, second), w), " in blue"]
    words.append(" and the others in grey" if all_drawn and count > 2 else "")
    if overlapping(shown) or (all_drawn and _meets(shown.axes)):
        words.append("; where stamps overlap, the sum is darker" if shown.ndim == 1 else "; their overlap is darker")
    return tuple(words)


def _natural(shown: ConvTranspose) -> tuple[int, ...]:
    """The canvas before cropping."""
    return tuple(axis.stride * (axis.small - 1) + axis.effective_kernel for axis in shown.axes)
