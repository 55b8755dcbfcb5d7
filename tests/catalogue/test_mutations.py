"""Whatever is wrong in a definition or in a matrix is refuted, with the entry: no theorem is proved of broken code.

Each mutant breaks one line of the library for the time of one proof: a tap, a pad, a stride, a channel, one entry of C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, Refuted, layers as definition, prove, symbolic_matrix, taps
from symtconv.catalogue import gradients, subject
from symtconv.geometry import Layer
from symtconv.matrices import entries
from symtconv.proofs.polynomials import Polynomial
from symtconv.taps import count_nonzeros
from tests import strategies
from tests.cases import LENET

Change = Callable[[pytest.MonkeyPatch], None]

ABOUT_Y = ("jacobian", "input-gradient", "kernel-gradient", "adjoint")
ABOUT_STAMPS = ("input-gradient", "adjoint", "stamps")
ABOUT_C = ("jacobian", "input-gradient", "adjoint", "stamps", "zero-insertion")

LAYERS: dict[str, Layer] = {
    "1d": Conv(5, 3),
    "2x2-to-4x4": ConvTranspose((2, 2), 3, stride=2, padding="same"),
    "strided": Conv((3, 6), (2, 2), stride=(2, 3), padding=[(1, 0), (2, 1)]),
    "dilated": Conv(9, 3, stride=2, dilation=2, padding=2),
    "channels": Conv((3, 2), 2, in_channels=2, out_channels=2, stride=2, padding=1),
    "groups": ConvTranspose(2, 2, in_channels=4, out_channels=4, groups=2, stride=2, dilation=2, padding=1),
    "circular": Conv(5, 3, padding=1, stride=2, padding_mode="circular"),
    "reflect": ConvTranspose((2, 3), (1, 3), padding=[(0, 0), (1, 1)], padding_mode="reflect"),
    "replicate": Conv((2, 3), (1, 3), padding=[(0, 0), (1, 1)], in_channels=2, padding_mode="replicate"),
}
every_layer = pytest.mark.parametrize("layer", [pytest.param(layer, id=name) for name, layer in LAYERS.items()])


def rewired(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, mutant: Callable[..., Any]) -> None:
    """Exchange owner.name by a function that gets the original first."""
    original = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *arguments, **named: mutant(original, *arguments, **named))


def refuted(theorem: str, layer: Layer) -> Refuted:
    """Demand that a theorem is refuted, at an entry that exists and with two values that differ."""
    with pytest.raises(Refuted) as caught:
        prove(theorem, layer)
    error = caught.value
    assert error.counterexample
    conv = layer.convolution
    bounds = {
        "i": conv.output_shape if conv.single_channel else (conv.out_channels, *conv.output_shape),
        "m": conv.input_shape if conv.single_channel else (conv.in_channels, *conv.input_shape),
        "j": conv.kernel_size if conv.single_channel else conv.kernel_shape,
    }
    for name, value in error.counterexample.items():
        shape = bounds[name[0]]
        assert 0 <= value < (shape[int(name[1:])] if name[1:] else shape[0])
        assert f"{name}={value}" in str(error)
    assert error.arrived != error.rule.removeprefix("the other side is ")
    return error


# --- mutants of the definition of the convolution


def on_weights(change: Callable[[Any], Any]) -> Change:
    """Change the weights that the direct sum is given."""

    def mutant(original: Any, x: Any, w: Any, *rest: Any) -> Any:
        return original(x, change(w.copy()), *rest)

    return lambda monkeypatch: rewired(monkeypatch, definition, "_direct_sum", mutant)


def on_pads(lo: int, hi: int) -> Change:
    """Shift the pads of one axis."""

    def mutant(original: Any, x: Any, axis: int, low: int, high: int, mode: str) -> Any:
        if axis != -1:
            return original(x, axis, low, high, mode)
        return original(x, axis, low + lo, high + hi, "zeros" if mode == "zeros" else "replicate")

    return lambda monkeypatch: rewired(monkeypatch, definition, "_padded", mutant)


def on_steps(number: int, last: int) -> Change:
    """Give another stride (argument 3) or dilation (argument 4) of the last axis to the direct sum."""

    def mutant(original: Any, *arguments: Any) -> Any:
        steps = list(arguments[number])
        steps[-1] = last
        return original(*arguments[:number], tuple(steps), *arguments[number + 1 :])

    return lambda monkeypatch: rewired(monkeypatch, definition, "_direct_sum", mutant)


def with_tap(value: Callable[[Any], Any], *place: int) -> Callable[[Any], Any]:
    def change(w: Any) -> Any:
        at = place + (0,) * (w.ndim - len(place))
        w[at] = value(w[at])
        return w

    return change


def flipped(w: Any) -> Any:
    return w[..., ::-1]


def without_a_channel(w: Any) -> Any:
    w[:, -1] = w[:, -1] * 0
    return w


def with_channels_exchanged(w: Any) -> Any:
    return w[:, ::-1]


def with_outputs_exchanged(w: Any) -> Any:
    return w[::-1]


CONVOLUTION: dict[str, tuple[Change, Callable[[Layer], bool]]] = {
    "a-tap-dropped": (on_weights(with_tap(lambda tap: tap * 0)), lambda layer: True),
    "a-tap-doubled": (on_weights(with_tap(lambda tap: tap * 2)), lambda layer: True),
    "a-tap-negated": (on_weights(with_tap(lambda tap: -tap)), lambda layer: True),
    "a-tap-squared": (on_weights(with_tap(lambda tap: tap * tap)), lambda layer: True),
    "the-last-tap-dropped": (on_weights(with_tap(lambda tap: tap * 0, -1, -1, -1)), lambda layer: True),
    "kernel-flipped": (on_weights(flipped), lambda layer: True),
    "a-channel-dropped": (on_weights(without_a_channel), lambda layer: layer.large_channels > layer.groups),
    "channels-exchanged": (on_weights(with_channels_exchanged), lambda layer: layer.large_channels > layer.groups),
    "outputs-exchanged": (on_weights(with_outputs_exchanged), lambda layer: layer.small_channels > 1),
    "pads-shifted": (on_pads(1, -1), lambda layer: layer.padding_mode != "circular"),
    "pads-shifted-back": (on_pads(-1, 1), lambda layer: layer.padding_mode == "zeros"),
    "stride-1": (on_steps(3, 1), lambda layer: layer.stride[-1] > 1 and layer.small_shape[-1] > 1),
    "dilation-1": (on_steps(4, 1), lambda layer: layer.dilation[-1] > 1),
}


def mutants(table: dict[str, tuple[Change, Callable[[Layer], bool]]], only: str = "") -> pytest.MarkDecorator:
    """Run a test on every mutant of every layer that it can be told by, with padding_mode `only` if one is given."""
    chosen = [
        pytest.param(change, layer, id=f"{mutant}-{name}")
        for mutant, (change, fits) in table.items()
        for name, layer in LAYERS.items()
        if fits(layer) and only in ("", layer.padding_mode)
    ]
    return pytest.mark.parametrize(("change", "layer"), chosen)


@every_layer
def test_the_layers_of_these_tests_have_all_theorems(layer: Layer) -> None:
    for theorem in {*ABOUT_Y, *ABOUT_C} - ({"zero-insertion"} if layer.padding_mode != "zeros" else set()):
        prove(theorem, layer)


@pytest.mark.parametrize("theorem", ABOUT_Y)
@mutants(CONVOLUTION)
def test_a_wrong_convolution_is_refuted(
    theorem: str, change: Change, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    refuted(theorem, layer)


# --- mutants of the constructions of the transposed convolution


def on_construction(name: str, change: Callable[[Any], Any]) -> Change:
    def apply(monkeypatch: pytest.MonkeyPatch) -> None:
        original = definition.CONSTRUCTIONS[name]
        monkeypatch.setitem(definition.CONSTRUCTIONS, name, lambda layer, v, w: original(layer, v, change(w.copy())))

    return apply


def on_canvas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crop the canvas of the stamps one pixel further."""

    def mutant(original: Any, layer: Any, canvas: Any) -> Any:
        return original(layer, np.roll(canvas, 1, axis=-1))

    rewired(monkeypatch, definition, "_unpadded_all", mutant)


def without_folding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crop where a padding mode has to fold back."""

    def mutant(original: Any, layer: Any, canvas: Any) -> Any:
        inside = tuple(slice(lo, lo + n) for n, (lo, _) in zip(layer.output_shape, layer.padding, strict=True))
        return canvas[(..., *inside)]

    rewired(monkeypatch, definition, "_unpadded_all", mutant)


def without_flip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what Dumoulin & Visin's pictures leave unsaid: forget to flip the kernel."""

    def mutant(original: Any, layer: Any, w: Any) -> Any:
        return original(layer, w)[(..., *(slice(None, None, -1),) * layer.ndim)]

    rewired(monkeypatch, definition, "_flipped", mutant)


STAMPS: dict[str, tuple[Change, Callable[[Layer], bool]]] = {
    "a-tap-dropped": (on_construction("stamp", with_tap(lambda tap: tap * 0)), lambda layer: True),
    "a-tap-doubled": (on_construction("stamp", with_tap(lambda tap: tap * 2)), lambda layer: True),
    "kernel-flipped": (on_construction("stamp", flipped), lambda layer: True),
    "a-channel-dropped": (on_construction("stamp", without_a_channel), lambda layer: layer.large_channels > 1),
    "channels-exchanged": (
        on_construction("stamp", with_channels_exchanged),
        lambda layer: layer.large_channels > layer.groups,
    ),
    "inputs-exchanged": (on_construction("stamp", with_outputs_exchanged), lambda layer: layer.small_channels > 1),
    "canvas-shifted": (on_canvas, lambda layer: True),
    "cropped-for-folded": (without_folding, lambda layer: layer.padding_mode != "zeros"),
}

ZERO_INSERTION: dict[str, tuple[Change, Callable[[Layer], bool]]] = {
    "a-tap-dropped": (on_construction("zero-insertion", with_tap(lambda tap: tap * 0)), lambda layer: True),
    "kernel-flipped": (on_construction("zero-insertion", flipped), lambda layer: True),
    "flip-forgotten": (without_flip, lambda layer: True),
    "pads-shifted": (on_pads(1, -1), lambda layer: True),
    "pads-shifted-back": (on_pads(-1, 1), lambda layer: True),
    "dilation-1": (on_steps(4, 1), lambda layer: layer.dilation[-1] > 1),
}


@pytest.mark.parametrize("theorem", ABOUT_STAMPS)
@mutants(STAMPS)
def test_wrong_stamps_are_refuted(theorem: str, change: Change, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch)
    refuted(theorem, layer)


@mutants(ZERO_INSERTION, only="zeros")
def test_a_wrong_zero_insertion_is_refuted(change: Change, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch)
    refuted("zero-insertion", layer)


@every_layer
def test_a_wrong_exchange_of_stride_and_dilation_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        return original(*arguments)[..., ::-1]

    rewired(monkeypatch, gradients, "convolve", mutant)
    assert set(refuted("kernel-gradient", layer).counterexample) <= {"j", *(f"j{axis}" for axis in range(5))}


# --- mutants of the tap map, from which every matrix is made


def on_source(change: Callable[[Any, int], Any]) -> Change:
    def mutant(original: Any, position: Any, n: int, mode: Any) -> Any:
        return change(original(position, n, mode), n)

    return lambda monkeypatch: rewired(monkeypatch, taps, "source", mutant)


def one_pixel_on(home: Any, n: int) -> Any:
    return np.where(home == taps.NONE, home, (home + 1) % n)


def one_read_lost(home: Any, n: int) -> Any:
    lost = home.copy()
    lost[np.unravel_index(np.flatnonzero(home != taps.NONE)[-1], home.shape)] = taps.NONE
    return lost


def on_positions(by: int) -> Change:
    """Read at s*i + d*j - lo + by: a pad that is one off."""

    def mutant(original: Any, position: Any, n: int, mode: Any) -> Any:
        return original(position + by, n, "zeros" if mode == "zeros" else "circular")

    return lambda monkeypatch: rewired(monkeypatch, taps, "source", mutant)


def taps_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, taps, "axis_taps", lambda original, *arguments: original(*arguments)[:, ::-1])


def one_spatial_read_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Layer) -> Any:
        found = original(layer)
        return taps.Reads(found.rows[:-1], found.taps[:-1], found.columns[:-1])

    rewired(monkeypatch, entries, "reads", mutant)


def channels_mixed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Layer) -> Iterator[tuple[int, int, int]]:
        last = int(np.prod(layer.kernel_shape)) - 1
        for row, column, weight in original(layer):
            yield row, column, last - weight

    rewired(monkeypatch, entries, "tap_places", mutant)
    monkeypatch.setattr("symtconv.matrices.unfold.tap_places", entries.tap_places)


TAP_MAP: dict[str, Change] = {
    "one-pixel-on": on_source(one_pixel_on),
    "a-read-lost": on_source(one_read_lost),
    "pad-one-less": on_positions(1),
    "pad-one-more": on_positions(-1),
    "taps-reversed": taps_reversed,
    "the-last-read-lost": one_spatial_read_lost,
    "weights-reversed": channels_mixed_up,
}


@pytest.mark.parametrize("mutant", TAP_MAP)
@pytest.mark.parametrize("theorem", [*ABOUT_C, "kernel-gradient"])
@every_layer
def test_a_wrong_tap_map_is_refuted(theorem: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    if theorem == "zero-insertion" and layer.padding_mode != "zeros":
        return
    TAP_MAP[mutant](monkeypatch)
    refuted(theorem, layer)


# --- one entry of a matrix, and the counterexample that names it


def named_place(name: str, shape: tuple[int, ...], flat: int) -> dict[str, int]:
    at = np.unravel_index(flat, shape)
    return {name if len(shape) == 1 else f"{name}{axis}": int(index) for axis, index in enumerate(at)}


@contextmanager
def with_entry(function: str, row: int, column: int, change: Callable[[Any], Any]) -> Iterator[None]:
    """Change one entry of the matrix that the theorems see."""

    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        matrix[row, column] = change(matrix[row, column])
        return matrix

    with pytest.MonkeyPatch.context() as monkeypatch:
        rewired(monkeypatch, subject, function, mutant)
        yield


CHANGES: dict[str, Callable[[Any], Any]] = {
    "plus-one": lambda entry: entry + 1,
    "plus-a-name": lambda entry: entry + sympy.Symbol("w_{0}"),
}
small_layers = strategies.layers().filter(lambda layer: count_nonzeros(layer) <= 100)


@pytest.mark.parametrize("theorem", ABOUT_C)
@settings(max_examples=20)
@given(layer=small_layers, data=st.data())
def test_one_wrong_entry_of_c_is_refuted_and_named(theorem: str, layer: Layer, data: st.DataObject) -> None:
    if theorem == "zero-insertion" and layer.padding_mode != "zeros":
        return
    seen = subject.Subject(layer)
    (i, small), (m, large) = seen.indices
    row = data.draw(st.integers(0, int(np.prod(small)) - 1))
    column = data.draw(st.integers(0, int(np.prod(large)) - 1))
    with with_entry("symbolic_matrix", row, column, data.draw(st.sampled_from([*CHANGES.values()]))):
        found = refuted(theorem, layer).counterexample
    expected = {
        "jacobian": named_place(i, small, row) | named_place(m, large, column),
        "adjoint": named_place(i, small, row),
    }.get(theorem, named_place(m, large, column))
    assert found == expected


@settings(max_examples=30)
@given(layer=small_layers, data=st.data())
def test_one_wrong_entry_of_the_kernel_jacobian_is_refuted_and_named(layer: Layer, data: st.DataObject) -> None:
    seen = subject.Subject(layer)
    _, small = seen.indices[0]
    shape = seen.conv.kernel_size if seen.conv.single_channel else seen.conv.kernel_shape
    row = data.draw(st.integers(0, int(np.prod(small)) - 1))
    column = data.draw(st.integers(0, int(np.prod(shape)) - 1))
    with with_entry("kernel_jacobian", row, column, lambda entry: entry + 1):
        assert refuted("kernel-gradient", layer).counterexample == named_place("j", shape, column)


@pytest.mark.parametrize("theorem", ["jacobian", "input-gradient", "adjoint"])
@settings(max_examples=20)
@given(layer=small_layers, data=st.data())
def test_one_entry_of_c_left_out_is_refuted(theorem: str, layer: Layer, data: st.DataObject) -> None:
    places = sorted(symbolic_matrix(layer.convolution).todok())
    if places:
        row, column = data.draw(st.sampled_from(places))
        with with_entry("symbolic_matrix", row, column, lambda entry: entry * 0):
            refuted(theorem, layer)


def test_one_entry_in_lenets_matrix_is_found() -> None:
    with with_entry("symbolic_matrix", 575, 0, lambda entry: entry + 1):
        assert refuted("jacobian", LENET).counterexample == {"i0": 23, "i1": 23, "m0": 0, "m1": 0}


def test_two_entries_exchanged_are_found() -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        C = original(*arguments).as_mutable()
        C[1, 1], C[1, 2] = C[1, 2], C[1, 1]
        return C

    with pytest.MonkeyPatch.context() as monkeypatch:
        rewired(monkeypatch, subject, "symbolic_matrix", mutant)
        error = refuted("jacobian", Conv(4, 2))
    assert error.counterexample == {"i": 1, "m": 1}
    assert error.arrived == "w_{0}"
    assert error.rule == "the other side is w_{1}"


# --- what no sample of numbers would find


def test_a_difference_that_vanishes_at_many_numbers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, x: Any, w: Any, *rest: Any) -> Any:
        extra = 1
        for root in range(-9, 10):
            extra = extra * (x.reshape(-1)[0] - root)
        return original(x, w, *rest) + extra

    rewired(monkeypatch, definition, "_direct_sum", mutant)
    numbers, kernel = np.arange(-2, 3), np.array([1, 2])
    assert definition.convolve(Conv(5, 2), numbers, kernel).tolist() == [-4, -1, 2, 5]
    for theorem in ABOUT_Y:
        refuted(theorem, Conv(5, 2))


def test_a_definition_that_is_right_for_numbers_only_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, x: Any, w: Any, *rest: Any) -> Any:
        return original(x, w if w.dtype != object else flipped(w), *rest)

    rewired(monkeypatch, definition, "_direct_sum", mutant)
    for theorem in ABOUT_Y:
        refuted(theorem, Conv(5, 2))


def test_a_definition_that_is_right_for_polynomials_only_is_found_by_sympys_diff(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mutant(original: Any, x: Any, w: Any, *rest: Any) -> Any:
        return original(x, w if isinstance(w.flat[0], Polynomial) else flipped(w), *rest)

    rewired(monkeypatch, definition, "_direct_sum", mutant)
    for theorem in ("jacobian", "input-gradient", "kernel-gradient"):
        assert "by SymPy's diff" in str(refuted(theorem, Conv(5, 2)))


def test_a_constant_added_to_the_output_is_found_by_the_adjoint(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, definition, "_direct_sum", lambda original, *arguments: original(*arguments) + 1)
    assert refuted("adjoint", Conv(4, 2)).counterexample == {"i": 0}
