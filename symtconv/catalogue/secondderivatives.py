"""The second derivatives of a convolution, which is linear in its input and linear in its kernel."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.brackets import brackets
from symtconv.catalogue.differentiation import EVERY_KERNEL, tap_index
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.sympyderivatives import derivatives, polynomials
from symtconv.geometry import ConvTranspose
from symtconv.proofs.terms import Defined, Derivative, Equation, Place, table
from symtconv.proofs.theorem import Theorem


def _hessian(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    ones = brackets(subject)
    i, m = subject.indices
    by_x = Derivative(subject.y_term, subject.x_names)
    nothing = Defined("0", "the zero table", table((subject.v.size, len(subject.x_names), len(subject.x_names)), {}))
    says = "d2y[i]/dx[m]dw[j] = [tau(i, j) = m]"
    equations = [
        Equation(Derivative(by_x, subject.x_names), nothing, "d2y[i]/dx[m]dx[l] = 0", (i, m, ("l", m[1]))),
        Equation(Derivative(by_x, subject.w_names), ones, says, (i, m, tap_index(subject))),
    ]
    if subject.differentiates_twice:
        equations.append(Equation(_by_sympy(subject), ones, f"{says}, by SymPy's diff", equations[1].indices))
    return tuple(equations)


def _by_sympy(subject: Subject) -> Defined:
    outputs: dict[Place, Any] = {(row,): expression for row, expression in enumerate(subject.y_sympy.flat)}
    twice = derivatives(derivatives(outputs, subject.x_names), subject.w_names)
    shape = (len(outputs), len(subject.x_names), len(subject.w_names))
    return Defined("H", "the same derivatives, taken by SymPy's diff", polynomials(twice, shape))


HESSIAN = Theorem(
    name="hessian",
    title="The second derivatives of a convolution",
    statement="d2y[i]/dx[m]dx[l] = 0, and d2y[i]/dx[m]dw[j] = [tau(i, j) = m]",
    hypotheses=(),
    family="gradients",
    source="differentiation, twice, of y[i] = sum_j w[j] x[tau(i, j)]",
    equations=_hessian,
    assumptions=(EVERY_KERNEL,),
    example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
)
