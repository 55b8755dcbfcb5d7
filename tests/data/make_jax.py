"""Write jax.json: convolutions, their transposes and gradients as JAX computes them.

Run it with a Python that has jax, jaxlib and numpy: `python make_jax.py`. Everything is computed in float64 on the CPU.
"""

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cases_for_oracles import (
    ASYMMETRIC_CONVS,
    ASYMMETRIC_TRANSPOSES,
    CONVS,
    NEGATIVE_CONVS,
    NEGATIVE_TRANSPOSES,
    SAME_CONVS,
    SAME_STRIDED_CONVS,
    SAME_TRANSPOSES,
    SHORT_TRANSPOSES,
    TRANSPOSES,
    VALID_CONVS,
    VALID_TRANSPOSES,
    Case,
    Conv,
    ConvTranspose,
    Layer,
    Pairs,
    spell_call,
    transposed_of,
    without_bias,
    write,
)

Function = Callable[[Any, Any], Any]

AXES = {1: ("NCH", "OIH", "NCH"), 2: ("NCHW", "OIHW", "NCHW"), 3: ("NCDHW", "OIDHW", "NCDHW")}
"""Channels first; lax.conv_transpose takes them last unless told. With transpose_kernel, O is its input channels."""

LOWER_CONVS = [replace(layer, padding="same_lower") for layer in [*SAME_CONVS[1::4], *SAME_STRIDED_CONVS[1:12:2]]]
"""Odd and even kernels, with and without stride."""

PULLED_BACK = [
    *without_bias(CONVS[3::5] + CONVS[4:6] + CONVS[22:23] + ASYMMETRIC_CONVS[2:7:2] + NEGATIVE_CONVS),
    *without_bias(SAME_STRIDED_CONVS[4:9:4] + LOWER_CONVS[4::4]),
]
"""Convolutions whose gradient with respect to the input is stored as a transposed convolution."""

DILATED_TRANSPOSES = [
    ConvTranspose((4,), (3,), padding="same", dilation=2),
    ConvTranspose((3,), (2,), stride=2, padding="same", dilation=3),
    ConvTranspose((2, 3), (2, 3), stride=(2, 1), padding="valid", dilation=(3, 2)),
]
"""Strings with dilation: their rule takes the effective kernel size."""


def convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give lax.conv_general_dilated with pads (negative ones crop), 'SAME', 'SAME_LOWER' or 'VALID'."""
    lax: Any = importlib.import_module("jax.lax")
    padding = layer.padding.upper() if isinstance(layer.padding, str) else layer.pads
    options = {
        "window_strides": layer.strides,
        "padding": padding,
        "rhs_dilation": layer.dilations,
        "feature_group_count": layer.groups,
    }
    call = spell_call("lax.conv_general_dilated", "x, w", options)
    return f"conv_general_dilated{layer.dims}d", call, lambda x, w: lax.conv_general_dilated(x, w, **options)


def transposed_convolution(layer: ConvTranspose, padding: str | Pairs, consistent: bool) -> tuple[str, str, Function]:
    """Give lax.conv_transpose with transpose_kernel=True."""
    lax: Any = importlib.import_module("jax.lax")
    options: dict[str, object] = {
        "strides": layer.strides,
        "padding": padding,
        "rhs_dilation": layer.dilations,
        "dimension_numbers": AXES[layer.dims],
        "transpose_kernel": True,
    }
    if consistent:
        options["use_consistent_padding"] = True
    call = spell_call("lax.conv_transpose", "x, w", options)
    return f"conv_transpose{layer.dims}d", call, lambda x, w: lax.conv_transpose(x, w, **options)


def transposed_by_string(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give lax.conv_transpose with 'SAME' or 'VALID'."""
    assert isinstance(layer.padding, str)
    return transposed_convolution(layer, layer.padding.upper(), consistent=False)


def transposed_by_zeros(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give lax.conv_transpose with pairs in its usual sense: the zeros around the stretched input.

    A pad p of the convolution that is transposed leaves K - 1 - p zeros on its side; output_padding adds to the last.
    """
    zeros = tuple(
        (span - 1 - lo, span - 1 - hi + extra)
        for span, (lo, hi), extra in zip(layer.spans, layer.pads, layer.output_paddings, strict=True)
    )
    return transposed_convolution(layer, zeros, consistent=False)


def transposed_by_pads(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give lax.conv_transpose with use_consistent_padding=True: pairs are the pads of the convolution transposed."""
    assert not any(layer.output_paddings)
    name, call, function = transposed_convolution(layer, layer.pads, consistent=True)
    return f"consistent_{name}", call, function


def gradient(layer: Conv) -> tuple[ConvTranspose, str, str, Function]:
    """Give jax.vjp of lax.conv_general_dilated with respect to its left side: a transposed convolution."""
    jax: Any = importlib.import_module("jax")
    kind, call, function = convolution(layer)
    origin = jax.numpy.zeros((max(layer.batch, 1), layer.channels[0], *layer.input_shape))
    output_shape = tuple(function(origin, jax.numpy.zeros(layer.kernel_shape)).shape[2:])

    def pull_back(v: Any, w: Any) -> Any:
        return jax.vjp(lambda x: function(x, w), origin)[1](v)[0]

    return transposed_of(layer, output_shape), f"vjp_{kind}", f"jax.vjp(lambda x: {call}, x)[1](v)[0]", pull_back


def run(layer: Layer, kind: str, call: str, function: Function) -> dict[str, Any]:
    """Compute one case, and by jax.vjp its gradients with respect to input and kernel."""
    jax: Any = importlib.import_module("jax")
    case = Case("JAX", kind, layer)
    x = jax.numpy.asarray(case.x if layer.batch else case.x[None], dtype="float64")
    y, pull_back = jax.vjp(function, x, jax.numpy.asarray(case.kernel, dtype="float64"))
    v = case.draw("v", y.shape if layer.batch else y.shape[1:])
    grad_x, grad_kernel = pull_back(jax.numpy.asarray(v.reshape(y.shape), dtype="float64"))
    if not layer.batch:
        y, grad_x = y[0], grad_x[0]
    if case.bias is not None:
        y, call = y + case.bias.reshape(-1, *(1,) * layer.dims), f"{call} + bias"
    return case.record(call, y, v=v, grad_x=grad_x, grad_kernel=grad_kernel)


def main() -> None:
    """Run every layer and write the file."""
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    convs = [*CONVS[1::4], *ASYMMETRIC_CONVS[1::2], *NEGATIVE_CONVS, *LOWER_CONVS, *VALID_CONVS[1::2]]
    convs += [*SAME_CONVS[::3], *SAME_STRIDED_CONVS[::2]]
    cases = [run(layer, *convolution(layer)) for layer in convs]
    strings = [*SAME_TRANSPOSES[1::2], *SHORT_TRANSPOSES[1:], *VALID_TRANSPOSES[2::2], *DILATED_TRANSPOSES]
    cases += [run(layer, *transposed_by_string(layer)) for layer in strings]
    pairs = [layer for layer in [*TRANSPOSES, *ASYMMETRIC_TRANSPOSES, *NEGATIVE_TRANSPOSES] if layer.groups == 1]
    cases += [run(layer, *transposed_by_zeros(layer)) for layer in pairs[2::3]]
    consistent = [layer for layer in pairs[3::3] if not any(layer.output_paddings)]
    cases += [run(layer, *transposed_by_pads(layer)) for layer in consistent]
    cases += [run(*gradient(layer)) for layer in PULLED_BACK]
    write(__file__, "JAX", jax.__version__, {"jaxlib": importlib.import_module("jaxlib").__version__}, cases)


if __name__ == "__main__":
    main()
