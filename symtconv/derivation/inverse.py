"""Why C^T does not undo C."""

from __future__ import annotations

import numpy as np
import sympy

from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.notation import Story, written_sum
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Dots,
    Math,
    Name,
    Operator,
    Power,
    Relation,
    Subscript,
    Times,
    Transpose,
    Tuple,
    as_math,
)
from symtconv.document.nodes import Block, Display, Paragraph, Section
from symtconv.layers import convolve
from symtconv.matrices.entries import taps_of_column
from symtconv.matrices.symbolic import symbolic_matrix
from symtconv.taps import count_nonzeros
from symtconv.transposed import conv_transpose


def inverse_section(story: Story) -> Section:
    """Say why C^T C is not the identity, by rank where that decides, and by scaling for every layer."""
    C = Name(story.notation.C)
    gram = Transpose(C) * C
    blocks: list[Block] = []
    if story.rows < story.columns:
        blocks += [
            Paragraph((
                "The transposed convolution gives the size back, not the values. ", C, f" has {story.rows} rows, so",
            )),
            Display(Relation(Operator("rank", gram), "<=", Operator("rank", C), "<=", story.rows, "<", story.columns)),
            Paragraph((
                "while the identity on ", Name(story.notation.x), f" has rank {story.columns}. Hence ",
                Relation(gram, "!=", "I"), " for every kernel: no matrix brings back what the convolution drops.",
            )),
        ]  # fmt: skip
    else:
        blocks.append(
            Paragraph((
                "The transposed convolution gives the size back, not in general the values. ", gram, " is quadratic in "
                "the weights: twice the kernel gives four times the matrix. So even if it were the identity ",
                Name("I"), " for one kernel, it would be ", Times(4, "I"), " for the doubled one.",
            ))
        )  # fmt: skip
    blocks += _given(story) if story.weights is not None else [*_entries(story), *_numbers(story)]
    return Section("Why it is no inverse", tuple(blocks))


def _given(story: Story) -> list[Block]:
    """Work C^T C out for the given weights, which may happen to make it the identity."""
    if indeterminate_size(story.conv) > 2000 or story.columns > 200:
        return []
    C = symbolic_matrix(story.conv, story.kernel, order=story.notation.order)
    gram = (C.T * C).applyfunc(sympy.expand)
    name = Name(story.notation.C)
    if gram == sympy.SparseMatrix(sympy.eye(story.columns)):
        words = " is the identity: for this kernel the transposed convolution does undo the convolution."
        return [Paragraph(("With the given weights ", Transpose(name) * name, words))]
    back = [sum(gram[row, :]) for row in range(min(story.columns, 8))]
    shown = [formula_of(sympy.expand(value)) for value in back] + [Dots("low")] * (story.columns > 8)
    ones = Times(Transpose(name), name, Operator("vec", story.notation.x))
    return [
        Paragraph(("With the given weights, every pixel of ", Name(story.notation.x), " at 1 gives")),
        Display(Relation(ones, "=", Transpose(Tuple(*shown)))),
        Paragraph(("and the identity would give 1 everywhere." if any(value != 1 for value in back) else
                   "but other inputs do not come back.",)),
    ]  # fmt: skip


def _entries(story: Story) -> tuple[Block, ...]:
    """Show two entries of C^T C, one on the diagonal and one beside it: 1 and 0 in an identity."""
    C = Name(story.notation.C)
    gram = Transpose(C) * C
    reach = range(min(story.columns, 64))
    first = next((pixel for pixel in reach if _by_row(story, pixel)), None)
    if first is None:
        return ()
    rows = _by_row(story, first)
    beside = next((pixel for pixel in reach[first + 1 :] if rows.keys() & _by_row(story, pixel).keys()), None)
    squares = written_sum(list(rows.values()), lambda taps: Power(_weights(story, taps), 2))
    lines: list[Math] = [Relation(Subscript(gram, *story.counted((first, first))), "=", squares)]
    if beside is not None:
        others = _by_row(story, beside)
        shared = [(rows[row], others[row]) for row in rows if row in others]
        products = written_sum(shared, lambda pair: Times(_weights(story, pair[0]), _weights(story, pair[1])))
        lines.append(Relation(Subscript(gram, *story.counted((first, beside))), "=", products))
    where = "1 in the first of these entries and 0 in the second" if beside is not None else "1 in this entry"
    return Paragraph(f"Rows and columns counted from {story.notation.base}, the identity would need {where}:"), Display(
        *lines
    )


def _by_row(story: Story, column: int) -> dict[int, list[int]]:
    """Group the numbers of the weights in one column of C, counted as vec does, by the outputs that read with them."""
    found: dict[int, list[int]] = {}
    for number, row in taps_of_column(story.conv, story.listed(column, story.large_pixels)):
        found.setdefault(row, []).append(number)
    return found


def _weights(story: Story, taps: list[int]) -> Math:
    return written_sum(taps, story.weight)


def _numbers(story: Story) -> tuple[Block, ...]:
    """Run both layers on ones, with weights of one (or two, where ones would hide it): ones do not come back."""
    conv, letters = story.conv, story.notation
    if max(count_nonzeros(conv), story.columns) > 100_000:
        return ()
    ones = np.ones((conv.in_channels, *conv.input_shape), dtype=np.int64)
    for weight in (1, 2):
        kernel = np.full(conv.kernel_shape, weight, dtype=np.int64)
        back = conv_transpose(conv.T, convolve(conv, ones, kernel), kernel).reshape(-1, order=story.notation.order)
        if (back != 1).any():
            shown = [as_math(int(value)) for value in back[:8]]
            if back.size > 8:
                shown.append(Dots("low"))
            product = Times(Transpose(letters.C), Name(letters.C), Operator("vec", letters.x))
            return (
                Paragraph(("In numbers: every pixel of ", Name(letters.x), f" at 1 and every weight at {weight} give")),
                Display(Relation(product, "=", Transpose(Tuple(*shown)))),
            )  # fmt: skip
    return ()
