"""How wide the letters of Latin Modern are, from the font metrics (lmmi10, rm-lmr10, ec-lmr10), in em.

Smaller fonts of the family are wider in proportion; `stretch` says by how much, slightly on the generous side.
"""

from __future__ import annotations

_ITALIC = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        (
            *(750, 809, 787, 856, 796, 782, 787, 913, 519, 651, 921, 681, 1080, 913, 791, 781, 791, 768, 671, 724, 792),
            *(806, 1084, 907, 803, 755),
            *(529, 430, 433, 521, 466, 598, 513, 577, 345, 470, 553, 319, 879, 601, 485, 504, 483, 480, 469, 362, 573),
            *(521, 743, 572, 527, 510),
        ),
        strict=True,
    )
)

_UPRIGHT = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        (
            *(750, 709, 723, 764, 681, 653, 785, 750, 362, 514, 778, 625, 917, 750, 778, 681, 778, 737, 556, 723, 750),
            *(750, 1028, 750, 750, 612),
            *(500, 556, 445, 556, 445, 306, 500, 556, 278, 306, 528, 278, 834, 556, 500, 556, 528, 392, 395, 389, 556),
            *(528, 723, 528, 528, 445),
        ),
        strict=True,
    )
) | {
    **dict.fromkeys("0123456789/\\$*[]", 500),
    **dict.fromkeys("!.,:;'`|[]", 278),
    **dict.fromkeys("+=<>&@_", 778),
    **dict.fromkeys("#%", 834),
    **dict.fromkeys("()", 389),
    **dict.fromkeys("{}^~", 556),
    "-": 334,
    "?": 473,
    '"': 480,
    " ": 334,
}

_GREEK = dict(
    zip(
        (
            *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
            *("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        ),
        (
            *(644, 619, 574, 483, 406, 512, 533, 498, 354, 577, 584, 603),
            *(558, 484, 606, 517, 608, 551, 577, 596, 626, 688, 659),
        ),
        strict=True,
    )
)
_CAPITAL_GREEK = 840

_WIDEST = 1000  # of a glyph that is not in the tables, in thousandths of an em


def stretch(points: float) -> float:
    """Give how much wider, in proportion, a font is at a size than at 10 pt."""
    if points >= 9.5:
        return 1.0
    if points >= 8.5:
        return 1.03
    if points >= 7.5:
        return 1.07
    if points >= 6.5:
        return 1.17
    return 1.27


def em(points: float) -> float:
    """Give the width of an em at a size, in points."""
    return points * stretch(points)


def italic(text: str, points: float) -> float:
    """Give the width of italic letters of mathematics, italic correction included."""
    return sum(_ITALIC.get(letter, _WIDEST) for letter in text) * em(points) / 1000


def greek(name: str, points: float) -> float:
    """Give the width of a Greek letter by its name."""
    return _GREEK.get(name, _CAPITAL_GREEK) * em(points) / 1000


def upright(text: str, points: float) -> float:
    """Give the width of upright letters, digits and punctuation."""
    return sum(_UPRIGHT.get(letter, _WIDEST) for letter in text) * em(points) / 1000


def typewriter(text: str, points: float) -> float:
    """Give the width of typewriter letters, which are all alike."""
    return len(text) * 0.53 * em(points)
