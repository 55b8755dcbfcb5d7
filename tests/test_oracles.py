"""Expected values from PyTorch, TensorFlow, JAX and onnxruntime, stored with their versions (tests/data/README.md)."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, conv_transpose, convolve, kernel_jacobian, operator, sparse_matrix
from symtconv.geometry import Layer
from symtconv.transposed import Method

METHODS: tuple[Method, ...] = ("stamp", "zero-insertion", "subpixel", "matrix")


@cache
def oracles() -> dict[str, dict[str, Any]]:
    """Read every file of stored values, by the file's name."""
    found = sorted((Path(__file__).parent / "data").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in found}


def cases() -> dict[str, dict[str, Any]]:
    return {f"{name}-{case['id']}": case for name, file in oracles().items() for case in file["cases"]}


every_case = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases().items()])
every_gradient = pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in cases().items() if "v" in case]
)


def layer_of(case: dict[str, Any]) -> Layer:
    return (ConvTranspose if case["transposed"] else Conv)(**case["layer"])


def arrays(case: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    bias = case.get("bias")
    return np.array(case["x"]), np.array(case["kernel"]), None if bias is None else np.array(bias), np.array(case["y"])


def batched(layer: Layer, x: Any) -> Any:
    """Give the inputs one by one, (channels, *pixels) each."""
    return x.reshape(-1, layer.in_channels, *layer.input_shape)


def test_there_are_at_least_200_cases_of_four_frameworks_with_their_versions() -> None:
    assert len(cases()) >= 200
    assert len(cases()) == sum(len(file["cases"]) for file in oracles().values())
    assert {file["framework"] for file in oracles().values()} >= {"PyTorch", "TensorFlow", "JAX", "onnxruntime"}
    for file in oracles().values():
        assert file["version"][0].isdigit()
        assert all(version[0].isdigit() for version in file["with"].values())
        assert file["cases"]


def test_the_cases_cover_what_frameworks_differ_in() -> None:
    found: Counter[str] = Counter()
    for case in cases().values():
        layer = layer_of(case)
        pads = [pad for axis in layer.padding for pad in axis]
        asked = case["layer"].get("padding", 0)
        even = any(k % 2 == 0 for k in layer.kernel_size)
        found.update(
            {
                f"{layer.ndim}-D",
                "transposed" if layer.transposed else "convolution",
                "strided" if max(layer.stride) > 1 else "stride 1",
                "dilated" if max(layer.dilation) > 1 else "dilation 1",
                "negative pad" if min(pads) < 0 else "no negative pad",
                "asymmetric" if any(lo != hi for lo, hi in layer.padding) else "symmetric",
                "groups" if layer.groups > 1 else "no groups",
                layer.padding_mode,
                f"{asked} {'even' if even else 'odd'}" if isinstance(asked, str) else "numbers",
                "gradients" if "v" in case else "no gradients",
                "bias" if "bias" in case else "no bias",
                "output padding" if layer.transposed and any(layer.output_padding) else "no output padding",
            }
        )
    wanted = (
        *(
            "1-D",
            "2-D",
            "3-D",
            "transposed",
            "convolution",
            "strided",
            "dilated",
            "negative pad",
            "asymmetric",
            "groups",
        ),
        *("zeros", "circular", "reflect", "replicate", "same odd", "same even", "same_lower odd", "same_lower even"),
        *("gradients", "bias", "output padding"),
    )
    for feature in wanted:
        assert found[feature] >= 3, feature


@every_case
def test_the_size_is_the_frameworks(case: dict[str, Any]) -> None:
    layer = layer_of(case)
    assert list(layer.output_shape) == case["output_shape"]
    assert list(layer.kernel_shape) == list(np.array(case["kernel"]).shape)


@every_case
def test_the_definition_gives_the_frameworks_values(case: dict[str, Any]) -> None:
    layer = layer_of(case)
    x, kernel, bias, y = arrays(case)
    if isinstance(layer, Conv):
        assert convolve(layer, x, kernel, bias).tolist() == y.tolist()
        return
    assert isinstance(layer, ConvTranspose)
    for method in METHODS:
        assert conv_transpose(layer, x, kernel, bias, method=method).tolist() == y.tolist(), method


@every_case
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_matrix_and_the_operator_give_the_frameworks_values(case: dict[str, Any], order: Any) -> None:
    layer = layer_of(case)
    x, kernel, bias, y = arrays(case)
    offset = 0 if bias is None else bias.reshape(-1, *(1,) * layer.ndim)
    expected = (y - offset).reshape(-1, layer.out_channels, *layer.output_shape)
    C, A = sparse_matrix(layer, kernel, order=order), operator(layer, kernel, order=order)
    for one, result in zip(batched(layer, x), expected, strict=True):
        vector = one.reshape(-1, order=order)
        assert (C @ vector).tolist() == result.reshape(-1, order=order).tolist()
        assert A.matvec(vector).tolist() == result.reshape(-1, order=order).tolist()


@every_gradient
def test_gradients_are_the_frameworks(case: dict[str, Any]) -> None:
    layer = layer_of(case)
    x, kernel, _, _ = arrays(case)
    v = np.array(case["v"])
    if layer.transposed:
        by_input = convolve(layer.convolution, v, kernel)
    else:
        by_input = conv_transpose(layer.T, v, kernel)  # type: ignore[arg-type]
    assert by_input.tolist() == case["grad_x"]
    by_adjoint = [operator(layer, kernel).rmatvec(one.reshape(-1)) for one in batched(layer.T, v)]
    assert np.array(by_adjoint).reshape(x.shape).tolist() == case["grad_x"]
    by_kernel = sum(
        kernel_jacobian(layer, one).T @ cotangent.reshape(-1)
        for one, cotangent in zip(batched(layer, x), batched(layer.T, v), strict=True)
    )
    assert np.array(by_kernel).reshape(layer.kernel_shape).tolist() == case["grad_kernel"]
