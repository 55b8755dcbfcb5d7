"""The flipped kernel, spread by the dilation, and what lies under it on the zero-inserted input."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def window(axis: Axis, m: int) -> list[tuple[int | None, int | None]]:
    """List tap and pixel for each place t of the flipped kernel where it gives output m."""
    start = m - inserted_pads(axis)[0]
    return [(flipped_tap(axis, t), inserted_pixel(axis, start + t)) for t in range(axis.effective_kernel)]


def flipped_matrix(worked: WorkedPixel, rows: int, columns: int) -> Matrix | None:
    """Write the flipped kernel of one or two axes, at most so many rows and columns of it."""
    return _matrix(
        worked.story, lambda axis, t: flipped_tap(axis, t), [0] * worked.story.conv.ndim, worked.w, rows, columns
    )


def window_matrix(worked: WorkedPixel, rows: int, columns: int) -> Matrix | None:
    """Write what lies under the flipped kernel where it gives the pixel that is worked out."""
    axes = worked.story.conv.axes
    starts = [m - inserted_pads(axis)[0] for axis, m in zip(axes, worked.at, strict=True)]
    return _matrix(worked.story, inserted_pixel, starts, worked.v, rows, columns)


def _matrix(
    story: Story,
    found: Callable[[Axis, int], int | None],
    starts: Sequence[int],
    write: Callable[[tuple[int, ...]], Math],
    rows: int,
    columns: int,
) -> Matrix | None:
    axes = story.conv.axes
    spans = [axis.effective_kernel for axis in axes]

    def entry(row: int, column: int) -> Math:
        places = (column,) if len(axes) == 1 else (row, column)
        at = [found(axis, start + place) for axis, start, place in zip(axes, starts, places, strict=True)]
        known = tuple(place for place in at if place is not None)
        return write(known) if len(known) == len(axes) else as_math(0)

    shape = (1, spans[0]) if len(axes) == 1 else (spans[0], spans[1])
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
