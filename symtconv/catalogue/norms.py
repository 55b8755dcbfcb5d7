"""The norms family: C C^T, ranks, bounds and inverses."""

from __future__ import annotations

from symtconv.catalogue.bounds import schur_bound_equations
from symtconv.catalogue.gram import INSIDE, gram_equations, orthogonal_equations
from symtconv.catalogue.inverses import not_an_inverse_equations
from symtconv.catalogue.ranks import RANK_HYPOTHESES, full_row_rank_equations
from symtconv.catalogue.spectra import WHOLE_PERIODS, circulant_spectrum_equations, symbol_bound_equations
from symtconv.geometry import Conv, ConvTranspose
from symtconv.proofs.theorem import Theorem

EXACT = "w is indeterminate over any commutative ring (or the given exact kernel)"
ROOTS = (
    "the complex numbers have N different N-th roots of unity, and the inverse of each is its conjugate; so waves of "
    "different roots, (z - t) times whose inner product is 0, are orthogonal and form a basis"
)
STORY = ConvTranspose((2, 2), 3, stride=2, padding="same")

NORMS = (
    Theorem(
        name="gram",
        title="C C^T is the autocorrelation of the kernel",
        statement="(C C^T)[p, q] = R(s (p - q)), R(l) = sum_t w_d[t] w_d[t + l] the autocorrelation of w_d",
        hypotheses=(INSIDE,),
        family="norms",
        source="multiplication of two rows of C; Gray, Toeplitz and Circulant Matrices, 2006",
        equations=gram_equations,
        assumptions=(EXACT,),
        takes_kernel=True,
        example=Conv((5, 5), 3, stride=2),
    ),
    Theorem(
        name="orthogonal",
        title="When the rows are orthonormal",
        statement="C C^T = I if and only if sum_t w_d[t] w_d[t + s l] = [l = 0] for the differences l of two outputs, "
        "one of l and -l: for 0 <= l < o on one axis; with channels, for each pair of output channels of a group",
        hypotheses=(INSIDE,),
        family="norms",
        source="orthonormal filter banks: Vetterli and Kovacevic, Wavelets and Subband Coding, 1995",
        equations=orthogonal_equations,
        assumptions=(EXACT,),
        takes_kernel=True,
        example=Conv((5, 5), 3, stride=2),
    ),
    Theorem(
        name="full-row-rank",
        title="Without padding the rows are independent",
        statement="C has full row rank for every kernel that is not 0: where j0 is the first tap that is not 0 (in "
        "lexicographic order; of a kernel with names, not 0 as a polynomial), columns s i + d j0 are a triangle of "
        "determinant w[j0]^o; with pads it can fail",
        hypotheses=RANK_HYPOTHESES,
        family="norms",
        source="the leading coefficient of a product is the product of the leading coefficients",
        equations=full_row_rank_equations,
        assumptions=(
            "the weights are of a field, in which a power of what is not 0 is not 0; a part with as many columns as "
            "rows and a determinant other than 0 has independent rows, and groups read different pixels",
        ),
        takes_kernel=True,
        example=Conv((5, 5), 3, stride=2),
    ),
    Theorem(
        name="not-an-inverse",
        title="The transpose is no inverse",
        statement="for fewer outputs than inputs, o < n, C^T C = I for no kernel, as det(C^T C) = 0; otherwise not for "
        "every kernel, as 2 w has 4 C^T C; C^T (C C^T)^-1 is the pseudo-inverse of a given C of rational numbers with "
        "full row rank",
        hypotheses=(),
        family="norms",
        source="rank(C^T C) <= o; Penrose, A generalized inverse for matrices, 1955",
        equations=not_an_inverse_equations,
        assumptions=(
            EXACT,
            "1 is not 0 in the ring, and for o >= n neither is 3; o and n count all channels",
            "products of matrices are associative and bilinear; equal matrices have equal determinants",
        ),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="schur-bound",
        title="Sums of absolute weights bound the norm",
        statement="|C|_2^2 <= R S, with R the largest sum of |w| over the taps of an output channel (|w|_1 if there is "
        "one) and S the largest sum over the taps of an input channel with d j = r mod s; R and S are at most |w|_1",
        hypotheses=("the padding is of zeros", "a given kernel is of rational numbers"),
        family="norms",
        source="Schur's test; Cauchy and Schwarz with the rest given as squares",
        equations=schur_bound_equations,
        assumptions=(
            "x and w are real, and |C|_2^2 is the largest |C x|^2 / |x|^2",
            "every real w is p - q with p, q >= 0 and p q = 0, and then |w| = p + q",
        ),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="symbol-bound",
        title="The symbol bounds the norm",
        statement="|C|_2 <= the largest |w^(theta)|_2 over all theta, w^(theta) = sum_j w[j] e^(i theta d j), with "
        "channels a matrix: C is a part of a circulant, and w^ at roots of unity diagonalises that",
        hypotheses=("the padding is of zeros",),
        family="norms",
        source="Gray, Toeplitz and Circulant Matrices, 2006; Sedghi, Gupta and Long, arXiv 1805.10408",
        equations=symbol_bound_equations,
        assumptions=(
            EXACT,
            "z is a root of unity, z^N = 1, with z = e^(i theta) over the complex numbers",
            ROOTS,
            "a part of a matrix has no larger 2-norm; a block diagonal matrix has the largest of its blocks'",
        ),
        takes_kernel=True,
        example=STORY,
    ),
    Theorem(
        name="circulant-spectrum",
        title="The singular values of a circular convolution",
        statement="the singular values of C are those of the blocks [w^(l), w^(l + o), ..., w^(l + (s-1) o)] / "
        "sqrt(s), l = 0..o-1, w^(l) = sum_j w[j] e^(2 pi i l (d j - lo)/n), c_out x s c_in with channels; one "
        "frequency l an axis",
        hypotheses=("the padding is circular", WHOLE_PERIODS),
        family="norms",
        source="Sedghi, Gupta and Long, arXiv 1805.10408, for s = 1",
        equations=circulant_spectrum_equations,
        assumptions=(
            EXACT,
            "z is a root of unity, z^n = 1, with z = e^(2 pi i l/n) over the complex numbers; z^s is the same for "
            "l + t o, t = 0..s-1, and for no other",
            ROOTS,
            "orthonormal bases keep singular values; those of a block diagonal matrix are those of its blocks",
        ),
        takes_kernel=True,
        example=Conv((4, 6), 3, stride=2, padding=1, padding_mode="circular"),
    ),
)
