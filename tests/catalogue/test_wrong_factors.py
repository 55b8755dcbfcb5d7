"""Whatever is wrong in what a construction's statement is made of is refuted: a factor, a pad, a power of z, a box.

Each mutant breaks one line of the library for the time of one proof.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, prove
from symtconv.catalogue import axisfactors, boxkernels, factorings, generating, reversals, subpixels
from symtconv.catalogue.vocabulary import TRUE, minus, plus
from symtconv.geometry import Layer
from symtconv.matrices import entries
from symtconv.proofs.terms import Defined
from tests.catalogue.test_mutations import Change, rewired
from tests.catalogue.test_wrong_constructions import SAME, refuted


def on_padding(lo: int, hi: int, owner: Any = factorings) -> Change:
    """Pad, or crop, with other numbers."""

    def mutant(original: Any, size: int, low: int, high: int, *mode: Any) -> Any:
        return original(size, low + lo, high + hi, *mode)

    return lambda monkeypatch: rewired(monkeypatch, owner, "padding", mutant)


def exchanged_pads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pad hi before and lo after."""

    def mutant(original: Any, size: int, low: int, high: int, *mode: Any) -> Any:
        return original(size, high, low, *mode)

    rewired(monkeypatch, factorings, "padding", mutant)


def axes_exchanged(owner: Any) -> Change:
    """Take the factors of the axes in the wrong order."""
    return lambda monkeypatch: rewired(
        monkeypatch, owner, "on_pixels", lambda original, channels, factors: original(channels, factors[::-1])
    )


def picking_shifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the pixels beside those that a stride keeps."""

    def mutant(original: Any, symbol: str, meaning: str, places: Any, size: int) -> Any:
        return original(symbol, meaning, [(place + 1) % size for place in places], size)

    rewired(monkeypatch, axisfactors, "picking", mutant)


def spread_by(change: Callable[[int], int], owner: Any) -> Change:
    """Lay another number of zeros between the taps."""
    return lambda monkeypatch: rewired(
        monkeypatch,
        owner,
        "spread",
        lambda original, w, dilation: _cut(original, w, [change(d) for d in dilation], dilation),
    )


def _cut(original: Any, w: Any, wrong: Any, right: Any) -> Any:
    """Give the wrong spread in the right size."""
    spread, size = original(w, wrong), original(w, right).shape
    wide = np.zeros([max(pair) for pair in zip(size, spread.shape, strict=True)], dtype=object)
    wide[tuple(map(slice, spread.shape))] = spread
    return wide[tuple(map(slice, size))]


def no_flip(owner: Any) -> Change:
    """Exchange the channels, but leave the taps as they are."""

    def mutant(original: Any, w: Any, groups: int) -> Any:
        return np.flip(original(w, groups), axis=tuple(range(2, w.ndim)))

    return lambda monkeypatch: rewired(monkeypatch, owner, "turned", mutant)


STRIDED = ConvTranspose((2, 3), (3, 2), stride=(2, 3), padding=[(0, 1), (1, 0)], output_padding=(1, 0))
STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")
DILATED = Conv(9, 3, stride=3, dilation=2, padding=2, in_channels=2)
TALL = Conv((4, 3), (2, 3), padding=[(1, 0), (0, 1)], stride=(2, 1))

FACTORS: dict[str, tuple[str, Change, Layer, str, bool]] = {
    "cropped-one-on": ("stamp-and-crop", on_padding(-1, 1), STRIDED, "cropped by", False),
    "cropped-exchanged": ("stamp-and-crop", exchanged_pads, STORY, "cropped by", False),
    "remainder-forgotten": ("stamp-and-crop", on_padding(0, -1), STRIDED, "cropped by", True),
    "crop-of-the-wrong-axis": ("stamp-and-crop", axes_exchanged(factorings), TALL, "cropped by", False),
    "kept-one-on": ("decimation", picking_shifted, STORY, "C = D C_1", False),
    "decimated-on-the-wrong-axis": ("decimation", axes_exchanged(factorings), TALL, "C = D C_1", False),
    "padded-one-on": ("padding-adjoint", on_padding(1, -1), STRIDED, "C = C_0 P", False),
    "padded-exchanged": ("padding-adjoint", exchanged_pads, STORY, "C = C_0 P", False),
    "padded-on-the-wrong-axis": ("padding-adjoint", axes_exchanged(factorings), TALL, "C = C_0 P", False),
    "subpixel-undilated": ("subpixel", spread_by(lambda d: 1, subpixels), DILATED, "w_d[s t + r]", False),
    "subpixel-unflipped": ("subpixel", no_flip(subpixels), STORY, "w_d[s t + r]", False),
    "generating-cropped-one-on": ("generating-function", on_padding(-1, 1), STRIDED, "c[m + lo]", False),
    "resize-undilated": ("resize-convolution", spread_by(lambda d: 1, boxkernels), DILATED, "resizing", False),
    "resize-unflipped": ("resize-convolution", no_flip(boxkernels), STORY, "resizing", False),
    "resize-on-the-wrong-axis": ("resize-convolution", axes_exchanged(boxkernels), TALL, "resizing", False),
    "reversed-unflipped": ("reversed-kernel-same", no_flip(reversals), SAME["odd"], "lo and hi exchanged", False),
}


@pytest.mark.parametrize(("theorem", "change", "layer", "says", "shapes"), FACTORS.values(), ids=FACTORS)
def test_a_wrong_factor_is_refuted(
    theorem: str, change: Change, layer: Layer, says: str, shapes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove(theorem, layer)
    change(monkeypatch)
    refuted(theorem, layer, says, shapes=shapes)


def test_zeros_inserted_elsewhere_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, stride: int, size: int, wide: int) -> Any:
        U = original(stride, size, wide)
        moved = {((place + 1) % wide, column): one for (place, column), one in U.value.entries.items()}
        return Defined(U.symbol, U.meaning, type(U.value)(U.value.shape, moved))

    rewired(monkeypatch, factorings, "zero_insertion", mutant)
    assert refuted("decimation", Conv(6, 2, stride=3), "C^T = C_1^T U") == {"m": 0, "i": 0}


def test_a_phase_that_starts_elsewhere_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, axis: Any) -> Any:
        return [subpixels.Phase(one.r, one.first + 1, one.outputs, one.taps) for one in original(axis)]

    rewired(monkeypatch, subpixels, "phases", mutant)
    assert refuted("subpixel", Conv(5, 3, stride=2), "w_d[s t + r]") == {"m": 0}


@pytest.mark.parametrize("wrong", ["stride", "dilation"])
def test_other_powers_of_z_are_refuted(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Conv(9, 3, stride=2, dilation=3, padding=1)
    step = getattr(layer, wrong)

    def mutant(original: Any, values: Any, shape: Any, steps: Any, z: Any) -> Any:
        return original(values, shape, (1,) if steps == step else steps, z)

    rewired(monkeypatch, generating, "_at_powers", mutant)
    assert refuted("generating-function", layer, "z^M = w(z^d) v(z^s)") == {"m0": 0}


def test_kernels_of_another_group_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    rewired(monkeypatch, generating, "_kernel_polynomials", lambda original, *rest: _rolled(original(*rest)))
    layer = Conv(4, 2, in_channels=4, out_channels=2, groups=2)
    assert refuted("generating-function", layer, "z^M") == {"m0": 0}


def _rolled(W: Any) -> Any:
    rows = W.shape[0]
    return type(W)(W.shape, {((row + 1) % rows, column): value for (row, column), value in W.entries.items()})


@pytest.mark.parametrize("size", [-1, 1])
def test_a_box_of_another_size_is_refuted(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, weights: Any, sizes: Any) -> Any:
        box = original(weights, [s + size for s in sizes])
        whole = original(weights, sizes)
        wide = np.zeros_like(np.pad(box, 1)[1:-1, 1:-1]) if size > 0 else np.zeros_like(whole)
        wide[tuple(map(slice, box.shape))] = box
        return wide[tuple(map(slice, whole.shape))]

    rewired(monkeypatch, boxkernels, "_times_box", mutant)
    refuted("resize-convolution", Conv(3, 2, stride=2), "resizing")


def test_pixels_that_are_not_the_nearest_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, symbol: str, meaning: str, places: Any, size: int) -> Any:
        return original(symbol, meaning, np.roll([*places], 1).tolist(), size)

    rewired(monkeypatch, boxkernels, "picking", mutant)
    assert refuted("resize-convolution", Conv(3, 2, stride=2), "resizing") == {"i": 0, "m": 0}


# --- the "if and only if" of the reversed kernel


def test_a_kernel_of_even_span_that_is_called_odd_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversals._Sizes, "is_odd", TRUE)
    found = refuted("reversed-kernel-same", SAME["even-and-odd"], "iff every K is odd")
    assert found == {"n_0": 3, "k_0": 3, "d_0": 1, "n_1": 4, "k_1": 2, "d_1": 1}


def test_without_the_second_case_the_statement_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Conv(1, 2, dilation=3, padding="same")
    prove("reversed-kernel-same", layer)
    monkeypatch.setattr(reversals._Sizes, "reads_nothing", plus(TRUE, minus(TRUE)))
    assert refuted("reversed-kernel-same", layer, "iff every K is odd") == {"k": 2, "d": 3}


def test_one_entry_of_c_is_told_from_the_exchanged_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong entry of C alone, for an odd span, is found by the second equation."""
    seen: list[int] = []

    def mutant(original: Any, layer: Any) -> Any:
        seen.append(1)
        found = original(layer)
        return found if len(seen) == 1 else type(found)(found.rows[:-1], found.taps[:-1], found.columns[:-1])

    rewired(monkeypatch, entries, "reads", mutant)
    refuted("reversed-kernel-same", Conv(4, 3, padding="same"), "iff every K is odd")
