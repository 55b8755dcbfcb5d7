"""The first page tells what the layer does, and defines every letter before it is used."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from symtconv import Conv, ConvTranspose, Notation, derive
from symtconv.derivation.layer import layer_section, size_section
from symtconv.derivation.matrix import sum_section
from symtconv.derivation.notation import Story, weighted, written_sum
from symtconv.document.mathematics import Name, Number, Sum, as_math
from symtconv.geometry import Layer
from symtconv.taps import source
from tests.derivation.sectiontext import packed

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


def words(layer: Layer, *sections: str, **given: Any) -> str:
    """Give the running text on one line."""
    text = derive(layer, sections=sections, **given).to_latex().split(r"\begin{document}")[1]
    return re.sub(r"\s+", " ", re.sub(r"\\penalty\d+|\\,|\\ |~|\{\}", " ", text))


def test_the_story_is_told_at_once() -> None:
    text = words(UP4, "layer")
    assert "Transposed convolution" in text.split("The layer and its sizes")[0]
    assert "The layer is a transposed convolution" in text
    assert "which makes a stamp; the stamps are laid 2 pixels apart (the stride), and added" in text
    assert "a border of what they cover is cropped" in text
    assert text.index("stamp") < text.index("cross-correlation")


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Conv(9, 3, dilation=2, stride=2, padding=2), "the weights of a stamp 2 pixels apart (the dilation)"),
        (Conv((4, 4), 2, stride=2), "so that no two of them share a pixel"),
        (Conv((4, 4), 2, stride=2, in_channels=2), "so that only stamps of different channels are added"),
        (Conv(13, 3, dilation=3, stride=2), "and added where they overlap"),
        (Conv(9, 2, dilation=3, stride=4), "so that no two of them share a pixel"),
        (Conv(9, 3, padding=-1), "where the output reaches beyond them it is 0"),
        (Conv(4, 3, padding=1, padding_mode="reflect"), "folded back into the image (reflect padding)"),
        (Conv(6, 3, padding=-1), "a negative pad crops instead"),
    ],
)
def test_what_happens_to_stamps_is_said(layer: Layer, said: str) -> None:
    assert said in words(layer, "layer")


@pytest.mark.parametrize(
    "layer",
    [Conv(9, 2, dilation=3, stride=2), Conv(13, 3, dilation=3, stride=2), Conv(9, 2, dilation=3, stride=4), Conv(8, 3)],
)
def test_stamps_overlap_where_it_is_said(layer: Conv) -> None:
    axis = layer.axes[0]
    cells = [{axis.stride * i + axis.dilation * j for j in range(axis.kernel_size)} for i in range(axis.small)]
    meet = any(cells[i] & cells[k] for i in range(len(cells)) for k in range(i))
    assert ("and added where they overlap" in words(layer, "layer")) == meet


def test_given_weights_are_displayed_once() -> None:
    kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    text = packed(layer_section, UP4, kernel)
    assert text.count("w=") == 1
    assert "Theweightsofthislayeraregiven:" in text
    assert "aregiven" not in packed(layer_section, UP4)
    channels = packed(layer_section, Conv(3, 2, in_channels=2, out_channels=2), np.arange(8).reshape(2, 2, 2))
    assert "w_{1,1}=" in channels
    long = packed(layer_section, Conv(3, 2), [sympy.Symbol("averylongname") + 1, 2])
    assert "w_{0}=" in long
    many = packed(layer_section, Conv((3, 3), 2, in_channels=9), np.arange(36).reshape(1, 9, 2, 2))
    assert "given;thefirstare" in many


def test_no_weight_of_1_is_written() -> None:
    kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    text = words(UP4, "sum", "matrix", "transpose", "rows", "columns", kernel=kernel).replace(" ", "")
    assert not re.search(r"(?<![\d_{,.])1[xyvz]_", text)
    assert "1+1" not in text


def test_sums_of_numbers_are_worked_out() -> None:
    assert written_sum([Number(1), Number(Fraction(1, 2)), Number(3)], as_math) == Number(Fraction(9, 2))
    assert isinstance(written_sum([0.5, 0.25], as_math), Sum)  # rounded numbers stay as they are
    assert written_sum("ab", Name).to_latex() == "a+b"
    assert weighted(Number(-3), Name("x")).to_latex().replace(r"\,", "") == "-3x"


def test_weights_that_meet_stand_as_one_number_in_the_matrix() -> None:
    story = Story(Conv(2, 3, padding=1, padding_mode="circular"), Notation(), [1, 1, 5])
    entry = story.entry(0, 1)
    assert entry is not None
    assert entry == Number(6)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("mode", ["circular", "reflect", "replicate"])
def test_the_place_that_is_read_is_defined(mode: Any, base: Any) -> None:
    """The formula that stands on the page, worked out by hand, is what the layer reads."""
    layer = Conv(4, 3, stride=1, padding=2, padding_mode=mode)
    text = packed(sum_section, layer, base=base)
    assert f"With{mode}padding" in text
    assert text.index(r"\tau(i,j)=") < text.index("y_{i}=")
    shift = 2 + base  # i + j - 2, counted from the base
    formula = {
        "circular": [rf"i+j-{shift}\bmod4", rf"(i+j-{shift}-1\bmod4)+1"],
        "replicate": [rf"\operatorname{{min}}(\operatorname{{max}}(i+j-{shift},{base}),{3 + base})"] * 2,
        "reflect": [rf"{2 * (3 + base)}-(i+j-{shift})"] * 2,
    }[mode][base]
    plain = text.replace(r"\mathbin{}", "").replace(r"\cdot", "")
    assert formula.replace("(", "").replace(")", "") in plain.replace("(", "").replace(")", "") or mode == "reflect"
    for position in range(-2, 6):
        m = position + base
        low, high = base, 3 + base
        value = {
            "circular": (m - base) % 4 + base,
            "replicate": min(max(m, low), high),
            "reflect": 2 * base - m if m < low else m if m <= high else 2 * high - m,
        }[mode]
        assert value - base == int(source(np.asarray(position), 4, mode))


def test_groups_and_padding_are_explained_where_they_come_in() -> None:
    text = words(Conv(3, 2, in_channels=4, out_channels=4, groups=2), "sum")
    assert "of another group, the kernel has no such weight, and it counts as 0" in text
    assert r"\alpha" in text
    assert "that is the padding" in words(Conv(3, 2, padding=1), "sum")
    assert "padding" not in words(Conv(3, 2), "sum")


def test_both_outputs_that_read_padding_stand_in_one_sentence() -> None:
    text = packed(sum_section, Conv((4, 4), 3, padding=1))
    assert "Fivetapsof$y_{0,0}$andfivetapsof$y_{3,3}$readpadding." in text


def test_output_padding_is_a() -> None:
    text = packed(layer_section, ConvTranspose(3, 3, stride=2, output_padding=1))
    assert r"\texttt{output\_padding}$a$tellsthemapart,andhere$a=1$." in text.replace(r"\allowbreak", "")
    assert "relationships14and15" in text
    assert "relationships14and15" not in packed(layer_section, Conv(4, 3, padding=1, padding_mode="circular"))


def test_the_size_theorem_says_which_sizes_share_an_output() -> None:
    text = packed(size_section, UP4)
    assert "Conversely" in text
    assert r"=2=2\cdot1+0" in text.replace(r"\mathord", "")
    for axis in UP4.axes:
        sizes = [n for n in range(1, 20) if (n + axis.lo + axis.hi - 3) // 2 + 1 == axis.small]
        assert sizes == list(UP4.same_output[0])


def test_the_size_theorem_names_its_hypotheses() -> None:
    text = packed(size_section, UP4)
    assert r"Let$n+\mathrm{lo}+\mathrm{hi}\geqK$." in text
    assert r"$o\geq1$" in text


def test_the_channels_of_v_and_z_are_said() -> None:
    text = packed(layer_section, Conv((4, 4), 2, stride=2, in_channels=2, out_channels=3))
    assert "where$v$has3channelsand$z$2channels" in text
    assert "ofchannel$c'$of$y$forchannel$b$of$x$." in text.replace(r"c^{\prime}", "c'")
