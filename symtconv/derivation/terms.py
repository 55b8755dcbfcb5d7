"""Rows and columns of C as sums: which weights meet which pixels, and what such a sum is worth in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeAlias

import sympy

from symtconv.arrays import Array, input_array
from symtconv.derivation.notation import Story, weighted, written_sum
from symtconv.derivation.values import formula_of
from symtconv.document.mathematics import Infix, Math, Relation
from symtconv.errors import GeometryError
from symtconv.matrices.symbolic import sympified

Terms: TypeAlias = list[tuple[int, list[int]]]


def grouped(taps: Sequence[tuple[int, int]]) -> Terms:
    """Put the taps that meet at one place together: (place, numbers of the weights), in the order of the taps.

    >>> grouped([(0, 5), (1, 6), (2, 5)])
    [(5, [0, 2]), (6, [1])]
    """
    found: dict[int, list[int]] = {}
    for number, place in taps:
        found.setdefault(place, []).append(number)
    return list(found.items())


def coefficient(story: Story, numbers: Sequence[int]) -> Math:
    """Write the sum of some weights: names, or the exact value of the given ones."""
    if story.weights is None:
        return written_sum(numbers, story.weight)
    return formula_of(total(story, numbers))


def total(story: Story, numbers: Sequence[int]) -> Any:
    """Add up some of the given weights exactly."""
    if story.weights is None:
        raise GeometryError("a sum of weights", arrived="no kernel", rule="only given weights have a sum")
    return sympy.expand(sum(story.weights[number] for number in numbers))


def term(story: Story, numbers: Sequence[int], pixel: Math) -> Math:
    """Write weight times pixel; weights that meet there are added first, and a given 1 or -1 is left out."""
    return weighted(coefficient(story, numbers), pixel)


def nonzero(story: Story, terms: Terms) -> Terms:
    """Leave out the terms whose given weights add up to 0."""
    if story.weights is None:
        return terms
    return [(place, numbers) for place, numbers in terms if total(story, numbers) != 0]


def line(story: Story, terms: Terms, letter: str, *, transposed: bool, most: int) -> Math:
    """Write a sum of weights times pixels, and work it out where the weights and an input of that side are given.

    Beyond `most` terms there are dots.
    """
    terms = nonzero(story, terms)
    name = story.small if transposed else story.large
    written = written_sum(terms, lambda one: term(story, one[1], name(letter, one[0])), most=most)
    numbers = numbers_for(story, transposed=transposed)
    if numbers is None or not terms:
        return written
    return Relation(written, "=", numbers.written(terms, most=most), "=", formula_of(numbers.value(terms)))


class Numbers:
    """The given weights and the given input of the layer, flat, for sums that are worked out.

    >>> from symtconv import Conv
    >>> from symtconv.derivation.notation import Notation
    >>> numbers = Numbers(Story(Conv(3, 2), Notation(), [1, 2], [5, 6, 7]))
    >>> numbers.value([(0, [0]), (1, [1])])
    17
    """

    def __init__(self, story: Story) -> None:
        self.story = story

    @cached_property
    def pixels(self) -> Array:
        """The given input as SymPy expressions, row-major."""
        values: Array = sympified(input_array(self.story.layer, self.story.input)[0]).reshape(-1)
        return values

    def value(self, terms: Terms) -> Any:
        """Give the exact sum of weights times pixels."""
        return sympy.expand(sum(total(self.story, numbers) * self.pixels[place] for place, numbers in terms))

    def written(self, terms: Terms, *, most: int) -> Math:
        """Write the sum with numbers in place of names."""
        return written_sum(terms, self._product, most=most)

    def _product(self, one: tuple[int, list[int]]) -> Math:
        place, numbers = one
        return Infix("cdot", *(formula_of(value) for value in (total(self.story, numbers), self.pixels[place])))


def numbers_for(story: Story, *, transposed: bool) -> Numbers | None:
    """Give the numbers of a worked version, where weights are given and an input of the side that is asked for."""
    given = story.weights is not None and story.input is not None and story.layer.transposed is transposed
    return Numbers(story) if given else None
