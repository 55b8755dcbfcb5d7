"""A layer that is small enough to be worked out by hand, with numbers for its kernel and its images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from symtconv.arrays import Array
from symtconv.derivation.notation import Story
from symtconv.geometry import Axis, Conv
from symtconv.sizes import transposed_size
from symtconv.taps import NONE, source
from symtconv.transposed import conv_transpose

LARGEST_SIDE, LARGEST_CANVAS, LARGEST_KERNEL, MOST_PAIRS = 9, 13, 9, 8
STAMPED = (2, -1)


@dataclass(frozen=True)
class Practice:
    """A small layer with numbers: a kernel, an image v with one or two pixels that are not 0, and an image x."""

    conv: Conv
    given: Array | None = None

    @property
    def depth(self) -> int:
        """The large-side channels of a group; only the first group is used."""
        return self.conv.kernel_shape[1]

    @cached_property
    def pixels(self) -> list[tuple[int, ...]]:
        """Give the pixels of v that are not 0: the first, and its neighbour, in the next channel if there is one."""
        shape = self.conv.small_shape
        first, second = [0] * len(shape), [0] * len(shape)
        axis = next((place for place in reversed(range(len(shape))) if shape[place] > 1), None)
        if axis is not None:
            second[axis] = 1
        channel = 1 if self.conv.small_channels // self.conv.groups > 1 else 0
        return list(dict.fromkeys([(0, *first), (channel, *second)]))

    @cached_property
    def kernel(self) -> Array:
        """Give the given weights, or whole numbers that repeat neither with the rows nor with the planes."""
        if self.given is not None:
            return self.given
        return _numbers(self.conv.kernel_shape, 3, 4)

    @cached_property
    def v(self) -> Array:
        """Give the image v."""
        v: Array = np.zeros((self.conv.small_channels, *self.conv.small_shape), dtype=object)
        for value, pixel in zip(STAMPED, self.pixels, strict=False):
            v[pixel] = value
        return v

    @cached_property
    def x(self) -> Array:
        """Give the image x: 0 outside the first group."""
        x: Array = np.zeros((self.conv.large_channels, *self.conv.large_shape), dtype=object)
        x[: self.depth] = _numbers((self.depth, *self.conv.large_shape), 2, 1)
        return x

    def stamp(self, pixel: tuple[int, ...], b: int) -> Array:
        """Give a pixel of v times its kernel for channel b, with the zeros that a dilation leaves."""
        stamp: Array = np.zeros([axis.effective_kernel for axis in self.conv.axes], dtype=object)
        stamp[tuple(slice(None, None, axis.dilation) for axis in self.conv.axes)] = self.kernel[pixel[0], b]
        stamped: Array = stamp * self.v[pixel]
        return stamped

    @cached_property
    def canvas(self) -> Array:
        """Add the stamps up, for each channel of the group, before the crop or the folding back of the padding."""
        zeros = self.conv.padding_mode == "zeros"
        sizes = [canvas_size(axis) if zeros else axis.large + axis.lo + axis.hi for axis in self.conv.axes]
        canvas: Array = np.zeros((self.depth, *sizes), dtype=object)
        for pixel in self.pixels:
            starts = [axis.stride * i for axis, i in zip(self.conv.axes, pixel[1:], strict=True)]
            for b in range(self.depth):
                stamp = self.stamp(pixel, b)
                canvas[b][tuple(slice(a, a + size) for a, size in zip(starts, stamp.shape, strict=True))] += stamp
        return canvas

    @cached_property
    def z(self) -> Array:
        """Give C^T v, in the channels of the first group."""
        z: Array = conv_transpose(self.conv.T, self.v, self.kernel)[: self.depth]
        return z

    def window(self, pixel: tuple[int, ...], b: int) -> Array:
        """Give the pixels of channel b of x that an output reads, tap by tap, 0 for padding of zeros."""
        places = []
        for axis, i in zip(self.conv.axes, pixel[1:], strict=True):
            positions = axis.stride * i + axis.dilation * np.arange(axis.kernel_size) - axis.lo
            places.append(source(positions, axis.large, self.conv.padding_mode))
        window: Array = self.x[b][np.ix_(*places)]
        for axis_number, place in enumerate(places):
            window[(slice(None),) * axis_number + (place == NONE,)] = 0
        return window

    def gradient(self, channel: int, b: int) -> Array:
        """Give the gradient of <v, C x> by the kernel of a pair of channels."""
        total: Array = np.zeros(self.conv.kernel_size, dtype=object)
        for pixel in self.pixels:
            if pixel[0] == channel:
                total = total + self.window(pixel, b) * self.v[pixel]
        return total


def _numbers(shape: tuple[int, ...], factor: int, below: int) -> Array:
    """Give whole numbers from -below on whose period is prime to the length of a row and of a plane."""
    plane = int(np.prod(shape[1:]))
    period = next(p for p in (7, 11, 13, 5, 17) if shape[-1] % p and plane % p)
    values = [factor * place % period - below for place in range(int(np.prod(shape)))]
    return np.array([value if abs(value) < 6 else value - period for value in values], dtype=object).reshape(shape)


def canvas_size(axis: Axis) -> int:
    """Give the size of all stamps before the crop, s(o-1) + K."""
    return axis.stride * (axis.small - 1) + axis.effective_kernel


def practice_of(story: Story) -> Practice | None:
    """Choose the layer itself where it is small, else a smaller one with the same taps, stride and pads."""
    conv = story.conv
    axes = conv.axes if conv.ndim <= 2 else conv.axes[:1]
    channels = (conv.large_channels, conv.small_channels, conv.groups)
    pairs = conv.small_channels * conv.kernel_shape[1]
    if pairs > MOST_PAIRS or conv.kernel_shape[1] > MOST_PAIRS // 2 or conv.ndim > 2:
        channels = (1, 1, 1)
    if max(axis.large for axis in axes) > LARGEST_SIDE:
        axes = tuple(_shrunk(axis) for axis in axes)
    small = Conv._resolved(axes, *channels, conv.padding_mode)
    least = {"circular": 0, "reflect": 1}.get(conv.padding_mode)
    for axis in axes:
        too_wide = least is not None and max(axis.lo, axis.hi) + least > axis.large
        canvas = max(canvas_size(axis), axis.large + max(axis.lo, 0) + max(axis.hi, 0))
        if axis.large < 1 or too_wide or canvas > LARGEST_CANVAS or axis.kernel_size > LARGEST_KERNEL:
            return None
    given = None
    if story.weights is not None and small.kernel_shape == conv.kernel_shape:
        plain = all(weight.is_Rational and len(str(weight)) <= 4 for weight in story.weights)
        given = story.weights.reshape(conv.kernel_shape) if plain else None
    return Practice(small, given)


def _shrunk(axis: Axis) -> Axis:
    small = min(axis.small, 3 if axis.stride == 1 else 2)
    size = transposed_size(small, axis.kernel_size, axis.stride, axis.dilation, axis.lo, axis.hi)
    return replace(axis, small=small, large=size + min(axis.output_padding, axis.stride - 1))
