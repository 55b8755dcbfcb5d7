"""Write tensorflow.json: convolutions, transposed convolutions and gradients as TensorFlow and Keras compute them.

Run it with a Python that has tensorflow (or tensorflow-cpu), keras and numpy: `python make_tensorflow.py`. Everything
is computed in float32 on the CPU, where TensorFlow lacks some kernels in float64. Arrays go in channels last and come
back channels first; TensorFlow's filters are (*k, in/groups, out) and, transposed, (*k, out/groups, in).
"""

import importlib
import os
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from cases_for_oracles import (
    ASYMMETRIC_CONVS,
    CONVS,
    SAME_CONVS,
    SAME_STRIDED_CONVS,
    SAME_TRANSPOSES,
    SHORT_TRANSPOSES,
    VALID_CONVS,
    VALID_TRANSPOSES,
    Case,
    Conv,
    ConvTranspose,
    Layer,
    Shape,
    spell_call,
    write,
)
from numpy.typing import NDArray

Array = NDArray[np.generic]
Function = Callable[[Any, Any], Any]

EXPLICIT_CONVS = [layer for layer in [*CONVS, *ASYMMETRIC_CONVS] if layer.dims == 2 and any(map(any, layer.pads))]
"""tf.nn.conv2d is the one that takes pads in numbers."""

DEPTHWISE_CONVS = [
    Conv((5, 4), (3, 2), stride=2, padding="same", channels=(3, 6), groups=3),
    Conv((4, 6), (2, 3), padding="valid", dilation=(1, 2), channels=(2, 2), groups=2),
    Conv((5, 5), (3, 4), stride=2, padding=((1, 0), (0, 2)), channels=(2, 4), groups=2),
]
"""Given to tf.nn.depthwise_conv2d."""

DEPTHWISE_TRANSPOSES = [
    ConvTranspose((3, 2), (3, 2), stride=2, padding="same", output_shape=(5, 4), channels=(6, 3), groups=3),
    ConvTranspose((2, 2), (2, 3), stride=2, padding="valid", output_shape=(5, 6), channels=(2, 2), groups=2),
]
"""Given to tf.nn.depthwise_conv2d_backprop_input."""

GROUPED_CONVS = [
    Conv((6,), (3,), stride=2, padding="same", channels=(4, 2), groups=2),
    Conv((4, 5), (2, 3), padding="same", dilation=(1, 2), channels=(4, 6), groups=2),
]

ADMISSIBLE_SIZES = [
    *(ConvTranspose((2,), (3,), stride=2, padding="same", output_shape=(n,)) for n in (3, 4)),
    *(ConvTranspose((3,), (5,), stride=3, padding="same", output_shape=(n,)) for n in (7, 8, 9)),
    *(ConvTranspose((3,), (4,), stride=3, padding="same", output_shape=(n,), channels=(2, 1)) for n in (7, 8, 9)),
    *(ConvTranspose((2,), (2,), stride=3, padding="same", output_shape=(n,)) for n in (4, 5, 6)),
    *(ConvTranspose((2,), (1,), stride=2, padding="same", output_shape=(n,)) for n in (3, 4)),
    *(ConvTranspose((3,), (4,), stride=3, padding="valid", output_shape=(n,)) for n in (10, 11, 12)),
    *(ConvTranspose((2,), (2,), stride=3, padding="valid", output_shape=(n,), channels=(1, 2)) for n in (5, 6, 7)),
    *(ConvTranspose((2, 2), (3, 3), stride=2, padding="same", output_shape=n) for n in product((3, 4), repeat=2)),
    *(ConvTranspose((2, 2), (2, 3), stride=(2, 1), padding="valid", output_shape=(n, 4)) for n in (4, 5)),
    *(ConvTranspose((2, 1, 2), (3, 2, 1), (2, 2, 1), padding="same", output_shape=(n, 1, 2)) for n in (3, 4)),
    *(ConvTranspose((2, 1, 2), (2, 2, 2), (2, 2, 2), padding="valid", output_shape=(5, n, 4)) for n in (2, 3)),
]
"""Each size that the convolution going the other way takes to the same input shape."""

DILATED_TRANSPOSES = [
    ConvTranspose((4,), (3,), padding="same", output_shape=(4,), dilation=2),
    ConvTranspose((3,), (2,), stride=2, padding="same", output_shape=(5,), dilation=3),
    ConvTranspose((3, 4), (2, 3), padding="valid", output_shape=(5, 8), dilation=2, channels=(1, 2)),
]

GROUPED_TRANSPOSES = [
    ConvTranspose((3, 2), (3, 2), stride=2, padding="same", output_shape=(6, 4), channels=(4, 2), groups=2),
]

EXPLICIT_TRANSPOSES = [
    ConvTranspose((2, 2), (3, 3), stride=2, padding=((0, 1), (0, 1)), output_shape=(4, 4)),
    ConvTranspose((3, 2), (2, 4), stride=(2, 3), padding=((1, 0), (0, 3)), output_shape=(5, 5), channels=(2, 1)),
    ConvTranspose((3, 3), (3, 2), padding=((2, 1), (0, 1)), output_shape=(2, 3), bias=True),
    ConvTranspose((3, 3), (5, 4), stride=2, padding=((1, 2), (2, 0)), output_shape=(7, 6), channels=(1, 2)),
]
"""tf.nn.conv2d_transpose with pads in numbers; in the second and the last the size has some output padding."""

CAUSAL_CONVS = [
    Conv((6,), (3,), padding=((2, 0),)),
    Conv((7,), (2,), padding=((3, 0),), dilation=3, channels=(2, 1), bias=True),
]
"""Given to keras.layers.Conv1D with padding='causal': K - 1 zeros in front."""


def channels_last(array: Array, layer: Layer) -> Array:
    """Move the channels to the end and add a batch axis where there is none."""
    return np.moveaxis(array if layer.batch else array[None], 1, -1)


def channels_first(array: Any, layer: Layer) -> Array:
    """Undo `channels_last`."""
    moved = np.moveaxis(np.asarray(array), -1, 1)
    return moved if layer.batch else moved[0]


def filters_of(kernel: Array) -> Array:
    """Give a kernel (a, b, *k) of symtconv as (*k, b, a), for convolution and transposed convolution alike."""
    return np.moveaxis(kernel, (0, 1), (-1, -2))


def kernel_of(filters: Any) -> Array:
    """Undo `filters_of`."""
    return np.moveaxis(np.asarray(filters), (-1, -2), (0, 1))


def depthwise_filters_of(layer: Layer, kernel: Array) -> Array:
    """Give a depthwise kernel (channels * multiplier, 1, *k) as (*k, channels, multiplier)."""
    return np.moveaxis(kernel.reshape(layer.groups, -1, *layer.kernel_size), (0, 1), (-2, -1))


def depthwise_kernel_of(layer: Layer, filters: Any) -> Array:
    """Undo `depthwise_filters_of`."""
    return np.moveaxis(np.asarray(filters), (-2, -1), (0, 1)).reshape(layer.kernel_shape)


def needs_xla(layer: Layer) -> bool:
    """Tell whether only XLA has gradients on the CPU: pads in numbers together with dilation or groups."""
    return not isinstance(layer.padding, str) and (layer.groups > 1 or max(layer.dilations) > 1)


def padding_of(layer: Layer) -> str | list[list[int]]:
    """Give 'SAME', 'VALID' or a pair of pads for each axis, batch and channels included."""
    if isinstance(layer.padding, str):
        return layer.padding.upper()
    return [[0, 0], *map(list, layer.pads), [0, 0]]


def output_shape_of(layer: ConvTranspose, shape: Shape) -> Shape:
    """Give the shape of the result as TensorFlow asks for it: batch, *spatial, channels."""
    return (max(layer.batch, 1), *shape, layer.channels[1])


def convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give tf.nn.conv1d, conv2d or conv3d."""
    tf = tensorflow()
    name = f"conv{layer.dims}d"
    options: dict[str, object] = {"padding": padding_of(layer)}
    if layer.dims == 1:
        options |= {"stride": layer.strides[0], "dilations": layer.dilations[0]}
    elif layer.dims == 2:
        options |= {"strides": layer.strides, "dilations": layer.dilations}
    else:
        options |= {"strides": (1, *layer.strides, 1), "dilations": (1, *layer.dilations, 1)}
    return name, spell_call(f"tf.nn.{name}", "x, w", options), lambda x, w: getattr(tf.nn, name)(x, w, **options)


def transposed_convolution(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give tf.nn.conv1d_transpose, conv2d_transpose or conv3d_transpose; they always ask for the output's shape.

    Where the layer says none, it is what symtconv takes by default: i*s for 'same', (i-1)s + max(K, s) for 'valid'.
    """
    tf = tensorflow()
    name = f"conv{layer.dims}d_transpose"
    axes = zip(layer.input_shape, layer.strides, layer.spans, strict=True)
    usual = tuple(i * s if layer.padding == "same" else (i - 1) * s + max(span, s) for i, s, span in axes)
    options: dict[str, object] = {
        "output_shape": output_shape_of(layer, layer.output_shape or usual),
        "strides": layer.strides,
        "padding": padding_of(layer),
    }
    if max(layer.dilations) > 1:
        options["dilations"] = layer.dilations
    return name, spell_call(f"tf.nn.{name}", "x, w", options), lambda x, w: getattr(tf.nn, name)(x, w, **options)


def depthwise_convolution(layer: Conv) -> tuple[str, str, Function]:
    """Give tf.nn.depthwise_conv2d."""
    tf = tensorflow()
    options = {"strides": (1, *layer.strides, 1), "padding": padding_of(layer), "dilations": layer.dilations}
    call = spell_call("tf.nn.depthwise_conv2d", "x, w", options)
    return "depthwise_conv2d", call, lambda x, w: tf.nn.depthwise_conv2d(x, w, **options)


def depthwise_transpose(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give tf.nn.depthwise_conv2d_backprop_input."""
    tf = tensorflow()
    assert layer.output_shape is not None
    shape = output_shape_of(layer, layer.output_shape)
    options = {"strides": (1, *layer.strides, 1), "padding": padding_of(layer)}
    call = spell_call("tf.nn.depthwise_conv2d_backprop_input", f"{shape}, w, x", options)
    return (
        "depthwise_conv2d_backprop_input",
        call,
        lambda x, w: tf.nn.depthwise_conv2d_backprop_input(shape, w, x, **options),
    )


def keras_layer(layer: Layer, name: str, padding: str) -> tuple[str, str, Function]:
    """Give a layer of keras.layers by name, its kernel put in place after building; without output_padding."""
    keras: Any = importlib.import_module("keras")
    options = {
        "strides": layer.strides,
        "padding": padding,
        "dilation_rate": layer.dilations,
        "use_bias": False,
    }
    module = getattr(keras.layers, name)(layer.channels[1], layer.kernel_size, **options)
    call = spell_call(f"keras.layers.{name}", f"{layer.channels[1]}, {layer.kernel_size}", options)

    def function(x: Any, w: Any) -> Any:
        module.build(x.shape)
        module.kernel.assign(w)
        return module(x)

    return f"keras_{name}", f"{call}(x)", function


def keras_transpose(layer: ConvTranspose) -> tuple[str, str, Function]:
    """Give keras.layers.Conv1DTranspose, Conv2DTranspose or Conv3DTranspose."""
    assert isinstance(layer.padding, str)
    return keras_layer(layer, f"Conv{layer.dims}DTranspose", layer.padding)


def run(layer: Layer, kind: str, call: str, function: Function) -> dict[str, Any]:
    """Compute one case, and by tf.GradientTape its gradients, but not through a Keras layer."""
    tf = tensorflow()
    case = Case("TensorFlow", kind, layer)
    is_depthwise = kind.startswith("depthwise")
    filters = depthwise_filters_of(layer, case.kernel) if is_depthwise else filters_of(case.kernel)
    x = tf.constant(channels_last(case.x, layer), tf.float32)
    w = tf.constant(filters, tf.float32)
    y = function(x, w)
    if case.bias is not None:
        y, call = y + tf.constant(case.bias, tf.float32), f"{call} + bias"
    if kind.startswith("keras"):
        return case.record(call, channels_first(y, layer))
    with tf.GradientTape() as tape:
        tape.watch([x, w])
        linear = (tf.function(function, jit_compile=True) if needs_xla(layer) else function)(x, w)
    v = case.draw("v", channels_first(y, layer).shape)
    cotangent = tf.constant(channels_last(v, layer), tf.float32)
    grad_x, grad_filters = tape.gradient(linear, (x, w), output_gradients=cotangent)
    return case.record(
        call,
        channels_first(y, layer),
        v=v,
        grad_x=channels_first(grad_x, layer),
        grad_kernel=depthwise_kernel_of(layer, grad_filters) if is_depthwise else kernel_of(grad_filters),
    )


def tensorflow() -> Any:
    """Import TensorFlow without its start-up messages, on the CPU."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return importlib.import_module("tensorflow")


def main() -> None:
    """Run every layer and write the file."""
    tf = tensorflow()
    tf.get_logger().setLevel("ERROR")
    convs = [*SAME_CONVS[::2], *SAME_STRIDED_CONVS, *VALID_CONVS[::2], *EXPLICIT_CONVS[::2], *GROUPED_CONVS]
    cases = [run(layer, *convolution(layer)) for layer in convs]
    cases += [run(layer, *depthwise_convolution(layer)) for layer in DEPTHWISE_CONVS]
    cases += [run(layer, *keras_layer(layer, "Conv1D", "causal")) for layer in CAUSAL_CONVS]
    strings = [*SAME_TRANSPOSES, *SHORT_TRANSPOSES, *VALID_TRANSPOSES]
    sized = [*ADMISSIBLE_SIZES, *DILATED_TRANSPOSES, *GROUPED_TRANSPOSES, *EXPLICIT_TRANSPOSES]
    cases += [run(layer, *transposed_convolution(layer)) for layer in [*strings, *sized]]
    cases += [run(layer, *depthwise_transpose(layer)) for layer in DEPTHWISE_TRANSPOSES]
    cases += [run(layer, *keras_transpose(layer)) for layer in strings[::2]]
    beside = {"keras": importlib.import_module("keras").__version__}
    write(__file__, "TensorFlow", tf.__version__, beside, cases)


if __name__ == "__main__":
    main()
