"""What statements do with the weights of a layer: spread the taps, reverse them, exchange the roles of the channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symtconv.arrays import Array, at


def spread(weights: Array, dilation: Sequence[int]) -> Array:
    """Lay d-1 zeros between the taps of weights (a, b, *k): the kernel w_d, with K = d(k-1)+1 taps along each axis.

    >>> spread(np.array([[[5, 7]]]), [3]).tolist()
    [[[5, 0, 0, 7]]]
    """
    size = [d * (k - 1) + 1 for d, k in zip(dilation, weights.shape[2:], strict=True)]
    wide = np.zeros((*weights.shape[:2], *size), dtype=object)
    wide[at(..., *(slice(None, None, d) for d in dilation))] = weights
    return wide


def turned(weights: Array, groups: int) -> Array:
    """Reverse the taps along every axis and exchange the roles of the channels within each group.

    Weights of shape (a, b/groups, *k) become weights of shape (b, a/groups, *k).

    >>> turned(np.array([[[1, 2]], [[3, 4]]]), 1).tolist()
    [[[2, 1], [4, 3]]]
    """
    count, depth, *taps = weights.shape
    width = count // groups
    exchanged = np.swapaxes(weights.reshape(groups, width, depth, *taps), 1, 2).reshape(groups * depth, width, *taps)
    reversed_: Array = np.flip(exchanged, axis=tuple(range(2, weights.ndim)))
    return reversed_
