"""The chain rule: two layers of every kind, and that a wrong one of the two is refuted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, TooLarge, prove
from symtconv.catalogue import chainrule, pairs
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.proofs.terms import Defined, Table
from tests import definitions
from tests.catalogue import test_mutations as mutations
from tests.catalogue.test_gradient_mutations import refutation
from tests.catalogue.test_gradients import small_layers, worked_out

CHAINS: dict[str, tuple[Layer, Layer]] = {
    "1d": (Conv(9, 3, stride=2), Conv(4, 2, padding=1)),
    "2d-channels": (
        Conv((4, 4), 3, padding=1, in_channels=2, out_channels=3, stride=2),
        Conv((2, 2), 2, padding="same", in_channels=3, out_channels=2),
    ),
    "groups": (
        Conv(5, 2, in_channels=2, out_channels=4, groups=2),
        Conv(4, 3, in_channels=4, out_channels=2, groups=2, dilation=1, padding=2, padding_mode="circular"),
    ),
    "by-transposes": (ConvTranspose((2, 2), 3, stride=2, padding="same"), Conv((2, 2), 2)),
    "modes": (Conv((3, 4), 3, padding=1, padding_mode="reflect"), Conv((3, 4), 2, padding=1, padding_mode="replicate")),
    "crops": (Conv(8, 2, padding=[(-1, 2)]), Conv(8, 3, stride=3, padding=[(1, -2)], dilation=2)),
    "3d": (Conv((3, 2, 3), (2, 1, 2)), Conv((2, 2, 2), 2, stride=2, padding=1)),
}


@pytest.mark.parametrize("chain", [pytest.param(chain, id=name) for name, chain in CHAINS.items()])
def test_the_chain_rule_is_proved_for_two_layers(chain: tuple[Layer, Layer]) -> None:
    proof = prove("chain-rule", chain)
    proof.check()
    first, second = (layer.convolution for layer in chain)
    seen, w = Subject(first), Subject(first).w
    u, v = pairs.subjects("chain-rule", chain)[1].w, Subject(second).v
    by_hand = definitions.transposed_convolution(first, definitions.transposed_convolution(second, v, u), w)
    found = worked_out(proof.equations[0].left)
    assert found.shape == (len(seen.x_names),)
    assert [found.entries.get((place,), 0) for place in range(by_hand.size)] == list(by_hand.reshape(-1))


@given(layer=small_layers, data=st.data())
@settings(max_examples=15)
def test_the_chain_rule_is_proved_for_any_layer_and_one_that_reads_it(layer: Layer, data: Any) -> None:
    first = layer.convolution
    mode = data.draw(st.sampled_from(["zeros", "circular", "replicate"]))
    size = data.draw(st.integers(1, min(first.output_shape)))
    second = Conv(
        first.output_shape,
        size,
        stride=data.draw(st.integers(1, 3)),
        padding=data.draw(st.integers(0, 1)),
        in_channels=first.out_channels,
        out_channels=first.out_channels * data.draw(st.integers(1, 2)),
        groups=data.draw(st.sampled_from([1, first.out_channels])),
        padding_mode=mode,
    )
    with suppress(TooLarge):
        prove("chain-rule", (layer, second if data.draw(st.booleans()) else second.T))


def test_the_chain_rule_needs_a_second_layer_that_reads_the_first() -> None:
    with pytest.raises(NotApplicable) as caught:
        prove("chain-rule", (Conv(5, 2), Conv(5, 2)))
    assert caught.value.hypothesis == "the second convolution reads what the first writes"


def test_too_many_pairs_of_taps_are_refused_before_any_work() -> None:
    with pytest.raises(TooLarge, match="pairs of taps"):
        prove("chain-rule", (Conv(900, 300), Conv(601, 300)))


CHAIN = (Conv(7, 3, stride=2, padding=1), Conv(4, 2, dilation=2))
WRONG_SECONDS = {
    "stride": Conv(4, 2, dilation=2, stride=2, padding=[(0, 2)]),
    "dilation": Conv(4, 2, output_shape=2),
    "pads": Conv(4, 2, dilation=2, padding=[(1, -1)]),
}


@pytest.mark.parametrize("second", [pytest.param(layer, id=name) for name, layer in WRONG_SECONDS.items()])
def test_a_second_layer_with_another_matrix_is_refuted(second: Conv, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Conv, *rest: Any) -> Any:
        return original(second if layer == CHAIN[1] else layer, *rest)

    mutations.rewired(monkeypatch, chainrule, "convolve", mutant)
    with pytest.raises(Refuted):
        prove("chain-rule", CHAIN)


@pytest.mark.parametrize("number", [0, 1])
def test_stamps_of_the_chain_in_the_wrong_place_are_refuted(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, name: str, layer: Layer, *rest: Any) -> Any:
        z = original(name, layer, *rest)
        return np.roll(z, 1, axis=-1) if layer == CHAIN[number].T else z

    mutations.rewired(monkeypatch, chainrule, "transpose_by", mutant)
    error = refutation("chain-rule", CHAIN)
    assert "two transposed convolutions" in str(error)
    assert set(error.counterexample) == {"m"}


@pytest.mark.parametrize(("symbol", "column"), [("C1", 2), ("C2", 1)])
def test_a_wrong_entry_of_either_matrix_is_refuted(symbol: str, column: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, term: Any, name: str, which: str) -> Any:
        called = original(term, name, which)
        if name != symbol:
            return called
        entries = {place: value for place, value in called.value.entries.items() if place[1] != column}
        return Defined(called.symbol, called.meaning, Table(called.value.shape, entries))

    mutations.rewired(monkeypatch, chainrule, "_called", mutant)
    assert set(refutation("chain-rule", CHAIN).counterexample) == {"m"}
