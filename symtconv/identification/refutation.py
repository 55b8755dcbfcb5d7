"""Why no layer has a matrix: the layer that comes nearest, and the first entry that breaks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from symtconv.errors import Refuted
from symtconv.identification.candidates import (
    MOST_WEIGHTS,
    Candidate,
    Configuration,
    differences,
    fits_of,
    made,
    simplicity,
    too_many_weights,
    weight_count,
    weight_spots,
)
from symtconv.identification.given import Given
from symtconv.identification.shifts import AxisPlaces, probe, strides_in_reach
from symtconv.taps import Index

LEAST_TRIED, MOST_TRIED = 3, 24
WORTH_SORTING = 1_000_000  # entries
SCOPE = (
    "Layers with padding_mode zeros and strides below the input's size were tried; circular, reflect and replicate "
    "were not, nor were kernels that cover the whole input with several channels, since every matrix fits those."
)


@dataclass(frozen=True)
class Guess:
    """Sizes and strides that many entries agree with: `score` is the probes that meet their like, less the others."""

    score: int
    configuration: Configuration
    strides: tuple[int, ...]


def refutation(given: Given, input_shape: tuple[int, ...], tried: Iterable[Configuration]) -> Refuted:
    """Find the layer that explains most of the matrix, and say which entry breaks it.

    Of the layers that most entries agree with, each with the value that is met most often for every weight, the
    nearest is the one with the fewest weights and wrong entries together.
    """
    guesses = sorted(_guesses(tried), key=lambda guess: (-guess.score, sum(guess.strides)))
    best: tuple[Any, ...] | None = None
    tries = min(MOST_TRIED, max(LEAST_TRIED, WORTH_SORTING // max(len(given.places), 1)))
    for guess, zero_wins in product(guesses[:tries], (True, False)):
        candidate = _majority(guess, zero_wins, MOST_WEIGHTS if best is None else best[0][0])
        if candidate is None:
            continue
        wrong, needed = differences(given, candidate)
        if len(wrong):
            cost = (len(wrong) + prod(candidate.layer.kernel_shape), simplicity(candidate.layer))
            if best is None or cost < best[0]:
                best = (cost, candidate.layer, int(wrong[0]), int(needed[0]))
    if best is None:
        raise too_many_weights("the layers that come nearest to the matrix", MOST_WEIGHTS + 1)
    _, layer, place, name = best
    row, column = divmod(place, given.columns)
    found = int(given.names_at(np.array([place]))[0])
    error = Refuted(
        f"the matrix as that of a layer with shared weights over input_shape {input_shape}",
        arrived=f"{_shown(given, found)} at row {row}, column {column} (counted from 0)",
        rule=f"{layer!r}, which comes nearest, has {_shown(given, name)} there",
        remedy=SCOPE,
    )
    error.counterexample = {"row": row, "column": column}
    return error


def _guesses(tried: Iterable[Configuration]) -> Iterator[Guess]:
    """Give, for all sizes, the strides that most probes agree with on every axis; stride 1 is always among them."""
    known: dict[tuple[bool, AxisPlaces], list[tuple[int, int]]] = {}
    for configuration in tried:
        if not configuration.shares:
            continue
        per_axis = []
        for axis in configuration.axes:
            place = (configuration.transposed, axis)
            if place not in known:
                known[place] = _promising(configuration.given, axis)
            per_axis.append(known[place])
        for chosen in product(*per_axis):
            score = sum(agreed for agreed, _ in chosen)
            strides = tuple(stride for _, stride in chosen)
            if score > 0 or set(strides) == {1}:
                yield Guess(score, configuration, strides)


def _promising(given: Given, axis: AxisPlaces) -> list[tuple[int, int]]:
    """Give (score, stride) of stride 1 and of the best two others."""
    strides = strides_in_reach(axis)
    if not axis.shares or not len(given.places):
        return [(0, 1)]
    kept, broken = probe(given, axis, strides)
    scores = list(zip((kept - broken).tolist(), strides.tolist(), strict=True))
    return scores[:1] + sorted(scores[1:], key=lambda pair: (-pair[0], pair[1]))[:2]


def _majority(guess: Guess, zero_wins: bool, most: int) -> Candidate | None:
    """Give every weight the value that most of its entries have, zeros counted; zero wins a tie, or loses it.

    Nothing is given for a layer of more than `most` weights.
    """
    configuration, given = guess.configuration, guess.configuration.given
    spots = weight_spots(configuration, given.places, list(guess.strides))
    pairs = spots * len(given.values) + given.names
    pairs, first, counts = np.unique(pairs, return_index=True, return_counts=True)
    spot, name = np.divmod(pairs, len(given.values))
    places = given.places[first]
    order = np.lexsort((name, -counts, spot))
    spot, places, name, counts = spot[order], places[order], name[order], counts[order]
    leads = np.concatenate([[True], spot[1:] != spot[:-1]]) if len(spot) else np.zeros(0, dtype=bool)
    nonzeros = np.add.reduceat(counts, np.flatnonzero(leads)) if len(spot) else counts
    zeros = _sizes(guess, places[leads]) - nonzeros
    wins = counts[leads] >= zeros + zero_wins
    chosen, names = places[leads][wins], name[leads][wins]
    fits = fits_of(configuration, chosen, guess.strides)
    return made(configuration, fits, chosen, names) if weight_count(configuration, fits, chosen) <= most else None


def _sizes(guess: Guess, places: Index) -> Index:
    """Count the entries of the matrix that share a weight with each of these places: those with the same shifts."""
    total = np.ones(len(places), dtype=np.int64)
    for axis, stride in zip(guess.configuration.axes, guess.strides, strict=True):
        i, m = axis.positions(guess.configuration.given, places)
        back = np.minimum(i, m // stride)
        ahead = np.minimum(axis.small - 1 - i, (axis.large - 1 - m) // stride)
        total *= back + ahead + 1
    return total


def _shown(given: Given, name: int) -> str:
    """Show an entry in the message, shortened."""
    text = str(given.values[name])
    return text if len(text) <= 60 else text[:57] + "..."
