"""The estimated width of a formula is never less than what pdflatex measures, and not much more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from symtconv.document.latexmath import set_math
from symtconv.document.typesetting import DISPLAY, FONTS, TEXT, Context
from tests.document.trees import TREES


@pytest.mark.parametrize("style", [DISPLAY, TEXT], ids=["display", "text"])
@pytest.mark.parametrize("font", FONTS)
def test_estimates_cover_the_truth(font: str, style: int, measured: Callable[[Sequence[str]], list[float]]) -> None:
    settings = {name: set_math(tree, Context(font, style)) for name, tree in TREES.items()}
    command = r"\displaystyle " if style == DISPLAY else ""
    truths = measured([rf"\{font}${command}{setting.text}$" for setting in settings.values()])
    for (name, setting), truth in zip(settings.items(), truths, strict=True):
        assert setting.width >= truth, name
        assert setting.width <= 1.35 * truth + 7, name
