"""The matrices of zeros and ones that act on one axis of pixels, written from words and never read off C.

Along every axis at once, and for each channel alike, they act as I (x) F_0 (x) F_1 (x) ...
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.catalogue.vocabulary import identity, matrix, picking
from symtconv.layers import NUMPY_MODES
from symtconv.proofs.terms import Compound, Defined, Term, product


def on_pixels(channels: int, factors: Sequence[Term]) -> Term:
    """Lift a matrix an axis to all pixels of all channels, row-major: I (x) F_0 (x) F_1 (x) ..."""
    terms = factors if channels == 1 else (identity(channels), *factors)
    return reduce(lambda left, right: Compound("(x)", left, right), terms)


def padding(size: int, lo: int, hi: int, mode: PaddingMode = "zeros") -> Term:
    """Pad an axis of that size; a negative pad crops. Where one end crops and the other extends, extend first."""
    if mode != "zeros":
        places = np.pad(np.arange(size), (lo, hi), mode=NUMPY_MODES[mode])  # type: ignore[call-overload]
        return picking("P", f"pads {lo} and {hi} pixels, {mode}", places.tolist(), size)
    before, after = max(lo, 0), max(hi, 0)
    wide = before + size + after
    entries = {(before + place, place): 1 for place in range(size)}
    extension = Defined("E", f"puts {before} zeros before and {after} after", matrix(wide, size, entries))
    if lo >= 0 and hi >= 0:
        return extension
    kept = range(max(-lo, 0), wide - max(-hi, 0))
    crop = picking("R", f"crops {max(-lo, 0)} pixels before and {max(-hi, 0)} after", kept, wide)
    return crop if before == after == 0 else product(crop, extension)


def decimation(stride: int, size: int, wide: int) -> Defined:
    """Keep every s-th of `wide` pixels, `size` in all: D_s."""
    return picking("D", f"keeps every {stride}. pixel", range(0, stride * (size - 1) + 1, stride), wide)


def zero_insertion(stride: int, size: int, wide: int) -> Defined:
    """Put s-1 zeros between `size` pixels, and behind them what is left over of `wide`: U_s."""
    filled = (place for place in range(wide) if place % stride == 0 and place // stride < size)
    entries = {(place, place // stride): 1 for place in filled}
    return Defined("U", f"puts {stride - 1} zeros between the pixels", matrix(wide, size, entries))
