"""How arrays become vectors: vec is row-major over (channel, *spatial), or column-stacking with order="F"."""

from __future__ import annotations

from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from symtconv.errors import GeometryError
from symtconv.geometry import Layer

Order = Literal["C", "F"]


def check_order(order: object) -> None:
    """Refuse every order but "C" and "F"."""
    if order not in ("C", "F"):
        raise GeometryError(
            "order", arrived=repr(order)[:60], rule='it is "C" (row-major) or "F" (column-stacking)', remedy="Pass one."
        )


def matrix_shape(layer: Layer) -> tuple[int, int]:
    """Give the shape of the layer's matrix: (out_channels * outputs, in_channels * inputs)."""
    return layer.out_channels * prod(layer.output_shape), layer.in_channels * prod(layer.input_shape)


def places(channels: int, shape: tuple[int, ...], order: Order) -> NDArray[np.int64]:
    """Give, for each pixel counted row-major, its place in vec.

    >>> places(1, (2, 2), "F").tolist()
    [0, 2, 1, 3]
    """
    count = channels * prod(shape)
    if order == "C":
        return np.arange(count, dtype=np.int64)
    return np.arange(count, dtype=np.int64).reshape((channels, *shape), order="F").reshape(-1)
