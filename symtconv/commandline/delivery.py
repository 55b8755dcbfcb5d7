"""How an outcome leaves: as text or JSON on standard output, or whole in a file; and errors as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from symtconv.commandline.grammar import shown
from symtconv.errors import NotApplicable, ProofError, Refuted, SymtconvError, Undecided

DONE, REFUTED, BAD_INPUT, UNDECIDED, UNFORESEEN, INTERRUPTED = 0, 1, 2, 3, 70, 130
_MOST_OF_A_LINE = 1000

Data = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What is printed on standard output, and the exit code."""

    text: str
    code: int = DONE


def reply(
    forms: Mapping[str, Callable[[], str | bytes]],
    data: Callable[[], Data],
    *,
    as_json: bool,
    output: Path | None,
    form: str = ".txt",
) -> Reply:
    """Write the form that the output's suffix names to it; without an output, give the JSON data or `form` as text."""
    if output is None:
        return Reply(json_line(data()) if as_json else _text(forms[form]()))
    suffix = output.suffix.lower()
    content = json_line(data()) if suffix == ".json" else forms[suffix]()
    whole = content.encode("utf-8") if isinstance(content, str) else content
    from symtconv.document.saving import write_whole

    try:
        write_whole(output, whole)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SymtconvError("-o", arrived=shown(str(output)), rule=f"it cannot be written ({reason})") from None
    written = {"written": os.fspath(output), "bytes": len(whole)}
    return Reply(json_line(written) if as_json else f"Wrote {one_line(os.fspath(output))} ({len(whole):,} bytes).\n")


def takes_output(*suffixes: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command --json, and -o for files of the named suffixes; the target is looked at before any work."""

    def target(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
        return None if value is None else checked_target(value, suffixes)

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        words = f"Write to FILE, whole or not at all; its suffix says in which form ({', '.join(suffixes)})."
        output = click.option("-o", "--output", metavar="FILE", callback=target, help=words)
        return output(click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command))

    return decorated


def checked_target(name: str, suffixes: Iterable[str]) -> Path:
    """Give the file that a name leads to, if it can be written and has one of the suffixes."""
    known = tuple(suffixes)
    if Path(name).suffix.lower() not in known or "\0" in name:
        raise SymtconvError("-o", arrived=shown(name), rule=f"the suffix of the file is one of {', '.join(known)}")
    target = Path(os.path.realpath(name))
    rule = ""
    if not target.parent.is_dir():
        rule = "its directory does not exist"
    elif target.exists() and not target.is_file():
        rule = "it is no ordinary file"
    elif not os.access(target if target.exists() else target.parent, os.W_OK):
        rule = "it may not be written"
    if rule:
        raise SymtconvError("-o", arrived=shown(name), rule=rule)
    return target


def code_of(error: BaseException) -> int:
    """Give the exit code of an error."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, Refuted):
        return REFUTED
    if isinstance(error, Undecided):
        return UNDECIDED
    foreseen = isinstance(error, SymtconvError | click.ClickException | OSError)
    return BAD_INPUT if foreseen and not isinstance(error, ProofError) else UNFORESEEN


def words_of(error: BaseException) -> str:
    """Say an error in one line."""
    code = code_of(error)
    if code == INTERRUPTED:
        return "interrupted"
    if isinstance(error, click.UsageError):
        where = error.ctx.command_path if error.ctx else "symtconv"
        return one_line(f"{error.format_message()} Try '{where} --help'.")
    if isinstance(error, click.ClickException):
        return one_line(error.format_message())
    if isinstance(error, MemoryError):
        return "out of memory; ask it of a smaller layer"
    message = one_line(str(error))
    return message if code != UNFORESEEN else f"unforeseen {type(error).__name__}: {message}. Please report it."


def json_of(error: BaseException) -> str:
    """Give an error as one JSON object: a verdict where it is one, else {"error": ...}."""
    message = words_of(error)
    facts = {name: getattr(error, name, "") for name in ("asked", "arrived", "rule", "remedy")}
    if isinstance(error, Refuted | Undecided):
        return json_line(verdict_of(error))
    kind = "Interrupted" if code_of(error) == INTERRUPTED else type(error).__name__
    told: Data = {"type": kind, "message": message, **facts}
    if isinstance(error, NotApplicable):
        told["hypothesis"] = error.hypothesis
    return json_line({"error": told})


def verdict_of(error: Refuted | Undecided) -> Data:
    """Give the JSON data of a statement that is refuted or undecided."""
    refuted = isinstance(error, Refuted)
    return {
        "verdict": "refuted" if refuted else "undecided",
        "counterexample": dict(error.counterexample) if isinstance(error, Refuted) else None,
        "message": words_of(error),
        **{name: getattr(error, name) for name in ("asked", "arrived", "rule", "remedy")},
    }


def one_line(text: str) -> str:
    """Make a message one line of printable characters."""
    line = " ".join(text.split())
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return printable if len(printable) <= _MOST_OF_A_LINE else printable[: _MOST_OF_A_LINE - 3] + "..."


def json_line(data: Data) -> str:
    """Write data as one JSON object on one line, in ASCII."""
    return json.dumps(data, allow_nan=False, default=str) + "\n"


def _text(content: str | bytes) -> str:
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    return text if text.endswith("\n") else text + "\n"
