"""What the catalogue says for all sizes: proved, about the real layers, and never proved of a false statement."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from symtconv import Conv, ProofError, Undecided, conv_transpose, prove, sparse_matrix, theorems
from symtconv.catalogue.everysize import EVERY_SIZE
from symtconv.catalogue.everystructure import EVERY_STRUCTURE
from symtconv.catalogue.oneaxis import ALONE, SIZES
from symtconv.proofs.kernel import Goal, Step, check, verify_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.script import StuckError
from symtconv.proofs.summation import Bracket, Entry, Summand, Total, names_of, total
from symtconv.proofs.sums import find_sum_steps
from symtconv.proofs.terms import Equation
from tests.proofs.test_summation import worth

UNIVERSAL = {theorem.name: theorem for theorem in theorems() if theorem.universal is not None}
SUMS = [name for name, theorem in UNIVERSAL.items() if theorem.family != "sizes"]
SLOW = "tf-same-two-forms"


@pytest.mark.parametrize("name", [name for name in UNIVERSAL if name != SLOW])
def test_it_is_proved_for_all_sizes(name: str) -> None:
    proof = prove(name)
    assert proof.scope == "all sizes"
    assert proof.theorem is UNIVERSAL[name]
    assert proof.assumptions == tuple(UNIVERSAL[name].universal.assumed)
    proof.check()


def test_every_statement_that_the_catalogue_marks_is_proved_for_all_sizes() -> None:
    given = """channels groups dilation-residues noble-identity circulant bilinear orthogonal
        weighted-checkerboard even-iff-resize schur-bound symbol-bound circulant-spectrum"""
    assert {theorem.name for theorem in theorems()} - set(UNIVERSAL) == set(given.split())
    assert all(theorem.verdict == "proved for all sizes" for theorem in UNIVERSAL.values())


def test_a_proof_is_checked_again_when_it_is_unpickled() -> None:
    proof = prove("zero-insertion")
    again = pickle.loads(pickle.dumps(proof))
    assert again.equations == proof.equations
    assert again.scope == "all sizes"


def test_others_are_undecided_without_a_layer() -> None:
    with pytest.raises(Undecided):
        prove("circulant")


# --- what the statements speak of is what the library computes

LAYERS = [
    Conv(7, 3, stride=2, padding=1),
    Conv(5, 2, stride=3, padding=((0, 2),), dilation=2),
    Conv(6, 4, padding=((2, 1),)),
    Conv(9, 3, stride=2, dilation=3),
]


def numbers_of(layer: Conv) -> dict[str, int]:
    (axis,) = layer.axes
    n, o, k, s, d = axis.large, axis.small, axis.kernel_size, axis.stride, axis.dilation
    K = d * (k - 1) + 1
    a = n - (s * (o - 1) + K - axis.lo - axis.hi)
    return {"n": n, "o": o, "k": k, "s": s, "d": d, "K": K, "lo": axis.lo, "hi": axis.hi, "a": a}


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_the_matrix_of_the_statements_is_the_layers(layer: Conv) -> None:
    weights = [3, -1, 4, 5][: layer.kernel_size[0]]
    at = numbers_of(layer)

    def array(name: str, index: tuple[int, ...]) -> Fraction:
        return Fraction(weights[index[0]])

    entry = Entry(ALONE.matrix, (Polynomial.variable("i"), Polynomial.variable("m")))
    one = total(Summand(1, (), (), (entry,)))
    found = [[int(worth(one, {**at, "i": i, "m": m}, array)) for m in range(at["n"])] for i in range(at["o"])]
    assert np.array_equal(found, sparse_matrix(layer, weights).toarray())


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_the_transposed_convolution_of_the_statements_is_the_layers(layer: Conv) -> None:
    weights, pixels = [3, -1, 4, 5][: layer.kernel_size[0]], [2, 7, -3, 1, 5, 9][: layer.output_shape[0]]
    at = numbers_of(layer)

    def array(name: str, index: tuple[int, ...]) -> Fraction:
        return Fraction({"w": weights, "v": pixels}[name][index[0]])

    found = [int(worth(ALONE.transposed(SIZES), {**at, "m": m}, array)) for m in range(at["n"])]
    assert np.array_equal(found, conv_transpose(layer.T, pixels, weights))


# --- mutants: a changed statement is not proved unless it is true, a changed step is refused


@dataclass(frozen=True)
class Changed:
    """A goal with another equation."""

    equation: Equation
    name: str = "changed"
    assumed_for_all: tuple[str, ...] = ()

    def for_all(self) -> tuple[Equation, ...]:
        return (self.equation,)


def mutants(one: Total, draw: Random) -> Total:
    """Change one sum in one place: a coefficient, a bound, an index, a bracket left out."""
    place = draw.randrange(len(one.summands))
    part = one.summands[place]
    names = sorted(names_of(part))
    shift = Polynomial.constant(draw.choice((-1, 1)))
    if names and draw.random() < 0.5:
        shift = draw.choice((-1, 1)) * Polynomial.variable(draw.choice(names))
    kind = draw.choice(("coefficient", "bracket", "drop", "entry", "entry"))
    if kind == "entry" and any(entry.at for entry in part.entries):
        at = draw.choice([number for number, entry in enumerate(part.entries) if entry.at])
        entry = part.entries[at]
        index = draw.randrange(len(entry.at))
        moved = Entry(entry.array, (*entry.at[:index], entry.at[index] + shift, *entry.at[index + 1 :]))
        part = replace(part, entries=(*part.entries[:at], moved, *part.entries[at + 1 :]))
    elif kind == "bracket" and part.where:
        at = draw.randrange(len(part.where))
        changed = Bracket(part.where[at].relation, part.where[at].of + shift)
        part = replace(part, where=(*part.where[:at], changed, *part.where[at + 1 :]))
    elif kind == "drop" and part.where:
        at = draw.randrange(len(part.where))
        part = replace(part, where=part.where[:at] + part.where[at + 1 :])
    else:
        part = replace(part, coefficient=part.coefficient + draw.choice((-2, -1, 1)))
    return total(*one.summands[:place], part, *one.summands[place + 1 :])


def differs(left: Total, right: Total, draw: Random) -> bool:
    """Look for small numbers at which two sums differ."""
    names = sorted({name for side in (left, right) for one in side.summands for name in names_of(one) - set(one.over)})

    def array(name: str, index: tuple[int, ...]) -> Fraction:
        return Fraction(Random(f"{name}{index}").randint(-9, 9))

    for _ in range(400):
        at = {name: draw.randint(-2, 4) for name in names}
        if {"K", "d", "k"} <= at.keys():
            at["K"] = at["d"] * (at["k"] - 1) + 1
        if {"n", "a", "hi"} <= at.keys():
            at["n"] = at["s"] * (at["o"] - 1) + at["K"] - at["lo"] - at["hi"] + at["a"]
        try:
            if worth(left, at, array) != worth(right, at, array):
                return True
        except AssertionError:  # the changed sum is not finite
            return True
    return False


MARKED = EVERY_SIZE | EVERY_STRUCTURE


@pytest.mark.parametrize("name", ["zero-insertion", "subpixel", "mirror", "decimation", "toeplitz", "stamp-and-crop"])
def test_a_changed_statement_is_proved_only_if_it_is_true(name: str) -> None:
    draw, false = Random(name), 0
    for equation in MARKED[name].equations():
        assert isinstance(equation.left, Total)
        assert isinstance(equation.right, Total)
        for _ in range(12):
            changed = Equation(equation.left, mutants(equation.right, draw), "a mutant")
            assert isinstance(changed.right, Total)
            if not differs(equation.left, changed.right, draw):
                continue
            false += 1
            with pytest.raises((StuckError, ProofError)):
                check(Goal(Changed(changed)), find_sum_steps(changed))
    assert false > 3


def changed_steps(steps: list[Step], draw: Random) -> list[Step]:
    """Change one step: its rule, what it is told, where it leads, or leave it out."""
    at = draw.randrange(len(steps))
    kind = draw.choice(("drop", "rule", "after", "how"))
    step = steps[at]
    if kind == "drop":
        return steps[:at] + steps[at + 1 :]
    if kind == "rule":
        same = {
            step.rule,
            *({"imply", "forget"} if step.rule in {"imply", "forget"} else ()),
        }  # each is the other, back
        rules = ["imply", "forget", "void", "cases", "sift", "divide", "exchange", "rename", "unfold entry"]
        other = draw.choice([rule for rule in rules if rule not in same])
        return [*steps[:at], replace(step, rule=other), *steps[at + 1 :]]
    if kind == "after" and isinstance(step.after, Total) and step.after.summands:
        return [*steps[:at], replace(step, after=mutants(step.after, draw)), *steps[at + 1 :]]
    how = list(step.how)
    if not how:
        return steps[:at] + steps[at + 1 :]
    place = draw.randrange(len(how))
    how[place] = how[place] + 1 if isinstance(how[place], int) else ()
    return [*steps[:at], replace(step, how=tuple(how)), *steps[at + 1 :]]


def one_of_two_equal_entries() -> list[Step]:
    """Unfold the other of two factors that are the same: that is as true."""
    steps = list(prove("continuous").steps)
    return [*steps[:20], replace(steps[20], how=(1, 1, *steps[20].how[2:])), *steps[21:]]


ALIKE = {"continuous": one_of_two_equal_entries()}


@pytest.mark.parametrize("name", SUMS)
def test_changed_steps_are_refused(name: str) -> None:
    draw = Random(name)
    proof = prove(name)
    for _ in range(25):
        changed = changed_steps(list(proof.steps), draw)
        if changed == list(proof.steps) or changed == ALIKE.get(name):
            continue
        with pytest.raises(ProofError):
            verify_steps(proof.equations, changed)
