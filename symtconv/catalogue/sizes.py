"""The sizes family: what the size of an output says of the input, and back."""

from __future__ import annotations

from functools import reduce
from typing import Any

from symtconv.errors import NotApplicable
from symtconv.geometry import Axis
from symtconv.proofs.terms import Compound, Defined, Equation, Number, Term
from symtconv.proofs.theorem import Theorem


def _size_round_trip(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    equations: list[Equation] = []
    for number, axis in enumerate(layer.axes):
        if axis.small != axis.formula_size:
            raise NotApplicable.because(
                "size-round-trip",
                "the convolution keeps all its outputs",
                f"{axis.small} of {axis.formula_size} outputs",
            )
        equations += _axis_equations(axis, f" on axis {number}" if layer.ndim > 1 else "")
    return tuple(equations)


def _axis_equations(axis: Axis, where: str) -> tuple[Equation, Equation]:
    n, o = _number("n", "the large size", axis.large), _number("o", "the small size", axis.small)
    k, s = _number("k", "the kernel size", axis.kernel_size), _number("s", "the stride", axis.stride)
    d = _number("d", "the dilation", axis.dilation)
    lo, hi = _number("lo", "the low pad", axis.lo), _number("hi", "the high pad", axis.hi)
    span = _plus(Compound("*", d, _plus(k, Number(-1))), Number(1))
    free = _plus(n, lo, hi, _minus(span))
    size = _plus(Compound("//", free, s), Number(1))
    stretched = Compound("*", s, _plus(o, Number(-1)))
    back = _plus(stretched, span, _minus(lo), _minus(hi), Compound("mod", free, s))
    return (
        Equation(o, size, f"o = floor((n + lo + hi - K)/s) + 1{where}"),
        Equation(n, back, f"n = s(o-1) + K - lo - hi + a, a = (n + lo + hi - K) mod s{where}"),
    )


def _number(symbol: str, meaning: str, value: int) -> Defined:
    return Defined(symbol, meaning, Number(value))


def _plus(*terms: Term) -> Term:
    return reduce(lambda left, right: Compound("+", left, right), terms)


def _minus(term: Term) -> Term:
    return Compound("*", Number(-1), term)


SIZES = (
    Theorem(
        name="size-round-trip",
        title="The size, there and back",
        statement="n = s(o-1) + K - lo - hi + a, where o = floor((n+lo+hi-K)/s) + 1, a = (n+lo+hi-K) mod s and "
        "K = d(k-1) + 1",
        hypotheses=("n, k, s, d are at least 1 and n + lo + hi is at least K",),
        family="sizes",
        source="Dumoulin & Visin, arXiv 1603.07285, relationships 14 and 15",
        equations=_size_round_trip,
    ),
)
