"""The words of statements for all sizes about one axis with zero padding, alone or beside other axes.

Alone, C[i, m] is the sum of w[j] over 0 <= j < k with m = s*i + d*j - lo. Beside other axes, channels among them,
output I of those reads pixel M with tap J where tau[I, J, M] is 1: tau may be any array, so what is proved for one axis
beside any others holds for all axes of a layer, one after another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symtconv.catalogue.writtensums import Number, array, at_least, entry, equal, numbers, summed, within
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Entry, Total

i, j, m, p, q, r, s, t, d, k, K, lo, hi, o, n, a = numbers("i j m p q r s t d k K lo hi o n a")
ENDS = {"I": "P", "J": "Q", "M": "R", "G": "T"}

SIZES = (*at_least(1, s, d, k, o), equal(K, d * (k - 1) + 1))
FULL = (*SIZES, equal(n, s * (o - 1) + K - lo - hi + a), *within(a, s))
ASSUMED = ("the axis is padded with zeros", "s, d, k and o are at least 1", "K = d*(k - 1) + 1")
LARGE = "n = s*(o - 1) + K - lo - hi + a with 0 <= a < s"
OTHERS = (
    "the other axes and the channels enter by coefficients tau[I, J, M], which may be anything, with 0 <= I < P, "
    "0 <= J < Q, 0 <= M < R"
)


@dataclass(frozen=True)
class Axis:
    """An axis with its stride, dilation, taps and left pad, alone or with others beside it."""

    others: bool = False
    s: Polynomial = field(default_factory=lambda: s)
    d: Polynomial = field(default_factory=lambda: d)
    k: Polynomial = field(default_factory=lambda: k)
    lo: Polynomial = field(default_factory=lambda: lo)

    def here(self, names: str) -> tuple[str, ...]:
        """Give indices of the other axes, named and parted by spaces, if there are any."""
        return tuple(names.split()) if self.others else ()

    def ranges(self, names: str) -> tuple[Bracket, ...]:
        """Write the ranges of such indices."""
        return tuple(bracket for name in self.here(names) for bracket in within(name, ENDS[name[0]]))

    def w(self, tap: Number, rest: str = "J") -> Entry:
        """Write a weight."""
        return entry("w", tap, *self.here(rest))

    def v(self, at: Number, rest: str = "I") -> Entry:
        """Write a pixel of the small side."""
        return entry("v", at, *self.here(rest))

    def x(self, at: Number) -> Entry:
        """Write a pixel of the large side."""
        return entry("x", at, *self.here("M"))

    def reads(self, at: str = "I J M", taps: str = "tau") -> tuple[Entry, ...]:
        """Write what the other axes read."""
        return (entry(taps, *self.here(at)),) if self.others else ()

    def sum(self, over: str, where: tuple[Bracket, ...], *entries: Entry, rest: str = "") -> Total:
        """Sum over numbers of this axis, and over `rest` of the others."""
        return summed(" ".join((over, *self.here(rest))), (*where, *self.ranges(rest)), *entries)

    def array(
        self, symbol: str, meaning: str, at: str, over: str, where: tuple[Bracket, ...], *entries: Entry,
        at_rest: str = "", rest: str = "",
    ) -> Definition:  # fmt: skip
        """Define an array by its entries, with indices `at_rest` of the other axes, as a sum over `rest` of them."""
        names = " ".join((at, *self.here(at_rest))), " ".join((over, *self.here(rest)))
        return array(symbol, meaning, *names, (*where, *self.ranges(rest)), *entries)

    @property
    def matrix(self) -> Definition:
        """C: its entry at i and m is the sum of the weights of the taps of output i that read m."""
        taps = (*within(j, self.k), equal(m, self.s * i + self.d * j - self.lo))
        return self.array(
            "C", "the matrix of the convolution", "i m", "j", taps, self.w(j), *self.reads(), at_rest="I M", rest="J"
        )

    def entry(self, matrix: Definition, row: Number, column: Number, rest: str = "I M") -> Entry:
        """Write an entry of a matrix."""
        return entry(matrix, row, column, *self.here(rest))

    def transposed(self, where: tuple[Bracket, ...], at: Number = m) -> Total:
        """Write C^T v at a pixel."""
        return self.sum("i", (*where, *within(i, o)), self.entry(self.matrix, i, at), self.v(i), rest="I")


ALONE, BESIDE = Axis(), Axis(others=True)
BOTH = ((ALONE, ""), (BESIDE, ", beside other axes"))
