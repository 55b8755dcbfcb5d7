"""How high a block will be in print, in points, roughly: what decides which blocks are kept on one page."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from symtconv.document.latexmath import set_math
from symtconv.document.mathematics import Like, as_math
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
from symtconv.document.typesetting import DISPLAY, Context
from symtconv.document.widths import TEXT_WIDTH, content_width

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


def _formula(formula: Like, room: float) -> float:
    """Estimate the height of a formula: its lines, each as high as the highest of its matrices."""
    setting = set_math(as_math(formula), Context(style=DISPLAY, room=room))
    return max(_SUM, setting.high + 6) * max(1, ceil(setting.width / room))


__all__ = ["PAGE", "height", "total"]
