"""An all-sizes proof as something to read: the lines of its derivation, each with its reason and its certificates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from symtconv.proofs.kernel import RULES, Proof, Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Definition, Total, names_in
from symtconv.proofs.terms import Equation, Term

SHOWN = {
    "unfold entry": "",
    "differentiate": "the product rule, and d x[a]/d x[m] = [a = m]",
    "sift": "the sum over {0} has one term",
    "divide": "Euclid's division",
    "Bezout": "Bezout's equation",
}
SAME = "the conditions say the same"


@dataclass(frozen=True)
class Shown:
    """A condition that follows, and how: brackets with their multipliers, for p = 0 once for each half."""

    bracket: Bracket | None  # None where a case cannot occur
    where: tuple[Bracket, ...]
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class Line:
    """What a sum has become, why, and what of its conditions had to be shown."""

    term: Term
    reason: str
    shown: tuple[Shown, ...] = ()


def lines(equation: Equation, steps: Sequence[Step]) -> list[Line]:
    """List the lines of one equation's derivation; steps that only rename or restate conditions share a line."""
    found: list[Line] = []
    pending: list[Shown] = []
    for step in steps:
        told = shown_by(step)
        if told is not None and any(certificate for certificate in told.certificates):
            pending.append(told)
        if step.rule in SHOWN and step.before != step.after:
            found.append(Line(step.after, _reason(step), tuple(pending)))
            pending = []
    if steps and (not found or found[-1].term != equation.right):
        found.append(Line(equation.right, SAME, tuple(pending)))
    return found


def _reason(step: Step) -> str:
    if step.rule == "unfold entry":
        return step.reason
    if step.rule == "sift":
        return SHOWN["sift"].format(str(step.how[1]).replace("'", ""))
    return SHOWN[step.rule]


def shown_by(step: Step) -> Shown | None:
    """Give what a step shows by a certificate."""
    if step.rule not in {"imply", "forget", "void"}:
        return None
    place, *how = step.how
    source = step.before if leads(step) else step.after
    assert isinstance(source, Total)
    where = source.summands[place].where
    if step.rule == "void":
        return Shown(None, where, (how[0],))
    bracket, *certificates = how
    if step.rule == "forget":
        where = tuple(other for other in where if other != bracket)
    return Shown(bracket, where, tuple(certificates))


def leads(step: Step) -> bool:
    """Tell whether the rule of a step about sums leads from before to after, rather than back."""
    try:
        return bool(RULES[step.rule](step.before, *step.how) == step.after)
    except (IndexError, ValueError):
        return False


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
        inner = getattr(term, "of", None)
        if isinstance(inner, Term):
            collect(inner)
        for one in term.summands if isinstance(term, Total) else ():
            for entry in one.entries:
                if isinstance(entry.array, Definition) and entry.array.symbol not in found:
                    collect(entry.array.value)
                    found[entry.array.symbol] = entry.array

    collect(equation.left)
    collect(equation.right)
    return tuple(found.values())


def common_brackets(equation: Equation) -> tuple[Bracket, ...]:
    """List the conditions that every summand of both sides has: what the equation assumes."""
    sides = [term for term in (_innermost(equation.left), _innermost(equation.right)) if term.summands]
    found: list[Bracket] = []
    for number, one in enumerate(one for side in sides for one in side.summands):
        found = [b for b in one.where if number == 0 or b in found]
    return tuple(found)


@dataclass(frozen=True)
class Range:
    """Two conditions as one: 0 <= value < end."""

    value: Polynomial
    end: Polynomial


def ranges(brackets: Collection[Bracket]) -> list[Range | Bracket]:
    """Join conditions in pairs, 0 <= i and i < o, as far as they are such pairs."""
    rest, found = list(brackets), list[Range | Bracket]()
    for bracket in brackets:
        partner = next((other for other in rest if _is_upper(other, bracket)), None) if bracket in rest else None
        if partner is not None:
            rest.remove(bracket)
            rest.remove(partner)
            found.append(Range(bracket.of, bracket.of + partner.of + 1))
    return [*found, *rest]


def _is_upper(other: Bracket, lower: Bracket) -> bool:
    if other == lower or {other.relation, lower.relation} != {">="}:
        return False
    shared = names_in(lower.of) & names_in(other.of)
    return bool(shared) and not names_in(lower.of + other.of) & names_in(lower.of)


def two_sides(bracket: Bracket) -> tuple[Polynomial, Polynomial]:
    """Write p >= 0 or p = 0 as left <= right or left = right, neither side with negative terms."""
    terms = bracket.of.terms
    return (
        Polynomial({m: -c for m, c in terms.items() if c < 0}),
        Polynomial({m: c for m, c in terms.items() if c > 0}),
    )


def _innermost(term: Term) -> Total:
    while not isinstance(term, Total):
        term = term.of  # type: ignore[attr-defined]
    return term
