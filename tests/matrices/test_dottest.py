"""The dot-product test: it passes adjoints, and it can fail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import LinearOperator

from symtconv import Conv, ConvTranspose, SymtconvError, dot_test, operator
from symtconv.matrices.matrixfree import LayerOperator

LAYER = ConvTranspose((3, 3), 3, stride=2, padding="same")
WEIGHTS = np.arange(1.0, 10.0).reshape(3, 3)


def wrong(matvec: Any, rmatvec: Any, shape: tuple[int, int], dtype: Any = float) -> LinearOperator:
    return LinearOperator(shape, matvec=matvec, rmatvec=rmatvec, dtype=dtype)


def test_it_fails_where_the_adjoint_has_another_kernel() -> None:
    right = operator(LAYER, WEIGHTS)
    flipped = operator(LAYER, WEIGHTS[::-1])
    with pytest.raises(SymtconvError) as caught:
        dot_test(wrong(right.matvec, flipped.rmatvec, right.shape))
    assert "<A u, v> =" in caught.value.arrived
    assert "<u, A^H v> =" in caught.value.arrived
    assert "rmatvec is not the adjoint" in caught.value.remedy


def test_it_fails_where_one_weight_is_off_by_a_little() -> None:
    right = operator(LAYER, WEIGHTS)
    off = WEIGHTS.copy()
    off[1, 1] *= 1 + 1e-9
    with pytest.raises(SymtconvError):
        dot_test(wrong(right.matvec, operator(LAYER, off).rmatvec, right.shape))


def test_it_fails_where_a_complex_adjoint_is_only_transposed() -> None:
    weights = WEIGHTS + 1j
    right = operator(LAYER, weights)
    transposed = operator(LAYER.T, weights)
    with pytest.raises(SymtconvError):
        dot_test(wrong(right.matvec, transposed.matvec, right.shape, complex))
    dot_test(wrong(right.matvec, operator(LAYER.T, weights.conj()).matvec, right.shape, complex))


def test_it_fails_on_a_broken_operator_of_a_layer() -> None:
    class Broken(LayerOperator):
        def _rmatmat(self, X: Any) -> Any:
            return 2 * super()._rmatmat(X)

    with pytest.raises(SymtconvError):
        dot_test(Broken(Conv(4, 2), np.array([[[1, 2]]])))


@pytest.mark.parametrize("seed", range(5))
def test_it_fails_where_the_result_is_not_a_number(seed: int) -> None:
    with pytest.raises(SymtconvError):
        dot_test(wrong(lambda x: x * np.nan, lambda y: y, (3, 3)), seed=seed)


@pytest.mark.parametrize("seed", range(5))
def test_it_passes_matrices_and_any_linear_operator(seed: int) -> None:
    dense = np.random.default_rng(seed).standard_normal((5, 3))
    dot_test(dense, seed=seed)
    dot_test(scipy.sparse.csr_array(dense), seed=seed)
    dot_test(operator(LAYER, WEIGHTS), seed=seed)
    dot_test(operator(LAYER, WEIGHTS.astype(np.float32)), seed=seed)
    dot_test(operator(LAYER, WEIGHTS.astype(int)), seed=seed)
    dot_test(np.zeros((4, 2)), seed=seed)


def test_the_seed_chooses_the_vectors() -> None:
    seen: list[float] = []

    def matvec(x: Any) -> Any:
        seen.append(float(x[0]))
        return x

    identity = wrong(matvec, lambda y: y, (3, 3))
    for seed in (0, 0, 1):
        dot_test(identity, seed=seed)
    assert seen[0] == seen[1] != seen[2]


def test_what_cancels_altogether_is_no_complaint() -> None:
    dot_test(operator(Conv(1, 3, padding=1, padding_mode="replicate"), [3.0, -1.0, -2.0]))
