"""The gradients family: what its equations say, entry by entry."""

from __future__ import annotations

import pytest

from symtconv import Conv, prove
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.proofs.terms import Defined, Derivative, Product, Table, Term, Transposed
from tests import definitions
from tests.cases import every_layer, named


def value(term: Term) -> Table:
    assert isinstance(term, Defined)
    assert isinstance(term.value, Table)
    return term.value


def test_the_jacobian_compares_every_entry_of_c_zeros_included() -> None:
    (first, second) = prove("jacobian", Conv(4, 2)).equations
    assert isinstance(first.left, Derivative)
    assert first.left.by == ("x_{0}", "x_{1}", "x_{2}", "x_{3}")
    C = value(first.right)
    assert C.shape == (3, 4)
    assert len(C.entries) == 6
    assert second.says == "dy[i]/dx[m] = C[i, m], by SymPy's diff"
    assert second.right == first.right


def test_the_input_gradient_is_c_transposed_v_and_the_stamps() -> None:
    gradient, again, stamps = prove("input-gradient", Conv(3, 2)).equations
    assert isinstance(gradient.left, Derivative)
    assert isinstance(gradient.left.of, Product)
    assert isinstance(gradient.right, Product)
    assert isinstance(gradient.right.left, Transposed)
    assert again.right == gradient.right == stamps.left
    assert value(stamps.right).shape == (3,)


@every_layer
def test_the_kernel_gradient_has_every_tap(layer: Layer) -> None:
    proof = prove("kernel-gradient", layer)
    gradient = proof.equations[0]
    assert isinstance(gradient.left, Derivative)
    assert len(gradient.left.by) == len(Subject(layer).w_names)


@every_layer
def test_the_kernel_gradient_is_a_convolution_where_pads_are_zeros(layer: Layer) -> None:
    equations = prove("kernel-gradient", layer).equations
    assert ("it is the convolution of x with kernel v" in [equation.says for equation in equations]) == (
        layer.padding_mode == "zeros"
    )


@named(["no_padding_strides", "padding_strides_odd", "1d-dilated-strided", "groups", "channels-transposed"])
def test_that_convolution_is_the_sum_over_i_of_v_times_x(layer: Layer) -> None:
    seen = Subject(layer)
    conv = layer.convolution
    by_hand = definitions.zeros(conv.kernel_shape)
    into, depth = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    for i, j, m in definitions.reads(layer):
        for o in range(conv.out_channels):
            for c in range(depth):
                place = (o, c, *j)
                by_hand[place] = by_hand[place] + seen.v[(o, *i)] * seen.x[(o // into * depth + c, *m)]
    found = value(prove("kernel-gradient", layer).equations[-1].right)
    assert list(by_hand.reshape(-1)) == [found.entries.get((place,), 0) for place in range(by_hand.size)]


@pytest.mark.parametrize("name", ["jacobian", "input-gradient", "kernel-gradient"])
def test_assumptions_say_where_it_holds(name: str) -> None:
    assert "commutative ring" in " ".join(prove(name, Conv(3, 2)).assumptions)
