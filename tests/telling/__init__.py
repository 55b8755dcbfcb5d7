"""Tests of how proofs for all sizes are told."""
