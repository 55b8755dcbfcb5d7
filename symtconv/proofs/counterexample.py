"""The smallest counterexample of a claim, by trying whole numbers in the order of their sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from symtconv.proofs.evaluation import UndefinedError, evaluate
from symtconv.proofs.formula import Formula


@dataclass(frozen=True)
class Question:
    """What is claimed: for all values of the free names that satisfy the assumptions, in order, a formula is true."""

    formula: Formula
    given: tuple[tuple[str, Formula], ...] = ()
    assuming: tuple[Formula, ...] = ()
    order: tuple[str, ...] = ()  # names as the user wrote them; a formula may have the sides of a comparison exchanged

    @property
    def free(self) -> tuple[str, ...]:
        """The names that nothing defines, by first appearance in what is assumed, defined, claimed."""
        defined = {name for name, _ in self.given}
        texts = (*self.assuming, *(formula for _, formula in self.given), self.formula)
        found = {name for formula in texts for name in formula.names()} - defined
        named = (*self.order, *(name for formula in texts for name in formula.names()))
        return tuple(name for name in dict.fromkeys(named) if name in found)

    @property
    def ordered(self) -> tuple[Formula, ...]:
        """The assumptions, those that divide by nothing first: where one of them is false nothing is claimed."""
        risky: set[str] = set()
        for name, formula in self.given:
            if _may_be_undefined(formula, risky):
                risky.add(name)
        return tuple(sorted(self.assuming, key=lambda one: _may_be_undefined(one, risky)))


def _may_be_undefined(formula: Formula, risky: set[str]) -> bool:
    divides = any(one.operation == "/" and one.operands[1].operation != "number" for one in formula.walk())
    return divides or not risky.isdisjoint(formula.names())


@dataclass(frozen=True)
class Failure:
    """Where a claim fails: the values of the free names, and the divisor that is 0, if that is what fails."""

    at: dict[str, int]
    divisor: Formula | None = None


class _Values(dict[str, int]):
    """Free names by their values, and defined ones by theirs, worked out when asked for."""

    def __init__(self, at: Mapping[str, int], given: Mapping[str, Formula]) -> None:
        super().__init__(at)
        self.given = given

    def __missing__(self, name: str) -> int:
        self[name] = evaluate(self.given[name], self)  # type: ignore[assignment]
        return self[name]


def fails(question: Question, at: Mapping[str, int]) -> Failure | None:
    """Tell whether a claim fails at values of the free names, and how; None where it holds, or is not about them."""
    values = _Values(at, dict(question.given))
    try:
        if not all(evaluate(one, values) for one in question.ordered):
            return None
        for name, _ in question.given:
            _ = values[name]
        return None if evaluate(question.formula, values) else Failure(dict(at))
    except UndefinedError as found:
        return Failure(dict(at), found.formula)


def is_admitted(question: Question, at: Mapping[str, int]) -> bool:
    """Tell whether values of the free names satisfy the assumptions."""
    values = _Values(at, dict(question.given))
    try:
        return all(evaluate(one, values) for one in question.ordered)
    except UndefinedError:
        return False


def smallest(
    question: Question,
    until: float,
    found: Callable[[Mapping[str, int]], Failure | None] | None = None,
    *,
    start: int = 0,
) -> tuple[Failure | None, int]:
    """Find the first failure by the sum of absolute values, and tell below which sum all values were tried.

    Nothing is tried below the sum `start`.

    Of values with one sum, the first name's is as near to 0 as can be, then the second's; positive before negative.
    """
    free, lowest = question.free, _bounds(question)
    test = found if found is not None else lambda at: fails(question, at)
    most = start
    while monotonic() < until:
        for place, values in enumerate(_with_sum(most, free, lowest)):
            if place % 64 == 0 and monotonic() > until:
                return None, most
            failure = test(dict(zip(free, values, strict=True)))
            if failure is not None:
                return failure, most
        if not free:
            return None, most
        most += 1
    return None, most


def _bounds(question: Question) -> dict[str, int]:
    """Read bounds such as n >= 1 off the assumptions."""
    found: dict[str, int] = {}
    for one in question.assuming:
        if any(part.operation == "/" for part in one.walk()):
            continue  # where a divisor is 0 the claim fails, so nothing of it is left out
        for part in one.operands if one.operation == "and" else (one,):
            wanted = part.operation == "<="
            low, high = part.operands if wanted else (None, None)
            strict = part.operation == "not" and part.operands[0].operation == "<="
            if strict:  # not (high <= low): low < high
                high, low = part.operands[0].operands
            if low is not None and high is not None and low.operation == "number" and high.operation == "name":
                bound = int(low.parts[0]) + strict  # type: ignore[arg-type]
                found[str(high.parts[0])] = max(bound, found.get(str(high.parts[0]), bound))
    return found


def _with_sum(total: int, names: Sequence[str], lowest: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    if not names:
        if total == 0:
            yield ()
        return
    first, rest = names[0], names[1:]
    for size in range(total + 1) if rest else (total,):
        for value in (size, -size) if size else (0,):
            if value >= lowest.get(first, value):
                for others in _with_sum(total - size, rest, lowest):
                    yield (value, *others)
