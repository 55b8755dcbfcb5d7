"""The shape of the house: who may import whom, what is imported late, and what is never imported."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

import symtconv

PACKAGE = Path(symtconv.__file__).parent

# What each part may import, itself apart. Parts are top-level modules and packages of symtconv.
CORE = ("errors", "sizes", "arguments", "geometry", "arrays", "taps", "layers", "matrices", "transposed")
ALLOWED: dict[str, set[str]] = {
    "failure": set(),
    "errors": {"failure"},
    "sizes": {"errors"},
    "arguments": {"errors", "sizes"},
    "geometry": {"errors", "sizes", "arguments"},
    "arrays": {"errors", "sizes", "arguments", "geometry"},
    "taps": {"errors", "sizes", "arguments", "geometry"},
    "layers": {"errors", "sizes", "arguments", "geometry", "arrays"},
    "matrices": {"errors", "sizes", "arguments", "geometry", "arrays", "taps"},
    "transposed": set(CORE) - {"transposed"},
    "identification": {"errors", "sizes", "arguments", "geometry", "arrays", "taps", "matrices"},
    "proofs": {"failure", "errors"},
    "bruteforce": {"errors", "proofs"},
    "catalogue": {*CORE, "proofs", "bruteforce"},
    "verification": {*CORE, "proofs", "catalogue"},
    "document": {"errors"},
    "figures": {"errors", "document"},
    "proofformulas": {"errors", "proofs", "document"},
    "telling": {"errors", "proofs", "document", "proofformulas"},
    "exposition": {"errors", "proofs", "document", "proofformulas", "telling"},
    "derivation": {*CORE, "proofs", "catalogue", "document", "figures", "telling"},
    "commandline": {
        *CORE,
        "verification",
        "proofs",
        "catalogue",
        "document",
        "proofformulas",
        "telling",
        "exposition",
        "derivation",
        "__init__",
    },
    "cli": {
        *CORE,
        "verification",
        "proofs",
        "catalogue",
        "document",
        "telling",
        "exposition",
        "derivation",
        "commandline",
        "__init__",
    },
}

# Imports from a floor above, made inside a method when it is called: how a record shows itself.
UPWARD = {
    ("proofs.kernel", "Proof.to_latex", "exposition"),
}
# The same made by a renderer for a node of its kind, and so not by a method that is called to_*.
RENDERERS = {
    ("document.latex", "_", "figures.tikz"),
}
# Imports for type hints only.
HINTS = {
    ("commandline.notationflags", "derivation.notation"),
    ("document.heights", "figures.scene"),
    ("document.nodes", "figures.scene"),
}

FRAMEWORKS = ("torch", "tensorflow", "jax", "jaxlib", "keras", "onnx", "onnxruntime", "flax", "dask")
DRAWING = ("matplotlib", "PIL")


class Import(NamedTuple):
    """One import of a module of ours: by whom, within which function or class, of what, and whether for hints only."""

    module: str
    within: str
    imported: str
    hint: bool


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def sources() -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str) -> Iterator[Import]:
    def within(node: ast.AST, names: tuple[str, ...], hint: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside, hinted = names, hint
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inside = (*names, child.name)
            if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
                hinted = True
            targets: list[str] = []
            if isinstance(child, ast.Import):
                targets = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: imports are absolute"
                base = child.module or ""
                targets = [f"{base}.{alias.name}" for alias in child.names] if base == "symtconv" else [base]
            for target in targets:
                if target == "symtconv" or target.startswith("symtconv."):
                    name = target.removeprefix("symtconv").removeprefix(".")
                    yield Import(module, ".".join(names), name if name in sources() else "__init__", hinted)
                    if isinstance(child, ast.ImportFrom):
                        for alias in child.names:
                            if f"{name}.{alias.name}" in sources():
                                yield Import(module, ".".join(names), f"{name}.{alias.name}", hinted)
            yield from within(child, inside, hinted)

    yield from within(sources()[module], (), False)


def every_import() -> list[Import]:
    found = chain.from_iterable(imports_of(module) for module in sources() if module != "__init__")
    return list(dict.fromkeys(found))


def part(module: str) -> str:
    return module.split(".")[0]


def permitted(found: Import) -> bool:
    return part(found.imported) == part(found.module) or part(found.imported) in ALLOWED[part(found.module)]


def test_every_part_of_the_house_has_its_floor() -> None:
    assert {part(module) for module in sources()} - {"__init__", "__main__"} <= set(ALLOWED)


def test_floors_have_no_cycle() -> None:
    below: set[str] = set()
    waiting = dict(ALLOWED)
    while waiting:
        ready = {name for name, needs in waiting.items() if needs - {"__init__"} <= below}
        assert ready, f"a cycle among {sorted(waiting)}"
        below |= ready
        waiting = {name: needs for name, needs in waiting.items() if name not in ready}


@pytest.mark.parametrize("module", sorted(set(sources()) - {"__init__", "__main__"}))
def test_a_module_imports_from_floors_below(module: str) -> None:
    wrong = [found for found in imports_of(module) if not found.within and not found.hint and not permitted(found)]
    assert not wrong


def test_imports_from_above_are_made_in_methods_that_are_listed() -> None:
    found = {
        (one.module, one.within, one.imported)
        for one in every_import()
        if one.within and not one.hint and not permitted(one)
    }
    assert found == UPWARD | RENDERERS
    for _, method, _ in UPWARD:
        name = method.split(".")[-1]
        assert name.startswith(("to_", "_repr_"))


def test_imports_for_hints_are_listed() -> None:
    assert {(found.module, found.imported) for found in every_import() if found.hint} == HINTS


def loaded_with(module: str) -> set[str]:
    """Follow the imports that loading a module makes."""
    found: set[str] = set()
    pending = [module]
    while pending:
        for one in imports_of(pending.pop()):
            if not one.within and not one.hint and one.imported not in found:
                found.add(one.imported)
                pending.append(one.imported)
    return found


def test_definitions_share_nothing_with_the_tap_map() -> None:
    reached = loaded_with("layers")
    assert "geometry" in reached
    assert not {name for name in reached if part(name) in ("taps", "matrices", "transposed", "catalogue", "proofs")}
    assert not {name for name in loaded_with("taps") if part(name) in ("layers", "arrays")}
    for module in sources():
        if part(module) == "matrices":
            assert not {name for name in loaded_with(module) if part(name) in ("layers", "transposed")}


def test_proofs_know_nothing_of_convolution() -> None:
    for module in sources():
        if part(module) == "proofs":
            assert {part(name) for name in loaded_with(module)} <= {"proofs", "errors", "failure"}
            names = {node.id.lower() for node in ast.walk(sources()[module]) if isinstance(node, ast.Name)}
            assert not {name for name in names if "conv" in name or "stride" in name or "dilat" in name}


def test_documents_know_nothing_of_convolution() -> None:
    for module in sources():
        if part(module) in ("document", "figures"):
            assert {part(name) for name in loaded_with(module)} <= {"document", "figures", "errors", "failure"}


def test_only_the_command_line_prints() -> None:
    for module, tree in sources().items():
        if part(module) in ("cli", "commandline"):
            continue
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"print", "eval", "exec", "input", "breakpoint"}, module


def test_nothing_is_pasted_through_keyword_arguments() -> None:
    for module, tree in sources().items():
        if part(module) not in {*CORE, "proofs", "catalogue"}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (module, node.name) != ("proofs.theorem", "holds"):
                assert node.args.kwarg is None, f"{module}.{node.name}"  # a statement's sizes have names of its own


def test_no_module_bears_the_name_of_a_public_function() -> None:
    functions = {name for name in symtconv.__all__ if name.islower()}
    assert not functions & {step for module in sources() for step in module.split(".")}
    assert not {step for module in sources() for step in module.split(".")} & {"utils", "common", "helpers", "misc"}


def test_every_module_says_what_it_is() -> None:
    for module, tree in sources().items():
        assert ast.get_docstring(tree), module


# --- in a fresh interpreter


def fresh(code: str) -> set[str]:
    """Run code in a new interpreter and give the names of the top-level modules that it has then."""
    path = os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return {name.split(".")[0] for name in json.loads(run.stdout.splitlines()[-1])}


def test_geometry_needs_neither_numpy_nor_sympy_nor_scipy() -> None:
    loaded = fresh(
        "import symtconv\n"
        "layer = symtconv.Conv(4, 2)\n"
        "assert layer.T.T == layer and layer.output_shape == (3,) and hash(layer) and repr(layer)\n"
        "symtconv.ConvTranspose((2, 2), 3, stride=2, padding='same').same_output"
    )
    assert not loaded & {"numpy", "scipy", "sympy", "mpmath", "click", "rich", *FRAMEWORKS, *DRAWING}


def test_a_definition_needs_neither_sympy_nor_scipy() -> None:
    loaded = fresh("import symtconv\nassert symtconv.convolve(symtconv.Conv(2, 2), [1, 2], [3, 4]).tolist() == [11]")
    assert "numpy" in loaded
    assert not loaded & {"scipy", "sympy", *FRAMEWORKS, *DRAWING}


def test_a_wrong_layer_is_refused_without_numpy() -> None:
    loaded = fresh("import symtconv\ntry:\n    symtconv.Conv(4, 9)\nexcept symtconv.GeometryError:\n    pass")
    assert not loaded & {"numpy", "scipy", "sympy"}


def test_no_module_imports_a_framework_or_a_drawing_library() -> None:
    names = sorted(f"symtconv.{module}" for module in sources() if module not in ("__init__", "__main__"))
    loaded = fresh("import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in names))
    assert "symtconv" in loaded
    assert {"numpy", "scipy", "sympy"} <= loaded
    assert not loaded & {*FRAMEWORKS, *DRAWING, "pytest", "hypothesis", "IPython"}


def test_using_every_view_imports_no_framework() -> None:
    loaded = fresh(
        "from symtconv import *\n"
        "layer = ConvTranspose((2, 2), 3, stride=2, padding='same')\n"
        "kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]\n"
        "symbolic_matrix(layer), sparse_matrix(layer, kernel), kernel_jacobian(layer)\n"
        "dot_test(operator(layer, kernel)), conv_transpose(layer, [[1, 2], [3, 4]], kernel)\n"
        "[prove(theorem, theorem.example) for theorem in theorems()]"
    )
    assert not loaded & {*FRAMEWORKS, *DRAWING}
