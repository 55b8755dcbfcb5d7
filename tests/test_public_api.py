"""The public names, pinned: what is exported, with which arguments, documented and with an example."""

from __future__ import annotations

import inspect
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

import symtconv
from symtconv import SymtconvError

EXPORTED = [
    "Conv",
    "ConvTranspose",
    "GeometryError",
    "Impossible",
    "MissingDependency",
    "NotApplicable",
    "Notation",
    "ProofError",
    "Refuted",
    "SymtconvError",
    "TooLarge",
    "Undecided",
    "__version__",
    "conv_transpose",
    "convolve",
    "decide",
    "derive",
    "dot_test",
    "identify",
    "input_symbols",
    "kernel_jacobian",
    "kernel_symbols",
    "operator",
    "prove",
    "sparse_matrix",
    "symbolic_matrix",
    "theorems",
    "verify",
]

PARAMETERS = {
    "Conv": "input_shape, kernel_size, *, stride=1, padding=0, dilation=1, output_shape=None, in_channels=1, "
    "out_channels=1, groups=1, padding_mode='zeros'",
    "ConvTranspose": "input_shape, kernel_size, *, stride=1, padding=0, output_padding=0, output_shape=None, "
    "dilation=1, in_channels=1, out_channels=1, groups=1, padding_mode='zeros'",
    "symbolic_matrix": "layer, kernel=None, *, order='C', max_entries=1000000",
    "sparse_matrix": "layer, kernel, *, order='C', format='csr', dtype=None",
    "operator": "layer, kernel, *, order='C'",
    "kernel_jacobian": "layer, x=None",
    "kernel_symbols": "layer",
    "input_symbols": "layer",
    "convolve": "layer, x, kernel, bias=None",
    "decide": "claim, *, where=(), assuming=()",
    "conv_transpose": "layer, x, kernel, bias=None, *, method='stamp'",
    "dot_test": "operator, *, seed=0",
    "identify": "matrix, input_shape",
    "theorems": "",
    "prove": "theorem, layer=None, *, kernel=None",
    "verify": "layer, function, *, of='layer'",
    "derive": "layer, *, kernel=None, x=None, sections=None, notation=Notation(...)",
}


def test_the_exported_names_are_these() -> None:
    assert sorted(symtconv.__all__) == EXPORTED
    assert dir(symtconv) == EXPORTED
    assert len(set(symtconv.__all__)) == len(symtconv.__all__)


@pytest.mark.parametrize("name", EXPORTED)
def test_every_exported_name_is_there_and_the_same_each_time(name: str) -> None:
    value = getattr(symtconv, name)
    assert value is getattr(symtconv, name)
    if name != "__version__":
        assert value.__name__ == name
        assert value.__module__.startswith("symtconv.")


def test_unknown_names_are_attribute_errors() -> None:
    for name in ("conv", "deconvolution", "_nothing", "numpy"):
        with pytest.raises(AttributeError, match=name):
            getattr(symtconv, name)


def shown(parameters: list[inspect.Parameter]) -> str:
    words = []
    for number, parameter in enumerate(parameters):
        first = number == 0 or parameters[number - 1].kind is not inspect.Parameter.KEYWORD_ONLY
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and first:
            words.append("*")
        default = "" if parameter.default is inspect.Parameter.empty else f"={parameter.default!r}"
        words.append(parameter.name + ("=Notation(...)" if default.startswith("=Notation(") else default))
    return ", ".join(words)


@pytest.mark.parametrize("name", PARAMETERS)
def test_arguments_are_those_of_the_contract(name: str) -> None:
    parameters = [*inspect.signature(getattr(symtconv, name)).parameters.values()]
    further = {"sparse_matrix": ["max_entries"]}.get(name, [])
    extra = [parameter for parameter in parameters if parameter.name in further]
    assert shown([parameter for parameter in parameters if parameter.name not in further]) == PARAMETERS[name]
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in extra)


@pytest.mark.parametrize("name", PARAMETERS)
def test_functions_and_layers_have_a_docstring_with_an_example(name: str) -> None:
    words = inspect.getdoc(getattr(symtconv, name))
    assert words
    assert words.splitlines()[0].endswith((".", ".)"))
    assert ">>>" in words


@pytest.mark.parametrize("name", [name for name in EXPORTED if name not in PARAMETERS and name != "__version__"])
def test_everything_else_has_a_docstring(name: str) -> None:
    assert getattr(symtconv, name).__doc__


@pytest.mark.parametrize("name", PARAMETERS)
def test_everything_is_typed(name: str) -> None:
    value = getattr(symtconv, name)
    signature = inspect.signature(value.__init__ if inspect.isclass(value) else value)
    for parameter in signature.parameters.values():
        if parameter.name != "self":
            assert parameter.annotation is not inspect.Parameter.empty, parameter.name
    assert signature.return_annotation is not inspect.Signature.empty
    assert (Path(symtconv.__file__).parent / "py.typed").is_file()


ERRORS: dict[str, tuple[type, ...]] = {
    "GeometryError": (SymtconvError, ValueError),
    "NotApplicable": (symtconv.GeometryError,),
    "Refuted": (SymtconvError,),
    "Undecided": (SymtconvError,),
    "ProofError": (SymtconvError,),
    "Impossible": (SymtconvError,),
    "TooLarge": (SymtconvError,),
    "MissingDependency": (SymtconvError, ImportError),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_one_tree(name: str) -> None:
    kind: Any = getattr(symtconv, name)
    assert all(issubclass(kind, base) for base in ERRORS[name])
    error = kind("what was asked", arrived="this", rule="that", remedy="Do so.")
    assert str(error) == "what was asked: got this, but that. Do so."


ATTRIBUTES = """input_shape output_shape kernel_size stride padding output_padding dilation
in_channels out_channels groups padding_mode kernel_shape T"""


def test_attributes_of_layers_are_the_contracts() -> None:
    for layer in (symtconv.Conv(4, 2), symtconv.ConvTranspose(4, 2)):
        for name in ATTRIBUTES.split():
            assert getattr(layer, name) is not None


def test_the_version_is_the_packages() -> None:
    assert symtconv.__version__.count(".") == 2
    try:
        installed = version("symtconv")
    except PackageNotFoundError:
        return
    assert installed == symtconv.__version__
