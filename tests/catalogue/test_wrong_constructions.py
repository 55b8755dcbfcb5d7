"""What is wrong in a definition or in C is refuted by the theorems about constructions, with the entry.

Each mutant breaks one line of the library for the time of one proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symtconv import Conv, NotApplicable, Refuted, layers as definition, prove
from symtconv.catalogue import subject
from symtconv.geometry import Layer
from tests.catalogue.test_mutations import (
    CONVOLUTION,
    LAYERS,
    STAMPS,
    TAP_MAP,
    named_place,
    on_construction,
    rewired,
    small_layers,
    with_entry,
    with_tap,
    without_flip,
)

ABOUT_C = ("stamp-and-crop", "decimation", "padding-adjoint", "subpixel", "generating-function")
SAME: dict[str, Layer] = {
    "odd": Conv((4, 3), 3, padding="same"),
    "even": Conv(5, 2, padding="same", in_channels=2),
    "even-and-odd": Conv((3, 4), (3, 2), padding="same"),
    "groups": Conv(4, 3, padding="same", in_channels=4, out_channels=2, groups=2),
}
ZEROS = {name: layer for name, layer in LAYERS.items() if layer.padding_mode == "zeros"}


def refuted(theorem: str, layer: Layer, says: str = "", *, shapes: bool = False) -> Mapping[str, Any]:
    """Demand that a theorem is refuted, at an entry that the message names (or by the shapes), and give the entry."""
    with pytest.raises(Refuted) as caught:
        prove(theorem, layer)
    error = caught.value
    assert says in str(error)
    assert shapes == ("the other side has shape" in error.rule)
    assert shapes or error.counterexample
    assert error.arrived != error.rule.removeprefix("the other side is ")
    return error.counterexample


def applies(theorem: str, layer: Layer) -> bool:
    try:
        prove(theorem, layer)
    except NotApplicable:
        return False
    return True


def cases(layers: Mapping[str, Layer]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("layer", [pytest.param(layer, id=name) for name, layer in layers.items()])


# --- the tap map and the entries of C


@pytest.mark.parametrize("mutant", TAP_MAP)
@pytest.mark.parametrize("theorem", [*ABOUT_C, "resize-convolution"])
@cases(LAYERS)
def test_a_wrong_tap_map_is_refuted(theorem: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    if applies(theorem, layer):
        TAP_MAP[mutant](monkeypatch)
        refuted(theorem, layer)


@pytest.mark.parametrize("mutant", TAP_MAP)
@cases(SAME)
def test_a_wrong_tap_map_is_refuted_by_the_reversed_kernel(
    mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    TAP_MAP[mutant](monkeypatch)
    refuted("reversed-kernel-same", layer)


@pytest.mark.parametrize("theorem", ABOUT_C)
@settings(max_examples=15)
@given(layer=small_layers, data=st.data())
def test_one_wrong_entry_of_c_is_refuted_and_named(theorem: str, layer: Layer, data: st.DataObject) -> None:
    if not applies(theorem, layer):
        return
    (i, small), (m, large) = subject.Subject(layer).indices
    row = data.draw(st.integers(0, int(np.prod(small)) - 1))
    column = data.draw(st.integers(0, int(np.prod(large)) - 1))
    with with_entry("symbolic_matrix", row, column, lambda entry: entry + 1):
        found = refuted(theorem, layer)
    output = named_place(i, small, row) if theorem in ("decimation", "padding-adjoint") else {}
    assert found == output | named_place(m, large, column)


# --- the definitions


@pytest.mark.parametrize("mutant", ["a-tap-dropped", "a-tap-doubled", "kernel-flipped", "channels-exchanged"])
@pytest.mark.parametrize("theorem", ["decimation", "padding-adjoint", "subpixel", "resize-convolution"])
@cases(LAYERS)
def test_a_wrong_convolution_is_refuted(
    theorem: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, fits = CONVOLUTION[mutant]
    if theorem == "subpixel" and mutant == "kernel-flipped" and layer.kernel_size[-1] <= layer.stride[-1]:
        return  # every phase has one tap
    if fits(layer) and applies(theorem, layer):
        change(monkeypatch)
        refuted(theorem, layer)


@pytest.mark.parametrize("mutant", STAMPS)
@pytest.mark.parametrize("theorem", ["stamp-and-crop", "generating-function"])
@cases(ZEROS)
def test_wrong_stamps_are_refuted(theorem: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    change, fits = STAMPS[mutant]
    if fits(layer):
        change(monkeypatch)
        refuted(theorem, layer)


@cases(ZEROS)
def test_a_wrong_subpixel_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    on_construction("subpixel", with_tap(lambda tap: tap * 0))(monkeypatch)
    refuted("subpixel", layer, 'method="subpixel"')
    monkeypatch.undo()
    without_flip(monkeypatch)
    refuted("subpixel", layer, 'method="subpixel"')


@cases(LAYERS)
def test_a_border_that_is_not_undone_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, definition, "_unpadded_all", lambda original, *rest: np.roll(original(*rest), 1, axis=-1))
    if any(pads != (0, 0) for pads in layer.padding) or layer.output_shape[-1] > 1:
        refuted("padding-adjoint", layer, "P^T ")
