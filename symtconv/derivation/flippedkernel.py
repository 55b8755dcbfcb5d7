"""The flipped kernel, spread by the dilation, and what lies under it on the zero-inserted input."""

from __future__ import annotations

from collections.abc import Callable

from symtconv.derivation.notation import Story
from symtconv.derivation.workedpixel import WorkedPixel
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Math, Matrix, as_math
from symtconv.errors import SymtconvError
from symtconv.geometry import Axis


def inserted_pads(axis: Axis) -> tuple[int, int]:
    """Give the pads of the stride-1 convolution, K-1-lo and K-1-hi+a; a negative one crops.

    >>> inserted_pads(Axis(4, 2, 3, 2, 1, 0, 1))
    (2, 1)
    """
    span = axis.effective_kernel - 1
    return span - axis.lo, span - axis.hi + axis.output_padding


def flipped_tap(axis: Axis, t: int) -> int | None:
    """Give the tap of the kernel at place t of the flipped one, None between the taps."""
    j, between = divmod(axis.effective_kernel - 1 - t, axis.dilation)
    return None if between else j


def inserted_pixel(axis: Axis, p: int) -> int | None:
    """Give the pixel of v at place p of the stretched input, None for an inserted zero or padding."""
    i, between = divmod(p, axis.stride)
    return None if between or not 0 <= i < axis.small else i


def pixel_under(axis: Axis, m: int, t: int, *, circular: bool = False) -> int | None:
    """Give the pixel of v under place t of the flipped kernel where it gives output m, None for a zero."""
    p = m - inserted_pads(axis)[0] + t
    return inserted_pixel(axis, p % axis.large if circular else p)


def flipped_matrix(worked: WorkedPixel, rows: int, columns: int, channel: int = 0) -> Matrix | None:
    """Write the flipped kernel of one or two axes, at most so many rows and columns of it."""
    axes = worked.story.conv.axes

    def found(axis: int, t: int) -> int | None:
        return flipped_tap(axes[axis], t)

    return _matrix(worked.story, found, lambda j: worked.w(j, channel), rows, columns)


def window_matrix(worked: WorkedPixel, rows: int, columns: int, channel: int = 0) -> Matrix | None:
    """Write what lies under the flipped kernel where it gives the pixel that is worked out."""
    circular = worked.story.conv.padding_mode == "circular"
    axes = worked.story.conv.axes

    def found(axis: int, t: int) -> int | None:
        return pixel_under(axes[axis], worked.at[axis], t, circular=circular)

    return _matrix(worked.story, found, lambda i: worked.v(i, channel), rows, columns)


def _matrix(
    story: Story,
    found: Callable[[int, int], int | None],
    write: Callable[[tuple[int, ...]], Math],
    rows: int,
    columns: int,
) -> Matrix | None:
    """Write an array of one or two axes; `found(axis, t)` is what stands at place t of an axis, None for a zero."""
    spans = [axis.effective_kernel for axis in story.conv.axes]

    def entry(row: int, column: int) -> Math:
        places = (column,) if len(spans) == 1 else (row, column)
        at = [found(axis, place) for axis, place in enumerate(places)]
        known = tuple(place for place in at if place is not None)
        return write(known) if len(known) == len(spans) else as_math(0)

    shape = (1, spans[0]) if len(spans) == 1 else (spans[0], spans[1])
    return short_matrix(story, shape, entry, rows, columns)


def short_matrix(
    story: Story, shape: tuple[int, int], entry: Callable[[int, int], Math | None], rows: int, columns: int
) -> Matrix | None:
    """Write a matrix, elided to so many rows and columns; None where its entries are too long for the page."""
    try:
        return elided_matrix(
            shape, entry, row_budget=rows, column_budget=columns, brackets=story.notation.brackets, room=300
        )
    except SymtconvError:
        return None
