"""The derivation of `look/derivation.tex`, built of nodes: what the renderer must reach and surpass."""

from __future__ import annotations

from symtconv.document.mathematics import (
    BigSum,
    Coloured,
    Derivative,
    Gradient,
    Inner,
    Iverson,
    Listing,
    Math,
    Matrix,
    Name,
    Operator,
    Relation,
    Shape,
    Spaced,
    Subscript,
    Times,
    Transpose,
    Tuple,
    ZeroDot,
    as_math,
)
from symtconv.document.nodes import (
    Derivation,
    Display,
    Document,
    Emphasis,
    Figure,
    Paragraph,
    ProofBlock,
    Section,
    Step,
    TableBlock,
    Theorem,
)
from symtconv.document.palette import ink
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Label, Scene, beside, merge, translate

n, o, k, s, d, lo, hi, a = (Name(text) for text in ("n", "o", "k", "s", "d", "lo", "hi", "a"))
i, j, m, q, v, w, x, y, z, C = (Name(text) for text in "ijmqvwxyzC")


def equal(left: Math, right: Math) -> Relation:
    return Relation(left, "=", right)


read = s * i + d * j - lo


def stamps() -> Scene:
    pixels = Scene(
        Cell(0, 0, Name("v", 0, 0), Fill("vermillion")),
        Cell(1, 0, Name("v", 0, 1), Fill("blue")),
        Cell(0, 1, Name("v", 1, 0)),
        Cell(1, 1, Name("v", 1, 1)),
        Grid(0, 0, 2, 2),
        Label(1, 2.1, Name("v"), "above"),
    )
    kernel = Scene(
        *(Cell(column, row, Name("w", row, column)) for row in range(3) for column in range(3)),
        Grid(0, 0, 3, 3),
        Label(1.5, 3.1, Name("w"), "above"),
    )
    laid = Scene(
        Cell(0, 0, None, Fill("vermillion", 0.22), 2, 3),
        Cell(3, 0, None, Fill("blue", 0.22), 2, 3),
        Cell(2, 0, None, Fill("vermillion", 0.45, "blue"), 1, 3),
        Grid(0, 0, 5, 5, "faint"),
        Frame(0, 0, 3, 3, "thick", "vermillion"),
        Frame(2, 0, 3, 3, "thick", "blue"),
        Frame(0, 0, 4, 4, "dashed"),
        Label(1, 1.5, Name("v", 0, 0) * w, box=True),
        Label(4, 1.5, Name("v", 0, 1) * w, box=True),
        Label(2.5, 1.5, "+", box=True),
        DoubleArrow(0, -0.4, 2, -0.4, ("stride 2")),
        Label(5.6, 4.5, "cropped by hi = 1", "left"),
        Arrow(5.6, 4.5, 4.5, 4.5, "faint"),
        Label(2.5, 5.1, "output 4 by 4 inside its natural 5 by 5", "above"),
    )
    times, arrow = Scene(Label(0, 0, "⊗")), Scene(Arrow(0, 0, 1.5, 0))
    return merge(translate(beside(pixels, times, kernel, arrow, laid, gap=1), 0, 0))


def matrix() -> Matrix:
    rows = [(0, 0), (0, 2), (2, 0), (2, 2)]
    large = [(r, c) for r in range(4) for c in range(4)]

    def entry(row: tuple[int, int], column: tuple[int, int]) -> Math:
        r, c = column[0] - row[0], column[1] - row[1]
        return Coloured(Name("w", r, c), ink(3 * r + c)) if 0 <= r < 3 and 0 <= c < 3 else ZeroDot()

    return Matrix(tuple(tuple(entry(row, column) for column in large) for row in rows), (2,), (4, 8, 12))


def derivation() -> Derivation:
    by = Name("x", m)
    vi, wj, xq, bracket = Name("v", i), Name("w", j), Name("x", q), Iverson(equal(q, read))
    return Derivation(
        (
            Step(
                Derivative(BigSum(i, None, vi * Name("y", i)), by, operator=True),
                "=",
                Derivative(
                    BigSum(i, None, BigSum(j, None, Times(vi, wj, BigSum(q, None, xq * bracket)))), by, operator=True
                ),
                "unfold the definition",
            ),
            Step(
                None,
                "=",
                BigSum(i, None, BigSum(j, None, Times(vi, wj, BigSum(q, None, Derivative(xq, by) * bracket)))),
                "the derivative is linear",
            ),
            Step(
                None,
                "=",
                BigSum(i, None, BigSum(j, None, Times(vi, wj, BigSum(q, None, Iverson(equal(q, m)) * bracket)))),
                equal(Derivative(xq, by, slashed=True), Iverson(equal(q, m))),
            ),
            Step(
                None,
                "=",
                BigSum(i, None, Times(vi, BigSum(j, None, wj * Iverson(equal(m, read))))),
                ("sift ", equal(q, m)),
            ),
            Step(
                None,
                "=",
                equal(BigSum(i, None, Name("C", i, m) * vi), Subscript(Transpose(C) * v, m)),
                ("fold ", C),
            ),
        )
    )


def document() -> Document:
    return Document(
        ("Upsampling ", Relation(Shape(2, 2), "to", Shape(4, 4)), " with a ", Shape(3, 3), " kernel, stride 2, “same”"),
        (
            TableBlock(
                (
                    ("small ", o),
                    ("kernel ", k),
                    ("stride ", s),
                    ("padding ", Tuple(lo, hi)),
                    ("large ", equal(n, s * (o - 1) + k - lo - hi + a)),
                ),
                (
                    (
                        Shape(2, 2),
                        Shape(3, 3),
                        as_math(2),
                        Tuple(0, 1),
                        (equal(as_math(2) * (as_math(2) - 1) + 3 - 0 - 1 + 0, as_math(4)), " on each axis"),
                    ),
                ),
            ),
            Section(
                "Stamps: what a transposed convolution does",
                (
                    Paragraph(
                        "Each input pixel multiplies the whole kernel; the weighted kernels are laid two pixels apart "
                        "and summed where they overlap; what lies outside the dashed square is cropped by the padding."
                    ),
                    Figure(stamps(), "Four stamps, two of them drawn."),
                ),
                2,
            ),
            Section(
                "The same thing as a matrix",
                (
                    Paragraph(
                        (
                            "Here ",
                            Listing(i, j, m),
                            " are pairs, and ",
                            x,
                            " is zero outside its ",
                            Shape(4, 4),
                            " pixels. Row ",
                            i,
                            " of ",
                            C,
                            " holds the kernel where output ",
                            i,
                            " of the ",
                            Emphasis("convolution"),
                            " reads its input, ",
                            equal(
                                Name("C", i, m), BigSum(j, None, Name("w", j) * Iverson(equal(m, as_math(2) * i + j)))
                            ),
                            ". The transposed convolution is ",
                            Transpose(C),
                            ": column ",
                            i,
                            " is the stamp of pixel ",
                            i,
                            ". Equal colours are equal weights.",
                        )
                    ),
                    Display(
                        Spaced(equal(C, matrix()), equal(Operator("vec", z), Times(Transpose(C), Operator("vec", v))))
                    ),
                    Paragraph(
                        (
                            "The name is literal: the matrix is transposed. It is not inverted: ",
                            Relation(Transpose(C) * C, "!=", "I"),
                            ", since its rank is at most 4 of 16.",
                        )
                    ),
                ),
                2,
            ),
            Section(
                "The gradient of a convolution is the transposed convolution",
                (
                    Theorem(
                        "Theorem",
                        "all sizes",
                        (
                            Paragraph(
                                (
                                    "For all ",
                                    Relation(Listing(n, k, s, d), ">=", 1),
                                    " and pads, with ",
                                    equal(Name("y", i), BigSum(j, None, Name("w", j) * Name("x", read))),
                                    " and any ",
                                    v,
                                    ": ",
                                    equal(Gradient(x, Inner(v, y)), Transpose(C) * v),
                                    ".",
                                )
                            ),
                        ),
                    ),
                    ProofBlock((derivation(),)),
                    Paragraph(
                        (
                            Emphasis("For this layer: "),
                            Relation(s, "=", 2),
                            ", ",
                            Relation(d, "=", 1),
                            ", ",
                            Relation(lo, "=", 0),
                            " on both axes; all ",
                            equal(Times(4, 16), as_math(64)),
                            " derivatives were taken: 25 are entries of the kernel, 39 are zero, each equal to its "
                            "entry of ",
                            C,
                            ".",
                        )
                    ),
                ),
                2,
            ),
        ),
    )
