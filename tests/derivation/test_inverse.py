"""What the section on inverses says of products, ranks and pixels that come back."""

from __future__ import annotations

import time
from math import prod

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, symbolic_matrix
from symtconv.derivation.inverse import inverse_section
from symtconv.derivation.unitkernels import orthonormal_columns, orthonormal_rows
from symtconv.geometry import Layer
from tests.cases import every_layer
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import COMPILED, UP4


@every_layer
def test_unit_kernels_have_orthonormal_rows_or_columns(layer: Layer) -> None:
    conv = layer.convolution
    slots = orthonormal_rows(conv)
    if slots is not None:
        kernel = np.zeros(conv.kernel_shape, dtype=int)
        for channel in range(conv.small_channels):
            b, taps = slots[channel % len(slots)]
            kernel[(channel, b, *taps)] = 1
        C = np.array(symbolic_matrix(conv, kernel).tolist(), dtype=int)
        assert (np.eye(len(C), dtype=int) == C @ C.T).all()
    tap = orthonormal_columns(conv)
    if tap is not None:
        kernel = np.zeros(conv.kernel_shape, dtype=int)
        width, depth = conv.small_channels // conv.groups, conv.kernel_shape[1]
        for group, b in np.ndindex(conv.groups, depth):
            kernel[(group * width + b, b, *tap)] = 1
        C = np.array(symbolic_matrix(conv, kernel).tolist(), dtype=int)
        assert (np.eye(C.shape[1], dtype=int) == C.T @ C).all()


@pytest.mark.parametrize(
    ("conv", "rows", "columns"),
    [
        (UP4.convolution, [(0, (0, 0))], None),
        (Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3), [(0, (0, 0)), (1, (0, 0)), (0, (0, 1))], None),
        (Conv(4, 1, in_channels=2, out_channels=3), None, (0,)),
        (Conv((4, 4), 3, padding=1, padding_mode="circular"), [(0, (0, 0))], (0, 0)),
        (Conv(7, 4, stride=2, padding=2, padding_mode="circular"), [(0, (0,))], None),
    ],
)
def test_unit_kernels_are_found(conv: Conv, rows: object, columns: object) -> None:
    assert orthonormal_rows(conv) == rows
    assert orthonormal_columns(conv) == columns


@every_layer
def test_the_argument_goes_by_the_rank(layer: Layer) -> None:
    conv = layer.convolution
    rows = conv.small_channels * prod(conv.small_shape)
    columns = conv.large_channels * prod(conv.large_shape)
    text = packed(inverse_section, layer)
    assert (f"rankC\\leq{rows}<{columns}".replace("rank", "\\operatorname{rank}") in text) == (rows < columns)
    assert ("isaleftinverse" in text) == (rows > columns)
    assert ("ithasaninverse$C^{-1}$" in text) == (rows == columns)
    assert ("CC^{\\mathsf{T}}" in text or "Theotherwayround" in text) == (
        rows < columns and orthonormal_rows(conv) is not None
    )


def test_what_comes_back_is_shown_as_an_image() -> None:
    text = packed(inverse_section, UP4)
    assert "Witheveryweight1let$x_{2,2}$be1" in text
    C = np.array(symbolic_matrix(UP4.convolution, np.ones((3, 3), dtype=int)).tolist(), dtype=int)
    back = (C.T @ C)[10].reshape(4, 4)
    assert back.tolist() == [[1, 1, 2, 1], [1, 1, 2, 1], [2, 2, 4, 2], [1, 1, 2, 1]]
    assert r"1121\\1121\\2242\\1121" in text
    assert "Inrows10to18andcolumns10to18,and0elsewhere" in packed(inverse_section, Conv((28, 28), 5, padding=2))


def test_a_product_of_one_weight_is_doubled_to_be_no_identity() -> None:
    assert "Witheveryweight2" in packed(inverse_section, Conv(3, 1))


@pytest.mark.parametrize(
    "layer",
    [
        COMPILED["dcgan"],
        Conv(10**6, 5, stride=2),
        Conv((28, 28), 5, padding=2, out_channels=6),
        ConvTranspose(10**5, 3),
    ],
)
def test_huge_layers_are_quick(layer: Layer) -> None:
    start = time.perf_counter()
    page(inverse_section, layer).to_latex()
    assert time.perf_counter() - start < 5


def test_a_square_matrix_has_an_inverse_where_its_waves_are_not_0() -> None:
    ring = Conv((4, 4), 3, padding=1, padding_mode="circular")
    text = packed(inverse_section, ring)
    assert "hasaninverse$C^{-1}$;aswavesareitseigenvectors" in text
    assert "atmostonehasthisproperty" in text
    C = np.array(symbolic_matrix(Conv(4, 3, padding=1, padding_mode="circular"), [1, 1, 1]).tolist()).astype(float)
    assert np.linalg.matrix_rank(C) == 4
    C = np.array(symbolic_matrix(Conv(4, 3, padding=1, padding_mode="circular"), [1, 0, 1]).tolist()).astype(float)
    assert np.linalg.matrix_rank(C) < 4
    assert "waves" not in packed(inverse_section, Conv(3, 3, padding=1))
