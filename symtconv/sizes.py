"""The size formulas. Each stands here once; annotated for ints, they serve SymPy's integer symbols as well.

Per axis: n pixels on the large side, o on the small one, k taps, stride s, dilation d, pads lo and hi.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

PaddingName = Literal["valid", "same", "same_lower", "full"]
PADDING_NAMES: tuple[PaddingName, ...] = get_args(PaddingName)


def effective_kernel(k: int, d: int) -> int:
    """Give the pixels that a dilated kernel spans, K = d(k-1) + 1.

    >>> effective_kernel(3, 2)
    5
    """
    return d * (k - 1) + 1


def convolved_size(n: int, k: int, s: int, d: int, lo: int, hi: int) -> int:
    """Give the output size of a convolution, o = floor((n + lo + hi - K) / s) + 1 (Dumoulin & Visin, relationship 15).

    >>> convolved_size(5, 3, 2, 1, 1, 1)
    3
    >>> from sympy import symbols
    >>> convolved_size(*symbols("n k s d lo hi", integer=True))
    floor((-d*(k - 1) + hi + lo + n - 1)/s) + 1
    """
    return (n + lo + hi - effective_kernel(k, d)) // s + 1


def transposed_size(o: int, k: int, s: int, d: int, lo: int, hi: int, output_padding: int = 0) -> int:
    """Give the output size of a transposed convolution, (o-1)s + K - lo - hi + output_padding.

    It is Dumoulin & Visin's relationship 14 with dilation, and torch.nn.ConvTranspose2d's formula.

    >>> transposed_size(2, 3, 2, 1, 0, 1)
    4
    """
    return (o - 1) * s + effective_kernel(k, d) - lo - hi + output_padding


def same_padding(n: int, k: int, s: int, d: int) -> int:
    """Give TensorFlow's total padding SAME, max((ceil(n/s) - 1)s + K - n, 0) (tf.nn, notes on padding).

    >>> same_padding(4, 3, 2, 1)
    1
    """
    return _maximum((-(-n // s) - 1) * s + effective_kernel(k, d) - n, 0)


def _maximum(a: int, b: int) -> int:
    """Give max(a, b), symbolic where one of the two is a SymPy expression."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    import sympy

    return cast(int, sympy.Max(a, b))


def named_pads(name: PaddingName, n: int, k: int, s: int, d: int) -> tuple[int, int]:
    """Resolve a padding name for a convolution whose input has n pixels."""
    if name == "valid":
        return 0, 0
    if name == "full":
        return (pad := effective_kernel(k, d) - 1), pad
    total = same_padding(n, k, s, d)
    half = total // 2
    return (half, total - half) if name == "same" else (total - half, half)


def sizes_of_named(name: PaddingName, i: int, k: int, s: int, d: int) -> range:
    """Give all sizes n >= 1 whose convolution, padded by name, has i outputs."""
    span = effective_kernel(k, d)
    last = {"valid": s * i + span - 1, "full": s * i + 1 - span, "same": s * i, "same_lower": s * i}[name]
    return range(max(last - s + 1, 1), last + 1)
