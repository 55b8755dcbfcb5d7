"""The transposed layer as calls of PyTorch, TensorFlow, Keras, JAX and ONNX: lines of code, or none.

With zero padding the tap map s*i + d*j - lo within 0..n-1 is all there is to a layer: a framework whose call has the
same k, s, d, groups, the same lo and the same sizes o and n has the same layer. Nothing else is compared here.
Every function takes the convolution of the pair, of one to three axes, and the names of v and w in the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from symtconv.geometry import Axis, Conv
from symtconv.sizes import named_pads

Lines = tuple[str, ...]
LETTERS = {1: "H", 2: "HW", 3: "DHW"}


def pytorch(conv: Conv, v: str, w: str) -> Lines | None:
    """Give torch.nn.ConvTranspose, if it has this layer: padding = lo, 0 <= output_padding < max(s, d)."""
    if conv.padding_mode != "zeros" or not all(_pytorch_has(axis) for axis in conv.axes):
        return None
    paddings, extras = [axis.lo for axis in conv.axes], [pytorch_output_padding(axis) for axis in conv.axes]
    return (pytorch_with(conv, paddings, extras), f"layer.weight.data.copy_({w})", f"z = layer({v})")


def pytorch_with(conv: Conv, paddings: Sequence[int], extras: Sequence[int]) -> str:
    """Give torch.nn.ConvTranspose with a padding and an output_padding for each axis."""
    options = {"padding": (paddings, 0), "output_padding": (extras, 0)}
    return f"layer = {_torch_transpose(conv, options)}"


def pytorch_output_padding(axis: Axis) -> int:
    """Give the output_padding that padding = lo leaves: n - (s(o-1) + K - 2 lo)."""
    return axis.large - (_canvas(axis) - 2 * axis.lo)


def _pytorch_has(axis: Axis) -> bool:
    return axis.lo >= 0 and 0 <= pytorch_output_padding(axis) < max(axis.stride, axis.dilation)


def pytorch_cropped(conv: Conv, v: str, w: str) -> Lines:
    """Give an unpadded torch.nn.ConvTranspose, zeros where the output reaches beyond the stamps, and a crop."""
    before = [max(-axis.lo, 0) for axis in conv.axes]
    after = [max(axis.lo + axis.large - _canvas(axis), 0) for axis in conv.axes]
    lines = [f"layer = {_torch_transpose(conv, {})}", f"layer.weight.data.copy_({w})", f"z = layer({v})"]
    if any(before) or any(after):
        pads = [pad for pair in reversed(list(zip(before, after, strict=True))) for pad in pair]
        lines.append(f"z = torch.nn.functional.pad(z, {tuple(pads)})")
    starts = [axis.lo + more for axis, more in zip(conv.axes, before, strict=True)]
    return (*lines, f"z = z[..., {_slices(starts, conv.large_shape)}]")


def pytorch_gradient(conv: Conv, v: str, w: str) -> Lines:
    """Give the transposed layer as the gradient of the convolution, which has the padding modes."""
    made, weights, *rest = pytorch_convolution(conv, "x", w)
    shape = (1, conv.large_channels, *conv.large_shape)
    return (made, weights, f"x = torch.zeros{shape}.requires_grad_()", *rest, f"z, = torch.autograd.grad(y, x, {v})")


def pytorch_convolution(conv: Conv, x: str, w: str) -> Lines:
    """Give torch.nn.Conv, after torch.nn.functional.pad where its one padding for both sides does not do."""
    mode = conv.padding_mode
    symmetric = all(axis.lo >= 0 and replace(axis, hi=axis.lo).formula_size == axis.small for axis in conv.axes)
    if symmetric and mode == "reflect":
        symmetric = all(axis.lo < axis.large for axis in conv.axes)
    if symmetric and mode == "circular":
        symmetric = all(axis.lo <= axis.large for axis in conv.axes)
    name = f"torch.nn.Conv{conv.ndim}d"
    channels = (str(conv.large_channels), str(conv.small_channels))
    options = _options(conv, {"padding": ([axis.lo for axis in conv.axes], 0)} if symmetric else {})
    if symmetric and mode != "zeros":
        options.append(f'padding_mode="{mode}"')
    lines = [f"conv = {_call(name, *channels, _one(conv.kernel_size), *options, 'bias=False')}"]
    lines.append(f"conv.weight.data.copy_({w})")
    inner = x
    if not symmetric:
        wide = [(max(axis.lo, 0), max(axis.hi, 0)) for axis in conv.axes]
        pads = tuple(pad for pair in reversed(wide) for pad in pair)
        inner = "p"
        given = ["p = torch.nn.functional.pad", f"{x}, {pads}" + ("" if mode == "zeros" else f', mode="{mode}"')]
        lines.append(f"{given[0]}({given[1]})")
        if any(pad < 0 for axis in conv.axes for pad in (axis.lo, axis.hi)):
            starts = [max(-axis.lo, 0) for axis in conv.axes]
            lines.append(f"p = p[..., {_slices(starts, [axis.large + axis.lo + axis.hi for axis in conv.axes])}]")
    kept = "" if symmetric or all(axis.small == axis.formula_size for axis in conv.axes) else (
        f"[..., {_slices([0] * conv.ndim, conv.small_shape)}]")  # fmt: skip
    return (*lines, f"y = conv({inner}){kept}")


def tensorflow(conv: Conv, v: str, w: str) -> Lines | None:
    """Give tf.nn.conv_transpose with SAME, VALID or (on two axes) pads in numbers; else VALID and a crop."""
    if conv.padding_mode != "zeros" or conv.groups > 1 or (conv.ndim == 3 and max(conv.dilation) > 1):
        return None
    sizes, crop = list(conv.large_shape), ""
    padding = next((f"'{name.upper()}'" for name in ("same", "valid") if all(_pads_as(a, name) for a in conv.axes)), "")
    if not padding and conv.ndim == 2 and set(conv.dilation) == {1} and all(_pads_fit(a) for a in conv.axes):
        padding = str([[0, 0], *([axis.lo, _high_pad(axis)] for axis in conv.axes), [0, 0]])
    if not padding:
        sizes = [max(_canvas(axis), axis.lo + axis.large) for axis in conv.axes]
        if any(a.lo < 0 or size >= _canvas(a) + a.stride for a, size in zip(conv.axes, sizes, strict=True)):
            return None
        padding, crop = "'VALID'", f"[:, {_slices([a.lo for a in conv.axes], conv.large_shape)}, :]"
    shape = (1, *sizes, conv.large_channels)
    options = [f"output_shape={shape}", f"strides={conv.stride}", f"padding={padding}"]
    if max(conv.dilation) > 1:
        options.append(f"dilations={conv.dilation}")
    call = _call(f"tf.nn.conv{conv.ndim}d_transpose", v, w, *options)
    return (f"z = {call}{crop}",)


def keras(conv: Conv, v: str, w: str) -> Lines | None:
    """Give keras.layers.ConvTranspose, whose words fix the size: i*s for same, (i-1)s + max(K, s) for valid."""
    if conv.padding_mode != "zeros" or conv.groups > 1 or max(conv.dilation) > 1:
        return None
    for name in ("same", "valid"):
        usual = [
            axis.stride * axis.small if name == "same" else _canvas(axis) + max(axis.stride - axis.effective_kernel, 0)
            for axis in conv.axes
        ]
        if usual == list(conv.large_shape) and all(_pads_as(axis, name) for axis in conv.axes):
            options = [f"strides={conv.stride}", f"padding='{name}'", "use_bias=False"]
            call = _call(
                f"keras.layers.Conv{conv.ndim}DTranspose", str(conv.large_channels), str(conv.kernel_size), *options
            )
            return (f"layer = {call}", f"layer.build({v}.shape)", f"layer.set_weights([{w}])", f"z = layer({v})")
    return None


def jax(conv: Conv, v: str, w: str) -> Lines | None:
    """Give lax.conv_transpose, whose pairs count the zeros around the stretched input."""
    zeros = tuple(
        (axis.effective_kernel - 1 - axis.lo, axis.effective_kernel - 1 - axis.hi + axis.output_padding)
        for axis in conv.axes
    )
    if conv.padding_mode != "zeros" or conv.groups > 1 or any(zero < 0 for pair in zeros for zero in pair):
        return None
    letters = LETTERS[conv.ndim]
    names = (f"NC{letters}", f"OI{letters}", f"NC{letters}")
    options = [f"strides={conv.stride}", f"padding={zeros}", f"rhs_dilation={conv.dilation}"]
    call = _call("lax.conv_transpose", v, w, *options, f"dimension_numbers={names}", "transpose_kernel=True")
    return (f"z = {call}",)


def onnx(conv: Conv) -> str | None:
    """Give the attributes of ONNX's ConvTranspose: pads at least 0, first all lo and then all hi."""
    if conv.padding_mode != "zeros" or any(axis.lo < 0 for axis in conv.axes):
        return None
    far = [axis.hi - axis.output_padding for axis in conv.axes]
    extra = [max(-crop, 0) for crop in far]
    if any(more >= axis.stride for more, axis in zip(extra, conv.axes, strict=True)):
        return None
    attributes = [f"kernel_shape={list(conv.kernel_size)}", f"strides={list(conv.stride)}"]
    attributes.append(f"pads={[axis.lo for axis in conv.axes] + [max(crop, 0) for crop in far]}")
    if any(extra):
        attributes.append(f"output_padding={extra}")
    if max(conv.dilation) > 1:
        attributes.append(f"dilations={list(conv.dilation)}")
    if conv.groups > 1:
        attributes.append(f"group={conv.groups}")
    return ", ".join(attributes)


def _canvas(axis: Axis) -> int:
    """The size of all stamps uncropped, s(o-1) + K."""
    return axis.stride * (axis.small - 1) + axis.effective_kernel


def _pads_as(axis: Axis, name: str) -> bool:
    """Tell whether TensorFlow's SAME or VALID convolution of n pixels has this axis' lo and o."""
    n, k, s, d = axis.large, axis.kernel_size, axis.stride, axis.dilation
    lo, hi = named_pads("same" if name == "same" else "valid", n, k, s, d)
    return lo == axis.lo and replace(axis, lo=lo, hi=hi).formula_size == axis.small


def _high_pad(axis: Axis) -> int:
    return max(_canvas(axis) - axis.large - axis.lo, 0)


def _pads_fit(axis: Axis) -> bool:
    """Tell whether pads in numbers give this axis in TensorFlow: each below the kernel, and o outputs."""
    hi = _high_pad(axis)
    fits = replace(axis, hi=hi).formula_size == axis.small
    return fits and 0 <= axis.lo < axis.kernel_size and hi < axis.kernel_size


def _torch_transpose(conv: Conv, more: Mapping[str, tuple[Sequence[int], int]]) -> str:
    channels = (str(conv.small_channels), str(conv.large_channels))
    options = _options(conv, more)
    return _call(f"torch.nn.ConvTranspose{conv.ndim}d", *channels, _one(conv.kernel_size), *options, "bias=False")


def _options(conv: Conv, more: Mapping[str, tuple[Sequence[int], int]]) -> list[str]:
    """Write the arguments that are not at their defaults, as PyTorch names them."""
    known = {"stride": (conv.stride, 1), **more, "dilation": (conv.dilation, 1)}
    given = [f"{name}={_one(values)}" for name, (values, usual) in known.items() if set(values) != {usual}]
    return given + [f"groups={conv.groups}"] * (conv.groups > 1)


def _one(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def _slices(starts: Iterable[int], sizes: Iterable[int]) -> str:
    return ", ".join(f"{start}:{start + size}" for start, size in zip(starts, sizes, strict=True))


def _call(name: str, *arguments: str) -> str:
    return f"{name}({', '.join(arguments)})"
