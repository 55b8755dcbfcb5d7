"""The gradients family: what its equations say, entry by entry."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings

from symtconv import Conv, TooLarge, prove, theorems
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.proofs.kernel import RULES
from symtconv.proofs.terms import Compound, Defined, Derivative, Table, Term, Transposed
from symtconv.taps import count_nonzeros
from tests import definitions, strategies
from tests.cases import LENET, every_layer, named

FAMILY = (
    "jacobian",
    "input-gradient",
    "kernel-gradient",
    "bias-gradient",
    "hessian",
    "transposed-input-gradient",
    "transposed-kernel-gradient",
    "chain-rule",
)
NEW = FAMILY[3:]
every_new_theorem = pytest.mark.parametrize("name", NEW)
small_layers = strategies.layers(most_axes=3).filter(lambda layer: count_nonzeros(layer) <= 150)
SAMPLE = ("2x2-to-4x4", "3d", "groups-transposed", "reflect")


def value(term: Term) -> Table:
    assert isinstance(term, Defined)
    assert isinstance(term.value, Table)
    return term.value


def worked_out(term: Term) -> Table:
    """Work a term out by the kernel's rules, with the definitions put in."""
    if isinstance(term, Defined):
        return worked_out(term.value)
    if isinstance(term, Table):
        return term
    rule = {Derivative: "differentiate", Transposed: "transpose"}.get(type(term), "multiply")
    if isinstance(term, Compound):
        rule = {"+": "entrywise", "o": "entrywise", "(x)": "Kronecker"}.get(term.operation, "multiply")
        found = RULES[rule](Compound(term.operation, worked_out(term.left), worked_out(term.right)))
    elif isinstance(term, Derivative):
        found = RULES[rule](Derivative(worked_out(term.of), term.by))
    else:
        assert isinstance(term, Transposed)
        found = RULES[rule](Transposed(worked_out(term.of)))
    assert isinstance(found, Table)
    return found


def test_the_family_is_in_the_catalogue_in_this_order() -> None:
    assert tuple(theorem.name for theorem in theorems() if theorem.family == "gradients") == FAMILY


# --- every theorem is proved


@every_new_theorem
@every_layer
def test_every_theorem_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    prove(name, layer)


@every_new_theorem
@settings(max_examples=12)
@given(layer=small_layers)
def test_every_theorem_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    prove(name, layer)


@pytest.mark.parametrize("name", FAMILY)
def test_its_example_is_proved_and_stays_so(name: str) -> None:
    (theorem,) = (theorem for theorem in theorems() if theorem.name == name)
    proof = prove(name, theorem.example)
    proof.check()
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.theorem is theorem
    assert theorem.title in proof.to_latex()
    assert "commutative ring" in " ".join(proof.assumptions)


@every_new_theorem
@named(SAMPLE)
def test_a_proof_passes_a_second_check(name: str, layer: Layer) -> None:
    prove(name, layer).check()


@pytest.mark.parametrize("name", ["hessian", "transposed-input-gradient"])
def test_lenets_first_layer_is_proved(name: str) -> None:
    prove(name, LENET)


# --- jacobian, input-gradient, kernel-gradient


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
    assert isinstance(gradient.right, Compound)
    assert isinstance(gradient.right.left, Transposed)
    assert again.right == gradient.right == stamps.left
    assert value(stamps.right).shape == (3,)


@every_layer
def test_the_kernel_gradient_has_every_tap_and_is_a_convolution(layer: Layer) -> None:
    equations = prove("kernel-gradient", layer).equations
    assert isinstance(equations[0].left, Derivative)
    assert len(equations[0].left.by) == len(Subject(layer).w_names)
    assert equations[-1].says == "it is the convolution of x with kernel v"


KERNEL_GRADIENTS = ("no_padding_strides", "1d-dilated-strided", "groups", "channels-transposed", "reflect", "replicate")


@named(KERNEL_GRADIENTS)
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
    for name in ("kernel-gradient", "transposed-kernel-gradient"):
        found = worked_out(prove(name, layer).equations[-1].right)
        assert list(by_hand.reshape(-1)) == [found.entries.get((place,), 0) for place in range(by_hand.size)]


# --- what the others say


@named(["2x2-to-4x4", "channels", "groups-transposed", "3d", "circular"])
def test_the_bias_gradient_adds_up_the_pixels_of_each_channel(layer: Layer) -> None:
    seen = Subject(layer)
    equations = prove("bias-gradient", layer).equations
    for says, array in (("<v, y>", seen.v), ("<x, z>", seen.x)):
        (gradient,) = (e for e in equations if f"{says} by" in e.says and "SymPy" not in e.says)
        sums = worked_out(gradient.right)
        assert sums.shape == (len(array),)
        for channel, pixels in enumerate(array):
            assert sums.entries[(channel,)] == sum(pixels.reshape(-1), start=0)


@named(["2x2-to-4x4", "groups", "circular-all-the-way", "replicate", "negative-pads"])
def test_the_hessian_is_a_one_for_every_read(layer: Layer) -> None:
    conv = layer.convolution
    zero, mixed, *_ = prove("hessian", layer).equations
    assert value(zero.right).entries == {}
    ones = value(mixed.right)
    pairs = conv.in_channels * conv.out_channels // conv.groups
    assert len(ones.entries) == pairs * len(list(definitions.reads(layer)))
    assert all(entry == 1 for entry in ones.entries.values())


def test_the_hessian_names_both_pixels_and_the_tap() -> None:
    zero, mixed, _ = prove("hessian", Conv((3, 3), 2)).equations
    assert [name for name, _ in zero.indices] == ["i", "m", "l"]
    assert [name for name, _ in mixed.indices] == ["i", "m", "j"]


@named(["1d", "channels-transposed", "reflect"])
def test_the_transposed_input_gradient_is_the_textbooks_convolution(layer: Layer) -> None:
    seen = Subject(layer)
    gradient = prove("transposed-input-gradient", layer).equations[0]
    by_hand = definitions.convolution(layer, seen.x, seen.w).reshape(-1)
    found = worked_out(gradient.left)
    assert [found.entries.get((place,), 0) for place in range(by_hand.size)] == list(by_hand)


# --- what does not fit


@pytest.mark.parametrize("name", ["hessian", "chain-rule"])
def test_too_many_taps_are_refused_before_any_work(name: str) -> None:
    piled_up = Conv(1, 3000, padding=[(3000, 3000)], padding_mode="replicate")
    with pytest.raises(TooLarge) as caught:
        prove(name, piled_up)
    assert caught.value.entries == 3000 * 3002
