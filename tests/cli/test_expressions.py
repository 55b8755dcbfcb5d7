"""Entries of --weights: exact, limited, and never evaluated."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, strategies

from symtconv import GeometryError
from symtconv.commandline.expressions import read_entry
from symtconv.proofs.polynomials import Polynomial

a, b = Polynomial.variable("a"), Polynomial.variable("b")


@pytest.mark.parametrize(
    ("text", "value", "number"),
    [
        ("1", 1, 1),
        ("-12", -12, -12),
        ("0.1", Fraction(1, 10), 0.1),
        ("-.5", Fraction(-1, 2), -0.5),
        ("1.0", 1, 1.0),
        ("1e-3", Fraction(1, 1000), 0.001),
        ("1/3", Fraction(1, 3), None),
        ("-2**2", -4, None),
        ("2*(3 - 1)/8", Fraction(1, 2), None),
        ("6/2/3", 1, None),
        ("1 - 2 - 3", -4, None),
        ("a", a, None),
        ("2*a - b/3", 2 * a + Fraction(-1, 3) * b, None),
        ("(a + b)**2", a * a + 2 * a * b + b * b, None),
        ("--a", a, None),
        ("a - a", 0, None),
    ],
)
def test_what_an_entry_means(text: str, value: object, number: object) -> None:
    entry = read_entry(text)
    assert entry.value == value
    assert (entry.number, type(entry.number)) == (number, type(number))


HOSTILE = [
    "__import__('os').system('x')",
    "().__class__",
    "a.b",
    "a[0]",
    "f(1)",
    "lambda: 1",
    r"\input{/etc/passwd}",
    "{x}",
    "'a'",
    "a b",
    "2a",
    "1_000",
    "\u0663",
    "\u03b1",
    "\uff41",
    "0x10",
    "1j",
    "1e1000",
    "1e400",
    "a; b",
    "a\nb",
    "#",
    "a == b",
    "1 if 2 else 3",
    "**",
    "a**",
    "a**b",
    "2**-1",
    "2**0.5",
    "2**33",
    "2**1000000000",
    "9**9**9",
    "((9**32)**32)**32",
    "((a + b)**32)**32",
    "(a + b + c + d + e)**20",
    "a**32*a",
    "1/0",
    "1/(a - a)",
    "1/a",
    "(",
    ")",
    "()",
    "-",
    "",
    "(" * 17 + "1" + ")" * 17,
    "(" * 100_000,
    "-" * 100_000 + "1",
    "9" * 100_000,
    "+".join(f"a{n}" for n in range(65)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:30].encode("unicode_escape").decode() for text in HOSTILE])
def test_what_is_no_entry_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(GeometryError) as caught:
        read_entry(text)
    assert time.perf_counter() - start < 1
    assert caught.value.asked == "an entry of --weights"
    assert len(str(caught.value)) < 400


@given(
    strategies.recursive(
        strategies.integers(0, 99).map(str) | strategies.sampled_from(["1.5", ".25"]),
        lambda inner: (
            strategies.tuples(inner, strategies.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})")
            | inner.map(lambda t: f"-{t}")
        ),
        max_leaves=6,
    )
)
def test_arithmetic_is_pythons(text: str) -> None:
    expected = eval(text)  # noqa: S307 (made here of digits and signs; binary fractions, so exact)
    assert read_entry(text).value == Fraction(expected)


@given(strategies.text(alphabet="01ab.+-*/()e_ ", max_size=30))
def test_any_text_gives_an_entry_or_a_geometry_error(text: str) -> None:
    with suppress(GeometryError):
        assert all(len(monomial) <= 32 for monomial in read_entry(text).value.terms)
