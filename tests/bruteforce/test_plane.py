"""The layer of two axes, by hand."""

from __future__ import annotations

from symtconv.bruteforce import plane
from symtconv.bruteforce.line import Line
from symtconv.bruteforce.rows import Matrix


def test_a_kernel_slides_over_a_plane() -> None:
    pixels: Matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    kernel: Matrix = [[1, 10], [100, 1000]]
    assert plane.convolve(Line(3, 2), pixels, kernel) == [[5421, 6532], [8754, 9865]]
    assert plane.convolve(Line(3, 1, 2), pixels, [[1]]) == [[1, 3], [7, 9]]
    assert plane.convolve(Line(1, 3, 1, 1, 1, 1), [[2]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]) == [[10]]


def test_planes_are_written_row_by_row() -> None:
    assert plane.flat([[1, 2], [3, 4]]) == [1, 2, 3, 4]
    assert plane.named("x", 2)[1][0].terms == {("x1,0",): 1}  # type: ignore[union-attr]
