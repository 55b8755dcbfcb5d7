"""An exercise: a question and its answer; and sums of numbers that an answer writes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symtconv.document.mathematics import Dots, Like, Math, Relation, Sum, as_math
from symtconv.document.nodes import Block

WRITTEN = 9


@dataclass(frozen=True)
class Exercise:
    """A question and its answer, as blocks."""

    question: tuple[Block, ...]
    answer: tuple[Block, ...]


def added_up(numbers: Sequence[int]) -> Math:
    """Write a sum of numbers with its value: 1 + 2 + 2 = 5.

    >>> added_up([1, 2, 2]).to_latex(), added_up([4]).to_latex()
    ('1+2+2=5', '4')
    """
    if len(numbers) == 1:
        return as_math(numbers[0])
    shown: list[Like] = list(numbers)
    if len(shown) > WRITTEN:
        shown = [*numbers[: WRITTEN - 2], Dots("h"), numbers[-1]]
    return Relation(Sum(*shown), "=", sum(numbers))
