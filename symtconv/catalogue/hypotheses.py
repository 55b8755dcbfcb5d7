"""What the statements about sizes assume of every axis of a layer, each in words and as a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Layer
from symtconv.sizes import same_padding


@dataclass(frozen=True)
class Hypothesis:
    """What a theorem assumes of every axis: in words, whether an axis meets it, and what the axis has."""

    words: str
    holds: Callable[[Axis], bool]
    arrived: Callable[[Axis], str]


def _pads(axis: Axis) -> str:
    return f"pads {axis.lo} and {axis.hi}"


def _pads_and_kernel(axis: Axis) -> str:
    return f"{_pads(axis)} with {axis.kernel_size} taps"


def _remainder(axis: Axis) -> str:
    return f"remainder {axis.remainder}"


ALL_KEPT = Hypothesis(
    "the convolution keeps all its outputs",
    lambda axis: axis.small == axis.formula_size,
    lambda axis: f"{axis.small} of {axis.formula_size} outputs",
)
DILATION_1 = Hypothesis("the dilation is 1", lambda axis: axis.dilation == 1, lambda axis: f"dilation {axis.dilation}")
STRIDE_1 = Hypothesis("the stride is 1", lambda axis: axis.stride == 1, lambda axis: f"stride {axis.stride}")
ODD_KERNEL = Hypothesis(
    "the kernel size is odd", lambda axis: axis.kernel_size % 2 == 1, lambda axis: f"{axis.kernel_size} taps"
)
NO_PADS = Hypothesis("the pads are 0", lambda axis: axis.lo == axis.hi == 0, _pads)
EQUAL_PADS = Hypothesis("the pads are equal", lambda axis: axis.lo == axis.hi, _pads)
HALF_PADS = Hypothesis(
    "the pads are floor(k/2)", lambda axis: axis.lo == axis.hi == axis.kernel_size // 2, _pads_and_kernel
)
FULL_PADS = Hypothesis("the pads are k - 1", lambda axis: axis.lo == axis.hi == axis.kernel_size - 1, _pads_and_kernel)
SAME_PADS = Hypothesis(
    "the pads add up to those of SAME",
    lambda axis: axis.lo + axis.hi == same_padding(axis.large, axis.kernel_size, axis.stride, axis.dilation),
    _pads,
)
DIVIDES_UNPADDED = Hypothesis("the stride divides n - k", lambda axis: axis.remainder == 0, _remainder)
DIVIDES = Hypothesis("the stride divides n + 2p - k", lambda axis: axis.remainder == 0, _remainder)


def require(theorem: str, layer: Layer, *hypotheses: Hypothesis) -> None:
    """Refuse a layer with an axis that does not meet all hypotheses.

    Raises:
        NotApplicable: with the first hypothesis that an axis does not meet.
    """
    for hypothesis in hypotheses:
        for place, axis in enumerate(layer.axes):
            if not hypothesis.holds(axis):
                where = f" on axis {place}" if layer.ndim > 1 else ""
                raise NotApplicable.because(theorem, hypothesis.words, hypothesis.arrived(axis) + where)
