"""The structure family: proved where it applies, refused with its hypothesis elsewhere, and what its equations say."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings

from symtconv import Conv, ConvTranspose, NotApplicable, ProofError, TooLarge, prove, theorems
from symtconv.geometry import Layer
from symtconv.taps import count_nonzeros
from tests.cases import LENET, every_layer
from tests.strategies import layers

RECORDS = {theorem.name: theorem for theorem in theorems() if theorem.family == "structure"}
NAMES = tuple(RECORDS)
every_theorem = pytest.mark.parametrize("name", NAMES)

FITTING: dict[str, list[Any]] = {
    "toeplitz": [
        Conv((4, 3, 3), (2, 1, 2), stride=(2, 1, 1), padding=(1, 0, 1)),
        Conv((5, 4), 3, stride=(2, 1), padding=1, in_channels=2, out_channels=2, padding_mode="circular"),
        Conv((5, 4), 3, stride=(2, 1), padding_mode="reflect"),
        Conv(9, 3, stride=2, padding=2, output_shape=3),
        Conv(3, 1, stride=5),
    ],
    "dilation-residues": [
        Conv((6, 7), 2, dilation=(2, 3), padding=[(3, 1), (-1, 4)], in_channels=2, out_channels=2),
        Conv((6, 4, 3), (2, 2, 1), dilation=(3, 2, 5), padding=[(2, 1), (1, 2), (0, 0)], padding_mode="circular"),
        Conv((5, 4), (3, 2), dilation=(1, 2), padding=[(2, 1), (0, 0)], padding_mode="reflect"),
        Conv(9, 2, dilation=3, padding=(2,), output_shape=4, in_channels=4, out_channels=4, groups=2),
        Conv(1, 2, dilation=4, padding=[(3, 2)]),
        Conv(3, 1, dilation=10**12),
    ],
    "noble-identity": [
        Conv(
            (7, 9),
            2,
            stride=(2, 3),
            dilation=(4, 3),
            padding=[(1, 2), (-1, 2)],
            in_channels=2,
            groups=2,
            out_channels=4,
        ),
        Conv((6, 8), 2, stride=(3, 2), dilation=(3, 4), padding=[(2, 3), (1, 5)], padding_mode="circular"),
        Conv((5, 4), (2, 1), stride=(2, 1), dilation=2, padding=[(0, 0), (1, 2)], padding_mode="replicate"),
        ConvTranspose((3, 2, 2), 2, stride=2, dilation=2, padding=1, output_padding=1),
        Conv(1, 1, stride=4, dilation=4, padding=[(2, 1)]),
        Conv(12, 2, stride=2, dilation=2, output_shape=3),
    ],
    "non-overlapping": [
        Conv((4, 6), (2, 3), stride=(2, 3)),
        Conv((5, 6), (2, 1), stride=(2, 3), in_channels=2, out_channels=3),
        ConvTranspose((2, 1, 2), 2, stride=2, in_channels=4, out_channels=2, groups=2),
        Conv(8, 2, stride=2, output_shape=3),
        Conv(6, 3, stride=3, padding_mode="reflect"),
    ],
    "mirror": [
        Conv((6, 7), (3, 2), stride=(2, 3), padding=[(2, 0), (-1, 3)], dilation=(1, 2), in_channels=2, out_channels=2),
        Conv((4, 5, 3), (4, 2, 1), stride=(1, 2, 1), padding="same"),
        Conv((4, 5), (4, 2), stride=1, padding="same_lower", in_channels=2, out_channels=2, groups=2),
        Conv((5, 4), 3, stride=2, padding=1, padding_mode="circular"),
        Conv((5, 4), 3, stride=2, padding=2, padding_mode="reflect"),
        Conv(5, 4, padding=[(7, 2)], padding_mode="replicate"),
        Conv(5, 2, stride=2, padding_mode="circular"),
    ],
    "space-to-depth": [
        Conv((6, 7), (3, 2), stride=(2, 3), padding=[(2, 0), (-1, 3)], in_channels=2, out_channels=4, groups=2),
        Conv((6, 5), (3, 4), stride=(2, 3), padding=[(2, 0), (1, 3)], padding_mode="reflect"),
        ConvTranspose((2, 2, 1), (3, 2, 4), stride=(2, 3, 1), padding=[(1, 0), (0, 0), (1, 1)]),
        Conv(12, 3, stride=5, output_shape=1),
    ],
    "circulant": [
        Conv(5, 2, padding=[(0, 1)], padding_mode="circular"),
        Conv((3, 4), (3, 2), padding=[(1, 1), (1, 0)], in_channels=2, out_channels=3, padding_mode="circular"),
        Conv((4, 3, 2), (2, 1, 2), dilation=(3, 1, 1), padding=[(2, 1), (0, 0), (1, 0)], padding_mode="circular"),
        ConvTranspose(6, 3, dilation=2, padding=2, in_channels=2, out_channels=2, groups=2, padding_mode="circular"),
        Conv(2, 3, padding=1, padding_mode="circular"),
        Conv((12, 12), 3, padding=1, padding_mode="circular"),
    ],
    "unread-inputs": [
        Conv((6, 7), (3, 4), stride=(2, 3), padding=[(0, 0), (1, 0)], in_channels=2, out_channels=4, groups=2),
        Conv((1, 5), 3, stride=(3, 2), padding=[(4, 0), (0, 1)]),
        Conv((4, 5, 6), 2, stride=2),
        Conv((4, 6), 3, stride=3, padding_mode="circular"),
    ],
    "composition": [
        (Conv(9, 3, stride=2, dilation=2, padding=[(1, 3)]), Conv(5, 2, stride=2, dilation=2)),
        (
            Conv((5, 4), 2, padding=1, in_channels=2, out_channels=4, groups=2, padding_mode="reflect"),
            Conv((6, 5), (2, 3), stride=(1, 2), in_channels=4, out_channels=6, groups=2),
        ),
        (Conv((3, 3, 2), (2, 1, 2), out_channels=2), Conv((2, 3, 1), (1, 2, 1), in_channels=2, out_channels=3)),
        (ConvTranspose(3, 2, stride=2, padding=1), Conv(3, 2)),
        (Conv(9, 3, padding=1, output_shape=5), Conv(5, 2, output_shape=2)),
        (Conv(4, 3, padding=3, padding_mode="circular"), Conv(8, 3, stride=2)),
    ],
}
every_fit = pytest.mark.parametrize(
    ("name", "layer"),
    [
        pytest.param(name, layer, id=f"{name}-{number}")
        for name in FITTING
        for number, layer in enumerate(FITTING[name])
    ],
)

REFUSED: list[tuple[str, Any, str]] = [
    ("toeplitz", Conv(5, 2, padding=1, padding_mode="reflect"), "the padding is of zeros or circular"),
    ("composition", (Conv(5, 2), Conv(4, 2, padding=1)), "the second convolution has no pads"),
    ("composition", (Conv(5, 2), Conv(4, 2, padding=-1)), "the second convolution has no pads"),
    ("composition", (Conv(5, 2), Conv(5, 2)), "the second convolution reads what the first writes"),
    ("composition", (Conv(5, 2, out_channels=2), Conv(4, 2)), "the second convolution reads what the first writes"),
    ("dilation-residues", Conv(5, 2, stride=2), "the stride is 1"),
    (
        "dilation-residues",
        Conv(5, 2, dilation=2, padding=1, padding_mode="circular"),
        "the padding is of zeros, or circular with d dividing n",
    ),
    (
        "dilation-residues",
        Conv(4, 2, dilation=2, padding=1, padding_mode="reflect"),
        "the padding is of zeros, or circular with d dividing n",
    ),
    ("noble-identity", Conv(5, 2, stride=2, dilation=3), "s divides d"),
    (
        "noble-identity",
        Conv(5, 2, stride=2, dilation=2, padding=1, padding_mode="circular"),
        "the padding is of zeros, or circular with s dividing n",
    ),
    ("non-overlapping", Conv((4, 4), 2, stride=(2, 1)), "k is at most s"),
    ("non-overlapping", Conv(6, 2, stride=4, dilation=2), "the dilation is 1"),
    ("non-overlapping", Conv(6, 2, stride=2, padding=1), "the pads are 0"),
    ("mirror", Conv(6, 2, output_shape=3), "the convolution keeps all its outputs"),
    ("space-to-depth", Conv(6, 2, dilation=2), "the dilation is 1"),
    ("circulant", Conv(5, 3, padding=1), "the padding is circular"),
    ("circulant", Conv(4, 3, padding=1, stride=2, padding_mode="circular"), "the stride is 1"),
    ("circulant", Conv(4, 3, padding=2, padding_mode="circular"), "lo + hi = K - 1"),
    (
        "circulant",
        Conv(4, 3, padding=1, padding_mode="circular", output_shape=3),
        "the convolution keeps all its outputs",
    ),
    ("unread-inputs", Conv(5, 2, dilation=2), "the dilation is 1"),
    ("unread-inputs", Conv(5, 2, stride=3), "k is at least s"),
    ("unread-inputs", Conv(5, 2, padding=-1), "no pad is negative"),
    ("unread-inputs", Conv(5, 2, output_shape=2), "the convolution keeps all its outputs"),
    ("unread-inputs", Conv(5, 2, padding=1, padding_mode="replicate"), "the padding is of zeros"),
]


def proved_or_refused(name: str, layer: Any) -> bool:
    """Prove a theorem and check the proof, or see it refused with one of its hypotheses."""
    try:
        proof = prove(name, layer)
    except NotApplicable as refused:
        if refused.hypothesis in RECORDS[name].hypotheses:
            return False
        raise
    except TooLarge:
        return False
    assert proof.theorem is RECORDS[name]
    assert all(equation.says for equation in proof.equations)
    return True


@every_theorem
@every_layer
def test_a_theorem_is_proved_or_refused_for_every_named_layer(name: str, layer: Layer) -> None:
    proved = proved_or_refused(name, layer)
    if not RECORDS[name].hypotheses or name in ("separable", "composition"):
        assert proved


@every_theorem
@settings(max_examples=15)
@given(layer=layers(3).filter(lambda layer: count_nonzeros(layer) <= 300))
def test_a_theorem_is_proved_or_refused_for_any_layer(name: str, layer: Layer) -> None:
    proved_or_refused(name, layer)


@every_fit
def test_a_theorem_is_proved_in_all_its_range(name: str, layer: Any) -> None:
    prove(name, layer).check()


@every_theorem
def test_the_example_is_within_the_hypotheses_and_comes_back_from_a_pickle(name: str) -> None:
    proof = prove(name, RECORDS[name].example)
    proof.check()
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.theorem is RECORDS[name]


@pytest.mark.parametrize(("name", "layer", "hypothesis"), REFUSED)
def test_a_layer_outside_the_hypotheses_is_refused(name: str, layer: Any, hypothesis: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        prove(name, layer)
    assert caught.value.hypothesis == hypothesis
    assert hypothesis in RECORDS[name].hypotheses


def test_every_hypothesis_is_tested() -> None:
    tested = {(name, hypothesis) for name, _, hypothesis in REFUSED} | {("separable", SEPARABLE), ("mirror", PADS)}
    assert {(name, hypothesis) for name in NAMES for hypothesis in RECORDS[name].hypotheses} <= tested


SEPARABLE = "w[j] = u_0[j_0] u_1[j_1] ..., an outer product"
PADS = "the padding is of zeros, or its mode allows the pads hi - a and lo + a"


def test_mirrored_pads_that_a_mode_does_not_allow_are_refused() -> None:
    for layer in (
        Conv(5, 3, stride=2, padding=[(1, 0)], padding_mode="circular"),
        Conv(4, 3, stride=3, padding=[(3, 1)], padding_mode="reflect"),
    ):
        with pytest.raises(NotApplicable) as caught:
            prove("mirror", layer)
        assert caught.value.hypothesis == PADS


@pytest.mark.parametrize("name", ["toeplitz", "kronecker", "noble-identity", "mirror", "unread-inputs"])
def test_lenets_first_layer_is_proved(name: str) -> None:
    assert proved_or_refused(name, LENET)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("composition", (Conv((40, 40), 7), Conv((34, 34), 7))),
        ("non-overlapping", Conv((40, 40), 4, stride=4, in_channels=8, out_channels=32)),
        ("circulant", Conv((40, 40), 3, padding=1, padding_mode="circular", in_channels=8, out_channels=8)),
        ("kronecker", Conv(40_000, 40_000)),
    ],
)
def test_what_grows_faster_than_the_nonzeros_has_its_own_limit(name: str, layer: Any) -> None:
    with pytest.raises(TooLarge):
        prove(name, layer)


# --- given weights


a, b = sympy.symbols("a b")


@pytest.mark.parametrize("name", [name for name in NAMES if RECORDS[name].takes_kernel and name != "separable"])
@pytest.mark.parametrize("kernel", [[1, 2], [0, 0], [Fraction(1, 3), -2], [a, a**2 - b]], ids=str)
def test_a_theorem_is_proved_for_given_exact_weights(name: str, kernel: Any) -> None:
    layer = {
        "circulant": Conv(4, 2, padding=[(1, 0)], padding_mode="circular"),
        "dilation-residues": Conv(5, 2, dilation=2),
        "noble-identity": Conv(6, 2, stride=2, dilation=2),
    }.get(name, Conv(4, 2, stride=2))
    proof = prove(name, layer, kernel=kernel)
    proof.check()
    assert "w_{" not in str([equation.left for equation in proof.equations])


def test_floats_prove_nothing() -> None:
    for name in ("kronecker", "separable", "mirror"):
        with pytest.raises(ProofError, match="exact polynomial"):
            prove(name, Conv(3, 2), kernel=[0.5, 1.0])


def test_a_name_of_the_kernel_that_is_a_root_of_unity_is_refused() -> None:
    with pytest.raises(Exception, match="Rename it"):
        prove("circulant", Conv(3, 1, padding_mode="circular"), kernel=[sympy.Symbol("z_{0}")])
