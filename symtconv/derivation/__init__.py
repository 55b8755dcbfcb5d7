"""What a derivation says: from a layer and its proofs to a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from symtconv.derivation.adjoint import adjoint_section
from symtconv.derivation.allsizes import allsizes_section
from symtconv.derivation.bias import bias_section
from symtconv.derivation.columns import columns_section
from symtconv.derivation.constructions import constructions_section
from symtconv.derivation.example import example_section
from symtconv.derivation.exercises import exercises_section
from symtconv.derivation.frameworks import frameworks_section
from symtconv.derivation.gradient import gradient_section
from symtconv.derivation.hessian import hessian_section
from symtconv.derivation.inverse import inverse_section
from symtconv.derivation.kernelgradient import kernelgradient_section
from symtconv.derivation.layer import layer_section, size_section, title
from symtconv.derivation.matrix import matrix_section, sum_section, transpose_section
from symtconv.derivation.notation import Notation, Story
from symtconv.derivation.overlap import overlap_section
from symtconv.derivation.regularity import regularity_section
from symtconv.derivation.rows import rows_section
from symtconv.derivation.stamps import stamps_section
from symtconv.derivation.stampsum import stampsum_section
from symtconv.derivation.statement import proof_note
from symtconv.document.nodes import Document, Section
from symtconv.errors import GeometryError, TooLarge
from symtconv.geometry import Conv, ConvTranspose, Layer
from symtconv.matrices.vec import matrix_shape

SECTIONS: dict[str, Callable[[Story], Section]] = {
    "layer": layer_section,
    "sum": sum_section,
    "matrix": matrix_section,
    "rows": rows_section,
    "transpose": transpose_section,
    "columns": columns_section,
    "stamps": stamps_section,
    "stampsum": stampsum_section,
    "constructions": constructions_section,
    "size": size_section,
    "gradient": gradient_section,
    "kernel-gradient": kernelgradient_section,
    "bias-gradient": bias_section,
    "hessian": hessian_section,
    "adjoint": adjoint_section,
    "regularity": regularity_section,
    "inverse": inverse_section,
    "overlap": overlap_section,
    "frameworks": frameworks_section,
    "proofs": allsizes_section,
    "example": example_section,
    "exercises": exercises_section,
}
STORY = ("layer", "sum", "matrix", "transpose", "stamps", "size", "gradient", "inverse")


def derive(
    layer: Layer,
    *,
    kernel: object = None,
    x: object = None,
    sections: Sequence[str] | None = None,
    notation: Notation = Notation(),  # noqa: B008 (frozen)
) -> Document:
    """Derive the transposed convolution for one layer, as a document: sizes, sums, matrices, stamps and proofs.

    What the document calls a theorem has been proved for this layer, by `prove`, before it is written.

    Args:
        layer: a Conv or a ConvTranspose.
        kernel: exact weights to show in place of names, of shape layer.kernel_shape or plain.
        x: an input of the layer, for the worked example.
        sections: names out of SECTIONS, in the order wanted; the story (and the example, with x) when None. Others are
            rows, columns, stampsum, constructions, kernel-gradient, bias-gradient, hessian, adjoint, regularity,
            overlap, frameworks, proofs (for all sizes) and exercises.
        notation: the letters, where indices start, the order of vec, brackets.

    Returns:
        A Document, with to_latex() and save(path).

    Raises:
        GeometryError: for unknown sections, and for weights or inputs of the wrong shape.
        Refuted: if a theorem fails for the layer (that would be a defect of symtconv, and nothing is written).

    >>> from symtconv import ConvTranspose
    >>> document = derive(ConvTranspose((2, 2), 3, stride=2, padding="same"), sections=["layer", "matrix"])
    >>> [section.title for section in document.blocks]
    ['The layer and its sizes', 'The convolution as a matrix']
    """
    if type(layer) not in (Conv, ConvTranspose):
        raise GeometryError("layer of derive", arrived=repr(layer)[:60], rule="it is a Conv or a ConvTranspose")
    chosen = _chosen(sections, with_example=x is not None)
    if not isinstance(notation, Notation):
        raise GeometryError("notation of derive", arrived=repr(notation)[:60], rule="it is a Notation(...)")
    if max(matrix_shape(layer)) >= 2**62:
        raise TooLarge.of(
            f"derive of {layer!r}", max(matrix_shape(layer)), 2**62, what="pixels", remedy="Take a smaller layer."
        )
    story = Story(layer, notation, kernel, x)
    written = tuple(SECTIONS[name](story) for name in chosen)
    return Document(title(story), (*proof_note(story, written), *written))


def _chosen(sections: Sequence[str] | None, *, with_example: bool) -> tuple[str, ...]:
    if sections is None:
        return (*STORY, *(("example",) if with_example else ()))
    if (
        not isinstance(sections, Iterable)
        or isinstance(sections, str)
        or not all(isinstance(name, str) and name in SECTIONS for name in sections)
    ):
        raise GeometryError(
            "sections of derive",
            arrived=repr(sections)[:80],
            rule=f"the sections are {', '.join(SECTIONS)}",
            remedy="Pass a list of their names, in the order that you want.",
        )
    if "example" in sections and not with_example:
        raise GeometryError(
            "sections of derive", arrived="example without x", rule="the example works an input out", remedy="Pass x."
        )
    return tuple(sections)
