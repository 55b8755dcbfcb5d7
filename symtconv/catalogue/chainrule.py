"""The chain rule for two convolutions, one after the other: backpropagation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.differentiation import EVERY_KERNEL, Indices, gradient_by_sympy, tap_index
from symtconv.catalogue.pairs import FOLLOWS, subjects
from symtconv.catalogue.subject import MAX_ENTRIES, SYMPY_NONZEROS, Subject
from symtconv.catalogue.vocabulary import vector
from symtconv.errors import TooLarge
from symtconv.geometry import Conv
from symtconv.layers import convolve, transpose_by
from symtconv.proofs.terms import Defined, Derivative, Equation, Term, Transposed, product
from symtconv.proofs.theorem import Theorem
from symtconv.taps import reads


@dataclass(frozen=True)
class _Chain:
    """Two convolutions: y = C1 x with kernel w, and t = C2 y with kernel u, both by the definition."""

    first: Subject
    second: Subject

    @cached_property
    def paths(self) -> int:
        """The products u w x of which the outputs are sums: pairs of taps that meet at a pixel between the layers."""
        first, second = self.first.conv, self.second.conv
        between = prod(first.small_shape)
        into = np.bincount(reads(first).rows, minlength=between)
        out_of = np.bincount(reads(second).columns, minlength=between)
        depth, width = first.large_channels // first.groups, second.small_channels // second.groups
        return int(into @ out_of) * first.small_channels * depth * width

    @cached_property
    def scalar(self) -> Term:
        """<v, t>, the two definitions run one after the other."""
        y = convolve(self.first.conv, self.first.x, self.first.w)
        t = Defined("t", "the convolution by u of the convolution of x by w", self._second(y))
        return product(self.second.v_term, t)

    def _second(self, y: Array) -> Term:
        return vector(convolve(self.second.conv, y, self.second.w))

    @cached_property
    def backwards(self) -> Term:
        """C2^T v, the gradient that arrives between the layers."""
        return product(Transposed(_called(self.second.C_term, "C2", "second")), self.second.v_term)

    @cached_property
    def stamped(self) -> Term:
        """The transposed convolutions one after the other, the second layer's first."""
        between = transpose_by("stamp", self.second.conv.T, self.second.v, self.second.w)
        return vector(transpose_by("stamp", self.first.conv.T, between, self.first.w))

    def by_sympy(self, by: tuple[str, ...]) -> Defined:
        """The gradient of <v, t>, taken by SymPy."""
        t = convolve(self.second.conv, self.first.y_sympy, self.second.w_symbols)
        return gradient_by_sympy(self.second.v_symbols, t, by)

    def gradient(self, by: tuple[str, ...], gradient: Term, says: str, at: Indices) -> list[Equation]:
        """State the gradient of <v, t>; of small chains also of the one that SymPy's diff takes."""
        equations = [Equation(Derivative(self.scalar, by), gradient, says, at)]
        if self.paths <= SYMPY_NONZEROS:
            equations.append(Equation(self.by_sympy(by), gradient, f"{says}, by SymPy's diff", at))
        return equations


def _called(term: Defined, symbol: str, which: str) -> Defined:
    return Defined(symbol, f"{term.meaning}, {which} layer", term.value)


def _chain_rule(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    chain = _Chain(*subjects("chain-rule", layer))
    if chain.paths > MAX_ENTRIES:
        raise TooLarge.of(
            f"a proof for {layer!r}",
            chain.paths,
            MAX_ENTRIES,
            what="pairs of taps",
            remedy="Ask for smaller layers of the same kind.",
        )
    first = chain.first
    by_x = product(Transposed(_called(first.C_term, "C1", "first")), chain.backwards)
    by_w = product(Transposed(first.unfold_term), chain.backwards)
    at = first.indices[1:]
    stamps = Defined("z", "the transposed convolution by w of the transposed convolution of v by u", chain.stamped)
    return (
        *chain.gradient(first.x_names, by_x, "the gradient of <v, C2 C1 x> by x is C1^T C2^T v", at),
        Equation(by_x, stamps, "C1^T C2^T v are the two transposed convolutions, the second layer's first", at),
        *chain.gradient(first.w_names, by_w, "the gradient by the first kernel is X^T C2^T v", (tap_index(first),)),
    )


CHAIN_RULE = Theorem(
    name="chain-rule",
    title="Backpropagation through two convolutions is two transposed convolutions",
    statement="grad_x <v, C2 C1 x> = C1^T C2^T v, the two transposed convolutions in reverse order; by the first "
    "kernel the gradient is X^T C2^T v, X the unfold matrix of x",
    hypotheses=(FOLLOWS,),
    family="gradients",
    source="the chain rule; Rumelhart, Hinton & Williams, Nature 323 (1986)",
    equations=_chain_rule,
    assumptions=(EVERY_KERNEL, "so are u, the second kernel's weights"),
    takes_two=True,
    example=(Conv((5, 5), 3, stride=2, padding="same"), Conv((3, 3), 2)),
)
