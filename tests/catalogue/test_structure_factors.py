"""The structure family on broken factors: a wrong block, residue, flip, phase or wave of a statement is refuted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symtconv.catalogue import blocks, compositions, depths, mirrors, reading, residues, tensors, tiles, waves
from symtconv.proofs.polynomials import Polynomial
from tests.catalogue.test_structure_mutations import LAYERS, Change, refuted, rewired, without_first_tap


def plus_one(original: Any, *arguments: Any) -> Any:
    return original(*arguments) + 1


def wrong_residue(change: Callable[[Any], Any]) -> Change:
    of = residues.Residue.of

    def mutant(axis: Any, outputs: range, step: int) -> Any:
        return change(of(axis, outputs, step))

    return lambda patch: patch.setattr(residues.Residue, "of", staticmethod(mutant))


def next_residue(found: Any) -> Any:
    inputs = range((found.inputs.start + 1) % found.inputs.step, found.inputs.stop, found.inputs.step)
    return residues.Residue(found.outputs, inputs, found.left)


def one_pad_more(found: Any) -> Any:
    return residues.Residue(found.outputs, found.inputs, found.left + 1)


def other_pads(original: Any, conv: Any, padding: Any) -> Any:
    if isinstance(padding, str):
        return original(conv, padding)
    return original(conv, [(hi, lo) for lo, hi in padding])


def exchanged_at_last(original: Any, *arguments: Any) -> Any:
    """List the last two places the other way round."""
    found = list(original(*arguments))
    return (*found[:-2], *found[:-3:-1])


def no_witness(original: Any, subject_: Any, read: Any) -> Any:
    for row, column, weight in original(subject_, read):
        yield row, column, weight * Polynomial.constant(2)


FACTORS: dict[str, tuple[str, Change]] = {
    "single-taps-reversed": (
        "kronecker",
        lambda patch: rewired(
            patch,
            tensors,
            "_single",
            lambda original, conv, number, tap: original(conv, number, conv.kernel_size[number] - 1 - tap),
        ),
    ),
    "axes-exchanged": (
        "kronecker",
        lambda patch: rewired(patch, tensors, "kronecker", lambda original, terms: original(terms[::-1])),
    ),
    "factors-exchanged": (
        "separable",
        lambda patch: rewired(patch, tensors, "kronecker", lambda original, terms: original(terms[::-1])),
    ),
    "blocks-transposed": (
        "channels",
        lambda patch: rewired(
            patch, blocks, "_pairs", lambda original, *rest: ((o, 1 - c, w) for o, c, w in original(*rest))
        ),
    ),
    "a-block-dropped": (
        "channels",
        lambda patch: rewired(patch, blocks, "_pairs", lambda original, *rest: list(original(*rest))[:-1]),
    ),
    "a-group-elsewhere": (
        "groups",
        lambda patch: rewired(
            patch, blocks, "_unit", lambda original, row, column, *size: original(1 - row, column, *size)
        ),
    ),
    "a-product-of-other-polynomials": (
        "composition",
        lambda patch: rewired(
            patch,
            compositions,
            "merged_kernel",
            lambda original, first, second, w, u: original(first, second, w, u[..., ::-1]),
        ),
    ),
    "a-middle-channel-dropped": (
        "composition",
        lambda patch: rewired(
            patch, compositions, "_ungrouped", lambda original, w, groups: without_first_tap(original(w, groups))
        ),
    ),
    "another-residue": ("dilation-residues", wrong_residue(next_residue)),
    "one-left-pad-more": ("dilation-residues", wrong_residue(one_pad_more)),
    "another-noble-residue": ("noble-identity", wrong_residue(next_residue)),
    "one-noble-pad-more": ("noble-identity", wrong_residue(one_pad_more)),
    "pads-not-exchanged": ("mirror", lambda patch: rewired(patch, mirrors, "_changed", other_pads)),
    "flip-forgotten": ("mirror", lambda patch: patch.setattr(np, "flip", lambda w, axis: w)),
    "no-reversal": (
        "mirror",
        lambda patch: rewired(patch, mirrors, "picking", lambda original, a, b, places, n: original(a, b, range(n), n)),
    ),
    "pixels-in-another-order": ("non-overlapping", lambda patch: rewired(patch, tiles, "flat", exchanged_at_last)),
    "a-phase-dropped": (
        "space-to-depth",
        lambda patch: rewired(patch, depths, "places", lambda original, *ranges: list(original(*ranges))[:-1]),
    ),
    "padding-forgotten": (
        "space-to-depth",
        lambda patch: rewired(
            patch, depths, "_padded", lambda original, conv, x: np.roll(original(conv, x), 1, axis=-1)
        ),
    ),
    "another-wave": ("circulant", lambda patch: rewired(patch, waves.Ring, "exponent", plus_one)),
    "another-weight": ("unread-inputs", lambda patch: rewired(patch, reading, "_readers", no_witness)),
    "one-pixel-less-unread": (
        "unread-inputs",
        lambda patch: rewired(
            patch, reading, "_divided", lambda original, conv: (original(conv)[0][:-1], [original(conv)[0][-1]])
        ),
    ),
}


@pytest.mark.parametrize("mutant", FACTORS)
def test_a_wrong_factor_is_refuted(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, change = FACTORS[mutant]
    layer = LAYERS[name][0]
    change(monkeypatch)
    refuted(name, layer)
