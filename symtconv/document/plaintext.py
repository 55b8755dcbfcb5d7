"""Running text without formulas' markup, for the outline and the properties of a PDF."""

from __future__ import annotations

import re

from symtconv.document.latexmath import set_math
from symtconv.document.mathematics import Math
from symtconv.document.nodes import Citation, Code, Content, Emphasis, Inline, Link, Strong, Text, pieces
from symtconv.document.typesetting import Context
from symtconv.errors import SymtconvError

_SIGNS = {
    r"\times": "x",
    r"\to": "to",
    r"\cdot": "*",
    r"\mathsf{T}": "T",
    r"\leq": "<=",
    r"\geq": ">=",
    r"\ldots": "...",
}
_SPACED = {"to", "="}


def plain(content: Content) -> str:
    """Give the words of a content, its formulas as they would be typed.

    >>> from symtconv.document.mathematics import Relation, Shape, Transpose
    >>> plain(("Upsampling ", Relation(Shape(2, 2), "to", Shape(4, 4)), ": ", Relation("z", "=", Transpose("C"))))
    'Upsampling 2x2 to 4x4: z = C^T'
    """
    return "".join(_formula(piece) if isinstance(piece, Math) else _words(piece) for piece in pieces(content))


def _words(piece: Inline) -> str:
    if isinstance(piece, Text | Code | Citation):
        return piece.text
    if isinstance(piece, Emphasis | Strong | Link):
        return plain(piece.content)
    raise SymtconvError("the words of a piece of text", arrived=repr(piece), rule="no rule reads that kind of node")


def _formula(node: Math) -> str:
    text = set_math(node, Context()).text
    for sign, typed in _SIGNS.items():
        text = re.sub(re.escape(sign) + r"(?![A-Za-z])\s*", f" {typed} " if typed in _SPACED else typed, text)
    text = re.sub(r"\\(text|mathrm|textnormal|operatorname)\{([^{}]*)\}", r"\2", text)
    text = re.sub(r"\\([A-Za-z]+)", r"\1", text)
    text = re.sub(r"\\.|[{}$]", "", text).replace("=", " = ")
    return re.sub(r"\s+", " ", text).strip()


__all__ = ["plain"]
