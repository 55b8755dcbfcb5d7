"""The letters of a derivation, and the formulas of a layer written with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from math import prod
from typing import Literal, SupportsInt, TypeAlias, TypeVar

import numpy as np
from sympy import Symbol, expand

from symtconv.arrays import Array, kernel_array
from symtconv.catalogue import prove, theorems
from symtconv.catalogue.subject import indeterminate_size
from symtconv.derivation.colours import Colours
from symtconv.derivation.values import INDEXED, formula_of
from symtconv.document.mathematics import (
    Accent,
    Apply,
    BigSum,
    Cases,
    Dots,
    Floor,
    Iverson,
    Like,
    Listing,
    Math,
    Name,
    Negative,
    Number,
    Parenthesised,
    Relation,
    Shape,
    Spaced,
    Sum,
    Times,
    Tuple,
    Words,
    as_math,
)
from symtconv.document.nodes import Inline
from symtconv.document.words import WORDS
from symtconv.errors import GeometryError, NotApplicable, TooLarge, Undecided
from symtconv.geometry import Conv, Layer
from symtconv.matrices.entries import taps_at
from symtconv.matrices.symbolic import sympified
from symtconv.matrices.vec import Order
from symtconv.proofs.kernel import Proof

PROVED_ENTRIES = {"jacobian": 100_000, "input-gradient": 100_000}  # of a layer that takes about a second
OTHERS_ENTRIES = 5_000
T = TypeVar("T")
Piece: TypeAlias = str | Inline | Math


@dataclass(frozen=True)
class Notation:
    """How a derivation is written.

    Args:
        x, y: the letters of the convolution's input and output; each letter is one word, such as "x" or "delta".
        v, z: those of the transposed layer's input and output.
        w, C: those of the weights and of the matrix. All six differ.
        base: 0 or 1, where indices start.
        order: "C" if vec lists the pixels row after row, "F" if it stacks columns, as MATLAB does.
        iverson: True for Iverson's brackets, [m = ...]; False to write such conditions as cases.
        brackets: "[]" or "()", around matrices.

    >>> Notation(base=1, order="F", iverson=False, brackets="()").base
    1
    """

    x: str = "x"
    y: str = "y"
    v: str = "v"
    z: str = "z"
    w: str = "w"
    C: str = "C"
    base: Literal[0, 1] = 0
    order: Order = "C"
    iverson: bool = True
    brackets: Literal["[]", "()"] = "[]"

    @property
    def letters(self) -> tuple[str, ...]:
        """The six letters."""
        return self.x, self.y, self.v, self.z, self.w, self.C

    def __post_init__(self) -> None:
        choices = {"base": (0, 1), "order": ("C", "F"), "iverson": (True, False), "brackets": ("[]", "()")}
        for name, allowed in choices.items():
            value = getattr(self, name)
            if not any(type(value) is type(one) and value == one for one in allowed):
                rule = f"it is {' or '.join(map(repr, allowed))}"
                raise GeometryError(
                    f"Notation: {name}", arrived=repr(value)[:60], rule=rule, remedy="Pass one of them."
                )
        letters = self.letters
        for field, letter in zip(fields(self), letters, strict=False):
            if not isinstance(letter, str) or not letter.isascii() or not letter.isalpha() or len(letter) > 12:
                raise GeometryError(
                    f"Notation: {field.name}",
                    arrived=repr(letter)[:60],
                    rule="a symbol is one word of up to 12 Latin letters",
                    remedy='Pass a letter such as "x", or a word such as "delta".',
                )
        taken = {"i", "j", "m", "q", "b", "c", "g", "alpha", "tau", "n", "o", "k", "s", "d", "a", "lo", "hi", "K"}
        if len(set(letters)) < len(letters) or taken & set(letters):
            raise GeometryError(
                "Notation",
                arrived=", ".join(letters),
                rule=f"the letters differ from each other and from {', '.join(sorted(taken))}",
                remedy="Choose others.",
            )


@dataclass(frozen=True)
class Story:
    """A layer with its letters and, if given, its weights: what every section of a derivation is written from."""

    layer: Layer
    notation: Notation
    kernel: object = None
    input: object = None

    @cached_property
    def _proofs(self) -> dict[str, Proof | None]:
        return {}

    def proof(self, name: str) -> Proof | None:
        """Prove a theorem for this layer; None outside its hypotheses, or where it is too large to be proved here.

        Raises:
            Refuted: if the theorem fails, which would be a defect of symtconv: nothing is written then.
        """
        if name not in self._proofs:
            self._proofs[name] = self._proved(name)
        return self._proofs[name]

    def _proved(self, name: str) -> Proof | None:
        of_sizes = any(theorem.name == name and theorem.family == "sizes" for theorem in theorems())
        if indeterminate_size(self.layer) > PROVED_ENTRIES.get(name, OTHERS_ENTRIES) and not of_sizes:
            return None
        with suppress(NotApplicable, TooLarge, Undecided):
            return prove(name, self.layer)
        return None

    @property
    def is_compared(self) -> bool:
        """Whether the layer is small enough for every theorem to be asked of it, entry by entry."""
        return indeterminate_size(self.layer) <= OTHERS_ENTRIES

    @cached_property
    def conv(self) -> Conv:
        """The convolution of the pair."""
        return self.layer.convolution

    @property
    def single(self) -> bool:
        """Whether there is one channel in and one out, so that channels are left out of every index."""
        return self.conv.single_channel

    @cached_property
    def weights(self) -> Array | None:
        """The given weights, flat, as SymPy expressions; None where they are names."""
        if self.kernel is None:
            return None
        weights: Array = sympified(kernel_array(self.layer, self.kernel)).reshape(-1)
        letters = set(self.notation.letters)
        for symbol in {symbol for weight in weights for symbol in weight.free_symbols}:
            indexed = INDEXED.fullmatch(symbol.name)
            taken = symbol.name in letters or (indexed is not None and indexed[1] in letters - {self.notation.w})
            if type(symbol) is not Symbol or symbol != Symbol(symbol.name) or taken:
                raise GeometryError(
                    "kernel of derive",
                    arrived=f"the symbol {symbol.name!r:.60}",
                    rule=f"its names are plain symbols, and the document uses {', '.join(sorted(letters))}",
                    remedy="Rename it, or choose other letters with notation=.",
                )
        return weights

    # Names with numbers

    def weight(self, number: int) -> Math:
        """Write a weight: its name, or its value where it was given."""
        if self.weights is not None:
            return formula_of(self.weights[number])
        at = np.unravel_index(number, self.conv.kernel_shape)
        return Name(self.notation.w, *self.counted(at[2:] if self.single else at))

    def counted(self, places: Iterable[SupportsInt]) -> tuple[int, ...]:
        """Count indices from the base of the notation."""
        return tuple(int(place) + self.notation.base for place in places)

    def large(self, letter: str, flat: int) -> Math:
        """Write a pixel of the large side by its number, row-major."""
        return self._pixel(letter, flat, self.large_pixels)

    def small(self, letter: str, flat: int) -> Math:
        """Write a pixel of the small side by its number, row-major."""
        return self._pixel(letter, flat, self.small_pixels)

    def _pixel(self, letter: str, flat: int, shape: tuple[int, ...]) -> Math:
        at = np.unravel_index(flat, shape)
        return Name(letter, *self.counted(at[1:] if self.single else at))

    @property
    def large_pixels(self) -> tuple[int, ...]:
        """The large side as an array, (channels, *pixels)."""
        return self.conv.large_channels, *self.conv.large_shape

    @property
    def small_pixels(self) -> tuple[int, ...]:
        """The small side as an array, (channels, *pixels)."""
        return self.conv.small_channels, *self.conv.small_shape

    def listed(self, place: int, shape: tuple[int, ...]) -> int:
        """Give the number, row-major, of the pixel at a place of vec."""
        if self.notation.order == "C":
            return place
        return int(np.ravel_multi_index(np.unravel_index(place, shape, order="F"), shape))

    def place(self, number: int, shape: tuple[int, ...]) -> int:
        """Give the place in vec of a pixel that is numbered row-major."""
        if self.notation.order == "C":
            return number
        return int(np.ravel_multi_index(np.unravel_index(number, shape), shape, order="F"))

    @property
    def rows(self) -> int:
        """The rows of C."""
        return self.conv.small_channels * prod(self.conv.small_shape)

    @property
    def columns(self) -> int:
        """The columns of C."""
        return self.conv.large_channels * prod(self.conv.large_shape)

    def entry(self, row: int, column: int) -> Math | None:
        """Write an entry of C, None where no tap reaches.

        Row and column count as vec does.
        """
        taps = taps_at(self.conv, self.listed(row, self.small_pixels), self.listed(column, self.large_pixels))
        if not taps:
            return None
        if self.weights is not None and len(taps) > 1:
            return formula_of(expand(sum(self.weights[tap] for tap in taps)))
        return written_sum(taps, lambda tap: self.colours.put(tap, self.weight(tap)), most=3)

    @cached_property
    def colours(self) -> Colours:
        """The colours of the weights within a matrix."""
        return Colours.of(self.conv, self.weights)

    # Names with indices

    @property
    def i(self) -> Math:
        """An output's place: i, or (c', i)."""
        return Name("i") if self.single else Tuple(self.c_small, "i")

    @property
    def m(self) -> Math:
        """A pixel's place: m, or (c, m)."""
        return Name("m") if self.single else Tuple(self.c, "m")

    @property
    def c(self) -> Math:
        """The channel on the large side."""
        return Name("c")

    @property
    def c_small(self) -> Math:
        """The channel on the small side."""
        return Accent("c", "prime")

    def w_summed(self) -> Math:
        """w_j, or w_{c',b,j}: b counts the channels that c' sees."""
        return Name(self.notation.w, *(() if self.single else (self.c_small, "b")), "j")

    def x_summed(self, place: Like) -> Math:
        """x at a place, or x_{b,place}; with groups x_{alpha(c')+b,place}, for b counts from the first of the group."""
        if self.single:
            return Name(self.notation.x, place)
        grouped = self.conv.groups > 1
        return Name(self.notation.x, Sum(self.group_start, "b") if grouped else "b", place)

    def w_between(self) -> Math:
        """w_j, or the weight w_{c',c,j} between two given channels; with groups w_{c',c-alpha(c'),j}."""
        if self.single:
            return Name(self.notation.w, "j")
        grouped = self.conv.groups > 1
        channel = Sum(self.c, Negative(self.group_start)) if grouped else self.c
        return Name(self.notation.w, self.c_small, channel, "j")

    def small_at(self, letter: str, place: Like = "i") -> Math:
        """y_i, or y_{c',i}."""
        return Name(letter, *(() if self.single else (self.c_small,)), place)

    def large_at(self, letter: str, place: Like = "m") -> Math:
        """x_m, or x_{c,m}."""
        return Name(letter, *(() if self.single else (self.c,)), place)

    def C_at(self) -> Math:  # noqa: N802
        """C_{i,m}, or C_{(c',i),(c,m)}."""
        if self.single:
            return Name(self.notation.C, "i", "m")
        return Name(self.notation.C, Tuple(self.c_small, "i"), Tuple(self.c, "m"))

    @property
    def group_start(self) -> Math:
        """The name of the first large-side channel of the group of c', alpha(c')."""
        return Apply("alpha", self.c_small)

    @property
    def first_of_group(self) -> Math:
        """The first large-side channel of the group of c', counted from 0 where b is counted from the base."""
        width = self.conv.small_channels // self.conv.groups
        first = Sum(self.c_small, -self.notation.base) if self.notation.base else self.c_small
        quotient: Math = Floor(first / width) if width > 1 else first
        depth = self.conv.kernel_shape[1]
        return Times(depth, quotient) if depth > 1 else quotient

    def position(self, i: Like = "i", j: Like = "j") -> Math:
        """Write s i + d j - lo with this layer's numbers, or tau(i, j) where the padding mode is another than zeros."""
        if self.conv.padding_mode != "zeros":
            return Apply("tau", i, j)
        return self.unpadded_position(i, j)

    def unpadded_position(self, i: Like = "i", j: Like = "j") -> Math:
        """Write s i + d j - lo with this layer's numbers."""
        position = _scaled(self.conv.stride, i) + _scaled(self.conv.dilation, j)
        base = self.notation.base  # m - b = s (i - b) + d (j - b) - lo
        less = [axis.lo + base * (axis.stride + axis.dilation - 1) for axis in self.conv.axes]
        if len(set(less)) == 1:
            return Sum(*position.terms, -less[0]) if less[0] and isinstance(position, Sum) else position
        return position - Tuple(*less)

    def bracket(self, condition: Math) -> Math:
        """Write 1 where a condition holds, else 0."""
        if self.notation.iverson:
            return Iverson(condition)
        return Parenthesised(Cases(((1, condition), (0, Words(WORDS.otherwise)))))

    def kernel_at(self) -> Math:
        """Write the entry of C for output i and pixel m: the weights of the taps j of i that read m."""
        reads = Relation("m", "=", self.position())
        if self.notation.iverson or self.conv.padding_mode != "zeros":
            return BigSum("j", None, self.w_between() * self.bracket(reads))
        return Cases(((self.w_between(), Spaced(reads, Words("for a tap j"))), (0, Words(WORDS.otherwise))))

    def taps_sum(self, body: Math) -> Math:
        """Put the sum over the taps j, and over the channels b that an output sees, before a body."""
        return BigSum("j" if self.single else Listing("b", "j"), None, body)

    def outputs_sum(self, body: Math) -> Math:
        """Put the sum over the outputs i, and over their channels c', before a body."""
        return BigSum("i" if self.single else Listing(self.c_small, "i"), None, body)


def _scaled(factors: Sequence[int], index: Like) -> Math:
    if len(set(factors)) == 1:
        return as_math(index) if factors[0] == 1 else Times(factors[0], index)
    return Times(Tuple(*factors), index)


def shape_of(shape: Sequence[int]) -> Math:
    """Write a shape: 2 x 2, or a plain number on one axis."""
    return Shape(*shape) if len(shape) > 1 else as_math(shape[0])


def size_words(shape: Sequence[int]) -> tuple[Piece, ...]:
    """Write a size in running text: "2 x 2", or "9 pixels" on one axis."""
    return (shape_of(shape),) if len(shape) > 1 else (f"{shape[0]} pixel{'s' * (shape[0] != 1)}",)


def weighted(weight: Math, factor: Math) -> Math:
    """Write weight times factor: 1 is left out, and a minus sign comes to the front.

    >>> weighted(Number(1), Name("x")).to_latex(), weighted(Number(-1), Name("x")).to_latex()
    ('x', '-x')
    """
    if isinstance(weight, Negative):
        return Negative(weighted(as_math(weight.of), factor))
    if isinstance(weight, Number):
        if weight.value < 0:
            return Negative(weighted(Number(-weight.value), factor))
        if weight.value == 1:
            return factor
    return Times(weight, factor)


def written_sum(terms: Sequence[T], write: Callable[[T], Math], *, most: int = 9) -> Math:
    """Write a sum; of a long one the first terms, dots and the last, and only those are written at all.

    Exact numbers are added up instead.
    """
    if not terms:
        return as_math(0)
    first = write(terms[0])
    if isinstance(first, Number):
        values = [term.value for term in map(write, terms) if isinstance(term, Number)]
        if len(values) == len(terms) and not any(isinstance(value, float) for value in values):
            return Number(sum(values))
    if len(terms) > most:
        return Sum(*(write(term) for term in terms[: most - 2]), Dots("h"), write(terms[-1]))
    return Sum(*(write(term) for term in terms)) if len(terms) > 1 else first


def listed_taps(story: Story, taps: Sequence[tuple[int, int]], write: Callable[[int], Math]) -> Math:
    """Write the sum of weight times pixel over a list of (weight number, place), without given weights that are 0."""
    kept = taps if story.weights is None else [tap for tap in taps if story.weights[tap[0]] != 0]
    return written_sum(kept, lambda tap: weighted(story.weight(tap[0]), write(tap[1])))
