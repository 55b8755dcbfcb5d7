"""The transposed convolution as the adjoint, and the trilinear form whose three gradients are all there is."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.statement import spare, stated
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Apply,
    BigSum,
    Derivative,
    Dots,
    Inner,
    Math,
    Matrix,
    Name,
    Negative,
    Operator,
    Parenthesised,
    Relation,
    Subscript,
    Times,
    Transpose,
    Tuple,
)
from symtconv.document.nodes import Block, Derivation, Display, Paragraph, Section, Step
from symtconv.layers import convolve
from symtconv.transposed import conv_transpose

CHECKED_SIZE = 20_000
PICTURED = 8


def adjoint_section(story: Story) -> Section:
    """Show that C^T is the adjoint of C, that one trilinear form holds all gradients, and check it in numbers."""
    letters = story.notation
    C, v, x, w = (Name(letter) for letter in (letters.C, letters.v, letters.x, letters.w))
    T = Apply(spare(story, "TFPQRAE"), w, x, v)
    forward, backward = Inner(C * x, v), Inner(x, Transpose(C) * v)
    both = Relation(forward, "=", backward)
    v_i, x_m, C_im = story.small_at(letters.v), story.large_at(letters.x), story.C_at()
    pixels = Name("m") if story.single else story.m
    through = story.outputs_sum(Times(Parenthesised(BigSum(pixels, None, C_im * x_m)), v_i))
    exchanged = BigSum(pixels, None, Times(x_m, Parenthesised(story.outputs_sum(C_im * v_i))))
    steps = (
        Step(forward, "=", through, "write the sums"),
        Step(None, "=", exchanged, "exchange them"),
        Step(None, "=", backward, ("fold ", Transpose(C))),
    )
    read = story.x_summed(story.position())
    form = story.outputs_sum(story.taps_sum(Times(v_i, story.w_summed(), read)))
    by_w = BigSum("i", None, v_i * read)
    gradients = (
        Relation(Derivative(T, story.w_summed()), "=", by_w),
        Relation(Derivative(T, x_m), "=", Subscript(Transpose(C) * v, story.m)),
        Relation(Derivative(T, v_i), "=", Subscript(C * x, story.i)),
    )
    reason: tuple[Piece, ...] = (
        T, " is linear in each of its three arguments. The factor that it leaves beside ", v_i, " is output ", story.i,
        " of the convolution; beside ", x_m, " it is what the transposed convolution makes of ", v, " there; beside ",
        story.w_summed(), " it is the kernel gradient.",
    )  # fmt: skip
    blocks: list[Block] = [
        *stated(story, "adjoint", "the adjoint", (Paragraph(("For all ", x, " and ", v, ": ", both, ".")),),
                (Derivation(steps),)),
        Paragraph(("Both sides are one number, which depends on ", w, ", ", x, " and ", v, " alike:")),
        Display(Relation(T, "=", Inner(C * x, v), "=", form)),
        *stated(story, "trilinear", "one form, three gradients", (Display(*gradients),), (Paragraph(reason),),
                "For this layer all three gradients were taken from the definition."),
        *_check(story, forward, backward),
    ]  # fmt: skip
    return Section("The adjoint", tuple(blocks))


def _check(story: Story, forward: Math, backward: Math) -> list[Block]:
    """Work both inner products out, from the definition of each layer."""
    if indeterminate_size(story.conv) > CHECKED_SIZE:
        return []
    conv, letters = story.conv, story.notation
    x, v = _cycle(story, (1, 2, 3), story.large_pixels), _cycle(story, (1, -1, 2), story.small_pixels)
    given = story.weights is not None and all(weight.is_Rational for weight in story.weights)
    w: Array = _cycle(story, (1, 2, 0, 3), conv.kernel_shape)
    if given and story.weights is not None:
        w = story.weights.reshape(conv.kernel_shape)
    Cx, Ctv = convolve(conv, x, w), conv_transpose(conv.T, v, w)
    C = Name(letters.C)
    inputs = [_shown(story, letters.x, x), _shown(story, letters.v, v)]
    if not given:
        inputs.append(_shown(story, letters.w, w))
    which = "the given weights and" if given else ""
    return [
        Paragraph(("A check in whole numbers" if not given else "A check in numbers", f", with {which}" if given else
                   ", with")),
        Display(*(Relation(name, "=", value) for name, value in inputs)),
        Paragraph("The definitions of the two layers, run separately, give"),
        Display(*(Relation(name, "=", value) for name, value in (
            _shown(story, None, Cx, C * letters.x), _shown(story, None, Ctv, Transpose(C) * letters.v)))),
        Paragraph("and with them"),
        Display(
            Relation(forward, "=", *_summed(story, Cx, v)),
            Relation(backward, "=", *_summed(story, x, Ctv)),
        ),
    ]  # fmt: skip


def _cycle(story: Story, values: tuple[int, ...], shape: tuple[int, ...]) -> Array:
    """Repeat a few numbers in the order of vec."""
    flat = np.resize(np.array(values, dtype=object), prod(shape))
    return flat.reshape(shape, order=story.notation.order)


def _shown(story: Story, letter: str | None, values: Array, name: Math | None = None) -> tuple[Math, Math]:
    """Show an array as a picture where it is one and small, else as the beginning of its vec."""
    named = Name(letter) if letter is not None else name
    assert named is not None
    pixels = values.reshape(values.shape[-story.conv.ndim :]) if story.single else values
    if story.single and pixels.ndim <= 2 and max(pixels.shape) <= PICTURED:
        grid = np.atleast_2d(pixels)
        cells = tuple(tuple(formula_of(value) for value in row) for row in grid)
        return named, Matrix(cells, brackets=story.notation.brackets)
    flat = values.reshape(-1, order=story.notation.order)
    shown: list[Math] = [formula_of(value) for value in flat[:PICTURED]]
    if flat.size > PICTURED:
        shown.append(Dots("low"))
    return Operator("vec", named), Transpose(Tuple(*shown))


def _summed(story: Story, left: Array, right: Array) -> tuple[Any, ...]:
    """Write an inner product as products, and its value; products that are 0 are left out."""
    order = story.notation.order
    pairs = [(a, b) for a, b in zip(left.reshape(-1, order=order), right.reshape(-1, order=order), strict=True)]
    terms = [(a, b) for a, b in pairs if a * b != 0]
    total = sum((a * b for a, b in pairs), 0)
    if len(terms) < 2:
        return (formula_of(total),)
    return written_sum(terms, _product, most=16), "=", formula_of(total)


def _product(pair: tuple[Any, Any]) -> Math:
    a, b = pair
    size = Times(formula_of(abs(a)), formula_of(abs(b)))
    return Negative(size) if (a < 0) != (b < 0) else size
