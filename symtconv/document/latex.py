"""Renders a document as a LaTeX article. Each kind of block has one rule; a kind without a rule raises.

Nothing is wider than the text by more than a hair, no glyph is below 6 pt, and the head of a theorem, its statement
and the first step of its proof stay on one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

from symtconv.document.escaping import escape, escape_code
from symtconv.document.latexdisplay import derivation, display
from symtconv.document.latexinline import inline
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
from symtconv.document.typesetting import FONTS
from symtconv.document.widths import TEXT_WIDTH, widest_word
from symtconv.errors import SymtconvError

_LIST_MARGIN = 28.0  # points
_WIDE_WORD = 40.0  # points; a paragraph with wider ones gets room to stretch
_USUAL_STRETCH = r"\setlength{\emergencystretch}{3em}"
_HEADINGS = {1: "section", 2: "subsection", 3: "subsubsection"}

# What a document may ask for beyond amsmath, amssymb and xcolor, in the order in which it must be loaded.
_PACKAGES = {
    "array": r"\usepackage{array}",
    "mathtools": r"\usepackage{mathtools}",
    "booktabs": r"\usepackage{booktabs}",
    "longtable": r"\usepackage{longtable}",
    "amsthm": r"\usepackage{amsthm}",
    "tikz": "\\usepackage{tikz}\n\\usetikzlibrary{arrows.meta}",
    "hyperref": r"\usepackage[colorlinks,allcolors=blue]{hyperref}",
}

# Statements under a heading of their own, defined once however many fragments a document has.
_THEOREMS = r"""
\providecommand{\statementheading}{}
\ifcsname namedstatement\endcsname\else\theoremstyle{plain}\newtheorem*{namedstatement}{\statementheading}\fi
\newenvironment{statement}[1]{\renewcommand{\statementheading}{#1}\namedstatement}{\endnamedstatement}
\renewcommand{\qedsymbol}{$\blacksquare$}
\makeatletter
\newcommand{\tiedbelow}{\@endparpenalty\@M}
\newcommand{\tiedabove}{\@beginparpenalty\@M}
\makeatother
""".strip()


@dataclass(frozen=True)
class Place:
    """Where a block stands: the width for it, and what it is tied to."""

    room: float = TEXT_WIDTH
    after_words: bool = False
    before_proof: bool = False
    after_statement: bool = False
    ends_proof: bool = False


def render(document: Document, *, fragment: bool = False) -> str:
    """Give a complete article, or a fragment for \\input that names what the preamble must load.

    >>> print(render(Document("50% more", ())).splitlines()[0])
    \\documentclass[11pt]{article}
    >>> print(render(Document("50% more", ()), fragment=True))
    % For the preamble:
    %   \\usepackage{amsmath,amssymb,xcolor}
    \\begingroup
    \\allowdisplaybreaks\\setlength{\\jot}{5pt}
    {\\Large\\bfseries\\boldmath\\raggedright 50\\% more\\par}\\bigskip
    \\par\\endgroup
    <BLANKLINE>
    """
    title = inline(document.title, TEXT_WIDTH)
    body = blocks(document.blocks, Place())
    packages = title.packages | body.packages
    head = rf"{{\Large\bfseries\boldmath\raggedright {title.text}\par}}\bigskip" if title.text else ""
    if fragment:
        used = tuple(name for name in PALETTE if f"{{{name}" in body.text or f"{name}!" in body.text)
        parts = (*_fragment_head(packages, used), head, body.text, r"\par\endgroup", "")
    else:
        parts = (_preamble(packages), r"\begin{document}", head, body.text, r"\end{document}", "")
    return "\n".join(part for part in parts if part) + "\n"


def _loaded(packages: frozenset[str]) -> list[str]:
    """Give the lines that load what a document asks for, in the order in which it must be loaded."""
    unknown = packages - set(_PACKAGES) - {"xcolor"}
    if unknown:
        raise SymtconvError("the packages of a document", arrived=str(sorted(unknown)), rule="the preamble lacks them")
    return [line for name, text in _PACKAGES.items() if name in packages for line in text.splitlines()]


def _math_sizes() -> str:
    return "".join(rf"\DeclareMathSizes{{{a:g}}}{{{a:g}}}{{{b:g}}}{{{c:g}}}" for a, b, c in FONTS.values())


def _fragment_head(packages: frozenset[str], colours: Sequence[str]) -> tuple[str, ...]:
    """Say what the preamble needs, and define what only this text uses, in a group of its own."""
    needed = (r"\usepackage{amsmath,amssymb,xcolor}", *_loaded(packages))
    return (
        "% For the preamble:",
        *(f"%   {line}" for line in needed),
        r"\begingroup",
        *(rf"\definecolor{{{name}}}{{HTML}}{{{PALETTE[name]}}}" for name in colours),
        *([_THEOREMS] if "amsthm" in packages else []),
        r"\allowdisplaybreaks\setlength{\jot}{5pt}",
    )


def _preamble(packages: frozenset[str]) -> str:
    colours = "\n".join(rf"\definecolor{{{name}}}{{HTML}}{{{code}}}" for name, code in PALETTE.items())
    links = _loaded(packages & {"hyperref"})
    return "\n".join(
        (
            r"\documentclass[11pt]{article}",
            r"\usepackage[a4paper,margin=25mm]{geometry}",
            r"\usepackage[T1]{fontenc}",
            r"\usepackage[utf8]{inputenc}",
            r"\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}",
            r"\usepackage{microtype}",
            r"\usepackage{amsmath,amssymb,xcolor}",
            *_loaded(packages - {"hyperref"}),
            colours,
            *links,
            _math_sizes(),
            *([_THEOREMS] if "amsthm" in packages else []),
            r"\allowdisplaybreaks\setlength{\jot}{5pt}",
            r"\setlength{\parindent}{0pt}\setlength{\parskip}{6pt plus 2pt}" + _USUAL_STRETCH,
            r"\setcounter{secnumdepth}{0}",
        )
    )


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
            before_proof=isinstance(following, ProofBlock),
            after_statement=isinstance(previous, Theorem),
            ends_proof=place.ends_proof and last,
        )
        attached = isinstance(node, Display | Derivation) and inner.after_words
        attached |= isinstance(node, Paragraph) and isinstance(previous, Display | Derivation)
        part = block(node, inner)
        gap = "\n" if attached or previous is None else "\n\n"
        if stretched and not attached:
            gap, stretched = gap + _USUAL_STRETCH, False
        stretched = stretched or (isinstance(node, Paragraph) and widest_word(node.content) > _WIDE_WORD)
        parts.append(Markup(gap + part.text, part.packages))
    return joined(parts, "") if parts else Markup("")


@singledispatch
def block(node: object, place: Place) -> Markup:
    """Set one block."""
    raise SymtconvError("a block in LaTeX", arrived=repr(node), rule="no rule sets that kind of node")


@block.register
def _(node: Section, place: Place) -> Markup:
    if node.level not in _HEADINGS:
        raise SymtconvError("a section", arrived=f"level {node.level}", rule="levels are 1 to 3")
    title = inline(node.title, TEXT_WIDTH)
    head = Markup(rf"\{_HEADINGS[node.level]}*{{\raggedright\boldmath {title.text}}}", title.packages)
    return head + blocks(node.blocks, replace(place, after_words=False))


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
        return formula
    return Markup(
        "\\vspace{-\\abovedisplayskip}\\nointerlineskip\\noindent\\makebox[.6\\linewidth]{}%\n" + formula.text,
        formula.packages,
    )


@block.register
def _(node: Theorem, place: Place) -> Markup:
    body = blocks(node.blocks, replace(place, after_words=True, ends_proof=False))
    name = inline(node.name, place.room) if node.name else Markup("")
    option = f"[{{{name.text}}}]" if name.text else ""
    tie = r"\tiedbelow" if place.before_proof else ""
    text = f"\\begin{{statement}}{{{escape(node.heading)}}}{option}{body.text}{tie}\n\\end{{statement}}"
    return Markup(text, body.packages | name.packages | {"amsthm"})


@block.register
def _(node: ProofBlock, place: Place) -> Markup:
    body = blocks(node.blocks, replace(place, after_words=True, ends_proof=True))
    tie = r"\tiedabove" if place.after_statement else ""
    text = f"{{{tie}\\begin{{proof}}[{{{escape(node.heading)}}}]{body.text}\n\\end{{proof}}}}"
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
    return table(node, place.room)


@block.register
def _(node: CodeBlock, place: Place) -> Markup:
    lines = [escape_code(line) or r"\strut" for line in node.text.expandtabs(4).split("\n")]
    return Markup("\\begingroup\\small\\ttfamily\\raggedright\n" + "\\\\\n".join(lines) + "\\par\\endgroup")


@block.register
def _(node: Figure, place: Place) -> Markup:
    from symtconv.figures.tikz import tikz

    picture = tikz(node.scene, place.room)
    text, packages = picture.text, picture.packages
    if node.caption:
        caption = inline(node.caption, place.room)
        text += rf"\par\smallskip{{\small {caption.text}\par}}"
        packages |= caption.packages
    text = (
        f"\\begin{{center}}\n\\begin{{minipage}}{{\\linewidth}}\\centering\n{text}\n\\end{{minipage}}\n\\end{{center}}"
    )
    return Markup(text, packages)


__all__ = ["Place", "block", "blocks", "render"]
