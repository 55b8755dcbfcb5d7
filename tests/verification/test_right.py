"""Right code is proved, unchanged; and what is proved is what the code gives on numbers."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from symtconv import Conv, conv_transpose, convolve, verify
from symtconv.geometry import Layer
from symtconv.proofs.polynomials import Polynomial
from symtconv.verification.question import KINDS, Of, Question
from tests.cases import every_layer
from tests.verification.students import DOUBLING, RIGHT, stamps


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_is_proved(name: str) -> None:
    layer, function, of = RIGHT[name]
    proof = verify(layer, function, of=of)
    assert proof.theorem.name == f"code-of-the-{of}"
    assert len(proof.equations) == 2
    proof.check()
    assert "what the function returns" in proof.to_latex()


def numbers(layer: Layer, of: Any, a: Any, b: Any) -> Any:
    """What the layer gives on numbers, by functions that have nothing to do with verify."""
    if of == "layer":
        return conv_transpose(layer, a, b) if layer.transposed else convolve(layer, a, b)  # type: ignore[arg-type]
    if of == "input-gradient":
        return numbers(layer.T, "layer", a, b)
    x, v = (b, a) if layer.transposed else (a, b)  # the gradient is linear in v: one basis kernel at a time
    conv = layer.convolution
    shape = Question(layer, of).index[1]
    gradient = np.zeros(shape)
    for place in np.ndindex(*shape):
        unit = np.zeros(shape)
        unit[place] = 1
        gradient[place] = (convolve(conv, x, unit) * v).sum()
    return gradient


@pytest.mark.parametrize("name", RIGHT)
def test_the_same_code_is_right_on_numbers(name: str) -> None:
    layer, function, of = RIGHT[name]
    random = np.random.default_rng(7)
    a, b = (random.normal(size=values.shape) for values in Question(layer, of).arguments)
    np.testing.assert_allclose(function(a, b), numbers(layer, of, a, b), rtol=1e-5, atol=1e-6)


def test_numpy_and_the_module_are_left_alone() -> None:
    before = (np.zeros, np.array, np.einsum, stamps.__globals__["np"], np.zeros(2).dtype)
    verify(DOUBLING, stamps)
    assert (np.zeros, np.array, np.einsum, stamps.__globals__["np"], np.zeros(2).dtype) == before


def test_a_proof_is_pickled_and_runs_the_code_again() -> None:
    calls.clear()
    proof = verify(Conv(2, 1), counted)
    assert len(calls) == 2
    proof.check()
    assert len(calls) == 4
    again = pickle.loads(pickle.dumps(proof))
    assert len(calls) == 6
    assert repr(again) == repr(proof)


calls: list[int] = []


def counted(x: Any, w: Any) -> Any:
    calls.append(1)
    return x * w


def test_arguments_that_the_code_changes_are_its_own() -> None:
    def doubles(x: Any, w: Any) -> Any:
        x *= 2
        return x * w / 2

    verify(Conv(3, 1), doubles).check()


@every_layer
@pytest.mark.parametrize("of", KINDS)
def test_the_librarys_own_definitions_are_proved_of_every_layer(layer: Layer, of: Of) -> None:
    """Outputs written out term by term, with the numbers 0 where nothing reaches, are the layer's in all its forms."""
    question = Question(layer, of)
    right = question.output()
    entries = {index: (Polynomial({}) + value).terms for index, value in np.ndenumerate(right)}

    def term_by_term(a: Any, b: Any) -> Any:
        values = dict(zip(names[0], a.flat, strict=True))
        values |= dict(zip(names[1], b.flat, strict=True))
        y = np.zeros(right.shape)
        for index, terms in entries.items():
            for monomial, coefficient in terms.items():
                product = coefficient
                for name in monomial:
                    product = product * values[name]
                y[index] += product
        return y

    names = [[next(iter(p.terms))[0] for p in argument.flat] for argument in question.arguments]
    assert verify(layer, term_by_term, of=of).steps


def test_a_large_layer_is_proved_in_seconds() -> None:
    layer = Conv((28, 28), 5, padding=2)

    def by_taps(x: Any, w: Any) -> Any:
        padded = np.pad(x, 2)
        return sum(w[a, b] * padded[a : a + 28, b : b + 28] for a in range(5) for b in range(5))

    assert verify(layer, by_taps).steps


def test_numpy_is_found_by_helpers_that_import_it_themselves() -> None:
    verify(Conv((2, 2), 1), calls_a_helper)
    verify(Conv((2, 2), 1), calls_a_later_helper)


def _a_helper(x: Any, w: Any) -> Any:
    import numpy as np

    y = np.zeros((2, 2))
    y += x * w
    return y


def calls_a_helper(x: Any, w: Any) -> Any:
    return _a_helper(x, w)


def calls_a_later_helper(x: Any, w: Any) -> Any:
    return _ALater().helper(x, w)


class _ALater:
    def helper(self, x: Any, w: Any) -> Any:
        from numpy import zeros

        y = zeros((2, 2))
        y += x * w
        return y
