"""The norms and inverse family, exactly: as equations for symbolic weights, or as definite forms for integer kernels.

Source of circulant-spectrum for stride 1: Sedghi, Gupta and Long, arXiv 1805.10408. VALID means no pads.
"""

from __future__ import annotations

from fractions import Fraction

from symtconv.bruteforce.line import Line, line, phase_sums
from symtconv.bruteforce.rational import (
    Values,
    echelon,
    flipped,
    fraction,
    inverse,
    kernels,
    multiplied,
    norm_at_most,
    unit,
    values,
)
from symtconv.bruteforce.roots import gathered, turned, unitary
from symtconv.bruteforce.rows import Matrix, Number, Row, identity, product, total, transposed, zeros
from symtconv.bruteforce.signals import laid
from symtconv.bruteforce.statement import assume, at_least_one, statement
from symtconv.bruteforce.symbols import equations, symbols


def _autocorrelation(kernel: Row, shift: int) -> Number:
    """Give R(shift) = sum_t w[t] w[t+shift]."""
    shift = abs(shift)
    return total(a * b for a, b in zip(kernel, kernel[shift:], strict=False))


def _small_gram(layer: Line) -> Matrix:
    C = layer.matrix()
    return product(C, transposed(C, layer.n))


@statement
def gram(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """VALID: (C C^T)[p,q] = R(s(p-q)), R the autocorrelation of w_d"""
    layer = line(n, k, s, d)
    spread, outputs = laid(layer.w, d), range(layer.o)
    return _small_gram(layer) == [[_autocorrelation(spread, s * (p - q)) for q in outputs] for p in outputs]


@statement
def orthogonal(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """VALID: C C^T = I iff sum_t w_d[t] w_d[t+s*l] = [l=0] for 0 <= l < o: the same set of equations for w"""
    layer = line(n, k, s, d)
    spread = laid(layer.w, d)
    conditions = [_autocorrelation(spread, s * shift) - (shift == 0) for shift in range(layer.o)]
    product_rows = zip(_small_gram(layer), identity(layer.o), strict=True)
    entries = [entry - one for row, ones in product_rows for entry, one in zip(row, ones, strict=True)]
    return equations(entries) == equations(conditions)


@statement
def full_row_rank(*, n: int, k: int, s: int = 1, d: int = 1) -> bool:
    """VALID, w not 0, over a field: C has full row rank; with pads it can fail.

    Columns s*i+d*j0 are triangular, j0 the first nonzero tap, which then stands on the diagonal. One zero row, of a
    window on nothing but padding, shows that it can fail.
    """
    layer = line(n, k, s, d)
    for first, tap in enumerate(layer.w):
        C = layer.matrix([0] * first + layer.w[first:])
        block = [[row[s * i + d * first] for i in range(layer.o)] for row in C]
        if any(
            block[i][i] != tap or any(block[below][i] != 0 for below in range(i + 1, layer.o)) for i in range(layer.o)
        ):
            return False
    return [0] in Line(1, 1, 1, 1, 1, 0).matrix()


def _is_pseudo_inverse(C: Values, candidate: Values) -> bool:
    """Check the four conditions of Penrose."""
    left, right = multiplied(C, candidate), multiplied(candidate, C)
    inverts = multiplied(left, C) == C and multiplied(candidate, left) == candidate
    return inverts and flipped(left) == left and flipped(right) == right


@statement
def not_an_inverse(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """rank(C^T C) <= o, so C^T C = I fails for every kernel when o < n; where o = n a kernel may fail too.

    The pseudo-inverse is C^T (C C^T)^-1 where C has full row rank. For every kernel: C^T C is D^T D, D the square
    matrix of C and n - o zero rows, so that det(C^T C) = 0. The rest for integer kernels, exactly.
    """
    layer = line(n, k, s, d, lo, hi)
    C = layer.matrix()
    square = C + zeros(n - layer.o, n)
    if layer.o < n and (product(transposed(C, n), C) != product(transposed(square, n), square) or any(square[-1])):
        return False
    failures = []
    for w in kernels(k):
        A = values(layer, w)
        large, small = multiplied(flipped(A), A), multiplied(A, flipped(A))
        if echelon(large)[1] > layer.o:
            return False
        if (inner := inverse(small)) is not None and not _is_pseudo_inverse(A, multiplied(flipped(A), inner)):
            return False
        if any(w):
            failures.append(large != unit(n))
    return all(failures) if layer.o < n else layer.o > n or any(failures)


@statement
def schur_bound(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """|C|_2 <= sqrt(|w|_1 * max_r sum over d*j = r mod s of |w[j]|) <= |w|_1

    For integer kernels, exactly: the bound's square minus C C^T is positive semidefinite.
    """
    layer = line(n, k, s, d, lo, hi)
    for w in kernels(k):
        sizes = [abs(tap) for tap in w]
        whole, largest = sum(sizes), max(map(fraction, phase_sums(sizes, s, d)))
        if largest > whole or not norm_at_most(whole * largest, values(layer, w)):
            return False
    return True


def _square_at(w: list[int], near: int, far: int) -> Fraction:
    """Give |w^(theta)|^2 where tan(theta/2) = far/near, by Horner's rule in whole numbers."""
    length, cosine, sine = near * near + far * far, near * near - far * far, 2 * near * far
    real = imaginary = 0
    for step, tap in enumerate(reversed(w)):
        real, imaginary = real * cosine - imaginary * sine + tap * length**step, real * sine + imaginary * cosine
    return Fraction(real * real + imaginary * imaginary, length ** (2 * len(w) - 2))


def _largest_square(w: list[int], points: int) -> Fraction:
    """Give the largest |w^(theta)|^2 at the angles with tan(theta/2) = 0, 1/points, ..., 1, ..., points, infinity."""
    return max(max(_square_at(w, points, t), _square_at(w, t, points)) for t in range(points + 1))


@statement
def symbol_bound(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """Zero pads: |C|_2 <= max over theta of |w^(theta)|

    For every kernel: C is rows s*i and columns lo..lo+n-1 of a circulant of size n+lo+hi, whose eigenvalues are w^ at
    the roots of unity. For integer kernels, exactly: the square of the largest |w^| at rational points of the circle,
    which is at most the maximum, minus C C^T is positive semidefinite. (theta counts steps of d.)
    """
    layer = line(n, k, s, d, lo, hi)
    size, w, C = n + lo + hi, layer.w, layer.matrix()
    ring = Line(size, k, 1, d, 0, layer.K - 1).circular_matrix()
    if [ring[s * i][lo : lo + n] for i in range(layer.o)] != C or len(ring) != size or not unitary(size):
        return False
    for frequency in range(size):
        eigenvalue = gathered(size, ((frequency * d * j, tap) for j, tap in enumerate(w)))
        for p, row in enumerate(ring):
            if gathered(size, ((frequency * q, entry) for q, entry in enumerate(row))) != turned(
                eigenvalue, frequency * p
            ):
                return False
    return all(norm_at_most(_largest_square(kernel, 2 * size), values(layer, kernel)) for kernel in kernels(k))


@statement
def circulant_spectrum(
    *,
    n: int,
    k: int,
    s: int = 1,
    d: int = 1,
    lo: int = 0,
    hi: int = 0,
    in_channels: int = 1,
    out_channels: int = 1,
) -> bool:
    """Singular values: those of [w^(l), w^(l+n/s), ..., w^(l+(s-1)n/s)]/sqrt(s), l = 0..n/s-1, each c_out x s*c_in.

    Circular padding, lo+hi=K-1; s divides n, o = n/s. C takes the wave of frequency f on the inputs to w^(f) times the
    wave of frequency f mod n/s on the outputs, exactly in Z[w][z]/(z^n-1), for each pair of channels; the waves of n
    and of n/s points are orthogonal, of length sqrt(n) and sqrt(n/s).
    """
    at_least_one(in_channels=in_channels, out_channels=out_channels)
    layer = line(n, k, s, d, lo, hi)
    assume(lo + hi == layer.K - 1, "lo + hi = K - 1")
    assume(n % s == 0, "s divides n")
    o = n // s
    if layer.o != o or not (unitary(n) and unitary(o)):
        return False
    for c in range(out_channels):
        for e in range(in_channels):
            w = symbols(f"w{c},{e},", k)
            C = layer.circular_matrix(w)
            for frequency in range(n):
                symbol = gathered(n, ((frequency * (d * j - lo), tap) for j, tap in enumerate(w)))
                for i, row in enumerate(C):
                    found = gathered(n, ((frequency * m, entry) for m, entry in enumerate(row)))
                    if found != turned(symbol, s * (frequency % o) * i):
                        return False
    return True
