"""What a false claim comes to at its counterexample: the numbers put in, and both sides worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symtconv.document.mathematics import Math, Number, Relation
from symtconv.errors import Refuted
from symtconv.proofs.claims import read_question
from symtconv.proofs.evaluation import UndefinedError, evaluate
from symtconv.proofs.formula import Formula
from symtconv.telling.formulas import formula_math

Content = tuple[str | Math, ...]


def failure_content(claim: str, where: Sequence[str], assuming: Sequence[str], found: Refuted) -> Content:
    """Work a claim out at its counterexample.

    >>> from symtconv import Refuted, decide
    >>> from symtconv.document.plainmath import typed_line
    >>> try:
    ...     decide("n//2 + n//2 == n")
    ... except Refuted as error:
    ...     typed_line(failure_content("n//2 + n//2 == n", (), (), error))
    'At n = 1: floor(1/2) + floor(1/2) = 0, which is not 1.'
    """
    question = read_question(claim, tuple(where), tuple(assuming))
    at: dict[str, int] = dict(found.counterexample)
    told: list[str | Math] = ["At ", *_listed([Relation(name, "=", value) for name, value in at.items()])] if at else []
    for name, formula in question.given:
        try:
            at[name] = int(evaluate(formula, at))
        except UndefinedError as zero:
            return (*told, " the divisor ", formula_math(zero.formula), " of ", name, " is 0.")
    defined = [Relation(name, "=", at[name]) for name, _ in question.given]
    told += [", where ", *_listed(defined)] if defined else []
    try:
        return (*told, *([": "] if told else []), *_failing(question.formula, at), ".")
    except UndefinedError as zero:
        return (*told, " the divisor ", formula_math(zero.formula), " is 0.")


def _listed(formulas: Sequence[Math]) -> Content:
    found: list[str | Math] = []
    for place, one in enumerate(formulas):
        found += ["" if place == 0 else ", ", one]
    return tuple(piece for piece in found if piece != "")


def _failing(formula: Formula, at: Mapping[str, int]) -> Content:
    """Say which part of a false formula fails, down to a comparison where one alone does."""
    parts = formula.operands
    match formula.operation:
        case "and":
            return _failing(next(part for part in parts if not evaluate(part, at)), at)
        case "implies":
            return (formula_math(parts[0], at), " is true, but ", *_failing(parts[1], at))
        case "iff":
            true, false = parts if evaluate(parts[0], at) else parts[::-1]
            return (formula_math(true, at), " is true, but ", *_failing(false, at))
        case "=":
            left, right = sorted(parts, key=_is_plain)
            return _compared(left, " not ", right, at)
        case "<=":
            return _compared(parts[0], " more than ", parts[1], at)
        case "not" if parts[0].operation == "=":
            return ("both sides are ", Number(evaluate(parts[0].operands[0], at)))
        case "not" if parts[0].operation == "<=":
            left, right = parts[0].operands
            return _compared(left, " not more than ", right, at)
    return ("it is false that ", formula_math(formula, at))


def _compared(left: Formula, relation: str, right: Formula, at: Mapping[str, int]) -> Content:
    """Say "2 + 2 = 4, which is not 5", or just "4 is not 5" of numbers."""
    verb = " is" if _is_plain(left) else ", which is"
    return (_side(left, at), f"{verb}{relation}", _side(right, at))


def _is_plain(formula: Formula) -> bool:
    return formula.operation in {"name", "number"}


def _side(formula: Formula, at: Mapping[str, int]) -> Math:
    """Write a side with its numbers put in, and what it comes to; a number by itself."""
    value = Number(evaluate(formula, at))
    return value if _is_plain(formula) else Relation(formula_math(formula, at), "=", value)
