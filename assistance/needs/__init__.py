"""Needs, their matches with providers, and verifications."""
