"""C read backwards: the convolution with the flipped kernel and exchanged pads."""

from __future__ import annotations

from typing import Any

import numpy as np

from symtconv.catalogue.axisfactors import on_pixels
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.factorings import by_definition
from symtconv.catalogue.hypotheses import ALL_KEPT, require
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import picking, times
from symtconv.errors import GeometryError, NotApplicable
from symtconv.geometry import Conv, ConvTranspose
from symtconv.proofs.terms import Equation, Place, Term
from symtconv.proofs.theorem import Theorem
from symtconv.sizes import PaddingName

NAME = "mirror"
ALLOWED = "the padding is of zeros, or its mode allows the pads hi - a and lo + a"
OTHER: dict[PaddingName, PaddingName] = {"same": "same_lower", "same_lower": "same"}


def _mirror(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """J C J is the matrix of the flipped kernel, pads hi - a and lo + a; SAME_UPPER and SAME_LOWER change places."""
    conv = layer.convolution
    require(NAME, layer, ALL_KEPT)
    mirrored = _with_pads(conv, [(axis.hi - axis.remainder, axis.lo + axis.remainder) for axis in conv.axes])
    subject = Subject(layer, kernel)
    flipped = np.flip(subject.w_symbols, axis=tuple(range(2, subject.w_symbols.ndim)))
    turned = times(
        _reversal(conv.out_channels, conv.output_shape),
        subject.C_term,
        _reversal(conv.in_channels, conv.input_shape),
    )
    C_ = by_definition("C'", "the matrix of the flipped kernel with pads hi - a and lo + a", Subject(mirrored, flipped))
    equations = [
        Equation(turned, C_, "J C J is the matrix of the flipped kernel, pads hi - a and lo + a", subject.indices)
    ]
    for name, other in OTHER.items():
        if all(lo + hi > 0 for lo, hi in conv.padding) and _changed(conv, name).padding == conv.padding:
            swapped = Subject(_changed(conv, other), flipped)
            C_ = by_definition("C''", f'the matrix of the flipped kernel with padding="{other}"', swapped)
            says = f'with padding="{name}" it is the matrix of the flipped kernel with padding="{other}"'
            equations.append(Equation(turned, C_, says, subject.indices))
    return tuple(equations)


def _with_pads(conv: Conv, pads: list[tuple[int, int]]) -> Conv:
    try:
        return _changed(conv, pads)
    except GeometryError:
        raise NotApplicable.because(NAME, ALLOWED, f"{conv.padding_mode} padding of {pads}") from None


def _changed(conv: Conv, padding: Any) -> Conv:
    """Give the convolution with other pads; one without pads has no need of a padding mode."""
    padded = any(lo or hi for lo, hi in conv.padding)
    return Conv(
        conv.input_shape,
        conv.kernel_size,
        stride=conv.stride,
        padding=padding,
        dilation=conv.dilation,
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
        padding_mode=conv.padding_mode if padded else "zeros",
    )


def _reversal(channels: int, shape: Place) -> Term:
    return on_pixels(channels, [picking("J", "reverses an axis", reversed(range(n)), n) for n in shape])


MIRRORS = (
    Theorem(
        name=NAME,
        title="The mirror image of a convolution",
        statement="J C(w; lo, hi) J = C(flip w; hi - a, lo + a), J the reversal of all axes; where every axis "
        "needs pads it swaps SAME_UPPER and SAME_LOWER",
        hypotheses=(ALL_KEPT.words, ALLOWED),
        family="structure",
        source="tau(o-1-i, k-1-j) = n-1-m for m = s i + d j - (hi - a)",
        equations=_mirror,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
    ),
)
