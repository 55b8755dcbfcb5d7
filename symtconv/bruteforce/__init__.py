"""The brute-force truth of the catalogue: each statement at given sizes, by plain loops from the definitions.
It shares nothing with the layers, the tap map or the matrices of symtconv; weights and vectors are indeterminates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import isfunction
from types import MappingProxyType

from symtconv.bruteforce import (
    adjoint,
    constructions,
    gradients,
    interpolation,
    norms,
    overlap,
    regularity,
    sizes,
    structure,
)

FAMILIES = (sizes, gradients, adjoint, constructions, structure, overlap, interpolation, regularity, norms)

TRUTHS: Mapping[str, Callable[..., bool]] = MappingProxyType(
    {
        name.replace("_", "-"): function
        for family in FAMILIES
        for name, function in vars(family).items()
        if isfunction(function) and function.__module__ == family.__name__ and not name.startswith("_")
    }
)
