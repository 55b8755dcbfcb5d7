"""The brackets [tau(i, j) = m] as a table of three indices, straight from the tap map."""

from __future__ import annotations

from math import prod

from symtconv.catalogue.subject import Subject
from symtconv.matrices.entries import tap_places
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Defined, table


def brackets(subject: Subject) -> Defined:
    """The table B: B[i, m, j] = [tau(i, j) = m], channels included, so that C = B w."""
    conv, one = subject.conv, Polynomial.constant(1)
    outputs = prod(conv.small_shape) * conv.small_channels
    inputs = prod(conv.large_shape) * conv.large_channels
    ones = table((outputs, inputs, prod(conv.kernel_shape)), dict.fromkeys(tap_places(conv), one))
    return Defined("B", "the table of the brackets [tau(i, j) = m], indices i, m, j", ones)
