"""What is told of a proof about whole numbers is true, and what is added up gives what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice, product
from random import Random

import pytest

from symtconv import decide, theorems
from symtconv.document.mathematics import Ceil, Floor, Like, Math, Parenthesised, Relation, Times
from symtconv.document.plainmath import typed, typed_line
from symtconv.proofs.evaluation import UndefinedError, evaluate
from symtconv.proofs.formula import Formula, read_formula
from symtconv.proofs.kernel import Goal, Proof, check
from symtconv.telling.casetree import trees
from symtconv.telling.casework import Told, argument
from symtconv.telling.formulas import claim_formula
from symtconv.telling.lines import parts
from tests.telling.values import value

CLAIMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "n//2//3 == n//6": ((), ()),
    "abs(a*b) == abs(a)*abs(b)": ((), ()),
    "max(a, b, c) >= min(a, b)": ((), ()),
    "iff(divides(2, n), n % 2 == 0)": ((), ()),
    "s*(i-1) + 1 + 2*(k-1-p) + a - k + 1 == n": (
        ("i = (n + 2*p - k)//s + 1", "a = (n + 2*p - k) % s"),
        ("s >= 1", "k >= 1", "p >= 0", "n >= 1", "n + 2*p >= k"),
    ),
    "0 <= n - s*(n//s) < s": ((), ("s >= 1",)),
    "ceil(n/s) == (n + s - 1)//s": ((), ("s >= 1",)),
}
SIZES = {
    f"{theorem.name}, part {place}" if theorem.universal.parts else theorem.name: replace(theorem, universal=part)
    for theorem in theorems()
    if theorem.universal is not None
    for place, part in enumerate(theorem.universal.parts or (theorem.universal,), start=1)
    if part.sequents()
}
Values = dict[str, Fraction]
UNNAMED = -1  # a number that is not a floor is spoken of: it has no value here


@cache
def proof_of(name: str) -> tuple[Proof, tuple[str, ...], tuple[str, ...]]:
    """Give a proof with its definitions and assumptions."""
    if name in CLAIMS:
        where, assuming = CLAIMS[name]
        return decide(name, where=where, assuming=assuming), where, assuming
    record = SIZES[name]
    proof = check(Goal(record), record.universal.steps())
    given = re.findall(r"(?:where |, )(\w+ = .*?)(?=, \w+ = |;|, if|$)", proof.theorem.universal.statement)
    return proof, tuple(given), proof.assumptions


def is_true(one: Relation, at: Mapping[str, Fraction]) -> bool:
    """Tell whether a relation holds at numbers."""
    holds = {"<=": "__le__", ">=": "__ge__", "<": "__lt__", "=": "__eq__"}
    sides = [value(side, at) for side in one.operands]
    return all(getattr(a, holds[sign])(b) for a, sign, b in zip(sides, one.symbols, sides[1:], strict=False))


def excess(one: Relation, at: Mapping[str, Fraction]) -> Fraction:
    """Give what a relation says to be at least 0, or to be 0."""
    left, right = (value(side, at) for side in one.operands)
    return left - right if one.symbols == (">=",) else right - left


def summand(piece: Math) -> tuple[Like, Relation]:
    """Part what is added into its factor and a condition."""
    factors: tuple[Like, ...] = piece.factors if isinstance(piece, Times) else (1, piece)
    *others, bracket = factors
    assert isinstance(bracket, Parenthesised)
    assert isinstance(bracket.of, Relation)
    return Times(*others), bracket.of


def told_of(name: str) -> Iterator[list[Told]]:
    proof, _, _ = proof_of(name)
    for equation, steps in parts(proof):
        found = argument(equation, steps)
        assert found is not None
        assert trees(equation, steps) is not None
        yield found


def sums(line: Told) -> Iterator[tuple[list[tuple[Like, Relation]], Relation]]:
    """Give what a line adds up, and what that gives."""
    pieces = list(line.content)
    for place, piece in enumerate(pieces):
        if isinstance(piece, str) and piece.strip() == "gives":
            result = pieces[place + 1]
            assert isinstance(result, Relation)
            start = max(n for n, p in enumerate(pieces[:place]) if isinstance(p, str) and re.search("dding|ying", p))
            added = [p for p in pieces[start + 1 : place] if isinstance(p, Math)]
            if "ying" in str(pieces[start]):
                assert isinstance(added[0], Parenthesised)
                yield [(added[1], added[0].of)], result  # type: ignore[list-item]
            else:
                yield [summand(p) for p in added], result


def turns(added: list[tuple[Like, Relation]]) -> Iterator[tuple[int, ...]]:
    """List the ways to read equations with 0, such as j = 0, from either side."""
    return product(*((1, -1) if typed(one.operands[1]) == "0" and one.symbols == ("=",) else (1,) for _, one in added))


def adds_up(
    added: list[tuple[Like, Relation]], turned: tuple[int, ...], result: Relation, drawn: list[dict[str, Fraction]]
) -> bool:
    """Tell whether a sum is the result at all points, but for a number that the conclusion may have to spare."""
    slack = set()
    for at in drawn:
        amounts = [value(factor, at) * excess(one, at) for factor, one in added]
        total = sum((sign * amount for sign, amount in zip(turned, amounts, strict=True)), start=Fraction(0))
        slack.add(total - excess(result, at))
    return len(slack) == 1 and max(slack) <= 0


@pytest.mark.parametrize("name", [*SIZES, *CLAIMS])
def test_what_is_added_up_gives_what_is_said(name: str) -> None:
    draw, found = Random(name), 0
    for told in told_of(name):
        for line in told:
            for added, result in sums(line):
                found += 1
                names = set(re.findall(r"[A-Za-z]\w*'*", typed_line(line.content)))
                drawn = [{one: Fraction(draw.randint(-50, 50)) for one in names} for _ in range(6)]
                assert any(adds_up(added, turned, result, drawn) for turned in turns(added)), typed_line(line.content)
    assert found or all(len(line.content) < 12 for told in told_of(name) for line in told)  # it is plain to see


def points(name: str) -> Iterator[Values]:
    """Find whole numbers that are assumed."""
    _, where, assuming = proof_of(name)
    formulas = [read_formula(text, "truth") for text in assuming]
    definitions = [
        (text.split("=")[0].strip(), read_formula(text.split("=", 1)[1].strip(), "number")) for text in where
    ]
    proof, _, _ = proof_of(name)
    texts = [equation.says for equation, _ in parts(proof) if equation.says != "a divisor is not 0"]
    said = [read_formula(text, "truth") for text in texts]
    names = {one for f in (*formulas, *said, *(f for _, f in definitions)) for one in f.names()}
    names -= {one for one, _ in definitions}
    draw = Random(name)
    for _ in range(40_000):
        most = draw.choice((2, 5, 12))
        at = {one: draw.randint(-1 if draw.random() < 0.9 else -most, most) for one in sorted(names)}
        try:
            for _ in definitions:
                for one, formula in definitions:
                    if set(formula.names()) <= at.keys():
                        at[one] = int(evaluate(formula, at))
            if all(evaluate(formula, at) for formula in formulas):
                yield {one: Fraction(number) for one, number in at.items()}
        except (UndefinedError, KeyError):
            continue


def relations(pieces: tuple[str | Math, ...]) -> list[Relation]:
    return [piece for piece in pieces if isinstance(piece, Relation)]


def check_at(told: list[Told], claim: Formula | None, at: Values) -> int:
    """Walk the cases that hold at a point, and require that what is concluded there is true."""
    at, active, ends = dict(at), [True], 0
    for line in told:
        if line.label:
            del active[line.depth :]
            for one in relations(line.content):
                name = typed(one.operands[0])
                if name not in at and isinstance(one.operands[1], Floor | Ceil):
                    at[name] = value(one.operands[1], at)
            active.append(all(is_true(one, at) for one in relations(line.content)))
            continue
        del active[line.depth + 1 :]
        if not all(active):
            continue
        words = typed_line(line.content)
        told_relations = relations(line.content)
        if words.startswith("Let "):
            first = told_relations[0]
            name = typed(first.operands[0])
            if name not in at and isinstance(first.operands[1], Floor | Ceil):
                at[name] = value(first.operands[1], at)
        if words.startswith(("What is to be", "What is wanted", "Put ")) or " means that " in words:
            continue
        if words.startswith("Suppose"):
            assert "a contradiction" in words
            supposed = told_relations[0]
            assert not is_true(supposed, at), words
            told_relations = told_relations[2:]
        if not at.keys() >= set(re.findall(r"\bq\d*\b", words)):
            return UNNAMED
        for one in told_relations:
            assert is_true(one, at), (words, at)
        assert not words.startswith(("This cannot be", "So this case cannot be")), (words, at)
        if "Here both statements are" in words:
            assert claim is not None
            both = [bool(evaluate(part, {one: int(number) for one, number in at.items()})) for part in claim.operands]
            assert both == [words.endswith("true.")] * 2, (words, at)
        ends += words.endswith(("The claim holds here.", "This proves the claim.", "at once.", "true.", "false."))
    return ends


@pytest.mark.parametrize("name", [*SIZES, *CLAIMS])
def test_every_sentence_is_true_and_no_case_is_left_out(name: str) -> None:
    tried = 0
    for at in islice(points(name), 25):
        for claim, told, also in claims_of(name):
            if not all(evaluate(one, {key: int(number) for key, number in at.items()}) for one in also):
                continue
            assert check_at(told, claim, at) in {1, UNNAMED}, at
        tried += 1
    assert tried > 2


@cache
def claims_of(name: str) -> list[tuple[Formula | None, list[Told], list[Formula]]]:
    """Give each claim of a proof, what is told of it, and what it assumes that others do not."""
    proof, _, _ = proof_of(name)
    found = []
    for equation, steps in parts(proof):
        if equation.says != "a divisor is not 0":
            told = argument(equation, steps)
            assert told is not None
            universal = getattr(proof.theorem, "universal", None)
            parted = universal.statement.split("; ") if universal is not None else []
            own = next((part.partition(", if ")[2] for part in parted if part.startswith(equation.says)), "")
            also = [read_formula(text, "truth") for text in re.split(r", (?![^()]*\))", own) if text]
            found.append((claim_formula(equation.says), told, also))
    return found
