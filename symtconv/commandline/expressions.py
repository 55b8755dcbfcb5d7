"""Reads one entry of --weights: an exact number, a name, or sums, products and powers of these. Nothing is evaluated.

The grammar is the code's four functions: numbers, names, + - * / ** and parentheses, with limits on every size. A
divisor is a number and an exponent a small whole number, so that every entry is a polynomial with exact coefficients.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from symtconv.commandline.grammar import shown
from symtconv.errors import GeometryError
from symtconv.proofs.polynomials import Polynomial

MOST_CHARACTERS = 200
MOST_DEPTH = 16
MOST_EXPONENT = 32
MOST_TERMS = 64
MOST_DIGITS = 300
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3}(?![0-9]))?)(?![0-9A-Za-z_.])"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)(?![.])|(?P<sign>\*\*|[-+*/()])"
)
_LITERAL = re.compile(rf"[-+]?(?:{_TOKEN.pattern})")
_GRAMMAR = "an entry is a number, a fraction such as 1/3, a name, or sums, products and powers of these"


@dataclass(frozen=True)
class Entry:
    """One entry: its exact value, and the int or float that it is where it was typed as a plain number."""

    value: Polynomial
    number: int | float | None = None


def read_entry(text: str) -> Entry:
    """Read one entry.

    >>> read_entry("-2"), read_entry("a*a/2").value
    (Entry(value=-2, number=-2), 1/2*a*a)

    Raises:
        GeometryError: for anything outside the grammar or its limits.
    """
    if len(text) > MOST_CHARACTERS:
        raise _refusal(text, f"an entry has at most {MOST_CHARACTERS} characters")
    reader = _Reader(text)
    value = reader.total()
    if reader.tokens:
        raise reader.refusal()
    return Entry(value, _plain_number(text.replace(" ", ""), value))


def _plain_number(text: str, value: Polynomial) -> int | float | None:
    """Give the number that a literal stands for: an int without a point, else the nearest float."""
    literal = _LITERAL.fullmatch(text)
    if literal is None or literal["number"] is None:
        return None
    exact = value.terms.get((), 0)
    if literal["number"].isdigit():
        return int(exact)
    try:
        return float(exact)
    except OverflowError:
        return None


class _Reader:
    """Recursive descent over the tokens of one entry."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        self.depth = 0
        position = 0
        while position < len(text):
            if text[position] in " \t":
                position += 1
                continue
            token = _TOKEN.match(text, position)
            if token is None:
                raise _refusal(text, _GRAMMAR)
            self.tokens.append(token)
            position = token.end()
        self.tokens.reverse()

    def refusal(self) -> GeometryError:
        return _refusal(self.text, _GRAMMAR)

    def sign(self, *signs: str) -> str:
        """Take the next token if it is one of the signs, else nothing."""
        return self.tokens.pop()[0] if self.tokens and self.tokens[-1][0] in signs else ""

    def total(self) -> Polynomial:
        value = self.product()
        while sign := self.sign("+", "-"):
            right = self.product()
            value = self.limited(value + right if sign == "+" else value - right)
        return value

    def product(self) -> Polynomial:
        value = self.signed()
        while sign := self.sign("*", "/"):
            right = self.signed()
            value = self.times(value, self.inverse(right) if sign == "/" else right)
        return value

    def signed(self) -> Polynomial:
        negative = False
        while sign := self.sign("+", "-"):
            negative ^= sign == "-"
        value = self.power()
        return -value if negative else value

    def power(self) -> Polynomial:
        base = self.atom()
        if not self.sign("**"):
            return base
        exponent = self.tokens.pop()["number"] if self.tokens else None
        if exponent is None or not exponent.isdigit() or len(exponent) > 2 or int(exponent) > MOST_EXPONENT:
            raise _refusal(self.text, f"an exponent is a whole number from 0 to {MOST_EXPONENT}")
        if self.sign("**"):
            raise _refusal(self.text, "a power of a power needs parentheses")
        value = Polynomial.constant(1)
        for _ in range(int(exponent)):
            value = self.times(value, base)
        return value

    def atom(self) -> Polynomial:
        if not self.tokens:
            raise self.refusal()
        token = self.tokens.pop()
        if token["number"] is not None:
            return self.limited(Polynomial.constant(Fraction(token["number"])))
        if token["name"] is not None:
            return Polynomial.variable(token["name"])
        if token[0] != "(":
            raise self.refusal()
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _refusal(self.text, f"parentheses are nested at most {MOST_DEPTH} deep")
        value = self.total()
        if not self.sign(")"):
            raise self.refusal()
        self.depth -= 1
        return value

    def inverse(self, divisor: Polynomial) -> Polynomial:
        if set(divisor.terms) != {()}:
            rule = "a divisor is a number that is not zero, since an entry is a polynomial"
            raise _refusal(self.text, rule)
        return Polynomial.constant(1 / Fraction(divisor.terms[()]))

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        return self.limited(left * right)

    def limited(self, value: Polynomial) -> Polynomial:
        """Refuse what has grown beyond a line of text."""
        if len(value.terms) > MOST_TERMS:
            raise _refusal(self.text, f"an entry has at most {MOST_TERMS} terms")
        for monomial, coefficient in value.terms.items():
            if len(monomial) > MOST_EXPONENT:
                raise _refusal(self.text, f"an entry has at most degree {MOST_EXPONENT}")
            exact = Fraction(coefficient)
            if max(abs(exact.numerator), exact.denominator) >= 10**MOST_DIGITS:
                raise _refusal(self.text, f"its numbers have at most {MOST_DIGITS} digits")
        return Polynomial({m: int(c) if Fraction(c).denominator == 1 else c for m, c in value.terms.items()})


def _refusal(text: str, rule: str) -> GeometryError:
    return GeometryError("an entry of --weights", arrived=shown(text), rule=rule)
