"""A copy of a user's function that sees the exact stand-in wherever it would see NumPy; the original is not touched.

Exchanged are the module numpy and its parts, under whatever name, functions imported from it, imports within the
function, defaults, closures, and in the same way the functions that it calls, of its own module and of the user's other
ones, their classes and objects. Packages that are installed, and Python's own, are left as they are.
"""

from __future__ import annotations

import builtins
import sys
from abc import ABC, ABCMeta, update_abstractmethods
from contextlib import suppress
from functools import lru_cache, partial
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
    """Copies functions, and what they reach, for one verification; what is met twice is copied once."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._worlds: dict[int, dict[str, Any]] = {}
        self._copies: dict[int, Any] = {}
        self._kept: list[Any] = []  # what identities are remembered of stays alive

    def callable(self, function: Any) -> Any:
        """Copy a function, method, partial or object that can be called; its module counts as the user's."""
        if isinstance(function, FunctionType):
            return self._function(function)
        if isinstance(function, MethodType):
            return MethodType(self.callable(function.__func__), self.value(function.__self__))
        if isinstance(function, partial):
            self.callable(function.func)
            return self.value(function)
        call = next((vars(kind)["__call__"] for kind in type(function).__mro__ if "__call__" in vars(kind)), None)
        if isinstance(call, FunctionType):
            copy = self._function(call)
            instance = self.value(function)
            return instance if instance is not function else MethodType(copy, function)
        return self.value(function)

    def value(self, value: Any) -> Any:
        """Give what stands in for anything that the code can name."""
        if id(value) in self._copies:
            return self._copies[id(value)]
        if isinstance(value, FunctionType) and self._is_home(value):
            return self._function(value)
        if isinstance(value, MethodType):
            return MethodType(self.value(value.__func__), self.value(value.__self__))
        if isinstance(value, partial):
            named = {name: self.value(part) for name, part in value.keywords.items()}
            return partial(self.value(value.func), *map(self.value, value.args), **named)
        if isinstance(value, staticmethod | classmethod):
            return type(value)(self.value(value.__func__))
        if isinstance(value, property):
            return property(self.value(value.fget), self.value(value.fset), self.value(value.fdel), value.__doc__)
        if hasattr(value, "cache_parameters") and isinstance(getattr(value, "__wrapped__", None), FunctionType):
            return self._remember(value, lru_cache(**value.cache_parameters())(self.value(value.__wrapped__)))
        if isinstance(value, ModuleType) and _is_users(value.__name__):
            return UsersModule(value, self)
        if isinstance(value, type):
            return self._class(value) if self._is_plain(value) else value
        if type(value) in (list, tuple, dict):
            return self._container(value)
        if self._is_plain(type(value)) and hasattr(value, "__dict__"):
            return self._instance(value)
        return self._exchange.of(value)

    def _remember(self, value: Any, copy: Any) -> Any:
        self._kept.append(value)
        self._copies[id(value)] = copy
        return copy

    def _is_home(self, function: FunctionType) -> bool:
        return id(function.__globals__) in self._worlds or _is_users(function.__module__)

    def _is_plain(self, kind: type) -> bool:
        """Tell whether a class is the user's, and made of nothing but Python: no slots, no metaclass, no C below."""
        functions = [
            getattr(part, "__func__", part)
            for part in vars(kind).values()
            if isinstance(part, FunctionType | staticmethod | classmethod)
        ]
        users = _is_users(kind.__module__) or any(
            isinstance(one, FunctionType) and id(one.__globals__) in self._worlds for one in functions
        )
        above = all(base in (object, ABC) or self._is_plain(base) for base in kind.__bases__)
        return users and above and type(kind) in (type, ABCMeta) and "__slots__" not in vars(kind)

    def _class(self, kind: type) -> type:
        """Copy a class with its bases and methods; it is remembered first, since its methods may name it."""
        bases = tuple(self.value(base) for base in kind.__bases__)
        if id(kind) in self._copies:  # made while its bases were
            known: type = self._copies[id(kind)]
            return known
        copy: type = self._remember(kind, type(kind)(kind.__name__, bases, {"__module__": kind.__module__}))
        for name, part in vars(kind).items():
            if name not in ("__dict__", "__weakref__", "__module__"):
                setattr(copy, name, self.value(part))
        update_abstractmethods(copy)
        return copy

    def _instance(self, instance: Any) -> Any:
        """Copy an object of the user's, so that its methods are the copied ones."""
        kind = self.value(type(instance))
        if id(instance) in self._copies:  # made while its class was
            return self._copies[id(instance)]
        copy = self._remember(instance, object.__new__(kind))
        vars(copy).update({name: self.value(part) for name, part in vars(instance).items()})
        return copy

    def _container(self, values: Any) -> Any:
        """Copy a list, tuple or dictionary that holds something to exchange; any other stays itself."""
        self._remember(values, values)  # it may hold itself
        parts = list(values.values() if isinstance(values, dict) else values)
        copies = [self.value(part) for part in parts]
        if all(copy is part for copy, part in zip(copies, parts, strict=True)):
            return values
        same = dict(zip(values, copies, strict=True)) if isinstance(values, dict) else type(values)(copies)
        return self._remember(values, same)

    def _function(self, function: FunctionType) -> FunctionType:
        if id(function) in self._copies:
            known: FunctionType = self._copies[id(function)]
            return known
        closure = tuple(self._cell(cell) for cell in function.__closure__ or ())
        world = self._world(function.__globals__)
        copy = FunctionType(function.__code__, world, function.__name__, None, closure or None)
        self._remember(function, copy)
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
            world: dict[str, Any] = {"__builtins__": vars(builtins) | {"__import__": self._import}}
            self._worlds[id(home)] = world  # a function takes its builtins from here when it is made
            world.update({name: self.value(value) for name, value in home.items() if name != "__builtins__"})
        return self._worlds[id(home)]

    def _cell(self, cell: CellType) -> CellType:
        if id(cell) not in self._copies:
            copy = self._remember(cell, CellType())
            with suppress(ValueError):  # not yet filled
                content = cell.cell_contents
                copy.cell_contents = (
                    self._function(content) if isinstance(content, FunctionType) else self.value(content)
                )
        found: CellType = self._copies[id(cell)]
        return found

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
