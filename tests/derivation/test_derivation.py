"""Derivations say what is so, compile without complaint, and refuse what they cannot write."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, GeometryError, Notation, Refuted, derive, symbolic_matrix
from symtconv.derivation import SECTIONS
from symtconv.derivation.notation import Story
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.cases import LAYERS

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")
DCGAN = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
COMPILED = {
    **LAYERS,
    "lenet": Conv((28, 28), 5),
    "dcgan": DCGAN,
    "entries-sum-many-taps": Conv((1, 2), (4, 3), padding=((9, 9), (6, 6)), in_channels=2, padding_mode="replicate"),
    "long-stamps": ConvTranspose(30, 25, stride=7, dilation=2),
    "wide-stamps": ConvTranspose((9, 12), (7, 11), stride=(4, 6), padding=3),
    "four-axes": Conv((2, 3, 2, 3), 2),
}


def text_of(layer: Layer, *sections: str, **given: object) -> str:
    return derive(layer, sections=sections or None, **given).to_latex()  # type: ignore[arg-type]


def test_the_sizes_are_worked_out() -> None:
    text = text_of(UP4, "layer")
    assert r"\left\lfloor\frac{4+0+1-3}{2}\right\rfloor" in text.replace(" ", "") or "4+0+1-3" in text
    assert "2\\cdot(2-1)+3-0-1+0" in text.replace(" ", "")
    assert "The large sizes 4 and 5 both have the small size" in text


def test_the_counts_are_those_of_the_matrix() -> None:
    text = text_of(UP4, "matrix")
    assert "25 hold weights" in text
    assert "39 are zero" in text


def test_a_pixel_is_worked_out_as_its_row_of_the_transpose() -> None:
    text = re.sub(r"\s|\\,", "", text_of(UP4, "transpose"))
    assert "z_{2,2}&=w_{2,2}v_{0,0}" in text or "z_{2,2}=w_{2,2}v_{0,0}" in text


def test_the_padding_is_said_to_be_read() -> None:
    assert "Five taps of $y_{1,1}$ read padding" in text_of(UP4, "sum")


def test_groups_keep_their_channels_apart() -> None:
    text = text_of(Conv(3, 2, in_channels=4, out_channels=2, groups=2), "sum", "gradient")
    assert r"\alpha(c')+b" in re.sub(r"c\^\{?\\prime\}?", "c'", text)


def test_large_layers_get_an_argument_but_no_theorem() -> None:
    text = text_of(DCGAN, "gradient")
    assert "headed Argument" in " ".join(text.split())
    assert r"\begin{statement}{Theorem}" not in text


def test_a_large_layer_says_once_that_some_of_it_is_argued() -> None:
    sections = ("stampsum", "constructions", "adjoint")
    text = " ".join(text_of(COMPILED["lenet"], *sections).split())
    assert text.count("A reason headed Argument") == 1
    assert "What is headed Theorem" not in text
    assert "not checked for this layer, and is not called a theorem" in text
    text = " ".join(text_of(COMPILED["lenet"], "size", *sections).split())
    assert text.count("What is headed Theorem") == 1
    assert text.count("A reason headed Argument") == 1
    assert "headed" not in text_of(COMPILED["lenet"], "layer")


def test_a_small_layer_says_once_what_was_checked() -> None:
    text = " ".join(text_of(UP4, "stampsum", "adjoint").split())
    assert text.count("it was also checked by computer") == 1
    assert "Argument" not in text
    assert "headed" not in text_of(UP4, "layer", "matrix")
    ring = " ".join(text_of(Conv((4, 4), 3, padding=1, padding_mode="circular"), "constructions", "regularity").split())
    assert ring.count("it was also checked by computer") == ring.count("A reason headed Argument") == 1
    assert r"\textbf{Schur's bound.}" in ring.replace("’", "'")


def test_fewer_outputs_than_the_formula_get_no_size_theorem() -> None:
    text = text_of(Conv(9, 2, output_shape=3), "layer", "size")
    assert "of which the first 3 are kept" in text
    assert r"\begin{statement}{Theorem}" not in text


def test_nothing_is_written_when_a_proof_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    true = symbolic_matrix

    def wrong(layer: Layer, kernel: object = None) -> sympy.SparseMatrix:
        matrix = true(layer, kernel)
        matrix[0, 0] += 1
        return matrix

    monkeypatch.setattr("symtconv.catalogue.subject.symbolic_matrix", wrong)
    with pytest.raises(Refuted):
        derive(UP4)


def test_given_weights_stand_in_the_matrix() -> None:
    text = text_of(Conv(3, 2), "matrix", kernel=[Fraction(1, 3), sympy.Symbol("a") + 1])
    assert r"\frac{1}{3}" in text
    assert "a+1" in text


def test_an_example_is_exact() -> None:
    text = text_of(Conv(3, 2), "example", kernel=[Fraction(1, 3), 2], x=[1, 2, Fraction(1, 7)])
    assert r"\frac{13}{3}" in text
    assert r"\frac{20}{21}" in text


def test_an_example_without_weights_keeps_their_names() -> None:
    assert "2w_{1}" in text_of(Conv(2, 2), "example", x=[1, 2]).replace(r"\,", "")


def test_an_example_shows_every_channel() -> None:
    layer = ConvTranspose((2, 2), 1, in_channels=2, out_channels=2)
    kernel = [[[[1]], [[2]]], [[[3]], [[4]]]]
    text = text_of(layer, "example", kernel=kernel, x=[[[1, 0], [0, 0]], [[0, 0], [0, 1]]])
    assert "z_{0}" in text
    assert "z_{1}" in text


def test_sections_keep_the_order_asked_for() -> None:
    document = derive(UP4, sections=["inverse", "layer"])
    assert [getattr(block, "title", None) for block in document.blocks] == [
        "Why it is no inverse",
        "The layer and its sizes",
    ]


def test_letters_can_be_chosen() -> None:
    text = text_of(UP4, notation=Notation(x="u", y="r", v="delta", z="p", w="h", C="A"))
    assert "h_{0,0}" in text
    assert r"\delta" in text
    assert "w_{0,0}" not in text


@pytest.mark.parametrize("letter", ["", "x_1", "\\x", "$", "x y", "é", "i", "lo", 3])
def test_letters_that_cannot_be_are_refused(letter: str) -> None:
    with pytest.raises(GeometryError, match="Notation"):
        Notation(x=letter)


def test_letters_must_differ() -> None:
    with pytest.raises(GeometryError, match="differ"):
        Notation(x="y")


@pytest.mark.parametrize("sections", ["layer", ["nope"], [3]])
def test_unknown_sections_are_listed(sections: list[str]) -> None:
    with pytest.raises(GeometryError, match="the sections are layer, sum"):
        derive(UP4, sections=sections)


def test_an_example_needs_an_input() -> None:
    with pytest.raises(GeometryError, match="Pass x"):
        derive(UP4, sections=["example"])
    assert "example" in SECTIONS


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(GeometryError, match="kernel"):
        derive(UP4, kernel=[[1, 2], [3, 4]])
    with pytest.raises(GeometryError, match="x"):
        derive(UP4, x=[1, 2])
    with pytest.raises(GeometryError, match="layer of derive"):
        derive("layer")  # type: ignore[arg-type]


def test_names_never_reach_latex_unescaped(complaints: Callable[[Document], list[str]]) -> None:
    kernel = [sympy.Symbol(r"\input{/etc/passwd}"), sympy.Symbol("a_b%$#&~^{}")]
    document = derive(Conv(3, 2), kernel=kernel)
    assert r"\input{/etc" not in document.to_latex()
    assert complaints(document) == []


def test_it_is_saved_whole(tmp_path: Path, pdflatex: str) -> None:
    derive(UP4, sections=["layer"]).save(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_names_of_pixels_are_refused_for_weights() -> None:
    with pytest.raises(GeometryError, match="kernel of derive"):
        derive(Conv(3, 2), kernel=[sympy.Symbol("x_{1}"), 1])


@pytest.mark.parametrize("kernel", [[1, 0, 0], [0, 1, 0]])
def test_a_kernel_that_is_undone_is_said_to_be(kernel: list[int]) -> None:
    text = text_of(Conv(4, 3, padding=1, padding_mode="circular"), "inverse", kernel=kernel)
    assert "does undo the convolution" in text


def test_given_weights_are_used_in_the_numbers() -> None:
    text = text_of(UP4, "inverse", kernel=[[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert "With the given weights let" in text
    C = np.array(symbolic_matrix(UP4.convolution, [[1, 2, 1], [2, 4, 2], [1, 2, 1]]).tolist())
    back = (C.T @ C)[10].reshape(4, 4)  # of the pixel in row 2 and column 2
    rows = [r"&".join(map(str, row)) for row in back.tolist()]
    assert r"\\".join(rows) in re.sub(r"\s|\[\S*?\]", "", text)


def test_rounded_numbers_are_not_called_exact() -> None:
    text = text_of(Conv(2, 2), "example", kernel=[0.1, 0.2], x=[1, 2])
    assert "Every number is exact" not in text


def test_long_results_of_an_example_are_listed() -> None:
    text = text_of(Conv((8, 8), 3), "example", x=[[8 * r + c for c in range(8)] for r in range(8)])
    assert "y_{0,2}" in text
    assert "and so on" in text


@pytest.mark.parametrize(
    "layer",
    [
        Conv(3, 1, stride=4, padding=[(6, 0)], output_shape=1),
        Conv(1, 1, padding=[(1, 0)], output_shape=1),
        Conv(1, 1, padding=[(1, 0)], output_shape=1).T,
    ],
)
def test_layers_that_keep_few_outputs_are_drawn(layer: Layer, complaints: Callable[[Document], list[str]]) -> None:
    assert complaints(derive(layer)) == []


def test_the_notation_counts_from_1_stacks_columns_and_writes_cases() -> None:
    layer = ConvTranspose((2, 2), 3, stride=2, padding="same")
    text = derive(layer, notation=Notation(base=1, order="F", iverson=False, brackets="()")).to_latex()
    assert "m=2i+j-2" in text  # m - 1 = 2 (i - 1) + (j - 1)
    assert r"\begin{cases}" in text
    assert r"\left(\begin{array}" in text
    assert r"\left[" not in text
    assert r"\operatorname{vec}y=({y_{1,1},y_{2,1},y_{1,2},y_{2,2}})" in text
    assert "_{0" not in text


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_matrix_shown_is_that_of_the_order(order: Any) -> None:
    layer = Conv((2, 3), (1, 2), in_channels=2)
    story = Story(layer, Notation(order=order))
    C = symbolic_matrix(layer, order=order)
    for row, column in np.ndindex(*C.shape):
        entry = story.entry(row, column)
        assert (entry is None) == (C[row, column] == 0)
        if entry is not None:
            assert str(C[row, column]).replace("w_", "").strip("{}") in entry.to_latex()


@pytest.mark.parametrize(
    "wrong", [{"base": 2}, {"base": True}, {"base": "1"}, {"order": "K"}, {"iverson": 1}, {"brackets": "{}"}]
)
def test_other_notations_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(GeometryError, match=next(iter(wrong))):
        Notation(**wrong)
