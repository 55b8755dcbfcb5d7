"""How many taps of an axis fall on each phase of its stride, and which pixels get all of theirs."""

from __future__ import annotations

from math import gcd

from symtconv.derivation.notation import Story
from symtconv.geometry import Axis, Conv


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


def framed(axis: Axis) -> range:
    """Give the pixels between the last that misses a tap at the start and the first that misses one at the end.

    Pixel m misses tap j of its phase if i = (m + lo - d j)/s is none of 0..o-1. The largest m with i < 0 is
    K - 1 - s - lo and the smallest with i >= o is s o - lo, so the pixels K - s - lo <= m < s o - lo miss none.

    >>> from symtconv import ConvTranspose
    >>> framed(ConvTranspose(2, 3, stride=2, padding="same").axes[0])
    range(1, 4)
    """
    first = max(axis.effective_kernel - axis.stride - axis.lo, 0)
    return range(first, max(min(axis.stride * axis.small - axis.lo, axis.large), first))


def shows_every_phase(conv: Conv) -> bool:
    """Tell whether the pixels that miss no tap are as many as the stride on every axis."""
    return all(len(framed(axis)) >= axis.stride for axis in conv.axes)


def places_words(story: Story, ranges: tuple[range, ...]) -> str:
    """Name a block of pixels, as they are counted in the document: "rows 1 to 3 and columns 0 to 2"."""
    names = {1: ("pixel",), 2: ("row", "column")}.get(len(ranges))
    base = story.notation.base
    parts = []
    for place, pixels in enumerate(ranges):
        first, last = pixels[0] + base, pixels[-1] + base
        if names is None:
            parts.append(f"{first} to {last} on axis {place}")
        else:
            parts.append(f"{names[place]} {first}" if first == last else f"{names[place]}s {first} to {last}")
    listed = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return listed if names else f"pixels {listed}"
