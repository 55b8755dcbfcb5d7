"""Whatever is wrong in a definition or a matrix is refuted by the theorems about gradients, with the place."""

from __future__ import annotations

from typing import Any

import pytest

from symtconv import Conv, ConvTranspose, Refuted, layers as definition, prove
from symtconv.catalogue import biasgradient, brackets, gradients
from symtconv.geometry import Layer
from symtconv.matrices import entries
from tests.cases import named
from tests.catalogue import test_mutations as mutations
from tests.catalogue.test_gradients import every_new_theorem


def refutation(name: str, layer: Any) -> Refuted:
    """Demand that a theorem is refuted."""
    with pytest.raises(Refuted) as caught:
        prove(name, layer)
    return caught.value


def asked(name: str, layer: Layer) -> Any:
    """Give the chain rule a second layer of one tap, so that flipping both kernels does not cancel."""
    if name != "chain-rule":
        return layer
    first = layer.convolution
    return layer, Conv(first.output_shape, 1, in_channels=first.out_channels, out_channels=2)


REFUTED_BY_STAMPS = ("bias-gradient", "transposed-input-gradient", "transposed-kernel-gradient", "chain-rule")
MUTANT_LAYERS = ("strided", "groups", "replicate")
few_layers = {name: mutations.LAYERS[name] for name in MUTANT_LAYERS}


def told(table: dict[str, Any]) -> pytest.MarkDecorator:
    chosen = [
        pytest.param(change, layer, id=f"{mutant}-{name}")
        for mutant, (change, fits) in table.items()
        for name, layer in few_layers.items()
        if fits(layer)
    ]
    return pytest.mark.parametrize(("change", "layer"), chosen)


@every_new_theorem
@told(mutations.CONVOLUTION)
def test_a_wrong_convolution_is_refuted(
    name: str, change: mutations.Change, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    assert refutation(name, asked(name, layer)).counterexample


@pytest.mark.parametrize("name", REFUTED_BY_STAMPS)
@told(mutations.STAMPS)
def test_wrong_stamps_are_refuted(
    name: str, change: mutations.Change, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    assert refutation(name, asked(name, layer)).counterexample


@every_new_theorem
@pytest.mark.parametrize("mutant", mutations.TAP_MAP)
@named(few_layers)
def test_a_wrong_tap_map_is_refuted(name: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.TAP_MAP[mutant](monkeypatch)
    monkeypatch.setattr(brackets, "tap_places", entries.tap_places)
    assert refutation(name, asked(name, layer)).counterexample


def changed(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, change: Any) -> None:
    """Exchange owner.name by a function whose result is changed."""
    mutations.rewired(monkeypatch, owner, name, lambda original, *arguments: change(original(*arguments)))


def test_an_input_that_is_squared_has_a_second_derivative(monkeypatch: pytest.MonkeyPatch) -> None:
    def squared(original: Any, x: Any, *rest: Any) -> Any:
        x = x.copy()
        x.reshape(-1)[2] = x.reshape(-1)[2] * x.reshape(-1)[2]
        return original(x, *rest)

    mutations.rewired(monkeypatch, definition, "_direct_sum", squared)
    error = refutation("hessian", Conv(4, 2))
    assert error.counterexample == {"i": 1, "m": 2, "l": 2}
    assert (error.arrived, error.rule) == ("2*w_{1}", "the other side is 0")


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 2, 1), (2, 0, 1)])
def test_a_wrong_bracket_is_named(place: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def toggled(found: Any) -> Any:
        return iter(set(found) ^ {place})

    changed(monkeypatch, brackets, "tap_places", toggled)
    assert refutation("hessian", Conv(4, 2)).counterexample == dict(zip("imj", place, strict=True))


def run_with(bias: Any) -> Any:
    """Run the layer with a bias that is changed first."""
    return lambda original, layer, values, weights, b: original(layer, values, weights, bias(b))


@pytest.mark.parametrize("layer", [Conv((3, 4), 2), Conv(4, 2, in_channels=2, out_channels=2), ConvTranspose(2, 3)])
@pytest.mark.parametrize("bias", [lambda b: b * 2, lambda b: b * 0, lambda b: b * b, lambda b: b + 1])
def test_a_wrong_bias_is_refuted(layer: Layer, bias: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.rewired(monkeypatch, biasgradient, "_run", run_with(bias))
    assert set(refutation("bias-gradient", layer).counterexample.values()) == {0}


def test_biases_that_exchange_channels_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.rewired(monkeypatch, biasgradient, "_run", run_with(lambda b: b[::-1]))
    layer = Conv(4, 2, in_channels=2, out_channels=2)
    assert refutation("bias-gradient", layer).counterexample == {"i0": 0, "i1": 0}
    prove("bias-gradient", Conv(4, 2))


def test_a_spread_that_leaves_out_a_pixel_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_last(original: Any, rows: int, columns: int, values: Any) -> Any:
        return original(rows, columns, {place: value for place, value in values.items() if place[0] < rows - 1})

    mutations.rewired(monkeypatch, biasgradient, "matrix", without_the_last)
    assert refutation("bias-gradient", Conv((3, 3), 2)).counterexample == {"i0": 1, "i1": 1}


def test_a_bias_that_only_sympy_sees_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Any, values: Any, weights: Any, b: Any) -> Any:
        return original(layer, values, weights, b if "Polynomial" in type(b[0]).__name__ else b * 3)

    mutations.rewired(monkeypatch, biasgradient, "_run", mutant)
    error = refutation("bias-gradient", Conv(4, 2))
    assert "by SymPy's diff" in str(error)
    assert error.counterexample == {"c": 0}


@named({name: layer for name, layer in mutations.LAYERS.items() if layer.padding_mode != "zeros"})
def test_the_kernel_gradient_tells_a_wrong_convolution_in_every_padding_mode(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, gradients, "convolve", lambda h: h[..., ::-1])
    assert {name[0] for name in refutation("kernel-gradient", layer).counterexample} == {"j"}
