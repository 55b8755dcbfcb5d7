"""Renders a document as a LaTeX article. Each kind of block has one rule; a kind without a rule raises.

Nothing is wider than the text by more than a hair, and no glyph is below 6 pt. What belongs together stays on one page:
the statement of a theorem and the first step of its proof, a short proof, a heading and what follows it, a figure and
the words that introduce it. Sections, statements, figures and tables are numbered by LaTeX's own counters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

from symtconv.document.escaping import escape, escape_code
from symtconv.document.heights import height, total
from symtconv.document.latexdisplay import derivation, display
from symtconv.document.latexinline import inline, numbered
from symtconv.document.latexpreamble import NEAR, USUAL_STRETCH, fragment_head, preamble
from symtconv.document.latextable import table
from symtconv.document.markup import Markup, joined
from symtconv.document.nodes import (
    Block,
    CodeBlock,
    Content,
    Derivation,
    Display,
    Document,
    Figure,
    List,
    Listed,
    Paragraph,
    ProofBlock,
    Section,
    TableBlock,
    Theorem,
)
from symtconv.document.palette import PALETTE
from symtconv.document.plaintext import plain
from symtconv.document.widths import TEXT_WIDTH, content_width, widest_word
from symtconv.document.words import WORDS
from symtconv.errors import SymtconvError

_LIST_MARGIN = 28.0  # points
_WIDE_WORD = 40.0  # points; a paragraph with wider ones gets room to stretch
_WHOLE = 330.0  # points; a statement that is not higher is never broken
_WHOLE_PROOF = 200.0
_TOGETHER = 560.0  # a statement and the first steps of its proof, beside which a page has room for a heading and words
_FIRST_STEPS = 2
_TIED_FIGURE = 300.0  # a higher figure may stand on the page after the words that introduce it
_TIED_WORDS = 50.0  # words at the head of a section, or between a formula and what they introduce
_LARGE = 1.32  # how much wider a title is than the text
_TWO_LINES = 1.2 * TEXT_WIDTH  # a title that is hardly too wide for one line is set smaller
_HEADINGS = {1: "section", 2: "subsection", 3: "subsubsection"}

# Nothing within these braces is broken by a page.
_WHOLE_BLOCK = (
    r"\interlinepenalty10000\predisplaypenalty10000\postdisplaypenalty10000\interdisplaylinepenalty10000\relax{}"
)
_NEAR_BLOCK = r"\interlinepenalty300\postdisplaypenalty300\interdisplaylinepenalty300\relax{}"


@dataclass(frozen=True)
class Place:
    """Where a block stands: the width for it, and what it is tied to."""

    room: float = TEXT_WIDTH
    after_words: bool = False
    under_heading: bool = False
    before_words: bool = False
    tied_above: bool = False
    whole: bool = False
    before_proof: bool = False
    after_statement: bool = False
    ends_proof: bool = False


def render(document: Document, *, fragment: bool = False) -> str:
    """Give a complete article, or a fragment for \\input that names what the preamble must load.

    >>> print(render(Document("50% more", ())).splitlines()[0])
    \\documentclass[11pt]{article}
    >>> print(render(Document("50% more", ()), fragment=True).splitlines()[1])
    %   \\usepackage{amsmath,amssymb,xcolor}
    """
    title = inline(document.title, TEXT_WIDTH)
    body = blocks(document.blocks, Place())
    packages = title.packages | body.packages
    size = r"\large" if TEXT_WIDTH < _LARGE * content_width(document.title, bold=True) < _TWO_LINES else r"\Large"
    head = rf"{{{size}\bfseries\boldmath\raggedright {title.text}\par}}\bigskip" if title.text else ""
    if fragment:
        used = tuple(name for name in PALETTE if f"{{{name}" in body.text or f"{name}!" in body.text)
        parts = (*fragment_head(packages, used), head, body.text, r"\par\endgroup", "")
    else:
        parts = (
            preamble(packages, plain(document.title)),
            r"\begin{document}",
            head,
            body.text,
            r"\end{document}",
            "",
        )
    return "\n".join(part for part in parts if part) + "\n"


def blocks(nodes: Sequence[Block], place: Place) -> Markup:
    """Set blocks below each other; a formula after a paragraph belongs to it."""
    parts: list[Markup] = []
    stretched = False
    for number, node in enumerate(nodes):
        previous = nodes[number - 1] if number else None
        following = nodes[number + 1] if number + 1 < len(nodes) else None
        last = number == len(nodes) - 1
        inner = replace(
            place,
            after_words=isinstance(previous, Paragraph) or (previous is None and place.after_words),
            before_words=_ends_in_words(nodes[number + 1 : number + 3], place),
            under_heading=False,
            tied_above=_tied(node, previous, place, first=number == 1),
            before_proof=_together(node, following, place),
            after_statement=_together(previous, node, place),
            ends_proof=place.ends_proof and last,
        )
        attached = isinstance(node, Display | Derivation) and inner.after_words
        attached |= isinstance(node, Paragraph) and isinstance(previous, Display | Derivation)
        part = block(node, inner)
        gap = "\n" if attached or previous is None else "\n\n"
        if stretched and not attached:
            gap, stretched = gap + USUAL_STRETCH, False
        if previous is not None and not attached and (inner.tied_above or place.whole):
            gap += f"\\penalty{NEAR if inner.tied_above else 10000}\n"
        stretched = stretched or (isinstance(node, Paragraph) and widest_word(node.content) > _WIDE_WORD)
        parts.append(Markup(gap + part.text, part.packages))
    return joined(parts, "") if parts else Markup("")


def _ends_in_words(following: Sequence[Block], place: Place) -> bool:
    """Tell whether a few words follow that introduce nothing, so that they belong to what stands before them."""
    if not following or not isinstance(following[0], Paragraph):
        return False
    introducing = isinstance(following[-1], Display | Derivation | Figure | TableBlock)
    return not introducing and height(following[0], place.room) <= _TIED_WORDS


def _tied(node: Block, previous: Block | None, place: Place, *, first: bool) -> bool:
    """Tell whether a block stays on the page of the one before: a picture, or what a few words at a head introduce."""
    if previous is None or isinstance(node, Section):
        return False
    if isinstance(previous, Paragraph) and place.under_heading and first:
        return height(previous, place.room) <= _TIED_WORDS
    if isinstance(node, Figure):
        return height(node, place.room) <= _TIED_FIGURE
    return isinstance(node, TableBlock) and isinstance(previous, Paragraph)


def _together(statement: Block | None, proof: Block | None, place: Place) -> bool:
    """Tell whether a page has room for a statement and the first steps of its proof."""
    if not isinstance(statement, Theorem) or not isinstance(proof, ProofBlock):
        return False
    begin: list[Block] = []
    for node in proof.blocks:
        begin.append(replace(node, steps=node.steps[:_FIRST_STEPS]) if isinstance(node, Derivation) else node)
        if not isinstance(node, Paragraph):
            break
    return height(statement, place.room) + total(begin, place.room) <= _TOGETHER


@singledispatch
def block(node: object, place: Place) -> Markup:
    """Set one block."""
    raise SymtconvError("a block in LaTeX", arrived=repr(node), rule="no rule sets that kind of node")


@block.register
def _(node: Section, place: Place) -> Markup:
    if node.level not in _HEADINGS:
        raise SymtconvError("a section", arrived=f"level {node.level}", rule="levels are 1 to 3")
    title = inline(node.title, TEXT_WIDTH)
    short = escape(plain(node.title))
    head = Markup(rf"\{_HEADINGS[node.level]}[{{{short}}}]{{\raggedright\boldmath {title.text}}}", title.packages)
    return head + blocks(node.blocks, replace(place, after_words=False, under_heading=True))


@block.register
def _(node: Paragraph, place: Place) -> Markup:
    return _paragraph(node.content, place.room)


def _paragraph(content: Content, room: float) -> Markup:
    words = inline(content, room)
    widest = widest_word(content)
    if widest <= _WIDE_WORD:
        return words
    return rf"\setlength{{\emergencystretch}}{{{widest:.0f}pt}}" + words


@block.register
def _(node: Display, place: Place) -> Markup:
    return _anchored(display(node.lines, place.room, last_in_proof=place.ends_proof), place)


@block.register
def _(node: Derivation, place: Place) -> Markup:
    return _anchored(derivation(node.steps, place.room, last_in_proof=place.ends_proof), place)


def _anchored(formula: Markup, place: Place) -> Markup:
    """Spare a formula that follows no words the empty line that TeX would put above it."""
    if place.after_words:
        return _tied_below(formula, place)
    formula = _tied_below(formula, place)
    return Markup(
        "\\vspace{-\\abovedisplayskip}\\nointerlineskip\\noindent\\makebox[.6\\linewidth]{}%\n" + formula.text,
        formula.packages,
    )


def _tied_below(formula: Markup, place: Place) -> Markup:
    """Keep a formula on the page of the few words that follow it."""
    if not place.before_words:
        return formula
    return Markup(f"\\begingroup\\postdisplaypenalty{NEAR}\\relax\n{formula.text}\n\\endgroup", formula.packages)


@block.register
def _(node: Theorem, place: Place) -> Markup:
    whole = total(node.blocks, place.room) <= _WHOLE
    body = blocks(node.blocks, replace(place, after_words=True, ends_proof=False, whole=whole))
    name = inline(node.name, place.room) if node.name else Markup("")
    option = f"[{{{name.text}}}]" if name.text else ""
    tie = r"\tiedbelow" if place.before_proof else ""
    head = "\n" + _WHOLE_BLOCK if whole else ""
    text = f"\\begin{{statement}}{{{escape(node.heading)}}}{option}{head}{body.text}{tie}\n\\end{{statement}}"
    text = _tied_above(text, place)
    return Markup(text, body.packages | name.packages | {"amsthm"})


def _tied_above(text: str, place: Place) -> str:
    return rf"{{\nearabove{text}}}" if place.tied_above else text


@block.register
def _(node: ProofBlock, place: Place) -> Markup:
    whole = total(node.blocks, place.room) <= _WHOLE_PROOF
    body = blocks(node.blocks, replace(place, after_words=True, ends_proof=True))
    tie = r"\tiedabove" if place.after_statement else ""
    head = "\n" + _NEAR_BLOCK if whole else ""
    text = f"{{{tie}\\begin{{proof}}[{{{escape(node.heading)}}}]{head}{body.text}\n\\end{{proof}}}}"
    return Markup(text, body.packages | {"amsthm"})


@block.register
def _(node: List, place: Place) -> Markup:
    kind = "enumerate" if node.ordered else "itemize"
    inner = replace(place, room=place.room - _LIST_MARGIN, ends_proof=False, after_words=True)
    items = []
    for item in node.items:
        body = blocks(item.blocks, inner) if isinstance(item, Listed) else _paragraph(item, inner.room)
        items.append(Markup(r"\item{} " + body.text.lstrip("\n"), body.packages))
    body = joined(items, "\n")
    return Markup(f"\\begin{{{kind}}}\n{body.text}\n\\end{{{kind}}}", body.packages)


@block.register
def _(node: TableBlock, place: Place) -> Markup:
    laid = table(node, place.room)
    return Markup(_tied_above(laid.text, place), laid.packages)


@block.register
def _(node: CodeBlock, place: Place) -> Markup:
    lines = [escape_code(line) or r"\strut" for line in node.text.expandtabs(4).split("\n")]
    return Markup("\\begingroup\\small\\ttfamily\\raggedright\n" + "\\\\\n".join(lines) + "\\par\\endgroup")


@block.register
def _(node: Figure, place: Place) -> Markup:
    from symtconv.figures.tikz import tikz

    pictures = [tikz(scene, place.room) for scene in node.scenes]
    packages = frozenset[str]().union(*(picture.packages for picture in pictures))
    texts = [picture.text for picture in pictures]
    if node.caption:
        caption = inline(node.caption, place.room)
        texts[-1] += rf"\par\smallskip{{\small {numbered('figure', WORDS.figure)}{caption.text}\par}}"
        packages |= caption.packages
    boxes = [f"\\begin{{minipage}}{{\\linewidth}}\\centering\n{text}\n\\end{{minipage}}" for text in texts]
    between = "\\par\\nopagebreak\\medskip\n" if height(node, place.room) <= _WHOLE else "\\par\\medskip\n"
    return Markup(_tied_above("\\begin{center}\n" + between.join(boxes) + "\n\\end{center}", place), packages)


__all__ = ["Place", "block", "blocks", "render"]
