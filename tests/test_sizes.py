"""The size formulas, on integers and on SymPy's symbols alike, against counting and against the published forms."""

from __future__ import annotations

from math import ceil

import pytest
import sympy
from hypothesis import given, strategies as st

from symtconv.sizes import (
    PADDING_NAMES,
    PaddingName,
    convolved_size,
    effective_kernel,
    named_pads,
    same_padding,
    sizes_of_named,
    transposed_size,
)
from tests.cases import FIGURES
from tests.definitions import output_size
from tests.strategies import convolution_axes, padding_names, taps

n, k, s, d, lo, hi, o = sympy.symbols("n k s d lo hi o", integer=True, positive=True)
sizes = st.integers(1, 40)


def test_effective_kernel_spans_its_taps() -> None:
    for taps_count in range(1, 6):
        for dilation in range(1, 5):
            places = [dilation * tap for tap in range(taps_count)]
            assert effective_kernel(taps_count, dilation) == places[-1] - places[0] + 1


@pytest.mark.parametrize("name", FIGURES)
def test_convolved_size_gives_the_sizes_of_the_figures(name: str) -> None:
    size, expected, pad, kernel, stride, dilation = FIGURES[name]
    assert convolved_size(size, kernel, stride, dilation, pad, pad) == expected


@given(convolution_axes())
def test_convolved_size_counts_where_the_kernel_fits(axis: tuple[int, int, int, int, int, int]) -> None:
    assert convolved_size(*axis) == output_size(*axis)


@given(convolution_axes(), st.integers(0, 5))
def test_transposed_size_undoes_convolved_size(axis: tuple[int, int, int, int, int, int], extra: int) -> None:
    size, kernel, stride, dilation, low, high = axis
    small = convolved_size(*axis)
    remainder = (size + low + high - effective_kernel(kernel, dilation)) % stride
    natural = transposed_size(small, kernel, stride, dilation, low, high)
    assert natural + remainder == size
    assert transposed_size(small, kernel, stride, dilation, low, high, extra) == natural + extra


def test_convolved_size_is_relationship_15_on_symbols() -> None:
    p = sympy.Symbol("p", integer=True, nonnegative=True)
    published = sympy.floor((n + 2 * p - k - (k - 1) * (d - 1)) / s) + 1
    ours = sympy.sympify(convolved_size(n, k, s, d, p, p))
    assert ours.func is published.func
    assert sympy.expand((ours - 1).args[0] - (published - 1).args[0]) == 0


def test_transposed_size_is_relationship_14_on_symbols() -> None:
    p, a = sympy.symbols("p a", integer=True, nonnegative=True)
    assert sympy.expand(transposed_size(o, k, s, 1, p, p, a) - (s * (o - 1) + a + k - 2 * p)) == 0


@given(convolution_axes(), sizes)
def test_formulas_say_the_same_of_symbols_and_of_numbers(axis: tuple[int, int, int, int, int, int], out: int) -> None:
    values = dict(zip((n, k, s, d, lo, hi, o), (*axis, out), strict=True))
    size, kernel, stride, dilation, low, high = axis
    assert sympy.sympify(effective_kernel(k, d)).subs(values) == effective_kernel(kernel, dilation)
    assert sympy.sympify(convolved_size(n, k, s, d, lo, hi)).subs(values) == convolved_size(*axis)
    assert sympy.sympify(transposed_size(o, k, s, d, lo, hi)).subs(values) == transposed_size(
        out, kernel, stride, dilation, low, high
    )
    assert sympy.sympify(same_padding(n, k, s, d)).subs(values) == same_padding(size, kernel, stride, dilation)


@given(sizes, taps())
def test_same_padding_is_tensorflows_in_both_its_published_forms(size: int, tap: tuple[int, int, int]) -> None:
    kernel, stride, dilation = tap
    span = effective_kernel(kernel, dilation)
    out = ceil(size / stride)
    assert same_padding(size, *tap) == max((out - 1) * stride + span - size, 0)
    over = size % stride
    assert same_padding(size, *tap) == (max(span - stride, 0) if over == 0 else max(span - over, 0))


@given(sizes, taps())
def test_same_halves_tensorflows_total_and_the_odd_pixel_goes_last(size: int, tap: tuple[int, int, int]) -> None:
    total = same_padding(size, *tap)
    assert named_pads("same", size, *tap) == (total // 2, (total + 1) // 2)
    assert named_pads("same_lower", size, *tap) == ((total + 1) // 2, total // 2)
    assert convolved_size(size, *tap, *named_pads("same", size, *tap)) == -(-size // tap[1])


def test_valid_pads_nothing_and_full_pads_all_but_one_tap() -> None:
    assert named_pads("valid", 9, 4, 2, 3) == (0, 0)
    assert named_pads("full", 9, 4, 2, 3) == (9, 9)
    full = named_pads("full", n, k, 1, 1)
    assert sympy.expand(convolved_size(n, k, 1, 1, *full) - (n + k - 1)) == 0


@given(padding_names, st.integers(1, 6), taps())
def test_sizes_of_named_are_those_that_brute_force_finds(
    name: PaddingName, out: int, tap: tuple[int, int, int]
) -> None:
    span = effective_kernel(tap[0], tap[2])
    found = [
        size
        for size in range(1, tap[1] * out + span + 2)
        if sum(pads := named_pads(name, size, *tap)) + size >= span and output_size(size, *tap, *pads) == out
    ]
    assert list(sizes_of_named(name, out, *tap)) == found


def test_padding_names_are_the_contracts() -> None:
    assert PADDING_NAMES == ("valid", "same", "same_lower", "full")
