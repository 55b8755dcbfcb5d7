"""Tests of symtconv.verification."""
