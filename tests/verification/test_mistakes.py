"""Every usual mistake is named: in code as students write it, and for each row of the data by its own outputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, Refuted, verify
from symtconv.geometry import Layer
from symtconv.verification.mistakes import MISTAKES, usual_mistake
from symtconv.verification.question import KINDS, Of, Question
from tests.cases import every_layer
from tests.verification import students
from tests.verification.students import DOUBLING, PLANE

EXTRA = ConvTranspose((2, 2), 3, stride=2, padding=1, output_padding=1)
SQUARE = ConvTranspose(3, 2, in_channels=2, out_channels=2)
DILATED = ConvTranspose(3, 2, dilation=2)


def canvas(x: Any, w: Any, stride: int = 2, *, add: bool = True) -> Any:
    k = len(w)
    y = np.zeros((stride * (len(x) - 1) + k,) * 2)
    for i in range(len(x)):
        for j in range(len(x)):
            place = y[i * stride : i * stride + k, j * stride : j * stride + k]
            place[...] = place + x[i, j] * w if add else x[i, j] * w
    return y


def inserted(x: Any, w: Any, pad: int) -> Any:
    wide = np.zeros((3, 3))
    wide[::2, ::2] = x
    wide = np.pad(wide, ((pad, pad + 1), (pad, pad + 1)))
    size = len(wide) - len(w) + 1
    return np.array([[(wide[i : i + 3, j : j + 3] * w).sum() for j in range(size)] for i in range(size)])


def flipped_correlation(x: Any, w: Any) -> Any:
    return students.conv_loop(x, w[::-1, ::-1])


def not_flipped(x: Any, w: Any) -> Any:
    return inserted(x, w, 1)


def pad_as_is(x: Any, w: Any) -> Any:
    return inserted(x, np.flip(w), 0)


def crop_at_the_wrong_end(x: Any, w: Any) -> Any:
    return canvas(x, w)[1:, 1:]


def shifted(x: Any, w: Any) -> Any:
    y = np.pad(canvas(x, w), 1)
    return y[:4, :4]


def not_cropped(x: Any, w: Any) -> Any:
    return canvas(x, w)


def extra_rows_zero(x: Any, w: Any) -> Any:
    y = np.zeros((4, 4))
    y[:3, :3] = canvas(x, w)[1:4, 1:4]
    return y


def extra_rows_missing(x: Any, w: Any) -> Any:
    return canvas(x, w)[1:-1, 1:-1]


def channels_swapped(x: Any, w: Any) -> Any:
    y = np.zeros((2, 4))
    for o in range(2):
        for c in range(2):
            for i in range(3):
                y[o, i : i + 2] += x[c, i] * w[o, c]
    return y


def transposed_rows(x: Any, w: Any) -> Any:
    return canvas(x, w.T)[:4, :4]


def transposed_result(x: Any, w: Any) -> Any:
    return canvas(x, w)[:4, :4].T


def stride_one(x: Any, w: Any) -> Any:
    return canvas(x, w, 1)


def overwritten(x: Any, w: Any) -> Any:
    return canvas(x, w, add=False)[:4, :4]


def overwritten_taps(x: Any, w: Any) -> Any:
    y = np.zeros(9)
    for tap in range(3):
        y[tap : tap + 7 : 2] = w[tap] * x
    return y


def last_tap_of_conv(x: Any, w: Any) -> Any:
    y = np.zeros((2, 3))
    for i, j, a, b in np.ndindex(2, 3, 3, 3):
        y[i, j] = x[i + a, j + b] * w[a, b]
    return y


def dilation_one(x: Any, w: Any) -> Any:
    return np.convolve(x, w)


def zeros_not_circular(x: Any, w: Any) -> Any:
    return np.correlate(np.pad(x, 1), w)


def gradient_flipped(x: Any, v: Any) -> Any:
    return np.flip(students.kernel_gradient(x, v))


def gradient_without_stride(x: Any, v: Any) -> Any:
    return np.array([[np.sum(x[a : a + 2, b : b + 2] * v) for b in range(3)] for a in range(3)])


def gradient_flips(v: Any, w: Any) -> Any:
    return students.input_gradient(v, w[::-1, ::-1])


STRIDED = Conv((5, 5), 3, stride=2)

WRONG: dict[str, tuple[Layer, Any, Of, str]] = {
    "convolution flips": (PLANE, flipped_correlation, "layer", "kernel-flipped"),
    "zero insertion does not flip": (EXTRA, not_flipped, "layer", "kernel-flipped"),
    "pads p": (DOUBLING, pad_as_is, "layer", "pad-not-complemented"),
    "crop at the wrong end": (DOUBLING, crop_at_the_wrong_end, "layer", "crop-swapped"),
    "shifted": (DOUBLING, shifted, "layer", "shifted"),
    "not cropped": (DOUBLING, not_cropped, "layer", "padding-ignored"),
    "extra rows zero": (EXTRA, extra_rows_zero, "layer", "output-padding-zeros"),
    "extra rows missing": (EXTRA, extra_rows_missing, "layer", "output-padding-left-out"),
    "channels swapped": (SQUARE, channels_swapped, "layer", "channels-swapped"),
    "kernel transposed": (DOUBLING, transposed_rows, "layer", "rows-and-columns-swapped"),
    "result transposed": (DOUBLING, transposed_result, "layer", "rows-and-columns-swapped"),
    "flipped along columns": (PLANE, lambda x, w: students.conv_loop(x, w[:, ::-1]), "layer", "one-axis-flipped"),
    "flipped along rows": (DOUBLING, lambda x, w: canvas(x, w[::-1])[:4, :4], "layer", "one-axis-flipped"),
    "mean": (PLANE, lambda x, w: students.conv_loop(x, w) / 9, "layer", "scaled"),
    "stride one": (ConvTranspose((2, 2), 3, stride=2), stride_one, "layer", "stride-ignored"),
    "stamps overwritten": (DOUBLING, overwritten, "layer", "overwritten"),
    "taps overwritten": (students.LINE, overwritten_taps, "layer", "overwritten"),
    "sum overwritten": (PLANE, last_tap_of_conv, "layer", "overwritten"),
    "dilation one": (DILATED, dilation_one, "layer", "dilation-ignored"),
    "zeros for circular": (
        Conv(5, 3, padding=1, padding_mode="circular"),
        zeros_not_circular,
        "layer",
        "padding-mode-ignored",
    ),
    "gradient flips": (STRIDED, gradient_flips, "input-gradient", "kernel-flipped"),
    "kernel gradient flipped": (STRIDED, gradient_flipped, "kernel-gradient", "kernel-flipped"),
    "kernel gradient without stride": (STRIDED, gradient_without_stride, "kernel-gradient", "stride-ignored"),
}


def refutation(layer: Layer, function: Any, of: Of = "layer") -> Refuted:
    with pytest.raises(Refuted) as caught:
        verify(layer, function, of=of)
    return caught.value


@pytest.mark.parametrize("name", WRONG)
def test_a_students_mistake_is_named(name: str) -> None:
    layer, function, of, mistake = WRONG[name]
    error = refutation(layer, function, of)
    assert f"The usual mistake {mistake}: " in error.remedy
    assert function.__name__ in error.asked
    assert len(str(error)) < 600


def test_every_mistake_is_made_by_some_student() -> None:
    assert {mistake for _, _, _, mistake in WRONG.values()} == {mistake.name for mistake in MISTAKES}


@pytest.mark.parametrize("name", WRONG)
def test_the_pixel_is_the_first_that_differs_on_numbers(name: str) -> None:
    layer, function, of, _ = WRONG[name]
    error = refutation(layer, function, of)
    question = Question(layer, of)
    letter, shape = question.index
    if not error.counterexample:
        assert str(shape) in error.rule
        return
    random = np.random.default_rng(3)
    values = {name: int(random.integers(2, 10**6)) for name in (*question.subject.w_names, *question.subject.x_names)}
    values |= {symbol.name: int(random.integers(2, 10**6)) for symbol in question.subject.v_symbols.flat}

    def at_numbers(polynomial: Any) -> int:
        total = 0
        for monomial, coefficient in polynomial.terms.items():
            for variable in monomial:
                coefficient *= values[variable]
            total += coefficient
        return total

    a, b = (
        np.array([at_numbers(p) for p in argument.flat], dtype=float).reshape(argument.shape)
        for argument in question.arguments
    )
    right = np.array([float(at_numbers(p)) for p in question.output().flat]).reshape(shape)
    first = np.argwhere(function(a, b) != right)[0]
    names = [letter] if len(shape) == 1 else [f"{letter}{axis}" for axis in range(len(shape))]
    assert dict(error.counterexample) == dict(zip(names, map(int, first), strict=True))


LAYERS = (DOUBLING, EXTRA, SQUARE, DILATED, PLANE, STRIDED, students.CHANNELS, students.CONV_CHANNELS)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@pytest.mark.parametrize("of", KINDS)
def test_right_outputs_are_no_mistake_unless_the_two_are_the_same(layer: Layer, of: Of) -> None:
    question = Question(layer, of)
    for mistake in MISTAKES:
        for wrong in mistake.outputs(question):
            found = usual_mistake(question, wrong)
            assert found is not None
            names = [other.name for other in MISTAKES]
            assert names.index(found.name) <= names.index(mistake.name)


@every_layer
@pytest.mark.parametrize("of", KINDS)
def test_every_mistake_can_be_looked_for_in_every_layer(layer: Layer, of: Of) -> None:
    question = Question(layer, of)
    for mistake in MISTAKES:
        assert all(isinstance(wrong, np.ndarray) for wrong in mistake.outputs(question))


def test_the_message_speaks_in_the_letters_of_the_call() -> None:
    error = refutation(DOUBLING, overwritten)
    assert error.arrived == "x_{0,1}*w_{0,0}"
    assert error.rule == "it should be x_{0,0}*w_{0,2} + x_{0,1}*w_{0,0}"
    assert error.counterexample == {"m0": 0, "m1": 2}
    error = refutation(DOUBLING, lambda v, w: -2 * v, "input-gradient")
    assert (error.arrived, error.counterexample) == ("shape (4, 4)", {})
    error = refutation(PLANE, lambda x, w: students.conv_loop(x, w) - 3 * w[0, 0])
    assert error.arrived == "-3*w_{0,0} + w_{0,0}*x_{0,0} + w_{0,1}*x_{0,1} + w_{0,2}*x_{0,2} + 6 more"
    assert error.rule.endswith(" + 5 more")


def test_unknown_mistakes_are_not_guessed() -> None:
    assert refutation(PLANE, lambda x, w: students.conv_loop(x, w) ** 2).remedy == ""
    twice = np.array([[2, 2, 2], [2, 2, 1]])
    assert refutation(PLANE, lambda x, w: students.conv_loop(x, w) * twice).remedy == ""


@pytest.mark.parametrize(
    ("factor", "words"), [(Fraction(1, 9), "1/9 of"), (-2, "-2 times"), (Fraction(3, 2), "3/2 times")]
)
def test_a_constant_factor_is_told(factor: Any, words: str) -> None:
    error = refutation(PLANE, lambda x, w: students.conv_loop(x, w) * factor)
    assert error.remedy == f"The usual mistake scaled: every output is {words} what it should be."


CROPPED = ConvTranspose((2, 2), 3, stride=2, padding=1)


@pytest.mark.parametrize(
    ("rows", "columns", "words"), [(2, 2, "(+1, +1)"), (1, 0, "(0, -1)"), (0, 0, "(-1, -1)"), (2, 1, "(+1, 0)")]
)
def test_the_shift_of_a_crop_is_told(rows: int, columns: int, words: str) -> None:
    layer = CROPPED
    error = refutation(layer, lambda x, w: canvas(x, w)[rows : rows + 3, columns : columns + 3])
    assert f"the crop is shifted by {words}" in error.remedy


def test_the_shift_of_the_pads_is_told() -> None:
    error = refutation(Conv(5, 3, padding=1), lambda x, w: np.correlate(np.pad(x, (0, 2)), w))
    assert "the padding is shifted by (-1,)" in error.remedy


def test_the_name_of_the_mistake_comes_before_the_expressions() -> None:
    error = refutation(PLANE, flipped_correlation)
    assert str(error).startswith("flipped_correlation at output i0=0, i1=0 (kernel-flipped): got ")
    assert str(refutation(DOUBLING, not_cropped)).startswith("not_cropped (padding-ignored): got shape (5, 5)")


def test_rounded_fractions_are_told() -> None:
    verify(PLANE, lambda x, w: students.conv_loop(x * 3, w) / 3)
    assert "rounded" in refutation(PLANE, lambda x, w: students.conv_loop(x, w) * 3 * (1 / 3 + 1e-17 + 1 / 9)).remedy


def test_memory_that_was_never_written_is_told() -> None:
    def unset(x: Any, w: Any) -> Any:
        y = np.empty(9)
        for i in range(4):
            y[2 * i : 2 * i + 3] += x[i] * w
        return y

    error = refutation(students.LINE, unset)
    assert "empty_{0}" in error.arrived
    assert "np.zeros" in error.remedy


SHAPES: dict[str, tuple[Layer, Any, str]] = {
    "channel axis": (PLANE, lambda x, w: students.conv_loop(x, w)[None], "Leave out the channel axis"),
    "no channel axis": (students.CHANNELS, lambda x, w: students.einsum(x, w)[0], "channel axis is missing"),
    "channels last": (students.CHANNELS, lambda x, w: np.moveaxis(students.einsum(x, w), 0, -1), "channels first"),
    "flat": (PLANE, lambda x, w: students.conv_loop(x, w).ravel(), "Reshape"),
    "not cropped, otherwise wrong": (DOUBLING, lambda x, w: canvas(x, w) * 3, "before the crop"),
    "input": (PLANE, lambda x, w: x, "shape of the input"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_wrong_shape_gives_both_and_a_hint(name: str) -> None:
    layer, function, hint = SHAPES[name]
    error = refutation(layer, function)
    assert str(Question(layer).index[1]) in str(error)
    assert hint in error.remedy
    assert error.counterexample == {}
