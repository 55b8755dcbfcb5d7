"""Mathematics as a tree of frozen records. What a formula says stands here; how it looks is the renderers' affair.

Wherever a node takes mathematics it takes a `Like`: another node, an exact number, a float, or a string, which is
short for a `Name`. Parentheses that precedence demands are put in by the renderers; `Parenthesised` is for those that
only help the reader.

>>> s, o, k = Name("s"), Name("o"), Name("k")
>>> (s * (o - 1) + k).to_latex()
's(o-1)+k'
>>> Iverson(Relation("q", "=", s * "i" + Name("d") * "j" - "lo")).to_latex()
'[\\\\,q=si+dj-\\\\mathrm{lo}\\\\,]'
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias, Union

from symtconv.errors import SymtconvError

Like: TypeAlias = Union["Math", int, float, Fraction, str]


def as_math(value: Any) -> Math:
    """Turn what a node may be built of into a node.

    >>> as_math("lo") == Name("lo"), as_math(2) == Number(2)
    (True, True)
    """
    if isinstance(value, Math):
        return value
    if isinstance(value, str):
        return Name(value)
    if isinstance(value, bool) or not isinstance(value, int | float | numbers.Rational):
        raise SymtconvError(
            "a formula",
            arrived=f"{value!r} of type {type(value).__name__}",
            rule="it is built of nodes, names (strings) and real numbers",
        )
    return Number(value if isinstance(value, int | float) else Fraction(int(value.numerator), int(value.denominator)))


@dataclass(frozen=True)
class Math:
    """Any piece of mathematics. Arithmetic operators build sums, products, quotients and powers."""

    def __post_init__(self) -> None:
        """Normalise at the door: fields that take a `Like` hold a node afterwards."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type == "Like" or (field.type == "Like | None" and value is not None):
                object.__setattr__(self, field.name, as_math(value))
            elif field.type == "tuple[Like, ...]":
                object.__setattr__(self, field.name, tuple(as_math(item) for item in value))

    def __add__(self, other: Like) -> Math:
        return Sum(*_terms(self), *_terms(as_math(other)))

    def __radd__(self, other: Like) -> Math:
        return as_math(other) + self

    def __sub__(self, other: Like) -> Math:
        return Sum(*_terms(self), Negative(other))

    def __rsub__(self, other: Like) -> Math:
        return as_math(other) - self

    def __mul__(self, other: Like) -> Math:
        return Times(*_factors(self), *_factors(as_math(other)))

    def __rmul__(self, other: Like) -> Math:
        return as_math(other) * self

    def __truediv__(self, other: Like) -> Math:
        return Quotient(self, other)

    def __rtruediv__(self, other: Like) -> Math:
        return Quotient(other, self)

    def __pow__(self, exponent: Like) -> Math:
        return Power(self, exponent)

    def __neg__(self) -> Math:
        return Negative(self)

    def to_latex(self) -> str:
        """Give the LaTeX of this formula, without dollars."""
        from symtconv.document.latexmath import mathematics

        return mathematics(self).text


def _terms(node: Math) -> tuple[Like, ...]:
    return node.terms if isinstance(node, Sum) else (node,)


def _factors(node: Math) -> tuple[Like, ...]:
    return node.factors if isinstance(node, Times) else (node,)


# Atoms


@dataclass(frozen=True, init=False)
class Name(Math):
    """A symbol with subscripts: a single letter in italics, several letters upright, a Greek letter by its name.

    >>> Name("w", 0, 1).to_latex(), Name("lo").to_latex(), Name("tau").to_latex()
    ('w_{0,1}', '\\\\mathrm{lo}', '\\\\tau')
    """

    text: str
    indices: tuple[Like, ...]

    def __init__(self, text: str, *indices: Like) -> None:
        if not text or text.isspace():
            raise SymtconvError("a name in a formula", arrived=repr(text), rule="it needs at least one letter")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "indices", indices)
        self.__post_init__()


@dataclass(frozen=True)
class Number(Math):
    """A finite real number: an int, a Fraction or a float."""

    value: int | float | Fraction

    def __post_init__(self) -> None:
        value = self.value
        if isinstance(value, numbers.Integral):
            object.__setattr__(self, "value", int(value))
        elif isinstance(value, numbers.Rational):
            exact = Fraction(int(value.numerator), int(value.denominator))
            object.__setattr__(self, "value", int(exact) if exact.denominator == 1 else exact)
        elif not math.isfinite(value):
            raise SymtconvError("a number in a formula", arrived=repr(value), rule="it must be finite")


@dataclass(frozen=True)
class Words(Math):
    """Upright words within a formula, such as an "otherwise" or an "and"."""

    text: str


@dataclass(frozen=True)
class Letter(Math):
    """Letters in a style of their own: "blackboard", "calligraphic", "bold" or "sans"."""

    text: str
    style: str


@dataclass(frozen=True)
class Dots(Math):
    """Dots for what is left out: "h" centred, "low" on the line, "v" vertical, "d" diagonal."""

    direction: str = "h"


@dataclass(frozen=True)
class ZeroDot(Math):
    """The light dot that stands for a structural zero of a matrix."""


@dataclass(frozen=True)
class Blank(Math):
    """Nothing, for an empty cell."""


# Arithmetic


@dataclass(frozen=True, init=False)
class Sum(Math):
    """Terms with their signs: a `Negative`, or a negative number, is subtracted.

    >>> Sum("a", Negative("b"), 3).to_latex()
    'a-b+3'
    """

    terms: tuple[Like, ...]

    def __init__(self, *terms: Like) -> None:
        object.__setattr__(self, "terms", _some(terms, "a sum"))
        self.__post_init__()


@dataclass(frozen=True)
class Negative(Math):
    """Minus something."""

    of: Like


@dataclass(frozen=True, init=False)
class Times(Math):
    """A product by juxtaposition, with a centred dot where a number would touch what stands before it.

    >>> Times(2, 3, "x").to_latex()
    '2\\\\cdot 3x'
    """

    factors: tuple[Like, ...]

    def __init__(self, *factors: Like) -> None:
        object.__setattr__(self, "factors", _some(factors, "a product"))
        self.__post_init__()


@dataclass(frozen=True)
class Quotient(Math):
    """A fraction; `slashed` sets it on one line."""

    numerator: Like
    denominator: Like
    slashed: bool = False


@dataclass(frozen=True)
class Power(Math):
    """A base with an exponent."""

    base: Like
    exponent: Like


@dataclass(frozen=True, init=False)
class Subscript(Math):
    """Any base with subscripts, as in the entry of a product: (C v)_m."""

    base: Like
    indices: tuple[Like, ...]

    def __init__(self, base: Like, *indices: Like) -> None:
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "indices", _some(indices, "a subscript"))
        self.__post_init__()


@dataclass(frozen=True)
class Transpose(Math):
    """The transpose of a matrix."""

    of: Like


@dataclass(frozen=True)
class Adjoint(Math):
    """The conjugate transpose of a matrix."""

    of: Like


@dataclass(frozen=True)
class Accent(Math):
    """Something with a mark: "hat", "tilde", "bar", "prime" or "star"."""

    of: Like
    mark: str


@dataclass(frozen=True, init=False)
class Infix(Math):
    """Operands joined by one of: cdot times otimes oplus circ ast mod and or implies iff cup cap setminus.

    >>> Infix("otimes", "A", Sum("B", "C")).to_latex()
    'A\\\\otimes(B+C)'
    """

    symbol: str
    operands: tuple[Like, ...]

    def __init__(self, symbol: str, *operands: Like) -> None:
        object.__setattr__(self, "symbol", symbol)
        object.__setattr__(self, "operands", _some(operands, "an operation"))
        self.__post_init__()


@dataclass(frozen=True)
class Not(Math):
    """The negation of a statement."""

    of: Like


# Statements


@dataclass(frozen=True, init=False)
class Relation(Math):
    """A chain of relations: operands and symbols in turn, as they are read.

    Symbols: = != < <= > >= in notin subset mapsto to := approx equiv divides "does not divide" sim propto.

    >>> Relation(0, "<=", "m", "<", "n").to_latex()
    '0\\\\leq m<n'
    """

    operands: tuple[Like, ...]
    symbols: tuple[str, ...]

    def __init__(self, *parts: Like) -> None:
        operands, symbols = parts[::2], parts[1::2]
        if len(parts) < 3 or len(parts) % 2 == 0 or not all(isinstance(symbol, str) for symbol in symbols):
            raise SymtconvError("a relation", arrived=repr(parts), rule="operands and symbols take turns: a, '=', b")
        object.__setattr__(self, "operands", operands)
        object.__setattr__(self, "symbols", symbols)
        self.__post_init__()


@dataclass(frozen=True)
class Quantified(Math):
    """A statement under a quantifier, "forall" or "exists", with the names that it binds."""

    quantifier: str
    names: Like
    statement: Like


@dataclass(frozen=True)
class Cases(Math):
    """A value by cases: rows of a value and its condition."""

    rows: tuple[tuple[Like, Like], ...]

    def __post_init__(self) -> None:
        rows = tuple((as_math(value), as_math(condition)) for value, condition in self.rows)
        object.__setattr__(self, "rows", rows)


# Brackets


@dataclass(frozen=True)
class Parenthesised(Math):
    """Round brackets that only help the reader."""

    of: Like


@dataclass(frozen=True)
class Floor(Math):
    """The integer part."""

    of: Like


@dataclass(frozen=True)
class Ceil(Math):
    """The next integer at or above."""

    of: Like


@dataclass(frozen=True)
class Absolute(Math):
    """The absolute value, or the number of elements."""

    of: Like


@dataclass(frozen=True)
class Norm(Math):
    """A norm, with the index that says which."""

    of: Like
    kind: Like | None = None


@dataclass(frozen=True)
class Iverson(Math):
    """Iverson's bracket: 1 where the condition holds, else 0."""

    condition: Like


@dataclass(frozen=True)
class Inner(Math):
    """The inner product of two things."""

    left: Like
    right: Like


@dataclass(frozen=True, init=False)
class Tuple(Math):
    """Items in round brackets, separated by commas."""

    items: tuple[Like, ...]

    def __init__(self, *items: Like) -> None:
        object.__setattr__(self, "items", items)
        self.__post_init__()


@dataclass(frozen=True, init=False)
class Set(Math):
    """Items in curly brackets, separated by commas."""

    items: tuple[Like, ...]

    def __init__(self, *items: Like) -> None:
        object.__setattr__(self, "items", items)
        self.__post_init__()


@dataclass(frozen=True, init=False)
class Listing(Math):
    """Items separated by commas, without brackets."""

    items: tuple[Like, ...]

    def __init__(self, *items: Like) -> None:
        object.__setattr__(self, "items", _some(items, "a listing"))
        self.__post_init__()


@dataclass(frozen=True, init=False)
class Spaced(Math):
    """Formulas side by side with a wide space between them."""

    items: tuple[Like, ...]

    def __init__(self, *items: Like) -> None:
        object.__setattr__(self, "items", _some(items, "formulas side by side"))
        self.__post_init__()


@dataclass(frozen=True, init=False)
class Shape(Math):
    """Sizes joined by crosses.

    >>> Shape(2, 3).to_latex()
    '2\\\\times 3'
    """

    sizes: tuple[Like, ...]

    def __init__(self, *sizes: Like) -> None:
        object.__setattr__(self, "sizes", _some(sizes, "a shape"))
        self.__post_init__()


# Operators


@dataclass(frozen=True)
class BigSum(Math):
    """A sum over an index: what stands under and over the sign, and the body. `sign`: sum prod max min bigcup."""

    under: Like | None
    over: Like | None
    body: Like
    sign: str = "sum"


@dataclass(frozen=True)
class Derivative(Math):
    """A partial derivative; `operator` sets the body beside the fraction, `slashed` sets it on one line."""

    of: Like
    by: Like
    operator: bool = False
    slashed: bool = False


@dataclass(frozen=True)
class Gradient(Math):
    """The gradient by a variable, of something or by itself."""

    by: Like
    of: Like | None = None


@dataclass(frozen=True, init=False)
class Operator(Math):
    """A named operator in upright letters, applied to nothing, one thing (without brackets if simple) or several.

    >>> Operator("vec", "z").to_latex(), Operator("max", "s", "d").to_latex()
    ('\\\\operatorname{vec}z', '\\\\operatorname{max}(s,d)')
    """

    name: str
    arguments: tuple[Like, ...]

    def __init__(self, name: str, *arguments: Like) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "arguments", arguments)
        self.__post_init__()


@dataclass(frozen=True, init=False)
class Apply(Math):
    """A function applied to arguments in round brackets."""

    function: Like
    arguments: tuple[Like, ...]

    def __init__(self, function: Like, *arguments: Like) -> None:
        object.__setattr__(self, "function", function)
        object.__setattr__(self, "arguments", arguments)
        self.__post_init__()


@dataclass(frozen=True)
class Root(Math):
    """The square root."""

    of: Like


@dataclass(frozen=True)
class Underbraced(Math):
    """Something with a brace and a label under it."""

    of: Like
    label: Like


@dataclass(frozen=True)
class Coloured(Math):
    """Something in a named colour of the palette (see `palette.py`)."""

    of: Like
    colour: str


# Matrices


@dataclass(frozen=True)
class Matrix(Math):
    """A grid of cells in brackets.

    `row_rules` and `column_rules` are the positions of lines that part blocks: a rule r stands before line r; hairlines
    part what lies within blocks. `brackets`: "[]", "()", "||" or "" for none. Labels stand left of the rows and above
    the columns. `row_blocks` and `column_blocks` give each line the name of its block, which is written once beside
    neighbours that share it; a `Blank` names none.

    >>> Matrix(((1, 0), (0, 1))).shape
    (2, 2)
    """

    cells: tuple[tuple[Like, ...], ...]
    row_rules: tuple[int, ...] = ()
    column_rules: tuple[int, ...] = ()
    row_labels: tuple[Like, ...] = ()
    column_labels: tuple[Like, ...] = ()
    brackets: str = "[]"
    row_hairlines: tuple[int, ...] = ()
    column_hairlines: tuple[int, ...] = ()
    row_blocks: tuple[Like, ...] = ()
    column_blocks: tuple[Like, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        cells = tuple(tuple(as_math(cell) for cell in row) for row in self.cells)
        object.__setattr__(self, "cells", cells)
        rows, columns = len(cells), len(cells[0]) if cells else 0
        lengths = {len(row) for row in cells}
        if not cells or lengths == {0} or len(lengths) > 1:
            raise SymtconvError("a matrix", arrived=f"rows of lengths {sorted(lengths)}", rule="rows have one length")
        named = (
            ("row", rows, self.row_labels, self.row_blocks),
            ("column", columns, self.column_labels, self.column_blocks),
        )
        for what, count, labels, blocks in named:
            for names in (labels, blocks):
                if names and len(names) != count:
                    raise SymtconvError(f"{what} labels", arrived=f"{len(names)}", rule=f"there are {count} {what}s")
        row_rules = (*self.row_rules, *self.row_hairlines)
        column_rules = (*self.column_rules, *self.column_hairlines)
        for what, rules, count in (("row", row_rules, rows), ("column", column_rules, columns)):
            if any(not 0 < rule < count for rule in rules):
                raise SymtconvError(f"{what} rules", arrived=f"{rules}", rule=f"they stand before 1 to {count - 1}")

    @property
    def shape(self) -> tuple[int, int]:
        """Count the rows and columns of cells."""
        return len(self.cells), len(self.cells[0])


def column(entries: Iterable[Like], **labels: Any) -> Matrix:
    """Give a column vector.

    >>> column(["a", "b"]).shape
    (2, 1)
    """
    return Matrix(tuple((entry,) for entry in entries), **labels)


def _some(items: tuple[Like, ...], what: str) -> tuple[Like, ...]:
    if not items:
        raise SymtconvError(what, arrived="nothing", rule="it needs at least one operand")
    return items
