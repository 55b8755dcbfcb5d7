"""How many taps of an axis fall on each phase of its stride."""

from __future__ import annotations

from math import gcd

from symtconv.geometry import Axis


def phase_counts(axis: Axis, most: int | None = None) -> list[int]:
    """Count the taps j with d j = r mod s, for r = 0..s-1 or for the first of these.

    >>> from symtconv import ConvTranspose
    >>> phase_counts(ConvTranspose(2, 3, stride=2).axes[0])
    [2, 1]
    """
    return [_taps_of(axis, r) for r in range(min(axis.stride, axis.stride if most is None else most))]


def _taps_of(axis: Axis, phase: int) -> int:
    """Count the taps of one phase: every (s/g)-th tap from the first, g = gcd(s, d); none where g does not divide r."""
    g = gcd(axis.stride, axis.dilation)
    if phase % g:
        return 0
    period = axis.stride // g
    first = phase // g * pow(axis.dilation // g, -1, period) % period
    return max(-((first - axis.kernel_size) // period), 0)


def is_even(axis: Axis) -> bool:
    """Tell whether every phase has as many taps: s divides k, and s and d have no common divisor."""
    return axis.kernel_size % axis.stride == 0 and gcd(axis.stride, axis.dilation) == 1
