"""The small sizes that the catalogue names, and the claims beside its statements that are false there."""

from __future__ import annotations

from math import gcd

import pytest

from symtconv.bruteforce import TRUTHS
from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.rational import echelon, kernels, norm_at_most, values
from symtconv.bruteforce.rows import identity, product, transposed


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("not-an-inverse", {"n": 2, "k": 1, "s": 2}),
        ("not-an-inverse", {"n": 1, "k": 1}),
        ("checkerboard", {"n": 8, "k": 2, "s": 2, "d": 2}),
        ("checkerboard", {"n": 9, "k": 3, "s": 2}),
        ("checkerboard", {"n": 10, "k": 4, "s": 2}),
        ("composition-size", {"n": 2, "k1": 2, "k2": 1, "lo2": 1, "hi2": 1}),
        ("size-round-trip", {"n": 2, "k": 1, "s": 2}),
        ("relationship-15", {"n": 3, "k": 2, "d": 2}),
        ("output-padding", {"n": 1, "k": 1, "d": 2, "op": 1}),
        ("bilinear", {"o": 3, "f": 2}),
        ("keras-valid", {"i": 2, "k": 1, "s": 3}),
    ],
)
def test_a_statement_is_true_at_the_sizes_named(name: str, sizes: dict[str, int]) -> None:
    assert TRUTHS[name](**sizes)


def test_the_transpose_does_not_invert() -> None:
    assert product(transposed(Line(2, 1, 2).matrix([1]), 2), Line(2, 1, 2).matrix([1])) != identity(2)
    assert product(transposed(Line(1, 1).matrix([2]), 1), Line(1, 1).matrix([2])) == [[4]]


def test_the_same_parameters_do_not_always_lead_back() -> None:
    layer = line(2, 1, 2)
    assert layer.a == 1
    assert 2 * (layer.o - 1) + layer.K == 1


def test_pads_can_cost_the_rank() -> None:
    assert echelon(values(line(1, 1, lo=1), [1]))[1] < line(1, 1, lo=1).o


def test_the_reversed_kernel_of_even_span_is_no_adjoint() -> None:
    layer = Line(1, 2, 1, 1, 0, 1)
    assert layer.convolve(layer.v, layer.w[::-1]) != layer.stamp(layer.v)


def test_a_stride_that_divides_the_kernel_is_not_enough() -> None:
    k = s = d = 2
    assert k % s == 0
    assert gcd(s, d) == 2
    assert set(Line(8, k, s, d).stamp([1] * 3, [1] * k)) == {0, 1, 2}


def test_pads_between_two_layers_forbid_their_composition() -> None:
    first = line(2, 2)
    second = line(first.o, 1, lo=1, hi=1)
    both = product(second.matrix(), first.matrix())
    assert both[0] == [0, 0]
    assert both[1] != [0, 0]  # and so the rows are no shifts of one kernel without pads


def test_the_bound_of_the_phases_is_attained_and_no_less_will_do() -> None:
    layer, w = line(8, 2, 2), [1, 1]
    assert norm_at_most(values(line(1, 1), [2])[0][0] * 2, values(line(1, 1), [2]))
    assert not norm_at_most(values(line(1, 1), [1])[0][0], values(layer, w))


def test_some_kernel_fails_where_the_sizes_agree() -> None:
    assert any(values(line(1, 1), w) != [[1]] for w in kernels(1))
