"""The stamps one by one, each an image of its own, and their sum: C^T v as images."""

from __future__ import annotations

from dataclasses import replace

from symtconv.derivation.canvas import Canvas, can_follow
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.stampimages import ROOM, Images, cell_width
from symtconv.derivation.terms import numbers_for
from symtconv.document.mathematics import BigSum, Dots, Name, Relation, Times, Transpose
from symtconv.document.nodes import Block, Display, Figure, Paragraph, ProofBlock, Section, Theorem
from symtconv.figures.scene import beside
from symtconv.taps import count_nonzeros

MOST_CELLS = 9  # along an axis
WIDEST = 4.5  # units of a cell; where a given weight is wider, its name is written
PROVED = 5000  # taps of a layer whose stamps are compared with C^T v here


def stampsum_section(story: Story) -> Section:
    """Lay the stamps one by one and add them up, as images."""
    letters = story.notation
    C, v, z, w = Name(letters.C), Name(letters.v), Name(letters.z), Name(letters.w)
    title = ("Stamp by stamp: ", Relation(z, "=", Transpose(C) * v))
    opening = Paragraph((
        "Column ", story.i, " of ", Transpose(C), " as an image is the kernel ", w, " laid where output ", story.i,
        " of the convolution had read. So each pixel of ", v, " times its stamp is an image, and ", z, " is their sum.",
        *story.outside_words(),
    ))  # fmt: skip
    blocks: list[Block] = [opening, *_theorem(story)]
    if not can_follow(story):
        return Section(title, (*blocks, Paragraph("The kernel is too large for its stamps to be drawn one by one.")))
    return Section(title, (*blocks, *_pictures(story)))


def _theorem(story: Story) -> list[Block]:
    """State the sum of the stamps: as a theorem where it is proved for this layer, else as the definition of C read."""
    letters = story.notation
    kernel = BigSum("j", None, story.w_between() * story.bracket(Relation("m", "=", story.position())))
    body = story.outputs_sum(Times(story.small_at(letters.v), kernel))
    claim = Relation(story.large_at(letters.z), "=", body)
    proof = story.proof("stamps") if count_nonzeros(story.conv) <= PROVED else None
    if proof is None:
        return [Display(claim)]
    compared = (
        "The stamps were laid as their definition says, on indeterminate pixels and weights, and added up. In each of "
        f"the {story.columns:,} pixels the sum is the same polynomial as the entry of ",
        Transpose(Name(letters.C)) * Name(letters.v), ".",
    )  # fmt: skip
    statement = ("The stamps add up to ", Relation(Name(letters.z), "=", Transpose(Name(letters.C)) * Name(letters.v)))
    return [
        Theorem("Theorem", "the sum of the stamps, for this layer", (Paragraph((*statement, ":")), Display(claim))),
        ProofBlock((Paragraph(compared),)),
    ]


def _pictures(story: Story) -> list[Block]:
    """Draw the stamps that meet in one plane, and their sum."""
    letters = story.notation
    images = _images(story)
    canvas = images.canvas
    if not canvas.stamps:
        return [Paragraph(("No stamp reaches what could be drawn of ", Name(letters.z), ": it is 0 there."))]
    name = _plane_name(story, canvas)
    opening = Paragraph(_which(story, images))
    most = max(len(terms) for terms in images.sum.values())
    if images.crowded:
        crowded = f"Up to {most} terms meet in a cell of their sum, too many for a picture."
        return [opening, *map(Figure, images.stamp_scenes()), Paragraph(crowded)]
    caption = _caption(story, images, most)
    if story.conv.ndim == 1:
        return [opening, Figure(images.stacked_scene(name), caption)]
    scenes = [images.sum_scene(picture, name if picture is images.sum else None) for picture in images.sums]
    if len(scenes) > 1 and images.across + canvas.size[1] * cell_width(images.sums[1:]) + 2 <= ROOM:
        scenes = [beside(*scenes, gap=0.6)]
    sums = [Figure(scene, caption if scene is scenes[0] else "") for scene in scenes]
    return [opening, *map(Figure, images.stamp_scenes()), *sums]


def _images(story: Story) -> Images:
    """Choose how much of the canvas fits the page; given weights that are too wide are written by their names."""
    most = (MOST_CELLS, MOST_CELLS)
    images = Images(Canvas(story, most), numbers_for(story, transposed=True))
    wide = cell_width((images.sum,))
    if wide > WIDEST and story.weights is not None:
        return _images(replace(story, kernel=None))
    if images.across > ROOM:
        across = max(1, int((ROOM - 1.5) / wide))
        return Images(Canvas(story, (MOST_CELLS, across)), images.numbers)
    return images


def _which(story: Story, images: Images) -> tuple[Piece, ...]:
    """Say which plane is drawn, how much of it, and which stamps."""
    conv, canvas, letters = story.conv, images.canvas, story.notation
    words: list[Piece] = []
    plane = _plane_name(story, canvas)
    words += ["Drawn is the plane ", plane, ". "] if plane.indices else []
    if not canvas.whole_pair:
        words.append(f"Of the {conv.small_channels // conv.groups} channels that lay stamps on it only the first is "
                     "followed; the others add theirs in the same way. ")  # fmt: skip
    if not canvas.complete:
        words.append(f"Only its first {' by '.join(map(str, _lengths(images)))} pixels are drawn. ")
    if images.story.kernel is not story.kernel:
        words.append("The given weights are too long for the cells, so their names stand there. ")
    count = len(canvas.stamps)
    some = "Some of the " if None in images.shown else "The "
    words.append(f"{some}{count} stamps" if count > 1 else "The one stamp")
    words.append(" that reach" + "es" * (count == 1) + " it" if plane.indices or not canvas.complete else "")
    words.append(", every product worked out:" if images.numbers is not None else ", each after its pixel of ")
    if images.numbers is None:
        words += [Name(letters.v), ":"]
    return tuple(words)


def _plane_name(story: Story, canvas: Canvas) -> Name:
    """Name what is drawn: z, or the first channel of z, or a plane of more than two axes."""
    at = canvas.plane if story.single else (0, *canvas.plane)
    free = [Dots("low")] * (min(story.conv.ndim, 2) if at else 0)
    return Name(story.notation.z, *story.counted(at), *free)


def _lengths(images: Images) -> tuple[int, ...]:
    return images.canvas.frame[2:][-len(images.canvas.spans) :]


def _caption(story: Story, images: Images, most: int) -> tuple[Piece, ...]:
    """Explain frame, grey and colours of the sum."""
    canvas = images.canvas
    z = _plane_name(story, canvas)
    words: list[Piece] = ["The sum"]
    if most > 1:
        words.append(": terms that meet stand below each other, in the colours of their stamps")
    words += [". The dotted frame is ", *(("the output ", z) if canvas.complete else ("what is drawn of ", z))]
    if not all(map(canvas.inside, canvas.cells)):
        words.append("; what is grey, outside it, is cropped")
    if story.conv.padding_mode != "zeros":
        words.append("; what would lie outside it has been folded back")
    words.append(".")
    return tuple(words)
