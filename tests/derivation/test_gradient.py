"""The gradient section argues in its proof, compares after it, and gives the backward pass of a transposed layer."""

from __future__ import annotations

import numpy as np
import pytest

from symtconv import Conv, ConvTranspose, symbolic_matrix
from symtconv.derivation.gradient import gradient_section
from symtconv.document.nodes import Derivation, ProofBlock, Theorem
from symtconv.geometry import Layer
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


def test_the_proof_ends_with_its_argument() -> None:
    section = gradient_section(story(UP4))
    first, _ = find(section, ProofBlock)
    assert isinstance(first.blocks[-1], Derivation)
    text = text_of(section)
    assert text.index("Forexample") > text.index("derivatives$")
    assert "SymPy" not in text


@pytest.mark.parametrize(
    "layer",
    [UP4, Conv(9, 3, dilation=2, stride=2, padding=2), Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3)],
)
def test_the_derivatives_are_counted(layer: Layer) -> None:
    C = symbolic_matrix(layer.convolution)
    filled = int(np.count_nonzero(np.array(C.tolist()) != 0))
    text = text_of(gradient_section(story(layer)))
    assert f",{filled}areoneweighteach,and{C.shape[0] * C.shape[1] - filled}are0:" in text


def test_weights_that_read_a_pixel_twice_are_sums() -> None:
    assert "oneweightorasumofweightseach" in text_of(
        gradient_section(story(Conv(3, 4, padding=3, padding_mode="circular")))
    )


def test_a_transposed_layer_has_its_own_backward_pass() -> None:
    section = gradient_section(story(UP4))
    assert [theorem.name for theorem in find(section, Theorem)] == [
        "the input gradient",
        "the gradient of the transposed convolution",
    ]
    text = text_of(section)
    assert r"\nabla_{v}\langle{x,z}\rangle=Cx" in text.replace("{}", "")
    assert len(list(find(gradient_section(story(UP4.T)), Theorem))) == 1


def test_theorems_need_their_proofs() -> None:
    large = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    section = gradient_section(story(large))
    assert not list(find(section, Theorem))
    assert [proof.heading for proof in find(section, ProofBlock)] == ["Argument", "Argument"]


def test_a_pixel_that_nothing_reads_has_no_gradient() -> None:
    assert "nooutputreadsthepixel" in text_of(gradient_section(story(Conv(1, 1, stride=2, padding=[(1, 0)]))))
