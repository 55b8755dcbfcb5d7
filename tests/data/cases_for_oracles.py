"""Hold what the make_<framework>.py scripts share: layers in symtconv's words, seeded integers, and the JSON file.

Nothing here computes a convolution and nothing imports a framework or symtconv: the tables say which layers to ask
for, the frameworks alone say what comes out.
"""

import json
import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]
Integers = NDArray[np.int64]

NUMBERS = np.array([number for number in range(-9, 10) if number], dtype=np.int64)


@dataclass(frozen=True)
class Layer:
    """Describe a layer by the arguments of symtconv's Conv or ConvTranspose, with the batch and bias of one case.

    `batch` is the length of the leading batch axis, 0 for none. An int in `stride`, `padding`, `output_padding` or
    `dilation` goes to the file as an int: it stands for every axis.
    """

    input_shape: Shape
    kernel_size: Shape
    stride: int | Shape = 1
    padding: str | int | Shape | Pairs = 0
    output_padding: int | Shape = 0
    output_shape: Shape | None = None
    dilation: int | Shape = 1
    channels: tuple[int, int] = (1, 1)
    groups: int = 1
    padding_mode: str = "zeros"
    batch: int = 0
    bias: bool = False
    transposed: ClassVar[bool] = False

    @property
    def dims(self) -> int:
        """Count the spatial axes."""
        return len(self.input_shape)

    @property
    def strides(self) -> Shape:
        """Give one stride an axis."""
        return self._each(self.stride)

    @property
    def dilations(self) -> Shape:
        """Give one dilation an axis."""
        return self._each(self.dilation)

    @property
    def output_paddings(self) -> Shape:
        """Give one output padding an axis."""
        return self._each(self.output_padding)

    @property
    def spans(self) -> Shape:
        """Give the effective kernel size K = d(k-1) + 1 of each axis."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilations, strict=True))

    @property
    def pads(self) -> Pairs:
        """Give one (lo, hi) pair an axis; only where the padding is given in numbers."""
        assert not isinstance(self.padding, str)
        if isinstance(self.padding, int):
            return ((self.padding, self.padding),) * self.dims
        return tuple((p, p) if isinstance(p, int) else p for p in self.padding)

    @property
    def is_symmetric(self) -> bool:
        """Tell whether the padding is the same non-negative number on both sides of each axis."""
        return all(lo == hi >= 0 for lo, hi in self.pads)

    @property
    def kernel_shape(self) -> Shape:
        """Give the kernel's shape in symtconv's layout: (out, in/groups, *k), transposed (in, out/groups, *k)."""
        first, second = self.channels if self.transposed else self.channels[::-1]
        return (first, second // self.groups, *self.kernel_size)

    @property
    def name(self) -> str:
        """Spell the layer in a few characters, for the identifier of its case."""
        parts = ["i" + _by(self.input_shape), "k" + _by(self.kernel_size)]
        for letter, value, usual in (
            ("s", self.stride, 1),
            ("d", self.dilation, 1),
            ("p", self.padding, 0),
            ("op", self.output_padding, 0),
            ("o", self.output_shape, None),
        ):
            if value != usual and value is not None:
                parts.append(value if isinstance(value, str) else letter + _by(value))
        if self.channels != (1, 1):
            parts.append("c{}to{}".format(*self.channels))
        if self.groups != 1:
            parts.append(f"g{self.groups}")
        if self.padding_mode != "zeros":
            parts.append(self.padding_mode)
        if self.batch:
            parts.append(f"batch{self.batch}")
        return "-".join([*parts, "bias"] if self.bias else parts)

    @property
    def words(self) -> dict[str, Any]:
        """Give the keyword arguments of symtconv's class, without those that are at their defaults."""
        usual: dict[str, Any] = {
            "stride": 1,
            "padding": 0,
            "output_padding": 0,
            "output_shape": None,
            "dilation": 1,
            "groups": 1,
            "padding_mode": "zeros",
        }
        given: dict[str, Any] = {"input_shape": self.input_shape, "kernel_size": self.kernel_size}
        given |= {key: getattr(self, key) for key, default in usual.items() if getattr(self, key) != default}
        channels = zip(("in_channels", "out_channels"), self.channels, strict=True)
        return given | {key: count for key, count in channels if count != 1}

    def _each(self, value: int | Shape) -> Shape:
        return (value,) * self.dims if isinstance(value, int) else value


class Conv(Layer):
    """Describe a convolution."""


class ConvTranspose(Layer):
    """Describe a transposed convolution."""

    transposed: ClassVar[bool] = True


def transposed_of(layer: Conv, output_shape: Shape) -> ConvTranspose:
    """Give the layer whose result is the gradient with respect to the input of `layer`, which gives `output_shape`.

    The same kernel array serves both. `output_shape` of the answer is the input shape of `layer`.
    """
    assert not layer.bias
    return ConvTranspose(
        input_shape=output_shape,
        kernel_size=layer.kernel_size,
        stride=layer.stride,
        padding=layer.padding,
        output_shape=layer.input_shape,
        dilation=layer.dilation,
        channels=(layer.channels[1], layer.channels[0]),
        groups=layer.groups,
        padding_mode=layer.padding_mode,
        batch=layer.batch,
    )


def without_bias(layers: Iterable[Conv]) -> list[Conv]:
    """Give the same layers with no bias: a bias takes no part in the gradient with respect to the input."""
    return [replace(layer, bias=False) for layer in layers]


class Case:
    """Collect one case: its layer, its seeded integers and what the framework made of them."""

    def __init__(self, framework: str, kind: str, layer: Layer) -> None:
        """Draw the input, the kernel and the bias; the seed is the framework's name with the case's identifier."""
        self.layer = layer
        self.identifier = f"{kind}-{layer.name}"
        self._seed = f"{framework} {self.identifier}"
        batch = (layer.batch,) if layer.batch else ()
        self.x = self.draw("x", (*batch, layer.channels[0], *layer.input_shape))
        self.kernel = self.draw("kernel", layer.kernel_shape)
        self.bias = self.draw("bias", layer.channels[1:]) if layer.bias else None

    def draw(self, what: str, shape: Shape) -> Integers:
        """Draw integers in -9..9 other than 0, the same at each run; none comes twice before all have come once."""
        seed = zlib.crc32(f"{self._seed} {what}".encode())
        random = np.random.default_rng(seed)
        count = math.prod(shape)
        rounds = [random.permutation(NUMBERS) for _ in range(-(-count // len(NUMBERS)))]
        return np.concatenate(rounds)[:count].reshape(shape)

    def record(
        self,
        call: str,
        y: ArrayLike,
        *,
        v: ArrayLike | None = None,
        grad_x: ArrayLike | None = None,
        grad_kernel: ArrayLike | None = None,
    ) -> dict[str, Any]:
        """Give the case as it goes to the file; arrays are channels first, grad_kernel in symtconv's layout."""
        arrays = {
            "kernel": self.kernel,
            "x": self.x,
            "bias": self.bias,
            "y": y,
            "v": v,
            "grad_x": grad_x,
            "grad_kernel": grad_kernel,
        }
        whole = {key: to_integers(value) for key, value in arrays.items() if value is not None}
        shapes = {"y": "v", "x": "grad_x", "kernel": "grad_kernel"}
        assert all(whole[a].shape == whole[b].shape for a, b in shapes.items() if b in whole), self.identifier
        return {
            "id": self.identifier,
            "call": call,
            "transposed": self.layer.transposed,
            "layer": self.layer.words,
            "output_shape": whole["y"].shape[-self.layer.dims :],
            **{key: value.tolist() for key, value in whole.items()},
        }


def to_integers(values: ArrayLike) -> Integers:
    """Round to integers; anything farther than 1e-3 from one is an error."""
    exact = np.asarray(values, dtype=np.float64)
    rounded = np.rint(exact)
    assert np.abs(exact - rounded).max(initial=0.0) < 1e-3, "the framework's result is not a whole number"
    return rounded.astype(np.int64)


def spell_call(function: str, positional: str, options: Mapping[str, object]) -> str:
    """Spell a call as a person would type it: 'f(x, w, stride=2)'."""
    named = [f"{key}={value!r}" for key, value in options.items()]
    return f"{function}({', '.join([positional, *named])})"


def write(script: str, framework: str, version: str, beside: Mapping[str, str], cases: list[dict[str, Any]]) -> None:
    """Write <framework>.json beside the script, one case a line; `beside` names the other packages that took part."""
    identifiers = [case["id"] for case in cases]
    assert len(set(identifiers)) == len(identifiers), sorted({i for i in identifiers if identifiers.count(i) > 1})
    path = Path(script)
    head = {"framework": framework, "version": version, "with": dict(beside), "made_by": path.name}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    text = json.dumps(head)[:-1] + ', "cases": [\n' + lines + "\n]}\n"
    path.with_name(path.name.removeprefix("make_")).with_suffix(".json").write_text(text, encoding="utf-8")


def _by(value: int | Shape | Pairs) -> str:
    if isinstance(value, int):
        return str(value)
    return "x".join(str(entry) if isinstance(entry, int) else "{}:{}".format(*entry) for entry in value)


CONVS = [
    Conv((5,), (3,)),
    Conv((1,), (1,), channels=(2, 3), bias=True),
    Conv((7,), (3,), stride=2, padding=1),
    Conv((8,), (3,), stride=3, padding=1, bias=True),
    Conv((9,), (3,), padding=2, dilation=2, channels=(2, 3), bias=True),
    Conv((9,), (2,), stride=2, dilation=3, channels=(1, 2)),
    Conv((6,), (1,), stride=2, channels=(2, 2)),
    Conv((6,), (5,), padding=4, channels=(2, 1), batch=2, bias=True),
    Conv((6,), (4,), stride=3, padding=2, channels=(4, 6), groups=2),
    Conv((5,), (2,), padding=1, channels=(3, 3), groups=3),
    Conv((4, 5), (3, 3)),
    Conv((5, 5), (3, 3), stride=2, padding=1),
    Conv((6, 7), (2, 3), stride=(2, 1), padding=(0, 1), bias=True),
    Conv((7, 5), (3, 2), stride=(1, 3), padding=(2, 0), dilation=(2, 1), channels=(2, 3)),
    Conv((8, 6), (3, 3), stride=(3, 2), padding=1, dilation=(1, 2), channels=(2, 2), bias=True),
    Conv((6, 6), (4, 4), stride=2, padding=1, channels=(2, 4), groups=2, batch=2),
    Conv((5, 6), (5, 1), padding=(2, 0), channels=(3, 6), groups=3, bias=True),
    Conv((1, 7), (1, 3), stride=(1, 2), padding=(0, 2)),
    Conv((9, 4), (2, 2), stride=3, padding=1, dilation=(3, 2), channels=(1, 3)),
    Conv((3, 4, 3), (2, 2, 2)),
    Conv((4, 3, 5), (3, 2, 1), stride=(2, 1, 3), padding=(1, 0, 0), bias=True),
    Conv((3, 5, 4), (2, 3, 2), stride=2, padding=(1, 2, 1), dilation=(1, 2, 1), channels=(2, 2)),
    Conv((3, 3, 3), (2, 3, 2), padding=1, channels=(2, 4), groups=2, batch=2),
    Conv((5, 2, 4), (1, 2, 3), stride=(3, 2, 1), padding=(0, 1, 1), channels=(3, 3), groups=3, bias=True),
]
"""Convolutions with the same non-negative pad on both sides."""

ASYMMETRIC_CONVS = [
    Conv((5,), (3,), padding=((0, 1),)),
    Conv((6,), (3,), stride=2, padding=((1, 0),)),
    Conv((7,), (2,), stride=3, padding=((2, 1),), dilation=2, channels=(2, 2)),
    Conv((4,), (4,), padding=((3, 0),), channels=(2, 4), groups=2, bias=True),
    Conv((4, 4), (3, 3), stride=2, padding=((0, 1), (0, 1))),
    Conv((5, 6), (3, 2), stride=(1, 2), padding=((2, 0), (0, 1)), channels=(1, 2)),
    Conv((6, 5), (2, 3), padding=((0, 3), (1, 2)), dilation=(2, 1), channels=(4, 4), groups=2, bias=True),
    Conv((3, 7), (3, 4), stride=(2, 3), padding=((1, 2), (3, 1)), batch=2),
    Conv((3, 3, 4), (2, 3, 2), padding=((0, 1), (2, 1), (1, 0))),
    Conv((4, 3, 3), (2, 2, 3), stride=(2, 1, 2), padding=((1, 0), (0, 2), (2, 1)), channels=(2, 2)),
]
"""Convolutions with non-negative pads that differ between the sides."""

NEGATIVE_CONVS = [
    Conv((8,), (3,), padding=((-1, -2),)),
    Conv((7,), (3,), stride=2, padding=((-1, 2),)),
    Conv((9,), (2,), stride=3, padding=((1, -3),), dilation=2, channels=(2, 2)),
    Conv((6,), (1,), stride=2, padding=((-2, 0),)),
    Conv((6, 7), (3, 2), padding=((-1, 0), (2, -2))),
    Conv((7, 8), (3, 3), stride=(2, 3), padding=((-1, -1), (0, -2)), channels=(2, 4), groups=2, bias=True),
    Conv((8, 6), (2, 2), padding=((-2, 1), (-1, 3)), dilation=(3, 2)),
    Conv((4, 5, 3), (2, 2, 2), padding=((-1, 0), (0, -2), (1, 1))),
    Conv((5, 4, 4), (2, 3, 1), stride=2, padding=((1, -1), (-1, 2), (-1, -1)), channels=(2, 1)),
]
"""Convolutions that crop: a negative pad on at least one side."""

SAME_CONVS = [
    Conv((5,), (3,), padding="same"),
    Conv((5,), (2,), padding="same"),
    Conv((6,), (4,), padding="same", channels=(2, 1)),
    Conv((7,), (3,), padding="same", dilation=2),
    Conv((7,), (2,), padding="same", dilation=3, bias=True),
    Conv((8,), (4,), padding="same", dilation=2, channels=(2, 2)),
    Conv((3,), (5,), padding="same"),
    Conv((4,), (1,), padding="same"),
    Conv((4, 5), (3, 3), padding="same"),
    Conv((4, 5), (2, 4), padding="same"),
    Conv((5, 6), (3, 2), padding="same", dilation=(2, 3), channels=(1, 2)),
    Conv((4, 4), (4, 3), padding="same", channels=(4, 4), groups=2, bias=True),
    Conv((3, 3, 4), (3, 2, 4), padding="same"),
    Conv((3, 4, 3), (2, 2, 3), padding="same", channels=(2, 2)),
]
"""Stride-1 convolutions with 'same', kernels odd and even."""

SAME_STRIDED_CONVS = [
    Conv((5,), (3,), stride=2, padding="same"),
    Conv((6,), (3,), stride=2, padding="same"),
    Conv((7,), (2,), stride=2, padding="same", channels=(1, 2), bias=True),
    Conv((8,), (3,), stride=3, padding="same"),
    Conv((7,), (4,), stride=3, padding="same", channels=(2, 1)),
    Conv((9,), (1,), stride=2, padding="same"),
    Conv((8,), (2,), stride=3, padding="same"),
    Conv((9,), (5,), stride=2, padding="same", batch=2),
    Conv((9,), (3,), stride=2, padding="same", dilation=2),
    Conv((5, 6), (3, 2), stride=2, padding="same"),
    Conv((7, 4), (4, 1), stride=(3, 2), padding="same", channels=(2, 3)),
    Conv((6, 9), (3, 5), stride=(2, 3), padding="same", bias=True),
    Conv((8, 5), (2, 3), stride=3, padding="same", channels=(2, 2)),
    Conv((4, 5, 3), (3, 2, 1), stride=(2, 2, 3), padding="same"),
    Conv((3, 4, 5), (2, 3, 4), stride=(1, 2, 2), padding="same", channels=(1, 2)),
]
"""Strided convolutions with 'same': kernels odd, even and below the stride, sizes that the stride divides or not."""

VALID_CONVS = [
    Conv((7,), (3,), stride=2, padding="valid"),
    Conv((8,), (2,), stride=3, padding="valid", channels=(2, 2)),
    Conv((6, 5), (3, 2), stride=(2, 1), padding="valid", bias=True),
    Conv((7, 7), (2, 3), padding="valid", dilation=(2, 3)),
    Conv((4, 5, 4), (2, 3, 1), stride=(1, 2, 3), padding="valid"),
]
"""Convolutions with 'valid'."""

TRANSPOSES = [
    ConvTranspose((3,), (3,)),
    ConvTranspose((1,), (1,), channels=(3, 2), bias=True),
    ConvTranspose((3,), (3,), stride=2),
    ConvTranspose((4,), (3,), stride=2, padding=1, output_padding=1),
    ConvTranspose((3,), (2,), stride=3, output_padding=2),
    ConvTranspose((3,), (2,), stride=3, channels=(2, 1)),
    ConvTranspose((4,), (3,), stride=2, padding=2, output_padding=1, dilation=2),
    ConvTranspose((3,), (4,), stride=2, padding=1, channels=(2, 3), bias=True),
    ConvTranspose((3,), (2,), stride=3, padding=1, dilation=2, channels=(1, 2), batch=2),
    ConvTranspose((2,), (1,), stride=3, output_padding=2),
    ConvTranspose((4,), (3,), padding=2),
    ConvTranspose((3,), (5,), stride=2, padding=2, output_padding=1, channels=(4, 2), groups=2),
    ConvTranspose((4,), (3,), stride=2, padding=1, channels=(3, 6), groups=3, bias=True),
    ConvTranspose((2, 2), (3, 3), stride=2, padding=1, output_padding=1),
    ConvTranspose((3, 3), (5, 5), stride=2, padding=2, output_padding=1),
    ConvTranspose((3, 3), (4, 4), stride=2, padding=1),
    ConvTranspose((2, 3), (3, 2), stride=(2, 1), bias=True),
    ConvTranspose((3, 2), (2, 4), stride=(1, 3), padding=(0, 1), output_padding=(0, 2), channels=(1, 2)),
    ConvTranspose((3, 4), (3, 3), (2, 3), (1, 0), (1, 0), dilation=(1, 2), channels=(2, 3), bias=True),
    ConvTranspose((3, 3), (2, 2), stride=2, channels=(4, 4), groups=2, batch=2),
    ConvTranspose((2, 4), (3, 1), stride=(3, 2), channels=(3, 3), groups=3, bias=True),
    ConvTranspose((2, 2, 2), (2, 2, 2), stride=2),
    ConvTranspose((2, 3, 2), (3, 2, 2), stride=(2, 1, 3), padding=(1, 0, 0), output_padding=(1, 0, 2)),
    ConvTranspose((3, 2, 2), (2, 3, 1), (1, 2, 2), (0, 1, 0), dilation=(2, 1, 1), channels=(2, 2), bias=True),
    ConvTranspose((2, 2, 3), (2, 2, 2), stride=(2, 1, 2), channels=(2, 4), groups=2, batch=2),
]
"""Transposed convolutions with the same non-negative pad on both sides and 0 <= output_padding < stride."""

ASYMMETRIC_TRANSPOSES = [
    ConvTranspose((4,), (3,), stride=2, padding=((0, 1),)),
    ConvTranspose((3,), (4,), stride=3, padding=((2, 0),), output_padding=1, bias=True),
    ConvTranspose((4,), (2,), padding=((1, 2),), dilation=3, channels=(2, 2)),
    ConvTranspose((2, 2), (3, 3), stride=2, padding=((0, 1), (0, 1))),
    ConvTranspose((3, 2), (2, 4), stride=(2, 3), padding=((1, 0), (0, 3)), output_padding=(0, 1), channels=(2, 1)),
    ConvTranspose((3, 3), (3, 2), padding=((2, 1), (0, 1)), channels=(4, 2), groups=2, bias=True),
    ConvTranspose((2, 3, 2), (3, 2, 2), stride=(2, 1, 2), padding=((0, 1), (1, 0), (0, 0)), channels=(1, 2)),
]
"""Transposed convolutions whose non-negative pads differ between the sides."""

NEGATIVE_TRANSPOSES = [
    ConvTranspose((3,), (3,), stride=2, padding=((-1, 0),)),
    ConvTranspose((3,), (2,), stride=3, padding=((1, -2),), output_padding=2),
    ConvTranspose((4,), (2,), padding=((-2, -1),), dilation=2, channels=(2, 1)),
    ConvTranspose((2, 3), (3, 2), stride=(2, 1), padding=((-1, 1), (0, -2)), bias=True),
    ConvTranspose((3, 2), (2, 3), stride=(3, 2), padding=((-1, -1), (2, -1)), channels=(2, 2), groups=2),
    ConvTranspose((2, 2, 2), (2, 3, 1), stride=(1, 2, 2), padding=((-1, 0), (1, -1), (0, -1))),
]
"""Transposed convolutions with a negative pad, which adds zeros."""

SAME_TRANSPOSES = [
    ConvTranspose((4,), (3,), stride=2, padding="same"),
    ConvTranspose((3,), (2,), stride=2, padding="same", channels=(1, 2), bias=True),
    ConvTranspose((3,), (5,), stride=2, padding="same"),
    ConvTranspose((3,), (4,), stride=3, padding="same", channels=(2, 1)),
    ConvTranspose((3,), (3,), stride=3, padding="same", batch=2),
    ConvTranspose((5,), (4,), padding="same"),
    ConvTranspose((2, 2), (3, 3), stride=2, padding="same"),
    ConvTranspose((3, 3), (5, 5), stride=2, padding="same"),
    ConvTranspose((3, 2), (4, 2), stride=(3, 2), padding="same", channels=(2, 2), bias=True),
    ConvTranspose((4, 3), (2, 4), stride=(1, 2), padding="same", channels=(1, 2)),
    ConvTranspose((2, 3, 2), (3, 2, 4), stride=(2, 1, 3), padding="same"),
    ConvTranspose((2, 2, 2), (2, 3, 3), stride=(2, 2, 3), padding="same", channels=(2, 1)),
]
"""Transposed convolutions with 'same', the default size i*s and no kernel below the stride."""

SHORT_TRANSPOSES = [
    ConvTranspose((3,), (1,), stride=2, padding="same"),
    ConvTranspose((3,), (2,), stride=3, padding="same", channels=(2, 1)),
    ConvTranspose((2, 3), (2, 3), stride=3, padding="same"),
]
"""Transposed convolutions with 'same' and a kernel below the stride."""

VALID_TRANSPOSES = [
    ConvTranspose((3,), (3,), stride=2, padding="valid"),
    ConvTranspose((4,), (4,), padding="valid", channels=(2, 1), bias=True),
    ConvTranspose((3,), (2,), stride=3, padding="valid"),
    ConvTranspose((2, 3), (3, 2), stride=(2, 1), padding="valid", channels=(1, 2)),
    ConvTranspose((3, 2), (1, 5), stride=(2, 3), padding="valid"),
    ConvTranspose((2, 2, 3), (2, 3, 1), stride=(1, 2, 2), padding="valid"),
]
"""Transposed convolutions with 'valid' and the default size (i-1)s + max(K, s)."""
