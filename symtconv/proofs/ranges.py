"""Sets of numbers, intervals that may hold the whole numbers of one remainder only, and exact arithmetic on them.

Of two sets an operation gives a set that holds every result; it may hold more. Untrusted: it finds counterexamples.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd, isqrt
from typing import NamedTuple

MOST_BITS = 6_000
Number = int | Fraction


def magnitude(value: Number) -> Number:
    """Give the absolute value of a number."""
    return value if value >= 0 else -value


class NothingLeft(Exception):
    """No number is in a set."""


class Range(NamedTuple):
    """The numbers from low to high; if `whole`, those that leave `rest` when divided by `step` (0: the number rest)."""

    low: Number
    high: Number
    step: int = 1
    rest: int = 0
    whole: bool = True

    @property
    def is_one(self) -> bool:
        """Whether it holds one number only."""
        return self.low == self.high

    @property
    def nearest(self) -> Number:
        """The number of the set that is nearest to 0, of whole ones."""
        if self.low > 0:
            return self.low
        if self.high < 0:
            return self.high
        if not self.step:
            return 0
        above = self.rest % self.step
        below = above - self.step
        return above if (above <= -below and above <= self.high) or below < self.low else below

    def holds(self, value: Number) -> bool:
        """Tell whether a number is in the set."""
        if not self.low <= value <= self.high:
            return False
        if not self.whole:
            return True
        return (value - self.rest) % self.step == 0 if self.step else value == self.low


def one(value: Number) -> Range:
    """Make the set of one number."""
    if isinstance(value, int):
        return Range(value, value, 0, value)
    return Range(value, value, 1, 0, False)


def whole(low: Number, high: Number, step: int = 1, rest: int = 0) -> Range:
    """Make a set of whole numbers; NothingLeft where it is empty.

    >>> whole(1, 9, 5, 2)
    Range(low=2, high=7, step=5, rest=2, whole=True)
    """
    low, high = ceil(low), floor(high)
    if step == 0:
        if low <= rest <= high:
            return Range(rest, rest, 0, rest)
        raise NothingLeft
    rest %= step
    low, high = low + (rest - low) % step, high - (high - rest) % step
    if low > high:
        raise NothingLeft
    return Range(low, high, step, rest) if low < high else Range(low, low, 0, low)


def between(low: Number, high: Number, is_whole: bool) -> Range:
    """Make an interval, of whole numbers or of any."""
    if is_whole:
        return whole(low, high)
    if low > high:
        raise NothingLeft
    return Range(low, high, 1, 0, False)


def meet(a: Range, b: Range) -> Range:
    """Give what two sets have in common."""
    if a == b:
        return a
    low, high = max(a.low, b.low), min(a.high, b.high)
    if not a.whole and not b.whole:
        return between(low, high, False)
    if not (a.whole and b.whole):
        known = a if a.whole else b
        return whole(low, high, known.step, known.rest)
    return whole(low, high, *_common(a, b))


def _common(a: Range, b: Range) -> tuple[int, int]:
    """The Chinese remainder theorem."""
    if not a.step or not b.step:
        value, other = (a.rest, b) if not a.step else (b.rest, a)
        if (value - other.rest) % other.step if other.step else value != other.rest:
            raise NothingLeft
        return 0, value
    if b.step == 1:
        return a.step, a.rest
    shared = gcd(a.step, b.step)
    if (b.rest - a.rest) % shared:
        raise NothingLeft
    if a.step.bit_length() + b.step.bit_length() > MOST_BITS:
        return a.step, a.rest
    times = (b.rest - a.rest) // shared * pow(a.step // shared, -1, b.step // shared) if b.step > shared else 0
    return a.step // shared * b.step, a.rest + a.step * (times % (b.step // shared))


def hull(a: Range, b: Range) -> Range:
    """Give an interval that holds both sets."""
    low, high = min(a.low, b.low), max(a.high, b.high)
    if not (a.whole and b.whole):
        return between(low, high, False)
    step = gcd(a.step, b.step, a.rest - b.rest)
    return whole(low, high, step, a.rest) if step else a


def plus(a: Range, b: Range) -> Range:
    """Add."""
    low, high = a.low + b.low, a.high + b.high
    if not (a.whole and b.whole):
        return between(low, high, False)
    return whole(low, high, gcd(a.step, b.step), a.rest + b.rest)


def minus(a: Range) -> Range:
    """Change the sign."""
    return Range(-a.high, -a.low, a.step, -a.rest % a.step if a.step else -a.rest, a.whole)


def times(a: Range, b: Range) -> Range:
    """Multiply."""
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    if not (a.whole and b.whole):
        return between(min(corners), max(corners), False)
    step = gcd(a.step * b.step, a.step * b.rest, b.step * a.rest)
    return whole(min(corners), max(corners), step, a.rest * b.rest)


def power(a: Range, exponent: int) -> Range:
    """Raise to a power, 2 or more."""
    ends = [a.low**exponent, a.high**exponent]
    low = 0 if exponent % 2 == 0 and a.low < 0 < a.high else min(ends)
    if not a.whole:
        return between(low, max(ends), False)
    if not a.step:
        return one(a.low**exponent)
    return whole(low, max(ends), a.step, pow(a.rest, exponent, a.step))


def root(a: Range, exponent: int, old: Range) -> Range:
    """Narrow a whole number to where its power is in a set."""
    if exponent % 2:
        return meet(old, whole(_root(ceil(a.low) - 1, exponent) + 1, _root(floor(a.high), exponent)))
    if a.high < 0:
        raise NothingLeft
    most = _root(floor(a.high), exponent)
    least = _root(ceil(a.low) - 1, exponent) + 1 if a.low > 0 else 0
    found = meet(old, whole(-most, most))
    if least and found.low > -least:
        return meet(found, whole(max(least, found.low), most))
    if least and found.high < least:
        return meet(found, whole(-most, -least))
    return found


def _root(value: int, exponent: int) -> int:
    """The greatest whole number whose power is at most a value; the exponent is odd, or the value not negative."""
    if exponent == 2:
        return isqrt(value)
    if value < 0:
        found = _root(-value, exponent)
        return -found if found**exponent == -value else -found - 1
    low, high = 0, 1 << (value.bit_length() // exponent + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**exponent <= value else (low, middle - 1)
    return low


def signed(b: Range) -> list[Range]:
    """List the parts of a set of whole numbers above and below 0."""
    found = []
    for low, high in ((1, b.high), (b.low, -1)):
        if max(b.low, low) <= min(b.high, high):
            try:
                found.append(meet(b, whole(low, high)))
            except NothingLeft:
                continue
    return found


def divided(a: Range, b: Range) -> Range | None:
    """Divide by what is not 0; None where the quotient may be any number."""
    if b.whole:
        parts = signed(b)
    elif b.low <= 0 <= b.high:
        return None
    else:
        parts = [b]
    if not parts:
        raise NothingLeft
    found = [Fraction(x) / Fraction(y) for part in parts for x in (a.low, a.high) for y in (part.low, part.high)]
    return between(min(found), max(found), False)


def quotient(a: Range, b: Range) -> Range:
    """Divide whole numbers, rounded down, by what is not 0."""
    parts = signed(b)
    if not parts:
        raise NothingLeft
    found = [x // y for part in parts for x in (a.low, a.high) for y in (part.low, part.high)]
    if not b.step and a.step % b.rest == 0:
        return whole(min(found), max(found), abs(a.step // b.rest), a.rest // b.rest)
    return whole(min(found), max(found))


def factor(z: Range, b: Range, old: Range) -> Range:
    """Narrow a whole number a to where a b is in the set z, for whole b."""
    if z.low <= 0 <= z.high and z.holds(0):
        if b.low <= 0 <= b.high and b.holds(0):
            return old
    else:
        most = max(magnitude(z.low), magnitude(z.high))
        old = meet(old, whole(-most, most))
    found: Range | None = None
    for part in signed(b):
        ends = [Fraction(x) / Fraction(y) for x in (z.low, z.high) for y in (part.low, part.high)]
        try:
            new = meet(old, whole(min(ends), max(ends)))
        except NothingLeft:
            continue
        found = new if found is None else hull(found, new)
    if found is None:
        raise NothingLeft
    if not b.step and z.whole:
        shared = gcd(b.rest, z.step)
        if shared and z.rest % shared:
            raise NothingLeft
        step = z.step // shared
        if step > 1:
            return meet(found, whole(found.low, found.high, step, z.rest // shared * pow(b.rest // shared, -1, step)))
    return found


def size(a: Range) -> Range:
    """Give the absolute value."""
    if a.low >= 0:
        return a
    if a.high <= 0:
        return minus(a)
    return between(0, max(-a.low, a.high), a.whole)


def divisor(a: Range, b: Range) -> Range:
    """Give the greatest common divisor."""
    if a.is_one and b.is_one:
        return one(gcd(int(a.low), int(b.low)))
    a, b = size(a), size(b)
    if a.low > 0 and b.low > 0:
        high = min(a.high, b.high)
    else:
        high = a.high if b.high == 0 else b.high if a.high == 0 else max(a.high, b.high)
    step = gcd(a.step, b.step, a.rest, b.rest)
    return whole(int(a.low > 0 or b.low > 0), high, step or 1)
