"""Which layer is this the matrix of? The way back from a matrix to a geometry and a kernel."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from symtconv.arguments import Arguments
from symtconv.arrays import Array
from symtconv.errors import GeometryError
from symtconv.geometry import Layer
from symtconv.identification.candidates import (
    MOST_WEIGHTS,
    AxisFit,
    Candidate,
    Configuration,
    configurations,
    differences,
    made,
    simplest,
    simplicity,
    too_many_weights,
    weight_count,
)
from symtconv.identification.given import Given, read_matrix
from symtconv.identification.refutation import refutation
from symtconv.identification.shifts import AxisPlaces


class Identified(NamedTuple):
    """A layer whose matrix a given matrix is, and the kernel with which it is.

    `kernel` holds entries as they were found, read-only, in the shape kernel_size for one channel in and out and
    layer.kernel_shape otherwise. Every weight of it is read by some output: taps that none reads are left out.
    """

    layer: Layer
    kernel: Array


def identify(matrix: object, input_shape: object) -> tuple[Identified, ...]:
    """Find the layers, with zero padding, whose matrix is the given one, and their kernels, simplest first.

    A matrix is a convolution's when C[(o, i), (c, m)] depends on o, c and u = m - s*i alone, and then w[o, c, j] is
    its entry where u = d*j - lo. Every factorisation of the rows into channels and pixels is tried, every stride below
    the size of its axis, and the same of C^T for a transposed convolution. The kernel is the smallest that reaches
    every nonzero entry: zeros at its borders go into the pads, a common distance of its taps into the dilation. What
    comes back has been built again with sparse_matrix and compared in every entry, zeros included, exactly: floats are
    equal or they are not, and expressions are compared as they stand.

    Not looked for, since every matrix would fit: an axis of several outputs whose stride is at least its size n; fully
    connected layers, whose kernels cover the whole input with several channels and share no weight (except for a
    matrix of one row, or an input of one pixel); strides above 1
    where no nonzero weight is met twice, or where the dilated kernel is longer than its axis and weights are met less
    than twice on average. Nor are padding modes other than zeros.

    A matrix of zeros alone is that of every kernel of zeros, and of every layer with these sizes; a kernel of one tap
    stands for them.

    Args:
        matrix: rows are outputs, columns are inputs, row-major over (channel, *spatial): nested lists, NumPy,
            scipy.sparse or SymPy, of numbers, Fractions or expressions.
        input_shape: the spatial shape of the layer's input, as for Conv; in_channels is the number of columns over its
            product.

    Returns:
        The records (layer, kernel) that fit with the fewest weights, at most one for each class, output shape and
        number of output channels. First come the fewest channels (in times out), then the smallest strides, the
        smallest dilations, equal pads, the smallest pads, Conv before ConvTranspose.

    Raises:
        Refuted: where no such layer has this matrix; `counterexample` is the {"row", "column"} of the first entry that
            breaks the layer which comes nearest, counted from 0, and the message says what it has there.
        GeometryError: for a matrix that is none, is empty or holds nan, and for a wrong number of columns.
        TooLarge: where the rows can be read as (channels, *pixels) in more than 20,000 ways, as with six axes,
            or the kernel would have more than 2**24 weights.

    >>> [(layer, kernel), *_] = identify([[1, 2, 0, 0], [0, 0, 1, 2]], 4)
    >>> layer, kernel.tolist()
    (Conv(input_shape=(4,), kernel_size=(2,), stride=(2,)), [1, 2])
    >>> identify([[1, 2, 0, 0], [0, 0, 1, 3]], 4)
    Traceback (most recent call last):
    ...
    symtconv.errors.Refuted: ...
    """
    shape = Arguments("identify", input_shape).input_shape
    given = read_matrix(matrix)
    if given.columns % prod(shape):
        raise GeometryError(
            "matrix of identify",
            arrived=f"{given.columns} columns",
            rule=f"they are in_channels * {' * '.join(map(str, shape))}, the pixels of input_shape {shape}",
            remedy="Pass the spatial shape of the layer's input, without channels; columns are inputs.",
        )
    tried = tuple(configurations(given, shape))
    found = _fewest(tried)
    ordered = sorted(found, key=lambda one: simplicity(one.layer))
    kept = [Identified(one.layer, _kernel(given, one)) for one in ordered if not len(differences(given, one)[0])]
    if not kept:
        raise refutation(given, shape, tried)
    return tuple(kept)


def _fewest(tried: tuple[Configuration, ...]) -> list[Candidate]:
    """Make the layers that fit with the fewest weights."""
    strides: dict[bool, dict[AxisPlaces, list[int]]] = {False: {}, True: {}}
    fitting: list[tuple[int, Configuration, tuple[AxisFit, ...]]] = []
    for configuration in tried:
        fits = simplest(configuration, strides[configuration.transposed])
        if fits is not None:
            count = weight_count(configuration, fits, configuration.given.places)
            fitting.append((count, configuration, fits))
    fewest = min((count for count, _, _ in fitting), default=0)
    if fewest > MOST_WEIGHTS:
        raise too_many_weights("the simplest layer with this matrix", fewest)
    return [made(one, fits, one.given.places, one.given.names) for count, one, fits in fitting if count == fewest]


def _kernel(given: Given, candidate: Candidate) -> Array:
    kernel: Array = given.values[candidate.names]
    if candidate.layer.single_channel:
        kernel = kernel.reshape(candidate.layer.kernel_size)
    kernel.flags.writeable = False
    return kernel
