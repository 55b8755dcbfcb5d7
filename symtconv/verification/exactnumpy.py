"""NumPy for one run of a user's code: the functions that make arrays make exact ones. NumPy itself is not touched.

Floats cannot hold indeterminates, so `np.zeros(shape)`, `dtype=float` and `x.astype(float)` give arrays of objects.
Arrays of whole numbers stay NumPy's own: they serve as indices, and would cut off the fraction of a value that is
written into them, so that such a write is refused. Everything else is NumPy's own too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from symtconv.errors import SymtconvError
from symtconv.verification.indeterminate import MATHEMATICS, Indeterminate, Meter

_EXACT = "fc"
# Makers of arrays, and where each takes a dtype among its positional arguments.
_MAKERS = {
    "zeros": 1, "ones": 1, "empty": 1, "full": 2, "zeros_like": 1, "ones_like": 1, "empty_like": 1, "full_like": 2,
    "array": 1, "asarray": 1, "asanyarray": 1, "ascontiguousarray": 1, "asfortranarray": 1, "eye": 3, "identity": 1,
    "require": 1, "fromiter": 1, "repeat": 9, "tile": 9,
}  # fmt: skip


class ExactArray(np.ndarray[Any, Any]):
    """An array of objects that takes float as a name for exact numbers."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute on the objects; constants are floats where NumPy has a function for floats only."""
        given = [_plain(value) for value in inputs]
        targets = options.get("out", ())
        if targets:
            options["out"] = tuple(_plain(target) for target in targets)
        written = [target for target in (*targets, *given[:1] * (method == "at")) if isinstance(target, np.ndarray)]
        unknown = next((value for value in _entries(given) if isinstance(value, Indeterminate)), None)
        if unknown is not None and any(target.dtype != object for target in written):
            float(unknown)  # refused, in its own words
        if unknown is None and ufunc.__name__ in MATHEMATICS:
            given = [value.astype(float) if _is_exact(value) else value for value in given]
        if _is_number(options.get("dtype")):
            options["dtype"] = object
        result = getattr(ufunc, method)(*given, **options)
        if len(targets) == 1:
            return targets[0]
        return exactly(result)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """Give a single value as itself, as NumPy does for plain arrays."""
        return array[()] if array.ndim == 0 else exactly(array)

    def astype(self, dtype: Any, *rest: Any, **options: Any) -> Any:
        """Copy; numbers of any float type stay the exact values that they are, whole numbers are NumPy's."""
        return super().astype(object if _is_number(dtype) else dtype, *rest, **options)


def exactly(value: Any) -> Any:
    """Turn arrays of objects into exact ones; leave everything else alone, np.matrix and masked arrays too."""
    if type(value) is np.ndarray and value.dtype == object:
        return value.view(ExactArray)
    if type(value) in (list, tuple):
        return type(value)(exactly(part) for part in value)
    return value


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, ExactArray) else value


def _is_exact(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object


def _entries(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if _is_exact(value):
            yield from value.flat
        else:
            yield value


def _is_number(dtype: Any) -> bool:
    return dtype is not None and np.dtype(dtype).kind in _EXACT


class ExactNumPy:
    """Stands in for the module numpy, or one of its parts, under whatever name a user's code has for it."""

    def __init__(self, module: ModuleType, exchange: Exchange) -> None:
        self._module, self._exchange = module, exchange

    def __getattr__(self, name: str) -> Any:
        return self._exchange.of(getattr(self._module, name))

    def __dir__(self) -> list[str]:
        return dir(self._module)

    def __repr__(self) -> str:
        return repr(self._module)


class Exchange:
    """Exchanges NumPy and its functions for ones that keep exact values, for one run."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._special: dict[int, Callable[..., Any]] = {
            id(np.einsum): _einsum,
            id(np.lib.stride_tricks.as_strided): _as_strided,
        }
        for name, place in _MAKERS.items():
            maker = getattr(np, name)
            self._special[id(maker)] = self._emptied(maker, place) if "empty" in name else _made(maker, place)

    def of(self, value: Any) -> Any:
        """Give what stands in for a value, itself unless it is NumPy's."""
        if id(value) in self._special:
            return self._special[id(value)]
        if isinstance(value, ModuleType):
            return ExactNumPy(value, self) if _is_numpys(value.__name__) else value
        function = callable(value) and not isinstance(value, type | np.ufunc)
        if function and _is_numpys(str(getattr(value, "__module__", ""))):
            plain = isinstance(value, FunctionType | BuiltinFunctionType) or hasattr(value, "__wrapped__")
            return _kept(value) if plain or type(value).__name__ == "_ArrayFunctionDispatcher" else value
        return value

    def _emptied(self, maker: Callable[..., Any], place: int) -> Callable[..., Any]:
        made = _made(maker, place)

        @wraps(maker)
        def empty(*args: Any, **options: Any) -> Any:
            array = made(*args, **options)
            if array.dtype == object:
                for index in np.ndindex(*array.shape):
                    array[index] = self._meter.unset_cell()
            return array

        return empty


def _is_numpys(module: str) -> bool:
    return module.partition(".")[0] == "numpy"


def _made(maker: Callable[..., Any], place: int) -> Callable[..., Any]:
    """Make a maker of arrays give exact ones wherever NumPy's would hold numbers."""

    @wraps(maker)
    def exact_maker(*args: Any, **options: Any) -> Any:
        given = [*args]
        if len(given) > place and _is_number(given[place]):
            given[place] = object
        if _is_number(options.get("dtype")):
            options["dtype"] = object
        array = maker(*given, **options)
        return exactly(array.astype(object) if array.dtype.kind in _EXACT else array)

    return exact_maker


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of NumPy keep exact values: no number type is forced on its result."""

    @wraps(function)
    def kept(*args: Any, **options: Any) -> Any:
        if _is_number(options.get("dtype")):
            options["dtype"] = object
        return exactly(function(*args, **options))

    return kept


def _einsum(*operands: Any, optimize: object = False, **options: Any) -> Any:
    """Sum by Einstein's convention; the order of the contractions is left to NumPy's plain loop, as objects need."""
    return _kept(np.einsum)(*operands, optimize=False, **options)


def _as_strided(x: Any, shape: Any = None, strides: Any = None, **options: Any) -> Any:
    """View an array with other strides, within its memory: what lies outside holds no objects, and reading it crashes.

    Raises:
        SymtconvError: where the view would reach outside of the array, or between two of its pixels.
    """
    array = np.asarray(x)
    sizes = array.shape if shape is None else tuple(np.atleast_1d(np.asarray(shape, dtype=np.intp)).tolist())
    steps = array.strides if strides is None else tuple(np.atleast_1d(np.asarray(strides, dtype=np.intp)).tolist())
    root = array
    while isinstance(root.base, np.ndarray) and root.base.dtype == array.dtype:
        root = root.base
    reach = [(size - 1) * step for size, step in zip(sizes, steps, strict=True)]
    start = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    first, last = start + sum(min(r, 0) for r in reach), start + sum(max(r, 0) for r in reach)
    end = last + array.itemsize
    whole = root.flags.c_contiguous or root.flags.f_contiguous
    broken = any(step % array.itemsize for step in steps) or first < 0 or end > root.nbytes or not whole
    if broken and 0 not in sizes:
        raise SymtconvError(
            "as_strided",
            arrived=f"shape {sizes} and strides {steps} over {root.nbytes} bytes, pixels of {array.itemsize} bytes",
            rule="the view must stay inside of the array, on its pixels",
            remedy="Take the strides from x.strides.",
        )
    return exactly(np.lib.stride_tricks.as_strided(array, sizes, steps, **options))


def as_exact(values: Any) -> Any:
    """Give an array of indeterminates as user's code receives it."""
    return np.array(values, dtype=object).view(ExactArray)
