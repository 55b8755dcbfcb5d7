"""The layer by plain loops, against layers worked out by hand."""

from __future__ import annotations

import pytest

from symtconv.bruteforce.line import Line, line, phase_sums
from symtconv.bruteforce.symbols import symbols
from symtconv.errors import SymtconvError


def test_a_layer_of_stride_two_is_what_it_is_by_hand() -> None:
    layer = line(4, 3, 2, 1, 1, 1)
    w0, w1, w2 = layer.w
    x0, x1, x2, x3 = layer.x
    v0, v1 = layer.v
    assert (layer.K, layer.o, layer.a) == (3, 2, 1)
    assert layer.matrix() == [[w1, w2, 0, 0], [0, w0, w1, w2]]
    assert layer.convolve(layer.x) == [w1 * x0 + w2 * x1, w0 * x1 + w1 * x2 + w2 * x3]
    assert layer.stamp(layer.v) == [w1 * v0, w2 * v0 + w0 * v1, w1 * v1, w2 * v1]
    assert list(layer.read()) == [(0, 1, 0), (0, 2, 1), (1, 0, 1), (1, 1, 2), (1, 2, 3)]
    assert layer.interior == [1]


def test_dilation_spreads_the_taps() -> None:
    layer = line(5, 2, 1, 3)
    w0, w1 = layer.w
    assert (layer.K, layer.o, layer.a) == (4, 2, 0)
    assert layer.matrix() == [[w0, 0, 0, w1, 0], [0, w0, 0, 0, w1]]


def test_circular_padding_begins_anew() -> None:
    layer = line(3, 3, lo=1, hi=1)
    w0, w1, w2 = layer.w
    assert layer.circular_matrix() == [[w1, w2, w0], [w0, w1, w2], [w2, w0, w1]]
    assert line(1, 3, lo=1, hi=1).circular_matrix() == [[w0 + w1 + w2]]


def test_a_negative_pad_crops() -> None:
    w0, w1 = symbols("w", 2)
    assert Line(4, 2, 1, 1, -1, -1).matrix() == [[0, w0, w1, 0]]
    assert Line(1, 2, 1, 1, -1, 3).convolve(symbols("x", 1)) == [0, 0]


@pytest.mark.parametrize(
    ("sizes", "o"),
    [((2, 1, 2), 1), ((3, 2, 1, 2), 1), ((2, 2, 2), 1), ((5, 3), 3), ((7, 3, 2, 2), 2), ((2, 3), 0)],
)
def test_windows_are_counted(sizes: tuple[int, ...], o: int) -> None:
    assert Line(*sizes).o == o


def test_phase_sums_add_the_taps_of_each_phase() -> None:
    w0, w1, w2 = symbols("w", 3)
    assert phase_sums([w0, w1, w2], 2, 1) == [w0 + w2, w1]
    assert phase_sums([w0, w1, w2], 2, 2) == [w0 + w1 + w2, 0]


def test_sizes_of_no_layer_are_refused_within_a_statement() -> None:
    with pytest.raises(Exception, match="span is at most") as caught:
        line(2, 3)
    assert not isinstance(caught.value, SymtconvError)  # the statement puts its name to it
