"""The transposed convolution of one axis as a product of polynomials."""

from __future__ import annotations

from collections.abc import Callable

from symtconv.derivation.notation import Story, weighted, written_sum
from symtconv.derivation.places import Letters
from symtconv.derivation.statement import stated
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.document.mathematics import (
    Apply,
    Math,
    Name,
    Power,
    Relation,
    Sum,
    Times,
    Transpose,
    as_math,
)
from symtconv.document.nodes import Block, Display, Paragraph, Section

SHOWN = 5


def polynomial_section(story: Story, own: Letters, worked: WorkedPixel) -> Section:
    """Write w(zeta^d) and v(zeta^s), state that z holds coefficients of their product, and work one pixel out."""
    letters = story.notation
    (axis,) = story.conv.axes
    zeta, v, w = Name(own.zeta), Name(letters.v), Name(letters.w)
    of_w, of_v = Apply(w, _power(zeta, axis.dilation)), Apply(v, _power(zeta, axis.stride))
    blocks: list[Block] = [
        Paragraph(("Let the pixels and the weights be the coefficients of polynomials in a variable ", zeta, ":")),
        Display(
            Relation(of_w, "=", _polynomial(zeta, axis.dilation, axis.kernel_size, lambda j: worked.w((j,)))),
            Relation(of_v, "=", _polynomial(zeta, axis.stride, axis.small, lambda i: worked.v((i,)))),
        ),
    ]
    if not story.single:
        blocks[0] = Paragraph((
            "Let the pixels and the weights be the coefficients of polynomials in a variable ", zeta, ", here those of "
            "the first channels; the products are summed over the channels of ", v, ":",
        ))  # fmt: skip
    base = letters.base
    exponent: Math = Name("m") + (axis.lo - base) if axis.lo != base else Name("m")
    statement = (
        "For all ", v, " and ", w, ", pixel ", Name("m"), " of ", Transpose(letters.C) * v, " is the coefficient of ",
        Power(zeta, exponent), " in ", of_w * of_v, ", which is 0 where that power does not occur.",
    )  # fmt: skip
    met = Sum(_scaled(axis.dilation, "j"), _scaled(axis.stride, "i"))
    lands = Relation(met, "=", Sum("m", axis.lo) if axis.lo else "m")
    reason = Paragraph((
        "Tap ", Name("j"), " and pixel ", Name("i"), " meet in the power ",
        Power(zeta, met), ", and stamp ", Name("i"),
        " reaches pixel ", Name("m"), " with tap ", Name("j"), " where ", lands,
        " (all counted from 0)." if base else ".",
    ))  # fmt: skip
    blocks += stated(story, "generating-function", "generating function", (Paragraph(statement),), (reason,))
    place = worked.at[0] + axis.lo
    blocks += [
        Paragraph(("Pixel ", worked.name, " is the coefficient of ", Power(zeta, place), ": the products whose "
                   "exponents add up to ", as_math(place), " are those of the sum from the matrix.")),
    ]  # fmt: skip
    return Section("A product of polynomials", tuple(blocks), level=2)


def _scaled(factor: int, letter: str) -> Math:
    return Times(factor, letter) if factor > 1 else Name(letter)


def _power(zeta: Name, exponent: int) -> Math:
    return Power(zeta, exponent) if exponent > 1 else zeta


def _polynomial(zeta: Name, step: int, count: int, coefficient: Callable[[int], Math]) -> Math:
    def term(number: int) -> Math:
        value = coefficient(number)
        return weighted(value, _power(zeta, step * number)) if number else value

    return written_sum(range(count), term, most=SHOWN)
