"""Every statement can fail: with one thing broken in the layer it is false at some small sizes.

Three statements say nothing that a wrong layer could change: phase-counts and even-iff-resize are about the kernel
alone, and not-an-inverse follows from the shape of C. They are broken in their own ingredients instead.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from symtconv.bruteforce import TRUTHS, norms, overlap
from symtconv.bruteforce.line import Line, phase_sums
from symtconv.bruteforce.rational import Values, inverse
from symtconv.bruteforce.rows import Matrix, Row, Vector
from symtconv.errors import NotApplicable
from tests.bruteforce.grid import sizes

MOST = 400
SPAN, WINDOWS, FITS = vars(Line)["K"].func, vars(Line)["o"].func, Line.fits
POSITION, SLIDE, STAMP, MATRIX = Line.position, Line.convolve, Line.stamp, Line.matrix


def overhanging(layer: Line, i: int) -> bool:
    return FITS(layer, i) or (i > 0 and FITS(layer, i - 1))


def backwards(definition: Callable[..., Row]) -> Callable[..., Row]:
    return lambda layer, signal, kernel=None: definition(layer, signal, kernel)[::-1]


def doubled_slide(layer: Line, signal: Vector, kernel: Vector | None = None) -> Row:
    return [2 * value for value in SLIDE(layer, signal, kernel)]


def doubled_matrix(layer: Line, kernel: Vector | None = None) -> Matrix:
    return [[2 * entry for entry in row] for row in MATRIX(layer, kernel)]


def doubled_inverse(matrix: Values) -> Values | None:
    found = inverse(matrix)
    return found and [[2 * entry for entry in row] for row in found]


BREAKS: dict[str, tuple[Any, str, Any]] = {
    "span one more": (Line, "K", property(lambda layer: SPAN(layer) + 1)),
    "a window more": (Line, "o", property(lambda layer: WINDOWS(layer) + 1)),
    "a window less": (Line, "o", property(lambda layer: WINDOWS(layer) - 1)),
    "windows overhang": (Line, "fits", overhanging),
    "remainder one more": (Line, "a", property(lambda layer: (layer.n + layer.lo + layer.hi - layer.K) % layer.s + 1)),
    "taps shifted": (Line, "position", lambda layer, i, j: POSITION(layer, i, j) + 1),
    "outputs drift apart": (Line, "position", lambda layer, i, j: POSITION(layer, i, j) + i * i),
    "padding is read": (Line, "reads", lambda layer, i, j: POSITION(layer, i, j) % layer.n),
    "stamps backwards": (Line, "stamp", backwards(STAMP)),
    "slide backwards": (Line, "convolve", backwards(SLIDE)),
    "slide doubled": (Line, "convolve", doubled_slide),
    "matrix doubled": (Line, "matrix", doubled_matrix),
    "common divisor forgotten": (overlap, "gcd", lambda left, right: 1),
    "a phase more": (overlap, "phase_sums", lambda kernel, s, d: phase_sums(kernel, s + 1, d)),
    "inverse doubled": (norms, "inverse", doubled_inverse),
}
SIZE = ("a window more", "a window less", "windows overhang")
BOTH = ("taps shifted", "stamps backwards")
BROKEN = {
    "size": ("windows overhang",),
    **{f"relationship-{number}": ("span one more", *SIZE) for number in (*range(1, 8), 15)},
    **{f"relationship-{number}": ("taps shifted", *SIZE) for number in range(8, 14)},
    "relationship-14": ("remainder one more", "taps shifted", *SIZE),
    "size-round-trip": ("remainder one more", *SIZE),
    "preimages": SIZE,
    "output-padding": SIZE,
    "tf-valid": SIZE,
    "tf-same": SIZE,
    "tf-same-two-forms": SIZE,
    "tf-transpose-valid": SIZE,
    "tf-transpose-same": ("span one more", *SIZE),
    "keras-valid": SIZE,
    "composition-size": ("span one more", *SIZE),
    "receptive-field": ("span one more",),
    "jacobian": ("taps shifted", "slide backwards", *SIZE),
    "input-gradient": ("slide backwards", *BOTH),
    "kernel-gradient": ("remainder one more", "taps shifted", "slide backwards"),
    "bias-gradient": SIZE,
    "hessian": ("taps shifted", "slide backwards", *SIZE),
    "transposed-input-gradient": ("slide backwards", *BOTH, *SIZE),
    "transposed-kernel-gradient": BOTH,
    "chain-rule": ("taps shifted", "slide backwards"),
    "adjoint": ("slide backwards", *BOTH),
    "trilinear": ("slide backwards", *BOTH),
    "involution": ("slide backwards", *BOTH, *SIZE),
    "unfold-fold": ("slide backwards", *BOTH, *SIZE),
    "stamps": BOTH,
    "zero-insertion": ("remainder one more", "taps shifted", *SIZE),
    "stamp-and-crop": ("remainder one more", *BOTH, *SIZE),
    "decimation": SIZE,
    "padding-adjoint": ("padding is read",),
    "subpixel": ("taps shifted",),
    "generating-function": ("taps shifted",),
    "reversed-kernel-same": ("taps shifted", "slide backwards", *SIZE),
    "resize-convolution": ("stamps backwards", "slide backwards", *SIZE),
    "toeplitz": ("outputs drift apart",),
    "kronecker": ("taps shifted", *SIZE),
    "separable": ("taps shifted", *SIZE),
    "channels": ("slide backwards", *BOTH, *SIZE),
    "groups": ("slide backwards", *BOTH, *SIZE),
    "composition": ("taps shifted", *SIZE),
    "dilation-residues": ("taps shifted", *SIZE),
    "non-overlapping": ("taps shifted", *SIZE),
    "mirror": ("remainder one more", "taps shifted", *SIZE),
    "space-to-depth": ("taps shifted", "stamps backwards", "a window more", "windows overhang"),
    "noble-identity": ("taps shifted", *SIZE),
    "circulant": ("taps shifted", *SIZE),
    "unread-inputs": ("remainder one more", "taps shifted", *SIZE),
    "coverage": BOTH,
    "phase-counts": ("common divisor forgotten",),
    "checkerboard": ("common divisor forgotten", "stamps backwards"),
    "weighted-checkerboard": ("a phase more", "stamps backwards"),
    "even-iff-resize": ("a phase more",),
    "nearest": (*BOTH, *SIZE),
    "bilinear": (*BOTH, *SIZE),
    "differentiable": ("taps shifted", "slide backwards", *SIZE),
    "continuous": ("slide doubled",),
    "smooth": ("slide backwards", *BOTH, *SIZE),
    "gram": ("taps shifted", "a window more", "windows overhang"),
    "orthogonal": ("taps shifted", "a window more", "windows overhang"),
    "full-row-rank": ("taps shifted",),
    "not-an-inverse": ("inverse doubled",),
    "schur-bound": ("matrix doubled",),
    "symbol-bound": ("taps shifted", *SIZE),
    "circulant-spectrum": ("taps shifted", *SIZE),
}


def fails(name: str) -> bool:
    """Look for small sizes at which a statement is false; there a broken layer's shapes may also not fit together."""
    for case in islice(sizes(name), MOST):
        try:
            if not TRUTHS[name](**case):
                return True
        except (NotApplicable, IndexError, ValueError):
            continue
    return False


def test_every_statement_is_broken_somehow() -> None:
    assert set(BROKEN) == set(TRUTHS)
    assert {how for hows in BROKEN.values() for how in hows} == set(BREAKS)


@pytest.mark.parametrize(("name", "how"), [(name, how) for name, hows in BROKEN.items() for how in hows])
def test_a_statement_is_false_of_a_broken_layer(name: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, attribute, broken = BREAKS[how]
    monkeypatch.setattr(owner, attribute, broken)
    assert fails(name)
