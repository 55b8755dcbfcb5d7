"""The bands of C: one step down and s steps to the right stands the same entry."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.axisfactors import on_pixels
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import identity, picking, times
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.proofs.terms import Defined, Equation, Place, Term, Transposed
from symtconv.proofs.theorem import Theorem


def _toeplitz(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C[i+1, m+s] = C[i, m] along each axis: rows 1..o-1 and columns s..n-1 hold what 0..o-2 and 0..n-s-1 hold."""
    wraps = layer.padding_mode == "circular"
    if not wraps and layer.padding_mode != "zeros" and any(axis.lo or axis.hi for axis in layer.axes):
        raise NotApplicable.because("toeplitz", "the padding is of zeros or circular", repr(layer.padding_mode))
    subject = Subject(layer, kernel)
    return tuple(_band(subject, number, wraps) for number in range(layer.ndim))


def _band(subject: Subject, number: int, wraps: bool) -> Equation:
    conv = subject.conv
    axis = conv.axes[number]
    rows = range(axis.small - 1)
    columns = range(axis.large if wraps else max(axis.large - axis.stride, 0))
    lower = _picked(conv, number, False, "D", "picks the outputs i + 1", [i + 1 for i in rows])
    right = _picked(conv, number, True, "R", "picks the inputs m + s", [_shifted(axis, m) for m in columns])
    upper = _picked(conv, number, False, "U", "picks the outputs i", list(rows))
    left = _picked(conv, number, True, "L", "picks the inputs m", list(columns))
    where = f" on axis {number}" if conv.ndim > 1 else ""
    modulo = ", m + s modulo n" if wraps else ""
    (i, small), (m, large) = subject.indices
    return Equation(
        times(lower, subject.C_term, Transposed(right)),
        times(upper, subject.C_term, Transposed(left)),
        f"C[i+1, m+s] = C[i, m]{modulo}{where}",
        (
            (i, _with_size(small, number - conv.ndim, len(rows))),
            (m, _with_size(large, number - conv.ndim, len(columns))),
        ),
    )


def _shifted(axis: Axis, m: int) -> int:
    return (m + axis.stride) % axis.large


def _picked(conv: Conv, number: int, large: bool, symbol: str, meaning: str, places: list[int]) -> Term:
    """Pick places along one axis, in every channel and all along the other axes."""
    shape = conv.large_shape if large else conv.small_shape
    factors: list[Defined] = [identity(size) for size in shape]
    factors[number] = picking(symbol, meaning, places, shape[number])
    return on_pixels(conv.large_channels if large else conv.small_channels, factors)


def _with_size(shape: Place, number: int, size: int) -> Place:
    changed = list(shape)
    changed[number] = size
    return tuple(changed)


BANDS = (
    Theorem(
        name="toeplitz",
        title="C is a Toeplitz matrix with steps of s",
        statement="C[i+1, m+s] = C[i, m] along each axis, for i + 1 < o and m + s < n; with circular padding m + s is "
        "read modulo n",
        hypotheses=("the padding is of zeros or circular",),
        family="structure",
        source="tau(i+1, j) = tau(i, j) + s; Gray, Toeplitz and Circulant Matrices: A Review",
        equations=_toeplitz,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
    ),
)
