"""Sets matrices and cases in LaTeX. A matrix that is too wide is compressed in steps, and at last elided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from symtconv.document.elision import chosen, elide
from symtconv.document.markup import spliced
from symtconv.document.mathematics import Cases, Matrix, as_math
from symtconv.document.typesetting import ATOM, FONTS, JOINED, SCRIPT, Context, Piece, Setting, one_of, set_math

# The brackets of a matrix, and how wide each is when it is tall, in em
_BRACKETS = {"[]": ("[", "]", 0.65), "()": ("(", ")", 0.9), "||": (r"\lvert", r"\rvert", 0.4), "": (".", ".", 0.2)}
_RULE = 0.4
_NORMAL_SEPARATION = 5.0
_BETWEEN_SUMS = 4.0  # columns of sums stay apart farther than their terms do

# How a matrix is compressed, step by step: the smallest font that may be taken and the space beside each column.
FITS: tuple[tuple[str, float], ...] = (
    ("normalsize", _NORMAL_SEPARATION),
    ("normalsize", 3.0),
    ("small", 3.0),
    ("footnotesize", 2.5),
    ("footnotesize", 1.6),
    ("scriptsize", 1.6),
    ("scriptsize", 1.2),
)
TIGHTEST = len(FITS) - 1
MOST_ROWS = 40  # on a page, at any font
MOST_COLUMNS = 70


@dataclass(frozen=True)
class _Grid:
    """The cells of a matrix as they have been set, with the width of each column."""

    node: Matrix
    context: Context
    separation: float
    cells: tuple[tuple[Setting, ...], ...]
    row_labels: tuple[Setting, ...]
    column_labels: tuple[Setting, ...]

    @property
    def columns(self) -> list[float]:
        labels = (self.column_labels,) if self.column_labels else ()
        return [max(cell.width for cell in cells) for cells in zip(*self.cells, *labels, strict=True)]

    @property
    def width(self) -> float:
        inner = sum(self.columns) + 2 * self.separation * (len(self.columns) - 1)
        inner += (
            (_RULE + 2) * len(self.node.column_rules) + 2 * _brackets(self.node)[2] * max(self.context.em, 10.0) + 4
        )
        return inner + max((label.width for label in self.row_labels), default=-6.0) + 8


def _grid(node: Matrix, context: Context, fit: int) -> _Grid:
    font, separation = FITS[fit]
    inner = replace(context.text, font=_smaller(font, context.font), matrix_fit=0)
    labels = replace(inner, style=SCRIPT)
    cells = tuple(tuple(set_math(as_math(cell), inner) for cell in row) for row in node.cells)
    if any(len(cell.pieces) > 1 for row in cells for cell in row):
        separation = max(separation, _BETWEEN_SUMS)
    row_labels = tuple(set_math(as_math(label), inner) for label in node.row_labels)
    column_labels = tuple(set_math(as_math(label), labels) for label in node.column_labels)
    return _Grid(node, inner, separation, cells, row_labels, column_labels)


def _brackets(node: Matrix) -> tuple[str, str, float]:
    return one_of("the brackets of a matrix", node.brackets, _BRACKETS)


def _smaller(one: str, other: str) -> str:
    return min(one, other, key=lambda font: FONTS[font][0])


def matrix_width(node: Matrix, context: Context, fit: int) -> float:
    """Give the width of a matrix at a step of compression."""
    return _grid(node, context, fit).width


@set_math.register
def _(node: Matrix, context: Context) -> Setting:
    if isfinite(context.room):
        node = chosen(node, elide(node.shape[0], MOST_ROWS), elide(node.shape[1], MOST_COLUMNS))
    grid = _grid(node, context, context.matrix_fit)
    if context.matrix_fit == TIGHTEST and grid.width > context.room:
        columns = elide(node.shape[1], columns_that_fit(node, context))
        grid = _grid(chosen(node, range(node.shape[0]), columns), context, TIGHTEST)
    text = _array(grid)
    if context.matrix_fit:
        text = rf"\vcenter{{\hbox{{\{grid.context.font}\setlength{{\arraycolsep}}{{{grid.separation:g}pt}}${text}$}}}}"
    every = (*(cell for cells in grid.cells for cell in cells), *grid.row_labels, *grid.column_labels)
    packages = frozenset({"array"}).union(*(cell.packages for cell in every))
    return Setting((Piece(text, grid.width),), ATOM, 4, packages)


def _array(grid: _Grid) -> str:
    node = grid.node
    fixed = bool(node.column_labels)
    kinds = [f"w{{c}}{{{width:.2f}pt}}" if fixed else "c" for width in grid.columns]
    columns = "".join("|" * (number in node.column_rules) + kind for number, kind in enumerate(kinds))
    rows = ["&".join(_cell(cell) for cell in cells) for cells in grid.cells]
    body = _stacked(rows, node.row_rules, [max(cell.height for cell in cells) for cells in grid.cells], r"\hline ")
    left, right, _ = _brackets(node)
    text = rf"\left{left}\begin{{array}}{{@{{\,}}{columns}@{{\,}}}}" + f"\n{body}\n" + rf"\end{{array}}\right{right}"
    if node.column_labels:
        above = "&".join(spliced((r"\scriptstyle", label.text)) for label in grid.column_labels)
        kind = "".join(kinds)
        row = rf"\begin{{array}}{{@{{\,}}{kind}@{{\,}}}}{above}\end{{array}}"
        text = rf"\overset{{{row}}}{{{text}}}"
    if node.row_labels:
        tallest = [max(cells, key=lambda cell: cell.height) for cells in grid.cells]
        labels = [
            spliced((label.text, rf"\vphantom{{{cell.text}}}"))
            for label, cell in zip(grid.row_labels, tallest, strict=True)
        ]
        heights = [cell.height for cell in tallest]
        stacked = _stacked(labels, node.row_rules, heights, rf"\noalign{{\vskip{_RULE}pt}}")
        text = r"\begin{array}{@{\,}r@{\;}}" + f"\n{stacked}\n" + rf"\end{{array}}{text}"
    return text


def _stacked(rows: list[str], rules: tuple[int, ...], heights: list[int], rule: str) -> str:
    """Put rows below each other, fractions and their like a little apart, with a rule before some."""
    body = ""
    for number, row in enumerate(rows):
        if number:
            body += "\\\\[3pt]\n" if heights[number - 1] and heights[number] else "\\\\\n"
        body += rule * (number in rules) + row
    return body


def _cell(cell: Setting) -> str:
    """Guard what LaTeX would read as the optional argument of the line break before it."""
    return "{}" + cell.text if cell.text.startswith(("[", "*")) else cell.text


def columns_that_fit(node: Matrix, context: Context) -> int:
    """Count the columns, the gap included, that fit the room at the tightest compression."""
    grid = _grid(node, context, TIGHTEST)
    widths = grid.columns
    rest = grid.width - sum(widths) - 2 * grid.separation * (len(widths) - 1)
    dots = 1.35 * grid.context.em
    budget = len(widths)
    while budget > 3:
        picked = [dots if number is None else widths[number] for number in elide(len(widths), budget)]
        if rest + sum(picked) + 2 * grid.separation * (len(picked) - 1) <= context.room:
            return budget
        budget -= 1
    return budget


@set_math.register
def _(node: Cases, context: Context) -> Setting:
    inner = context.text
    rows = [tuple(set_math(as_math(part), inner) for part in pair) for pair in node.rows]
    values, conditions = (max(pair[side].width for pair in rows) for side in (0, 1))
    body = r"\\ ".join("&".join(_cell(part) for part in pair) for pair in rows)
    packages = frozenset[str]().union(*(part.packages for pair in rows for part in pair))
    text = rf"\begin{{cases}}{body}\end{{cases}}"
    return Setting((Piece(text, values + conditions + 2.2 * context.em),), JOINED, 4, packages)
