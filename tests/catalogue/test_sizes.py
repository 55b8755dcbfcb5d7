"""The sizes family: the arithmetic of the sizes, written out and checked."""

from __future__ import annotations

import pytest
from hypothesis import given

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, prove
from symtconv.geometry import Axis, Layer
from symtconv.proofs.terms import Compound, Defined, Term, constant
from tests.strategies import convolution_axes


def value(term: Term) -> int:
    """Evaluate a term of whole numbers with Python's own operators."""
    if isinstance(number := constant(term), int):
        return number
    if isinstance(term, Defined):
        return value(term.value)
    assert isinstance(term, Compound)
    left, right = value(term.left), value(term.right)
    return {"+": left + right, "*": left * right, "//": left // (right or 1), "mod": left % (right or 1)}[
        term.operation
    ]


@given(convolution_axes())
def test_both_sides_of_every_equation_are_the_sizes(axis: tuple[int, int, int, int, int, int]) -> None:
    n, k, s, d, lo, hi = axis
    layer = Conv(n, k, stride=s, dilation=d, padding=[(lo, hi)])
    there, back = prove("size-round-trip", layer).equations
    assert value(there.left) == value(there.right) == layer.output_shape[0]
    assert value(back.left) == value(back.right) == n


def test_the_equations_are_written_in_the_contracts_names() -> None:
    there, back = prove("size-round-trip", Conv(6, 3, stride=2, padding=1)).equations
    assert there.says == "o = floor((n + lo + hi - K)/s) + 1"
    assert back.says == "n = s(o-1) + K - lo - hi + a, a = (n + lo + hi - K) mod s"

    def names(term: Term) -> set[str]:
        if isinstance(term, Defined):
            return {term.symbol}
        return names(term.left) | names(term.right) if isinstance(term, Compound) else set()

    assert names(there.right) == {"n", "lo", "hi", "k", "d", "s"}
    assert names(back.right) == {"o", "n", "lo", "hi", "k", "d", "s"}


def test_every_axis_has_its_two_equations() -> None:
    proof = prove("size-round-trip", ConvTranspose((2, 3, 1), 3, stride=(1, 2, 3)))
    assert [equation.says[-6:] for equation in proof.equations] == [f"axis {axis}" for axis in (0, 0, 1, 1, 2, 2)]


def test_a_truncated_convolution_is_outside_the_hypotheses() -> None:
    for layer in (Conv(9, 3, output_shape=2), ConvTranspose(3, 2, dilation=4, output_padding=2)):
        with pytest.raises(NotApplicable) as caught:
            prove("size-round-trip", layer)
        assert caught.value.hypothesis == "the convolution keeps all its outputs"


WRONG = {
    "one-more": lambda n, k, s, d, lo, hi: (n + lo + hi - d * (k - 1) - 1) // s + 2,
    "ceiling": lambda n, k, s, d, lo, hi: -(-(n + lo + hi - d * (k - 1) - 1) // s) + 1,
    "without-dilation": lambda n, k, s, d, lo, hi: (n + lo + hi - k) // s + 1,
    "without-the-high-pad": lambda n, k, s, d, lo, hi: (n + lo - d * (k - 1) - 1) // s + 1,
    "without-stride": lambda n, k, s, d, lo, hi: n + lo + hi - d * (k - 1),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_size_formula_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symtconv.geometry.convolved_size", WRONG[name])
    layer: Layer = Conv((9, 10), 3, stride=2, dilation=2, padding=1)
    with pytest.raises(Refuted) as caught:
        prove("size-round-trip", layer)
    assert "o = floor((n + lo + hi - K)/s) + 1" in str(caught.value)
    assert "the other side is" in str(caught.value)


@pytest.mark.parametrize("change", [{"remainder": 1}, {"lo": 1}, {"hi": -1}, {"kernel_size": 1}], ids=str)
def test_an_axis_of_wrong_numbers_is_refuted_or_refused(change: dict[str, int]) -> None:
    axis = {"large": 9, "small": 4, "kernel_size": 3, "stride": 2, "dilation": 1, "lo": 0, "hi": 0}
    if "remainder" in change:
        axis["large"] += 2
    else:
        axis |= {name: axis[name] + 2 * by for name, by in change.items()}
    wrong = Conv._resolved((Axis(**axis),), 1, 1, 1, "zeros")
    with pytest.raises((Refuted, NotApplicable)):
        prove("size-round-trip", wrong)
