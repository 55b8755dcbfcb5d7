"""What stands before the text: the packages, and the settings and environments that a document or a fragment needs."""

from __future__ import annotations

from collections.abc import Sequence

from symtconv.document.escaping import escape
from symtconv.document.palette import PALETTE
from symtconv.document.typesetting import FONTS
from symtconv.errors import SymtconvError

USUAL_STRETCH = r"\setlength{\emergencystretch}{3em}"
NEAR = 400  # the penalty of a break between what is near each other, see _RAGGED

# What a document may ask for beyond amsmath, amssymb and xcolor, in the order in which it must be loaded.
_PACKAGES = {
    "array": r"\usepackage{array}",
    "mathtools": r"\usepackage{mathtools}",
    "booktabs": r"\usepackage{booktabs}",
    "longtable": r"\usepackage{longtable}",
    "amsthm": r"\usepackage{amsthm}",
    "tikz": "\\usepackage{tikz}\n\\usetikzlibrary{arrows.meta}",
    "hyperref": r"\usepackage[colorlinks,allcolors=blue]{hyperref}",
}

# A display after a short line stands as far below it as after a long one.
_SKIPS = r"\everydisplay\expandafter{\the\everydisplay\abovedisplayshortskip\abovedisplayskip}"
_NO_ORPHANS = r"\makeatletter\clubpenalty\@M\@clubpenalty\@M\widowpenalty\@M\displaywidowpenalty\@M\makeatother"
_TIES = (
    r"\makeatletter\newcommand{\tiedabove}{\@beginparpenalty\@M}"
    rf"\newcommand{{\nearabove}}{{\@beginparpenalty{NEAR}\relax}}\makeatother"
)
# The stretch at the head of a page, which the ragged bottom takes up, tells TeX how bad an empty foot is: 100 for a
# fifth of the page, 800 for two fifths. So a penalty says how much of a page may stay empty to spare a break.
_RAGGED = (
    r"\raggedbottom\setlength{\topskip}{11pt plus .2\textheight}\makeatletter\@secpenalty-50\@lowpenalty20\makeatother"
)
_SHARED = "\n".join((r"\allowdisplaybreaks\setlength{\jot}{5pt}", _SKIPS, _NO_ORPHANS, _TIES))

# Numbered statements under a heading of their own, defined once however many fragments a document has.
_THEOREMS = r"""
\providecommand{\statementheading}{}
\ifcsname namedstatement\endcsname\else\theoremstyle{plain}\newtheorem{namedstatement}{\statementheading}\fi
\newenvironment{statement}[1]{\renewcommand{\statementheading}{#1}\namedstatement}{\endnamedstatement}
\renewcommand{\qedsymbol}{$\blacksquare$}
\makeatletter\newcommand{\tiedbelow}{\@endparpenalty\@M}\makeatother
""".strip()


def _loaded(packages: frozenset[str]) -> list[str]:
    """Give the lines that load what a document asks for, in the order in which it must be loaded."""
    unknown = packages - set(_PACKAGES) - {"xcolor"}
    if unknown:
        raise SymtconvError("the packages of a document", arrived=str(sorted(unknown)), rule="the preamble lacks them")
    return [line for name, text in _PACKAGES.items() if name in packages for line in text.splitlines()]


def _math_sizes() -> str:
    return "".join(rf"\DeclareMathSizes{{{a:g}}}{{{a:g}}}{{{b:g}}}{{{c:g}}}" for a, b, c in FONTS.values())


def fragment_head(packages: frozenset[str], colours: Sequence[str]) -> tuple[str, ...]:
    """Say what the preamble needs, and define what only this text uses, in a group of its own."""
    needed = (r"\usepackage{amsmath,amssymb,xcolor}", *_loaded(packages))
    return (
        "% For the preamble:",
        *(f"%   {line}" for line in needed),
        r"\begingroup",
        *(rf"\definecolor{{{name}}}{{HTML}}{{{PALETTE[name]}}}" for name in colours),
        *([_THEOREMS] if "amsthm" in packages else []),
        _SHARED,
    )


def preamble(packages: frozenset[str], title: str) -> str:
    """Give the preamble of an article with a title for the properties of its PDF."""
    colours = "\n".join(rf"\definecolor{{{name}}}{{HTML}}{{{code}}}" for name, code in PALETTE.items())
    links = _loaded(packages & {"hyperref"})
    if links and title:
        links.append(rf"\hypersetup{{pdftitle={{{escape(title)}}}}}")
    return "\n".join(
        (
            r"\documentclass[11pt]{article}",
            r"\usepackage[a4paper,margin=25mm]{geometry}",
            r"\usepackage[T1]{fontenc}",
            r"\usepackage[utf8]{inputenc}",
            r"\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}",
            r"\usepackage{microtype}",
            r"\usepackage{amsmath,amssymb,xcolor}",
            *_loaded(packages - {"hyperref"}),
            colours,
            *links,
            _math_sizes(),
            *([_THEOREMS] if "amsthm" in packages else []),
            _SHARED,
            _RAGGED,
            r"\setlength{\parindent}{0pt}\setlength{\parskip}{6pt plus 2pt}" + USUAL_STRETCH,
        )
    )
