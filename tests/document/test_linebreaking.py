"""Lines fit, nothing is lost, and the best places are taken first."""

from __future__ import annotations

from hypothesis import given, strategies as st

from symtconv.document.latexmath import set_math
from symtconv.document.linebreaking import broken, sides
from symtconv.document.mathematics import Relation, as_math
from symtconv.document.typesetting import NEVER, Context, Piece

PIECES = st.lists(
    st.builds(Piece, st.text("ab", min_size=1, max_size=3), st.floats(1, 40), st.sampled_from([2, 3, 4, 13, NEVER])),
    min_size=1,
    max_size=40,
)


@given(PIECES, st.floats(30, 200), st.floats(30, 200), st.sampled_from([3, NEVER - 1]))
def test_lines_fit_and_nothing_is_lost(pieces: list[Piece], first: float, room: float, worst: int) -> None:
    lines = broken(pieces, first, room, worst)
    if lines is None:
        return
    assert [piece for line in lines for piece in line] == pieces
    for number, line in enumerate(lines):
        assert sum(piece.width for piece in line) <= (room if number else first) + 1e-9
        assert number == 0 or line[0].level <= worst


def test_sides_part_at_the_first_relation() -> None:
    left, right = sides(set_math(Relation("a", "=", "b", "=", "c"), Context()))
    assert ([piece.text for piece in left], [piece.text for piece in right]) == (["a"], ["=b", "=c"])
    assert sides(set_math(as_math("a"), Context()))[0] == ()


def test_even_lines_are_preferred_but_not_at_worse_places() -> None:
    terms = [Piece("a", 10.0), *(Piece("+b", 10.0, 3) for _ in range(5)), Piece("=c", 10.0, 2), Piece("+d", 20.0, 3)]
    lines = broken(terms, 60.0, 60.0, worst=3)
    assert lines is not None
    assert [line[0].text for line in lines] == ["a", "=c"]
    lines = broken(terms[:6], 50.0, 50.0, worst=3)
    assert lines is not None
    assert [len(line) for line in lines] == [3, 3]


def test_a_better_place_is_passed_over_if_it_leaves_a_short_line() -> None:
    pieces = [Piece("a", 10.0), Piece("=b", 40.0, 2), Piece("+c", 30.0, 3), Piece("+d", 40.0, 3)]
    lines = broken(pieces, 90.0, 90.0, worst=3)
    assert lines is not None
    assert [line[0].text for line in lines] == ["a", "+c"]
