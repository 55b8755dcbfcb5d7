"""What the catalogue says for all sizes: proved, about the real layers, and true by brute force."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

from symtconv import Conv, Undecided, conv_transpose, prove, sparse_matrix, theorems
from symtconv.catalogue.oneaxis import ALONE, SIZES
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Entry, Summand, Total, total
from tests.bruteforcesums import random_array, value, worth
from tests.statementmutants import TRUE, cases_of, grid, truth_of_case

UNIVERSAL = {theorem.name: theorem for theorem in theorems() if theorem.universal is not None}


@pytest.mark.parametrize("name", list(UNIVERSAL))
def test_it_is_proved_for_all_sizes(name: str) -> None:
    proof = prove(name)
    assert proof.scope == "all sizes"
    assert proof.theorem is UNIVERSAL[name]
    assert proof.assumptions == UNIVERSAL[name].assumed_for_all
    parts = UNIVERSAL[name].universal.parts
    assert all(any(text in told for told in proof.assumptions) for part in parts for text in part.assumed)
    proof.check()


def test_every_statement_that_the_catalogue_marks_is_proved_for_all_sizes() -> None:
    given = """channels groups dilation-residues noble-identity circulant bilinear orthogonal
        weighted-checkerboard even-iff-resize schur-bound symbol-bound circulant-spectrum"""
    assert {theorem.name for theorem in theorems()} - set(UNIVERSAL) == set(given.split())
    assert all(theorem.verdict == "proved for all sizes" for theorem in UNIVERSAL.values())


def test_a_proof_is_checked_again_when_it_is_unpickled() -> None:
    proof = prove("zero-insertion")
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.scope == "all sizes"


def test_others_are_undecided_without_a_layer() -> None:
    with pytest.raises(Undecided):
        prove("circulant")


# --- what the statements speak of is what the library computes

LAYERS = [
    Conv(7, 3, stride=2, padding=1),
    Conv(5, 2, stride=3, padding=((0, 2),), dilation=2),
    Conv(6, 4, padding=((2, 1),)),
    Conv(9, 3, stride=2, dilation=3),
]


def numbers_of(layer: Conv) -> dict[str, int]:
    (axis,) = layer.axes
    n, o, k, s, d = axis.large, axis.small, axis.kernel_size, axis.stride, axis.dilation
    K = d * (k - 1) + 1
    a = n - (s * (o - 1) + K - axis.lo - axis.hi)
    return {"n": n, "o": o, "k": k, "s": s, "d": d, "K": K, "lo": axis.lo, "hi": axis.hi, "a": a}


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_the_matrix_of_the_statements_is_the_layers(layer: Conv) -> None:
    weights = [3, -1, 4, 5][: layer.kernel_size[0]]
    at = numbers_of(layer)

    def array(name: str, index: tuple[int, ...]) -> Fraction:
        return Fraction(weights[index[0]])

    entry = Entry(ALONE.matrix, (Polynomial.variable("i"), Polynomial.variable("m")))
    one = total(Summand(1, (), (), (entry,)))
    found = [[int(worth(one, {**at, "i": i, "m": m}, array)) for m in range(at["n"])] for i in range(at["o"])]
    assert np.array_equal(found, sparse_matrix(layer, weights).toarray())


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_the_transposed_convolution_of_the_statements_is_the_layers(layer: Conv) -> None:
    weights, pixels = [3, -1, 4, 5][: layer.kernel_size[0]], [2, 7, -3, 1, 5, 9][: layer.output_shape[0]]
    at = numbers_of(layer)

    def array(name: str, index: tuple[int, ...]) -> Fraction:
        return Fraction({"w": weights, "v": pixels}[name][index[0]])

    found = [int(worth(ALONE.transposed(SIZES), {**at, "m": m}, array)) for m in range(at["n"])]
    assert np.array_equal(found, conv_transpose(layer.T, pixels, weights))


# --- what they say is true at all small sizes, by brute force

POINTS = 800  # at most, for each equation


@pytest.mark.parametrize("name", UNIVERSAL)
def test_a_statement_is_true_at_all_small_sizes(name: str) -> None:
    """Both sides of every equation are worked out by brute force, at sizes where they are not 0 too."""
    for case in cases_of(UNIVERSAL[name]):
        assert truth_of_case(case) == TRUE
    for equation in UNIVERSAL[name].for_all():
        telling = False
        for at in grid(equation, POINTS):
            left = value(equation.left, at, random_array)
            assert left == value(equation.right, at, random_array), at
            telling = telling or left != 0
        assert telling or equation.right == Total(())
