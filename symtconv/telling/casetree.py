"""The steps of a proof about whole numbers as two trees of cases: of what is given, and of what is claimed.

[H] [F] = [H] is proved by taking both sides apart until they are the same sum: each summand of it ends one case of [H]
and one way in which F is true there. Nothing here is trusted: it only tells a proof that the kernel has checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symtconv.proofs.kernel import RULES, Step
from symtconv.proofs.summation import Bracket, Certificate, Summand, Total
from symtconv.proofs.terms import Equation


@dataclass(eq=False)
class Node:
    """A summand, the step that ended it (none at the end of a case), and what that step made of it."""

    summand: Summand
    parent: Node | None = None
    step: Step | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def closing(self) -> Certificate | None:
        """The certificate of its contradiction, if it comes to one without further cases."""
        node = self
        while node.step is not None and len(node.children) == 1:
            node = node.children[0]
        return node.step.how[1] if node.step is not None and node.step.rule == "void" else None

    @property
    def last(self) -> Node:
        """What it comes to without further cases."""
        node = self
        while node.step is not None and len(node.children) == 1:
            node = node.children[0]
        return node

    def path(self) -> list[Node]:
        """List all from the root down to it."""
        found: list[Node] = [self]
        while found[-1].parent is not None:
            found.append(found[-1].parent)
        return found[::-1]


@dataclass(frozen=True)
class Trees:
    """The cases of what is given, and for the end of each the way in which the claim is true there."""

    given: tuple[Node, ...]
    claimed: tuple[Node, ...]
    ends: tuple[tuple[Node, Node], ...]

    def claim_at(self, end: Node) -> Node | None:
        """Give the way in which the claim is true at the end of a case."""
        return next((claimed for given, claimed in self.ends if given is end), None)


def trees(equation: Equation, steps: Sequence[Step]) -> Trees | None:
    """Build the trees; None where steps do not lead first from the left side and then back from the right one."""
    moves = [step for step in steps if step.before != step.after]
    turn = next((place for place, step in enumerate(moves) if not _leads(step.before, step)), len(moves))
    there, back = moves[:turn], [Step(s.after, s.before, s.rule, s.reason, s.at, s.how) for s in moves[turn:][::-1]]
    if any(not _leads(step.before, step) for step in back):
        return None
    claimed, given = _grown(equation.left, there), _grown(equation.right, back)
    if claimed is None or given is None:
        return None
    ends: list[tuple[Node, Node]] = []
    for key, nodes in given[1].items():
        partners = claimed[1].get(key, [])
        if not partners:
            return None
        ends += [(node, partners[min(place, len(partners) - 1)]) for place, node in enumerate(nodes)]
    return Trees(given[0], claimed[0], tuple(ends))


def _leads(term: object, step: Step) -> bool:
    try:
        return bool(RULES[step.rule](term, *step.how) == step.after)
    except Exception:  # how it is told may be for the other direction
        return False


def _key(one: Summand) -> object:
    where = tuple((b.relation, tuple(sorted(b.of.terms.items()))) for b in one.where)
    return one.over, where


def _grown(start: object, steps: Sequence[Step]) -> tuple[tuple[Node, ...], dict[object, list[Node]]] | None:
    """Follow each summand through the steps; like ones that are collected go on as one."""
    if not isinstance(start, Total):
        return None
    roots = tuple(Node(one) for one in start.summands)
    live: dict[object, list[Node]] = {}
    for root in roots:
        live.setdefault(_key(root.summand), []).append(root)
    for step in steps:
        assert isinstance(step.before, Total)
        one = step.before.summands[step.how[0]]
        made = RULES[step.rule](Total((one,)), 0, *step.how[1:])
        if not isinstance(made, Total) or not isinstance(step.after, Total):
            return None
        for node in live.pop(_key(one), []):
            node.step = step
            node.children = [Node(child, node) for child in made.summands]
            for child in node.children:
                live.setdefault(_key(child.summand), []).append(child)
        remaining = {_key(each) for each in step.after.summands}
        live = {key: nodes for key, nodes in live.items() if key in remaining}
    return roots, live


def walk(node: Node) -> Iterator[Node]:
    """List a node and all that comes of it."""
    yield node
    for child in node.children:
        yield from walk(child)


def holds_in(one: Summand, case: Summand) -> bool:
    """Tell whether a summand has all that a case says: its numbers and its conditions."""
    return set(case.over) <= set(one.over) and all(bracket in one.where for bracket in case.where)


def added(child: Node) -> list[Bracket]:
    """List the conditions that a case has and its parent has not."""
    assert child.parent is not None
    return [bracket for bracket in child.summand.where if bracket not in child.parent.summand.where]
