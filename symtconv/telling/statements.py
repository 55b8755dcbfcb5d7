"""Statements of the catalogue with their formulas set as formulas; what is not understood stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symtconv.document.mathematics import (
    Apply,
    BigSum,
    Ceil,
    Derivative,
    Dots,
    Floor,
    Gradient,
    Infix,
    Inner,
    Iverson,
    Like,
    Listing,
    Math,
    Negative,
    Number,
    Operator,
    Parenthesised,
    Power,
    Quotient,
    Relation,
    Subscript,
    Sum,
    Times,
    Transpose,
    as_math,
)
from symtconv.document.nodes import Inline, Text
from symtconv.proofformulas import symbol

_TOKEN = re.compile(
    r"\s*(?P<number>\d+)|\s*(?P<name>[A-Za-z]+(?:_(?:\w+))?\d*(?:'*))(?P<call>\()?"
    r"|(?P<space>\s*)(?P<mark><=|>=|!=|\^T|\(x\)|[-+*/^()\[\]<>=,])"
)
_ENTRY = r"([a-z](?:\[[^\]]*\])?)"
_RANGE = re.compile(r"([\w+*/()-]+)\.\.([\w+*/()-]+)([,;:.)]*)")
MOST_CHUNKS = 60
_NAMES = {"lo", "hi", "op", "tau", "theta", "sigma", "rho", "diag", "flip", "fold", "unfold", "vec", "box_s", "box"}
_APPLIED = {"tau", "fold", "unfold", "flip", "T", "R", "det", "diag"}
_RELATIONS = {"<=", ">=", "!=", "<", ">", "="}
_JOINING = {"+", "-", "*", "/", "mod", "(x)", *_RELATIONS}
_OUTER = re.compile(r"^(?P<front>[(]*)(?P<body>.*?)(?P<back>[,;:.)]*)$", re.DOTALL)


class _OddError(Exception):
    """This is no formula of the small language of statements."""


def statement_content(text: str) -> tuple[str | Inline | Math, ...]:
    """Give a statement as words and formulas.

    >>> [type(piece).__name__ for piece in statement_content("o = floor((n - k)/s) + 1 outputs of a layer")]
    ['Relation', 'Text']
    """
    found: list[str | Inline | Math] = []
    words = ""
    for piece in _pieces(text):
        if isinstance(piece, str):
            words += piece
            continue
        found += [*([Text(words)] if words else []), piece]
        words = ""
    return (*found, *([Text(words)] if words else []))


def _pieces(text: str) -> Iterator[str | Math]:
    """Take the longest formula that begins at each word, or the word."""
    chunks = re.findall(r"\S+|\s+", text)
    place = 0
    while place < len(chunks):
        if (found := _range(chunks[place])) is not None:
            yield from found
            place += 1
            continue
        end, found = _longest(chunks, place)
        if found is None:
            yield chunks[place]
            place += 1
            continue
        front, formula, back = found
        yield from (front, formula, back)
        place = end


def _range(chunk: str) -> tuple[str, Math, str] | None:
    """Read 0..o-1."""
    match = _RANGE.fullmatch(chunk)
    try:
        ends = [_Reader(end).formula() for end in match.groups()[:2]] if match else []
    except _OddError:
        return None
    return ("", Listing(ends[0], Dots("low"), ends[1]), match[3]) if match else None


def _longest(chunks: list[str], place: int) -> tuple[int, tuple[str, Math, str] | None]:
    """Find the longest run of words from a place on that is a formula, with the marks before and after it."""
    if chunks[place].isspace() or not _may_begin(chunks, place):
        return place, None
    words = (at for at in range(place, len(chunks)) if _is_word(chunks[at]))
    for end in range(min(next(words, len(chunks)), place + MOST_CHUNKS), place, -1):
        if chunks[end - 1].isspace() or chunks[end - 1] in _JOINING:
            continue
        for front, body, back in _trimmed("".join(chunks[place:end])):
            if any(" a" in body[at : at + 3] and not _is_number_a(body, at) for at in range(len(body))):
                continue
            try:
                return end, (front, _Reader(body).formula(), back)
            except _OddError:
                continue
    return place, None


def _is_word(chunk: str) -> bool:
    """Whether a chunk is a word of the language, rather than a part of a formula."""
    match = re.fullmatch(r"[(]*([A-Za-z-]{2,})[,;:.)]*", chunk)
    return match is not None and match[1] != "mod" and not _is_symbol(match[1])


def _is_number_a(body: str, at: int) -> bool:
    """Whether " a" is the number a, beside a mark, rather than the article."""
    after = body[at + 2 : at + 3]
    if after.isalnum() or after in {"'", "_"}:
        return True
    return body[:at].rstrip()[-1:] in "+-*/=<>(,[" or body[at + 2 :].lstrip()[:1] in tuple("+-*/=<>")


def _may_begin(chunks: list[str], place: int) -> bool:
    """Whether a formula may begin here: not with the article a, and not in the middle of a word."""
    if chunks[place].strip("(,.;:)") in {"a", "A", "I"}:
        after = next((chunk for chunk in chunks[place + 1 :] if not chunk.isspace()), "")
        return after in _JOINING
    return True


def _trimmed(text: str) -> Iterator[tuple[str, str, str]]:
    """Give a run as it is, and without marks before and after it that are the sentence's."""
    match = _OUTER.match(text)
    assert match is not None
    bare = text.rstrip(",;:.")
    seen = set()
    for front, body in ((0, bare), (len(match["front"]), bare[len(match["front"]) :])):
        for back in range(len(body) - len(body.rstrip(")")) + 1):
            inner = body[: len(body) - back] if back else body
            if inner and inner not in seen and inner.count("(") == inner.count(")"):
                seen.add(inner)
                yield text[:front], inner, text[front + len(inner) :]


class _Reader:
    """Reads one formula by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def formula(self) -> Math:
        found = self.relation()
        if self.at != len(self.text):
            raise _OddError
        return found

    def look(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def takes(self, *marks: str) -> str:
        match = self.look()
        if match is not None and match["mark"] in marks:
            self.at = match.end()
            return str(match["mark"])
        if "mod" in marks and re.match(r"\s*mod\b", self.text[self.at :]):
            self.at += len(re.match(r"\s*mod\b", self.text[self.at :])[0])  # type: ignore[index]
            return "mod"
        return ""

    def needs(self, mark: str) -> None:
        if not self.takes(mark):
            raise _OddError

    def relation(self) -> Math:
        parts: list[Like] = [self.sum()]
        while mark := self.takes(*_RELATIONS):
            parts += [mark, self.sum()]
        return Relation(*parts) if len(parts) > 1 else as_math(parts[0])

    def sum(self) -> Math:
        terms: list[Math] = [Negative(self.product())] if self.takes("-") else [self.product()]
        while mark := self.takes("+", "-"):
            one = self.product()
            terms.append(Negative(one) if mark == "-" else one)
        return Sum(*terms) if len(terms) > 1 else terms[0]

    def product(self) -> Math:
        factors: list[Math] = [self.power()]
        while True:
            if self.takes("*"):
                factors.append(self.power())
            elif mark := self.takes("/", "mod", "(x)"):
                left = Times(*factors) if len(factors) > 1 else factors[0]
                right = self.power()
                left, right = (_bare(left), _bare(right)) if mark == "/" else (left, right)
                factors = [
                    Quotient(left, right) if mark == "/" else Infix("mod" if mark == "mod" else "otimes", left, right)
                ]
            elif self.begins_factor():
                factors.append(self.power())
            else:
                return Times(*factors) if len(factors) > 1 else factors[0]

    def begins_factor(self) -> bool:
        match = self.look()
        if match is None or re.match(r"\s*mod\b", self.text[self.at :]):
            return False
        return bool(match["name"] or match["number"] or match["mark"] in {"(", "["})

    def power(self) -> Math:
        base = self.atom()
        while True:
            if self.takes("^T"):
                base = Transpose(base)
            elif self.takes("^"):
                base = Power(base, self.atom())
            elif self.text[self.at : self.at + 1] == "[":
                self.needs("[")
                base = Subscript(base, *self.listed("]"))
            else:
                return base

    def listed(self, end: str) -> list[Math]:
        found = [self.relation()]
        while self.takes(","):
            found.append(self.relation())
        self.needs(end)
        return found

    def atom(self) -> Math:
        if second := re.match(rf"\s*d2{_ENTRY}/d{_ENTRY}\s?d{_ENTRY}", self.text[self.at :]):
            self.at += second.end()
            of, first, last = (_Reader(part).formula() for part in second.groups())
            return Derivative(Derivative(of, first, operator=True), last, operator=True)
        if derivative := re.match(r"\s*d(<[^>]*>|[a-z]\[[^\]]*\])/d([a-z]\[[^\]]*\]|[a-z]\b)", self.text[self.at :]):
            self.at += derivative.end()
            return Derivative(_Reader(derivative[1]).formula(), _Reader(derivative[2]).formula())
        match = self.look()
        if match is None:
            raise _OddError
        if match["number"]:
            self.at = match.end()
            return Number(int(match["number"]))
        if match["name"]:
            self.at = match.end("name")
            return self.named(match["name"])
        if self.takes("("):
            inside = self.listed(")")
            return Parenthesised(inside[0] if len(inside) == 1 else Listing(*inside))
        if self.takes("["):
            inner = self.relation()
            self.needs("]")
            return Iverson(inner)
        if self.takes("<"):
            left = self.sum()
            self.needs(",")
            right = self.sum()
            self.needs(">")
            return Inner(left, right)
        raise _OddError

    def named(self, name: str) -> Math:
        if name.startswith("sum_"):
            return BigSum(symbol(name[4:]), None, self.product())
        if name.startswith("grad_"):
            return Gradient(symbol(name[5:]), self.power())
        called = self.text[self.at : self.at + 1] == "("
        if name in {"floor", "ceil", "max", "min", "gcd"} and called:
            self.needs("(")
            inside = self.listed(")")
            if name in {"floor", "ceil"} and len(inside) == 1:
                return Floor(inside[0]) if name == "floor" else Ceil(inside[0])
            return Operator(name, *inside)
        if not _is_symbol(name):
            raise _OddError
        if called and name in _APPLIED:
            self.needs("(")
            return Apply(symbol(name), *self.listed(")"))
        return symbol(name)


def _bare(one: Math) -> Math:
    return as_math(one.of) if isinstance(one, Parenthesised) else one


def _is_symbol(name: str) -> bool:
    letters = re.match(r"[A-Za-z]+", name)
    return letters is not None and (len(letters[0]) == 1 or letters[0] in _NAMES or name in _NAMES)
