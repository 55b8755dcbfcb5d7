"""Code that no proof can be had of: it compares values, leaves NumPy, raises, runs on, or returns no numbers."""

from __future__ import annotations

import copy
import math
import pickle
import threading
import time
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

import symtconv.verification.indeterminate
import symtconv.verification.running
from symtconv import Conv, GeometryError, Refuted, SymtconvError, TooLarge, Undecided, verify
from symtconv.geometry import Layer
from tests.verification.students import LINE, PLANE, line

LAYER = Conv(4, 1)
OUTSIDE = np.zeros(4)


def into_outside(x: Any, w: Any) -> Any:
    OUTSIDE[0] = x[0] * w[0]
    return OUTSIDE


def skips_zeros(x: Any, w: Any) -> Any:
    y = np.zeros(4)
    for i in range(4):
        if x[i] == 0:
            continue
        y[i] = x[i] * w[0]
    return y


def catches(x: Any, w: Any) -> Any:
    try:
        float(x[0])
    except Exception:
        return x * w
    return x


def catches_of_a_copy(x: Any, w: Any) -> Any:
    try:
        return float(copy.deepcopy(x)[0])
    except Exception:
        return x * w


COMPARING = {
    "caught of a copy": catches_of_a_copy,
    "pickle": lambda x, w: pickle.loads(pickle.dumps(x)) * w,
    "equal": skips_zeros,
    "truth": lambda x, w: x if x[0] else w,
    "less": lambda x, w: np.where(x < 0, 0, x),
    "maximum": lambda x, w: np.maximum(x, 0),
    "sort": lambda x, w: np.sort(x),
    "in": lambda x, w: x if 0 in list(x) else w,
    "float": lambda x, w: float(x[0]),
    "int": lambda x, w: int(x[0]),
    "index": lambda x, w: [1, 2][x[0]],
    "abs": lambda x, w: np.abs(x),
    "round": lambda x, w: round(x[0]),
    "np.round": lambda x, w: np.round(x),
    "floor division": lambda x, w: x // 2,
    "divides by": lambda x, w: 1 / x,
    "divides": lambda x, w: x / w,
    "exponent": lambda x, w: 2**x,
    "root": lambda x, w: x**0.5,
    "exp": lambda x, w: np.exp(x),
    "math": lambda x, w: math.sin(x[0]),
    "nan": lambda x, w: x * float("nan"),
    "inf": lambda x, w: x + np.inf,
    "float array": into_outside,
    "complex": lambda x, w: complex(x[0]),
    "caught by the code": catches,
}


@pytest.mark.parametrize("name", COMPARING)
def test_code_that_asks_for_values_is_refused_with_its_line(name: str) -> None:
    with pytest.raises(SymtconvError) as caught:
        verify(LAYER, COMPARING[name])
    assert not isinstance(caught.value, Refuted)
    assert "it must compute by adding and multiplying only" in caught.value.rule
    assert caught.value.arrived.startswith("line ")
    assert caught.value.__suppress_context__


def leaves_numpy(x: Any, w: Any) -> Any:
    from scipy.signal import convolve2d

    return convolve2d(x, w)


def recursive(x: Any, w: Any) -> Any:
    return recursive(x, w)


def into(y: Any, values: Any) -> Any:
    for i, value in enumerate(values):
        y[i] = value
    return y


CUTS_OFF: dict[str, Any] = {
    "zeros": lambda x, w: into(np.zeros(4, dtype=int), x * w),
    "full": lambda x, w: into(np.full(4, 0), x * w),
    "array": lambda x, w: into(np.array([0, 0, 0, 0]), x * w),
    "added": lambda x, w: np.add(x, w, out=np.zeros(4, dtype=np.uint8)),
    "added at": lambda x, w: np.add.at(np.arange(4), [0, 1], x[:2]),
    "astype": lambda x, w: x.astype(int) * w,
    "conversion": lambda x, w: np.array(x, dtype=int) * w,
}


@pytest.mark.parametrize("name", CUTS_OFF)
def test_whole_numbers_that_would_cut_off_fractions_are_refused(name: str) -> None:
    """On numbers NumPy cuts the fractions off, or raises: none of these is the layer."""
    with pytest.raises(SymtconvError, match="integer dtype") as caught:
        verify(LAYER, CUTS_OFF[name])
    assert not isinstance(caught.value, Refuted)


@lru_cache(maxsize=1)
def kept_zeros(size: int) -> Any:
    return np.zeros(size)


class Counter:
    """Keeps what it has added."""

    total = 0

    def __call__(self, x: Any, w: Any) -> Any:
        Counter.total = Counter.total + x[0] * w[0]
        return x * w + Counter.total - x[0] * w[0]


def test_code_that_keeps_values_from_call_to_call_is_refuted() -> None:
    def adds(x: Any, w: Any) -> Any:
        y = kept_zeros(4)
        y += x * w
        return y

    for function in (adds, Counter()):
        with pytest.raises(Refuted, match="two different results"):
            verify(LAYER, function)
    assert Counter.total == 0


def test_code_that_is_right_but_for_rounding_is_undecided() -> None:
    with pytest.raises(Undecided, match="rounding of floats alone"):
        verify(LAYER, lambda x, w: x * w * 0.1 * 10)
    with pytest.raises(Refuted):
        verify(LAYER, lambda x, w: x * w * 0.1 * 10 + x * 1e-9)
    assert verify(LAYER, lambda x, w: x * w * 0.125 * 8).steps


RAISING: dict[str, tuple[Layer, Any, str]] = {
    "scipy": (PLANE, leaves_numpy, "convolve2d(x, w)"),
    "torch": (PLANE, lambda x, w: __import__("no_such_framework").conv2d(x, w), "ModuleNotFoundError"),
    "index": (LAYER, lambda x, w: x[9], "IndexError"),
    "system exit": (LAYER, lambda x, w: exit(3), "SystemExit"),
    "recursion": (LAYER, recursive, "RecursionError"),
    "zero": (LAYER, lambda x, w: x / 0, "ZeroDivisionError"),
    "text": (LAYER, lambda x, w: x * "w", "TypeError"),
    "as_strided outside": (LAYER, lambda x, w: np.lib.stride_tricks.as_strided(x, (4, 4), (8, 8)), "stay inside"),
    "as_strided between": (LAYER, lambda x, w: np.lib.stride_tricks.as_strided(x, (4,), (4,)), "on its pixels"),
}


@pytest.mark.parametrize("name", RAISING)
def test_code_that_raises_is_quoted(name: str) -> None:
    layer, function, words = RAISING[name]
    with pytest.raises(SymtconvError) as caught:
        verify(layer, function)
    assert words in str(caught.value)
    assert "line " in caught.value.arrived
    assert not isinstance(caught.value, Refuted | Undecided)


NO_NUMBERS: dict[str, Any] = {
    "none": None,
    "text": "y",
    "list of text": ["y"] * 4,
    "ragged": [[1], [1, 2]],
    "complex": [1j] * 4,
    "nan": [float("nan")] * 4,
    "dictionary": {},
    "object": object(),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_results_that_are_no_numbers_are_refused(name: str) -> None:
    with pytest.raises(SymtconvError, match="returns an array") as caught:
        verify(LAYER, lambda x, w: NO_NUMBERS[name])
    assert not isinstance(caught.value, Refuted)


def test_generators_and_wrong_arguments_are_refused() -> None:
    def generates(x: Any, w: Any) -> Any:
        yield x

    with pytest.raises(SymtconvError, match="returns an array"):
        verify(LAYER, generates)
    with pytest.raises(SymtconvError, match="two arrays"):
        verify(LAYER, lambda x: x)
    with pytest.raises(SymtconvError, match="two arrays"):
        verify(LAYER, "function")  # type: ignore[arg-type]
    with pytest.raises(GeometryError, match="Conv or a ConvTranspose"):
        verify(line, LINE)  # type: ignore[arg-type]
    with pytest.raises(GeometryError, match="input-gradient"):
        verify(LINE, line, of="gradient")  # type: ignore[arg-type]
    with pytest.raises(TooLarge):
        verify(Conv((4000, 4000), 9), line)


def test_random_code_is_refuted() -> None:
    with pytest.raises(Refuted, match="two runs"):
        verify(LAYER, lambda x, w: x * w * np.random.rand())


class Loops:
    """Code that does not end."""

    @staticmethod
    def idles(x: Any, w: Any) -> Any:
        while True:
            pass

    @staticmethod
    def catches_all(x: Any, w: Any) -> Any:
        for _ in range(4):
            try:
                while True:
                    time.sleep(0.001)
            except BaseException:
                continue
        return x * w


@pytest.mark.parametrize("function", [Loops.idles, Loops.catches_all])
def test_endless_loops_are_undecided(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symtconv.verification.running, "SECONDS", 0.3)
    monkeypatch.setattr(symtconv.verification.running, "_AGAIN", 0.05)
    before = threading.active_count()
    begin = time.monotonic()
    with pytest.raises(Undecided):
        verify(LAYER, function)
    assert time.monotonic() - begin < 5
    time.sleep(0.2)  # nothing is raised later on
    assert threading.active_count() <= before + 1


def test_loops_that_compute_are_undecided_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symtconv.verification.indeterminate, "OPERATIONS", 1000)

    def computes(x: Any, w: Any) -> Any:
        while True:
            x = x + w

    def explodes(x: Any, w: Any) -> Any:
        for _ in range(1000):
            w = (w + x.sum()) * (w - x.sum())
        return w

    for function in (computes, explodes):
        with pytest.raises(Undecided, match=r"line \d+.*operations"):
            verify(LAYER, function)


def unpacks_channels(x: Any, w: Any) -> Any:
    _, height, width = x.shape
    return np.zeros((height, width))


def test_code_that_looks_for_channels_is_told_that_there_are_none() -> None:
    with pytest.raises(SymtconvError, match="not enough values to unpack") as caught:
        verify(Conv((28, 28), (4, 4)), unpacks_channels)
    assert caught.value.remedy == (
        "With one channel in and out x has shape (28, 28) and w (4, 4), without channel axes."
    )
    with pytest.raises(SymtconvError, match="not enough values to unpack") as caught:
        verify(Conv(4, 2, in_channels=2), unpacks_channels)
    assert "channel" not in caught.value.remedy
