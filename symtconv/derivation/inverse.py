"""Why C^T does not undo C."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.example import fits_matrix, shown_planes
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.overlap import has_no_border
from symtconv.derivation.phasecounts import places_words
from symtconv.derivation.statement import spare
from symtconv.derivation.unitkernels import orthonormal_columns, orthonormal_rows
from symtconv.document.mathematics import BigSum, Math, Name, Operator, Power, Relation, Sum, Times, Transpose, Tuple
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.layers import convolve
from symtconv.matrices.symbolic import symbolic_matrix
from symtconv.taps import count_nonzeros
from symtconv.transposed import conv_transpose

TRIED = 8
LARGEST = 300_000
SHOWN_CHANNELS, SHOWN_PLANES = 4, 6
SHOWN_SIZE = (13, 17)


def inverse_section(story: Story) -> Section:
    """Say why C^T does not undo C, by rank or by scaling; which products can be I; and what comes back in numbers."""
    blocks = _fewer_rows(story) if story.rows < story.columns else _more_rows(story)
    return Section("Why it is no inverse", (*blocks, *_numbers(story)))


def _fewer_rows(story: Story) -> list[Block]:
    letters = story.notation
    C, x, y, v, z = (Name(letter) for letter in (letters.C, letters.x, letters.y, letters.v, letters.z))
    A = Name("A" if "A" not in letters.letters else "B")
    rank = Relation(Operator("rank", A * C), "<=", Operator("rank", C), "<=", story.rows, "<", story.columns)
    blocks: list[Block] = [
        Paragraph((
            "The transposed convolution gives the size back, not the values. ", C, f" has {story.rows} row"
            f"{'s' * (story.rows != 1)}, so for every matrix ", A,
        )),
        Display(rank),
        Paragraph((
            "while the identity ", Name("I"), " on ", x, f" has rank {story.columns}. Hence ",
            Relation(A * C, "!=", "I"), ": no matrix, ", Transpose(C), " among them, brings every ", x, " back from ",
            y, ".",
        )),
    ]  # fmt: skip
    if orthonormal_rows(story.conv) is not None:
        product = C * Transpose(C)
        blocks.append(Paragraph((
            "The other way round it may be possible: ", product, f" has {story.rows} rows and columns, and for some "
            "kernels it is ", Name("I"), ", when the rows of ", C, " are orthonormal. Then ",
            Relation(C * z, "=", product * v, "=", v), ", so ", C, " brings ", v, " back from ",
            Relation(z, "=", Transpose(C) * v), ".",
        )))  # fmt: skip
    return blocks


def _more_rows(story: Story) -> list[Block]:
    C = Name(story.notation.C)
    gram = Transpose(C) * C
    words: list[Piece] = [
        "The transposed convolution gives the size back, not in general the values. ", C, f" has {story.rows} row"
        f"{'s' * (story.rows != 1)} and {story.columns} column{'s' * (story.columns != 1)}. ",
    ]  # fmt: skip
    if story.rows == story.columns:
        words += ["Where its columns are independent it has an inverse ", Power(C, -1), *_waves(story), ". "]
    else:
        words += ["If its columns are independent, ", Power(gram, -1) * Transpose(C), " is a left inverse of it. "]
    words += [
        Transpose(C), f" itself is {'its' if story.rows == story.columns else 'a left'} inverse only if ",
        Relation(gram, "=", "I"), ", that is, if the columns are orthonormal. ",
    ]  # fmt: skip
    tap = orthonormal_columns(story.conv)
    if tap is not None and story.weights is None:
        words.append("They are for a kernel ")
        if not story.single:
            words.append("that takes each input channel to an output channel of its own, ")
        words += ["with 1 at tap ", _place(story, tap), " and 0 elsewhere: each pixel is read once. "]
    words += [
        "For most kernels they are not: with twice the weights ", gram, " is four times as large, so of a kernel and "
        "its double at most one has this property.",
    ]  # fmt: skip
    return [Paragraph(tuple(words))]


def _waves(story: Story) -> tuple[Piece, ...]:
    """Say of a circulant matrix, whose eigenvalues are the values of its kernel at roots of unity, when it has one."""
    conv, letters = story.conv, story.notation
    if not story.single or not has_no_border(conv) or prod(conv.stride) > 1:
        return ()
    root = Name(spare(story, ("zeta", "xi", "omega")))
    value = BigSum("j", None, Times(Name(letters.w, "j"), Power(root, Times("d", "j"))))
    each = "with one part for each axis, " if conv.ndim > 1 else ""
    return (
        "; as waves are its eigenvectors, that is where no ", value, " is 0, with ", root, f", {each}a root of unity, ",
        Relation(Power(root, "n"), "=", 1),
    )  # fmt: skip


def _place(story: Story, tap: tuple[int, ...]) -> Math:
    places = story.counted(tap)
    return Tuple(*places) if len(places) > 1 else Sum(*places)


def _numbers(story: Story) -> list[Block]:
    """Send one pixel there and back, with the given weights or with equal ones: it does not come back alone."""
    conv = story.conv
    C = Name(story.notation.C)
    gram = Transpose(C) * C
    if max(count_nonzeros(conv), story.columns) > LARGEST:
        return []
    if story.weights is None:
        tried: list[tuple[str, Array]] = [
            (f"With every weight {weight} let", np.full(conv.kernel_shape, weight, dtype=np.int64)) for weight in (1, 2)
        ]
    else:
        if indeterminate_size(conv) > 2000 or story.columns > 200:
            return []
        tried = [("With the given weights let", story.weights.reshape(conv.kernel_shape))]
        if _is_identity(story):
            words = " is the identity: for this kernel the transposed convolution does undo the convolution."
            return [Paragraph(("With the given weights ", gram, words))]
    for words, kernel in tried:
        for pixel in _pixels(story):
            unit: Array = np.zeros(story.large_pixels, dtype=kernel.dtype)
            unit[pixel] = 1
            back = conv_transpose(conv.T, convolve(conv, unit, kernel), kernel)
            back = back if story.weights is None else _expanded(back)
            if (back != unit).any():
                return _comes_back(story, words, pixel, back)
    return []


def _is_identity(story: Story) -> bool:
    C = symbolic_matrix(story.conv, story.kernel, order=story.notation.order)
    return bool((C.T * C).applyfunc(sympy.expand) == sympy.SparseMatrix(sympy.eye(story.columns)))


def _pixels(story: Story) -> list[tuple[int, ...]]:
    """Give a few pixels to send: the middle one of channel 0 first."""
    shape = story.large_pixels
    middle = (0, *(size // 2 for size in shape[1:]))
    others = [
        tuple(int(part) for part in np.unravel_index(number, shape)) for number in range(min(story.columns, TRIED))
    ]
    return [middle, *(other for other in others if other != middle)]


def _expanded(array: Array) -> Array:
    return np.array([sympy.expand(value) for value in array.reshape(-1)], dtype=object).reshape(array.shape)


def _comes_back(story: Story, words: str, pixel: tuple[int, ...], back: Array) -> list[Block]:
    """Show what comes back of one pixel: the block where it is not 0."""
    letters = story.notation
    x = story.large(letters.x, int(np.ravel_multi_index(pixel, story.large_pixels)))
    product = Times(Transpose(letters.C), Name(letters.C), Name(letters.x))
    opening: tuple[Piece, ...] = (f"{words} ", x, " be 1 and every other pixel 0. ")
    places = np.nonzero(back)
    if not places[0].size:
        return [Paragraph((*opening, "It comes back as 0."))]
    box = tuple(range(int(part.min()), int(part.max()) + 1) for part in places)
    if _is_small(back):
        box = tuple(map(range, back.shape))
    channels = box[0][:SHOWN_CHANNELS]
    shown = back[np.ix_(channels, *box[1:])].astype(object)
    if not fits_matrix(shown) or np.prod(shown.shape[:-2], dtype=int) > SHOWN_PLANES:
        return [Paragraph((*opening, f"Then {len(places[0])} pixels come back that are not 0."))]
    cut = shown.shape[1:] != back.shape[1:]
    where = f"In {places_words(story, box[1:])}, and 0 elsewhere, it comes back as" if cut else "It comes back as"
    more = " (the first channels)" if len(channels) < len(box[0]) else ""
    if len(channels) < back.shape[0] and not more:
        more = " (in the channels of its group)"
    return [Paragraph((*opening, where, more)), shown_planes(story, product, shown, channels[0])]


def _is_small(back: Any) -> bool:
    return bool(back.shape[-1] <= SHOWN_SIZE[1] and (back.ndim < 3 or back.shape[-2] <= SHOWN_SIZE[0]))
