"""Exact polynomials in named indeterminates: what a definition is run on, and what the kernel compares (trusted).

Coefficients are integers and fractions; an identity here is one over every commutative ring that contains them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from numbers import Rational
from typing import Any, TypeAlias

Monomial: TypeAlias = tuple[str, ...]
Coefficient: TypeAlias = int | Fraction


class Polynomial:
    """A polynomial; `terms` maps each monomial (its variables sorted, repeated for powers) to a non-zero coefficient.

    >>> x, w = Polynomial.variable("x"), Polynomial.variable("w")
    >>> (x * w + 2 * x * w + 0 * x).terms
    {('w', 'x'): 3}
    """

    __slots__ = ("terms",)
    __hash__ = None  # type: ignore[assignment]
    terms: dict[Monomial, Coefficient]

    def __init__(self, terms: Mapping[Monomial, Coefficient]) -> None:
        self.terms = {m: c for m, c in terms.items() if c != 0}

    @classmethod
    def variable(cls, name: str) -> Polynomial:
        """Give the polynomial that is one indeterminate."""
        return cls({(name,): 1})

    @classmethod
    def constant(cls, value: Coefficient) -> Polynomial:
        """Give the polynomial that is one number."""
        return cls({(): value})

    @property
    def is_plain(self) -> bool:
        """Whether it is in normal form and of the exact types (a subclass could say that it equals anything)."""
        names = all(type(m) is tuple and all(type(x) is str for x in m) and list(m) == sorted(m) for m in self.terms)
        return type(self.terms) is dict and names and all(c and is_number(c) for c in self.terms.values())

    def __add__(self, other: object) -> Polynomial:
        if (value := _read(other)) is None:
            return NotImplemented
        return added_up((self, value))

    def __mul__(self, other: object) -> Polynomial:
        if (value := _read(other)) is None:
            return NotImplemented
        total: dict[Monomial, Coefficient] = {}
        for left, a in self.terms.items():
            for right, b in value.terms.items():
                monomial = tuple(sorted(left + right))
                total[monomial] = total.get(monomial, 0) + a * b
        return Polynomial(total)

    def __neg__(self) -> Polynomial:
        return self * -1

    def __sub__(self, other: object) -> Polynomial:
        return NotImplemented if (value := _read(other)) is None else self + -value

    def __rsub__(self, other: object) -> Polynomial:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, other: object) -> bool:
        return NotImplemented if (value := _read(other)) is None else self.terms == value.terms

    def __reduce__(self) -> tuple[Any, ...]:
        return Polynomial, (self.terms,)

    def __repr__(self) -> str:
        shown = ["*".join(m if c == 1 and m else (str(c), *m)) for m, c in self.terms.items()]
        return " + ".join(shown) or "0"


def added_up(parts: Iterable[Polynomial]) -> Polynomial:
    """Add up polynomials in one go, in time linear in their terms."""
    total: dict[Monomial, Coefficient] = {}
    for part in parts:
        for monomial, coefficient in part.terms.items():
            total[monomial] = total.get(monomial, 0) + coefficient
    return Polynomial(total)


def is_number(value: object) -> bool:
    """Tell whether a value is an int or a Fraction in lowest terms, of these exact types."""
    return type(value) is int or (type(value) is Fraction and value == Fraction(value.numerator, value.denominator))


def exact(value: object) -> Coefficient | None:
    """Read an exact number (int, Fraction, and NumPy's and SymPy's, which are registered as rational), or give None."""
    if not isinstance(value, Rational):
        return None
    number = Fraction(int(value.numerator), int(value.denominator))
    return int(number) if number.denominator == 1 else number


def _read(value: object) -> Polynomial | None:
    if isinstance(value, Polynomial):
        return value
    return None if (number := exact(value)) is None else Polynomial.constant(number)
