"""Derivations of random layers, all sections, compiled: `python -m tests.randompages 200` prints all complaints."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from symtconv import Conv, ConvTranspose, GeometryError, Notation, derive
from symtconv.derivation import SECTIONS
from symtconv.document.latex import render
from symtconv.document.nodes import Document
from symtconv.geometry import Layer
from tests.document.conftest import complaints_of, run_tex

MODES = ("zeros", "zeros", "zeros", "circular", "reflect", "replicate")
WEIGHTS = (Fraction(-7, 3), 0, 1, -1, 2, Fraction(5, 12), 10**6)


def random_layer(draw: Random) -> Layer:
    """Draw a layer of one to three axes, with all parameters."""
    while True:
        axes = draw.choice((1, 1, 2, 2, 2, 3))
        transposed = draw.random() < 0.5
        most = {1: 12, 2: 6, 3: 3}[axes]
        groups = draw.choice((1, 1, 1, 2, 3))
        given: dict[str, Any] = {
            "stride": tuple(draw.randint(1, 3) for _ in range(axes)),
            "dilation": tuple(draw.randint(1, 2) for _ in range(axes)),
            "padding_mode": draw.choice(MODES),
            "groups": groups,
            "in_channels": groups * draw.choice((1, 1, 2)),
            "out_channels": groups * draw.choice((1, 1, 2)),
        }
        words = ["valid", "same", "same_lower", "full"]
        pads = tuple((draw.randint(-1, 2), draw.randint(-1, 2)) for _ in range(axes))
        given["padding"] = draw.choice([0, 1, pads, pads, draw.choice(words)])
        if transposed and not isinstance(given["padding"], str):
            given["output_padding"] = tuple(draw.randint(0, 1) for _ in range(axes))
        sizes = tuple(draw.randint(1, most) for _ in range(axes))
        kernel = tuple(draw.randint(1, 3 if axes > 1 else 5) for _ in range(axes))
        try:
            return (ConvTranspose if transposed else Conv)(sizes, kernel, **given)
        except GeometryError:
            continue


def random_document(seed: int) -> tuple[Layer, Document]:
    """Derive a random layer with all sections, every third time with given weights and in another notation."""
    draw = Random(seed)
    layer = random_layer(draw)
    given: dict[str, Any] = {}
    if seed % 3 == 0:
        count = int(np.prod(layer.kernel_shape))
        weights = np.array([draw.choice(WEIGHTS) for _ in range(count)], dtype=object)
        given["kernel"] = weights.reshape(layer.kernel_shape)
    if seed % 3 == 1:
        given["notation"] = Notation(base=1, order="F", iverson=False, brackets="()", x="u", v="delta")
    return layer, derive(layer, sections=[name for name in SECTIONS if name != "example"], **given)


def main(count: int, first: int = 0) -> None:
    """Compile derivations of random layers and print the complaints, one line a layer that has some."""
    bad, start = 0, perf_counter()
    with TemporaryDirectory() as directory:
        for seed in range(first, first + count):
            layer, document = random_document(seed)
            found = complaints_of(run_tex("pdflatex", render(document), Path(directory)), box=10)
            if found:
                bad += 1
                print(seed, layer, *found, sep="\n  ", flush=True)
    print(f"{count} layers, {bad} with complaints; {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
