"""The regularity family: differentiable, continuous, smooth, of every layer there is."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from symtconv import Conv, ConvTranspose, Refuted, TooLarge, layers as definition, prove, taps
from symtconv.catalogue import continuity, regularity, subject
from symtconv.catalogue.regularity import REGULARITY
from symtconv.geometry import Layer
from symtconv.proofs.kernel import Goal, check
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.terms import Defined
from tests.cases import LENET, every_layer
from tests.strategies import layers

NAMES = ("differentiable", "continuous", "smooth")
every_theorem = pytest.mark.parametrize("name", NAMES)
CASES: dict[str, Layer] = {
    "story": ConvTranspose((2, 2), 3, stride=2, padding="same"),
    "dilated": Conv(9, 3, stride=2, dilation=2, padding=2),
    "groups": Conv((3, 2), 2, stride=2, padding=1, in_channels=4, out_channels=4, groups=2),
    "reflect": Conv((2, 4), (1, 3), padding=[(0, 0), (1, 1)], padding_mode="reflect"),
}
every_case = pytest.mark.parametrize("layer", CASES.values(), ids=CASES)


@every_theorem
@every_layer
def test_every_theorem_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    prove(name, layer).check()


@every_theorem
@settings(max_examples=15, deadline=None)
@given(layer=layers(3))
def test_every_theorem_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    prove(name, layer).check()


@every_theorem
def test_the_example_is_proved_and_pickles(name: str) -> None:
    record = next(theorem for theorem in REGULARITY if theorem.name == name)
    proof = prove(name, record.example)
    assert pickle.loads(pickle.dumps(proof)).equations == proof.equations
    assert prove(name, record.example.T).equations == proof.equations


@pytest.mark.parametrize("name", ["differentiable", "smooth"])
def test_lenets_first_layer_and_given_kernels(name: str) -> None:
    prove(name, LENET)
    prove(name, CASES["dilated"], kernel=[1, -2, 0]).check()


def test_a_stride_that_does_not_fit_is_refused() -> None:
    with pytest.raises(TooLarge):
        prove("smooth", Conv(3, 2, stride=2_000_000))


def test_what_continuity_assumes_is_listed() -> None:
    assumed = prove("continuous", Conv(4, 2)).assumptions
    for symbol in ("M >= 0", "p >= 0", "q >= 0", "M - h >= 0", "M + h >= 0"):
        assert any(words.startswith(symbol) for words in assumed)
    assert any("Cauchy and Schwarz" in words for words in assumed)


# --- mutants


def refuted(theorem: str, layer: Layer, says: str) -> dict[str, Any]:
    with pytest.raises(Refuted) as caught:
        prove(theorem, layer)
    assert says in str(caught.value)
    return dict(caught.value.counterexample)


def with_outputs(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    """Change what the definition of the convolution gives."""
    original = definition._direct_sum
    monkeypatch.setattr(definition, "_direct_sum", lambda *arguments: change(original(*arguments)))


def plus_one(y: Any) -> Any:
    return y + 1


def squared(y: Any) -> Any:
    return y * y


@every_case
@pytest.mark.parametrize("name", ["differentiable", "continuous"])
@pytest.mark.parametrize("change", [plus_one, squared])
def test_what_is_not_linear_is_refuted(name: str, layer: Layer, change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with_outputs(monkeypatch, change)
    assert {key[0] for key in refuted(name, layer, "C")} == {"i"}


@every_case
def test_a_square_has_second_derivatives(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    with_outputs(monkeypatch, squared)
    assert {key[0] for key in refuted("smooth", layer, "the first derivative is C")} == {"i", "m"}
    original = regularity._smooth
    record = replace(REGULARITY[2], equations=lambda one, kernel: original(one, kernel)[1:])
    with pytest.raises(Refuted, match="second derivative") as caught:
        check(Goal(record, layer), find_steps)
    assert {key[0] for key in caught.value.counterexample} == {"i", "m", "l"}


def with_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the next pixel for every tap."""
    original = taps.source

    def mutant(position: Any, n: int, mode: Any) -> Any:
        home = original(position, n, mode)
        return np.where(home == taps.NONE, home, (home + 1) % n)

    monkeypatch.setattr(taps, "source", mutant)


@every_case
def test_a_wrong_tap_map_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    with_source(monkeypatch)
    assert {key[0] for key in refuted("differentiable", layer, "C(x + h) - C x - C h = 0")} == {"i"}
    assert {key[0] for key in refuted("continuous", layer, "differ by the rest")} == {"i"}
    assert {key[0] for key in refuted("smooth", layer, "the first derivative is C")} == {"i", "m"}


@every_case
def test_a_wrong_entry_of_c_is_named(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(subject, "symbolic_matrix")  # noqa: B009

    def mutant(*arguments: Any) -> Any:
        C = original(*arguments).as_mutable()
        C[C.rows - 1, 0] += 1
        return C

    monkeypatch.setattr(subject, "symbolic_matrix", mutant)
    last = refuted("differentiable", layer, "C(x + h) - C x - C h = 0")
    assert all(value == size - 1 for value, size in zip(last.values(), _small(layer), strict=True))


def _small(layer: Layer) -> tuple[int, ...]:
    conv = layer.convolution
    return conv.output_shape if conv.single_channel else (conv.out_channels, *conv.output_shape)


@every_case
def test_a_bound_that_forgets_a_weight_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = continuity._sum_in_each_channel

    def mutant(conv: Conv) -> Any:
        column, row = original(conv)
        factor: Any = row if isinstance(row, Defined) else row.right  # type: ignore[attr-defined]
        entries = dict(factor.value.entries)
        del entries[0, 0]
        short = replace(factor, value=replace(factor.value, entries=entries))
        return column, short if factor is row else replace(row, right=short)  # type: ignore[call-arg]

    monkeypatch.setattr(continuity, "_sum_in_each_channel", mutant)
    place = refuted("continuous", layer, "differ by the rest")
    assert set(place.values()) == {0}


@every_case
def test_weights_that_are_read_and_called_unread_are_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(continuity, "tap_places")  # noqa: B009
    monkeypatch.setattr(continuity, "tap_places", lambda conv: [*original(conv)][:-1])
    assert {key[0] for key in refuted("continuous", layer, "differ by the rest")} == {"i"}


@every_case
def test_wrong_stamps_are_no_adjoint(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = definition.CONSTRUCTIONS["stamp"]
    monkeypatch.setitem(definition.CONSTRUCTIONS, "stamp", lambda *arguments: original(*arguments) * 2)
    refuted("continuous", layer, "<C x, v> = <x, C^T v>")


@every_case
def test_a_box_that_does_not_jump_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(regularity, "transpose_by")  # noqa: B009
    monkeypatch.setattr(regularity, "transpose_by", lambda *arguments: original(*arguments)[..., ::-1])
    assert refuted("smooth", layer, "the box of s ones jumps") == {"m": layer.stride[0] - 1}
