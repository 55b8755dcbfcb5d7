"""Places that a construction counts, written in the notation, and the letters that it adds to those of the layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from symtconv.derivation.notation import Notation, Story
from symtconv.document.mathematics import (
    Accent,
    BigSum,
    Like,
    Listing,
    Math,
    Name,
    Negative,
    Subscript,
    Sum,
    Times,
    Tuple,
    as_math,
)

SPARE = "ehlABEFGHLMNQRST"


@dataclass(frozen=True)
class Letters:
    """Letters of the constructions: signals u and f, places p and t, quotient q, phase r, matrices, the variable."""

    u: str = "u"
    f: str = "f"
    p: str = "p"
    t: str = "t"
    r: str = "r"
    D: str = "D"
    U: str = "U"
    P: str = "P"
    zeta: str = "zeta"
    q: str = "q"


def own_letters(notation: Notation) -> Letters:
    """Give letters that the notation does not use.

    >>> own_letters(Notation(x="u")).u, own_letters(Notation()).u
    ('e', 'u')
    """
    spare = (letter for letter in SPARE if letter not in notation.letters)
    wanted = [field.name for field in fields(Letters)]
    return Letters(*(next(spare) if letter in notation.letters else letter for letter in wanted))


def place(story: Story, constants: Sequence[int], *terms: tuple[Sequence[int], str], plain: Sequence[str] = ()) -> Math:
    """Write an index, one constant an axis plus coefficients times letters, counted from the base of the notation.

    The letters count from the base as well, but for the `plain` ones, which are numbers.
    """
    base = story.notation.base
    counted = [coefficients for coefficients, letter in terms if letter not in plain]
    shifts = [
        constant + base * (1 - sum(column))
        for constant, *column in zip(constants, *counted, strict=True)
    ]  # fmt: skip
    written = [_scaled(coefficients, letter) for coefficients, letter in terms]
    if not any(shifts):
        return Sum(*written) if len(written) > 1 else written[0]
    constant = per_axis(shifts)
    first = isinstance(written[0], Negative)
    return Sum(constant, *written) if first else Sum(*written, constant)


def _scaled(factors: Sequence[int], letter: str) -> Math:
    if all(factor < 0 for factor in factors):
        return Negative(_scaled([-factor for factor in factors], letter))
    if len(set(factors)) > 1:
        return Times(Tuple(*factors), letter)
    return as_math(letter) if factors[0] == 1 else Times(factors[0], letter)


def per_axis(values: Sequence[int]) -> Math:
    """Write one number an axis, or one number where all are equal."""
    return as_math(values[0]) if len(set(values)) == 1 else Tuple(*values)


def marked_weight(story: Story, mark: str, index: Like) -> Math:
    """Write the spread kernel ("hat") or the flipped one ("tilde") between two channels, at an index.

    Without dilation the spread kernel is the kernel, and bears no mark.
    """
    between = story.w_between()
    assert isinstance(between, Name)
    indices = (*between.indices[:-1], index)
    if mark == "hat" and set(story.conv.dilation) == {1}:
        return Name(story.notation.w, *indices)
    return Subscript(Accent(story.notation.w, mark), *indices)


def summed(story: Story, letter: str, body: Math) -> Math:
    """Put the sum over an index, and over the channels c' of the small side, before a body."""
    return BigSum(letter if story.single else Listing(story.c_small, letter), None, body)
