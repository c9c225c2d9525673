"""Tells a service that is away from a fault of ours: the answer is 503, and the request may be tried again."""

from collections.abc import Iterator

from django.db import InterfaceError, InternalError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as CacheGone
from redis.exceptions import ReadOnlyError, TryAgainError
from redis.exceptions import TimeoutError as CacheSilent

RETRY_AFTER = 30  # seconds
READ_ONLY = "25006"  # PostgreSQL's code where it stores nothing, as a standby does
# Of the database: gone, too many connections, a statement or a lock that took too long, no space.
AWAY = (OperationalError, InterfaceError, BrokerError, CacheGone, CacheSilent, ReadOnlyError, TryAgainError)


def is_outage(error: BaseException | None) -> bool:
    """Return whether an exception, or one of which it arose, says that a service is away."""
    return any(isinstance(each, AWAY) or _is_read_only(each) for each in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_read_only(error: BaseException) -> bool:
    return isinstance(error, InternalError) and getattr(error.__cause__, "pgcode", "") == READ_ONLY
