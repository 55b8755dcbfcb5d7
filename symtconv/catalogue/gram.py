"""C C^T where no window reaches the padding: the autocorrelation of the kernel, and when it is the unit matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product as pairs_of
from math import prod
from typing import Any, TypeAlias

from symtconv.catalogue.subject import Subject
from symtconv.catalogue.vocabulary import TRUE, equal, flat, identity, minus, picking, plus, times
from symtconv.errors import NotApplicable, TooLarge
from symtconv.geometry import Conv
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Compound, Defined, Equation, Place, Table, Term, Transposed, product, table

Lag: TypeAlias = tuple[int, int, Place]  # two output channels, and a difference of two outputs

INSIDE = "no window reaches the padding, as with VALID"
MAX_PRODUCTS = 150_000


def require_valid(theorem: str, layer: Any) -> None:
    """Refuse a layer with a window that reaches the padding: s*i + d*j - lo must lie in 0..n-1 for all i and j."""
    for place, axis in enumerate(layer.axes):
        if axis.lo > 0 or axis.hi > axis.output_padding:
            where = f" on axis {place}" if layer.ndim > 1 else ""
            raise NotApplicable.because(theorem, INSIDE, f"pads {(axis.lo, axis.hi)}{where}")


def require_products(theorem: str, subject: Subject) -> None:
    """Refuse C C^T where it takes too many products of two entries, or the outputs have too many differences."""
    conv = subject.conv
    lags = conv.out_channels**2 // conv.groups * prod(2 * o - 1 for o in conv.output_shape)
    counts = Counter(column for _, column in entries_of(subject.C_term))
    products = max(lags, sum(count * count for count in counts.values()))
    if products > MAX_PRODUCTS:
        remedy = "Ask for a smaller layer of the same kind."
        raise TooLarge.of(f"{theorem} for {subject.layer!r}", products, MAX_PRODUCTS, what="products", remedy=remedy)


def entries_of(term: Defined) -> Mapping[Place, Polynomial]:
    """Give the entries of a defined table."""
    assert isinstance(term.value, Table)
    return term.value.entries


def laid(conv: Conv, values: Mapping[Lag, Polynomial]) -> Table:
    """Lay a value for each difference of outputs along its diagonal: entry ((a, p), (b, q)) is values[a, b, p - q]."""
    sizes, outputs = conv.output_shape, prod(conv.output_shape)
    entries: dict[Place, Polynomial] = {}
    for (a, b, lag), value in values.items():
        if not value.terms:
            continue
        spans = [range(max(0, -step), min(o, o - step)) for step, o in zip(lag, sizes, strict=True)]
        columns = list(pairs_of(*spans))
        rows = [tuple(q + step for q, step in zip(place, lag, strict=True)) for place in columns]
        for row, column in zip(flat(rows, sizes), flat(columns, sizes), strict=True):
            entries[a * outputs + row, b * outputs + column] = value
    size = conv.out_channels * outputs
    return table((size, size), entries)


def autocorrelation(subject: Subject) -> dict[Lag, Polynomial]:
    """Give R(a, b, s*l) = sum over c and t of w_d[a, c, t] w_d[b, c, t + s*l] by (a, b, l), where w_d has such taps.

    w_d[t] is w[j] for t = d*j and else 0. Output channels of different groups read no channel together.
    """
    conv, found = subject.conv, dict[Lag, Polynomial]()
    taps = list(pairs_of(*map(range, conv.kernel_size)))
    width = conv.out_channels // conv.groups
    for near, far in pairs_of(taps, taps):
        gaps = [d * (b - a) for d, a, b in zip(conv.dilation, near, far, strict=True)]
        lag = tuple(gap // s for gap, s in zip(gaps, conv.stride, strict=True))
        if any(gap % s or abs(gap // s) >= o for gap, s, o in zip(gaps, conv.stride, conv.output_shape, strict=True)):
            continue
        for a, b in pairs_of(range(conv.out_channels), repeat=2):
            if a // width == b // width:
                key = (a, b, lag)
                for c in range(subject.w.shape[1]):
                    found[key] = found.get(key, Polynomial({})) + subject.w[a, c, *near] * subject.w[b, c, *far]
    return found


def sides(subject: Subject) -> tuple[tuple[str, Place], tuple[str, Place]]:
    """Name the rows p and the columns q of C C^T."""
    shape = subject.indices[0][1]
    return ("p", shape), ("q", shape)


def gram_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State gram for a layer."""
    require_valid("gram", layer)
    subject = Subject(layer, kernel)
    require_products("gram", subject)
    meaning = "the matrix with R(s (p - q)) at p and q, R the autocorrelation of w_d"
    correlated = Defined("R", meaning, laid(subject.conv, autocorrelation(subject)))
    return (Equation(_gram(subject), correlated, "(C C^T)[p, q] = R(s (p - q))", sides(subject)),)


def _gram(subject: Subject) -> Term:
    return product(subject.C_term, Transposed(subject.C_term))


def orthogonal_equations(layer: Any, kernel: Any) -> tuple[Equation, ...]:
    """State orthogonal for a layer: the entries of C C^T - I are the conditions, and each of them is an entry."""
    require_valid("orthogonal", layer)
    subject = Subject(layer, kernel)
    require_products("orthogonal", subject)
    lags = _lags(subject.conv)
    correlated = autocorrelation(subject)
    sums = [correlated.get(lag, Polynomial({})) for lag in lags]
    ones = [int(lag == _opposite(lag)) for lag in lags]
    r, e = _column("r", "the sums over t of w_d[t] w_d[t + s l]", sums), _column("e", "1 for l = 0, else 0", ones)
    differences = {lag: value + -one for lag, value, one in zip(lags, sums, ones, strict=True)}
    both_signs = {_opposite(lag): value for lag, value in differences.items()} | differences
    meaning = "the matrix with sum over t of w_d[t] w_d[t + s l], less 1 for l = 0, at p and q with p - q = l or -l"
    conditions = Defined("M", meaning, laid(subject.conv, both_signs))
    unit = identity(subject.conv.out_channels * prod(subject.conv.output_shape))
    at = (("l", (len(lags),)),)
    equations = [
        Equation(
            plus(_gram(subject), minus(unit)), conditions, "the entries of C C^T - I are the conditions", sides(subject)
        ),
        Equation(
            _occurring(subject.conv, conditions, lags), plus(r, minus(e)), "every condition is one of the entries", at
        ),
    ]
    if kernel is not None:
        holds = equal(equal(_gram(subject), unit), equal(r, e))
        equations.append(Equation(holds, TRUE, "C C^T = I if and only if every condition holds"))
    return tuple(equations)


def _column(symbol: str, meaning: str, values: list[Any]) -> Defined:
    entries: dict[Place, Polynomial] = {
        (place,): value if isinstance(value, Polynomial) else Polynomial.constant(value)
        for place, value in enumerate(values)
    }
    return Defined(symbol, meaning, table((len(values),), entries))


def _opposite(lag: Lag) -> Lag:
    """The lag of q and p, where this is the lag of p and q."""
    return lag[1], lag[0], tuple(-step for step in lag[2])


def _lags(conv: Conv) -> list[Lag]:
    """List one of each lag and its opposite, for output channels of one group: 0 <= l < o with one axis and channel."""
    width = conv.out_channels // conv.groups
    channels = [pair for pair in pairs_of(range(conv.out_channels), repeat=2) if pair[0] // width == pair[1] // width]
    steps = list(pairs_of(*(range(1 - o, o) for o in conv.output_shape)))
    lags = [(a, b, lag) for a, b in channels for lag in steps]
    return [lag for lag in lags if lag >= _opposite(lag)]


def _occurring(conv: Conv, conditions: Defined, lags: list[Lag]) -> Term:
    """Pick the entry of each lag: in row max(l, 0) of the one channel and column max(-l, 0) of the other."""
    outputs = prod(conv.output_shape)
    size = conv.out_channels * outputs

    def places(lag: Lag) -> int:
        start = tuple(max(step, 0) for step in lag[2])
        return lag[0] * outputs + flat([start], conv.output_shape)[0]

    rows = picking("P", "the matrix that picks row max(l, 0) for each l", map(places, lags), size)
    columns = picking(
        "Q", "the matrix that marks column max(-l, 0) for each l", map(places, map(_opposite, lags)), size
    )
    ones = Defined(
        "1", "the vector of ones", table((size,), {(place,): Polynomial.constant(1) for place in range(size)})
    )
    return times(Compound("o", product(rows, conditions), columns), ones)
