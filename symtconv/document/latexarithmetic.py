"""Sets names, numbers and arithmetic in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symtconv.document import metrics
from symtconv.document.escaping import escape, greek
from symtconv.document.mathematics import (
    Accent,
    Adjoint,
    BigSum,
    Blank,
    Coloured,
    Derivative,
    Dots,
    Infix,
    Iverson,
    Letter,
    Like,
    Math,
    Name,
    Negative,
    Number,
    Operator,
    Power,
    Quotient,
    Subscript,
    Sum,
    Times,
    Transpose,
    Words,
    ZeroDot,
    as_math,
)
from symtconv.document.typesetting import (
    ADDED,
    AT_PRODUCT,
    AT_SUM,
    AT_WIDE_SPACE,
    ATOM,
    DISPLAY,
    JOINED,
    LARGE,
    MEDIUM,
    MULTIPLIED,
    NEVER,
    SCRIPTED,
    SIGN,
    TEXT,
    THIN,
    Context,
    Piece,
    Setting,
    at_least,
    atom,
    bracketed,
    listed,
    one_of,
    row,
    set_math,
)
from symtconv.errors import SymtconvError

STYLES = {"blackboard": r"\mathbb", "calligraphic": r"\mathcal", "bold": r"\mathbf", "sans": r"\mathsf"}
DOTS = {"h": r"\cdots", "low": r"\ldots", "v": r"\vdots", "d": r"\ddots"}
ACCENTS = {"hat": (r"\hat", r"\widehat"), "tilde": (r"\tilde", r"\widetilde"), "bar": (r"\bar", r"\overline")}
MARKS = {"prime": r"\prime", "star": r"*"}
SYMBOLS = {"infinity": r"\infty", "ell": r"\ell", "nabla": r"\nabla", "partial": r"\partial"}


# Atoms


@set_math.register
def _(node: Name, context: Context) -> Setting:
    letter = _letter(node.text, context)
    return scripts(letter, context, below=node.indices).bound(ATOM) if node.indices else letter


def _letter(text: str, context: Context) -> Setting:
    if text in SYMBOLS:
        return atom(SYMBOLS[text], context.em)
    if (name := greek(text)) is not None:
        return atom("o" if name == "omicron" else rf"\{name}", metrics.greek(name, context.points))
    if text.isascii() and text.isalpha():
        if len(text) == 1:
            return atom(text, metrics.italic(text, context.points))
        return atom(rf"\mathrm{{{text}}}", metrics.upright(text, context.points))
    return atom(rf"\textnormal{{{escape(text)}}}", metrics.upright(text, context.points))


@set_math.register
def _(node: Number, context: Context) -> Setting:
    value = node.value
    if isinstance(value, Fraction):
        positive = set_math(Quotient(abs(value.numerator), value.denominator), context)
        return positive if value > 0 else positive.led_by("-", SIGN * context.em).bound(ADDED)
    digits = f"{value:,}" if context.grouped and context.style <= TEXT and isinstance(value, int) else repr(value)
    mantissa, _, exponent = digits.partition("e")
    width = metrics.upright(digits.replace("-", "+"), context.points)
    digits = digits.replace(",", "{,}")
    if exponent:
        power = atom(rf"{mantissa}\cdot 10^{{{int(exponent)}}}", width + 2 * context.em)
        return power.bound(ADDED if value < 0 else JOINED)
    return atom(digits, width).bound(ADDED if value < 0 else ATOM)


@set_math.register
def _(node: Words, context: Context) -> Setting:
    words = node.text.split(" ")
    pieces = []
    for number, word in enumerate(words):
        space = " " if number else ""
        text = rf"\text{{{space}{escape(word)}}}"
        width = 1.05 * metrics.upright(space + word, context.points)
        pieces.append(Piece(text, width, AT_WIDE_SPACE + 5 if number else NEVER, rf"\text{{{escape(word)}}}"))
    if sum(piece.width for piece in pieces) < 12 * context.em:
        return atom(rf"\text{{{escape(node.text)}}}", sum(piece.width for piece in pieces))
    return Setting(tuple(pieces), ATOM)


@set_math.register
def _(node: Letter, context: Context) -> Setting:
    command = one_of("the style of letters", node.style, STYLES)
    if not (node.text.isascii() and node.text.isalpha()):
        raise SymtconvError("letters in a style", arrived=repr(node.text), rule="they are letters from a to z")
    return atom(rf"{command}{{{node.text}}}", metrics.upright(node.text, context.points) * 1.3)


@set_math.register
def _(node: Dots, context: Context) -> Setting:
    text = one_of("the direction of dots", node.direction, DOTS)
    width = {"v": 0.29, "low": 1.4}.get(node.direction, 1.3)
    return atom(text, width * context.em, 1 if node.direction in "vd" else 0)


@set_math.register
def _(node: ZeroDot, context: Context) -> Setting:
    return replace(atom(r"\textcolor{faint}{\cdot}", 0.28 * context.em), packages=frozenset({"xcolor"}))


@set_math.register
def _(node: Blank, context: Context) -> Setting:
    return atom("", 0)


# Arithmetic


@set_math.register
def _(node: Sum, context: Context) -> Setting:
    spaces = 2 * MEDIUM if context.style <= TEXT else 0
    parts = []
    for position, term in enumerate(node.terms):
        sign, size = _signed(as_math(term))
        last = position == len(node.terms) - 1
        lowest = ADDED if sign == "+" and position == 0 and isinstance(size, Sum) else ADDED + 1
        part = at_least(lowest if last or not open_ended(size) else ATOM, size, context)
        if position:
            part = part.led_by(sign, (SIGN + spaces) * context.em, AT_SUM, f"{{}}{sign}")
        elif sign == "-":
            part = part.led_by(sign, SIGN * context.em)
        parts.append(part)
    return row(parts, ADDED)


def _signed(term: Math) -> tuple[str, Math]:
    if isinstance(term, Negative):
        return "-", as_math(term.of)
    if isinstance(term, Number) and term.value < 0:
        return "-", Number(-term.value)
    if isinstance(term, Times) and isinstance(first := term.factors[0], Number) and first.value < 0:
        return "-", Times(-first.value, *term.factors[1:])
    return "+", term


def open_ended(node: Math) -> bool:
    """Tell whether the reader could take what follows for a part of the node."""
    if isinstance(node, Coloured):
        return open_ended(as_math(node.of))
    if isinstance(node, Times):
        return open_ended(as_math(node.factors[-1]))
    if isinstance(node, Negative):
        return open_ended(as_math(node.of))
    if isinstance(node, Infix):
        return open_ended(as_math(node.operands[-1]))
    if isinstance(node, Derivative):
        return node.operator
    return isinstance(node, BigSum)


@set_math.register
def _(node: Negative, context: Context) -> Setting:
    return at_least(ADDED + 1, node.of, context).led_by("-", SIGN * context.em).bound(ADDED)


@set_math.register
def _(node: Times, context: Context) -> Setting:
    factors = [as_math(factor) for factor in node.factors]
    if len(factors) == 1:
        return set_math(factors[0], context)
    parts: list[Setting] = []
    for position, factor in enumerate(factors):
        last = position == len(factors) - 1
        negative_first = position == 0 and isinstance(factor, Number) and factor.value < 0
        lowest = LARGE if last and position else ATOM if open_ended(factor) else MULTIPLIED
        if isinstance(factor, Operator) and len(factor.arguments) == 1 and not last:
            lowest = ATOM
        part = at_least(ADDED if negative_first else lowest, factor, context)
        if position:
            sign, width = _between(factors[position - 1], factor, parts[-1].text, part.text)
            starting = sign if sign == r"\cdot" else "" if not sign else "{}"
            part = part.led_by(sign, width * context.em, AT_PRODUCT, starting)
        parts.append(part)
    return row(parts, MULTIPLIED)


def _between(left: Math, right: Math, left_text: str, right_text: str) -> tuple[str, float]:
    """Choose what stands between two factors: a dot before a digit, a thin space beside subscripts, else nothing."""
    if right_text[:1].isdigit() or (isinstance(left, Number) and isinstance(right, Number | Quotient)):
        return r"\cdot", 0.28 + 2 * MEDIUM
    if isinstance(left, Quotient) and isinstance(right, Quotient):
        return r"\cdot", 0.28 + 2 * MEDIUM
    if isinstance(left, Number) and _is_word(right_text):
        return r"\,", THIN
    if isinstance(left, Number) and not isinstance(right, Iverson):
        return "", 0
    if _is_letter(left) and _is_letter(right) and not _is_word(left_text) and not _is_word(right_text):
        return "", 0
    loose = (Iverson, BigSum, Derivative, Subscript, Accent, Coloured)
    if isinstance(left, Name) and isinstance(right, Name):
        spaced = bool(left.indices or right.indices) or _is_word(left_text) or _is_word(right_text)
        return (r"\,", THIN) if spaced else ("", 0)
    indexed = (isinstance(left, Name) and bool(left.indices)) or (isinstance(right, Name) and bool(right.indices))
    if isinstance(right, Operator):
        return "", THIN
    if isinstance(left, BigSum) or right_text.startswith((r"\sum", r"\prod")):
        return "", THIN
    return (r"\,", THIN) if indexed or isinstance(left, loose) or isinstance(right, loose) else ("", THIN)


def _is_letter(node: Math) -> bool:
    """Tell whether a factor is a letter without indices, perhaps with a prime or a star."""
    if isinstance(node, Accent) and node.mark in MARKS:
        return _is_letter(as_math(node.of))
    return isinstance(node, Name) and not node.indices


def _is_word(text: str) -> bool:
    return text.startswith((r"\mathrm", r"\textnormal"))


@set_math.register
def _(node: Quotient, context: Context) -> Setting:
    if node.slashed or (context.slashed and context.style == DISPLAY):
        above = at_least(MULTIPLIED, node.numerator, context)
        below = at_least(SCRIPTED, node.denominator, context).led_by("/", 0.5 * context.em, AT_PRODUCT)
        return row((above, below), MULTIPLIED)
    above, below = (set_math(as_math(part), context.part) for part in (node.numerator, node.denominator))
    fraction = row((above, below), MULTIPLIED)
    tall = min(max(above.height, below.height) + (3 if context.style == DISPLAY else 1), 4)
    width = max(above.width, below.width) + 2.6
    text = rf"\frac{{{above.text}}}{{{below.text}}}"
    return replace(fraction, pieces=(Piece(text, width, high=fraction.high),), height=tall)


@set_math.register
def _(node: Power, context: Context) -> Setting:
    base = as_math(node.base)
    if isinstance(base, Name):
        return scripts(_letter(base.text, context), context, below=base.indices, above=(node.exponent,))
    return scripts(at_least(ATOM, base, context), context, above=(node.exponent,))


@set_math.register
def _(node: Subscript, context: Context) -> Setting:
    base = as_math(node.base)
    indexed = isinstance(base, Name) and base.indices
    setting = bracketed("(", set_math(base, context), ")", context) if indexed else at_least(ATOM, base, context)
    return scripts(setting, context, below=node.indices)


@set_math.register
def _(node: Transpose, context: Context) -> Setting:
    return _superscript(node.of, r"\mathsf{T}", 0.7, context)


@set_math.register
def _(node: Adjoint, context: Context) -> Setting:
    return _superscript(node.of, r"\mathsf{H}", 0.75, context)


def _superscript(base: Like, mark: str, width: float, context: Context) -> Setting:
    base = as_math(base)
    below: Sequence[Like] = ()
    if isinstance(base, Name):
        setting, below = _letter(base.text, context), base.indices
    else:
        setting = at_least(ATOM, base, context)
    return scripts(setting, context, below=below, mark=atom(mark, width * context.script.em))


def scripts(
    base: Setting,
    context: Context,
    *,
    below: Sequence[Like] = (),
    above: Sequence[Like] = (),
    mark: Setting | None = None,
) -> Setting:
    """Set a base with what stands below and above at its right."""
    lower = listed(below, context.script).whole() if below else None
    upper = listed(above, context.script).whole() if above else mark
    width = max(script.width for script in (lower, upper) if script is not None) + 0.6
    text = base.pieces[-1].text
    text = f"_{{{lower.text}}}" if lower else ""
    text += f"^{{{upper.text}}}" if upper else ""
    packages = base.packages.union(*(script.packages for script in (lower, upper) if script is not None))
    return replace(base.followed_by(text, width), binding=SCRIPTED, packages=packages)


@set_math.register
def _(node: Accent, context: Context) -> Setting:
    base = as_math(node.of)
    if node.mark in MARKS:
        return _superscript(base, MARKS[node.mark], 0.6, context)
    narrow, wide = one_of("the mark over a symbol", node.mark, {**ACCENTS, **dict.fromkeys(MARKS, ("", ""))})
    if isinstance(base, Name):
        letter = _letter(base.text, context)
        accent = narrow if len(base.text) == 1 or greek(base.text) else wide
        marked = letter.wrapped(accent + "{", "}", 0.15 * context.em)
        return scripts(marked, context, below=base.indices).bound(ATOM) if base.indices else marked
    return set_math(base, context).wrapped(wide + "{", "}", 0.15 * context.em).bound(ATOM)
