"""Write pytorch.json: convolutions, transposed convolutions, padding modes and gradients as PyTorch computes them.

Run it with a Python that has torch and numpy: `python make_pytorch.py`. Everything is computed in float64 on the CPU.
"""

import importlib
from collections.abc import Callable
from typing import Any

from cases_for_oracles import (
    ASYMMETRIC_CONVS,
    ASYMMETRIC_TRANSPOSES,
    CONVS,
    NEGATIVE_CONVS,
    NEGATIVE_TRANSPOSES,
    SAME_CONVS,
    TRANSPOSES,
    VALID_CONVS,
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

Function = Callable[[Any, Any, Any], Any]

LARGE_OUTPUT_PADDINGS = [
    ConvTranspose((3,), (2,), dilation=2, output_padding=1),
    ConvTranspose((3,), (3,), stride=2, dilation=3, output_padding=2, channels=(1, 2), bias=True),
    ConvTranspose((2, 3), (2, 2), stride=(1, 2), padding=1, dilation=3, output_padding=(2, 1)),
    ConvTranspose((3, 2), (2, 3), stride=(2, 1), dilation=(1, 2), output_padding=(1, 1), channels=(2, 2), groups=2),
    ConvTranspose((2, 2, 2), (2, 1, 2), stride=(1, 1, 2), dilation=(2, 1, 3), output_padding=(1, 0, 2)),
]
"""stride <= output_padding < dilation on some axis, which PyTorch accepts."""

FULL_CONVS = [
    Conv((4,), (3,), padding="full"),
    Conv((5,), (2,), stride=2, padding="full", dilation=2, channels=(2, 1)),
    Conv((3, 4), (3, 2), padding="full", bias=True),
]

FULL_TRANSPOSES = [
    ConvTranspose((6,), (3,), padding="full"),
    ConvTranspose((4, 5), (3, 2), stride=(1, 2), padding="full", channels=(2, 1)),
]
"""'full' is not a word of PyTorch's: it is given as padding = K - 1."""

OUTPUT_SIZES = [
    ConvTranspose((3,), (3,), stride=3, padding=1, output_shape=(8,)),
    ConvTranspose((2, 3), (3, 2), stride=(2, 3), padding=(1, 0), output_shape=(4, 9), channels=(2, 1), bias=True),
    ConvTranspose((2, 2, 2), (2, 3, 1), stride=(2, 1, 3), output_shape=(5, 4, 6)),
]
"""Given to torch.nn.ConvTranspose by output_size."""

MODE_CONVS = [
    Conv((5,), (3,), padding=1, padding_mode="circular"),
    Conv((5,), (3,), padding=2, padding_mode="reflect"),
    Conv((5,), (3,), padding=2, padding_mode="replicate"),
    Conv((4,), (4,), stride=2, padding=4, padding_mode="circular", channels=(1, 2), bias=True),
    Conv((4,), (3,), stride=3, padding=3, padding_mode="reflect", channels=(2, 2), groups=2),
    Conv((3,), (3,), stride=2, padding=5, dilation=2, padding_mode="replicate", channels=(2, 1), batch=2),
    Conv((6,), (4,), padding="same", padding_mode="circular"),
    Conv((6,), (4,), padding="same", padding_mode="reflect"),
    Conv((7,), (2,), padding="same", dilation=3, padding_mode="replicate"),
    Conv((4, 5), (3, 3), padding=1, padding_mode="circular"),
    Conv((4, 5), (3, 3), padding=1, padding_mode="reflect"),
    Conv((4, 5), (3, 3), padding=1, padding_mode="replicate"),
    Conv((4, 3), (3, 2), stride=(2, 1), padding=(3, 1), padding_mode="circular", channels=(2, 2), groups=2),
    Conv((5, 4), (2, 3), stride=(1, 2), padding=(0, 3), dilation=(2, 1), padding_mode="reflect", bias=True),
    Conv((3, 4), (3, 2), stride=2, padding=(4, 1), padding_mode="replicate", channels=(1, 2)),
    Conv((4, 4), (2, 3), padding="same", padding_mode="circular", channels=(2, 1)),
    Conv((5, 4), (4, 3), padding="same", padding_mode="reflect"),
    Conv((3, 5), (2, 5), padding="same", padding_mode="replicate", bias=True),
    Conv((2, 3, 3), (2, 3, 2), padding=1, padding_mode="circular"),
    Conv((3, 3, 2), (2, 2, 3), stride=(1, 2, 1), padding=(2, 1, 1), padding_mode="reflect"),
    Conv((2, 3, 2), (3, 2, 2), stride=(2, 1, 1), padding=(1, 2, 0), padding_mode="replicate", channels=(1, 2)),
    Conv((3, 2, 3), (2, 1, 3), padding="same", padding_mode="circular", batch=2),
]
"""Given to torch.nn.Conv by padding_mode."""

MODE_PADS = [
    Conv((5,), (3,), padding=((3, 1),), padding_mode="circular"),
    Conv((5,), (2,), stride=2, padding=((0, 4),), padding_mode="reflect"),
    Conv((3,), (3,), padding=((1, 4),), padding_mode="replicate"),
    Conv((4, 3), (2, 2), stride=2, padding=((1, 0), (0, 3)), padding_mode="circular"),
    Conv((4, 4), (3, 2), padding=((0, 2), (1, 0)), dilation=(1, 2), padding_mode="reflect", channels=(1, 2)),
    Conv((2, 4), (3, 3), stride=(1, 2), padding=((3, 1), (0, 2)), padding_mode="replicate", channels=(2, 2), bias=True),
]
"""Pads that differ between the sides, in a padding mode."""


def last_axis_first(pads: Pairs) -> tuple[int, ...]:
    """Give pads in the order of torch.nn.functional.pad: the last axis comes first."""
    return tuple(entry for pair in reversed(pads) for entry in pair)


def padding_of(layer: Layer) -> str | int | tuple[int, ...] | Pairs:
    """Give the padding in PyTorch's words."""
    return tuple(span - 1 for span in layer.spans) if layer.padding == "full" else layer.padding


def convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give torch.nn.functional.conv1d, conv2d or conv3d with `padding` an int, one an axis, 'same' or 'valid'."""
    functional: Any = importlib.import_module("torch.nn.functional")
    name = f"conv{layer.dims}d"
    options = {
        "stride": layer.stride,
        "padding": padding_of(layer),
        "dilation": layer.dilation,
        "groups": layer.groups,
    }
    call = spell_call(f"torch.nn.functional.{name}", "x, w, b" if layer.bias else "x, w", options)
    return name, call, lambda x, w, b: getattr(functional, name)(x, w, b, **options)


def padded_convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give torch.nn.functional.pad (in the layer's mode; a negative pad crops), then a convolution without padding."""
    functional: Any = importlib.import_module("torch.nn.functional")
    name = f"conv{layer.dims}d"
    pads = last_axis_first(layer.pads)
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    options = {"stride": layer.stride, "dilation": layer.dilation, "groups": layer.groups}
    inner = spell_call("torch.nn.functional.pad", f"x, {pads}", {"mode": mode})
    call = spell_call(f"torch.nn.functional.{name}", f"{inner}, w, b" if layer.bias else f"{inner}, w", options)

    def function(x: Any, w: Any, b: Any) -> Any:
        batched = x if layer.batch else x[None]
        y = getattr(functional, name)(functional.pad(batched, pads, mode=mode), w, b, **options)
        return y if layer.batch else y[0]

    return f"pad_{name}", call, function


def module_convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give torch.nn.Conv1d, Conv2d or Conv3d with a padding_mode."""
    torch: Any = importlib.import_module("torch")
    name = f"Conv{layer.dims}d"
    options = {
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "groups": layer.groups,
        "bias": layer.bias,
        "padding_mode": layer.padding_mode,
    }
    module = getattr(torch.nn, name)(*layer.channels, layer.kernel_size, dtype=torch.float64, **options)
    call = spell_call(f"torch.nn.{name}", "{}, {}, {}".format(*layer.channels, layer.kernel_size), options)

    def function(x: Any, w: Any, b: Any) -> Any:
        weights = {"weight": w} if b is None else {"weight": w, "bias": b}
        y = torch.func.functional_call(module, weights, (x if layer.batch else x[None],))
        return y if layer.batch else y[0]

    return name, f"{call}(x)", function


def transposed_convolution(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give torch.nn.functional.conv_transpose1d, conv_transpose2d or conv_transpose3d."""
    functional: Any = importlib.import_module("torch.nn.functional")
    name = f"conv_transpose{layer.dims}d"
    options = {
        "stride": layer.stride,
        "padding": padding_of(layer),
        "output_padding": layer.output_padding,
        "groups": layer.groups,
        "dilation": layer.dilation,
    }
    call = spell_call(f"torch.nn.functional.{name}", "x, w, b" if layer.bias else "x, w", options)
    return name, call, lambda x, w, b: getattr(functional, name)(x, w, b, **options)


def cropped_transposed_convolution(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give an unpadded transposed convolution, then torch.nn.functional.pad by -lo and output_padding - hi."""
    functional: Any = importlib.import_module("torch.nn.functional")
    name = f"conv_transpose{layer.dims}d"
    options = {"stride": layer.stride, "groups": layer.groups, "dilation": layer.dilation}
    pads = last_axis_first(
        tuple((-lo, extra - hi) for (lo, hi), extra in zip(layer.pads, layer.output_paddings, strict=True))
    )
    call = f"torch.nn.functional.pad({spell_call(f'torch.nn.functional.{name}', 'x, w', options)}, {pads})"

    def function(x: Any, w: Any, b: Any) -> Any:
        y = functional.pad(getattr(functional, name)(x, w, **options), pads)
        return y if b is None else y + b.reshape(-1, *(1,) * layer.dims)

    return f"{name}_pad", call + (" + b[:, None]" if layer.bias else ""), function


def sized_transposed_convolution(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give torch.nn.ConvTranspose1d, ConvTranspose2d or ConvTranspose3d, called with output_size."""
    torch: Any = importlib.import_module("torch")
    name = f"ConvTranspose{layer.dims}d"
    options = {
        "stride": layer.stride,
        "padding": layer.padding,
        "groups": layer.groups,
        "bias": layer.bias,
        "dilation": layer.dilation,
    }
    module = getattr(torch.nn, name)(*layer.channels, layer.kernel_size, dtype=torch.float64, **options)
    call = spell_call(f"torch.nn.{name}", "{}, {}, {}".format(*layer.channels, layer.kernel_size), options)

    def function(x: Any, w: Any, b: Any) -> Any:
        weights = {"weight": w} if b is None else {"weight": w, "bias": b}
        return torch.func.functional_call(module, weights, (x,), {"output_size": layer.output_shape})

    return name, f"{call}(x, output_size={layer.output_shape})", function


def gradient(layer: Conv, kind: str, call: str, function: Function) -> tuple[ConvTranspose, str, str, Function]:
    """Give torch.autograd.grad of a convolution with respect to its input: a transposed convolution."""
    torch: Any = importlib.import_module("torch")
    batch = (layer.batch,) if layer.batch else ()
    origin = torch.zeros((*batch, layer.channels[0], *layer.input_shape), dtype=torch.float64, requires_grad=True)
    kernel = torch.zeros(layer.kernel_shape, dtype=torch.float64)
    output_shape = tuple(function(origin, kernel, None).shape[-layer.dims :])

    def pull_back(v: Any, w: Any, b: Any) -> Any:
        return torch.autograd.grad(function(origin, w, b), origin, v, create_graph=True)[0]

    spelled = f"torch.autograd.grad(y, x, grad_outputs=v) with y = {call}"
    return transposed_of(layer, output_shape), f"grad_{kind}", spelled, pull_back


def run(layer: Layer, kind: str, call: str, function: Function) -> dict[str, Any]:
    """Compute one case, and by torch.autograd.grad its gradients with respect to input and kernel."""
    torch: Any = importlib.import_module("torch")
    case = Case("PyTorch", kind, layer)
    x = torch.tensor(case.x, dtype=torch.float64, requires_grad=True)
    w = torch.tensor(case.kernel, dtype=torch.float64, requires_grad=True)
    b = None if case.bias is None else torch.tensor(case.bias, dtype=torch.float64)
    y = function(x, w, b)
    v = case.draw("v", tuple(y.shape))
    grad_x, grad_kernel = torch.autograd.grad(y, (x, w), torch.tensor(v, dtype=torch.float64))
    return case.record(call, y.detach().numpy(), v=v, grad_x=grad_x.numpy(), grad_kernel=grad_kernel.numpy())


def main() -> None:
    """Run every layer and write the file."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    cases = [run(layer, *convolution(layer)) for layer in [*CONVS, *SAME_CONVS, *VALID_CONVS[::3], *FULL_CONVS]]
    padded = [*ASYMMETRIC_CONVS[::2], *NEGATIVE_CONVS[1::2], *MODE_PADS]
    cases += [run(layer, *padded_convolution(layer)) for layer in padded]
    cases += [run(layer, *module_convolution(layer)) for layer in MODE_CONVS]
    transposes = [*TRANSPOSES, *LARGE_OUTPUT_PADDINGS, *FULL_TRANSPOSES]
    cases += [run(layer, *transposed_convolution(layer)) for layer in transposes]
    cropped = [*ASYMMETRIC_TRANSPOSES[1::2], *NEGATIVE_TRANSPOSES]
    cases += [run(layer, *cropped_transposed_convolution(layer)) for layer in cropped]
    cases += [run(layer, *sized_transposed_convolution(layer)) for layer in OUTPUT_SIZES]
    cases += [run(*gradient(layer, *padded_convolution(layer))) for layer in without_bias(MODE_PADS[::2])]
    cases += [run(*gradient(layer, *module_convolution(layer))) for layer in without_bias(MODE_CONVS[::2])]
    cases += [run(*gradient(layer, *convolution(layer))) for layer in without_bias(SAME_CONVS[1::4])]
    write(__file__, "PyTorch", torch.__version__.split("+")[0], {}, cases)


if __name__ == "__main__":
    main()
