"""The constructions family: ways to compute C^T v, each equal to the transposed matrix's product."""

from __future__ import annotations

from typing import Any

from symtconv.catalogue.boxkernels import resize_convolution
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.factorings import decimated, padding_adjoint, require_zeros, stamp_and_crop
from symtconv.catalogue.generating import generating_function
from symtconv.catalogue.reversals import reversed_kernel_same
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.subpixels import subpixel
from symtconv.geometry import Conv, ConvTranspose
from symtconv.proofs.terms import Equation, Transposed, product
from symtconv.proofs.theorem import Theorem


def _equal_to_transpose(subject: Subject, construction: str, meaning: str, says: str) -> tuple[Equation, ...]:
    transposed = product(Transposed(subject.C_term), subject.v_term)
    return (Equation(subject.transposed_term(construction, meaning), transposed, says, subject.indices[1:]),)


def _stamps(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    meaning = "the sum of v[i] times the kernel laid at s i - lo with spacing d, padding undone"
    return _equal_to_transpose(Subject(layer, kernel), "stamp", meaning, "the stamps sum to C^T v")


def _zero_insertion(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    require_zeros("zero-insertion", layer)
    meaning = "the stride-1 convolution of the zero-inserted v with the flipped kernel, pads K-1-lo and K-1-hi+a"
    says = "zero-insertion and the flipped kernel give C^T v"
    return _equal_to_transpose(Subject(layer, kernel), "zero-insertion", meaning, says)


ZEROS = "the padding is of zeros"
STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")

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
        example=STORY,
    ),
    Theorem(
        name="zero-insertion",
        title="Zeros between the pixels, then a convolution with the flipped kernel",
        statement="C^T = stride-1 convolution of the zero-inserted input with the flipped kernel dilated by d, pads "
        "(K-1-lo, K-1-hi+a), a = n + lo + hi - K - s(o-1); a negative pad crops (extend first, then crop)",
        hypotheses=(ZEROS,),
        family="constructions",
        source="general form of Dumoulin & Visin, arXiv 1603.07285, relationship 14",
        equations=_zero_insertion,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="stamp-and-crop",
        title="Stamps on their natural size, then a crop",
        statement="C^T v = the stamps of v on their natural size s(o-1) + K, cropped by (lo, hi - a), a = n + lo + hi "
        "- K - s(o-1); a negative crop extends by zeros (extend first, then crop)",
        hypotheses=(ZEROS,),
        family="constructions",
        source="torch.nn.ConvTranspose2d, padding and output_padding",
        equations=stamp_and_crop,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="decimation",
        title="A stride keeps every s-th output; its transpose inserts zeros",
        statement="C = D_s C_1, C^T = C_1^T U_s, U_s = D_s^T, D_s U_s = I: C_1 is the matrix with stride 1, "
        "n + lo + hi - K + 1 rows an axis, D_s keeps every s-th of them, o in all, and U_s puts s-1 zeros between "
        "the pixels and what is left over behind them",
        hypotheses=(),
        family="constructions",
        source="P. P. Vaidyanathan, Multirate Systems and Filter Banks, section 4.1",
        equations=decimated,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="padding-adjoint",
        title="The transpose of padding is cropping",
        statement="C = C_0 P, C^T = P^T C_0^T: C_0 is the matrix of the convolution of the padded input, P pads, and "
        "P^T crops (and extends where a pad is negative); in the other padding modes P^T folds the border back",
        hypotheses=(),
        family="constructions",
        source="Dumoulin & Visin, arXiv 1603.07285, section 4.2; torch.nn.ConvTranspose2d, padding",
        equations=padding_adjoint,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="subpixel",
        title="One stride-1 convolution a phase, interleaved",
        statement="(C^T v)[s q + r - lo] = sum_t w_d[s t + r] v[q - t] for 0 <= r < s, v being 0 outside: s stride-1 "
        "convolutions an axis, interleaved; w_d is the kernel with d-1 zeros between its taps",
        hypotheses=(ZEROS,),
        family="constructions",
        source="Shi et al., arXiv 1609.07009",
        equations=subpixel,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="generating-function",
        title="A transposed convolution multiplies polynomials",
        statement="(C^T v)[m] is the coefficient of z^(m+lo) in w(z^d) v(z^s): sum over M of c[M] z^M = w(z^d) v(z^s) "
        "for an indeterminate z an axis, and (C^T v)[m] = c[m+lo], which is 0 outside",
        hypotheses=(ZEROS,),
        family="constructions",
        source="coefficients of the product of two polynomials",
        equations=generating_function,
        assumptions=(RING, "the z are indeterminates: equal polynomials in them have equal coefficients"),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="reversed-kernel-same",
        title="When the reversed kernel with the same pads gives the transpose",
        statement="for s=1 and pads (floor((K-1)/2), ceil((K-1)/2)), C' the matrix with the reversed kernel and the "
        "same pads: C' is always the C^T of the layer with lo and hi exchanged; and C' = C^T for every kernel iff K is "
        "odd on every axis, or on one axis k is even and 2n <= d (then no tap reads a pixel and both are 0)",
        hypotheses=(
            ZEROS,
            "the stride is 1",
            "the pads are floor((K-1)/2) and ceil((K-1)/2)",
            "the convolution keeps all its outputs",
        ),
        family="constructions",
        source="a common claim about SAME padding, with the hypothesis that it needs",
        equations=reversed_kernel_same,
        assumptions=("w are indeterminates over any commutative ring other than {0}",),
        example=Conv((4, 4), 3, padding="same"),
    ),
    Theorem(
        name="resize-convolution",
        title="Nearest-neighbour resizing, then a convolution, is a transposed convolution",
        statement="the nearest-neighbour resize of x by s, then the convolution with w (stride 1, dilation d, pads lo, "
        "hi), is the transposed convolution of x with the kernel box_s * flip(w_d), K+s-1 taps, stride s, pads "
        "(K-1-lo, K-1-hi), output_padding 0; n, s, w, d, lo and hi are the layer's",
        hypotheses=(ZEROS,),
        family="constructions",
        source="Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016",
        equations=resize_convolution,
        assumptions=(RING,),
        takes_kernel=True,
        example=STORY,
    ),
)
