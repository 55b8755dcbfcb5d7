"""Asking theorems: the catalogue, seven of its theorems on every named layer, and what is no question."""

from __future__ import annotations

import pickle
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from inspect import signature
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from symtconv import (
    Conv,
    ConvTranspose,
    GeometryError,
    NotApplicable,
    ProofError,
    TooLarge,
    Undecided,
    prove,
    theorems,
)
from symtconv.bruteforce import TRUTHS
from symtconv.geometry import Layer
from symtconv.proofs.kernel import Proof
from symtconv.proofs.theorem import Theorem
from tests.cases import LENET, every_layer
from tests.strategies import layers

NAMES = ("size-round-trip", "jacobian", "input-gradient", "kernel-gradient", "adjoint", "stamps", "zero-insertion")
every_theorem = pytest.mark.parametrize("name", NAMES)


def applies(name: str, layer: Layer) -> bool:
    """Say in our own words where a theorem has hypotheses."""
    if name == "size-round-trip":
        return not any(extra >= s for extra, s in zip(layer.output_padding, layer.stride, strict=True))
    return name != "zero-insertion" or layer.padding_mode == "zeros"


def check_proof(name: str, layer: Layer) -> None:
    if not applies(name, layer):
        with pytest.raises(NotApplicable) as caught:
            prove(name, layer)
        assert caught.value.hypothesis
        assert isinstance(caught.value, GeometryError)
        return
    proof = prove(name, layer)
    assert isinstance(proof, Proof)
    assert proof.theorem.name == name
    assert proof.scope == "this layer"
    assert all(equation.says for equation in proof.equations)


@every_theorem
@every_layer
def test_every_theorem_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    check_proof(name, layer)


@every_theorem
@settings(max_examples=30)
@given(layer=layers())
def test_every_theorem_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    check_proof(name, layer)


@pytest.mark.parametrize("name", ["size-round-trip", "jacobian", "input-gradient", "zero-insertion"])
def test_lenets_first_layer_is_proved(name: str) -> None:
    assert prove(name, LENET).theorem.name == name


@every_theorem
def test_a_layer_and_its_transpose_have_the_same_theorems(name: str) -> None:
    layer = Conv((3, 4), 2, stride=(2, 1), padding="same")
    assert prove(name, layer).equations == prove(name, layer.T).equations


FAMILIES = {
    "sizes": (
        "size relationship-1 relationship-2 relationship-3 relationship-4 relationship-5 relationship-6 "
        "relationship-7 relationship-8 relationship-9 relationship-10 relationship-11 relationship-12 "
        "relationship-13 relationship-14 relationship-15 size-round-trip preimages output-padding tf-valid "
        "tf-same tf-same-two-forms tf-transpose-valid tf-transpose-same keras-valid composition-size "
        "receptive-field"
    ),
    "gradients": (
        "jacobian input-gradient kernel-gradient bias-gradient hessian transposed-input-gradient "
        "transposed-kernel-gradient chain-rule"
    ),
    "adjoint": ("adjoint trilinear involution unfold-fold"),
    "constructions": (
        "stamps zero-insertion stamp-and-crop decimation padding-adjoint subpixel generating-function "
        "reversed-kernel-same resize-convolution"
    ),
    "structure": (
        "toeplitz kronecker separable channels groups composition dilation-residues noble-identity "
        "non-overlapping mirror space-to-depth circulant unread-inputs"
    ),
    "overlap": ("coverage phase-counts checkerboard weighted-checkerboard even-iff-resize"),
    "interpolation": ("nearest bilinear"),
    "regularity": ("differentiable continuous smooth"),
    "norms": ("gram orthogonal full-row-rank not-an-inverse schur-bound symbol-bound circulant-spectrum"),
}


def test_the_catalogue_has_all_statements_in_their_order() -> None:
    assert [(theorem.family, theorem.name) for theorem in theorems()] == [
        (family, name) for family, names in FAMILIES.items() for name in names.split()
    ]
    for theorem in theorems():
        assert isinstance(theorem, Theorem)
        for words in (theorem.name, theorem.title, theorem.statement, theorem.family, theorem.source):
            assert words
        assert theorem.verdict == f"proved for {'a given layer' if theorem.universal is None else 'all sizes'}"
        assert len({*theorem.assumed}) == len(theorem.assumed)


every_record = pytest.mark.parametrize("theorem", theorems(), ids=lambda theorem: theorem.name)


@every_record
def test_every_theorem_is_proved_for_its_example(theorem: Theorem) -> None:
    proof = prove(theorem, theorem.example)
    proof.check()
    twin = pickle.loads(pickle.dumps(proof))
    assert (twin.theorem, twin.steps, twin.assumptions) == (theorem, proof.steps, proof.assumptions)
    assert set(theorem.assumed) <= set(proof.assumptions)


@every_record
def test_prove_and_brute_force_agree_on_small_layers(theorem: Theorem) -> None:
    """What is proved for a layer of one axis holds by brute force at its sizes, wherever it can be asked there."""
    proved = held = 0
    mode: Any = "circular" if theorem.name.startswith("circulant") else "zeros"
    for n, k, s, d, lo in product((1, 2, 3, 4), (1, 2, 3), (1, 2), (1, 2), (0, 1)):
        named = {"n": n, "k": k, "s": s, "d": d, "lo": lo, "hi": lo}
        try:
            prove(theorem, Conv(n, k, stride=s, dilation=d, padding=lo, padding_mode=mode))
        except (GeometryError, TooLarge, Undecided):
            continue
        proved += 1
        known = signature(TRUTHS[theorem.name]).parameters
        if "p" in known:
            named["p"] = lo
        with suppress(NotApplicable, GeometryError):
            assert theorem.holds(**{name: value for name, value in named.items() if name in known})
            held += 1
    assert proved
    about_others = {"i", "op", "m", "f", "o", "k1"}  # what brute force asks of sizes that a layer does not have
    assert held or about_others & signature(TRUTHS[theorem.name]).parameters.keys()


def test_a_theorem_may_be_given_by_its_record() -> None:
    for theorem in theorems():
        assert prove(theorem, theorem.example).theorem is theorem


@pytest.mark.parametrize("name", ["circulant", "bilinear", "schur-bound", "groups"])
def test_without_a_layer_a_theorem_is_undecided(name: str) -> None:
    with pytest.raises(Undecided) as caught:
        prove(name)
    assert caught.value.rule == "it is known for given layers only"
    assert f"prove({name!r}, Conv(...))" in caught.value.remedy


@pytest.mark.parametrize("name", ["jacobain", "input_gradient", "", "gradient", 7, None])
def test_unknown_theorems_are_refused_with_names_that_are_close(name: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        prove(name, Conv(3, 2))
    assert caught.value.asked == "theorem"
    assert caught.value.arrived == repr(name)
    suggested = caught.value.remedy
    assert any(known in suggested for known in NAMES)
    if name == "input_gradient":
        assert "Did you mean input-gradient" in suggested


@pytest.mark.parametrize("layer", ["Conv(3, 2)", 3, (3, 2), Conv], ids=repr)
def test_what_is_no_layer_is_refused(layer: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        prove("jacobian", layer)
    assert caught.value.rule == "it is a Conv or a ConvTranspose"


TAKES_KERNEL = ("jacobian", "input-gradient", "adjoint", "stamps", "zero-insertion")
a, b = sympy.symbols("a b")


@pytest.mark.parametrize("name", TAKES_KERNEL)
@pytest.mark.parametrize(
    "kernel",
    [[1, 2], [0, 0], [Fraction(1, 3), -2], [a, b], [a, a], [a**2 - b, sympy.Rational(1, 2)], [2**70, 1], [True, False]],
    ids=str,
)
def test_a_theorem_is_proved_for_given_exact_weights(name: str, kernel: Any) -> None:
    for layer in (Conv(4, 2, stride=2), ConvTranspose(2, 2, padding=1, padding_mode="circular")):
        if applies(name, layer):
            prove(name, layer, kernel=kernel).check()


def test_given_weights_stand_in_the_equations() -> None:
    proof = prove("jacobian", Conv(3, 2), kernel=[5, 7])
    assert "w_" not in str(proof.equations)
    assert prove("jacobian", Conv(3, 2), kernel=np.array([5, 7], dtype=np.uint8)).equations == proof.equations


@pytest.mark.parametrize("name", ["kernel-gradient", "size-round-trip"])
def test_theorems_about_every_kernel_are_not_asked_of_one(name: str) -> None:
    with pytest.raises(GeometryError, match="Leave kernel out"):
        prove(name, Conv(3, 2), kernel=[1, 2])


@pytest.mark.parametrize("name", TAKES_KERNEL)
def test_floats_prove_nothing(name: str) -> None:
    for kernel in ([0.5, 1.0], [1.0, 2.0], [1j, 1], [sympy.Float(1), 1]):
        with pytest.raises(ProofError, match="exact polynomial"):
            prove(name, Conv(3, 2), kernel=kernel)


def test_weights_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(GeometryError, match="shape"):
        prove("jacobian", Conv(3, 2), kernel=[1, 2, 3])


def test_names_of_a_given_kernel_that_are_the_inputs_refute_nothing() -> None:
    with suppress(GeometryError):
        prove("jacobian", Conv(3, 2), kernel=[sympy.Symbol("x_{0}"), 1])


def test_only_records_of_the_catalogue_are_proved() -> None:
    record = replace(theorems()[1], statement="1 = 2")
    with pytest.raises(GeometryError, match="not a record of the catalogue"):
        prove(record, Conv(3, 2))


def test_a_pickled_proof_has_the_catalogues_own_record() -> None:
    proof = prove("jacobian", Conv(3, 2))
    data = pickle.dumps(proof)
    assert proof.theorem.statement.encode() not in data
    assert pickle.loads(data).theorem is proof.theorem


def test_a_subclass_of_a_layer_is_not_believed() -> None:
    with pytest.raises(GeometryError, match="layer of prove"):
        prove("jacobian", type("Liar", (Conv,), {"__slots__": ()})(3, 2))


def test_symbols_with_assumptions_are_refused_by_name() -> None:
    with pytest.raises(GeometryError, match="carries assumptions"):
        prove("jacobian", Conv(3, 2), kernel=[sympy.Symbol("p", positive=True), 1])
