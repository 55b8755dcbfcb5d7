"""The interpolation family: the box repeats, the hat interpolates, and nothing else does."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, GeometryError, NotApplicable, Refuted, layers as definition, prove
from symtconv.catalogue import interpolation, subject
from symtconv.catalogue.interpolation import INTERPOLATION
from symtconv.geometry import Axis, Layer
from tests.cases import every_layer
from tests.strategies import layers

NAMES = ("nearest", "bilinear")
every_theorem = pytest.mark.parametrize("name", NAMES)
BOX = ConvTranspose((2, 3), (2, 3), stride=(2, 3))
HAT = ConvTranspose((3, 4), (4, 5), stride=(2, 3), padding=1)


def hat(shape: Any, factors: Any, **channels: int) -> ConvTranspose:
    taps, pads = [2 * f - f % 2 for f in factors], [-(-(f - 1) // 2) for f in factors]
    return ConvTranspose(shape, taps, stride=factors, padding=pads, **channels)  # type: ignore[arg-type]


@every_theorem
@every_layer
def test_every_named_layer_is_proved_or_outside_a_hypothesis(name: str, layer: Layer) -> None:
    proved_or_outside(name, layer)


@every_theorem
@settings(max_examples=30, deadline=None)
@given(layer=layers(3))
def test_any_layer_is_proved_or_outside_a_hypothesis(name: str, layer: Layer) -> None:
    proved_or_outside(name, layer)


def proved_or_outside(name: str, layer: Layer) -> None:
    hypothesis = ""
    try:
        prove(name, layer).check()
    except NotApplicable as error:
        hypothesis = error.hypothesis
    stated = next(theorem.hypotheses for theorem in INTERPOLATION if theorem.name == name)
    assert any(words.startswith(hypothesis) for words in stated)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=3), st.sampled_from([1, 2, 3]))
def test_every_size_and_factor_is_proved(axes: list[tuple[int, int]], channels: int) -> None:
    shape, factors = [size for size, _ in axes], [factor for _, factor in axes]
    several = {"in_channels": channels, "out_channels": channels}
    prove("nearest", ConvTranspose(shape, factors, stride=factors, **several)).check()  # type: ignore[arg-type]
    prove("bilinear", hat(shape, factors, **several, groups=channels)).check()


@every_theorem
def test_the_example_is_proved_and_pickles(name: str) -> None:
    record = next(theorem for theorem in INTERPOLATION if theorem.name == name)
    proof = prove(name, record.example)
    assert pickle.loads(pickle.dumps(proof)).equations == proof.equations
    assert prove(name, record.example.T).equations == proof.equations


def test_a_large_image_is_interpolated() -> None:
    prove("nearest", ConvTranspose((14, 14), 2, stride=2))
    prove("bilinear", hat((14, 14), (2, 2)))


@pytest.mark.parametrize(
    ("name", "layer", "hypothesis"),
    [
        ("nearest", Conv(4, 3, stride=2), "the kernel has s taps"),
        ("nearest", Conv(6, 2, stride=2, dilation=3), "the dilation is 1"),
        ("nearest", Conv(4, 2, stride=2, padding=1), "there are no pads"),
        ("nearest", Conv(5, 2, stride=2), "n = s o"),
        (
            "nearest",
            Conv(4, 2, stride=2, in_channels=2),
            "there are as many channels on both sides, and the kernel acts on each by itself",
        ),
        ("bilinear", Conv(4, 3, stride=2, padding=1), "k = 2f - (f mod 2), f the stride"),
        ("bilinear", Conv(9, 4, stride=2, padding=1, dilation=2), "the dilation is 1"),
        ("bilinear", Conv(8, 4, stride=2), "both pads are ceil((f-1)/2)"),
        ("bilinear", Conv(7, 4, stride=2, padding=1), "the output padding is 0"),
        ("bilinear", Conv(6, 4, stride=2, padding=1, padding_mode="circular"), "the padding is of zeros"),
        (
            "bilinear",
            Conv(6, 4, stride=2, padding=1, out_channels=3),
            "there are as many channels on both sides, and the kernel acts on each by itself",
        ),
    ],
)
def test_outside_a_hypothesis_it_does_not_apply(name: str, layer: Layer, hypothesis: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove(name, layer)
    assert caught.value.hypothesis == hypothesis


@every_theorem
def test_the_kernel_is_fixed_by_the_statement(name: str) -> None:
    with pytest.raises(GeometryError, match="Leave kernel out"):
        prove(name, BOX, kernel=np.ones((2, 3)))


# --- mutants


def refuted(theorem: str, layer: Layer) -> dict[str, Any]:
    with pytest.raises(Refuted) as caught:
        prove(theorem, layer)
    return dict(caught.value.counterexample)


LAYERS = {
    "nearest": [BOX, ConvTranspose(3, 4, stride=4), ConvTranspose((2, 2), 2, stride=2, in_channels=2, out_channels=2)],
    "bilinear": [HAT, ConvTranspose(4, 4, stride=2, padding=1), hat((3, 3), (2, 2), in_channels=2, out_channels=2)],
}
every_case = pytest.mark.parametrize(("name", "layer"), [(name, layer) for name in NAMES for layer in LAYERS[name]])


def with_kernel(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    original = interpolation._on_every_channel
    monkeypatch.setattr(interpolation, "_on_every_channel", lambda *arguments: change(original(*arguments)))


def with_entry(value: Callable[[Any], Any], *place: int) -> Callable[[Any], Any]:
    def change(kernel: Any) -> Any:
        at = place + (-2,) * (kernel.ndim - len(place))
        kernel[at if kernel.ndim > len(place) else place] = value(kernel[at])
        return kernel

    return change


KERNELS = {
    "a-tap-dropped": with_entry(lambda tap: tap * 0, 0, 0),
    "a-tap-changed": with_entry(lambda tap: tap + Fraction(1, 7), 0, 0),
    "doubled": lambda kernel: kernel * 2,
}


@every_case
@pytest.mark.parametrize("change", KERNELS)
def test_another_kernel_is_refuted(name: str, layer: Layer, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_kernel(monkeypatch, KERNELS[change])
    assert {key[0] for key in refuted(name, layer)} == {"m"}


@pytest.mark.parametrize("layer", LAYERS["bilinear"])
def test_a_hat_without_half_pixels_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpolation, "_hat", lambda f: [Fraction(t, f) for t in range(2 * f - f % 2)])
    assert {key[0] for key in refuted("bilinear", layer)} == {"m"}


def test_the_channels_are_not_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_kernel(monkeypatch, lambda kernel: kernel[:, ::-1])
    assert refuted("nearest", LAYERS["nearest"][2])["m0"] == 0


@every_case
def test_wrong_stamps_are_refuted(name: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = definition.CONSTRUCTIONS["stamp"]

    def shifted(*arguments: Any) -> Any:
        return np.roll(original(*arguments), 1, axis=-1)

    monkeypatch.setitem(definition.CONSTRUCTIONS, "stamp", shifted)
    assert {key[0] for key in refuted(name, layer)} == {"m"}


@every_case
def test_a_wrong_entry_of_c_is_refuted(name: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(subject, "symbolic_matrix")  # noqa: B009

    def mutant(*arguments: Any) -> Any:
        C = original(*arguments).as_mutable()
        C[0, C.cols // 2] += 1
        return C

    monkeypatch.setattr(subject, "symbolic_matrix", mutant)
    assert {key[0] for key in refuted(name, layer)} == {"m"}


def test_other_sample_centres_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """With samples at i f, corners aligned, the hat does not interpolate."""

    def aligned(m: int, axis: Any) -> list[tuple[int, Fraction]]:
        before, after = divmod(m, axis.stride)
        weight = Fraction(after, axis.stride)
        return [(before, 1 - weight), (min(before + 1, axis.small - 1), weight)]

    monkeypatch.setattr(interpolation, "_neighbours", aligned)
    assert refuted("bilinear", ConvTranspose(4, 4, stride=2, padding=1)) == {"m": 1}


def test_beyond_the_interior_the_hat_fades(monkeypatch: pytest.MonkeyPatch) -> None:
    """One output further out, a single sample with its full weight is not what the hat gives."""
    wider = interpolation._kept_and_between

    def mutant(conv: Conv) -> Any:
        return wider(Conv._resolved(tuple(replace(axis, lo=axis.lo - 1) for axis in conv.axes), 1, 1, 1, "zeros"))

    monkeypatch.setattr(interpolation, "_kept_and_between", mutant)
    monkeypatch.setattr(interpolation, "_neighbours", lambda m, axis: [(min(m // 2, 3), Fraction(1))])
    assert refuted("bilinear", ConvTranspose(4, 4, stride=2, padding=1)) == {"m": 0}


def test_a_wrong_size_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symtconv.geometry.transposed_size", lambda *sizes: sizes[0] * sizes[2] + 1)
    layer = Conv._resolved((Axis(7, 3, 4, 2, 1, 1, 1),), 1, 1, 1, "zeros")
    with pytest.raises(Refuted, match="n = f o") as caught:
        prove("bilinear", layer)
    assert caught.value.counterexample == {"n": 7, "f": 2, "o": 3}
