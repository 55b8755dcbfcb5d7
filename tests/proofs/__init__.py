"""The tests of symtconv.proofs."""
