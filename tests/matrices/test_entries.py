"""The taps one by one: summed up they are the matrix of the textbook's loop."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given

from symtconv.geometry import Layer
from symtconv.matrices.entries import tap_entries, tap_places, taps_at, taps_of_column, taps_of_row
from symtconv.matrices.vec import matrix_shape
from symtconv.taps import count_nonzeros
from tests import definitions
from tests.cases import every_layer
from tests.strategies import layers, seeds


def summed(layer: Layer, kernel: definitions.Array) -> definitions.Array:
    total = definitions.zeros(matrix_shape(layer))
    for row, column, entry in tap_entries(layer, kernel):
        total[row, column] += entry
    return total


@every_layer
def test_tap_entries_sum_to_the_matrix(layer: Layer) -> None:
    _, w = definitions.numbers(layer)
    assert (summed(layer, w) == definitions.matrix(layer, w)).all()


@given(layers(3), seeds)
def test_tap_entries_sum_to_the_matrix_of_any_layer(layer: Layer, seed: int) -> None:
    _, w = definitions.numbers(layer, seed)
    assert (summed(layer, w) == definitions.matrix(layer, w)).all()


@every_layer
def test_tap_places_are_in_range_and_a_transpose_exchanges_them(layer: Layer) -> None:
    places = list(tap_places(layer))
    rows, columns = matrix_shape(layer)
    for row, column, weight in places:
        assert 0 <= row < rows
        assert 0 <= column < columns
        assert 0 <= weight < np.prod(layer.kernel_shape)
    assert [(column, row, weight) for row, column, weight in places] == list(tap_places(layer.T))


def check_rows_and_columns(layer: Layer) -> None:
    """Rows, columns and single entries, taken alone, are those of the whole list of taps."""
    conv = layer.convolution
    rows, columns = matrix_shape(conv)
    places = sorted(tap_places(conv))
    for row in range(rows):
        found = sorted((row, column, weight) for weight, column in taps_of_row(conv, row))
        assert found == [place for place in places if place[0] == row]
    for column in range(columns):
        found = sorted((row, column, weight) for weight, row in taps_of_column(conv, column))
        assert found == sorted(place for place in places if place[1] == column)
    together: dict[tuple[int, int], list[int]] = {}
    for row, column, weight in places:
        together.setdefault((row, column), []).append(weight)
    for row, column in itertools.islice(itertools.product(range(rows), range(columns)), 400):
        assert sorted(taps_at(conv, row, column)) == together.get((row, column), [])


@every_layer
def test_a_row_a_column_and_an_entry_can_be_asked_for_alone(layer: Layer) -> None:
    check_rows_and_columns(layer)


@given(layers().filter(lambda layer: count_nonzeros(layer) < 200))
def test_a_row_a_column_and_an_entry_of_any_layer_can_be_asked_for_alone(layer: Layer) -> None:
    check_rows_and_columns(layer)
