"""Saying what is wrong: the first pixel or the shape, what the code gives and what it should, and the usual mistake."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.catalogue.subject import indeterminate_size
from symtconv.errors import Refuted, Undecided
from symtconv.proofs.polynomials import Polynomial
from symtconv.verification.mistakes import Mistake, usual_mistake
from symtconv.verification.question import Question
from symtconv.verification.running import name_of

_MOST_TERMS = 4
_MOST_NONZEROS = 20_000
_ROUNDED = 2**40  # no fraction of a student's has such a denominator; that of 1/3 as a float is 2**54
_SWAPPED = str.maketrans("xv", "vx")


class WrongCode(Refuted):
    """The refutation of a user's code; `mistake` is the name of the usual mistake that it makes, or empty."""

    mistake: str = ""


def pixel_refuted(question: Question, function: Any, outputs: Array) -> WrongCode | Undecided | None:
    """Give the refutation of outputs of the right shape at their first wrong pixel, or None where all are right.

    Outputs that are wrong by less than floats are rounded by are undecided.
    """
    right = question.output()
    wrong = (place for place in np.ndindex(*right.shape) if outputs[place] != right[place])
    first = next(wrong, None)
    if first is None:
        return None
    letter = question.index[0]
    single = len(first) == 1
    at = {letter if single else f"{letter}{axis}": int(index) for axis, index in enumerate(first)}
    where = ", ".join(f"{name}={index}" for name, index in at.items())
    gives = written(question, outputs[first], right[first])
    should = written(question, right[first], outputs[first])
    mistake = _mistake(question, outputs)
    remedy = _words(mistake)
    if "empty_" in gives:
        remedy = "Memory of np.empty, empty_{...}, was never written to, or was added to: begin with np.zeros."
    if any(Fraction(number).denominator > _ROUNDED for number in (Polynomial({}) + outputs[first]).terms.values()):
        remedy = "A float such as 1/3 is rounded, and read as it is: multiply first, then divide, as in x/3."
        if all(_rounded(a, b) for a, b in zip(outputs.flat, right.flat, strict=True)):
            rule = f"it should be {should}, from which it differs by the rounding of floats alone"
            return Undecided(f"{name_of(function)} at output {where}", arrived=gives, rule=rule, remedy=remedy)
    asked = f"{name_of(function)} at output {where}" + (f" ({mistake.name})" if mistake else "")
    error = WrongCode(asked, arrived=gives, rule=f"it should be {should}", remedy=remedy)
    error.counterexample, error.mistake = at, mistake.name if mistake else ""
    return error


def _rounded(gives: Any, should: Any) -> bool:
    """Tell whether two polynomials differ, if at all, by what floats are rounded by."""
    left, right = (Polynomial({}) + gives).terms, (Polynomial({}) + should).terms
    pairs = [(left.get(name, 0), right.get(name, 0)) for name in left.keys() | right.keys()]
    return all(abs(a - b) * _ROUNDED <= max(abs(a), abs(b)) for a, b in pairs)


def shape_refuted(question: Question, function: Any, outputs: Array) -> WrongCode:
    """Give the refutation of outputs that have a wrong shape."""
    shape = question.index[1]
    mistake = _mistake(question, outputs)
    remedy = _words(mistake) or _hint(question, outputs.shape)
    asked = name_of(function) + (f" ({mistake.name})" if mistake else "")
    error = WrongCode(asked, arrived=f"shape {outputs.shape}", rule=f"it should be {shape}", remedy=remedy)
    error.mistake = mistake.name if mistake else ""
    return error


def _mistake(question: Question, outputs: Array) -> Mistake | None:
    """Find the usual mistake; for large layers it is not looked for."""
    return None if indeterminate_size(question.layer) > _MOST_NONZEROS else usual_mistake(question, outputs)


def _words(mistake: Mistake | None) -> str:
    return f"The usual mistake {mistake.name}: {mistake.sentence}." if mistake else ""


def _hint(question: Question, found: tuple[int, ...]) -> str:
    """Say what a wrong shape looks like."""
    name, shape = question.index
    axes = question.subject.conv.axes
    ndim = len(axes)
    canvas = tuple(axis.stride * (axis.small - 1) + axis.effective_kernel for axis in axes)
    padded = tuple(axis.large + axis.lo + axis.hi for axis in axes)
    spatial = found[-ndim:]
    hints = (
        (found == (1, *shape), "Leave out the channel axis: with one channel in and out arrays are plain."),
        (found == shape[1:], "The channel axis is missing: arrays are (channels, *pixels)."),
        (sorted(found) == sorted(shape), "The axes come in another order: channels first, then rows, columns."),
        (np.prod(found) == np.prod(shape), "Reshape it."),
        (name == "m" and spatial == canvas, "That is the size before the crop: take the pads off both ends."),
        (name == "m" and spatial == padded, "That is the size with the padding: crop lo and hi."),
        (found == question.arguments[0].shape, "That is the shape of the input."),
    )
    return next((words for holds, words in hints if holds), "")


def written(question: Question, value: Any, other: Any = 0) -> str:
    """Write a polynomial in the letters of the call: x is the layer's input, v goes with its output.

    Where there are too many terms to show, those come first that another polynomial has not.

    >>> from symtconv import Conv
    >>> written(Question(Conv(3, 2)), Polynomial({("w_{0}", "x_{1}"): 1, ("x_{0}",): -2}))
    'w_{0}*x_{1} - 2*x_{0}'
    """
    terms, others = ((Polynomial({}) + side).terms for side in (value, other))
    shared = others if len(terms) > _MOST_TERMS else {}
    words = ""
    ordered = sorted(terms.items(), key=lambda term: (term[0] in shared, -len(term[0]), term[0]))
    for number, (monomial, coefficient) in enumerate(ordered):
        if number == _MOST_TERMS:
            return f"{words} + {len(terms) - _MOST_TERMS} more"
        size = abs(coefficient)
        names = [_renamed(name) if question.layer.transposed else name for name in monomial]
        factor = "*".join(names if size == 1 and names else [str(size), *names])
        sign = "-" if coefficient < 0 else "+"
        words += f" {sign} {factor}" if words else factor if coefficient > 0 else f"-{factor}"
    return words or "0"


def _renamed(name: str) -> str:
    """Exchange x and v: for a ConvTranspose the library's v is what the function is called with as x."""
    return name[:1].translate(_SWAPPED) + name[1:]
