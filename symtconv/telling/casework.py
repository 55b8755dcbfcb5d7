"""A proof about whole numbers as an argument by cases: what is named, what is supposed, what is added up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from symtconv.document.mathematics import Math, Relation
from symtconv.document.plainmath import typed_line
from symtconv.proofs.certificates import find_certificate
from symtconv.proofs.formula import Formula
from symtconv.proofs.kernel import Step
from symtconv.proofs.meaning import meaning
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Certificate, Summand, at_least_1, follows, names_in, names_of
from symtconv.proofs.terms import Equation
from symtconv.telling.additions import Addition, Pieces, addition, consequence, contradiction
from symtconv.telling.casetree import Node, Trees, added, holds_in, trees
from symtconv.telling.conditions import bracket_math, conditions_math, polynomial_math, says_nothing, shown_bracket
from symtconv.telling.formulas import claim_formula
from symtconv.telling.naming import WANTED, Naming

NEVER = Bracket(">=", Polynomial.constant(-1))
Place = tuple[Node, Node]  # a step of the claim, by the summands before and after it


@dataclass(frozen=True)
class Told:
    """A few sentences, as deep in cases as `label` has numbers; the first of a case has its label."""

    content: Pieces
    depth: int = 0
    label: str = ""
    introduces: bool = False


@dataclass
class Argument:
    """The lines of a proof; what was told in a case, or in one that it belongs to, is not told again."""

    lines: list[Told] = field(default_factory=list)
    known: list[list[object]] = field(default_factory=lambda: [[]])

    def add(self, depth: int, *content: str | Math, fact: object = None, introduces: bool = False) -> None:
        """Add a line that tells a fact, by default just what it says."""
        pieces = tuple(piece for piece in content if piece != "")
        fact = pieces if fact is None else fact
        del self.known[depth + 1 :]
        if not any(fact in told for told in self.known):
            self.known[-1].append(fact)
            self.lines.append(Told(pieces, depth, introduces=introduces))

    def case(self, depth: int, label: str, *content: str | Math) -> None:
        """Begin a case."""
        del self.known[depth:]
        self.known.append([])
        self.lines.append(Told(tuple(piece for piece in content if piece != ""), depth, label))

    def useful(self) -> list[Told]:
        """List the lines, but those that name what is not spoken of again."""
        found: list[Told] = []
        later = ""
        for line in self.lines[::-1]:
            text = typed_line(line.content)
            name = re.search(r"\w+", text.removeprefix("Let "))
            if line.introduces and name is not None and not re.search(rf"\b{name[0]}\b", later):
                continue
            later += f" {text}"
            found.insert(0, line)
        return found


def argument(equation: Equation, steps: tuple[Step, ...]) -> list[Told] | None:
    """Tell the proof of one claim, [H] [F] = [H]; None where its steps are not of that form."""
    found = trees(equation, steps)
    return None if found is None else _Teller(equation, found).told()


def divisor(equation: Equation, steps: tuple[Step, ...]) -> Pieces | None:
    """Say in a few words that a divisor is not 0, where that is one of the conditions that are given."""
    if not steps:
        return ()
    found = trees(equation, steps)
    if found is None:
        return None
    ways = {way.path()[0] for _, way in found.ends}
    cases = [root.summand for root in found.given if not _is_idle(root)]
    for root in found.claimed:
        if root not in ways:
            naming = Naming(root.summand, set())
            for bracket in root.summand.where:
                positive = shown_bracket(Bracket(">=", -bracket.of - 2), naming.names)
                given = all(any(positive == shown_bracket(b, naming.names) for b in case.where) for case in cases)
                if bracket.relation == ">=" and (given or says_nothing(positive)):
                    return () if says_nothing(positive) else (bracket_math(positive),)
    return None


class _Teller:
    def __init__(self, equation: Equation, found: Trees) -> None:
        self.trees, self.out = found, Argument()
        self.formula = claim_formula(equation.says)
        sides = [node.summand for node in (*found.given, *found.claimed)]
        self.free = {name for one in sides for name in names_of(one) - set(one.over)}
        self.naming = Naming(sides[0], self.free)
        self.established: dict[Node, tuple[Bracket, ...]] = {}
        self.enough: dict[Node, tuple[Math, ...]] = {}
        self.shared: list[Pieces] = []

    # What is given, and what is to be shown

    def told(self) -> list[Told]:
        roots = [root for root in self.trees.given if not _is_idle(root)]
        common = [b for b in roots[0].summand.where if all(b in root.summand.where for root in roots)] if roots else []
        facts = [self._facts(root) for root in roots]
        self.shared = [one for one in facts[0] if all(one in others for others in facts)] if facts else []
        for number, root in enumerate(roots, start=1):
            self.naming = Naming(root.summand, self.free)
            self._root(root, common, f"Case {number}" if len(roots) > 1 else "")
        return self.out.useful()

    def _facts(self, root: Node) -> list[Pieces]:
        """Say what is known of the numbers of a case by itself."""
        naming = Naming(root.summand, self.free)
        naming.introduce(root.summand)
        return naming.sentences

    def _root(self, root: Node, common: list[Bracket], label: str) -> None:
        depth = int(bool(label))
        fixed = self.naming.fixed
        self.naming.introduce(root.summand)
        if label:
            own = [b for b in root.summand.where if b not in common and not self._is_bound(b)]
            shown = self._brackets(own)
            parts = [fixed, *self._floors_of_the_case(), (*shown, *self._where(own))]
            told = [piece for part in parts if part for piece in (" and ", *part)][1:]
            self.out.case(depth, label, *told, ".")
        elif fixed:
            self.out.add(depth, "Put ", *fixed, " in.")
        ways = dict.fromkeys(way.path()[0] for end, way in self.trees.ends if end.path()[0] is root)
        for way in ways:
            self.naming.introduce(way.summand, wanted=True)
        if len(ways) > 1:  # no single one is what is wanted
            self.naming.sentences = [one for one in self.naming.sentences if one[0] != WANTED]
        self._introduced(depth)
        if len(ways) == 1 and self.naming.floors:
            self._goal(root.summand, next(iter(ways)).summand, depth)
        self._walk(root, depth, f"{label}." if label else "Case ", self._attached(root))

    def _floors_of_the_case(self) -> list[Pieces]:
        """Take the sentences that hold in this case only: that a number is some floor, say."""
        found = [one for one in self.naming.sentences if one[0] != "Let " and one not in self.shared]
        self.naming.sentences = [one for one in self.naming.sentences if one not in found]
        return [one[1:] if one[0] == "Then " else one for one in found]

    def _where(self, label: list[Bracket]) -> Pieces:
        """Introduce the floors that the label of a case speaks of."""
        letters = names_in(*(shown_bracket(bracket, self.naming.names).of for bracket in label))
        spoken = [polynomial_math(Polynomial.variable(letter)) for letter in letters]
        found: list[str | Math] = []
        for sentence in list(self.naming.sentences):
            if sentence[0] == "Let " and isinstance(sentence[1], Relation) and sentence[1].operands[0] in spoken:
                self.naming.sentences.remove(sentence)
                found += [", where " if not found else " and ", *sentence[1:]]
        return tuple(found)

    def _introduced(self, depth: int) -> None:
        """Tell the names that are new."""
        for sentence in self.naming.sentences:
            self.out.add(depth, *sentence, ".", introduces=sentence[0] == "Let ")
        self.naming.sentences.clear()

    def _goal(self, given: Summand, claimed: Summand, depth: int) -> None:
        """Say what the claim comes to in these names."""
        known = [shown_bracket(b, self.naming.names) for b in given.where]
        known += [Bracket("=", a - value) for a, b, value in self.naming.floors if b == 1]
        known += [Bracket("=", -b.of) for b in known if b.relation == "="]
        own = [b for b in claimed.where if not self._is_bound(b) and shown_bracket(b, self.naming.names) not in known]
        if shown := self._brackets(own):
            self.out.add(depth, "What is to be shown is ", *shown, ".")

    def _brackets(self, brackets: list[Bracket]) -> Pieces:
        named = [shown_bracket(bracket, self.naming.names) for bracket in brackets]
        found: list[str | Math] = []
        for place, formula in enumerate(conditions_math([b for b in named if not says_nothing(b)])):
            found += ["" if place == 0 else " and ", formula]
        return tuple(piece for piece in found if piece != "")

    def _is_bound(self, bracket: Bracket) -> bool:
        """Whether a condition is one of the two bounds of a floor, or says that its divisor is positive."""
        shown = shown_bracket(bracket, self.naming.names)
        for a, b, value in self.naming.floors:
            rest = a - b * value
            if shown in (Bracket(">=", rest), at_least_1(b - rest), at_least_1(b)):
                return True
        return False

    # The cases

    def _attached(self, root: Node) -> dict[Node, list[Place]]:
        """Attach each step of the claim's ways to the deepest case that it belongs to."""
        found: dict[Node, list[Place]] = {}
        seen: set[Place] = set()
        for end, way in self.trees.ends:
            chain, path = end.path(), way.path()
            place = 0
            for node, child in pairwise(path) if chain[0] is root else ():
                later = [t for t in range(place, len(chain)) if holds_in(node.summand, chain[t].summand)]
                place = later[-1] if later else place
                if (node, child) not in seen:
                    seen.add((node, child))
                    found.setdefault(chain[place], []).append((node, child))
        return found

    def _walk(self, node: Node, depth: int, prefix: str, attached: dict[Node, list[Place]]) -> None:
        """Tell a case to its end."""
        splits = [one.step.how[1] for one in _line_of(node) if one.step is not None and one.step.rule == "cases"]
        while node.step is not None:
            for claimed, child in attached.get(node, []):
                self._event(claimed, child, depth, node, splits)
            if node.step.rule == "void":
                made = addition(node.summand.where, node.step.how[1], self.naming.names)
                self.out.add(depth, "This cannot be: ", *contradiction(made), ".")
                return
            open_ = [child for child in node.children if child.closing is None]
            if node.step.rule == "cases" and len(open_) == 2:
                for number, child in enumerate(open_, start=1):
                    self.out.case(depth + 1, f"{prefix}{number}", *self._brackets(added(child)), ".")
                    self._walk(child, depth + 1, f"{prefix}{number}.", attached)
                return
            if not open_:
                self._both(node, depth)
                return
            self._event(node, open_[0], depth, None, [])
            node = open_[0]
        for claimed, child in attached.get(node, []):
            self._event(claimed, child, depth, node, splits)
        self._end(node, depth)

    def _both(self, node: Node, depth: int) -> None:
        """Tell that neither of two cases can be."""
        first, second = node.children[0], node.children[-1]
        self._suppose(node, second, first, depth, None)
        assert second.closing is not None
        made = addition(second.last.summand.where, second.closing, self.naming.names)
        self.out.add(depth, "But then ", *contradiction(made), ". So this case cannot be.")

    def _event(self, node: Node, child: Node, depth: int, case: Node | None, splits: list[Polynomial]) -> None:
        """Tell one step that leads from a node to a child; `case` is what is given, for a step of the claim."""
        step = node.step
        assert step is not None
        self.established[child] = self.established.get(node, ())
        self.enough[child] = self.enough.get(node, ())
        match step.rule:
            case "cases":
                if not any(p in (step.how[1], -step.how[1] - 1) for p in splits):
                    for other in node.children:
                        if other is not child and other.closing is not None:
                            self._suppose(node, child, other, depth, case)
            case "divide":
                self.naming.quotient(step.how[3], step.how[1], step.how[2])
                self._introduced(depth)
            case "bezout":
                self.naming.introduce(child.summand)
                self._introduced(depth)
            case "rename":
                for old, new in zip(step.how[1], step.how[2], strict=True):
                    self.naming.call(new, old)
            case "sift" if case is not None:
                self._put_in(node, child, step, depth, case)
            case "imply" | "forget" if step.reason not in {"put in", "solved"}:
                self._follows(node, child, step, depth, case)

    def _open(self, node: Node, case: Node | None) -> list[Bracket]:
        """List the conditions of a way that are to be shown yet; those of its floors say what these are."""
        if case is None:
            return []
        known = (*case.summand.where, *self.established.get(node, ()))
        shown = [shown_bracket(b, self.naming.names) for b in known]
        found = []
        for bracket in node.summand.where:
            is_floor = self._is_bound(bracket) and any(self._is_floor_of(z, bracket) for z in node.summand.over)
            if not is_floor and shown_bracket(bracket, self.naming.names) not in shown:
                found.append(bracket)
        return found

    def _is_floor_of(self, z: str, bracket: Bracket) -> bool:
        return any(z in monomial for monomial in bracket.of.terms)

    # What follows

    def _reckoned(
        self, where: tuple[Bracket, ...], open_: list[Bracket], goal: Bracket, certificate: Certificate
    ) -> Addition | None:
        """Read a certificate; where it uses what is to be shown yet, look for one that does not."""
        if not any(where[place] in open_ for _, places in certificate for place in places):
            return addition(where, certificate, self.naming.names)
        rest = tuple(bracket for bracket in where if bracket not in open_)
        found = find_certificate(rest, goal.of)
        if found is None or not follows(rest, Bracket(">=", goal.of), found):
            return None
        return addition(rest, found, self.naming.names)

    def _follows(self, node: Node, child: Node, step: Step, depth: int, case: Node | None) -> None:
        """Tell that a condition follows from others, unless that is plain to see."""
        bracket, certificates = step.how[1], step.how[2:]
        where = tuple(b for b in node.summand.where if step.rule == "imply" or b != bracket)
        shown = shown_bracket(bracket, self.naming.names)
        if says_nothing(shown):
            return
        open_ = [b for b in self._open(node, case) if b != bracket]
        divisors = [b for b in where if case is not None and self._is_bound(b) and b not in case.summand.where]
        if any(shown == at_least_1(b) for _, b, _ in self.naming.floors):
            open_ = [*open_, *divisors]  # a floor presumes that its divisor is positive
        goals = _halves(bracket)
        sums = [self._reckoned(where, open_, g, c) for g, c in zip(goals, certificates, strict=True)]
        if any(made is None for made in sums):
            return
        self.established[child] = (*self.established[child], bracket)
        whole = sums[0]
        if shown.relation == "=" and whole is not None and whole.is_of_equations and not whole.is_one:
            self.out.add(depth, *_capital(consequence(whole, shown)), ".", fact=shown)
            return
        for made, half in zip(sums, _halves(shown), strict=True):
            assert made is not None
            if not made.is_one:
                self.out.add(depth, *_capital(consequence(made, half)), ".", fact=half)
        if shown.relation == "=" and (step.rule == "imply" or not all(made and made.is_one for made in sums)):
            self.out.add(depth, "Hence ", bracket_math(shown), ".", fact=shown)

    def _suppose(self, node: Node, child: Node, other: Node, depth: int, case: Node | None) -> None:
        """Tell that the opposite of what goes on cannot be."""
        certificate, last = other.closing, other.last
        assert certificate is not None
        open_ = self._open(node, case)
        if open_:  # what has come from that is open as well
            known = (*node.summand.where, *added(other))
            open_ += [bracket for bracket in last.summand.where if bracket not in known]
        made = self._reckoned(last.summand.where, open_, NEVER, certificate)
        supposed = [shown_bracket(b, self.naming.names) for b in added(other)]
        if made is None:
            return
        self.established[child] = (*self.established.get(child, ()), *added(child))
        useful = [b for b in supposed if b.of.terms.keys() - {()}]
        if not useful or made.is_one or (made.is_immediate and all(len(b.of.terms) <= 2 for b in useful)):
            return
        content: list[str | Math] = ["Suppose "]
        for place, bracket in enumerate(useful):
            content += ["" if place == 0 else " and ", bracket_math(bracket)]
        opposite = Bracket(">=", -useful[0].of - 1)
        single = len(useful) == 1 and useful[0].relation == ">="
        hence: Pieces = (". Hence ", bracket_math(opposite), ".") if single else (".",)
        content += [". ", *_capital(contradiction(made)), *hence]
        self.out.add(depth, *content, fact=opposite if single else None)

    def _put_in(self, node: Node, child: Node, step: Step, depth: int, case: Node) -> None:
        """Tell that a floor has a value if that value has its bounds; where it is known already, tell nothing."""
        z, value = step.how[1], self.naming.shown(step.how[2])
        name = self.naming.names.get(z)
        equation = Bracket("=", Polynomial.variable(z) - step.how[2])
        if name is None or name == value or equation not in self._open(node, case):
            return
        claim = Relation(polynomial_math(name), "=", polynomial_math(value))
        bounds = next((self.naming.bounds(a, b, value) for a, b, of in self.naming.floors if of == name), None)
        if bounds is not None:
            self.enough[child] = (*self.enough[child], claim)
            root = case.path()[0]
            if len({way.path()[0] for end, way in self.trees.ends if end.path()[0] is root}) == 1:
                self.out.add(depth, claim, " means that ", bounds, ".")

    # The end of a case

    def _end(self, node: Node, depth: int) -> None:
        way = self.trees.claim_at(node)
        thus = [x for claim in (self.enough.get(way, ()) if way else ()) for x in (" and ", claim)][1:]
        verdict = self._verdict(way)
        if thus:
            self.out.add(depth, "Hence ", *thus, ". ", verdict)
        else:
            self.out.add(depth, verdict)

    def _verdict(self, way: Node | None) -> str:
        """Say what the claim is at the end of a case; of two equivalent statements, whether they are true there."""
        if way is not None and self.formula is not None and self.formula.operation == "iff":
            both = meaning(Formula("and", self.formula.operands), "f").summands
            true = any(holds_in(way.path()[0].summand, one) for one in both)
            return f"Here both statements are {'true' if true else 'false'}."
        if not any(len(line.content) > 1 for line in self.out.lines):
            return "The claim follows at once."
        return "The claim holds here." if any(line.label for line in self.out.lines) else "This proves the claim."


def _is_idle(root: Node) -> bool:
    """Whether a case of what is given contradicts itself at once, as s >= 1 and s <= -1 do."""
    where = [bracket.of for bracket in root.summand.where if bracket.relation == ">="]
    sums = ((p + q).terms for p, q in combinations(where, 2))
    if any(terms.keys() == {()} and terms[()] < 0 for terms in sums):
        return True
    return root.closing is not None and addition(root.last.summand.where, root.closing, {}).is_immediate


def _capital(pieces: Pieces) -> Pieces:
    first, *rest = pieces
    return (first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest)


def _halves(bracket: Bracket) -> tuple[Bracket, ...]:
    if bracket.relation == ">=":
        return (bracket,)
    return Bracket(">=", bracket.of), Bracket(">=", -bracket.of)


def _line_of(node: Node) -> Iterator[Node]:
    """List the cases that a case belongs to, and those that belong to it."""
    yield from node.path()[:-1]
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        pending += one.children
