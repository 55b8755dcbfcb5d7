"""Named layers, from papers and from what has gone wrong elsewhere; each name becomes a test id.

`figures` are the parameters of Dumoulin & Visin's pictures (arXiv 1603.07285; vdumoulin/conv_arithmetic,
bin/generate_makefile): input, output, padding, kernel, stride and dilation, square and 2-D.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from symtconv import Conv, ConvTranspose
from symtconv.geometry import Layer

FIGURES = {
    "no_padding_no_strides": (4, 2, 0, 3, 1, 1),
    "arbitrary_padding_no_strides": (5, 6, 2, 4, 1, 1),
    "same_padding_no_strides": (5, 5, 1, 3, 1, 1),
    "full_padding_no_strides": (5, 7, 2, 3, 1, 1),
    "no_padding_strides": (5, 2, 0, 3, 2, 1),
    "padding_strides": (5, 3, 1, 3, 2, 1),
    "padding_strides_odd": (6, 3, 1, 3, 2, 1),
    "dilation": (7, 3, 0, 3, 1, 2),
}


def figure(name: str) -> Conv:
    """Give the convolution of a picture."""
    n, _, p, k, s, d = FIGURES[name]
    return Conv((n, n), k, stride=s, padding=p, dilation=d)


def transposed_figure(name: str) -> ConvTranspose:
    """Give the transposed convolution of a picture, by its own arguments: the output padding is the paper's a."""
    n, o, p, k, s, d = FIGURES[name]
    a = (n + 2 * p - (d * (k - 1) + 1)) % s
    return ConvTranspose((o, o), k, stride=s, padding=p, dilation=d, output_padding=a)


LAYERS: dict[str, Layer] = {
    **{name: figure(name) for name in FIGURES},
    **{f"{name}_transposed": transposed_figure(name) for name in FIGURES},
    "2x2-to-4x4": ConvTranspose((2, 2), 3, stride=2, padding="same"),
    "3x3-to-6x6": ConvTranspose((3, 3), 5, stride=2, padding="same"),
    "one-pixel": Conv(1, 1),
    "one-pixel-stamps": ConvTranspose(1, 4),
    "1d": Conv(5, 3),
    "1d-dilated": Conv(9, 3, dilation=3, padding=[(2, 1)]),
    "1d-dilated-strided": Conv(11, 3, stride=2, dilation=3, padding=2),
    "1d-dilated-transposed": ConvTranspose(4, 3, stride=3, dilation=2, padding=[(1, 0)], output_padding=2),
    "2d-mixed": Conv((5, 7), (2, 3), stride=(2, 3), dilation=(3, 1), padding=[(1, 0), (0, 2)]),
    "3d": Conv((3, 4, 3), (2, 3, 1), stride=(1, 2, 2), padding=(0, 1, 0)),
    "3d-transposed": ConvTranspose((2, 1, 2), 2, stride=(2, 3, 1), output_padding=(1, 0, 0)),
    "channels": Conv((3, 4), 2, in_channels=2, out_channels=3, padding="same"),
    "channels-transposed": ConvTranspose((2, 2), (3, 2), stride=2, in_channels=3, out_channels=2, padding="same"),
    "groups": Conv(6, 3, stride=2, padding=1, in_channels=4, out_channels=6, groups=2),
    "groups-transposed": ConvTranspose((2, 3), 2, in_channels=6, out_channels=4, groups=2, stride=(2, 1)),
    "depthwise": Conv((4, 3), (3, 2), in_channels=3, out_channels=6, groups=3),
    "circular": Conv((4, 5), 3, padding=(1, 2), padding_mode="circular"),
    "circular-all-the-way": Conv(3, 4, padding=3, padding_mode="circular"),
    "reflect": Conv((4, 5), 3, stride=(1, 2), padding=[(3, 0), (1, 4)], padding_mode="reflect"),
    "replicate": Conv(3, 4, padding=[(5, 2)], dilation=2, padding_mode="replicate"),
    "circular-transposed": ConvTranspose((3, 2), 3, stride=(2, 1), padding=1, padding_mode="circular"),
    "reflect-transposed": ConvTranspose(4, 3, stride=2, padding=[(1, 2)], output_padding=1, padding_mode="reflect"),
    "replicate-transposed": ConvTranspose((2, 2), 3, padding=1, in_channels=2, padding_mode="replicate"),
    "same-even": Conv((5, 6), (4, 2), stride=(2, 3), padding="same"),
    "same-lower-even": Conv((5, 6), (4, 2), stride=(2, 3), padding="same_lower"),
    "same-kernel-below-stride": ConvTranspose(3, 2, stride=4, padding="same"),
    "same-odd-target": ConvTranspose((2, 2), 3, stride=2, padding="same", output_shape=(3, 4)),
    "same-lower-transposed": ConvTranspose((2, 3), 4, stride=(3, 2), padding="same_lower"),
    "valid-transposed": ConvTranspose((2, 3), (2, 3), stride=3, padding="valid"),
    "full-transposed": ConvTranspose((5, 6), (3, 2), padding="full"),
    "negative-pads": Conv((8, 7), 2, stride=2, padding=[(-1, -2), (-3, 2)]),
    "negative-pads-transposed": ConvTranspose((3, 2), 2, padding=[(-1, -2), (-3, 1)]),
    "more-crop-than-stamp": ConvTranspose(5, 2, stride=2, padding=[(4, 3)]),
    "unread-border": Conv(1, 2, padding=[(3, 4)], stride=2),
    "nothing-read": Conv(1, 1, stride=2, padding=[(1, 0)]),
    "output-padding": ConvTranspose((2, 3), 3, stride=3, padding=1, output_padding=(2, 1)),
    "truncated": Conv((9, 8), 3, stride=2, padding=1, output_shape=(3, 1)),
    "stride-le-output-padding-lt-dilation": ConvTranspose(3, 2, stride=1, dilation=4, output_padding=2),
    "kernel-below-stride": Conv(10, 2, stride=4),
    "even-checkerboard": ConvTranspose((3, 3), 4, stride=2, padding=1),
}

LENET = Conv((28, 28), 5)
DCGAN = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
DCGAN_5 = ConvTranspose((4, 4), 5, stride=2, padding="same", in_channels=1024, out_channels=512)


def named(layers: dict[str, Any] | Iterable[str]) -> pytest.MarkDecorator:
    """Run a test on every layer, or on those of LAYERS whose names are given, with the name as the id."""
    chosen = layers if isinstance(layers, dict) else {name: LAYERS[name] for name in layers}
    return pytest.mark.parametrize("layer", [pytest.param(layer, id=name) for name, layer in chosen.items()])


def where(holds: Callable[[Any], bool]) -> dict[str, Any]:
    """Choose the named layers that have a property."""
    return {name: layer for name, layer in LAYERS.items() if holds(layer)}


every_layer = named(LAYERS)
every_convolution = named(where(lambda layer: not layer.transposed))
every_transposed = named(where(lambda layer: layer.transposed))
