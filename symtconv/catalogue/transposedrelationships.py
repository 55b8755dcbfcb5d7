"""Dumoulin and Visin's relationships 8 to 14: the transpose as a convolution with stride 1, and its size.

The paper never says that the kernel is flipped, and the channels exchanged; both are said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.axissizes import MINUS_ONE, ONE, AxisSizes, axis_sizes
from symtconv.catalogue.gradients import RING
from symtconv.catalogue.hypotheses import (
    ALL_KEPT,
    DILATION_1,
    DIVIDES,
    DIVIDES_UNPADDED,
    EQUAL_PADS,
    FULL_PADS,
    HALF_PADS,
    NO_PADS,
    ODD_KERNEL,
    STRIDE_1,
    Hypothesis,
    require,
)
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import minus, named, plus, remainder, vector
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.proofs.terms import Defined, Equation, Term, Transposed, number, product
from symtconv.proofs.theorem import Theorem

ZEROS = "the padding is of zeros"
ZERO = number(0)
Formula = Callable[[AxisSizes], Term]


@dataclass(frozen=True)
class _Relationship:
    """What a relationship says of the stride-1 convolution that is the transpose: its pad p' and its size o'."""

    place: int
    title: str
    pad: tuple[str, Formula]
    size: tuple[str, Formula]
    hypotheses: Sequence[Hypothesis]
    example: ConvTranspose

    @property
    def name(self) -> str:
        """The name in the catalogue."""
        return f"relationship-{self.place}"

    @property
    def statement(self) -> str:
        """What is said, in words."""
        stretched = "v with s-1 zeros between its pixels" if STRIDE_1 not in self.hypotheses else "v"
        after = " and a zeros after them" if self.place == 14 else ""
        return (
            f"the transposed convolution of v, i' = o pixels, is the convolution of {stretched}{after} with the "
            f"flipped kernel, stride 1 and pads p' = {self.pad[0]}; its size is o' = {self.size[0]} = n"
        )

    def __call__(self, layer: Any, kernel: Any) -> tuple[Equation, ...]:
        """Make the equations: the numbers of every axis, then all values."""
        require(self.name, layer, *self.hypotheses)
        if layer.padding_mode != "zeros" and NO_PADS not in self.hypotheses:
            raise NotApplicable.because(self.name, ZEROS, repr(layer.padding_mode))
        subject = Subject(layer, kernel)
        direct = _stride_one(subject.conv)
        numbers = (self._numbers(sizes, direct.axes[at]) for at, sizes in enumerate(axis_sizes(layer)))
        meaning = "the stride-1 convolution of the stretched v with the flipped kernel"
        z = Defined("z", meaning, _direct(subject, direct))
        values = Equation(z, product(Transposed(subject.C_term), subject.v_term), "z = C^T v", subject.indices[1:])
        return (*(equation for found in numbers for equation in found), values)

    def _numbers(self, sizes: AxisSizes, axis: Any) -> Iterator[Equation]:
        where, s = sizes.where, sizes.s
        small = named("i'", "the small size", sizes.axis.small)
        pad = named("p'", "the pad of the stride-1 convolution", axis.lo)
        size = named("o'", "the size of the stride-1 convolution", axis.small)
        stretched = plus(product(s, plus(small, MINUS_ONE)), ONE)
        stretched = plus(stretched, remainder(plus(sizes.n, sizes.p, sizes.p, minus(sizes.k)), s))
        counted = plus(stretched, product(number(2), pad), minus(sizes.k), ONE)
        if self.place == 8:
            yield Equation(small, plus(sizes.n, minus(sizes.k), ONE), f"i' = n - k + 1{where}")
        yield Equation(pad, self.pad[1](sizes), f"p' = {self.pad[0]}{where}")
        yield Equation(size, self.size[1](sizes), f"o' = {self.size[0]}{where}")
        yield Equation(self.size[1](sizes), sizes.n, f"{self.size[0]} = n{where}")
        yield Equation(counted, size, f"its last window is the last that fits into the stretched v with pads{where}")
        yield from sizes.counted()

    def theorem(self) -> Theorem:
        """Make the record."""
        return Theorem(
            name=self.name,
            title=self.title,
            statement=self.statement,
            hypotheses=(
                "n, k, s are at least 1 and n + 2p is at least k",
                *(hypothesis.words for hypothesis in self.hypotheses),
                *(() if NO_PADS in self.hypotheses else ("the padding is of zeros",)),
            ),
            family="sizes",
            source=f"Dumoulin & Visin, arXiv 1603.07285, relationship {self.place}",
            equations=self,
            assumptions=(RING,),
            takes_kernel=True,
            example=self.example,
        )


def _stride_one(conv: Conv) -> Conv:
    """Make the stride-1 convolution that goes from the stretched small side to the large one, pads k - p - 1."""
    return Conv(
        [axis.stride * (axis.small - 1) + 1 + axis.remainder for axis in conv.axes],
        conv.kernel_size,
        padding=[(axis.kernel_size - axis.lo - 1, axis.kernel_size - axis.hi - 1) for axis in conv.axes],
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        groups=conv.groups,
    )


def _direct(subject: Subject, direct: Conv) -> Any:
    """Convolve the stretched v with the kernel, flipped on every axis, in and out exchanged in each group."""
    conv = subject.conv
    stretched = np.zeros((conv.out_channels, *direct.input_shape), dtype=object)
    for place in np.ndindex(*conv.output_shape):
        spread = tuple(s * i for s, i in zip(conv.stride, place, strict=True))
        stretched[(slice(None), *spread)] = subject.v[(slice(None), *place)]
    return vector(convolve(direct, stretched, _turned(subject.w, conv)))


def _turned(w: Array, conv: Conv) -> Array:
    """Give u with u[c, o, j] = w[o, c, k-1-j], o and c in the same group."""
    out, into = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    turned = np.empty((conv.in_channels, out, *conv.kernel_size), dtype=object)
    for o, c in np.ndindex(conv.out_channels, into):
        turned[o // out * into + c, o % out] = np.flip(w[o, c])
    return turned


def _whole_pad(sizes: AxisSizes) -> Term:
    return plus(sizes.k, MINUS_ONE)


def _rest_pad(sizes: AxisSizes) -> Term:
    return plus(sizes.k, minus(sizes.p), MINUS_ONE)


def _twice_p(sizes: AxisSizes) -> Term:
    return product(number(2), sizes.p)


def _stretched(sizes: AxisSizes) -> Term:
    """Give s(i'-1) + k."""
    return plus(product(sizes.s, plus(sizes.o, MINUS_ONE)), sizes.k)


TRANSPOSED_RELATIONSHIPS = tuple(
    relationship.theorem()
    for relationship in (
        _Relationship(
            8,
            "Transposed, no padding, stride 1",
            ("k - 1", _whole_pad),
            ("i' + (k - 1)", lambda sizes: plus(sizes.o, _whole_pad(sizes))),
            (DILATION_1, STRIDE_1, NO_PADS, ALL_KEPT),
            ConvTranspose((2, 3), 3),
        ),
        _Relationship(
            9,
            "Transposed, padding, stride 1",
            ("k - p - 1", _rest_pad),
            ("i' + (k - 1) - 2p", lambda sizes: plus(sizes.o, _whole_pad(sizes), minus(_twice_p(sizes)))),
            (DILATION_1, STRIDE_1, EQUAL_PADS, ALL_KEPT),
            ConvTranspose((4, 3), 4, padding=1),
        ),
        _Relationship(
            10,
            "Transposed, half padding",
            ("p", lambda sizes: sizes.p),
            ("i'", lambda sizes: sizes.o),
            (DILATION_1, ODD_KERNEL, STRIDE_1, HALF_PADS, ALL_KEPT),
            ConvTranspose((4, 3), 3, padding=1),
        ),
        _Relationship(
            11,
            "Transposed, full padding",
            ("0", lambda sizes: ZERO),
            ("i' - (k - 1)", lambda sizes: plus(sizes.o, minus(_whole_pad(sizes)))),
            (DILATION_1, STRIDE_1, FULL_PADS, ALL_KEPT),
            ConvTranspose((5, 4), 3, padding=2),
        ),
        _Relationship(
            12,
            "Transposed, no padding, any stride",
            ("k - 1", _whole_pad),
            ("s(i' - 1) + k", _stretched),
            (DILATION_1, NO_PADS, DIVIDES_UNPADDED, ALL_KEPT),
            ConvTranspose((2, 3), 3, stride=2),
        ),
        _Relationship(
            13,
            "Transposed, padding, any stride",
            ("k - p - 1", _rest_pad),
            ("s(i' - 1) + k - 2p", lambda sizes: plus(_stretched(sizes), minus(_twice_p(sizes)))),
            (DILATION_1, EQUAL_PADS, DIVIDES, ALL_KEPT),
            ConvTranspose((3, 2), 3, stride=2, padding=1),
        ),
        _Relationship(
            14,
            "Transposed, padding, any stride, any size",
            ("k - p - 1", _rest_pad),
            ("s(i' - 1) + a + k - 2p", lambda sizes: plus(_stretched(sizes), sizes.a, minus(_twice_p(sizes)))),
            (DILATION_1, EQUAL_PADS, ALL_KEPT),
            ConvTranspose((3, 2), 3, stride=2, padding=1, output_padding=1),
        ),
    )
)
