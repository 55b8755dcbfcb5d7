"""A document as plain text for the terminal: paragraphs wrapped, formulas on lines of their own, cases indented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from textwrap import fill

from symtconv.document.mathematics import Math
from symtconv.document.nodes import (
    Block,
    Citation,
    Code,
    Content,
    Derivation,
    Display,
    Emphasis,
    Inline,
    Link,
    List,
    Listed,
    Paragraph,
    ProofBlock,
    Section,
    Strong,
    Text,
    Theorem,
    pieces,
)
from symtconv.document.plainmath import typed
from symtconv.errors import SymtconvError

WIDTH, STEP, _BOUND = 110, "  ", "\N{NO-BREAK SPACE}"


def plain_lines(blocks: Sequence[Block], indent: str = "") -> list[str]:
    """Write blocks as lines of text.

    >>> from symtconv.document.mathematics import Name, Relation
    >>> plain_lines([Paragraph("Then"), Display(Relation("o", "=", Name("n") - "k"))])
    ['Then', '    o = n - k']
    """
    return [line for block in blocks for line in _lines(block, indent)]


def plain_content(content: Content) -> str:
    """Write running text with its formulas as they are typed."""
    return "".join(_whole(typed(piece)) if isinstance(piece, Math) else _words(piece) for piece in pieces(content))


def _whole(formula: str) -> str:
    """Keep a short formula on one line."""
    return formula.replace(" ", _BOUND) if len(formula) <= WIDTH // 2 else formula


def _words(piece: Inline) -> str:
    if isinstance(piece, Text | Code | Citation):
        return piece.text
    assert isinstance(piece, Emphasis | Strong | Link)
    return plain_content(piece.content)


def _filled(text: str, indent: str, hanging: str = "") -> list[str]:
    wrapped = fill(text.strip(), WIDTH, initial_indent=indent, subsequent_indent=indent + hanging,
                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return wrapped.replace(_BOUND, " ").splitlines()


@singledispatch
def _lines(block: object, indent: str) -> Iterator[str]:
    raise SymtconvError("plain text", arrived=type(block).__name__, rule="no rule writes that kind of block")


@_lines.register
def _(block: Paragraph, indent: str) -> Iterator[str]:
    yield from _filled(plain_content(block.content), indent)


@_lines.register
def _(block: Display, indent: str) -> Iterator[str]:
    for formula in block.lines:
        yield from _filled(typed(formula), indent + 2 * STEP, STEP)


@_lines.register
def _(block: Derivation, indent: str) -> Iterator[str]:
    inner = indent + 2 * STEP
    for step in block.steps:
        if step.left is not None:
            yield from _filled(typed(step.left), inner + STEP, STEP)
        yield from _filled(f"{step.relation} {typed(step.right)}", inner, 2 * STEP)
        if step.reason:
            yield from _filled(plain_content(step.reason), inner + 4 * STEP)


@_lines.register
def _(block: Theorem | ProofBlock, indent: str) -> Iterator[str]:
    yield from plain_lines(block.blocks, indent)


@_lines.register
def _(block: Section, indent: str) -> Iterator[str]:
    yield ""
    yield indent + plain_content(block.title)
    yield from plain_lines(block.blocks, indent)


@_lines.register
def _(block: List, indent: str) -> Iterator[str]:
    for number, item in enumerate(block.items, start=1):
        inner = item.blocks if isinstance(item, Listed) else (Paragraph(item),)
        mark = f"{number}. " if block.ordered else STEP
        first, *rest = plain_lines(inner, indent + " " * len(mark)) or [""]
        yield from (indent + mark + first[len(indent + mark) :], *rest)
