"""Runs the command: python -m symtconv."""

from symtconv.cli import main

main()
