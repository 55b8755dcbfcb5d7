"""Sums over whole numbers (trusted): the language of what is said for all sizes, and its rules.

What no summand binds stands for any whole number, and an array's entries for any elements of a commutative ring with
the fractions that occur. A certificate shows a polynomial to be >= 0: rows (multiplier, places of brackets) whose
products add up to it; a multiplier is a number >= 0 unless one of its brackets says that something is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any, Literal, TypeAlias

from symtconv.proofs.polynomials import Coefficient, Polynomial, is_number
from symtconv.proofs.terms import Derivative, Term

Certificate: TypeAlias = tuple[tuple[Polynomial, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Bracket:
    """Iverson's bracket [p >= 0] or [p = 0], of a polynomial with whole coefficients."""

    relation: Literal[">=", "="]
    of: Polynomial


@dataclass(frozen=True)
class NonNegative:
    """An array none of whose entries is negative: an assumption, in an ordered ring."""

    symbol: str


class TapMap(NonNegative):
    """An array of 0 and 1 that reads one m at most: t[.., m] = 1 and t[.., m'] = 1 only where m = m'."""


@dataclass(frozen=True)
class Entry:
    """An entry of an array at indices that are polynomials; the array is a name, assumed or not, or a definition."""

    array: str | NonNegative | Definition
    at: tuple[Polynomial, ...]


@dataclass(frozen=True)
class Summand:
    """A number times the sum, over all whole numbers `over`, of the product of brackets `where` and entries."""

    coefficient: Coefficient
    over: tuple[str, ...]
    where: tuple[Bracket, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Total(Term):
    """A sum of summands, in the order and with the brackets that `total` gives them."""

    summands: tuple[Summand, ...]


@dataclass(frozen=True)
class Definition:
    """An array by its entries: at the indices `at`, names, it is `value`; `meaning` says in words what it is."""

    symbol: str
    meaning: str
    at: tuple[str, ...]
    value: Total


def total(*summands: Summand) -> Total:
    """Add summands up in normal form: sorted, what is true or repeated left out of brackets, like ones collected."""
    found: dict[Any, Summand] = {}
    for one in summands:
        said = {(bracket.relation, _key(bracket.of)): bracket for bracket in one.where if not _is_true(bracket)}
        order = sorted(one.entries, key=_entry_key)
        where = tuple(said[key] for key in sorted(said))
        key = (tuple(sorted(one.over)), tuple(sorted(said)), tuple(map(_entry_key, order)))
        coefficient = one.coefficient + (found[key].coefficient if key in found else 0)
        found[key] = Summand(coefficient, key[0], where, tuple(order))
    return Total(tuple(found[key] for key in sorted(found, key=repr) if found[key].coefficient))


def _key(p: Polynomial) -> tuple[tuple[tuple[str, ...], Coefficient], ...]:
    return tuple(sorted(p.terms.items()))


def _entry_key(entry: Entry) -> tuple[str, Any]:
    array = _definition_key(entry.array) if isinstance(entry.array, Definition) else entry.array
    return repr(array), tuple(map(_key, entry.at))


def _definition_key(one: Definition) -> tuple[Any, ...]:
    """Take a definition apart: a polynomial's own repr would not tell the name "a*b" from a product."""
    parts = [
        (part.coefficient, part.over, [(b.relation, _key(b.of)) for b in part.where], [*map(_entry_key, part.entries)])
        for part in one.value.summands
    ]
    return one.symbol, one.meaning, one.at, parts


def _is_true(bracket: Bracket) -> bool:
    terms = bracket.of.terms
    return not terms.keys() - {()} and (terms.get((), 0) == 0 or (bracket.relation == ">=" and terms[()] > 0))


def names_in(*polynomials: Polynomial) -> set[str]:
    """Name what occurs in polynomials."""
    return {name for p in polynomials for monomial in p.terms for name in monomial}


def free(definition: Definition) -> set[str]:
    """Name the whole numbers that a definition speaks of and does not bind."""
    return {name for one in definition.value.summands for name in names_of(one) - {*one.over, *definition.at}}


def names_of(one: Summand) -> set[str]:
    """Name all whole numbers of a summand, bound and free."""
    of = [bracket.of for bracket in one.where] + [p for entry in one.entries for p in entry.at]
    return {*one.over, *names_in(*of), *_free_within(one)}


def _free_within(one: Summand) -> set[str]:
    """Name what the definitions of its arrays speak of and do not bind."""
    return set().union(*(free(entry.array) for entry in one.entries if isinstance(entry.array, Definition)))


def put(p: Polynomial, values: Mapping[str, Polynomial]) -> Polynomial:
    """Put polynomials in the place of names, all at once."""
    result = Polynomial({})
    for monomial, coefficient in p.terms.items():
        product = Polynomial.constant(coefficient)
        for name in monomial:
            product = product * values.get(name, Polynomial.variable(name))
        result = result + product
    return result


def put_all(one: Summand, values: Mapping[str, Polynomial], over: tuple[str, ...]) -> Summand:
    """Put polynomials in the place of names in every bracket and index of a summand; `over` is what it binds then."""
    where = tuple(Bracket(bracket.relation, put(bracket.of, values)) for bracket in one.where)
    entries = tuple(Entry(entry.array, tuple(put(p, values) for p in entry.at)) for entry in one.entries)
    return Summand(one.coefficient, over, where, entries)


def follows(where: tuple[Bracket, ...], bracket: Bracket, *certificates: Certificate) -> bool:
    """Tell whether certificates show that a bracket is 1 where others are; p = 0 needs p >= 0 and -p >= 0."""
    goals = [bracket.of] if bracket.relation == ">=" else [bracket.of, -bracket.of]
    return len(goals) == len(certificates) and all(map(_shows, (where, where), goals, certificates))


def _shows(where: tuple[Bracket, ...], goal: Polynomial, certificate: Certificate) -> bool:
    found = Polynomial({})
    for multiplier, places in certificate:
        used = [where[place] for place in places]
        number = not multiplier.terms.keys() - {()} and multiplier.terms.get((), 0) >= 0
        if not number and all(bracket.relation == ">=" for bracket in used):
            return False
        found = found + prod((bracket.of for bracket in used), start=multiplier)
    return found == goal


def at_least_1(p: Polynomial) -> Bracket:
    """Write [p >= 1]."""
    return Bracket(">=", p - 1)


def bezout(a: Polynomial, b: Polynomial, *numbers: Polynomial) -> tuple[Bracket, ...]:
    """Write [a = g f] [b = g h] [u f + v h = 1] [1 <= g <= a] [1 <= f <= a] [1 <= h <= b] [0 <= u < h]."""
    g, f, h, u, v = numbers
    equal = (Bracket("=", p) for p in (g * f - a, g * h - b, u * f + v * h - 1))
    most = (Bracket(">=", p) for p in (a - g, a - f, b - h, u))
    return (*equal, *most, *map(at_least_1, (g, f, h, h - u)))


def _are_fresh(one: Summand, *names: str) -> bool:
    return len(set(names)) == len(names) and not names_of(one) & set(names)


def _more(one: Summand, over: tuple[str, ...], *brackets: Bracket) -> Summand:
    return replace(one, over=(*one.over, *over), where=(*one.where, *brackets))


# The rules: each gives what a summand is equal to, or None where it does not apply.


def _imply(one: Summand, bracket: Bracket, *certificates: Certificate) -> list[Summand] | None:
    """[A] = [A][B] where A shows B."""
    return [_more(one, (), bracket)] if follows(one.where, bracket, *certificates) else None


def _forget(one: Summand, bracket: Bracket, *certificates: Certificate) -> list[Summand] | None:
    """[A][B] = [A] where A shows B."""
    rest = tuple(other for other in one.where if other != bracket)
    return [replace(one, where=rest)] if follows(rest, bracket, *certificates) else None


def _void(one: Summand, certificate: Certificate) -> list[Summand] | None:
    """[A] = 0 where A shows -1 >= 0."""
    return [] if follows(one.where, Bracket(">=", Polynomial.constant(-1)), certificate) else None


def _cases(one: Summand, p: Polynomial) -> list[Summand]:
    """1 = [p >= 0] + [-p - 1 >= 0] for a whole p."""
    return [_more(one, (), Bracket(">=", p)), _more(one, (), Bracket(">=", -p - 1))]


def _sift(one: Summand, z: str, p: Polynomial) -> list[Summand] | None:
    """The sum over z of [z = p] f(z) is f(p)."""
    equation = Bracket("=", Polynomial.variable(z) - p)
    if z not in one.over or z in names_in(p) or equation not in one.where:
        return None
    rest = replace(one, where=tuple(bracket for bracket in one.where if bracket != equation))
    return [put_all(rest, {z: p}, tuple(name for name in one.over if name != z))]


def _divide(one: Summand, a: Polynomial, b: Polynomial, q: str, certificate: Certificate) -> list[Summand] | None:
    """1 = the sum over q of [0 <= a - b q] [a - b q < b] for b >= 1: Euclid's division."""
    rest = a - b * Polynomial.variable(q)
    if not _are_fresh(one, q) or q in names_in(a, b) or not follows(one.where, at_least_1(b), certificate):
        return None
    return [_more(one, (q,), Bracket(">=", rest), at_least_1(b - rest))]


def _bezout(
    one: Summand, a: Polynomial, b: Polynomial, names: tuple[str, ...], *shown: Certificate
) -> list[Summand] | None:
    """1 = the sum over g, f, h, u, v of `bezout(a, b, g, f, h, u, v)` for a, b >= 1: Bezout's equation."""
    positive = len(shown) == 2 and all(map(follows, (one.where,) * 2, (at_least_1(a), at_least_1(b)), shown))
    if not positive or not _are_fresh(one, *names) or names_in(a, b) & set(names):
        return None
    return [_more(one, names, *bezout(a, b, *map(Polynomial.variable, names)))]


def _exchange(one: Summand, place: int, entry: Entry, *certificates: tuple[Certificate, ...]) -> list[Summand] | None:
    """An entry is the same at indices that the brackets show to be equal."""
    old = one.entries[place]
    if place < 0 or old.array != entry.array or not len(old.at) == len(entry.at) == len(certificates):
        return None
    same = (Bracket("=", p - q) for p, q in zip(old.at, entry.at, strict=True))
    if not all(follows(one.where, bracket, *rows) for bracket, rows in zip(same, certificates, strict=True)):
        return None
    return [replace(one, entries=(*one.entries[:place], entry, *one.entries[place + 1 :]))]


def _rename(one: Summand, old: tuple[str, ...], new: tuple[str, ...]) -> list[Summand] | None:
    """What a sum runs over may be called by any names."""
    kept = [name for name in one.over if name not in old]
    distinct = len(set(old)) == len(set(new)) == len(old)
    if not distinct or not set(old) <= set(one.over) or set(new) & (names_of(one) - set(old)):
        return None
    values = {name: Polynomial.variable(other) for name, other in zip(old, new, strict=True)}
    return [put_all(one, values, (*kept, *new))]


def _unfold_entry(one: Summand, place: int, names: tuple[tuple[str, ...], ...]) -> list[Summand] | None:
    """An entry is what its definition says, at its indices; `names` are for what each of its summands binds."""
    entry, rest = one.entries[place], one.entries[:place] + one.entries[place + 1 :]
    definition, found = entry.array, list[Summand]()
    if place < 0 or not isinstance(definition, Definition):
        return None
    for part, new in zip(definition.value.summands, names, strict=True):
        if not _are_fresh(one, *new) or names_of(part) & set(new) - set(part.over):
            return None
        values = dict(zip(part.over, map(Polynomial.variable, new), strict=True))
        inner = put_all(part, values | dict(zip(definition.at, entry.at, strict=True)), new)
        both = (*one.over, *new), (*one.where, *inner.where), (*rest, *inner.entries)
        found.append(Summand(one.coefficient * inner.coefficient, *both))
    return found


def _read_once(one: Summand, place: int, other: int) -> list[Summand] | None:
    """t[.., m] t[.., m'] = t[.., m] [m = m'] for a tap map t."""
    kept, left = one.entries[place], one.entries[other]
    known = 0 <= place != other >= 0 and type(kept.array) is TapMap and kept.array == left.array
    if not known or not kept.at or len(kept.at) != len(left.at) or kept.at[:-1] != left.at[:-1]:
        return None
    rest = tuple(entry for number, entry in enumerate(one.entries) if number != other)
    return [_more(replace(one, entries=rest), (), Bracket("=", kept.at[-1] - left.at[-1]))]


SUMMAND_RULES: dict[str, Callable[..., list[Summand] | None]] = {
    rule.__name__[1:].replace("_", " "): rule
    for rule in (_imply, _forget, _void, _cases, _sift, _divide, _bezout, _exchange, _rename, _unfold_entry, _read_once)
}


def apply_to_summand(rule: Callable[..., list[Summand] | None], term: Term, place: int, *how: Any) -> Term | None:
    """Exchange one summand of a total for what a rule makes of it."""
    if not isinstance(term, Total) or not 0 <= place < len(term.summands):
        return None
    changed = rule(term.summands[place], *how)
    if changed is None:
        return None
    return total(*term.summands[:place], *changed, *term.summands[place + 1 :])


def differentiated(term: Term) -> Term | None:
    """The product rule, and d x[a] / d x[m] = [a = m]; `by` names x and m."""
    match term:
        case Derivative(Total(summands), (array, *at)):
            found: list[Summand] = []
            for one in summands:
                if set(one.over) & set(at) or any(isinstance(entry.array, Definition) for entry in one.entries):
                    return None
                for place, entry in enumerate(one.entries):
                    if entry.array == array and len(entry.at) == len(at):
                        same = (Bracket("=", p - Polynomial.variable(m)) for p, m in zip(entry.at, at, strict=True))
                        rest = one.entries[:place] + one.entries[place + 1 :]
                        found.append(replace(_more(one, (), *same), entries=rest))
            return total(*found)
    return None


def is_at_most(left: Total, right: Total) -> bool:
    """Tell whether right - left, in an ordered ring, is visibly a sum of squares times what is assumed to be >= 0."""
    rest = total(*right.summands, *(replace(one, coefficient=-one.coefficient) for one in left.summands))
    odd = (e for one in rest.summands for e in one.entries if one.entries.count(e) % 2)
    return all(one.coefficient > 0 for one in rest.summands) and all(isinstance(e.array, NonNegative) for e in odd)


_FIELDS: dict[type, tuple[tuple[type, ...], ...]] = {  # the types of each field; after tuple, of its elements
    Total: ((tuple, Summand),),
    Summand: ((int, Fraction), (tuple, str), (tuple, Bracket), (tuple, Entry)),
    Bracket: ((str,), (Polynomial,)),
    Entry: ((str, NonNegative, TapMap, Definition), (tuple, Polynomial)),
    NonNegative: ((str,),),
    TapMap: ((str,),),
    Definition: ((str,), (str,), (tuple, str), (Total,)),
}


def _fits(value: Any, kinds: tuple[type, ...]) -> bool:
    if kinds[0] is tuple:
        return type(value) is tuple and all(type(one) is kinds[1] for one in value)
    return type(value) in kinds


def is_sound(value: Any) -> bool:
    """Tell whether a value is of this language's exact types, its names bound in one place, its definitions finite."""
    kind = type(value)
    if kind in _FIELDS:
        parts: Any = vars(value).values()
        if len(parts) != len(_FIELDS[kind]) or not all(map(_fits, parts, _FIELDS[kind])):
            return False
    elif kind in (tuple, str, int, Fraction, Polynomial):
        parts = value if kind is tuple else ()
    else:
        return False
    odd = (kind is Polynomial and not value.is_plain) or (kind is Fraction and not is_number(value))
    if odd or not all(map(is_sound, parts)):
        return False
    if kind in (Bracket, Entry):
        of = [value.of] if kind is Bracket else value.at
        known = kind is Entry or value.relation in {">=", "="}
        return known and all(type(c) is int for p in of for c in p.terms.values())
    if kind is Summand:
        return not set(value.over) & _free_within(value) and len(set(value.over)) == len(value.over)
    if kind is Definition:
        bound = {name for one in value.value.summands for name in (*one.over, *_free_within(one))}
        known = len({*value.at}) == len(value.at) and not bound & set(value.at)
        return known and all(map(is_finite, value.value.summands))
    return True


def is_finite(one: Summand) -> bool:
    """Tell whether brackets leave each bound number finitely many values, as their form shows."""
    unknown = set(one.over)
    while unknown and (bound := {z for z in unknown if _is_bound(z, one.where, unknown - {z})}):
        unknown -= bound
    return not unknown


def _is_bound(z: str, where: tuple[Bracket, ...], unknown: set[str]) -> bool:
    """Whether one bracket gives z its value, or two an interval."""
    signs = set()
    for bracket in where:
        terms = bracket.of.terms
        factor = Polynomial({tuple(x for x in m if x != z): c for m, c in terms.items() if z in m})
        if names_in(bracket.of) & unknown or any(m.count(z) > 1 for m in terms):
            continue
        for sign in (1, -1):
            shown = at_least_1(sign * factor)
            if _is_true(shown) or shown in where:
                signs |= {1, -1} if bracket.relation == "=" else {sign}
    return signs == {1, -1}
