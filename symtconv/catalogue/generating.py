"""The transposed convolution as a product of polynomials in z, one indeterminate an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.axisfactors import on_pixels
from symtconv.catalogue.factorings import cropped, natural, natural_stamps, require_zeros
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import matrix, variable, vector
from symtconv.errors import TooLarge
from symtconv.geometry import Conv
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Place, Transposed, product

MAX_FACTORS = 20_000_000


def generating_function(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """The coefficients of w(z^d) v(z^s) are c, as an identity in z, and C^T v is the part of c from lo on."""
    require_zeros("generating-function", layer)
    subject = Subject(layer, kernel)
    conv = subject.conv
    sizes = natural(conv).input_shape
    _require_room(conv, sizes)
    z = _fresh(subject, conv.ndim)
    rows = [
        matrix(1, size, {(0, power): Polynomial({(name,) * power: 1}) for power in range(size)})
        for name, size in zip(z, sizes, strict=True)
    ]
    powers = Defined("Z", "the powers of z, z^M in column M", rows[0])
    Z = on_pixels(conv.in_channels, [powers, *(Defined("Z", powers.meaning, row) for row in rows[1:])])
    c = natural_stamps(conv, kernel)
    W = Defined("W", "w(z^d): the polynomial of every kernel, at z^d", _kernel_polynomials(subject, z))
    v = subject.v.reshape(conv.out_channels, -1)
    V = Defined("V", "v(z^s): the polynomial of v, at z^s", vector(_at_powers(v, conv.output_shape, conv.stride, z)))
    transposed = product(Transposed(subject.C_term), subject.v_term)
    return (
        Equation(
            product(Z, c), product(W, V), "sum over M of c[M] z^M = w(z^d) v(z^s)", (("m0", (conv.in_channels,)),)
        ),
        Equation(transposed, product(cropped(conv), c), "(C^T v)[m] = c[m + lo]", subject.indices[1:]),
    )


def _require_room(conv: Conv, sizes: Place) -> None:
    products = prod(conv.kernel_shape) * prod(conv.output_shape) + conv.in_channels * prod(sizes)
    if products * sum(sizes) > MAX_FACTORS:
        raise TooLarge.of(
            f"the generating function of {conv!r}",
            products * sum(sizes),
            MAX_FACTORS,
            what="factors z",
            remedy="Ask for a smaller layer of the same kind.",
        )


def _fresh(subject: Subject, ndim: int) -> tuple[str, ...]:
    """Name one indeterminate an axis, none of which occurs in the weights."""
    taken = {symbol.name for weight in subject.w_symbols.flat for symbol in weight.free_symbols}
    letter = "z"
    while any(variable(letter, (axis,)) in taken for axis in range(ndim)):
        letter += "z"
    return tuple(variable(letter, (axis,)) for axis in range(ndim))


def _kernel_polynomials(subject: Subject, z: Sequence[str]) -> Any:
    """Make the matrix, (input channels) x (output channels), of the kernels' polynomials at z^d; 0 between groups."""
    conv = subject.conv
    count, depth, *taps = subject.w.shape
    at = _at_powers(subject.w.reshape(count * depth, -1), tuple(taps), conv.dilation, z).reshape(count, depth)
    first = [channel // (count // conv.groups) * depth for channel in range(count)]
    entries = {(first[i] + m, i): at[i, m] for i, m in np.ndindex(count, depth)}
    return matrix(conv.in_channels, count, entries)


def _at_powers(values: Array, shape: Place, steps: Sequence[int], z: Sequence[str]) -> Array:
    """Give the polynomial sum_i a[i] z^(s*i) of each row a of values; i runs over a shape, row-major."""
    monomials = [
        Polynomial({tuple(name for name, s, i in zip(z, steps, place, strict=True) for _ in range(s * i)): 1})
        for place in np.ndindex(*shape)
    ]
    sums = np.empty(len(values), dtype=object)
    for number, row in enumerate(values):
        sums[number] = sum((value * power for value, power in zip(row, monomials, strict=True)), Polynomial({}))
    return sums
