"""The grammars of the geometry flags, and what int() would have let pass."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from symtconv import Conv, ConvTranspose, GeometryError
from symtconv.cli import main
from symtconv.commandline import grammar
from symtconv.commandline.geometryflags import Geometry

NOT_WHOLE = [
    "1_000",
    " 2",
    "2 ",
    "\u0663",
    "\u00b2",
    "1e3",
    "2.0",
    "+2",
    "007",
    "0b1",
    "",
    "--2",
    "2\n",
    "1,000",
    "9" * 19,
]


@pytest.mark.parametrize("text", NOT_WHOLE)
@pytest.mark.parametrize(
    "read", [grammar.whole, grammar.sizes, grammar.pads, grammar.channels], ids=["whole", "sizes", "pads", "channels"]
)
def test_what_int_would_let_pass_is_refused(read: Any, text: str) -> None:
    for written in (text, f"{text}x3", f"3x{text}", f"{text}:3", f"3:{text}"):
        with pytest.raises(GeometryError) as caught:
            read("flag", written)
        assert caught.value.asked == "--flag"
        assert caught.value.rule


def test_very_long_numbers_are_refused_at_once() -> None:
    with pytest.raises(GeometryError, match="at most 18 digits"):
        grammar.sizes("input", "9" * 100_000)
    with pytest.raises(GeometryError, match="at most 16 axes"):
        grammar.sizes("input", "x".join(["1"] * 100_000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("same", "same"),
        ("full", "full"),
        ("1", 1),
        ("-1", -1),
        ("1x2", (1, 2)),
        ("0:1", ((0, 1),)),
        ("0:1x0:1", ((0, 1), (0, 1))),
        ("-1:0x0:-1", ((-1, 0), (0, -1))),
        ("1x0:-3", (1, (0, -3))),
    ],
)
def test_pads(text: str, expected: Any) -> None:
    assert grammar.pads("padding", text) == expected


@pytest.mark.parametrize("text", ["Same", "sane", "1:2:3", "0:", ":", "1x", "x", "1x2x", "1;2", "1 x 2", "same "])
def test_paddings_outside_the_grammar(text: str) -> None:
    with pytest.raises(GeometryError, match="same_lower"):
        grammar.pads("padding", text)


def test_flags_make_the_layer_that_they_name() -> None:
    flags = Geometry(
        "9x8", "3x2", stride="2x1", padding="-1:0x2:-1", dilation="2", channels="4:6", groups="2", output_shape="2x6"
    )
    assert flags.layer() == Conv(
        (9, 8),
        (3, 2),
        stride=(2, 1),
        padding=((-1, 0), (2, -1)),
        dilation=2,
        in_channels=4,
        out_channels=6,
        groups=2,
        output_shape=(2, 6),
    )
    transposed = Geometry(
        "4", "3", stride="2", padding="1", output_padding="1", padding_mode="reflect", transposed=True
    )
    assert transposed.layer() == ConvTranspose(4, 3, stride=2, padding=1, output_padding=1, padding_mode="reflect")


@pytest.mark.parametrize("flag", [["--padding", "-1"], ["--padding=-1"], ["--padding", "-1:-1"]])
def test_negative_pads_are_values_not_flags(flag: list[str]) -> None:
    result = CliRunner().invoke(main, ["shape", "--input", "8", "--kernel", "3", *flag])
    assert result.exit_code == 0
    assert "-1:-1" in result.stdout


def test_output_padding_needs_a_transposed_convolution() -> None:
    with pytest.raises(GeometryError, match="--transposed"):
        Geometry("4", "3", output_padding="1").layer()
