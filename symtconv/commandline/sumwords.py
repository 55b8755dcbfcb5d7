"""Proofs for all sizes in plain words: sums, conditions and certificates as lines of text."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from symtconv.narration import Range, Shown, common_brackets, definitions, lines, parts, ranges, two_sides
from symtconv.proofs.kernel import Proof
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Definition, Entry, Summand, Total
from symtconv.proofs.terms import Derivative, Term


def derivation_words(proof: Proof) -> list[str]:
    """Tell the equations of a proof about sums, each with its definitions and its lines."""
    told: list[str] = []
    seen: set[str] = set()
    for number, (equation, steps) in enumerate(parts(proof), start=1):
        assumed = common_brackets(equation)
        told += ["", f"{number}. {equation.says}"]
        for one in definitions(equation):
            if one.symbol not in seen:
                seen.add(one.symbol)
                told.append(f"   {definition_words(one)}")
        told += ["", f"     {term_words(equation.left, assumed)}"]
        for line in lines(equation, steps):
            told.append(f"   = {term_words(line.term, assumed)}")
            told.append(f"       {line.reason}")
            told += [f"       {text}" for text in dict.fromkeys(map(shown_words, line.shown))]
    return told


def definition_words(one: Definition) -> str:
    """Write a definition: C[i, m] = its sum, and what it is."""
    return f"{one.symbol}[{', '.join(map(clean, one.at))}] = {term_words(one.value, ())}: {one.meaning}"


def term_words(term: Term, hidden: Collection[Bracket]) -> str:
    """Write a sum, or its derivative; the hidden conditions are those of the theorem and stand for all lines."""
    if isinstance(term, Derivative):
        array, *at = term.by
        by = f"{array}[{', '.join(at)}]" if at else array
        return f"d/d{by} ({term_words(term.of, hidden)})"
    assert isinstance(term, Total)
    return " + ".join(_summand(one, hidden) for one in term.summands) or "0"


def _summand(one: Summand, hidden: Collection[Bracket]) -> str:
    names = f"sum over {', '.join(map(clean, one.over))} of " if one.over else ""
    factor = [] if one.coefficient == 1 else [str(one.coefficient)]
    shown = [bracket for bracket in one.where if bracket not in hidden]
    product = [*factor, *map(_entry, one.entries), *condition_words(shown)]
    return names + (" ".join(product) or "1")


def _entry(entry: Entry) -> str:
    array = entry.array if isinstance(entry.array, str) else entry.array.symbol
    return f"{array}[{', '.join(map(polynomial_words, entry.at))}]" if entry.at else array


def condition_words(brackets: Collection[Bracket]) -> list[str]:
    """Write conditions in brackets; 0 <= i and i < o as one."""
    return [
        f"[0 <= {polynomial_words(one.value)} < {polynomial_words(one.end)}]"
        if isinstance(one, Range)
        else f"[{bracket_words(one)}]"
        for one in ranges(brackets)
    ]


def shown_words(shown: Shown) -> str:
    """Write what follows, and what is added up to show it."""
    sums = " and ".join(_sum(shown.where, certificate) for certificate in shown.certificates)
    if shown.bracket is None:
        return f"cannot be: {sums} would give -1 >= 0"
    return f"{bracket_words(shown.bracket)}, adding {sums}"


def _sum(where: tuple[Bracket, ...], certificate: Certificate) -> str:
    found = []
    for factor, places in certificate:
        shown = [f"({bracket_words(where[place])})" for place in places]
        number = factor.terms.get((), 0) if factor.terms.keys() <= {()} else None
        found.append(" ".join(shown if number == 1 and shown else [_factor(factor, number), *shown]))
    return " + ".join(found) or "nothing"


def _factor(factor: Polynomial, number: int | Fraction | None) -> str:
    return f"({polynomial_words(factor)})" if number is None else str(number)


def bracket_words(bracket: Bracket) -> str:
    """Write a condition with its negative terms on the other side: a <= b, or a = b."""
    left, right = two_sides(bracket)
    return f"{polynomial_words(left)} {'<=' if bracket.relation == '>=' else '='} {polynomial_words(right)}"


def polynomial_words(p: Polynomial) -> str:
    """Write a polynomial, its highest terms first."""
    text = ""
    for monomial, coefficient in sorted(p.terms.items(), key=lambda term: (-len(term[0]), term[0])):
        size, name = abs(coefficient), "*".join(map(clean, monomial))
        shown = str(size) if not name else name if size == 1 else f"{size}*{name}"
        sign = "-" if coefficient < 0 else "+"
        text += f" {sign} {shown}" if text else (f"-{shown}" if coefficient < 0 else shown)
    return text or "0"


def clean(name: str) -> str:
    """Write a bound number's name without the mark that keeps it apart from a user's."""
    letter, mark, number = name.partition("'")
    return f"{letter}{number}" if mark and number else name
