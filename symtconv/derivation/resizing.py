"""A resize by nearest neighbour and a convolution, together one transposed convolution whose phase sums are equal."""

from __future__ import annotations

from symtconv.derivation.notation import Piece, Story
from symtconv.document.mathematics import Listing, Name, Sum, Tuple

LONGEST_RESIZED = 6  # taps of a kernel that is written out


def resized_words(story: Story, stride: int) -> tuple[Piece, ...]:
    """Give the kernel that a resize by the stride and three taps make together, and say that its phases are equal."""
    kernel = resized_kernel(3, stride)
    if len(kernel) > LONGEST_RESIZED:
        return ()
    w, base = story.notation.w, story.notation.base
    names = [Name(w, j + base) for j in range(3)]
    weights = [Sum(*(names[j] for j in taps)) if len(taps) > 1 else names[taps[0]] for taps in kernel]
    many = "both" if stride == 2 else f"all {stride}"
    return (
        " On one axis, with three taps ", Listing(*names), f" and a resize by {stride}, the two are "
        f"together the transposed convolution with stride {stride} and the kernel ", Tuple(*weights),
        f", {many} of whose phase sums are ", Sum(*names), ".",
    )  # fmt: skip


def resized_kernel(taps: int, stride: int) -> list[list[int]]:
    """List, for each tap t of the kernel that resize and convolution make together, which weights it sums.

    A resize lays pixel i on the places s i + r, 0 <= r < s, and tap j of output m reads place m + j: they meet where
    m - s i = r - j, so tap t = m - s i + k - 1 sums the w_j with 0 <= t + j - (k - 1) < s.

    >>> resized_kernel(3, 2)
    [[2], [1, 2], [0, 1], [0]]
    """
    return [[j for j in range(taps) if 0 <= t + j - (taps - 1) < stride] for t in range(taps + stride - 1)]
