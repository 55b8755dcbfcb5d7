"""The fixed words that renderers and heads put into every document. Another language is another record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The fixed words of one language: heads of statements, words in formulas, and names before numbers.

    Another language is another record with the same fields; sentences stay with the sections that say them.
    """

    theorem: str
    general: str
    proof: str
    argument: str
    figure: str
    table: str
    otherwise: str
    and_: str
    for_: str
    answer: str
    answers: str
    exercises: str


ENGLISH = Language(
    theorem="Theorem",
    general="General theorem",
    proof="Proof",
    argument="Argument",
    figure="Figure",
    table="Table",
    otherwise="otherwise",
    and_="and",
    for_="for",
    answer="Answer",
    answers="Answers",
    exercises="Exercises",
)
WORDS = ENGLISH


def counted_word(number: int, *, most: int = 12) -> str:
    """Write a small whole number in words, a larger one in digits.

    >>> counted_word(2), counted_word(1200)
    ('two', '1,200')
    """
    small = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return small[number] if 0 <= number <= min(most, 12) else f"{number:,}"


__all__ = ["ENGLISH", "WORDS", "Language", "counted_word"]
