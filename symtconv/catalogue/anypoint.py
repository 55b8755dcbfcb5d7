"""The layer as a function, for every tap map: differentiable, continuous, smooth, and when no inverse can be C^T."""

from __future__ import annotations

from symtconv.catalogue.anytaps import ONE_PIXEL, TAKEN, C, Y, jacobian, over, said, t, w, x
from symtconv.catalogue.writtensums import entry, equal, negated, plus, summed
from symtconv.proofs.summation import Definition, Entry, NonNegative, TapMap, Total
from symtconv.proofs.terms import Compound, Derivative, Equation, number
from symtconv.proofs.universal import Universal, of_sums


def _differentiable() -> tuple[Equation, ...]:
    moved = Definition("u", "x + h", ("m",), plus(summed("", (), x), summed("", (), entry("h", "m"))))
    there = over("j m", w, entry(moved, "m"), t)
    difference = plus(there, negated(summed("", (), entry(Y, "i"))))
    return (
        Equation(difference, over("m", entry(C, "i", "m"), entry("h", "m")), "C(x + h) - C x = C h"),
        *jacobian(),
    )


def _smooth() -> tuple[Equation, ...]:
    second = Derivative(Derivative(summed("", (), entry(Y, "i")), ("x", "m")), ("x", "m'"))
    return (
        Equation(second, Total(()), "every second derivative of y with respect to x is 0"),
        Equation(Derivative(Total(()), ("x", "m")), Total(()), "and so is every derivative of that"),
    )


def _continuous() -> tuple[Equation, ...]:
    up, down, low, high = (
        entry(NonNegative(name), at) for name, at in (("p", "j"), ("q", "j"), ("l", "m"), ("r", "m"))
    )
    t = entry(TapMap("t"), "i", "j", "m")

    def of(symbol: str, meaning: str, at: str, a: Entry, b: Entry, sign: int) -> Entry:
        one, other = summed("", (), a), summed("", (), b)
        return entry(Definition(symbol, meaning, (at,), plus(one, other if sign > 0 else negated(other))), at)

    weight, size = of("w", "the weight", "j", up, down, -1), of("a", "its absolute value |w|", "j", up, down, 1)
    change, most = of("e", "x - x'", "m", high, low, -1), of("D", "what it is at most", "m", high, low, 1)
    left, right = over("j m", weight, change, t), over("j m", size, most, t)
    size, most = entry(NonNegative("a"), "j"), entry(NonNegative("D"))
    missed = entry(
        Definition("f", "1 where a tap reads nothing", ("j",), plus(summed("", ()), negated(over("m", t)))), "j"
    )
    read = over("j m", size, most, t)
    all_ = plus(read, over("j", size, most, missed, missed))
    true = number(1)
    return (
        Equation(Compound("<=", left, right), true, "(C e)[i] is at most the sum of a[j] D[m]"),
        Equation(Compound("<=", negated(left), right), true, "and so is -(C e)[i]"),
        Equation(over("j", size, most), all_, "for a constant D: what is read, and what is not"),
        Equation(Compound("<=", read, all_), true, "so the sum of a[j] D[m] is at most the sum of a[j], times D"),
    )


def _not_an_inverse() -> tuple[Equation, ...]:
    def off(symbol: str, at: tuple[str, str], names: str, *entries: Entry) -> Definition:
        unit = summed("", (equal(*at),))
        return Definition(
            symbol, "the product of C and C transposed, less I", at, plus(over(names, *entries), negated(unit))
        )

    large = off("E", ("m", "m'"), "i", entry("C", "i", "m"), entry("C", "i", "m'"))
    small = off("F", ("i", "i'"), "m", entry("C", "i", "m"), entry("C", "i'", "m"))
    left = plus(over("m m'", entry(large, "m", "m'"), entry(large, "m", "m'")), over("i"))
    right = plus(over("i i'", entry(small, "i", "i'"), entry(small, "i", "i'")), over("m"))
    return (
        Equation(left, right, "|C^T C - I|^2 + O = |C C^T - I|^2 + N"),
        Equation(Compound("<=", over("m"), right), number(1), "so |C^T C - I|^2 >= N - O"),
    )


ANY_POINT: dict[str, Universal] = {
    "differentiable": said("C(x + h) - C x = C h, and the derivative at every point is C", _differentiable),
    "continuous": of_sums(
        "|C(x) - C(x')| <= (sum over j of |w[j]|) D where |x[m] - x'[m]| <= D",
        (
            *TAKEN,
            "an ordered ring",
            ONE_PIXEL,
            "w = p - q and a = |w| = p + q, p >= 0 the positive and q >= 0 the negative part of w",
            "e = x - x' = r - l and D = r + l with r, l >= 0, which says that |x - x'| <= D",
            "D >= 0",
        ),
        _continuous,
    ),
    "smooth": said("every derivative of C x with respect to x after the first is 0", _smooth),
    "not-an-inverse": of_sums(
        "|C^T C - I|^2 = |C C^T - I|^2 + N - O, so that C^T C is not I with fewer outputs than inputs, O < N",
        ("C is any matrix of O rows and N columns over an ordered ring; |A|^2 is the sum of squares of its entries",),
        _not_an_inverse,
    ),
}
