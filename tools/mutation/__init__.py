"""Mutation tests, too slow for the test suite: run by make prove, never imported in production."""
