"""The strides of an axis that a matrix allows, read off its shifts.

A matrix is a convolution's when C[i, m] depends on u = m - s*i alone, channels apart. All places with the same u are
joined by steps along one axis at a time, i + 1 and m + s, so every axis can be asked for its strides by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from symtconv.arrays import Array
from symtconv.identification.given import Given
from symtconv.taps import Index

PROBES = 64


@dataclass(frozen=True)
class AxisPlaces:
    """Where one axis stands in the rows and columns of a matrix: its sizes, and the pixels within one step of it."""

    small: int
    small_step: int
    large: int
    large_step: int

    def positions(self, given: Given, places: Index) -> tuple[Index, Index]:
        """Give the output i and the input m of places, along this axis."""
        return (
            places // given.columns // self.small_step % self.small,
            places % given.columns // self.large_step % self.large,
        )

    @property
    def shares(self) -> bool:
        """Whether the axis has several outputs and several inputs, so that two entries can be one weight."""
        return self.small > 1 and self.large > 1


def axis_places(small_shape: tuple[int, ...], large_shape: tuple[int, ...]) -> tuple[AxisPlaces, ...]:
    """Give every axis its place in row-major rows and columns."""
    return tuple(
        AxisPlaces(small, prod(small_shape[axis + 1 :]), large, prod(large_shape[axis + 1 :]))
        for axis, (small, large) in enumerate(zip(small_shape, large_shape, strict=True))
    )


def strides_in_reach(axis: AxisPlaces) -> Index:
    """List the strides that are looked for: 1 where no two entries of the axis share a weight, else those below n.

    With a stride of n or more no two outputs share a weight, and every matrix fits.
    """
    return np.arange(1, axis.large if axis.shares else 2, dtype=np.int64)


def allowed_strides(given: Given, axis: AxisPlaces) -> list[int]:
    """List the strides s for which C[i + 1, m + s] = C[i, m] wherever both are entries, zeros included.

    Where 1 is one of them it is given alone: no larger stride needs fewer taps then (a test tries small axes out).

    >>> from symtconv.identification.given import read_matrix
    >>> allowed_strides(read_matrix([[1, 2, 0, 0], [0, 0, 1, 2]]), AxisPlaces(2, 1, 4, 1))
    [2]
    """
    strides = strides_in_reach(axis)
    if not axis.shares or not len(given.places):
        return [1]
    _, broken = probe(given, axis, strides)
    allowed = []
    for stride in strides[broken == 0].tolist():
        if _allows(given, axis, stride):
            allowed.append(stride)
            if stride == 1:
                break
    return allowed


def probe(given: Given, axis: AxisPlaces, strides: Index) -> tuple[Index, Index]:
    """Count, for each stride, the steps from some nonzero entries that meet their like, and those that do not."""
    count = len(given.places)
    some = np.unique(np.linspace(0, count - 1, min(count, PROBES)).astype(np.int64))
    places, names = given.places[some, None], given.names[some, None]
    i, m = axis.positions(given, places)
    kept = np.zeros(len(strides), dtype=np.int64)
    broken = np.zeros(len(strides), dtype=np.int64)
    for way in (1, -1):
        inside = _inside(axis, i + way, m + way * strides)
        same = given.names_at(places + way * _step(given, axis, strides)) == names
        kept += np.count_nonzero(inside & same, axis=0)
        broken += np.count_nonzero(inside & ~same, axis=0)
    return kept, broken


def _allows(given: Given, axis: AxisPlaces, stride: int) -> bool:
    """Look at every nonzero entry: forwards it meets its like, and backwards none is left that nothing leads to."""
    i, m = axis.positions(given, given.places)
    forwards = np.flatnonzero(_inside(axis, i + 1, m + stride))
    backwards = int(np.count_nonzero(_inside(axis, i - 1, m - stride)))
    if len(forwards) != backwards:
        return False
    there = given.names_at(given.places[forwards] + _step(given, axis, np.int64(stride)))
    return bool((there == given.names[forwards]).all())


def _inside(axis: AxisPlaces, i: Index, m: Index) -> Array:
    inside: Array = (i >= 0) & (i < axis.small) & (m >= 0) & (m < axis.large)
    return inside


def _step(given: Given, axis: AxisPlaces, strides: Index | np.int64) -> Index:
    """Give how far apart in the matrix two places are that are one output and one stride apart."""
    return np.asarray(axis.small_step * given.columns + strides * axis.large_step)
