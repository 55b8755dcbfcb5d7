"""The layers that a matrix is the matrix of, with their kernels: the view of `symtconv identify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sympy

from symtconv import identify
from symtconv.arrays import Array
from symtconv.commandline.cells import jsonable, plain
from symtconv.commandline.grammar import sizes
from symtconv.commandline.layerwords import layer_data, times
from symtconv.commandline.matrixfiles import read_matrix_file, read_rows
from symtconv.errors import TooLarge
from symtconv.geometry import Layer
from symtconv.proofs.sympy_polynomials import from_sympy

MOST_WEIGHTS_OF_TEXT = 10_000

Found = Sequence[tuple[Layer, Array]]


class Identification:
    """A matrix, from a file or from rows, and the layers that it is the matrix of, simplest first."""

    def __init__(self, file: str | None, rows: str | None, input_shape: str) -> None:
        shape = sizes("input", input_shape)
        matrix = read_matrix_file(file) if file is not None else read_rows(rows or "")
        self.shape: tuple[int, int] = matrix.shape
        self.found: Found = identify(matrix, shape)

    def data(self) -> dict[str, Any]:
        """Give JSON data: the matrix's shape, and each layer by the names of its attributes, with its kernel."""
        return {
            "shape": [int(size) for size in self.shape],
            "layers": [layer_data(layer) | {"kernel": _nested(kernel)} for layer, kernel in self.found],
        }

    def words(self) -> str:
        """Tell every layer and its kernel in lines of plain text."""
        rows, columns = self.shape
        one = len(self.found) == 1
        lines = [f"{len(self.found)} layer{' has' if one else 's have'} this matrix of {rows} x {columns} entries."]
        for number, (layer, kernel) in enumerate(self.found, start=1):
            lines += ["", f"{number}. {layer!r}", *(f"   {line}" for line in layer_words(layer, kernel))]
        if not any(kernel.any() for _, kernel in self.found):
            lines += ["", "All entries are zero: every kernel of zeros fits, of any size that gives these outputs."]
        lines += ["", "Every entry was compared, zeros included. Padding modes other than zeros were not tried."]
        return "\n".join(lines) + "\n"


def layer_words(layer: Layer, kernel: Array) -> Iterator[str]:
    """Tell a layer and its kernel.

    >>> from symtconv import Conv
    >>> print("\\n".join(layer_words(Conv(4, 2, stride=2), np.array([1, 2]))))
    convolution, 4 -> 2
    kernel 2, stride 2, dilation 1, pads 0:0, groups 1
    weights:
      1 2

    Raises:
        TooLarge: for kernels of more than 10,000 weights.
    """
    if kernel.size > MOST_WEIGHTS_OF_TEXT:
        raise TooLarge.of("the kernel", kernel.size, MOST_WEIGHTS_OF_TEXT, what="weights", remedy="Use --json.")
    kind = "transposed convolution" if layer.transposed else "convolution"
    channels = "" if layer.single_channel else f", channels {layer.in_channels} -> {layer.out_channels}"
    extra = f", output_padding {times(layer.output_padding)}" if any(layer.output_padding) and layer.transposed else ""
    pads = "x".join(f"{lo}:{hi}" for lo, hi in layer.padding)
    yield f"{kind}, {times(layer.input_shape)} -> {times(layer.output_shape)}{channels}"
    yield (
        f"kernel {times(layer.kernel_size)}, stride {times(layer.stride)}, dilation {times(layer.dilation)}, "
        f"pads {pads}{extra}, groups {layer.groups}"
    )
    flat = min(kernel.ndim, 2)
    for leading in np.ndindex(*kernel.shape[: kernel.ndim - flat]):
        yield f"weights[{', '.join(map(str, leading))}]:" if leading else "weights:"
        cells = [[plain(_cell(value)) for value in row] for row in np.atleast_2d(kernel[leading]).tolist()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            yield "  " + " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def _cell(value: Any) -> Any:
    """Give an entry as the cells of all views have it."""
    return from_sympy(value) if isinstance(value, sympy.Expr) else value


def _nested(kernel: Array) -> Any:
    """Give a kernel as nested lists of JSON values."""
    values = np.empty(kernel.size, dtype=object)
    values[:] = [jsonable(_cell(value)) for value in kernel.reshape(-1).tolist()]
    return values.reshape(kernel.shape).tolist()
