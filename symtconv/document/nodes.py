"""A document as a tree of frozen records: inline pieces, blocks and the document itself. Formulas are trees as well.

Where a block takes inline pieces it takes a `Content`: a string, an inline node, a formula (set within the line) or a
tuple of these.

>>> from symtconv.document.mathematics import Name
>>> page = Document("Sizes", (Section("One axis", (Paragraph(("The size is ", Name("o"), ".")),)),))
>>> "section" in page.to_latex()
True
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias, Union

from symtconv.document.mathematics import Like, Math, as_math
from symtconv.document.words import WORDS
from symtconv.errors import SymtconvError

if TYPE_CHECKING:
    from symtconv.figures.scene import Scene


# Inline


@dataclass(frozen=True)
class Inline:
    """Any piece of running text."""


@dataclass(frozen=True)
class Text(Inline):
    """Words as they stand; every character is literal."""

    text: str


Content: TypeAlias = Union[str, Inline, Math, "tuple[str | Inline | Math, ...]"]


@dataclass(frozen=True)
class Emphasis(Inline):
    """Words in italics."""

    content: Content


@dataclass(frozen=True)
class Strong(Inline):
    """Words in bold."""

    content: Content


@dataclass(frozen=True)
class Code(Inline):
    """Text of a program, in typewriter letters."""

    text: str


@dataclass(frozen=True)
class Link(Inline):
    """Words that lead to an address."""

    content: Content
    address: str


@dataclass(frozen=True)
class Citation(Inline):
    """A source in brackets: what to call it, and its address if it has one."""

    text: str
    address: str = ""


def pieces(content: Content) -> tuple[Inline | Math, ...]:
    """Give the inline nodes and formulas that a content is made of.

    >>> from symtconv.document.mathematics import Name
    >>> pieces(("size ", Name("n")))
    (Text(text='size '), Name(text='n', indices=()))
    """
    if isinstance(content, tuple):
        return tuple(piece for item in content for piece in pieces(item))
    if isinstance(content, str):
        return (Text(content),)
    if isinstance(content, Inline | Math):
        return (content,)
    raise SymtconvError("a piece of text", arrived=repr(content), rule="it is a string, an inline node or a formula")


# Blocks


@dataclass(frozen=True)
class Block:
    """Any part of a document that stands by itself."""


@dataclass(frozen=True)
class Paragraph(Block):
    """Running text."""

    content: Content


@dataclass(frozen=True)
class Display(Block):
    """A formula on lines of its own, or several formulas below each other; long ones are broken."""

    lines: tuple[Like, ...]

    def __init__(self, *lines: Like) -> None:
        if not lines:
            raise SymtconvError("a displayed formula", arrived="nothing", rule="it has at least one line")
        object.__setattr__(self, "lines", tuple(as_math(line) for line in lines))


@dataclass(frozen=True)
class Step:
    """A line of a derivation: left side (None repeats nothing), relation, right side, and the reason in words."""

    left: Like | None
    relation: str
    right: Like
    reason: Content = ""

    def __post_init__(self) -> None:
        if self.left is not None:
            object.__setattr__(self, "left", as_math(self.left))
        object.__setattr__(self, "right", as_math(self.right))


@dataclass(frozen=True)
class Derivation(Block):
    """Steps below each other, aligned at their relations, the reasons at the right; a page may break between steps."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Theorem(Block):
    """A statement with its heading ("Theorem", "Lemma"), its number and, in brackets, its name."""

    heading: str
    name: Content
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ProofBlock(Block):
    """A proof, which ends with a box; its head stays on one page with its first step."""

    blocks: tuple[Block, ...]
    heading: str = WORDS.proof


@dataclass(frozen=True)
class Listed:
    """An item of a list: blocks."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class List(Block):
    """Items with bullets, or numbered."""

    items: tuple[Content | Listed, ...]
    ordered: bool = False


@dataclass(frozen=True)
class TableBlock(Block):
    """A table with a header; cells that are too long wrap."""

    header: tuple[Content, ...]
    rows: tuple[tuple[Content, ...], ...]
    caption: Content = ""

    def __post_init__(self) -> None:
        if not self.header:
            raise SymtconvError("a table", arrived="no columns", rule="it has at least one column")
        for row in self.rows:
            if len(row) != len(self.header):
                raise SymtconvError(
                    "a table", arrived=f"a row of {len(row)} cells", rule=f"the header has {len(self.header)}"
                )


@dataclass(frozen=True)
class CodeBlock(Block):
    """Lines of a program, as they stand."""

    text: str


@dataclass(frozen=True)
class Figure(Block):
    """A picture, or several below each other, with words below; with words it has a number."""

    scene: Scene | tuple[Scene, ...]
    caption: Content = ""

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """The pictures, from above down."""
        return self.scene if isinstance(self.scene, tuple) else (self.scene,)


@dataclass(frozen=True)
class Section(Block):
    """Blocks under a heading; level 1 is the highest, 3 the lowest."""

    title: Content
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True)
class Document:
    """A document with its title."""

    title: Content
    blocks: tuple[Block, ...]

    def to_latex(self, *, fragment: bool = False) -> str:
        """Give a complete LaTeX article, or a fragment for \\input; its first lines name the packages it needs."""
        from symtconv.document.latex import render

        return render(self, fragment=fragment)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the document to a file whose suffix says in which form (.tex or .pdf), wholly or not at all."""
        from symtconv.document.saving import save

        save(self, path)
