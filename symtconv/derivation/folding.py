"""The transpose of padding: it crops, or in the other padding modes folds the border back onto what it copies."""

from __future__ import annotations

from math import prod

import numpy as np

from symtconv.derivation.flippedkernel import short_matrix
from symtconv.derivation.layer import distinct_axes
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.places import Letters, place
from symtconv.derivation.statement import stated
from symtconv.document.mathematics import Math, Name, Relation, Spaced, Subscript, Transpose, as_math
from symtconv.document.nodes import Block, Display, Paragraph
from symtconv.geometry import Axis
from symtconv.taps import source


def padding_blocks(story: Story, own: Letters) -> list[Block]:
    """Show P and its transpose, and state that C^T = P^T C_0^T, P^T cropping, or folding in other padding modes."""
    conv, C, P = story.conv, story.notation.C, Name(own.P)
    if not any(axis.lo or axis.hi for axis in conv.axes):
        return []
    C_0, back = Name(C, 0), Transpose(P)
    blocks: list[Block] = [Paragraph((
        "Let ", P, " pad ", Name(story.notation.x), ", and let ", C_0, " be the matrix of the same convolution "
        "applied to an image that has been padded already.",
    ))]  # fmt: skip
    matrices: list[Block] = []
    for names, axis in distinct_axes(story):
        where = f"On {names}:" if names else "On one axis:" if conv.ndim > 1 else "Written out:"
        matrix, transposed = _padding_matrix(story, axis), _padding_matrix(story, axis, transposed=True)
        if matrix is not None and transposed is not None:
            shown = Display(Spaced(Relation(P, "=", matrix), Relation(back, "=", transposed)))
            matrices += [Paragraph(where), shown]
    if matrices and (conv.ndim > 1 or not story.single):
        of = "of these over the axes" if conv.ndim > 1 else "of this"
        channels = "" if story.single else " and the identity on the channels"
        matrices.append(Paragraph(("For the whole layer ", P, f" is the Kronecker product {of}{channels}.")))
    undoes = " adds every pixel of the border to the pixel of which it is a copy."
    if conv.padding_mode == "zeros":
        cut = any(min(axis.lo, axis.hi) < 0 for axis in conv.axes)
        undoes = " crops what was padded, and puts zeros where a negative pad had cropped." if cut else " crops."
    statement: tuple[Piece, ...] = (
        "For all weights, ", Relation(Name(C), "=", C_0 * P), " and ",
        Relation(Transpose(C), "=", back * Transpose(C_0)), ", and ", back, undoes,
    )  # fmt: skip
    argument = (Paragraph((
        "The convolution pads ", Name(story.notation.x), " with ", P, " and then applies ", C_0, ", so ",
        Relation(Name(C), "=", C_0 * P), "; transposing reverses the product. ", *_reason(story, own),
    )),)  # fmt: skip
    title = "the transpose of padding"
    theorem = stated(story, "padding-adjoint", title, (Paragraph(statement),), argument)
    return [*blocks, *matrices, *theorem, *_worked(story, own)]


def _reason(story: Story, own: Letters) -> tuple[Piece, ...]:
    """Say what P^T does in pixel m."""
    conv, f, P, p, m = story.conv, Name(own.f), Name(own.P), Name(own.p), Name("m")
    applied = Transpose(P) * f
    if conv.padding_mode != "zeros":
        return (
            "Row ", p, " of ", P, " holds one 1, at the pixel whose copy stands at place ", p, " of the padded image. "
            "So ", Subscript(applied, m), " is the sum of ", Name(own.f, own.p), " over all places ", p,
            " that hold a copy of pixel ", m, ".",
        )  # fmt: skip
    outside = ", which is 0 outside" if any(min(axis.lo, axis.hi) < 0 for axis in conv.axes) else ""
    shifted = place(story, [axis.lo for axis in conv.axes], ((1,) * conv.ndim, "m"))
    return (
        "Pixel ", m, " of ", Name(story.notation.x), " stands at place ", shifted, " of the padded image and nowhere "
        "else, so ", Relation(Subscript(applied, m), "=", Name(own.f, shifted)), f"{outside}.",
    )  # fmt: skip


def _padding_matrix(story: Story, axis: Axis, *, transposed: bool = False) -> Math | None:
    def entry(row: int, column: int) -> Math | None:
        row, column = (column, row) if transposed else (row, column)
        home = source(np.array([row - axis.lo]), axis.large, story.conv.padding_mode)
        return as_math(1) if home[0] == column else None

    shape = (axis.large + axis.lo + axis.hi, axis.large)
    most = 9 if shape[0] <= 9 else 7
    return short_matrix(story, (shape[1], shape[0]) if transposed else shape, entry, most, most)


def copies(axis: Axis, m: int, mode: str) -> tuple[int, ...] | range:
    """List the places of the padded axis, counted from 0, that hold a copy of pixel m.

    >>> copies(Axis(4, 4, 3, 1, 1, 1, 1), 0, "circular"), copies(Axis(4, 4, 3, 1, 1, 1, 1), 1, "reflect")
    ((1, 5), (0, 2))
    """
    n, lo, hi = axis.large, axis.lo, axis.hi
    if mode == "replicate":
        return range(0 if m == 0 else m + lo, n + lo + hi if m == n - 1 else m + lo + 1)
    around = {"circular": (m - n, m, m + n), "reflect": (-m, m, 2 * (n - 1) - m)}.get(mode, (m,))
    return tuple(sorted({position + lo for position in around if -lo <= position < n + hi}))


def most_copied(axis: Axis, mode: str) -> int:
    """Find a pixel near the border that is copied most often."""
    near = sorted({m for m in (0, 1, axis.large - 2, axis.large - 1) if 0 <= m < axis.large})
    return max(near, key=lambda m: len(copies(axis, m, mode)))


def _worked(story: Story, own: Letters) -> list[Block]:
    """Add up, for one pixel, the places of the canvas that fold onto it."""
    conv, letters = story.conv, story.notation
    if conv.padding_mode == "zeros":
        return []
    at = [most_copied(axis, conv.padding_mode) for axis in conv.axes]
    places = [copies(axis, m, conv.padding_mode) for axis, m in zip(conv.axes, at, strict=True)]
    lengths = [len(found) for found in places]
    channel = () if story.single else (0,)

    def f(number: int) -> Math:
        chosen = np.unravel_index(number, lengths)
        spots = (found[int(part)] for found, part in zip(places, chosen, strict=True))
        return Name(own.f, *story.counted((*channel, *spots)))

    pixel = Name(letters.z, *story.counted((*channel, *at)))
    canvas = Relation(own.f, "=", Transpose(Name(letters.C, 0)) * Name(letters.v))
    return [
        Paragraph(("Let ", canvas, " be the canvas, with its places counted over the whole padded image. Pixel ", pixel,
                   " collects its own place and those of its copies:")),
        Display(Relation(pixel, "=", written_sum(range(prod(lengths)), f))),
    ]  # fmt: skip
