"""Sets displayed formulas and derivations in LaTeX so that no line is wider than the text.

A layout is tried in one manner after the other, from the most readable on, until every line fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from symtconv.document.latexinline import inline
from symtconv.document.latexmatrix import TIGHTEST
from symtconv.document.latexstatements import relation
from symtconv.document.linebreaking import broken, line_text, sides
from symtconv.document.markup import Markup
from symtconv.document.mathematics import Dots, Like, Math, Matrix, as_math
from symtconv.document.nodes import Content, Step
from symtconv.document.typesetting import (
    AT_RELATION,
    AT_SUM,
    DISPLAY,
    NEVER,
    THICK,
    Context,
    Piece,
    Setting,
    set_math,
)
from symtconv.document.widths import content_width, widest_word
from symtconv.errors import SymtconvError

UNBROKEN = -1
_READABLE = 4  # a matrix is rather compressed so far than its formula broken
_GAP = 20.0  # points between formulas and reasons
_INDENT = r"\qquad"
_BOX = 14.0  # points for the box that ends a proof
_LONGEST_LEFT = 0.4  # of the line; a longer left side stands on a line of its own
_LEAST_REASONS = 0.27  # of the line, if formulas are broken to make room for them
_NARROW_REASONS = 66.0  # points that are enough for short reasons beside formulas that are not broken
_TOGETHER = 90.0  # points; rows that are no higher are kept on one page
_NEAR = 260.0  # rows that are no higher are, unless too much of a page stayed empty
_EDGE = 3  # of more rows, the first and the last that are
_TIED = 300.0  # points; no more than that is kept on one page whatever happens
_ROW, _HIGH_ROW = 18.0, 31.0  # points; rows with big sums and fractions are higher, those with matrices yet more
_JOT = 5.0
_REASON_LINES = 2.6  # a longer reason is not squeezed into a narrow column


@dataclass(frozen=True)
class _Manner:
    """How to try it: the font, the compression of matrices, the worst place to break, fractions, and the reasons."""

    font: str = "normalsize"
    matrix_fit: int = 0
    worst: int = AT_SUM
    slashed: bool = False
    reasons_below: bool = False


NOTHING = Markup("")


@dataclass(frozen=True)
class _Row:
    """One line of print: what stands left and right of the alignment, and the reason."""

    left: str
    right: str
    reason: Markup = NOTHING
    tied: bool = False
    matrix: float = 0.0

    @property
    def high(self) -> float:
        """Estimate the height in points."""
        usual = _HIGH_ROW if r"\sum" in self.right or r"\frac" in self.right else _ROW
        return max(usual, self.matrix + _JOT)


@dataclass(frozen=True)
class _Line:
    """A step whose two sides have been set."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    packages: frozenset[str]
    reason: Content = ""

    @property
    def left_width(self) -> float:
        return sum(piece.width for piece in self.left)

    @property
    def right_width(self) -> float:
        return sum(piece.width for piece in self.right)


def display(lines: Sequence[Like], room: float, *, last_in_proof: bool = False) -> Markup:
    """Set formulas below each other, aligned at their first relation."""
    nodes = [as_math(line) for line in lines]
    box = _BOX if last_in_proof else 0.0
    for manner in _manners(nodes, reasons=False):
        context = _context(manner, room)
        settings = [set_math(node, context) for node in nodes]
        if len(nodes) == 1 and settings[0].width <= room - 2 * box:
            text = settings[0].markup + (r"\qedhere" if last_in_proof else "")
            return _in_font(manner.font, Markup(rf"\[{text.text}\]", text.packages))
        rows = _rows([_line(setting) for setting in settings], room - box, manner)
        if rows is not None:
            return _aligned(rows, manner, _packages(settings), last_in_proof)
    raise _too_wide(room)


def derivation(steps: Sequence[Step], room: float, *, last_in_proof: bool = False) -> Markup:
    """Set steps below each other with their reasons at the right; a page may break between steps."""
    nodes = [as_math(side) for step in steps for side in (step.left, step.right) if side is not None]
    box = _BOX if last_in_proof else 0.0
    for manner in _manners(nodes, reasons=any(step.reason for step in steps)):
        context = _context(manner, room)
        lines = [_step(step, context) for step in steps]
        rows = _rows(lines, room - box, manner)
        if rows is not None:
            packages = frozenset[str]().union(*(line.packages for line in lines))
            return _aligned(rows, manner, packages, last_in_proof)
    raise _too_wide(room)


def _manners(nodes: Sequence[Math], *, reasons: bool) -> Iterator[_Manner]:
    matrices = range(TIGHTEST + 1) if any(_has_matrix(node) for node in nodes) else range(1)
    places = (False, True) if reasons else (False,)
    for fit in matrices[: _READABLE + 1]:
        yield _Manner(matrix_fit=fit, worst=UNBROKEN)
    for worst in (AT_SUM, NEVER - 1):
        for below in places:
            for fit in matrices:
                yield _Manner(matrix_fit=fit, worst=worst, reasons_below=below)
    for slashed in (False, True):
        for font in ("normalsize", "small", "footnotesize", "scriptsize"):
            yield _Manner(font, max(matrices), NEVER - 1, slashed, reasons_below=reasons)


def _has_matrix(node: object) -> bool:
    if isinstance(node, Matrix):
        return True
    if isinstance(node, Math):
        return any(_has_matrix(getattr(node, field.name)) for field in fields(node))
    return isinstance(node, tuple) and any(_has_matrix(item) for item in node)


def _context(manner: _Manner, room: float) -> Context:
    return Context(manner.font, DISPLAY, manner.matrix_fit, 0.86 * room, manner.slashed)


def _line(setting: Setting) -> _Line:
    left, right = sides(setting)
    return _Line(left, right, setting.packages)


def _step(step: Step, context: Context) -> _Line:
    if step.left == step.right == Dots("v"):
        dots = set_math(step.right, context).led_by("{}", (1.0 + 2 * THICK) * context.em)
        return _Line((), dots.pieces, dots.packages, step.reason)
    symbol, packages = relation(step.relation)
    left = set_math(as_math(step.left), context) if step.left is not None else None
    right = set_math(as_math(step.right), context)
    right = right.led_by(symbol, (1.0 + 2 * THICK) * context.em, AT_RELATION)
    packages |= right.packages | (left.packages if left else frozenset())
    return _Line(left.pieces if left else (), right.pieces, packages, step.reason)


def _rows(lines: Sequence[_Line], room: float, manner: _Manner) -> list[_Row] | None:
    """Lay lines out in rows that fit, or give None."""
    most = _LONGEST_LEFT * room
    hang = max((line.left_width for line in lines if line.left_width <= most), default=0.0)
    widest = max(line.right_width for line in lines)
    reasons = max((content_width(line.reason, font=manner.font) for line in lines), default=0.0)
    space, wrap = room - hang, 0.0
    if reasons and not manner.reasons_below:
        if hang + widest + _GAP + reasons > room:
            word = max(widest_word(line.reason, font=manner.font) for line in lines)
            wrap = room - hang - widest - _GAP
            if wrap < max(_NARROW_REASONS, word, reasons / _REASON_LINES):
                wrap = max(wrap, _LEAST_REASONS * room)
            wrap = min(reasons, wrap)
            if word > wrap:
                return None
        space -= _GAP + (wrap or reasons)
    indent = 2 * Context(manner.font).em
    rows: list[_Row] = []
    for line in lines:
        laid = _one_line(line, most, space, indent, manner.worst)
        if laid is None:
            return None
        if wrap and len(laid) > 1 and content_width(line.reason, font=manner.font) > wrap:
            return None  # a high reason beside a step of several rows would tear the step
        rows += _with_reason(laid, line.reason, manner, wrap, room - hang - indent)
    return rows


def _one_line(line: _Line, most: float, space: float, indent: float, worst: int) -> list[_Row] | None:
    rows: list[_Row] = []
    left, start, high = "", "", 0.0
    if line.left_width > most:
        above = broken(line.left, space, space - indent, worst)
        if above is None:
            return None
        rows += _continued(above, "", "")
        space, start = space - indent, _INDENT
    elif line.left:
        left, high = line_text(line.left, continued=False), max(piece.high for piece in line.left)
    first = broken(line.right, space, space - indent, worst)
    if first is None:
        return None
    return rows + _continued(first, left, start, high)


def _continued(lines: Sequence[tuple[Piece, ...]], left: str, start: str, high: float = 0.0) -> list[_Row]:
    rows = []
    for number, pieces in enumerate(lines):
        deeper = number > 0 and pieces[0].level != AT_RELATION
        text = line_text(pieces, continued=number > 0)
        indented = start + _INDENT * deeper + _apart(text, start, deeper)
        matrix = max(0.0 if number else high, *(piece.high for piece in pieces))
        rows.append(_Row("" if number else left, indented, tied=True, matrix=matrix))
    return rows


def _apart(text: str, start: str, deeper: bool) -> str:
    return " " * bool((start or deeper) and text[:1].isalnum()) + text


def _with_reason(rows: list[_Row], reason: Content, manner: _Manner, wrap: float, room: float) -> list[_Row]:
    """Put the reason beside the first row of a step, or on a row of its own below."""
    *before, last = rows
    if not reason:
        return [*before, replace(last, tied=False)]
    words = inline(reason, room if manner.reasons_below else wrap or room)
    if manner.reasons_below:
        if content_width(reason, font=manner.font) > room:
            words = rf"\parbox[t]{{{room:.1f}pt}}{{\raggedright (" + words + ")}"
        else:
            words = r"\text{(" + words + ")}"
        below = Markup(rf"{_INDENT}{words.text}", words.packages)
        return [*before, last, _Row("", below.text, Markup("", below.packages))]
    if wrap:
        words = rf"\parbox[t]{{{wrap:.1f}pt}}{{\raggedright " + words + "}"
    else:
        words = r"\text{" + words + "}"
    first, *others = [*before, replace(last, tied=False)]
    return [replace(first, reason=words), *others]


def _aligned(rows: Sequence[_Row], manner: _Manner, packages: frozenset[str], last_in_proof: bool) -> Markup:
    """Write rows as an align; few rows, or the first and the last of many, stay on one page if they are not high."""
    texts = []
    high = sum(row.high for row in rows)
    together, kept = high <= _TOGETHER, 0.0
    for number, row in enumerate(rows):
        cells = f"{row.left}&{row.right}"
        if row.reason.text:
            cells += f"&&{row.reason.text}"
        last = number == len(rows) - 1
        if last:
            cells += r"\qedhere" if last_in_proof else ""
        else:
            tied = row.tied or together or not _EDGE - 1 <= number <= len(rows) - _EDGE - 1
            kept += row.high
            tied &= kept + rows[number + 1].high <= _TIED
            kept = kept if tied else 0.0
            cells += r"\\*" if tied else r"\\"
        texts.append(cells)
    packages = packages.union(*(row.reason.packages for row in rows))
    body = "\n".join(texts)
    if _TOGETHER < high <= _NEAR:
        body = f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
        near = Markup(f"\\begingroup\\interdisplaylinepenalty300\\relax\n{body}\n\\endgroup", packages)
        return _in_font(manner.font, near)
    return _in_font(manner.font, Markup(f"\\begin{{align*}}\n{body}\n\\end{{align*}}", packages))


def _in_font(font: str, markup: Markup) -> Markup:
    if font == "normalsize":
        return markup
    return Markup(f"\\begingroup\\{font}\n{markup.text}\n\\endgroup", markup.packages)


def _packages(settings: Sequence[Setting]) -> frozenset[str]:
    return frozenset[str]().union(*(setting.packages for setting in settings))


def _too_wide(room: float) -> SymtconvError:
    return SymtconvError(
        "a displayed formula",
        arrived="a part that no line break divides",
        rule=f"it is wider than the {room:.0f} pt of a line in the smallest font that can be read",
        remedy="Give parts of it names, or elide it.",
    )
