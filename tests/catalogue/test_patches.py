"""Unfold and fold against the loops of a textbook, and what PyTorch's documentation says of them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from hypothesis import given

from symtconv import Conv
from symtconv.catalogue.patches import fold, unfold
from symtconv.geometry import Layer
from tests import definitions, strategies
from tests.cases import every_layer


def by_hand(conv: Conv) -> tuple[Any, Any, Any]:
    """Give integers x, columns and unfold(x), fold(columns) of them by loops over every read."""
    channels, taps, patches = conv.in_channels, prod(conv.kernel_size), prod(conv.output_shape)
    x = definitions.integers((channels, *conv.input_shape), 1)
    columns = definitions.integers((channels, taps, patches), 2)
    unfolded = definitions.zeros((channels, taps, patches))
    folded = definitions.zeros((channels, *conv.input_shape))
    for i, j, m in definitions.reads(conv):
        patch = int(np.ravel_multi_index(i, conv.output_shape))
        tap = int(np.ravel_multi_index(j, conv.kernel_size))
        for c in range(channels):
            unfolded[c, tap, patch] = x[(c, *m)]
            folded[(c, *m)] += columns[c, tap, patch]
    return x, columns, (unfolded.reshape(channels * taps, patches), folded.reshape(channels, -1))


def check_patches(conv: Conv) -> None:
    x, columns, (unfolded, folded) = by_hand(conv)
    flat = columns.reshape(unfolded.shape)
    assert unfold(conv, x).tolist() == unfolded.tolist()
    assert fold(conv, flat).tolist() == folded.tolist()


@every_layer
def test_unfold_and_fold_are_the_loops_on_the_named_layers(layer: Layer) -> None:
    check_patches(layer.convolution)


@given(layer=strategies.layers(most_axes=3))
def test_unfold_and_fold_are_the_loops_on_any_layer(layer: Layer) -> None:
    check_patches(layer.convolution)


def test_unfold_has_the_shape_of_pytorchs_example() -> None:
    conv = Conv((5, 6), (2, 3), in_channels=3)
    assert unfold(conv, np.zeros((3, 5, 6), dtype=int)).shape == (3 * 2 * 3, 4 * 4)


def test_a_column_of_unfold_is_a_patch_channels_first_then_taps_row_by_row() -> None:
    x = np.arange(18).reshape(2, 3, 3)
    assert unfold(Conv((3, 3), 2, in_channels=2), x)[:, 1].tolist() == [1, 2, 4, 5, 10, 11, 13, 14]
