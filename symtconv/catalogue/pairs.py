"""Two convolutions, one after the other: the subject of the theorems about composition."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy

from symtconv.arrays import Array
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import variable
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv

FOLLOWS = "the second convolution reads what the first writes"


def pair(theorem: str, layer: Any) -> tuple[Conv, Conv]:
    """Give the convolutions of two layers, the second reading what the first writes.

    Of one layer, the second is the convolution with two taps an axis (one where there is only one output), stride 1, no
    pads and as many channels.

    Raises:
        NotApplicable: where the second does not read what the first writes.
    """
    if not isinstance(layer, tuple):
        first = layer.convolution
        taps = [min(2, size) for size in first.output_shape]
        channels = first.out_channels
        return first, Conv(first.output_shape, taps, in_channels=channels, out_channels=channels)
    if len(layer) != 2:
        raise NotApplicable.because(theorem, "there are two layers", f"{len(layer)} of them")
    first, second = layer[0].convolution, layer[1].convolution
    written, read = (first.out_channels, *first.output_shape), (second.in_channels, *second.input_shape)
    if written != read:
        raise NotApplicable.because(
            theorem,
            FOLLOWS,
            f"(channels, *pixels) {written} written and {read} read",
        )
    return first, second


def subjects(theorem: str, layer: Any) -> tuple[Subject, Subject]:
    """Give both convolutions as subjects, with weights w of the first and u of the second."""
    first, second = pair(theorem, layer)
    return Subject(first), Subject(second, kernel=_symbols(second))


def _symbols(second: Conv) -> Array:
    symbols = np.empty(second.kernel_shape, dtype=object)
    for place in np.ndindex(*second.kernel_shape):
        symbols[place] = sympy.Symbol(variable("u", place))
    return symbols
