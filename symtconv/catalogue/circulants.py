"""With circular padding C is diagonal in the basis of waves: every wave is an eigenvector."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.hypotheses import ALL_KEPT, STRIDE_1, Hypothesis, require
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.waves import Ring, orthogonality, require_waves, wave_equation
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv
from symtconv.proofs.terms import Equation
from symtconv.proofs.theorem import Theorem

NAME = "circulant"
WHOLE = Hypothesis(
    "lo + hi = K - 1",
    lambda axis: axis.lo + axis.hi == axis.effective_kernel - 1,
    lambda axis: f"{axis.lo} + {axis.hi}",
)


def _circulant(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C f = c^ f for the wave f[m] = z^m of every n-th root of unity z, and waves of two roots are orthogonal."""
    _require(layer)
    subject = Subject(layer, kernel)
    rings = [Ring(axis.large, axis.small, 1, axis.dilation, axis.lo) for axis in layer.axes]
    require_waves(NAME, subject, rings)
    says = "C f = c^ f for the wave f[m] = z^m, c^ = sum over j of w[j] z^(d j - lo)"
    return (
        wave_equation(subject, subject.C_term, rings, says),
        *(equation for size in sorted({*layer.large_shape}) for equation in orthogonality(size)),
    )


def _require(layer: Any) -> None:
    if layer.padding_mode != "circular":
        raise NotApplicable.because(NAME, "the padding is circular", repr(layer.padding_mode))
    require(NAME, layer, STRIDE_1, WHOLE, ALL_KEPT)


CIRCULANTS = (
    Theorem(
        name=NAME,
        title="A circular convolution is diagonal in the Fourier basis",
        statement="C = F* diag(c^) F over the complex numbers, F the unitary DFT, "
        "c^[l] = sum_j w[j] e^(2 pi i l (d j - lo)/n): the columns of F*, waves z^m with z = e^(2 pi i l/n), are "
        "eigenvectors with eigenvalues c^[l], and orthogonal, of squared length n; on several axes F (x) F, with "
        "several channels c^[l] is a matrix (out x in)",
        hypotheses=("the padding is circular", STRIDE_1.words, WHOLE.words, ALL_KEPT.words),
        family="structure",
        source="Gray, Toeplitz and Circulant Matrices: A Review; Sedghi, Gupta & Long, arXiv 1805.10408, section 2",
        equations=_circulant,
        assumptions=(
            RING,
            "z and t are roots of unity over the complex numbers, z^n = 1: there are n, z = e^(2 pi i l/n), the "
            "inverse of each is its conjugate, and (z - t) S = 0 for different z and t gives S = 0",
            "a matrix that takes each wave of an orthogonal basis to a multiple of it is F* diag(c^) F, F being the "
            "matrix whose rows are the conjugates of these waves, divided by their lengths",
        ),
        takes_kernel=True,
        example=Conv((4, 4), 3, padding=1, padding_mode="circular"),
    ),
)
