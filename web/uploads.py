"""The errors of attached files, as errors of the field of a form or of a request's body."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from files import errors
from web.exceptions import Busy, Invalid


@contextmanager
def errors_at(field: str) -> Iterator[None]:
    """Raise errors of cleaning and storing a file as Invalid of this field, or Busy when others are being cleaned."""
    try:
        yield
    except ValidationError as error:
        raise Invalid({field: error.messages}) from None
    except errors.Busy:
        raise Busy({field: [errors.BUSY]}) from None
