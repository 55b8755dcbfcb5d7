"""The tests of symtconv.identification."""
