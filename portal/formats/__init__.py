"""How dates and numbers are written in each of the six languages, where Django's own habit differs from ours."""
