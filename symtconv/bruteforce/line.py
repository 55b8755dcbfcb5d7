"""A layer of one axis by plain loops: what fits is counted, what is read is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symtconv.bruteforce.rows import Matrix, Row, Vector, total, zeros
from symtconv.bruteforce.signals import laid, padded, slid
from symtconv.bruteforce.statement import assume, at_least_one
from symtconv.bruteforce.symbols import symbols


@dataclass(frozen=True)
class Line:
    """A convolution of n inputs: k taps, stride s, dilation d, pads lo and hi (a negative pad crops)."""

    n: int
    k: int
    s: int = 1
    d: int = 1
    lo: int = 0
    hi: int = 0

    @cached_property
    def K(self) -> int:  # noqa: N802 (the span is called K everywhere)
        """The span: how many inputs there are from the first tap to the last."""
        return len(laid([1] * self.k, self.d))

    def fits(self, i: int) -> bool:
        """Whether every input under window i lies on the padded axis."""
        window = range(self.s * i, self.s * i + self.K)
        return all(0 <= place < self.n + self.lo + self.hi for place in window)

    @cached_property
    def o(self) -> int:
        """The number of windows that fit."""
        count = 0
        while self.fits(count):
            count += 1
        return count

    @property
    def a(self) -> int:
        """The remainder."""
        return (self.n + self.lo + self.hi - self.K) % self.s

    @property
    def w(self) -> Row:
        """The kernel, as indeterminates."""
        return symbols("w", self.k)

    @property
    def x(self) -> Row:
        """The input, as indeterminates."""
        return symbols("x", self.n)

    @property
    def v(self) -> Row:
        """A vector on the output's side, as indeterminates."""
        return symbols("v", self.o)

    def position(self, i: int, j: int) -> int:
        """Give where tap j of output i lies, input 0 being at 0."""
        return self.s * i + self.d * j - self.lo

    def reads(self, i: int, j: int) -> int | None:
        """Give the input that tap j of output i reads: the tap map. None where it lies on padding."""
        place = self.position(i, j)
        return place if 0 <= place < self.n else None

    def read(self) -> Iterator[tuple[int, int, int]]:
        """Yield (i, j, m) wherever tap j of output i reads input m."""
        for i in range(self.o):
            for j in range(self.k):
                if (m := self.reads(i, j)) is not None:
                    yield i, j, m

    def matrix(self, kernel: Vector | None = None) -> Matrix:
        """Build C: entry (i, m) is the sum of the taps of output i that read input m."""
        weights = self.w if kernel is None else kernel
        rows = zeros(self.o, self.n)
        for i, j, m in self.read():
            rows[i][m] = rows[i][m] + weights[j]
        return rows

    def circular_matrix(self, kernel: Vector | None = None) -> Matrix:
        """Build C with circular padding: beyond either end of the axis the input begins anew."""
        weights = self.w if kernel is None else kernel
        rows = zeros(self.o, self.n)
        for i in range(self.o):
            for j in range(self.k):
                m = self.position(i, j) % self.n
                rows[i][m] = rows[i][m] + weights[j]
        return rows

    def convolve(self, signal: Vector, kernel: Vector | None = None) -> Row:
        """Convolve by the definition: slide the kernel over the padded signal. Shares nothing with the tap map."""
        return slid(padded(signal, self.lo, self.hi), self.w if kernel is None else kernel, self.s, self.d)

    def stamp(self, signal: Vector, kernel: Vector | None = None) -> Row:
        """Convolve transposed by the definition: add up the stamps, cropped to the n inputs. Shares no code either."""
        spread = laid(self.w if kernel is None else kernel, self.d)
        sheet: Row = [0] * self.n
        for i, value in enumerate(signal):
            for place, tap in enumerate(spread, start=self.s * i - self.lo):
                if 0 <= place < self.n:
                    sheet[place] = sheet[place] + value * tap
        return sheet

    @property
    def interior(self) -> list[int]:
        """The outputs m of the transposed layer with K - 1 - lo <= m <= s(o - 1) - lo."""
        first, last = self.K - 1 - self.lo, self.s * (self.o - 1) - self.lo
        return [m for m in range(self.n) if first <= m <= last]


def line(n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> Line:
    """Make a layer of the sizes that the catalogue speaks of."""
    at_least_one(n=n, k=k, s=s, d=d)
    assume(min(lo, hi) >= 0, "the pads are at least 0")
    layer = Line(n, k, s, d, lo, hi)
    assume(layer.o >= 1, "the kernel's span is at most n plus the pads")
    return layer


def phase_sums(kernel: Vector, s: int, d: int) -> Row:
    """Add up the taps of each phase r = 0..s-1: those with d*j = r mod s."""
    return [total(tap for j, tap in enumerate(kernel) if (d * j - r) % s == 0) for r in range(s)]
