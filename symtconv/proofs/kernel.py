"""The proof checker: the only maker of a Proof, and the only code that has to be trusted.

A proof is a chain of steps for each equation of its goal, from the left side to the right. A step exchanges one part of
a term by a rule of RULES, read in either direction; the checker applies the rule again and compares exactly. There is
no simplification, no floating point and no sampling. Whatever finds the steps is untrusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from symtconv.errors import ProofError
from symtconv.proofs import terms
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial
from symtconv.proofs.terms import Equation, Place, Table, Term, children, part, table, with_part


@dataclass(frozen=True)
class Step:
    """One step: `after` is `before` with the part at `at` exchanged by `rule`; `reason` says why, in words."""

    before: Term
    after: Term
    rule: str
    reason: str
    at: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rule of the kernel: its identity in words, and the function that applies it from left to right."""

    name: str
    statement: str
    apply: Callable[[Term], Term]


@dataclass(frozen=True, slots=True)
class Goal:
    """A theorem asked of a layer, perhaps with given weights; what they are, the kernel need not understand."""

    theorem: Any
    layer: Any
    kernel: Any = None

    def equations(self) -> tuple[Equation, ...]:
        """Make the equations that the theorem says of the layer, anew at each call."""
        return tuple(self.theorem.equations(self.layer, self.kernel))

    def __repr__(self) -> str:
        return f"{self.theorem.name} for {self.layer!r}"


def _refuse(rule: str, term: Term) -> NoReturn:
    raise ProofError("a step", arrived=f"rule {rule!r} on a {type(term).__name__}", rule="it does not apply there")


def _plain(term: Term, seen: set[int]) -> None:
    """Require terms of the exact types of this language (a subclass could say that it equals anything), each once."""
    if id(term) in seen:
        return
    seen.add(id(term))
    names = (*getattr(term, "by", ()), *getattr(term, "shape", ()))
    if type(term) not in terms.TERMS or any(type(value) not in terms.PLAIN for value in (*vars(term).values(), *names)):
        raise ProofError("a term", arrived=type(term).__name__, rule="the kernel's language has no such term")
    if type(term) is Table:
        for place, value in term.entries.items():
            whole = type(place) is tuple and len(place) == len(term.shape) and all(type(p) is int for p in place)
            inside = whole and all(0 <= p < n for p, n in zip(place, term.shape, strict=True))
            if not inside or type(value) is not Polynomial or not value.is_plain:
                raise ProofError("a table", arrived=f"an entry at {place}", rule=f"polynomials inside {term.shape}")
    for _, child in children(term):
        _plain(child, seen)


def _table(rule: str, term: Term, *ranks: int) -> Table:
    """Require a table of one of the ranks (of any, if none is named), such as _plain has let pass."""
    if not isinstance(term, Table) or (ranks and len(term.shape) not in ranks):
        _refuse(rule, term)
    return term


def _unfold(term: Term) -> Term:
    if not isinstance(term, terms.Defined):
        _refuse("unfold", term)
    return term.value


def _differentiate(term: Term) -> Term:
    """d(c * x_1 * ... * x_r)/dx_m = c * the sum over the x_i that are x_m of the product of the others."""
    if not isinstance(term, terms.Derivative):
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
    return table((*source.shape, len(term.by)), {place: Polynomial(summed) for place, summed in found.items()})


def _transpose(term: Term) -> Term:
    if not isinstance(term, terms.Transposed):
        _refuse("transpose", term)
    matrix = _table("transpose", term.of, 2)
    rows, columns = matrix.shape
    return table((columns, rows), {(column, row): value for (row, column), value in matrix.entries.items()})


def _multiply(term: Term) -> Term:
    if not isinstance(term, terms.Product):
        _refuse("multiply", term)
    left, right = _table("multiply", term.left, 1, 2), _table("multiply", term.right, 1)
    if left.shape[-1:] != right.shape:
        raise ProofError("a product", arrived=f"shapes {left.shape} and {right.shape}", rule="the sizes must match")
    sums: dict[Place, Polynomial] = {}
    for place, weight in left.entries.items():
        if place[-1:] in right.entries:
            row, product = place[:-1], weight * right.entries[place[-1:]]
            sums[row] = sums[row] + product if row in sums else product
    return table(left.shape[:-1], sums)


def _whole(rule: str, term: Term, operations: tuple[str, str]) -> tuple[bool, int, int]:
    """Require one of two operations on whole numbers; say whether it is the first, and give the numbers."""
    if isinstance(term, terms.Compound) and term.operation in operations:
        left, right = term.left, term.right
        if isinstance(left, terms.Number) and isinstance(right, terms.Number):
            return term.operation == operations[0], left.value, right.value
    _refuse(rule, term)


def _arithmetic(term: Term) -> Term:
    adds, a, b = _whole("arithmetic", term, ("+", "*"))
    return terms.Number(a + b if adds else a * b)


def _euclid(term: Term) -> Term:
    """a = b*q + r with 0 <= r < b fixes q = floor(a/b) and r = a mod b."""
    floors, a, b = _whole("Euclid", term, ("//", "mod"))
    q, r = divmod(a, b) if b > 0 else (0, -1)
    if a != b * q + r or not 0 <= r < b:
        _refuse("Euclid", term)
    return terms.Number(q if floors else r)


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

    `theorem` is the record, `scope` whom it is about ("this layer"), `assumptions` say in words what is assumed,
    `equations` what is proved, and `steps` follow one equation after another; `goal` is theorem and layer together.
    """

    __slots__ = ("assumptions", "equations", "goal", "scope", "steps", "theorem")
    goal: Goal
    theorem: Any
    scope: str
    assumptions: tuple[str, ...]
    equations: tuple[Equation, ...]
    steps: tuple[Step, ...]

    def __init__(self, goal: Goal, equations: Sequence[Equation], steps: Sequence[Step], seal: object = None) -> None:
        if seal is not _SEAL:
            raise ProofError("a Proof", arrived="a direct construction", rule="only proofs.kernel.check makes one")
        facts = (goal.theorem.assumed, equations, goal, "this layer", steps, goal.theorem)
        for name, value in zip(Proof.__slots__, facts, strict=True):
            object.__setattr__(self, name, value)

    def check(self) -> None:
        """Verify every step again, against equations made anew; raise ProofError where one does not follow."""
        again = check(self.goal, self.steps)
        for name in Proof.__slots__:
            if getattr(self, name, None) != getattr(again, name):
                raise ProofError("a proof", arrived=repr(self.goal), rule=f"its {name} are not those of its theorem")

    def __setattr__(self, name: str, *_: object) -> None:
        raise ProofError(f"{name} of a Proof", arrived="a change", rule="a proof cannot be altered")

    __delattr__ = __setattr__

    def __reduce__(self) -> tuple[Any, ...]:
        return check, (self.goal, self.steps)

    def __repr__(self) -> str:
        return f"<Proof of {self.goal!r}: {len(self.steps)} steps, checked>"

    def to_latex(self) -> str:
        """Write the proof as a LaTeX article: the statement, and how both sides of each equation were worked out."""
        from symtconv.exposition import proof_document

        return proof_document(self).to_latex()

    _repr_latex_ = to_latex


def check(goal: Goal, steps: Sequence[Step] | Callable[[tuple[Equation, ...]], Sequence[Step]]) -> Proof:
    """Check the steps, or those that a function finds for the equations, and make the Proof; or raise ProofError."""
    if type(goal) is not Goal:
        raise ProofError("a proof", arrived=f"a goal of type {type(goal).__name__}", rule="it needs a kernel's Goal")
    equations = goal.equations()
    found = tuple(steps(equations) if callable(steps) else steps)
    verify_steps(equations, found)
    return Proof(goal, equations, found, _SEAL)


def verify_steps(equations: Sequence[Equation], steps: Sequence[Step]) -> None:
    """Follow the steps from the left side of each equation to its right side, equation after equation."""
    if not equations:
        raise ProofError("a proof", arrived="a goal without equations", rule="there is nothing to prove")
    position, seen = 0, set[int]()  # the steps keep every term alive, so that identities stay unique
    for equation in equations:
        current = equation.left
        _plain(equation.right, seen)
        while current != equation.right:
            if position == len(steps):
                raise ProofError("a proof", arrived="no more steps", rule=f"it has not shown that {equation.says}")
            step = steps[position]
            _verify_step(position, step, seen)
            if step.before != current:
                raise ProofError("a proof", arrived=f"step {position}", rule="it does not start where the last ended")
            current, position = step.after, position + 1
    if position != len(steps):
        raise ProofError("a proof", arrived=f"{len(steps) - position} steps too many", rule="every step must be used")


def _verify_step(position: int, step: Step, seen: set[int]) -> None:
    if type(step) is not Step or type(step.rule) is not str or type(step.at) is not tuple or step.rule not in RULES:
        raise ProofError("a step", arrived=f"rule {getattr(step, 'rule', step)!r}", rule=f"the rules are {list(RULES)}")
    _plain(step.before, seen)
    _plain(step.after, seen)
    for start, end in ((step.before, step.after), (step.after, step.before)):
        try:
            new = with_part(start, step.at, RULES[step.rule].apply(part(start, step.at)))
        except (ProofError, TypeError, AttributeError):
            continue
        if new == end:
            return
    raise ProofError("a proof", arrived=f"step {position}, {step.rule!r}", rule="it does not lead from before to after")
