"""Narrowing: what values of names leave formulas true, from the formulas down to the names and back. Untrusted.

All that formulas are made of stands in one list, each part once, after its own parts; a state gives each part the set
of its values, and each truth a mask. What divides by 0, or is not reached, has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symtconv.proofs import ranges
from symtconv.proofs.formula import Formula
from symtconv.proofs.ranges import NothingLeft, Range, meet

FALSE, TRUE, EITHER = 1, 2, 3
MOST_ROUNDS = 12
TRUTHS = frozenset({"<=", "=", "divides", "not", "and", "or", "implies", "iff"})

Given = Iterable[tuple[str, Formula]]
Values = Range | int | None  # a set, a mask of truths, or None: any number; a mask of 0 also says that no value is


@dataclass(frozen=True)
class Part:
    """An operation and the places of what it is done with; `more` is an exponent, or what a remainder is left by."""

    operation: str
    of: tuple[int, ...]
    more: int = -1


class Network:
    """The parts of formulas that all have to be true."""

    def __init__(self, formulas: Iterable[Formula], names: Iterable[str], given: Given, most: int) -> None:
        self.parts, self.start, self.places = list[Part](), list[Values](), dict[object, int]()
        self.names = {name: self.add("name", more=place) for place, name in enumerate(names)}
        for name, place in self.names.items():
            self.start[place], self.places[name] = Range(-most, most), place
        for name, value in given:
            self.places[name] = self.place(value)
        self.roots = list(dict.fromkeys(self.place(formula) for formula in formulas))

    def add(self, operation: str, of: tuple[int, ...] = (), more: int = -1, values: Values = None) -> int:
        """Give the place of a part, each once."""
        key = (operation, of, more, values if not of else None)
        if key not in self.places:
            self.places[key] = len(self.parts)
            self.parts.append(Part(operation, of, more))
            self.start.append(EITHER if operation in TRUTHS else values)
        return self.places[key]

    def place(self, formula: Formula) -> int:
        """Give the place of a formula, its parts before it."""
        match formula.operation, formula.operands:
            case "number", _:
                return self.add("number", values=ranges.one(formula.parts[0]))  # type: ignore[arg-type]
            case "name", _:
                return self.places[formula.parts[0]]
            case "+", (a, b) if (divisor := _remainder(a, b)) is not None:
                of = (self.place(a), self.place(b))
                return self.add("+", of, self.place(divisor))
            case "*", (first, *rest) if rest and all(other is first for other in rest):
                return self.add("**", (self.place(first),), 1 + len(rest))
            case "floor", (Formula("/", (Formula() as a, Formula() as b)),) if a.kind == b.kind == "whole":
                return self.add("//", (self.place(a), self.place(b)))
            case (("+" | "*"), (first, *rest)):
                found = self.place(first)
                for other in rest:
                    found = self.add(formula.operation, (found, self.place(other)))
                return found
        return self.add(formula.operation, tuple(self.place(part) for part in formula.operands))

    def narrowed(self, state: list[Values]) -> tuple[list[Values], list[bool]]:
        """Narrow a state as far as a few rounds do; tell with it which parts have a value at all points.

        Raises:
            NothingLeft: where the formulas cannot all be true.
        """
        state, needed = list(state), [False] * len(self.parts)
        for _ in range(MOST_ROUNDS):
            before = list(state)
            for place, part in enumerate(self.parts):
                if part.of:
                    state[place] = self.upward(part, state, state[place])
            needed = [False] * len(self.parts)
            for place in self.roots:
                _demand(place, TRUE, state, needed)
            for place in range(len(self.parts) - 1, -1, -1):
                if needed[place] and self.parts[place].of:
                    self.downward(self.parts[place], place, state, needed)
            if state == before:
                break
        return state, needed

    def upward(self, part: Part, state: list[Values], old: Values) -> Values:
        """Narrow a part by its own parts."""
        values = [state[place] for place in part.of]
        if part.operation in {"and", "or", "implies", "iff", "not"}:
            return old & _truth(part.operation, values)  # type: ignore[operator,arg-type]
        if (isinstance(old, int) and not old) or any(isinstance(value, int) for value in values):
            return 0
        if any(value is None for value in values):
            return old
        if part.operation in {"<=", "="} and part.of[0] == part.of[1]:
            return old & TRUE  # type: ignore[operator]
        if part.operation in TRUTHS:
            return old & _compared(part.operation, *values)  # type: ignore[operator,arg-type]
        try:
            new = _value(part, values, state)  # type: ignore[arg-type]
            if new is None or old is None:
                return new if old is None else old
            return meet(old, new)  # type: ignore[arg-type]
        except NothingLeft:
            return 0

    def downward(self, part: Part, place: int, state: list[Values], needed: list[bool]) -> None:
        """Narrow the parts of a part whose value is needed."""
        value = state[place]
        if part.operation in TRUTHS:
            _reasons(part, value, state, needed)  # type: ignore[arg-type]
            return
        for one in part.of:
            needed[one] = True
        if isinstance(value, int):
            raise NothingLeft
        _causes(part, value, state)


def _remainder(a: Formula, b: Formula) -> Formula | None:
    """Give the divisor m where a + b is a - m floor(a / m)."""
    match b:
        case Formula(
            "*",
            (
                Formula("number", (-1,)),
                Formula(
                    "*", (Formula() as m, Formula("floor", (Formula("/", (Formula() as one, Formula() as other)),)))
                ),
            ),
        ) if one == a and other == m:
            return m
    return None


def _demand(place: int, mask: int, state: list[Values], needed: list[bool]) -> None:
    found = state[place] & mask  # type: ignore[operator]
    if not found:
        raise NothingLeft
    state[place], needed[place] = found, True


def _narrow(place: int, values: Range, state: list[Values]) -> None:
    old = state[place]
    state[place] = values if old is None else meet(old, values)  # type: ignore[arg-type]


def _truth(operation: str, masks: list[int]) -> int:
    """Join truths, from left to right as far as they are reached."""
    if operation == "not":
        return (masks[0] & TRUE) // 2 + (masks[0] & FALSE) * 2
    if operation == "iff":
        a, b = masks
        same = TRUE if a & b else 0
        return same | (FALSE if (a & TRUE and b & FALSE) or (a & FALSE and b & TRUE) else 0)
    if operation == "implies":
        a, b = masks
        return (TRUE if a & FALSE or (a & TRUE and b & TRUE) else 0) | (FALSE if a & TRUE and b & FALSE else 0)
    going, ending = (TRUE, FALSE) if operation == "and" else (FALSE, TRUE)
    found = 0
    for mask in masks:
        found |= mask & ending
        if not mask & going:
            return found
    return found | going


def _compared(operation: str, a: Range, b: Range) -> int:
    if operation == "<=":
        return (TRUE if a.low <= b.high else 0) | (FALSE if a.high > b.low else 0)
    if operation == "=":
        return (TRUE if _meet_somewhere(a, b) else 0) | (0 if a.is_one and b.is_one and a.low == b.low else FALSE)
    if a.is_one and not b.is_one and a.low != 0:  # a known number divides b
        known = abs(int(a.low))
        if b.step % known == 0:
            return FALSE if b.rest % known else TRUE
        return EITHER if _meet_somewhere(b, Range(b.low, b.high, known, 0)) else FALSE
    if a.is_one and b.is_one:
        return TRUE if (b.low % a.low == 0 if a.low else b.low == 0) else FALSE
    nearest, most = ranges.size(a).low, max(-b.low, b.high)
    return FALSE if nearest > most and not b.holds(0) else EITHER


def _meet_somewhere(a: Range, b: Range) -> bool:
    try:
        meet(a, b)
    except NothingLeft:
        return False
    return True


def _value(part: Part, values: list[Range], state: list[Values]) -> Range | None:
    if any(max(map(ranges.magnitude, (v.low, v.high))) >= 1 << ranges.MOST_BITS for v in values):
        return None
    match part.operation, values:
        case "+", [a, b]:
            found = ranges.plus(a, b)
            divisor = state[part.more] if part.more >= 0 else None
            if isinstance(divisor, Range):
                exact = int(found.whole)
                return meet(found, ranges.between(min(0, divisor.low + exact), max(0, divisor.high - exact), False))
            return found
        case "*", [a, b]:
            return ranges.times(a, b)
        case "**", [a]:
            return ranges.power(a, part.more) if part.more > 1 else a
        case "/", [a, b]:
            return ranges.divided(a, b)
        case "//", [a, b]:
            return ranges.quotient(a, b)
        case "floor", [a]:
            return a if a.whole else ranges.whole(a.low // 1, a.high // 1)
        case "abs", [a]:
            return ranges.size(a)
        case "max", [a, b]:
            return ranges.between(max(a.low, b.low), max(a.high, b.high), a.whole and b.whole)
        case "min", [a, b]:
            return ranges.between(min(a.low, b.low), min(a.high, b.high), a.whole and b.whole)
        case "gcd", [a, b]:
            return ranges.divisor(a, b)
    raise AssertionError(part.operation)


def _reasons(part: Part, mask: int, state: list[Values], needed: list[bool]) -> None:
    """Narrow what a truth is about, where it is decided."""
    of = part.of
    masks = [state[place] for place in of]
    if mask == EITHER:
        return
    match part.operation:
        case "not":
            _demand(of[0], mask ^ EITHER, state, needed)
        case "iff":
            for a, b in ((0, 1), (1, 0)):
                if isinstance(known := masks[a], int) and known in (TRUE, FALSE):
                    _demand(of[a], known, state, needed)
                    _demand(of[b], known if mask == TRUE else known ^ EITHER, state, needed)
        case "implies":
            if mask == FALSE or not masks[0] & FALSE:  # type: ignore[operator]
                _demand(of[0], TRUE, state, needed)
                _demand(of[1], mask, state, needed)
            elif not masks[1] & TRUE:  # type: ignore[operator]
                _demand(of[0], FALSE, state, needed)
        case "and" | "or":
            going = TRUE if part.operation == "and" else FALSE
            ending = going ^ EITHER
            last = [number for number, found in enumerate(masks) if found & ending]  # type: ignore[operator]
            if mask == going:
                for one in of:
                    _demand(one, going, state, needed)
            elif len(last) <= 1:
                for one in of[: last[0]] if last else of:
                    _demand(one, going, state, needed)
                _demand(of[last[0] if last else 0], ending, state, needed)
        case operation:
            needed[of[0]] = needed[of[1]] = True
            match masks:
                case [Range() as left, Range() as right]:
                    _decided(operation, mask == TRUE, of, (left, right), state)


def _decided(
    operation: str, wanted: bool, of: tuple[int, ...], values: tuple[Range, Range], state: list[Values]
) -> None:
    """Narrow two numbers that compare as wanted."""
    a, b = values
    strict = int(a.whole and b.whole)
    if operation == "=" and wanted:
        for place in of:
            _narrow(place, meet(a, b), state)
    elif operation == "=":
        for (place, one), other in zip(zip(of, values, strict=True), values[::-1], strict=True):
            if other.is_one and one.whole and other.low in (one.low, one.high):
                step = one.step or 1
                low, high = (one.low + step, one.high) if one.low == other.low else (one.low, one.high - step)
                _narrow(place, ranges.whole(low, high), state)
    elif operation == "<=" and wanted:
        _narrow(of[0], ranges.between(a.low, min(a.high, b.high), a.whole), state)
        _narrow(of[1], ranges.between(max(a.low, b.low), b.high, b.whole), state)
    elif operation == "<=":
        _narrow(of[0], ranges.between(max(a.low, b.low + strict), a.high, a.whole), state)
        _narrow(of[1], ranges.between(b.low, min(b.high, a.high - strict), b.whole), state)
    elif wanted:
        _divides(of, a, b, state)


def _divides(of: tuple[int, ...], a: Range, b: Range, state: list[Values]) -> None:
    if a.is_one:
        _narrow(of[1], ranges.whole(b.low, b.high, abs(int(a.low)), 0), state)
    if not b.holds(0):
        most = max(-b.low, b.high)
        _narrow(of[0], ranges.whole(-most, most), state)


def _causes(part: Part, value: Range | None, state: list[Values]) -> None:
    """Narrow the numbers that a number is made of."""
    values = [state[place] for place in part.of]
    if part.operation in {"/", "//"} and isinstance(values[1], Range) and values[1].whole:
        parts = ranges.signed(values[1])
        if len(parts) == 1:  # a divisor is not 0
            _narrow(part.of[1], parts[0], state)
        values[1] = state[part.of[1]]
    if value is None or any(not isinstance(one, Range) for one in values):
        return
    known: list[Range] = values  # type: ignore[assignment]
    match part.operation, known:
        case "+", [a, b]:
            _narrow(part.of[0], _as(ranges.plus(value, ranges.minus(b)), a), state)
            _narrow(part.of[1], _as(ranges.plus(value, ranges.minus(a)), b), state)
        case "*", [a, b] if a.whole and b.whole:
            _narrow(part.of[0], ranges.factor(value, b, a), state)
            _narrow(part.of[1], ranges.factor(value, a, b), state)
        case "*", [a, b]:
            for place, other in zip(part.of, (b, a), strict=True):
                if not other.low <= 0 <= other.high and (found := ranges.divided(value, other)) is not None:
                    _narrow(place, found, state)
        case "**", [a] if a.whole:
            _narrow(part.of[0], ranges.root(value, part.more, a), state)
        case "/", [_, b]:
            _narrow(part.of[0], ranges.times(value, b), state)
        case "//", [a, b]:
            _dividend(part, value, a, b, state)
        case "floor", [a] if not a.whole:
            _narrow(part.of[0], ranges.between(value.low, value.high + 1, False), state)
        case "abs", [a]:
            _narrow(part.of[0], ranges.between(-value.high, value.high, a.whole), state)
            if a.low > -value.low:
                _narrow(part.of[0], ranges.between(max(a.low, value.low), a.high, a.whole), state)
            if a.high < value.low:
                _narrow(part.of[0], ranges.between(a.low, min(a.high, -value.low), a.whole), state)
        case (("max" | "min"), [a, b]):
            _chosen(part, value, a, b, state)
        case "gcd", _:
            _multiples(part, value, known, state)


def _as(found: Range, old: Range) -> Range:
    return found if found.whole or not old.whole else Range(found.low, found.high, 1, 0, False)


def _dividend(part: Part, q: Range, a: Range, b: Range, state: list[Values]) -> None:
    """a = b q + r with 0 <= r < b, or b < r <= 0."""
    rest = ranges.whole(min(0, b.low + 1), max(0, b.high - 1))
    _narrow(part.of[0], ranges.plus(ranges.times(q, b), rest), state)
    if b.low > 0:
        if q.low > 0:
            _narrow(part.of[1], ranges.between(b.low, min(b.high, a.high // q.low), True), state)
        if q.high >= 0 and a.low >= 0:
            _narrow(part.of[1], ranges.between(max(b.low, a.low // (q.high + 1) + 1), b.high, True), state)


def _chosen(part: Part, value: Range, a: Range, b: Range, state: list[Values]) -> None:
    for place, one, other in ((part.of[0], a, b), (part.of[1], b, a)):
        low, high = one.low, one.high
        if part.operation == "max":
            high = min(high, value.high)
            low = max(low, value.low) if other.high < value.low else low
        else:
            low = max(low, value.low)
            high = min(high, value.high) if other.low > value.high else high
        _narrow(place, ranges.between(low, high, one.whole), state)


def _multiples(part: Part, value: Range, known: list[Range], state: list[Values]) -> None:
    """What a greatest common divisor divides is a multiple of it, and 0 or not smaller."""
    step = value.low if value.is_one else value.step if value.step and value.rest == 0 else 1
    for place, one in zip(part.of, known, strict=True):
        _narrow(place, ranges.whole(one.low, one.high, int(step), 0), state)
        if one.low > 0:
            _narrow(place, ranges.whole(max(one.low, value.low), one.high), state)
        elif one.high < 0:
            _narrow(place, ranges.whole(one.low, min(one.high, -value.low)), state)
