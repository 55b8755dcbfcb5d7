"""Sets running text in LaTeX: words, code, links and the formulas between them."""

from __future__ import annotations

from functools import singledispatch

from symtconv.document.escaping import escape, escape_address, escape_code
from symtconv.document.latexmath import set_math
from symtconv.document.latexmatrix import TIGHTEST
from symtconv.document.markup import Markup, spliced
from symtconv.document.mathematics import Math
from symtconv.document.nodes import Citation, Code, Content, Emphasis, Inline, Link, Strong, Text, pieces
from symtconv.document.typesetting import AT_RELATION, AT_SUM, IN_BRACKETS, NEVER, Context, Setting
from symtconv.errors import SymtconvError

_HYPERREF = frozenset({"hyperref"})
_LONG = 90.0  # points; shorter formulas are broken only where TeX itself would


def inline(content: Content, room: float) -> Markup:
    """Set running text for a column of some width."""
    whole = Markup("")
    for piece in pieces(content):
        part = _formula(piece, room) if isinstance(piece, Math) else _inline(piece, room)
        whole = Markup(whole.text + part.text, whole.packages | part.packages)
    return whole


def numbered(counter: str, name: str) -> str:
    """Count the next figure or table, and name it: "Figure 2. "."""
    return rf"\refstepcounter{{{counter}}}{escape(name)} \the{counter}. "


def _formula(node: Math, room: float) -> Markup:
    setting = set_math(node, Context(room=0.9 * room, running=True))
    for fit in range(1, TIGHTEST + 1):
        if max(piece.width for piece in setting.pieces) <= room:
            break
        setting = set_math(node, Context(matrix_fit=fit, room=0.9 * room, running=True))
    if max(piece.width for piece in setting.pieces) > room:
        raise SymtconvError(
            "a formula in running text",
            arrived="a part that no line break divides",
            rule=f"it is wider than the {room:.0f} pt of its column",
            remedy="Display it, or give parts of it names.",
        )
    # braces, since two dollars in a row would begin a display
    return Markup(f"${_breakable(setting) or '{}'}$", setting.packages)


def _breakable(setting: Setting) -> str:
    """Allow breaks after commas and between factors of a long formula; TeX itself breaks at relations and signs.

    Breaking within brackets costs more than any other, so that it is done only where there is nothing else.
    """
    if setting.width <= _LONG:
        return setting.text
    parts = []
    for piece in setting.pieces:
        if piece.level != NEVER and piece.level % IN_BRACKETS not in (AT_RELATION, AT_SUM):
            parts.append(rf"\penalty{min(900 + 900 * piece.level, 9000)} " if piece.level else r"\allowbreak{}")
        parts.append(piece.text)
    return spliced(parts)


@singledispatch
def _inline(node: object, room: float) -> Markup:
    raise SymtconvError("running text in LaTeX", arrived=repr(node), rule="no rule sets that kind of node")


@_inline.register
def _(node: Text, room: float) -> Markup:
    return Markup(escape(node.text))


@_inline.register
def _(node: Emphasis, room: float) -> Markup:
    return r"\emph{" + inline(node.content, room) + "}"


@_inline.register
def _(node: Strong, room: float) -> Markup:
    return r"\textbf{" + inline(node.content, room) + "}"


@_inline.register
def _(node: Code, room: float) -> Markup:
    return Markup(rf"\texttt{{{escape_code(node.text)}}}")


@_inline.register
def _(node: Link, room: float) -> Markup:
    link = rf"\href{{{escape_address(node.address)}}}{{" + inline(node.content, room) + "}"
    return Markup(link.text, link.packages | _HYPERREF)


@_inline.register
def _(node: Citation, room: float) -> Markup:
    if not node.address:
        return Markup(f"[{escape(node.text)}]")
    return Markup(rf"[\href{{{escape_address(node.address)}}}{{{escape(node.text)}}}]", _HYPERREF)


__all__ = ["Inline", "inline"]
