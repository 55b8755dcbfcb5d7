"""The adjoint family: the inner products, worked out."""

from __future__ import annotations

from symtconv import Conv, prove
from symtconv.catalogue.subject import Subject
from symtconv.geometry import Layer
from symtconv.proofs.kernel import RULES
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.terms import Product, Table
from tests import definitions
from tests.cases import every_layer


def test_the_adjoint_says_that_both_sides_are_products_with_c() -> None:
    proof = prove("adjoint", Conv(3, 2))
    assert [equation.says for equation in proof.equations] == ["y = C x", "z = C^T v", "<C x, v> = <x, C^T v>"]
    assert len(proof.equations[2].indices) == 0


@every_layer
def test_the_inner_product_is_the_trilinear_sum(layer: Layer) -> None:
    seen = Subject(layer)
    total = Polynomial({})
    for o, c, i, m, weight in definitions.weights(layer, seen.w):
        total = total + weight * seen.x[(c, *m)] * seen.v[(o, *i)]
    product = RULES["multiply"].apply(Product(seen.y_term.value, seen.v_term.value))
    assert isinstance(product, Table)
    assert product.shape == ()
    assert product.entries.get((), Polynomial({})) == total
