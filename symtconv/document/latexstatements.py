"""Sets relations, brackets and operators in LaTeX."""

from __future__ import annotations

import re
from dataclasses import replace

from symtconv.document import metrics
from symtconv.document.latexarithmetic import open_ended, scripts
from symtconv.document.mathematics import (
    Absolute,
    Apply,
    BigSum,
    Ceil,
    Coloured,
    Derivative,
    Floor,
    Gradient,
    Infix,
    Inner,
    Iverson,
    Like,
    Listing,
    Norm,
    Not,
    Operator,
    Parenthesised,
    Quantified,
    Relation,
    Root,
    Set,
    Shape,
    Spaced,
    Tuple,
    Underbraced,
    as_math,
)
from symtconv.document.palette import hexadecimal
from symtconv.document.typesetting import (
    ADDED,
    APPLIED,
    AT_LOGIC,
    AT_PRODUCT,
    AT_RELATION,
    AT_SUM,
    AT_WIDE_SPACE,
    ATOM,
    DISPLAY,
    JOINED,
    LARGE,
    LISTED,
    LOGICAL,
    MEDIUM,
    MULTIPLIED,
    RELATED,
    SCRIPTED,
    SIDE_BY_SIDE,
    SIGN,
    STATED,
    TEXT,
    THICK,
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

_BRACE = 16.0  # points, with its label
RELATIONS = {
    "=": "=",
    "!=": r"\neq",
    "<": "<",
    "<=": r"\leq",
    ">": ">",
    ">=": r"\geq",
    "in": r"\in",
    "notin": r"\notin",
    "subset": r"\subset",
    "mapsto": r"\mapsto",
    "to": r"\to",
    ":=": r"\coloneqq",
    "approx": r"\approx",
    "equiv": r"\equiv",
    "divides": r"\mid",
    "does not divide": r"\nmid",
    "sim": r"\sim",
    "propto": r"\propto",
}
# Symbols between operands: their LaTeX, how they bind and how good a place to break they are.
INFIXES = {
    "cdot": (r"\cdot", JOINED, AT_PRODUCT),
    "times": (r"\times", JOINED, AT_PRODUCT),
    "otimes": (r"\otimes", JOINED, AT_PRODUCT),
    "oplus": (r"\oplus", ADDED, AT_SUM),
    "circ": (r"\circ", JOINED, AT_PRODUCT),
    "ast": (r"\ast", JOINED, AT_PRODUCT),
    "star": (r"\star", JOINED, AT_PRODUCT),
    "mod": (r"\bmod", JOINED, AT_PRODUCT),
    "and": (r"\land", LOGICAL, AT_LOGIC),
    "or": (r"\lor", LOGICAL, AT_LOGIC),
    "implies": (r"\implies", STATED, AT_LOGIC),
    "iff": (r"\iff", STATED, AT_LOGIC),
    "cup": (r"\cup", ADDED, AT_SUM),
    "cap": (r"\cap", ADDED, AT_SUM),
    "setminus": (r"\setminus", ADDED, AT_SUM),
}
BIG_SIGNS = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min", "bigcup": r"\bigcup"}


# Statements


@set_math.register
def _(node: Relation, context: Context) -> Setting:
    spaces = 2 * THICK if context.style <= TEXT else 0
    parts = [_operand(node.operands[0], context)]
    for symbol, operand in zip(node.symbols, node.operands[1:], strict=True):
        text, packages = relation(symbol)
        part = _operand(operand, context).led_by(text, (1.0 + spaces) * context.em, AT_RELATION, "{}" + text)
        parts.append(replace(part, packages=part.packages | packages))
    return row(parts, RELATED)


def relation(symbol: str) -> tuple[str, frozenset[str]]:
    """Give the LaTeX of a relation and its packages."""
    text = one_of("a relation", symbol, RELATIONS)
    return text, frozenset({"mathtools"}) if symbol == ":=" else frozenset()


def _operand(node: Like, context: Context) -> Setting:
    return at_least(LISTED if isinstance(node, Listing) else RELATED + 1, node, context)


@set_math.register
def _(node: Quantified, context: Context) -> Setting:
    sign = one_of("a quantifier", node.quantifier, {"forall": r"\forall", "exists": r"\exists"})
    names = at_least(LISTED, node.names, context).led_by(sign, 0.8 * context.em)
    statement = at_least(STATED, node.statement, context).led_by(r"\colon\;", 0.8 * context.em, AT_LOGIC)
    first, *rest = statement.pieces
    names = names.followed_by(r"\colon", 0.5 * context.em)
    lead = Piece(first.text.replace(r"\colon\;", r"\;", 1), first.width, AT_LOGIC, "")
    return row((names, replace(statement, pieces=(lead, *rest))), STATED)


@set_math.register
def _(node: Infix, context: Context) -> Setting:
    symbol, binding, level = one_of("the symbol between operands", node.symbol, INFIXES)
    width = (2.1 if binding == STATED else 1.95 if node.symbol == "mod" else SIGN) * context.em
    width += 2 * (THICK if binding == STATED else MEDIUM) * context.em if context.style <= TEXT else 0
    parts = []
    for position, operand in enumerate(node.operands):
        closed = as_math(operand)
        lowest = ATOM if open_ended(closed) and position < len(node.operands) - 1 else binding + 1
        part = at_least(lowest, closed, context)
        parts.append(part.led_by(symbol, width, level, "{}" + symbol) if position else part)
    return row(parts, binding)


@set_math.register
def _(node: Not, context: Context) -> Setting:
    return at_least(ATOM, node.of, context).led_by(r"\lnot", 0.7 * context.em).bound(JOINED)


# Brackets


@set_math.register
def _(node: Parenthesised, context: Context) -> Setting:
    return bracketed("(", set_math(as_math(node.of), context), ")", context)


@set_math.register
def _(node: Floor, context: Context) -> Setting:
    return bracketed(r"\lfloor", set_math(as_math(node.of), context), r"\rfloor", context)


@set_math.register
def _(node: Ceil, context: Context) -> Setting:
    return bracketed(r"\lceil", set_math(as_math(node.of), context), r"\rceil", context)


@set_math.register
def _(node: Absolute, context: Context) -> Setting:
    return bracketed(r"\lvert", set_math(as_math(node.of), context), r"\rvert", context)


@set_math.register
def _(node: Norm, context: Context) -> Setting:
    norm = bracketed(r"\lVert", set_math(as_math(node.of), context), r"\rVert", context)
    return scripts(norm, context, below=(node.kind,)) if node.kind is not None else norm


@set_math.register
def _(node: Iverson, context: Context) -> Setting:
    inner = set_math(as_math(node.condition), context).led_by(r"\,", THIN * context.em).followed_by(r"\,", 0.17)
    return bracketed("[", inner, "]", context)


@set_math.register
def _(node: Inner, context: Context) -> Setting:
    return bracketed(r"\langle", listed((node.left, node.right), context), r"\rangle", context)


@set_math.register
def _(node: Tuple, context: Context) -> Setting:
    return bracketed("(", listed(node.items, context), ")", context)


@set_math.register
def _(node: Set, context: Context) -> Setting:
    return bracketed(r"\{", listed(node.items, context), r"\}", context)


@set_math.register
def _(node: Listing, context: Context) -> Setting:
    return listed(node.items, context)


@set_math.register
def _(node: Spaced, context: Context) -> Setting:
    first, *rest = (set_math(as_math(item), context) for item in node.items)
    wide = [item.led_by(r"\qquad", 2 * context.em, AT_WIDE_SPACE, "{}") for item in rest]
    return row((first, *wide), SIDE_BY_SIDE)


@set_math.register
def _(node: Shape, context: Context) -> Setting:
    context = replace(context, grouped=False)
    if len(node.sizes) == 1:
        return set_math(as_math(node.sizes[0]), context)
    return set_math(Infix("times", *node.sizes), context)


# Operators


@set_math.register
def _(node: BigSum, context: Context) -> Setting:
    sign = one_of("a big operator", node.sign, BIG_SIGNS)
    under, over = (
        None if part is None else set_math(as_math(part), context.script).whole() for part in (node.under, node.over)
    )
    limits = [part.width for part in (under, over) if part is not None]
    word = node.sign in ("max", "min")
    width = 1.9 * context.em if word else 14.5 if context.style == DISPLAY else 10.6
    if context.style == DISPLAY:
        width = max([width, *limits])
    elif limits:
        width += max(limits) + 0.6
    sign += f"_{{{under.text}}}" if under else ""
    sign += f"^{{{over.text}}}" if over else ""
    body = at_least(JOINED, node.body, context).led_by(sign, width + 1.2 * THIN * context.em)
    tall = max(body.height, 2) if context.style == DISPLAY and not word else body.height
    packages = body.packages.union(*(part.packages for part in (under, over) if part is not None))
    return replace(body, binding=LARGE, height=tall, packages=packages)


@set_math.register
def _(node: Derivative, context: Context) -> Setting:
    part = context.part
    sign = 0.6 * part.em
    below = at_least(SCRIPTED, node.by, part).led_by(r"\partial", sign).whole()
    if node.slashed:
        upper = at_least(SCRIPTED, node.of, context).led_by(r"\partial", 0.6 * context.em)
        lower = at_least(SCRIPTED, node.by, context).led_by(r"/\partial", 1.1 * context.em)
        return row((upper, lower), MULTIPLIED)
    if node.operator:
        above = atom(r"\partial", sign)
        body = at_least(LARGE, node.of, context)
    else:
        above = at_least(SCRIPTED, node.of, part).led_by(r"\partial", sign).whole()
        body = atom("", 0)
    text = rf"\frac{{{above.text}}}{{{below.text}}}"
    width = max(above.width, below.width) + 2.6
    tall = max(body.height, 3 if context.style == DISPLAY else 1)
    packages = body.packages | above.packages | below.packages
    fraction = body.led_by(text, width + (THIN * context.em if node.operator else 0))
    return replace(fraction, binding=LARGE if node.operator else ATOM, height=tall, packages=packages)


@set_math.register
def _(node: Gradient, context: Context) -> Setting:
    nabla = scripts(atom(r"\nabla", 0.84 * context.em), context, below=(node.by,))
    if node.of is None:
        return nabla
    return row((nabla, at_least(SCRIPTED, node.of, context)), APPLIED)


@set_math.register
def _(node: Operator, context: Context) -> Setting:
    if not re.fullmatch(r"[A-Za-z]+", node.name):
        raise SymtconvError("a named operator", arrived=repr(node.name), rule="its name is made of letters a to z")
    name = rf"\operatorname{{{node.name}}}"
    width = metrics.upright(node.name, context.points) + THIN * context.em
    if not node.arguments:
        return atom(name, width)
    if len(node.arguments) == 1 and node.name not in ("max", "min", "gcd", "lcm"):
        return at_least(SCRIPTED, node.arguments[0], context).led_by(name, width).bound(APPLIED)
    arguments = bracketed("(", listed(node.arguments, context), ")", context)
    return arguments.led_by(name, width)


@set_math.register
def _(node: Apply, context: Context) -> Setting:
    function = at_least(SCRIPTED, node.function, context)
    return row((function, bracketed("(", listed(node.arguments, context), ")", context)), ATOM)


@set_math.register
def _(node: Root, context: Context) -> Setting:
    inner = set_math(as_math(node.of), context)
    return inner.wrapped(r"\sqrt{", "}", max(context.points, 9.0) + 1).bound(ATOM)


@set_math.register
def _(node: Underbraced, context: Context) -> Setting:
    inner, label = set_math(as_math(node.of), context), set_math(as_math(node.label), context.script)
    text = rf"{{\underbrace{{{inner.text}}}_{{{label.text}}}}}"
    width = max(inner.width, label.width) + THIN * context.em
    high = inner.high + _BRACE if inner.high else 0.0
    return Setting((Piece(text, width, high=high),), ATOM, min(inner.height + 2, 4), inner.packages | label.packages)


@set_math.register
def _(node: Coloured, context: Context) -> Setting:
    hexadecimal(node.colour)
    inner = set_math(as_math(node.of), context)
    coloured = inner.wrapped(rf"\textcolor{{{node.colour}}}{{", "}")
    return replace(coloured, packages=coloured.packages | {"xcolor"})
