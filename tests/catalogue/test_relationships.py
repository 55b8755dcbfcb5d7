"""Dumoulin and Visin's relationships: their own figures, pooling, and the transposes as convolutions with stride 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, Refuted, TooLarge, layers as definition, prove
from symtconv.catalogue import relationships, subject, transposedrelationships as transposed
from symtconv.geometry import Layer
from tests.cases import LENET, figure, transposed_figure
from tests.catalogue.test_mutations import Change, flipped, on_weights, rewired, with_tap

FIGURES = {
    1: "no_padding_no_strides",
    2: "arbitrary_padding_no_strides",
    3: "same_padding_no_strides",
    4: "full_padding_no_strides",
    5: "no_padding_strides",
    6: "padding_strides_odd",
    15: "dilation",
}
TRANSPOSED_FIGURES = {
    8: "no_padding_no_strides",
    9: "arbitrary_padding_no_strides",
    10: "same_padding_no_strides",
    11: "full_padding_no_strides",
    12: "no_padding_strides",
    13: "padding_strides",
    14: "padding_strides_odd",
}
LARGER: dict[int, Layer] = {
    8: ConvTranspose((2, 3), (3, 2), in_channels=2, out_channels=2),
    9: Conv((4, 5), (3, 4), padding=(1, 2), in_channels=4, out_channels=2, groups=2),
    10: Conv((4, 3), (1, 3), padding=(0, 1), in_channels=2, out_channels=3),
    11: ConvTranspose((5, 4), 3, padding=2, in_channels=2, out_channels=2, groups=2),
    12: ConvTranspose((2, 3), (3, 2), stride=(2, 3), in_channels=2, out_channels=4, groups=2),
    13: ConvTranspose((3, 2), 3, stride=2, padding=1, in_channels=2, out_channels=2),
    14: Conv((6, 7), 3, stride=(2, 3), padding=(1, 2), in_channels=2, out_channels=4, groups=2),
}
every_transposed = pytest.mark.parametrize("place", TRANSPOSED_FIGURES)


@pytest.mark.parametrize("place", FIGURES)
def test_the_papers_figures_meet_their_relationship(place: int) -> None:
    prove(f"relationship-{place}", figure(FIGURES[place])).check()


@every_transposed
def test_the_papers_transposed_figures_meet_their_relationship(place: int) -> None:
    prove(f"relationship-{place}", transposed_figure(TRANSPOSED_FIGURES[place])).check()
    prove(f"relationship-{place}", LARGER[place]).check()


@every_transposed
def test_given_weights_may_be_asked_for(place: int) -> None:
    layer = transposed_figure(TRANSPOSED_FIGURES[place])
    proof = prove(
        f"relationship-{place}", layer, kernel=np.arange(np.prod(layer.kernel_size)).reshape(layer.kernel_size)
    )
    assert "w_" not in str(proof.equations[-1])


def test_pads_beyond_the_kernel_crop() -> None:
    prove("relationship-9", Conv(4, 2, padding=3))
    prove("relationship-14", Conv(5, 2, stride=3, padding=4))
    prove("relationship-14", Conv(8, 2, stride=3, padding=-2))


def test_lenets_transpose_is_a_convolution() -> None:
    prove("relationship-8", LENET)


# --- mutants of the transposes

VALUES: dict[str, Change] = {
    "a-tap-dropped": on_weights(with_tap(lambda tap: tap * 0)),
    "a-tap-doubled": on_weights(with_tap(lambda tap: tap * 2)),
    "kernel-flipped": on_weights(flipped),
}


def without_flip(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, transposed, "_turned", lambda original, w, conv: np.flip(original(w, conv), (-1,)))


def outputs_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, transposed, "_turned", lambda original, w, conv: original(w, conv)[::-1])


def pads_shifted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, conv: Conv) -> Conv:
        direct = original(conv)
        return Conv(
            direct.input_shape,
            direct.kernel_size,
            padding=[(lo + 1, hi - 1) for lo, hi in direct.padding],
            in_channels=direct.in_channels,
            out_channels=direct.out_channels,
            groups=direct.groups,
        )

    rewired(monkeypatch, transposed, "_stride_one", mutant)


def pixels_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, direct: Any, stretched: Any, kernel: Any) -> Any:
        return original(direct, np.flip(stretched, -1), kernel)

    rewired(monkeypatch, transposed, "convolve", mutant)


VALUES |= {
    "flip-forgotten": without_flip,
    "channels-exchanged": outputs_exchanged,
    "pads-shifted": pads_shifted,
    "pixels-turned": pixels_turned,
}


@every_transposed
@pytest.mark.parametrize("mutant", VALUES)
def test_a_wrong_convolution_with_stride_1_is_refuted(place: int, mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = LARGER[place]
    VALUES[mutant](monkeypatch)
    with pytest.raises(Refuted) as caught:
        prove(f"relationship-{place}", layer)
    if mutant != "pads-shifted":
        assert set(caught.value.counterexample) == {"m0", "m1", "m2"}


def test_zeros_in_the_wrong_place_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, direct: Any, stretched: Any, kernel: Any) -> Any:
        return original(direct, np.roll(stretched, 1, axis=-1), kernel)

    rewired(monkeypatch, transposed, "convolve", mutant)
    with pytest.raises(Refuted) as caught:
        prove("relationship-14", transposed_figure("padding_strides_odd"))
    assert set(caught.value.counterexample) == {"m0", "m1"}


@every_transposed
def test_one_wrong_entry_of_c_is_refuted_and_named(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        C = original(*arguments).as_mutable()
        C[1, 2] = C[1, 2] + 1
        return C

    rewired(monkeypatch, subject, "symbolic_matrix", mutant)
    layer = transposed_figure(TRANSPOSED_FIGURES[place])
    with pytest.raises(Refuted) as caught:
        prove(f"relationship-{place}", layer)
    assert caught.value.counterexample == {"m0": 0, "m1": 2}


@every_transposed
def test_a_wrong_size_is_refuted(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = transposed_figure(TRANSPOSED_FIGURES[place])

    def mutant(original: Any, conv: Conv) -> Conv:
        direct = original(conv)
        return Conv([size + 1 for size in direct.input_shape], direct.kernel_size, padding=direct.padding)

    rewired(monkeypatch, transposed, "_stride_one", mutant)
    with pytest.raises(Refuted) as caught:
        prove(f"relationship-{place}", layer)
    assert caught.value.counterexample


# --- pooling


def test_pooling_is_the_mean_of_every_window() -> None:
    proof = prove("relationship-7", Conv((5, 6), (3, 2), stride=2))
    assert sum("one output for every window" in equation.says for equation in proof.equations) == 2


@pytest.mark.parametrize(
    "change",
    [VALUES["a-tap-dropped"], VALUES["a-tap-doubled"], on_weights(lambda w: w * 2)],
    ids=["drop", "double", "sum"],
)
def test_wrong_pooling_is_refuted(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch)
    with pytest.raises(Refuted) as caught:
        prove("relationship-7", Conv(6, 3, stride=2))
    assert caught.value.counterexample == {"i": 0}


def test_pooling_at_another_stride_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Conv, x: Any, w: Any) -> Any:
        return original(Conv(layer.input_shape, layer.kernel_size, output_shape=layer.output_shape), x, w)

    rewired(monkeypatch, relationships, "convolve", mutant)
    with pytest.raises(Refuted) as caught:
        prove("relationship-7", Conv(6, 3, stride=2))
    assert caught.value.counterexample == {"i": 1}


def test_pooling_of_very_many_pixels_does_not_fit() -> None:
    with pytest.raises(TooLarge) as caught:
        prove("relationship-7", Conv(10**6, 3))
    assert caught.value.entries > caught.value.limit
    prove("relationship-5", Conv(10**9, 3))
    assert definition.convolve(Conv(2, 2), [1, 2], [3, 4]).tolist() == [11]
