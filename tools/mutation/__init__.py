"""Proofs too large for the suite that are no tests: run by make prove, never imported in production."""
