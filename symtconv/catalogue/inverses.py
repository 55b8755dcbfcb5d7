"""The transpose is no inverse; of a given kernel with full row rank, the pseudo-inverse is C^T (C C^T)^-1."""

from __future__ import annotations

from math import prod
from typing import Any

import sympy
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import TRUE, equal, identity, negation, picking
from symtconv.errors import TooLarge
from symtconv.proofs.polynomials import Polynomial, exact
from symtconv.proofs.terms import Defined, Determinant, Equation, Place, Table, Transposed, number, product, table

MAX_DENSE = 100_000


def not_an_inverse_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State not-an-inverse for a layer."""
    subject = Subject(layer, kernel)
    conv = subject.conv
    rows = conv.out_channels * prod(conv.output_shape)
    columns = conv.in_channels * prod(conv.input_shape)
    equations = _too_few_rows(subject, rows, columns) if rows < columns else _doubled(subject, columns)
    if kernel is not None and all(exact(weight) is not None for weight in subject.w_symbols.flat):
        equations += _pseudo_inverse(subject, rows, columns)
    return tuple(equations)


def _too_few_rows(subject: Subject, rows: int, columns: int) -> list[Equation]:
    """State that C^T C = (C^T P)(P^T C), P P^T = I: square matrices, one with empty columns, one with empty rows."""
    C, unit = subject.C_term, identity(columns)
    first = picking("P", "the matrix that picks the first o of n places", range(rows), columns)
    wide, tall = product(Transposed(C), first), product(Transposed(first), C)
    i = subject.indices[0][1]
    says = "P P^T = I, so C^T C = A B, A = C^T P having n - o zero columns and B = P^T C as many zero rows"
    return [
        Equation(product(first, Transposed(first)), identity(rows), says, (("i", i), ("p", i))),
        Equation(Determinant(product(wide, tall)), number(0), "det(A B) = det A det B = 0"),
        Equation(Determinant(unit), number(1), "det I = 1, so C^T C is not I"),
    ]


def _doubled(subject: Subject, columns: int) -> list[Equation]:
    """State that C doubles with the kernel, and that 4 I is not I."""
    four, unit = number(4), identity(columns)
    doubled = Subject(subject.conv, 2 * subject.w_symbols).C_term
    twice = Defined("C2", "the matrix of the layer with kernel 2 w, from its tap map", doubled.value)
    says = "2 w has the matrix 2 C, so that C^T C = I for w makes it 4 I for 2 w"
    return [
        Equation(twice, product(number(2), subject.C_term), says, subject.indices),
        Equation(negation(equal(product(four, unit), unit)), TRUE, "4 I is not I"),
    ]


def _pseudo_inverse(subject: Subject, rows: int, columns: int) -> list[Equation]:
    """State Penrose's four conditions for X = C^T (C C^T)^-1, where C C^T has an inverse."""
    if rows * columns * min(rows, columns) > MAX_DENSE:
        remedy = "Leave the kernel out for the statement about every kernel, or ask for a smaller layer."
        size = rows * columns * min(rows, columns)
        raise TooLarge.of(f"the pseudo-inverse for {subject.layer!r}", size, MAX_DENSE, what="products", remedy=remedy)
    if (inner := _inverse_of_gram(subject, rows)) is None:
        return []
    C = subject.C_term
    X = product(Transposed(C), Defined("G", "the inverse of C C^T", inner))
    CX, XC = product(C, X), product(X, C)
    i, m = subject.indices[0][1], subject.indices[1][1]
    return [
        Equation(CX, identity(rows), "C X = I for X = C^T (C C^T)^-1: C has full row rank", (("i", i), ("p", i))),
        Equation(product(CX, C), C, "C X C = C", (("i", i), ("m", m))),
        Equation(product(XC, X), X, "X C X = X", (("m", m), ("i", i))),
        Equation(Transposed(CX), CX, "C X is symmetric", (("i", i), ("p", i))),
        Equation(Transposed(XC), XC, "X C is symmetric", (("m", m), ("q", m))),
    ]


def _inverse_of_gram(subject: Subject, rows: int) -> Table | None:
    """Compute (C C^T)^-1 exactly, if it exists; the equations check it."""
    C = subject.C_term.value
    assert isinstance(C, Table)
    numbers = {place: sympy.sympify(value.terms[()]) for place, value in C.entries.items()}
    exactly = DomainMatrix.from_Matrix(sympy.SparseMatrix(*C.shape, numbers)).convert_to(sympy.QQ)
    try:
        inverse = (exactly * exactly.transpose()).to_dense().inv().to_Matrix()
    except DMNonInvertibleMatrixError:
        return None
    entries: dict[Place, Polynomial] = {
        (i, j): Polynomial.constant(exact(inverse[i, j]) or 0) for i in range(rows) for j in range(rows)
    }
    return table((rows, rows), entries)
