"""What holds for every tap map, of any sizes: gradients and adjoints, as equations between sums.

A tap map over finite index sets is an array t: t[i, j, m] is 1 where tap j of output i reads pixel m, else 0. Outputs
are numbered 0..O-1, taps 0..J-1, pixels 0..M-1, channels and axes included; padding modes, groups and strides are only
other t. What is proved here holds for any array t at all.
"""

from __future__ import annotations

from collections.abc import Callable

from symtconv.catalogue.writtensums import array, entry, summed, within
from symtconv.proofs.summation import Bracket, Definition, Entry, Total
from symtconv.proofs.terms import Derivative, Equation
from symtconv.proofs.universal import Universal, of_sums

ENDS = {"i": "O", "h": "H", "j": "J", "g": "G", "m": "M"}
TAKEN = ("x, w, v and the taps t are any arrays over any finite index sets 0..M-1, 0..J-1, 0..O-1",)


def _inside(*names: str) -> tuple[Bracket, ...]:
    return tuple(bracket for name in names for bracket in within(name, ENDS[name[0]]))


def _over(names: str, *entries: Entry, free: str = "") -> Total:
    """Sum over the index sets of numbers; `free` are others that lie in theirs."""
    return summed(names, _inside(*names.split(), *free.split()), *entries)


def _defined(symbol: str, meaning: str, at: str, over: str, *entries: Entry) -> Definition:
    return array(symbol, meaning, at, over, _inside(*over.split()), *entries)


w, x, v, t = entry("w", "j"), entry("x", "m"), entry("v", "i"), entry("t", "i", "j", "m")
C = _defined(
    "C", "the matrix: C[i, m] is the sum of w[j] over the taps j of output i that read pixel m", "i m", "j", w, t
)
Y = _defined(
    "y", "the convolution: y[i] is the sum of w[j] x[m], tap j of output i reading pixel m", "i", "j m", w, x, t
)
Z = _defined(
    "z", "the stamps, added up: z[m] is the sum of v[i] w[j], tap j of output i reading m", "m", "i j", v, w, t
)
X = _defined("X", "what is read: X[i, j] is x at the pixel that tap j of output i reads, or 0", "i j", "m", x, t)
Cx = _defined("Cx", "the product of C and x", "i", "m", entry(C, "i", "m"), x)
CTv = _defined("C^T v", "the product of C transposed and v", "m", "i", entry(C, "i", "m"), v)
VY = _over("i", v, entry(Y, "i"))
XZ = _over("m", x, entry(Z, "m"))


def _jacobian() -> tuple[Equation, ...]:
    by_x = Derivative(summed("", (), entry(Y, "i")), ("x", "m"))
    return (Equation(by_x, _over("", entry(C, "i", "m"), free="m"), "dy[i]/dx[m] = C[i, m]"),)


def _input_gradient() -> tuple[Equation, ...]:
    transposed = _over("", entry(CTv, "m"), free="m")
    return (
        Equation(Derivative(VY, ("x", "m")), transposed, "the gradient of <v, y> by x is C^T v"),
        Equation(transposed, _over("", entry(Z, "m"), free="m"), "C^T v is the sum of the stamps"),
    )


def _kernel_gradient() -> tuple[Equation, ...]:
    read = _over("i", v, entry(X, "i", "j"), free="j")
    return (Equation(Derivative(VY, ("w", "j")), read, "d<v, y>/dw[j] is the sum of v[i] X[i, j] over i"),)


def _bias_gradient() -> tuple[Equation, ...]:
    biased = Total((*_over("i", v, entry(Y, "i")).summands, *_over("i", v, entry("b")).summands))
    return (Equation(Derivative(biased, ("b",)), _over("i", v), "d<v, y + b>/db is the sum of v[i]"),)


def _hessian() -> tuple[Equation, ...]:
    y = summed("", (), entry(Y, "i"))
    once = Derivative(y, ("x", "m"))
    return (
        Equation(Derivative(once, ("x", "m'")), Total(()), "every second derivative of y by x is 0"),
        Equation(Derivative(once, ("w", "j")), _over("", t, free="j m"), "d2y[i]/dx[m]dw[j] = t[i, j, m]"),
    )


def _transposed_input_gradient() -> tuple[Equation, ...]:
    by_v = Derivative(XZ, ("v", "i"))
    return (Equation(by_v, _over("", entry(Cx, "i"), free="i"), "the gradient of <x, C^T v> by v is C x"),)


def _transposed_kernel_gradient() -> tuple[Equation, ...]:
    read = _over("i", v, entry(X, "i", "j"), free="j")
    return (Equation(Derivative(XZ, ("w", "j")), read, "d<x, C^T v>/dw[j] is the sum of v[i] X[i, j] over i"),)


def _chain_rule() -> tuple[Equation, ...]:
    second = _defined("C2", "the matrix of the second layer", "h i", "g", entry("w2", "g"), entry("t2", "h", "g", "i"))
    y2 = _defined("y2", "the second layer of the first", "h", "i", entry(second, "h", "i"), entry(Y, "i"))
    back = _defined("C2^T v", "the product of C2 transposed and v", "i", "h", entry(second, "h", "i"), entry("v", "h"))
    both = _over("i", entry(C, "i", "m"), entry(back, "i"), free="m")
    scalar = Derivative(_over("h", entry("v", "h"), entry(y2, "h")), ("x", "m"))
    return (Equation(scalar, both, "the gradient of <v, C2 C1 x> by x is C1^T C2^T v"),)


def _adjoint() -> tuple[Equation, ...]:
    return (Equation(_over("i", entry(Cx, "i"), v), _over("m", x, entry(CTv, "m")), "<Cx, v> = <x, C^T v>"),)


def _trilinear() -> tuple[Equation, ...]:
    form = _over("i j m", w, x, v, t)
    return (
        Equation(form, VY, "T(w, x, v) = <v, y>"),
        Equation(
            Derivative(form, ("w", "j")), _over("i", v, entry(X, "i", "j"), free="j"), "by w: the kernel gradient"
        ),
        Equation(Derivative(form, ("x", "m")), _over("", entry(CTv, "m"), free="m"), "by x: C^T v"),
        Equation(Derivative(form, ("v", "i")), _over("", entry(Cx, "i"), free="i"), "by v: C x"),
    )


def _universal(statement: str, equations: Callable[[], tuple[Equation, ...]]) -> Universal:
    return of_sums(statement, TAKEN, equations)


ANY_TAPS: dict[str, Universal] = {
    "jacobian": _universal("dy[i]/dx[m] = sum over j of w[j] t[i, j, m] = C[i, m]", _jacobian),
    "input-gradient": _universal("the gradient of <v, y> by x is C^T v, the sum of the stamps", _input_gradient),
    "bias-gradient": _universal("d<v, y + b>/db = sum over i of v[i]", _bias_gradient),
    "hessian": _universal("d2y/dx dx = 0, and d2y[i]/dx[m]dw[j] = t[i, j, m]", _hessian),
    "transposed-input-gradient": _universal("the gradient of <x, C^T v> by v is C x", _transposed_input_gradient),
    "transposed-kernel-gradient": _universal(
        "d<x, C^T v>/dw[j] = sum over i of v[i] X[i, j]", _transposed_kernel_gradient
    ),
    "chain-rule": _universal("the gradient of <v, C2 C1 x> by x is C1^T C2^T v", _chain_rule),
    "adjoint": _universal("<Cx, v> = <x, C^T v>", _adjoint),
    "trilinear": _universal("the gradients of T(w, x, v) are the kernel gradient, C^T v and C x", _trilinear),
}
