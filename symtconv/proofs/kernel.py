"""The proof checker: the only maker of a Proof, and the only code that has to be trusted.

A proof is a chain of steps for each equation of its goal, from the left side to the right. A step exchanges one part of
a term by a rule of RULES, read in either direction; the checker applies the rule again and compares exactly. There is
no simplification, no floating point and no sampling. Whatever finds the steps is untrusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Equation,
    Number,
    Place,
    Product,
    Table,
    Term,
    Transposed,
    part,
    table,
    with_part,
)

if TYPE_CHECKING:
    from symtconv.proofs.theorem import Goal


@dataclass(frozen=True)
class Step:
    """One step: `after` is `before` with the part at `at` exchanged by `rule`; `reason` says why, in words."""

    before: Term
    after: Term
    rule: str
    reason: str
    at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule of the kernel: its identity in words, and the function that applies it from left to right."""

    name: str
    statement: str
    apply: Callable[[Term], Term]


def _refuse(rule: str, term: Term) -> NoReturn:
    raise ProofError("a step", arrived=f"rule {rule!r} on a {type(term).__name__}", rule="it does not apply there")


def _table(rule: str, term: Term) -> Table:
    """Require a table of polynomials, every entry inside its shape."""
    if not isinstance(term, Table):
        _refuse(rule, term)
    for place, value in term.entries.items():
        inside = len(place) == len(term.shape) and all(0 <= p < n for p, n in zip(place, term.shape, strict=True))
        if not inside or not isinstance(value, Polynomial):
            raise ProofError(
                "a table", arrived=f"an entry at {place}", rule=f"it needs polynomials inside {term.shape}"
            )
    return term


def _unfold(term: Term) -> Term:
    if not isinstance(term, Defined):
        _refuse("unfold", term)
    return term.value


def _differentiate(term: Term) -> Term:
    """d(c * x_1 * ... * x_r)/dx_m = c * the sum over the x_i that are x_m of the product of the others."""
    if not isinstance(term, Derivative):
        _refuse("differentiate", term)
    source = _table("differentiate", term.of)
    column = {name: number for number, name in enumerate(term.by)}
    if len(column) != len(term.by):
        raise ProofError("a derivative", arrived="a variable named twice", rule="each column has its own variable")
    found: dict[Place, dict[Monomial, Coefficient]] = {}
    for place, value in source.entries.items():
        for monomial, coefficient in value.terms.items():
            for position, name in enumerate(monomial):
                if name in column:
                    others = monomial[:position] + monomial[position + 1 :]
                    entry = found.setdefault((*place, column[name]), {})
                    entry[others] = entry.get(others, 0) + coefficient
    return table((*source.shape, len(term.by)), {place: Polynomial(terms) for place, terms in found.items()})


def _transpose(term: Term) -> Term:
    if not isinstance(term, Transposed):
        _refuse("transpose", term)
    matrix = _table("transpose", term.of)
    rows, columns = matrix.shape
    return table((columns, rows), {(column, row): value for (row, column), value in matrix.entries.items()})


def _multiply(term: Term) -> Term:
    if not isinstance(term, Product):
        _refuse("multiply", term)
    left, right = _table("multiply", term.left), _table("multiply", term.right)
    if left.shape[-1:] != right.shape:
        raise ProofError("a product", arrived=f"shapes {left.shape} and {right.shape}", rule="the sizes must match")
    sums: dict[Place, Polynomial] = {}
    for place, weight in left.entries.items():
        if place[-1:] in right.entries:
            row, product = place[:-1], weight * right.entries[place[-1:]]
            sums[row] = sums[row] + product if row in sums else product
    return table(left.shape[:-1], sums)


def _whole(rule: str, term: Term, operations: tuple[str, str]) -> tuple[bool, int, int]:
    """Require an operation on two whole numbers; say whether it is the first of the two, and give the numbers."""
    if isinstance(term, Compound) and isinstance(term.left, Number) and isinstance(term.right, Number):
        a, b = term.left.value, term.right.value
        if term.operation in operations and type(a) is int and type(b) is int:
            return term.operation == operations[0], a, b
    _refuse(rule, term)


def _arithmetic(term: Term) -> Term:
    adds, a, b = _whole("arithmetic", term, ("+", "*"))
    return Number(a + b if adds else a * b)


def _euclid(term: Term) -> Term:
    """a = b*q + r with 0 <= r < b fixes q = floor(a/b) and r = a mod b."""
    floors, a, b = _whole("Euclid", term, ("//", "mod"))
    q, r = divmod(a, b) if b > 0 else (0, -1)
    if a != b * q + r or not 0 <= r < b:
        _refuse("Euclid", term)
    return Number(q if floors else r)


RULES = {
    rule.name: rule
    for rule in (
        Rule("unfold", "a defined symbol equals its definition", _unfold),
        Rule("differentiate", "linearity, the product rule, and d x_a / d x_m = [a = m]", _differentiate),
        Rule("transpose", "(A^T)[m, i] = A[i, m]", _transpose),
        Rule("multiply", "(A x)[i] = sum over m of A[i, m] x[m], and <x, y> = sum over m of x[m] y[m]", _multiply),
        Rule("arithmetic", "addition and multiplication of whole numbers", _arithmetic),
        Rule("Euclid", "a = b q + r and 0 <= r < b give floor(a/b) = q and a mod b = r", _euclid),
    )
}

_SEAL = object()


class Proof:
    """A checked proof. Only `check` makes one; `check()` verifies it again from the start, equations made anew.

    `theorem` is the record, `scope` "this layer" or "all sizes", `assumptions` say in words what is assumed,
    `equations` what is proved, and `steps` follow one equation after another; `goal` is theorem and subject together.
    """

    __slots__ = ("assumptions", "equations", "goal", "scope", "steps", "theorem")
    goal: Goal
    theorem: Any
    scope: str
    assumptions: tuple[str, ...]
    equations: tuple[Equation, ...]
    steps: tuple[Step, ...]

    def __init__(self, goal: Goal, steps: Sequence[Step], seal: object = None) -> None:
        if seal is not _SEAL:
            raise ProofError("a Proof", arrived="a direct construction", rule="only proofs.kernel.check makes one")
        facts = {name: getattr(goal, name) for name in ("assumptions", "equations", "scope", "theorem")}
        for name, value in {**facts, "goal": goal, "steps": tuple(steps)}.items():
            object.__setattr__(self, name, value)

    def check(self) -> None:
        """Verify every step again, against equations made anew from the theorem and the layer.

        Raises:
            ProofError: where a step does not follow, or the proof is not of what it says.
        """
        again = self.goal.again()
        if again.equations != self.equations or again.theorem is not self.theorem:
            raise ProofError("a proof", arrived=repr(self.goal), rule="its equations are not those of its theorem")
        verify_steps(again.equations, self.steps)

    def __setattr__(self, name: str, value: object) -> None:
        raise ProofError(f"{name} of a Proof", arrived="an assignment", rule="a proof cannot be altered")

    def __reduce__(self) -> tuple[Any, ...]:
        return check, (self.goal, self.steps)

    def __repr__(self) -> str:
        return f"<Proof of {self.goal!r}: {len(self.steps)} steps, checked>"

    def to_latex(self) -> str:
        """Write the proof as a LaTeX fragment: statement, steps and reasons."""
        from symtconv.exposition import proof_document

        return proof_document(self).to_latex()

    def _repr_latex_(self) -> str:
        return self.to_latex()


def check(goal: Goal, steps: Sequence[Step]) -> Proof:
    """Check that the steps prove every equation of the goal, and make the Proof.

    Raises:
        ProofError: at the first step that does not follow.
    """
    verify_steps(goal.equations, steps)
    return Proof(goal, steps, _SEAL)


def verify_steps(equations: Sequence[Equation], steps: Sequence[Step]) -> None:
    """Follow the steps from the left side of each equation to its right side, equation after equation."""
    if not equations:
        raise ProofError("a proof", arrived="a goal without equations", rule="there is nothing to prove")
    position = 0
    for equation in equations:
        current = equation.left
        while current != equation.right:
            if position == len(steps):
                raise ProofError("a proof", arrived="no more steps", rule=f"it has not shown that {equation.says}")
            step = steps[position]
            if step.before != current:
                raise ProofError(
                    "a step", arrived=f"step {position}", rule="it does not start where the last one ended"
                )
            _verify_step(step)
            current, position = step.after, position + 1
    if position != len(steps):
        raise ProofError("a proof", arrived=f"{len(steps) - position} steps too many", rule="every step must be used")


def _verify_step(step: Step) -> None:
    rule = RULES.get(step.rule)
    if rule is None:
        raise ProofError("a step", arrived=f"rule {step.rule!r}", rule=f"the rules are {', '.join(RULES)}")
    for start, end in ((step.before, step.after), (step.after, step.before)):
        try:
            new = with_part(start, step.at, rule.apply(part(start, step.at)))
        except ProofError:
            continue
        if new == end:
            return
    raise ProofError("a step", arrived=f"rule {step.rule!r} at {step.at}", rule="it does not lead from before to after")
