"""The whole catalogue as a document: notation, contents, and every theorem with its proof for all sizes."""

from __future__ import annotations

from collections.abc import Iterator

from symtconv.catalogue import prove, theorems
from symtconv.document.mathematics import (
    Apply,
    BigSum,
    Floor,
    Infix,
    Inner,
    Iverson,
    Math,
    Name,
    Quotient,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
)
from symtconv.document.nodes import (
    Block,
    Code,
    Document,
    Inline,
    List,
    Paragraph,
    ProofBlock,
    Section,
    Strong,
    TableBlock,
    Text,
    Theorem as Statement,
)
from symtconv.document.words import WORDS
from symtconv.proofs.theorem import Theorem
from symtconv.telling.statements import statement_content
from symtconv.telling.universal import capital, checked, proof_blocks, universal_statement

Content = tuple[str | Inline | Math, ...]


def catalogue_document(family: str | None = None) -> Document:
    """Write the catalogue, or one family of it, as a document."""
    listed = [theorem for theorem in theorems() if family in (None, theorem.family)]
    families = dict.fromkeys(theorem.family for theorem in listed)
    sections = [Section(_heading(name), tuple(_family(name, listed))) for name in families]
    return Document("Theorems on the transposed convolution", (*_front(listed), *sections))


def _heading(family: str) -> str:
    return family[:1].upper() + family[1:]


def _front(listed: list[Theorem]) -> Iterator[Block]:
    everywhere = sum(theorem.universal is not None for theorem in listed)
    yield Paragraph(
        f"This is the catalogue of symtconv: {len(listed)} theorems. {everywhere} of them are proved here for all "
        "sizes at once; each of the others is proved for a given layer, for all its weights and inputs. Every step of "
        "a proof has been checked by the proof kernel."
    )
    yield Section("Notation", (List(tuple(_notation())),))
    rows = [(_heading(name), _names(name, listed)) for name in dict.fromkeys(theorem.family for theorem in listed)]
    yield Section("Contents", (TableBlock(("Family", "Theorems"), tuple(rows)),))


def _names(family: str, listed: list[Theorem]) -> Content:
    found: list[str | Inline | Math] = []
    for theorem in listed:
        if theorem.family == family:
            found += [", " if found else "", theorem.name]
    return tuple(piece for piece in found if piece != "")


def _notation() -> Iterator[Content]:
    n, o, k, s, d, lo, hi, a = map(Name, ("n", "o", "k", "s", "d", "lo", "hi", "a"))
    padded = Sum(n, lo, hi, -Name("K"))
    yield ("\N{LEFT DOUBLE QUOTATION MARK}Convolution\N{RIGHT DOUBLE QUOTATION MARK} is cross-correlation, as in every "
           "deep-learning framework.",)  # fmt: skip
    yield ("Sizes of one axis: ", n, " large, ", o, " small, ", k, " taps, stride ", s, ", dilation ", d, ", pads ", lo,
           " and ", hi, ", span ", Relation("K", "=", d * (k - 1) + 1), ".")  # fmt: skip
    yield (Relation(o, "=", Floor(Quotient(padded, s)) + 1), ", with the remainder ",
           Relation(a, "=", Infix("mod", padded, s)), ".")  # fmt: skip
    tau = Apply("tau", "i", "j")
    yield (tau, " is the pixel that tap ", Name("j"), " of output ", Name("i"), " reads: ",
           Sum(s * "i", d * "j", -lo), " with zero padding, none outside.")  # fmt: skip
    entry = Relation(Subscript("C", "i", "m"), "=",
                     BigSum("j", None, Times(Subscript("w", "j"), Iverson(Relation(tau, "=", "m")))))  # fmt: skip
    yield (entry, " is the matrix of the convolution ", Relation("y", "=", Times("C", "x")), "; the transposed "
           "convolution is ", Times(Transpose("C"), "v"), ".")  # fmt: skip
    yield (Iverson(Name("A")), " is 1 where ", Name("A"), " holds, else 0, and ", Inner("x", "y"),
           " the sum of the products of entries.")  # fmt: skip
    yield ("In what is said of any tap map, the number ", Subscript("t", "i", "j", "m"), " is 1 where tap ", Name("j"),
           " of output ", Name("i"), " reads pixel ", Name("m"), ", else 0.")  # fmt: skip


def _family(name: str, listed: list[Theorem]) -> Iterator[Block]:
    for theorem in listed:
        if theorem.family == name:
            yield from _theorem(theorem)


def _theorem(theorem: Theorem) -> Iterator[Block]:
    """Write a theorem: its statement and hypotheses, and for all sizes statement and proof."""
    blocks: list[Block] = [Paragraph((*capital(statement_content(theorem.statement)), "."))]
    if theorem.hypotheses:
        pieces: list[str | Inline | Math] = ["Hypotheses: "]
        for place, text in enumerate(theorem.hypotheses):
            pieces += ["; " if place else "", *statement_content(text)]
        blocks.append(Paragraph((*(piece for piece in pieces if piece != ""), ".")))
    proof = prove(theorem) if theorem.universal is not None else None
    if proof is not None:
        blocks += [Paragraph((Strong("For all sizes."),)), *universal_statement(theorem.universal)]
    verdict = theorem.verdict[:1].upper() + theorem.verdict[1:]
    blocks.append(Paragraph((Text(f"{verdict}. Source: {theorem.source}."),)))
    yield Statement(WORDS.theorem, (Code(theorem.name), ": ", Text(theorem.title)), tuple(blocks))
    if proof is not None:
        yield ProofBlock((*proof_blocks(proof), checked(proof)))
