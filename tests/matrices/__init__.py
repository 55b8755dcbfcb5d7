"""The tests of symtconv.matrices."""
