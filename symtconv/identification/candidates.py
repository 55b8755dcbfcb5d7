"""The layers that a matrix can be of: every output shape, channel count and stride, each with its smallest kernel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb, gcd, prod
from typing import Any

import numpy as np
from sympy import factorint

from symtconv.errors import TooLarge
from symtconv.geometry import Conv, Layer
from symtconv.identification.given import Given
from symtconv.identification.shifts import AxisPlaces, allowed_strides, axis_places
from symtconv.matrices.sparse import sparse_matrix
from symtconv.sizes import effective_kernel, transposed_size
from symtconv.taps import Index

MAX_STRIDES = 4096
MOST_FACTORISATIONS = 20_000
MOST_WEIGHTS = 2**24


@dataclass(frozen=True)
class Configuration:
    """The sizes of a convolution whose matrix `given` may be; `transposed` says that the user's is its transpose."""

    given: Given
    small_channels: int
    small_shape: tuple[int, ...]
    large_channels: int
    large_shape: tuple[int, ...]
    transposed: bool

    @property
    def axes(self) -> tuple[AxisPlaces, ...]:
        """The places of the axes in the matrix."""
        return axis_places(self.small_shape, self.large_shape)

    @property
    def shares(self) -> bool:
        """Whether some axis has several outputs and inputs; otherwise every matrix fits."""
        return any(axis.shares for axis in self.axes)


@dataclass(frozen=True)
class AxisFit:
    """The smallest taps along one axis that reach every nonzero entry."""

    kernel_size: int
    stride: int
    dilation: int
    lo: int
    hi: int


@dataclass(frozen=True)
class Candidate:
    """A layer and its kernel, each weight by the name of its value (0 for zero)."""

    layer: Layer
    names: Index


def configurations(given: Given, input_shape: tuple[int, ...]) -> Iterator[Configuration]:
    """Give every way to read the rows as (channels, *pixels), for a Conv and then for a ConvTranspose.

    Raises:
        TooLarge: where there are too many.
    """
    ways = count_factorisations(given.rows, len(input_shape) + 1)
    if ways > MOST_FACTORISATIONS:
        raise TooLarge.of(
            f"identify with {given.rows} rows and input_shape {input_shape}",
            ways,
            MOST_FACTORISATIONS,
            what="ways to read the rows as (channels, *pixels)",
            remedy="Leave out axes of one pixel.",
        )
    channels = given.columns // prod(input_shape)
    flipped = given.T
    for count, *shape in factorisations(given.rows, len(input_shape) + 1):
        output_shape = tuple(shape)
        yield Configuration(given, count, output_shape, channels, input_shape, False)
        yield Configuration(flipped, channels, input_shape, count, output_shape, True)


def factorisations(number: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Give all tuples of so many factors whose product is the number.

    >>> list(factorisations(4, 2))
    [(1, 4), (2, 2), (4, 1)]
    """
    if parts == 1:
        yield (number,)
        return
    for first in range(1, number + 1):
        if number % first == 0:
            for rest in factorisations(number // first, parts - 1):
                yield (first, *rest)


def count_factorisations(number: int, parts: int) -> int:
    """Count the factorisations: each prime's exponent is shared out among the parts.

    >>> count_factorisations(4, 2)
    3
    """
    return prod(comb(power + parts - 1, power) for power in factorint(number).values())


def simplest(configuration: Configuration, strides: dict[AxisPlaces, list[int]]) -> tuple[AxisFit, ...] | None:
    """Give the simplest taps of a layer of these sizes whose matrix is the given one, or None.

    `strides` keeps the strides of axes that have been asked already.
    """
    given = configuration.given
    if not configuration.shares and not pointless_to_share(configuration):
        return None
    per_axis = []
    i_and_m = []
    for axis in configuration.axes:
        if axis not in strides:
            strides[axis] = allowed_strides(given, axis)
        if not strides[axis]:
            return None
        i_and_m.append(axis.positions(given, given.places))
        per_axis.append([fitted(axis, *i_and_m[-1], stride) for stride in strides[axis]])
    kept = max(int(MAX_STRIDES ** (1 / len(per_axis))), 1)
    choices = [sorted(fits, key=lambda fit: _order((fit,)))[:kept] for fits in per_axis]
    for fits in sorted(product(*choices), key=_order):
        if in_scope(configuration, fits):
            return fits
    return None


def pointless_to_share(configuration: Configuration) -> bool:
    """Tell whether no weight can be shared anyhow, for want of a second output or of a second input pixel."""
    rows = configuration.small_channels * prod(configuration.small_shape)
    columns = configuration.large_channels * prod(configuration.large_shape)
    outputs, pixels = (
        (columns, configuration.small_shape) if configuration.transposed else (rows, configuration.large_shape)
    )
    return outputs == 1 or prod(pixels) == 1


def in_scope(configuration: Configuration, fits: tuple[AxisFit, ...]) -> bool:
    """Tell whether the matrix shows the strides above 1.

    It does where each dilated kernel of such a stride is no longer than its axis, or where the weights are met twice
    on average; and always some nonzero weight is met twice, unless there is only one.
    """
    given = configuration.given
    strided = [(axis, fit) for axis, fit in zip(configuration.axes, fits, strict=True) if fit.stride > 1]
    if not strided:
        return True
    spots = weight_spots(configuration, given.places, [fit.stride for fit in fits])
    seen = len(np.unique(spots))
    if seen == len(given.places) > 1:
        return False
    short = all(effective_kernel(fit.kernel_size, fit.dilation) <= axis.large for axis, fit in strided)
    return short or 2 * weight_count(configuration, fits, given.places) <= len(given.places)


def weight_count(configuration: Configuration, fits: tuple[AxisFit, ...], places: Index) -> int:
    """Count the weights of the layer that fills these places: channels of both sides, over the groups, times taps."""
    channels = configuration.small_channels * configuration.large_channels
    return channels // _groups(configuration, places) * prod(fit.kernel_size for fit in fits)


def too_many_weights(asked: str, weights: int) -> TooLarge:
    """Give the error of kernels that would not fit."""
    remedy = "Pass the matrix of a smaller layer of the same kind."
    return TooLarge.of(asked, weights, MOST_WEIGHTS, what="weights", remedy=remedy)


def fitted(axis: AxisPlaces, i: Index, m: Index, stride: int) -> AxisFit:
    """Fit an axis to nonzero entries: the shifts u = m - s*i are d*j - lo, with d their greatest common distance.

    The pads are equal where the size allows it, else hi is the nearest to 0. Without entries one tap will do.
    """
    if len(i):
        shifts = np.unique(m - stride * i)
        lo = -int(shifts[0])
        dilation = gcd(*(int(gap) for gap in np.diff(shifts))) or 1
        taps = int(shifts[-1] - shifts[0]) // dilation + 1
    else:
        spare = transposed_size(axis.small, 1, stride, 1, 0, 0) - axis.large
        lo, dilation, taps = (spare // 2 if spare % 2 == 0 else 0), 1, 1
    least = transposed_size(axis.small, taps, stride, dilation, lo, 0) - axis.large
    within = range(least, least + stride)
    hi = lo if lo in within else min(max(0, least), within[-1])
    return AxisFit(taps, stride, dilation, lo, hi)


def weight_spots(configuration: Configuration, places: Index, strides: list[int]) -> Index:
    """Give, for places of the matrix, a number for the weight that stands there: channels and shifts, mixed radix."""
    given = configuration.given
    rows, columns = places // given.columns, places % given.columns
    spots = rows // prod(configuration.small_shape) * configuration.large_channels
    spots = spots + columns // prod(configuration.large_shape)
    for axis, stride in zip(configuration.axes, strides, strict=True):
        i, m = axis.positions(given, places)
        span = stride * (axis.small - 1) + axis.large
        spots = spots * span + (m - stride * i + stride * (axis.small - 1))
    return spots


def made(configuration: Configuration, fits: tuple[AxisFit, ...], places: Index, names: Index) -> Candidate:
    """Make the layer, with as many groups as the places leave apart, and write each name to its weight."""
    given = configuration.given
    small, large = _channels(configuration, places)
    groups = _groups(configuration, places)
    conv = Conv(
        configuration.large_shape,
        [fit.kernel_size for fit in fits],
        stride=[fit.stride for fit in fits],
        padding=[(fit.lo, fit.hi) for fit in fits],
        dilation=[fit.dilation for fit in fits],
        in_channels=configuration.large_channels,
        out_channels=configuration.small_channels,
        groups=groups,
    )
    kernel = np.zeros(conv.kernel_shape, dtype=np.int64)
    taps = []
    for axis, fit in zip(configuration.axes, fits, strict=True):
        i, m = axis.positions(given, places)
        taps.append((m - fit.stride * i + fit.lo) // fit.dilation)
    kernel[(small, large % conv.kernel_shape[1], *taps)] = names
    return Candidate(conv.T if configuration.transposed else conv, kernel)


def _channels(configuration: Configuration, places: Index) -> tuple[Index, Index]:
    columns = configuration.given.columns
    return places // columns // prod(configuration.small_shape), places % columns // prod(configuration.large_shape)


def _groups(configuration: Configuration, places: Index) -> int:
    """Give the most groups whose blocks hold every place."""
    small, large = _channels(configuration, places)
    both = gcd(configuration.small_channels, configuration.large_channels)
    for groups in range(both, 1, -1):
        if both % groups == 0:
            width, depth = configuration.small_channels // groups, configuration.large_channels // groups
            if (small // width == large // depth).all():
                return groups
    return 1


def differences(given: Given, candidate: Candidate) -> tuple[Index, Index]:
    """Give the places, ascending, where the candidate's matrix is not the given one, and the names that it has there.

    Every entry is compared, zeros included: the matrix is built by sparse_matrix, from the layer's tap map.
    """
    matrix: Any = sparse_matrix(candidate.layer, candidate.names).tocoo()
    there = matrix.row.astype(np.int64) * given.columns + matrix.col
    order = np.argsort(there)
    there, theirs = there[order], matrix.data[order]
    missing = np.setdiff1d(given.places, there)
    changed = theirs != given.names_at(there)
    places = np.concatenate([there[changed], missing])
    needed = np.concatenate([theirs[changed], np.zeros(len(missing), dtype=np.int64)])
    order = np.argsort(places)
    return places[order], needed[order]


def simplicity(layer: Layer) -> tuple[Any, ...]:
    """Give the order of layers, the simplest first.

    Fewest weights; fewest channels, in times out; smallest strides, dilations (their sums); outputs as the formula
    gives them; fewest axes with unequal pads; smallest pads (the sum of |lo| + |hi|); Conv before ConvTranspose;
    then the sizes, to settle ties.
    """
    return (
        prod(layer.kernel_shape),
        layer.in_channels * layer.out_channels,
        sum(layer.stride),
        sum(layer.dilation),
        sum(axis.output_padding >= axis.stride for axis in layer.axes),
        sum(lo != hi for lo, hi in layer.padding),
        sum(abs(lo) + abs(hi) for lo, hi in layer.padding),
        layer.transposed,
        layer.kernel_size,
        layer.output_shape,
        layer.stride,
        layer.padding,
    )


def _order(fits: tuple[AxisFit, ...]) -> tuple[int, ...]:
    """Give the part of `simplicity` that layers of the same sizes differ in."""
    return (
        prod(fit.kernel_size for fit in fits),
        sum(fit.stride for fit in fits),
        sum(fit.dilation for fit in fits),
        sum(fit.lo != fit.hi for fit in fits),
        sum(abs(fit.lo) + abs(fit.hi) for fit in fits),
    )


def fits_of(configuration: Configuration, places: Index, strides: tuple[int, ...]) -> tuple[AxisFit, ...]:
    """Fit every axis to some places of the matrix, at given strides."""
    return tuple(
        fitted(axis, *axis.positions(configuration.given, places), stride)
        for axis, stride in zip(configuration.axes, strides, strict=True)
    )
