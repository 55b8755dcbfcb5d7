"""Sums, and what a step is told, changed in one place: a sign, a bound, a coefficient, an index, a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Entry, Summand, Total, total
from symtconv.proofs.terms import Compound, Derivative, Term

Part = TypeVar("Part")
Changes = Iterator[tuple[str, Part]]  # the kind of a change, and what comes of it


def changed_polynomials(p: Polynomial) -> Changes[Polynomial]:
    """Change a polynomial: one more, one less, negated, doubled."""
    yield "a bound", p + 1
    yield "a bound", p - 1
    if p.terms:
        yield "a sign", -p
        yield "a coefficient", 2 * p


def changed_brackets(bracket: Bracket) -> Changes[Bracket]:
    """Change a bracket: its polynomial, or >= to = and back."""
    for kind, of in changed_polynomials(bracket.of):
        if not (bracket.relation == "=" and kind in ("a sign", "a coefficient")):  # p = 0 is -p = 0 and 2 p = 0
            yield kind, replace(bracket, of=of)
    yield "a relation", Bracket("=" if bracket.relation == ">=" else ">=", bracket.of)


def changed_entries(entry: Entry) -> Changes[Entry]:
    """Change an entry: one of its indices, or its array."""
    for place, index in enumerate(entry.at):
        for kind, moved in changed_polynomials(index):
            yield f"{kind} of an index", replace(entry, at=put_at(entry.at, place, moved))
    if isinstance(entry.array, str):
        yield "an array", replace(entry, array=f"{entry.array}'")
    if isinstance(entry.array, Definition):
        for kind, value in changed_totals(entry.array.value):
            yield f"{kind} in a definition", replace(entry, array=replace(entry.array, value=value))


def changed_summands(one: Summand) -> Changes[Summand]:
    """Change a summand: its coefficient, a bracket, an entry; or leave one out, or a name that it binds."""
    yield "a coefficient", replace(one, coefficient=one.coefficient + 1)
    yield "a sign", replace(one, coefficient=-one.coefficient)
    for place, bracket in enumerate(one.where):
        for kind, changed in changed_brackets(bracket):
            yield kind, replace(one, where=put_at(one.where, place, changed))
        yield "a hypothesis left out", replace(one, where=put_at(one.where, place))
    for place, entry in enumerate(one.entries):
        for kind, moved in changed_entries(entry):
            yield kind, replace(one, entries=put_at(one.entries, place, moved))
        yield "an entry left out", replace(one, entries=put_at(one.entries, place))
    for place in range(len(one.over)):
        yield "a bound name", replace(one, over=put_at(one.over, place))


def changed_totals(sum_: Total, draw: int | None = None) -> Changes[Total]:
    """Change a sum: one of its summands; or leave one out, or add one. `draw` picks one change of each kind."""
    places = range(len(sum_.summands))
    for place in places if draw is None or not places else [draw % len(places)]:
        changes = changed_summands(sum_.summands[place])
        for kind, changed in changes if draw is None else one_of_each(changes, draw):
            if (other := total(*put_at(sum_.summands, place, changed))) != sum_:
                yield kind, other
        yield "a summand left out", total(*put_at(sum_.summands, place))
    yield "a summand added", total(*sum_.summands, Summand(1, (), (), ()))


def one_of_each(changes: Changes[Part], draw: int) -> Changes[Part]:
    """Pick one change of each kind."""
    found: dict[str, list[Part]] = {}
    for kind, changed in changes:
        found.setdefault(kind, []).append(changed)
    yield from ((kind, several[draw % len(several)]) for kind, several in found.items())


def changed_terms(term: Term, draw: int | None = None) -> Changes[Term]:
    """Change a term: a sum in it. `draw` picks one change of each kind."""
    match term:
        case Total():
            yield from changed_totals(term, draw)
        case Derivative(of):
            yield from ((kind, replace(term, of=changed)) for kind, changed in changed_terms(of, draw))
        case Compound(_, left, right):
            yield from ((kind, replace(term, left=changed)) for kind, changed in changed_terms(left, draw))
            yield from ((kind, replace(term, right=changed)) for kind, changed in changed_terms(right, draw))


def changed_parts(part: Any) -> Changes[Any]:
    """Change what a step is told: a place, a name, a polynomial, a bracket, an entry; or leave a part out."""
    match part:
        case tuple():
            for place, inner in enumerate(part):
                yield from ((kind, put_at(part, place, changed)) for kind, changed in changed_parts(inner))
                yield "a part left out", put_at(part, place)
        case int():
            yield from (("a place", changed) for changed in (part + 1, part - 1))
        case str():
            yield "a name", f"{part}'"
        case Polynomial():
            yield from changed_polynomials(part)
        case Bracket():
            yield from changed_brackets(part)
        case Entry():
            yield from changed_entries(part)


def put_at(parts: Sequence[Part], place: int, *new: Part) -> tuple[Part, ...]:
    """Put something in the place of a part, or nothing."""
    return (*parts[:place], *new, *parts[place + 1 :])
