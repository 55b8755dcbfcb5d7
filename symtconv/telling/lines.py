"""A proof about sums line by line: what a sum becomes, why, and what of its conditions had to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symtconv.document.mathematics import (
    Derivative as Partial,
    Floor,
    Iverson,
    Math,
    Quotient,
    Relation,
    Subscript,
    Times,
)
from symtconv.proofformulas import symbol
from symtconv.proofs.kernel import RULES, Proof, Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Definition, Summand, Total, names_in
from symtconv.proofs.terms import Derivative, Equation, Term, children
from symtconv.telling.additions import Pieces
from symtconv.telling.conditions import Names, polynomial_math
from symtconv.telling.indices import reader_names

QUIET = {"imply", "forget", "void", "cases", "exchange", "rename"}  # they change no more than conditions and names
ORDER = "the difference is a sum of terms that are not negative"
REASONS = {"bezout": "Bezout's equation", "read once": "a tap reads one pixel at most", "order": ORDER}
SAME, NONE = "the conditions say the same", "nothing meets all of these conditions"


@dataclass(frozen=True)
class Shown:
    """A condition that follows, and how: brackets with their multipliers, for p = 0 once for each half."""

    bracket: Bracket | None  # None where a case cannot occur
    where: tuple[Bracket, ...]
    certificates: tuple[Certificate, ...]
    of: Summand
    supposed: Bracket | None = None  # in which case

    @property
    def names(self) -> Names:
        """What its numbers are called for the reader."""
        return reader_names(self.of)


@dataclass(frozen=True)
class Line:
    """What a sum has become, why, and what of its conditions had to be shown."""

    term: Term
    reason: Pieces
    shown: tuple[Shown, ...] = ()


def lines(equation: Equation, steps: Sequence[Step]) -> list[Line]:
    """List the lines of one equation's derivation; steps that only rename or restate conditions share a line."""
    found: list[Line] = []
    pending: list[Shown] = []
    splits = [step.how[1] for step in steps if step.rule == "cases"]
    for step in steps:
        told = shown_by(step)
        if told is not None and told.bracket is None:
            told = replace(told, supposed=_supposed(told, splits))
        if told is not None and any(certificate for certificate in told.certificates):
            pending.append(told)
        if step.rule not in QUIET and step.before != step.after:
            found.append(Line(step.after, _reason(step), tuple(pending)))
            pending = []
    if steps and (not found or found[-1].term != equation.right):
        found.append(Line(equation.right, (NONE if equation.right == Total(()) else SAME,), tuple(pending)))
    return found


def _product_rule(step: Step) -> Pieces:
    """Say what was differentiated, and how."""
    of = step.before if isinstance(step.before, Derivative) else step.after
    for name in step.at:
        of = getattr(of, name)
    array, *at = of.by  # type: ignore[attr-defined]
    if not at:
        return ("the product rule",)
    here, there = (Subscript(symbol(array), *map(symbol, names)) for names in (at, [f"{name}_0" for name in at]))
    same = Times(*(Iverson(Relation(symbol(f"{name}_0"), "=", symbol(name))) for name in at))
    return ("the product rule, and ", Relation(Partial(there, here, slashed=True), "=", same))


def product_symbol(text: str) -> Math:
    """Write a symbol, or a product of such: C^T v."""
    factors = [symbol(part) for part in text.split()]
    return Times(*factors) if len(factors) > 1 else factors[0]


def _supposed(shown: Shown, splits: Sequence[Polynomial]) -> Bracket | None:
    """Find the case that cannot occur: of two that were told apart."""
    used = {place for certificate in shown.certificates for _, places in certificate for place in places}
    cases = [Bracket(">=", q) for p in splits for q in (p, -p - 1)]
    return next((shown.where[place] for place in sorted(used) if shown.where[place] in cases), None)


def _reason(step: Step) -> Pieces:
    if step.rule == "differentiate":
        return _product_rule(step)
    if step.rule == "divide":
        _, a, b, quotient, _ = step.how
        same = [polynomial_math(p, {}) for p in (Polynomial.variable(quotient), a, b)]
        return (
            *(("with ",) if leads(step) else ("there is one ",)),
            Relation(same[0], "=", Floor(Quotient(same[1], same[2]))),
        )
    if step.rule not in {"sift", "unfold entry"}:
        return (REASONS.get(step.rule, step.reason or step.rule),)
    onward = leads(step)
    source = _part(step.before if onward else step.after, step.at)
    if step.rule == "unfold entry":
        array = source.summands[step.how[0]].entries[step.how[1]].array
        return ("the definition of ", product_symbol(array if isinstance(array, str) else array.symbol))
    place, z, value = step.how
    names = reader_names(source.summands[place], _differentiated_by(step))
    only = Relation(polynomial_math(Polynomial.variable(z), names), "=", polynomial_math(value, names))
    return ("only ", only, " contributes") if onward else ("with ", only)


def shown_by(step: Step) -> Shown | None:
    """Give what a step shows by a certificate."""
    if step.rule not in {"imply", "forget", "void"}:
        return None
    place, *how = step.how
    source = _part(step.before if leads(step) else step.after, step.at)
    one = source.summands[place]
    if step.rule == "void":
        return Shown(None, one.where, (how[0],), one)
    bracket, *certificates = how
    where = one.where
    if step.rule == "forget":
        where = tuple(other for other in where if other != bracket)
    return Shown(bracket, where, tuple(certificates), one)


def leads(step: Step) -> bool:
    """Tell whether the rule of a step about sums leads from before to after, rather than back."""
    try:
        return bool(RULES[step.rule](_part(step.before, step.at), *step.how) == _part(step.after, step.at))
    except (IndexError, ValueError):
        return False


def _differentiated_by(step: Step) -> set[str]:
    """Name what a step stands within derivatives by."""
    found: set[str] = set()
    term = step.before
    for name in step.at:
        found |= set(getattr(term, "by", ())[1:])
        term = getattr(term, name)
    return found


def _part(term: Term, path: tuple[str, ...]) -> Total:
    for name in path:
        term = getattr(term, name)
    assert isinstance(term, Total)
    return term


def parts(proof: Proof) -> Iterator[tuple[Equation, tuple[Step, ...]]]:
    """Give each equation of a proof with its steps."""
    steps = iter(proof.steps)
    for equation in proof.equations:
        taken: list[Step] = []
        while (taken[-1].after if taken else equation.left) != equation.right:
            taken.append(next(steps))
        yield equation, tuple(taken)


def definitions(equation: Equation) -> tuple[Definition, ...]:
    """List the arrays that an equation defines, each once, those that others need first."""
    found: dict[str, Definition] = {}

    def collect(term: Term) -> None:
        for _, child in children(term):
            collect(child)
        for one in term.summands if isinstance(term, Total) else ():
            for entry in one.entries:
                if isinstance(entry.array, Definition) and entry.array.symbol not in found:
                    collect(entry.array.value)
                    found[entry.array.symbol] = entry.array

    collect(equation.left)
    collect(equation.right)
    return tuple(found.values())


def common_brackets(equation: Equation) -> tuple[Bracket, ...]:
    """List the conditions on free numbers that every summand of both sides has: what the equation assumes."""
    summands = [one for side in (equation.left, equation.right) for one in _summands(side)]
    first = summands[0].where if summands else ()
    bound = {name for one in summands for name in one.over}
    return tuple(b for b in first if not names_in(b.of) & bound and all(b in one.where for one in summands))


def _summands(term: Term) -> Iterator[Summand]:
    if isinstance(term, Total):
        yield from term.summands
    for _, child in children(term):
        yield from _summands(child)
