"""Draws a scene as a TikZ picture: fills first, then grid lines, outlines and arrows, and the labels on top."""

from __future__ import annotations

from symtconv.document.latexinline import inline
from symtconv.document.latexmath import set_math
from symtconv.document.markup import Markup, joined
from symtconv.document.mathematics import Like, Math, as_math
from symtconv.document.palette import hexadecimal
from symtconv.document.typesetting import Context
from symtconv.document.widths import TEXT_WIDTH, content_width
from symtconv.errors import SymtconvError
from symtconv.figures.scene import Arrow, Cell, DoubleArrow, Fill, Frame, Grid, Label, Scene

LARGEST_CELL = 34.0  # points
_USUAL_CELL = 20.0
_LABEL = "small"  # the font of words and labels outside cells
_FONTS = ("small", "footnotesize", "scriptsize")  # of labels in cells
_MARGIN = 3.0  # points between a label and the borders of its cell, together
_SEP = 1.5  # points around a label outside cells
_LEAST_CELL = 2.0
_CLOSE = 0.01  # points
_HIGHEST = 600.0  # points of a picture; its caption stands below on the same page
_TIP = 2.0  # points from the shaft of an arrow to the side of its tip

_STYLES = {
    "solid": "line width=.4pt",
    "thick": "line width=1.2pt",
    "dashed": "line width=.9pt,dash pattern=on 3pt off 2pt",
    "medium": "line width=.6pt",
    "faint": "line width=.3pt,draw=faint",
}
_FONT_HEIGHTS = {"small": 12.0, "footnotesize": 11.0, "scriptsize": 9.5}
_ANCHORS = {"centre": "center", "left": "west", "right": "east", "above": "north", "below": "south"}


def fits_cell(label: Like, w: float = 1, *, across: float = 1, room: float = TEXT_WIDTH) -> bool:
    """Tell whether a label can be read in a cell `w` units wide, in a scene `across` units wide.

    >>> fits_cell("w"), fits_cell("w", across=100), fits_cell("antidisestablishmentarianism")
    (True, False, False)
    """
    cell = min(LARGEST_CELL, room / across)
    return _needed(as_math(label), _FONTS[-1]) <= w * cell and cell >= _FONT_HEIGHTS[_FONTS[-1]]


def tikz(scene: Scene, room: float) -> Markup:
    """Draw a scene no wider than `room` points."""
    unit = cell_size(scene, room)
    font = _cell_font(scene, unit)
    parts = [
        *(_fill(item) for item in scene.items if isinstance(item, Cell) and item.fill),
        *(_grid(item) for item in scene.items if isinstance(item, Grid)),
        *(_outline(item) for item in scene.items if isinstance(item, Frame)),
        *(_arrow(item) for item in scene.items if isinstance(item, Arrow | DoubleArrow)),
        *(_cell_label(item, font) for item in scene.items if isinstance(item, Cell) and item.label is not None),
        *(_label(item) for item in scene.items if isinstance(item, Label)),
        *(_measure(item) for item in scene.items if isinstance(item, DoubleArrow) and item.label != ""),
    ]
    body = joined(parts, "\n")
    options = f"x={unit:.2f}pt,y=-{unit:.2f}pt,every node/.style={{inner sep={_SEP}pt,font=\\{_LABEL}}}"
    text = f"\\begin{{tikzpicture}}[{options}]\n{body.text}\n\\end{{tikzpicture}}"
    return Markup(text, body.packages | {"tikz", "xcolor"})


def cell_size(scene: Scene, room: float) -> float:
    """Give the size of a cell in points: enough for the labels, and so that the scene with its words fits the room."""
    labelled = [item for item in scene.items if isinstance(item, Cell) and item.label is not None]
    wanted = max((_needed(as_math(item.label), "footnotesize") / item.w for item in labelled), default=0.0)
    return min(max(wanted, _USUAL_CELL), _most(scene, room))


def cells_across(scene: Scene, room: float = TEXT_WIDTH) -> float:
    """Give how many of the largest cells that the scene can have, with its words, fit the room: for `fits_cell`."""
    return room / _most(scene, room)


def _most(scene: Scene, room: float) -> float:
    """Give the largest cell with which the scene, its words included, fits the room and a page."""

    def fits(unit: float) -> bool:
        left, right = _extent(scene, unit)
        return right - left <= room

    _, top, _, bottom = scene.bounds
    most = min(LARGEST_CELL, _HIGHEST / max(bottom - top, 1.0))
    if fits(most):
        return most
    least = _LEAST_CELL
    if fits(least):
        while most - least > _CLOSE:
            middle = (least + most) / 2
            least, most = (middle, most) if fits(middle) else (least, middle)
        return least
    raise SymtconvError(
        "a picture on the page",
        arrived=f"a scene {scene.bounds[2] - scene.bounds[0]:g} cells wide",
        rule=f"it does not fit {room:.0f} pt",
        remedy="Show fewer cells.",
    )


def _extent(scene: Scene, unit: float) -> tuple[float, float]:
    """Give the left and right border in points, words included."""
    left, _, right, _ = scene.bounds
    lefts, rights = [left * unit], [right * unit]
    for item in scene.items:
        if isinstance(item, Label):
            x, anchor, content = item.x * unit, item.anchor, item.content
        elif isinstance(item, DoubleArrow) and item.label != "":
            upright = item.x0 == item.x1
            x, anchor, content = (item.x0 + item.x1) / 2 * unit, "right" if upright else "below", item.label
        else:
            continue
        width = 1.05 * content_width(content, font=_LABEL) + 2 * _SEP
        start = {"left": x, "right": x - width}.get(anchor, x - width / 2)
        lefts.append(start)
        rights.append(start + width)
    return min(lefts) - 2, max(rights) + 2


def _needed(label: Math, font: str) -> float:
    return set_math(label, Context(font)).width + _MARGIN


def _cell_font(scene: Scene, unit: float) -> str:
    labelled = [item for item in scene.items if isinstance(item, Cell) and item.label is not None]
    for font in _FONTS:
        if all(
            _needed(as_math(item.label), font) <= item.w * unit and _FONT_HEIGHTS[font] <= item.h * unit
            for item in labelled
        ):
            return font
    raise SymtconvError(
        "labels in the cells of a picture",
        arrived=f"labels wider than cells of {unit:.0f} pt",
        rule="they could not be read",
        remedy="Leave out the labels that fits_cell refuses.",
    )


def _point(x: float, y: float) -> str:
    return f"({x:.4g},{y:.4g})"


def _rectangle(x: float, y: float, w: float, h: float) -> str:
    return f"{_point(x, y)} rectangle {_point(x + w, y + h)}"


def colour(fill: Fill) -> str:
    """Give the colour of a fill in the words of xcolor."""
    for name in (fill.colour, *([fill.mixed_with] if fill.mixed_with else [])):
        hexadecimal(name)
    mixture = f"!50!{fill.mixed_with}" if fill.mixed_with else ""
    return f"{fill.colour}{mixture}!{100 * fill.strength:.0f}"


def _fill(cell: Cell) -> Markup:
    if cell.fill is None:
        return Markup("")
    return Markup(rf"\fill[{colour(cell.fill)}] {_rectangle(cell.x, cell.y, cell.w, cell.h)};")


def _grid(grid: Grid) -> Markup:
    lines = [
        *(
            f"{_point(grid.x, grid.y + row)}--{_point(grid.x + grid.columns, grid.y + row)}"
            for row in range(grid.rows + 1)
        ),
        *(
            f"{_point(grid.x + column, grid.y)}--{_point(grid.x + column, grid.y + grid.rows)}"
            for column in range(grid.columns + 1)
        ),
    ]
    return Markup(rf"\draw[{_STYLES[grid.style]},line cap=rect] {' '.join(lines)};")


def _outline(frame: Frame) -> Markup:
    hexadecimal(frame.colour)
    style = _STYLES[frame.style]
    drawn = style if frame.style == "faint" else f"{style},draw={frame.colour}"
    return Markup(rf"\draw[{drawn}] {_rectangle(frame.x, frame.y, frame.w, frame.h)};")


def _arrow(arrow: Arrow | DoubleArrow) -> Markup:
    hexadecimal(arrow.colour)
    tips = "{Latex}-{Latex}" if isinstance(arrow, DoubleArrow) else "-{Latex}"
    ends = f"{_point(arrow.x0, arrow.y0)}--{_point(arrow.x1, arrow.y1)}"
    return Markup(rf"\draw[{tips},draw={arrow.colour},fill={arrow.colour}] {ends};")


def _cell_label(cell: Cell, font: str) -> Markup:
    label = set_math(as_math(cell.label), Context(font))
    centre = _point(cell.x + cell.w / 2, cell.y + cell.h / 2)
    return Markup(rf"\node[font=\{font},inner sep=0pt] at {centre} {{${label.text}$}};", label.packages)


def _label(label: Label) -> Markup:
    return _words(label.content, label.x, label.y, label.anchor, label.box, label.colour)


def _measure(arrow: DoubleArrow) -> Markup:
    upright = arrow.x0 == arrow.x1
    x, y = (arrow.x0 + arrow.x1) / 2, (arrow.y0 + arrow.y1) / 2
    return _words(arrow.label, x, y, "right" if upright else "below", False, arrow.colour, away=_TIP)


def _behind(box: bool | Fill) -> str:
    if isinstance(box, Fill):
        return f",fill={colour(box)}"
    return ",fill=white" if box else ""


def _words(content: Math | str, x: float, y: float, anchor: str, box: bool | Fill, ink: str, away: float = 0) -> Markup:
    """Write a label; its anchor names the side of the point at which the label's own side stands."""
    hexadecimal(ink)
    words = inline(content, TEXT_WIDTH)
    options = f"anchor={_ANCHORS[anchor]},text={ink}" + _behind(box)
    if away:
        options += f",{'xshift=-' if anchor == 'right' else 'yshift='}{away}pt"
    return Markup(rf"\node[{options}] at {_point(x, y)} {{{words.text}}};", words.packages)


__all__ = ["LARGEST_CELL", "cell_size", "cells_across", "colour", "fits_cell", "tikz"]
