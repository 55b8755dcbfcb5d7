"""What holds for every tap map, of any sizes: gradients and adjoints, as equations between sums.

A tap map over finite index sets is an array t of noughts and ones: t[i, j, m] is 1 where tap j of output i reads pixel
m. Outputs are numbered 0..O-1, taps 0..J-1, pixels 0..M-1, channels and axes included; padding modes, groups, strides
are only other t. What follows holds for any t at all, so for sums of several taps on one pixel too.
"""

from __future__ import annotations

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Entry, Summand, Total, at_least_1, total
from symtconv.proofs.terms import Derivative, Equation

ENDS = {"i": "O", "j": "J", "m": "M"}


def _at(name: str) -> Polynomial:
    return Polynomial.variable(name)


def within(*names: str) -> tuple[Bracket, ...]:
    """Write that numbers i, j, m (with primes) lie within their index sets."""
    found = []
    for name in names:
        end = _at(ENDS[name[0]])
        found += [Bracket(">=", _at(name)), at_least_1(end - _at(name))]
    return tuple(found)


def entry(array: str | Definition, *names: str) -> Entry:
    """Write an entry at indices that are names."""
    return Entry(array, tuple(map(_at, names)))


def summed(over: str, *entries: Entry, within_: str = "") -> Total:
    """Sum products of entries over the index sets of some numbers; `within_` are free ones that lie in theirs."""
    bound, free = tuple(over.split()), within_.split()
    return total(Summand(1, bound, within(*bound, *free), entries))


def _taps(i: str = "i", j: str = "j", m: str = "m") -> Entry:
    return entry("t", i, j, m)


C = Definition("C", "the matrix of the convolution, C[i, m] = sum of w[j] over the taps j of output i that read pixel m",
               ("i", "m"), summed("j", entry("w", "j"), _taps()))  # fmt: skip
Y = Definition("y", "the convolution, y[i] = sum of w[j] x[m] over the taps j of output i and the pixel m that each reads",
               ("i",), summed("j m", entry("w", "j"), entry("x", "m"), _taps()))  # fmt: skip
Z = Definition("z", "the stamps added up, z[m] = sum of v[i] w[j] over the outputs i and their taps j that read pixel m",
               ("m",), summed("i j", entry("v", "i"), entry("w", "j"), _taps()))  # fmt: skip
X = Definition("X", "what the taps read, X[i, j] = x at the pixel that tap j of output i reads",
               ("i", "j"), summed("m", entry("x", "m"), _taps()))  # fmt: skip

CV = summed("i", entry(C, "i", "m"), entry("v", "i"), within_="m")
CX = summed("m", entry(C, "i", "m"), entry("x", "m"))
VY = summed("i", entry("v", "i"), entry(Y, "i"))
XZ = summed("m", entry("x", "m"), entry(Z, "m"))


def jacobian() -> tuple[Equation, ...]:
    """dy[i]/dx[m] = C[i, m]."""
    right = total(Summand(1, (), within("m"), (entry(C, "i", "m"),)))
    return (
        Equation(Derivative(total(Summand(1, (), (), (entry(Y, "i"),))), ("x", "m")), right, "dy[i]/dx[m] = C[i, m]"),
    )


def input_gradient() -> tuple[Equation, ...]:
    """The gradient of <v, y> by x is C^T v, the stamps added up."""
    stamps = total(Summand(1, (), within("m"), (entry(Z, "m"),)))
    return (
        Equation(Derivative(VY, ("x", "m")), CV, "the gradient of <v, y> by x is C^T v"),
        Equation(CV, stamps, "C^T v is the sum of the stamps"),
    )


def adjoint() -> tuple[Equation, ...]:
    """<Cx, v> = <x, C^T v>."""
    left = summed("i m", entry(C, "i", "m"), entry("x", "m"), entry("v", "i"))
    transposed = Definition(
        "C^T v", "the transposed convolution", ("m",), summed("i", entry(C, "i", "m"), entry("v", "i"))
    )
    return (Equation(left, summed("m", entry("x", "m"), entry(transposed, "m")), "<Cx, v> = <x, C^T v>"),)


def kernel_gradient() -> tuple[Equation, ...]:
    """d<v, y>/dw[j] = sum over i of v[i] X[i, j]."""
    right = summed("i", entry("v", "i"), entry(X, "i", "j"), within_="j")
    return (Equation(Derivative(VY, ("w", "j")), right, "the gradient of <v, y> by w is X^T v"),)


def transposed_gradients() -> tuple[Equation, ...]:
    right = summed("m", entry(C, "i", "m"), entry("x", "m"), within_="i")
    by_w = summed("i", entry("v", "i"), entry(X, "i", "j"), within_="j")
    return (
        Equation(Derivative(XZ, ("v", "i")), right, "the gradient of <x, C^T v> by v is C x"),
        Equation(Derivative(XZ, ("w", "j")), by_w, "the gradient of <x, C^T v> by w is X^T v"),
    )


def hessian() -> tuple[Equation, ...]:
    y = total(Summand(1, (), (), (entry(Y, "i"),)))
    one = total(Summand(1, (), within("m", "j"), (_taps(),)))
    twice = Derivative(Derivative(y, ("x", "m")), ("x", "m'"))
    return (
        Equation(twice, Total(()), "every second derivative by x is 0"),
        Equation(Derivative(Derivative(y, ("x", "m")), ("w", "j")), one, "d2y[i]/dx[m]dw[j] = t[i, j, m]"),
    )
