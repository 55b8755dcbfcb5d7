"""The phases of an axis: which taps fall on which outputs of a transposed convolution.

Tap j of stamp i lands at s*i + d*j - lo, so output m is covered by the taps with d*j = m + lo mod s, those of one
phase, and on the interior K-1-lo <= m <= s(o-1)-lo by all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from symtconv.catalogue.vocabulary import equal, identity, matrix, picking, times
from symtconv.errors import NotApplicable, TooLarge
from symtconv.geometry import Axis, Layer
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Term, table

MAX_PHASES = 1_000_000


def require_zeros(theorem: str, layer: Layer) -> None:
    """Refuse padding modes other than zeros.

    Raises:
        NotApplicable: for those.
    """
    if layer.padding_mode != "zeros":
        raise NotApplicable.because(theorem, "the padding is of zeros", f"padding_mode={layer.padding_mode!r}")


def require_room(theorem: str, layer: Layer, entries: int) -> None:
    """Refuse what grows with the stride, or with the span of the kernel, beyond what fits.

    Raises:
        TooLarge: with the number of entries.
    """
    if entries > MAX_PHASES:
        asked = f"{theorem} for {layer!r}"
        remedy = "Ask for a layer with a smaller stride, dilation or kernel."
        raise TooLarge.of(asked, entries, MAX_PHASES, what="entries", remedy=remedy)


def numbered(symbol: str, place: int, layer: Layer) -> str:
    """Give what belongs to an axis a symbol of its own where there are several axes."""
    return f"{symbol}_{place}" if layer.ndim > 1 else symbol


def on_axis(place: int, layer: Layer) -> str:
    """Say on which axis, where there are several."""
    return f" on axis {place}" if layer.ndim > 1 else ""


def kronecker(factors: Sequence[Term]) -> Term:
    """Multiply by Kronecker's product, from the left."""
    return reduce(lambda left, right: Compound("(x)", left, right), factors)


def ones(size: int) -> Defined:
    """The vector of ones."""
    return Defined("1", f"the vector of {size} ones", table((size,), dict.fromkeys(zip(range(size)), _ONE)))


_ONE = Polynomial.constant(1)


def interior(axis: Axis) -> range:
    """The outputs of the transposed axis on which no stamp is missing: K-1-lo <= m <= s(o-1)-lo."""
    first = max(axis.effective_kernel - 1 - axis.lo, 0)
    last = min(axis.stride * (axis.small - 1) - axis.lo, axis.large - 1)
    return range(first, max(last + 1, first))


def has_wide_interior(layer: Layer) -> bool:
    """Tell whether the interior has at least s outputs on every axis, so that every phase is seen."""
    return all(len(interior(axis)) >= axis.stride for axis in layer.axes)


def phases(layer: Layer) -> tuple[Defined, ...]:
    """Make A for each axis: A[r, j] = [d*j = r mod s], the taps of every phase."""
    return tuple(
        Defined(
            numbered("A", place, layer),
            f"the taps of each phase{on_axis(place, layer)}, A[r, j] = [d j = r mod s]",
            matrix(
                axis.stride,
                axis.kernel_size,
                {(axis.dilation * j % axis.stride, j): 1 for j in range(axis.kernel_size)},
            ),
        )
        for place, axis in enumerate(layer.axes)
    )


def phase_of_each(layer: Layer) -> tuple[Defined, ...]:
    """Make Q for each axis: it picks, for each output m, the phase (m + lo) mod s."""
    return tuple(
        picking(
            numbered("Q", place, layer),
            f"what picks the phase (m + lo) mod s of each output m{on_axis(place, layer)}",
            [(m + axis.lo) % axis.stride for m in range(axis.large)],
            axis.stride,
        )
        for place, axis in enumerate(layer.axes)
    )


def inside(layer: Layer) -> Term:
    """Make what picks the interior of every channel of the large side, flat and row-major."""
    picked = [
        picking(
            numbered("N", place, layer), f"what picks the interior{on_axis(place, layer)}", interior(axis), axis.large
        )
        for place, axis in enumerate(layer.axes)
    ]
    return kronecker([*several(layer.large_channels), *picked])


def kept_inside(layer: Layer) -> Term:
    """Make what keeps the interior of every channel of the large side and sets the rest to zero."""
    kept = [
        Defined(
            numbered("K", place, layer),
            f"what keeps the interior{on_axis(place, layer)}",
            matrix(axis.large, axis.large, {(m, m): 1 for m in interior(axis)}),
        )
        for place, axis in enumerate(layer.axes)
    ]
    return kronecker([*several(layer.large_channels), *kept])


def several(size: int) -> tuple[Term, ...]:
    """Give the unit matrix as a Kronecker factor, or nothing where it is 1."""
    return (identity(size),) if size > 1 else ()


def constant_along(term: Term, outer: int, size: int, inner: int = 1) -> Term:
    """Say of a vector over outer x size x inner, row-major, that it is constant along the size: [x = F x].

    F repeats the first entry.
    """
    first = {(place, 0): 1 for place in range(size)}
    repeat = Defined("F", "what repeats the first entry in every place", matrix(size, size, first))
    return equal(term, times(kronecker([*several(outer), repeat, *several(inner)]), term))
