"""Where a formula that is too wide is broken: at the best places first, and only as deep as it must be."""

from __future__ import annotations

from collections.abc import Sequence

from symtconv.document.markup import spliced
from symtconv.document.typesetting import AT_RELATION, NEVER, Piece, Setting

_SHORT = 0.3  # of a line; a better place to break is passed over if it leaves less than that

_PARTS = [part / 20 for part in range(10, 20)]  # of the room, tried for lines of equal length


def broken(pieces: Sequence[Piece], first_room: float, room: float, worst: int) -> list[tuple[Piece, ...]] | None:
    """Divide pieces into lines that fit, breaking at no level above `worst`; None if that cannot be done.

    Among as many lines as are needed, those are preferred that are about equally long.

    >>> pieces = [Piece(f"+{letter}", 10.0, 3) for letter in "abcdef"]
    >>> ["".join(piece.text for piece in line) for line in broken(pieces, 50.0, 50.0, worst=3)]
    ['+a+b+c', '+d+e+f']
    """
    full = _filled(pieces, first_room, room, worst)
    if full is None or len(full) == 1:
        return full
    for part in _PARTS:
        even = _filled(pieces, part * first_room, part * room, worst)
        if even is not None and len(even) == len(full) and _harm(even) <= _harm(full):
            return even
    return full


def _harm(lines: Sequence[tuple[Piece, ...]]) -> int:
    return sum(line[0].level for line in lines[1:])


def _filled(pieces: Sequence[Piece], first_room: float, room: float, worst: int) -> list[tuple[Piece, ...]] | None:
    """Fill one line after the other."""
    lines: list[tuple[Piece, ...]] = []
    rest = tuple(pieces)
    space = first_room
    while sum(piece.width for piece in rest) > space:
        place = _place(rest, space, worst)
        if place is None:
            return None
        lines.append(rest[:place])
        rest, space = rest[place:], room
    return [*lines, rest]


def _place(pieces: Sequence[Piece], space: float, worst: int) -> int | None:
    """Give the last of the best places to break before the space is full; one that leaves a short line is worse."""
    places: list[tuple[bool, int, int]] = []
    width = 0.0
    for place, piece in enumerate(pieces):
        if place and piece.level <= min(worst, NEVER - 1):
            places.append((width < _SHORT * space, piece.level, -place))
        width += piece.width
        if width > space:
            break
    return -min(places)[2] if places else None


def line_text(pieces: Sequence[Piece], *, continued: bool) -> str:
    """Give the LaTeX of a line; one that continues a formula begins in its own way."""
    first = pieces[0].starting if continued and pieces[0].starting else pieces[0].text
    return spliced((first, *(piece.text for piece in pieces[1:])))


def sides(setting: Setting) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Part a formula before its first relation; without a relation the left side is empty."""
    for place, piece in enumerate(setting.pieces):
        if place and piece.level == AT_RELATION:
            return setting.pieces[:place], setting.pieces[place:]
    return (), setting.pieces
