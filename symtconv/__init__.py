"""Derive, prove and compute the transposed convolution.

A layer is a geometry: `Conv` or `ConvTranspose`. From it follow, and agree by construction, the symbolic matrix C, the
numeric one, a matrix-free operator, proofs, and a derivation that a person reads. "Convolution" is cross-correlation,
as in every deep-learning framework, and the transposed convolution is C^T.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symtconv.catalogue import prove as prove, theorems as theorems
    from symtconv.derivation import derive as derive
    from symtconv.derivation.notation import Notation as Notation
    from symtconv.errors import (
        GeometryError as GeometryError,
        Impossible as Impossible,
        MissingDependency as MissingDependency,
        NotApplicable as NotApplicable,
        ProofError as ProofError,
        Refuted as Refuted,
        SymtconvError as SymtconvError,
        TooLarge as TooLarge,
        Undecided as Undecided,
    )
    from symtconv.geometry import Conv as Conv, ConvTranspose as ConvTranspose
    from symtconv.identification import identify as identify
    from symtconv.layers import convolve as convolve
    from symtconv.matrices.dottest import dot_test as dot_test
    from symtconv.matrices.matrixfree import operator as operator
    from symtconv.matrices.sparse import sparse_matrix as sparse_matrix
    from symtconv.matrices.symbolic import (
        input_symbols as input_symbols,
        kernel_symbols as kernel_symbols,
        symbolic_matrix as symbolic_matrix,
    )
    from symtconv.matrices.unfold import kernel_jacobian as kernel_jacobian
    from symtconv.proofs.claims import decide as decide
    from symtconv.transposed import conv_transpose as conv_transpose
    from symtconv.verification import verify as verify

__version__ = "0.1.0"

_HOMES = {
    "Conv": "geometry",
    "ConvTranspose": "geometry",
    "GeometryError": "errors",
    "Impossible": "errors",
    "MissingDependency": "errors",
    "NotApplicable": "errors",
    "Notation": "derivation.notation",
    "ProofError": "errors",
    "Refuted": "errors",
    "SymtconvError": "errors",
    "TooLarge": "errors",
    "Undecided": "errors",
    "conv_transpose": "transposed",
    "convolve": "layers",
    "decide": "proofs.claims",
    "derive": "derivation",
    "dot_test": "matrices.dottest",
    "identify": "identification",
    "input_symbols": "matrices.symbolic",
    "kernel_jacobian": "matrices.unfold",
    "kernel_symbols": "matrices.symbolic",
    "operator": "matrices.matrixfree",
    "prove": "catalogue",
    "sparse_matrix": "matrices.sparse",
    "symbolic_matrix": "matrices.symbolic",
    "theorems": "catalogue",
    "verify": "verification",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: geometry alone needs neither NumPy nor SymPy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symtconv' has no attribute {name!r}")
    value = getattr(import_module(f"symtconv.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
