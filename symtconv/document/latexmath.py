"""Mathematics in LaTeX. Each kind of node has one rule, in the modules imported here; a kind without a rule raises."""

from __future__ import annotations

from symtconv.document import latexarithmetic, latexmatrix, latexstatements
from symtconv.document.markup import Markup
from symtconv.document.mathematics import Like, as_math
from symtconv.document.typesetting import DISPLAY, TEXT, Context, set_math

__all__ = ["latexarithmetic", "latexmatrix", "latexstatements", "mathematics", "set_math"]


def mathematics(node: Like, *, display: bool = False) -> Markup:
    """Give the LaTeX of a formula, on one line and without dollars, with the packages that it needs.

    >>> mathematics("s").text
    's'
    """
    return set_math(as_math(node), Context(style=DISPLAY if display else TEXT)).markup
