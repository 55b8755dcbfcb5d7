"""What the indices of a sum are called for the reader, and which of them run over a range."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Summand, names_in, names_of
from symtconv.telling.conditions import Names, Range, ranges


def reader_names(one: Summand, others: Collection[str] = ()) -> Names:
    """Call what the proof calls j'1 or j'2 j, or j' or j1 where there is a j already, `others` included.

    >>> reader_names(Summand(1, ("j'1", "j"), (), ()))
    {"j'1": j'}
    """
    found: dict[str, Polynomial] = {}
    made = {name for name in names_of(one) if _is_made(name) or name in set(one.over) & set(others)}
    taken = (names_of(one) - made) | set(others)
    for name in sorted(made):
        letter = name.partition("'")[0]
        possible = chain([letter, f"{letter}'"], (f"{letter}{number}" for number in count(1)))
        new = next(new for new in possible if new not in taken)
        taken.add(new)
        found[name] = Polynomial.variable(new)
    return found


def _is_made(name: str) -> bool:
    return name.partition("'")[2].isdigit()


@dataclass(frozen=True)
class Indices:
    """The bound numbers of a sum: those with a range 0..end-1, the others, and the conditions that are left."""

    ranged: tuple[tuple[str, Polynomial], ...]
    others: tuple[str, ...]
    conditions: tuple[Range | Bracket, ...]


def indices(one: Summand, hidden: Collection[Bracket]) -> Indices:
    """Part the conditions of a sum into ranges of its indices and others; hidden ones are not told."""
    ranged: list[tuple[str, Polynomial]] = []
    rest: list[Range | Bracket] = []
    for condition in ranges([bracket for bracket in one.where if bracket not in hidden]):
        name = _index_of(condition, one)
        if isinstance(condition, Range) and name is not None and name not in [z for z, _ in ranged]:
            ranged.append((name, condition.end))
        else:
            rest.append(condition)
    ranged.sort()
    return Indices(tuple(ranged), tuple(z for z in one.over if z not in [name for name, _ in ranged]), tuple(rest))


def _index_of(condition: Range | Bracket, one: Summand) -> str | None:
    """Give the index whose range this is, if its end does not depend on other indices."""
    if not isinstance(condition, Range) or names_in(condition.end) & set(one.over):
        return None
    return next((z for z in one.over if condition.value == Polynomial.variable(z)), None)
