"""The stamps one by one, each an image of its own, and their sum: C^T v as images."""

from __future__ import annotations

from dataclasses import replace

from symtconv.derivation.canvas import Canvas, can_follow
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.stampimages import ROOM, WIDEST_SUM, Images, cell_width
from symtconv.derivation.statement import stated
from symtconv.derivation.terms import numbers_for
from symtconv.document.mathematics import BigSum, Name, Relation, Subscript, Times, Transpose
from symtconv.document.nodes import Block, Derivation, Display, Figure, Paragraph, Section, Step
from symtconv.document.words import counted_word
from symtconv.figures.scene import beside

MOST_CELLS = 9  # along an axis
MOST_IN_A_ROW = 20  # where there is one axis
WIDEST = 4.5  # units of a cell; where a given weight is wider, its name is written


def stampsum_section(story: Story) -> Section:
    """Lay the stamps one by one and add them up, as images."""
    letters = story.notation
    C, v, z, w = Name(letters.C), Name(letters.v), Name(letters.z), Name(letters.w)
    zeros = story.conv.padding_mode == "zeros"
    border = "as far as it lies in the output" if zeros else "with the border folded back into the output"
    title = ("Stamp by stamp: ", Relation(z, "=", Transpose(C) * v))
    opening = Paragraph((
        "Row ", story.i, " of ", C, " holds the kernel ", w, " at the pixels that output ", story.i,
        " of the convolution reads. Column ", story.i, " of ", Transpose(C), " is this row; as an image and times ",
        story.small_at(letters.v), f" it is the stamp of this pixel, {border}.",
    ))  # fmt: skip
    blocks: list[Block] = [opening, *_theorem(story)]
    if not can_follow(story):
        return Section(title, (*blocks, Paragraph("The kernel is too large for its stamps to be drawn one by one.")))
    return Section(title, (*blocks, *_pictures(story)))


def _theorem(story: Story) -> list[Block]:
    """State the sum of the stamps; its reason is that the entries of C are put into C^T v."""
    letters = story.notation
    product = Transpose(Name(letters.C)) * Name(letters.v)
    indices = (Name("m"),) if story.single else (story.c, Name("m"))
    pixel = Subscript(product, *indices)
    kernel = BigSum("j", None, story.w_between() * story.bracket(Relation("m", "=", story.position())))
    stamps = story.outputs_sum(Times(story.small_at(letters.v), kernel))
    written = story.outputs_sum(story.C_at() * story.small_at(letters.v))
    claim = (
        Paragraph(("The stamps add up to ", product, ": for every ", story.m, ",")),
        Display(Relation(pixel, "=", stamps)),
    )
    argument = Derivation((
        Step(pixel, "=", written, "the product written out"),
        Step(None, "=", stamps, ("the entries of ", Name(letters.C), " put in")),
    ))  # fmt: skip
    return stated(story, "stamps", "the sum of the stamps", claim, (argument,))


def _pictures(story: Story) -> list[Block]:
    """Draw the stamps that meet in one plane, and their sum."""
    letters = story.notation
    images = _images(story)
    canvas = images.canvas
    if not canvas.stamps:
        return [Paragraph(("No stamp reaches what could be drawn of ", Name(letters.z), ": it is 0 there."))]
    name = canvas.name
    opening = Paragraph(_which(story, images))
    most = max(len(terms) for terms in images.sum.values())
    if images.crowded:
        crowded = f"Up to {most} terms meet in a pixel of their sum, too many for a picture."
        return [Paragraph(crowded)]
    caption = _caption(story, images, most)
    if story.conv.ndim == 1:
        return [opening, Figure(images.stacked_scene(name), caption)]
    scenes = [images.sum_scene(picture, name if picture is images.sum else None) for picture in images.sums]
    wide = images.a_line * images.sum_width + cell_width(images.sums[1:])
    if len(scenes) > 1 and images.canvas.size[1] * wide + 3.5 <= ROOM:
        scenes = [beside(*scenes, gap=0.6)]
    return [opening, Figure((*images.stamp_scenes(), *scenes), caption)]


def _images(story: Story) -> Images:
    """Choose how much of the canvas fits the page; given weights that are too wide are written by their names."""
    most = (MOST_CELLS, MOST_CELLS if story.conv.ndim > 1 else MOST_IN_A_ROW)
    images = Images(Canvas(story, most), numbers_for(story, transposed=True))
    wide = images.sum_width
    if wide > WIDEST and story.weights is not None:
        return _images(replace(story, kernel=None))
    if images.across <= WIDEST_SUM:
        return images
    unsigned = replace(images, signs=False)  # the caption says that terms in a cell are added
    if unsigned.across <= WIDEST_SUM:
        return unsigned
    across = max(1, int((ROOM - 1.5) / wide))
    return Images(Canvas(story, (MOST_CELLS, across)), images.numbers)


def _which(story: Story, images: Images) -> tuple[Piece, ...]:
    """Say which plane is drawn, how much of it, and which stamps."""
    conv, canvas, letters = story.conv, images.canvas, story.notation
    words: list[Piece] = []
    plane = canvas.name
    if plane.indices:
        kind = "channel" if len(plane.indices) == 1 and not story.single else "plane"
        words += [f"The picture shows the {kind} ", plane, " of ", Name(letters.z), ". "]
    if not canvas.whole_pair:
        words.append(f"Of the {conv.small_channels // conv.groups} channels that lay stamps on it only the first is "
                     "followed; the others add theirs in the same way. ")  # fmt: skip
    part = ("this plane",) if plane.indices else (Name(letters.z),)
    if not canvas.complete:
        words += ["Of ", *part, f" the first {' by '.join(map(str, _lengths(images)))} pixels are drawn. "]
    if images.story.kernel is not story.kernel:
        words.append("The given weights are too long for the cells, so their names stand there. ")
    count, drawn = len(canvas.stamps), sum(pixel is not None for pixel in images.shown)
    reach = "reach these pixels" if plane.indices or not canvas.complete else "are added"
    if count == 1:
        words.append("One stamp reaches them" if plane.indices or not canvas.complete else "There is one stamp")
    else:
        many = counted_word(count)
        words.append(f"{'In all ' if many.isdigit() else ''}{many.capitalize()} stamps {reach}")
        words.append("" if drawn == count else f", of which {counted_word(drawn)} are drawn")
    return (*words, "; every product is worked out:" if images.numbers is not None else ":")


def _lengths(images: Images) -> tuple[int, ...]:
    return images.canvas.frame[2:][-len(images.canvas.spans) :]


def _caption(story: Story, images: Images, most: int) -> tuple[Piece, ...]:
    """Explain frame, grey and colours of the sum."""
    canvas = images.canvas
    z, v = canvas.name, Name(story.notation.v)
    words: list[Piece] = ["The stamps and their sum"]
    if most > 1:
        words.append(": the terms that meet in a pixel are added")
        words += [images.colour_words, v] if images.colour_words else []
    words += [". The thick frame is ", *(("the output ", z) if canvas.complete else ("what is drawn of ", z))]
    if not all(map(canvas.inside, canvas.cells)):
        words.append("; what is grey, outside it, is cropped")
    if not canvas.whole and canvas.complete:
        words.append(", and part of what is cropped has no room in the picture")
    if story.conv.padding_mode != "zeros":
        words.append("; what would lie outside it has been folded back")
    words.append(".")
    return tuple(words)
