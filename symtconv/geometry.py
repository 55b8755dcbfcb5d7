"""The geometry of a layer: sizes, pads and channels, without weights.

Every convolution here is what deep-learning frameworks call one: a cross-correlation, whose kernel is not flipped. Per
axis there is a large side (the input of the convolution, `n` pixels) and a small side (its output, `o` pixels); a
transposed convolution goes from the small side to the large one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from symtconv.arguments import Arguments, PaddingMode, listed
from symtconv.sizes import PaddingName, convolved_size, effective_kernel, named_pads, transposed_size

L = TypeVar("L", bound="Layer")


@dataclass(frozen=True, slots=True)
class Axis:
    """One spatial axis of a layer, seen from its convolution: `large` pixels in, `small` pixels out.

    `lo` and `hi` are the pads of the convolution (a negative pad crops). Output i reads, by tap j, the input pixel
    s*i + d*j - lo.
    """

    large: int
    small: int
    kernel_size: int
    stride: int
    dilation: int
    lo: int
    hi: int

    @property
    def effective_kernel(self) -> int:
        """K = d(k-1) + 1."""
        return effective_kernel(self.kernel_size, self.dilation)

    @property
    def formula_size(self) -> int:
        """The outputs that the convolution has when all are kept, floor((n + lo + hi - K)/s) + 1."""
        return convolved_size(self.large, self.kernel_size, self.stride, self.dilation, self.lo, self.hi)

    @property
    def remainder(self) -> int:
        """a = (n + lo + hi - K) mod s: the last padded pixels, which no output reads."""
        return (self.large + self.lo + self.hi - self.effective_kernel) % self.stride

    @property
    def output_padding(self) -> int:
        """n - (s(o-1) + K - lo - hi): the remainder, unless fewer outputs are kept than the formula gives."""
        return self.large - transposed_size(self.small, self.kernel_size, self.stride, self.dilation, self.lo, self.hi)


class Layer:
    """What Conv and ConvTranspose share: axes, channels, groups and a padding mode, all resolved and immutable."""

    __slots__ = ("axes", "groups", "in_channels", "out_channels", "padding_mode")

    transposed: ClassVar[bool]
    axes: tuple[Axis, ...]
    in_channels: int
    out_channels: int
    groups: int
    padding_mode: PaddingMode

    def _fill(self, axes: tuple[Axis, ...], in_channels: int, out_channels: int, groups: int, mode: str) -> None:
        for name, value in zip(Layer.__slots__, (axes, groups, in_channels, out_channels, mode), strict=True):
            object.__setattr__(self, name, value)

    @classmethod
    def _resolved(
        cls: type[L], axes: tuple[Axis, ...], in_channels: int, out_channels: int, groups: int, mode: str
    ) -> L:
        """Make a layer of values that are known to be consistent."""
        layer = cls.__new__(cls)
        layer._fill(axes, in_channels, out_channels, groups, mode)
        return layer

    @property
    def large_shape(self) -> tuple[int, ...]:
        """The spatial shape of the convolution's input."""
        return tuple(axis.large for axis in self.axes)

    @property
    def small_shape(self) -> tuple[int, ...]:
        """The spatial shape of the convolution's output."""
        return tuple(axis.small for axis in self.axes)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The spatial shape of the layer's input."""
        return self.small_shape if self.transposed else self.large_shape

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The spatial shape of the layer's output."""
        return self.large_shape if self.transposed else self.small_shape

    @property
    def kernel_size(self) -> tuple[int, ...]:
        """The taps along each axis."""
        return tuple(axis.kernel_size for axis in self.axes)

    @property
    def stride(self) -> tuple[int, ...]:
        """The stride along each axis."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """The distance of neighbouring taps along each axis."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """The resolved pads (lo, hi) of each axis: what a convolution adds and a transposed convolution crops."""
        return tuple((axis.lo, axis.hi) for axis in self.axes)

    @property
    def output_padding(self) -> tuple[int, ...]:
        """Per axis, the large size less s(o-1) + K - lo - hi: the rows that ConvTranspose adds at the far end."""
        return tuple(axis.output_padding for axis in self.axes)

    @property
    def same_output(self) -> tuple[range, ...]:
        """Per axis, every large size whose convolution, with this layer's pads, has this layer's small size.

        They are n = s(o-1) + K - lo - hi + r, 0 <= r < s: a stride above 1 forgets r, and output_padding names it.

        >>> Conv(4, 3, stride=2, padding=[(0, 1)]).same_output
        (range(4, 6),)
        """
        sizes = []
        for axis in self.axes:
            first = axis.large - axis.output_padding
            widest = max(axis.lo, axis.hi)
            least = {"circular": widest, "reflect": widest + 1}.get(self.padding_mode, 1)
            sizes.append(range(max(first, least, 1), first + axis.stride))
        return tuple(sizes)

    @property
    def ndim(self) -> int:
        """The number of spatial axes."""
        return len(self.axes)

    @property
    def kernel_shape(self) -> tuple[int, ...]:
        """The shape of the weight: (small-side channels, large-side channels / groups, *kernel_size).

        For Conv that is (out_channels, in_channels/groups, *k), for ConvTranspose (in_channels, out_channels/groups,
        *k), as in PyTorch and ONNX; so one array serves a layer and its transpose.
        """
        return (self.small_channels, self.large_channels // self.groups, *self.kernel_size)

    @property
    def small_channels(self) -> int:
        """The channels of the convolution's output."""
        return self.in_channels if self.transposed else self.out_channels

    @property
    def large_channels(self) -> int:
        """The channels of the convolution's input."""
        return self.out_channels if self.transposed else self.in_channels

    @property
    def single_channel(self) -> bool:
        """Whether the layer has one channel in and one out, so that arrays may leave channels out."""
        return self.in_channels == self.out_channels == 1

    @property
    def convolution(self) -> Conv:
        """The Conv of the pair: the layer itself, or its transpose."""
        return cast(Conv, self.T if self.transposed else self)

    @property
    def T(self) -> Layer:  # noqa: N802 (numpy's name for the transpose)
        """The transposed layer: classes, shapes and channel counts swapped."""
        raise TypeError("Layer is abstract; make a Conv or a ConvTranspose")

    def _key(self) -> tuple[Any, ...]:
        return (type(self), self.axes, self.in_channels, self.out_channels, self.groups, self.padding_mode)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Layer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a layer is immutable; make a new {type(self).__name__} with another {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a layer is immutable; {name} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.transposed, self.axes, *self._key()[2:])

    def __repr__(self) -> str:
        shown: dict[str, object] = {"input_shape": self.input_shape, "kernel_size": self.kernel_size}
        if any(s != 1 for s in self.stride):
            shown["stride"] = self.stride
        if any(pads != (0, 0) for pads in self.padding):
            shown["padding"] = self.padding
        if self.transposed:
            if any(axis.output_padding >= max(axis.stride, axis.dilation) for axis in self.axes):
                return f"{self.T!r}.T"
            if any(self.output_padding):
                shown["output_padding"] = self.output_padding
        elif any(axis.small != axis.formula_size for axis in self.axes):
            shown["output_shape"] = self.output_shape
        if any(d != 1 for d in self.dilation):
            shown["dilation"] = self.dilation
        defaults = {"in_channels": 1, "out_channels": 1, "groups": 1, "padding_mode": "zeros"}
        shown.update({name: getattr(self, name) for name, usual in defaults.items() if getattr(self, name) != usual})
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


class Conv(Layer):
    """The geometry of a convolution (cross-correlation), without weights.

    Output i reads, by tap j, the padded input at s*i + d*j: y[i] = sum_j w[j] x[s*i + d*j - lo].

    Args:
        input_shape: pixels along each axis; an int means one axis.
        kernel_size, stride, dilation: an int for every axis, or one an axis; at least 1.
        padding: an int, one int an axis, one pair (lo, hi) an axis, or "valid", "same" (TensorFlow SAME, ONNX
            SAME_UPPER), "same_lower", "full" (K-1 at both ends). A negative pad crops.
        output_shape: at most the formula's floor((n + lo + hi - K)/s) + 1 on each axis; the first outputs are kept.
        in_channels, out_channels, groups: groups divides both.
        padding_mode: "zeros", "circular", "reflect" or "replicate", as in torch.nn.Conv2d.

    Raises:
        GeometryError: for anything out of range, with the rule that it breaks.

    >>> layer = Conv((4, 4), 3, stride=2, padding="same")
    >>> layer.output_shape, layer.padding
    ((2, 2), ((0, 1), (0, 1)))
    >>> layer.T
    ConvTranspose(input_shape=(2, 2), kernel_size=(3, 3), stride=(2, 2), padding=((0, 1), (0, 1)))
    """

    __slots__ = ()
    transposed = False

    def __init__(
        self,
        input_shape: int | Sequence[int],
        kernel_size: int | Sequence[int],
        *,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | Sequence[tuple[int, int]] | PaddingName = 0,
        dilation: int | Sequence[int] = 1,
        output_shape: int | Sequence[int] | None = None,
        in_channels: int = 1,
        out_channels: int = 1,
        groups: int = 1,
        padding_mode: PaddingMode = "zeros",
    ) -> None:
        read = Arguments("Conv", input_shape)
        shape = read.input_shape
        kernel, strides, dilations = read.taps(kernel_size, stride, dilation)
        pads = read.padding(padding)
        wanted = None if output_shape is None else read.per_axis("output_shape", output_shape, 1)
        mode = read.mode(padding_mode)
        channels = read.channels(in_channels, out_channels, groups)
        axes = []
        for number, (n, k, s, d) in enumerate(zip(shape, kernel, strides, dilations, strict=True)):
            lo, hi = named_pads(pads, n, k, s, d) if isinstance(pads, str) else pads[number]
            read.check_fit(number, n, k, d, lo, hi)
            formula = convolved_size(n, k, s, d, lo, hi)
            small = formula if wanted is None else wanted[number]
            if small > formula:
                raise read.error(
                    f"output_shape of axis {number}",
                    str(small),
                    f"the formula floor((n + lo + hi - K)/s) + 1 gives {formula}; within reach are the sizes "
                    f"{listed(range(1, formula + 1))}",
                    "Only the first outputs can be kept; enlarge the padding for more.",
                )
            axes.append(Axis(n, small, k, s, d, lo, hi))
        read.check_mode([(axis.large, axis.lo, axis.hi) for axis in axes], mode)
        self._fill(tuple(axes), *channels, mode)

    @property
    def T(self) -> ConvTranspose:  # noqa: N802
        """The transposed convolution whose matrix is this layer's matrix, transposed."""
        return ConvTranspose._resolved(self.axes, self.out_channels, self.in_channels, self.groups, self.padding_mode)


class ConvTranspose(Layer):
    """The geometry of a transposed convolution, without weights: the matrix of its Conv, transposed.

    Each input pixel v[i] stamps the kernel at s*i - lo, tap j at s*i + d*j - lo; stamps are summed where they overlap
    and what falls outside the output is cropped. The output has (i-1)s + K - lo - hi + output_padding pixels.

    Args:
        input_shape: pixels along each axis; an int means one axis.
        kernel_size, stride, dilation: an int for every axis, or one an axis; at least 1.
        padding: as for Conv, whose pads these are: a positive pad crops, a negative one adds zeros. A string takes the
            pads of the Conv whose input is output_shape, by default i*s for "same" and "same_lower",
            (i-1)s + max(K, s) for "valid" and (i-1)s + 2 - K for "full".
        output_padding: 0 <= output_padding < max(stride, dilation), as PyTorch has it; more rows at the far end only.
        output_shape: the size wanted, within the s sizes that the convolution maps to input_shape.
        in_channels, out_channels, groups, padding_mode: as for Conv, from this layer's own side.

    Raises:
        GeometryError: for anything out of range, with the rule that it breaks and the sizes within reach.

    >>> ConvTranspose((2, 2), 3, stride=2, padding="same").output_shape
    (4, 4)
    >>> ConvTranspose((3, 3), 5, stride=2, padding="same").output_shape
    (6, 6)
    """

    __slots__ = ()
    transposed = True

    def __init__(
        self,
        input_shape: int | Sequence[int],
        kernel_size: int | Sequence[int],
        *,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | Sequence[tuple[int, int]] | PaddingName = 0,
        output_padding: int | Sequence[int] = 0,
        output_shape: int | Sequence[int] | None = None,
        dilation: int | Sequence[int] = 1,
        in_channels: int = 1,
        out_channels: int = 1,
        groups: int = 1,
        padding_mode: PaddingMode = "zeros",
    ) -> None:
        read = Arguments("ConvTranspose", input_shape)
        shape = read.input_shape
        kernel, strides, dilations = read.taps(kernel_size, stride, dilation)
        pads = read.padding(padding)
        extra = read.per_axis("output_padding", output_padding, 0)
        wanted = None if output_shape is None else read.per_axis("output_shape", output_shape, 1)
        if any(extra) and (wanted is not None or isinstance(pads, str)):
            raise read.error(
                "output_padding",
                repr(output_padding),
                f"{'' if wanted is not None else f'padding={pads!r} with its '}output_shape settles the size already",
                "Leave output_padding out, and say the size that you want with output_shape.",
            )
        mode = read.mode(padding_mode)
        channels = read.channels(in_channels, out_channels, groups)
        axes = []
        for number, (i, k, s, d) in enumerate(zip(shape, kernel, strides, dilations, strict=True)):
            target = None if wanted is None else wanted[number]
            if isinstance(pads, str):
                large = read.named_size(number, pads, target, i, k, s, d)
                lo, hi = named_pads(pads, large, k, s, d)
            else:
                lo, hi = pads[number]
                large = read.numbered_size(number, target, i, k, s, d, lo, hi, extra[number])
            axes.append(Axis(large, i, k, s, d, lo, hi))
        read.check_mode([(axis.large, axis.lo, axis.hi) for axis in axes], mode)
        self._fill(tuple(axes), *channels, mode)

    @property
    def T(self) -> Conv:  # noqa: N802
        """The convolution whose matrix, transposed, is this layer's matrix."""
        return Conv._resolved(self.axes, self.out_channels, self.in_channels, self.groups, self.padding_mode)


def _restored(
    transposed: bool, axes: tuple[Axis, ...], in_channels: int, out_channels: int, groups: int, mode: PaddingMode
) -> Layer:
    """Make a pickled layer anew, through the constructor and its rules."""
    channels = (out_channels, in_channels) if transposed else (in_channels, out_channels)
    conv = Conv(
        [axis.large for axis in axes],
        [axis.kernel_size for axis in axes],
        stride=[axis.stride for axis in axes],
        padding=[(axis.lo, axis.hi) for axis in axes],
        dilation=[axis.dilation for axis in axes],
        output_shape=[axis.small for axis in axes],
        in_channels=channels[0],
        out_channels=channels[1],
        groups=groups,
        padding_mode=mode,
    )
    return conv.T if transposed else conv
