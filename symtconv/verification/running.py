"""Running a user's function on indeterminates, and reading what it returns.

Two limits end a run: a number of operations on indeterminates, the same on every machine, and seconds on the clock for
loops that never touch one. At the deadline a watching thread raises an exception in the running one, which CPython
delivers between two instructions of Python; a single call into C that never returns cannot be ended so.
"""

from __future__ import annotations

import ctypes
import inspect
import linecache
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from symtconv.arrays import Array
from symtconv.errors import Refuted, SymtconvError, Undecided
from symtconv.verification.exactnumpy import Exchange, as_exact
from symtconv.verification.indeterminate import Meter, Refusal, Stopped, indeterminates, polynomial_of
from symtconv.verification.rebinding import Rebinding

SECONDS = 10.0
_AGAIN = 0.2  # the deadline is repeated, should the code have caught it
RUNS = "it must run through on indeterminates"
REMEDY = "Use NumPy or plain Python, with sums and products of the arguments only."


def outputs_of(function: Callable[..., Any], arguments: tuple[Array, Array], *, hint: str = "") -> Array:
    """Run a function on two arrays of polynomials, and give the polynomials that it returns.

    The function is a copy whose NumPy makes exact arrays; its arguments are copies too. It is run twice, keeps from the
    first run what it keeps itself, and must give the same both times. `hint` is what an error says of code that does
    not find the axes that it looks for.

    Raises:
        SymtconvError: where it compares values, leaves NumPy, raises, or returns anything but an array of numbers.
        Undecided: where it runs on and on.
        Refuted: where two runs differ.
    """
    name = name_of(function)
    meter = Meter()
    rebound = Rebinding(Exchange(meter)).callable(function)
    first, second = (_once(function, rebound, arguments, meter, hint) for _ in range(2))
    if first.shape != second.shape or any(a != b for a, b in zip(first.flat, second.flat, strict=True)):
        raise Refuted.at(name, {}, "two different results from two runs", "a layer gives the same each time")
    return first


def _once(function: Callable[..., Any], rebound: Any, arguments: tuple[Array, Array], meter: Meter, hint: str) -> Array:
    meter.begin()
    name = name_of(function)
    given = [as_exact(indeterminates(values, meter)) for values in arguments]
    with told(name, file_of(function), meter, hint=hint):
        check_arguments(function)
        result = rebound(*given)
        meter.spend(0)
        if meter.refusal is not None:  # the code has caught it, and gone on with something else
            raise meter.refusal
        return _read(result, name)


def name_of(function: Any) -> str:
    """Give the name that messages call a function by."""
    return str(getattr(function, "__name__", None) or type(function).__name__)


def file_of(function: Any) -> str:
    """Give the file that a function was written in, or nothing."""
    inner = function.__func__ if isinstance(function, MethodType) else getattr(function, "func", function)
    return inner.__code__.co_filename if isinstance(inner, FunctionType) else ""


def check_arguments(function: Any) -> None:
    """Require a function that can be called with two arrays."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(None, None)
    except TypeError:
        raise SymtconvError(
            name_of(function),
            arrived=f"the arguments {signature}",
            rule="it is called with two arrays",
            remedy='function(x, w) for of="layer", function(v, w) for "input-gradient", (x, v) for "kernel-gradient".',
        ) from None


@contextmanager
def told(
    name: str, file: str, meter: Meter | None = None, *, rule: str = RUNS, remedy: str = REMEDY, hint: str = ""
) -> Iterator[None]:
    """Run a user's code within the time limit, and turn whatever it raises into an error that quotes its line.

    `rule` and `remedy` are what the error says of exceptions of the code's own, `hint` of those that axes can raise.
    """
    try:
        with deadline():
            yield
    except (Stopped, Refusal, Exception, SystemExit) as error:
        kept = meter.refusal if meter is not None else None
        if isinstance(error, Stopped):
            raise Undecided(
                name,
                arrived=f"{_place(error, file) or 'in the code'}: {error}",
                rule="the code has to come to an end before anything is known of it",
                remedy="Ask it of a smaller layer of the same kind, or look for a loop that does not end.",
            ) from None
        if kept is not None:
            where = _place(kept, file) or _place(error, file) or "in the code"
            raise SymtconvError(name, arrived=f"{where}: {kept.arrived}", rule=kept.rule, remedy=REMEDY) from None
        if isinstance(error, SymtconvError) and error.asked == name:
            raise
        where = _place(error, file) or "in the code"
        said = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1][:300]
        help_ = hint if hint and isinstance(error, ValueError | IndexError) else remedy
        raise SymtconvError(name, arrived=f"{where}: {said}", rule=rule, remedy=help_) from None


def _place(error: BaseException, file: str) -> str:
    """Give the line of the user's code that an error comes from, the last in its file; nothing where it has none."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"line {error.lineno}"
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    lines = [line for name, line in frames if name == file]
    if not lines:
        return ""
    code = linecache.getline(file, lines[-1]).strip()
    return f"line {lines[-1]}, `{code[:120]}`" if code else f"line {lines[-1]}"


@contextmanager
def deadline() -> Iterator[None]:
    """Raise Stopped in this thread where the block takes longer than SECONDS, again and again until it is left."""
    raising = getattr(getattr(ctypes, "pythonapi", None), "PyThreadState_SetAsyncExc", None)
    if raising is None:  # not CPython: the count of operations is the only limit
        yield
        return
    thread = ctypes.c_ulong(threading.get_ident())
    over, fired, lock, seconds = threading.Event(), threading.Event(), threading.Lock(), SECONDS

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            with lock:
                if not over.is_set():
                    fired.set()
                    raising(thread, ctypes.py_object(_OutOfTime))
            wait = _AGAIN

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        while not over.is_set():
            with suppress(Stopped), lock:
                over.set()
        raising(thread, None)  # what is still on its way is called back
    if fired.is_set():  # the code has caught it
        raise _OutOfTime


class _OutOfTime(Stopped):
    """The deadline; made by the interpreter, without arguments."""

    def __init__(self) -> None:
        super().__init__(f"more than {SECONDS:g} seconds")


def _read(result: Any, name: str) -> Array:
    """Read a result as an array of polynomials."""
    rule = "it returns an array of sums of products of its arguments"
    if result is None:
        raise SymtconvError(name, arrived="None", rule=rule, remedy="Perhaps a return is missing at the end.")
    try:
        values = np.asarray(result, dtype=object)
    except Exception as error:
        arrived = f"a {type(result).__name__} that is no array ({str(error)[:100]})"
        raise SymtconvError(name, arrived=arrived, rule=rule) from None
    polynomials = np.empty(values.shape, dtype=object)
    for index in np.ndindex(*values.shape):
        entry = values[index]
        if isinstance(entry, np.ndarray) and entry.ndim == 0:
            entry = entry[()]
        found = polynomial_of(entry)
        if found is None:
            kind = type(result).__name__
            arrived = f"a {kind}" if values.ndim == 0 else f"a {kind} with {str(entry)[:40]} at {index}"
            raise SymtconvError(name, arrived=arrived, rule=rule, remedy=REMEDY)
        polynomials[index] = found
    return polynomials
