"""The layer that pictures of pixels show: the last two axes, and of a large layer a smaller one of the same kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symtconv.derivation.notation import Story
from symtconv.document.mathematics import Math, Name
from symtconv.geometry import Axis, ConvTranspose

WHOLE = 14  # cells of a canvas along an axis that are drawn all
WHOLE_ROW = 20  # the same where there is one axis
MOST_ROWS = 8  # stamps below each other
FEW = 9  # cells of the canvas of a smaller layer


def pictured(story: Story) -> ConvTranspose:
    """Give the layer that is drawn: one channel, the last two axes, with few enough pixels for a picture."""
    axes = []
    for axis in story.conv.axes[-2:]:
        small = min(axis.small, max(_most(axis, alone=story.conv.ndim == 1), _uncropped(axis)))
        axes.append(replace(axis, small=small, large=axis.large - axis.stride * (axis.small - small)))
    return ConvTranspose._resolved(tuple(axes), 1, 1, 1, "zeros")


def _uncropped(axis: Axis) -> int:
    """The fewest pixels whose stamps are not cropped away altogether."""
    missing = axis.lo + axis.hi + 1 - axis.effective_kernel - axis.output_padding
    return max(-(-missing // axis.stride), 0) + 1


def _most(axis: Axis, *, alone: bool) -> int:
    """All pixels where the canvas stays small; else as many as show what neighbours do, two or three."""
    canvas = axis.stride * (axis.small - 1) + axis.effective_kernel
    if canvas <= (WHOLE_ROW if alone else WHOLE) and (not alone or axis.small <= MOST_ROWS):
        return axis.small
    return 3 if 2 * axis.stride + axis.effective_kernel <= FEW else 2


def pixel_name(story: Story, pixel: tuple[int, ...]) -> Math:
    """Name a pixel of v in the plane that is drawn: the first channel, the first place on axes that are not drawn."""
    leading = (0,) * (story.conv.ndim - len(pixel) + (not story.single))
    return Name(story.notation.v, *story.counted((*leading, *pixel)))


def tap_number(story: Story, tap: tuple[int, ...]) -> int:
    """Give the number of the weight of a tap in the plane that is drawn."""
    at = (*(0,) * (story.conv.ndim + 2 - len(tap)), *tap)
    return int(np.ravel_multi_index(at, story.conv.kernel_shape))


def plane_name(story: Story, letter: str) -> Math:
    """Name the plane that is drawn, of v, z or w: v, or v_0 of several channels, and so on for more than two axes."""
    conv = story.conv
    kernel = 2 if letter == story.notation.w else 1
    leading = (0,) * (max(conv.ndim - 2, 0) + kernel * (not story.single))
    return Name(letter, *story.counted(leading))


__all__ = ["pictured", "pixel_name", "plane_name", "tap_number"]
