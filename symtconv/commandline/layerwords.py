"""A layer in words and numbers: the view of `symtconv shape`. It needs neither NumPy nor SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from symtconv.arguments import listed
from symtconv.errors import TooLarge
from symtconv.geometry import Axis, Layer
from symtconv.sizes import PaddingName, sizes_of_named

MOST_LISTED = 10_000


def layer_data(layer: Layer) -> dict[str, Any]:
    """Give the attributes of a layer as JSON data, by their names."""
    return {
        "input_shape": list(layer.input_shape),
        "output_shape": list(layer.output_shape),
        "kernel_size": list(layer.kernel_size),
        "stride": list(layer.stride),
        "padding": [list(pair) for pair in layer.padding],
        "output_padding": list(layer.output_padding),
        "dilation": list(layer.dilation),
        "in_channels": layer.in_channels,
        "out_channels": layer.out_channels,
        "groups": layer.groups,
        "padding_mode": layer.padding_mode,
        "kernel_shape": list(layer.kernel_shape),
        "transposed": layer.transposed,
    }


def check_listable(layer: Layer) -> None:
    """Refuse a layer whose same_output is too long to be listed."""
    for number, sizes in enumerate(layer.same_output):
        if len(sizes) > MOST_LISTED:
            remedy = f"A stride s leaves s sizes; they are {sizes[0]} to {sizes[-1]}."
            raise TooLarge.of(f"same_output of axis {number}", len(sizes), MOST_LISTED, what="sizes", remedy=remedy)


def shape_data(layer: Layer) -> dict[str, Any]:
    """Give a layer as JSON data, with the large sizes that share its output, a list an axis."""
    return layer_data(layer) | {"same_output": [list(sizes) for sizes in layer.same_output]}


def shape_words(layer: Layer, padding_name: PaddingName | None) -> str:
    """Describe a layer: its attributes, its size formula with the numbers put in, and why output_padding exists."""
    kind = "Transposed convolution" if layer.transposed else "Convolution (cross-correlation)"
    lines = [f"{kind}, {times(layer.input_shape)} -> {times(layer.output_shape)}", ""]
    named = f"   ({padding_name})" if padding_name else ""
    sides = "(in, out/groups, *kernel_size)" if layer.transposed else "(out, in/groups, *kernel_size)"
    attributes = {
        "input_shape": times(layer.input_shape),
        "output_shape": times(layer.output_shape),
        "kernel_size": times(layer.kernel_size),
        "stride": times(layer.stride),
        "padding": "x".join(f"{lo}:{hi}" for lo, hi in layer.padding) + named,
        "output_padding": times(layer.output_padding),
        "dilation": times(layer.dilation),
        "in_channels": str(layer.in_channels),
        "out_channels": str(layer.out_channels),
        "groups": str(layer.groups),
        "padding_mode": layer.padding_mode,
        "kernel_shape": f"{times(layer.kernel_shape)}   {sides}",
        "same_output": " by ".join(f"{{{listed(sizes)}}}" for sizes in layer.same_output),
    }
    lines += [f"  {name:<15} {value}" for name, value in attributes.items()]
    for where, number in _alike(layer):
        axis = layer.axes[number]
        lines += ["", _wrapped(f"{where}: {_formula(axis, layer.transposed)}")]
        lines.append(_wrapped(_why(axis, layer.same_output[number], layer)))
        anew = named_sizes(axis, padding_name) if padding_name else range(0)
        if anew:
            which = f"the sizes {listed(anew)} give" if len(anew) > 1 else f"only {anew[0]} gives"
            lines.append(_wrapped(f'With padding "{padding_name}" resolved anew for each size, {which} {axis.small}.'))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrapped(sentences: str) -> str:
    return fill(sentences, 100, break_long_words=False, break_on_hyphens=False)


def times(sizes: Sequence[int]) -> str:
    """Join sizes as the flags have them.

    >>> times((2, 3))
    '2x3'
    """
    return "x".join(str(size) for size in sizes)


def _alike(layer: Layer) -> list[tuple[str, int]]:
    """Group the axes that are alike: what to call each group, and its first axis."""
    groups: dict[Axis, list[int]] = {}
    for number, axis in enumerate(layer.axes):
        groups.setdefault(axis, []).append(number)
    if len(groups) == 1 and layer.ndim > 1:
        return [("Each axis", 0)]
    names = [", ".join(str(number) for number in numbers) for numbers in groups.values()]
    return [
        (f"Ax{'e' if len(numbers) > 1 else 'i'}s {name}", numbers[0])
        for name, numbers in zip(names, groups.values(), strict=True)
    ]


def _formula(axis: Axis, transposed: bool) -> str:
    n, o, k, s, d = axis.large, axis.small, axis.kernel_size, axis.stride, axis.dilation
    lo, hi, span = _signed(axis.lo), _signed(axis.hi), axis.effective_kernel
    spans = f"K = d(k-1) + 1 = {d}*({k}-1) + 1 = {span}"
    if transposed:
        numbers = f"({o}-1)*{s} + {span} - {lo} - {hi} + {_signed(axis.output_padding)} = {n}"
        return f"{spans}; output (i-1)s + K - lo - hi + output_padding = {numbers}."
    numbers = f"floor(({n} + {lo} + {hi} - {span})/{s}) + 1 = {axis.formula_size}"
    kept = "" if o == axis.formula_size else f", of which the first {o} are kept"
    return f"{spans}; output floor((n + lo + hi - K)/s) + 1 = {numbers}{kept}."


def _signed(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _why(axis: Axis, sizes: range, layer: Layer) -> str:
    """Say why several large sizes share a small one, and which of them output_padding picks."""
    if axis.small != axis.formula_size:
        return (
            f"The convolution of {axis.large} would have {axis.formula_size} outputs and keeps {axis.small}: so it is "
            f"when output_padding, here {axis.output_padding}, reaches the stride."
        )
    if len(sizes) == 1:
        reason = "Stride 1 forgets nothing" if axis.stride == 1 else "No other size is large enough"
        return f"{reason}: with these pads {sizes[0]} is the only size that a convolution maps to {axis.small}."
    picked = f"output_padding {axis.output_padding} picks {axis.large}"
    back = "So the size of the output is a choice" if layer.transposed else "So the way back, .T, is a choice"
    return (
        f"With these pads a convolution maps each of the sizes {listed(sizes)} to {axis.small}, since the floor "
        f"forgets the remainder of the division by the stride. {back}: {picked}."
    )


def named_sizes(axis: Axis, name: PaddingName) -> range:
    """Give the large sizes with this small size when the padding's name is resolved anew for each."""
    return sizes_of_named(name, axis.small, axis.kernel_size, axis.stride, axis.dilation)
