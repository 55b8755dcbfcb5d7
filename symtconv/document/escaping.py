"""The one place where a string of the user's becomes LaTeX. Every character is literal: it prints as itself, or the
string is refused; none is ever a command.
"""

from __future__ import annotations

import unicodedata

from symtconv.errors import SymtconvError

# Characters that mean something to TeX, or melt with a neighbour into another glyph.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}

# Two of these in a row would melt into one glyph: an en dash, a low quotation mark, closing quotation marks.
_MELTING = frozenset("-,'")

# Punctuation and signs that the T1 and TS1 encodings print.
_SIGNS = {
    "\u00a0": "~",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "„": r"\quotedblbase{}",
    "‚": r"\quotesinglbase{}",
    "«": r"\guillemetleft{}",
    "»": r"\guillemetright{}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "…": r"\textellipsis{}",
    "•": r"\textbullet{}",
    "¡": r"\textexclamdown{}",
    "¿": r"\textquestiondown{}",
    "§": r"\textsection{}",
    "¶": r"\textparagraph{}",
    "©": r"\textcopyright{}",
    "®": r"\textregistered{}",
    "™": r"\textsuperscript{TM}",
    "°": r"\textdegree{}",
    "µ": r"\textmu{}",
    "£": r"\textsterling{}",
    "¥": r"\textyen{}",
    "€": r"\texteuro{}",
    "†": r"\textdagger{}",
    "‡": r"\textdaggerdbl{}",
    "½": r"\textonehalf{}",
    "¼": r"\textonequarter{}",
    "¾": r"\textthreequarters{}",
    "¹": r"\textonesuperior{}",
    "²": r"\texttwosuperior{}",
    "³": r"\textthreesuperior{}",
    "\u2010": "-",
    "\u2011": r"\mbox{-}",
}

GREEK = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
)
_GREEK_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", GREEK, strict=True))

# Mathematical signs within words.
_MATHEMATICAL = {
    **{letter: rf"\{name}" for letter, name in _GREEK_LETTERS.items()},
    "×": r"\times",
    "÷": r"\div",
    "±": r"\pm",
    "·": r"\cdot",
    "¬": r"\lnot",
    "−": "-",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "≈": r"\approx",
    "≡": r"\equiv",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "∀": r"\forall",
    "∃": r"\exists",
    "∑": r"\textstyle\sum",
    "∏": r"\textstyle\prod",
    "∂": r"\partial",
    "∇": r"\nabla",
    "√": r"\surd",
    "∞": r"\infty",
    "→": r"\to",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "↦": r"\mapsto",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "⊗": r"\otimes",
    "⊕": r"\oplus",
    "∘": r"\circ",
    "∧": r"\land",
    "∨": r"\lor",
    "∩": r"\cap",
    "∪": r"\cup",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "ℓ": r"\ell",
}

# Letters outside ASCII that T1 holds as such, without a made-up accent.
_LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž"
)

# A word of more letters than this may be broken anywhere, so that it cannot stick out into the margin.
_LONG_WORD = 30


def greek(text: str) -> str | None:
    """Give the name of a Greek letter that is written as a letter or by its name, else None.

    >>> greek("τ"), greek("tau"), greek("lo")
    ('tau', 'tau', None)
    """
    if text in GREEK:
        return text
    return _GREEK_LETTERS.get(text)


def escape(text: str) -> str:
    r"""Turn words into LaTeX that prints them as they stand; runs of white space become one space.

    >>> escape(r"\input{a} 50% <<")
    '\\textbackslash{}input\\{a\\} 50\\% \\textless{}\\textless{}'
    """
    normal = unicodedata.normalize("NFC", text)
    printed: list[str] = []
    letters = 0
    for character, following in zip(normal, (normal + "\0")[1:], strict=True):
        if character in " \t\n\r":
            if not printed or printed[-1] != " ":
                printed.append(" ")
            letters = 0
            continue
        printed.append(_printed(character, text))
        if character in _MELTING and following in (character, "\0"):
            printed.append("{}")
        letters += 1
        if letters % _LONG_WORD == 0:
            printed.append(r"\allowbreak{}")
    return "".join(printed)


def escape_code(text: str) -> str:
    r"""Turn one line of a program into LaTeX for typewriter letters, every space kept.

    >>> escape_code("a  = b_c'")
    'a\\ \\ =\\allowbreak{}\\ b\\_\\allowbreak{}c\\textquotesingle{}'
    """
    printed: list[str] = []
    for number, character in enumerate(text, start=1):
        if character in "\n\r":
            raise SymtconvError("a line of a program", arrived=repr(text), rule="it is one line")
        if character == " ":
            printed.append(r"\ ")
        elif character == "\t":
            printed.append(r"\ " * 4)
        elif character == "'":
            printed.append(r"\textquotesingle{}")
        else:
            printed.append(_printed(character, text) + "{}" * (character in _MELTING))
        if character in "_.,/=(" or number % _LONG_WORD == 0:
            printed.append(r"\allowbreak{}")
    return "".join(printed)


def escape_address(address: str) -> str:
    r"""Turn the address of a page into the argument of a link.

    >>> escape_address("https://example.org/a_b?c=1%20&d#e")
    'https://example.org/a_b?c=1\\%20\\&d\\#e'
    """
    if not address.isascii() or not address.isprintable() or set(address) & set(' \\{}<>"^`|~$'):
        raise SymtconvError(
            "the address of a link",
            arrived=repr(address),
            rule="it holds only characters of an address",
            remedy="Percent-encode the others.",
        )
    for character in "%&#":
        address = address.replace(character, "\\" + character)
    return address


def _printed(character: str, text: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _SIGNS:
        return _SIGNS[character]
    if character in _MATHEMATICAL:
        return rf"\ensuremath{{{_MATHEMATICAL[character]}}}"
    if (character.isascii() and character.isprintable()) or character in _LETTERS:
        return character
    raise SymtconvError(
        "words for a LaTeX document",
        arrived=f"{text!r} with {unicodedata.name(character, 'the control character')} (U+{ord(character):04X})",
        rule="the fonts of LaTeX do not have that character",
        remedy="Spell it out.",
    )
