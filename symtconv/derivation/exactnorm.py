"""The 2-norm of a matrix of exact weights as a formula, where a square root or two are enough."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import sympy
from sympy.polys.matrices import DomainMatrix

from symtconv.arrays import Array
from symtconv.derivation.notation import Piece, Story
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import (
    Listing,
    Math,
    Matrix,
    Name,
    Negative,
    Parenthesised,
    Quotient,
    Relation,
    Root,
    Spaced,
    Sum,
    Times,
    Transpose,
    Tuple,
    Words,
)
from symtconv.document.nodes import Block, Display, Paragraph
from symtconv.geometry import Axis, Conv
from symtconv.matrices.symbolic import symbolic_matrix

GRAM_ROWS = 16
GRAM_ENTRIES = 4_096
SHOWN_GRAM = 4  # rows of a matrix of an axis that is written out
LONGEST = 12  # operations of a formula that is worth a line
CLOSE = 1e-6


def exact_norm(story: Story) -> Any | None:
    """Give |C|_2, the root of the largest eigenvalue of C C^T, if it is rational or has few square roots."""
    if story.weights is None or not all(weight.is_Rational for weight in story.weights):
        return None
    conv, kernel = story.conv, story.weights.reshape(story.conv.kernel_shape)
    value = _of_axes(conv, kernel) if conv.single_channel and conv.padding_mode == "zeros" else None
    if value is None:
        value = _of_matrix(conv, kernel)
    if value is None:
        return None
    value = sympy.together(sympy.sqrtdenest(sympy.radsimp(value)))
    return value if sympy.count_ops(value) <= LONGEST else None


def axis_steps(story: Story) -> list[Block]:
    """Show, of a kernel that is a product, the small matrices of its axes whose eigenvalues give the norm."""
    conv = story.conv
    if story.weights is None or not conv.single_channel or conv.padding_mode != "zeros" or conv.ndim == 1:
        return []
    factors = separated(story.weights.reshape(conv.kernel_size))
    if factors is None:
        return []
    pairs = list(zip(conv.axes, map(tuple, factors), strict=True))
    grams = [_gram(_alone(axis), np.array(factor, dtype=object)[None, None]) for axis, factor in pairs]
    if not all(gram is not None and gram.rows <= SHOWN_GRAM for gram in grams):
        return []
    C = story.notation.C
    names = [Name(C, Parenthesised(number + story.notation.base)) for number in range(conv.ndim)]
    same = all(factor == factors[0] for factor in factors)
    which: tuple[Piece, ...] = (Tuple(*map(formula_of, factors[0])), " on each axis")
    if not same:
        which = (Listing(*(Tuple(*map(formula_of, factor)) for factor in factors)),)
    blocks: list[Block] = [Paragraph((
        "The given kernel is the product of kernels of the axes, ", *which, ". So ", Name(C), " is the Kronecker "
        "product of the matrices of the axes, and their norms are multiplied. The squares of these are the largest "
        "eigenvalues of",
    ))]  # fmt: skip
    shown: list[Math] = []
    for number, ((axis, _), gram) in enumerate(zip(pairs, grams, strict=True)):
        if gram is None or pairs[number] in pairs[:number]:
            continue
        top = _largest_eigenvalue(gram)
        if top is None:
            return []
        product = names[number] * Transpose(names[number])
        product = product if axis.small <= axis.large else Transpose(names[number]) * names[number]
        cells = tuple(tuple(formula_of(gram[r, c]) for c in range(gram.cols)) for r in range(gram.rows))
        matrix = Matrix(cells, brackets=story.notation.brackets)
        shown.append(Spaced(Relation(product, "=", matrix), Words("with"), surd(sympy.radsimp(top))))
    return [*blocks, Display(*shown)]


def _gram(conv: Conv, kernel: Array) -> Any | None:
    """Multiply C by C^T, or C^T by C where that is smaller; None where both are large."""
    rows, columns = conv.small_channels * prod(conv.small_shape), conv.large_channels * prod(conv.large_shape)
    if min(rows, columns) > GRAM_ROWS or rows * columns > GRAM_ENTRIES:
        return None
    C = symbolic_matrix(conv, kernel)
    return C * C.T if rows <= columns else C.T * C


def surd(value: Any) -> Math:
    """Write a number made of rational numbers and square roots.

    >>> surd((11 + sympy.sqrt(5)) / 2).to_latex()
    '\\\\frac{11+\\\\sqrt{5}}{2}'
    """
    if value.could_extract_minus_sign():
        return Negative(surd(-value))
    top, bottom = value.as_numer_denom()
    if bottom != 1 and not value.is_Rational:
        return Quotient(surd(top), surd(bottom))
    if value.is_Add:
        return Sum(*(surd(term) for term in sorted(value.as_ordered_terms(), key=lambda term: not term.is_Rational)))
    if value.is_Mul:
        return Times(*(surd(factor) for factor in value.as_ordered_factors()))
    if value.is_Pow and value.exp == sympy.Rational(1, 2):
        return Root(surd(value.base))
    return formula_of(value)


def _of_matrix(conv: Conv, kernel: Array) -> Any | None:
    gram = _gram(conv, kernel)
    largest = None if gram is None else _largest_eigenvalue(gram)
    return None if largest is None else sympy.sqrt(largest)


def _of_axes(conv: Conv, kernel: Array) -> Any | None:
    """Multiply the norms of the axes, where the kernel is a product of kernels of the axes."""
    factors = separated(kernel.reshape(conv.kernel_size))
    if factors is None:
        return None
    found = [
        _of_matrix(_alone(axis), np.array(factor, dtype=object)[None, None])
        for axis, factor in zip(conv.axes, factors, strict=True)
    ]
    return None if any(norm is None for norm in found) else sympy.prod(found)


def _alone(axis: Axis) -> Conv:
    return Conv._resolved((axis,), 1, 1, 1, "zeros")


def separated(kernel: Array) -> list[list[Any]] | None:
    """Write a kernel as an outer product of one vector an axis; None if it is none."""
    if not kernel.any():
        return None
    at = tuple(int(place[0]) for place in np.nonzero(kernel))
    pivot = kernel[at]
    factors: list[list[Any]] = []
    for axis in range(kernel.ndim):
        line = np.moveaxis(kernel, axis, -1)[(*at[:axis], *at[axis + 1 :])].tolist()
        factors.append(line if axis == 0 else [value / pivot for value in line])
    product: Array = np.array(factors[0], dtype=object)
    for factor in factors[1:]:
        product = np.multiply.outer(product, np.array(factor, dtype=object))
    return factors if (product == kernel).all() else None


def _largest_eigenvalue(gram: Any) -> Any | None:
    """Give the largest root of the characteristic polynomial, if a factor of degree 1 or 2 has it."""
    symbol = sympy.Dummy()
    domain = DomainMatrix.from_Matrix(sympy.Matrix(gram)).convert_to(sympy.QQ)
    coefficients = [sympy.QQ.to_sympy(value) for value in domain.charpoly()]
    factors = [sympy.Poly(factor, symbol) for factor, _ in sympy.Poly(coefficients, symbol).factor_list()[1]]
    tops = [max(np.roots([float(value) for value in factor.all_coeffs()]).real) for factor in factors]
    order = np.argsort(tops)
    best = factors[int(order[-1])]
    if best.degree() > 2:
        return None
    if len(tops) > 1 and tops[int(order[-1])] - tops[int(order[-2])] <= CLOSE * abs(tops[int(order[-1])]):
        return None
    return max(sympy.roots(best), key=lambda root: float(sympy.re(root)))
