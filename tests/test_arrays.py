"""How weights, inputs and biases are read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, GeometryError
from symtconv.arrays import as_array, bias_array, input_array, kernel_array, widened

PLAIN = Conv((4, 5), (2, 3))
MANY = Conv((4, 5), (2, 3), in_channels=2, out_channels=4, groups=2)


def test_kernels_have_the_layers_shape_or_the_plain_one() -> None:
    assert kernel_array(PLAIN, np.ones((2, 3))).shape == (1, 1, 2, 3)
    assert kernel_array(PLAIN, np.ones((1, 1, 2, 3))).shape == (1, 1, 2, 3)
    assert kernel_array(PLAIN, [[1, 2, 3], [4, 5, 6]]).tolist() == [[[[1, 2, 3], [4, 5, 6]]]]
    assert kernel_array(MANY, np.ones((4, 1, 2, 3))).shape == (4, 1, 2, 3)


def test_a_kernel_of_the_wrong_shape_is_refused_with_the_right_one() -> None:
    with pytest.raises(GeometryError) as caught:
        kernel_array(PLAIN, np.ones((3, 2)))
    assert caught.value.arrived == "shape (3, 2)"
    assert "(out, in/groups, *kernel_size) = (1, 1, 2, 3), or (2, 3)" in caught.value.rule
    with pytest.raises(GeometryError) as caught:
        kernel_array(MANY, np.ones((2, 3)))
    assert caught.value.rule.endswith("= (4, 1, 2, 3)")
    with pytest.raises(GeometryError) as caught:
        kernel_array(ConvTranspose(4, 2, in_channels=3, out_channels=2), np.ones((2, 3, 2)))
    assert "(in, out/groups, *kernel_size) = (3, 2, 2)" in caught.value.rule
    assert "Conv" in caught.value.asked


def test_inputs_have_channels_and_any_batch_or_are_plain() -> None:
    assert input_array(PLAIN, np.ones((4, 5)))[0].shape == (1, 4, 5)
    assert input_array(PLAIN, np.ones((4, 5)))[1] is True
    assert input_array(PLAIN, np.ones((1, 4, 5)))[1] is False
    assert input_array(PLAIN, np.ones((7, 1, 4, 5)))[0].shape == (7, 1, 4, 5)
    assert input_array(MANY, np.ones((7, 3, 2, 4, 5)))[0].shape == (7, 3, 2, 4, 5)


@pytest.mark.parametrize("shape", [(5, 4), (7, 4, 5), (4,), (), (2, 4, 5, 1)])
def test_an_input_of_the_wrong_shape_is_refused_with_the_right_one(shape: tuple[int, ...]) -> None:
    with pytest.raises(GeometryError) as caught:
        input_array(PLAIN, np.ones(shape))
    assert caught.value.arrived == f"shape {shape}"
    assert "(..., in_channels, *input_shape) = (..., 1, 4, 5), or (4, 5)" in caught.value.rule


def test_plain_inputs_are_for_one_channel_in_and_out() -> None:
    with pytest.raises(GeometryError, match=r"\(\.\.\., 1, 4\)"):
        input_array(Conv(4, 2, out_channels=2), [1, 2, 3, 4])
    with pytest.raises(GeometryError, match=r"\(\.\.\., 2, 4\)"):
        input_array(Conv(4, 2, in_channels=2), [1, 2, 3, 4])


@pytest.mark.parametrize("bias", [5, [1, 2], [[1, 2, 3, 4]], [1, 2, 3, 4, 5]])
def test_a_bias_of_the_wrong_shape_is_refused_with_the_right_one(bias: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        bias_array(MANY, bias)
    assert caught.value.rule == "the bias has shape (out_channels,) = (4,)"
    assert bias_array(MANY, [1, 2, 3, 4]).tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "value",
    [
        "1 2 3",
        ["1", "2"],
        b"12",
        [Fraction(1), "2"],
        [Fraction(1), None],
        [None],
        [Fraction(1), b"2"],
        np.array(["2024-01-01"], dtype="datetime64[D]"),
        np.array([1], dtype="timedelta64[s]"),
        np.zeros(2, dtype=[("a", int)]),
        [{}, {}],
        [{1}, {2}],
        [[1, 2], [3]],
        [[Fraction(1)], [Fraction(1), 2]],
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused_and_never_parsed(value: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        as_array("x", value)
    assert caught.value.asked == "x"
    assert caught.value.rule


def test_ragged_lists_are_refused_in_these_words() -> None:
    with pytest.raises(GeometryError) as caught:
        as_array("kernel", [[1, 2], [3]])
    assert caught.value.rule == "its rows differ in length"


def test_exact_values_stay_what_they_are() -> None:
    a = sympy.Symbol("a")
    assert as_array("x", [Fraction(1, 3), a, 2**70]).tolist() == [Fraction(1, 3), a, 2**70]
    assert as_array("x", [[2**70, -1]]).dtype == object
    assert as_array("x", sympy.Array([[a, 1], [2, 3]])).shape == (2, 2)
    assert as_array("x", sympy.Matrix([[a, 1]])).tolist() == [[a, 1]]
    assert as_array("x", sympy.Array(5)).shape == ()


@pytest.mark.parametrize("values", [[2**63, -1], [[2**63], [-(2**63)]], [2**64 - 1, -1, True], (2**63, -5)])
def test_integers_that_no_64_bit_type_holds_together_stay_exact(values: Any) -> None:
    found = as_array("x", values)
    assert found.tolist() == np.array(values, dtype=object).tolist()
    assert found.dtype.kind in "iuO"


def test_numbers_keep_their_types() -> None:
    for dtype in ("bool", "uint8", "int16", "float32", "float64", "complex64"):
        assert as_array("x", np.ones(3, dtype=dtype)).dtype == dtype
    assert as_array("x", [1.5, 2]).dtype == np.float64
    assert as_array("x", [True, False]).dtype == bool


def test_widened_gives_integers_room_for_their_sums_of_products() -> None:
    image, weights = np.full(10, 255, dtype=np.uint8), np.full(10, -128, dtype=np.int8)
    assert [array.dtype for array in widened(image, weights)] == [np.int64, np.int64]
    wide = widened(np.array([2**40]), np.array([2**40]))
    assert [array.dtype for array in wide] == [object, object]
    assert type(wide[0][0]) is int
    assert widened(np.ones(2, dtype=bool))[0].dtype == np.int64
    assert widened(np.array([2**63], dtype=np.uint64))[0].dtype == object


def test_widened_leaves_floats_and_objects_alone() -> None:
    image, weights = np.ones(2, dtype=np.uint8), np.ones(2, dtype=np.float32)
    assert [array.dtype for array in widened(image, weights)] == [np.uint8, np.float32]


def test_what_is_exactly_at_the_bound_is_not_lost() -> None:
    for top in (2**61, 2**62 - 1, 2**62, 2**63 - 1):
        (wide,) = widened(np.array([top, top - 1]))
        assert sum(wide.tolist()) == 2 * top - 1
        assert int(wide[0]) + int(wide[1]) == 2 * top - 1
        assert wide.sum() == 2 * top - 1
