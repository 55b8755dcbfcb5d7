"""What `symtconv prove` prints."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import symtconv
from symtconv import Conv, ConvTranspose, prove
from symtconv.cli import main
from symtconv.commandline.proofwords import proof_data, proof_words
from symtconv.proofs.theorem import Theorem
from tests.cases import LAYERS

ISSUE_2 = ["prove", "input-gradient", "--transposed", "--input", "3x3", "--kernel", "5x5", "--stride", "2"]


def test_issue_2s_example() -> None:
    result = CliRunner().invoke(main, [*ISSUE_2, "--padding", "same"])
    assert result.exit_code == 0
    words = result.stdout
    assert "grad_x <v, y> = C^T v" in words
    assert "C, 9 x 36, is the matrix" in words
    assert "All 36 entries agree" in words
    assert "differentiate  differentiate term by term" in words
    # 2 i + j - 1 = 1 on each axis: i = 0 with j = 2, and i = 1 with j = 0
    assert "For example at m = (1, 1): v_{0,0}*w_{2,2} + v_{0,1}*w_{2,0} + v_{1,0}*w_{0,2} + v_{1,1}*w_{0,0}" in words
    assert "checked by the proof kernel" in words
    assert max(map(len, words.splitlines())) <= 120


TOLD = ("1d-dilated", "2x2-to-4x4", "groups", "circular", "3d-transposed")


@pytest.mark.parametrize("theorem", symtconv.theorems(), ids=lambda theorem: theorem.name)
def test_every_theorem_can_be_told(theorem: Theorem) -> None:
    examples = () if isinstance(theorem.example, tuple) else (theorem.example,)  # the command line takes one layer
    for layer in (*examples, *map(LAYERS.__getitem__, TOLD)):
        try:
            proof = prove(theorem, layer)
        except symtconv.NotApplicable:
            continue
        words, data = proof_words(proof), json.loads(json.dumps(proof_data(proof)))
        assert f"{len(proof.steps)} steps" in words
        assert data["verdict"] == "proved"
        assert sum(len(equation["steps"]) for equation in data["equations"]) == len(proof.steps) == data["steps"]
        assert [equation["says"] for equation in data["equations"]] == [e.says for e in proof.equations]


def test_counts_are_those_of_the_matrix() -> None:
    data = proof_data(prove("jacobian", Conv((4, 4), 3)))
    assert [(e["entries"], e["nonzeros"], e["zeros"]) for e in data["equations"]] == [(64, 36, 28)] * 2


def test_numbers_are_told_and_long_lists_cut() -> None:
    words = proof_words(prove("size-round-trip", Conv(7, 3, stride=2)))
    assert "Both sides are 3." in words
    assert "Both sides are 7." in words
    assert "more steps by the same rules" in words


def test_an_example_names_its_place_and_is_right() -> None:
    words = proof_words(prove("jacobian", Conv((3, 4), 2, in_channels=2), kernel=None))
    assert "For example at i = (0, 0, 0), m = (0, 0, 0): w_{0,0,0,0}" in words


def test_places_are_row_major() -> None:
    words = proof_words(prove("stamps", ConvTranspose((2, 4), (3, 1), stride=(2, 1))))
    assert "For example at m = (2, 0): v_{0,0}*w_{2,0} + v_{1,0}*w_{0,0}" in words


def test_exact_weights_and_latex() -> None:
    args = ["prove", "jacobian", "--input", "4", "--kernel", "3", "--weights", "1/3 a 0.5"]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0
    assert "1/3" in result.stdout
    latex = CliRunner().invoke(main, [*args, "--latex"])
    assert latex.exit_code == 0
    assert "\\" in latex.stdout
    both = json.loads(CliRunner().invoke(main, [*args, "--latex", "--json"]).stdout)
    assert both["verdict"] == "proved"
    assert both["latex"].strip() == latex.stdout.strip()
