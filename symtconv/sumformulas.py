"""Sums of proofs for all sizes as formulas, and such a proof as a document."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from symtconv.document.mathematics import (
    BigSum,
    Derivative as Partial,
    Iverson,
    Like,
    Listing,
    Math,
    Name,
    Negative,
    Number,
    Parenthesised,
    Power,
    Relation,
    Sum,
    Times,
)
from symtconv.document.nodes import Block, Derivation, Display, Document, Paragraph, ProofBlock, Step, Text, Theorem
from symtconv.narration import Range, Shown, common_brackets, definitions, lines, parts, ranges, two_sides
from symtconv.proofformulas import symbol
from symtconv.proofs.kernel import Proof
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Definition, Entry, NonNegative, Summand, Total
from symtconv.proofs.terms import Derivative, Term


def universal_document(proof: Proof) -> Document:
    """Write a proof for all sizes: what it says and assumes, its definitions, its lines and what they add up."""
    theorem = proof.theorem
    assumed = ", ".join(proof.assumptions)
    statement = Theorem(
        "Theorem",
        f"{theorem.name}, for all sizes",
        (Paragraph((Text(f"{theorem.universal.statement}."),)), Paragraph((Text(f"Assumed: {assumed}."),))),
    )
    blocks: list[Block] = []
    seen: set[str] = set()
    for equation, steps in parts(proof):
        hidden = common_brackets(equation)
        blocks.append(Paragraph((Text(f"{equation.says}:"),)))
        for one in definitions(equation):
            if one.symbol not in seen:
                seen.add(one.symbol)
                blocks.append(Paragraph((Text(f"{one.meaning[:1].upper()}{one.meaning[1:]}:"),)))
                blocks.append(Display(_defined(one)))
        told = lines(equation, steps)
        left = sum_formula(equation.left, hidden)
        blocks.append(Derivation(tuple(
            Step(None if number else left, "=", sum_formula(line.term, hidden), line.reason)
            for number, line in enumerate(told)
        )))  # fmt: skip
        each_once = {repr(shown): shown for line in told for shown in line.shown}
        blocks += [Paragraph(tuple(_shown(shown))) for shown in each_once.values()]
    blocks.append(Paragraph(f"Every step was checked by the proof kernel. Source: {theorem.source}."))
    return Document(theorem.title, (statement, ProofBlock(tuple(blocks))))


def _defined(one: Definition) -> Math:
    return Relation(_array(one, tuple(map(Polynomial.variable, one.at))), "=", sum_formula(one.value, ()))


def sum_formula(term: Term, hidden: Collection[Bracket]) -> Math:
    """Write a sum, or its derivative; hidden conditions are those that the theorem assumes."""
    if isinstance(term, Derivative):
        array, *at = term.by
        return Partial(sum_formula(term.of, hidden), _array(array, tuple(map(Polynomial.variable, at))), operator=True)
    assert isinstance(term, Total)
    found = [_summand(one, hidden) for one in term.summands]
    return Sum(*found) if len(found) > 1 else found[0] if found else Number(0)


def _summand(one: Summand, hidden: Collection[Bracket]) -> Math:
    brackets = [_condition(each) for each in ranges([bracket for bracket in one.where if bracket not in hidden])]
    factors: list[Like] = [*([one.coefficient] if one.coefficient != 1 else []), *map(_entry, one.entries), *brackets]
    body: Math = Times(*factors) if len(factors) > 1 else _only(factors)
    if not one.over:
        return body
    names = [_name(name) for name in one.over]
    return BigSum(Listing(*names) if len(names) > 1 else names[0], None, body)


def _only(factors: list[Like]) -> Math:
    return factors[0] if factors and isinstance(factors[0], Math) else Number(1)


def _condition(one: Range | Bracket) -> Math:
    if isinstance(one, Range):
        return Iverson(Relation(0, "<=", polynomial_formula(one.value), "<", polynomial_formula(one.end)))
    return Iverson(bracket_formula(one))


def bracket_formula(one: Bracket) -> Math:
    """Write a condition with its negative terms on the other side: a <= b, or a = b."""
    left, right = two_sides(one)
    return Relation(polynomial_formula(left), "<=" if one.relation == ">=" else "=", polynomial_formula(right))


def _entry(entry: Entry) -> Math:
    return _array(entry.array, entry.at)


def _array(array: str | NonNegative | Definition, at: tuple[Polynomial, ...]) -> Math:
    letter = array if isinstance(array, str) else array.symbol
    places = tuple(map(polynomial_formula, at))
    if letter.isalpha() and len(letter) == 1:
        return Name(letter, *places)
    made = Parenthesised(Times(Power(Name("C"), Name("T")), Name("v"))) if letter == "C^T v" else symbol(letter)
    return Times(made, Iverson(Listing(*places))) if places else made


def _name(name: str) -> Math:
    letter, _, number = name.partition("'")
    return Name(letter, int(number)) if number.isdigit() else symbol(name)


def polynomial_formula(p: Polynomial) -> Math:
    """Write a polynomial, its highest terms first."""
    found: list[Math] = []
    for monomial, coefficient in sorted(p.terms.items(), key=lambda term: (-len(term[0]), term[0])):
        amount = coefficient if coefficient > 0 else -coefficient
        size: list[Like] = [amount] if amount != 1 or not monomial else []
        factors: list[Like] = [*size, *map(_name, monomial)]
        product: Math = Times(*factors) if len(factors) > 1 else _first(factors)
        found.append(Negative(product) if coefficient < 0 else product)
    return Sum(*found) if len(found) > 1 else found[0] if found else Number(0)


def _first(factors: list[Like]) -> Math:
    return factors[0] if isinstance(factors[0], Math) else Number(factors[0])  # type: ignore[arg-type]


def _shown(shown: Shown) -> Iterator[str | Math]:
    if shown.bracket is None:
        yield "The opposite cannot be: it would make -1 the sum of "
    else:
        yield from (bracket_formula(shown.bracket), ", adding ")
    for number, certificate in enumerate(shown.certificates):
        yield " and " if number else ""
        yield from _added(shown.where, certificate)
    yield "."


def _added(where: tuple[Bracket, ...], certificate: Certificate) -> Iterator[str | Math]:
    for number, (factor, places) in enumerate(certificate):
        yield ", " if number else ""
        if factor != 1 or not places:
            yield polynomial_formula(factor)
            yield " times " if places else ""
        for count, place in enumerate(places):
            yield " times " if count else ""
            yield Parenthesised(bracket_formula(where[place]))
