"""How wide a formula or words will be in print, in points, estimated from the font metrics: never less than the truth
and little more. What decides whether a line is broken and a matrix compressed or elided.
"""

from __future__ import annotations

from dataclasses import replace

from symtconv.document import metrics
from symtconv.document.latexmath import set_math
from symtconv.document.latexmatrix import TIGHTEST, matrix_width
from symtconv.document.mathematics import Like, Math, Matrix, as_math
from symtconv.document.nodes import Citation, Code, Content, Emphasis, Inline, Link, Strong, Text, pieces
from symtconv.document.typesetting import DISPLAY, FONTS, TEXT, Context
from symtconv.errors import SymtconvError

TEXT_WIDTH = 455.2  # points: A4 with margins of 25 mm
MATRIX_ROOM = TEXT_WIDTH - 60  # what a matrix may take beside a short left side


def width(node: Like, *, font: str = "normalsize", display: bool = False) -> float:
    """Estimate the width of a formula on one line.

    >>> 5 < width("x") < 7
    True
    """
    return set_math(as_math(node), Context(font, DISPLAY if display else TEXT)).width


def tightest_width(matrix: Matrix) -> float:
    """Estimate the width of a matrix at the tightest compression that can still be read."""
    return matrix_width(matrix, Context(style=DISPLAY), TIGHTEST)


def fits(node: Like, room: float = TEXT_WIDTH) -> bool:
    """Tell whether a formula fits a width on one line, its matrices compressed but not elided."""
    node = as_math(node)
    if isinstance(node, Matrix):
        return tightest_width(node) <= room
    return set_math(node, Context(style=DISPLAY, matrix_fit=TIGHTEST)).width <= room


def content_width(content: Content, *, font: str = "normalsize", bold: bool = False) -> float:
    """Estimate the width of running text on one line."""
    return sum(_piece(piece, font, 1.17 if bold else 1.0) for piece in pieces(content))


def widest_word(content: Content, *, font: str = "normalsize") -> float:
    """Estimate the width of the widest part of running text that no line break can divide."""
    return max((_widest(piece, font) for piece in pieces(content)), default=0.0)


def _piece(piece: Inline | Math, font: str, weight: float) -> float:
    points = FONTS[font][0]
    if isinstance(piece, Math):
        return width(piece, font=font)
    if isinstance(piece, Text):
        return 1.02 * weight * metrics.upright(piece.text, points)
    if isinstance(piece, Code):
        return metrics.typewriter(piece.text, points)
    if isinstance(piece, Citation):
        return metrics.upright(f"[{piece.text}]", points)
    if isinstance(piece, Emphasis | Link):
        return 1.05 * content_width(piece.content, font=font)
    if isinstance(piece, Strong):
        return content_width(piece.content, font=font, bold=True)
    raise SymtconvError("the width of a piece of text", arrived=repr(piece), rule="no rule measures that kind of node")


def _widest(piece: Inline | Math, font: str) -> float:
    if isinstance(piece, Math):
        return max(part.width for part in set_math(piece, Context(font, running=True)).pieces)
    if isinstance(piece, Emphasis | Link | Strong):
        return 1.17 * widest_word(piece.content, font=font)
    if isinstance(piece, Text | Code | Citation):
        return max((_piece(replace(piece, text=word[:30]), font, 1.0) for word in piece.text.split()), default=0.0)
    raise SymtconvError("the width of a piece of text", arrived=repr(piece), rule="no rule measures that kind of node")
