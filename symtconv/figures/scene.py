"""A picture as plain data: cells, outlines, arrows and labels on a plane whose unit is a cell and whose y points down.

Labels are mathematics of `symtconv.document.mathematics` or words, so figures stand on the nodes of the document
floor (and on nothing else of it); the drawers (`tikz.py` and its kind) set them.

>>> from symtconv.document.mathematics import Name
>>> pixels = Scene(Cell(0, 0, Name("x", 0)), Cell(1, 0, Name("x", 1)), Frame(0, 0, 2, 1, "thick"))
>>> merge(pixels, translate(pixels, 3, 1)).bounds
(0, 0, 5, 2)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from symtconv.document.mathematics import Math
from symtconv.errors import SymtconvError

STYLES = ("solid", "medium", "thick", "dashed", "faint")
ANCHORS = ("centre", "left", "right", "above", "below")


@dataclass(frozen=True)
class Fill:
    """A colour of the palette at a strength between 0 and 1 of white, and the second colour that it is mixed with."""

    colour: str
    strength: float = 0.25
    mixed_with: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.strength <= 1:
            raise SymtconvError("a fill", arrived=f"strength {self.strength}", rule="it lies in (0, 1]")


@dataclass(frozen=True)
class Cell:
    """A filled or empty rectangle with a label; `fill` is a `Fill`, `identity` names it for pages that move."""

    x: float
    y: float
    label: Math | None = None
    fill: Fill | None = None
    w: float = 1
    h: float = 1
    identity: str = ""


@dataclass(frozen=True)
class Frame:
    """The outline of a rectangle: "solid", "medium", "thick", "dashed" or "faint"."""

    x: float
    y: float
    w: float
    h: float
    style: str = "solid"
    colour: str = "black"
    identity: str = ""

    def __post_init__(self) -> None:
        _known("the style of a frame", self.style, STYLES)


@dataclass(frozen=True)
class Grid:
    """Grid lines around rows times columns of cells."""

    x: float
    y: float
    rows: int
    columns: int
    style: str = "solid"

    def __post_init__(self) -> None:
        _known("the style of a grid", self.style, STYLES)


@dataclass(frozen=True)
class Arrow:
    """An arrow from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: str = "black"


@dataclass(frozen=True)
class DoubleArrow:
    """A measure: an arrow with two heads, and a label at its middle: above it, or at its left if it stands upright."""

    x0: float
    y0: float
    x1: float
    y1: float
    label: Math | str = ""
    colour: str = "black"


@dataclass(frozen=True)
class Label:
    """Words or mathematics at a point, which is the middle of the label's `anchor` side.

    `box` keeps lines out of it: True on white, or a `Fill` like that of the cells below it.

    So anchor "left" puts the label to the right of the point, and "above" puts it below the point.
    """

    x: float
    y: float
    content: Math | str
    anchor: str = "centre"
    box: bool | Fill = False
    colour: str = "black"

    def __post_init__(self) -> None:
        _known("the anchor of a label", self.anchor, ANCHORS)


Item: TypeAlias = Cell | Frame | Grid | Arrow | DoubleArrow | Label


@dataclass(frozen=True, init=False)
class Scene:
    """Items that are drawn in layers: fills, grid lines, outlines, arrows, and the labels on top."""

    items: tuple[Item, ...]

    def __init__(self, *items: Item) -> None:
        object.__setattr__(self, "items", items)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Give the left, upper, right and lower bound of all items; labels count as points."""
        if not self.items:
            return 0, 0, 0, 0
        boxes = [_box(item) for item in self.items]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


def translate(scene: Scene, dx: float, dy: float) -> Scene:
    """Shift every item by dx to the right and dy down."""
    return Scene(*(_shifted(item, dx, dy) for item in scene.items))


def merge(*scenes: Scene) -> Scene:
    """Lay scenes over each other; within a layer the later ones are drawn later."""
    return Scene(*(item for scene in scenes for item in scene.items))


def beside(*scenes: Scene, gap: float = 1) -> Scene:
    """Lay scenes side by side, their middles at one height, `gap` cells apart.

    >>> square = Scene(Frame(0, 0, 2, 2))
    >>> beside(square, square, gap=3).bounds
    (0.0, 0.0, 7.0, 2.0)
    """
    placed: list[Scene] = []
    x = 0.0
    for scene in scenes:
        left, top, right, bottom = scene.bounds
        placed.append(translate(scene, x - left, -(top + bottom) / 2))
        x += right - left + gap
    merged = merge(*placed)
    return translate(merged, 0, -merged.bounds[1])


def below(*scenes: Scene, gap: float = 1) -> Scene:
    """Lay scenes below each other, their middles in one line, `gap` cells apart.

    >>> square = Scene(Frame(0, 0, 2, 2))
    >>> below(square, square, gap=3).bounds
    (0.0, 0.0, 2.0, 7.0)
    """
    placed: list[Scene] = []
    y = 0.0
    for scene in scenes:
        left, top, right, bottom = scene.bounds
        placed.append(translate(scene, -(left + right) / 2, y - top))
        y += bottom - top + gap
    merged = merge(*placed)
    return translate(merged, -merged.bounds[0], 0)


def _shifted(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Arrow | DoubleArrow):
        return replace(item, x0=item.x0 + dx, y0=item.y0 + dy, x1=item.x1 + dx, y1=item.y1 + dy)
    return replace(item, x=item.x + dx, y=item.y + dy)


def _box(item: Item) -> tuple[float, float, float, float]:
    if isinstance(item, Cell | Frame):
        return item.x, item.y, item.x + item.w, item.y + item.h
    if isinstance(item, Grid):
        return item.x, item.y, item.x + item.columns, item.y + item.rows
    if isinstance(item, Arrow | DoubleArrow):
        return min(item.x0, item.x1), min(item.y0, item.y1), max(item.x0, item.x1), max(item.y0, item.y1)
    return item.x, item.y, item.x, item.y


def _known(what: str, arrived: str, known: tuple[str, ...]) -> None:
    if arrived not in known:
        raise SymtconvError(what, arrived=repr(arrived), rule=f"it is one of {', '.join(known)}")
