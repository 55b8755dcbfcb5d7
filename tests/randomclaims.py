"""Random small claims, decided and compared with brute force over a box: python -m tests.randomclaims 300 [seed]."""

from __future__ import annotations

import sys
from collections import Counter
from random import Random
from time import monotonic

import pytest

from symtconv import GeometryError, Refuted, Undecided, decide
from symtconv.proofs import claims
from tests.proofs.claimcases import Case

TRIED = 9  # the box: all points with a sum of absolute values up to it


def number(draw: Random, depth: int) -> str:
    """Write a random number of the names a, b, c."""
    if depth == 0 or draw.random() < 0.25:
        return draw.choice(["a", "b", "a", "b", "c", "0", "1", "2", "3", "-2", "5"])
    one, other = number(draw, depth - 1), number(draw, depth - 1)
    forms = ["({} + {})", "({} - {})", "{}*{}", "({} // {})", "({} % {})", "max({}, {})", "min({}, {})", "({} / {})"]
    made = draw.choice([*forms, "abs({})", "floor({})", "ceil({})", "({})**2", "{} % 2", "{} // 3", "{} % 4"])
    return made.format(f"({one})", f"({other})")


def whole(draw: Random) -> str:
    """Write a random whole number."""
    return draw.choice(["a", "b", "c", "a + b", "a - 1", "2*b", "a*b", "a // 2", "b % 3", "4", "6", "a*a"])


def truth(draw: Random, depth: int) -> str:
    """Write a random claim."""
    kind = draw.random()
    if depth and kind < 0.4:
        form = draw.choice(["({}) or ({})", "({}) and ({})", "implies({}, {})", "iff({}, {})", "not ({})"])
        return form.format(truth(draw, depth - 1), truth(draw, depth - 1))
    if kind < 0.6:
        compared = f"{draw.choice(['==', '<=', '!='])} {whole(draw)}"
        return draw.choice([f"divides({whole(draw)}, {whole(draw)})", f"gcd({whole(draw)}, {whole(draw)}) {compared}"])
    far = draw.choice(["", "", "", f" + {draw.randint(1, 30)}"])
    return f"{number(draw, 2)}{far} {draw.choice(['<=', '<', '==', '!=', '>', '>='])} {number(draw, 1)}"


def claim(draw: Random) -> Case:
    """Make a random claim with assumptions."""
    known = ["a >= 0", "b >= 1", "a < b", "a % 2 == 0", "b != 0", "divides(3, a)", "c >= 2", "a >= 1", "b > a // 2"]
    assuming = draw.sample(known, draw.choice([0, 0, 1, 2]))
    where = ["c = a + 2*b"] if draw.random() < 0.15 else []
    return Case(truth(draw, 2), tuple(one for one in assuming if not (where and "c" in one)), tuple(where))


def verdict(case: Case) -> str:
    """Decide a claim and say how; "WRONG" where brute force says otherwise."""
    first = case.smallest(TRIED if len(case.free) < 3 else TRIED - 3)
    at, reason, kind = dict[str, int](), "", "proved"
    try:
        decide(case.claim, where=case.where, assuming=case.assuming).check()
    except Refuted as found:
        at, reason, kind = dict(found.counterexample), str(found.reason), "refuted"
    except Undecided:
        return "undecided, false" if first else "undecided"
    except GeometryError as error:
        kind = "contradictory" if "contradictory" in str(error) else f"WRONG {error}"
    if kind == "refuted":
        right = case.at(at) == reason and first in (None, (at, reason))
    else:
        right = first is None
    far = ", far out" if kind == "refuted" and first is None else ""
    return f"{kind}{far}" if right else f"WRONG {case} {kind} {at} {reason} {first}"


def main(count: int, seed: int) -> Counter[str]:
    """Decide so many random claims; print each that is wrong."""
    found: Counter[str] = Counter()
    for place in range(count):
        case = claim(Random(f"{seed} {place}"))
        begin = monotonic()
        kind = verdict(case)
        found[kind] += 1
        if kind.startswith("WRONG"):
            print(kind, flush=True)
        if monotonic() - begin > claims.SECONDS + 1:
            print("slow", round(monotonic() - begin, 1), case, flush=True)
        if kind == "undecided, false":
            print(kind, case, flush=True)
    return found


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(claims, "SECONDS", 3.0)
        print(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
