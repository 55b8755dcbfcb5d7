"""The family of sizes for all sizes: each statement as a claim about whole numbers, strides and dilations symbolic."""

from __future__ import annotations

from collections.abc import Sequence

from symtconv.proofs.universal import Universal, of_numbers, together

LAYER = ("n >= 1", "k >= 1", "s >= 1", "d >= 1", "lo >= 0", "hi >= 0", "n + lo + hi >= K")
SPAN, OUTPUTS = "K = d*(k - 1) + 1", "o = (n + lo + hi - K)//s + 1"
EQUAL = ("n >= 1", "k >= 1", "s >= 1", "p >= 0", "n + 2*p >= k")
ONE_LAYER = "o = (n + 2*p - k)//s + 1"
SAME = ("n >= 1", "K >= 1", "s >= 1")
SAME_PADS = ("o = ceil(n/s)", "P = max((o - 1)*s + K - n, 0)")


def _equal(claim: str, *assuming: str, where: Sequence[str] = ()) -> Universal:
    return of_numbers(claim, where=(ONE_LAYER, *where), assuming=(*EQUAL, *assuming))


SIZES_FOR_ALL: dict[str, Universal] = {
    "size": of_numbers("iff(i >= 0 and s*i + K <= n + lo + hi, 0 <= i < o)", where=(SPAN, OUTPUTS), assuming=LAYER),
    "relationship-1": _equal("o == (n - k) + 1", "s == 1", "p == 0"),
    "relationship-2": _equal("o == (n - k) + 2*p + 1", "s == 1"),
    "relationship-3": _equal("o == n", "s == 1", "k == 2*q + 1", "p == k//2"),
    "relationship-4": _equal("o == n + (k - 1)", "s == 1", "p == k - 1"),
    "relationship-5": _equal("o == (n - k)//s + 1", "p == 0"),
    "relationship-6": of_numbers("iff(i >= 0 and s*i + k <= n + 2*p, 0 <= i < (n + 2*p - k)//s + 1)", assuming=EQUAL),
    "relationship-7": of_numbers(
        "iff(i >= 0 and s*i + k <= n, 0 <= i < (n - k)//s + 1)", assuming=("n >= k", "k >= 1", "s >= 1")
    ),
    "relationship-15": of_numbers(
        "iff(i >= 0 and s*i + K <= n + 2*p, 0 <= i < (n + 2*p - k - (k - 1)*(d - 1))//s + 1)",
        where=(SPAN,),
        assuming=("n >= 1", "k >= 1", "s >= 1", "d >= 1", "p >= 0", "n + 2*p >= K"),
    ),
    "size-round-trip": of_numbers(
        "n == s*(o - 1) + K - lo - hi + a",
        where=(SPAN, OUTPUTS, "a = (n + lo + hi - K) % s"),
        assuming=LAYER,
    ),
    "preimages": of_numbers(
        "iff((n + lo + hi - K)//s + 1 == o, s*(o - 1) + K - lo - hi <= n <= s*(o - 1) + K - lo - hi + s - 1)",
        where=(SPAN,),
        assuming=("k >= 1", "s >= 1", "d >= 1", "o >= 1"),
    ),
    "output-padding": together(
        of_numbers(
            "(m + lo + hi - K)//s + 1 == o + op//s",
            where=(SPAN, "m = s*(o - 1) + K - lo - hi + op"),
            assuming=("k >= 1", "s >= 1", "d >= 1", "o >= 1", "m >= 1", "m + lo + hi >= K"),
        ),
        of_numbers("iff(o + op//s == o, 0 <= op < s)", assuming=("s >= 1",)),
    ),
    "tf-valid": of_numbers("(n - K)//s + 1 == ceil((n - K + 1)/s)", assuming=(*SAME, "n >= K")),
    "tf-same": of_numbers("(n + P - K)//s + 1 == o", where=SAME_PADS, assuming=SAME),
    "tf-same-two-forms": together(
        of_numbers("P == max(K - s, 0)", where=SAME_PADS, assuming=(*SAME, "divides(s, n)")),
        of_numbers("P == max(K - n % s, 0)", where=SAME_PADS, assuming=(*SAME, "n % s >= 1")),
    ),
    "tf-transpose-valid": of_numbers(
        "iff(ceil((m - K + 1)/s) == i, s*(i - 1) + K <= m <= s*i + K - 1)", assuming=("K >= 1", "s >= 1", "m >= K")
    ),
    "tf-transpose-same": of_numbers("iff(ceil(m/s) == i, s*(i - 1) < m <= s*i)", assuming=("s >= 1",)),
    "keras-valid": of_numbers(
        "m >= K and s*(i - 1) + K <= m <= s*i + K - 1",
        where=("m = (i - 1)*s + max(K, s)",),
        assuming=("K >= 1", "s >= 1", "i >= 1"),
    ),
    "composition-size": of_numbers(
        "(n1 + lo2 + hi2 - K2)//s2 + 1 == (n + lo1 + s1*lo2 + hi1 + s1*hi2 - (K1 + s1*(K2 - 1)))//(s1*s2) + 1",
        where=("n1 = (n + lo1 + hi1 - K1)//s1 + 1",),
        assuming=("s1 >= 1", "s2 >= 1"),
    ),
}
