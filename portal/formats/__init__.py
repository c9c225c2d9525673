"""Formats of dates and numbers in each of the six languages, where Django's defaults are unsuitable."""
