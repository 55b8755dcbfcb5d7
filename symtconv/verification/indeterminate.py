"""Indeterminates that a user's code computes with: they add and multiply exactly, and refuse everything else."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import Any, NoReturn

import numpy as np

from symtconv.arrays import Array
from symtconv.errors import SymtconvError
from symtconv.proofs.polynomials import Coefficient, Polynomial, exact

OPERATIONS = 2_000_000

RULE = "it must compute by adding and multiplying only, so that it does the same for all inputs"

MATHEMATICS = frozenset(
    {
        *("arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cos", "cosh", "sin", "sinh", "tan", "tanh"),
        *("cbrt", "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "sqrt"),
        *("deg2rad", "degrees", "rad2deg", "radians"),
        *("ceil", "fabs", "floor", "rint", "trunc", "logical_not"),
    }
)


class Refusal(SymtconvError):
    """An indeterminate was asked for what only a number has."""


class Stopped(BaseException):
    """The user's code has run on too long; not an Exception, so that `except Exception` lets it pass."""


class Meter:
    """What one run has used up: operations, weighed by the terms they touch, and cells that np.empty left unset.

    The first refusal is kept: code that catches it would do something else on numbers, and is refused all the same.
    """

    __slots__ = ("refusal", "spent", "unset")

    def __init__(self) -> None:
        self.refusal: Refusal | None = None
        self.begin()

    def begin(self) -> None:
        """Begin another run."""
        self.spent = self.unset = 0
        self.refusal = None

    def spend(self, cost: int) -> None:
        """Count an operation; stop the run where it has used up its share."""
        self.spent += cost
        if self.spent > OPERATIONS:
            raise Stopped(f"more than {OPERATIONS:,} operations on indeterminates")

    def unset_cell(self) -> Indeterminate:
        """Give a cell of np.empty: whatever the memory held, an indeterminate of its own."""
        self.unset += 1
        return Indeterminate(Polynomial.variable(f"empty_{{{self.unset - 1}}}"), self)


class Indeterminate:
    """An exact polynomial in the guise of a number, for code that adds and multiplies.

    It can be added, subtracted, multiplied, divided by a number and raised to a whole power; `conjugate` changes
    nothing, as for real numbers. Comparing it, or making a float, an int or an index of it, is refused, as is dividing
    by it. Numbers beside it are read exactly: 0.5 is 1/2.
    """

    __slots__ = ("_meter", "_polynomial")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, polynomial: Polynomial, meter: Meter) -> None:
        self._polynomial, self._meter = polynomial, meter

    def __add__(self, other: object) -> Indeterminate:
        if isinstance(other, np.ndarray):
            return NotImplemented
        self._meter.spend(1)
        return Indeterminate(self._polynomial + self._read(other), self._meter)

    def __mul__(self, other: object) -> Indeterminate:
        if isinstance(other, np.ndarray):
            return NotImplemented
        value = self._read(other)
        self._meter.spend(max(1, len(self._polynomial.terms) * len(value.terms)))
        return Indeterminate(self._polynomial * value, self._meter)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Indeterminate:
        return self * -1

    def __pos__(self) -> Indeterminate:
        return self

    def __sub__(self, other: object) -> Indeterminate:
        return NotImplemented if isinstance(other, np.ndarray) else self + -1 * Indeterminate(*self._with(other))

    def __rsub__(self, other: object) -> Indeterminate:
        return NotImplemented if isinstance(other, np.ndarray) else -1 * self + other

    def __truediv__(self, other: object) -> Indeterminate:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if isinstance(other, Indeterminate):
            self._refuse("your code divides by an indeterminate")
        number = self._number(other)
        if number == 0:
            raise ZeroDivisionError("division of an indeterminate by zero")
        return self * Fraction(1, number)

    def __rtruediv__(self, other: object) -> Indeterminate:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self._refuse("your code divides by an indeterminate")

    def __pow__(self, other: object) -> Indeterminate:
        if isinstance(other, np.ndarray):
            return NotImplemented
        power = None if isinstance(other, Indeterminate) else self._number(other)
        if not isinstance(power, int) or power < 0:
            self._refuse(f"your code raises an indeterminate to the power {str(other)[:40]}")
        result = Indeterminate(Polynomial.constant(1), self._meter)
        for _ in range(power):
            result = result * self
        return result

    def conjugate(self) -> Indeterminate:
        """Give the indeterminate itself: it stands for a real number."""
        return self

    def item(self) -> Indeterminate:
        """Give the indeterminate itself, as a number of NumPy's does."""
        return self

    @property
    def real(self) -> Indeterminate:
        """The indeterminate itself: it stands for a real number."""
        return self

    def __deepcopy__(self, memo: object) -> Indeterminate:
        """Give the indeterminate itself, as copy.copy does: it never changes, and its meter has to see all uses."""
        return self

    def __copy__(self) -> Indeterminate:
        return self

    def _number(self, value: object) -> Coefficient:
        """Read a number exactly; complete for what NumPy and Python call real numbers."""
        if isinstance(value, np.generic):
            value = value.item()
        number = exact_number(value)
        if number is not None:
            return number
        if isinstance(value, float):
            self._refuse(f"your code computes with {value}, which is no number to compute with exactly")
        raise TypeError(f"an indeterminate and a {type(value).__name__} cannot be added or multiplied")

    def _read(self, value: object) -> Polynomial:
        return value._polynomial if isinstance(value, Indeterminate) else Polynomial.constant(self._number(value))

    def _with(self, value: object) -> tuple[Polynomial, Meter]:
        return self._read(value), self._meter

    def _refuse(self, what: str) -> NoReturn:
        error = Refusal("your code", arrived=what, rule=RULE)
        self._meter.refusal = self._meter.refusal or error
        raise error

    def _compared(self, *_: object) -> NoReturn:
        self._refuse("your code compares values, or branches on one")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _compared

    def _converted(self, *_: object) -> NoReturn:
        self._refuse(
            "your code turns a value into a float or an integer, or writes one into an array of them (of an integer "
            "dtype, made outside the function, or not by a NumPy function that makes arrays)"
        )

    __float__ = __int__ = __index__ = __complex__ = _converted

    def _rounded(self, *_: object) -> NoReturn:
        self._refuse("your code rounds a value, or takes its absolute value, a quotient's floor or a remainder")

    __abs__ = __round__ = __floor__ = __ceil__ = __trunc__ = _rounded
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _rounded

    def _exponent(self, *_: object) -> NoReturn:
        self._refuse("your code has an indeterminate as an exponent")

    __rpow__ = _exponent

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        self._refuse("your code pickles a value")

    def __getattr__(self, name: str) -> Any:
        """Refuse the functions that NumPy looks for by name; anything else is not there."""
        if name in MATHEMATICS:
            self._refuse(f"your code takes {name} of a value")
        raise AttributeError(f"an indeterminate has no attribute {name!r}")

    def __repr__(self) -> str:
        return repr(self._polynomial)


def exact_number(value: object) -> Coefficient | None:
    """Read a number exactly, a finite float by its binary fraction; None for anything else.

    >>> exact_number(2.0), exact_number(0.5), exact_number(float("nan"))
    (2, Fraction(1, 2), None)
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return exact(Fraction(value)) if isfinite(value) else None
    return exact(value)


def polynomial_of(value: object) -> Polynomial | None:
    """Give what a cell of a result stands for, or None where it is neither an indeterminate nor a number."""
    if isinstance(value, Indeterminate):
        return value._polynomial
    number = exact_number(value)
    return None if number is None else Polynomial.constant(number)


def indeterminates(values: Array, meter: Meter) -> Array:
    """Wrap an array of polynomials."""
    wrapped = np.empty(values.shape, dtype=object)
    for index, polynomial in np.ndenumerate(values):
        wrapped[index] = Indeterminate(polynomial, meter)
    return wrapped
