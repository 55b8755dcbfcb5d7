"""The dot-product test: is an operator's adjoint really its adjoint?"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse.linalg import aslinearoperator

from symtconv.arrays import Array
from symtconv.errors import SymtconvError


def dot_test(operator: Any, *, seed: int = 0) -> None:
    """Test <A u, v> = <u, A^H v> on random vectors, for any LinearOperator (or matrix); the idea is PyLops' dottest.

    It is a numerical test, not a proof: it samples one pair of vectors. prove("adjoint", layer) is the proof.

    Args:
        operator: anything that scipy.sparse.linalg.aslinearoperator takes.
        seed: of the random vectors.

    Raises:
        SymtconvError: with both products, where they differ by more than rounding.

    >>> from symtconv import Conv, operator
    >>> dot_test(operator(Conv((5, 5), 3, stride=2), [[1, 2, 1], [2, 4, 2], [1, 2, 1]]))
    """
    linear = aslinearoperator(operator)
    generator = np.random.default_rng(seed)
    precision = np.result_type(linear.dtype, np.float32)
    u, v = (_random(generator, size, precision) for size in (linear.shape[1], linear.shape[0]))
    forward, backward = linear.matvec(u), linear.rmatvec(v)
    left, right = complex(np.vdot(v, forward)), complex(np.vdot(backward, u))
    scale = float(np.linalg.norm(forward) * np.linalg.norm(v) + np.linalg.norm(backward) * np.linalg.norm(u))
    weights = np.abs(np.asarray(getattr(linear, "kernel", 0.0), dtype=np.complex128)).sum()  # bounds what cancels
    scale += float(weights * np.linalg.norm(u) * np.linalg.norm(v))
    tolerance = 100 * float(np.finfo(precision).eps) * max(scale, 1e-300)
    if not abs(left - right) <= tolerance:
        raise SymtconvError(
            "dot_test",
            arrived=f"<A u, v> = {left:.12g} and <u, A^H v> = {right:.12g}",
            rule=f"they may differ by rounding only, {tolerance:.3g}",
            remedy="The operator's rmatvec is not the adjoint of its matvec.",
        )


def _random(generator: np.random.Generator, size: int, precision: Any) -> Array:
    values: Array = generator.standard_normal(size)
    if np.issubdtype(precision, np.complexfloating):
        values = values + 1j * generator.standard_normal(size)
    return values.astype(precision)
