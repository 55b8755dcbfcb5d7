"""The structure family: what the entries of C have to do with one another, every entry compared, zeros included."""

from __future__ import annotations

from symtconv.bruteforce import plane
from symtconv.bruteforce.line import Line, line
from symtconv.bruteforce.roots import gathered, turned, unitary
from symtconv.bruteforce.rows import (
    Matrix,
    Row,
    added,
    applied,
    dot,
    identity,
    kronecker as block_product,
    product,
    scaled,
    total,
    transposed,
    zeros,
)
from symtconv.bruteforce.signals import laid, multiplied, padded, slid
from symtconv.bruteforce.statement import assume, at_least_one, statement
from symtconv.bruteforce.symbols import jacobian, symbols


def _summed(rows: list[Row]) -> Row:
    return [total(column) for column in zip(*rows, strict=True)]


def _single_tap(k: int, j: int) -> Row:
    return [int(tap == j) for tap in range(k)]


@statement
def toeplitz(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C[i+1, m+s] = C[i, m]"""
    layer = line(n, k, s, d, lo, hi)
    C = layer.matrix()
    return all(C[i + 1][m + s] == C[i][m] for i in range(layer.o - 1) for m in range(n - s))


@statement
def kronecker(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """2-D (these sizes on both axes): C = sum_ab w[a,b] S_a (x) S_b, S the 1-D matrices of a single tap"""
    layer = line(n, k, s, d, lo, hi)
    x, w = plane.named("x", n), plane.named("w", k)
    S = [layer.matrix(_single_tap(k, j)) for j in range(k)]
    C = zeros(layer.o**2, n**2)
    for a in range(k):
        for b in range(k):
            C = added(C, scaled(w[a][b], block_product(S[a], S[b])))
    return plane.flat(plane.convolve(layer, x, w)) == applied(C, plane.flat(x))


@statement
def separable(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """w = u v^T (2-D, these sizes on both axes): C = C_u (x) C_v"""
    layer = line(n, k, s, d, lo, hi)
    x, u, v = plane.named("x", n), symbols("u", k), symbols("v", k)
    C = block_product(layer.matrix(u), layer.matrix(v))
    return plane.flat(plane.convolve(layer, x, [[a * b for b in v] for a in u])) == applied(C, plane.flat(x))


def _is_block_matrix(layer: Line, in_channels: int, out_channels: int, groups: int) -> bool:
    """Differentiate the definition and its transpose by channels: block (c, e) is a layer's within a group, else 0."""
    ins, outs = in_channels // groups, out_channels // groups
    w = [[symbols(f"w{c},{e},", layer.k) for e in range(ins)] for c in range(out_channels)]
    x = [symbols(f"x{e},", layer.n) for e in range(in_channels)]
    v = [symbols(f"v{c},", layer.o) for c in range(out_channels)]
    y = [_summed([layer.convolve(x[c // outs * ins + e], w[c][e]) for e in range(ins)]) for c in range(out_channels)]
    z = [
        _summed([layer.stamp(v[c], w[c][e % ins]) for c in range(out_channels) if c // outs == e // ins])
        for e in range(in_channels)
    ]
    for c in range(out_channels):
        for e in range(in_channels):
            within = c // outs == e // ins
            block = layer.matrix(w[c][e % ins]) if within else zeros(layer.o, layer.n)
            if jacobian(y[c], f"x{e},", layer.n) != block:
                return False
            if jacobian(z[e], f"v{c},", layer.o) != transposed(block, layer.n):
                return False
    return True


@statement
def channels(
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
    """C is a block matrix (out x in); C^T swaps the roles"""
    at_least_one(in_channels=in_channels, out_channels=out_channels)
    return _is_block_matrix(line(n, k, s, d, lo, hi), in_channels, out_channels, 1)


@statement
def groups(
    *,
    n: int,
    k: int,
    s: int = 1,
    d: int = 1,
    lo: int = 0,
    hi: int = 0,
    in_channels: int = 1,
    out_channels: int = 1,
    groups: int = 1,
) -> bool:
    """C is a block matrix (out x in); groups make it block diagonal; C^T swaps the roles"""
    at_least_one(in_channels=in_channels, out_channels=out_channels, groups=groups)
    assume(in_channels % groups == out_channels % groups == 0, "groups divides in_channels and out_channels")
    return _is_block_matrix(line(n, k, s, d, lo, hi), in_channels, out_channels, groups)


@statement
def composition(
    *,
    n: int,
    k1: int,
    s1: int = 1,
    d1: int = 1,
    lo1: int = 0,
    hi1: int = 0,
    k2: int,
    s2: int = 1,
    d2: int = 1,
) -> bool:
    """No pads in the second layer: C2 C1 = C of (w1)_d1 * (w2)_(s1*d2), stride s1*s2, pads those of the first layer"""
    first = line(n, k1, s1, d1, lo1, hi1)
    second = line(first.o, k2, s2, d2)
    u = symbols("u", k2)
    kernel = multiplied(laid(first.w, d1), laid(u, s1 * d2))
    both = Line(n, len(kernel), s1 * s2, 1, lo1, hi1)
    return product(second.matrix(u), first.matrix()) == both.matrix(kernel)


def _is_sublayer(C: Matrix, rows: range, columns: range, sublayer: Line) -> bool:
    """Decide whether these rows of C are zero but in these columns, and there the matrix of the sublayer."""
    elsewhere = [C[i][m] for i in rows for m in range(len(C[i])) if m not in columns]
    return [[C[i][m] for m in columns] for i in rows] == sublayer.matrix() and elsewhere == [0] * len(elsewhere)


@statement
def dilation_residues(*, n: int, k: int, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """s=1: outputs i = rho mod d read only inputs m = sigma mod d, sigma = (rho-lo) mod d.

    That block is the convolution with w, d=1, left pad ceil((lo-rho)/d), right pad what its size needs.
    """
    layer = line(n, k, 1, d, lo, hi)
    C = layer.matrix()
    for rho in range(min(d, layer.o)):
        rows, columns = range(rho, layer.o, d), range((rho - lo) % d, n, d)
        left = -((rho - lo) // d)
        right = len(rows) + k - 1 - len(columns) - left
        if not _is_sublayer(C, rows, columns, Line(len(columns), k, 1, 1, left, right)):
            return False
    return True


@statement
def non_overlapping(*, n: int, k: int, s: int = 1) -> bool:
    """d=1, k <= s, no pads: C C^T = |w|^2 I; for k = s and s divides n: C = I (x) w^T"""
    layer = line(n, k, s)
    assume(k <= s, "k is at most s")
    C, unit = layer.matrix(), identity(layer.o)
    if product(C, transposed(C, n)) != scaled(dot(layer.w, layer.w), unit):
        return False
    return not (k == s and n % s == 0) or block_product(unit, [layer.w]) == C


def _mirrored(layer: Line, other: Line) -> bool:
    return [row[::-1] for row in reversed(layer.matrix())] == other.matrix(layer.w[::-1])


@statement
def mirror(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """J C(w; lo,hi) J = C(flip w; hi-a, lo+a), J the reversal; for P > 0 it swaps SAME_UPPER and SAME_LOWER"""
    layer = line(n, k, s, d, lo, hi)
    P = (-(-n // s) - 1) * s + layer.K - n
    few, many = P // 2, P - P // 2
    swapped = P <= 0 or _mirrored(Line(n, k, s, d, few, many), Line(n, k, s, d, many, few))
    return swapped and _mirrored(layer, Line(n, k, s, d, hi - layer.a, lo + layer.a))


@statement
def space_to_depth(*, n: int, k: int, s: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d=1: Cx = sum over r of stride-1 convolutions of (padded x)[r::s] with w[r::s]; its transpose is subpixel"""
    layer = line(n, k, s, 1, lo, hi)
    wide = padded(layer.x, lo, hi)
    depths = [(wide[r::s], layer.w[r::s]) for r in range(min(s, k))]
    forward = _summed([slid(part, taps)[: layer.o] for part, taps in depths])
    back: Row = [0] * len(wide)
    for r, (part, taps) in enumerate(depths):
        back[r::s] = Line(len(part), len(taps)).stamp(layer.v, taps)
    C = layer.matrix()
    return forward == applied(C, layer.x) and back[lo : lo + n] == applied(transposed(C, n), layer.v)


@statement
def noble_identity(*, n: int, k: int, s: int = 1, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """s divides d: C(s,d) = C(1,d/s) on the inputs = -lo mod s, zero elsewhere"""
    layer = line(n, k, s, d, lo, hi)
    assume(d % s == 0, "s divides d")
    columns = range(-lo % s, n, s)
    left = (lo + -lo % s) // s
    right = layer.o + d // s * (k - 1) - len(columns) - left
    sublayer = Line(len(columns), k, 1, d // s, left, right)
    return _is_sublayer(layer.matrix(), range(layer.o), columns, sublayer)


def _diagonal(C: Matrix, waves: list[list[int]], eigenvalues: list[Row]) -> bool:
    """Decide in Z[w][z]/(z^n-1) whether C wave = eigenvalue * wave for each wave, the list of its exponents of z."""
    for i, row in enumerate(C):
        filled = [(m, entry) for m, entry in enumerate(row) if entry != 0]
        for wave, eigenvalue in zip(waves, eigenvalues, strict=True):
            found = gathered(len(eigenvalue), ((wave[m], entry) for m, entry in filled))
            if found != turned(eigenvalue, wave[i]):
                return False
    return True


@statement
def circulant(*, n: int, k: int, d: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """C = F* diag(c^) F, F the unitary DFT, c^[l] = sum_j w[j] e^(2 pi i l (d*j-lo)/n).

    Circular padding, s=1, lo+hi=K-1. d-D: F (x) F, here on two axes. The columns of F* are waves; each is an
    eigenvector of C, and they are orthonormal.
    """
    layer = line(n, k, 1, d, lo, hi)
    assume(lo + hi == layer.K - 1, "lo + hi = K - 1")
    S = [layer.circular_matrix(_single_tap(k, j)) for j in range(k)]
    w2, C2 = plane.named("w", k), zeros(layer.o**2, n**2)
    for a in range(k):
        for b in range(k):
            C2 = added(C2, scaled(w2[a][b], block_product(S[a], S[b])))
    shifts = [d * j - lo for j in range(k)]
    values = [gathered(n, ((f * shift, tap) for shift, tap in zip(shifts, layer.w, strict=True))) for f in range(n)]
    values2 = [
        gathered(n, ((f * shifts[a] + g * shifts[b], w2[a][b]) for a in range(k) for b in range(k)))
        for f in range(n)
        for g in range(n)
    ]
    waves = [[f * m for m in range(n)] for f in range(n)]
    waves2 = [[f * m + g * p for m in range(n) for p in range(n)] for f in range(n) for g in range(n)]
    square = layer.o == n and unitary(n)
    return square and _diagonal(layer.circular_matrix(), waves, values) and _diagonal(C2, waves2, values2)


@statement
def unread_inputs(*, n: int, k: int, s: int = 1, lo: int = 0, hi: int = 0) -> bool:
    """d=1, k >= s: exactly the last max(0, a-hi) inputs are never read"""
    layer = line(n, k, s, 1, lo, hi)
    assume(k >= s, "k is at least s")
    unread = set(range(n)) - {m for _, _, m in layer.read()}
    return unread == {m for m in range(n) if m >= n - max(0, layer.a - hi)}
