"""Layers for Hypothesis, over every parameter: sizes, strides, dilations, pads, names, modes, channels and groups."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from symtconv import Conv, ConvTranspose
from symtconv.geometry import Layer
from symtconv.sizes import PaddingName, effective_kernel, sizes_of_named, transposed_size

MODES = ("zeros", "zeros", "zeros", "circular", "reflect", "replicate")
NAMES: tuple[PaddingName, ...] = ("valid", "same", "same_lower", "full")

seeds = st.integers(0, 2**32 - 2)
modes = st.sampled_from(MODES)
padding_names = st.sampled_from(NAMES)


@st.composite
def taps(draw: st.DrawFn) -> tuple[int, int, int]:
    """Draw a kernel size, a stride and a dilation."""
    return draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 3))


@st.composite
def convolution_axes(draw: st.DrawFn, mode: str = "zeros") -> tuple[int, int, int, int, int, int]:
    """Draw n, k, s, d, lo, hi of a convolution's axis: any kernel that fits."""
    k, s, d = draw(taps())
    n = draw(st.integers(1, 7))
    least = -2 if mode == "zeros" else 0
    most = {"circular": n, "reflect": n - 1}.get(mode, 4)
    lo, hi = draw(st.integers(least, most)), draw(st.integers(least, most))
    return max(n, effective_kernel(k, d) - lo - hi), k, s, d, lo, hi


@st.composite
def transposed_axes(draw: st.DrawFn, mode: str = "zeros") -> tuple[int, int, int, int, int, int, int]:
    """Draw i, k, s, d, lo, hi and output_padding of a transposed convolution's axis with at least one output."""
    k, s, d = draw(taps())
    i = draw(st.integers(1, 4))
    extra = draw(st.integers(0, max(s, d) - 1))
    whole = transposed_size(i, k, s, d, 0, 0, extra)
    if mode == "zeros":
        lo = draw(st.integers(-2, 4))
        hi = draw(st.integers(-2, min(4, whole - 1 - lo)) if whole - 1 - lo >= -2 else st.just(whole - 1 - lo))
    else:
        third = st.integers(0, (whole - 1) // 3)
        lo, hi = draw(third), draw(third)
    return i, k, s, d, lo, hi, extra


@st.composite
def channels(draw: st.DrawFn) -> dict[str, int]:
    """Draw channel counts and groups that divide them."""
    groups = draw(st.sampled_from((1, 1, 1, 2, 3)))
    most = 2 if groups == 1 else 1
    return {
        "in_channels": groups * draw(st.integers(1, most)),
        "out_channels": groups * draw(st.integers(1, 2)),
        "groups": groups,
    }


def _columns(rows: list[tuple[int, ...]], names: str) -> dict[str, tuple[int, ...]]:
    return dict(zip(names.split(), zip(*rows, strict=True), strict=True))


@st.composite
def convolution_arguments(draw: st.DrawFn, most_axes: int = 3) -> dict[str, Any]:
    """Draw the arguments of a Conv that is one."""
    mode = draw(modes)
    count = draw(st.integers(1, most_axes))
    per_axis = _columns([draw(convolution_axes(mode)) for _ in range(count)], "n k s d lo hi")
    arguments: dict[str, Any] = {
        "input_shape": per_axis["n"],
        "kernel_size": per_axis["k"],
        "stride": per_axis["s"],
        "dilation": per_axis["d"],
        "padding": tuple(zip(per_axis["lo"], per_axis["hi"], strict=True)),
        "padding_mode": mode,
        **draw(channels()),
    }
    if draw(st.booleans()) and draw(st.booleans()):
        spans = [effective_kernel(k, d) for k, d in zip(per_axis["k"], per_axis["d"], strict=True)]
        arguments["padding"] = draw(padding_names)
        arguments["input_shape"] = tuple(max(n, span) for n, span in zip(per_axis["n"], spans, strict=True))
    if draw(st.integers(0, 4)) == 0:
        whole = Conv(**arguments).output_shape
        arguments["output_shape"] = tuple(draw(st.integers(1, size)) for size in whole)
    return arguments


@st.composite
def transposed_arguments(draw: st.DrawFn, most_axes: int = 3) -> dict[str, Any]:
    """Draw the arguments of a ConvTranspose that is one."""
    mode = draw(modes)
    count = draw(st.integers(1, most_axes))
    per_axis = _columns([draw(transposed_axes(mode)) for _ in range(count)], "i k s d lo hi extra")
    arguments: dict[str, Any] = {
        "input_shape": per_axis["i"],
        "kernel_size": per_axis["k"],
        "stride": per_axis["s"],
        "dilation": per_axis["d"],
        "padding": tuple(zip(per_axis["lo"], per_axis["hi"], strict=True)),
        "padding_mode": mode,
        **draw(channels()),
    }
    how = draw(st.sampled_from(("extra", "extra", "shape", "name", "name and shape")))
    axes = list(zip(*(per_axis[name] for name in ["i", "k", "s", "d", "lo", "hi", "extra"]), strict=True))
    if how == "extra":
        arguments["output_padding"] = per_axis["extra"]
    elif how == "shape" and mode == "zeros":
        arguments["output_shape"] = tuple(
            max(transposed_size(i, k, s, d, lo, hi, extra % s), 1) for i, k, s, d, lo, hi, extra in axes
        )
        reachable = all(
            size - transposed_size(i, k, s, d, lo, hi) < s
            for size, (i, k, s, d, lo, hi, _) in zip(arguments["output_shape"], axes, strict=True)
        )
        if not reachable:
            del arguments["output_shape"]
            arguments["output_padding"] = per_axis["extra"]
    elif mode == "zeros":
        name = draw(padding_names)
        arguments["padding"] = name
        reaches = [sizes_of_named(name, i, k, s, d) for i, k, s, d, *_ in axes]
        if not all(reaches):
            arguments["padding"] = name = "same"
            reaches = [sizes_of_named("same", i, k, s, d) for i, k, s, d, *_ in axes]
        if how == "name and shape" or name == "full":
            arguments["output_shape"] = tuple(draw(st.sampled_from(reach)) for reach in reaches)
    else:
        arguments["output_padding"] = per_axis["extra"]
    return arguments


def convolutions(most_axes: int = 2) -> st.SearchStrategy[Conv]:
    """Draw a Conv."""
    return convolution_arguments(most_axes).map(lambda arguments: Conv(**arguments))


def transposed_convolutions(most_axes: int = 2) -> st.SearchStrategy[ConvTranspose]:
    """Draw a ConvTranspose: by its own arguments, or as the transpose of a Conv (which may be truncated)."""
    own = transposed_arguments(most_axes).map(lambda arguments: ConvTranspose(**arguments))
    return st.one_of(own, convolutions(most_axes).map(lambda layer: layer.T))


def layers(most_axes: int = 2) -> st.SearchStrategy[Layer]:
    """Draw a Conv or a ConvTranspose."""
    return st.one_of(convolutions(most_axes), transposed_convolutions(most_axes))
