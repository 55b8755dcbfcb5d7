"""From a matrix back to its layer: matrices in print, round trips over random layers, matrices with a changed entry."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import sympy
from hypothesis import given

from symtconv import Conv, ConvTranspose, GeometryError, Refuted, TooLarge, identify, sparse_matrix, symbolic_matrix
from symtconv.geometry import Layer
from symtconv.identification.candidates import (
    Configuration,
    count_factorisations,
    factorisations,
    fitted,
    in_scope,
    simplicity,
)
from symtconv.identification.given import read_matrix
from symtconv.identification.shifts import AxisPlaces, _allows, allowed_strides
from tests.cases import every_layer
from tests.strategies import layers, seeds


def dumoulin_and_visin() -> sympy.Matrix:
    """Give the matrix printed in arXiv 1603.07285, section 4.1, row by row as it stands there."""
    text = """w00 w01 w02 0 w10 w11 w12 0 w20 w21 w22 0 0 0 0 0
              0 w00 w01 w02 0 w10 w11 w12 0 w20 w21 w22 0 0 0 0
              0 0 0 0 w00 w01 w02 0 w10 w11 w12 0 w20 w21 w22 0
              0 0 0 0 0 w00 w01 w02 0 w10 w11 w12 0 w20 w21 w22"""
    return sympy.Matrix(
        [[0 if word == "0" else sympy.Symbol(word) for word in line.split()] for line in text.splitlines()]
    )


def d2l() -> Any:
    """Give kernel2matrix of Dive into Deep Learning, section 14.10, for its kernel [[1, 2], [3, 4]]."""
    k, W = np.zeros(5), np.zeros((4, 9))
    k[:2], k[3:5] = [1, 2], [3, 4]
    W[0, :5], W[1, 1:6], W[2, 3:8], W[3, 4:] = k, k, k, k
    return W


def test_the_printed_matrix_of_dumoulin_and_visin() -> None:
    (layer, kernel), *others = identify(dumoulin_and_visin(), (4, 4))
    assert layer == Conv((4, 4), 3)
    assert [[str(name) for name in row] for row in kernel] == [[f"w{a}{b}" for b in range(3)] for a in range(3)]
    [(flipped, turned)] = others
    assert flipped == ConvTranspose((4, 4), 3, padding=2)
    assert turned.tolist() == kernel[::-1, ::-1].tolist()


def test_the_matrix_of_d2l_and_its_transpose() -> None:
    layer, kernel = identify(d2l(), (3, 3))[0]
    assert layer == Conv((3, 3), 2)
    assert kernel.tolist() == [[1, 2], [3, 4]]
    layer, kernel = identify(d2l().T, (2, 2))[0]
    assert layer == ConvTranspose((2, 2), 2)
    assert kernel.tolist() == [[1, 2], [3, 4]]


def distinct(layer: Layer, seed: int) -> Any:
    """Give a kernel of different weights, none of them zero."""
    weights = list(range(1, prod(layer.kernel_shape) + 1))
    random.Random(seed).shuffle(weights)
    return np.array(weights).reshape(layer.kernel_shape)


def is_looked_for(layer: Layer) -> bool:
    """Tell whether the documented scope has this layer, with a kernel of different weights."""
    C = sparse_matrix(layer, distinct(layer, 0))
    if C.shape[0] == 1 or prod(layer.input_shape) == 1:
        return True
    shared = [axis for axis in layer.axes if axis.small > 1 and axis.large > 1]
    strided = [axis for axis in shared if axis.stride > 1]
    used = len(np.unique(C.data))
    return bool(shared) and (
        not strided
        or (
            (used < C.nnz or used == 1)
            and all(axis.stride < axis.large and axis.effective_kernel <= axis.large for axis in strided)
        )
    )


def check(layer: Layer, kernel: Any) -> None:
    C = sparse_matrix(layer, kernel)
    try:
        found = identify(C, layer.input_shape)
    except Refuted:
        assert not is_looked_for(layer)
        return
    for one, weights in found:
        again = sparse_matrix(one, weights)
        assert again.shape == C.shape
        assert (again != C).nnz == 0
    keys = [simplicity(one.layer) for one in found]
    assert keys == sorted(keys)
    if is_looked_for(layer):
        assert keys[0][:8] <= simplicity(layer)[:8]  # what follows only settles ties


@every_layer
def test_named_layers_are_found_again(layer: Layer) -> None:
    if layer.padding_mode == "zeros":
        assert is_looked_for(layer) or layer == Conv(1, 2, padding=[(3, 4)], stride=2)
        check(layer, distinct(layer, 1))


@given(layers(3), seeds)
def test_any_layer_is_found_again(layer: Layer, seed: int) -> None:
    if layer.padding_mode == "zeros":
        check(layer, distinct(layer, seed))


def random_layers(count: int, seed: int) -> list[Layer]:
    generator = random.Random(seed)
    made: list[Layer] = []
    while len(made) < count:
        axes = generator.choice((1, 1, 2, 2, 3))
        groups = generator.choice((1, 1, 1, 2))
        try:
            conv = Conv(
                [generator.randint(1, 7) for _ in range(axes)],
                [generator.randint(1, 3) for _ in range(axes)],
                stride=[generator.choice((1, 1, 2, 3)) for _ in range(axes)],
                dilation=[generator.choice((1, 1, 2)) for _ in range(axes)],
                padding=[(generator.randint(-1, 2), generator.randint(-1, 2)) for _ in range(axes)],
                in_channels=groups * generator.choice((1, 1, 2)),
                out_channels=groups * generator.choice((1, 1, 2)),
                groups=groups,
            )
        except GeometryError:
            continue
        made.append(generator.choice((conv, conv.T)))
    return made


def test_many_random_layers_are_found_again_and_most_are_looked_for() -> None:
    tried = random_layers(400, 1)
    for number, layer in enumerate(tried):
        check(layer, distinct(layer, number))
    assert sum(map(is_looked_for, tried)) > 0.7 * len(tried)


@pytest.mark.parametrize("choices", [(1,), (1, 2), (0, 1), (0, 0, 1), (0,)])
def test_kernels_with_repeated_values_and_zeros(choices: tuple[int, ...]) -> None:
    generator = random.Random(len(choices))
    for layer in random_layers(120, 2):
        kernel = np.array([generator.choice(choices) for _ in range(prod(layer.kernel_shape))])
        C = sparse_matrix(layer, kernel.reshape(layer.kernel_shape))
        if all(axis.stride == 1 for axis in layer.axes) and is_looked_for(layer):
            check(layer, kernel.reshape(layer.kernel_shape))
        try:
            found = identify(C, layer.input_shape)
        except Refuted:
            continue
        assert all((sparse_matrix(one, weights) != C).nnz == 0 for one, weights in found)


@pytest.mark.parametrize("rule", ["another", "zero"])
def test_a_changed_entry_is_named_or_honestly_explained(rule: str) -> None:
    generator = random.Random(3)
    refused = named = 0
    for layer in (Conv((5, 5), 3), Conv((6, 6), 2, stride=2), Conv(9, 3), ConvTranspose((3, 3), 3, stride=2)):
        C = sparse_matrix(layer, distinct(layer, 4)).toarray()
        for _ in range(40):
            row, column = generator.randrange(C.shape[0]), generator.randrange(C.shape[1])
            mutant = C.copy()
            mutant[row, column] = 99 if rule == "another" or C[row, column] == 0 else 0
            try:
                found = identify(mutant, layer.input_shape)
            except Refuted as error:
                refused += 1
                named += error.counterexample == {"row": row, "column": column}
            else:
                assert all((sparse_matrix(one, w).toarray() == mutant).all() for one, w in found)
    assert refused > 0.8 * 160
    assert named == refused


def test_refuted_says_what_stands_there_and_what_the_nearest_layer_needs() -> None:
    C = dumoulin_and_visin()
    C[1, 6] = sympy.Symbol("z")
    with pytest.raises(Refuted) as caught:
        identify(C, (4, 4))
    assert caught.value.counterexample == {"row": 1, "column": 6}
    assert str(caught.value) == (
        "the matrix as that of a layer with shared weights over input_shape (4, 4): got z at row 1, column 6 (counted "
        "from 0), but "
        "Conv(input_shape=(4, 4), kernel_size=(3, 3)), which comes nearest, has w11 there. Layers with padding_mode "
        "zeros and strides below the input's size were tried; circular, reflect and replicate were not, nor were "
        "kernels that cover the whole input with several channels, since every matrix fits those."
    )


def test_reflect_padding_is_not_found_and_the_error_says_that_it_was_not_tried() -> None:
    C = sparse_matrix(Conv(5, 3, padding=1, padding_mode="reflect"), [1, 2, 3])
    with pytest.raises(Refuted, match="circular, reflect and replicate were not"):
        identify(C, 5)


def test_a_zero_that_should_be_none_and_an_entry_that_should_be_zero() -> None:
    C = d2l()
    C[2, 6] = 0
    with pytest.raises(Refuted, match=r"got 0\.0 at row 2, column 6 .* has 3\.0 there"):
        identify(C, (3, 3))
    C = d2l()
    C[2, 1] = 7
    with pytest.raises(Refuted, match=r"got 7\.0 at row 2, column 1 .* has 0\.0 there"):
        identify(C, (3, 3))


def test_the_smallest_floats_matter() -> None:
    C = d2l()
    C[3, 8] = np.nextafter(4, 5)
    with pytest.raises(Refuted) as caught:
        identify(C, (3, 3))
    assert caught.value.counterexample == {"row": 3, "column": 8}


@pytest.mark.parametrize(
    ("matrix", "shape", "expected", "kernel"),
    [
        ([[5]], 1, Conv(1, 1), [5]),
        ([[1, 2, 3]], 3, Conv(3, 3), [1, 2, 3]),
        ([[1], [2], [3]], 1, ConvTranspose(1, 3), [1, 2, 3]),
        ([[2, 0], [0, 2]], (1, 2), Conv((1, 2), 1), [[2]]),
        ([[0, 0], [0, 0]], 2, Conv(2, 1), [0]),
        ([[0, 0, 0], [1, 0, 0]], 3, Conv(3, 1, padding=[(1, -2)]), [1]),
        ([[1, 0, 2, 0], [0, 1, 0, 2]], 4, Conv(4, 2, dilation=2), [1, 2]),
        ([[1, 2], [3, 4]], 1, ConvTranspose(1, 2, in_channels=2), [[[1, 3]], [[2, 4]]]),
        (np.eye(6) * 3, 3, Conv(3, 1, in_channels=2, out_channels=2, groups=2), [[[3]], [[3]]]),
    ],
    ids=["pixel", "one-output", "one-pixel", "1x1", "zeros", "one-entry", "dilated", "dense-pixel", "depthwise"],
)
def test_small_and_degenerate_matrices(matrix: Any, shape: Any, expected: Layer, kernel: Any) -> None:
    layer, found = identify(matrix, shape)[0]
    assert (layer, found.tolist()) == (expected, kernel)


def test_a_fully_connected_layer_shares_nothing_and_is_refused() -> None:
    C = np.arange(1, 13).reshape(3, 4)
    assert (sparse_matrix(Conv(4, 4, out_channels=3), C.reshape(3, 1, 4)).toarray() == C).all()
    with pytest.raises(Refuted, match="nor were kernels that cover the whole input with several channels"):
        identify(C, 4)


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "bsr", "dia", "dok", "lil"])
def test_sparse_matrices_of_every_format_are_read_and_left_alone(form: Any) -> None:
    C = scipy.sparse.csr_matrix(d2l()).asformat(form)
    before = C.toarray().tolist()
    assert identify(C, (3, 3))[0].layer == Conv((3, 3), 2)
    assert C.toarray().tolist() == before


def test_stored_zeros_and_duplicates_of_a_sparse_matrix_are_what_they_sum_to() -> None:
    places = ([0, 0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 2, 0, 0])
    C = scipy.sparse.coo_array(([1, 2, 3, 1, 5, 4, -4], places), shape=(2, 3))
    assert identify(C, 3)[0].kernel.tolist() == [1, 5]


def test_exact_and_symbolic_entries_come_back_as_they_were() -> None:
    a, b = sympy.symbols("a b")
    layer, kernel = identify([[a, b / 2, 0], [0, a, b / 2]], 3)[0]
    assert (layer, kernel.tolist()) == (Conv(3, 2), [a, b / 2])
    half = Fraction(1, 2)
    assert identify([[half, 3, 0], [0, half, 3]], 3)[0].kernel.tolist() == [half, 3]
    assert identify([[2**70, 0], [1, 2**70]], 2)[0].kernel.tolist() == [1, 2**70]
    C = symbolic_matrix(Conv((4, 3), 2, in_channels=2, out_channels=2))
    assert sympy.SparseMatrix(C) == C
    layer, kernel = identify(C, (4, 3))[0]
    assert symbolic_matrix(layer, kernel) == C
    assert identify(np.array([[1j, 2], [0, 1j]]), 2)[0].kernel.tolist() == [1j, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1),
        (0.5, Fraction(1, 2)),
        (np.float64(0.5), sympy.Rational(1, 2)),
        (1 + 0j, 1),
        (True, 1),
        (0.5 * sympy.Symbol("b"), sympy.Symbol("b") / 2),
    ],
)
def test_equal_numbers_of_different_types_are_equal_among_expressions(one: Any, other: Any) -> None:
    a = sympy.Symbol("a")
    assert identify([[a, one, 0], [0, a, other]], 3)[0].layer == Conv(3, 2)
    with pytest.raises(Refuted):
        identify([[a, one, 0], [0, a, other + Fraction(1, 10**30)]], 3)


def test_a_float_is_the_binary_fraction_that_it_is() -> None:
    a = sympy.Symbol("a")
    with pytest.raises(Refuted):
        identify([[a, 0.1, 0], [0, a, Fraction(1, 10)]], 3)
    assert identify([[a, 0.1, 0], [0, a, Fraction(0.1)]], 3)[0].layer == Conv(3, 2)


def test_too_many_ways_to_read_the_rows_are_refused_at_once() -> None:
    assert count_factorisations(720, 7) == len(list(factorisations(720, 7))) == 41_160
    with pytest.raises(TooLarge, match="41,160 ways"):
        identify(np.zeros((720, 1)), (1,) * 6)


def test_a_sparse_matrix_with_nothing_in_common_is_refused() -> None:
    C = scipy.sparse.coo_array(
        (np.arange(1, 60), (np.arange(59) * 331 % 5_000, np.arange(59) * 173 % 5_000)), (5_000, 5_011)
    )
    with pytest.raises((Refuted, TooLarge)):
        identify(C, 5_011)


def test_a_result_cannot_be_changed() -> None:
    found = identify(d2l(), (3, 3))[0]
    with pytest.raises(AttributeError):
        found.layer = Conv(1, 1)  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        found.kernel[0, 0] = 7


@pytest.mark.parametrize(
    ("matrix", "shape", "words"),
    [
        (np.ones((4, 7)), (3, 3), "7 columns, but they are in_channels"),
        ([], 1, "shape"),
        (np.ones((0, 4)), 4, "shape"),
        ([1, 2], 2, "shape"),
        (np.ones((2, 2, 2)), 2, "shape"),
        ([[1, 2], [3]], 2, "differ in length"),
        ([["w", 0]], 2, "numbers, Fractions or SymPy"),
        ([[1, np.nan]], 2, "nan"),
        ([[sympy.nan, 1]], 2, "nan"),
        (sympy.Matrix([[sympy.nan, 1]]), 2, "nan"),
        (sympy.zeros(0, 3), 3, "shape"),
        (scipy.sparse.csr_array(np.array([[1, np.nan]])), 2, "nan"),
        (scipy.sparse.coo_array(np.ones((2, 2, 2))), 2, "shape"),
        (scipy.sparse.coo_array(np.ones(2)), 2, "shape"),
        ([[object(), 1]], 2, "expression"),
        ([[1, 2]], (0, 2), "at least 1"),
        ([[1, 2]], "two", "integer"),
        ([[1, 2]], (), "at least one spatial axis"),
    ],
)
def test_bad_input_is_refused(matrix: Any, shape: Any, words: str) -> None:
    with pytest.raises(GeometryError, match=words) as caught:
        identify(matrix, shape)
    assert caught.value.asked
    assert caught.value.arrived
    assert caught.value.rule


def test_no_larger_stride_needs_fewer_taps_where_stride_one_is_allowed() -> None:
    seen = 0
    for small, large in ((2, 3), (2, 5), (3, 3), (3, 4)):
        axis = AxisPlaces(small, 1, large, 1)
        for bits in product((0, 1), repeat=small * large):
            matrix = read_matrix(np.array(bits).reshape(small, large))
            every = [stride for stride in range(1, large) if any(bits) and _allows(matrix, axis, stride)]
            if every[:1] == [1] and len(every) > 1:
                places = axis.positions(matrix, matrix.places)
                sizes = [fitted(axis, *places, stride).kernel_size for stride in every]
                assert min(sizes) == sizes[0]
                seen += 1
            elif every:
                assert allowed_strides(matrix, axis) == every
    assert seen > 60


def test_a_stride_that_the_matrix_does_not_show_is_out_of_scope() -> None:
    matrix = read_matrix([[1, 2, 0, 0], [0, 0, 3, 4]])
    axis = AxisPlaces(2, 1, 4, 1)
    fit = fitted(axis, *axis.positions(matrix, matrix.places), 4)
    assert not in_scope(Configuration(matrix, 1, (2,), 1, (4,), False), (fit,))


def test_a_large_matrix_takes_seconds() -> None:
    layer = ConvTranspose((24, 24), 5)
    C = sparse_matrix(layer, distinct(layer, 5)).toarray()
    assert C.shape == (784, 576)
    start = time.perf_counter()
    assert identify(C, (24, 24))[0].layer == layer
    C[300, 200] += 1
    with pytest.raises(Refuted) as caught:
        identify(C, (24, 24))
    assert caught.value.counterexample == {"row": 300, "column": 200}
    assert time.perf_counter() - start < 10
