"""Two layers: the size of the one layer that they make, and what an output of theirs reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, TooLarge, prove
from symtconv.catalogue import twolayersizes
from symtconv.geometry import Layer
from tests.catalogue.test_mutations import Change, on_weights, rewired, with_tap

PAIRS: dict[str, tuple[Layer, Layer]] = {
    "1d": (Conv(9, 3, stride=2), Conv(4, 2)),
    "padded": (Conv(9, 3, stride=2, padding=[(1, 2)]), Conv(5, 2, stride=3, padding=[(2, 1)])),
    "dilated": (Conv(12, 2, stride=3, dilation=2), Conv(4, 2, dilation=3)),
    "2d": (Conv((8, 9), (3, 2), stride=(2, 3)), Conv((3, 3), (2, 3), stride=(1, 2), padding=(1, 0))),
    "cropping": (Conv(9, 2, padding=[(-1, 0)]), Conv(7, 3, padding=[(0, -2)])),
    "channels": (Conv(6, 3, in_channels=2, out_channels=4, groups=2), Conv(4, 2, in_channels=4)),
    "gaps": (Conv(9, 1, stride=4), Conv(3, 2)),
    "transposed": (ConvTranspose((2, 2), 3, stride=2), Conv((2, 2), 2)),
}
every_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
both_theorems = pytest.mark.parametrize("name", ["composition-size", "receptive-field"])


@both_theorems
@every_pair
def test_two_layers_have_the_theorem(name: str, pair: tuple[Layer, Layer]) -> None:
    prove(name, pair).check()


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.tuples(*[st.integers(1, 4)] * 4, *[st.integers(1, 3)] * 2, *[st.integers(-1, 2)] * 4), n=st.integers(1, 9)
)
def test_any_two_layers_have_the_theorem(sizes: tuple[int, ...], n: int) -> None:
    k1, s1, k2, s2, d1, d2, lo1, hi1, lo2, hi2 = sizes
    least = d2 * (k2 - 1) + 1 - lo2 - hi2
    n += d1 * (k1 - 1) + 1 - lo1 - hi1 + s1 * max(least - 1, 0)
    first = Conv(max(n, 1), k1, stride=s1, dilation=d1, padding=[(lo1, hi1)])
    second = Conv(first.output_shape, k2, stride=s2, dilation=d2, padding=[(lo2, hi2)])
    for name in ("composition-size", "receptive-field"):
        prove(name, (first, second))


@both_theorems
def test_layers_that_do_not_meet_are_refused(name: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove(name, (Conv(9, 3), Conv(6, 2)))
    assert caught.value.hypothesis == "the second convolution reads what the first writes"


@pytest.mark.parametrize("pair", [(Conv(9, 3, output_shape=4), Conv(4, 2)), (Conv(9, 3), Conv(7, 2, output_shape=3))])
def test_truncated_layers_have_no_common_size(pair: tuple[Layer, Layer]) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove("composition-size", pair)
    assert caught.value.hypothesis == "the convolution keeps all its outputs"
    prove("receptive-field", pair)


def test_gaps_are_told_where_no_layer_is_dilated() -> None:
    told = "an input below r is not read"
    for pair, count in ((PAIRS["1d"], 1), (PAIRS["gaps"], 1), (PAIRS["2d"], 2), (PAIRS["dilated"], 0)):
        assert sum(told in equation.says for equation in prove("receptive-field", pair).equations) == count


def test_a_field_that_does_not_fit_is_too_large() -> None:
    with pytest.raises(TooLarge) as caught:
        prove("receptive-field", (Conv(10**7, 2, stride=10**6), Conv(10, 9)))
    assert caught.value.entries > caught.value.limit


MERGED = {
    "kernel": lambda k, s, lo, hi: (k + 1, s, lo, hi),
    "stride": lambda k, s, lo, hi: (k, s + 1, lo, hi),
    "low-pad": lambda k, s, lo, hi: (k, s, lo + 4, hi),
    "high-pad": lambda k, s, lo, hi: (k, s, lo, hi - 2),
}


@pytest.mark.parametrize("change", MERGED)
def test_another_merged_layer_is_refuted(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, one: Any, two: Any) -> Conv:
        merged = original(one, two)
        (axis,) = merged.axes
        k, s, lo, hi = MERGED[change](axis.kernel_size, axis.stride, axis.lo, axis.hi)
        return Conv(axis.large, k, stride=s, padding=[(lo, hi)])

    rewired(monkeypatch, twolayersizes, "_merged", mutant)
    with pytest.raises(Refuted) as caught:
        prove("composition-size", (Conv(9, 3, stride=2), Conv(4, 2, stride=2)))
    assert caught.value.counterexample["o2"] == 2


FIELD: dict[str, Change] = {
    "first-tap-dropped": on_weights(with_tap(lambda tap: tap * 0)),
    "last-tap-dropped": on_weights(with_tap(lambda tap: tap * 0, -1, -1, -1)),
    "kernel-flipped": on_weights(lambda w: w[..., ::-1]),
}


@pytest.mark.parametrize("mutant", FIELD)
def test_a_wrong_definition_is_refuted(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FIELD[mutant](monkeypatch)
    with pytest.raises(Refuted) as caught:
        prove("receptive-field", PAIRS["1d"])
    assert set(caught.value.counterexample) == {"i", "m"}


@pytest.mark.parametrize("lost", ["stride", "dilation"])
def test_a_layer_that_reads_elsewhere_is_refuted(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, layer: Conv, x: Any, w: Any) -> Any:
        stride, dilation = (1, layer.dilation) if lost == "stride" else (layer.stride, 1)
        return original(
            Conv(
                layer.input_shape, layer.kernel_size, stride=stride, dilation=dilation, output_shape=layer.output_shape
            ),
            x,
            w,
        )

    rewired(monkeypatch, twolayersizes, "convolve", mutant)
    with pytest.raises(Refuted) as caught:
        prove("receptive-field", (Conv(12, 2, stride=3, dilation=2), Conv(4, 2)))
    assert set(caught.value.counterexample) == {"i", "m"}


def test_a_wrong_word_about_gaps_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, twolayersizes, "below", lambda original, a, b: original(b, a))
    with pytest.raises(Refuted):
        prove("receptive-field", PAIRS["gaps"])
