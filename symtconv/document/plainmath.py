"""Formulas as they are typed, for the terminal: floor((n - k)/s) + 1, sum over i = 0..o-1 of v[i] w[m - s*i]."""

from __future__ import annotations

from functools import singledispatch

from symtconv.document.mathematics import (
    Absolute,
    Accent,
    Apply,
    BigSum,
    Ceil,
    Derivative,
    Dots,
    Floor,
    Gradient,
    Infix,
    Inner,
    Iverson,
    Like,
    Listing,
    Math,
    Name,
    Negative,
    Norm,
    Not,
    Number,
    Operator,
    Parenthesised,
    Power,
    Quotient,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
    Tuple,
    Words,
    as_math,
)
from symtconv.errors import SymtconvError

LOGIC, RELATION, SUM, PRODUCT, ATOM = range(5)
_JOINED = {"mod": " mod ", "circ": " o ", "otimes": " (x) ", "cdot": "*", "and": " and ", "or": " or "}
_MARKS = {"hat": "^", "prime": "'", "tilde": "~", "bar": "-", "star": "*"}


def typed(node: Like) -> str:
    """Write a formula in plain text.

    Raises:
        SymtconvError: for what has no place in a line of text, such as a matrix.

    >>> n, k, s = Name("n"), Name("k"), Name("s")
    >>> typed(Relation("o", "=", Floor((n - k) / s) + 1))
    'o = floor((n - k)/s) + 1'
    """
    return _typed(as_math(node))[0]


def _within(node: Like, least: int) -> str:
    text, binding = _typed(as_math(node))
    return text if binding >= least else f"({text})"


def _listed(items: tuple[Like, ...]) -> str:
    return ", ".join(map(typed, items))


@singledispatch
def _typed(node: object) -> tuple[str, int]:
    """Write a formula, and say how tightly it binds."""
    raise SymtconvError("a formula in plain text", arrived=type(node).__name__, rule="no rule types that kind of node")


@_typed.register
def _(node: Name) -> tuple[str, int]:
    if len(node.indices) == 1 and isinstance(node.indices[0], Number):
        return f"{node.text}{typed(node.indices[0])}", ATOM
    return (f"{node.text}_{{{_listed(node.indices)}}}" if node.indices else node.text), ATOM


@_typed.register
def _(node: Number) -> tuple[str, int]:
    text = str(node.value)
    return text, SUM if text.startswith("-") else PRODUCT if "/" in text else ATOM


@_typed.register
def _(node: Dots) -> tuple[str, int]:
    return "...", ATOM


@_typed.register
def _(node: Gradient) -> tuple[str, int]:
    by = f"grad_{typed(node.by)}"
    return (by if node.of is None else f"{by} {_within(node.of, ATOM)}"), PRODUCT


@_typed.register
def _(node: Words) -> tuple[str, int]:
    return node.text, ATOM


@_typed.register
def _(node: Sum) -> tuple[str, int]:
    text = ""
    for term in map(as_math, node.terms):
        negative = isinstance(term, Negative) or (isinstance(term, Number) and term.value < 0)
        shown = _within(term.of, PRODUCT) if isinstance(term, Negative) else typed(term).removeprefix("-")
        if not isinstance(term, Negative) and not negative:
            shown = _within(term, PRODUCT)
        text += (f" - {shown}" if negative else f" + {shown}") if text else f"-{shown}" if negative else shown
    return text, SUM


@_typed.register
def _(node: Negative) -> tuple[str, int]:
    return f"-{_within(node.of, PRODUCT)}", SUM


@_typed.register
def _(node: Times) -> tuple[str, int]:
    factors = [as_math(factor) for factor in node.factors]
    simple = all(isinstance(factor, Name | Number | Sum | Power | Accent | Floor | Ceil | Times) for factor in factors)
    if all(isinstance(factor, Transpose) or (isinstance(factor, Name) and factor.text.isupper()) for factor in factors):
        simple = False  # matrices
    return ("*" if simple else " ").join(_within(factor, PRODUCT) for factor in factors), PRODUCT


@_typed.register
def _(node: Quotient) -> tuple[str, int]:
    return f"{_within(node.numerator, PRODUCT)}/{_within(node.denominator, ATOM)}", PRODUCT


@_typed.register
def _(node: Power) -> tuple[str, int]:
    return f"{_within(node.base, ATOM)}^{_within(node.exponent, ATOM)}", PRODUCT


@_typed.register
def _(node: Subscript) -> tuple[str, int]:
    return f"{_within(node.base, PRODUCT if not isinstance(node.base, Times) else ATOM)}[{_listed(node.indices)}]", ATOM


@_typed.register
def _(node: Transpose) -> tuple[str, int]:
    return f"{_within(node.of, ATOM)}^T", ATOM


@_typed.register
def _(node: Accent) -> tuple[str, int]:
    return _within(node.of, ATOM) + _MARKS.get(node.mark, ""), ATOM


@_typed.register
def _(node: Infix) -> tuple[str, int]:
    if node.symbol in ("implies", "iff"):
        words = {"implies": " implies ", "iff": " if and only if "}[node.symbol]
        return words.join(_within(one, RELATION) for one in node.operands), LOGIC
    least = RELATION if node.symbol in ("and", "or") else ATOM
    mark = _JOINED.get(node.symbol, f" {node.symbol} ")
    return mark.join(_within(one, least) for one in node.operands), LOGIC if least == RELATION else SUM


@_typed.register
def _(node: Not) -> tuple[str, int]:
    return f"not ({typed(node.of)})", RELATION


@_typed.register
def _(node: Relation) -> tuple[str, int]:
    text = _within(node.operands[0], SUM)
    for symbol, operand in zip(node.symbols, node.operands[1:], strict=True):
        text += f" {symbol} {_within(operand, SUM)}"
    return text, RELATION


@_typed.register
def _(node: Parenthesised) -> tuple[str, int]:
    return f"({typed(node.of)})", ATOM


@_typed.register
def _(node: Floor) -> tuple[str, int]:
    return f"floor({typed(node.of)})", ATOM


@_typed.register
def _(node: Ceil) -> tuple[str, int]:
    return f"ceil({typed(node.of)})", ATOM


@_typed.register
def _(node: Absolute) -> tuple[str, int]:
    return f"|{typed(node.of)}|", ATOM


@_typed.register
def _(node: Norm) -> tuple[str, int]:
    kind = f"_{typed(node.kind)}" if node.kind is not None else ""
    return f"||{typed(node.of)}||{kind}", ATOM


@_typed.register
def _(node: Iverson) -> tuple[str, int]:
    return f"[{typed(node.condition)}]", ATOM


@_typed.register
def _(node: Inner) -> tuple[str, int]:
    return f"<{typed(node.left)}, {typed(node.right)}>", ATOM


@_typed.register
def _(node: Tuple) -> tuple[str, int]:
    return f"({_listed(node.items)})", ATOM


@_typed.register
def _(node: Listing) -> tuple[str, int]:
    return _listed(node.items), LOGIC


@_typed.register
def _(node: Operator) -> tuple[str, int]:
    return f"{node.name}({_listed(node.arguments)})" if node.arguments else node.name, ATOM


@_typed.register
def _(node: Apply) -> tuple[str, int]:
    return f"{_within(node.function, ATOM)}({_listed(node.arguments)})", ATOM


@_typed.register
def _(node: Derivative) -> tuple[str, int]:
    if node.slashed:
        return f"d{typed(node.of)}/d{typed(node.by)}", PRODUCT
    return f"d/d{typed(node.by)} ({typed(node.of)})", PRODUCT


@_typed.register
def _(node: BigSum) -> tuple[str, int]:
    names, body = [], node
    while isinstance(body, BigSum):
        names.append(_range(body))
        inner = as_math(body.body)
        if not isinstance(inner, BigSum):
            break
        body = inner
    return f"sum over {', '.join(names)} of {_within(body.body, PRODUCT)}", PRODUCT


def _range(node: BigSum) -> str:
    assert node.under is not None
    under = as_math(node.under)
    if node.over is None:
        return typed(under)
    return f"{typed(under)}..{typed(node.over).replace(' ', '')}"


def typed_line(content: tuple[str | Math, ...]) -> str:
    """Write words and formulas on one line."""
    return "".join(piece if isinstance(piece, str) else typed(piece) for piece in content)
