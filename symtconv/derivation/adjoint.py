"""The transposed convolution as the adjoint, and the trilinear form whose three gradients are all there is."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.shownarray import WHOLE, shown_array
from symtconv.derivation.statement import spare, stated
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Apply,
    BigSum,
    Derivative,
    Inner,
    Math,
    Name,
    Negative,
    Parenthesised,
    Relation,
    Subscript,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.layers import convolve
from symtconv.transposed import conv_transpose

CHECKED_SIZE = 20_000
PERIODS = (5, 7, 11, 13, 17)
OF_X = (1, 3, 2, -1, 2, 4, -2, 3, 1, 5, -3, 2, 4, 1, -1, 3, 2)
OF_V = (2, 1, -1, 3, 1, -2, 2, 3, -3, 1, 4, -1, 2, 3, -2, 1, 1)
OF_W = (1, 2, -1, 3, 2, -2, 4, 1, -3, 3, 2, 5, -1, 1, 4, -2, 3)


def adjoint_section(story: Story) -> Section:
    """Show that C^T is the adjoint of C, that one trilinear form holds all gradients, and check it in numbers."""
    letters = story.notation
    C, v, x, w = (Name(letter) for letter in (letters.C, letters.v, letters.x, letters.w))
    form_name = Apply(spare(story, ("Phi", "Psi", "Omega")), w, x, v)
    forward, backward = Inner(C * x, v), Inner(x, Transpose(C) * v)
    both = Relation(forward, "=", backward)
    v_i, x_m, C_im = story.small_at(letters.v), story.large_at(letters.x), story.C_at()
    pixels = Name("m") if story.single else story.m
    through = story.outputs_sum(Times(Parenthesised(BigSum(pixels, None, C_im * x_m)), v_i))
    exchanged = BigSum(pixels, None, Times(x_m, Parenthesised(story.outputs_sum(C_im * v_i))))
    steps = (
        Step(forward, "=", through, "write the sums"),
        Step(None, "=", exchanged, "exchange them"),
        Step(None, "=", backward, ("definition of ", Transpose(C))),
    )
    read = story.x_summed(story.position())
    form = story.outputs_sum(story.taps_sum(Times(v_i, story.w_summed(), read)))
    by_w = BigSum("i", None, v_i * read)
    gradients = (
        Relation(Derivative(form_name, story.w_summed()), "=", by_w),
        Relation(Derivative(form_name, x_m), "=", Subscript(Transpose(C) * v, story.m)),
        Relation(Derivative(form_name, v_i), "=", Subscript(C * x, story.i)),
    )
    reason: tuple[Piece, ...] = (
        form_name, " is linear in each of its three arguments. The factor that it leaves beside ", v_i, " is output ",
        story.i, " of the convolution; beside ", x_m, " it is what the transposed convolution makes of ", v,
        " there; beside ", story.w_summed(), " it is the kernel gradient.",
    )  # fmt: skip
    three = (Paragraph(("For all ", w, ", ", x, " and ", v, ":")), Display(*gradients))
    blocks: list[Block] = [
        *stated(story, "adjoint", "the adjoint", (Paragraph(("For all ", x, " and ", v, ": ", both, ".")),),
                (Derivation(steps),)),
        Paragraph(("Both sides are one number. As a function of ", w, ", ", x, " and ", v, " it is")),
        Display(Relation(form_name, "=", Inner(C * x, v), "=", form)),
        *stated(story, "trilinear", "one form, three gradients", three, (Paragraph(reason),)),
        *_check(story, forward, backward),
    ]  # fmt: skip
    return Section("The adjoint", tuple(blocks))


def _check(story: Story, forward: Math, backward: Math) -> list[Block]:
    """Work both inner products out, from the sums of each layer."""
    if indeterminate_size(story.conv) > CHECKED_SIZE:
        return []
    conv, letters = story.conv, story.notation
    x, v = _cycle(story, OF_X, story.large_pixels), _cycle(story, OF_V, story.small_pixels)
    given = story.weights is not None and all(weight.is_Rational for weight in story.weights)
    w: Array = _cycle(story, OF_W, conv.kernel_shape)
    if given and story.weights is not None:
        w = story.weights.reshape(conv.kernel_shape)
    Cx, Ctv = convolve(conv, x, w), conv_transpose(conv.T, v, w)
    C = Name(letters.C)
    inputs = [*shown_array(story, Name(letters.x), x), *shown_array(story, Name(letters.v), v)]
    if not given:
        inputs += shown_array(story, Name(letters.w), w, kernel=True)
    repeats = max(x.size, v.size, 0 if given else w.size) > WHOLE
    which = ", with the given weights and" if given else ", with"
    results = [*shown_array(story, C * letters.x, Cx), *shown_array(story, Transpose(C) * letters.v, Ctv)]
    return [
        Paragraph(f"{'A check in numbers' if given else 'A check in whole numbers'}{which}"),
        Display(*inputs),
        *([Paragraph("What the dots leave out goes on in the same way.")] if repeats else []),
        Paragraph("The sum of the convolution and the sum of the stamps give"),
        Display(*results),
        Paragraph("and with them"),
        Display(
            Relation(forward, "=", *_summed(story, Cx, v)),
            Relation(backward, "=", *_summed(story, x, Ctv)),
        ),
    ]


def _cycle(story: Story, values: tuple[int, ...], shape: tuple[int, ...]) -> Array:
    """Repeat a few numbers in the order of vec, as many as keep rows, columns and channels apart."""
    flat = np.resize(np.array(values[: period(shape, story.notation.order)], dtype=object), prod(shape))
    return flat.reshape(shape, order=story.notation.order)


def period(shape: tuple[int, ...], order: str) -> int:
    """Choose after how many numbers to begin again, so that a step along any axis is another step in the numbers.

    >>> period((1, 1, 4, 4), "C"), period((1, 1, 6, 6), "C")
    (7, 11)
    """
    axes = shape if order == "F" else shape[::-1]
    steps, step = [], 1
    for size in axes:
        steps += [step] if size > 1 else []
        step *= size

    def apart(p: int) -> int:
        """Count the axes whose steps differ from the others and from standing still, forwards and backwards."""
        return len({min(step % p, -step % p) for step in steps} - {0})

    return max(PERIODS, key=lambda p: (apart(p), -p))


def _summed(story: Story, left: Array, right: Array) -> tuple[Any, ...]:
    """Write an inner product as products, and its value; products that are 0 are left out."""
    order = story.notation.order
    pairs = [(a, b) for a, b in zip(left.reshape(-1, order=order), right.reshape(-1, order=order), strict=True)]
    terms = [(a, b) for a, b in pairs if a * b != 0]
    total = sum((a * b for a, b in pairs), 0)
    if len(terms) < 2:
        return (formula_of(total),)
    return written_sum(terms, _product, most=WHOLE), "=", formula_of(total)


def _product(pair: tuple[Any, Any]) -> Math:
    a, b = pair
    size = Times(formula_of(abs(a)), formula_of(abs(b)))
    return Negative(size) if (a < 0) != (b < 0) else size
