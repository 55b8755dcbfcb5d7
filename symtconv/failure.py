"""The form of every message, and the error of the proof kernel, which imports no more; errors.py has the rest."""

from __future__ import annotations


class SymtconvError(Exception):
    """Everything that symtconv raises on purpose.

    The message has up to four facts, kept as attributes: what was `asked`, what `arrived`, the `rule`, the `remedy`.

    >>> print(SymtconvError("stride of axis 0", arrived="0", rule="a stride is at least 1", remedy="Pass 1 or more."))
    stride of axis 0: got 0, but a stride is at least 1. Pass 1 or more.
    """

    def __init__(self, asked: str, *, arrived: str = "", rule: str = "", remedy: str = "") -> None:
        self.asked, self.arrived, self.rule, self.remedy = asked, arrived, rule, remedy
        got = f": got {arrived}" if arrived else ""
        broken = (", but " if arrived else ": ") + rule if rule else ""
        super().__init__(asked + got + broken + (f". {remedy}" if remedy else ""))


class ProofError(SymtconvError):
    """The proof checker rejects a proof."""
