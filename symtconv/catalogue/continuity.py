"""How far a convolution can move when its input moves. Part of the regularity family."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from symtconv.catalogue.gradients import RING
from symtconv.catalogue.phases import kronecker, require_room, several
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import inequality, matrix, minus, picking, plus, times, variables, vector
from symtconv.geometry import Conv, ConvTranspose
from symtconv.layers import convolve
from symtconv.matrices.entries import tap_places
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Assumed, Compound, Defined, Equation, Term, product, table
from symtconv.proofs.theorem import Theorem


def _continuous(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    subject = Subject(layer)
    conv = subject.conv
    require_room("continuous", layer, prod((conv.out_channels, *conv.output_shape)) * prod(conv.kernel_shape[1:]))
    p, q, h = variables("p", conv.kernel_shape), variables("q", conv.kernel_shape), variables("h", subject.x.shape)
    bound, weights = Polynomial.variable("M"), p + q * -1
    before = Defined("y", "the convolution of x with w = p - q", vector(convolve(conv, subject.x, weights)))
    after = Defined("y'", "the convolution of x' = x + h with w", vector(convolve(conv, subject.x + h, weights)))
    change = Defined("u", "the convolution of h with w", vector(convolve(conv, h, weights)))
    back = Defined("u'", "the convolution of -h with w", vector(convolve(conv, h * -1, weights)))
    M = Assumed("M", "the largest |h[m]|", table((), {(): bound}))
    positive = Assumed("p", "the positive parts of the weights w = p - q, so that |w| = p + q", vector(p))
    negative = Assumed("q", "the negative parts of the weights", vector(q))
    below = Assumed("M - h", "h is at most M", vector(h * -1 + bound))
    above = Assumed("M + h", "h is at least -M", vector(h + bound))
    sizes = plus(positive, negative)
    larger = product(M, times(*_sum_in_each_channel(conv), sizes))
    small = subject.indices[:1]
    summed, unread = _taps(conv)
    rest = plus(summed((positive, below), (negative, above)), product(M, product(unread, sizes)))
    says = "C h <= sum |w[j]| M for every h between -M and M, x' - x and x - x' among them"
    return (
        Equation(plus(after, minus(before)), change, "C x' - C x = C (x' - x)", small),
        Equation(plus(before, minus(after)), back, "C x - C x' = C (x - x')", small),
        *inequality(change, rest, larger, says, small),
        _adjoint(subject),
    )


def _sum_in_each_channel(conv: Conv) -> tuple[Term, Term]:
    """Make what sums the weights of each output channel, and before it what gives every output its channel's sum."""
    pixels, weights = prod(conv.output_shape), prod(conv.kernel_shape[1:])
    row = Defined("1'", "a row of ones", matrix(1, weights, {(0, j): 1 for j in range(weights)}))
    column = Defined("1", "a column of ones", matrix(pixels, 1, {(i, 0): 1 for i in range(pixels)}))
    channels = several(conv.out_channels)
    return kronecker([*channels, column]), kronecker([*channels, row])


def _taps(conv: Conv) -> tuple[Callable[..., Term], Term]:
    """Make a function that sums weight times pixel over what each output reads, and the weights that it does not read.

    What each tap reads is looked up in the tap map; were that wrong, the inequality would not hold.
    """
    found = [*tap_places(conv)]
    rows, columns, weights = ([tap[part] for tap in found] for part in range(3))
    outputs = prod((conv.out_channels, *conv.output_shape))
    inputs, taps = prod((conv.in_channels, *conv.input_shape)), prod(conv.kernel_shape)
    lines = matrix(outputs, len(rows), {(row, number): 1 for number, row in enumerate(rows)})
    S = Defined("S", "what sums over the taps of each output", lines)
    J = picking("J", "what picks the weight of each tap", weights, taps)
    N = picking("N", "what picks the pixel that each tap reads", columns, inputs)
    read, own = set(zip(rows, weights, strict=True)), prod(conv.kernel_shape[1:])
    pixels = prod(conv.output_shape)
    slots = ((row, row // pixels * own + j) for row in range(outputs) for j in range(own))
    rest = matrix(outputs, taps, {slot: 1 for slot in slots if slot not in read})

    def summed(*pairs: tuple[Term, Term]) -> Term:
        return product(S, plus(*(Compound("o", product(J, weight), product(N, pixel)) for weight, pixel in pairs)))

    return summed, Defined("U", "what sums the weights that an output does not read", rest)


def _adjoint(subject: Subject) -> Equation:
    stamps = subject.transposed_term("stamp", "C^T v, the transposed convolution of v with w, by stamps")
    return Equation(product(subject.y_term, subject.v_term), product(subject.x_term, stamps), "<C x, v> = <x, C^T v>")


CONTINUOUS = Theorem(
    name="continuous",
    title="How far a convolution moves when its input moves",
    statement="|C x' - C x|_inf <= (sum |w[j]|) |x' - x|_inf over an ordered ring, the sum over the weights of one "
    "output channel; the Lipschitz constant in the 2-norm over the real numbers is |C|_2 = |C^T|_2",
    hypotheses=(),
    family="regularity",
    source="Hoelder's inequality for the sup norm; Cauchy and Schwarz's for the 2-norm",
    equations=_continuous,
    assumptions=(
        RING,
        "the ring is ordered for the first part",
        "the least Lipschitz constant of x -> C x in the 2-norm is |C|_2, by definition; where <C x, v> = <x, C^T v> "
        "for all real x and v, |C|_2 = |C^T|_2 (Cauchy and Schwarz)",
    ),
    example=ConvTranspose((2, 2), 3, stride=2, padding="same"),
)
