"""The tests of symtconv.bruteforce."""
