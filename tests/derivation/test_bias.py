"""The gradient by the bias sums all pixels of a channel."""

from __future__ import annotations

import sympy

from symtconv import Conv, ConvTranspose
from symtconv.derivation.bias import bias_section
from symtconv.document.nodes import ProofBlock, Theorem
from symtconv.layers import convolve
from symtconv.matrices.symbolic import input_symbols, kernel_symbols
from tests.derivation.trees import find, story, text_of

UP4 = ConvTranspose((2, 2), 3, stride=2, padding="same")


def test_all_pixels_are_summed() -> None:
    conv, b = UP4.T, sympy.Symbol("b")
    y = convolve(conv, input_symbols(conv), kernel_symbols(conv), [b])
    gradient = sympy.diff((input_symbols(UP4) * y).sum(), b)
    names = sorted(str(symbol) for symbol in gradient.free_symbols)
    text = text_of(bias_section(story(UP4)))
    assert f"={'+'.join(names)}" in text
    assert gradient == sum(sympy.Symbol(name) for name in names)


def test_the_first_channel_is_written_out() -> None:
    text = text_of(bias_section(story(Conv((2, 2), 1, in_channels=2, out_channels=3))))
    assert "v_{0,0,0}+v_{0,0,1}+v_{0,1,0}+v_{0,1,1}" in text
    assert "v_{1" not in text
    assert "onenumberforeachoutputchannel" in text


def test_both_layers_of_the_pair_have_a_bias() -> None:
    text = text_of(bias_section(story(Conv(3, 2))))
    assert "=v_{0}+v_{1}" in text
    assert "=x_{0}+x_{1}+x_{2}" in text


def test_a_theorem_needs_a_proof() -> None:
    assert len(list(find(bias_section(story(UP4)), Theorem))) == 1
    large = ConvTranspose((4, 4), 4, stride=2, padding=1, in_channels=1024, out_channels=512)
    assert not list(find(bias_section(story(large)), Theorem))


def test_letters_do_not_meet() -> None:
    text = text_of(bias_section(story(UP4, v="beta", z="gamma", base=1, order="F")))
    assert r"\beta_{1,1}+\beta_{2,1}+\beta_{1,2}+\beta_{2,2}" in text
    assert r"\partial\eta" in text


def test_the_role_of_x_is_said() -> None:
    section = bias_section(story(UP4))
    assert "thegradientthatarrivesat$z$" in text_of(section)
    assert len(list(find(section, ProofBlock))) == 1
