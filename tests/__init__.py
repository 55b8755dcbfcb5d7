"""The tests of symtconv; a package, so that they share cases.py, strategies.py and definitions.py."""
