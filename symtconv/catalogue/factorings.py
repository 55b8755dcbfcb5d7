"""C as a product: pad, convolve with stride 1 and keep every s-th output; and C^T v as stamps that are cropped."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from symtconv.arguments import PaddingMode
from symtconv.catalogue.axisfactors import decimation, on_pixels, padding, zero_insertion
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import identity, variables, vector
from symtconv.errors import NotApplicable
from symtconv.geometry import Conv
from symtconv.layers import convolve, transpose_by
from symtconv.proofs.terms import Defined, Derivative, Equation, Place, Term, Transposed, product


def require_zeros(theorem: str, layer: Any) -> None:
    """Refuse a layer whose padding is not of zeros."""
    if layer.padding_mode != "zeros":
        raise NotApplicable.because(theorem, "the padding is of zeros", repr(layer.padding_mode))


def with_same_kernel(
    conv: Conv,
    input_shape: Sequence[int],
    *,
    stride: Sequence[int] | int = 1,
    padding: Sequence[tuple[int, int]] | int = 0,
    output_shape: Sequence[int] | None = None,
    padding_mode: PaddingMode = "zeros",
) -> Conv:
    """Give a convolution with the kernel, dilation, channels and groups of another one."""
    return Conv(
        input_shape,
        conv.kernel_size,
        stride=stride,
        padding=padding,
        dilation=conv.dilation,
        output_shape=output_shape,
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
        padding_mode=padding_mode,
    )


def natural(conv: Conv) -> Conv:
    """Give the convolution without pads whose input is as large as the uncropped stamps, s(o-1) + K."""
    sizes = [axis.stride * (axis.small - 1) + axis.effective_kernel for axis in conv.axes]
    return with_same_kernel(conv, sizes, stride=conv.stride)


def cropped(conv: Conv) -> Term:
    """Crop the stamps on their natural size: lo pixels before and hi - a after, a = n + lo + hi - K - s(o-1)."""
    sizes = zip(conv.axes, natural(conv).axes, strict=True)
    return on_pixels(
        conv.in_channels,
        [padding(whole.large, -axis.lo, axis.output_padding - axis.hi) for axis, whole in sizes],
    )


def natural_stamps(conv: Conv, kernel: Any) -> Defined:
    """The stamps of v on their natural size, by the definition."""
    stamps = Subject(natural(conv), kernel).transposed_term("stamp", "")
    return Defined("c", "the stamps of v on their natural size s(o-1) + K, by the definition", stamps.value)


def by_definition(symbol: str, meaning: str, subject: Subject) -> Defined:
    """The matrix of a convolution as the derivative of its definition, which knows nothing of the tap map."""
    return Defined(symbol, f"{meaning}, the derivative of its definition", Derivative(subject.y_term, subject.x_names))


def stamp_and_crop(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C^T v is the stamps of v on their natural size, cropped."""
    require_zeros("stamp-and-crop", layer)
    subject = Subject(layer, kernel)
    stamps = product(cropped(subject.conv), natural_stamps(subject.conv, kernel))
    says = "C^T v is the stamps of v, cropped by lo and hi - a"
    return (Equation(product(Transposed(subject.C_term), subject.v_term), stamps, says, subject.indices[1:]),)


def decimated(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = D C_1, C^T = C_1^T U, U = D^T and D U = I."""
    subject = Subject(layer, kernel)
    conv = subject.conv
    dense = with_same_kernel(conv, conv.input_shape, padding=conv.padding, padding_mode=conv.padding_mode)
    C_1 = by_definition("C_1", "the matrix of the convolution with stride 1", Subject(dense, kernel))
    widths = [axis.large + axis.lo + axis.hi - axis.effective_kernel + 1 for axis in conv.axes]
    sizes = [(axis.stride, axis.small, wide) for axis, wide in zip(conv.axes, widths, strict=True)]
    D = on_pixels(conv.out_channels, [decimation(*size) for size in sizes])
    U = on_pixels(conv.out_channels, [zero_insertion(*size) for size in sizes])
    small, large = subject.indices
    wide = ("p", _shape(conv, conv.out_channels, tuple(widths)))
    return (
        Equation(subject.C_term, product(D, C_1), "C = D C_1", (small, large)),
        Equation(Transposed(subject.C_term), product(Transposed(C_1), U), "C^T = C_1^T U", (large, small)),
        Equation(U, Transposed(D), "U = D^T", (wide, small)),
        Equation(product(D, U), identity(conv.out_channels * prod(conv.output_shape)), "D U = I", (small, small)),
    )


def padding_adjoint(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = C_0 P and C^T = P^T C_0^T, where P pads x and P^T undoes it."""
    subject = Subject(layer, kernel)
    conv = subject.conv
    padded = tuple(axis.large + axis.lo + axis.hi for axis in conv.axes)
    bare = with_same_kernel(conv, padded, stride=conv.stride, output_shape=conv.output_shape)
    C_0 = by_definition("C_0", "the matrix of the convolution of the padded input", Subject(bare, kernel))
    P = on_pixels(conv.in_channels, [padding(axis.large, axis.lo, axis.hi, conv.padding_mode) for axis in conv.axes])
    small, large = subject.indices
    return (
        Equation(subject.C_term, product(C_0, P), "C = C_0 P", (small, large)),
        Equation(
            Transposed(subject.C_term), product(Transposed(P), Transposed(C_0)), "C^T = P^T C_0^T", (large, small)
        ),
        *_pads_and_undoes(subject, P, ("p", _shape(conv, conv.in_channels, padded))),
    )


def _pads_and_undoes(subject: Subject, P: Term, padded: tuple[str, Place]) -> list[Equation]:
    """P x is x padded and P^T undoes the padding, both by the definition: that of one tap of weight 1."""
    conv, large = subject.conv, subject.indices[1]
    channels = conv.in_channels
    tap = Conv(
        conv.input_shape,
        1,
        padding=conv.padding,
        in_channels=channels,
        out_channels=channels,
        groups=channels,
        padding_mode=conv.padding_mode,
    )
    one = np.ones(tap.kernel_shape, dtype=object)
    u = variables("u", (channels, *tap.output_shape))
    pads = Defined("x_P", "x with its padding, by the definition", vector(convolve(tap, subject.x, one)))
    undone = transpose_by("stamp", tap.T, u, one)
    undoes = "crops" if conv.padding_mode == "zeros" else "folds the border back"
    equations = [
        Equation(product(P, subject.x_term), pads, "P x is x, padded", (padded,)),
        Equation(
            product(Transposed(P), Defined("u", "any values on the padded side", vector(u))),
            Defined("u_P", "u with the padding undone, by the definition", vector(undone)),
            f"P^T {undoes}",
            (large,),
        ),
    ]
    if conv.padding_mode == "zeros":
        sizes = zip(conv.axes, tap.output_shape, strict=True)
        crop = on_pixels(channels, [padding(size, -axis.lo, -axis.hi) for axis, size in sizes])
        equations.append(Equation(Transposed(P), crop, "P^T is the crop by lo and hi", (large, padded)))
    return equations


def _shape(conv: Conv, channels: int, pixels: Place) -> Place:
    return pixels if conv.single_channel else (channels, *pixels)
