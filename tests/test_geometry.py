"""Layers as values: shapes, transposes, equality, repr and pickles."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError
from symtconv.geometry import Axis, Layer
from symtconv.sizes import effective_kernel, transposed_size
from tests.cases import DCGAN, FIGURES, every_layer, figure, transposed_figure
from tests.definitions import output_size
from tests.strategies import convolution_arguments, layers, transposed_arguments, transposed_axes


def evaluated(text: str) -> Layer:
    made = eval(text, {"Conv": Conv, "ConvTranspose": ConvTranspose})  # noqa: S307 (the library's own repr)
    assert isinstance(made, Layer)
    return made


@pytest.mark.parametrize("name", FIGURES)
def test_figures_have_the_papers_sizes(name: str) -> None:
    n, o, p, k, s, d = FIGURES[name]
    conv = figure(name)
    assert conv.output_shape == (o, o)
    assert (conv.input_shape, conv.kernel_size, conv.stride) == ((n, n), (k, k), (s, s))
    assert (conv.padding, conv.dilation) == (((p, p), (p, p)), (d, d))
    assert transposed_figure(name).output_shape == (n, n)
    assert transposed_figure(name) == conv.T


@pytest.mark.parametrize(
    ("shape", "kernel", "expected", "pads"), [(2, 3, 4, (0, 1)), (3, 5, 6, (1, 2))], ids=["2x2-to-4x4", "3x3-to-6x6"]
)
def test_same_doubles_as_in_tensorflow(shape: int, kernel: int, expected: int, pads: tuple[int, int]) -> None:
    layer = ConvTranspose((shape, shape), kernel, stride=2, padding="same")
    assert layer.output_shape == (expected, expected)
    assert layer.padding == (pads, pads)
    assert Conv((expected, expected), kernel, stride=2, padding="same") == layer.T


def test_dcgans_generator_layer_doubles() -> None:
    assert DCGAN.output_shape == (8, 8)
    assert DCGAN.kernel_shape == (1024, 512, 4, 4)


@given(convolution_arguments())
def test_a_convolution_has_the_size_that_counting_gives(arguments: dict[str, Any]) -> None:
    layer = Conv(**arguments)
    for number, (n, k, s, d, (lo, hi)) in enumerate(
        zip(layer.input_shape, layer.kernel_size, layer.stride, layer.dilation, layer.padding, strict=True)
    ):
        counted = output_size(n, k, s, d, lo, hi)
        asked = arguments.get("output_shape")
        assert layer.output_shape[number] == (counted if asked is None else asked[number])
        assert layer.output_padding[number] == n - transposed_size(layer.output_shape[number], k, s, d, lo, hi)
        if isinstance(arguments["padding"], str) and arguments["padding"].startswith("same"):
            assert counted == -(-n // s)


@given(transposed_arguments())
def test_a_transposed_convolution_has_its_formulas_size(arguments: dict[str, Any]) -> None:
    layer = ConvTranspose(**arguments)
    extra = layer.output_padding
    for number, (i, k, s, d, (lo, hi)) in enumerate(
        zip(layer.input_shape, layer.kernel_size, layer.stride, layer.dilation, layer.padding, strict=True)
    ):
        assert layer.output_shape[number] == (i - 1) * s + d * (k - 1) + 1 - lo - hi + extra[number]
        assert 0 <= extra[number] < max(s, d)
        asked = arguments.get("output_shape")
        assert asked is None or layer.output_shape[number] == asked[number]
        if extra[number] < s:
            assert output_size(layer.output_shape[number], k, s, d, lo, hi) == i


@given(transposed_axes())
def test_output_padding_is_what_the_size_has_more(axis: tuple[int, int, int, int, int, int, int]) -> None:
    i, k, s, d, lo, hi, extra = axis
    layer = ConvTranspose(i, k, stride=s, dilation=d, padding=[(lo, hi)], output_padding=extra)
    assert layer.output_padding == (extra,)
    assert layer.output_shape == (transposed_size(i, k, s, d, lo, hi) + extra,)


@pytest.mark.parametrize("i", [1, 2, 5])
@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("s", [1, 2, 4])
def test_names_have_the_contracts_default_sizes(i: int, k: int, s: int) -> None:
    def size(padding: Any) -> int:
        return ConvTranspose(i, k, stride=s, padding=padding).output_shape[0]

    assert size("same") == size("same_lower") == i * s
    assert size("valid") == (i - 1) * s + max(k, s)
    full = (i - 1) * s + 2 - k
    if full >= 1:
        assert size("full") == full
    else:
        with pytest.raises(GeometryError, match="output_shape"):
            size("full")


@given(layers(3))
def test_the_transpose_of_the_transpose_is_the_layer(layer: Layer) -> None:
    transposed = layer.T
    assert layer == transposed.T
    assert type(transposed.T) is type(layer)
    assert type(transposed) is not type(layer)
    assert transposed != layer
    assert (transposed.input_shape, transposed.output_shape) == (layer.output_shape, layer.input_shape)
    assert (transposed.in_channels, transposed.out_channels) == (layer.out_channels, layer.in_channels)
    assert transposed.kernel_shape == layer.kernel_shape
    for name in ("kernel_size", "stride", "dilation", "padding", "groups", "padding_mode", "output_padding"):
        assert getattr(transposed, name) == getattr(layer, name)
    assert layer.convolution == (transposed if layer.transposed else layer)


@every_layer
def test_every_named_layer_has_a_transpose(layer: Layer) -> None:
    assert layer == layer.T.T
    assert layer.T.input_shape == layer.output_shape


@given(layers(3))
def test_repr_evaluates_back_to_an_equal_layer(layer: Layer) -> None:
    assert evaluated(repr(layer)) == layer
    assert evaluated(repr(layer.T)) == layer.T


def test_repr_shows_what_is_not_default() -> None:
    assert repr(Conv(4, 2)) == "Conv(input_shape=(4,), kernel_size=(2,))"
    assert repr(
        Conv((4, 5), 2, stride=(1, 2), padding=1, padding_mode="circular", in_channels=2, groups=2, out_channels=4)
    ) == (
        "Conv(input_shape=(4, 5), kernel_size=(2, 2), stride=(1, 2), padding=((1, 1), (1, 1)), "
        "in_channels=2, out_channels=4, groups=2, padding_mode='circular')"
    )
    assert repr(ConvTranspose(2, 3, stride=2, output_padding=1)) == (
        "ConvTranspose(input_shape=(2,), kernel_size=(3,), stride=(2,), output_padding=(1,))"
    )


def test_repr_says_that_the_transpose_is_truncated() -> None:
    layer = ConvTranspose(3, 2, dilation=4, output_padding=2)
    assert layer.output_padding == (2,)
    assert repr(layer.T) == "Conv(input_shape=(9,), kernel_size=(2,), output_shape=(3,), dilation=(4,))"
    assert layer.T.output_padding == (2,)


def test_repr_of_what_no_framework_could_ask_for_is_a_transpose() -> None:
    layer = Conv(9, 2, output_shape=3).T
    assert repr(layer) == "Conv(input_shape=(9,), kernel_size=(2,), output_shape=(3,)).T"
    assert evaluated(repr(layer)) == layer


@given(layers(3))
def test_layers_survive_pickling_and_copying(layer: Layer) -> None:
    for twin in (pickle.loads(pickle.dumps(layer)), copy.copy(layer), copy.deepcopy(layer)):
        assert twin == layer
        assert hash(twin) == hash(layer)
        assert type(twin) is type(layer)
        assert repr(twin) == repr(layer)


def test_equality_is_by_resolved_values() -> None:
    same = Conv((4, 4), 3, stride=2, padding="same")
    pairs = Conv([4, 4], (3, 3), stride=[2, 2], padding=[(0, 1), (0, 1)])
    assert same == pairs
    assert hash(same) == hash(pairs)
    assert len({same, pairs}) == 1
    assert ConvTranspose(2, 3, stride=2, padding="same") == ConvTranspose(2, 3, stride=2, padding=[(0, 1)])
    assert ConvTranspose(2, 3, stride=2, output_shape=6) == ConvTranspose(2, 3, stride=2, output_padding=1)
    assert Conv(4, 1, dilation=3) != Conv(4, 1)
    assert Conv(4, 2) != "Conv(4, 2)"
    assert (Conv(4, 2) == 5) is False


@pytest.mark.parametrize(
    "other",
    [
        Conv(5, 3, stride=2),
        Conv(4, 3),
        Conv(4, 2, stride=2),
        Conv(4, 3, stride=2, padding=1),
        Conv((4, 4), 3, stride=2),
        Conv(4, 3, stride=2, in_channels=2),
        Conv(4, 3, stride=2, out_channels=2),
        Conv(4, 3, stride=2, padding_mode="circular"),
        ConvTranspose(4, 3, stride=2),
    ],
    ids=repr,
)
def test_layers_that_differ_in_one_value_are_not_equal(other: Layer) -> None:
    assert Conv(4, 3, stride=2) != other


def test_groups_tell_layers_apart() -> None:
    assert Conv(4, 3, in_channels=2, out_channels=2) != Conv(4, 3, in_channels=2, out_channels=2, groups=2)


@pytest.mark.parametrize("layer", [Conv(4, 2), ConvTranspose(4, 2)], ids=["Conv", "ConvTranspose"])
def test_layers_are_immutable(layer: Layer) -> None:
    for name in ("stride", "axes", "in_channels", "new"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(layer, name, 2)
    with pytest.raises(AttributeError, match="immutable"):
        del layer.axes
    with pytest.raises(AttributeError):
        layer.axes[0].large = 9  # type: ignore[misc]
    assert not hasattr(layer, "__dict__")


def test_attributes_are_resolved() -> None:
    layer = ConvTranspose((2, 3), 3, stride=(2, 1), padding="same", in_channels=4, out_channels=6, groups=2)
    assert layer.input_shape == (2, 3)
    assert layer.output_shape == (4, 3)
    assert layer.kernel_size == (3, 3)
    assert layer.stride == (2, 1)
    assert layer.dilation == (1, 1)
    assert layer.padding == ((0, 1), (1, 1))
    assert layer.output_padding == (0, 0)
    assert (layer.in_channels, layer.out_channels, layer.groups) == (4, 6, 2)
    assert layer.padding_mode == "zeros"
    assert layer.kernel_shape == (4, 3, 3, 3)
    assert layer.T.kernel_shape == (4, 3, 3, 3)
    assert layer.ndim == 2
    assert not layer.single_channel


def test_weights_have_pytorchs_layout() -> None:
    assert Conv((9, 9), (3, 2), in_channels=4, out_channels=6, groups=2).kernel_shape == (6, 2, 3, 2)
    assert ConvTranspose((9, 9), (3, 2), in_channels=4, out_channels=6, groups=2).kernel_shape == (4, 3, 3, 2)


@given(layers(1))
def test_same_output_lists_the_sizes_that_brute_force_finds(layer: Layer) -> None:
    (axis,) = layer.axes
    found = []
    for size in range(1, axis.large + axis.stride + 8):
        try:
            other = Conv(
                size,
                axis.kernel_size,
                stride=axis.stride,
                padding=[(axis.lo, axis.hi)],
                dilation=axis.dilation,
                padding_mode=layer.padding_mode,
            )
        except GeometryError:
            continue
        if other.output_shape == (axis.small,):
            found.append(size)
    assert list(layer.same_output[0]) == found


def test_same_output_is_why_output_padding_exists() -> None:
    layer = Conv((5, 6), 3, stride=2, padding=1)
    assert layer.output_shape == (3, 3)
    assert layer.same_output == (range(5, 7), range(5, 7))
    assert [ConvTranspose(3, 3, stride=2, padding=1, output_padding=extra).output_shape[0] for extra in (0, 1)] == list(
        layer.same_output[0]
    )


def test_axes_tell_their_arithmetic() -> None:
    (axis,) = Conv(8, 2, stride=3, dilation=2, padding=[(1, 0)]).axes
    assert (axis.effective_kernel, axis.formula_size, axis.remainder, axis.output_padding) == (3, 3, 0, 0)
    (axis,) = Conv(9, 2, stride=3, dilation=2, padding=[(1, 0)]).axes
    assert (axis.formula_size, axis.remainder, axis.output_padding) == (3, 1, 1)
    (axis,) = Conv(9, 2, stride=3, dilation=2, padding=[(1, 0)], output_shape=2).axes
    assert (axis.formula_size, axis.remainder, axis.output_padding) == (3, 1, 4)
    assert axis.effective_kernel == effective_kernel(2, 2)


def test_a_bare_layer_has_no_transpose() -> None:
    with pytest.raises(TypeError, match="abstract"):
        _ = Layer.__new__(Layer).T


def test_a_pickled_layer_keeps_the_rules() -> None:
    broken = Conv._resolved((Axis(4, 9, 2, 1, 1, 0, 0),), 1, 1, 1, "zeros")
    with pytest.raises(GeometryError, match="output_shape"):
        pickle.loads(pickle.dumps(broken))


def test_too_many_axes_and_too_long_sizes_are_refused_at_once() -> None:
    with pytest.raises(GeometryError, match="at most 16"):
        Conv((1,) * 10**6, 1)
    with pytest.raises(GeometryError, match="16610 bits"):
        Conv(4, 10**5000)
