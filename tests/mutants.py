"""Mutants: the package broken in one place for the time of one proof, for every theorem of the catalogue.

    python -m tests.mutants

asks every theorem of several layers under every mutant and prints a table of what was refused. A mutant that changes
nothing of what a proof looks at (it is not called, or gives what the original gives) is not counted; one that changes
something and leaves the theorem true is a survivor, and EQUIVALENT says why.
"""

from __future__ import annotations

import itertools
import pkgutil
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import sympy

import symtconv.catalogue
from symtconv import (
    Conv,
    ConvTranspose,
    NotApplicable,
    TooLarge,
    Undecided,
    geometry,
    layers as definition,
    prove,
    taps,
    theorems,
)
from symtconv.geometry import Layer

SUBJECTS: dict[str, Callable[[], Layer]] = {
    "1-D": lambda: Conv(7, 3, padding=1),
    "1-D valid": lambda: Conv(6, 3),
    "1-D stride 2": lambda: Conv(6, 2, stride=2),
    "2x2 to 4x4": lambda: ConvTranspose((2, 2), 3, stride=2, padding="same"),
    "2-D": lambda: Conv((4, 5), (2, 3), stride=(1, 2), padding=[(1, 0), (0, 1)], dilation=(2, 1)),
    "channels": lambda: Conv((3, 4), 2, in_channels=2, out_channels=2, stride=(1, 2)),
    "groups": lambda: ConvTranspose(3, 2, in_channels=2, out_channels=4, groups=2, stride=2),
    "circular": lambda: Conv(5, 3, padding=1, padding_mode="circular"),
}


@dataclass
class Effect:
    """Whether a mutant has changed anything that the proof asked for."""

    seen: bool = False


@dataclass(frozen=True)
class Mutant:
    """One broken place: `patch(monkeypatch, effect)` breaks it."""

    kind: str
    name: str
    patch: Callable[[pytest.MonkeyPatch, Effect], None]


def _catalogue_modules() -> list[Any]:
    names = [module.name for module in pkgutil.iter_modules(symtconv.catalogue.__path__, "symtconv.catalogue.")]
    return [sys.modules[name] for name in names if name in sys.modules] + [symtconv.catalogue]


def _differs(a: Any, b: Any) -> bool:
    if isinstance(a, tuple):
        return any(_differs(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray):
        return a.shape != b.shape or bool(np.any(np.asarray(a != b)))
    return bool(a != b)


def everywhere(name: str, change: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch, Effect], None]:
    """Break what the catalogue imports by a name: change(result, *arguments) is given instead."""

    def patch(monkeypatch: pytest.MonkeyPatch, effect: Effect) -> None:
        for module in _catalogue_modules():
            if name in vars(module):
                original = getattr(module, name)
                monkeypatch.setattr(module, name, _changed(original, change, effect))

    return patch


def inside(owner: Any, name: str, change: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch, Effect], None]:
    """Break a function of a module: change(result, *arguments) is given instead."""

    def patch(monkeypatch: pytest.MonkeyPatch, effect: Effect) -> None:
        monkeypatch.setattr(owner, name, _changed(getattr(owner, name), change, effect))

    return patch


def _changed(original: Callable[..., Any], change: Callable[..., Any], effect: Effect) -> Callable[..., Any]:
    def mutant(*arguments: Any, **named: Any) -> Any:
        right = original(*arguments, **named)
        wrong = change(right, *arguments, **named)
        effect.seen = effect.seen or _differs(right, wrong)
        return wrong

    return mutant


def with_arguments(owner: Any, name: str, change: Callable[..., tuple[Any, ...]]) -> Any:
    """Break a function of a module: it is called with other arguments."""

    def patch(monkeypatch: pytest.MonkeyPatch, effect: Effect) -> None:
        original = getattr(owner, name)

        def mutant(*arguments: Any) -> Any:
            right, wrong = original(*arguments), original(*change(*arguments))
            effect.seen = effect.seen or _differs(right, wrong)
            return wrong

        monkeypatch.setattr(owner, name, mutant)

    return patch


# --- the matrices


def _entry(matrix: Any, seed: int, change: Callable[[Any, Any, int, int], None]) -> Any:
    """Change a filled entry, chosen by the seed."""
    places = sorted(matrix.todok())
    mutable = matrix.as_mutable()
    if places:
        change(mutable, mutable, *places[random.Random(seed).randrange(len(places))])
    return mutable


def _plus_one(matrix: Any, _: Any, row: int, column: int) -> None:
    matrix[row, column] += 1


def _dropped(matrix: Any, _: Any, row: int, column: int) -> None:
    matrix[row, column] = 0


def _doubled(matrix: Any, _: Any, row: int, column: int) -> None:
    matrix[row, column] *= 2


def _moved(matrix: Any, _: Any, row: int, column: int) -> None:
    other = (column + 1) % matrix.shape[1]
    matrix[row, column], matrix[row, other] = matrix[row, other], matrix[row, column]


def _renamed(matrix: Any, _: Any, row: int, column: int) -> None:
    matrix[row, column] = sympy.Symbol("w_{9}")


ENTRIES = (_plus_one, _dropped, _doubled, _moved, _renamed)


def _matrix_mutants() -> Iterator[Mutant]:
    for change, seed in itertools.product(ENTRIES, range(4)):
        name = f"an entry of C {change.__name__.strip('_').replace('_', ' ')}, {seed}"
        mutated = lambda C, *_, change=change, seed=seed, **__: _entry(C, seed, change)  # noqa: E731
        yield Mutant("entry of C", name, everywhere("symbolic_matrix", mutated))
    for change in (_plus_one, _dropped, _doubled):
        name = f"an entry of the unfold matrix {change.__name__.strip('_').replace('_', ' ')}"
        mutated = lambda X, *_, change=change, **__: _entry(X, 0, change)  # noqa: E731
        yield Mutant("entry of C", name, everywhere("kernel_jacobian", mutated))


# --- the definitions


def _weights(w: Any, change: Callable[[Any], Any]) -> Any:
    return change(w.copy())


def _at(place: int, value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def change(w: Any) -> Any:
        flat = w.reshape(-1)
        flat[place] = value(flat[place])
        return flat.reshape(w.shape)

    return change


def _channel_dropped(w: Any) -> Any:
    w[:, -1] = w[:, -1] * 0
    return w


def _axes_exchanged(w: Any) -> Any:
    return np.swapaxes(w, -1, -2) if w.ndim == 4 and w.shape[-1] == w.shape[-2] else w


TAPS: dict[str, Callable[[Any], Any]] = {
    "shifted": lambda w: np.roll(w, 1, axis=-1),
    "reversed": lambda w: w[..., ::-1],
    "the first dropped": _at(0, lambda tap: tap * 0),
    "the last dropped": _at(-1, lambda tap: tap * 0),
    "the first doubled": _at(0, lambda tap: tap * 2),
    "the last negated": _at(-1, lambda tap: tap * -1),
}
CHANNELS: dict[str, Callable[[Any], Any]] = {
    "dropped": _channel_dropped,
    "inputs exchanged": lambda w: w[:, ::-1],
    "outputs exchanged": lambda w: w[::-1],
}


def _in_constructions(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch, Effect], None]:
    def patch(monkeypatch: pytest.MonkeyPatch, effect: Effect) -> None:
        for name, original in definition.CONSTRUCTIONS.items():

            def mutant(layer: Any, v: Any, w: Any, original: Any = original) -> Any:
                effect.seen = effect.seen or _differs(w, change(w.copy()))
                return original(layer, v, change(w.copy()))

            monkeypatch.setitem(definition.CONSTRUCTIONS, name, mutant)

    return patch


def _number(place: int, by: int) -> Callable[..., tuple[Any, ...]]:
    """Change the last axis' stride or dilation of a direct sum."""

    def change(*arguments: Any) -> tuple[Any, ...]:
        values = list(arguments[place])
        values[-1] = max(values[-1] + by, 1)
        return (*arguments[:place], tuple(values), *arguments[place + 1 :])

    return change


def _definition_mutants() -> Iterator[Mutant]:
    for kind, changes in (("tap", TAPS), ("channel", CHANNELS), ("axis", {"exchanged": _axes_exchanged})):
        for name, change in changes.items():
            swap = lambda x, w, *rest, change=change: (x, _weights(w, change), *rest)  # noqa: E731
            yield Mutant(kind, f"{kind} {name}, direct sum", with_arguments(definition, "_direct_sum", swap))
            yield Mutant(kind, f"{kind} {name}, constructions", _in_constructions(change))
    for lo, hi in ((1, -1), (-1, 1)):
        shift = lambda x, axis, low, high, mode, lo=lo, hi=hi: (x, axis, low + lo, high + hi, mode)  # noqa: E731
        yield Mutant("pad", f"pads {lo:+} {hi:+}, definition", with_arguments(definition, "_padded", shift))
    for number, what in ((3, "stride"), (4, "dilation")):
        for by in (1, -1):
            patch = with_arguments(definition, "_direct_sum", _number(number, by))
            yield Mutant(what, f"{what} {by:+}, definition", patch)


# --- the tap map and the sizes


def _one_on(home: Any, position: Any, n: int, mode: Any) -> Any:
    return np.where(home == taps.NONE, home, (home + 1) % n)


def _one_lost(home: Any, position: Any, n: int, mode: Any) -> Any:
    lost = home.copy()
    filled = np.flatnonzero(home != taps.NONE)
    if len(filled):
        lost.reshape(-1)[filled[-1]] = taps.NONE
    return lost


def _tap_map_mutants() -> Iterator[Mutant]:
    yield Mutant("tap map", "every read one pixel on", inside(taps, "source", _one_on))
    yield Mutant("tap map", "one read lost", inside(taps, "source", _one_lost))
    for by in (1, -1):
        shift = lambda position, n, mode, by=by: (position + by, n, mode)  # noqa: E731
        yield Mutant("tap map", f"pad {by:+} in the tap map", with_arguments(taps, "source", shift))
    yield Mutant("tap map", "taps reversed", inside(taps, "axis_taps", lambda found, *_: found[:, ::-1]))


def _size_mutants() -> Iterator[Mutant]:
    for name in ("effective_kernel", "convolved_size", "transposed_size"):
        for by in (1, -1):
            owner = next(owner for owner in (geometry, definition) if hasattr(owner, name))
            yield Mutant("size", f"{name} {by:+}", inside(owner, name, lambda size, *_, by=by: size + by))


def _picking_mutants() -> Iterator[Mutant]:
    def one_on(term: Any, symbol: str, meaning: str, places: Any, size: int) -> Any:
        from symtconv.catalogue import vocabulary

        rows, columns = term.value.shape
        moved = {(row, (column + 1) % columns): 1 for row, column in term.value.entries}
        return type(term)(symbol, meaning, vocabulary.matrix(rows, columns, moved))

    yield Mutant("helper", "a picking matrix one place on", everywhere("picking", one_on))


def mutants() -> tuple[Mutant, ...]:
    """List all mutants."""
    makers = (_matrix_mutants, _definition_mutants, _tap_map_mutants, _size_mutants, _picking_mutants)
    return tuple(mutant for maker in makers for mutant in maker())


# --- mutants under which a theorem stays true, and why


@dataclass(frozen=True)
class Equivalent:
    """Mutants, by the beginnings of their names, that leave theorems true."""

    theorems: str
    mutants: tuple[str, ...]
    because: str


ENTRIES_OF_C = ("an entry of C", "every read one pixel on", "one read lost", "pad +1 in", "pad -1 in", "taps reversed")
BOTH_SIDES = ("tap ", "channel ", "axis ", "pads ")
EQUIVALENT = (
    Equivalent(
        "size relationship-14 size-round-trip preimages tf-same-two-forms tf-transpose-valid tf-transpose-same "
        "keras-valid composition-size receptive-field",
        ("convolved_size", "transposed_size"),
        "a wrong size makes another layer, of which the statement is as true",
    ),
    Equivalent(
        "toeplitz",
        ("every read one pixel on", "pad +1 in", "pad -1 in", "taps reversed", "a picking matrix"),
        "what is shifted or reversed as a whole is as constant along its diagonals",
    ),
    Equivalent(
        "unread-inputs", ("an entry of C",), "it says which columns are 0, and the changed entry is not the only one"
    ),
    Equivalent("coverage nearest bilinear", ("taps reversed",), "the kernel is its own reverse"),
    Equivalent(
        "gram orthogonal",
        ("an entry of C moved", "every read one pixel on", "taps reversed", "a picking matrix"),
        "C C^T does not see the order of columns, nor a reversed kernel, nor which of two outputs is named first",
    ),
    Equivalent(
        "not-an-inverse", (*ENTRIES_OF_C, "a picking matrix"), "it is so of every matrix with fewer rows than columns"
    ),
    Equivalent("symbol-bound", ("a picking matrix",), "rows and columns of a circulant matrix move together"),
    Equivalent(
        "checkerboard",
        (*BOTH_SIDES, "a picking matrix"),
        "an interior that is covered unevenly stays so, and the statement is an equivalence",
    ),
    Equivalent("even-iff-resize", BOTH_SIDES, "both stampings are changed alike, and stay equal"),
)


def explanation(theorem: Any, mutant: Mutant) -> str:
    """Say why a theorem is true under a mutant; nothing where no reason is known."""
    for one in EQUIVALENT:
        if theorem.name in one.theorems.split() and mutant.name.startswith(one.mutants):
            return one.because
    return ""


# --- running them


@dataclass
class Tally:
    """How many mutants of a theorem had an effect, were refused, or left it true for a reason; and the rest."""

    tried: int = 0
    refused: int = 0
    explained: dict[str, int] = field(default_factory=dict)
    survivors: list[str] = field(default_factory=list)


@contextmanager
def applied(mutant: Mutant) -> Iterator[Effect]:
    """Break the package for the time of a block."""
    effect = Effect()
    with pytest.MonkeyPatch.context() as monkeypatch:
        mutant.patch(monkeypatch, effect)
        yield effect


MOST_SUBJECTS = 3


def subjects_of(theorem: Any) -> dict[str, Callable[[], Any]]:
    """List the layers that a theorem is asked of: its example, and the first ones that meet its hypotheses."""
    found: dict[str, Callable[[], Any]] = {}
    for name, make in {"its example": lambda: theorem.example, **SUBJECTS}.items():
        try:
            prove(theorem, make())
        except (NotApplicable, TooLarge, Undecided):
            continue
        found[name] = make
        if len(found) == MOST_SUBJECTS:
            break
    return found


def survives(theorem: Any, make: Callable[[], Any], mutant: Mutant) -> bool | None:
    """Whether a theorem is still proved under a mutant; None where the mutant changed nothing that was asked for."""
    with applied(mutant) as effect:
        try:
            theorem.equations(_anew(make()), None)
            if effect.seen:  # what finds the proof is not of the package that is broken
                prove(theorem, _anew(make()))
        except Exception:
            return False if effect.seen else None
        return True if effect.seen else None


def _anew(layer: Any) -> Any:
    """Make a layer again, so that nothing cached of it outlives a mutant."""
    if isinstance(layer, tuple):
        return tuple(map(_anew, layer))
    names = ("stride", "padding", "dilation", "in_channels", "out_channels", "groups", "padding_mode")
    given = {name: getattr(layer, name) for name in (*names, *(["output_padding"] if layer.transposed else []))}
    return type(layer)(layer.input_shape, layer.kernel_size, **given)


def tally(theorem: Any) -> Tally:
    """Ask a theorem of its layers under every mutant."""
    total = Tally()
    for (where, make), mutant in itertools.product(subjects_of(theorem).items(), mutants()):
        if mutant.kind == "size" and theorem.family != "sizes":
            continue  # another size makes another layer, of which the theorem is as true
        outcome = survives(theorem, make, mutant)
        if outcome is None:
            continue
        total.tried += 1
        reason = explanation(theorem, mutant)
        if not outcome:
            total.refused += 1
        elif reason:
            total.explained[reason] = total.explained.get(reason, 0) + 1
        else:
            total.survivors.append(f"{mutant.name} ({where})")
    return total


def main() -> None:
    """Print the table as Markdown."""
    print("| theorem | mutants | refused | still true | unexplained |\n|---|---:|---:|---|---|")
    sums = Tally()
    for theorem in theorems():
        found = tally(theorem)
        sums.tried, sums.refused = sums.tried + found.tried, sums.refused + found.refused
        sums.explained[theorem.name] = sum(found.explained.values())
        sums.survivors += found.survivors
        told = "; ".join(f"{count}: {reason}" for reason, count in found.explained.items())
        print(
            f"| {theorem.name} | {found.tried} | {found.refused} | {told} | {'; '.join(found.survivors)} |", flush=True
        )
    true = sum(sums.explained.values())
    share = 100 * sums.refused / (sums.tried - true)
    print(f"\n{sums.tried:,} mutants: {sums.refused:,} refused, {true:,} under which the theorem is true;", end=" ")
    print(f"of the {sums.tried - true:,} others {share:.2f} % are refused.")


if __name__ == "__main__":
    main()
