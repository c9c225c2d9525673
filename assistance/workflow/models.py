"""Events: who did what, when and why; append-only, the source of histories and notifications. Deadlines: what is owed.

And what people follow.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from assistance import registry
from assistance.access.columns import column, exactly_one, index_of, point_at_each
from assistance.access.models import Restricted
from assistance.workflow.clocks import Clock, Position
from entities.local_days import day_of
from entities.models import Appointment, Organisation

SHORT = timedelta(microseconds=1)  # a day ends at the midnight with which the next one begins


class Batch(models.Model):
    """Events recorded by one decision over several rows: each person gets one message about them, from a worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(null=True, help_text="When its messages were queued.")

    class Meta:
        verbose_name_plural = "batches"
        indexes = [
            models.Index(fields=["at"], name="batch_waiting", condition=models.Q(announced_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the page that lists its rows, to each reader those that they see."""
        return reverse("batch", args=[self.pk])


class Event(models.Model):
    """One event, in the history of each object it refers to (who sees it: workflow.history).

    It has one column for each kind of restricted row, named like the model: `event.need`, `event.visit` and so on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    name = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, editable=False, related_name="events", db_index=False)

    class Meta:
        ordering = ["at", "id"]
        indexes: ClassVar[list[models.Index]] = [index_of("event", "batch")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """The event in words, in the active language."""
        return registry.event_label(self.name)


def _add_subject(model: type[Restricted]) -> None:
    name = model.record_name()
    Event.add_to_class(name, column(model, "events"))
    cast(list[models.Index], Event._meta.indexes).append(index_of("event", name))


point_at_each(Event, lambda model: True, _add_subject)


# ── What people follow ───────────────────────────────────────────────────────
class Interest(models.TextChoices):
    """What a person wants to be told about a record, a State or a theme; without a choice, what their office is told."""

    FOLLOWED = "followed", pgettext_lazy("notifications", "Follow: tell me of every change that I can see")
    MUTED = "muted", pgettext_lazy("notifications", "Mute: tell me only when I am asked to act")


class Follow(models.Model):
    """The choice of one person about one topic (`workflow/following.py`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    topic = models.CharField(max_length=80, help_text="`need:<key>` of a record, `state:<key>` or `theme:<code>`.")
    choice = models.CharField(max_length=10, choices=Interest)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="follow_once_per_topic")]
        indexes = [models.Index(fields=["topic"], name="follow_topic")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.choice}"


# ── Deadlines ────────────────────────────────────────────────────────────────
# The models that declare `takes_clocks`, by the name of the column of a deadline that points at them.
CLOCKED: dict[str, type[Restricted]] = {}


class DoneHow(models.TextChoices):
    """How a deadline ended."""

    EVENT = "event", pgettext_lazy("deadline", "Answered")
    WAIVED = "waived", pgettext_lazy("deadline", "Waived")
    LAPSED = "lapsed", pgettext_lazy("deadline", "Lapsed")


class Due(Restricted):
    """Something one organisation owes another about one row, by a moment. Written by `workflow/dues.py` alone.

    It has one column for each kind of row with clocks, named like the model: `due.match`, `due.visit`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, editable=False, help_text="The kind of the clock (`Clock.kind`).")
    owed_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    owed_to = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    starts_at = models.DateTimeField(editable=False)
    # The time that remained at `counts_from`, absences not counted; without `counts_from` the clock is paused.
    counts_from = models.DateTimeField(null=True, editable=False)
    left = models.DurationField(editable=False)
    due_at = models.DateTimeField(null=True, editable=False, help_text="Empty while it is paused.")
    rung = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How many reminders are behind it.")
    next_at = models.DateTimeField(null=True, editable=False, help_text="When to look at it: a reminder, or the end.")
    reminded_at = models.DateTimeField(null=True, editable=False)
    is_silent = models.BooleanField(
        default=False, editable=False, help_text="Who owes has refused the same before: nobody is reminded."
    )
    nudged_at = models.DateTimeField(null=True, editable=False, help_text="When a person last sent a reminder.")
    done_at = models.DateTimeField(null=True, editable=False)
    done_how = models.CharField(max_length=10, choices=DoneHow, blank=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "deadline")
        verbose_name_plural = pgettext_lazy("model", "deadlines")
        ordering = ["due_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], name="due_next", condition=models.Q(done_at__isnull=True)),
            models.Index(fields=["due_at", "id"], name="due_open", condition=models.Q(done_at__isnull=True)),
            models.Index(fields=["owed_by", "due_at"], name="due_by", condition=models.Q(done_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return str(self.clock.label)

    @property
    def subject_name(self) -> str:
        """The name in CLOCKED of the row it is about; a database constraint refuses a deadline without one."""
        return next(name for name in CLOCKED if getattr(self, f"{name}_id") is not None)

    @property
    def subject(self) -> Any:
        """The row it is about."""
        return getattr(self, self.subject_name)

    @property
    def clock(self) -> Clock:
        """The clock that made it. Raises LookupError for a kind that no aggregate declares any longer."""
        return registry.clock(self.kind)

    @property
    def position(self) -> Position:
        """How far its clock has come; to be asked only while it runs."""
        return Position(cast(datetime, self.counts_from), self.left, self.rung, self.reminded_at)

    @property
    def due_on(self) -> date | None:
        """The day on which it is due where the organisation is that owes it; None while it is paused."""
        return day_of(self.due_at - SHORT, self.owed_by) if self.due_at else None

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its moment has passed."""
        return self.done_at is None and self.due_at is not None and self.due_at <= timezone.now()


class Snooze(models.Model):
    """The wish of one person not to be reminded of a deadline before a day of theirs, and to be asked again then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    due = models.ForeignKey(Due, models.CASCADE, related_name="snoozes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateField()
    ends_at = models.DateTimeField(help_text="When that day begins where the person is.")
    asked_at = models.DateTimeField(null=True, help_text="When the person was asked again.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["due", "person"], name="snooze_once_per_person")]
        indexes = [models.Index(fields=["ends_at"], name="snooze_next", condition=models.Q(asked_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.due_id}: {self.until}"


def _add_clocked(model: type[Restricted]) -> None:
    name = model.record_name()
    CLOCKED[name] = model
    Due.add_to_class(name, column(model, "dues"))
    cast(list[models.Index], Due._meta.indexes).append(index_of("due", name))
    Due._meta.constraints = [
        models.CheckConstraint(condition=exactly_one(CLOCKED), name="due_about_one_row"),
        *(
            models.UniqueConstraint(fields=[kind, "kind", "starts_at"], name=f"due_once_per_{kind}")
            for kind in sorted(CLOCKED)
        ),
    ]


point_at_each(Due, lambda model: model.takes_clocks, _add_clocked)
