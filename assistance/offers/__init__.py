"""Offers of assistance."""
