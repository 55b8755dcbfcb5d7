"""Derivations are compiled as documents are."""

from tests.document.conftest import complaints, pdflatex

__all__ = ["complaints", "pdflatex"]
