"""The whole sizes family: where each statement applies, that it is proved there, and that what is wrong is refuted."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, prove
from symtconv.catalogue.axissizes import AxisSizes
from symtconv.catalogue.sizes import SIZES
from symtconv.catalogue.vocabulary import plus
from symtconv.geometry import Axis, Layer
from symtconv.proofs.kernel import Goal, Proof, check
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.terms import number
from symtconv.proofs.theorem import Theorem
from tests.cases import LAYERS
from tests.strategies import layers

BY_NAME = {theorem.name: theorem for theorem in SIZES}
ORDER = [
    "size",
    *(f"relationship-{place}" for place in range(1, 16)),
    "size-round-trip",
    "preimages",
    "output-padding",
    "tf-valid",
    "tf-same",
    "tf-same-two-forms",
    "tf-transpose-valid",
    "tf-transpose-same",
    "keras-valid",
    "composition-size",
    "receptive-field",
]
every_theorem = pytest.mark.parametrize("theorem", [pytest.param(theorem, id=theorem.name) for theorem in SIZES])


def proved(theorem: Theorem, layer: Any) -> Proof:
    return check(Goal(theorem, layer), find_steps)


def same_pads(axis: Axis) -> bool:
    span = axis.dilation * (axis.kernel_size - 1) + 1
    outputs = -(-axis.large // axis.stride)
    return axis.lo + axis.hi == max((outputs - 1) * axis.stride + span - axis.large, 0)


def whole(axis: Axis) -> bool:
    span = axis.dilation * (axis.kernel_size - 1) + 1
    return axis.small == (axis.large + axis.lo + axis.hi - span) // axis.stride + 1


def pads(axis: Axis, pad: int) -> bool:
    return axis.lo == axis.hi == pad


Rule = Callable[[Axis], bool]
AXES: dict[str, Rule] = {
    "relationship-1": lambda a: a.dilation == a.stride == 1 and pads(a, 0),
    "relationship-2": lambda a: a.dilation == a.stride == 1 and a.lo == a.hi,
    "relationship-3": lambda a: a.dilation == a.stride == 1 and a.kernel_size % 2 == 1 and pads(a, a.kernel_size // 2),
    "relationship-4": lambda a: a.dilation == a.stride == 1 and pads(a, a.kernel_size - 1),
    "relationship-5": lambda a: a.dilation == 1 and pads(a, 0),
    "relationship-6": lambda a: a.dilation == 1 and a.lo == a.hi,
    "relationship-12": lambda a: a.dilation == 1 and pads(a, 0) and (a.large - a.kernel_size) % a.stride == 0,
    "relationship-13": lambda a: (
        a.dilation == 1 and a.lo == a.hi and (a.large + 2 * a.lo - a.kernel_size) % a.stride == 0
    ),
    "relationship-15": lambda a: a.lo == a.hi,
    "tf-valid": lambda a: pads(a, 0),
    "tf-same": same_pads,
    "tf-same-two-forms": same_pads,
    "tf-transpose-valid": lambda a: pads(a, 0),
    "tf-transpose-same": same_pads,
    "keras-valid": lambda a: pads(a, 0),
}
for new, old in {7: 5, 8: 1, 9: 2, 10: 3, 11: 4, 14: 6}.items():
    AXES[f"relationship-{new}"] = AXES[f"relationship-{old}"]
TRUNCATED_TOO = {"preimages", "output-padding", "keras-valid", "receptive-field", "tf-same-two-forms"}
TRUNCATED_TOO |= {"tf-transpose-valid", "tf-transpose-same"}
ZEROS_ONLY = {f"relationship-{place}" for place in (9, 10, 11, 13, 14)}


def applies(name: str, layer: Layer) -> bool:
    """Say in our own words where a statement has hypotheses."""
    rule: Rule = AXES.get(name, lambda axis: True)
    return (
        all(rule(axis) for axis in layer.axes)
        and (name in TRUNCATED_TOO or all(whole(axis) for axis in layer.axes))
        and (name not in ZEROS_ONLY or layer.padding_mode == "zeros")
    )


def hold(theorem: Theorem, layer: Layer) -> None:
    if applies(theorem.name, layer):
        proof = proved(theorem, layer)
        assert all(equation.says for equation in proof.equations)
        return
    with pytest.raises(NotApplicable) as caught:
        proved(theorem, layer)
    assert caught.value.hypothesis


def test_the_family_has_its_statements_in_the_order_of_the_catalogue() -> None:
    assert [theorem.name for theorem in SIZES] == ORDER
    assert {theorem.family for theorem in SIZES} == {"sizes"}


@every_theorem
def test_a_statement_is_proved_for_every_named_layer_within_its_hypotheses(theorem: Theorem) -> None:
    for layer in LAYERS.values():
        hold(theorem, layer)


@every_theorem
@settings(max_examples=25, deadline=None)
@given(layer=layers(3))
def test_a_statement_is_proved_for_any_layer_within_its_hypotheses(theorem: Theorem, layer: Layer) -> None:
    hold(theorem, layer)


@every_theorem
def test_the_example_is_proved_checked_written_and_restored(theorem: Theorem) -> None:
    proof = prove(theorem.name, theorem.example)
    proof.check()
    assert proof.theorem.name == theorem.name
    restored = pickle.loads(pickle.dumps(proof))
    assert restored.equations == proof.equations
    assert restored.theorem is proof.theorem
    assert "\\begin{document}" in proof.to_latex()


@every_theorem
def test_a_layer_and_its_transpose_have_the_same_equations(theorem: Theorem) -> None:
    assert proved(theorem, theorem.example).equations == proved(theorem, theorem.example.T).equations


@every_theorem
def test_truncated_convolutions_have_only_what_holds_there(theorem: Theorem) -> None:
    for mode in ("zeros", "circular"):
        hold(theorem, Conv(9, 3, output_shape=2, padding_mode=mode))
    hold(theorem, Conv((9, 8), (3, 2), stride=(4, 3), output_shape=(1, 2)).T)


# --- mutants of the sizes

WRONG_SIZE: dict[str, Callable[..., int]] = {
    "one-more": lambda n, k, s, d, lo, hi: (n + lo + hi - d * (k - 1) - 1) // s + 2,
    "one-less": lambda n, k, s, d, lo, hi: (n + lo + hi - d * (k - 1) - 1) // s,
    "ceiling": lambda n, k, s, d, lo, hi: -(-(n + lo + hi - d * (k - 1) - 1) // s) + 1,
    "twice-the-kernel": lambda n, k, s, d, lo, hi: (n + lo + hi - 2 * d * (k - 1) - 1) // s + 1,
    "without-stride": lambda n, k, s, d, lo, hi: n + lo + hi - d * (k - 1),
}
SEES_SIZE: dict[str, Callable[[], Layer]] = {
    "size": lambda: Conv((9, 10), 3, stride=2, dilation=2, padding=1),
    "relationship-5": lambda: Conv((9, 10), 3, stride=3),
    "relationship-6": lambda: Conv((9, 10), 3, stride=3, padding=2),
    "relationship-15": lambda: Conv((9, 10), 3, stride=3, dilation=2, padding=2),
    "output-padding": lambda: Conv((10, 12), 3, stride=2, padding=[(0, 0), (2, 2)]),
    "tf-valid": lambda: Conv((9, 10), 3, stride=3),
    "composition-size": lambda: Conv((13, 12), 3, stride=2),
}


@pytest.mark.parametrize("name", SEES_SIZE)
@pytest.mark.parametrize("mutant", WRONG_SIZE)
def test_a_wrong_size_is_refuted_with_its_numbers(name: str, mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symtconv.geometry.convolved_size", WRONG_SIZE[mutant])
    with pytest.raises(Refuted) as caught:
        prove(name, SEES_SIZE[name]())
    assert caught.value.counterexample
    assert "axis" in str(caught.value)


@pytest.mark.parametrize("name", ["relationship-1", "relationship-2", "relationship-3", "relationship-4"])
@pytest.mark.parametrize("mutant", ["one-more", "one-less", "twice-the-kernel"])
def test_a_wrong_size_without_stride_is_refuted(name: str, mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = {"relationship-2": 2, "relationship-3": 1, "relationship-4": 2}
    monkeypatch.setattr("symtconv.geometry.convolved_size", WRONG_SIZE[mutant])
    with pytest.raises(Refuted) as caught:
        prove(name, Conv((9, 8), 3, padding=arguments.get(name, 0)))
    assert caught.value.counterexample["n"] == 9


SPANS = ["size", "preimages", "output-padding", "tf-valid", "tf-same", "keras-valid", "composition-size"]


@pytest.mark.parametrize("name", [*SPANS, "receptive-field", "tf-transpose-valid", "tf-transpose-same"])
def test_a_wrong_span_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Conv(8, 3, stride=2, padding="same") if "same" in name else Conv(8, 3, stride=2)
    monkeypatch.setattr("symtconv.geometry.effective_kernel", lambda k, d: d * (k - 1) + 2)
    with pytest.raises(Refuted) as caught:
        prove(name, layer)
    assert {"k", "d", "K"} <= {symbol.rstrip("12") for symbol in caught.value.counterexample}


# --- mutants of the statements: a wrong term in them


def shifted(name: str, by: int) -> property:
    return property(lambda sizes: plus(ORIGINALS[name].fget(sizes), number(by)))


ORIGINALS = {name: vars(AxisSizes)[name] for name in ("n", "o", "k", "s", "K", "lo", "hi", "p", "a", "b", "least")}
CONCERNS = {
    "size": "n o s K lo hi a b",
    "relationship-1": "n k",
    "relationship-2": "n k p",
    "relationship-3": "n",
    "relationship-4": "n k",
    "relationship-5": "n k",
    "relationship-6": "n k p",
    "relationship-7": "n k",
    "relationship-8": "n k",
    "relationship-9": "n k p",
    "relationship-10": "n o",
    "relationship-11": "n k",
    "relationship-12": "n k s",
    "relationship-13": "n k s p",
    "relationship-14": "n k s p a",
    "relationship-15": "n k p",
    "size-round-trip": "o",
    "preimages": "K least",
    "output-padding": "n o K lo hi least",
    "tf-valid": "n o K",
    "tf-same": "n o K lo hi",
    "tf-same-two-forms": "K lo",
    "tf-transpose-valid": "s K",
    "tf-transpose-same": "s K",
    "keras-valid": "o K s",
    "composition-size": "n o s K lo hi a b",
    "receptive-field": "K s",
}


@pytest.mark.parametrize(("name", "symbol"), [(name, symbol) for name in CONCERNS for symbol in CONCERNS[name].split()])
@pytest.mark.parametrize("by", [1, -1, 2])
def test_a_wrong_number_in_a_statement_is_refuted(
    name: str, symbol: str, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    theorem = BY_NAME[name]
    monkeypatch.setattr(AxisSizes, symbol, shifted(symbol, by))
    with pytest.raises(Refuted) as caught:
        proved(theorem, theorem.example)
    assert caught.value.arrived != caught.value.rule.removeprefix("the other side is ")


@pytest.mark.parametrize("name", ["preimages", "output-padding", "tf-transpose-valid", "tf-transpose-same"])
@pytest.mark.parametrize("by", [1, -1])
def test_one_remainder_too_many_or_too_few_is_refuted(name: str, by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    original = AxisSizes.below_stride

    def mutant(sizes: AxisSizes) -> Any:
        r, t = original(sizes)
        (value,) = t.value.entries.values()  # type: ignore[attr-defined]
        return r, sizes.assumed("t", "where t is wrong", value + by)

    monkeypatch.setattr(AxisSizes, "below_stride", mutant)
    with pytest.raises(Refuted):
        proved(BY_NAME[name], BY_NAME[name].example)


@pytest.mark.parametrize("name", ["tf-same", "tf-same-two-forms"])
def test_wrong_pads_of_same_are_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(n: int, k: int, s: int, d: int) -> int:
        return max((k - 1) * d + 1 - s, 0)

    monkeypatch.setattr("symtconv.sizes.same_padding", wrong)
    monkeypatch.setattr("symtconv.catalogue.hypotheses.same_padding", wrong)
    prove(name, Conv(8, 3, stride=2, padding="same"))
    with pytest.raises(Refuted) as caught:
        prove(name, Conv(7, 3, stride=2, padding="same"))
    assert caught.value.counterexample["n"] == 7


def test_a_wrong_default_of_valid_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = ConvTranspose(3, 2, stride=4)

    def wrong(*arguments: Any) -> int:
        *_, i, k, s, d = arguments
        return int((i - 1) * s + d * (k - 1) + 1)

    monkeypatch.setattr("symtconv.arguments.Arguments.named_size", wrong)
    with pytest.raises(Refuted) as caught:
        prove("keras-valid", layer)
    assert caught.value.counterexample["m"] == 10


def test_what_is_assumed_is_listed() -> None:
    listed = " ".join(prove("preimages", Conv(5, 3, stride=2)).assumptions)
    for words in ("e >= 0, a whole number", "r >= 0, a whole number", "t >= 0, where t = s - 1 - r"):
        assert words in listed
    assert not any(">= 0" in words for words in prove("tf-valid", Conv(5, 3)).assumptions)
