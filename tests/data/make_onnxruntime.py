"""Write onnxruntime.json: models of one Conv or ConvTranspose node, or a Pad and a Conv, as onnxruntime computes them.

Run it with a Python that has onnx, onnxruntime and numpy: `python make_onnxruntime.py`. Everything is computed in
float32 on the CPU.
"""

import importlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from cases_for_oracles import (
    ASYMMETRIC_CONVS,
    ASYMMETRIC_TRANSPOSES,
    CONVS,
    NEGATIVE_CONVS,
    SAME_CONVS,
    SAME_STRIDED_CONVS,
    SAME_TRANSPOSES,
    TRANSPOSES,
    VALID_CONVS,
    VALID_TRANSPOSES,
    Case,
    Conv,
    ConvTranspose,
    Layer,
    Pairs,
    spell_call,
    write,
)

AUTO_PADS = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER", "valid": "VALID"}
PAD_MODES = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "replicate": "edge"}

UPPER_CONVS = [layer for layer in [*SAME_CONVS, *SAME_STRIDED_CONVS] if set(layer.dilations) == {1}]
"""onnxruntime's Conv refuses SAME_UPPER and SAME_LOWER with dilation."""

LOWER_CONVS = [replace(layer, padding="same_lower") for layer in UPPER_CONVS[1::2]]

LOWER_TRANSPOSES = [replace(layer, padding="same_lower") for layer in SAME_TRANSPOSES]

MODE_CONVS = [
    Conv((5,), (3,), padding=((3, 1),), padding_mode="circular"),
    Conv((5,), (2,), stride=2, padding=((0, 4),), padding_mode="reflect"),
    Conv((3,), (3,), padding=((1, 4),), padding_mode="replicate", channels=(2, 1)),
    Conv((4, 5), (3, 3), padding=1, padding_mode="circular"),
    Conv((4, 3), (2, 2), stride=2, padding=((1, 0), (2, 1)), padding_mode="reflect", channels=(1, 2), bias=True),
    Conv((3, 4), (3, 2), padding=((2, 0), (0, 3)), dilation=(1, 2), padding_mode="replicate"),
    Conv((2, 3, 3), (2, 3, 2), padding=1, padding_mode="circular"),
    Conv((3, 2, 2), (2, 2, 2), padding=((2, 0), (0, 1), (1, 1)), padding_mode="reflect"),
    Conv((2, 2, 3), (2, 3, 2), stride=2, padding=((1, 0), (0, 2), (2, 1)), padding_mode="replicate"),
]
"""A Pad node in a mode before the Conv."""

CHOSEN_PADS: list[tuple[ConvTranspose, dict[str, Any]]] = [
    (ConvTranspose((4,), (3,), 2, ((1, 1),), output_shape=(7,)), {"output_shape": [7]}),
    (ConvTranspose((4,), (3,), 2, ((1, 0),), output_shape=(8,)), {"output_shape": [8]}),
    (ConvTranspose((4,), (3,), 2, ((0, 1),), output_shape=(8,)), {"output_shape": [8], "auto_pad": "SAME_UPPER"}),
    (ConvTranspose((4,), (5,), 2, ((2, 1),), output_shape=(8,)), {"output_shape": [8], "auto_pad": "SAME_LOWER"}),
    (ConvTranspose((4,), (3,), 2, output_shape=(10,)), {"output_shape": [10]}),
    (ConvTranspose((2, 3), (3, 4), 2, ((1, 0), (2, 1)), output_shape=(4, 5), bias=True), {"output_shape": [4, 5]}),
    (
        ConvTranspose((2, 3), (3, 4), 2, ((0, 1), (1, 2)), output_shape=(4, 5), channels=(2, 1)),
        {"output_shape": [4, 5], "auto_pad": "SAME_UPPER"},
    ),
    (ConvTranspose((2, 2, 2), (2, 3, 4), (1, 2, 3), ((1, 0), (0, 0), (1, 0))), {"output_shape": [2, 5, 6]}),
    (ConvTranspose((4,), (3,), 2, 1, output_padding=1), {"output_padding": [1], "auto_pad": "SAME_UPPER"}),
    (ConvTranspose((3,), (2,), 3), {"auto_pad": "SAME_UPPER"}),
    (ConvTranspose((2, 3), (1, 2), (2, 3)), {"auto_pad": "SAME_LOWER"}),
    (ConvTranspose((3,), (2,), 3), {"auto_pad": "VALID"}),
]
"""onnxruntime chooses the pads: a layer in symtconv's words, and the attributes that lead there.

With output_shape the odd pad goes in front unless auto_pad is SAME_UPPER; SAME with an output_padding balances the pads
anew; SAME with a kernel below the stride crops nothing, so that the size is (i-1)s + K and not i*s.
"""


@dataclass(frozen=True)
class Model:
    """Name the node's operator, its attributes, and the Pad node before it, if any."""

    operator: str
    attributes: dict[str, Any]
    pad: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Name the model in an identifier."""
        chosen = [self.attributes["auto_pad"]] if "auto_pad" in self.attributes else []
        chosen += ["output_shape"] if "output_shape" in self.attributes else []
        return "_".join([*(["Pad"] if self.pad else []), self.operator, *chosen])

    @property
    def call(self) -> str:
        """Spell the model as a person would read it."""
        x = spell_call("Pad", "X", self.pad) if self.pad else "X"
        return spell_call(self.operator, f"{x}, W", self.attributes)


def flat(pads: Pairs) -> list[int]:
    """Give pads in ONNX's order: all that come first, then all that come last."""
    return [lo for lo, _ in pads] + [hi for _, hi in pads]


def padding_of(layer: Layer) -> dict[str, Any]:
    """Give auto_pad or pads."""
    return {"auto_pad": AUTO_PADS[layer.padding]} if isinstance(layer.padding, str) else {"pads": flat(layer.pads)}


def common_attributes(layer: Layer) -> dict[str, Any]:
    """Give what Conv and ConvTranspose share, the padding apart."""
    return {"strides": list(layer.strides), "dilations": list(layer.dilations), "group": layer.groups}


def convolution(layer: Conv) -> Model:
    """Give a Conv node."""
    return Model("Conv", padding_of(layer) | common_attributes(layer))


def padded_convolution(layer: Conv) -> Model:
    """Give a Pad node, whose negative pads crop, and a Conv node without pads."""
    pads = flat(((0, 0), (0, 0), *layer.pads))
    return Model("Conv", common_attributes(layer), {"pads": pads, "mode": PAD_MODES[layer.padding_mode]})


def transposed_convolution(layer: ConvTranspose) -> Model:
    """Give a ConvTranspose node."""
    extra = {"output_padding": list(layer.output_paddings)} if any(layer.output_paddings) else {}
    return Model("ConvTranspose", padding_of(layer) | extra | common_attributes(layer))


def run(layer: Layer, model: Model) -> dict[str, Any]:
    """Build the model, run it on onnxruntime's CPU provider and give the case."""
    onnx: Any = importlib.import_module("onnx")
    ort: Any = importlib.import_module("onnxruntime")
    case = Case("onnxruntime", f"{layer.dims}d-{model.kind}", layer)
    feed = {
        "X": np.asarray(case.x if layer.batch else case.x[None], np.float32),
        "W": np.asarray(case.kernel, np.float32),
    }
    if case.bias is not None:
        feed["B"] = np.asarray(case.bias, np.float32)
    real = onnx.TensorProto.FLOAT
    infos = [onnx.helper.make_tensor_value_info(key, real, value.shape) for key, value in feed.items()]
    outputs = [onnx.helper.make_tensor_value_info("Y", real, [None] * (layer.dims + 2))]
    nodes, constants, source = [], [], "X"
    if model.pad:
        pads = model.pad["pads"]
        constants.append(onnx.helper.make_tensor("pads", onnx.TensorProto.INT64, [len(pads)], pads))
        nodes.append(onnx.helper.make_node("Pad", ["X", "pads"], ["padded"], mode=model.pad["mode"]))
        source = "padded"
    nodes.append(onnx.helper.make_node(model.operator, [source, *list(feed)[1:]], ["Y"], **model.attributes))
    graph = onnx.helper.make_graph(nodes, "case", infos, outputs, constants)
    opset = onnx.helper.make_opsetid("", 21)
    proto = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10)
    onnx.checker.check_model(proto)
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    y = session.run(None, feed)[0]
    call = model.call.replace(", W", ", W, B", 1) if layer.bias else model.call
    return case.record(call, y if layer.batch else y[0])


def main() -> None:
    """Run every layer and write the file."""
    convs = [*CONVS[::3], *ASYMMETRIC_CONVS[::2], *UPPER_CONVS[::2], *LOWER_CONVS[::2], *VALID_CONVS[1::2]]
    cases = [run(layer, convolution(layer)) for layer in convs]
    cases += [run(layer, padded_convolution(layer)) for layer in [*NEGATIVE_CONVS[::2], *MODE_CONVS]]
    wide = [layer for layer in VALID_TRANSPOSES if all(k >= s for k, s in zip(layer.spans, layer.strides, strict=True))]
    transposes = [*TRANSPOSES[::2], *ASYMMETRIC_TRANSPOSES, *SAME_TRANSPOSES[::2], *LOWER_TRANSPOSES[1::2], *wide[::2]]
    cases += [run(layer, transposed_convolution(layer)) for layer in transposes]
    cases += [
        run(layer, Model("ConvTranspose", attributes | common_attributes(layer))) for layer, attributes in CHOSEN_PADS
    ]
    versions = {name: importlib.import_module(name).__version__ for name in ("onnxruntime", "onnx")}
    write(__file__, "onnxruntime", versions.pop("onnxruntime"), versions, cases)


if __name__ == "__main__":
    main()
