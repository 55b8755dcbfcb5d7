"""Finding proofs that sums are equal: definitions unfolded, equations put in, and then term by term. Untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, count, permutations
from typing import Any, TypeAlias

from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.kernel import RULES, Step
from symtconv.proofs.known import ends, quotients_of
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import Script, StuckError, equation_of, find_certificates, is_in, place_of, shortest, turned
from symtconv.proofs.summation import (
    Bracket,
    Certificate,
    Definition,
    Entry,
    Summand,
    TapMap,
    Total,
    names_in,
    names_of,
    put,
    total,
)
from symtconv.proofs.terms import Compound, Derivative, Equation, Term

NEVER, DEGREE = Polynomial.constant(-1), 3


class Names:
    """Gives names that no theorem's own numbers bear: j'1, j'2, ... for one called j."""

    def __init__(self) -> None:
        self.counts: dict[str, Iterator[int]] = {}

    def __call__(self, name: str) -> str:
        letter = name.partition("'")[0]
        return f"{letter}'{next(self.counts.setdefault(letter, count(1)))}"


Hint: TypeAlias = tuple[Any, ...]
"""What to do first with the summands of a left side that hold the names in it: ("cases", p), take them apart by the
sign of p; ("divide", a, b, q), divide; ("let", z, p), bind z as p; ("put", z, p), put in z = p where that follows;
("swap", p, p'), conclude p' = 0 from p = 0, and drop that."""


def find_sum_steps(equation: Equation, hints: Sequence[Hint] = ()) -> list[Step]:
    """Find the steps from one side of an equation between sums to the other, or raise StuckError."""
    fresh = Names()
    if isinstance(equation.left, Compound):
        return _order_steps(equation.left, fresh)
    for effort in (1, 2):
        try:
            return _steps_between(equation, hints, fresh, effort)
        except StuckError:
            continue
    raise StuckError


def _steps_between(equation: Equation, hints: Sequence[Hint], fresh: Names, effort: int) -> list[Step]:
    """Work both sides out, and bring one to the form of the other.

    Equations give the numbers that are no entry's index (effort 1), or whatever they can give (2).
    """
    there, left = _worked_out(equation.left, fresh, effort)
    back, right = _worked_out(equation.right, fresh, effort)
    script = Script(left, DEGREE)
    for hint in hints:
        for one in script.now.summands:
            if names_in(*(part for part in hint if isinstance(part, Polynomial))) <= names_of(one):
                _take(script, one, *hint)
    _match(script, right, fresh)
    return shortest([*there, *script.steps, *turned(back)])


def _take(script: Script, one: Summand, kind: str, *what: Any) -> None:
    """Follow a hint."""
    if kind == "cases":
        script.do("cases", one, *what, reason="cases")
    elif kind == "divide":
        script.do("divide", one, *what, _shown(one, what[1] - 1), reason="Euclid's division")
    elif kind == "let":
        _introduced(script, one, *what)
    elif kind == "swap":
        old, new = (Bracket("=", p) for p in what)
        forced = script.force(one, new) if old in one.where else None
        if forced is not None:
            script.release(forced, old)
    else:
        z, value = what
        forced = script.force(one, Bracket("=", Polynomial.variable(z) - value))
        if forced is not None:
            script.put_in(forced, Bracket("=", Polynomial.variable(z) - value), z, value)


def _shown(one: Summand, goal: Polynomial) -> Certificate:
    certificate = find_certificate(one.where, goal)
    if certificate is None:
        raise StuckError
    return certificate


def _order_steps(claim: Compound, fresh: Names) -> list[Step]:
    """Find the steps from [left <= right] to 1: what is between them is seen, if need be when both are worked out."""
    steps: list[Step] = []
    if RULES["order"](claim) is None:
        for side in ("left", "right"):
            inner, _ = _worked_out(getattr(claim, side), fresh)
            for step in inner:
                steps.append(_inside(step, side, claim))
                claim = steps[-1].after  # type: ignore[assignment]
    after = RULES["order"](claim)
    if after is None:
        raise StuckError
    return [*steps, Step(claim, after, "order", "what is between them is not negative")]


def _inside(step: Step, field: str, term: Any) -> Step:
    """Make a step of a part of a term one of the term."""
    before, after = (replace(term, **{field: part}) for part in (step.before, step.after))
    return replace(step, before=before, after=after, at=(field, *step.at))


def _worked_out(term: Term, fresh: Names, effort: int = 2) -> tuple[list[Step], Total]:
    """Unfold every definition, differentiate, and perhaps put in what equations give."""
    if isinstance(term, Derivative):
        inner, value = _worked_out(term.of, fresh, effort)
        renamed = Script(value)
        for one in value.summands:
            clash = tuple(name for name in one.over if name in term.by)
            if clash:
                renamed.do("rename", one, clash, tuple(map(fresh, clash)), reason="other names")
        value = renamed.now
        steps = [_inside(step, "of", term) for step in [*inner, *renamed.steps]]
        before = replace(term, of=value)
        after = RULES["differentiate"](before)
        if not isinstance(after, Total):
            raise StuckError
        steps.append(Step(before, after, "differentiate", "the product rule"))
        rest, value = _worked_out(after, fresh, effort)
        return [*steps, *rest], value
    if not isinstance(term, Total):
        raise StuckError
    script = Script(term)
    while (found := _defined(script.now)) is not None:
        one, place, definition = found
        names = tuple(tuple(map(fresh, part.over)) for part in definition.value.summands)
        script.do("unfold entry", one, place, names, reason=f"the definition of {definition.symbol}")
    while (twice := _read_twice(script.now)) is not None:
        script.do("read once", *twice, reason="a tap reads one pixel at most")
    while (equation := _solved(script.now, effort)) is not None:
        one, bracket, z, solution = equation
        script.put_in(one, bracket, z, solution)
    _cancel(script, fresh)
    return script.steps, script.now


def _cancel(script: Script, fresh: Names) -> None:
    """Give two summands of opposite signs the same form where they are the same sum, so that they cancel."""
    for one, other in permutations(script.now.summands, 2):
        alike = sorted(repr(e.array) for e in one.entries) == sorted(repr(e.array) for e in other.entries)
        if alike and one.coefficient * other.coefficient < 0 and is_in(script.now, one) and is_in(script.now, other):
            attempt = Script(script.now, DEGREE)
            try:
                _bring(attempt, one, other, fresh)
            except StuckError:
                continue
            script.follow(attempt)


def _defined(now: Total) -> tuple[Summand, int, Definition] | None:
    for one in now.summands:
        for place, entry in enumerate(one.entries):
            if isinstance(entry.array, Definition):
                return one, place, entry.array
    return None


def _read_twice(now: Total) -> tuple[Summand, int, int] | None:
    """Find two entries of a tap map that differ in what is read only."""
    for one in now.summands:
        for (place, a), (other, b) in combinations(enumerate(one.entries), 2):
            if isinstance(a.array, TapMap) and a.array == b.array and a.at[:-1] == b.at[:-1]:
                return one, place, other
    return None


def _solved(now: Total, effort: int) -> tuple[Summand, Bracket, str, Polynomial] | None:
    for one in now.summands:
        free = names_of(one) - set(one.over)
        indices = names_in(*(p for entry in one.entries for p in entry.at)) if effort == 1 else set[str]()
        found = equation_of(one, free | indices) or _identified(one)
        if found is not None:
            return one, *found
    return None


def _identified(one: Summand) -> tuple[Bracket, str, Polynomial] | None:
    """Find an equation that says that two bound numbers are the same."""
    for bracket in one.where:
        names = sorted(names_in(bracket.of))
        if bracket.relation == "=" and len(names) == 2 and set(names) <= set(one.over):
            z, other = map(Polynomial.variable, names)
            if bracket.of in (z - other, other - z):
                return bracket, names[0], other
    return None


def _match(script: Script, right: Total, fresh: Names) -> None:
    """Bring each summand to the form of one of the right side."""
    for one in script.now.summands:
        if one in right.summands or not is_in(script.now, one):
            continue
        if (certificate := find_certificate(one.where, NEVER)) is not None:
            script.do("void", one, certificate, reason="the conditions contradict each other")
            continue
        for other in right.summands:
            if is_in(script.now, other):
                continue
            attempt = Script(script.now, DEGREE)
            try:
                _bring(attempt, one, other, fresh)
            except StuckError:
                continue
            script.follow(attempt)
            break
        else:
            raise StuckError
    if script.now != right:
        raise StuckError


def _bring(script: Script, one: Summand, other: Summand, fresh: Names) -> None:
    """Bring one summand to the form of another: its bound numbers, its indices, its conditions."""
    clash = tuple(name for name in one.over if name in names_of(other))
    if clash:
        (one,) = script.do("rename", one, clash, tuple(map(fresh, clash)), reason="other names")
    for order in _orders(one.entries, other.entries):
        attempt = Script(script.now, DEGREE)
        wanted = [(p, q) for a, b in zip(order, other.entries, strict=True) for p, q in zip(a.at, b.at, strict=True)]
        try:
            _renumber(attempt, one, other, wanted, other.over)
        except StuckError:
            continue
        return script.follow(attempt)
    raise StuckError


def _orders(entries: tuple[Entry, ...], wanted: tuple[Entry, ...]) -> Iterator[tuple[Entry, ...]]:
    """Give the orders in which entries are of the same arrays as others, one after another."""
    if not entries and not wanted:
        yield ()
    for place, entry in enumerate(entries if wanted else ()):
        if entry.array == wanted[0].array and entry not in entries[:place]:
            for rest in _orders(entries[:place] + entries[place + 1 :], wanted[1:]):
                yield (entry, *rest)


def _renumber(
    script: Script,
    one: Summand,
    other: Summand,
    wanted: Sequence[tuple[Polynomial, Polynomial]],
    missing: Sequence[str],
) -> None:
    """Bind what another summand binds: by an index that holds it, by Euclid's division, or under another name."""
    if not missing:
        return _bound_alike(script, one, other, wanted)
    found = next(((z, p) for z in missing for a, b in wanted if (p := _isolated(a, b, z, missing))), None)
    ours = [name for name in one.over if name not in other.over]
    if found is not None and not any(found[1] == Polynomial.variable(name) for name in ours):
        one = _introduced(script, one, *found)
        return _renumber(script, one, other, wanted, [name for name in missing if name != found[0]])
    if found is None and (division := _division(wanted, missing)) is not None:
        a, b, z = division
        (one,) = script.do("divide", one, a, b, z, _shown(one, b - 1), reason="Euclid's division")
        return _renumber(script, one, other, wanted, [name for name in missing if name != z])
    z, old = found if found is not None else (missing[0], None)
    for name in [name for name in ours if old is None or old == Polynomial.variable(name)]:
        attempt = Script(script.now, DEGREE)
        (renamed,) = attempt.do("rename", one, (name,), (z,), reason="another name")
        there = [(put(a, {name: Polynomial.variable(z)}), b) for a, b in wanted]
        try:
            _renumber(attempt, renamed, other, there, [rest for rest in missing if rest != z])
        except StuckError:
            continue
        return script.follow(attempt)
    raise StuckError


def _division(
    wanted: Sequence[tuple[Polynomial, Polynomial]], missing: Sequence[str]
) -> tuple[Polynomial, Polynomial, str] | None:
    """Find an index p that is to be b z + r, both z and r yet missing: then z is the quotient of p by b."""
    for p, q in wanted:
        for z in missing:
            rest = {m: c for m, c in q.terms.items() if z not in m}
            factor = Polynomial({tuple(x for x in m if x != z): c for m, c in q.terms.items() if z in m})
            others = [(name,) for name in missing if name != z and rest.get((name,)) == 1]
            if factor.terms and len(others) == 1 and not names_in(factor) & set(missing):
                known = Polynomial({m: c for m, c in rest.items() if m != others[0]})
                if not names_in(known) & set(missing):
                    return p - known, factor, z
    return None


def _bound_alike(script: Script, one: Summand, other: Summand, wanted: Sequence[tuple[Polynomial, Polynomial]]) -> None:
    """Bind the same numbers, each other one put in, and then have the same conditions."""
    while (equation := equation_of(one, names_of(one) - (set(one.over) - set(other.over)))) is not None:
        if equation[1] in other.over:
            raise StuckError
        one = script.put_in(one, *equation)
    for p, q in wanted:
        (z, *more) = names_in(p) or ("",)
        if z in set(one.over) - set(other.over) and not more and p == Polynomial.variable(z):
            forced = script.force(one, Bracket("=", p - q))
            if forced is None:
                raise StuckError
            one = script.put_in(forced, Bracket("=", p - q), z, q)
    left_over = tuple(z for z in one.over if z not in other.over)
    quotients = {z: (a, b) for a, b, z in quotients_of(one) if z in left_over}
    if len(quotients) < len(left_over):
        raise StuckError
    bounds = tuple(end for z, (a, b) in quotients.items() for end in ends(a, b, z))
    one = _same_conditions(script, one, replace(other, over=(*other.over, *left_over), where=(*other.where, *bounds)))
    for z, (a, b) in quotients.items():
        one = _undivided(script, one, a, b, z)


def _undivided(script: Script, one: Summand, a: Polynomial, b: Polynomial, z: str) -> Summand:
    """Leave a quotient out that nothing else speaks of: Euclid's division, read back."""
    place, bounds = place_of(script.now, one), ends(a, b, z)
    where = tuple(bracket for bracket in one.where if bracket not in bounds)
    (rest,) = total(replace(one, over=tuple(name for name in one.over if name != z), where=where)).summands
    back = Script(total(*script.now.summands[:place], rest, *script.now.summands[place + 1 :]))
    back.do("divide", rest, a, b, z, _shown(rest, b - 1), reason="there is one quotient")
    if back.now != script.now:
        raise StuckError
    script.retrace(back)
    return rest


def _isolated(p: Polynomial, q: Polynomial, z: str, bound: Sequence[str]) -> Polynomial | None:
    """Solve p = q for z, where q holds no other bound number and z once: z = +-(p - the rest)."""
    for sign in (1, -1):
        rest = q - sign * Polynomial.variable(z)
        if z not in names_in(rest) and not names_in(rest) & set(bound):
            return sign * (p - rest)
    return None


def _introduced(script: Script, one: Summand, z: str, value: Polynomial) -> Summand:
    """Add a bound number with its value: the sifting rule, read back."""
    place = place_of(script.now, one)
    equation = Bracket("=", Polynomial.variable(z) - value)
    whole = script.now.summands[place]
    (new,) = total(replace(whole, over=(*one.over, z), where=(*one.where, equation))).summands
    after = total(*script.now.summands[:place], new, *script.now.summands[place + 1 :])
    at = place_of(after, new)
    if RULES["sift"](after, at, z, value) != script.now:
        raise StuckError
    script.add(after, "sift", f"let {z} be that", (at, z, value))
    return new


def _same_conditions(script: Script, one: Summand, other: Summand) -> Summand:
    for bracket in other.where:
        if bracket not in one.where:
            forced = script.force(one, bracket)
            if forced is None:
                raise StuckError
            one = forced
    for place, (a, b) in enumerate(zip(one.entries, other.entries, strict=True)):
        if a != b:
            shown = [find_certificates(one.where, Bracket("=", p - q)) for p, q in zip(a.at, b.at, strict=True)]
            if a.array != b.array or any(rows is None for rows in shown):
                raise StuckError
            (one,) = script.do("exchange", one, place, b, *shown, reason="the indices are equal")
    for bracket in one.where:
        if bracket not in other.where:
            dropped = script.release(one, bracket)
            if dropped is None:
                raise StuckError
            one = dropped
    return one
