"""The tests of symtconv.catalogue."""
