"""A proof for all sizes, or of a claim of one's own, as blocks of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symtconv.document.mathematics import Math, Name, Relation
from symtconv.document.nodes import (
    Block,
    Display,
    Document,
    Inline,
    List,
    Listed,
    Paragraph,
    ProofBlock,
    Strong,
    Text,
    Theorem,
)
from symtconv.document.words import WORDS
from symtconv.proofs.claims import Claim
from symtconv.proofs.kernel import Proof, Step
from symtconv.proofs.terms import Equation
from symtconv.proofs.universal import Universal
from symtconv.telling.casework import Told, argument, divisor
from symtconv.telling.formulas import claim_math, definition_math
from symtconv.telling.lines import common_brackets, parts
from symtconv.telling.statements import statement_content
from symtconv.telling.sums import derivation_blocks, sum_math

DIVISOR, BESIDE = "a divisor is not 0", ", beside other axes"
PARTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
DEEPEST = 3  # lists within lists; LaTeX has four
Content = tuple[str | Inline | Math, ...]


def universal_document(proof: Proof) -> Document:
    """Write a proof for all sizes as a document."""
    theorem = proof.theorem
    heading = f"{theorem.name}, for all sizes"
    statement = Theorem(WORDS.theorem, (Text(heading),), universal_statement(theorem.universal))
    blocks = (*proof_blocks(proof), checked(proof, theorem.source))
    return Document((Text(theorem.title),), (statement, ProofBlock(blocks)))


def claim_document(proof: Proof) -> Document:
    """Write the proof of a claim of one's own as a document."""
    claim: Claim = proof.theorem
    where = f", where {', '.join(claim.where)}" if claim.where else ""
    given: tuple[Block, ...] = (Paragraph(assumed(claim.assuming)),) if claim.assuming else ()
    statement = Theorem(WORDS.theorem, "", (Paragraph((*statement_math(claim.name + where), ".")), *given))
    return Document("A claim about whole numbers", (statement, ProofBlock((*proof_blocks(proof), checked(proof)))))


def universal_statement(universal: Universal) -> tuple[Block, ...]:
    """Write what is proved, part by part, and what of."""
    common = set(universal.assumed)
    items: list[Listed] = []
    for part in universal.parts:
        own = tuple(text for text in part.assumed if text not in common)
        told = Paragraph((*capital(statement_math(part.statement)), "."))
        items.append(Listed((told, *((Paragraph(assumed(own)),) if own else ()))))
    if items:
        count = PARTS.get(len(items), str(len(items)))
        says: tuple[Block, ...] = (Paragraph(f"It has {count} parts:"), List(tuple(items), ordered=True))
    else:
        says = (Paragraph((*capital(statement_math(universal.statement)), ".")),)
    return (*says, Paragraph(assumed(universal.assumed))) if universal.assumed else says


def assumed(texts: Sequence[str]) -> Content:
    """Say what is assumed: of formulas, that it holds where they do."""
    formulas = all(claim_math(text) is not None for text in texts)
    return ("This holds where " if formulas else "Assumed: ", *assumptions(texts), ".")


def checked(proof: Proof, source: str = "") -> Paragraph:
    """Say how many steps the kernel has checked."""
    count = f"{len(proof.steps):,} step{'s' if len(proof.steps) != 1 else ''}"
    told = f"The proof kernel has checked every step, {count} in all."
    return Paragraph((Text(told + (f" Source: {source}." if source else "")),))


def assumptions(texts: Sequence[str]) -> Content:
    """List what is assumed, formulas as formulas."""
    found: list[str | Inline | Math] = []
    for place, text in enumerate(texts):
        formula = claim_math(text)
        words = statement_content(text) if formula is None else (formula,)
        found += ["; " if place and formula is None else ", " if place else "", *words]
    return tuple(piece for piece in found if piece != "")


def statement_math(text: str) -> Content:
    """Write a claim, perhaps with definitions and further claims, or a statement in words."""
    found: list[str | Inline | Math] = []
    for place, part in enumerate(text.split("; ")):
        claim, _, given = part.partition(", where ")
        claim, _, conditions = claim.partition(", if ")
        given, _, more = given.partition(", if ")
        formula = claim_math(claim)
        if formula is None:
            return statement_content(text)
        defined = [definition_math(one) for one in _split(given)] if given else []
        if any(one is None for one in defined):
            return statement_content(text)
        found += ["; " if place else "", formula]
        for number, one in enumerate(one for one in defined if one is not None):
            found += [", where " if number == 0 else ", ", one]
        if conditions or more:
            found += [", if ", *assumptions(_split(conditions or more))]
    return tuple(piece for piece in found if piece != "")


def _split(text: str) -> list[str]:
    """Part a list at the commas outside brackets."""
    found, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [one.strip() for one in found]


def proof_blocks(proof: Proof) -> tuple[Block, ...]:
    """Tell a proof, equation by equation."""
    return tuple(_blocks(proof))


def _blocks(proof: Proof) -> Iterator[Block]:
    told = list(parts(proof))
    universal = getattr(proof.theorem, "universal", None)
    if universal is None:
        yield from _claim_blocks(told)
        return
    start = 0
    for place, part in enumerate(universal.parts or (universal,), start=1):
        own = told[start : start + len(part.equations())]
        start += len(own)
        blocks = list(_claim_blocks(own) if part.sequents() else _sum_blocks(own, part.statement))
        if universal.parts:
            yield Paragraph((Strong(f"Part {place}."),))
        yield from blocks


def _sum_blocks(told: Sequence[tuple[Equation, tuple[Step, ...]]], statement: str) -> Iterator[Block]:
    """Tell a proof about sums, equation by equation.

    What is said beside other axes after it was said of one axis is proved in the same way, and not told again.
    """
    known: set[str] = set()
    for equation, steps in told:
        if equation.says.endswith(BESIDE):
            hidden = common_brackets(equation)
            yield Paragraph("Beside other axes all arrays have the indices of these as well:")
            yield Display(Relation(sum_math(equation.left, hidden), "=", sum_math(equation.right, hidden)))
            yield Paragraph((
                "The calculation is the same, each term with its coefficients ", Name("tau"), "; it was checked, too."
            ))  # fmt: skip
            continue
        if len(told) > 1 or equation.says not in statement:
            yield Paragraph((*capital(statement_content(equation.says)), "."))
        yield from derivation_blocks(equation, steps, known)


def _claim_blocks(told: Sequence[tuple[Equation, tuple[Step, ...]]]) -> Iterator[Block]:
    """Tell a proof about whole numbers: that no divisor is 0, and then the claim."""
    claims = [one for one in told if one[0].says != DIVISOR]
    yield from _divisors([one for one in told if one[0].says == DIVISOR])
    for equation, steps in claims:
        if len(claims) > 1:
            yield Paragraph(("To show: ", *_said(equation), "."))
        yield from number_blocks(argument(equation, steps), steps)


def capital(content: Content) -> Content:
    """Begin a sentence with a capital letter, unless it begins with a formula."""
    first, *rest = content
    if isinstance(first, Text) and first.text[:2].isalpha():
        first = Text(first.text[:1].upper() + first.text[1:])
    return (first, *rest)


def _said(equation: Equation) -> Content:
    formula = claim_math(equation.says)
    return statement_content(equation.says) if formula is None else (formula,)


def _divisors(equations: Sequence[tuple[Equation, tuple[Step, ...]]]) -> Iterator[Block]:
    """Say that no divisor is 0: in a few words where it is given, else with the argument."""
    given: list[Math] = []
    open_: list[Block] = []
    for equation, steps in equations:
        found = divisor(equation, steps)
        if found is None:
            told = [line for line in argument(equation, steps) or () if not _speaks_of_the_claim(line)]
            open_ += [block for block in number_blocks(told, steps) if block not in open_]
        else:
            given += [piece for piece in found if isinstance(piece, Math) and piece not in given]
    if given:
        listed = [
            piece for number, one in enumerate(given) for piece in (" and " if number else "", one) if piece != ""
        ]
        yield Paragraph(("No divisor is 0: ", *listed, "."))
    if open_:
        yield Paragraph("The other divisors are not 0 either." if given else "No divisor is 0.")
        yield from open_


def _speaks_of_the_claim(line: Told) -> bool:
    """Whether a line is about what is to be shown, which is only that a divisor is not 0."""
    first = line.content[0]
    return isinstance(first, str) and first.startswith(("What is to be", "This proves", "The claim follows"))


def number_blocks(told: list[Told] | None, steps: tuple[Step, ...]) -> tuple[Block, ...]:
    """Write an argument by cases; where there is none, the reasons of its steps."""
    if told is None:
        reasons = dict.fromkeys(f"{step.rule}: {step.reason}" for step in steps)
        return (List(tuple((Text(reason),) for reason in reasons)),)
    blocks, rest = _cases(told, 0)
    assert not rest
    return blocks


def _cases(told: list[Told], depth: int) -> tuple[tuple[Block, ...], list[Told]]:
    """Write the lines of one case, those of deeper cases as lists within; give what belongs to no deeper one."""
    blocks: list[Block] = []
    words: list[str | Inline | Math] = []
    first = True

    def close() -> None:
        if words:
            blocks.append(Paragraph(tuple(words)))
            words.clear()

    while told:
        line = told[0]
        if line.depth < depth or (line.label and line.depth == depth and not first):
            break
        if line.depth > depth:
            close()
            items: list[Listed] = []
            while told and told[0].depth == depth + 1:
                inner, told = _cases(told, depth + 1)
                items.append(Listed(inner))
            blocks += [List(tuple(items))] if depth < DEEPEST else [block for item in items for block in item.blocks]
            first = False
            continue
        if line.label:
            words += [Strong(f"{line.label}:"), " "]
        elif _long(line):
            close()
        words += [*line.content, " "]
        if _long(line) or (line.label and not _is_short(told, depth)):
            close()
        told, first = told[1:], False
    close()
    return tuple(blocks), told


def _is_short(told: list[Told], depth: int) -> bool:
    """Whether a case has one short sentence besides its label."""
    rest = [line for line in told[1:3] if line.depth == depth and not line.label]
    return len(rest) == 1 and not _long(rest[0]) and (len(told) < 3 or told[2].depth <= depth)


def _long(line: Told) -> bool:
    return len(line.content) > 5
