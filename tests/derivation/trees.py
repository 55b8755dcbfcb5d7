"""Look into the tree of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from symtconv.derivation.notation import Notation, Story
from symtconv.document.nodes import Document, Section
from symtconv.geometry import Layer

T = TypeVar("T")


def find(node: Any, kind: type[T]) -> Iterator[T]:
    """Yield every node of a kind, in the order of the text."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from find(item, kind)
    elif is_dataclass(node):
        for field in fields(node):
            yield from find(getattr(node, field.name), kind)


def story(layer: Layer, kernel: object = None, **notation: Any) -> Story:
    """Make the story that a section is written from."""
    return Story(layer, Notation(**notation), kernel)


def text_of(section: Section) -> str:
    """Give the LaTeX of a section without white space, break points and sizes of brackets."""
    latex = Document("", (section,)).to_latex()
    latex = re.sub(r"\\,|&|\\penalty\d+|\\[bB]igg?[lr]|\\(left|right)\b", "", latex.split(r"\begin{document}")[1])
    return "".join(re.sub(r"\\[lr]vert\b", "|", latex).split())
