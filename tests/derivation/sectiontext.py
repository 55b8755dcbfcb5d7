"""What the tests of sections share: a section as LaTeX without spaces, and as a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from symtconv import Notation
from symtconv.derivation.notation import Story
from symtconv.document.nodes import Document, Section
from symtconv.geometry import Layer


def page(section: Callable[[Story], Section], layer: Layer, kernel: Any = None, **notation: Any) -> Document:
    """Give a section as a document."""
    return Document("", (section(Story(layer, Notation(**notation), kernel)),))


def packed(section: Callable[[Story], Section], layer: Layer, kernel: Any = None, **notation: Any) -> str:
    """Give the body of a section in LaTeX without spaces, hints for line breaks, alignment marks and idle braces."""
    text = page(section, layer, kernel, **notation).to_latex().split(r"\begin{document}")[1]
    text = re.sub(r"\\setlength\{\\emergencystretch\}\{\w+\}|\\penalty\d+|\\allowbreak(\{\})?|\\,|\\ |[&~\s]", "", text)
    return re.sub(r"\(\{([^{}]*)\}\)", r"(\1)", text.replace("{}", ""))
