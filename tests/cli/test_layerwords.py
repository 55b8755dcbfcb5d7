"""The words and data of `symtconv shape`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from symtconv import Conv
from symtconv.cli import main
from symtconv.commandline.layerwords import layer_data, named_sizes, shape_data, shape_words
from symtconv.geometry import Layer
from tests.cases import every_layer

KEYS = [
    "input_shape",
    "output_shape",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "dilation",
    "in_channels",
    "out_channels",
    "groups",
    "padding_mode",
    "kernel_shape",
    "transposed",
    "same_output",
]


def test_issue_2s_example() -> None:
    args = ["shape", "--input", "4x4", "--kernel", "3x3", "--stride", "2", "--padding", "same", "--json"]
    data = json.loads(CliRunner().invoke(main, args).stdout)
    assert list(data) == KEYS
    assert data["output_shape"] == [2, 2]
    assert data["padding"] == [[0, 1], [0, 1]]
    assert data["same_output"] == [[4, 5], [4, 5]]
    assert data["transposed"] is False


@every_layer
def test_data_are_the_attributes(layer: Layer) -> None:
    data = json.loads(json.dumps(shape_data(layer)))
    for name in KEYS[:-1]:
        value = getattr(layer, name)
        assert data[name] == json.loads(json.dumps(value)), name
    assert data["same_output"] == [list(sizes) for sizes in layer.same_output]
    assert list(layer_data(layer)) == KEYS[:-1]


@every_layer
def test_words_hold_every_attribute_and_fit_a_terminal(layer: Layer) -> None:
    words = shape_words(layer, None)
    for name in KEYS[:12]:
        assert f"  {name}" in words
    assert max(map(len, words.splitlines())) <= 100
    assert "output_padding" in words


def test_words_say_why_sizes_share_an_output() -> None:
    words = shape_words(Conv((4, 4), 3, stride=2, padding="same"), "same").replace("\n", " ")
    assert "each of the sizes 4, 5 to 2" in words
    assert "output_padding 0 picks 4" in words
    assert 'With padding "same" resolved anew for each size, the sizes 3, 4 give 2.' in words
    assert "floor((4 + 0 + 1 - 3)/2) + 1 = 2" in words


def test_words_for_one_size_and_for_kept_outputs() -> None:
    assert "Stride 1 forgets nothing" in shape_words(Conv(4, 3), None)
    kept = shape_words(Conv(9, 3, output_shape=4), None).replace("\n", " ")
    assert "would have 7 outputs and keeps 4" in kept


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_sizes_of_a_name_are_those_that_give_the_output(stride: int) -> None:
    axis = Conv(12, 3, stride=stride, padding="same").axes[0]
    found = [n for n in range(1, 40) if Conv(n, 3, stride=stride, padding="same").output_shape == (axis.small,)]
    assert list(named_sizes(axis, "same")) == found
