"""Writes a document to a file, in the form that the suffix names, wholly or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path

from symtconv.document.latex import render
from symtconv.document.nodes import Document
from symtconv.document.pdf import compiled
from symtconv.errors import SymtconvError

FORMS: dict[str, Callable[[Document], bytes]] = {
    ".tex": lambda document: render(document).encode("utf-8"),
    ".pdf": lambda document: compiled(render(document)),
}


def save(document: Document, path: str | PathLike[str]) -> None:
    """Write a document to a path; the file appears when it is complete."""
    target = Path(path)
    form = FORMS.get(target.suffix.lower())
    if form is None:
        raise SymtconvError(
            "the form of a document",
            arrived=f"the suffix {target.suffix!r} of {os.fspath(path)!r}",
            rule=f"the known suffixes are {', '.join(sorted(FORMS))}",
        )
    write_whole(target, form(document))


def write_whole(target: Path, content: bytes) -> None:
    """Write beside the target, then move into its place in one step."""
    if not target.parent.is_dir():
        raise SymtconvError("a place for a file", arrived=f"{str(target)!r}", rule="its directory does not exist")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
