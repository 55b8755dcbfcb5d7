"""The operator: products with C and C^H that store no matrix."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.sparse.linalg
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, dot_test, operator, sparse_matrix
from symtconv.geometry import Layer
from symtconv.matrices.matrixfree import LayerOperator
from tests import definitions
from tests.cases import DCGAN, DCGAN_5, every_layer
from tests.strategies import layers, seeds


def check_products(layer: Layer, seed: int, order: Any) -> None:
    """Hold all four products against the dense matrix, with complex weights so that the conjugate shows."""
    w = definitions.integers(layer.kernel_shape, seed) + 1j * definitions.integers(layer.kernel_shape, seed + 1)
    C = definitions.matrix(layer, w, order).astype(complex)
    A = operator(layer, w, order=order)
    rows, columns = C.shape
    x, X = definitions.integers((columns,), seed + 2), definitions.integers((columns, 3), seed + 3)
    y, Y = definitions.integers((rows,), seed + 4), definitions.integers((rows, 2), seed + 5)
    assert A.shape == C.shape
    assert (A.matvec(x) == C @ x).all()
    assert (A.rmatvec(y) == C.conj().T @ y).all()
    assert (A.matmat(X) == C @ X).all()
    assert (A.rmatmat(Y) == C.conj().T @ Y).all()
    assert (A.H.matvec(y) == C.conj().T @ y).all()
    assert (A.T.matvec(y) == C.T @ y).all()
    assert (operator(layer.T, w, order=order).matvec(y) == C.T @ y).all()


@every_layer
@pytest.mark.parametrize("order", ["C", "F"])
def test_products_are_those_of_the_matrix(layer: Layer, order: Any) -> None:
    check_products(layer, 0, order)


@given(layers(3), seeds)
def test_products_are_those_of_the_matrix_for_any_layer(layer: Layer, seed: int) -> None:
    check_products(layer, seed, "C")
    check_products(layer, seed, "F")


@every_layer
def test_the_operator_and_the_sparse_matrix_agree(layer: Layer) -> None:
    _, w = definitions.numbers(layer)
    columns = np.eye(operator(layer, w).shape[1], dtype=int)
    assert (operator(layer, w) @ columns == sparse_matrix(layer, w).toarray()).all()


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float32", "float64", "complex64", "complex128"])
def test_types_follow_the_kernel_and_the_vector(dtype: str) -> None:
    A = operator(Conv(3, 2), np.ones(2, dtype=dtype))
    kept = np.dtype(np.int64) if np.dtype(dtype).kind in "iu" and np.dtype(dtype).itemsize < 8 else np.dtype(dtype)
    assert A.dtype == kept
    assert A.matvec(np.ones(3, dtype=dtype)).dtype == kept
    wide = A.matvec(np.ones(3, dtype=np.complex128))
    assert wide.dtype == np.complex128
    assert wide.tolist() == [2, 2]
    assert A.matvec(np.array([0.5, 1, 1])).real.tolist() == [1.5, 2]


def test_small_integers_do_not_wrap_around() -> None:
    A = operator(Conv(2, 2), np.array([200, 200], dtype=np.uint8))
    assert A.matvec(np.array([200, 200], dtype=np.uint8)).tolist() == [80_000]


def test_booleans_count() -> None:
    A = operator(Conv(2, 2), [True, True])
    assert A.dtype == np.int64
    assert A.matvec([1, 1]).tolist() == [2]


def test_columns_come_as_a_vector_or_a_matrix() -> None:
    A = operator(Conv(3, 2), [1, 10])
    assert A.matvec(np.array([[1], [2], [3]])).tolist() == [[21], [32]]
    assert (A @ np.array([1, 2, 3])).tolist() == [21, 32]
    assert (A @ np.eye(3, dtype=int)).tolist() == [[1, 10, 0], [0, 1, 10]]
    with pytest.raises(ValueError):
        A.matvec([1, 2])


def test_vectors_are_not_changed() -> None:
    for layer in (Conv(4, 2, padding=[(-1, 1)]), ConvTranspose(4, 2, padding=[(-1, 1)])):
        A = operator(layer, [1, 2])
        x, y = definitions.integers((A.shape[1],), 1), definitions.integers((A.shape[0],), 2)
        before = x.copy(), y.copy()
        A.matvec(x)
        A.rmatvec(y)
        assert (x == before[0]).all()
        assert (y == before[1]).all()


@pytest.mark.parametrize(
    "kernel", [[Fraction(1, 2), 1], [sympy.Symbol("a"), 1], [2**70, 1]], ids=["Fraction", "name", "big"]
)
def test_exact_kernels_are_refused_with_a_pointer(kernel: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        operator(Conv(4, 2), kernel)
    assert "symbolic_matrix" in caught.value.remedy


def test_a_wrong_kernel_is_refused() -> None:
    with pytest.raises(GeometryError, match="shape"):
        operator(Conv(4, 2), [1, 2, 3])


def test_the_operator_shows_its_layer_and_pickles() -> None:
    A = operator(Conv(4, 2), [1, 2])
    assert isinstance(A, LayerOperator)
    assert A.layer == Conv(4, 2)
    assert A.kernel.shape == (1, 1, 2)
    assert pickle.loads(pickle.dumps(A)).matvec([1, 2, 3, 4]).tolist() == [5, 8, 11]


def test_dcgans_layers_are_applied_without_their_matrices() -> None:
    generator = np.random.default_rng(0)
    for layer in (DCGAN, DCGAN_5):
        w = np.zeros(layer.kernel_shape, dtype=np.float32)
        w[3, 5] = generator.standard_normal(layer.kernel_size)
        v = np.zeros((layer.in_channels, *layer.input_shape), dtype=np.float32)
        v[3] = generator.standard_normal(layer.input_shape)
        z = operator(layer, w).matvec(v.reshape(-1)).reshape(layer.out_channels, *layer.output_shape)
        one = ConvTranspose(
            layer.input_shape, layer.kernel_size, stride=layer.stride, padding=layer.padding, output_padding=0
        )
        expected = definitions.transposed_convolution(one, v[3][None], w[3, 5]).astype(np.float32)
        assert np.allclose(z[5], expected[0], rtol=1e-5, atol=1e-6)
        assert not z[:5].any()
        assert not z[6:].any()


@every_layer
def test_dot_test_passes_on_every_layer(layer: Layer) -> None:
    _, w = definitions.numbers(layer)
    dot_test(operator(layer, w))
    dot_test(operator(layer, w + 0.5j), seed=3)
    dot_test(operator(layer, w.astype(np.float32), order="F"))


def test_operators_serve_scipys_solvers() -> None:
    layer = Conv((4, 4), 2, padding="same")
    w = np.array([[4.0, 1.0], [1.0, 0.5]])
    A = operator(layer, w)
    b = A.matvec(np.arange(16.0))
    x, info = scipy.sparse.linalg.lsqr(A, b, atol=1e-14, btol=1e-14)[:2]
    assert info in (1, 2)
    assert np.allclose(x, np.arange(16.0))
