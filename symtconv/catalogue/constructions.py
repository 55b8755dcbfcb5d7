"""The constructions family: ways to compute C^T v, each equal to the transposed matrix's product."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.gradients import RING
from symtconv.catalogue.subject import Subject
from symtconv.errors import NotApplicable
from symtconv.proofs.terms import Equation, Product, Transposed
from symtconv.proofs.theorem import Theorem


def _equal_to_transpose(subject: Subject, construction: str, meaning: str, says: str) -> tuple[Equation, ...]:
    transposed = Product(Transposed(subject.C_term), subject.v_term)
    return (Equation(subject.transposed_term(construction, meaning), transposed, says, subject.indices[1:]),)


def _stamps(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    meaning = "the sum of v[i] times the kernel laid at s i - lo with spacing d, padding undone"
    return _equal_to_transpose(Subject(layer, kernel), "stamp", meaning, "the stamps sum to C^T v")


def _zero_insertion(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    if layer.padding_mode != "zeros":
        raise NotApplicable.because("zero-insertion", 'padding_mode is "zeros"', repr(layer.padding_mode))
    meaning = "the stride-1 convolution of the zero-inserted v with the flipped kernel, pads K-1-lo and K-1-hi+a"
    says = "zero-insertion and the flipped kernel give C^T v"
    return _equal_to_transpose(Subject(layer, kernel), "zero-insertion", meaning, says)


CONSTRUCTIONS = (
    Theorem(
        name="stamps",
        title="A transposed convolution lays stamps",
        statement="(C^T v)[m] = sum_i sum_j v[i] w[j] [tau(i, j) = m]: the kernel laid at s i - lo with spacing d, "
        "cropped to 0..n-1 with zero padding, folded back at the border in the other padding modes",
        hypotheses=(),
        family="constructions",
        source="torch.nn.ConvTranspose2d; Dumoulin & Visin, arXiv 1603.07285, section 4",
        equations=_stamps,
        assumptions=(RING,),
        takes_kernel=True,
    ),
    Theorem(
        name="zero-insertion",
        title="Zeros between the pixels, then a convolution with the flipped kernel",
        statement="C^T = stride-1 convolution of the zero-inserted input with the flipped kernel dilated by d, pads "
        "(K-1-lo, K-1-hi+a); a negative pad crops",
        hypotheses=("the padding is of zeros",),
        family="constructions",
        source="general form of Dumoulin & Visin, arXiv 1603.07285, relationship 14",
        equations=_zero_insertion,
        assumptions=(RING,),
        takes_kernel=True,
    ),
)
