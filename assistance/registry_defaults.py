"""What an aggregate has where its entry in the registry gives nothing (assistance/registry.py)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from web.lists import joined

if TYPE_CHECKING:
    from assistance.workflow.deadlines import Deadline, Period
    from assistance.workflow.pending_work import Task
    from entities.actors import Actor


# Who reads a row that its State has not released: sentences that hold where CTED does.
READABLE_TODAY = _("Today, only your State and CTED can read %(what)s.")
AFTER_WITHDRAWAL = _("Consent withdrawn. Only your State and CTED can now read it.")
KEPT_TO = _("your State and CTED only")
KEPT_TO_STATE = _("only the State and CTED")
NOT_COUNTED = _(
    "The numbers show the selection when the page was last saved. Your State and CTED have access to everything and are "
    "not counted."
)


NOT_ATTACHED = _("The State has released this record. Only the State can attach documents, or CTED after a withdrawal.")


class NotGiven(dict[str, Any]):
    """The default of a table that was not given, as distinct from an empty one."""


def not_given(row: Any) -> Iterator[Any]:
    """Return no access reasons; recognised by `register` as not given."""
    return iter(())


def nobody(actor: "Actor") -> bool:
    """Return that no actor may."""
    return False


def everybody(actor: "Actor") -> bool:
    """Return that every actor may."""
    return True


def all_seen(actor: "Actor", rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return all rows."""
    return rows


def whole_history(actor: "Actor", row: Any, events: QuerySet[Any]) -> QuerySet[Any]:
    """Return all events."""
    return events


def nothing_due(now: datetime) -> int:
    """Return that nothing was due."""
    return 0


def no_deadlines(actor: "Actor", period: "Period") -> "list[Deadline]":
    """Return no days."""
    return []


def no_tasks(actor: "Actor") -> "list[Task]":
    """Return no tasks."""
    return []


def nothing_added(actor: "Actor", row: Any) -> dict[str, Any]:
    """Return no context."""
    return {}


def nothing_beside(actor: "Actor", row: Any) -> Iterable[Any]:
    """Return no rows."""
    return ()


def nothing_named(actor: "Actor") -> Iterable[Any]:
    """Return no prefetches."""
    return ()


def no_states(rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Return no States."""
    return {}


def itself(row: Any) -> Any:
    """Return the row."""
    return row


def no_topics(row: Any) -> Iterable[Any]:
    """Return nothing to follow."""
    return ()


def no_heading(row: Any) -> str:
    """Return no words."""
    return ""


def references(rows: Sequence[Any]) -> str:
    """Return the kind of the rows and their references, as in a sentence."""
    words = rows[0]._meta
    kind = words.verbose_name_plural if len(rows) > 1 else words.verbose_name
    return f"{kind} {joined(rows)}"


def references_alone(rows: Sequence[Any]) -> str:
    """Return the same standing alone."""
    return capfirst(references(rows))


def all_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return all rows."""
    return rows


def no_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return none of the rows."""
    return rows.none()


def unchanged(row: Any) -> None:
    """Leave the row as it is."""
    return


def by_key(opened: Collection[UUID], closed: Collection[UUID]) -> tuple[Q, Q]:
    """Return the conditions by which the rows a release opens and closes are found."""
    return Q(pk__in=opened), Q(pk__in=closed)
