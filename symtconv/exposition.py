"""A proof as something to read: what each equation says, how both sides were worked out, and how they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from symtconv.document.mathematics import (
    Derivative as Partial,
    Floor,
    Gradient,
    Infix,
    Inner,
    Iverson,
    Math,
    Name,
    Negative,
    Number as Numeral,
    Operator,
    Quotient,
    Relation,
    Transpose,
    Words,
)
from symtconv.document.nodes import Block, Display, Document, List, Listed, Paragraph, ProofBlock, Text, Theorem
from symtconv.errors import ProofError
from symtconv.proofs.kernel import Proof, Step
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Determinant,
    Equation,
    Table,
    Term,
    Transposed,
    children,
    constant,
)


@dataclass(frozen=True)
class Account:
    """How one equation of a proof was shown: its steps, and what the two sides were compared in.

    `entries` counts the places compared, `filled` those that are not zero; both are 0 for numbers.
    """

    equation: Equation
    steps: tuple[Step, ...]
    entries: int
    filled: int

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules in the order of their first use."""
        return tuple(dict.fromkeys(step.rule for step in self.steps))


def accounts(proof: Proof) -> tuple[Account, ...]:
    """Tell a proof equation by equation.

    >>> from symtconv import Conv, prove
    >>> [(account.equation.says, account.entries, account.filled) for account in accounts(prove("stamps", Conv(3, 2)))]
    [('the stamps sum to C^T v', 3, 3)]
    """
    return tuple(_accounts(proof))


def _accounts(proof: Proof) -> Iterator[Account]:
    steps = iter(proof.steps)
    for equation in proof.equations:
        taken: list[Step] = []
        current = equation.left
        while current != equation.right:
            taken.append(next(steps))
            current = taken[-1].after
        worked = next(
            (term for term in (equation.left, *(step.after for step in taken)) if isinstance(term, Table)),
            None,
        )
        if worked is not None and constant(worked) is None:
            yield Account(equation, tuple(taken), prod(worked.shape), len(worked.entries))
        else:
            yield Account(equation, tuple(taken), 0, 0)


def proof_document(proof: Proof) -> Document:
    """Write a proof as a document: the theorem for its layer, and an item for every equation."""
    theorem = proof.theorem
    claims = Display(*(_equation(equation) for equation in proof.equations))
    heading = f"{theorem.name}, {'for this layer' if proof.scope == 'this layer' else proof.scope}"
    statement = Theorem("Theorem", heading, (Paragraph(f"{theorem.title}:"), claims))
    blocks: list[Block] = [Paragraph((Text(f"The layer is {proof.goal.layer!r}."),))]
    blocks += [Paragraph((Text(f"Assumed is that {words}."),)) for words in proof.assumptions]
    blocks.append(List(tuple(Listed(tuple(_item(account))) for account in accounts(proof)), ordered=True))
    blocks.append(Paragraph("Every step was checked by the proof kernel."))
    return Document(theorem.title, (statement, ProofBlock(tuple(blocks))))


def _equation(equation: Equation) -> Math:
    return Relation(formula(equation.left), "=", formula(equation.right))


def _item(account: Account) -> Iterator[Block]:
    yield Display(_equation(account.equation))
    yield Paragraph(tuple(_legend(account.equation)))
    used = ", ".join(account.rules)
    yield Paragraph((Text(f"Rules used: {used}. {compared(account)}" if used else compared(account)),))


def _legend(equation: Equation) -> Iterator[str | Math]:
    """Say what the symbols of an equation stand for."""
    yield "Here "
    for number, term in enumerate(definitions(equation)):
        if number:
            yield ", "
        if (value := constant(term.value)) is not None:
            yield Relation(formula(term), "=", value)
        else:
            yield formula(term)
            yield f" is {term.meaning}"
    yield "."


def definitions(equation: Equation) -> tuple[Defined, ...]:
    """List the symbols of an equation with their definitions, each once.

    >>> from symtconv import Conv, prove
    >>> [term.symbol for term in definitions(prove("stamps", Conv(3, 2)).equations[0])]
    ['z', 'C', 'v']
    """
    found = (term for side in (equation.left, equation.right) for term in _definitions(side))
    return tuple({term.symbol: term for term in found}.values())


def _definitions(term: Term) -> Iterator[Defined]:
    if isinstance(term, Defined):
        yield term
        return
    for _, child in children(term):
        yield from _definitions(child)


def compared(account: Account) -> str:
    """Say in words what was compared.

    >>> from symtconv import Conv, prove
    >>> compared(accounts(prove("jacobian", Conv(3, 2)))[0])
    'All 6 entries agree: 4 are filled, 2 are zero.'
    """
    if account.entries == 0:
        return "Both sides are the same number."
    zero = account.entries - account.filled
    if account.entries == 1:
        return "The two polynomials agree term by term."
    return (
        f"All {account.entries} entries agree: {account.filled} {'is' if account.filled == 1 else 'are'} filled, "
        f"{zero} {'is' if zero == 1 else 'are'} zero."
    )


def formula(term: Term) -> Math:
    """Write a term of the kernel as a formula."""
    if isinstance(term, Defined):
        return Name(term.symbol) if term.symbol.isalpha() else Words(term.symbol)
    if (value := constant(term)) is not None:
        return Numeral(value)
    if isinstance(term, Transposed):
        return Transpose(formula(term.of))
    if isinstance(term, Determinant):
        return Operator("det", formula(term.of))
    if isinstance(term, Derivative):
        letter = Name(term.by[0].split("_")[0]) if term.by else Name("x")
        return Gradient(letter, formula(term.of)) if _rank(term.of) == 0 else Partial(formula(term.of), letter)
    if isinstance(term, Compound):
        return _compound(term)
    if isinstance(term, Table):
        return Words(f"({' x '.join(map(str, term.shape))} table)")
    raise ProofError("a formula of a proof", arrived=type(term).__name__, rule="it has no symbol")


def _compound(term: Compound) -> Math:
    left, right = formula(term.left), formula(term.right)
    if term.operation == "+":
        return left + right
    if term.operation == "*":
        if constant(term.left) == -1:
            return Negative(right)
        vectors = _rank(term.left) == _rank(term.right) == 1
        return Inner(left, right) if vectors else left * right
    if term.operation in ("=", "<="):
        return Iverson(Relation(left, {"=": "=", "<=": "<="}[term.operation], right))
    if term.operation == "//":
        return Floor(Quotient(left, right))
    if term.operation == "gcd":
        return Operator("gcd", left, right)
    return Infix({"mod": "mod", "o": "circ", "(x)": "otimes"}[term.operation], left, right)


def _rank(term: Term) -> int:
    """Count the dimensions of what a term stands for."""
    if isinstance(term, Table):
        return len(term.shape)
    if isinstance(term, Defined):
        return _rank(term.value)
    if isinstance(term, Derivative):
        return _rank(term.of) + 1
    if isinstance(term, Transposed):
        return 2
    if isinstance(term, Compound) and term.operation in ("+", "o", "(x)"):
        return _rank(term.left)
    if isinstance(term, Compound) and term.operation == "*":
        left, right = _rank(term.left), _rank(term.right)
        return left + right - 2 if left and right else left + right
    return 0
