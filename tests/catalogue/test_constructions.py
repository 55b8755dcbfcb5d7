"""The constructions family: nine ways to C^T v, proved for every layer within their hypotheses and for no other."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, NotApplicable, TooLarge, prove
from symtconv.catalogue.constructions import CONSTRUCTIONS
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.weights import spread, turned
from symtconv.geometry import Layer
from symtconv.proofs.kernel import Proof
from symtconv.proofs.terms import Compound, Defined, Table, Transposed
from tests import definitions, strategies
from tests.cases import LAYERS, LENET, every_layer, named, where

NAMES = (
    "stamps",
    "zero-insertion",
    "stamp-and-crop",
    "decimation",
    "padding-adjoint",
    "subpixel",
    "generating-function",
    "reversed-kernel-same",
    "resize-convolution",
)
every_construction = pytest.mark.parametrize("name", NAMES)
FOR_EVERY_MODE = ("stamps", "decimation", "padding-adjoint")
ZEROS = "the padding is of zeros"

CHANNELS: dict[str, Layer] = {
    "1d": Conv(7, 3, stride=2, padding=1, in_channels=2, out_channels=3),
    "2d-groups": ConvTranspose((2, 3), (3, 2), stride=(2, 3), in_channels=4, out_channels=2, groups=2, padding=1),
    "3d-depthwise": Conv((3, 4, 3), 2, dilation=(2, 1, 1), stride=(1, 2, 1), in_channels=2, out_channels=2, groups=2),
}


def hypothesis_of(name: str, layer: Layer) -> str | None:
    """Say in our own words which hypothesis a layer does not meet."""
    if layer.padding_mode != "zeros" and name not in FOR_EVERY_MODE:
        return ZEROS
    if name == "reversed-kernel-same":
        if any(s != 1 for s in layer.stride):
            return "the stride is 1"
        spans = [d * (k - 1) + 1 for k, d in zip(layer.kernel_size, layer.dilation, strict=True)]
        if any(
            (lo, lo + (K - 1) % 2) != (lo, hi) or lo + hi != K - 1
            for K, (lo, hi) in zip(spans, layer.padding, strict=True)
        ):
            return "the pads are floor((K-1)/2) and ceil((K-1)/2)"
        if layer.small_shape != layer.large_shape:
            return "the convolution keeps all its outputs"
    return None


def check(name: str, layer: Layer, kernel: Any = None) -> Proof | None:
    """Demand a proof within the hypotheses, and the hypothesis outside them."""
    expected = hypothesis_of(name, layer)
    if expected is None:
        return prove(name, layer, kernel=kernel)
    with pytest.raises(NotApplicable) as caught:
        prove(name, layer, kernel=kernel)
    assert caught.value.hypothesis == expected
    assert f"theorem {name}" in str(caught.value)
    return None


def test_the_family_is_in_the_order_of_the_catalogue() -> None:
    assert tuple(record.name for record in CONSTRUCTIONS) == NAMES
    for record in CONSTRUCTIONS:
        assert record.family == "constructions"
        assert record.example is not None
        assert record.takes_kernel == (record.name != "reversed-kernel-same")


@every_construction
@every_layer
def test_a_construction_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    proof = check(name, layer)
    assert proof is None or all(equation.says for equation in proof.equations)


@every_construction
@settings(max_examples=30)
@given(layer=strategies.layers())
def test_a_construction_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    check(name, layer)


@every_construction
@named(CHANNELS)
def test_a_construction_is_proved_with_channels_and_groups(name: str, layer: Layer) -> None:
    if proof := check(name, layer):
        proof.check()


@every_construction
def test_an_example_is_proved_checked_and_pickled(name: str) -> None:
    (record,) = (record for record in CONSTRUCTIONS if record.name == name)
    proof = prove(name, record.example)
    proof.check()
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.theorem is proof.theorem
    assert set(record.assumed) <= set(proof.assumptions)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "reversed-kernel-same"])
@pytest.mark.parametrize("kernel", [[1, 2, -3], [0, 0, 0], [sympy.Symbol("z_{0}"), sympy.Symbol("b"), 5]], ids=str)
def test_a_construction_is_proved_for_given_weights(name: str, kernel: Any) -> None:
    for layer in (Conv(6, 3, stride=2, dilation=2, padding=1), ConvTranspose(3, 3, stride=3, padding="same")):
        proof = prove(name, layer, kernel=kernel)
        proof.check()
        assert "w_{" not in str(proof.equations)


@every_construction
def test_lenets_first_layer(name: str) -> None:
    check(name, LENET if name != "reversed-kernel-same" else Conv((28, 28), 5, padding="same"))


@every_construction
def test_what_would_not_fit_is_too_large(name: str) -> None:
    layer = Conv((3000, 3000), 3, padding="same")
    with pytest.raises(TooLarge):
        prove(name, layer)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("subpixel", Conv((900, 900), 30, dilation=30)),
        ("generating-function", Conv(20_000, 3)),
        ("resize-convolution", Conv(10, 2, stride=10**30)),
        ("resize-convolution", Conv((30, 30), 2, stride=40)),
        ("stamp-and-crop", Conv(1, 3000, padding=[(9000, 9000)])),
        ("decimation", Conv((1, 1), 1, stride=900, padding=900)),
    ],
    ids=str,
)
def test_each_theorem_has_its_own_limit(name: str, layer: Layer) -> None:
    with pytest.raises(TooLarge):
        prove(name, layer)


@pytest.mark.parametrize("name", NAMES[:7])
def test_strides_and_dilations_beyond_64_bits(name: str) -> None:
    for layer in (Conv(4, 2, stride=10**30), Conv(3, 1, dilation=10**30), ConvTranspose(1, 1, dilation=10**30)):
        prove(name, layer)


@every_construction
@pytest.mark.parametrize("mode", ["circular", "reflect", "replicate"])
def test_the_other_padding_modes(name: str, mode: str) -> None:
    proof = check(name, Conv((4, 3), (3, 2), padding=[(1, 2), (0, 1)], stride=(1, 2), padding_mode=mode))  # type: ignore[arg-type]
    assert (proof is not None) == (name in FOR_EVERY_MODE)
    if name == "padding-adjoint":
        assert proof is not None
        assert "P^T folds the border back" in [equation.says for equation in proof.equations]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "reversed-kernel-same"])
def test_truncated_and_cropping_layers_are_within_the_hypotheses(name: str) -> None:
    for case in ("truncated", "stride-le-output-padding-lt-dilation", "negative-pads", "more-crop-than-stamp"):
        assert check(name, LAYERS[case]) is not None


# --- what each statement is


@pytest.mark.parametrize(("name", "word"), [("stamps", "laid"), ("zero-insertion", "flipped")])
def test_a_construction_equals_c_transposed_v(name: str, word: str) -> None:
    (equation,) = prove(name, ConvTranspose((2, 2), 3, stride=2, padding="same")).equations
    assert isinstance(equation.left, Defined)
    assert word in equation.left.meaning
    assert isinstance(equation.right, Compound)
    assert isinstance(equation.right.left, Transposed)


@named(where(lambda layer: layer.padding_mode == "zeros"))
def test_zero_insertion_on_names_is_the_definition(layer: Layer) -> None:
    seen = Subject(layer)
    term = seen.transposed_term("zero-insertion", "").value
    assert isinstance(term, Table)
    expected = definitions.transposed_convolution(layer, seen.v, seen.w).reshape(-1)
    assert [term.entries.get((place,), 0) for place in range(len(expected))] == list(expected)


axes_of_same = st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(1, 12))


@settings(max_examples=60)
@given(axes=st.lists(axes_of_same, min_size=1, max_size=2), channels=strategies.channels())
def test_the_reversed_kernel_is_right_iff_every_span_is_odd_or_nothing_is_read(axes: Any, channels: Any) -> None:
    n, k, d = zip(*axes, strict=True)
    layer = Conv(n, k, dilation=d, padding="same", **channels)
    prove("reversed-kernel-same", layer)
    names = np.arange(1, np.prod(layer.kernel_shape) + 1).reshape(layer.kernel_shape)
    C = definitions.matrix(layer, names)
    back = Conv(
        n,
        k,
        dilation=d,
        padding="same",
        **{**channels, "in_channels": layer.out_channels, "out_channels": layer.in_channels},
    )
    same = definitions.matrix(back, turned(names, layer.groups)).tolist() == C.T.tolist()
    odd = all(span * (taps - 1) % 2 == 0 for taps, span in zip(k, d, strict=True))
    nothing = any(taps % 2 == 0 and 2 * size <= span for size, taps, span in axes)
    assert same == (odd or nothing)
    assert not C.any() or not nothing


def test_n_above_d_is_more_than_the_reversed_kernel_needs() -> None:
    unequal, empty = Conv(2, 2, dilation=3, padding="same"), Conv(1, 2, dilation=3, padding="same")
    for layer in (unequal, empty):
        prove("reversed-kernel-same", layer)
    assert definitions.matrix(unequal, [5, 7]).tolist() == [[0, 0], [5, 0]]
    assert definitions.matrix(unequal, [7, 5]).tolist() != definitions.matrix(unequal, [5, 7]).T.tolist()
    assert not definitions.matrix(empty, [5, 7]).any()


def test_the_reversed_kernel_needs_same_pads_stride_1_and_all_outputs() -> None:
    for layer, hypothesis in (
        (Conv(4, 2, padding=[(1, 0)]), "the pads are floor((K-1)/2) and ceil((K-1)/2)"),
        (Conv(4, 3, padding=0), "the pads are floor((K-1)/2) and ceil((K-1)/2)"),
        (Conv((4, 4), 3, padding=1, stride=(1, 2)), "the stride is 1"),
        (Conv(4, 3, padding=1, output_shape=3), "the convolution keeps all its outputs"),
        (Conv(4, 3, padding=1, padding_mode="circular"), ZEROS),
    ):
        assert hypothesis_of("reversed-kernel-same", layer) == hypothesis
        check("reversed-kernel-same", layer)


def test_weights_are_spread_and_turned() -> None:
    w = np.arange(1, 25).reshape(4, 1, 2, 3)
    wide = spread(w, (2, 3))
    assert wide.shape == (4, 1, 3, 7)
    assert wide[:, :, ::2, ::3].tolist() == w.tolist()
    assert int(wide.sum()) == int(w.sum())
    back = turned(w, 2)
    assert back.shape == (2, 2, 2, 3)
    for group, width, a, b in np.ndindex(2, 2, 2, 3):
        assert back[group, width, a, b] == w[2 * group + width, 0, 1 - a, 2 - b]
    assert turned(back, 2).tolist() == w.tolist()
