"""Reading the arguments of a layer's constructor: normalise at the door, be strict inside."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Literal, get_args

from symtconv.errors import GeometryError
from symtconv.sizes import (
    PADDING_NAMES,
    PaddingName,
    effective_kernel,
    sizes_of_named,
    transposed_size,
)

PaddingMode = Literal["zeros", "circular", "reflect", "replicate"]
PADDING_MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)

MAX_AXES = 16  # NumPy's arrays have at most 64, and the tap map takes two an axis
LARGEST = 10**100


class Arguments:
    """Read the arguments of one constructor call; every complaint names the call."""

    def __init__(self, call: str, input_shape: object) -> None:
        self.call = call
        values = _sequence(input_shape)
        if values is None:
            self.input_shape: tuple[int, ...] = (self.integer("input_shape", input_shape, 1),)
        elif not values:
            raise self.error("input_shape", "()", "a layer has at least one spatial axis", "Pass one size an axis.")
        else:
            if len(values) > MAX_AXES:
                raise self.error(
                    "input_shape", f"{len(values)} axes", f"a layer has at most {MAX_AXES}", "Pass one size an axis."
                )
            self.input_shape = tuple(
                self.integer(f"input_shape of axis {number}", value, 1) for number, value in enumerate(values)
            )

    def error(self, asked: str, arrived: str, rule: str, remedy: str) -> GeometryError:
        return GeometryError(f"{self.call}: {asked}", arrived=arrived, rule=rule, remedy=remedy)

    def integer(self, name: str, value: object, least: int | None) -> int:
        try:
            if isinstance(value, bool):
                raise TypeError
            number = operator.index(value)  # type: ignore[arg-type]
        except TypeError:
            raise self.error(
                name, f"{_shown(value)} ({type(value).__name__})", "it must be an integer", "Pass an int."
            ) from None
        if abs(number) >= LARGEST:
            raise self.error(
                name, f"an integer of {number.bit_length()} bits", "sizes stay below 10**100", "Pass a smaller one."
            )
        if least is not None and number < least:
            raise self.error(name, str(number), f"it must be at least {least}", f"Pass {least} or more.")
        return number

    def per_axis(self, name: str, value: object, least: int) -> tuple[int, ...]:
        values = _sequence(value)
        if values is None:
            return (self.integer(name, value, least),) * len(self.input_shape)
        self._check_count(name, values)
        return tuple(self.integer(f"{name} of axis {number}", item, least) for number, item in enumerate(values))

    def _check_count(self, name: str, values: Sequence[object]) -> None:
        count = len(self.input_shape)
        if len(values) != count:
            axes = "axis" if count == 1 else "axes"
            raise self.error(
                name,
                f"{len(values)} values, {_shown(values)}",
                f"input_shape {self.input_shape} has {count} {axes}",
                f"Pass one int for all, or {count} value{'s' * (count != 1)}.",
            )

    def taps(self, kernel: object, stride: object, dilation: object) -> tuple[tuple[int, ...], ...]:
        return (
            self.per_axis("kernel_size", kernel, 1),
            self.per_axis("stride", stride, 1),
            self.per_axis("dilation", dilation, 1),
        )

    def padding(self, value: object) -> PaddingName | tuple[tuple[int, int], ...]:
        if isinstance(value, str):
            if value not in PADDING_NAMES:
                hint = value.lower().replace("-", "_")
                remedy = f"Did you mean {hint!r}?" if hint in PADDING_NAMES else "Pass one of them, or ints."
                raise self.error("padding", _shown(value), f"the names are {', '.join(PADDING_NAMES)}", remedy)
            return value
        values = _sequence(value)
        if values is None:
            values = (value,) * len(self.input_shape)
        self._check_count("padding", values)
        return tuple(self._pads(number, item) for number, item in enumerate(values))

    def _pads(self, number: int, item: object) -> tuple[int, int]:
        pair = _sequence(item)
        name = f"padding of axis {number}"
        if pair is None:
            pad = self.integer(name, item, None)
            return pad, pad
        if len(pair) != 2:
            raise self.error(name, _shown(item), "it must be an int or a pair (lo, hi)", "Pass the two pads.")
        return self.integer(f"{name}, lo", pair[0], None), self.integer(f"{name}, hi", pair[1], None)

    def mode(self, value: object) -> PaddingMode:
        if not isinstance(value, str) or value not in PADDING_MODES:
            raise self.error(
                "padding_mode", _shown(value), f"the modes are {', '.join(PADDING_MODES)}", "Pass one of them."
            )
        return value

    def channels(self, in_channels: object, out_channels: object, groups: object) -> tuple[int, int, int]:
        counts = {
            "in_channels": self.integer("in_channels", in_channels, 1),
            "out_channels": self.integer("out_channels", out_channels, 1),
        }
        group_count = self.integer("groups", groups, 1)
        for name, count in counts.items():
            if count % group_count:
                raise self.error(
                    "groups",
                    str(group_count),
                    f"groups must divide {name}={count}",
                    f"The divisors are {listed([g for g in range(1, min(count, 4096) + 1) if count % g == 0])}.",
                )
        return counts["in_channels"], counts["out_channels"], group_count

    def check_fit(self, number: int, n: int, k: int, d: int, lo: int, hi: int) -> None:
        span = effective_kernel(k, d)
        if n + lo + hi < span:
            raise self.error(
                f"kernel_size of axis {number}",
                f"{k} taps with dilation {d}, which span K = {d}*({k}-1)+1 = {span} pixels",
                f"the padded input has {n} + ({lo}) + ({hi}) = {n + lo + hi}, and K must not exceed it",
                "Enlarge the input or the padding, or shrink the kernel or the dilation.",
            )

    def check_mode(self, padded: Sequence[tuple[int, int, int]], mode: PaddingMode) -> None:
        if mode == "zeros":
            return
        side = "output" if self.call == "ConvTranspose" else "input"
        for number, (large, lo, hi) in enumerate(padded):
            for pad in (lo, hi):
                most = {"circular": large, "reflect": large - 1}.get(mode)
                if pad < 0 or (most is not None and pad > most):
                    rule = "at least 0" if most is None else f"in 0..{most} where the {side} has {large} pixels"
                    raise self.error(
                        f"padding of axis {number} with padding_mode={mode!r}",
                        str(pad),
                        f"it must be {rule}",
                        'Change the padding, or use padding_mode="zeros".',
                    )

    def named_size(self, number: int, name: PaddingName, target: int | None, i: int, k: int, s: int, d: int) -> int:
        reach = sizes_of_named(name, i, k, s, d)
        span = effective_kernel(k, d)
        usual = {"valid": (i - 1) * s + max(span, s), "full": (i - 1) * s + 2 - span}.get(name, i * s)
        size = usual if target is None else target
        if size not in reach:
            within = f"the sizes within reach are {listed(reach)}" if reach else "no output size has that many inputs"
            raise self.error(
                f"output_shape of axis {number}" + ("" if target is not None else ", left to its default"),
                str(size),
                f"a convolution with padding={name!r} must map it to {i}; {within}",
                "Pass output_shape within reach." if reach else "Enlarge input_shape or shrink the kernel.",
            )
        return size

    def numbered_size(
        self, number: int, target: int | None, i: int, k: int, s: int, d: int, lo: int, hi: int, extra: int
    ) -> int:
        base = transposed_size(i, k, s, d, lo, hi)
        if target is not None:
            reach = range(max(base, 1), base + s)
            if target not in reach:
                within = f"the sizes within reach are {listed(reach)}" if reach else "no size is within reach"
                raise self.error(
                    f"output_shape of axis {number}",
                    str(target),
                    f"the stride {s} leaves (i-1)s + K - lo - hi + r = {base} + r, 0 <= r < {s}; {within}",
                    "Pass one of them, or change the padding.",
                )
            return target
        if extra >= max(s, d):
            raise self.error(
                f"output_padding of axis {number}",
                str(extra),
                f"it must be below max(stride, dilation) = {max(s, d)}, as in every framework",
                "Use a larger input or a smaller padding for a larger output.",
            )
        size = base + extra
        if size < 1:
            raise self.error(
                f"padding of axis {number}",
                f"({lo}, {hi})",
                f"the output would have (i-1)s + K - lo - hi + output_padding = {size} pixels; it needs at least 1",
                "Crop less.",
            )
        return size


def _sequence(value: object) -> Sequence[object] | None:
    """Give a sequence's items as a tuple, or None for what is no sequence (strings and bytes are none)."""
    if isinstance(value, (str, bytes, bytearray, memoryview)) or not hasattr(value, "__iter__"):
        return None
    if hasattr(value, "ndim") and value.ndim == 0:
        return None
    if isinstance(value, (dict, set, frozenset)):
        return None
    return tuple(value)


def _shown(value: object) -> str:
    """Show a value in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def listed(values: Sequence[int]) -> str:
    """List sizes in a message; a long run by its ends."""
    if len(values) > 8:
        return f"{values[0]}, {values[1]}, ..., {values[-1]}"
    return ", ".join(str(value) for value in values)
