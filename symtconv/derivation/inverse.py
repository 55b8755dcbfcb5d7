"""Why C^T does not undo C."""

from __future__ import annotations

import numpy as np

from symtconv.derivation.notation import Story, sum_of
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
                "The transposed convolution gives the size back, not the values. ", gram, " is quadratic in the "
                "weights: twice the kernel gives four times the matrix. So even if it were the identity ", Name("I"),
                " for one kernel, it would be ", Times(4, "I"), " for the doubled one.",
            ))
        )  # fmt: skip
    blocks += [*_entries(story), *_numbers(story)]
    return Section("Why it is no inverse", tuple(blocks))


def _entries(story: Story) -> tuple[Block, ...]:
    """Show two entries of C^T C, one on the diagonal and one beside it: 1 and 0 in an identity."""
    C = Name(story.notation.C)
    gram = Transpose(C) * C
    weights = [_by_row(story, pixel) for pixel in range(min(story.columns, 64))]
    first = next((pixel for pixel, rows in enumerate(weights) if rows), None)
    if first is None:
        return ()
    second = next((p for p in range(first + 1, len(weights)) if weights[first].keys() & weights[p].keys()), None)
    squares = [Power(sum_of(terms), 2) for terms in weights[first].values()]
    lines: list[Math] = [Relation(Subscript(gram, first, first), "=", sum_of(squares))]
    if second is not None:
        shared = [row for row in weights[first] if row in weights[second]]
        products = [Times(sum_of(weights[first][row]), sum_of(weights[second][row])) for row in shared]
        lines.append(Relation(Subscript(gram, first, second), "=", sum_of(products)))
    where = "1 in the first of these entries and 0 in the second" if second is not None else "1 in this entry"
    return Paragraph(f"Rows and columns counted from 0, the identity would need {where}:"), Display(*lines)


def _by_row(story: Story, column: int) -> dict[int, list[Math]]:
    """Group the weights of one column of C by their rows."""
    found: dict[int, list[Math]] = {}
    for number, row in taps_of_column(story.conv, column):
        found.setdefault(row, []).append(story.weight(number))
    return found


def _numbers(story: Story) -> tuple[Block, ...]:
    """Run both layers on ones, with weights of one (or two, where ones would hide it): ones do not come back."""
    conv, letters = story.conv, story.notation
    if count_nonzeros(conv) > 100_000:
        return ()
    ones = np.ones((conv.in_channels, *conv.input_shape), dtype=np.int64)
    for weight in (1, 2):
        kernel = np.full(conv.kernel_shape, weight, dtype=np.int64)
        back = conv_transpose(conv.T, convolve(conv, ones, kernel), kernel).reshape(-1)
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
