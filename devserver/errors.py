"""The one error this package shows to people: a sentence that says what is wrong and what to do."""


class LocalError(Exception):
    """Something a person has to know or do; its text is printed alone, without a traceback."""
