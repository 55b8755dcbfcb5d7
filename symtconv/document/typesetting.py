"""The values that pass between the functions that set mathematics: fonts, contexts, and what has been set.

A formula that has been set is a row of `Piece`s. A line may be broken before a piece, at a level: 0 is the best place,
each bracket around it makes a place worse, `NEVER` forbids it. Widths are in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TypeVar

from symtconv.document.markup import Markup, spliced
from symtconv.document.mathematics import Like, as_math
from symtconv.document.metrics import em
from symtconv.errors import SymtconvError

T = TypeVar("T")

NEVER = 1000
AT_WIDE_SPACE, AT_COMMA, AT_LOGIC, AT_RELATION, AT_SUM, AT_PRODUCT, IN_BRACKETS = 0, 1, 1, 2, 3, 4, 10

# Sizes of text, first subscripts and second subscripts in an 11 pt article; the preamble declares the same, so that no
# glyph is below 6 pt.
FONTS: dict[str, tuple[float, float, float]] = {
    "normalsize": (10.95, 8.0, 6.0),
    "small": (10.0, 7.0, 6.0),
    "footnotesize": (9.0, 6.0, 6.0),
    "scriptsize": (8.0, 6.0, 6.0),
}

# How tightly formulas bind; what binds looser than its place allows is bracketed.
SIDE_BY_SIDE, LISTED, STATED, LOGICAL, RELATED, ADDED, JOINED, LARGE, MULTIPLIED, APPLIED, SCRIPTED, ATOM = range(12)

# Widths in em
THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18
SIGN = 0.78

DISPLAY, TEXT, SCRIPT, SCRIPTSCRIPT = range(4)


@dataclass(frozen=True)
class Context:
    """Where a formula stands: the font, the style (DISPLAY to SCRIPTSCRIPT), and how its matrices are set.

    `matrix_fit` counts how far matrices are compressed (see `latexmatrix.py`), `room` is the width that they may take.
    With `slashed` the fractions of a display are set on one line. In `running` text TeX itself breaks lines. Digits are
    `grouped` by thousands but for indices, sizes and lists, where a comma would part two numbers.
    """

    font: str = "normalsize"
    style: int = TEXT
    matrix_fit: int = 0
    room: float = float("inf")
    slashed: bool = False
    running: bool = False
    grouped: bool = True

    @property
    def points(self) -> float:
        """Give the size of the font in this style."""
        return FONTS[self.font][max(self.style - 1, 0)]

    @property
    def em(self) -> float:
        """Give the width of an em in this style."""
        return em(self.points)

    @property
    def script(self) -> Context:
        """Give the context of a subscript."""
        return replace(self, style=SCRIPT if self.style <= TEXT else SCRIPTSCRIPT)

    @property
    def part(self) -> Context:
        """Give the context of a numerator or denominator."""
        return replace(self, style=min(self.style + 1, SCRIPTSCRIPT))

    @property
    def text(self) -> Context:
        """Give the context of what is set as within a line, such as the cells of a matrix."""
        return replace(self, style=max(self.style, TEXT))


@dataclass(frozen=True)
class Piece:
    """A stretch of LaTeX without a place to break; `level` says how bad a break before it is.

    `starting` is what stands there instead if the piece begins a line. `high` is the height of a matrix in points.
    """

    text: str
    width: float
    level: int = NEVER
    starting: str = ""
    high: float = 0.0


@dataclass(frozen=True)
class Setting:
    """A formula that has been set: its pieces, how tightly it binds, how high it is and what packages it needs.

    `height`: 0 letters, 1 and 2 for brackets that are one and two sizes bigger, 3 and more for whatever is higher.
    """

    pieces: tuple[Piece, ...]
    binding: int
    height: int = 0
    packages: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """Give the LaTeX on one line."""
        return spliced(piece.text for piece in self.pieces)

    @property
    def width(self) -> float:
        """Give the width on one line."""
        return sum(piece.width for piece in self.pieces)

    @property
    def high(self) -> float:
        """Give the height of the highest matrix in points."""
        return max((piece.high for piece in self.pieces), default=0.0)

    @property
    def markup(self) -> Markup:
        """Give the LaTeX on one line with its packages."""
        return Markup(self.text, self.packages)

    def bound(self, binding: int) -> Setting:
        """Give the same with another binding."""
        return replace(self, binding=binding)

    def whole(self) -> Setting:
        """Give the same without places to break."""
        return replace(self, pieces=(Piece(self.text, self.width, high=self.high),))

    def wrapped(self, before: str, after: str, width: float = 0.0) -> Setting:
        """Give the same, unbreakable, between two strings that add to its width."""
        return replace(self, pieces=(Piece(spliced((before, self.text, after)), self.width + width, high=self.high),))

    def led_by(self, text: str, width: float, level: int = NEVER, starting: str = "") -> Setting:
        """Put a sign before the first piece; a line may be broken before it at a level."""
        first, *rest = self.pieces
        led = Piece(
            spliced((text, first.text)),
            first.width + width,
            level,
            spliced((starting, first.text)) if starting else "",
            first.high,
        )
        return replace(self, pieces=(led, *rest))

    def followed_by(self, text: str, width: float) -> Setting:
        """Put a sign after the last piece."""
        *rest, last = self.pieces
        starting = spliced((last.starting, text)) if last.starting else ""
        ending = Piece(spliced((last.text, text)), last.width + width, last.level, starting, last.high)
        return replace(self, pieces=(*rest, ending))

    def deeper(self) -> Setting:
        """Make every place to break worse, as within brackets."""
        pieces = tuple(
            replace(piece, level=piece.level if piece.level == NEVER else piece.level + IN_BRACKETS)
            for piece in self.pieces
        )
        return replace(self, pieces=pieces)


def row(settings: Iterable[Setting], binding: int) -> Setting:
    """Set formulas one after the other."""
    settings = tuple(settings)
    return Setting(
        tuple(piece for setting in settings for piece in setting.pieces),
        binding,
        max(setting.height for setting in settings),
        frozenset[str]().union(*(setting.packages for setting in settings)),
    )


_BRACKET_SIZES = ("", r"\bigl", r"\Bigl", r"\biggl"), ("", r"\bigr", r"\Bigr", r"\biggr")
_BRACKET_WIDTHS = (0.445, 0.56, 0.6, 0.75)
_SHORT = 90.0  # points
_WIDER = 0.09  # of braces and double bars


@singledispatch
def set_math(node: object, context: Context) -> Setting:
    """Set a formula: the LaTeX in breakable pieces with their widths."""
    raise SymtconvError("a formula in LaTeX", arrived=repr(node), rule="no rule sets that kind of node")


def at_least(binding: int, node: Like, context: Context) -> Setting:
    """Set a formula, in round brackets if it binds looser than its place demands."""
    setting = set_math(as_math(node), context)
    return setting if setting.binding >= binding else bracketed("(", setting, ")", context)


def bracketed(left: str, inner: Setting, right: str, context: Context) -> Setting:
    """Put brackets of the right size around what has been set."""
    if context.running and len(inner.pieces) > 1 and inner.width <= _SHORT:
        inner = inner.wrapped("{", "}")  # braces keep TeX from breaking the line within short brackets
    wide = _WIDER if left in (r"\{", r"\lVert") else 0.0
    # beyond the first, the sizes come from a font that does not shrink with the text
    width = (_BRACKET_WIDTHS[min(inner.height, 3)] + wide) * (max(context.em, 10.0) if inner.height else context.em)
    if inner.height > 3:
        tall = inner.wrapped(rf"\left{left}", rf"\right{right}", 2 * width)
        return replace(tall, binding=ATOM)
    opening, closing = (sizes[inner.height] for sizes in _BRACKET_SIZES)
    deeper = inner.deeper().followed_by(spliced((closing, right)), width)
    return replace(deeper.led_by(spliced((opening, left)), width), binding=ATOM)


def atom(text: str, width: float, height: int = 0) -> Setting:
    """Set something that never needs brackets."""
    return Setting((Piece(text, width),), ATOM, height)


def listed(items: Sequence[Like], context: Context) -> Setting:
    """Set items with commas between."""
    if not items:
        return atom("", 0)
    settings = [at_least(LISTED + 1, item, replace(context, grouped=False)) for item in items]
    comma = 0.28 * context.em + (THIN * context.em if context.style <= TEXT else 0)
    parts = [setting.followed_by(",", comma) for setting in settings[:-1]] + settings[-1:]
    return row([parts[0], *(part.led_by("", 0, AT_COMMA) for part in parts[1:])], LISTED)


def one_of(what: str, arrived: str, known: Mapping[str, T]) -> T:
    try:
        return known[arrived]
    except KeyError:
        raise SymtconvError(what, arrived=repr(arrived), rule=f"it is one of {', '.join(known)}") from None
