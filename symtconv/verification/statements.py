"""The theorems that verify proves: a user's function, run on indeterminates, gives what the layer gives."""

from __future__ import annotations

from typing import Any

from symtconv.proofs.terms import Equation
from symtconv.proofs.theorem import Theorem
from symtconv.verification.question import Of, Question
from symtconv.verification.refuting import shape_refuted
from symtconv.verification.running import outputs_of

ASSUMPTIONS = (
    "x, w and v are indeterminates over the rational numbers, or over the reals",
    "the code does with numbers, in exact arithmetic, what it does with indeterminates",
    "it does the same at every call, and does not ask for the type of its arguments",
    "an array of floats that it makes is taken to hold any number, without rounding",
)


def _equations(question: Question, function: Any) -> tuple[Equation, ...]:
    outputs = outputs_of(function, question.arguments, hint=_hint(question))
    if outputs.shape != question.index[1]:
        raise shape_refuted(question, function, outputs)
    return question.equations(outputs)


def _hint(question: Question) -> str:
    """Say which axes the arguments have: code that looks for channels where there are none fails with a ValueError."""
    if not question.layer.single_channel:
        return ""
    first, second = question.arguments
    names = {"layer": "xw", "input-gradient": "vw", "kernel-gradient": "xv"}[question.of]
    shapes = f"{names[0]} has shape {first.shape} and {names[1]} {second.shape}"
    return f"With one channel in and out {shapes}, without channel axes."


def _layer(layer: Any, function: Any) -> tuple[Equation, ...]:
    return _equations(Question(layer, "layer"), function)


def _input_gradient(layer: Any, function: Any) -> tuple[Equation, ...]:
    return _equations(Question(layer, "input-gradient"), function)


def _kernel_gradient(layer: Any, function: Any) -> tuple[Equation, ...]:
    return _equations(Question(layer, "kernel-gradient"), function)


def _statement(of: Of, title: str, statement: str, equations: Any) -> Theorem:
    return Theorem(
        name=f"code-of-the-{of}",
        title=title,
        statement=statement,
        hypotheses=(),
        family="verification",
        source="the user's own code, run on exact indeterminates",
        equations=equations,
        assumptions=ASSUMPTIONS,
        takes_kernel=True,
    )


STATEMENTS: dict[Of, Theorem] = {
    "layer": _statement(
        "layer", "The code computes the layer", "f(x, w) is the layer's output for all x and w", _layer
    ),
    "input-gradient": _statement(
        "input-gradient",
        "The code computes the gradient by the input",
        "f(v, w) = grad_x <v, y> for all v and w, where y is the layer's output",
        _input_gradient,
    ),
    "kernel-gradient": _statement(
        "kernel-gradient",
        "The code computes the gradient by the kernel",
        "f(x, v) = grad_w <v, y> for all x and v, where y is the layer's output",
        _kernel_gradient,
    ),
}
