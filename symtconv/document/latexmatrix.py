"""Sets matrices and cases in LaTeX. What is too wide or too high is compressed in steps, and at last elided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from symtconv.document.elision import chosen, elide
from symtconv.document.markup import spliced
from symtconv.document.mathematics import Cases, Dots, Like, Matrix, Power, Transpose, ZeroDot, as_math
from symtconv.document.typesetting import ATOM, FONTS, JOINED, SCRIPT, Context, Piece, Setting, one_of, set_math

# The brackets of a matrix, and how wide each is when it is tall, in em
_BRACKETS = {"[]": ("[", "]", 0.65), "()": ("(", ")", 0.9), "||": (r"\lvert", r"\rvert", 0.4), "": (".", ".", 0.2)}
_RULE = 0.4
_HAIRLINE = "faint"
_LABELS = r"\color{grey}"
_LABEL_FONT = "scriptsize"  # of labels; those of columns are smaller where they would make the matrix wider
_WHOLE_BRACKETS = r"\delimitershortfall0pt\delimiterfactor1001\relax"  # no rule sticks out of them
_EVEN = 10  # columns of a matrix whose empty columns are as wide as the others
_STRUT = r"\rule{0pt}{2.8ex}"  # keeps what is high off the rule above
_FEW_ROWS = 2  # of a matrix of blocks, which are kept off the rule above
_BESIDE = 6.0  # points between the names of blocks and the labels of rows
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
HIGHEST = 480.0  # points; words and a heading stand above on the same page
_LINES = {"normalsize": 13.6, "small": 12.0, "footnotesize": 11.0, "scriptsize": 9.5}
_STRETCHED = (1.0, 1.1, 1.35, 1.35, 1.6)  # lines, by the height of what stands in them
_DOTS = 19.5  # points, of three dots below each other
_APART = 3.0  # points more between rows that are high
_LABEL_LINE = 14.0
MOST_COLUMNS = 70


@dataclass(frozen=True)
class _Grid:
    """The cells of a matrix as they have been set, with the width of each column."""

    node: Matrix
    context: Context
    separation: float
    cells: tuple[tuple[Setting, ...], ...]
    large_labels: bool
    row_labels: tuple[Setting, ...]
    column_labels: tuple[Setting, ...]
    row_blocks: tuple[Setting, ...]
    column_blocks: tuple[Setting, ...]

    @property
    def columns(self) -> list[float]:
        labels = (self.column_labels,) if self.column_labels else ()
        widths = [max(cell.width for cell in cells) for cells in zip(*self.cells, *labels, strict=True)]
        if self.evened:
            widths = [max(widths) if empty else width for width, empty in zip(widths, self._empty, strict=True)]
        for start, count in _stretches(self.column_blocks):
            lacking = self.column_blocks[start].width - sum(widths[start : start + count])
            widths[start] += max(0.0, lacking - 2 * self.separation * (count - 1))
        return widths

    @property
    def _empty(self) -> list[bool]:
        return [all(isinstance(cell, ZeroDot) for cell in cells) for cells in zip(*self.node.cells, strict=True)]

    @property
    def evened(self) -> bool:
        """Whether columns of zeros are as wide as the widest, as in an image."""
        few = len(self.node.cells[0]) <= _EVEN and self.separation == _NORMAL_SEPARATION
        return few and any(self._empty) and not all(self._empty)

    @property
    def width(self) -> float:
        inner = sum(self.columns) + 2 * self.separation * (len(self.columns) - 1)
        rules = len(self.node.column_rules) + len(self.node.column_hairlines)
        inner += (_RULE + 2) * rules + 2 * _brackets(self.node)[2] * max(self.context.em, 10.0) + 4
        blocks = max((name.width + _BESIDE for name in self.row_blocks), default=0.0)
        return inner + blocks + max((label.width for label in self.row_labels), default=-6.0) + 8

    @property
    def rows(self) -> list[float]:
        """Give the heights of the rows, rather too high than too low."""
        line = _LINES[self.context.font]
        found = []
        for nodes, cells, height in zip(self.node.cells, self.cells, _heights(self), strict=True):
            least = _DOTS if any(isinstance(node, Dots) and node.direction in "vd" for node in nodes) else 0.0
            inner = max(cell.high for cell in cells)
            found.append(max(line * _STRETCHED[min(height, 4)], least, inner) + _APART * bool(height))
        return found

    @property
    def high(self) -> float:
        return sum(self.rows) + _LABEL_LINE * (bool(self.column_labels) + bool(self.column_blocks)) + 4

    @property
    def packages(self) -> frozenset[str]:
        every = (*self.row_labels, *self.column_labels, *self.row_blocks, *self.column_blocks)
        cells = (cell for cells in self.cells for cell in cells)
        named = {"array", "xcolor"} if every or self.node.row_hairlines or self.node.column_hairlines else {"array"}
        return frozenset(named).union(*(cell.packages for cell in (*cells, *every)))


def _grid(node: Matrix, context: Context, fit: int) -> _Grid:
    font, separation = FITS[fit]
    inner = replace(context.text, font=_smaller(font, context.font), matrix_fit=0)
    small = replace(inner, style=SCRIPT)

    large = replace(inner, font=_smaller(_LABEL_FONT, inner.font))

    def labels(named: Sequence[Like], within: Context = small) -> tuple[Setting, ...]:
        return tuple(set_math(as_math(label), within) for label in named)

    cells = tuple(tuple(set_math(as_math(cell), inner) for cell in row) for row in node.cells)
    if any(len(cell.pieces) > 1 for row in cells for cell in row):
        separation = max(separation, _BETWEEN_SUMS)
    small_labels, large_labels = labels(node.column_labels), labels(node.column_labels, large)
    widest = [max(cell.width for cell in column) for column in zip(*cells, strict=True)]
    narrow = all(
        one.width <= max(cell, other.width)
        for one, other, cell in zip(large_labels, small_labels, widest, strict=False)
    )
    return _Grid(
        node,
        inner,
        separation,
        cells,
        narrow,
        labels(node.row_labels, large),
        large_labels if narrow else small_labels,
        labels(node.row_blocks),
        labels(node.column_blocks),
    )


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
    fit = context.matrix_fit
    grid = _grid(node, context, fit)
    if isfinite(context.room):
        while grid.high > HIGHEST and fit < TIGHTEST:
            fit += 1
            grid = _grid(node, context, fit)
        if grid.high > HIGHEST:
            node = chosen(node, elide(node.shape[0], _rows_that_fit(grid.rows)), range(node.shape[1]))
            grid = _grid(node, context, fit)
    if context.matrix_fit == TIGHTEST and grid.width > context.room:
        columns = elide(node.shape[1], columns_that_fit(node, context))
        grid = _grid(chosen(node, range(node.shape[0]), columns), context, TIGHTEST)
    piece = Piece(_labelled(grid, bool(fit)), grid.width, high=grid.high)
    return Setting((piece,), ATOM, 4, grid.packages)


def _rows_that_fit(heights: Sequence[float]) -> int:
    """Count the rows, the gap included, that are not too high for a page."""
    budget = len(heights)
    while budget > 3:
        shown = elide(len(heights), budget)
        if sum(max(heights) if row is None else heights[row] for row in shown) <= HIGHEST - 3 * _LABEL_LINE:
            break
        budget -= 1
    return budget


def _labelled(grid: _Grid, compressed: bool) -> str:
    """Write the matrix with its labels outside the brackets; the matrix itself stays centred on the line."""

    def in_font(text: str, before: str = "") -> str:
        if not compressed and not before:
            return text
        font = rf"\{grid.context.font}\setlength{{\arraycolsep}}{{{grid.separation:g}pt}}" if compressed else ""
        return rf"\vcenter{{\hbox{{{before}{font}${text}$}}}}"

    ruled = grid.node.column_rules or grid.node.column_hairlines
    text = in_font(_array(grid), _WHOLE_BRACKETS if ruled else "")
    if grid.column_labels or grid.column_blocks:
        text = rf"\overset{{{in_font(_above(grid), _LABELS)}}}{{{text}}}"
    if grid.row_labels or grid.row_blocks:
        text = in_font(_beside(grid), _LABELS) + text
    return text


def _kinds(grid: _Grid) -> list[str]:
    fixed = bool(grid.column_labels or grid.column_blocks) or grid.evened
    return [f"w{{c}}{{{width:.2f}pt}}" if fixed else "c" for width in grid.columns]


def _array(grid: _Grid) -> str:
    node = grid.node
    columns = _parted(grid, "|", rf"!{{{{\color{{{_HAIRLINE}}}\vrule}}}}")
    rows = ["&".join(_cell(cell) for cell in cells) for cells in grid.cells]
    heights = _heights(grid)
    hairline = rf"\noalign{{{{\color{{{_HAIRLINE}}}\hrule height {_RULE}pt}}}}"
    rules = dict.fromkeys(node.row_rules, r"\hline ") | dict.fromkeys(node.row_hairlines, hairline)
    body = _stacked(rows, rules, heights)
    left, right, _ = _brackets(node)
    return rf"\left{left}\begin{{array}}{{@{{\,}}{columns}@{{\,}}}}" + f"\n{body}\n" + rf"\end{{array}}\right{right}"


def _heights(grid: _Grid) -> list[int]:
    """Give how high each row is; a letter with marks above and below counts as high."""
    heights = []
    for nodes, cells in zip(grid.node.cells, grid.cells, strict=True):
        marked = any(isinstance(node, Power | Transpose) for node in nodes)
        heights.append(max(marked, *(cell.height for cell in cells)))
    return heights


def _parted(grid: _Grid, rule: str, hairline: str) -> str:
    """Give the columns of an array with what stands between them."""
    before = dict.fromkeys(grid.node.column_rules, rule) | dict.fromkeys(grid.node.column_hairlines, hairline)
    return "".join(before.get(number, "") + kind for number, kind in enumerate(_kinds(grid)))


def _above(grid: _Grid) -> str:
    """Write the labels of the columns, and over them the names of their blocks."""
    rows = []
    if grid.column_blocks:
        cells = []
        for start, count in _stretches(grid.column_blocks):
            name = rf"\makebox[0pt]{{$\scriptstyle {grid.column_blocks[start].text}$}}"
            cells.append(rf"\multicolumn{{{count}}}{{c}}{{{name}}}")
        rows.append("&".join(cells))
    if grid.column_labels:
        rows.append("&".join(_label(label, large=grid.large_labels) for label in grid.column_labels))
    columns = _parted(grid, *2 * (rf"!{{\hskip{_RULE}pt}}",))
    body = "\\\\".join(rows)
    return rf"\begin{{array}}{{@{{\,}}{columns}@{{\,}}}}{body}\end{{array}}"


def _beside(grid: _Grid) -> str:
    """Write the labels of the rows, and left of them the names of their blocks."""
    tallest = [max(cells, key=lambda cell: cell.height) for cells in grid.cells]
    names = [""] * len(grid.cells)
    for start, count in _stretches(grid.row_blocks):
        name = rf"\smash{{\scriptstyle {grid.row_blocks[start].text}}}"
        if count % 2 == 0:
            name = rf"\raisebox{{-.5\baselineskip}}[0pt][0pt]{{${name}$}}"
        names[start + (count - 1) // 2] = name
    labels = grid.row_labels or tuple(replace(cells[0], pieces=()) for cells in grid.cells)
    rows = [
        f"{name}&" * bool(grid.row_blocks)
        + spliced((_label(label, large=True), rf"\vphantom{{\textstyle {cell.text}}}"))
        for name, label, cell in zip(names, labels, tallest, strict=True)
    ]
    rules = dict.fromkeys((*grid.node.row_rules, *grid.node.row_hairlines), rf"\noalign{{\vskip{_RULE}pt}}")
    kind = rf"r@{{\hskip{_BESIDE:g}pt}}" * bool(grid.row_blocks) + r"r@{\;}"
    stacked = _stacked(rows, rules, _heights(grid))
    return rf"\begin{{array}}{{@{{\,}}{kind}}}" + f"\n{stacked}\n" + r"\end{array}"


def _label(label: Setting, *, large: bool) -> str:
    if not label.text:
        return ""
    return rf"\mbox{{\{_LABEL_FONT}${label.text}$}}" if large else spliced((r"\scriptstyle", label.text))


def _stretches(blocks: tuple[Setting, ...]) -> list[tuple[int, int]]:
    """Part lines into neighbours whose blocks have one name: (first, count)."""
    found: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        if found and blocks[number - 1].text == block.text:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found


def _stacked(rows: list[str], rules: Mapping[int, str], heights: list[int]) -> str:
    """Put rows below each other, fractions and their like a little apart, with rules before some."""
    body = ""
    for number, row in enumerate(rows):
        if number:
            body += f"\\\\[{_APART:g}pt]\n" if heights[number - 1] and heights[number] else "\\\\\n"
        strut = _STRUT if number in rules and (heights[number] or len(rows) <= _FEW_ROWS) else ""
        body += rules.get(number, "") + strut + row
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
