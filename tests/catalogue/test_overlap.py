"""The overlap family: proved wherever it says so, and refuted of whatever is wrong."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from symtconv import Conv, ConvTranspose, NotApplicable, Refuted, TooLarge, conv_transpose, layers as definition, prove
from symtconv.catalogue import evenness, overlap, resizing, subject
from symtconv.catalogue.phases import has_wide_interior, interior
from symtconv.catalogue.vocabulary import TRUE, plus
from symtconv.geometry import Layer
from symtconv.proofs.terms import Defined, number
from tests.cases import LENET, every_layer
from tests.strategies import layers

NAMES = ("coverage", "phase-counts", "checkerboard", "weighted-checkerboard", "even-iff-resize")
every_theorem = pytest.mark.parametrize("name", NAMES)
EVEN = ConvTranspose((3, 3), 4, stride=2, padding=1)
UNEVEN = ConvTranspose((4, 3), 3, stride=2, padding="same")
DILATED = ConvTranspose(6, 3, stride=3, dilation=2, padding=[(1, 2)])
CHANNELS = ConvTranspose((2, 3), 3, stride=(1, 2), padding=1, in_channels=4, out_channels=6, groups=2)
UNCROPPED = ConvTranspose((5, 4), 4, stride=(1, 2))


def missing(name: str, layer: Layer) -> str:
    """Say in our own words which hypothesis a layer does not meet, or nothing."""
    if name == "phase-counts":
        return ""
    if name == "even-iff-resize":
        return "" if set(layer.dilation) == {1} else "the dilation is 1"
    if layer.padding_mode != "zeros":
        return "the padding is of zeros"
    if name == "weighted-checkerboard":
        for axis in layer.axes:
            span = axis.dilation * (axis.kernel_size - 1)
            seen = [m for m in range(axis.large) if span <= m + axis.lo <= axis.stride * (axis.small - 1)]
            if len(seen) < axis.stride:
                return "the interior has at least s outputs on every axis"
    return ""


def check(name: str, layer: Layer) -> None:
    if hypothesis := missing(name, layer):
        with pytest.raises(NotApplicable) as caught:
            prove(name, layer)
        assert caught.value.hypothesis == hypothesis
    else:
        prove(name, layer).check()


@every_theorem
@every_layer
def test_every_theorem_is_proved_for_every_named_layer(name: str, layer: Layer) -> None:
    check(name, layer)


@every_theorem
@settings(max_examples=25, deadline=None)
@given(layer=layers(3))
def test_every_theorem_is_proved_for_any_layer(name: str, layer: Layer) -> None:
    check(name, layer)


@every_theorem
def test_a_theorem_is_proved_of_its_example_and_pickles(name: str) -> None:
    record = next(theorem for theorem in overlap.OVERLAP if theorem.name == name)
    proof = prove(name, record.example)
    assert pickle.loads(pickle.dumps(proof)).equations == proof.equations
    assert prove(name, record.example.T).equations == proof.equations
    assert all(equation.says for equation in proof.equations)


@every_theorem
def test_lenets_first_layer_is_proved(name: str) -> None:
    prove(name, LENET)


@pytest.mark.parametrize("name", ["phase-counts", "even-iff-resize", "coverage", "checkerboard"])
def test_strides_that_do_not_fit_are_refused(name: str) -> None:
    with pytest.raises(TooLarge):
        prove(name, Conv(5, 3, stride=2_000_000))


def test_small_interiors_say_nothing_of_their_coverage() -> None:
    assert len(prove("checkerboard", ConvTranspose(1, 3, stride=2)).equations) == 1
    assert len(prove("checkerboard", UNEVEN).equations) == 3
    assert not has_wide_interior(ConvTranspose((2, 2), 3, stride=2, padding="same"))
    assert interior(ConvTranspose(1, 3, stride=2).axes[0]) == range(2, 2)


# --- given kernels


def values_inside(layer: Layer, kernel: Any) -> list[Any]:
    """Stamp a constant and look at the interior of the only channel."""
    image = np.ones(layer.small_shape, dtype=object)
    stamped = conv_transpose(layer.convolution.T, image, kernel)
    return [stamped[place] for place in np.ndindex(*np.shape(stamped)) if _is_inside(layer, place)]


def _is_inside(layer: Layer, place: tuple[int, ...]) -> bool:
    return all(m in interior(axis) for m, axis in zip(place, layer.axes, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-1, 1), min_size=4, max_size=4), st.sampled_from([1, 2, 3]), st.sampled_from([1, 2]))
def test_even_is_what_constants_say_for_given_kernels(kernel: list[int], s: int, d: int) -> None:
    layer = Conv(30, 4, stride=s, dilation=d)
    prove("weighted-checkerboard", layer, kernel=kernel).check()
    sums = [sum(w for j, w in enumerate(kernel) if d * j % s == r) for r in range(s)]
    assert (len(set(values_inside(layer, kernel))) == 1) == (len(set(sums)) == 1)
    if d == 1:
        prove("even-iff-resize", layer, kernel=kernel).check()


def test_an_even_kernel_is_a_box_times_something_on_every_line() -> None:
    outer = [[1, 3, 3, 1], [3, 9, 9, 3], [3, 9, 9, 3], [1, 3, 3, 1]]
    for name in ("weighted-checkerboard", "even-iff-resize"):
        prove(name, EVEN, kernel=outer)
        prove(name, UNEVEN, kernel=np.arange(9).reshape(3, 3))
        prove(name, UNEVEN, kernel=[[sympy.Symbol(f"z_{{{i}}}") * j for j in range(3)] for i in range(3)])


def test_on_several_axes_an_even_kernel_need_not_be_a_product_of_boxes() -> None:
    """All 2 x 2 phase sums of this kernel are 1; box * q with 1 x 2 taps has two equal rows."""
    kernel = [[1, 1, 0], [0, 1, 1]]
    layer = ConvTranspose((4, 4), (2, 3), stride=2)
    assert set(values_inside(layer, kernel)) == {1}
    proof = prove("even-iff-resize", layer, kernel=kernel)
    assert "on each line of the kernel along each axis" in proof.theorem.statement


# --- mutants


def refuted(theorem: str, layer: Layer, says: str, kernel: Any = None) -> dict[str, Any]:
    """Demand that a theorem is refuted at the equation that says so, and give the place."""
    with pytest.raises(Refuted) as caught:
        prove(theorem, layer, kernel=kernel)
    assert says in str(caught.value)
    assert caught.value.counterexample
    return dict(caught.value.counterexample)


def with_stamps(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    original = definition.CONSTRUCTIONS["stamp"]
    monkeypatch.setitem(definition.CONSTRUCTIONS, "stamp", lambda layer, v, w: change(original(layer, v, w)))


def with_axes(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, **change: Callable[[Any], int]) -> None:
    """Give a function of the statement a layer with other numbers on its last axis."""
    original = getattr(owner, name)

    def mutant(layer: Layer) -> Any:
        last = replace(layer.axes[-1], **{key: value(layer.axes[-1]) for key, value in change.items()})
        wrong = Conv._resolved((*layer.axes[:-1], last), layer.large_channels, layer.small_channels, 1, "zeros")
        return original(wrong)

    monkeypatch.setattr(owner, name, mutant)


def plus_one(stamped: Any) -> Any:
    changed = stamped.copy()
    changed.reshape(-1)[-1] += 1
    return changed


STAMPED: dict[str, Callable[[Any], Any]] = {
    "one-more": plus_one,
    "shifted": lambda z: np.roll(z, 1, axis=-1),
    "doubled": lambda z: z * 2,
}


@pytest.mark.parametrize("change", STAMPED)
@pytest.mark.parametrize("layer", [UNEVEN, DILATED, CHANNELS], ids=["uneven", "dilated", "channels"])
def test_wrong_stamps_have_another_coverage(change: str, layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    with_stamps(monkeypatch, STAMPED[change])
    place = refuted("coverage", layer, "the stamps of an image of ones")
    assert {name[0] for name in place} == {"m"}
    if has_wide_interior(layer):
        assert {name[0] for name in refuted("weighted-checkerboard", layer, "are C^T t")} == {"m"}


def test_the_last_output_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with_stamps(monkeypatch, plus_one)
    assert refuted("coverage", UNEVEN, "stamps") == {"m0": 7, "m1": 5}
    assert refuted("coverage", CHANNELS, "stamps") == {"m0": 5, "m1": 1, "m2": 4}


@pytest.mark.parametrize("theorem", ["coverage", "weighted-checkerboard"])
def test_a_wrong_tap_map_is_refuted(theorem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(subject, "symbolic_matrix")  # noqa: B009

    def mutant(*arguments: Any) -> Any:
        C = original(*arguments).as_mutable()
        C[1, 3] = C[1, 3] + 1
        return C

    monkeypatch.setattr(subject, "symbolic_matrix", mutant)
    assert refuted(theorem, DILATED, "are C^T") == {"m": 3}


@pytest.mark.parametrize("layer", [UNEVEN, DILATED], ids=["uneven", "dilated"])
def test_wrong_phases_are_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner in (overlap, evenness, resizing):
        with_axes(monkeypatch, owner, "phases", dilation=lambda axis: axis.dilation + 1)
    assert {name[0] for name in refuted("coverage", layer, "the two sides differ by the rest")} == {"m"}
    assert {name[0] for name in refuted("phase-counts", layer, "g")} <= {"u", "t"}
    assert {name[0] for name in refuted("weighted-checkerboard", layer, "t times a phase sum")} == {"m"}
    if layer is UNEVEN:
        assert {name[0] for name in refuted("even-iff-resize", layer, "phase sums")} <= {"r", "j"}


def test_a_wrong_pad_gives_wrong_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner in (overlap, evenness):
        with_axes(monkeypatch, owner, "phase_of_each", lo=lambda axis: axis.lo + 1)
    assert {name[0] for name in refuted("coverage", UNEVEN, "at most")} == {"m"}
    assert {name[0] for name in refuted("weighted-checkerboard", UNEVEN, "t times a phase sum")} == {"m"}


@pytest.mark.parametrize(
    "change",
    [{"small": lambda axis: axis.small + 1}, {"kernel_size": lambda axis: 1}],
    ids=lambda change: next(iter(change)),
)
def test_an_interior_that_is_too_wide_is_refuted(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner in (overlap, evenness):
        with_axes(monkeypatch, owner, "kept_inside", **change)
    assert {name[0] for name in refuted("coverage", UNCROPPED, "of the interior")} == {"m"}
    assert {name[0] for name in refuted("weighted-checkerboard", UNCROPPED, "t times a phase sum")} == {"m"}


def test_stamps_that_are_not_counted_as_missing_refute_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    original = overlap._missing_on

    def mutant(axis: Any, place: int, conv: Conv) -> Defined:
        return original(replace(axis, small=axis.small + 1), place, conv)

    monkeypatch.setattr(overlap, "_missing_on", mutant)
    assert set(refuted("coverage", UNCROPPED, "at most")) == {"m0", "m1"}


def test_the_channels_of_a_group_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "_repeats", lambda conv: number(conv.out_channels))
    refuted("coverage", CHANNELS, "at most")


def test_divisibility_alone_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Conv(9, 2, stride=2, dilation=2)
    prove("checkerboard", layer)
    monkeypatch.setattr(overlap, "gcd", lambda a, b: TRUE)
    place = refuted("checkerboard", layer, "iff s divides k")
    assert (place["k"], place["s"]) == (2, 2)


def test_coprimality_alone_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "remainder", lambda a, b: number(0))
    place = refuted("checkerboard", UNEVEN, "the phase counts are equal")
    assert (place["s"], place["d"]) == (2, 1)


def test_an_uneven_coverage_of_an_even_kernel_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = ConvTranspose((4, 4), 4, stride=2)
    assert set(values_inside(layer, np.ones((4, 4), dtype=object))) == {4}
    with_stamps(monkeypatch, lambda z: z * np.arange(z.size).reshape(z.shape))
    place = refuted("checkerboard", layer, "the coverage of the interior is constant")
    assert (place["k"], place["s"], place["d"]) == (4, 2, 1)


@pytest.mark.parametrize("layer", [Conv(9, 5, stride=2), DILATED, Conv(13, 4, stride=6, dilation=4)], ids=repr)
def test_a_wrong_formula_for_the_counts_is_refuted(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(overlap, "floor_of")  # noqa: B009
    monkeypatch.setattr(overlap, "floor_of", lambda a, b: plus(original(a, b), TRUE))
    assert set(refuted("phase-counts", layer, "each gets floor(k g/s)")) == {"t"}


def test_a_wrong_number_of_phases_with_one_more_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "remainder", lambda a, b: number(0))
    with pytest.raises(Refuted, match="get one more"):
        prove("phase-counts", Conv(9, 5, stride=2))


def test_a_wrong_reduction_modulo_z_to_the_s_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    original = evenness._row

    def mutant(symbol: str, meaning: str, entries: Any, z: str) -> Defined:
        return original(symbol, meaning, [{}, *entries[1:]] if symbol == "Y" else entries, z)

    monkeypatch.setattr(evenness, "_row", mutant)
    assert refuted("weighted-checkerboard", UNEVEN, "the discrete Fourier transform") == {"c": 0}


def test_a_phase_that_the_interior_does_not_show_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    original = evenness._seen

    def mutant(axis: Any, place: int, conv: Conv) -> Defined:
        return original(replace(axis, lo=axis.lo + 1), place, conv)

    monkeypatch.setattr(evenness, "_seen", mutant)
    assert {name[0] for name in refuted("weighted-checkerboard", UNEVEN, "is there")} == {"r"}


@pytest.mark.parametrize("factor", ["_box", "_quotient"])
def test_a_wrong_box_is_refuted(factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(resizing, factor)

    def mutant(*arguments: Any) -> Any:
        found = original(*arguments)
        entries = dict(found.value.entries)
        entries.pop(min(entries))
        return replace(found, value=replace(found.value, entries=entries))

    monkeypatch.setattr(resizing, factor, mutant)
    assert {name[0] for name in refuted("even-iff-resize", EVEN, "")} <= {"r", "j", "t", "u"}


@pytest.mark.parametrize("change", STAMPED)
def test_wrong_stamps_are_not_those_of_the_resized_image(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Any] = definition.CONSTRUCTIONS["stamp"]
    wrong: Callable[[Any], Any] = STAMPED[change]

    def mutant(layer: ConvTranspose, v: Any, w: Any) -> Any:
        stamped = original(layer, v, w)
        return wrong(stamped) if layer.stride == EVEN.stride else stamped

    monkeypatch.setitem(definition.CONSTRUCTIONS, "stamp", mutant)
    assert {name[0] for name in refuted("even-iff-resize", EVEN, "on v resized by s")} == {"m"}


def _tiled(v: Any, s: int, axis: int) -> Any:
    return np.concatenate([v] * s, axis=axis)


def test_resizing_by_another_factor_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "repeat", _tiled)
    assert {name[0] for name in refuted("even-iff-resize", EVEN, "on v resized by s")} == {"m"}
