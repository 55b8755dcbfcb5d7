"""A layer as the theorems see it; and SymPy's diff against the kernel's, far beyond what people print."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, Refuted, prove
from symtconv.catalogue import differentiation, subject, sympyderivatives
from symtconv.catalogue.subject import SYMPY_NONZEROS, Subject
from symtconv.catalogue.vocabulary import vector
from symtconv.geometry import Layer
from symtconv.proofs.kernel import RULES
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Derivative, Table, Term, product
from symtconv.taps import count_nonzeros
from tests import definitions
from tests.cases import LENET, every_layer
from tests.strategies import layers


def entries(term: Term) -> dict[tuple[int, ...], Polynomial]:
    assert isinstance(term, Table)
    return dict(term.entries)


def expected_entries(values: Any) -> dict[tuple[int, ...], Any]:
    return {tuple(map(int, place)): values[place] for place in np.ndindex(values.shape) if values[place] != 0}


@every_layer
def test_the_terms_are_the_definitions_run_on_names(layer: Layer) -> None:
    seen = Subject(layer)
    assert entries(seen.y_term.value) == expected_entries(definitions.convolution(layer, seen.x, seen.w).reshape(-1))
    stamps = definitions.transposed_convolution(layer, seen.v, seen.w).reshape(-1)
    assert entries(seen.transposed_term("stamp", "").value) == expected_entries(stamps)
    assert entries(seen.C_term.value) == expected_entries(definitions.matrix(layer.convolution, seen.w))


@given(layers())
def test_the_terms_are_the_definitions_run_on_names_for_any_layer(layer: Layer) -> None:
    seen = Subject(layer)
    assert entries(seen.y_term.value) == expected_entries(definitions.convolution(layer, seen.x, seen.w).reshape(-1))
    assert entries(seen.C_term.value) == expected_entries(definitions.matrix(layer.convolution, seen.w))


@every_layer
def test_the_unfold_term_is_the_jacobian_by_the_kernel(layer: Layer) -> None:
    seen = Subject(layer)
    differentiated = RULES["differentiate"](Derivative(seen.y_term.value, seen.w_names))
    assert seen.unfold_term.value == differentiated


FAR_BEYOND: dict[str, Layer] = {
    "12x12": Conv((12, 12), 3),
    "14x14-strided": Conv((14, 14), 3, stride=2, padding="same"),
    "10x10-dilated": Conv((10, 10), 3, dilation=2, padding=2),
    "channels": Conv((6, 6), 3, in_channels=2, out_channels=2, padding=1),
    "circular": Conv((8, 8), 3, padding=1, padding_mode="circular"),
    "reflect": Conv((8, 8), 3, padding=2, padding_mode="reflect"),
    "6x6-to-12x12": ConvTranspose((6, 6), 5, stride=2, padding="same"),
}


@pytest.mark.parametrize("name", FAR_BEYOND)
def test_the_kernel_and_sympy_differentiate_alike(name: str) -> None:
    layer = FAR_BEYOND[name]
    seen = Subject(layer)
    assert count_nonzeros(layer) > SYMPY_NONZEROS
    assert not seen.differentiates_twice
    ours = RULES["differentiate"](Derivative(seen.y_term.value, seen.x_names))
    assert ours == seen.sympy_jacobian(seen.x_names).value
    assert ours == seen.C_term.value
    by_kernel = RULES["differentiate"](Derivative(seen.y_term.value, seen.w_names))
    assert by_kernel == seen.sympy_jacobian(seen.w_names).value


def test_the_kernel_and_sympy_differentiate_the_scalar_alike() -> None:
    seen = Subject(Conv((7, 7), 3))
    total = RULES["multiply"](product(seen.v_term.value, seen.y_term.value))
    assert total is not None
    for by in (seen.x_names, seen.w_names):
        assert RULES["differentiate"](Derivative(total, by)) == seen.sympy_gradient(by).value


def test_layers_that_people_print_are_differentiated_twice_and_the_proof_says_so() -> None:
    small, large = Conv((6, 6), 3, in_channels=1), Conv((8, 8), 3)
    assert count_nonzeros(small) == 144
    assert count_nonzeros(large) == 324
    for name in ("jacobian", "input-gradient", "kernel-gradient"):
        assert sum("SymPy's diff" in equation.says for equation in prove(name, small).equations) == 1
        assert sum("SymPy's diff" in equation.says for equation in prove(name, large).equations) == 0


def test_the_limit_is_200_nonzeros() -> None:
    assert SYMPY_NONZEROS == 200
    assert Subject(Conv(101, 2)).differentiates_twice
    assert not Subject(Conv(102, 2)).differentiates_twice
    assert not Subject(LENET).differentiates_twice


@pytest.mark.parametrize("name", ["jacobian", "input-gradient", "kernel-gradient"])
def test_where_sympy_disagrees_nothing_is_proved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = sympyderivatives.polynomials

    def one_off(expressions: Any, shape: Any) -> Table:
        found = original(expressions, shape)
        first = min(found.entries)
        return Table(found.shape, {**found.entries, first: found.entries[first] + 1})

    monkeypatch.setattr(subject, "polynomials", one_off)
    monkeypatch.setattr(differentiation, "polynomials", one_off)
    with pytest.raises(Refuted, match="by SymPy's diff") as caught:
        prove(name, Conv((3, 3), 2))
    assert set(caught.value.counterexample.values()) == {0}


def test_sympy_is_asked_with_its_own_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    original = sympy.diff

    def counted(expression: Any, symbol: Any) -> Any:
        asked.append(symbol.name)
        return original(expression, symbol)

    monkeypatch.setattr(sympy, "diff", counted)
    prove("jacobian", Conv(4, 2))
    assert sorted(asked) == ["x_{0}", "x_{1}", "x_{1}", "x_{2}", "x_{2}", "x_{3}"]


def test_indices_name_places_and_channels() -> None:
    assert Subject(Conv(5, 2)).indices == (("i", (4,)), ("m", (5,)))
    assert Subject(ConvTranspose((2, 3), 2)).indices == (("i", (2, 3)), ("m", (3, 4)))
    assert Subject(Conv(5, 2, in_channels=2)).indices == (("i", (1, 4)), ("m", (2, 5)))


def test_vector_flattens_polynomials_and_zeros() -> None:
    x = Polynomial.variable("x")
    values = np.empty((1, 2), dtype=object)
    values[0, 0], values[0, 1] = x, 0
    assert vector(values) == Table((2,), {(0,): x})
