"""Separable kernels: u and v of w = u v^T are found where there are any."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from symtconv import Conv, NotApplicable, prove

a, b = sympy.symbols("a b")
SEPARABLE = "w[j] = u_0[j_0] u_1[j_1] ..., an outer product"


@pytest.mark.parametrize(
    "kernel",
    [
        [[1, 2, 1], [2, 4, 2]],
        [[0, 0, 0], [0, 3, -6]],
        [[0, 0, 0], [0, 0, 0]],
        [[Fraction(1, 2), Fraction(1, 3), 0], [Fraction(3, 4), Fraction(1, 2), 0]],
        [[a * b, a, a], [b**2, b, b]],
        [[a**2 - b**2, a + b, 0], [a * (a - b), a, 0]],
    ],
    ids=str,
)
def test_a_given_kernel_that_is_an_outer_product_is_separated(kernel: Any) -> None:
    prove("separable", Conv((4, 5), (2, 3), padding=1), kernel=kernel).check()


@pytest.mark.parametrize("kernel", [[[1, 2, 1], [2, 4, 3]], [[1, 0, 0], [0, 1, 0]], [[a, b, 0], [b, a, 0]]], ids=str)
def test_a_given_kernel_that_is_no_outer_product_is_refused(kernel: Any) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove("separable", Conv((4, 5), (2, 3)), kernel=kernel)
    assert caught.value.hypothesis == SEPARABLE


@given(data=st.data())
@settings(max_examples=25)
def test_outer_products_with_channels_are_separated(data: st.DataObject) -> None:
    whole = st.integers(-2, 3)
    g, u, v = (np.array(data.draw(st.lists(whole, min_size=n, max_size=n))) for n in (4, 2, 3))
    kernel = np.multiply.outer(np.multiply.outer(g.reshape(2, 2), u), v)
    prove("separable", Conv((3, 4), (2, 3), in_channels=2, out_channels=2), kernel=kernel)
