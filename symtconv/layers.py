"""The textbook definitions of a convolution and a transposed convolution, by direct sums.

They serve numbers, Fractions, SymPy expressions and indeterminates alike, for they only add and multiply. They share no
code with the tap map and the matrices: a theorem that the two agree says something because of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from math import prod
from operator import add
from typing import Any

import numpy as np

from symtconv.arrays import (
    Array,
    at,
    bias_array,
    input_array,
    is_sympy_array,
    kernel_array,
    to_sympy_array,
    widened,
)
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Conv, ConvTranspose, Layer

MAX_PIXELS = 2**31
NUMPY_MODES = {"circular": "wrap", "reflect": "reflect", "replicate": "edge"}


def convolve(layer: Conv, x: object, kernel: object, bias: object = None) -> Any:
    """Convolve (cross-correlate) an input with a kernel, by the definition.

    y[o, i] = bias[o] + sum over c, j of kernel[o, c, j] * padded[c, s*i + d*j], where c runs over the input channels of
    o's group and `padded` is the input with its padding. This is torch.nn.functional.conv1d, conv2d and conv3d.

    Args:
        layer: the geometry, a Conv.
        x: shape (..., in_channels, *input_shape); with one channel in and out also plain input_shape.
        kernel: shape layer.kernel_shape = (out_channels, in_channels/groups, *kernel_size), or plain kernel_size.
        bias: shape (out_channels,), or None.

    Returns:
        An array of shape (..., out_channels, *output_shape), spatial if x was; integers are summed without overflow,
        exact objects stay exact, a SymPy Array gives a SymPy Array.

    Raises:
        GeometryError: where a shape is not the layer's, or the layer is a ConvTranspose.

    >>> convolve(Conv(4, 2, stride=2), [1, 2, 3, 4], [10, 1]).tolist()
    [12, 34]
    """
    require_kind(layer, Conv, "convolve", "conv_transpose")
    _check_room(layer)
    return run_on_arrays(layer, x, kernel, bias, _convolved)


def transpose_by(construction: str, layer: ConvTranspose, x: object, kernel: object, bias: object = None) -> Any:
    """Compute a transposed convolution by a construction: "stamp", "zero-insertion" or "subpixel".

    Arguments, result and errors are those of symtconv.conv_transpose, which says what each construction does.
    """
    require_kind(layer, ConvTranspose, "conv_transpose", "convolve")
    _check_room(layer)
    return run_on_arrays(layer, x, kernel, bias, CONSTRUCTIONS[construction])


def require_kind(layer: object, wanted: type[Layer], call: str, other: str) -> None:
    """Refuse what is not a layer of the kind that a call takes."""
    if not isinstance(layer, wanted):
        raise GeometryError(
            call,
            arrived=repr(layer)[:200],
            rule=f"its first argument is a {wanted.__name__}",
            remedy=f"Use {other}, or pass layer.T." if isinstance(layer, Layer) else f"Make a {wanted.__name__}.",
        )


def _check_room(layer: Layer) -> None:
    """Refuse a padded input that would not fit."""
    size = prod(max(n, length) for n, length in zip(layer.large_shape, _padded_size(layer), strict=True))
    if size > MAX_PIXELS:
        raise TooLarge.of(
            f"the padded input of {layer!r}", size, MAX_PIXELS, what="pixels", remedy="Take a smaller layer or padding."
        )


def run_on_arrays(layer: Any, x: object, kernel: object, bias: object, compute: Any) -> Any:
    """Read the arrays, compute(layer, values, weights) without overflow, add the bias, and give back what came in."""
    weights = kernel_array(layer, kernel)
    values, plain = input_array(layer, x)
    offset = None if bias is None else bias_array(layer, bias)
    if offset is None:
        weights, values = widened(weights, values)
    else:
        weights, values, offset = widened(weights, values, offset)
    if values.size:
        y = compute(layer, values, weights)
    else:  # a batch of none
        batch = values.shape[: -layer.ndim - 1]
        y = np.zeros((*batch, layer.out_channels, *layer.output_shape), dtype=np.result_type(values, weights))
    if offset is not None:
        y = y + offset.reshape(-1, *(1,) * layer.ndim)
    if plain:
        y = y.reshape(layer.output_shape)
    return to_sympy_array(y) if is_sympy_array(x) else y


def _convolved(layer: Conv, x: Array, w: Array) -> Array:
    """y[o, i] = sum_c sum_j w[o, c, j] padded[c, s*i + d*j]."""
    for number, (lo, hi) in enumerate(layer.padding):
        x = _padded(x, number - layer.ndim, lo, hi, layer.padding_mode)
    return _direct_sum(x, w, layer.groups, layer.stride, layer.dilation, layer.output_shape)


def _direct_sum(
    x: Array, w: Array, groups: int, stride: Sequence[int], dilation: Sequence[int], size: Sequence[int]
) -> Array:
    """Sum w[o, c, j] x[c, s*i + d*j] over the taps j and the channels c of o's group, for 0 <= i < size."""
    ndim = len(size)
    batch = x.shape[: -ndim - 1]
    x = x.reshape(*batch, groups, -1, *x.shape[-ndim:])
    w = w.reshape(groups, -1, *w.shape[1:])
    sums: list[tuple[int, Array]] = []  # of as many terms each; two of one length are added: long sums stay quick
    for j in product(*map(range, w.shape[3:])):
        seen = tuple(
            slice(d * tap, d * tap + s * (o - 1) + 1, s) for tap, s, d, o in zip(j, stride, dilation, size, strict=True)
        )
        y, terms = _weighted(w[at(slice(None), slice(None), slice(None), *j)], x[at(..., *seen)], size), 1
        while sums and sums[-1][0] == terms:
            y, terms = sums.pop()[1] + y, 2 * terms
        sums.append((terms, y))
    y = reduce(add, (part for _, part in sums))
    return y.reshape(*batch, -1, *size)


def _weighted(w: Array, x: Array, size: Sequence[int]) -> Array:
    """Sum over c of w[g, o, c] x[g, c, pixels], for every group g."""
    sums: Array = np.matmul(w, x.reshape(*x.shape[: -len(size)], -1))
    return sums


def _stamped(layer: ConvTranspose, v: Array, w: Array) -> Array:
    """Lay v[i] times the kernel at s*i, tap j at s*i + d*j, sum where stamps overlap, and undo the padding.

    All pixels stamp their tap j at once: those values land s apart.
    """
    ndim = layer.ndim
    size = layer.input_shape
    batch = v.shape[: -ndim - 1]
    v = v.reshape(*batch, layer.groups, -1, *size)
    stamps = np.swapaxes(w.reshape(layer.groups, -1, *w.shape[1:]), 1, 2)
    dtype = np.result_type(v, w)
    canvas = np.zeros((*batch, layer.groups, stamps.shape[1], *_padded_size(layer)), dtype=dtype)
    for j in product(*map(range, layer.kernel_size)):
        places = tuple(
            slice(d * tap, d * tap + s * (i - 1) + 1, s)
            for tap, s, d, i in zip(j, layer.stride, layer.dilation, size, strict=True)
        )
        ink = _weighted(stamps[at(slice(None), slice(None), slice(None), *j)], v, size)
        canvas[at(..., *places)] += ink.reshape(*ink.shape[:-1], *size)
    return _unpadded_all(layer, canvas.reshape(*batch, -1, *_padded_size(layer)))


def _zero_inserted(layer: ConvTranspose, v: Array, w: Array) -> Array:
    """Put s-1 zeros between the pixels, then convolve with stride 1 and the flipped kernel, pads K-1-lo, K-1-hi+extra.

    extra is the output_padding. Padding modes other than zeros keep the whole padded canvas and fold it back.
    """
    ndim = layer.ndim
    stretched_size = tuple(s * (i - 1) + 1 for s, i in zip(layer.stride, layer.input_shape, strict=True))
    stretched = np.zeros((*v.shape[:-ndim], *stretched_size), dtype=v.dtype)
    stretched[at(..., *(slice(None, None, s) for s in layer.stride))] = v
    folded = layer.padding_mode != "zeros"
    for number, axis in enumerate(layer.axes):
        full = axis.effective_kernel - 1
        lo, hi = (0, 0) if folded else (axis.lo, axis.hi)
        stretched = _padded(stretched, number - ndim, full - lo, full - hi + axis.output_padding, "zeros")
    size = _padded_size(layer) if folded else layer.output_shape
    y = _direct_sum(stretched, _flipped(layer, w), layer.groups, (1,) * ndim, layer.dilation, size)
    return _unpadded_all(layer, y) if folded else y


def _subpixel(layer: ConvTranspose, v: Array, w: Array) -> Array:
    """Convolve with stride 1 once for each phase r = 0..s-1 and interleave (Shi et al., arXiv 1609.07009).

    Pixels s*q + r of the canvas see only the taps with d*j = r modulo s, every s/g-th one with g = gcd(s, d); in steps
    of the small side those lie d/g apart.
    """
    canvas_size = _padded_size(layer)
    canvas = np.zeros((*v.shape[: -layer.ndim - 1], layer.out_channels, *canvas_size), dtype=np.result_type(v, w))
    flipped = _flipped(layer, w)
    for phase in product(*(range(min(s, size)) for s, size in zip(layer.stride, canvas_size, strict=True))):
        taps, steps, size, x = [], [], [], v
        for number, (axis, r, length) in enumerate(zip(layer.axes, phase, canvas_size, strict=True)):
            s, d, k = axis.stride, axis.dilation, axis.kernel_size
            seen = [j for j in range(k) if (d * j - r) % s == 0]
            count = len(range(r, length, s))
            if not seen or not count:
                break
            step = d * (seen[1] - seen[0]) // s if len(seen) > 1 else 1
            last = (d * seen[-1] - r) // s
            x = _padded(x, number - layer.ndim, last, count - 1 - (d * seen[0] - r) // s - (axis.small - 1), "zeros")
            taps.append([k - 1 - j for j in reversed(seen)])
            steps.append(step)
            size.append(count)
        else:
            kernel = flipped[at(slice(None), slice(None), *np.ix_(*taps))]
            y = _direct_sum(x, kernel, layer.groups, (1,) * layer.ndim, steps, size)
            canvas[at(..., *(slice(r, None, s) for r, s in zip(phase, layer.stride, strict=True)))] = y
    return _unpadded_all(layer, canvas)


CONSTRUCTIONS = {"stamp": _stamped, "zero-insertion": _zero_inserted, "subpixel": _subpixel}


def _flipped(layer: ConvTranspose, w: Array) -> Array:
    """Reverse the taps along every axis and exchange the roles of the channels within each group."""
    swapped = np.swapaxes(w.reshape(layer.groups, -1, *w.shape[1:]), 1, 2)
    flipped: Array = swapped.reshape(-1, *swapped.shape[2:])[at(..., *(slice(None, None, -1),) * layer.ndim)]
    return flipped


def _padded_size(layer: Layer) -> tuple[int, ...]:
    """The large side with its padding, n + lo + hi on each axis."""
    return tuple(n + lo + hi for n, (lo, hi) in zip(layer.large_shape, layer.padding, strict=True))


def _padded(x: Array, axis: int, lo: int, hi: int, mode: str) -> Array:
    """Pad one axis (a negative count from the end); where one end crops and the other extends, extend first."""
    extend = [(0, 0)] * x.ndim
    extend[axis] = (max(lo, 0), max(hi, 0))
    if mode == "zeros":
        wide = np.zeros([n + a + b for n, (a, b) in zip(x.shape, extend, strict=True)], dtype=x.dtype)
        wide[tuple(slice(a, a + n) for n, (a, _) in zip(x.shape, extend, strict=True))] = x
    else:
        wide = np.pad(x, extend, mode=NUMPY_MODES[mode])  # type: ignore[call-overload]
    return _cut(wide, axis, max(-lo, 0), wide.shape[axis] - max(-hi, 0))


def _cut(x: Array, axis: int, start: int, stop: int) -> Array:
    where: list[slice] = [slice(None)] * x.ndim
    where[axis] = slice(start, stop)
    return x[tuple(where)]


def _unpadded_all(layer: ConvTranspose, canvas: Array) -> Array:
    """Undo the padding of every axis, as the transpose of padding does: crop, or fold the border back and sum."""
    for number, (axis, n) in enumerate(zip(layer.axes, layer.output_shape, strict=True)):
        place = number - layer.ndim
        if layer.padding_mode == "zeros":
            canvas = _padded(canvas, place, -axis.lo, -axis.hi, "zeros")
            continue
        home = np.pad(np.arange(n), (axis.lo, axis.hi), mode=NUMPY_MODES[layer.padding_mode])  # type: ignore[call-overload]
        folded = np.moveaxis(np.zeros_like(_cut(canvas, place, 0, n)), place, 0)
        for pixel, values in zip(home, np.moveaxis(canvas, place, 0), strict=True):
            folded[pixel] = folded[pixel] + values
        canvas = np.moveaxis(folded, 0, place)
    return canvas
