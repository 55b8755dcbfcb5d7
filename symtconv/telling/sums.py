"""Sums of proofs for all sizes as formulas, and the derivation of one from another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from symtconv.document.mathematics import (
    BigSum,
    Derivative as Partial,
    Iverson,
    Like,
    Listing,
    Math,
    Negative,
    Number,
    Relation,
    Subscript,
    Sum,
    Times,
    as_math,
)
from symtconv.document.nodes import Block, Derivation, Display, Inline, Paragraph, Step as Line
from symtconv.proofformulas import formula
from symtconv.proofs.kernel import Step
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Summand, Total
from symtconv.proofs.terms import Compound, Derivative, Equation, Term
from symtconv.telling.additions import addition, consequence, contradiction
from symtconv.telling.conditions import Names, Range, bracket_math, polynomial_math, says_nothing, shown_bracket
from symtconv.telling.indices import indices, reader_names
from symtconv.telling.lines import Shown, common_brackets, definitions, lines, product_symbol
from symtconv.telling.statements import statement_content


def derivation_blocks(equation: Equation, steps: tuple[Step, ...], known: set[str]) -> Iterator[Block]:
    """Tell how one sum becomes another: new definitions, the lines, and what was added up; `known` are defined."""
    hidden = common_brackets(equation)
    for one in definitions(equation):
        if one.symbol not in known:
            known.add(one.symbol)
            yield Paragraph(_introduced(one))
            if not _is_cut(one):
                yield Display(definition_math(one))
    left = sum_math(equation.left, hidden)
    told = lines(equation, steps)
    yield Paragraph("Then" if definitions(equation) else "Here")
    if not told:
        yield Display(Relation(left, "=", sum_math(equation.right, hidden)))
        return
    written = [Line(None, "=", sum_math(line.term, hidden), line.reason) for line in told]
    yield Derivation((replace(written[0], left=left), *written[1:]))
    sentences = {repr(sentence): sentence for line in told for one in line.shown for sentence in _sentences(one)}
    if sentences:
        whole = (piece for sentence in sentences.values() for piece in (*sentence, " "))
        yield Paragraph(("The conditions that this uses follow. ", *whole))


def _is_cut(one: Definition) -> bool:
    """Whether it is an array of that name, 0 outside a range, as its meaning says."""
    return all([entry.array for entry in part.entries] == [one.symbol] for part in one.value.summands)


def _introduced(one: Definition) -> tuple[str | Inline | Math, ...]:
    meaning = one.meaning.partition(":")[0]
    end = "." if _is_cut(one) else ":"
    if meaning.startswith(f"{one.symbol} "):
        return (*statement_content(meaning), end)
    return ("Let ", product_symbol(one.symbol), " be ", *statement_content(meaning), end)


def definition_math(one: Definition) -> Math:
    """Write an array by its entries."""
    left = _array(one, tuple(map(Polynomial.variable, one.at)), {})
    return Relation(left, "=", sum_math(one.value, ()))


def sum_math(term: Term, hidden: Collection[Bracket], others: Collection[str] = ()) -> Math:
    """Write a sum, or what is made of sums; conditions that the theorem assumes are hidden, `others` names taken."""
    if isinstance(term, Derivative):
        array, *at = term.by
        by = _array(array, tuple(map(Polynomial.variable, at)), {})
        return Partial(sum_math(term.of, hidden, (*others, *at)), by, operator=True)
    if isinstance(term, Compound) and term.operation in ("=", "<="):
        return Iverson(Relation(sum_math(term.left, hidden), term.operation, sum_math(term.right, hidden)))
    if isinstance(term, Compound) and term.operation == "+":
        return sum_math(term.left, hidden) + sum_math(term.right, hidden)
    if not isinstance(term, Total):
        return formula(term)
    found = [_summand(one, hidden, others) for one in term.summands]
    return Sum(*found) if len(found) > 1 else found[0] if found else Number(0)


def _summand(one: Summand, hidden: Collection[Bracket], others: Collection[str]) -> Math:
    names, parted = reader_names(one, others), indices(one, hidden)
    entries = [_array(entry.array, entry.at, names) for entry in one.entries]
    amount = one.coefficient if one.coefficient > 0 else -one.coefficient
    factors: list[Like] = list(entries)
    if amount != 1:
        factors.insert(0, amount)
    factors += [Iverson(_condition(condition, names)) for condition in parted.conditions]
    body = Times(*factors) if len(factors) > 1 else as_math(factors[0] if factors else 1)
    if parted.others:
        over = [polynomial_math(Polynomial.variable(z), names) for z in parted.others]
        body = BigSum(Listing(*over) if len(over) > 1 else over[0], None, body)
    for z, end in parted.ranged[::-1]:
        index = polynomial_math(Polynomial.variable(z), names)
        body = BigSum(Relation(index, "=", 0), polynomial_math(end - 1, names), body)
    return body if one.coefficient > 0 else Negative(body)


def _condition(one: Range | Bracket, names: Names) -> Math:
    return one.formula(names) if isinstance(one, Range) else bracket_math(one, names)


def _array(array: object, at: tuple[Polynomial, ...], names: Names) -> Math:
    """Write an entry of an array, which is a name or has a symbol."""
    base = product_symbol(array if isinstance(array, str) else array.symbol)  # type: ignore[attr-defined]
    return Subscript(base, *(polynomial_math(p, names) for p in at)) if at else base


def _sentences(shown: Shown) -> Iterator[tuple[str | Math, ...]]:
    """Tell what was added up, unless one condition says it by itself."""
    for half, certificate in zip(_halves(shown), shown.certificates, strict=True):
        made = addition(shown.where, certificate, shown.names)
        if half is None and shown.supposed is not None:
            yield ("Suppose ", bracket_math(shown.supposed, shown.names), ".")
        if not made.is_one and (half is None or not says_nothing(half)):
            first, *rest = contradiction(made) if half is None else consequence(made, half)
            yield (first.capitalize() if isinstance(first, str) else first, *rest, ".")


def _halves(shown: Shown) -> tuple[Bracket | None, ...]:
    if shown.bracket is None:
        return (None,)
    bracket = shown_bracket(shown.bracket, shown.names)
    if bracket.relation == ">=":
        return (bracket,)
    return Bracket(">=", bracket.of), Bracket(">=", -bracket.of)
