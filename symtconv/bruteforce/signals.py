"""Lists as signals: padded, stretched and slid over, as one does it by hand."""

from __future__ import annotations

from symtconv.bruteforce.rows import Number, Row, Vector, dot


def laid(kernel: Vector, d: int) -> Row:
    """Lay a kernel with dilation d: d - 1 zeros between one tap and the next."""
    row: Row = []
    for place, tap in enumerate(kernel):
        row += [0] * (d - 1) if place else []
        row.append(tap)
    return row


def padded(signal: Vector, lo: int, hi: int) -> Row:
    """Pad a signal with zeros; a negative pad crops. Where one end is extended and the other cropped, extend first."""
    row: Row = [0] * max(lo, 0) + list(signal) + [0] * max(hi, 0)
    return row[max(-lo, 0) : max(len(row) + min(hi, 0), 0)]


def slid(signal: Vector, kernel: Vector, s: int = 1, d: int = 1) -> Row:
    """Slide a kernel over a signal in steps of s, as long as it fits, and weigh what lies under its taps."""
    spread = laid(kernel, d)
    row: Row = []
    start = 0
    while start + len(spread) <= len(signal):
        row.append(dot(spread, signal[start : start + len(spread)]))
        start += s
    return row


def zero_inserted(signal: Vector, s: int) -> Row:
    """Stretch a signal: s - 1 zeros between one value and the next."""
    return laid(signal, s)


def multiplied(left: Vector, right: Vector) -> Row:
    """Multiply two polynomials in z, given by their coefficients from z^0 on."""
    result: list[Number] = [0] * (len(left) + len(right) - 1)
    for a, first in enumerate(left):
        for b, second in enumerate(right):
            result[a + b] = result[a + b] + first * second
    return result
