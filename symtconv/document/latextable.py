"""Sets tables in LaTeX. Columns whose words are too long share the width that the others leave, and wrap."""

from __future__ import annotations

from collections.abc import Sequence

from symtconv.document.latexinline import inline, numbered
from symtconv.document.markup import Markup, joined
from symtconv.document.nodes import Content, TableBlock
from symtconv.document.widths import content_width, widest_word
from symtconv.document.words import WORDS
from symtconv.errors import SymtconvError

# How a table is compressed, step by step: its font and the points between its columns
_FITS = (("normalsize", 12.0), ("small", 10.0), ("footnotesize", 8.0), ("scriptsize", 6.0))
_LONG = 30  # rows; a longer table may run over pages


def table(node: TableBlock, room: float) -> Markup:
    """Set a table with rules above, below and under the header."""
    for font, separation in _FITS:
        columns = _columns(node, room, font, separation)
        if columns is not None:
            return _written(node, columns, font, separation, room)
    raise SymtconvError(
        "a table on the page",
        arrived=f"{len(node.header)} columns",
        rule=f"their longest words do not fit {room:.0f} pt",
        remedy="Part it into tables with fewer columns.",
    )


def _columns(node: TableBlock, room: float, font: str, separation: float) -> list[float | None] | None:
    """Give each column None for its natural width or the width at which it wraps; None if the table cannot fit."""
    grid = list(zip(node.header, *node.rows, strict=True))
    natural = [max(content_width(cell, font=font) for cell in cells) for cells in grid]
    least = [max(widest_word(cell, font=font) for cell in cells) + 2 for cells in grid]
    free = room - separation * (len(grid) - 1)
    if sum(natural) <= free:
        return [None] * len(grid)
    if sum(least) > free:
        return None
    return _shared(natural, least, free)


def _shared(natural: Sequence[float], least: Sequence[float], free: float) -> list[float | None]:
    """Give narrow columns what they want and share the rest fairly, each at least its longest word."""
    widths: list[float | None] = [None] * len(natural)
    wide = list(range(len(natural)))
    while True:
        share = free / len(wide) if wide else 0.0
        narrow = [number for number in wide if natural[number] <= share]
        if not narrow:
            break
        free -= sum(natural[number] for number in narrow)
        wide = [number for number in wide if number not in narrow]
    while wide:
        share = free / len(wide)
        forced = [number for number in wide if least[number] > share]
        if not forced:
            break
        for number in forced:
            widths[number] = least[number]
            free -= least[number]
        wide = [number for number in wide if number not in forced]
    for number in wide:
        widths[number] = free / len(wide)
    return widths


def _written(node: TableBlock, columns: Sequence[float | None], font: str, separation: float, room: float) -> Markup:
    kinds = "".join(
        "l" if width is None else rf">{{\raggedright\arraybackslash}}p{{{width:.1f}pt}}" for width in columns
    )
    rooms = [room if width is None else width for width in columns]
    header = _row(node.header, rooms)
    rows = [_row(row, rooms) for row in node.rows]
    body = joined(rows, "\\\\\n")
    packages = header.packages | body.packages | {"booktabs", "array"}
    size = "" if font == "normalsize" else f"\\{font}\\setlength{{\\tabcolsep}}{{{separation / 2:g}pt}}"
    caption = Markup("")
    if node.caption:
        number = numbered("table", WORDS.table)
        caption = rf"\par\smallskip{{\small {number}" + inline(node.caption, room) + r"\par}"
        packages |= caption.packages
    if len(node.rows) > _LONG:
        text = (
            f"\\begingroup{size}\n\\begin{{longtable}}{{@{{}}{kinds}@{{}}}}\\toprule\n{header.text}\\\\\\midrule\n"
            f"\\endhead\n\\bottomrule\\endfoot\n{body.text}\\\\\n\\end{{longtable}}\\endgroup{caption.text}"
        )
        return Markup(text, packages | {"longtable"})
    text = (
        f"\\begin{{center}}{size}\n\\begin{{tabular}}{{@{{}}{kinds}@{{}}}}\\toprule\n{header.text}\\\\\\midrule\n"
        f"{body.text}\\\\\\bottomrule\n\\end{{tabular}}{caption.text}\n\\end{{center}}"
    )
    return Markup(text, packages)


def _row(cells: Sequence[Content], rooms: Sequence[float]) -> Markup:
    settings = [inline(cell, room) for cell, room in zip(cells, rooms, strict=True)]
    if settings[0].text.startswith(("[", "*")):
        settings[0] = "{}" + settings[0]
    return joined(settings, "&")
