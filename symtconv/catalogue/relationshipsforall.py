"""Relationships 8 to 14 for all sizes: what the transposed convolution is, and its size; receptive fields."""

from __future__ import annotations

from symtconv.catalogue.everysize import flipped, stretched
from symtconv.catalogue.oneaxis import OTHERS, Axis, i, k, m, o, p, q, s
from symtconv.catalogue.writtensums import at_least, entry, within
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Equation
from symtconv.proofs.universal import Universal, of_numbers, of_sums, together

ONE = Polynomial.constant(1)
STRETCHED = ("o = (n + 2*p - k)//s + 1", "e = s*(o - 1) + 1", "b = k - p - 1", "a = (n + 2*p - k) % s")
COVER = ("j = min(y//S, k - 1)",)
COVERED = ("S >= 1", "k >= 1", "r >= 1", "0 <= y < r + (k - 1)*S")


def _stride_1(axis: Axis, pad: Polynomial, beside: str) -> Equation:
    """The stride-1 convolution of v, or of v with zeros between its pixels, with the flipped kernel."""
    base = at_least(1, axis.s, k, o)
    source = (
        stretched(axis)
        if axis.s != ONE
        else axis.array("v", "the input, 0 outside 0..o-1", "i", "", within(i, o), axis.v(i), at_rest="I")
    )
    taps = entry(flipped(axis, k), q, *axis.here("J"))
    read = entry(source, m + q - (k - 1 - pad), *axis.here("I"))
    right = axis.sum("q", (*base, *within(q, k)), taps, read, *axis.reads(), rest="I J")
    says = f"C^T v is the stride-1 convolution of {'v' if axis.s == ONE else 'u'} with w', pad k-p-1 before{beside}"
    return Equation(axis.transposed(base), right, says)


def _relationship(statement: str, numbers: Universal, stride: Polynomial, pad: Polynomial) -> Universal:
    axes = [(Axis(others, s=stride, d=ONE, lo=pad), words) for others, words in ((False, ""), (True, BESIDE))]
    what = "stride-1 convolution of " + ("v" if stride == ONE else "the zero-inserted v") + " with the flipped kernel"
    given = ("the axis is padded with zeros", "d = 1", "s, k and o are at least 1", OTHERS)
    return together(
        of_sums(f"{statement} C^T is the {what}", given, lambda: tuple(_stride_1(axis, pad, w) for axis, w in axes)),
        numbers,
    )


BESIDE = ", beside other axes"
ZERO = Polynomial.constant(0)

RELATIONSHIPS_FOR_ALL: dict[str, Universal] = {
    "relationship-8": _relationship(
        "d = 1, s = 1, p = 0, p' = k-1:",
        of_numbers("o + 2*(k - 1) - k + 1 == o + (k - 1) == n", where=("o = n - k + 1",)),
        ONE, ZERO,
    ),
    "relationship-9": _relationship(
        "d = 1, s = 1, p' = k-p-1:",
        of_numbers("o + 2*b - k + 1 == o + (k - 1) - 2*p == n", where=("o = n + 2*p - k + 1", "b = k - p - 1")),
        ONE, p,
    ),
    "relationship-10": _relationship(
        "d = 1, s = 1, k = 2q+1, p = q, p' = p:",
        of_numbers(
            "k - p - 1 == p and o + 2*p - k + 1 == o == n",
            where=("o = n + 2*p - k + 1",), assuming=("k == 2*q + 1", "p == q"),
        ),
        ONE, p,
    ),
    "relationship-11": _relationship(
        "d = 1, s = 1, p = k-1, p' = 0:",
        of_numbers(
            "k - p - 1 == 0 and o - k + 1 == o - (k - 1) == n",
            where=("o = n + 2*p - k + 1",), assuming=("p == k - 1",),
        ),
        ONE, k - 1,
    ),
    "relationship-12": _relationship(
        "d = 1, p = 0, s divides n-k, p' = k-1:",
        of_numbers(
            "e + 2*(k - 1) - k + 1 == s*(o - 1) + k == n",
            where=("o = (n - k)//s + 1", "e = s*(o - 1) + 1"), assuming=("s >= 1", "divides(s, n - k)"),
        ),
        s, ZERO,
    ),
    "relationship-13": _relationship(
        "d = 1, s divides n+2p-k, p' = k-p-1:",
        of_numbers(
            "e + 2*b - k + 1 == s*(o - 1) + k - 2*p == n",
            where=STRETCHED[:3], assuming=("s >= 1", "divides(s, n + 2*p - k)"),
        ),
        s, p,
    ),
    "relationship-14": _relationship(
        "d = 1, a = (n+2p-k) mod s zeros before the right pad, which change the size only, p' = k-p-1:",
        of_numbers("e + b + (a + b) - k + 1 == s*(o - 1) + a + k - 2*p == n", where=STRETCHED, assuming=("s >= 1",)),
        s, p,
    ),
    "receptive-field": together(
        of_numbers("0 <= d*j <= K - 1", where=("K = d*(k - 1) + 1",), assuming=("d >= 1", "0 <= j < k")),
        of_numbers(
            "0 <= y + s1*x <= r - 1 and (K1 - 1) + s1*(K2 - 1) == r - 1",
            where=("r = K1 + s1*(K2 - 1)",),
            assuming=("s1 >= 1", "0 <= y <= K1 - 1", "0 <= x <= K2 - 1"),
        ),
        of_numbers(
            "0 <= f + S*x <= r + (K - 1)*S - 1 and (r - 1) + S*(K - 1) == r + (K - 1)*S - 1",
            assuming=("S >= 1", "0 <= x <= K - 1", "0 <= f <= r - 1"),
        ),
        of_numbers("0 <= j < k and 0 <= y - S*j < r", where=COVER, assuming=(*COVERED, "S <= r")),
        of_numbers("0 <= j < k and 0 <= y - S*j < r", where=COVER, assuming=(*COVERED, "k == 1")),
        of_numbers(
            "0 <= r < r + (k - 1)*S and implies(j == 0, S*j + f < r) and implies(j >= 1, S*j + f > r)",
            assuming=("k >= 2", "r >= 1", "S > r", "0 <= j < k", "0 <= f < r"),
        ),
    ),
}  # fmt: skip
