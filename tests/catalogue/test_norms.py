"""The norms family: C C^T, ranks, inverses, bounds and spectra, on all layers within the hypotheses and no other."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from symtconv import Conv, ConvTranspose, GeometryError, NotApplicable, TooLarge, prove, sparse_matrix
from symtconv.catalogue import bounds
from symtconv.catalogue.norms import NORMS
from symtconv.geometry import Layer
from tests.cases import LENET, every_layer
from tests.strategies import layers

NAMES = tuple(theorem.name for theorem in NORMS)
every_theorem = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True, scope="module")
def small_bounds() -> Iterator[None]:
    """Leave the slowest proofs, sums of thousands of squares, to those who want them."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(bounds, "MAX_SQUARES", 3000)
        yield


def inside(layer: Layer) -> bool:
    """No output of the convolution reads padding, pixel by pixel."""
    return all(
        0 <= axis.stride * i + axis.dilation * j - axis.lo < axis.large
        for axis in layer.axes
        for i in (0, axis.small - 1)
        for j in (0, axis.kernel_size - 1)
    )


APPLIES: dict[str, Callable[[Layer], bool]] = {
    "gram": inside,
    "orthogonal": inside,
    "full-row-rank": lambda layer: inside(layer) and layer.small_channels == layer.groups,
    "not-an-inverse": lambda layer: True,
    "schur-bound": lambda layer: layer.padding_mode == "zeros",
    "symbol-bound": lambda layer: layer.padding_mode == "zeros",
    "circulant-spectrum": lambda layer: (
        layer.padding_mode == "circular"
        and all(n == s * o for n, s, o in zip(layer.large_shape, layer.stride, layer.small_shape, strict=True))
    ),
}


def check_proof(name: str, layer: Layer) -> None:
    if not APPLIES[name](layer):
        with pytest.raises(NotApplicable) as caught:
            prove(name, layer)
        assert caught.value.hypothesis
        return
    with suppress(TooLarge):
        assert prove(name, layer).theorem.name == name


@every_theorem
@every_layer
def test_it_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    check_proof(name, layer)


@every_theorem
@settings(max_examples=20, deadline=None)
@given(layer=layers())
def test_it_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    check_proof(name, layer)


CIRCULAR = {
    "1d": Conv(6, 3, padding=1, padding_mode="circular"),
    "one-sided": Conv(6, 3, padding=[(2, 0)], stride=3, padding_mode="circular"),
    "less-padding": Conv(6, 4, padding=1, stride=2, padding_mode="circular"),
    "dilated": ConvTranspose(3, 3, padding=2, stride=2, dilation=2, output_padding=1, padding_mode="circular"),
    "2d": Conv((4, 6), (2, 3), stride=(2, 3), padding=[(0, 1), (1, 1)], padding_mode="circular"),
    "channels": Conv((4, 2), (3, 1), stride=2, padding=(1, 0), in_channels=2, out_channels=3, padding_mode="circular"),
    "groups": Conv(4, 2, padding=[(1, 0)], in_channels=4, out_channels=2, groups=2, padding_mode="circular"),
    "3d": Conv((2, 3, 2), (2, 1, 2), padding=[(0, 1), (0, 0), (1, 0)], padding_mode="circular"),
}
every_circular = pytest.mark.parametrize("layer", [pytest.param(layer, id=name) for name, layer in CIRCULAR.items()])


@every_circular
def test_a_circular_spectrum_is_proved(layer: Layer) -> None:
    prove("circulant-spectrum", layer).check()


@every_circular
def test_the_singular_values_are_those_of_the_blocks(layer: Layer) -> None:
    """Hold the statement, blocks of frequencies and all, against NumPy's singular values of C."""
    conv = layer.convolution
    w = np.random.default_rng(0).normal(size=conv.kernel_shape)
    depth, width = w.shape[1], conv.out_channels // conv.groups

    def symbol(frequency: tuple[int, ...]) -> Any:
        found = np.zeros((conv.out_channels, conv.in_channels), dtype=complex)
        for a, offset, *tap in np.ndindex(*w.shape):
            turn = sum(f * (x.dilation * j - x.lo) / x.large for f, x, j in zip(frequency, conv.axes, tap, strict=True))
            found[a, a // width * depth + offset] += w[(a, offset, *tap)] * np.exp(2j * np.pi * turn)
        return found

    values: list[float] = []
    for low in np.ndindex(*conv.output_shape):
        shifts = np.ndindex(*conv.stride)
        sums = [tuple(f + t * o for f, t, o in zip(low, shift, conv.output_shape, strict=True)) for shift in shifts]
        block = np.hstack([symbol(frequency) for frequency in sums]) / np.sqrt(np.prod(conv.stride))
        values += np.linalg.svd(block, compute_uv=False).tolist()
    expected = np.linalg.svd(sparse_matrix(conv, w).toarray(), compute_uv=False)
    assert np.allclose(sorted(values)[-len(expected) :], sorted(expected))


INSIDE = {
    "1d": Conv(7, 3, stride=2),
    "dilated": Conv(9, 3, stride=3, dilation=2),
    "negative-pads": Conv((8, 6), 2, stride=(2, 1), padding=[(-1, -2), (-1, 0)]),
    "pads-that-no-window-reaches": Conv(5, 2, stride=3, padding=[(0, 1)]),
    "truncated": Conv(9, 2, stride=2, padding=[(0, 3)], output_shape=3),
    "depthwise": Conv((3, 4), 2, in_channels=4, out_channels=2, groups=2),
    "3d": ConvTranspose((2, 1, 2), (2, 1, 2), stride=(1, 2, 3)),
}


@pytest.mark.parametrize("name", ["gram", "orthogonal", "full-row-rank"])
@pytest.mark.parametrize("layer", [pytest.param(layer, id=key) for key, layer in INSIDE.items()])
def test_windows_on_pixels_alone(name: str, layer: Layer) -> None:
    prove(name, layer).check()
    w = np.arange(np.prod(layer.kernel_shape)).reshape(layer.kernel_shape)
    prove(name, layer, kernel=w).check()


@pytest.mark.parametrize(
    ("layer", "kernel", "holds"),
    [
        (Conv(4, 2, stride=2), [Fraction(3, 5), Fraction(4, 5)], True),
        (Conv(4, 2), [Fraction(3, 5), Fraction(4, 5)], False),
        (Conv(4, 2), [0, -1], True),
        (Conv((2, 2), 2, stride=2), [[Fraction(1, 2)] * 2] * 2, True),
        (
            Conv(4, 2, stride=2, out_channels=2),
            [[[Fraction(3, 5), Fraction(4, 5)]], [[Fraction(-4, 5), Fraction(3, 5)]]],
            True,
        ),
        (Conv(4, 2, stride=2, out_channels=2), [[[1, 0]], [[1, 0]]], False),
    ],
)
def test_the_conditions_hold_exactly_where_the_rows_are_orthonormal(layer: Layer, kernel: Any, holds: bool) -> None:
    equations = prove("orthogonal", layer, kernel=kernel).equations
    C = np.array(sparse_matrix(layer, np.array(kernel, dtype=float)).toarray())
    assert np.allclose(C @ C.T, np.eye(len(C))) == holds
    assert equations[-1].says == "C C^T = I if and only if every condition holds"


def test_on_one_axis_the_conditions_are_those_of_lags_from_0_to_o() -> None:
    (_, size), *_ = prove("orthogonal", Conv(7, 3)).equations[1].indices
    assert size == (5,)


@pytest.mark.parametrize(
    ("layer", "kernel"),
    [
        (Conv(5, 3, stride=2, padding=1), [1, 2, 3]),
        (ConvTranspose((2, 2), 3, stride=2, padding="same"), [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        (Conv(3, 2), [Fraction(1, 3), -2]),
        (Conv(1, 1), [2]),
        (Conv(2, 1, out_channels=2, in_channels=3), np.arange(6).reshape(2, 3, 1)),
        (Conv(4, 3, padding=1, padding_mode="circular"), [1, 3, 1]),
    ],
)
def test_the_pseudo_inverse_is_proved(layer: Layer, kernel: Any) -> None:
    proof = prove("not-an-inverse", layer, kernel=kernel)
    proof.check()
    assert [equation.says for equation in proof.equations][-4:-2] == ["C X C = C", "X C X = X"]


@pytest.mark.parametrize("kernel", [[0, 0], [1, sympy.Symbol("a")]], ids=str)
def test_without_full_row_rank_there_is_no_such_pseudo_inverse(kernel: Any) -> None:
    assert len(prove("not-an-inverse", Conv(3, 2), kernel=kernel).equations) == 3


def test_what_the_transpose_fails_for_depends_on_the_sizes() -> None:
    assert "det" in prove("not-an-inverse", Conv(2, 1, stride=2)).equations[1].says
    for layer in (Conv(1, 1), Conv(2, 2, padding=1), ConvTranspose(2, 2, in_channels=3, stride=2)):
        assert "2 w" in prove("not-an-inverse", layer).equations[0].says


@pytest.mark.parametrize(
    ("layer", "kernel"),
    [
        (Conv(5, 3), [1, -2, 3]),
        (Conv((3, 4), 2, stride=2, padding=1), [[1, -2], [0, Fraction(3, 2)]]),
        (Conv(4, 2, in_channels=2, out_channels=4, groups=2, stride=2), np.arange(8).reshape(4, 1, 2) - 3),
        (Conv(3, 2), [0, 0]),
    ],
)
def test_schurs_bound_for_given_weights(layer: Layer, kernel: Any) -> None:
    proof = prove("schur-bound", layer, kernel=kernel)
    proof.check()
    assert not any(">= 0" in words for words in proof.assumptions if "p, q" not in words)


@pytest.mark.parametrize(
    "layer",
    [
        Conv((3, 4), 2, stride=(2, 1), padding=1),
        Conv((3, 2), (2, 1), padding=[(-1, 2), (0, -1)]),
        ConvTranspose((2, 2), 2, stride=2, in_channels=2, out_channels=2),
        Conv((2, 2, 2), (1, 2, 1), dilation=(2, 1, 1), in_channels=2, out_channels=2, groups=2),
    ],
    ids=repr,
)
def test_schurs_bound_for_all_weights(layer: Layer) -> None:
    proof = prove("schur-bound", layer)
    proof.check()
    assert any(words.startswith("u >= 0") for words in proof.assumptions)
    assert any(words.startswith("S' >= 0") for words in proof.assumptions)


WRONG: list[tuple[str, Layer, Any, str]] = [
    ("gram", Conv(3, 3, padding=1), None, "no window"),
    ("orthogonal", Conv((4, 4), 3, padding="same"), None, "no window"),
    ("full-row-rank", Conv(3, 3, padding=1), None, "no window"),
    ("full-row-rank", Conv(3, 2, out_channels=2), None, "one output channel"),
    ("full-row-rank", Conv(3, 2), [0, 0], "only weights that are 0"),
    ("schur-bound", Conv(3, 3, padding=1, padding_mode="reflect"), None, "zeros"),
    ("schur-bound", Conv(3, 2), [sympy.Symbol("a"), 1], "rational"),
    ("symbol-bound", Conv(3, 3, padding=1, padding_mode="circular"), None, "zeros"),
    ("circulant-spectrum", Conv(3, 3, padding=1), None, "circular"),
    ("circulant-spectrum", Conv(3, 3, stride=2, padding=1, padding_mode="circular"), None, "n = s o"),
]


@pytest.mark.parametrize(("name", "layer", "kernel", "hypothesis"), WRONG)
def test_outside_the_hypotheses_nothing_is_proved(name: str, layer: Layer, kernel: Any, hypothesis: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove(name, layer, kernel=kernel)
    assert hypothesis in caught.value.hypothesis


@pytest.mark.parametrize("name", ["gram", "orthogonal", "full-row-rank", "schur-bound"])
def test_what_grows_faster_than_the_nonzeros_has_a_limit(name: str) -> None:
    with pytest.raises(TooLarge) as caught:
        prove(name, LENET)
    assert caught.value.entries > caught.value.limit


def test_a_pseudo_inverse_that_would_not_fit_is_refused() -> None:
    with pytest.raises(TooLarge, match="Leave the kernel out"):
        prove("not-an-inverse", Conv(100, 3), kernel=[1, 2, 3])


def test_waves_that_would_not_fit_are_refused() -> None:
    with pytest.raises(TooLarge):
        prove("symbol-bound", Conv(5000, 3))


@pytest.mark.parametrize(
    ("name", "layer"), [("symbol-bound", Conv(3, 2)), ("circulant-spectrum", Conv(2, 1, padding_mode="circular"))]
)
def test_weights_that_bear_the_name_of_a_root_are_refused(name: str, layer: Layer) -> None:
    with pytest.raises(GeometryError, match="root of unity"):
        prove(name, layer, kernel=[sympy.Symbol("z_{0}")] * layer.kernel_size[0])


@every_theorem
def test_examples_and_pickles(name: str) -> None:
    (record,) = (theorem for theorem in NORMS if theorem.name == name)
    proof = prove(name, record.example)
    again = pickle.loads(pickle.dumps(proof))
    again.check()
    assert again.equations == proof.equations
    assert again.theorem is proof.theorem
