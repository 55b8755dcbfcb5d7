"""The structure family on broken code: whatever is wrong in C, in a definition or in a factor is refuted, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, layers as definition, prove, taps
from symtconv.catalogue import (
    subject,
)
from symtconv.catalogue.structure import STRUCTURE
from symtconv.geometry import Layer
from symtconv.matrices import entries
from symtconv.matrices.vec import matrix_shape
from tests import strategies

Change = Callable[[pytest.MonkeyPatch], None]

LAYERS: dict[str, list[Any]] = {
    "toeplitz": [
        Conv(6, 3),
        ConvTranspose((3, 2), (2, 3), stride=(2, 1), padding=(0, 1), in_channels=2, out_channels=2),
    ],
    "kronecker": [Conv((4, 3), (2, 3), stride=(2, 1), padding=1), Conv(5, 3, in_channels=2, out_channels=2)],
    "separable": [Conv((4, 3), (2, 3), stride=(2, 1), padding=1), Conv((4, 3), 2, in_channels=2, out_channels=2)],
    "channels": [Conv((4, 3), 2, in_channels=2, out_channels=3), Conv(5, 3, in_channels=2, out_channels=2, groups=2)],
    "groups": [Conv((4, 3), 2, in_channels=2, out_channels=4, groups=2), Conv(5, 3, in_channels=2, out_channels=2)],
    "composition": [
        (Conv(9, 2, stride=2, dilation=2, padding=1), Conv(5, 2, dilation=2)),
        (Conv((3, 4), 2, in_channels=2, out_channels=2), Conv((2, 3), 2, in_channels=2, groups=2, out_channels=2)),
    ],
    "dilation-residues": [Conv((5, 6), 2, dilation=(2, 3), padding=(1, 2)), Conv(8, 3, dilation=2, padding=[(1, 2)])],
    "noble-identity": [Conv((8, 6), 2, stride=2, dilation=2, padding=(1, 2)), Conv(9, 2, stride=2, dilation=4)],
    "non-overlapping": [Conv((4, 6), (2, 3), stride=(2, 3)), Conv(6, 2, stride=2, in_channels=2, out_channels=2)],
    "mirror": [Conv((5, 4), (3, 2), stride=(2, 1), padding=[(2, 0), (0, 1)]), Conv(5, 4, padding="same")],
    "space-to-depth": [Conv((5, 6), (3, 4), stride=(2, 3), padding=[(1, 0), (2, 1)]), Conv(7, 3, stride=2)],
    "circulant": [
        Conv(5, 3, padding=[(2, 0)], padding_mode="circular"),
        Conv((4, 3), (2, 3), padding=[(1, 0), (1, 1)], in_channels=2, padding_mode="circular"),
    ],
    "unread-inputs": [Conv((6, 5), 3, stride=(2, 3), padding=[(0, 0), (1, 0)]), Conv(6, 3, stride=2, in_channels=2)],
}
NAMES = tuple(theorem.name for theorem in STRUCTURE)
CASES = [(name, number) for name, cases in LAYERS.items() for number in range(len(cases))]


def rewired(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, mutant: Callable[..., Any]) -> None:
    """Exchange owner.name by a function that gets the original first."""
    original = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *arguments, **named: mutant(original, *arguments, **named))


def refuted(name: str, layer: Any) -> Refuted:
    """Demand that a theorem is refuted, at an entry that is named, with two values that differ."""
    with pytest.raises(Refuted) as caught:
        prove(name, layer)
    error = caught.value
    if "shape" not in error.arrived:
        assert error.counterexample or "squared" in str(error)
        for index, value in error.counterexample.items():
            assert f"{index}={value}" in str(error)
    assert error.arrived != error.rule.removeprefix("the other side is ")
    return error


@pytest.mark.parametrize(("name", "number"), CASES)
def test_these_layers_have_their_theorems(name: str, number: int) -> None:
    prove(name, LAYERS[name][number])


def test_every_theorem_of_the_family_has_mutants() -> None:
    assert set(LAYERS) == set(NAMES)


# --- C: one entry, or the whole tap map


def first_entry(change: Callable[[Any], Any]) -> Change:
    """Change the first entry of every C."""

    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        place = min(matrix.todok())
        matrix[place] = change(matrix[place])
        return matrix

    return lambda monkeypatch: rewired(monkeypatch, subject, "symbolic_matrix", mutant)


def on_taps(step: int, shift: int) -> Change:
    """Read at s*i + d*j - lo, with step * i + shift added."""

    def mutant(original: Any, axis: Any, mode: Any) -> Any:
        outputs = np.arange(axis.small)[:, None]
        there = axis.stride * outputs + axis.dilation * np.arange(axis.kernel_size)[None, :] - axis.lo
        return taps.source(there + step * outputs + shift, axis.large, mode)

    return lambda monkeypatch: rewired(monkeypatch, taps, "axis_taps", mutant)


def first_read_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Any) -> Any:
        found = original(layer)
        return taps.Reads(found.rows[1:], found.taps[1:], found.columns[1:])

    rewired(monkeypatch, entries, "reads", mutant)


def weights_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Any) -> Any:
        last = int(np.prod(layer.kernel_shape)) - 1
        return ((row, column, last - weight) for row, column, weight in original(layer))

    rewired(monkeypatch, entries, "tap_places", mutant)


MATRIX: dict[str, Change] = {
    "an-entry-plus-one": first_entry(lambda entry: entry + 1),
    "an-entry-tripled": first_entry(lambda entry: 3 * entry),
    "an-entry-lost": first_entry(lambda entry: 0 * entry),
    "a-read-lost": first_read_lost,
    "weights-reversed": weights_reversed,
    "pad-one-less": on_taps(0, 1),
    "pad-one-more": on_taps(0, -1),
    "stride-one-more": on_taps(1, 0),
}
# A matrix with other pads, or with the weights in another order, is a Toeplitz matrix too.
TRUE_STILL = {
    ("toeplitz", "weights-reversed"),
    ("toeplitz", "pad-one-less"),
    ("toeplitz", "pad-one-more"),
}


@pytest.mark.parametrize("mutant", MATRIX)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_wrong_matrix_is_refuted(name: str, number: int, mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MATRIX[mutant](monkeypatch)
    if (name, mutant) in TRUE_STILL:
        prove(name, LAYERS[name][number])
    else:
        refuted(name, LAYERS[name][number])


def test_the_counterexample_is_the_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        matrix[2, 3] += 1
        return matrix

    rewired(monkeypatch, subject, "symbolic_matrix", mutant)
    assert refuted("toeplitz", Conv(6, 3)).counterexample == {"i": 1, "m": 2}
    assert refuted("mirror", Conv(6, 3)).counterexample == {"i": 1, "m": 2}
    for name in ("kronecker", "dilation-residues", "noble-identity"):
        error = refuted(name, Conv(6, 3))
        assert error.counterexample == {"i": 2, "m": 3}
        assert "w_{1}" in error.arrived
        assert error.rule == "the other side is w_{1}"
    assert refuted("unread-inputs", Conv(4, 3, stride=2, padding=[(4, 0)])).counterexample == {"i": 2, "m": 3}


WHOLE = (
    "kronecker",
    "separable",
    "channels",
    "groups",
    "dilation-residues",
    "noble-identity",
    "mirror",
    "space-to-depth",
)


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=15)
@given(layer=strategies.layers(3).filter(lambda layer: taps.count_nonzeros(layer) <= 100), data=st.data())
def test_any_wrong_entry_is_refuted(name: str, layer: Layer, data: st.DataObject) -> None:
    rows, columns = matrix_shape(layer.convolution)
    place = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))

    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        matrix[place] += 1
        return matrix

    try:
        prove(name, layer)
    except NotApplicable:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        rewired(monkeypatch, subject, "symbolic_matrix", mutant)
        refuted(name, layer)


def test_an_input_that_is_read_though_none_should_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        matrix[0, 5] = matrix[0, 0]
        return matrix

    prove("unread-inputs", Conv(6, 3, stride=2))
    rewired(monkeypatch, subject, "symbolic_matrix", mutant)
    assert refuted("unread-inputs", Conv(6, 3, stride=2)).counterexample == {"i": 0, "m": 5}


# --- the definition, from which the other sides are made


def on_direct_sum(change: Callable[[Any], Any]) -> Change:
    def mutant(original: Any, x: Any, w: Any, *rest: Any) -> Any:
        return original(x, change(w.copy()), *rest)

    return lambda monkeypatch: rewired(monkeypatch, definition, "_direct_sum", mutant)


def without_first_tap(w: Any) -> Any:
    w[(..., *(0,) * (w.ndim - 2))] *= 0
    return w


def shifted_pads(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, x: Any, axis: int, lo: int, hi: int, mode: str) -> Any:
        return original(x, axis, lo + 1, hi - 1, mode) if axis == -1 else original(x, axis, lo, hi, mode)

    rewired(monkeypatch, definition, "_padded", mutant)


DEFINITION: dict[str, Change] = {
    "first-tap-dropped": on_direct_sum(without_first_tap),
    "taps-doubled": on_direct_sum(lambda w: w * 2),
    "kernel-flipped": on_direct_sum(lambda w: w[..., ::-1]),
    "outputs-one-on": lambda patch: rewired(
        patch, definition, "_direct_sum", lambda original, *rest: np.roll(original(*rest), 1, axis=-1)
    ),
}
BY_DEFINITION = (
    "kronecker",
    "separable",
    "channels",
    "groups",
    "composition",
    "dilation-residues",
    "noble-identity",
    "mirror",
    "space-to-depth",
)


@pytest.mark.parametrize("mutant", DEFINITION)
@pytest.mark.parametrize(("name", "number"), [case for case in CASES if case[0] in BY_DEFINITION])
def test_a_wrong_definition_is_refuted(name: str, number: int, mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    DEFINITION[mutant](monkeypatch)
    refuted(name, LAYERS[name][number])


@pytest.mark.parametrize(
    "name", ["kronecker", "separable", "composition", "dilation-residues", "mirror", "space-to-depth"]
)
def test_shifted_pads_are_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shifted_pads(monkeypatch)
    refuted(name, LAYERS[name][0])


@pytest.mark.parametrize("name", ["channels", "groups", "space-to-depth"])
def test_a_wrong_transposed_definition_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, definition, "_flipped", lambda original, layer, w: original(layer, w)[..., ::-1])
    stamp = definition.CONSTRUCTIONS["stamp"]
    monkeypatch.setitem(definition.CONSTRUCTIONS, "stamp", lambda layer, v, w: stamp(layer, v, w[..., ::-1]))
    assert "C^T" in refuted(name, LAYERS[name][0]).asked
