"""Code as students write it: plain NumPy that knows nothing of symtconv. Each is right for the layer beside it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np
from numpy import zeros as zeros_under_another_name
from numpy.lib.stride_tricks import as_strided

from symtconv import Conv, ConvTranspose
from symtconv.geometry import Layer
from symtconv.verification.question import Of

STRIDE = 2


def stamps(x: Any, w: Any) -> Any:
    height, width = x.shape
    k, _ = w.shape
    y = np.zeros((STRIDE * (height - 1) + k, STRIDE * (width - 1) + k))
    for i in range(height):
        for j in range(width):
            for a in range(k):
                for b in range(k):
                    y[i * STRIDE + a, j * STRIDE + b] += x[i, j] * w[a, b]
    return y[:-1, :-1]


def slices(x: Any, w: Any) -> Any:
    y = np.zeros((5, 5), dtype=np.float32)
    for i in range(2):
        for j in range(2):
            y[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += x[i, j] * w
    return y[0:4, 0:4].astype(float)


def _zero_inserted(x: Any, s: int) -> Any:
    wide = zeros_under_another_name((s * (x.shape[0] - 1) + 1, s * (x.shape[1] - 1) + 1))
    wide[::s, ::s] = x
    return wide


def _correlated(x: Any, w: Any) -> Any:
    k = w.shape[0]
    rows, columns = x.shape[0] - k + 1, x.shape[1] - k + 1
    y = np.zeros(shape=(rows, columns))
    for i in range(rows):
        for j in range(columns):
            y[i, j] = np.sum(x[i : i + k, j : j + k] * w)
    return y


def zero_insertion(x: Any, w: Any) -> Any:
    k = w.shape[0]
    wide = np.pad(_zero_inserted(x, 2), ((k - 1, k - 2), (k - 1, k - 2)))
    return _correlated(wide, np.flip(w))


def kronecker(x: Any, w: Any) -> Any:
    import numpy  # within the function, and under its own name

    y = numpy.zeros((5, 5))
    unit = numpy.eye(3)
    for a, b in product(range(3), range(3)):
        y[a : a + 3 : 2, b : b + 3 : 2] += numpy.kron(x, w[a : a + 1, b : b + 1]) * unit[a, a]
    return y[:4, :4]


def matrix(x: Any, w: Any) -> Any:
    c = np.zeros((4, 16))
    for i, j, a, b in np.ndindex(2, 2, 3, 3):
        if 2 * i + a < 4 and 2 * j + b < 4:
            c[2 * i + j, 4 * (2 * i + a) + 2 * j + b] = w[a, b]
    return (c.T @ x.reshape(-1)).reshape(4, 4)


def lists(x: Any, w: Any) -> Any:
    y = [[0.0] * 4 for _ in range(4)]
    for i, j, a, b in product(range(2), range(2), range(3), range(3)):
        if 2 * i + a < 4 and 2 * j + b < 4:
            y[2 * i + a][2 * j + b] += x[i][j] * w[a][b] / 2 + 0.5 * w[a][b] * x[i][j]
    return y


def line(x: Any, w: Any) -> Any:
    y = np.zeros_like(x, shape=(9,))
    for tap in range(3):
        y[tap : tap + 7 : 2] += w[tap] * x
    return y


def line_by_numpy(x: Any, w: Any) -> Any:
    wide = np.zeros(7)
    wide[::2] = x
    return np.convolve(wide, w)


def line_by_matrix(x: Any, w: Any) -> Any:
    columns = np.array([np.concatenate([np.zeros(2 * i), w, np.zeros(6 - 2 * i)]) for i in range(4)])
    return np.dot(columns.T, x)


def einsum(x: Any, w: Any) -> Any:
    y = np.zeros((w.shape[1], 5, 7))
    for i in range(2):
        for j in range(3):
            y[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += np.einsum("c,cokl->okl", x[:, i, j], w, optimize=True)
    return y


def tensordot(x: Any, w: Any) -> Any:
    stamps = np.tensordot(x, w, axes=(0, 0)).transpose(2, 0, 1, 3, 4)
    y = np.zeros((3, 5, 7))
    np.add(y[:, :3, :3], stamps[:, 0, 0], out=y[:, :3, :3])
    for i, j in [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]:
        y[:, 2 * i :, 2 * j :][:, :3, :3] += stamps[:, i, j]
    return y


def conv_loop(x: Any, w: Any) -> Any:
    y = np.full((2, 3), 0.0)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (x[i : i + 3, j : j + 3] * w).sum()
    return y


def conv_strided(x: Any, w: Any) -> Any:
    rows, columns = x.strides
    patches = as_strided(x, shape=(2, 3, 3, 3), strides=(rows, columns, rows, columns))
    return np.einsum("ijkl,kl->ij", patches, w)


def conv_windows(x: Any, w: Any) -> Any:
    return np.tensordot(np.lib.stride_tricks.sliding_window_view(x, (3, 3)), w, axes=2)


def conv_im2col(x: Any, w: Any) -> Any:
    columns = np.empty((9, 6))
    for i in range(2):
        for j in range(3):
            columns[:, 3 * i + j] = x[i : i + 3, j : j + 3].ravel()
    return np.matmul(w.reshape(1, 9), columns).reshape(2, 3)


def conv_gather(x: Any, w: Any) -> Any:
    places = np.zeros((6, 9), dtype=int)
    for i, j, a, b in np.ndindex(2, 3, 3, 3):
        places[3 * i + j, 3 * a + b] = 5 * (i + a) + j + b
    return np.dot(x.flatten()[places], w.flatten()).reshape((2, 3))


def conv_channels(x: Any, w: Any) -> Any:
    out, _, k, _ = w.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)), mode="constant")
    y = np.zeros((out, 2, 2), dtype=np.float64)
    for o, i, j in np.ndindex(*y.shape):
        y[o, i, j] = np.sum(padded[:, 2 * i : 2 * i + k, 2 * j : 2 * j + k] * w[o])
    return y


def conv_circular(x: Any, w: Any) -> Any:
    return sum(w[j] * np.roll(x, 1 - j) for j in range(3))


def conv_correlate(x: Any, w: Any) -> Any:
    return np.correlate(x, w, mode="valid")[::2]


def input_gradient(v: Any, w: Any) -> Any:
    gradient = np.zeros((5, 5))
    for i in range(2):
        for j in range(2):
            gradient[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += v[i, j] * w
    return gradient


def input_gradient_of_transposed(v: Any, w: Any) -> Any:
    padded = np.pad(v, ((0, 1), (0, 1)))
    return np.array([[np.sum(padded[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] * w) for j in range(2)] for i in range(2)])


def kernel_gradient(x: Any, v: Any) -> Any:
    return np.array([[np.vdot(x[a : a + 3 : 2, b : b + 3 : 2], v) for b in range(3)] for a in range(3)])


def kernel_gradient_of_transposed(x: Any, v: Any) -> Any:
    gradient = np.zeros((3, 3))
    wide = np.pad(v, ((0, 1), (0, 1)))
    for a in range(3):
        for b in range(3):
            gradient[a, b] = np.trace(x.T @ wide[a : a + 3 : 2, b : b + 3 : 2])
    return gradient


def kernel_gradient_channels(x: Any, v: Any) -> Any:
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    gradient = np.zeros((v.shape[0], x.shape[0], 3, 3))
    for i, j in np.ndindex(2, 2):
        gradient += v[:, None, i, j, None, None] * padded[None, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
    return gradient


def of_any_stride(stride: int) -> Callable[[Any, Any], Any]:
    def helper(size: int) -> Any:
        return np.zeros(size)

    def layer(x: Any, w: Any, *, size: int = 9) -> Any:
        y = helper(size)
        for i in range(x.size):
            y[i * stride : i * stride + len(w)] += x[i] * w
        return y

    return layer


def with_module(numpy: Any, x: Any, w: Any) -> Any:
    y = numpy.zeros(int(math.sqrt(81)))
    for i in range(4):
        y[2 * i : 2 * i + 3] += x[i] * w
    return y


def by_class(x: Any, w: Any) -> Any:
    return Stamps(2)(x, w)


class Canvas(ABC):
    """A class with an abstract, a static and a class method."""

    def __init__(self, stride: int) -> None:
        self.stride = stride

    @abstractmethod
    def size(self, count: int, taps: int) -> int: ...

    @staticmethod
    def empty(size: int) -> Any:
        return np.zeros(size)

    @classmethod
    def of_size(cls, size: int) -> Any:
        return cls.empty(size) if issubclass(cls, Canvas) else None

    def __call__(self, x: Any, w: Any) -> Any:
        y = self.of_size(self.size(len(x), len(w)))
        for i, pixel in enumerate(x):
            y[self.stride * i : self.stride * i + len(w)] += pixel * w
        return y


class Stamps(Canvas):
    """A class that calls its base by super."""

    def size(self, count: int, taps: int) -> int:
        return self.stride * (count - 1) + taps

    @property
    def zeros(self) -> Any:
        return np.zeros(9)

    def __call__(self, x: Any, w: Any) -> Any:
        return self.zeros + super().__call__(x, w)


@dataclass(frozen=True)
class Recorded:
    """A record with a method."""

    stride: int = 2

    def __call__(self, x: Any, w: Any) -> Any:
        return Stamps(self.stride)(x, w)


OBJECTS: dict[str, list[Any]] = {"stamps": [Stamps(2), Recorded()]}


def by_object(x: Any, w: Any) -> Any:
    first, second = OBJECTS["stamps"]
    return (first(x, w) + second(x, w)) / 2 if isinstance(first, Canvas) else x


@lru_cache(maxsize=4)
def cached_zeros(size: int) -> Any:
    return np.zeros(size)


def by_cache(x: Any, w: Any) -> Any:
    y = cached_zeros(9).copy()
    for i, pixel in enumerate(x):
        y[2 * i : 2 * i + 3] += pixel * w
    return y


def by_places(x: Any, w: Any) -> Any:
    y = np.repeat(0.0, 9)
    places = np.array([[2 * i + a for a in range(3)] for i in range(4)])
    np.add.at(y, places, np.outer(x, w))
    return np.take(y, np.array(range(9), dtype=np.int32))


def by_recursion(x: Any, w: Any) -> Any:
    if len(x) == 0:
        return np.zeros(9)
    y = by_recursion(x[:-1], w)
    y[2 * len(x) - 2 : 2 * len(x) + 1] += np.float32(1) * x[-1] * w
    return y


def by_mask(x: Any, w: Any) -> Any:
    m, i, a = np.ogrid[:9, :4, :3]
    return np.einsum("mia,i,a->m", (m == 2 * i + a) * 1.0, x, w)


def by_pads(x: Any, w: Any) -> Any:
    size = np.floor((np.array([9]) - 3) / 2).astype(int)[0] + 1
    total: Any = np.float64(0.0)
    for i in range(size):
        total = total + np.pad(x[i].item() * w, (2 * i, 6 - 2 * i))
    return total


def conv_generator(x: Any, w: Any) -> Any:
    sums = (sum(w[a, b] * x[i + a, j + b] for a in range(3) for b in range(3)) for i in range(2) for j in range(3))
    return np.fromiter(sums, float).reshape(2, 3)


class Model:
    """A model whose method is the layer, and which can be called itself."""

    stride = 2

    def forward(self, x: Any, w: Any) -> Any:
        y = np.zeros(9)
        for i in range(4):
            y[self.stride * i : self.stride * i + 3] += x[i] * w
        return y

    def __call__(self, x: Any, w: Any) -> Any:
        y = np.ones(9) - 1
        y[:] += self.forward_by_list(x, w)
        return y

    def forward_by_list(self, x: Any, w: Any) -> list[Any]:
        pixels: list[Any] = [0] * 9
        for i, a in product(range(4), range(3)):
            pixels[2 * i + a] = pixels[2 * i + a] + x[i] * w[a]
        return pixels


DOUBLING = ConvTranspose((2, 2), 3, stride=2, padding="same")
LINE = ConvTranspose(4, 3, stride=2)
CHANNELS = ConvTranspose((2, 3), 3, stride=2, in_channels=2, out_channels=3)
PLANE = Conv((4, 5), 3)
CONV_CHANNELS = Conv((4, 4), 3, stride=2, padding=1, in_channels=2, out_channels=3)

RIGHT: dict[str, tuple[Layer, Any, Of]] = {
    "stamps": (DOUBLING, stamps, "layer"),
    "slices": (DOUBLING, slices, "layer"),
    "zero insertion": (DOUBLING, zero_insertion, "layer"),
    "kronecker": (DOUBLING, kronecker, "layer"),
    "matrix": (DOUBLING, matrix, "layer"),
    "lists": (DOUBLING, lists, "layer"),
    "line": (LINE, line, "layer"),
    "line by np.convolve": (LINE, line_by_numpy, "layer"),
    "line by matrix": (LINE, line_by_matrix, "layer"),
    "closure": (LINE, of_any_stride(2), "layer"),
    "partial": (LINE, partial(with_module, np), "layer"),
    "method": (LINE, Model().forward, "layer"),
    "callable": (LINE, Model(), "layer"),
    "class": (LINE, by_class, "layer"),
    "object with a base class": (LINE, Stamps(2), "layer"),
    "record": (LINE, Recorded(), "layer"),
    "method of an object": (LINE, Recorded().__call__, "layer"),
    "partial of a method": (LINE, partial(Stamps.__call__, Stamps(2)), "layer"),
    "objects in a dictionary": (LINE, by_object, "layer"),
    "cache": (LINE, by_cache, "layer"),
    "places": (LINE, by_places, "layer"),
    "recursion": (LINE, by_recursion, "layer"),
    "mask": (LINE, by_mask, "layer"),
    "pads": (LINE, by_pads, "layer"),
    "conv generator": (PLANE, conv_generator, "layer"),
    "lambda": (PLANE, lambda x, w: [[np.vdot(x[i : i + 3, j : j + 3], w) for j in range(3)] for i in (0, 1)], "layer"),
    "einsum": (CHANNELS, einsum, "layer"),
    "tensordot": (CHANNELS, tensordot, "layer"),
    "conv loop": (PLANE, conv_loop, "layer"),
    "conv as_strided": (PLANE, conv_strided, "layer"),
    "conv windows": (PLANE, conv_windows, "layer"),
    "conv im2col": (PLANE, conv_im2col, "layer"),
    "conv gather": (PLANE, conv_gather, "layer"),
    "conv channels": (CONV_CHANNELS, conv_channels, "layer"),
    "conv circular": (Conv(5, 3, padding=1, padding_mode="circular"), conv_circular, "layer"),
    "conv correlate": (Conv(6, 2, stride=2), conv_correlate, "layer"),
    "input gradient": (Conv((5, 5), 3, stride=2), input_gradient, "input-gradient"),
    "input gradient of transposed": (DOUBLING, input_gradient_of_transposed, "input-gradient"),
    "input gradient is the layer's transpose": (PLANE.T, conv_loop, "input-gradient"),
    "kernel gradient": (Conv((5, 5), 3, stride=2), kernel_gradient, "kernel-gradient"),
    "kernel gradient of transposed": (DOUBLING, kernel_gradient_of_transposed, "kernel-gradient"),
    "kernel gradient channels": (CONV_CHANNELS, kernel_gradient_channels, "kernel-gradient"),
}
