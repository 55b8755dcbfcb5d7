"""The adjoint family: what its equations say, worked out, and that broken code is refuted."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from symtconv import Conv, ConvTranspose, TooLarge, prove, theorems
from symtconv.arrays import at
from symtconv.catalogue import adjoint, brackets, unfoldfold
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.matrices import entries
from symtconv.proofs.kernel import RULES
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Table, product
from tests import definitions
from tests.cases import LENET, every_layer, named
from tests.catalogue import test_mutations as mutations
from tests.catalogue.test_gradient_mutations import refutation, told
from tests.catalogue.test_gradients import SAMPLE, small_layers, value, worked_out

FAMILY = ("adjoint", "trilinear", "involution", "unfold-fold")
NEW = FAMILY[1:]
every_new_theorem = pytest.mark.parametrize("name", NEW)
few_layers = {name: mutations.LAYERS[name] for name in ("strided", "groups", "replicate")}


def test_the_family_is_in_the_catalogue_in_this_order() -> None:
    assert tuple(theorem.name for theorem in theorems() if theorem.family == "adjoint") == FAMILY


# --- every theorem is proved


@every_new_theorem
@every_layer
def test_every_theorem_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    prove(name, layer)


@every_new_theorem
@settings(max_examples=20)
@given(layer=small_layers)
def test_every_theorem_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    prove(name, layer)


@pytest.mark.parametrize("name", FAMILY)
def test_its_example_is_proved_and_stays_so(name: str) -> None:
    (theorem,) = (theorem for theorem in theorems() if theorem.name == name)
    proof = prove(name, theorem.example)
    proof.check()
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.theorem is theorem
    assert theorem.title in proof.to_latex()


@every_new_theorem
@named(SAMPLE)
def test_a_proof_passes_a_second_check(name: str, layer: Layer) -> None:
    prove(name, layer).check()


@pytest.mark.parametrize("name", ["involution", "unfold-fold"])
@pytest.mark.parametrize("kernel", [[1, 2], [0, 0], [Fraction(1, 3), -2]], ids=str)
def test_given_weights_are_taken(name: str, kernel: Any) -> None:
    for layer in (Conv(4, 2, stride=2), ConvTranspose(2, 2, padding=1, padding_mode="circular")):
        prove(name, layer, kernel=kernel).check()


def test_lenets_first_layer_is_an_involution() -> None:
    prove("involution", LENET)


@pytest.mark.parametrize("name", ["trilinear", "unfold-fold"])
def test_too_many_taps_are_refused_before_any_work(name: str) -> None:
    with pytest.raises(TooLarge) as caught:
        prove(name, Conv(1, 3000, padding=[(3000, 3000)], padding_mode="replicate"))
    assert caught.value.entries == 3000 * 3002


# --- what they say


def test_the_adjoint_says_that_both_sides_are_products_with_c() -> None:
    proof = prove("adjoint", Conv(3, 2))
    assert [equation.says for equation in proof.equations] == ["y = C x", "z = C^T v", "<C x, v> = <x, C^T v>"]
    assert len(proof.equations[2].indices) == 0


@every_layer
def test_the_inner_product_is_the_trilinear_sum(layer: Layer) -> None:
    seen = Subject(layer)
    total = Polynomial({})
    for o, c, i, m, weight in definitions.weights(layer, seen.w):
        total = total + weight * seen.x[(c, *m)] * seen.v[(o, *i)]
    inner = RULES["multiply"](product(seen.y_term.value, seen.v_term.value))
    assert isinstance(inner, Table)
    assert inner.shape == ()
    assert inner.entries.get((), Polynomial({})) == total
    by_v = prove("trilinear", layer).equations[0].left
    form = worked_out(by_v.of)  # type: ignore[attr-defined]
    assert form.entries.get((), Polynomial({})) == total


def test_the_trilinear_form_is_differentiated_by_all_three() -> None:
    says = [equation.says for equation in prove("trilinear", Conv(3, 2)).equations]
    assert [words for words in says if "gradient of T" in words] == [
        "the gradient of T by v is C x",
        "the gradient of T by x is C^T v",
        "the gradient of T by w is the sum of v[i] x[tau(i, j)]",
    ]


@named(["2x2-to-4x4", "groups", "circular", "more-crop-than-stamp"])
def test_the_transposed_layers_matrix_is_the_textbooks(layer: Layer) -> None:
    seen = Subject(layer)
    own = value(prove("involution", layer).equations[0].left.of)  # type: ignore[attr-defined]
    by_hand = definitions.matrix(layer.convolution.T, seen.w)
    assert own.shape == by_hand.shape
    assert all(own.entries.get(place, Polynomial({})) == by_hand[place] for place in np.ndindex(*by_hand.shape))


@named(["2x2-to-4x4", "channels", "groups-transposed", "reflect", "unread-border", "truncated"])
def test_the_coverage_counts_the_taps_that_read_a_pixel(layer: Layer) -> None:
    conv = layer.convolution
    counts = definitions.zeros((conv.in_channels, *conv.input_shape))
    for _, _, m in definitions.reads(layer):
        counts[at(slice(None), *m)] += 1
    covered = value(prove("unfold-fold", layer).equations[2].right.left)  # type: ignore[attr-defined]
    assert [covered.entries.get((place,), 0) for place in range(counts.size)] == list(counts.reshape(-1))


# --- mutants


@pytest.mark.parametrize("name", ["trilinear"])
@told(mutations.CONVOLUTION)
def test_a_wrong_convolution_is_refuted(
    name: str, change: mutations.Change, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    assert refutation(name, layer).counterexample


@pytest.mark.parametrize("name", ["trilinear", "involution"])
@told(mutations.STAMPS)
def test_wrong_stamps_are_refuted(
    name: str, change: mutations.Change, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    assert refutation(name, layer).counterexample


@every_new_theorem
@pytest.mark.parametrize("mutant", mutations.TAP_MAP)
@named(few_layers)
def test_a_wrong_tap_map_is_refuted(name: str, mutant: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.TAP_MAP[mutant](monkeypatch)
    monkeypatch.setattr(brackets, "tap_places", entries.tap_places)
    assert refutation(name, layer).counterexample


@every_new_theorem
@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 2), (2, 0)])
def test_a_wrong_entry_of_c_is_named(name: str, row: int, column: int) -> None:
    with mutations.with_entry("symbolic_matrix", row, column, lambda entry: entry + 1):
        found = refutation(name, Conv(4, 2)).counterexample
    assert found == ({"i": row, "m": column} if name == "involution" else {"i": row})


def test_a_wrong_entry_of_the_transposed_layers_own_matrix_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def mutant(original: Any, *arguments: Any) -> Any:
        matrix = original(*arguments).as_mutable()
        matrix[3, 1] += 1
        return matrix

    mutations.rewired(monkeypatch, adjoint, "symbolic_matrix", mutant)
    assert refutation("involution", Conv(4, 2)).counterexample == {"i": 1, "m": 3}


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 2, 1), (2, 0, 1)])
def test_a_wrong_bracket_is_named(place: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.rewired(monkeypatch, brackets, "tap_places", lambda original, *rest: set(original(*rest)) ^ {place})
    assert refutation("trilinear", Conv(4, 2)).counterexample == {"i": place[0]}


# --- mutants of unfold and fold

PATCH_LAYERS: dict[str, Layer] = {
    **few_layers,
    "dilated": Conv(9, 3, stride=2, dilation=2, padding=2),
    "crops": Conv((8, 7), 2, stride=2, padding=[(-1, -2), (-3, 2)]),
}


def without_a_patch(columns: Any) -> Any:
    """Drop the first patch that sees a pixel."""
    columns = columns.copy()
    seen = [any(isinstance(entry, Polynomial) for entry in patch) for patch in columns.T]
    columns[:, seen.index(True)] = 0
    return columns


CHANGES: dict[str, Callable[[Any], Any]] = {
    "rows-reversed": lambda columns: columns[::-1],
    "a-patch-dropped": without_a_patch,
    "doubled": lambda columns: columns * 2,
    "one-row-on": lambda columns: np.roll(columns, 1, axis=0),
}


@pytest.mark.parametrize("change", CHANGES)
@named(PATCH_LAYERS)
def test_a_wrong_unfold_is_refuted(change: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.rewired(monkeypatch, unfoldfold, "unfold", lambda original, *rest: CHANGES[change](original(*rest)))
    error = refutation("unfold-fold", layer)
    assert "unfold(x)" in str(error)
    assert {name[0] for name in error.counterexample} <= {"i", "m"}


@pytest.mark.parametrize("change", ["rows-reversed", "doubled", "one-row-on"])
@named(PATCH_LAYERS)
def test_a_wrong_fold_is_refuted(change: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    mutations.rewired(
        monkeypatch, unfoldfold, "fold", lambda original, conv, columns: original(conv, CHANGES[change](columns))
    )
    error = refutation("unfold-fold", layer)
    assert "fold(W^T v)" in str(error)
    assert {name[0] for name in error.counterexample} == {"m"}


@named(PATCH_LAYERS)
def test_a_coverage_that_is_off_by_a_pixel_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(original: Any, conv: Conv) -> Any:
        counted = original(conv).copy()
        counted.reshape(-1)[prod(conv.input_shape) - 1] += 1
        return counted

    mutations.rewired(monkeypatch, unfoldfold, "_coverage", one_more)
    error = refutation("unfold-fold", layer)
    assert "coverage" in str(error)
    assert {name[0] for name in error.counterexample} == {"m"}


def test_weights_that_reach_into_another_group_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    def into_the_first_group(original: Any, rows: int, columns: int, found: Any) -> Any:
        width = min(column for (row, column) in found if row == rows - 1)
        return original(
            rows, columns, {(row, column % width if width else column): w for (row, column), w in found.items()}
        )

    mutations.rewired(monkeypatch, unfoldfold, "matrix", into_the_first_group)
    assert refutation("unfold-fold", Conv(4, 2, in_channels=2, out_channels=2, groups=2)).counterexample["i0"] == 1
