"""The Lipschitz constant of a layer in the 2-norm: what bounds it, and its value for given weights."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.derivation.exactnorm import axis_steps, exact_norm, surd
from symtconv.derivation.lipschitz import (
    has_phases,
    output_constant,
    phase_constant,
    real_sizes,
    rounded,
    whole_outputs,
)
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.overlap import has_no_border
from symtconv.derivation.phasesums import input_sums, output_sums
from symtconv.derivation.statement import spare, stated
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Absolute,
    BigSum,
    Infix,
    Inner,
    Math,
    Name,
    Norm,
    Power,
    Relation,
    Root,
    Shape,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Display, Paragraph
from symtconv.geometry import Conv
from symtconv.matrices.sparse import sparse_matrix

WAVES = 64
COMPUTED_ROWS = 600
COMPUTED_ENTRIES = 1_000_000


def norm_bound(story: Story) -> list[Block]:
    """State the Lipschitz constant in the 2-norm, what is known of it, and its value for given weights."""
    letters = story.notation
    C, x, v = Name(letters.C), Name(letters.x), Name(letters.v)
    norm = Norm(C, 2)
    opening: tuple[Piece, ...] = (
        "In the 2-norm the smallest constant is ", norm, ". It is the largest ", Inner(C * x, v), " with ",
        Relation(Norm(x, 2), "=", Norm(v, 2), "=", 1), ", and ", Relation(Inner(C * x, v), "=", Inner(
            x, Transpose(C) * v)), "; hence ", Relation(norm, "=", Norm(Transpose(C), 2)),
        ": in this norm both maps have the same constant.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    if _is_disjoint(story.conv):
        blocks += _disjoint(story, norm)
    elif has_phases(story.conv):
        blocks += _schur(story, norm)
    if has_no_border(story.conv) and prod(story.conv.stride) == 1:
        blocks += _waves(story, norm)
    return [*blocks, *_computed(story, norm)]


def _is_disjoint(conv: Conv) -> bool:
    """Tell whether windows do not overlap and one of them lies within the pixels."""
    return conv.padding_mode == "zeros" and all(
        axis.effective_kernel <= axis.stride and whole_outputs(axis) for axis in conv.axes
    )


def _disjoint(story: Story, norm: Math) -> list[Block]:
    """Give the norm of windows that do not overlap: that of the weights of one window."""
    words = "The windows do not overlap: outputs at different places read different pixels. So the norm is that of one "
    if story.single:
        root = Root(story.taps_sum(Power(story.w_summed(), 2)))
        return [Paragraph(f"{words}row,"), Display(Relation(norm, "=", root))]
    W = Name(spare(story, "WGHM"))
    groups = " of the group where it is largest" if story.conv.groups > 1 else ""
    rows, columns = story.conv.small_channels // story.conv.groups, prod(story.conv.kernel_shape[1:])
    return [
        Paragraph((f"{words}window, ", Relation(norm, "=", Norm(W, 2)), ", with ", W, " the ", Shape(rows, columns),
                   f" matrix of the weights{groups}, a row for each output channel."))
    ]  # fmt: skip


def _schur(story: Story, norm: Math) -> list[Block]:
    L, S = Name(output_constant(story)), Name(phase_constant(story))
    claim = (Paragraph("For real weights,"), Display(Relation(norm, "<=", Root(L * S))))
    y = story.notation.y
    argument: tuple[Piece, ...] = (
        "Cauchy and Schwarz give ", Relation(Power(Absolute(story.small_at(y)), 2), "<=", L * story.taps_sum(
            Absolute(story.w_summed()) * Power(Absolute(story.x_summed(story.position())), 2))),
        ". In the sum of this over all outputs the square of pixel ", story.m, " gets the factor ", L, " times the sum "
        "of its column of absolute values, which is at most ", S, ".",
    )  # fmt: skip
    blocks = stated(story, "schur-bound", "Schur's bound", claim, (Paragraph(argument),))
    if prod(story.conv.stride) == 1 and story.single:
        blocks.append(Paragraph(("With ", Relation(S, "=", L), " this is ", Relation(norm, "<=", L), ".")))
    numbers = real_sizes(story)
    if numbers is not None:
        R, largest = max(output_sums(story.conv, numbers)), max(input_sums(story.conv, numbers))
        root = sympy.sqrt(R * largest)
        chain: list[Any] = [norm, "<=", Root(Infix("cdot", formula_of(R), formula_of(largest)))]
        chain += ["=", formula_of(root)] if root.is_Rational else ["approx", rounded(float(root))]
        blocks += [Paragraph("With the given weights"), Display(Relation(*chain))]
    return blocks


def _waves(story: Story, norm: Math) -> list[Block]:
    """Give the norm of a circular convolution of stride 1: the largest value of its kernel at the roots of unity."""
    root = Name(spare(story, ("zeta", "xi", "omega")))
    value = story.taps_sum(story.w_summed() * Power(root, Times("d", "j"))) if story.single else BigSum(
        "j", None, Name(story.notation.w, "j") * Power(root, Times("d", "j")))  # fmt: skip
    several = story.conv.ndim > 1
    where: tuple[Piece, ...] = ("where ", root, " has one part for each axis, a root of unity with ", Relation(
        Power(root, "n"), "=", 1), ", and ", Power(root, Times("d", "j")), " is the product over the axes") if several \
        else ("over the roots of unity ", Relation(Power(root, "n"), "=", 1))  # fmt: skip
    matrix = "" if story.single else "; the weights of a tap are a matrix of output by input channels"
    size = Absolute(value) if story.single else Norm(value, 2)
    claim = (Display(Relation(norm, "=", BigSum(root, None, size, "max"))), Paragraph((*where, matrix, ".")))
    argument: tuple[Piece, ...] = (
        Name(story.notation.C), " takes the wave ", Power(root, "m"), " to a multiple of itself, the sum times a "
        "number of absolute value 1. Waves of different ", root, " are orthogonal and form a basis.",
    )  # fmt: skip
    name = "circulant-spectrum" if story.columns <= WAVES else ""
    return stated(story, name, "the norm of a circular convolution", claim, (Paragraph(argument),))


def _computed(story: Story, norm: Math) -> list[Block]:
    """Give the 2-norm of the given weights: as a formula where it is short, else rounded."""
    if real_sizes(story) is None:
        return []
    exact = exact_norm(story)
    if exact is not None:
        about: list[Any] = [] if exact.is_Rational else ["approx", rounded(float(exact))]
        C = Name(story.notation.C)
        steps = axis_steps(story)
        how: tuple[Piece, ...] = ("With the given weights, as the root of the largest eigenvalue of ", C * Transpose(C))
        words = Paragraph("So") if steps else Paragraph((*how, ","))
        return [*steps, words, Display(Relation(norm, "=", surd(exact), *about))]
    rows, columns = story.rows, story.columns
    if min(rows, columns) > COMPUTED_ROWS or rows * columns > COMPUTED_ENTRIES:
        return []
    assert story.weights is not None
    kernel = np.array([float(weight) for weight in story.weights]).reshape(story.conv.kernel_shape)
    value = float(np.linalg.norm(sparse_matrix(story.conv, kernel).toarray(), 2))
    return [
        Paragraph(("With the given weights ", Relation(norm, "approx", rounded(value)),
                   " (computed in floating point, not proved)."))
    ]  # fmt: skip
