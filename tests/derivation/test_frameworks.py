"""The frameworks section: its calls mean this layer, as the stored values of the frameworks have it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, conv_transpose
from symtconv.derivation import frameworkcalls as calls
from symtconv.derivation.frameworks import frameworks_section
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.cases import where
from tests.derivation.sectiontext import packed, page
from tests.derivation.test_derivation import UP4
from tests.test_oracles import cases, layer_of

ZEROS = where(lambda layer: layer.padding_mode == "zeros" and layer.ndim <= 3)


@pytest.mark.parametrize("letter", ["lambda", "tf", "delta"])
def test_letters_become_variables(letter: str, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(page(frameworks_section, UP4, v=letter, base=1, order="F", iverson=False)) == []
    name = letter if letter == "delta" else f"{letter}\\_"
    assert f"z=layer({name})" in packed(frameworks_section, UP4, v=letter)


def arguments(line: str) -> dict[str, Any]:
    """Read the keyword arguments of the call in a line, and its positional numbers."""
    call = next(node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call))
    found = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
    return found | {"positional": [node.value for node in call.args if isinstance(node, ast.Constant)]}


def each(value: Any, ndim: int) -> tuple[int, ...]:
    return (value,) * ndim if isinstance(value, int) else tuple(value)


@pytest.mark.parametrize("name", ZEROS)
def test_pytorch_parameters_mean_the_layer(name: str) -> None:
    """torch.nn.ConvTranspose crops padding at both ends and adds output_padding: ConvTranspose has the same words."""
    conv = ZEROS[name].convolution
    lines = calls.pytorch(conv, "v", "w")
    options = arguments(lines[0]) if lines else {}
    extras = [axis.large - axis.stride * (axis.small - 1) - axis.effective_kernel + 2 * axis.lo for axis in conv.axes]
    possible = all(
        axis.lo >= 0 and 0 <= extra < max(axis.stride, axis.dilation)
        for axis, extra in zip(conv.axes, extras, strict=True)
    )
    assert possible == (lines is not None)
    if lines is None:
        return
    ndim = conv.ndim
    made = ConvTranspose(
        conv.output_shape,
        conv.kernel_size,
        stride=each(options.get("stride", 1), ndim),
        padding=each(options.get("padding", 0), ndim),
        output_padding=each(options.get("output_padding", 0), ndim),
        dilation=each(options.get("dilation", 1), ndim),
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        groups=options.get("groups", 1),
    )
    assert options["bias"] is False
    assert options["positional"][:2] == [conv.out_channels, conv.in_channels]
    same_values(conv, made)


def same_values(conv: Conv, made: ConvTranspose) -> None:
    rng = np.random.default_rng(7)
    v = rng.integers(1, 99, (conv.out_channels, *conv.output_shape))
    w = rng.integers(1, 99, conv.kernel_shape)
    assert conv_transpose(made, v, w).tolist() == conv_transpose(conv.T, v, w).tolist()


@pytest.mark.parametrize("name", ZEROS)
def test_onnx_attributes_mean_the_layer(name: str) -> None:
    """ONNX has s(o-1) + K - lo - hi + output_padding, pads lo... hi..., none below 0, output_padding below s."""
    conv = ZEROS[name].convolution
    text = calls.onnx(conv)
    if text is None:
        assert any(axis.lo < 0 or axis.output_padding - axis.hi >= axis.stride for axis in conv.axes)
        return
    options = arguments(f"f({text})")
    pads = options["pads"]
    assert min(pads) >= 0
    made = ConvTranspose(
        conv.output_shape,
        options["kernel_shape"],
        stride=options["strides"],
        padding=list(zip(pads[: conv.ndim], pads[conv.ndim :], strict=True)),
        output_padding=options.get("output_padding", 0),
        dilation=options.get("dilations", 1),
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        groups=options.get("group", 1),
    )
    same_values(conv, made)


def transposed_cases(framework: str, function: str) -> dict[str, Any]:
    found = {name: case for name, case in cases().items() if name.startswith(framework) and case["transposed"]}
    return {name: case for name, case in found.items() if function in case["call"]}


def spelled(line: str) -> dict[str, Any]:
    found = arguments(line)
    found.pop("positional")
    return found


TF = transposed_cases("tensorflow", "tf.nn.conv")


@pytest.mark.parametrize("name", TF)
def test_tensorflow_is_asked_as_in_the_stored_cases(name: str) -> None:
    case = TF[name]
    conv = layer_of(case).convolution
    lines = calls.tensorflow(conv, "x", "w")
    if lines is None:
        assert conv.groups > 1
        return
    stored, ours = spelled(case["call"]), spelled(lines[0])
    stored["output_shape"] = (1, *stored["output_shape"][1:])
    if isinstance(stored["padding"], str) or ours["padding"] not in ("SAME", "VALID"):
        if isinstance(stored["padding"], str) and ours["padding"] != stored["padding"]:
            stored["padding"] = ours["padding"]  # with these sizes SAME and VALID have the same pads
            assert all(axis.lo == 0 for axis in conv.axes)
        if not isinstance(stored["padding"], str):
            stored["padding"], ours["padding"] = (
                [pair[0] for pair in pads] for pads in (stored["padding"], ours["padding"])
            )
        assert ours == stored


JAX = transposed_cases("jax", "lax.conv_transpose")


@pytest.mark.parametrize("name", JAX)
def test_jax_is_asked_as_in_the_stored_cases(name: str) -> None:
    case = JAX[name]
    conv = layer_of(case).convolution
    lines = calls.jax(conv, "x", "w")
    stored = spelled(case["call"])
    pads = stored["padding"]
    if lines is None:
        assert min(axis.effective_kernel - 1 - max(axis.lo, axis.hi) for axis in conv.axes) < 0
        return
    ours = spelled(lines[0])
    if isinstance(pads, str) or "use_consistent_padding" in stored:
        stored.pop("use_consistent_padding", None)
        stored["padding"] = ours["padding"]
        stretched = [axis.stride * (axis.small - 1) + 1 for axis in conv.axes]
        sizes = [
            size + sum(pair) - axis.effective_kernel + 1
            for size, pair, axis in zip(stretched, ours["padding"], conv.axes, strict=True)
        ]
        assert sizes == case["output_shape"]
    assert ours == stored


KERAS = transposed_cases("tensorflow", "keras.layers")


@pytest.mark.parametrize("name", KERAS)
def test_keras_is_asked_as_in_the_stored_cases(name: str) -> None:
    case = KERAS[name]
    lines = calls.keras(layer_of(case).convolution, "x", "w")
    assert lines is not None
    stored = arguments(case["call"].replace(")(x)", ")"))
    stored.pop("dilation_rate")
    ours = arguments(lines[0].removeprefix("layer = "))
    if ours["padding"] != stored["padding"]:
        assert all(axis.lo == 0 for axis in layer_of(case).axes)
        stored["padding"] = ours["padding"]
    assert ours == stored


def test_the_2x2_to_4x4_layer_has_no_pytorch_parameters() -> None:
    text = packed(frameworks_section, UP4)
    assert "alonehasnoparameters" in text
    assert r"4-(2\cdot1+3-0)=-1" in text
    assert "z=z[...,0:4,0:4]" in text
    assert calls.keras(UP4.convolution, "v", "w") is not None
    assert calls.onnx(UP4.convolution) == "kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1]"


def test_padding_modes_are_given_by_the_gradient() -> None:
    layer: Layer = Conv((4, 5), 3, padding=(1, 2), padding_mode="circular")
    text = packed(frameworks_section, layer)
    assert "torch.autograd.grad(y,x,v)" in text
    assert "ConvTranspose" not in text
    assert text.count("torch.nn.Conv2d") == 1


def test_the_weights_are_copied_and_the_shapes_told() -> None:
    text = packed(frameworks_section, UP4)
    assert r"layer.weight.data.copy\_(w)" in text
    assert "layer.set\\_weights([w])" in text
    assert "(1,1,2,2)" in text
    assert "(1,4,4,1)" in text
    for lines in (calls.pytorch(Conv(6, 2).convolution, "v", "w"), calls.keras(UP4.convolution, "v", "w")):
        assert lines is not None
        assert not any("#" in line for line in lines)
        assert lines[-1] == "z = layer(v)"


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Conv((3, 3), 2, in_channels=2, out_channels=2, groups=2), "hasnogroups"),
        (Conv(9, 3, dilation=2, stride=2, padding=2), "excludesadilationabove1togetherwithastrideabove1"),
        (Conv(9, 3, dilation=2, stride=2, padding=2), "version2.21runsthisontheCPU"),
        (Conv((2, 2, 2, 2), 1), "PyTorch,TensorFlow,Keras,JAXandONNXhavelayersofonetothreeaxes"),
    ],
)
def test_what_a_framework_lacks_is_said_with_its_reason(layer: Layer, said: str) -> None:
    text = packed(frameworks_section, layer)
    assert said in text
    assert "Thissection" not in text


def test_calls_that_were_not_tried_are_left_out() -> None:
    text = packed(frameworks_section, Conv(9, 3, dilation=2))
    assert r"\textbf{Keras}" not in text
    assert r"\textbf{TensorFlow}" not in packed(frameworks_section, Conv((5, 5, 5), 2, dilation=2))
    assert r"\textbf{TensorFlow}" in text
