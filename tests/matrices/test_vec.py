"""vec, row-major and column-stacking, against numpy's own reshape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, GeometryError, operator, sparse_matrix, symbolic_matrix
from symtconv.geometry import Layer
from symtconv.matrices.vec import check_order, matrix_shape, places
from tests.cases import every_layer


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("shape", [(5,), (2, 3), (3, 2, 4), (1, 1)], ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_places_are_numpys_reshape(channels: int, shape: tuple[int, ...], order: Any) -> None:
    pixels = np.arange(channels * int(np.prod(shape))).reshape((channels, *shape))
    vector = pixels.reshape(-1, order=order)
    place = places(channels, shape, order)
    assert (vector[place] == pixels.reshape(-1)).all()


@every_layer
def test_matrix_shape_is_outputs_by_inputs(layer: Layer) -> None:
    rows, columns = matrix_shape(layer)
    assert rows == np.empty((layer.out_channels, *layer.output_shape)).size
    assert columns == np.empty((layer.in_channels, *layer.input_shape)).size
    assert matrix_shape(layer.T) == (columns, rows)


@pytest.mark.parametrize("order", ["A", "K", "c", "", None, 0, ["C"]])
def test_unknown_orders_are_refused(order: Any) -> None:
    layer = ConvTranspose(2, 2)
    for call in (
        lambda: check_order(order),
        lambda: symbolic_matrix(layer, order=order),
        lambda: sparse_matrix(layer, [1, 2], order=order),
        lambda: operator(layer, [1, 2], order=order),
    ):
        with pytest.raises(GeometryError) as caught:
            call()
        assert caught.value.asked == "order"
        assert caught.value.rule == 'it is "C" (row-major) or "F" (column-stacking)'


def test_known_orders_pass() -> None:
    check_order("C")
    check_order("F")
    assert matrix_shape(Conv(4, 2)) == (3, 4)
