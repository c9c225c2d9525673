"""The one error of this package that is shown to users: a sentence that says what is wrong and what to do."""


class LocalError(Exception):
    """A message for the user; its text is printed alone, without a traceback."""
