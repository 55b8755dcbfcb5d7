"""The proof checker: its rules against brute force, and everything that it must not let through."""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from math import gcd
from pathlib import Path
from tokenize import NAME, NUMBER, OP, STRING, generate_tokens
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, strategies as st

import symtconv
from symtconv import Conv, ConvTranspose, ProofError, prove, theorems
from symtconv.catalogue import subject
from symtconv.geometry import Layer
from symtconv.proofs import kernel
from symtconv.proofs.kernel import RULES, Goal, Proof, Step, _plain, check, verify_steps
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import SUMMAND_RULES, Bracket, Entry, Summand, Total, total
from symtconv.proofs.sympy_polynomials import from_sympy
from symtconv.proofs.terms import (
    Assumed,
    Compound,
    Defined,
    Derivative,
    Determinant,
    Equation,
    Place,
    Table,
    Term,
    Transposed,
    children,
    constant,
    exchanged,
    number,
    product,
    table,
)
from symtconv.proofs.theorem import Theorem

NAMES = ("x", "y", "z")
SYMBOLS = [sympy.Symbol(name) for name in NAMES]

coefficients = st.one_of(st.integers(-5, 5), st.fractions(-2, 2, max_denominator=4))
monomials = st.lists(st.sampled_from(NAMES), max_size=4).map(lambda names: tuple(sorted(names)))
polynomials = st.dictionaries(monomials, coefficients, max_size=4).map(Polynomial)


def tables(*shape: int) -> st.SearchStrategy[Table]:
    places = [tuple(int(at) for at in place) for place in np.ndindex(*shape)]
    chosen = st.fixed_dictionaries({}, optional=dict.fromkeys(places, polynomials))
    return chosen.map(lambda entries: table(shape, entries))


def dense(term: Term) -> Any:
    """Write a table as a NumPy array of SymPy expressions."""
    assert isinstance(term, Table)
    values = np.empty(term.shape, dtype=object)
    values[...] = sympy.Integer(0)
    for place, value in term.entries.items():
        values[place] = sympy.Add(
            *(
                sympy.Rational(Fraction(c)) * sympy.Mul(*(sympy.Symbol(name) for name in monomial))
                for monomial, c in value.terms.items()
            )
        )
    return values


def sparse(values: Any) -> Table:
    """Read an array of SymPy expressions back."""
    array = np.asarray(values, dtype=object)
    return table(array.shape, {tuple(map(int, p)): from_sympy(sympy.expand(array[p])) for p in np.ndindex(array.shape)})


def apply(rule: str, term: Term) -> Term:
    _plain(term, set(), {})
    return exchanged(term, (), RULES[rule])


# --- the rules against brute force


@given(st.one_of(tables(3), tables(2, 2), tables()), st.permutations(NAMES), st.integers(0, 3))
def test_differentiate_is_sympys_diff(source: Table, order: Sequence[str], count: int) -> None:
    by = tuple(order[:count])
    expected = np.empty((*source.shape, count), dtype=object)
    values = dense(source)
    for place in np.ndindex(*source.shape):
        for column, name in enumerate(by):
            expected[(*place, column)] = sympy.diff(values[place], sympy.Symbol(name))
    assert apply("differentiate", Derivative(source, by)) == sparse(expected)


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_multiply_is_numpys_product(rows: int, columns: int, data: st.DataObject) -> None:
    A, x, y = data.draw(tables(rows, columns)), data.draw(tables(columns)), data.draw(tables(columns))
    assert apply("multiply", product(A, x)) == sparse(dense(A) @ dense(x))
    assert apply("multiply", product(x, y)) == sparse(np.array(dense(x) @ dense(y), dtype=object))


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_transpose_is_numpys(rows: int, columns: int, data: st.DataObject) -> None:
    A = data.draw(tables(rows, columns))
    assert apply("transpose", Transposed(A)) == sparse(dense(A).T)


@pytest.mark.parametrize("b", [-3, -1, 0, 1, 2, 3, 7, 10**20])
def test_euclid_is_division_with_a_positive_divisor(b: int) -> None:
    for a in (*range(-25, 26), 10**40 + 1, -(10**40)):
        floor, remainder = Compound("//", number(a), number(b)), Compound("mod", number(a), number(b))
        if b <= 0:
            for term in (floor, remainder):
                with pytest.raises(ProofError):
                    apply("Euclid", term)
            continue
        q, r = constant(apply("Euclid", floor)), constant(apply("Euclid", remainder))
        assert q is not None
        assert r is not None
        assert b * q + r == a
        assert 0 <= r < b


@given(st.integers(-40, 40), st.integers(-3, 40))
def test_euclid_leads_to_the_greatest_common_divisor(a: int, b: int) -> None:
    term: Term = Compound("gcd", number(a), number(b))
    if b < 0 or (b == 0 and a < 0):
        with pytest.raises(ProofError):
            apply("Euclid", term)
        return
    while not isinstance(term, Table):
        term = apply("Euclid", term)
    assert constant(term) == gcd(a, b)


@given(st.sampled_from([(), (3,), (2, 2)]), st.data())
def test_entrywise_adds_and_multiplies(shape: tuple[int, ...], data: st.DataObject) -> None:
    A, B = data.draw(tables(*shape)), data.draw(tables(*shape))
    assert apply("entrywise", Compound("+", A, B)) == sparse(dense(A) + dense(B))
    assert apply("entrywise", Compound("o", A, B)) == sparse(dense(A) * dense(B))


@given(st.integers(1, 2), st.integers(1, 3), st.integers(1, 2), st.data())
def test_multiply_is_the_product_of_matrices_too(rows: int, shared: int, columns: int, data: st.DataObject) -> None:
    A, B, c = data.draw(tables(rows, shared)), data.draw(tables(shared, columns)), data.draw(tables())
    assert apply("multiply", product(A, B)) == sparse(dense(A) @ dense(B))
    assert apply("multiply", product(c, A)) == sparse(dense(A) * dense(c)[()])
    assert apply("multiply", product(A, c)) == sparse(dense(A) * dense(c)[()])


@given(st.integers(1, 2), st.integers(1, 2), st.data())
def test_kronecker_is_numpys(rows: int, columns: int, data: st.DataObject) -> None:
    A, B = data.draw(tables(rows, 2)), data.draw(tables(2, columns))
    assert apply("Kronecker", Compound("(x)", A, B)) == sparse(np.kron(dense(A), dense(B)))
    x, y = data.draw(tables(rows)), data.draw(tables(columns))
    assert apply("Kronecker", Compound("(x)", x, y)) == sparse(np.kron(dense(x), dense(y)))


@given(st.sampled_from([(), (2,), (2, 2)]), st.data())
def test_compare_is_equality_of_polynomials(shape: tuple[int, ...], data: st.DataObject) -> None:
    A, B = data.draw(tables(*shape)), data.draw(tables(*shape))
    same = not np.any(np.vectorize(sympy.expand, otypes=[object])(dense(A) - dense(B)) != 0)
    assert constant(apply("compare", Compound("=", A, B))) == int(same)
    explicit = Table(A.shape, {**dict.fromkeys(np.ndindex(*shape), Polynomial({})), **A.entries})
    assert constant(apply("compare", Compound("=", A, explicit))) == 1


@given(st.fractions(-3, 3, max_denominator=3), st.fractions(-3, 3, max_denominator=3))
def test_compare_orders_numbers(a: Fraction, b: Fraction) -> None:
    assert constant(apply("compare", Compound("<=", number(a), number(b)))) == int(a <= b)


@given(st.integers(0, 4), st.data())
def test_determinant_is_sympys(size: int, data: st.DataObject) -> None:
    A, B = data.draw(tables(size, size)), data.draw(tables(size, size))
    kept = data.draw(st.sampled_from(["upper", "lower", "an empty row", "an empty column"]))
    inside = {"upper": lambda p: p[0] <= p[1], "lower": lambda p: p[0] >= p[1], "an empty row": lambda p: p[0] != 0}
    inside["an empty column"] = lambda p: p[1] != size - 1
    part = table((size, size), {place: value for place, value in A.entries.items() if inside[kept](place)})
    expected = sympy.Matrix(size, size, list(dense(part).flat)).det()
    assert apply("determinant", Determinant(part)) == sparse(np.array(sympy.expand(expected), dtype=object))
    assert apply("determinant", Determinant(product(A, B))) == product(Determinant(A), Determinant(B))


# --- what is not negative


X_, Y_ = Polynomial.variable("x"), Polynomial.variable("y")
ASSUMED = Assumed("e", "a number", Table((), {(): Polynomial.variable("e")}))
NEGATIVE, FACTOR = Table((), {(): X_ * -1}), Table((), {(): X_})
VECTOR_ = Table((2,), {(0,): X_, (1,): Y_ * -3})
NOT_NEGATIVE: dict[str, Term] = {
    "an-assumption": ASSUMED,
    "a-number": number(Fraction(1, 2)),
    "zero": number(0),
    "a-square-of-a-variable": Table((), {(): Polynomial({("x", "x"): 2, ("x", "x", "y", "y"): 1})}),
    "a-square": Compound("o", NEGATIVE, NEGATIVE),
    "squares": Compound("o", VECTOR_, VECTOR_),
    "a-sum": Compound("+", ASSUMED, number(1)),
    "a-product": product(ASSUMED, Compound("o", FACTOR, FACTOR)),
    "a-definition": Defined("r", "the rest", ASSUMED),
    "a-transpose": Transposed(Assumed("A", "a table", Table((1, 1), {}))),
}
PERHAPS_NEGATIVE: dict[str, Term] = {
    "a-variable": FACTOR,
    "a-negative-number": number(-1),
    "a-definition-of-a-variable": Defined("e", "a number", FACTOR),
    "a-product-of-two": Compound("o", FACTOR, NEGATIVE),
    "a-matrix-times-itself": product(Table((2, 2), {(0, 1): X_, (1, 0): Y_}), Table((2, 2), {(0, 1): X_, (1, 0): Y_})),
    "a-negative-sum": Compound("+", ASSUMED, number(-1)),
    "a-negative-part": product(ASSUMED, number(-1)),
    "an-odd-power": Table((), {(): Polynomial({("x", "x", "x"): 1})}),
    "a-negative-square": Table((), {(): Polynomial({("x", "x"): -1})}),
    "a-product-of-two-odd": Table((), {(): Polynomial({("x", "y"): 1})}),
    "a-determinant": Determinant(Table((1, 1), {(0, 0): Polynomial.constant(1)})),
    "a-derivative": Derivative(Table((), {(): Polynomial({("x", "x"): 1})}), ("x",)),
    "a-comparison": Compound("<=", ASSUMED, ASSUMED),
}


@pytest.mark.parametrize("rest", NOT_NEGATIVE)
def test_order_adds_what_is_not_negative(rest: str) -> None:
    assert RULES["order"](Compound("<=", FACTOR, Compound("+", FACTOR, NOT_NEGATIVE[rest]))) == number(1)


@pytest.mark.parametrize("rest", PERHAPS_NEGATIVE)
def test_order_does_not_add_what_may_be_negative(rest: str) -> None:
    assert RULES["order"](Compound("<=", FACTOR, Compound("+", FACTOR, PERHAPS_NEGATIVE[rest]))) is None


def test_order_is_about_the_same_left_side() -> None:
    assert RULES["order"](Compound("<=", FACTOR, Compound("+", NEGATIVE, ASSUMED))) is None
    assert RULES["order"](Compound("=", FACTOR, Compound("+", FACTOR, ASSUMED))) is None
    assert RULES["order"](Compound("<=", Compound("+", FACTOR, ASSUMED), FACTOR)) is None


def test_a_step_cannot_bring_an_assumption_in() -> None:
    larger, smuggled = Compound("+", FACTOR, NEGATIVE), Compound("+", FACTOR, Assumed("f", "so", NEGATIVE))
    claim = Equation(Compound("<=", FACTOR, larger), number(1), "x <= x - x")
    steps = [
        Step(Compound("<=", FACTOR, larger), Compound("<=", FACTOR, smuggled), "unfold", "", ("right", "right")),
        Step(Compound("<=", FACTOR, smuggled), number(1), "order", ""),
    ]
    with pytest.raises(ProofError, match="do not assume"):
        verify_steps([claim], steps)
    stated = Equation(Compound("<=", FACTOR, smuggled), number(1), "x <= x + f")
    assert verify_steps([stated], steps[1:]) == {"f": "so"}


def test_one_name_cannot_assume_two_things() -> None:
    two = [Assumed("e", "", Table((), {(): Polynomial.variable(name)})) for name in "xy"]
    claims = [Equation(Compound("<=", one, Compound("+", one, one)), number(1), "") for one in two]
    with pytest.raises(ProofError, match="do not assume"):
        verify_steps(claims, find_steps(claims))


def test_unfold_gives_the_definition() -> None:
    vector = Table((1,), {})
    assert apply("unfold", Defined("x", "a vector", vector)) is vector


VECTOR, MATRIX, SCALAR = Table((2,), {}), Table((2, 2), {}), Table((), {})
MISFITS: dict[str, tuple[str, Term]] = {
    "unfold-a-table": ("unfold", VECTOR),
    "unfold-a-product": ("unfold", product(MATRIX, VECTOR)),
    "differentiate-a-table": ("differentiate", VECTOR),
    "differentiate-an-unworked-product": ("differentiate", Derivative(product(VECTOR, VECTOR), ("x",))),
    "differentiate-by-a-name-twice": ("differentiate", Derivative(VECTOR, ("x", "x"))),
    "transpose-a-table": ("transpose", MATRIX),
    "transpose-a-definition": ("transpose", Transposed(Defined("C", "", MATRIX))),
    "multiply-other-sizes": ("multiply", product(MATRIX, Table((3,), {}))),
    "add-a-scalar-to-a-vector": ("entrywise", Compound("+", VECTOR, SCALAR)),
    "kronecker-of-a-matrix-and-a-vector": ("Kronecker", Compound("(x)", MATRIX, VECTOR)),
    "compare-other-shapes": ("compare", Compound("=", VECTOR, SCALAR)),
    "order-vectors-by-comparing": ("compare", Compound("<=", VECTOR, VECTOR)),
    "order-variables-by-comparing": ("compare", Compound("<=", Table((), {(): Polynomial.variable("x")}), SCALAR)),
    "determinant-of-a-vector": ("determinant", Determinant(VECTOR)),
    "determinant-of-an-oblong": ("determinant", Determinant(Table((1, 2), {}))),
    "determinant-of-oblongs": ("determinant", Determinant(product(Table((1, 2), {}), Table((2, 1), {})))),
    "determinant-of-no-triangle": (
        "determinant",
        Determinant(Table((2, 2), {(i, j): Polynomial.constant(1) for i in (0, 1) for j in (0, 1)})),
    ),
    "transpose-a-determinant": ("transpose", Determinant(MATRIX)),
    "determinant-of-a-transpose": ("determinant", Transposed(MATRIX)),
    "multiply-the-wrong-way": ("multiply", product(Table((3,), {}), MATRIX)),
    "multiply-a-definition": ("multiply", product(MATRIX, Defined("x", "", VECTOR))),
    "compare-a-sum": ("compare", Compound("+", VECTOR, VECTOR)),
    "add-a-floor": ("entrywise", Compound("//", number(1), number(1))),
    "add-booleans": ("entrywise", Compound("+", number(True), number(1))),
    "add-floats": ("entrywise", Compound("+", number(0.5), number(1))),  # type: ignore[arg-type]
    "euclid-on-sums": ("Euclid", Compound("+", number(1), number(1))),
    "euclid-on-unworked": ("Euclid", Compound("//", Compound("+", number(1), number(1)), number(1))),
    "euclid-on-floats": ("Euclid", Compound("//", number(1.5), number(1))),  # type: ignore[arg-type]
    "a-place-outside": ("transpose", Transposed(Table((2, 2), {(0, 2): Polynomial({})}))),
    "a-negative-place": ("transpose", Transposed(Table((2, 2), {(-1, 0): Polynomial({})}))),
    "a-place-of-another-rank": ("differentiate", Derivative(Table((2,), {(0, 0): Polynomial({})}), ("x",))),
    "an-entry-that-is-no-polynomial": ("differentiate", Derivative(Table((2,), {(0,): 1}), ("x",))),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_rule_refuses_what_it_is_not_for(name: str) -> None:
    rule, term = MISFITS[name]
    with pytest.raises(ProofError):
        apply(rule, term)


def test_a_vector_has_no_transpose() -> None:
    with pytest.raises(ProofError):
        apply("transpose", Transposed(VECTOR))


def test_the_rules_are_a_short_fixed_list_with_their_identities() -> None:
    names = ["unfold", "differentiate", "transpose", "entrywise", "multiply", "Kronecker", "Euclid", "compare"]
    sums = ["imply", "forget", "void", "cases", "sift", "divide", "bezout", "exchange", "rename"]
    assert list(RULES) == [*names, "order", "determinant", *sums, "unfold entry", "read once"]
    assert list(SUMMAND_RULES) == [*sums, "unfold entry", "read once"]
    told = (*(rule for name, rule in RULES.items() if name not in sums), *SUMMAND_RULES.values())
    assert all(rule.__doc__ for rule in told)
    listed = (PACKAGE.parent / "docs" / "trust.md").read_text(encoding="utf-8")
    assert [line.split("|")[1].strip() for line in listed.splitlines() if line.startswith("| ")][1:] == list(RULES)


# --- proofs that are real, and what becomes of them when they are altered


PROVED: dict[str, tuple[str, Layer]] = {
    "size-round-trip": ("size-round-trip", Conv(6, 3, stride=2, padding=1)),
    "jacobian": ("jacobian", Conv(3, 2)),
    "input-gradient": ("input-gradient", ConvTranspose(2, 3, stride=2, padding="same")),
    "kernel-gradient": ("kernel-gradient", Conv(4, 2, stride=2, in_channels=2, out_channels=2)),
    "adjoint": ("adjoint", Conv(3, 2, padding=1, padding_mode="circular")),
    "stamps": ("stamps", ConvTranspose(2, 2, dilation=2)),
    "zero-insertion": ("zero-insertion", ConvTranspose(2, 3, stride=3)),
}
every_proof = pytest.mark.parametrize("name", PROVED)


def proof_of(name: str) -> Proof:
    return prove(*PROVED[name])


def paths(term: Term, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    for name, child in children(term):
        found += paths(child, (*path, name))
    return found


def part(term: Term, path: tuple[str, ...]) -> Term:
    for name in path:
        term = dict(children(term))[name]
    return term


def with_part(term: Term, path: tuple[str, ...], new: Term) -> Term:
    return exchanged(term, path, lambda _: new)


OF_TABLES = [name for name in RULES if name not in SUMMAND_RULES]


def altered(step: Step) -> list[Step]:
    """Change every field of a step, one at a time, in several ways."""
    other = Table((1,), {(0,): Polynomial.variable("other")})
    wrong: list[Step] = [replace(step, before=other), replace(step, after=other)]
    wrong += [replace(step, before=step.after), replace(step, after=step.before)]
    wrong += [replace(step, after=number(7)), replace(step, before=number(7))]
    wrong += [replace(step, rule=rule) for rule in (*OF_TABLES, "cases", "", "trust me", "Unfold") if rule != step.rule]
    ends = {*paths(step.before), *paths(step.after), ("nowhere",), (*step.at, "value"), (*step.at, "entries")}
    wrong += [replace(step, at=path) for path in ends if path != step.at]
    for which in ("before", "after"):
        end = getattr(step, which)
        for path in paths(end):
            if path[: len(step.at)] != step.at and step.at[: len(path)] != path and len(path) % 3:
                continue  # far from what the step exchanges, every third depth is enough
            inner = part(end, path)
            if isinstance(inner, Table) and inner.entries:
                place = max(inner.entries)
                entries = dict(inner.entries) | {place: inner.entries[place] + Polynomial.variable("x_{0}")}
                fewer = {at: value for at, value in inner.entries.items() if at != place}
                tampered: list[Term] = [Table(inner.shape, entries), Table(inner.shape, fewer)]
            else:
                continue
            for term in tampered:
                end_with_it = with_part(end, path, term)
                wrong.append(
                    replace(step, before=end_with_it) if which == "before" else replace(step, after=end_with_it)
                )
    return wrong


@every_proof
def test_a_proof_is_accepted_again(name: str) -> None:
    proof = proof_of(name)
    proof.check()
    assert check(proof.goal, proof.steps).steps == proof.steps
    verify_steps(proof.equations, proof.steps)


@every_proof
def test_no_field_of_any_step_can_be_altered(name: str) -> None:
    proof = proof_of(name)
    for position, step in enumerate(proof.steps):
        for wrong in altered(step):
            steps = (*proof.steps[:position], wrong, *proof.steps[position + 1 :])
            with pytest.raises(ProofError):
                check(proof.goal, steps)


@every_proof
def test_no_step_can_be_dropped_doubled_exchanged_or_added(name: str) -> None:
    proof = proof_of(name)
    steps = proof.steps
    for position, step in enumerate(steps):
        back = Step(step.after, step.before, step.rule, step.reason, step.at)
        for wrong in (
            steps[:position] + steps[position + 1 :],
            (*steps[:position], step, *steps[position:]),
            steps[:position],
            (*steps, step),
            (*steps[:position], back, *steps[position + 1 :]),
        ):
            with pytest.raises(ProofError):
                check(proof.goal, wrong)
    for position in range(len(steps) - 1):
        with pytest.raises(ProofError):
            check(proof.goal, (*steps[:position], steps[position + 1], steps[position], *steps[position + 2 :]))
    with pytest.raises(ProofError):
        check(proof.goal, tuple(reversed(steps)))


@every_proof
def test_a_detour_that_follows_the_rules_is_no_harm(name: str) -> None:
    proof = proof_of(name)
    step = proof.steps[0]
    back = Step(step.after, step.before, step.rule, "back again", step.at)
    check(proof.goal, (step, back, *proof.steps)).check()


@every_proof
def test_reasons_are_only_words(name: str) -> None:
    proof = proof_of(name)
    check(proof.goal, [replace(step, reason="for other reasons") for step in proof.steps])


@every_proof
def test_the_steps_of_one_theorem_prove_no_other(name: str) -> None:
    proof = proof_of(name)
    for other in PROVED:
        if other != name:
            with pytest.raises(ProofError):
                check(proof_of(other).goal, proof.steps)


def test_the_steps_of_one_layer_prove_nothing_of_another() -> None:
    steps = prove("jacobian", Conv(4, 2)).steps
    for layer in (Conv(5, 2), Conv(4, 3), Conv(4, 2, stride=2), Conv(4, 2, padding=1), Conv(4, 2, dilation=2)):
        with pytest.raises(ProofError):
            check(Goal(prove("jacobian", layer).theorem, layer), steps)


# --- Proof objects


@pytest.mark.parametrize("seal", [None, object(), True, "seal"])
def test_a_proof_cannot_be_made_by_hand(seal: Any) -> None:
    proof = proof_of("jacobian")
    with pytest.raises(ProofError, match=r"only proofs\.kernel\.check makes one"):
        Proof(proof.goal, proof.equations, proof.steps, seal)
    with pytest.raises(ProofError):
        type("Mine", (Proof,), {})(proof.goal, proof.equations, proof.steps)


def test_a_proof_made_without_init_does_not_pass_check() -> None:
    forged = Proof.__new__(Proof)
    goal = Goal(prove("jacobian", Conv(3, 2)).theorem, Conv(3, 2))
    for name, value in (("goal", goal), ("theorem", goal.theorem), ("equations", goal.equations()), ("steps", ())):
        object.__setattr__(forged, name, value)
    with pytest.raises(ProofError):
        forged.check()
    with pytest.raises(ProofError):
        pickle.loads(pickle.dumps(forged))


def test_a_proof_cannot_be_assigned_to() -> None:
    proof = proof_of("jacobian")
    for name in (*Proof.__slots__, "new"):
        with pytest.raises(ProofError, match="cannot be altered"):
            setattr(proof, name, None)


def test_nothing_of_a_proof_can_be_deleted() -> None:
    proof = proof_of("jacobian")
    for name in Proof.__slots__:
        with pytest.raises((ProofError, AttributeError)):
            delattr(proof, name)


def unlike(name: str) -> dict[str, Any]:
    """Give other values for what check() holds against the theorem."""
    proof, other = proof_of(name), prove("jacobian", Conv(5, 3))
    return {
        "steps": proof.steps[:-1],
        "equations": other.equations,
        "goal": other.goal,
        "theorem": next(theorem for theorem in theorems() if theorem is not proof.theorem),
    }


@every_proof
@pytest.mark.parametrize("slot", ["steps", "equations", "goal", "theorem"])
def test_check_finds_what_was_altered_by_force(name: str, slot: str) -> None:
    proof = proof_of(name)
    object.__setattr__(proof, slot, unlike(name)[slot])
    with pytest.raises(ProofError):
        proof.check()


@pytest.mark.parametrize(("slot", "value"), [("scope", "all sizes"), ("assumptions", ())])
def test_check_finds_that_a_proof_claims_more_than_it_shows(slot: str, value: Any) -> None:
    proof = proof_of("input-gradient")
    object.__setattr__(proof, slot, value)
    with pytest.raises(ProofError):
        proof.check()


def test_a_layers_goal_cannot_claim_all_sizes() -> None:
    proof = proof_of("jacobian")
    with pytest.raises(TypeError):
        Goal(proof.theorem, PROVED["jacobian"][1], scope="all sizes")  # type: ignore[call-arg]
    assert check(proof.goal, proof.steps).scope == "this layer"


TRIVIAL = Equation(SCALAR, SCALAR, "0 = 0")


def test_a_goal_has_no_place_for_other_equations_than_its_theorems() -> None:
    goal = Goal(proof_of("jacobian").theorem, Conv(3, 2))
    assert not hasattr(goal, "__dict__")
    with pytest.raises(AttributeError):
        object.__setattr__(goal, "equations", lambda: (TRIVIAL,))


@dataclass(frozen=True)
class FalseGoal:
    """A goal that says it is a theorem's and has equations of its own."""

    theorem: Theorem

    def equations(self) -> tuple[Equation, ...]:
        return (TRIVIAL,)


def test_a_goal_of_ones_own_class_proves_nothing() -> None:
    with pytest.raises(ProofError):
        check(FalseGoal(proof_of("jacobian").theorem), [])  # type: ignore[arg-type]


class Agreeable(Defined):
    """A term that says it equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = Defined.__hash__


def test_a_term_that_lies_about_equality_proves_nothing() -> None:
    one, two = (Table((), {(): Polynomial.constant(value)}) for value in (1, 2))
    with pytest.raises(ProofError):
        verify_steps([Equation(one, two, "1 = 2")], [Step(Agreeable("e", "", two), two, "unfold", "")])


class LyingTuple(tuple[str, ...]):
    """Names that say they equal any others."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = tuple.__hash__


class LyingText(str):
    """A text that says it equals any other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class LyingInt(int):
    """A number that says it equals any other, zero apart."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


X, SQUARE = Polynomial.variable("x"), Table((1,), {(0,): Polynomial.variable("x") * Polynomial.variable("x")})
LIAR = Table((), {(): Polynomial({("x",): LyingInt(5)})})
LIES: dict[str, tuple[Equation, Step]] = {
    "names-to-differentiate-by": (
        Equation(Derivative(SQUARE, ("x",)), Table((1, 1), {}), "d(x^2)/dx = 0"),
        Step(Derivative(SQUARE, LyingTuple(("y",))), Table((1, 1), {}), "differentiate", ""),
    ),
    "one-name-to-differentiate-by": (
        Equation(Derivative(SQUARE, ("x",)), Table((1, 1), {}), "d(x^2)/dx = 0"),
        Step(Derivative(SQUARE, (LyingText("y"),)), Table((1, 1), {}), "differentiate", ""),
    ),
    "an-operation": (
        Equation(Compound("+", number(2), number(3)), number(6), "2 + 3 = 6"),
        Step(Compound(LyingText("*"), number(2), number(3)), number(6), "entrywise", ""),  # type: ignore[arg-type]
    ),
    "a-number": (
        Equation(Compound("+", number(2), number(3)), number(6), "2 + 3 = 6"),
        Step(Compound("+", number(2), number(3)), Table((), {(): Polynomial({(): LyingInt(5)})}), "entrywise", ""),
    ),
    "a-shape": (
        Equation(Defined("a", "", Table((2,), {})), Table((3,), {}), "two zeros are three"),
        Step(Defined("a", "", Table((LyingInt(2),), {})), Table((LyingInt(2),), {}), "unfold", ""),
    ),
    "a-place": (
        Equation(Defined("a", "", Table((2,), {(0,): X})), Table((2,), {(1,): X}), "(x, 0) = (0, x)"),
        Step(Defined("a", "", Table((2,), {(0,): X})), Table((2,), {(LyingInt(1),): X}), "unfold", ""),
    ),
    "a-coefficient": (
        Equation(Defined("a", "", Table((), {(): X})), Table((), {(): X * 2}), "x = 2 x"),
        Step(Defined("a", "", Table((), {(): X})), LIAR, "unfold", ""),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_part_of_a_term_that_lies_about_equality_proves_nothing(lie: str) -> None:
    equation, step = LIES[lie]
    with pytest.raises(ProofError):
        verify_steps([equation], [step])


@pytest.mark.parametrize("steps", [[None], ["unfold"], [()], [Step(SCALAR, SCALAR, ["unfold"], "")]])  # type: ignore[arg-type]
def test_what_is_no_step_is_a_proof_error(steps: Any) -> None:
    one = Table((), {(): Polynomial.constant(1)})
    with pytest.raises(ProofError):
        verify_steps([Equation(SCALAR, one, "0 = 1")], steps)


def test_a_goal_without_equations_proves_nothing() -> None:
    theorem = replace(proof_of("jacobian").theorem, equations=lambda layer, weights: ())
    with pytest.raises(ProofError, match="nothing to prove"):
        check(Goal(theorem, Conv(3, 2)), [])


def test_a_false_equation_has_no_steps() -> None:
    one = Table((), {(): Polynomial.constant(1)})
    equation = Equation(SCALAR, one, "0 = 1")
    with pytest.raises(ProofError, match="it has not shown that 0 = 1"):
        verify_steps([equation], [])
    for rule in RULES:
        with pytest.raises(ProofError):
            verify_steps([equation], [Step(SCALAR, one, rule, "because")])


def test_the_first_step_that_does_not_follow_is_named() -> None:
    proof = proof_of("jacobian")
    steps = [*proof.steps[:2], replace(proof.steps[2], before=SCALAR), *proof.steps[3:]]
    with pytest.raises(ProofError, match="step 2"):
        check(proof.goal, steps)
    with pytest.raises(ProofError, match="rule 'trust me'"):
        check(proof.goal, [replace(proof.steps[0], rule="trust me"), *proof.steps[1:]])


# --- pickles and copies go through the kernel again


@every_proof
def test_a_pickled_proof_is_checked_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_of(name)
    pickled = pickle.dumps(proof)
    checked: list[Any] = []
    original = kernel.verify_steps

    def counted(equations: Any, steps: Any) -> Any:
        checked.append(steps)
        return original(equations, steps)

    monkeypatch.setattr(kernel, "verify_steps", counted)
    twin = pickle.loads(pickled)
    assert len(checked) == 1
    assert twin.steps == proof.steps
    assert twin.equations == proof.equations
    assert (twin.theorem, twin.scope, twin.assumptions) == (proof.theorem, proof.scope, proof.assumptions)
    twin.check()
    assert copy.deepcopy(proof).steps == proof.steps
    assert len(checked) == 3


@every_proof
def test_a_tampered_pickle_is_rejected(name: str) -> None:
    proof = proof_of(name)
    for position, step in enumerate(proof.steps):
        tampered = proof_of(name)
        wrong = replace(step, after=Table((1,), {}))
        object.__setattr__(tampered, "steps", (*proof.steps[:position], wrong, *proof.steps[position + 1 :]))
        pickled = pickle.dumps(tampered)
        with pytest.raises(ProofError):
            pickle.loads(pickled)


def test_check_makes_the_equations_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_of("jacobian")
    original = symtconv.symbolic_matrix

    def wrong(layer: Any, *arguments: Any) -> Any:
        C = original(layer, *arguments).as_mutable()
        C[0, 0] = C[0, 0] + 1
        return C

    proof.check()
    monkeypatch.setattr(subject, "symbolic_matrix", wrong)
    with pytest.raises(ProofError):
        proof.check()


def test_a_proof_says_what_it_is() -> None:
    proof = prove("jacobian", Conv(3, 2))
    assert (
        repr(proof)
        == f"<Proof of jacobian for Conv(input_shape=(3,), kernel_size=(2,)): {len(proof.steps)} steps, checked>"
    )
    assert proof.theorem.name == "jacobian"
    assert proof.scope == "this layer"
    assert proof.assumptions
    for step in proof.steps:
        assert step.rule in RULES
        assert step.reason


# --- the size of what has to be trusted


PACKAGE = Path(symtconv.__file__).parent


def imported(path: Path) -> set[str]:
    """List the modules of symtconv that a module imports when it is loaded (not for type hints, not inside methods)."""
    found: set[str] = set()
    pending: list[ast.AST] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            pending += node.orelse
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("symtconv"):
            found.add(str(node.module))
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("symtconv")}
        pending += ast.iter_child_nodes(node)
    return found


def trusted() -> list[Path]:
    """Follow the imports of the kernel to every module of ours."""
    found: set[Path] = set()
    pending = [PACKAGE / "proofs" / "kernel.py"]
    while pending:
        path = pending.pop()
        if path in found:
            continue
        found.add(path)
        for module in imported(path):
            source = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
            if source.is_file():
                pending.append(source)
    return sorted(found)


def lines_of_code(path: Path) -> int:
    """Count the lines of a module that are neither blank nor comment, docstring or import."""
    source = path.read_text(encoding="utf-8")
    found: set[int] = set()
    for token in generate_tokens(StringIO(source).readline):
        if token.type in (NAME, NUMBER, OP, STRING):
            found |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        said: ast.stmt | None = node if isinstance(node, (ast.Import, ast.ImportFrom)) else None
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            said = node.body[0]
        if said is not None:
            found -= set(range(said.lineno, (said.end_lineno or said.lineno) + 1))
    return len(found)


def test_the_kernel_with_all_that_it_imports_is_under_600_lines_of_code() -> None:
    names = [path.relative_to(PACKAGE).as_posix() for path in trusted()]
    assert names == [
        "failure.py",
        "proofs/kernel.py",
        "proofs/polynomials.py",
        "proofs/summation.py",
        "proofs/terms.py",
    ]
    code = sum(map(lines_of_code, trusted()))
    whole = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in trusted())
    assert code < 600
    assert f"{code} lines of code ({whole} with" in (PACKAGE.parent / "docs" / "trust.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "word", ["simplify", "float(", "random", "sympy", "numpy", "eval(", "exec(", "isclose", "round("]
)
def test_the_kernel_neither_simplifies_nor_rounds_nor_samples(word: str) -> None:
    for path in trusted():
        source = path.read_text(encoding="utf-8")
        names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
        modules = {
            alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
        }
        modules |= {str(node.module) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
        assert word.rstrip("(") not in names | {module.split(".")[0] for module in modules}
        if word in ("simplify", "float(", "random"):
            assert word not in source


def test_no_coefficient_is_a_float_literal() -> None:
    for path in trusted():
        constants = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        assert not [value for value in constants if isinstance(value, (float, complex))]


def test_places_are_hashable_plain_tuples() -> None:
    proof = proof_of("jacobian")
    term = proof.steps[-1].after
    found: list[Place] = []
    while isinstance(term, Defined):
        term = term.value
    assert isinstance(term, Table)
    found += term.entries
    assert found
    assert all(type(place) is tuple and all(type(at) is int for at in place) for place in found)


def test_found_steps_are_the_proofs() -> None:
    proof = proof_of("stamps")
    assert tuple(find_steps(proof.equations)) == proof.steps


class Chameleon(str):
    """A name that says it equals every other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


def test_a_name_that_lies_about_equality_proves_nothing() -> None:
    square = Table((), {(): Polynomial.variable("x") * Polynomial.variable("y")})
    honest, lying = Derivative(square, ("x",)), Derivative(square, (Chameleon("y"),))
    wrong = RULES["differentiate"](Derivative(square, ("y",)))
    assert wrong is not None
    with pytest.raises(ProofError):
        verify_steps([Equation(honest, wrong, "dx = dy")], [Step(lying, wrong, "differentiate", "")])


# --- what an adversary tried


class LyingMonomial(tuple[str, ...]):
    """A monomial that says it equals any other, and is found where x is."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(("x",))


def unsorted() -> Polynomial:
    return Polynomial({("y", "x"): 1})


def with_a_zero_term() -> Polynomial:
    polynomial = Polynomial({("x",): 1})
    polynomial.terms[("x",)] = 0
    return polynomial


@pytest.mark.parametrize(
    "make",
    [lambda: Polynomial({LyingMonomial(("y",)): 1}), unsorted, with_a_zero_term],
    ids=["lying", "unsorted", "zero"],
)
def test_polynomials_that_are_not_in_normal_form_are_no_terms(make: Any) -> None:
    odd = Table((), {(): make()})
    for other in (X_ * Y_, Polynomial({}), X_):
        claim = Equation(Compound("=", odd, Table((), {(): other})), number(0), "they differ")
        with pytest.raises(ProofError):
            verify_steps([claim], [Step(claim.left, number(0), "compare", "")])


ODD_TERMS: dict[str, Any] = {
    "entries-that-are-no-dictionary": lambda: Table((), ()),  # type: ignore[arg-type]
    "a-shape-that-is-a-text": lambda: Table("ab", {}),  # type: ignore[arg-type]
    "a-shape-of-texts": lambda: Table(("a", "a"), {}),  # type: ignore[arg-type]
    "a-shape-that-is-a-dictionary": lambda: Table({}, {}),  # type: ignore[arg-type]
    "no-shape": lambda: Table(None, {}),  # type: ignore[arg-type]
    "a-negative-size": lambda: Table((-3, -3), {}),
    "names-that-are-a-text": lambda: Derivative(SCALAR, "x"),  # type: ignore[arg-type]
    "names-that-are-a-number": lambda: Derivative(SCALAR, 3),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", ODD_TERMS)
def test_malformed_terms_are_refused(name: str) -> None:
    term = ODD_TERMS[name]()
    with pytest.raises(ProofError):
        _plain(term, set(), {})
    with pytest.raises(ProofError):
        verify_steps([Equation(term, term, "itself")], [])


def test_equations_that_can_be_read_once_only_are_read_whole() -> None:
    with pytest.raises(ProofError):
        verify_steps(iter([Equation(SCALAR, number(1), "0 = 1")]), [])  # type: ignore[arg-type]


def test_what_finds_the_steps_cannot_change_the_equations() -> None:
    theorem = replace(
        proof_of("jacobian").theorem, equations=lambda *_: (Equation(table((), {(): X_}), SCALAR, "x = 0"),)
    )

    def finder(equations: Any) -> list[Step]:
        equations[0].left.entries.clear()
        return []

    with pytest.raises(ProofError, match="x = 0"):
        check(Goal(theorem, Conv(3, 2)), finder)


# --- sums over whole numbers: what a step is told, and what an equation may say


I_, N_ = Polynomial.variable("i"), Polynomial.variable("n")
BELOW = Summand(1, ("i",), (Bracket(">=", I_), Bracket(">=", N_ - I_)), (Entry("x", (I_,)),))
HALVES = RULES["cases"](Total((BELOW,)), 0, N_)


def test_a_step_on_sums_is_told_how_and_works_both_ways() -> None:
    side = total(BELOW)
    assert HALVES is not None
    verify_steps([Equation(side, HALVES, "cases")], [Step(side, HALVES, "cases", "", (), (0, N_))])
    verify_steps([Equation(HALVES, side, "cases")], [Step(HALVES, side, "cases", "", (), (0, N_))])
    verify_steps([Equation(side, side, "itself")], [])
    inside = Step(Defined("D", "", side), Defined("D", "", HALVES), "cases", "", ("value",), (0, N_))
    verify_steps([Equation(inside.before, inside.after, "inside")], [inside])


@pytest.mark.parametrize(
    "how",
    [
        (),
        (0,),
        (N_,),
        (1, N_),
        (-1, N_),
        (0, N_ + 1),
        (0, -N_),
        (0, N_, N_),
        [0, N_],
        (False, N_),
        (LyingInt(0), N_),
        (0, "n"),
        (0, Polynomial({(Chameleon("n"),): 1})),
        (0, Fraction(1, 2)),
        LyingTuple((0, N_)),  # type: ignore[arg-type]
        None,
    ],
    ids=repr,
)
def test_a_step_on_sums_that_is_told_something_else_is_refused(how: Any) -> None:
    side = total(BELOW)
    assert HALVES is not None
    with pytest.raises(ProofError):
        verify_steps([Equation(side, HALVES, "cases")], [Step(side, HALVES, "cases", "", (), how)])


def test_a_rule_of_tables_is_not_told_anything() -> None:
    step = Step(Defined("a", "", SCALAR), SCALAR, "unfold", "", (), (0,))
    with pytest.raises(ProofError):
        verify_steps([Equation(step.before, SCALAR, "a = 0")], [step])


def test_sums_are_no_tables_and_tables_no_sums() -> None:
    side = total(BELOW)
    for rule in RULES:
        for before, after in ((side, SCALAR), (SCALAR, side), (number(0), total()), (total(), number(0))):
            with pytest.raises(ProofError):
                verify_steps([Equation(before, after, "0")], [Step(before, after, rule, "", (), (0, N_))])


class LyingTotal(Total):
    """A sum that says it equals anything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_a_sum_that_lies_about_equality_proves_nothing() -> None:
    side, liar = total(BELOW), LyingTotal(())
    for equation in (Equation(side, liar, ""), Equation(liar, side, ""), Equation(side, total(), "")):
        with pytest.raises(ProofError):
            verify_steps(
                [equation], [Step(side, liar, "cases", "", (), (0, N_)), Step(liar, total(), "void", "", (), (0, ()))]
            )


def test_a_sum_that_is_not_finite_is_not_stated() -> None:
    endless = Total((replace(BELOW, where=BELOW.where[:1]),))
    for term in (endless, Defined("D", "", endless), Derivative(endless, ("x", "m"))):
        with pytest.raises(ProofError, match="not finite"):
            verify_steps([Equation(term, term, "itself")], [])
