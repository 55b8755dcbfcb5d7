"""The catalogue of theorems, and how to ask one of a layer."""

from __future__ import annotations

import copyreg
from copy import deepcopy
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from symtconv.bruteforce import TRUTHS
from symtconv.catalogue.adjoint import ADJOINT
from symtconv.catalogue.anypoint import ANY_POINT
from symtconv.catalogue.anytaps import ANY_TAPS
from symtconv.catalogue.constructions import CONSTRUCTIONS
from symtconv.catalogue.everyoverlap import EVERY_OVERLAP
from symtconv.catalogue.everysize import EVERY_SIZE
from symtconv.catalogue.everystructure import EVERY_STRUCTURE
from symtconv.catalogue.gradients import GRADIENTS
from symtconv.catalogue.interpolation import INTERPOLATION
from symtconv.catalogue.norms import NORMS
from symtconv.catalogue.overlap import OVERLAP
from symtconv.catalogue.regularity import REGULARITY
from symtconv.catalogue.relationshipsforall import RELATIONSHIPS_FOR_ALL
from symtconv.catalogue.sizes import SIZES
from symtconv.catalogue.sizesforall import SIZES_FOR_ALL
from symtconv.catalogue.structure import STRUCTURE
from symtconv.errors import GeometryError, Undecided
from symtconv.geometry import Conv, ConvTranspose, Layer
from symtconv.proofs.kernel import Goal, Proof, check
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.theorem import Theorem

_STATED = (
    *SIZES,
    *GRADIENTS,
    *ADJOINT,
    *CONSTRUCTIONS,
    *STRUCTURE,
    *OVERLAP,
    *INTERPOLATION,
    *REGULARITY,
    *NORMS,
)
_UNIVERSAL = SIZES_FOR_ALL | RELATIONSHIPS_FOR_ALL | ANY_TAPS | EVERY_SIZE | EVERY_STRUCTURE | EVERY_OVERLAP | ANY_POINT


def _complete(theorem: Theorem) -> Theorem:
    """Give a record its brute force, and what it says for all sizes."""
    told = replace(theorem, truth=TRUTHS[theorem.name])
    if theorem.name not in _UNIVERSAL:
        return told
    return replace(told, universal=_UNIVERSAL[theorem.name], verdict="proved for all sizes")


_CATALOGUE = tuple(map(_complete, _STATED))


def _is_ours(theorem: Theorem) -> bool:
    """Say whether a record is one of the catalogue's own; one that only says that it is equal is none."""
    return any(theorem is one for one in _CATALOGUE)


def _pickled(theorem: Theorem) -> Any:
    """Pickle a record of the catalogue by its name, so that what comes back is the catalogue's own."""
    return (_named, (theorem.name,)) if _is_ours(theorem) else theorem.__reduce_ex__(2)


copyreg.pickle(Theorem, _pickled)


def theorems() -> tuple[Theorem, ...]:
    """Give the catalogue: records with name, title, statement, hypotheses, family, source and verdict.

    >>> [theorem.name for theorem in theorems() if theorem.family == "adjoint"]
    ['adjoint', 'trilinear', 'involution', 'unfold-fold']
    >>> theorems()[0].holds(n=5, k=3, s=2, i=1)
    True
    """
    return _CATALOGUE


def prove(theorem: str | Theorem, layer: Layer | tuple[Layer, Layer] | None = None, *, kernel: object = None) -> Proof:
    """Prove a theorem of the catalogue for a layer, by symbolic differentiation and exact comparison of every entry.

    The layer's definition (layers.py) is run on indeterminates; its outputs, polynomials, are differentiated and held
    against every entry of the matrix, zeros included. What comes back has passed the proof kernel.

    Args:
        theorem: a name of the catalogue, or its record.
        layer: a Conv or ConvTranspose; C is the matrix of the convolution of the pair. A theorem about two convolutions
            takes two layers, first and second; given one, it adds a second with two taps an axis (see pairs.py).
        kernel: exact weights, for theorems that can be asked for given ones; names for all of them when None.

    Raises:
        Refuted: where an entry differs, with the entry.
        Undecided: without a layer, for a theorem that is known for given layers only.
        NotApplicable: where the layer does not meet a hypothesis.

    >>> from symtconv import ConvTranspose
    >>> prove("input-gradient", ConvTranspose((2, 2), 3, stride=2, padding="same"))
    <Proof of input-gradient for ConvTranspose(...): 18 steps, checked>
    """
    record = theorem if isinstance(theorem, Theorem) else _named(theorem)
    if not _is_ours(record):
        raise GeometryError(
            "theorem",
            arrived=repr(record)[:80],
            rule="it is not a record of the catalogue",
            remedy="Pass a name, or a record out of theorems().",
        )
    if layer is None and record.universal is not None and kernel is None:
        return check(Goal(record), record.universal.steps())
    if layer is None:
        raise Undecided(
            f"{record.name} for all sizes",
            rule="it is known for given layers only",
            remedy=f"Ask it of a layer: prove({record.name!r}, Conv(...)).",
        )
    for one in layer if record.takes_two and isinstance(layer, tuple) else (layer,):
        if type(one) not in (Conv, ConvTranspose):
            raise GeometryError(
                "layer of prove", arrived=repr(one)[:60], rule="it is a Conv or a ConvTranspose", remedy="Make one."
            )
    if kernel is not None and not record.takes_kernel:
        raise GeometryError(
            f"kernel for {record.name}",
            arrived="given weights",
            rule="the theorem is about every kernel, or about one of its own, and is not asked of another",
            remedy="Leave kernel out.",
        )
    return check(Goal(record, layer, deepcopy(kernel)), find_steps)


def _named(name: object) -> Theorem:
    known = {theorem.name: theorem for theorem in _CATALOGUE}
    if not isinstance(name, str) or name not in known:
        close = get_close_matches(str(name), known, n=3)
        raise GeometryError(
            "theorem",
            arrived=repr(name)[:60],
            rule="the catalogue has no theorem of that name",
            remedy=f"Did you mean {', '.join(close)}?" if close else f"It has {', '.join(known)}.",
        )
    return known[name]
