"""The proof checker: the only maker of a Proof, and the only code that has to be trusted.

A proof is a chain of steps for each equation of its goal, from left to right. A step exchanges one part of a term by a
rule, read in either direction; the checker applies the rule again and compares exactly. What finds steps is untrusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from pickle import dumps, loads
from typing import Any

from symtconv.failure import ProofError
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial, added_up
from symtconv.proofs.summation import (
    SUMMAND_RULES,
    Total,
    apply_to_summand,
    differentiated,
    is_at_most,
    is_finite,
    is_sound,
)
from symtconv.proofs.terms import (
    PLAIN,
    TERMS,
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
    table,
)


@dataclass(frozen=True)
class Step:
    """One step: `after` is `before` with the part at `at` exchanged by `rule`, told `how`; `reason` says why."""

    before: Term
    after: Term
    rule: str
    reason: str
    at: tuple[str, ...] = ()
    how: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """A theorem asked of a layer, perhaps with given weights, or of all sizes; the kernel need not understand them."""

    theorem: Any
    layer: Any = None
    kernel: Any = None

    def equations(self) -> tuple[Equation, ...]:
        """Make the equations that the theorem says of the layer, or of all sizes, anew at each call."""
        return tuple(self.theorem.for_all() if self.layer is None else self.theorem.equations(self.layer, self.kernel))

    def __repr__(self) -> str:
        return f"{self.theorem.name} for {'all sizes' if self.layer is None else repr(self.layer)}"


def _plain(term: Term, seen: set[int], granted: dict[str, Assumed], stated: bool = False) -> None:
    """Require terms of the exact types of this language, each once; only what is stated may assume something."""
    if id(term) in seen:
        return
    seen.add(id(term))
    shape, by = getattr(term, "shape", ()), getattr(term, "by", ())
    odd = (
        type(term) not in (*TERMS, Total) or type(shape) is not tuple or any(type(n) is not int or n < 0 for n in shape)
    )
    odd = (
        odd or type(by) is not tuple or any(type(value) not in (*PLAIN, Total) for value in (*vars(term).values(), *by))
    )
    if odd or (type(term) is Table and type(term.entries) is not dict):
        raise ProofError("a term", arrived=type(term).__name__, rule="the kernel's language has no such term")
    if stated and type(term) is Assumed:
        granted.setdefault(term.symbol, term)
    if type(term) is Assumed and granted.get(term.symbol) != term:
        raise ProofError("a term", arrived=f"{term.symbol} >= 0", rule="the equations do not assume it")
    if type(term) is Table:
        for place, value in term.entries.items():
            whole = type(place) is tuple and len(place) == len(term.shape) and all(type(p) is int for p in place)
            inside = whole and all(0 <= p < n for p, n in zip(place, term.shape, strict=True))
            if not inside or type(value) is not Polynomial or not value.is_plain:
                raise ProofError("a table", arrived=f"an entry at {place}", rule=f"polynomials inside {term.shape}")
    if type(term) is Total and not (is_sound(term) and (not stated or _is_finite(term))):
        raise ProofError("a sum", arrived=repr(term)[:80], rule="it is not finite, or not of the kernel's language")
    for _, child in children(term):
        _plain(child, seen, granted, stated)


def _is_finite(term: Term) -> bool:
    """Whether every sum in a term is finite, as its form shows: a rule that is read back could bring in others."""
    own = not isinstance(term, Total) or all(map(is_finite, term.summands))
    return own and all(_is_finite(child) for _, child in children(term))


def _unfold(term: Term) -> Term | None:
    """A symbol equals what it stands for."""
    return term.value if isinstance(term, Defined) else None


def _differentiate(term: Term) -> Term | None:
    """Linearity, the product rule, and d x_a / d x_m = [a = m]."""
    match term:
        case Derivative(Table(shape, entries), by) if len(set(by)) == len(by):
            column = {name: number for number, name in enumerate(by)}
            found: dict[Place, dict[Monomial, Coefficient]] = {}
            for place, value in entries.items():
                for monomial, coefficient in value.terms.items():
                    for position, name in enumerate(monomial):
                        if name in column:
                            others = monomial[:position] + monomial[position + 1 :]
                            entry = found.setdefault((*place, column[name]), {})
                            entry[others] = entry.get(others, 0) + coefficient
            return table((*shape, len(by)), {place: Polynomial(summed) for place, summed in found.items()})
    return differentiated(term)


def _transpose(term: Term) -> Term | None:
    """(A^T)[m, i] = A[i, m]."""
    match term:
        case Transposed(Table((rows, columns), entries)):
            return table((columns, rows), {place[::-1]: value for place, value in entries.items()})
    return None


def _entrywise(term: Term) -> Term | None:
    """(A + B)[p] = A[p] + B[p], (A o B)[p] = A[p] B[p]."""
    match term:
        case Compound("+" | "o", Table(shape, left), Table(other, right)) if shape == other:
            both = left.keys() & right.keys()
            if term.operation == "o":
                return table(shape, {place: left[place] * right[place] for place in both})
            return table(shape, {**left, **right, **{place: left[place] + right[place] for place in both}})
    return None


def _multiply(term: Term) -> Term | None:
    """(A B)[i, j] = sum over m of A[i, m] B[m, j], <x, y> = sum over m of x[m] y[m], (c A)[p] = c A[p]."""
    match term:
        case Compound("*", Table(shape, left), Table(other, right)):
            shared = 1 if shape and other else 0
            kept = len(shape) - shared
            rows: dict[Place, list[tuple[Place, Polynomial]]] = {}
            for place, value in right.items():
                rows.setdefault(place[:shared], []).append((place[shared:], value))
            sums: dict[Place, list[Polynomial]] = {}
            for place, weight in left.items():
                for rest, value in rows.get(place[kept:], ()):
                    sums.setdefault(place[:kept] + rest, []).append(weight * value)
            entries = {at: added_up(parts) for at, parts in sums.items()}
            return table(shape[:kept] + other[shared:], entries) if shape[kept:] == other[:shared] else None
    return None


def _kronecker(term: Term) -> Term | None:
    """(A (x) B)[i n + i', j n' + j'] = A[i, j] B[i', j'] for B of shape n x n'."""
    match term:
        case Compound("(x)", Table(shape, left), Table(sizes, right)) if len(shape) == len(sizes):
            pairs = ((p, q, a * b) for p, a in left.items() for q, b in right.items())
            entries = {tuple(i * n + j for i, n, j in zip(p, sizes, q, strict=True)): c for p, q, c in pairs}
            return table(tuple(m * n for m, n in zip(shape, sizes, strict=True)), entries)
    return None


def _euclid(term: Term) -> Term | None:
    """Whole a = b q + r with 0 <= r < b give floor(a/b) = q, a mod b = r, gcd(a, b) = gcd(b, r); gcd(a, 0) = a."""
    match term:
        case Compound("//" | "mod" | "gcd", left, right):
            a, b = constant(left), constant(right)
            if type(a) is int and type(b) is int and b > 0:
                q, r = divmod(a, b)
                return {"//": number(q), "mod": number(r)}.get(term.operation, Compound("gcd", right, number(r)))
            if term.operation == "gcd" and type(a) is int and a >= 0 and b == 0:
                return left
    return None


def _compare(term: Term) -> Term | None:
    """[A = B] is 1 if all entries are the same polynomials, else 0; [a <= b], of numbers, is 1 or 0."""
    match term:
        case Compound("=", Table(shape, left), Table(other, right)) if shape == other:
            return number(int(table(shape, left) == table(shape, right)))
        case Compound("<=", left, right) if (a := constant(left)) is not None and (b := constant(right)) is not None:
            return number(int(a <= b))
    return None


def _order(term: Term) -> Term | None:
    """[A <= A + R] = 1 where R is built of squares and of what is assumed not to be negative."""
    match term:
        case Compound("<=", Total() as left, Total() as right) if is_at_most(left, right):
            return number(1)
        case Compound("<=", left, Compound("+", same, rest)) if left == same and _never_negative(rest):
            return number(1)
    return None


def _never_negative(term: Term) -> bool:
    """Whether no entry of a term can be negative in an ordered ring, as its form shows."""
    match term:
        case Assumed():
            return True
        case Defined(_, _, inner) | Transposed(inner):
            return _never_negative(inner)
        case Table(_, entries):
            monomials = (pair for value in entries.values() for pair in value.terms.items())
            return all(c > 0 and all(m.count(x) % 2 == 0 for x in m) for m, c in monomials)
        case Compound("+" | "*" | "(x)" | "o", left, right):
            return (term.operation == "o" and left == right) or (_never_negative(left) and _never_negative(right))
    return False


def _determinant(term: Term) -> Term | None:
    """det(A B) = det A det B; an empty row or column gives 0, a triangle the product of its diagonal."""
    match term:
        case Determinant(Compound("*", Table((m, n)) as left, Table((p, q)) as right)) if m == n == p == q:
            return Compound("*", Determinant(left), Determinant(right))
        case Determinant(Table((m, n), entries)) if m == n:
            filled = table((m, n), entries).entries
            if any(len({place[side] for place in filled}) < n for side in (0, 1)):
                return number(0)
            if all(i <= j for i, j in filled) or all(i >= j for i, j in filled):
                return table(
                    (), {(): prod((filled.get((i, i), Polynomial({})) for i in range(n)), start=Polynomial({(): 1}))}
                )
    return None


RULES: dict[str, Callable[..., Term | None]] = {
    "unfold": _unfold,
    "differentiate": _differentiate,
    "transpose": _transpose,
    "entrywise": _entrywise,
    "multiply": _multiply,
    "Kronecker": _kronecker,
    "Euclid": _euclid,
    "compare": _compare,
    "order": _order,
    "determinant": _determinant,
    **{name: partial(apply_to_summand, rule) for name, rule in SUMMAND_RULES.items()},
}

_SEAL = object()


class Proof:
    """A checked proof of a theorem (its record) for `scope`, "this layer" or "all sizes"; only `check` makes one.

    `assumptions` are words, `equations` what is proved, by `steps` one after another; `goal` is theorem and layer.
    """

    __slots__ = ("assumptions", "equations", "goal", "scope", "steps", "theorem")
    goal: Goal
    theorem: Any
    scope: str
    assumptions: tuple[str, ...]
    equations: tuple[Equation, ...]
    steps: tuple[Step, ...]

    def __init__(self, *facts: Any, seal: object = None) -> None:
        if seal is not _SEAL:
            raise ProofError("a Proof", arrived="a direct construction", rule="only proofs.kernel.check makes one")
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
    found = tuple(steps(loads(dumps(equations))) if callable(steps) else steps)  # a copy: it may change what it gets
    granted = verify_steps(equations, found)
    assumed = goal.theorem.assumed_for_all if goal.layer is None else goal.theorem.assumed
    assumptions = (*assumed, *(f"{name} >= 0, {meaning}" for name, meaning in granted.items()))
    scope = "all sizes" if goal.layer is None else "this layer"
    return Proof(assumptions, equations, goal, scope, found, goal.theorem, seal=_SEAL)


def verify_steps(equations: Sequence[Equation], steps: Sequence[Step]) -> dict[str, str]:
    """Follow the steps from the left side of each equation to its right side; give what the equations assume."""
    equations, steps = tuple(equations), tuple(steps)
    if not equations:
        raise ProofError("a proof", arrived="a goal without equations", rule="there is nothing to prove")
    position, seen, granted = 0, set[int](), dict[str, Assumed]()  # steps keep terms alive, so that ids stay unique
    for side in (side for equation in equations for side in (equation.left, equation.right)):
        _plain(side, seen, granted, stated=True)
    for equation in equations:
        current = equation.left
        while current != equation.right:
            if position == len(steps):
                raise ProofError("a proof", arrived="no more steps", rule=f"it has not shown that {equation.says}")
            step = steps[position]
            _verify_step(position, step, seen, granted)
            if step.before != current:
                raise ProofError("a proof", arrived=f"step {position}", rule="it does not start where the last ended")
            current, position = step.after, position + 1
    if position != len(steps):
        raise ProofError("a proof", arrived=f"{len(steps) - position} steps too many", rule="every step must be used")
    return {name: term.meaning for name, term in granted.items()}


def _verify_step(position: int, step: Step, seen: set[int], granted: dict[str, Assumed]) -> None:
    known = type(step) is Step and type(step.rule) is str and step.rule in RULES
    if not known or type(step.at) is not tuple or not is_sound(step.how):
        raise ProofError("a step", arrived=f"rule {getattr(step, 'rule', step)!r}", rule=f"the rules are {list(RULES)}")
    _plain(step.before, seen, granted)
    _plain(step.after, seen, granted)
    for start, end in ((step.before, step.after), (step.after, step.before)):
        try:
            new = exchanged(start, step.at, lambda term: RULES[step.rule](term, *step.how))
        except Exception:  # what cannot be applied proves nothing
            continue
        if new == end and (end is step.after or _is_finite(step.after)):
            return
    raise ProofError("a proof", arrived=f"step {position}, {step.rule!r}", rule="it does not lead from before to after")
