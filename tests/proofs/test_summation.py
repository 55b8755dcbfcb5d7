"""The rules for sums over whole numbers, against sums worked out by brute force, and what they must not accept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import gcd
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from symtconv import ProofError
from symtconv.proofs.kernel import RULES, Step, verify_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import (
    SUMMAND_RULES,
    Bracket,
    Certificate,
    Definition,
    Entry,
    Summand,
    Total,
    at_least_1,
    bezout,
    follows,
    is_finite,
    is_sound,
    total,
)
from symtconv.proofs.terms import Compound, Derivative, Equation, Term, number
from tests.bruteforcesums import Array, free_names, natural, points, random_array, tap_map, value, worth

V, C = Polynomial.variable, Polynomial.constant
ONE, NIL = C(1), Polynomial({})
n, m, i, j, k = map(V, "nmijk")
BOX = [dict(zip("nm", values, strict=True)) for values in product((-1, 0, 3), repeat=2)]
ALWAYS: Certificate = ((ONE, ()),)


def same(before: Total, after: Total, array: Array = random_array) -> bool:
    names = {name for sum_ in (before, after) for one in sum_.summands for name in free_names(one)}
    extra = sorted(names - {"n", "m"})
    rest = [dict(zip(extra, values, strict=True)) for values in product((2,), repeat=len(extra))]
    return all(worth(before, at | more, array) == worth(after, at | more, array) for at in BOX for more in rest)


def test_the_evaluator_is_right_where_sums_are_known() -> None:
    below_n = (Bracket(">=", i), Bracket(">=", n - 1 - i))
    count = total(Summand(1, ("i",), below_n, ()))
    assert [worth(count, {"n": value}, random_array) for value in (-2, 0, 3)] == [0, 0, 3]
    squares = total(Summand(2, ("i",), below_n, (Entry("x", (i,)),) * 2))
    assert worth(squares, {"n": 5}, lambda _, index: Fraction(index[0])) == 2 * (1 + 4 + 9 + 16)
    twice = Definition("d", "twice", ("j",), total(Summand(2, (), (), (Entry("x", (j + n,)),))))
    defined = total(Summand(1, ("i",), below_n, (Entry(twice, (i,)),)))
    assert worth(defined, {"n": 3}, lambda _, index: Fraction(index[0])) == 2 * (3 + 4 + 5)
    with pytest.raises(AssertionError, match="not finite"):
        worth(total(Summand(1, ("i",), (Bracket(">=", i),), ())), {}, random_array)


def test_the_evaluator_differentiates_as_polynomials_are() -> None:
    """Of the sum of y[i] x[i]^3 over 0 <= i <= n, by x[2]: 3 y[2] x[2]^2, and then 6 y[2] x[2]."""
    below_n = (Bracket(">=", i), Bracket(">=", n - i))
    cubes = total(Summand(1, ("i",), below_n, (*(Entry("x", (i,)),) * 3, Entry("y", (i,)))))
    once = Derivative(cubes, ("x", "m"))
    x, y = random_array("x", (2,)), random_array("y", (2,))
    for size, inside in ((3, 1), (1, 0)):
        at = {"n": size, "m": 2}
        assert value(once, at, random_array) == inside * 3 * y * x**2
        assert value(Derivative(once, ("x", "m")), at, random_array) == inside * 6 * y * x
        assert value(Derivative(once, ("y", "m")), at, random_array) == inside * 3 * x**2
        assert value(Derivative(once, ("z",)), at, random_array) == 0


def test_the_evaluator_knows_tap_maps_and_what_is_not_negative() -> None:
    for i_, m_, other in product(range(6), range(-1, 5), range(-1, 5)):
        assert tap_map("t", (i_, m_)) * tap_map("t", (i_, other)) == tap_map("t", (i_, m_)) * (m_ == other)
    assert {sum(tap_map("t", (i_, m_)) for m_ in range(9)) for i_ in range(20)} == {0, 1}
    below_n = (Bracket(">=", i), Bracket(">=", n - i))
    sums = [total(Summand(1, ("i",), below_n, (Entry(name, (i,)),) * 2)) for name in "xy"]
    least = [value(sum_, {"n": 3}, natural) for sum_ in sums]
    for a, b in product((0, 1), repeat=2):
        for operation, holds in (("<=", least[a] <= least[b]), ("=", least[a] == least[b])):
            assert value(Compound(operation, sums[a], sums[b]), {"n": 3}, natural) == holds  # type: ignore[arg-type]
    assert value(number(Fraction(5, 2)), {}, natural) == Fraction(5, 2)
    assert value(number(0), {}, natural) == 0


# --- random sums, and random applications of the rules

small = st.integers(-2, 2)


def linear(names: tuple[str, ...], free: bool = True) -> st.SearchStrategy[Polynomial]:
    """Make a polynomial of the first degree, now and then with a product."""
    known = (*names, "n", "m") if free else names
    terms = st.lists(st.tuples(small, st.lists(st.sampled_from(known), max_size=1)), max_size=3)
    products = st.one_of(st.just(NIL), st.tuples(small, st.sampled_from(known)).map(lambda t: t[0] * n * V(t[1])))

    def made(parts: Any) -> Polynomial:
        found: Polynomial = parts[1]
        for coefficient, factors in parts[0]:
            found = found + (coefficient * V(factors[0]) if factors else C(coefficient))
        return found

    return st.tuples(terms, products).map(made)


@st.composite
def entries(draw: st.DrawFn, names: tuple[str, ...], definitions: bool = True) -> Entry:
    choice = draw(st.sampled_from(["x", "y", "d"] if definitions else ["x", "y"]))
    if choice == "d":
        return Entry(draw(made_definitions()), (draw(linear(names)),))
    return Entry(choice, tuple(draw(linear(names)) for _ in range(1 if choice == "x" else 2)))


@st.composite
def summands(draw: st.DrawFn, bound: tuple[str, ...] = ("i", "j"), definitions: bool = True) -> Summand:
    """Make a summand of zero to two bound numbers, in boxes that may depend on what is free or bound before."""
    over = bound[: draw(st.integers(0, len(bound)))]
    where: list[Bracket] = []
    for place, name in enumerate(over):
        top = draw(st.sampled_from([C(1), C(2), n, m + 1, *map(V, over[:place])]))
        where += [Bracket(">=", V(name) - draw(st.integers(-1, 0))), Bracket(">=", top - V(name))]
    for relation in draw(st.lists(st.sampled_from([">=", ">=", "="]), max_size=2)):
        where.append(Bracket(relation, draw(linear(over))))  # type: ignore[arg-type]
    of = tuple(draw(st.lists(entries(over, definitions), max_size=2)))
    coefficients: list[int | Fraction] = [1, -2, Fraction(1, 2)]
    return Summand(draw(st.sampled_from(coefficients)), over, tuple(where), of)


@st.composite
def made_definitions(draw: st.DrawFn) -> Definition:
    """Make an array of one index, its values sums that bind i or b and speak of n."""
    parts = []
    for name in draw(st.lists(st.sampled_from("ib"), min_size=1, max_size=2)):
        where = [Bracket(">=", V(name)), Bracket(">=", draw(st.sampled_from([C(1), n])) - V(name))]
        where += [Bracket(">=", draw(st.sampled_from([V("a") - V(name), V("a") + n])))]
        parts.append(Summand(draw(st.sampled_from([1, 3])), (name,), tuple(where), (Entry("x", (V("a") + V(name),)),)))
    return Definition("d", "made", ("a",), total(*parts))


def normal(one: Summand) -> Summand | None:
    """Put a summand in normal form; None where nothing is left of it, or its names clash."""
    found = total(one)
    return found.summands[0] if found.summands and is_sound(found) and is_finite(found.summands[0]) else None


@st.composite
def certificates(draw: st.DrawFn, where: tuple[Bracket, ...], names: tuple[str, ...]) -> tuple[Certificate, Polynomial]:
    """Make a certificate and what it shows to be >= 0."""
    rows: list[tuple[Polynomial, tuple[int, ...]]] = []
    found = NIL
    for _ in range(draw(st.integers(1, 2))):
        places = tuple(draw(st.lists(st.integers(0, len(where) - 1), max_size=2))) if where else ()
        zero = any(where[place].relation == "=" for place in places)
        factor = draw(linear(names)) if zero else C(draw(st.integers(0, 2)))
        rows.append((factor, places))
        for place in places:
            factor = factor * where[place].of
        found = found + factor
    return tuple(rows), found


def follows_from(draw: st.DrawFn, one: Summand) -> tuple[Bracket, tuple[Certificate, ...]]:
    """Choose a bracket that follows from those of a summand, and what shows it."""
    equations = [place for place, bracket in enumerate(one.where) if bracket.relation == "="]
    by_equation: bool = bool(equations) and draw(st.booleans())
    if by_equation:
        place, factor = draw(st.sampled_from(equations)), draw(linear(one.over))
        return Bracket("=", factor * one.where[place].of), (((factor, (place,)),), ((-factor, (place,)),))
    certificate, found = draw(certificates(one.where, one.over))
    return Bracket(">=", found), (certificate,)


def imply(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    bracket, shown = follows_from(draw, one)
    return one, (bracket, *shown)


def forget(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    bracket, shown = follows_from(draw, one)
    if bracket in one.where:
        return one, (bracket, *shown)  # it may follow from itself alone, which shows nothing
    more = normal(replace(one, where=(*one.where, bracket)))
    assert more is not None
    rest = tuple(other for other in more.where if other != bracket)
    moved = tuple(tuple((f, tuple(rest.index(one.where[p]) for p in ps)) for f, ps in rows) for rows in shown)
    return more, (bracket, *moved)


def void(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    p = draw(linear(one.over)) + n
    brackets = Bracket(">=", p), Bracket(">=", -p - 1)
    more = normal(replace(one, where=(*one.where, *brackets)))
    if more is None or not all(bracket in more.where for bracket in brackets):
        return one, (((ONE, (0,)),),)
    return more, (tuple((ONE, (more.where.index(bracket),)) for bracket in brackets),)


def cases(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    return one, (draw(linear(one.over)),)


def sift(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    p = draw(linear(one.over))
    where = (*one.where, Bracket("=", V("z") - p), Bracket(">=", draw(linear((*one.over, "z")))))
    more = replace(one, over=(*one.over, "z"), where=where, entries=(*one.entries, draw(entries((*one.over, "z")))))
    return normal(more) or one, ("z", p)


def positive(draw: st.DrawFn, one: Summand) -> tuple[Summand, Polynomial, Certificate]:
    """Choose a divisor, and show it to be 1 or more."""
    if draw(st.booleans()):
        size = draw(st.integers(1, 3))
        return one, C(size), ((C(size - 1), ()),)
    more = normal(replace(one, where=(*one.where, at_least_1(n))))
    assert more is not None
    return more, n, ((ONE, (more.where.index(at_least_1(n)),)),)


def divide(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    one, b, shown = positive(draw, one)
    return one, (draw(linear(one.over)), b, "q", shown)


def apply_bezout(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    one, a, shown = positive(draw, one)
    size = draw(st.integers(1, 6))
    other: Certificate = ((C(size - 1), ()),)
    names = ("G", "F", "H", "U", "W")
    return one, (a, C(size), names, shown, other) if draw(st.booleans()) else (C(size), a, names, other, shown)


def exchange(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    equation = Bracket("=", draw(linear(one.over)))
    more = normal(replace(one, where=(*one.where, equation), entries=(*one.entries, draw(entries(one.over)))))
    if more is None:
        return one, (0, Entry("x", (n,)), (((ONE, ()),),) * 2)
    place = draw(st.integers(0, len(more.entries) - 1))
    old, indices, shown = more.entries[place], [], []
    for p in old.at:
        factor = draw(linear(one.over))
        places = (more.where.index(equation),) if equation in more.where else ()
        factor = factor if places else NIL
        indices.append(p - factor * equation.of)
        shown.append((((factor, places),), ((-factor, places),)))
    return more, (place, Entry(old.array, tuple(indices)), *shown)


def rename(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    old = tuple(draw(st.permutations(one.over))[: draw(st.integers(0, 2))])
    return one, (old, tuple(draw(st.permutations(["i", "j", "p", "q", "b"]))[: len(old)]))


def unfold(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    definition = draw(made_definitions())
    more = normal(replace(one, entries=(*one.entries, Entry(definition, (draw(linear(one.over)),)))))
    if more is None:
        return one, (0, ((),))
    place = next(at for at, entry in enumerate(more.entries) if isinstance(entry.array, Definition))
    array = more.entries[place].array
    assert isinstance(array, Definition)
    names = draw(st.permutations(["b", "c", "i", "a"]))
    return more, (place, tuple((names[at],) for at in range(len(array.value.summands))))


RANDOM: dict[str, Callable[[st.DrawFn, Summand], tuple[Summand, tuple[Any, ...]]]] = {
    "imply": imply,
    "forget": forget,
    "void": void,
    "cases": cases,
    "sift": sift,
    "divide": divide,
    "bezout": apply_bezout,
    "exchange": exchange,
    "rename": rename,
    "unfold entry": unfold,
}
OFTEN = dict.fromkeys(RANDOM, 15) | {"forget": 8, "sift": 8, "unfold entry": 5, "rename": 10}


@st.composite
def applications(draw: st.DrawFn, rule: str) -> tuple[Total, tuple[Any, ...]]:
    """Make a sum of one summand, and what a rule is told of it."""
    one = normal(draw(summands()))
    if one is None:
        one = Summand(1, ("i",), (Bracket(">=", i), Bracket(">=", m - i)), (Entry("x", (i,)),))
    one, how = RANDOM[rule](draw, one)
    return total(one), (0, *how)


def applied(rule: str, before: Total, how: tuple[Any, ...]) -> Total | None:
    try:
        after = RULES[rule](before, *how)
    except Exception:
        return None
    assert after is None or isinstance(after, Total)
    return after


def test_every_rule_is_tried() -> None:
    assert [*RANDOM, "read once"] == list(SUMMAND_RULES)  # tests/proofs/test_assumed_arrays.py has that
    assert all(rule.__doc__ for rule in SUMMAND_RULES.values())


@pytest.mark.parametrize("rule", RANDOM)
def test_a_rule_changes_no_sum(rule: str) -> None:
    accepted = []

    @settings(max_examples=40)
    @given(applications(rule))
    def holds(application: tuple[Total, tuple[Any, ...]]) -> None:
        before, how = application
        after = applied(rule, before, how)
        if after is None or not is_sound(after) or not is_sound(how):
            return
        accepted.append(rule)
        assert same(before, after)
        if before != after:
            said = Equation(before, after, rule)
            verify_steps([said], [Step(before, after, rule, "", (), how)])
            if all(map(is_finite, after.summands)):
                verify_steps([Equation(after, before, rule)], [Step(after, before, rule, "", (), how)])

    holds()
    assert len(accepted) >= OFTEN[rule]  # most of what is tried are real applications


def twisted(draw: st.DrawFn, value: Any) -> Any:
    """Change what a rule is told here and there: signs, places, names, lengths."""
    turn = draw(st.integers(0, 5))
    if isinstance(value, Polynomial):
        return {0: -value, 1: value + 1, 2: value * V("q"), 3: value - 1}.get(turn, value)
    if isinstance(value, str):
        return {0: "i", 1: "n", 2: "a"}.get(turn, value)
    if isinstance(value, int):
        return {0: -1, 1: value + 1, 2: -2}.get(turn, value)
    if isinstance(value, tuple):
        inner = tuple(twisted(draw, one) for one in value)
        return {0: inner[:-1], 1: inner + inner[:1]}.get(turn, inner)
    if isinstance(value, Bracket):
        return Bracket(draw(st.sampled_from([">=", "=", value.relation])), twisted(draw, value.of))
    if isinstance(value, Entry):
        return Entry(draw(st.sampled_from(["x", "y", value.array])), tuple(twisted(draw, p) for p in value.at))
    return value


@pytest.mark.parametrize("rule", RANDOM)
def test_what_a_rule_is_told_wrong_it_does_not_accept(rule: str) -> None:
    """Whatever it accepts of changed directions changes no sum: certificates, places, names and numbers are checked."""

    @st.composite
    def wrong(draw: st.DrawFn) -> tuple[Total, tuple[Any, ...]]:
        before, how = draw(applications(rule))
        if draw(st.booleans()):
            place = draw(st.integers(1, len(how) - 1))
            return before, (*how[:place], twisted(draw, how[place]), *how[place + 1 :])
        return before, (0, *(twisted(draw, one) for one in how[1:]))

    @settings(max_examples=60)
    @given(wrong())
    def holds(application: tuple[Total, tuple[Any, ...]]) -> None:
        before, how = application
        after = applied(rule, before, how) if is_sound(how) else None
        if after is not None and is_sound(after):
            assert same(before, after)

    holds()


# --- what each rule refuses

SUM = Summand(1, ("i",), (Bracket(">=", i), Bracket(">=", n - i)), (Entry("x", (i,)),))  # of x[i], 0 <= i <= n
TWICE = Definition("d", "twice", ("j",), total(Summand(2, (), (), (Entry("x", (j + m,)),))))
SUMS = Definition("s", "sums", ("j",), total(Summand(1, ("k",), (Bracket(">=", k), Bracket(">=", j - k)), ())))
DOUBLED = Summand(1, ("i",), SUM.where, (Entry(TWICE, (i,)), Entry(SUMS, (i,))))
LOOSE: Certificate = ((ONE, (0,)), (ONE, (1,)))

REFUSED: dict[str, tuple[str, Summand, tuple[Any, ...]]] = {
    "a-negative-multiplier": ("imply", SUM, (Bracket(">=", -i), ((C(-1), (0,)),))),
    "a-multiplier-that-may-be-negative": ("imply", SUM, (Bracket(">=", i * i), ((i, (0,)),))),
    "a-negative-number-alone": ("imply", SUM, (Bracket(">=", C(-1)), ((C(-1), ()),))),
    "a-name-alone": ("imply", SUM, (Bracket(">=", m), ((m, ()),))),
    "a-wrong-place": ("imply", SUM, (Bracket(">=", i), ((ONE, (1,)),))),
    "a-place-outside": ("imply", SUM, (Bracket(">=", i), ((ONE, (2,)),))),
    "a-wrong-sum": ("imply", SUM, (Bracket(">=", n + 1), LOOSE)),
    "half-of-an-equality": ("imply", SUM, (Bracket("=", i), ((ONE, (0,)),))),
    "an-equality-of-one-half-twice": ("imply", SUM, (Bracket("=", i), ((ONE, (0,)),), ((ONE, (0,)),))),
    "a-bracket-that-does-not-follow": ("imply", SUM, (Bracket(">=", n - 1), LOOSE)),
    "no-certificate": ("imply", SUM, (Bracket(">=", i),)),
    "too-many-certificates": ("imply", SUM, (Bracket(">=", n), LOOSE, LOOSE)),
    "to-forget-what-shows-itself": ("forget", SUM, (SUM.where[0], ((ONE, (0,)),))),
    "to-forget-what-does-not-follow": ("forget", SUM, (SUM.where[1], ((ONE, (0,)),))),
    "a-contradiction-that-is-none": ("void", SUM, (LOOSE,)),
    "an-empty-contradiction": ("void", SUM, ((),)),
    "to-sift-without-an-equation": ("sift", SUM, ("i", n)),
    "to-sift-by-an-inequality": ("sift", SUM, ("i", NIL)),
    "to-sift-a-free-number": (
        "sift",
        replace(SUM, where=(*SUM.where, Bracket("=", n - m))),
        ("n", m),
    ),
    "to-sift-by-itself": ("sift", replace(SUM, where=(*SUM.where, Bracket("=", i - n * i))), ("i", n * i)),
    "to-sift-a-multiple": ("sift", replace(SUM, where=(*SUM.where, Bracket("=", 2 * i - n))), ("i", n - i)),
    "to-divide-by-what-may-be-0": ("divide", SUM, (m, n, "q", LOOSE)),
    "to-divide-by-0": ("divide", SUM, (m, NIL, "q", ((NIL, ()),))),
    "a-quotient-with-a-bound-name": ("divide", SUM, (m, C(2), "i", ALWAYS)),
    "a-quotient-with-a-free-name": ("divide", SUM, (m, C(2), "n", ALWAYS)),
    "a-quotient-with-the-dividends-name": ("divide", SUM, (m, C(2), "m", ALWAYS)),
    "a-quotient-with-a-definitions-name": ("divide", DOUBLED, (n, C(2), "m", ALWAYS)),
    "a-common-divisor-of-what-may-be-0": ("bezout", SUM, (n, C(2), tuple("GFHUW"), LOOSE, ALWAYS)),
    "a-common-divisor-with-one-name-twice": ("bezout", SUM, (C(2), C(2), tuple("GFHUU"), ALWAYS, ALWAYS)),
    "a-common-divisor-with-a-bound-name": ("bezout", SUM, (C(2), C(2), tuple("GFHUi"), ALWAYS, ALWAYS)),
    "a-common-divisor-of-its-own-names": (
        "bezout",
        replace(SUM, where=(*SUM.where, at_least_1(n))),
        (V("n"), C(2), tuple("GFHUn"), ((ONE, (2,)),), ALWAYS),
    ),
    "a-common-divisor-shown-once": ("bezout", SUM, (C(2), C(2), tuple("GFHUW"), ALWAYS)),
    "four-names-for-five-numbers": ("bezout", SUM, (C(2), C(2), tuple("GFHU"), ALWAYS, ALWAYS)),
    "an-index-that-differs": ("exchange", SUM, (0, Entry("x", (i + 1,)), ((), ()))),
    "another-array": ("exchange", SUM, (0, Entry("y", (i,)), ((), ()))),
    "another-number-of-indices": ("exchange", SUM, (0, Entry("x", (i, i)), ((), ()), ((), ()))),
    "an-entry-from-the-end": ("exchange", SUM, (-1, Entry("x", (i,)), ((), ()))),
    "half-of-an-index": ("exchange", SUM, (0, Entry("x", (i,)), ((),))),
    "to-capture-a-free-name": ("rename", SUM, (("i",), ("n",))),
    "to-capture-a-definitions-name": ("rename", DOUBLED, (("i",), ("m",))),
    "to-rename-a-free-number": ("rename", SUM, (("n",), ("p",))),
    "to-give-one-name-to-two": ("rename", replace(SUM, over=("i", "n")), (("i", "n"), ("p", "p"))),
    "to-rename-one-twice": ("rename", SUM, (("i", "i"), ("p", "q"))),
    "fewer-names": ("rename", SUM, (("i",), ())),
    "to-unfold-a-name": ("unfold entry", SUM, (0, ())),
    "to-unfold-from-the-end": ("unfold entry", DOUBLED, (-1, ((),))),
    "to-unfold-with-a-bound-name": ("unfold entry", DOUBLED, (0, (("i",),))),
    "to-unfold-with-too-few-names": ("unfold entry", DOUBLED, (0, ())),
    "to-unfold-with-too-many-names": ("unfold entry", DOUBLED, (0, (("p",), ("r",)))),
    "to-unfold-with-the-definitions-own-name": ("unfold entry", DOUBLED, (1, (("m",),))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_refuses(name: str) -> None:
    rule, one, how = REFUSED[name]
    assert applied(rule, Total((one,)), (0, *how)) is None


@pytest.mark.parametrize("name", REFUSED)
def test_the_same_rule_accepts_what_is_right(name: str) -> None:
    """Each refusal is for its reason: the rule applies to the same sum when it is told rightly."""
    rule, one, _ = REFUSED[name]
    right: dict[str, tuple[Any, ...]] = {
        "imply": (Bracket(">=", n), LOOSE),
        "forget": (Bracket(">=", n), LOOSE),
        "cases": (m,),
        "divide": (m, C(2), "q", ALWAYS),
        "bezout": (C(2), C(2), tuple("GFHUW"), ALWAYS, ALWAYS),
        "exchange": (0, Entry("x", (i,)), ((), ())),
        "rename": (("i",), ("p",)),
    }
    if rule in right:
        assert applied(rule, Total((one,)), (0, *right[rule])) is not None


def test_a_place_outside_the_sum_is_refused() -> None:
    for place in (-1, 1, 7):
        assert applied("cases", Total((SUM,)), (place, m)) is None
    assert RULES["cases"](number(1), 0, m) is None


def test_captured_names_in_nested_definitions() -> None:
    inner = Definition("e", "speaks of k", ("j",), total(Summand(1, (), (Bracket("=", k - j),), ())))
    outer = Definition("o", "sums", ("t",), total(Summand(1, (), (), (Entry(inner, (V("t"),)),))))
    one = Summand(1, ("i",), SUM.where, (Entry(outer, (i,)),))
    assert applied("rename", Total((one,)), (0, ("i",), ("k",))) is None
    assert applied("divide", Total((one,)), (0, n, C(2), "k", ALWAYS)) is None
    assert applied("rename", Total((one,)), (0, ("i",), ("p",))) is not None
    bound = Summand(1, ("k",), (Bracket(">=", k), Bracket(">=", n - k)), (Entry(outer, (k,)),))
    assert not is_sound(Total((bound,)))


# --- what is not of the language


class LyingPolynomial(Polynomial):
    """A polynomial that says it equals any other."""

    __slots__ = ()
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return True


class LyingText(str):
    """A name that says it equals any other."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True


class LyingTuple(tuple[Any, ...]):
    """A tuple that says it equals any other."""

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        return True


class LyingBracket(Bracket):
    """A bracket that says it equals any other."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class LyingInt(int):
    """A number that says it equals any other."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


LIAR = LyingPolynomial({("i",): 1})
FORGED: dict[str, Callable[[], Any]] = {
    "a-polynomial": lambda: Bracket(">=", LIAR),
    "an-index": lambda: Entry("x", (LIAR,)),
    "a-bracket": lambda: Summand(1, (), (LyingBracket(">=", i),), ()),
    "a-relation": lambda: Bracket(LyingText(">="), i),  # type: ignore[arg-type]
    "an-unknown-relation": lambda: Bracket("<", i),  # type: ignore[arg-type]
    "an-array": lambda: Entry(LyingText("x"), (i,)),
    "a-bound-name": lambda: Summand(1, (LyingText("i"),), SUM.where, ()),
    "a-coefficient": lambda: Summand(LyingInt(1), (), (), ()),
    "a-truth-for-a-coefficient": lambda: Summand(True, (), (), ()),
    "a-float-for-a-coefficient": lambda: Summand(0.5, (), (), ()),  # type: ignore[arg-type]
    "a-polynomial-for-a-coefficient": lambda: Summand(i, ("i",), SUM.where, ()),  # type: ignore[arg-type]
    "a-polynomial-for-an-array": lambda: Entry(i, (i,)),  # type: ignore[arg-type]
    "a-number-for-an-array": lambda: Entry(5, (i,)),  # type: ignore[arg-type]
    "a-tuple-of-brackets": lambda: Summand(1, (), LyingTuple(SUM.where), ()),
    "a-list-of-brackets": lambda: Summand(1, (), list(SUM.where), ()),  # type: ignore[arg-type]
    "a-text-for-names": lambda: Summand(1, "i", SUM.where, ()),  # type: ignore[arg-type]
    "an-entry-for-a-bracket": lambda: Summand(1, (), SUM.entries, ()),  # type: ignore[arg-type]
    "a-half-in-a-bracket": lambda: Bracket(">=", Fraction(1, 2) * i),
    "a-half-in-an-index": lambda: Entry("x", (i * Fraction(1, 2),)),
    "a-name-bound-twice": lambda: Summand(1, ("i", "i"), SUM.where, ()),
    "a-definition-that-binds-its-index": lambda: Definition("d", "", ("i",), total(SUM)),
    "a-definition-of-one-index-twice": lambda: Definition("d", "", ("a", "a"), total()),
    "a-definition-that-is-infinite": lambda: Definition(
        "d", "", ("a",), total(Summand(1, ("i",), (Bracket(">=", i),), ()))
    ),
    "a-definition-that-is-a-number": lambda: Definition("d", "", ("a",), number(1)),  # type: ignore[arg-type]
    "a-definition-captured": lambda: Summand(1, ("m",), (Bracket("=", m),), (Entry(TWICE, (n,)),)),
    "an-unsorted-monomial": lambda: Bracket(">=", Polynomial({("j", "i"): 1})),
    "a-lying-name-in-a-polynomial": lambda: Bracket(">=", Polynomial({(LyingText("i"),): 1})),
    "a-dictionary": lambda: {"i": 1},
    "nothing": lambda: None,
    "a-function": lambda: len,
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_not_sound(name: str) -> None:
    part = FORGED[name]()
    assert not is_sound(part)
    assert not is_sound((part,))
    holder: dict[type, Callable[[], Summand]] = {
        Bracket: lambda: Summand(1, ("i",), (*SUM.where, part), ()),
        Entry: lambda: replace(SUM, entries=(part,)),
        Summand: lambda: part,
        Definition: lambda: replace(SUM, entries=(Entry(part, (i,)),)),
    }
    if type(part) in holder:
        odd = Total((holder[type(part)](),))
        with pytest.raises(ProofError):
            verify_steps([Equation(odd, odd, "itself")], [])
        with pytest.raises(ProofError):
            verify_steps([Equation(total(SUM), odd, "")], [Step(total(SUM), odd, "cases", "", (), (0, m))])


@pytest.mark.parametrize("name", FORGED)
def test_no_step_is_told_what_is_forged(name: str) -> None:
    before = total(SUM)
    for rule in SUMMAND_RULES:
        for how in ((0, FORGED[name]()), (0, FORGED[name](), ALWAYS, ALWAYS)):
            with pytest.raises(ProofError):
                verify_steps([Equation(before, total(), "")], [Step(before, total(), rule, "", (), how)])


UNBOUNDED = {
    "no-bracket": Summand(1, ("i",), (), ()),
    "from-below-only": Summand(1, ("i",), (Bracket(">=", i - n),), ()),
    "by-each-other": Summand(1, ("i", "j"), (Bracket("=", i - j),), ()),
    "by-a-product": Summand(1, ("i",), (Bracket(">=", n * i), Bracket(">=", n - n * i)), ()),
    "an-equation-times-what-may-be-0": Summand(1, ("i",), (Bracket("=", n * i - m),), ()),
    "by-a-square": Summand(1, ("i",), (Bracket(">=", n - i * i), Bracket(">=", i)), ()),
}
BOUNDED = {
    "an-interval": SUM,
    "an-equation": Summand(1, ("i",), (Bracket("=", i - n),), ()),
    "one-after-the-other": Summand(1, ("i", "j"), (*SUM.where, Bracket(">=", j), Bracket(">=", i - j)), ()),
    "times-what-is-1-or-more": Summand(1, ("i",), (Bracket("=", n * i - m), at_least_1(n)), ()),
    "a-quotient": Summand(1, ("i",), (Bracket(">=", m - 3 * i), Bracket(">=", 2 - m + 3 * i)), ()),
}


@pytest.mark.parametrize("name", [*UNBOUNDED, *BOUNDED])
def test_what_is_stated_is_a_finite_sum(name: str) -> None:
    one = {**UNBOUNDED, **BOUNDED}[name]
    assert is_finite(one) == (name in BOUNDED)
    side = Total((one,))
    if name in BOUNDED:
        worth(side, {"n": 2, "m": 3}, random_array)
        verify_steps([Equation(side, side, "itself")], [])
        return
    for term in (side, Derivative(side, ("x", "m"))):
        with pytest.raises(ProofError, match="finite"):
            verify_steps([Equation(term, term, "itself")], [])


def test_a_forged_proof_that_one_is_two() -> None:
    """Renaming one bound number to two would make a sum infinite, and S = S + 1 of an infinite S proves all."""
    one, two = total(Summand(1, (), (), ())), total(Summand(2, (), (), ()))
    start = total(Summand(1, ("i",), (Bracket("=", i),), ()))
    infinite = total(Summand(1, ("p", "r"), (Bracket("=", V("r")),), ()))
    for how in ((0, ("i", "i"), ("p", "r")), (0, ("i",), ("p", "r"))):
        with pytest.raises(ProofError):
            verify_steps([Equation(one, two, "1 = 2")], [Step(start, infinite, "rename", "", (), how)])
        with pytest.raises(ProofError):
            verify_steps([Equation(start, two, "1 = 2")], [Step(start, infinite, "rename", "", (), how)])


def test_no_entry_is_squared_by_a_place_from_the_end() -> None:
    x = total(Summand(1, (), (), (Entry("x", (n,)),)))
    xx = total(Summand(1, (), (), (Entry("x", (n,)),) * 2))
    with pytest.raises(ProofError):
        verify_steps(
            [Equation(x, xx, "x = x^2")], [Step(x, xx, "exchange", "", (), (0, -1, x.summands[0].entries[0], ((), ())))]
        )
    d, dd = (total(Summand(size, (), (), (Entry(TWICE, (n,)),))) for size in (1, 2))
    with pytest.raises(ProofError):
        verify_steps([Equation(d, dd, "d = 2 d")], [Step(d, dd, "unfold entry", "", (), (0, -1, ((),)))])


def test_definitions_that_are_written_alike_are_not_one() -> None:
    """A number may be called "a*b", and another one "2"; neither is a product nor 2."""
    product_, name = (total(Summand(1, (), (Bracket("=", p - j),), ())) for p in (V("a") * V("b"), V("a*b")))
    two, called = (total(Summand(1, (), (Bracket("=", p - j),), ())) for p in (C(2), V("2")))
    for left, right in ((product_, name), (two, called)):
        both = [Summand(1, (), (), (Entry(Definition("d", "", ("j",), side), (n,)),)) for side in (left, right)]
        assert len(total(*both).summands) == 2


# --- normal form


@settings(max_examples=25)
@given(st.lists(summands(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_normal_form_changes_no_sum(parts: list[Summand], shuffle: Random) -> None:
    plain = [one for one in parts if is_sound(Total((one,))) and is_finite(one)]
    twice = [*plain, *plain]
    shuffle.shuffle(twice)
    doubled = total(*twice)
    assert same(Total(tuple(twice)), doubled)
    assert doubled == total(*reversed(twice))
    assert total(*doubled.summands) == doubled
    assert total(*plain, *(replace(one, coefficient=-one.coefficient) for one in plain)) == Total(())


def test_what_is_true_is_left_out_and_nothing_else() -> None:
    known = {(">=", 0): True, (">=", 1): True, (">=", -1): False, ("=", 0): True, ("=", 1): False, ("=", -1): False}
    for (relation, constant), true in known.items():
        one = Summand(1, (), (Bracket(relation, C(constant)),), ())  # type: ignore[arg-type]
        assert (total(one) == total(Summand(1, (), (), ()))) == true
        assert worth(total(one), {}, random_array) == true


def test_follows_needs_as_many_certificates_as_there_are_sides() -> None:
    where = (Bracket("=", i - n),)
    assert follows(where, Bracket("=", n - i), ((C(-1), (0,)),), ((ONE, (0,)),))
    assert not follows(where, Bracket("=", n - i), ((C(-1), (0,)),))
    assert not follows(where, Bracket(">=", n - i), ((C(-1), (0,)),), ((ONE, (0,)),))


@pytest.mark.parametrize("a", range(1, 8))
def test_bezouts_numbers_are_there_and_are_the_only_ones(a: int) -> None:
    for b in range(1, 8):
        brackets = bezout(C(a), C(b), *map(V, "gfhuv"))
        (found,) = points(frozenset("gfhuv"), brackets, {})
        assert found["g"] == gcd(a, b)


# --- the derivative


def derivative(term: Term) -> Term | None:
    return RULES["differentiate"](term)


@given(st.lists(summands(definitions=False), max_size=2), st.integers(-1, 2))
def test_differentiate_is_the_difference_of_polynomials(parts: list[Summand], place: int) -> None:
    """Along one entry a sum is a polynomial of degree 2 at most: its central difference is its derivative."""
    before = total(*(one for one in parts if is_sound(Total((one,)))))
    after = derivative(Derivative(before, ("x", "l")))
    assert isinstance(after, Total)
    for at in BOX[::3]:

        def moved(by: int, at: dict[str, int] = at) -> Fraction:
            def entry(name: str, index: tuple[int, ...]) -> Fraction:
                return random_array(name, index) + (by if (name, index) == ("x", (place,)) else 0)

            return Fraction(worth(before, at, entry))

        assert worth(after, at | {"l": place}, random_array) == (moved(1) - moved(-1)) / 2


def test_differentiate_refuses_what_it_cannot_see() -> None:
    assert derivative(Derivative(total(SUM), ("x", "i"))) is None  # i is bound: it would be captured
    assert derivative(Derivative(total(DOUBLED), ("x", "l"))) is None  # a definition may hold x
    assert derivative(Derivative(total(SUM), ("y", "l"))) == total()
    assert derivative(Derivative(total(SUM), ("x", "l", "m"))) == total()  # another array: x of two indices
    square = total(replace(SUM, entries=SUM.entries * 2))
    found = derivative(Derivative(square, ("x", "l")))
    assert found == total(replace(SUM, coefficient=2, where=(*SUM.where, Bracket("=", i - V("l")))))
