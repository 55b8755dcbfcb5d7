"""The command line, one sub-command a view: shape, matrix, derive, prove, decide, verify, identify, theorems.

Exit codes: 0 done or proved, 1 refuted, 2 bad input or not applicable, 3 undecided, 70 unforeseen, 130 interrupted.
With --json every outcome, errors too, is one JSON object on standard output. There is never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from functools import partial
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import click

from symtconv import __version__
from symtconv.commandline.delivery import (
    INTERRUPTED,
    Reply,
    code_of,
    json_line,
    json_of,
    reply,
    takes_output,
    verdict_of,
    words_of,
)
from symtconv.commandline.geometryflags import Geometry, takes_geometry
from symtconv.commandline.notationflags import NotationFlags, takes_notation
from symtconv.errors import Refuted, SymtconvError, Undecided


class CommandLine(click.Group):
    """A click group that prints what its commands return, and turns every error into one line and an exit code."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command and exit."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            outcome = self._outcome(given or ["--help"], extra.get("prog_name") or "symtconv")
        except BaseException as error:
            outcome = _failure(error, _wants_json(given))
        try:
            code = _printed(outcome)
        except KeyboardInterrupt:
            _abandon(sys.stdout)
            code = INTERRUPTED
        sys.exit(code)

    def _outcome(self, args: list[str], name: str) -> Reply:
        """Run a command; nothing reaches standard output but what it returns, or click's help."""
        printed = StringIO()
        code: str | int | None = 0
        with redirect_stdout(printed):
            try:
                result = super().main(args, prog_name=name, standalone_mode=False)
            except SystemExit as stopped:  # shell completion
                result, code = None, stopped.code
        if isinstance(result, Reply):
            return result
        text = printed.getvalue()
        return Reply(json_line({"text": text}) if _wants_json(args) else text, code if isinstance(code, int) else 0)


def _wants_json(args: Sequence[str]) -> bool:
    """Say whether JSON was asked for; arguments that click cannot read may be among them."""
    return "--json" in args or "--format=json" in args or ("--format", "json") in pairwise(args)


def _failure(error: BaseException, as_json: bool) -> Reply:
    """Give the outcome of an error: JSON on standard output, or one line on standard error."""
    if as_json:
        return Reply(json_of(error), code_of(error))
    with suppress(OSError, UnicodeError):  # where nobody can read it, the exit code still says it
        print(f"symtconv: {words_of(error)}", file=sys.stderr, flush=True)
    return Reply("", code_of(error))


def _printed(outcome: Reply) -> int:
    """Print an outcome, and give its exit code; a reader who leaves early is no error."""
    stream = sys.stdout
    if stream is None or not outcome.text:
        return outcome.code
    text = outcome.text
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        text = text.replace("·", ".").encode("ascii", "backslashreplace").decode()
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _abandon(stream)
        if isinstance(error, BrokenPipeError):
            return outcome.code
        return _failure(SymtconvError("standard output", rule=f"it cannot be written ({error.strerror})"), False).code
    return outcome.code


def _abandon(stream: Any) -> None:
    """Let what is left in a stream go nowhere, so that Python does not complain of it at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


_WEIGHTS = click.option(
    "--weights",
    metavar="ROWS",
    help='Numbers, fractions or names, rows parted by semicolons, as in "1 2 1; 2 4 2"; or a .npy or .csv file.',
)


@click.group(
    "symtconv", cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="symtconv")
def main() -> None:
    """Derive, prove and compute the transposed convolution.

    A layer is named by its sizes; see symtconv COMMAND --help. "Convolution" is cross-correlation, as in every
    deep-learning framework.
    """


@main.command()
@takes_geometry
@takes_output(".txt", ".json")
def shape(geometry: Geometry, as_json: bool, output: Path | None) -> Reply:
    """Tell a layer's shapes, and the sizes that share its output.

    \b
    Example:
      symtconv shape --input 4x4 --kernel 3x3 --stride 2 --padding same
    """
    from symtconv.commandline.layerwords import check_listable, shape_data, shape_words

    layer = geometry.layer()
    check_listable(layer)
    forms = {".txt": lambda: shape_words(layer, geometry.padding_name)}
    return reply(forms, lambda: shape_data(layer), as_json=as_json, output=output)


@main.command()
@takes_geometry
@_WEIGHTS
@click.option(
    "--order", type=click.Choice(["C", "F"]), default="C", help="vec: C row-major, F column-stacking.  [default: C]"
)
@click.option(
    "--format", "form", type=click.Choice(["text", "latex", "json"]), help="What is printed.  [default: text]"
)
@takes_output(".txt", ".tex", ".json", ".csv", ".npz", ".mtx")
def matrix(
    geometry: Geometry,
    weights: str | None,
    order: Literal["C", "F"],
    form: str | None,
    as_json: bool,
    output: Path | None,
) -> Reply:
    """Give the matrix of a layer, symbolic or with given weights.

    A .csv file holds the dense rows, without a header. .npz (scipy.sparse.load_npz) and .mtx (scipy.io.mmread) need
    numeric weights.

    \b
    Example:
      symtconv matrix --input 4 --kernel 3 --padding same --weights "1 2 1"
    """
    if form and (output or (as_json and form != "json")):
        raise click.UsageError("--format says what is printed; it goes neither with -o nor with --json.")
    from symtconv.commandline.matrixforms import MatrixView
    from symtconv.commandline.weights import read_weights

    layer = geometry.layer()
    view = MatrixView(layer, None if weights is None else read_weights(weights, layer), order)
    printed = ".tex" if form == "latex" else ".txt"
    return reply(view.forms, view.data, as_json=as_json or form == "json", output=output, form=printed)


@main.command()
@takes_geometry
@_WEIGHTS
@takes_notation
@click.option("--sections", metavar="NAMES", help='Sections in the order wanted, such as "layer,matrix", or "all".')
@click.option("--fragment", is_flag=True, help="LaTeX for \\input; its first lines name the packages it needs.")
@takes_output(".tex", ".pdf", ".json")
def derive(
    geometry: Geometry,
    weights: str | None,
    notation: NotationFlags,
    sections: str | None,
    fragment: bool,
    as_json: bool,
    output: Path | None,
) -> Reply:
    """Write the derivation of a layer as a LaTeX article, or as a PDF.

    \b
    Example:
      symtconv derive --transposed --input 2x2 --kernel 3x3 --stride 2 --padding same -o derivation.tex
    """
    if fragment and output is not None and output.suffix.lower() == ".pdf":
        raise click.UsageError("--fragment is LaTeX to be put into a document of yours; a PDF is a whole one.")
    from symtconv.commandline.weights import read_weights
    from symtconv.derivation import SECTIONS, derive as derivation_of
    from symtconv.document.saving import FORMS

    layer = geometry.layer()
    kernel = None if weights is None else read_weights(weights, layer).for_proof()
    chosen = None if sections is None else [name.strip() for name in sections.split(",")]
    if chosen == ["all"]:
        chosen = [name for name in SECTIONS if name != "example"]
    document = derivation_of(layer, kernel=kernel, sections=chosen, notation=notation.notation())
    forms: dict[str, Callable[[], str | bytes]] = {name: partial(form, document) for name, form in FORMS.items()}
    if fragment:
        forms[".tex"] = partial(document.to_latex, fragment=True)
    latex = partial(document.to_latex, fragment=fragment)
    return reply(forms, lambda: {"latex": latex()}, as_json=as_json, output=output, form=".tex")


@main.command()
@click.argument("name")
@takes_geometry
@_WEIGHTS
@click.option("--latex", "as_latex", is_flag=True, help="Print the proof as LaTeX.")
@takes_output(".txt", ".tex", ".json")
def prove(
    geometry: Geometry, name: str, weights: str | None, as_latex: bool, as_json: bool, output: Path | None
) -> Reply:
    """Prove a theorem of the catalogue for a layer, or without a layer for all sizes.

    NAME is one of those that symtconv theorems lists; not all of them are known for all sizes.

    \b
    Examples:
      symtconv prove zero-insertion
      symtconv prove input-gradient --transposed --input 3x3 --kernel 5x5 --stride 2 --padding same
    """
    from symtconv.catalogue import prove as proof_of, theorems as catalogue
    from symtconv.commandline.matrixforms import MOST_ENTRIES, check_fit
    from symtconv.commandline.proofwords import proof_data, proof_words
    from symtconv.commandline.weights import read_weights

    layer = geometry.layer() if geometry.given or weights is not None else None
    kernel = None if weights is None or layer is None else read_weights(weights, layer).for_proof()
    of_numbers = any(theorem.name == name and theorem.family == "sizes" for theorem in catalogue())
    if layer is not None and not of_numbers:
        check_fit(layer, MOST_ENTRIES, "Ask it of a smaller layer of the same kind.")
    try:
        proof = proof_of(name, layer, kernel=kernel)
    except (Refuted, Undecided) as found:
        verdict = found
        if layer is None and isinstance(found, Undecided):
            remedy = "Name a layer with --input and --kernel."
            verdict = Undecided(found.asked, arrived=found.arrived, rule=found.rule, remedy=remedy)
        told = verdict_of(verdict) | {"theorem": name}
        text = f"{told['verdict'].capitalize()}: {told['message']}\n"
        return Reply(json_line(told) if as_json else text, code_of(verdict))
    forms = {".txt": lambda: proof_words(proof), ".tex": proof.to_latex}
    extra = {"latex": proof.to_latex()} if as_latex and as_json else {}
    form = ".tex" if as_latex else ".txt"
    return reply(forms, lambda: proof_data(proof) | extra, as_json=as_json, output=output, form=form)


@main.command()
@click.argument("target", metavar="FILE.py:FUNCTION")
@takes_geometry
@click.option(
    "--of",
    type=click.Choice(["layer", "input-gradient", "kernel-gradient"]),
    default="layer",
    help="What the function computes: f(x, w), f(v, w) or f(x, v).  [default: layer]",
)
@takes_output(".txt", ".tex", ".json")
def verify(
    geometry: Geometry,
    target: str,
    of: Literal["layer", "input-gradient", "kernel-gradient"],
    as_json: bool,
    output: Path | None,
) -> Reply:
    """Prove that a function of your own computes a layer, for all inputs.

    FILE.py is run, as python would run it: your own code, on your own machine, with your rights. Its function is then
    run on exact indeterminates. What the code prints goes to standard error.

    \b
    Example:
      symtconv verify mine.py:upsample --transposed --input 2x2 --kernel 3x3 --stride 2 --padding same
    """
    from symtconv.commandline.verifywords import verified_data, verified_words, verify_file

    layer = geometry.layer()
    try:
        proof = verify_file(target, layer, of)
    except (Refuted, Undecided) as verdict:
        told = verdict_of(verdict) | {"function": target, "of": of, "mistake": getattr(verdict, "mistake", "")}
        text = f"{told['verdict'].capitalize()}: {told['message']}\n"
        return Reply(json_line(told) if as_json else text, code_of(verdict))
    forms = {".txt": lambda: verified_words(proof, target), ".tex": proof.to_latex}
    return reply(forms, lambda: verified_data(proof, target, of), as_json=as_json, output=output)


@main.command("identify")
@click.argument("file", required=False)
@click.option("--input", "input_shape", metavar="NxN", required=True, help="Pixels of the layer's input, such as 3x3.")
@click.option("--matrix", "rows", metavar="ROWS", help='The matrix itself, rows parted by semicolons: "1 2 0; 0 1 2".')
@takes_output(".txt", ".json")
def identify_command(file: str | None, input_shape: str, rows: str | None, as_json: bool, output: Path | None) -> Reply:
    """Find the layers that a matrix is the matrix of, and their kernels, simplest first.

    FILE is a .npy, .npz (scipy.sparse.save_npz), .mtx (Matrix Market) or .csv file of numbers, fractions or names,
    without a header. Rows are outputs and columns are inputs, row-major over (channel, *pixels).

    \b
    Example:
      symtconv identify --matrix "1 2 0 0; 0 0 1 2" --input 4
    """
    if (file is None) == (rows is None):
        raise click.UsageError("Pass the matrix either as FILE or with --matrix.", click.get_current_context())
    from symtconv.commandline.identifywords import Identification

    try:
        found = Identification(file, rows, input_shape)
    except Refuted as verdict:
        told = verdict_of(verdict)
        text = f"{told['verdict'].capitalize()}: {told['message']}\n"
        return Reply(json_line(told) if as_json else text, code_of(verdict))
    return reply({".txt": found.words}, found.data, as_json=as_json, output=output)


@main.command()
@click.argument("claim")
@click.option("--where", multiple=True, metavar="NAME=EXPR", help="A definition, such as 'o = (n - k)//s + 1'.")
@click.option("--assuming", multiple=True, metavar="FORMULA", help="What is taken to be true, such as 's >= 1'.")
@takes_output(".txt", ".tex", ".json")
def decide(claim: str, where: tuple[str, ...], assuming: tuple[str, ...], as_json: bool, output: Path | None) -> Reply:
    """Prove a claim about whole numbers for all of them, or refute it with its smallest counterexample.

    CLAIM is made of names, whole numbers, + - * / // % **, floor, ceil, max, min, abs, gcd, comparisons, and, or, not,
    implies(a, b), iff(a, b), divides(s, n). --where and --assuming may be given several times.

    \b
    Example:
      symtconv decide "s*(o-1) + k - 2*p == n" --where "o = (n + 2*p - k)//s + 1" --assuming "s >= 1"
    """
    from symtconv.commandline.claimwords import claim_data, claim_words, refutation_words
    from symtconv.proofs.claims import decide as decided
    from symtconv.telling.universal import claim_document

    try:
        proof = decided(claim, where=where, assuming=assuming)
    except (Refuted, Undecided) as verdict:
        reason = {"reason": verdict.reason} if isinstance(verdict, Refuted) else {}
        told = verdict_of(verdict) | {"claim": claim} | reason
        text = f"{told['verdict'].capitalize()}: {told['message']}\n"
        if isinstance(verdict, Refuted):
            text += refutation_words(claim, where, assuming, verdict)
        return Reply(json_line(told) if as_json else text, code_of(verdict))
    forms = {".txt": lambda: claim_words(proof), ".tex": lambda: claim_document(proof).to_latex()}
    return reply(forms, lambda: claim_data(proof), as_json=as_json, output=output)


@main.command()
@takes_geometry
@click.option("--family", metavar="NAME", help="Only one family: sizes, gradients, adjoint, constructions, ...")
@click.option("--latex", "as_latex", is_flag=True, help="The catalogue with its proofs, as LaTeX.")
@takes_output(".txt", ".tex", ".pdf", ".json")
def theorems(geometry: Geometry, family: str | None, as_latex: bool, as_json: bool, output: Path | None) -> Reply:
    """List the theorems of the catalogue, with verdict and time.

    Each is proved for an example of its own; with --input and --kernel, for that layer. With --latex, or as a .tex or
    .pdf file, the catalogue is a document: statements, hypotheses, sources, and the proofs for all sizes.

    \b
    Examples:
      symtconv theorems
      symtconv theorems --input 28x28 --kernel 5x5
      symtconv theorems --latex -o catalogue.pdf
    """
    as_document = as_latex or (output is not None and output.suffix.lower() in {".tex", ".pdf"})
    if as_document:
        return _catalogue_pages(geometry, family, as_json, output)
    from symtconv.catalogue.verdicts import verdicts
    from symtconv.commandline.theoremtable import theorem_data, theorem_table

    layer = geometry.layer() if geometry.given else None
    found = []
    for verdict in verdicts(layer, family):
        found.append(verdict)
        if sys.stderr.isatty():
            print(f"\r{len(found):>3}  {verdict.theorem.name:<30}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 40, end="\r", file=sys.stderr)
    return reply(
        {".txt": lambda: theorem_table(found, layer)}, lambda: theorem_data(found), as_json=as_json, output=output
    )


def _catalogue_pages(geometry: Geometry, family: str | None, as_json: bool, output: Path | None) -> Reply:
    """Give the catalogue as a document."""
    if geometry.given:
        raise click.UsageError("The catalogue as a document is about all layers; leave --input and the like out.")
    if output is not None and output.suffix.lower() not in {".tex", ".pdf"}:
        raise click.UsageError("--latex goes to a .tex or .pdf file.")
    from symtconv.catalogue.verdicts import check_family
    from symtconv.commandline.cataloguepages import catalogue_document
    from symtconv.document.saving import FORMS

    check_family(family)
    document = catalogue_document(family)
    forms: dict[str, Callable[[], str | bytes]] = {name: partial(form, document) for name, form in FORMS.items()}
    return reply(forms, lambda: {"latex": document.to_latex()}, as_json=as_json, output=output, form=".tex")
