"""A proof as something to read: what each equation says, how both sides were worked out, and how they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from symtconv.document.mathematics import Math, Relation
from symtconv.document.nodes import Block, Display, Document, List, Listed, Paragraph, ProofBlock, Text, Theorem
from symtconv.document.words import WORDS
from symtconv.proofformulas import formula
from symtconv.proofs.kernel import Proof, Step
from symtconv.proofs.terms import Defined, Equation, Table, Term, children, constant
from symtconv.telling.universal import universal_document


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
    """Write a proof as a document: the theorem and what it says of its layer, and an item for every equation."""
    if proof.goal.layer is None:
        return universal_document(proof)
    theorem = proof.theorem
    claims = Display(*(_equation(equation) for equation in proof.equations))
    heading = f"{theorem.name}, {'for this layer' if proof.scope == 'this layer' else proof.scope}"
    says = Paragraph(f"{_capital(theorem.statement)}."), Paragraph("Of this layer it says:"), claims
    statement = Theorem(WORDS.theorem, heading, says)
    blocks: list[Block] = [Paragraph((Text(f"The layer is {proof.goal.layer!r}."),))]
    blocks += [Paragraph(f"{kind}: {words}.") for kind, words in presumed(proof)]
    blocks.append(List(tuple(Listed(tuple(_item(account))) for account in accounts(proof)), ordered=True))
    blocks.append(Paragraph(f"Every step was checked by the proof kernel. Source: {theorem.source}."))
    return Document(theorem.title, (statement, ProofBlock(tuple(blocks))))


def presumed(proof: Proof) -> list[tuple[str, str]]:
    """List what a proof presumes: the hypotheses, which this layer meets, and what is taken for granted.

    >>> from symtconv import Conv, prove
    >>> presumed(prove("toeplitz", Conv(3, 2)))[0][0]
    'Hypothesis'
    """
    hypotheses = proof.theorem.hypotheses
    return [("Hypothesis" if words in hypotheses else "Granted", words) for words in proof.assumptions]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:2].isalpha() else text


def _equation(equation: Equation) -> Math:
    return Relation(formula(equation.left), "=", formula(equation.right))


def _item(account: Account) -> Iterator[Block]:
    yield Paragraph(f"{_capital(account.equation.says)}:")
    yield Display(_equation(account.equation))
    legend = tuple(_legend(account.equation))
    if legend:
        yield Paragraph(legend)
    used = ", ".join(account.rules)
    yield Paragraph((Text(f"Rules used: {used}. {compared(account)}" if used else compared(account)),))


def _legend(equation: Equation) -> Iterator[str | Math]:
    """Say what the symbols of an equation stand for."""
    for number, term in enumerate(definitions(equation)):
        yield "; " if number else "Here "
        if (value := constant(term.value)) is not None:
            yield Relation(formula(term), "=", value)
        else:
            yield formula(term)
            yield f": {term.meaning}"
    if definitions(equation):
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
