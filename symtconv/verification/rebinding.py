"""A copy of a user's function that sees the exact stand-in wherever it would see NumPy; the original is not touched.

Exchanged are the module numpy and its parts, under whatever name, functions imported from it, imports within the
function, defaults, closures, and in the same way the functions that it calls, of its own module and of the user's other
ones. Packages that are installed, and Python's own, are left as they are.
"""

from __future__ import annotations

import builtins
import sys
from functools import partial
from pathlib import PurePath
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

from symtconv.verification.exactnumpy import Exchange


class UsersModule:
    """Stands in for another module of the user's: what it gives is exchanged too."""

    def __init__(self, module: ModuleType, rebinding: Rebinding) -> None:
        self._module, self._rebinding = module, rebinding

    def __getattr__(self, name: str) -> Any:
        return self._rebinding.value(getattr(self._module, name))


class Rebinding:
    """Copies functions for one run; a function that is met twice is copied once."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._worlds: dict[int, dict[str, Any]] = {}
        self._functions: dict[int, FunctionType] = {}
        self._cells: dict[int, CellType] = {}
        self._kept: list[Any] = []  # what identities are remembered of stays alive

    def callable(self, function: Any) -> Any:
        """Copy a function, method, partial or object that can be called; give anything else as it is."""
        if isinstance(function, FunctionType):
            return self._function(function)
        if isinstance(function, MethodType):
            return MethodType(self.callable(function.__func__), function.__self__)
        if isinstance(function, partial):
            named = {name: self.value(value) for name, value in function.keywords.items()}
            return partial(self.callable(function.func), *map(self.value, function.args), **named)
        call = vars(type(function)).get("__call__")
        if isinstance(call, FunctionType) and not isinstance(function, type):
            return MethodType(self._function(call), function)
        return self.value(function)

    def _function(self, function: FunctionType) -> FunctionType:
        if id(function) in self._functions:
            return self._functions[id(function)]
        self._kept.append(function)
        closure = tuple(self._cell(cell) for cell in function.__closure__ or ())
        world = self._world(function.__globals__)
        copy = FunctionType(function.__code__, world, function.__name__, None, closure or None)
        self._functions[id(function)] = copy
        if function.__defaults__ is not None:
            copy.__defaults__ = tuple(self.value(value) for value in function.__defaults__)
        if function.__kwdefaults__ is not None:
            copy.__kwdefaults__ = {name: self.value(value) for name, value in function.__kwdefaults__.items()}
        copy.__dict__.update(function.__dict__)
        return copy

    def _world(self, home: dict[str, Any]) -> dict[str, Any]:
        """Copy the globals of a module."""
        if id(home) not in self._worlds:
            self._kept.append(home)
            world = self._worlds[id(home)] = {}
            world.update({name: self.value(value) for name, value in home.items()})
            world["__builtins__"] = vars(builtins) | {"__import__": self._import}
        return self._worlds[id(home)]

    def value(self, value: Any) -> Any:
        """Give what stands in for anything that the code can name."""
        if isinstance(value, FunctionType) and (id(value.__globals__) in self._worlds or _is_users(value.__module__)):
            return self._function(value)
        if isinstance(value, ModuleType) and _is_users(value.__name__):
            return UsersModule(value, self)
        return self._exchange.of(value)

    def _cell(self, cell: CellType) -> CellType:
        if id(cell) not in self._cells:
            self._kept.append(cell)
            copy = self._cells[id(cell)] = CellType()
            try:
                content = cell.cell_contents
            except ValueError:  # not yet filled
                return copy
            copy.cell_contents = self._function(content) if isinstance(content, FunctionType) else self.value(content)
        return self._cells[id(cell)]

    def _import(self, name: str, *rest: Any, **options: Any) -> Any:
        module: ModuleType = builtins.__import__(name, *rest, **options)
        return self.value(module)


def _is_users(name: str | None) -> bool:
    """Tell whether a module is the user's: one with a file, not installed, and neither Python's nor ours."""
    root = (name or "").partition(".")[0]
    if not root or root in sys.stdlib_module_names or root in ("numpy", "symtconv"):
        return False
    file = getattr(sys.modules.get(name or ""), "__file__", None) or ""
    return file.endswith(".py") and not {"site-packages", "dist-packages"} & {*PurePath(file).parts}
