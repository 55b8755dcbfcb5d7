"""What holds for every tap map, of any sizes: gradients and adjoints, as equations between sums.

A tap map over finite index sets is an array t: t[i, j, m] is 1 where tap j of output i reads pixel m, else 0. Outputs
are numbered 0..O-1, taps 0..T-1, pixels 0..N-1, channels and axes included; padding modes, groups and strides are only
other t. What is proved here holds for any array t at all.
"""

from __future__ import annotations

from collections.abc import Callable

from symtconv.catalogue.oneaxis import BOTH, OTHERS, SIZES, Axis, d, i, j as tap, k, lo, m, n, o, s
from symtconv.catalogue.writtensums import array, entry, summed, within
from symtconv.proofs.summation import Bracket, Definition, Entry, TapMap, Total
from symtconv.proofs.terms import Derivative, Equation
from symtconv.proofs.universal import Universal, of_numbers, of_sums, together

ENDS = {"i": "O", "h": "H", "j": "T", "g": "G", "m": "N"}
ONE_PIXEL = "tap j of output i reads one pixel at most: t[i, j, m] is 0 or 1, and 1 for one m at most"
TAKEN = ("x, w and v are any arrays with N, T and O entries, and t[i, j, m] any coefficients",)


def inside(*names: str) -> tuple[Bracket, ...]:
    return tuple(bracket for name in names for bracket in within(name, ENDS[name[0]]))


def over(names: str, *entries: Entry, free: str = "") -> Total:
    """Sum over the index sets of numbers; `free` are others that lie in theirs."""
    return summed(names, inside(*names.split(), *free.split()), *entries)


def defined(symbol: str, meaning: str, at: str, over: str, *entries: Entry) -> Definition:
    return array(symbol, meaning, at, over, inside(*over.split()), *entries)


w, x, v, t = entry("w", "j"), entry("x", "m"), entry("v", "i"), entry("t", "i", "j", "m")
C = defined("C", "the matrix", "i m", "j", w, t)
Y = defined("y", "the convolution", "i", "j m", w, x, t)
Z = defined("z", "the stamps, added up", "m", "i j", v, w, t)
X = defined("X", "what is read, or 0 where nothing is", "i j", "m", x, t)
Cx = defined("Cx", "the product of C and x", "i", "m", entry(C, "i", "m"), x)
CTv = defined("C^T v", "the product of C transposed and v", "m", "i", entry(C, "i", "m"), v)
VY = over("i", v, entry(Y, "i"))
XZ = over("m", x, entry(Z, "m"))


def jacobian() -> tuple[Equation, ...]:
    by_x = Derivative(summed("", (), entry(Y, "i")), ("x", "m"))
    return (Equation(by_x, over("", entry(C, "i", "m"), free="m"), "dy[i]/dx[m] = C[i, m]"),)


def _input_gradient() -> tuple[Equation, ...]:
    transposed = over("", entry(CTv, "m"), free="m")
    return (
        Equation(Derivative(VY, ("x", "m")), transposed, "the gradient of <v, y> with respect to x is C^T v"),
        Equation(transposed, over("", entry(Z, "m"), free="m"), "C^T v is the sum of the stamps"),
    )


def _kernel_gradient() -> tuple[Equation, ...]:
    read = over("i", v, entry(X, "i", "j"), free="j")
    return (Equation(Derivative(VY, ("w", "j")), read, "d<v, y>/dw[j] is the sum of v[i] X[i, j] over i"),)


def _bias_gradient() -> tuple[Equation, ...]:
    biased = Total((*over("i", v, entry(Y, "i")).summands, *over("i", v, entry("b")).summands))
    return (Equation(Derivative(biased, ("b",)), over("i", v), "d<v, y + b>/db is the sum of v[i]"),)


def _hessian() -> tuple[Equation, ...]:
    y = summed("", (), entry(Y, "i"))
    once = Derivative(y, ("x", "m"))
    return (
        Equation(Derivative(once, ("x", "m'")), Total(()), "every second derivative of y with respect to x is 0"),
        Equation(Derivative(once, ("w", "j")), over("", t, free="j m"), "d2y[i]/dx[m]dw[j] = t[i, j, m]"),
    )


def _transposed_input_gradient() -> tuple[Equation, ...]:
    by_v = Derivative(XZ, ("v", "i"))
    return (Equation(by_v, over("", entry(Cx, "i"), free="i"), "the gradient of <x, C^T v> with respect to v is C x"),)


def _transposed_kernel_gradient() -> tuple[Equation, ...]:
    read = over("i", v, entry(X, "i", "j"), free="j")
    return (Equation(Derivative(XZ, ("w", "j")), read, "d<x, C^T v>/dw[j] is the sum of v[i] X[i, j] over i"),)


def _chain_rule() -> tuple[Equation, ...]:
    second = defined("C2", "the matrix of the second layer", "h i", "g", entry("w2", "g"), entry("t2", "h", "g", "i"))
    y2 = defined("y2", "the second layer of the first", "h", "i", entry(second, "h", "i"), entry(Y, "i"))
    back = defined("C2^T v", "the product of C2 transposed and v", "i", "h", entry(second, "h", "i"), entry("v", "h"))
    both = over("i", entry(C, "i", "m"), entry(back, "i"), free="m")
    scalar = Derivative(over("h", entry("v", "h"), entry(y2, "h")), ("x", "m"))
    return (Equation(scalar, both, "the gradient of <v, C2 C1 x> with respect to x is C1^T C2^T v"),)


def _adjoint() -> tuple[Equation, ...]:
    return (Equation(over("i", entry(Cx, "i"), v), over("m", x, entry(CTv, "m")), "<Cx, v> = <x, C^T v>"),)


def _trilinear() -> tuple[Equation, ...]:
    form = over("i j m", w, x, v, t)
    return (
        Equation(form, VY, "T(w, x, v) = <v, y>"),
        Equation(
            Derivative(form, ("w", "j")),
            over("i", v, entry(X, "i", "j"), free="j"),
            "with respect to w: the kernel gradient",
        ),
        Equation(Derivative(form, ("x", "m")), over("", entry(CTv, "m"), free="m"), "with respect to x: C^T v"),
        Equation(Derivative(form, ("v", "i")), over("", entry(Cx, "i"), free="i"), "with respect to v: C x"),
    )


def _convolved(axis: Axis) -> Total:
    """Write <v, y> along an axis, x read as 0 outside 0..n-1."""
    pixel = s * i + d * tap - lo
    taps = (*within(tap, k), *within(pixel, n))
    reads = axis.array(
        "y", "the convolution", "i", "j", taps, axis.w(tap), axis.x(pixel), *axis.reads(), at_rest="I", rest="J M"
    )
    return axis.sum("i", (*SIZES, *within(i, o)), axis.v(i), entry(reads, i, *axis.here("I")), rest="I")


def _gradient_along(axis: Axis, beside: str) -> Equation:
    by_x = Derivative(_convolved(axis), ("x", "m", *axis.here("M")))
    transposed = axis.transposed((*SIZES, *within(m, n), *axis.ranges("M")))
    return Equation(by_x, transposed, f"along an axis: the gradient of <v, y> with respect to x is C^T v{beside}")


def _kernel_gradient_along(axis: Axis, beside: str) -> Equation:
    by_w = Derivative(_convolved(axis), ("w", "j", *axis.here("J")))
    pixel = d * tap + s * i - lo
    given = (*SIZES, *within(i, o), *within(tap, k), *within(pixel, n), *axis.ranges("J"))
    convolved = axis.sum("i", given, axis.v(i), axis.x(pixel), *axis.reads(), rest="I M")
    says = f"along an axis: it is the convolution of x with kernel v, stride d, dilation s, left pad lo{beside}"
    return Equation(by_w, convolved, says)


def _involution() -> tuple[Equation, ...]:
    once = defined("D", "C transposed", "m i", "", entry(C, "i", "m"))
    twice = defined("E", "D transposed", "i m", "", entry(once, "m", "i"))
    return (Equation(over("", entry(twice, "i", "m"), free="i m"), over("", entry(C, "i", "m"), free="i m"), "E = C"),)


def _unfold_fold() -> tuple[Equation, ...]:
    tau = entry(TapMap("t"), "i", "j", "m")
    outer = defined("A", "the products of pixels and weights", "i j", "", v, w)
    read = defined("X", "what is read, or 0 where nothing is", "i j", "m", x, tau)
    matrix = defined("C", "the matrix", "i m", "j", w, tau)
    unfolded, folded = over("j", entry(read, "i", "j"), w), over("i j", entry(outer, "i", "j"), tau)
    return (
        Equation(over("m", entry(matrix, "i", "m"), x), unfolded, "C x = unfold(x) w"),
        Equation(over("i", entry(matrix, "i", "m"), v), folded, "C^T v = fold(v w^T)"),
        Equation(
            over("i j", entry(read, "i", "j"), tau, free="m"),
            over("i j", tau, x, free="m"),
            "fold(unfold(x)) = coverage * x",
        ),
    )


def said(statement: str, equations: Callable[[], tuple[Equation, ...]]) -> Universal:
    return of_sums(statement, TAKEN, equations)


ALONG = ("the axis is padded with zeros", "s, d, k and o are at least 1", "K = d*(k - 1) + 1", OTHERS)
ANY_TAPS: dict[str, Universal] = {
    "jacobian": said("dy[i]/dx[m] = sum over j of w[j] t[i, j, m] = C[i, m]", jacobian),
    "input-gradient": together(
        said("the gradient of <v, y> with respect to x is C^T v, the sum of the stamps", _input_gradient),
        of_sums("so it is with m = s*i + d*j - lo", ALONG, lambda: tuple(_gradient_along(*where) for where in BOTH)),
    ),
    "kernel-gradient": together(
        said("d<v, y>/dw[j] = sum over i of v[i] X[i, j]", _kernel_gradient),
        of_sums(
            "along an axis that is the convolution of x with kernel v, stride d, dilation s, pads (lo, hi-a)",
            ALONG,
            lambda: tuple(_kernel_gradient_along(*where) for where in BOTH),
        ),
        of_numbers(
            "(n + lo + (hi - a) - (s*(o - 1) + 1))//d + 1 == k",
            where=("K = d*(k - 1) + 1", "n = s*(o - 1) + K - lo - hi + a"),
            assuming=("s >= 1", "d >= 1", "k >= 1", "o >= 1"),
        ),
    ),
    "bias-gradient": said("d<v, y + b>/db = sum over i of v[i]", _bias_gradient),
    "hessian": said("d2y/dx dx = 0, and d2y[i]/dx[m]dw[j] = t[i, j, m]", _hessian),
    "transposed-input-gradient": said(
        "the gradient of <x, C^T v> with respect to v is C x", _transposed_input_gradient
    ),
    "transposed-kernel-gradient": said("d<x, C^T v>/dw[j] = sum over i of v[i] X[i, j]", _transposed_kernel_gradient),
    "chain-rule": said("the gradient of <v, C2 C1 x> with respect to x is C1^T C2^T v", _chain_rule),
    "adjoint": said("<Cx, v> = <x, C^T v>", _adjoint),
    "trilinear": said("the gradients of T(w, x, v) are the kernel gradient, C^T v and C x", _trilinear),
    "involution": said("(C^T)^T = C", _involution),
    "unfold-fold": of_sums(
        "C x = unfold(x) w, C^T v = fold(v w^T), fold(unfold(x)) = coverage * x",
        (*TAKEN, ONE_PIXEL),
        _unfold_fold,
    ),
}
