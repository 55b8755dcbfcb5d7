"""The flags that say which layer is meant, the same for every command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

import click

from symtconv.arguments import PADDING_MODES, PaddingMode
from symtconv.commandline import grammar
from symtconv.errors import GeometryError
from symtconv.geometry import Conv, ConvTranspose, Layer
from symtconv.sizes import PADDING_NAMES, PaddingName


@dataclass(frozen=True)
class Geometry:
    """The geometry flags as they were typed; None where a flag was left out."""

    input_shape: str | None
    kernel_size: str | None
    stride: str | None = None
    padding: str | None = None
    dilation: str | None = None
    output_padding: str | None = None
    output_shape: str | None = None
    channels: str | None = None
    groups: str | None = None
    padding_mode: PaddingMode | None = None
    transposed: bool = False

    @property
    def given(self) -> bool:
        """Whether any of the flags was given."""
        return any(getattr(self, field.name) not in (None, False) for field in fields(self))

    @property
    def padding_name(self) -> PaddingName | None:
        """The padding's name, where it was given by name."""
        found = grammar.pads("padding", "0" if self.padding is None else self.padding)
        return found if isinstance(found, str) else None

    def layer(self) -> Layer:
        """Make the layer.

        Raises:
            GeometryError: for flags outside their grammar, and for sizes that break a rule of the layer.
        """
        for flag, text in (("--input", self.input_shape), ("--kernel", self.kernel_size)):
            if text is None:
                context = click.get_current_context(silent=True)
                raise click.UsageError(f"Missing option '{flag}'. A layer needs its input and kernel sizes.", context)
        in_channels, out_channels = grammar.channels("channels", "1:1" if self.channels is None else self.channels)
        common: dict[str, Any] = {
            "input_shape": grammar.sizes("input", "" if self.input_shape is None else self.input_shape),
            "kernel_size": grammar.sizes("kernel", "" if self.kernel_size is None else self.kernel_size),
            "stride": grammar.sizes("stride", "1" if self.stride is None else self.stride),
            "padding": grammar.pads("padding", "0" if self.padding is None else self.padding),
            "dilation": grammar.sizes("dilation", "1" if self.dilation is None else self.dilation),
            "in_channels": in_channels,
            "out_channels": out_channels,
            "groups": grammar.whole("groups", "1" if self.groups is None else self.groups),
            "padding_mode": "zeros" if self.padding_mode is None else self.padding_mode,
        }
        if self.output_shape is not None:
            common["output_shape"] = grammar.sizes("output-shape", self.output_shape)
        if self.transposed:
            output_padding = grammar.sizes(
                "output-padding", "0" if self.output_padding is None else self.output_padding
            )
            return ConvTranspose(**common, output_padding=output_padding)
        if self.output_padding is not None:
            raise GeometryError(
                "--output-padding",
                arrived=grammar.shown(self.output_padding),
                rule="only a transposed convolution takes it",
                remedy="Add --transposed, or leave it out.",
            )
        return Conv(**common)


_FLAGS: tuple[tuple[str, str, str, str], ...] = (
    ("--input", "input_shape", "NxN", "Pixels of the layer's input along each axis, such as 28x28; 28 is 1-D."),
    ("--kernel", "kernel_size", "NxN", "Taps along each axis, such as 3x3; 3 stands for every axis."),
    ("--stride", "stride", "NxN", "Stride.  [default: 1]"),
    (
        "--padding",
        "padding",
        "PADS",
        f"{', '.join(PADDING_NAMES)}, or numbers: 1, 1x2, 0:1x0:1 (low:high an axis); a negative pad crops.  "
        "[default: 0]",
    ),
    ("--dilation", "dilation", "NxN", "Distance of neighbouring taps.  [default: 1]"),
    ("--output-padding", "output_padding", "NxN", "Rows added at the far end, with --transposed.  [default: 0]"),
    ("--output-shape", "output_shape", "NxN", "The output wanted, among those within reach."),
    ("--channels", "channels", "IN:OUT", "Channels in and out.  [default: 1:1]"),
    ("--groups", "groups", "N", "Groups of channels.  [default: 1]"),
)


def takes_geometry(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the geometry flags; it receives them as its first argument, a Geometry."""
    names = [field.name for field in fields(Geometry)]

    @wraps(command)
    def collected(**values: Any) -> Any:
        geometry = Geometry(**{name: values.pop(name) for name in names})
        return command(geometry, **values)

    option = click.option("--transposed", is_flag=True, help="The transposed convolution instead of the convolution.")
    decorated = option(collected)
    mode = click.option(
        "--padding-mode", type=click.Choice(PADDING_MODES), help="What the pads hold.  [default: zeros]"
    )
    decorated = mode(decorated)
    for flag, name, metavar, words in reversed(_FLAGS):
        decorated = click.option(flag, name, metavar=metavar, help=words)(decorated)
    return decorated
