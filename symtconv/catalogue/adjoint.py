"""The adjoint family: a convolution and its transpose across an inner product."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.gradients import RING
from symtconv.catalogue.subject import Subject
from symtconv.proofs.terms import Equation, Product, Transposed
from symtconv.proofs.theorem import Theorem


def _adjoint(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer, kernel)
    stamps = subject.transposed_term("stamp", "the transposed convolution of v with w, by stamps")
    transposed = Product(Transposed(subject.C_term), subject.v_term)
    small, large = subject.indices
    return (
        Equation(subject.y_term, Product(subject.C_term, subject.x_term), "y = C x", (small,)),
        Equation(stamps, transposed, "z = C^T v", (large,)),
        Equation(Product(subject.y_term, subject.v_term), Product(subject.x_term, stamps), "<C x, v> = <x, C^T v>"),
    )


ADJOINT = (
    Theorem(
        name="adjoint",
        title="The transposed convolution is the adjoint",
        statement="<C x, v> = <x, C^T v>",
        hypotheses=(),
        family="adjoint",
        source="definition of the adjoint; PyLops' dot test checks it on numbers",
        equations=_adjoint,
        assumptions=(RING,),
        takes_kernel=True,
    ),
)
