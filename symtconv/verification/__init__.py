"""verify: a user's own NumPy code, run on exact indeterminates and proved equal to a layer for all inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symtconv.errors import Refuted, SymtconvError
from symtconv.geometry import Layer
from symtconv.proofs.kernel import Goal, Proof, Step, check
from symtconv.proofs.normalform import find_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, Equation, Table
from symtconv.verification.question import Of, Question
from symtconv.verification.refuting import pixel_refuted
from symtconv.verification.statements import STATEMENTS


def verify(layer: Layer, function: Callable[..., Any], *, of: Of = "layer") -> Proof:
    """Prove that a function of your own computes a layer, or one of its gradients, for all inputs; or refute it.

    The function is run on exact indeterminates; what it returns, polynomials, is held against the layer's definition
    and against C x or C^T v, every pixel, by the proof kernel. So f(x, w) = y is proved for all x and w at once, in
    exact arithmetic, for this layer. `Proof.check()` runs the function again.

    It is ordinary NumPy or Python code that adds and multiplies: the copy that is run sees a NumPy whose np.zeros,
    np.array and the like hold exact values, also with dtype=float. NumPy itself, the function and its module are left
    as they are. Functions and classes that it uses are run the same way, those of installed packages as they are.
    Writing a value into an array of whole numbers, which would cut off its fraction, is refused. Code that looks at the
    type of its arguments, and does otherwise with numbers, is not found out: the proof assumes it does not. 1/3 is a
    float, hence the binary fraction that Python has for it; x/3 is exact.

    Args:
        layer: a Conv or ConvTranspose.
        function: called with two arrays, channels first without batch, plain spatial with one channel in and out.
        of: "layer": function(x, w) is the layer's output y; "input-gradient": function(v, w) is grad_x <v, y>;
            "kernel-gradient": function(x, v) is grad_w <v, y>.

    Raises:
        Refuted: with the first wrong output pixel as `counterexample`, what the function gives there and what it
            should, and the usual mistake where it is one, its name as `mistake`; or with both shapes.
        Undecided: where the function runs on and on (2 million operations, or 10 seconds), or differs from the layer by
            the rounding of floats alone.
        SymtconvError: where it compares values, leaves NumPy or raises, with the line.
        GeometryError, TooLarge: for what is no layer, or a layer too large to be run on indeterminates.

    Source: differentiation and comparison as in `prove`; the layer is torch.nn.Conv2d, torch.nn.ConvTranspose2d.

    >>> from symtconv import ConvTranspose
    >>> import numpy as np
    >>> def upsample(x, w):
    ...     y = np.zeros(2 * len(x) + 1)
    ...     for i in range(len(x)):
    ...         y[2 * i : 2 * i + 3] += x[i] * w
    ...     return y
    >>> verify(ConvTranspose(4, 3, stride=2), upsample)
    <Proof of code-of-the-layer for ConvTranspose(...): 7 steps, checked>
    """
    question = Question(layer, of)
    if not callable(function):
        raise SymtconvError(
            "function of verify",
            arrived=repr(function)[:60],
            rule="it is a function of two arrays",
            remedy="Pass the function itself, without calling it.",
        )
    _ = question.arguments  # a layer too large is refused before any code runs

    def found(equations: tuple[Equation, ...]) -> Sequence[Step]:
        try:
            return find_steps(equations)
        except Refuted as refuted:
            raise pixel_refuted(question, function, _outputs(question, equations[0])) or refuted from None

    return check(Goal(STATEMENTS[of], layer, function), found)


def _outputs(question: Question, equation: Equation) -> Any:
    """Give back the outputs that an equation speaks of, in their shape."""
    import numpy as np

    assert isinstance(equation.left, Defined)
    assert isinstance(equation.left.value, Table)
    outputs = np.empty(question.index[1], dtype=object)
    for flat, place in enumerate(np.ndindex(*outputs.shape)):
        outputs[place] = equation.left.value.entries.get((flat,), Polynomial({}))
    return outputs
