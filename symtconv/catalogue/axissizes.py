"""The sizes of one axis as terms, under the names that the statements give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symtconv.catalogue.vocabulary import floor_of, inequality, minus, named, plus
from symtconv.geometry import Axis, Layer
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Assumed, Defined, Equation, Table, Term, number, product, table

ONE, MINUS_ONE = number(1), number(-1)


@dataclass(frozen=True)
class AxisSizes:
    """The whole numbers of an axis.

    `where` and `number` tell the axes of a layer apart if there are several, `of` the layers if there are two.
    """

    axis: Axis
    where: str = ""
    number: str = ""
    of: str = ""

    @property
    def n(self) -> Term:
        """The large size."""
        return self.named("n", "the large size", self.axis.large)

    @property
    def o(self) -> Term:
        """The small size."""
        return self.named("o", "the small size", self.axis.small)

    @property
    def k(self) -> Term:
        """The kernel size."""
        return self.named("k", "the kernel size", self.axis.kernel_size)

    @property
    def s(self) -> Term:
        """The stride."""
        return self.named("s", "the stride", self.axis.stride)

    @property
    def d(self) -> Term:
        """The dilation."""
        return self.named("d", "the dilation", self.axis.dilation)

    @property
    def lo(self) -> Term:
        """The low pad."""
        return self.named("lo", "the low pad", self.axis.lo)

    @property
    def hi(self) -> Term:
        """The high pad."""
        return self.named("hi", "the high pad", self.axis.hi)

    @property
    def p(self) -> Term:
        """The pad of both ends, of an axis whose pads are equal."""
        return self.named("p", "the pad at both ends", self.axis.lo)

    @property
    def a(self) -> Term:
        """The remainder a = (n + lo + hi - K) mod s, which is not negative."""
        return self.named("a", "the remainder", self.axis.remainder)

    @property
    def b(self) -> Term:
        """What the remainder lacks of s - 1, which is not negative."""
        return self.named("b", "what the remainder lacks of s - 1", self.axis.stride - 1 - self.axis.remainder)

    def named(self, symbol: str, meaning: str, value: int) -> Defined:
        """Name a number of this axis, and of the layer if there are two."""
        return named(symbol + self.of, meaning, value)

    @property
    def K(self) -> Term:  # noqa: N802 (the effective kernel is called K everywhere)
        """The effective kernel K, of which `spanned` says what it is."""
        return self.named("K", "the effective kernel", self.axis.effective_kernel)

    def spanned(self) -> Equation:
        """Say that K = d(k-1) + 1."""
        return Equation(self.K, self.span, f"K = d(k-1) + 1{self.where}")

    @property
    def span(self) -> Term:
        """The effective kernel written out, d(k-1) + 1."""
        return plus(product(self.d, plus(self.k, MINUS_ONE)), ONE)

    @property
    def padded(self) -> Term:
        """The padded large size, n + lo + hi."""
        return plus(self.n, self.lo, self.hi)

    @property
    def free(self) -> Term:
        """How far the first window can move, n + lo + hi - K."""
        return plus(self.padded, minus(self.K))

    @property
    def formula(self) -> Term:
        """The size by the formula, floor((n + lo + hi - K)/s) + 1."""
        return plus(floor_of(self.free, self.s), ONE)

    @property
    def least(self) -> Term:
        """The smallest large size whose output is o, s(o-1) + K - lo - hi."""
        return plus(self.end(plus(self.o, MINUS_ONE)), minus(self.lo), minus(self.hi))

    def end(self, window: Term) -> Term:
        """Give where a window ends on the padded axis, s*i + K: it fits if that is at most n + lo + hi."""
        return plus(product(self.s, window), self.K)

    def counted(self) -> Iterator[Equation]:
        """Say that o is the number of windows that fit: window o-1 leaves a, window o is 1 + b short."""
        fits = "o windows of K = d(k-1) + 1 fit into n + lo + hi: the last"
        yield self.spanned()
        yield from self.has_output(self.padded, self.o, self.a, self.b, fits)

    def assumed(self, symbol: str, meaning: str, value: Polynomial) -> Assumed:
        """Assume a whole number that is not negative, of this axis."""
        name = f"{symbol}_{self.number}" if self.number else symbol
        return Assumed(name, meaning + self.where, _scalar(value))

    def below_stride(self) -> tuple[Assumed, Assumed]:
        """Give any r with 0 <= r <= s - 1, and t = s - 1 - r."""
        r = Polynomial.variable("r")
        return (
            self.assumed("r", "a whole number", r),
            self.assumed("t", "where t = s - 1 - r, so that r is at most s - 1", self.axis.stride - 1 - r),
        )

    def beyond(self) -> Assumed:
        """Give any whole number e >= 0, by which something lies beyond a bound."""
        return self.assumed("e", "a whole number", Polynomial.variable("e"))

    def has_output(self, padded: Term, output: Term, over: Term, under: Term, says: str) -> Iterator[Equation]:
        """Say that a padded size has an output: its last window leaves `over`, the next is 1 + `under` short."""
        yield from inequality(self.end(plus(output, MINUS_ONE)), over, padded, f"{says} fits{self.where}")
        yield from inequality(plus(padded, ONE), under, self.end(output), f"{says} is the last that fits{self.where}")


def whole(symbol: str, meaning: str = "any whole number") -> Defined:
    """Give an indeterminate whole number, of which nothing is assumed."""
    return Defined(symbol, meaning, _scalar(Polynomial.variable(symbol)))


def _scalar(value: Polynomial) -> Table:
    return table((), {(): value})


def axis_sizes(layer: Layer, of: str = "") -> list[AxisSizes]:
    """List the sizes of every axis of a layer, and say of which, if there are two."""
    several = layer.ndim > 1
    return [
        AxisSizes(axis, f" on axis {place}" if several else "", str(place) if several else "", of)
        for place, axis in enumerate(layer.axes)
    ]
