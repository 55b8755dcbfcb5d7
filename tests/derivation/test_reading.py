"""Single questions about the taps have the answers that the whole list of taps gives."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np

from symtconv import Conv
from symtconv.derivation.reading import outputs_between, outputs_with, pixel_read
from symtconv.geometry import Layer
from symtconv.matrices.entries import tap_places
from tests.cases import every_layer


@every_layer
def test_they_agree_with_the_list_of_taps(layer: Layer) -> None:
    conv = layer.convolution
    taps = set(tap_places(conv))
    small, large = (conv.small_channels, *conv.small_shape), (conv.large_channels, *conv.large_shape)
    weights = range(prod(conv.kernel_shape))
    for row, weight in product(range(prod(small)), weights):
        expected = [m for i, m, j in taps if (i, j) == (row, weight)] if prod(small) * len(weights) < 500 else None
        read = pixel_read(conv, row, weight)
        assert read is None or (row, read, weight) in taps
        assert expected is None or expected == ([] if read is None else [read])
    for weight in weights:
        channel = int(np.unravel_index(weight, conv.kernel_shape)[0])
        found = {int(np.ravel_multi_index((channel, *i), small)) for i in product(*outputs_with(conv, weight))}
        assert found == {i for i, _, j in taps if j == weight}
        for pixel in range(prod(large)):
            assert outputs_between(conv, weight, pixel) == sorted(i for i in found if (i, pixel, weight) in taps)


def test_a_long_axis_costs_nothing() -> None:
    conv = Conv(10**9, 3, stride=2, padding=1)
    assert outputs_with(conv, 0) == (range(1, conv.output_shape[0]),)
    assert outputs_between(conv, 2, 10**9 - 1) == [(10**9 - 2) // 2]
    assert pixel_read(conv, 5 * 10**7, 1) == 10**8
