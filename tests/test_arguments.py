"""What the constructors refuse, and in which words: what was asked, what arrived, which rule, what to do."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, GeometryError, SymtconvError
from symtconv.arguments import PADDING_MODES, listed
from symtconv.geometry import Layer

Maker = Callable[..., Layer]
both = pytest.mark.parametrize("make", [Conv, ConvTranspose])


def complaint(make: Callable[..., Any], *arguments: Any, **named: Any) -> GeometryError:
    with pytest.raises(GeometryError) as caught:
        make(*arguments, **named)
    return caught.value


def test_a_message_says_what_was_asked_what_arrived_the_rule_and_the_remedy() -> None:
    error = complaint(Conv, (4, 4), 3, stride=0)
    assert str(error) == "Conv: stride: got 0, but it must be at least 1. Pass 1 or more."
    assert (error.asked, error.arrived, error.rule, error.remedy) == (
        "Conv: stride",
        "0",
        "it must be at least 1",
        "Pass 1 or more.",
    )
    assert isinstance(error, ValueError)
    assert isinstance(error, SymtconvError)


@both
@pytest.mark.parametrize("name", ["kernel_size", "stride", "dilation", "in_channels", "out_channels", "groups"])
@pytest.mark.parametrize("value", [0, -1])
def test_counts_below_one_are_refused(make: Maker, name: str, value: int) -> None:
    error = complaint(make, **{"input_shape": (9, 9), "kernel_size": 3, name: value})
    assert name in error.asked
    assert error.arrived == str(value)
    assert error.rule == "it must be at least 1"


@both
@pytest.mark.parametrize("name", ["input_shape", "kernel_size", "stride", "dilation", "output_shape"])
def test_the_axis_of_a_bad_value_is_named(make: Maker, name: str) -> None:
    error = complaint(make, **{"input_shape": (9, 9), "kernel_size": 3, name: (3, 0)})
    assert error.asked == f"{make.__name__}: {name} of axis 1"


NOT_INTEGERS = {
    "float": 2.0,
    "text": "2",
    "bytes": b"2",
    "true": True,
    "numpy-bool": np.True_,
    "numpy-bool-0d": np.array(True),
    "numpy-float": np.float64(2),
    "fraction": Fraction(2),
    "symbol": sympy.Symbol("n"),
    "none": None,
    "complex": 2j,
    "dict": {2: 2},
    "set": {2},
    "nested": [[2]],
}


def refused(chosen: str) -> pytest.MarkDecorator:
    """Run a test on some of NOT_INTEGERS (those that mean something else to one argument are left out)."""
    left = [pytest.param(value, id=name) for name, value in NOT_INTEGERS.items() if name not in chosen.split()]
    return pytest.mark.parametrize("value", left)


@both
@pytest.mark.parametrize("name", ["input_shape", "kernel_size", "stride", "dilation"])
@refused("")
def test_what_is_no_integer_is_refused_for_a_size(make: Maker, name: str, value: Any) -> None:
    error = complaint(make, **{"input_shape": 9, "kernel_size": 3, name: value})
    assert error.asked.startswith(f"{make.__name__}: {name}")
    assert error.rule == "it must be an integer"
    assert "Pass an int" in error.remedy


@both
@pytest.mark.parametrize("name", ["in_channels", "out_channels", "groups"])
@refused("")
def test_what_is_no_integer_is_refused_for_channels(make: Maker, name: str, value: Any) -> None:
    assert complaint(make, 9, 3, **{name: value}).rule == "it must be an integer"


@refused("text none nested")
def test_what_is_no_integer_is_refused_for_pads_and_targets(value: Any) -> None:
    assert complaint(Conv, 9, 3, padding=value).rule == "it must be an integer"
    assert complaint(Conv, 9, 3, padding=[(0, value)]).asked == "Conv: padding of axis 0, hi"
    assert complaint(Conv, 9, 3, padding=[(value, 0)]).asked == "Conv: padding of axis 0, lo"
    assert complaint(ConvTranspose, 9, 3, output_padding=value).rule == "it must be an integer"
    assert complaint(ConvTranspose, 9, 3, output_shape=value).rule == "it must be an integer"


def test_a_message_shows_the_value_and_its_type() -> None:
    assert complaint(Conv, 9, 3, stride=2.0).arrived == "2.0 (float)"
    assert complaint(Conv, 9, 3, stride="2").arrived == "'2' (str)"
    assert complaint(Conv, 9, 3, stride=True).arrived == "True (bool)"
    assert len(complaint(Conv, 9, 3, stride="2" * 5000).arrived) < 80


@both
@pytest.mark.parametrize(
    "value",
    [3, np.int8(3), np.uint64(3), np.array(3), sympy.Integer(3), [3], (3,), np.array([3]), range(3, 4)],
    ids=lambda value: type(value).__name__,
)
def test_whatever_operator_index_takes_is_a_size(make: Maker, value: Any) -> None:
    layer = make(7, value)
    assert layer.kernel_size == (3,)
    assert type(layer.kernel_size[0]) is int
    assert layer == make(7, 3)


def test_numpys_small_integers_do_not_overflow() -> None:
    hundred: Any = np.int8(100)
    layer = ConvTranspose(hundred, 3, stride=hundred)
    assert layer.output_shape == (9903,)
    assert type(layer.output_shape[0]) is int


def test_huge_sizes_are_exact() -> None:
    layer = Conv(10**30, 3, stride=10**10)
    assert layer.output_shape == (10**20,)
    assert layer.T.output_shape == (10**30,)


@both
@pytest.mark.parametrize("name", ["kernel_size", "stride", "dilation", "padding", "output_shape"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_number_of_axes_is_refused_with_the_right_one(make: Maker, name: str, count: int) -> None:
    error = complaint(make, **{"input_shape": (9, 9), "kernel_size": 3, name: (1,) * count})
    assert error.asked == f"{make.__name__}: {name}"
    assert error.arrived.startswith(f"{count} values")
    assert error.rule == "input_shape (9, 9) has 2 axes"
    assert "2 values" in error.remedy


def test_a_wrong_number_of_axes_in_one_dimension_and_for_output_padding() -> None:
    error = complaint(Conv, 9, 3, stride=(1, 1))
    assert error.rule == "input_shape (9,) has 1 axis"
    assert error.remedy == "Pass one int for all, or 1 value."
    assert complaint(ConvTranspose, (4, 4), 3, output_padding=(0, 0, 0)).arrived.startswith("3 values")


@both
def test_a_layer_without_axes_is_refused(make: Maker) -> None:
    error = complaint(make, (), 3)
    assert (error.asked, error.arrived) == (f"{make.__name__}: input_shape", "()")
    assert "at least one spatial axis" in error.rule


@pytest.mark.parametrize("pads", [[(1,)], [(1, 2, 3)], [()]])
def test_a_pad_is_an_int_or_a_pair(pads: Any) -> None:
    error = complaint(Conv, 9, 3, padding=pads)
    assert error.rule == "it must be an int or a pair (lo, hi)"
    assert error.asked == "Conv: padding of axis 0"


@both
@pytest.mark.parametrize("name", ["SAME", "same_upper", "Valid", "", "zeros", "same "])
def test_unknown_padding_names_are_refused_with_the_names(make: Maker, name: str) -> None:
    error = complaint(make, 9, 3, padding=name)
    assert error.arrived == repr(name)
    assert error.rule == "the names are valid, same, same_lower, full"


@both
@pytest.mark.parametrize("mode", ["constant", "wrap", "", "Zeros", None, 0, ["zeros"]])
def test_unknown_padding_modes_are_refused_with_the_modes(make: Maker, mode: Any) -> None:
    error = complaint(make, 9, 3, padding_mode=mode)
    assert error.asked == f"{make.__name__}: padding_mode"
    assert error.rule == "the modes are zeros, circular, reflect, replicate"
    assert PADDING_MODES == ("zeros", "circular", "reflect", "replicate")


@both
def test_groups_divide_both_channel_counts(make: Maker) -> None:
    error = complaint(make, 9, 3, in_channels=6, out_channels=4, groups=3)
    assert error.rule == "groups must divide out_channels=4"
    assert error.remedy == "The divisors are 1, 2, 4."
    error = complaint(make, 9, 3, in_channels=5, out_channels=4, groups=4)
    assert error.rule == "groups must divide in_channels=5"
    assert make(9, 3, in_channels=6, out_channels=4, groups=2).groups == 2


def test_a_kernel_that_does_not_fit_is_refused_with_the_arithmetic() -> None:
    error = complaint(Conv, (9, 4), 3, dilation=3, padding=(0, 1))
    assert error.asked == "Conv: kernel_size of axis 1"
    assert "K = 3*(3-1)+1 = 7" in error.arrived
    assert "= 6, and K must not exceed it" in error.rule
    assert Conv((9, 5), 3, dilation=3, padding=(0, 1)).output_shape == (3, 1)


def test_a_crop_that_leaves_no_room_for_the_kernel_is_refused() -> None:
    error = complaint(Conv, 4, 2, padding=[(-2, -1)])
    assert "4 + (-2) + (-1) = 1" in error.rule
    assert Conv(4, 2, padding=[(-2, 0)]).output_shape == (1,)


def test_a_crop_that_leaves_no_output_is_refused() -> None:
    error = complaint(ConvTranspose, 2, 3, padding=2)
    assert error.asked == "ConvTranspose: padding of axis 0"
    assert error.arrived == "(2, 2)"
    assert "= 0 pixels; it needs at least 1" in error.rule
    assert ConvTranspose(2, 3, padding=[(2, 1)]).output_shape == (1,)


@pytest.mark.parametrize(
    ("mode", "pad", "rule"),
    [
        ("circular", 5, "it must be in 0..4 where the input has 4 pixels"),
        ("circular", -1, "it must be in 0..4 where the input has 4 pixels"),
        ("reflect", 4, "it must be in 0..3 where the input has 4 pixels"),
        ("reflect", -1, "it must be in 0..3 where the input has 4 pixels"),
        ("replicate", -1, "it must be at least 0"),
    ],
)
@pytest.mark.parametrize("end", [0, 1])
def test_a_mode_bounds_its_pads_as_pytorch_does(mode: Any, pad: int, rule: str, end: int) -> None:
    error = complaint(Conv, 4, 2, padding=[(pad, 1) if end == 0 else (1, pad)], padding_mode=mode)
    assert error.asked == f"Conv: padding of axis 0 with padding_mode={mode!r}"
    assert error.arrived == str(pad)
    assert error.rule == rule


def test_a_mode_allows_its_largest_pads() -> None:
    assert Conv(4, 2, padding=4, padding_mode="circular").output_shape == (11,)
    assert Conv(4, 2, padding=3, padding_mode="reflect").output_shape == (9,)
    assert Conv(4, 2, padding=30, padding_mode="replicate").output_shape == (63,)
    assert Conv(1, 1, padding=0, padding_mode="reflect").output_shape == (1,)


def test_a_mode_bounds_a_transposed_layer_by_its_output() -> None:
    error = complaint(ConvTranspose, 2, 3, padding=2, padding_mode="circular", stride=2)
    assert "where the output has 1 pixels" in error.rule
    assert ConvTranspose(3, 3, stride=2, padding=2, padding_mode="circular").output_shape == (3,)


def test_output_shape_of_a_convolution_is_at_most_its_formula() -> None:
    error = complaint(Conv, (5, 9), 3, stride=2, output_shape=(2, 5))
    assert error.asked == "Conv: output_shape of axis 1"
    assert error.arrived == "5"
    assert "gives 4; within reach are the sizes 1, 2, 3, 4" in error.rule
    assert Conv((5, 9), 3, stride=2, output_shape=(2, 3)).output_shape == (2, 3)


@pytest.mark.parametrize("size", [4, 8])
def test_output_shape_with_ints_lists_the_sizes_within_reach(size: int) -> None:
    error = complaint(ConvTranspose, 2, 2, stride=3, output_shape=size)
    assert error.asked == "ConvTranspose: output_shape of axis 0"
    assert error.arrived == str(size)
    assert "the sizes within reach are 5, 6, 7" in error.rule


@pytest.mark.parametrize("size", [5, 6, 7])
def test_output_shape_with_ints_sets_the_output_padding(size: int) -> None:
    layer = ConvTranspose(2, 2, stride=3, output_shape=size)
    assert layer.output_shape == (size,)
    assert layer.output_padding == (size - 5,)


def test_output_shape_with_pairs_is_within_the_stride_even_where_the_dilation_is_larger() -> None:
    assert ConvTranspose(2, 2, dilation=4, output_padding=2).output_shape == (8,)
    error = complaint(ConvTranspose, 2, 2, dilation=4, padding=[(0, 0)], output_shape=8)
    assert "the sizes within reach are 6" in error.rule


@pytest.mark.parametrize(
    ("name", "reach"), [("same", "5, 6"), ("same_lower", "5, 6"), ("valid", "7, 8"), ("full", "3, 4")]
)
@pytest.mark.parametrize("size", [2, 9])
def test_output_shape_with_a_name_lists_the_sizes_within_reach(name: Any, reach: str, size: int) -> None:
    error = complaint(ConvTranspose, 3, 3, stride=2, padding=name, output_shape=size)
    assert error.asked == "ConvTranspose: output_shape of axis 0"
    assert f"a convolution with padding={name!r} must map it to 3; the sizes within reach are {reach}" == error.rule


def test_output_shape_that_no_size_reaches_says_so() -> None:
    error = complaint(ConvTranspose, 1, 5, padding="full")
    assert error.asked == "ConvTranspose: output_shape of axis 0, left to its default"
    assert "no output size has that many inputs" in error.rule
    error = complaint(ConvTranspose, 1, 2, padding=4, output_shape=1)
    assert "no size is within reach" in error.rule


def test_long_runs_of_sizes_are_listed_by_their_ends() -> None:
    assert listed(range(3, 11)) == "3, 4, 5, 6, 7, 8, 9, 10"
    assert listed(range(3, 12)) == "3, 4, ..., 11"
    assert "100, 101, ..., 199" in complaint(ConvTranspose, 1, 1, stride=100, output_shape=200, padding=[(0, -99)]).rule


@pytest.mark.parametrize(
    "named", [{"padding": "same"}, {"padding": "valid"}, {"output_shape": 5}, {"padding": "full", "output_shape": 3}]
)
def test_output_padding_with_a_name_or_output_shape_is_refused_and_names_output_shape(named: dict[str, Any]) -> None:
    error = complaint(ConvTranspose, 2, 3, stride=2, output_padding=1, **named)
    assert error.asked == "ConvTranspose: output_padding"
    assert error.arrived == "1"
    assert "output_shape" in error.rule
    assert "output_shape" in error.remedy


def test_output_padding_of_zero_goes_with_everything() -> None:
    assert ConvTranspose(2, 3, stride=2, output_padding=0, padding="same").output_shape == (4,)
    assert ConvTranspose((2, 2), 3, stride=2, output_padding=(0, 0), output_shape=6).output_shape == (6, 6)


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (3, 1), (1, 3), (2, 3), (3, 2)])
def test_output_padding_stays_below_the_larger_of_stride_and_dilation(stride: int, dilation: int) -> None:
    most = max(stride, dilation)
    natural = ConvTranspose(2, 2, stride=stride, dilation=dilation).output_shape[0]
    for extra in range(most):
        layer = ConvTranspose(2, 2, stride=stride, dilation=dilation, output_padding=extra)
        assert layer.output_shape == (natural + extra,)
        assert layer.output_padding == (extra,)
    error = complaint(ConvTranspose, 2, 2, stride=stride, dilation=dilation, output_padding=most)
    assert error.asked == "ConvTranspose: output_padding of axis 0"
    assert f"below max(stride, dilation) = {most}" in error.rule


def test_output_padding_below_zero_is_refused() -> None:
    assert complaint(ConvTranspose, 2, 3, stride=2, output_padding=-1).rule == "it must be at least 0"


def test_arguments_after_the_kernel_are_named() -> None:
    with pytest.raises(TypeError):
        Conv(9, 3, 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        ConvTranspose(9, 3, 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Conv(9, 3, output_padding=1)  # type: ignore[call-arg]
