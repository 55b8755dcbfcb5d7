"""How high a block will be in print, in points, roughly: what decides which blocks are kept on one page."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from symtconv.document.mathematics import Math, Matrix
from symtconv.document.nodes import (
    Block,
    CodeBlock,
    Derivation,
    Display,
    Figure,
    List,
    Listed,
    Paragraph,
    ProofBlock,
    Section,
    TableBlock,
    Theorem,
)
from symtconv.document.widths import TEXT_WIDTH, content_width, width

if TYPE_CHECKING:
    from symtconv.figures.scene import Scene

PAGE = 702.0  # points: A4 with margins of 25 mm
LINE = 13.6
_SKIP = 11.0  # above and below what stands by itself
_CELL = 26.0  # of a picture
_SUM = 30.0  # a line with sums or fractions


def height(block: Block, room: float = TEXT_WIDTH) -> float:
    """Estimate the height of a block.

    >>> height(Paragraph("Words.")) < 30 < height(Display("x", "y", "z"))
    True
    """
    if isinstance(block, Paragraph):
        return LINE * ceil(content_width(block.content) / room) + 6
    if isinstance(block, Display):
        return 2 * _SKIP + sum(_formula(line, room) for line in block.lines)
    if isinstance(block, Derivation):
        return 2 * _SKIP + sum(_formula(step.right, 0.6 * room) for step in block.steps)
    if isinstance(block, Figure):
        caption = LINE * ceil(content_width(block.caption, font="small") / room) + 6
        return 2 * _SKIP + caption + sum(_picture(scene, room) for scene in block.scenes)
    if isinstance(block, TableBlock):
        return 2 * _SKIP + (len(block.rows) + 1) * LINE
    if isinstance(block, CodeBlock):
        return LINE * (block.text.count("\n") + 1) + 6
    if isinstance(block, List):
        return sum(total(item.blocks) if isinstance(item, Listed) else total([Paragraph(item)]) for item in block.items)
    if isinstance(block, Theorem | ProofBlock | Section):
        return _SKIP + total(block.blocks)
    return PAGE


def total(blocks: Iterable[Block], room: float = TEXT_WIDTH) -> float:
    """Estimate the height of blocks below each other."""
    return sum(height(block, room) for block in blocks)


def _picture(scene: Scene, room: float) -> float:
    left, top, right, bottom = scene.bounds
    return (bottom - top + 1) * min(_CELL, room / max(right - left, 1)) + 6


def _formula(formula: object, room: float) -> float:
    """Estimate the height of a formula; a matrix counts its rows."""
    assert isinstance(formula, Math)
    rows = max((_rows(node) for node in _nodes(formula)), default=0)
    if rows:
        return LINE * rows + 6
    return _SUM * max(1, ceil(width(formula, display=True) / room))


def _rows(node: object) -> int:
    return len(node.cells) if isinstance(node, Matrix) else 0


def _nodes(node: object) -> Iterable[object]:
    if isinstance(node, Matrix):
        yield node
    elif isinstance(node, Math):
        for value in vars(node).values():
            yield from _nodes(value)
    elif isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)


__all__ = ["PAGE", "height", "total"]
