"""Pixels that lie a fixed step apart see only each other: the residue classes of a dilated convolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as places
from typing import Any

from symtconv.catalogue.axisfactors import on_pixels
from symtconv.catalogue.differentiation import RING
from symtconv.catalogue.factorings import by_definition
from symtconv.catalogue.hypotheses import STRIDE_1, Hypothesis, require
from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import matrix, picking, times, total
from symtconv.errors import NotApplicable
from symtconv.geometry import Axis, Conv, ConvTranspose
from symtconv.proofs.terms import Defined, Equation, Term, Transposed
from symtconv.proofs.theorem import Theorem

DIVIDES = Hypothesis(
    "s divides d",
    lambda axis: axis.dilation % axis.stride == 0,
    lambda axis: f"stride {axis.stride}, dilation {axis.dilation}",
)


@dataclass(frozen=True)
class Residue:
    """On one axis: some outputs, the inputs a step apart that they read, and how many pads stand left of these."""

    outputs: range
    inputs: range
    left: int

    @classmethod
    def of(cls, axis: Axis, outputs: range, step: int) -> Residue:
        """The inputs that outputs[0] reads lie at s*outputs[0] - lo modulo the step."""
        first = axis.stride * outputs.start - axis.lo
        return cls(outputs, range(first % step, axis.large, step), -(first // step))

    def right(self, span: int, mode: str) -> int:
        """The pads that the outputs need on the right; padding modes other than zeros know no crop."""
        needed = len(self.outputs) + span - 1 - len(self.inputs) - self.left
        return needed if mode == "zeros" else max(needed, 0)


def _require_classes(name: str, layer: Any, steps: Sequence[int], step: str) -> None:
    """Refuse a padding mode that leads from one residue class to another."""
    if layer.padding_mode == "zeros":
        return
    for axis, size in zip(layer.axes, steps, strict=True):
        kept = size == 1 or (layer.padding_mode == "circular" and axis.large % size == 0)
        if not kept and (axis.lo or axis.hi):
            hypothesis = f"the padding is of zeros, or circular with {step} dividing n"
            raise NotApplicable.because(name, hypothesis, f"{layer.padding_mode}, n = {axis.large}, {step} = {size}")


def _sublayer(conv: Conv, dilation: Sequence[int], residues: Sequence[Residue]) -> Conv:
    """Give the convolution with stride 1 from these inputs to these outputs."""
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, conv.kernel_size, strict=True)]
    return Conv(
        [len(residue.inputs) for residue in residues],
        conv.kernel_size,
        padding=[(r.left, r.right(span, conv.padding_mode)) for r, span in zip(residues, spans, strict=True)],
        dilation=dilation,
        output_shape=[len(residue.outputs) for residue in residues],
        in_channels=conv.in_channels,
        out_channels=conv.out_channels,
        groups=conv.groups,
        padding_mode=conv.padding_mode,
    )


def _picked(conv: Conv, residues: Sequence[Residue], large: bool) -> Term:
    shape = conv.large_shape if large else conv.small_shape
    kept = [residue.inputs if large else residue.outputs for residue in residues]
    symbol, meaning = ("Q", "picks the inputs") if large else ("R", "picks the outputs")
    factors = []
    for number, (chosen, size) in enumerate(zip(kept, shape, strict=True)):
        name, where = (f"{number},{chosen.start}", f" on axis {number}") if conv.ndim > 1 else (str(chosen.start), "")
        words = f"{meaning} {chosen.start} modulo {chosen.step}{where}"
        factors.append(picking(f"{symbol}_{{{name}}}", words, chosen, size))
    return on_pixels(conv.large_channels if large else conv.small_channels, factors)


def _dilation_residues(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = sum over rho of R_rho^T C_rho Q_sigma: each class of outputs reads one class of inputs."""
    name = "dilation-residues"
    require(name, layer, STRIDE_1)
    _require_classes(name, layer, layer.dilation, "d")
    subject = Subject(layer, kernel)
    conv = subject.conv
    classes = [
        [
            Residue.of(axis, range(rho, axis.small, axis.dilation), axis.dilation)
            for rho in range(min(axis.dilation, axis.small))
        ]
        for axis in conv.axes
    ]
    blocks = []
    for residues in places(*classes):
        if all(residue.inputs for residue in residues):
            at = ",".join(str(residue.outputs.start) for residue in residues)
            part = Subject(_sublayer(conv, [1] * conv.ndim, residues), subject.w_symbols)
            block = by_definition(f"C_{{{at}}}", f"the matrix of the convolution with d = 1 for rho = {at}", part)
            blocks.append(times(Transposed(_picked(conv, residues, False)), block, _picked(conv, residues, True)))
    says = "outputs rho modulo d read inputs rho - lo modulo d only, and so does the convolution with d = 1"
    return (Equation(subject.C_term, total(blocks) if blocks else _nothing(subject), says, subject.indices),)


def _noble_identity(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """C = C' Q, C' with stride 1 and dilation d/s, Q picking the inputs -lo modulo s."""
    name = "noble-identity"
    require(name, layer, DIVIDES)
    _require_classes(name, layer, layer.stride, "s")
    subject = Subject(layer, kernel)
    conv = subject.conv
    residues = [Residue.of(axis, range(axis.small), axis.stride) for axis in conv.axes]
    says = "C is the matrix with stride 1 and dilation d/s on the inputs -lo modulo s, zero elsewhere"
    if not all(residue.inputs for residue in residues):
        return (Equation(subject.C_term, _nothing(subject), says, subject.indices),)
    dilation = [axis.dilation // axis.stride for axis in conv.axes]
    part = Subject(_sublayer(conv, dilation, residues), subject.w_symbols)
    C_ = by_definition("C'", "the matrix of the convolution with stride 1 and dilation d/s", part)
    return (Equation(subject.C_term, times(C_, _picked(conv, residues, True)), says, subject.indices),)


def _nothing(subject: Subject) -> Defined:
    """The zero matrix, of a layer whose taps all miss the input."""
    rows, columns = subject.conv.out_channels, subject.conv.in_channels
    for small, large in zip(subject.conv.small_shape, subject.conv.large_shape, strict=True):
        rows, columns = rows * small, columns * large
    return Defined("0", "the zero matrix", matrix(rows, columns, {}))


RESIDUES = (
    Theorem(
        name="dilation-residues",
        title="A dilated convolution is several convolutions side by side",
        statement="s = 1: outputs i = rho mod d read only inputs m = sigma mod d, sigma = (rho - lo) mod d; that block "
        "is the convolution with w, d = 1, left pad ceil((lo - rho)/d), right pad what its size needs",
        hypotheses=(STRIDE_1.words, "the padding is of zeros, or circular with d dividing n"),
        family="structure",
        source="Wang & Ji, Smoothed Dilated Convolutions, arXiv 1808.08931, section 3.2",
        equations=_dilation_residues,
        assumptions=(RING,),
        takes_kernel=True,
        example=Conv((5, 5), 2, dilation=2, padding=1),
    ),
    Theorem(
        name="noble-identity",
        title="A stride that divides the dilation cancels",
        statement="s divides d: C(s, d) = C(1, d/s) on the inputs m = -lo mod s, left pad ceil(lo/s), right pad what "
        "its size needs, and zero elsewhere",
        hypotheses=(DIVIDES.words, "the padding is of zeros, or circular with s dividing n"),
        family="structure",
        source="Vaidyanathan, Multirate Systems and Filter Banks, section 4.2",
        equations=_noble_identity,
        assumptions=(RING,),
        takes_kernel=True,
        example=ConvTranspose((3, 3), 2, stride=2, dilation=2, padding=1),
    ),
)
