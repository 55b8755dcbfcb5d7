"""Broken matrices, tap maps and factors: the theorems about norms and inverses refute them, and say where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, ProofError, Refuted, prove, taps
from symtconv.catalogue import bounds, gram, inverses, parts, ranks, spectra, subject, waves
from symtconv.geometry import Layer
from symtconv.matrices import entries
from symtconv.proofs.polynomials import Polynomial

Change = Callable[[pytest.MonkeyPatch], None]

INSIDE: dict[str, Layer] = {
    "1d": Conv(6, 3),
    "strided": Conv((4, 5), (2, 3), stride=(2, 1)),
    "dilated": ConvTranspose(3, 3, stride=2, dilation=2),
    "depthwise": Conv(4, 2, in_channels=4, out_channels=2, groups=2),
}
PADDED: dict[str, Layer] = {
    "2x2-to-4x4": ConvTranspose((2, 2), 3, stride=2, padding="same"),
    "strided": Conv(7, 4, stride=2, padding=[(2, 1)]),
    "cropped": Conv(6, 2, dilation=2, padding=[(-1, 2)]),
    "channels": Conv((2, 3), (1, 2), in_channels=2, out_channels=2, padding=[(0, 0), (1, 0)]),
}
CIRCULAR: dict[str, Layer] = {
    "1d": Conv(5, 3, padding=1, padding_mode="circular"),
    "strided": Conv((4, 3), (3, 2), stride=(2, 1), padding=[(1, 1), (0, 1)], padding_mode="circular"),
    "channels": Conv(4, 3, stride=2, padding=1, in_channels=2, out_channels=2, padding_mode="circular"),
}
ABOUT_C: dict[str, dict[str, Layer]] = {
    "gram": INSIDE,
    "orthogonal": INSIDE,
    "full-row-rank": INSIDE,
    "schur-bound": PADDED,
    "symbol-bound": PADDED,
    "circulant-spectrum": CIRCULAR,
}


def refuted(name: str, layer: Layer, kernel: object = None) -> Refuted:
    with pytest.raises(Refuted) as caught:
        prove(name, layer, kernel=kernel)
    return caught.value


def rewired(owner: Any, name: str, mutant: Callable[..., Any]) -> Change:
    """Exchange owner.name by a function that gets the original first."""

    def change(monkeypatch: pytest.MonkeyPatch) -> None:
        original = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *arguments, **named: mutant(original, *arguments, **named))

    return change


def on_matrix(alter: Callable[[Any], None]) -> Change:
    """Change the matrix C that the theorems see."""

    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        alter(matrix)
        return matrix

    return rewired(subject, "symbolic_matrix", mutant)


def one_more(matrix: Any) -> None:
    place = min(matrix.todok())
    matrix[place] = matrix[place] + 1


def last_dropped(matrix: Any) -> None:
    matrix[max(matrix.todok())] = 0


def first_tap_everywhere_doubled(matrix: Any) -> None:
    filled = matrix.todok()
    name = filled[min(filled)]
    for place, value in filled.items():
        if value == name:
            matrix[place] = 2 * value


def on_positions(change: Callable[[Any], Any]) -> Change:
    return rewired(taps, "source", lambda original, at, n, mode: original(change(at), n, mode))


def one_read_lost(original: Any, layer: Layer) -> Any:
    found = original(layer)
    return taps.Reads(found.rows[1:], found.taps[1:], found.columns[1:])


def weights_reversed(original: Any, layer: Layer) -> Any:
    last = int(np.prod(layer.kernel_shape)) - 1
    return ((row, column, last - weight) for row, column, weight in original(layer))


ANY: dict[str, Change] = {
    "one-more": on_matrix(one_more),
    "last-dropped": on_matrix(last_dropped),
    "a-tap-doubled": on_matrix(first_tap_everywhere_doubled),
    "a-read-lost": rewired(entries, "reads", one_read_lost),
}
PLACES: dict[str, Change] = {
    "pad-one-less": on_positions(lambda at: at + 1),
    "pad-one-more": on_positions(lambda at: at - 1),
    "taps-reversed": rewired(taps, "axis_taps", lambda original, *rest: original(*rest)[:, ::-1]),
    "weights-reversed": rewired(entries, "tap_places", weights_reversed),
}
MATRICES = [
    pytest.param(name, layer, change, id=f"{name}-{key}-{mutant}")
    for name, layers in ABOUT_C.items()
    for key, layer in layers.items()
    for mutant, change in {**ANY, **(PLACES if name not in ("gram", "orthogonal") else {})}.items()
]


@pytest.mark.parametrize(("name", "layer", "change"), MATRICES)
def test_a_wrong_matrix_is_refuted(name: str, layer: Layer, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    prove(name, layer)
    change(monkeypatch)
    error = refuted(name, layer)
    assert error.counterexample or name == "schur-bound"
    assert all(f"{index}={value}" in str(error) for index, value in error.counterexample.items())


def test_the_counterexample_names_the_place() -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        on_matrix(one_more)(monkeypatch)
        assert refuted("gram", Conv(4, 2)).counterexample == {"p": 0, "q": 0}
        assert refuted("symbol-bound", Conv((3, 3), 2)).counterexample == {"i0": 0, "i1": 0, "m0": 0, "m1": 0}
        assert refuted("circulant-spectrum", CIRCULAR["1d"]).counterexample == {"i": 0, "c": 0}


def scaled(original: Any, *arguments: Any) -> Any:
    values = original(*arguments)
    key = next(iter(values))
    return {**values, key: values[key] + 1}


def lags_doubled(original: Any, conv: Any, values: Any) -> Any:
    return original(conv, {(a, b, tuple(2 * step for step in lag)): value for (a, b, lag), value in values.items()})


def places_shifted(original: Any, symbol: str, meaning: str, chosen: Any, size: int) -> Any:
    return original(symbol, meaning, [(place + 1) % size for place in chosen], size)


def rows_shifted(original: Any, symbol: str, *rest: Any) -> Any:
    """Shift the rows alone: a circulant is the same when rows and columns are shifted together."""
    return places_shifted(original, symbol, *rest) if symbol == "P" else original(symbol, *rest)


def weight_lost(original: Any, *arguments: Any) -> Any:
    yield from list(original(*arguments))[1:]


WRONG_FACTORS: dict[str, tuple[str, Layer, Change]] = {
    "gram-sum": ("gram", INSIDE["1d"], rewired(gram, "autocorrelation", scaled)),
    "gram-lags": ("gram", INSIDE["1d"], rewired(gram, "laid", lags_doubled)),
    "orthogonal-sum": ("orthogonal", INSIDE["strided"], rewired(gram, "autocorrelation", scaled)),
    "orthogonal-lags": ("orthogonal", INSIDE["1d"], rewired(gram, "laid", lags_doubled)),
    "orthogonal-places": ("orthogonal", INSIDE["1d"], rewired(gram, "picking", places_shifted)),
    "orthogonal-a-lag-for-its-opposite": (
        "orthogonal",
        INSIDE["strided"],
        rewired(gram, "_opposite", lambda original, lag: (lag[0], lag[1], lag[2])),
    ),
    "rank-columns": ("full-row-rank", INSIDE["strided"], rewired(ranks, "picking", places_shifted)),
    "rank-lags": ("full-row-rank", INSIDE["dilated"], rewired(ranks, "laid", lags_doubled)),
    "rank-earlier-taps-kept": (
        "full-row-rank",
        INSIDE["1d"],
        rewired(ranks, "_without", lambda original, seen, first: seen.C_term),
    ),
    "inverse-places": (
        "not-an-inverse",
        INSIDE["1d"],
        rewired(inverses, "picking", lambda original, s, m, chosen, size: original(s, m, [0 for _ in chosen], size)),
    ),
    "inverse-all-places": (
        "not-an-inverse",
        Conv(1, 1, out_channels=2),
        on_matrix(lambda matrix: matrix.__setitem__((0, 0), matrix[0, 0] ** 2)),
    ),
    "schur-first": ("schur-bound", PADDED["strided"], rewired(bounds, "picking", places_shifted)),
    "symbol-places": ("symbol-bound", PADDED["strided"], rewired(spectra, "picking", rows_shifted)),
    "symbol-weight": ("symbol-bound", PADDED["channels"], rewired(waves, "_terms", weight_lost)),
    "symbol-span": (
        "symbol-bound",
        PADDED["cropped"],
        rewired(spectra, "_span", lambda original, axis: original(axis) - 2),
    ),
    "spectrum-weight": ("circulant-spectrum", CIRCULAR["channels"], rewired(waves, "_terms", weight_lost)),
    "spectrum-root": (
        "circulant-spectrum",
        CIRCULAR["strided"],
        rewired(waves, "_vanishing", lambda original, name, size: original(name, size + 1)),
    ),
    "spectrum-steps": (
        "circulant-spectrum",
        CIRCULAR["strided"],
        rewired(waves, "wave", lambda original, s, m, sizes, steps: original(s, m, sizes, (1,) * len(steps))),
    ),
}


@pytest.mark.parametrize(
    ("name", "layer", "change"), [pytest.param(*case, id=key) for key, case in WRONG_FACTORS.items()]
)
def test_a_wrong_factor_is_refuted(name: str, layer: Layer, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    prove(name, layer)
    change(monkeypatch)
    refuted(name, layer)


@pytest.mark.parametrize("attribute", ["by_phase", "by_output"])
def test_too_small_a_bound_is_refuted(attribute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Phases of one part each would make S the largest weight, and channels without their last part R too small."""
    layer = Conv(7, 3, stride=1, padding=1)
    wrong = {
        "by_phase": lambda self: {(number, ()): [number] for number in range(len(self.parts))},
        "by_output": lambda self: [list(range(len(self.parts) - 1))],
    }
    monkeypatch.setattr(parts.Parts, attribute, property(wrong[attribute]))
    refuted("schur-bound", layer)
    refuted("schur-bound", layer, [1, -2, 3])


def test_too_small_a_largest_number_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of given weights the largest sum must not be less than any: the rest would be negative."""
    monkeypatch.setattr(parts, "max", min, raising=False)
    with pytest.raises(ProofError):
        prove("schur-bound", Conv(8, 3, stride=2), kernel=[1, -2, 3])


def test_a_wrong_inverse_of_the_gram_matrix_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        found = original(*arguments)
        found.entries[0, 0] = found.entries[0, 0] + Polynomial.constant(1)
        return found

    prove("not-an-inverse", Conv(4, 2), kernel=[1, 3])
    rewired(inverses, "_inverse_of_gram", mutant)(monkeypatch)
    assert refuted("not-an-inverse", Conv(4, 2), [1, 3]).counterexample == {"i": 0, "p": 0}


def test_a_kernel_and_conditions_of_another_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions that leave one out would call rows orthonormal that are not: each must occur, and no other."""
    rewired(gram, "_lags", lambda original, conv: original(conv)[:1])(monkeypatch)
    refuted("orthogonal", Conv(4, 2), [sympy.Rational(3, 5), sympy.Rational(4, 5)])
