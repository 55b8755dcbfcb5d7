"""Proofs for all sizes as a textbook tells them: sums line by line, numbers by cases; for paper and terminal."""
