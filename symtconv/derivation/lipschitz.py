"""The Lipschitz constants of a layer, in the largest norm and in the Euclidean one."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array
from symtconv.derivation.notation import Piece, Story, written_sum
from symtconv.derivation.phasesums import input_sums, output_sums, phases
from symtconv.derivation.statement import spare, stated
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Absolute,
    Accent,
    BigSum,
    Infix,
    Inner,
    Listing,
    Math,
    Name,
    Norm,
    Number,
    Operator,
    Power,
    Relation,
    Root,
    Spaced,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import Block, Display, Paragraph
from symtconv.geometry import Axis
from symtconv.matrices.sparse import sparse_matrix

COMPUTED_ROWS = 600
COMPUTED_ENTRIES = 1_000_000
SUMMED_WEIGHTS = 5_000
INFINITY = "infinity"


def largest_change(story: Story) -> list[Block]:
    """State the Lipschitz constant in the largest norm: the largest sum of |w| over an output channel."""
    letters = story.notation
    C, x = Name(letters.C), Name(letters.x)
    other = Accent(x, "prime")
    L = Name(_constant(story))
    difference, moved = Sum(C * x, -(C * other)), Sum(x, -other)
    bound = Relation(Norm(difference, INFINITY), "<=", L * Norm(moved, INFINITY))
    claim = (
        Paragraph(("For all real ", x, " and ", other, ":")),
        Display(Spaced(bound, Relation(L, "=", _largest_output(story)))),
    )
    argument: tuple[Piece, ...] = (
        "Output ", story.i, " of ", difference, " is the sum of ", story.w_summed(), " times differences of pixels, "
        "each at most ", Norm(moved, INFINITY), " in absolute value. The triangle inequality gives the bound.",
    )  # fmt: skip
    blocks = stated(story, "continuous", "continuous", claim, (Paragraph(argument),))
    numbers = _sizes(story)
    if numbers is not None:
        sums = output_sums(story.conv, numbers)
        words = "With the given weights"
        blocks += [Paragraph(words), Display(Relation(L, "=", *_maximum(sums)))]
    elif story.single:
        total = written_sum(range(prod(story.conv.kernel_shape)), lambda number: Absolute(story.weight(number)))
        blocks += [Paragraph("Here"), Display(Relation(L, "=", total))]
    if all(_reads_all(axis) for axis in story.conv.axes):
        tight: tuple[Piece, ...] = (
            "No smaller constant will do: some outputs read no padding, and pixels ", Number(1), " and ", Number(-1),
            ", with the signs of the weights, make one of them ", L, ".",
        )  # fmt: skip
    else:
        tight = ("Every output reads padding on some axis, so a smaller constant may do.",)
    return [*blocks, Paragraph(tight)]


def norm_bound(story: Story) -> list[Block]:
    """State the Lipschitz constant in the 2-norm, Schur's bound of it, and for given weights what NumPy computes."""
    letters = story.notation
    C, x, v = Name(letters.C), Name(letters.x), Name(letters.v)
    norm = Norm(C, 2)
    opening: tuple[Piece, ...] = (
        "In the 2-norm the smallest constant is ", norm, ". It is the largest ", Inner(C * x, v), " with ",
        Relation(Norm(x, 2), "=", Norm(v, 2), "=", 1), ", and ", Relation(Inner(C * x, v), "=", Inner(
            x, Transpose(C) * v)), "; hence ", Relation(norm, "=", Norm(Transpose(C), 2)),
        ": the layer and its transpose have the same constant.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    if story.conv.padding_mode == "zeros":
        blocks += _schur(story, norm)
    else:
        blocks.append(Paragraph("A bound by phases of the stride would need zero padding, so none is given here."))
    return [*blocks, *_computed(story, norm)]


def _schur(story: Story, norm: Math) -> list[Block]:
    L, S = Name(_constant(story)), Name(spare(story, "SEGNPQU"))
    r = Name(spare(story, "rpuefl"))
    phase = Relation(Infix("mod", Times("d", "j"), "s"), "=", r)
    size = Absolute(story.w_between())
    over: Math = BigSum(phase, None, size)
    if not story.single:
        over = BigSum(story.c_small, None, over)
    S_is = Relation(S, "=", BigSum(r if story.single else Listing(story.c, r), None, over, "max"))
    claim = (
        Paragraph(("Over the real numbers, with residues taken axis by axis.", *story.outside_words())),
        Display(Spaced(Relation(norm, "<=", Root(L * S)), S_is)),
    )
    y = story.notation.y
    argument: tuple[Piece, ...] = (
        "Cauchy and Schwarz give ", Relation(Power(Absolute(story.small_at(y)), 2), "<=", L * story.taps_sum(
            Absolute(story.w_summed()) * Power(Absolute(story.x_summed(story.position())), 2))),
        ". In the sum of this over all outputs, pixel ", story.m, " is read at most once by "
        "each tap, and only by taps with one and the same remainder of ", Times("d", "j"), " modulo ", Name("s"),
        "; so the factor of its square is at most ", L * S, ".",
    )  # fmt: skip
    blocks = stated(story, "schur-bound", "Schur's bound", claim, (Paragraph(argument),))
    numbers = _sizes(story)
    if numbers is not None:
        R, largest = max(output_sums(story.conv, numbers)), max(input_sums(story.conv, numbers))
        root = sympy.sqrt(R * largest)
        chain: list[Any] = [norm, "<=", Root(Infix("cdot", formula_of(R), formula_of(largest)))]
        chain += ["=", formula_of(root)] if root.is_Rational else ["approx", _rounded(float(root))]
        sums = _maximum(input_sums(story.conv, numbers))
        return [*blocks, Paragraph("With the given weights"), Display(Relation(S, "=", *sums), Relation(*chain))]
    return [*blocks, *_phases(story, S)]


def _phases(story: Story, S: Math) -> list[Block]:
    """Write the sums of the phases out, where there are few."""
    conv = story.conv
    if not story.single or prod(conv.kernel_shape) > 25 or prod(min(a.stride, a.kernel_size) for a in conv.axes) > 4:
        return []
    sums = []
    for _, taps in phases(conv):
        numbers = [int(np.ravel_multi_index(tap, conv.kernel_size)) for tap in taps]
        sums.append(written_sum(numbers, lambda number: Absolute(story.weight(number)), most=5))
    if len(sums) == 1:
        return [Paragraph(("All taps have the same phase, so ", S, " is the sum of all ", Absolute(story.w_summed()),
                           ", as ", Name(_constant(story)), " is."))]  # fmt: skip
    return [Paragraph((f"Here the taps have {len(sums)} phases, and ", S, " is the largest of")), Display(*sums)]


def _computed(story: Story, norm: Math) -> list[Block]:
    """Give the 2-norm of the given weights, rounded."""
    rows, columns = story.rows, story.columns
    if _sizes(story) is None or min(rows, columns) > COMPUTED_ROWS or rows * columns > COMPUTED_ENTRIES:
        return []
    assert story.weights is not None
    kernel = np.array([float(weight) for weight in story.weights]).reshape(story.conv.kernel_shape)
    value = float(np.linalg.norm(sparse_matrix(story.conv, kernel).toarray(), 2))
    return [
        Paragraph(("In floating point, NumPy computes ", Relation(norm, "approx", _rounded(value)),
                   ". This number is computed and rounded, not proved."))
    ]  # fmt: skip


def _sizes(story: Story) -> Array | None:
    """Give the absolute values of the weights, if they are given as real numbers and not too many."""
    if story.weights is None or story.weights.size > SUMMED_WEIGHTS:
        return None
    if not all(weight.is_Rational or weight.is_Float for weight in story.weights):
        return None
    return np.array([abs(weight) for weight in story.weights], dtype=object).reshape(story.conv.kernel_shape)


def _largest_output(story: Story) -> Math:
    total = story.taps_sum(Absolute(story.w_summed()))
    return total if story.single else BigSum(story.c_small, None, total, "max")


def _maximum(sums: list[Any]) -> tuple[Any, ...]:
    """Write the largest of some sums, and which they are if they are few."""
    largest = formula_of(max(sums))
    if not 1 < len(sums) <= 4:
        return (largest,)
    return Operator("max", *(formula_of(value) for value in sums)), "=", largest


def _constant(story: Story) -> str:
    """Choose the letter of the constant."""
    return spare(story, "LMDEFGN")


def _reads_all(axis: Axis) -> bool:
    """Tell whether some output reads a pixel of its own with every tap, and no padding."""
    first = max(-(-axis.lo // axis.stride), 0)
    return first < axis.small and axis.stride * first - axis.lo + axis.effective_kernel <= axis.large


def _rounded(value: float) -> Math:
    """Round to six digits."""
    return Number(float(f"{value:.6g}"))
