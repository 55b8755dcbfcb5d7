"""A function in a user's file, verified: the view of `symtconv verify`.

The file is imported, which runs it: the user's own code, on the user's own machine. What it prints goes to standard
error, so that standard output holds the outcome alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from symtconv.commandline.grammar import shown
from symtconv.commandline.matrixforms import MOST_ENTRIES, check_fit
from symtconv.commandline.proofwords import proof_data, proof_words
from symtconv.errors import SymtconvError
from symtconv.geometry import Layer
from symtconv.proofs.kernel import Proof
from symtconv.verification import verify
from symtconv.verification.question import Of
from symtconv.verification.running import told

_MODULE = "symtconv_users_file"


def verify_file(target: str, layer: Layer, of: Of) -> Proof:
    """Import FILE.py of FILE.py:FUNCTION, and verify the function.

    Raises:
        SymtconvError: where there is no such file or function, or the file cannot be imported, with the line; and all
            that symtconv.verify raises.
    """
    file, name = _parts(target)
    check_fit(layer, MOST_ENTRIES, "Ask it of a smaller layer of the same kind.")
    with _at_home(file):
        function = _loaded(file, name, target)
        return verify(layer, function, of=of)


def verified_words(proof: Proof, target: str) -> str:
    """Tell the proof, and which function it is about."""
    return f"{target} is right for all inputs.\n\n{proof_words(proof)}"


def verified_data(proof: Proof, target: str, of: Of) -> dict[str, Any]:
    """Give the proof as JSON data, with the function that it is about."""
    return proof_data(proof) | {"function": target, "of": of}


def _parts(target: str) -> tuple[Path, str]:
    path, colon, name = target.rpartition(":")
    rule = ""
    if not colon or not path or not name.isidentifier() or "\0" in path:
        rule = "it is a file and a function in it, such as mine.py:upsample"
    elif Path(path).suffix != ".py":
        rule = "the file's name ends with .py"
    elif not Path(path).is_file():
        rule = "there is no such file"
    if rule:
        raise SymtconvError("FILE.py:FUNCTION", arrived=shown(target), rule=rule)
    return Path(path).resolve(), name


@contextmanager
def _at_home(file: Path) -> Iterator[None]:
    """Let the code find its neighbours and print to standard error, as long as it runs."""
    path, writes = [*sys.path], sys.dont_write_bytecode
    sys.path.insert(0, str(file.parent))
    sys.dont_write_bytecode = True
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, writes
        sys.modules.pop(_MODULE, None)


def _loaded(file: Path, name: str, target: str) -> Callable[..., Any]:
    spec = spec_from_file_location(_MODULE, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[_MODULE] = module  # dataclasses look for it there
    with told(file.name, str(file), rule="the file must be importable", remedy="Try: python " + file.name):
        spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        names = [other for other, value in vars(module).items() if callable(value) and not other.startswith("_")]
        raise SymtconvError(
            "FILE.py:FUNCTION",
            arrived=shown(target),
            rule=f"{file.name} has no function {name}",
            remedy=f"It has {', '.join(names[:8])}." if names else "",
        )
    checked: Callable[..., Any] = function
    return checked
