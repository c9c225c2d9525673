"""What hangs on a match: reports with figures, the log of contacts, the thread, and the feedback of the State.

These rows are read by the owners of the match alone (`delivery.rules.is_party`): its parties, CTED and UNOCT.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.delivery.states import FIGURES, MOST, ContactHow
from assistance.needs.models import Match
from entities.models import Organisation


def _number(label: Any, help_text: Any = "") -> Any:
    return models.PositiveIntegerField(
        label, default=0, blank=True, validators=[MaxValueValidator(MOST)], help_text=help_text
    )


class OfMatch(models.Model):
    """A row of a match, and who wrote it in whose name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Report(OfMatch):
    """What a provider did in a period, with figures. Append-only."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="reports", editable=False)
    period_from = models.DateField(_("first day of the period"))
    period_to = models.DateField(_("last day of the period"))
    what = models.TextField(_("what was done"))
    trained_women = _number(_("women trained"))
    trained_men = _number(_("men trained"))
    trained_unknown = _number(_("people trained, sex not recorded"))
    expert_days = _number(_("days of experts"))
    places_used = _number(_("places used"), _("For example seats in courses of the offer."))
    languages = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        default=list,
        blank=True,
        verbose_name=_("languages of the assistance"),
    )
    documents = models.TextField(
        _("documents named"),
        blank=True,
        help_text=_("Name what proves the figures, such as lists of participants. Files are attached to the match."),
    )
    is_final = models.BooleanField(_("this is the final report"), default=False)

    class Meta:
        ordering = ["-period_to", "-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_to__gte=models.F("period_from")), name="report_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.period_from} – {self.period_to}"

    @property
    def trained(self) -> int:
        """How many people were trained."""
        return self.trained_women + self.trained_men + self.trained_unknown

    @property
    def has_figure(self) -> bool:
        """Whether it has a number other than 0."""
        return any(getattr(self, name) for name in FIGURES)


class Contact(OfMatch):
    """One contact between the sides of a match, or an attempt at one. Append-only."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="contacts", editable=False)
    on = models.DateField(pgettext_lazy("contact", "on"))
    how = models.CharField(pgettext_lazy("contact", "how"), max_length=10, choices=ContactHow)
    purpose = models.CharField(pgettext_lazy("contact", "purpose"), max_length=300)
    result = models.TextField(pgettext_lazy("contact", "result"), help_text=_("For example: no answer."))
    next_step = models.CharField(_("next step"), max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "-at", "-id"]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.on}"


class ThreadMessage(OfMatch):
    """A message in the thread of a match. Append-only."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="thread", editable=False)
    text = models.TextField(pgettext_lazy("field", "message"))

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.at:%Y-%m-%d}"


class Feedback(OfMatch):
    """What the State says about the assistance that it was given: once, and changed within 30 days."""

    match = models.OneToOneField(Match, models.PROTECT, related_name="feedback", editable=False)
    useful = models.PositiveSmallIntegerField(
        _("how useful it was"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    on_time = models.BooleanField(_("it was given on time"))
    would_ask_again = models.BooleanField(_("we would ask this provider again"))
    words = models.TextField(_("in your words"), blank=True)
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(useful__gte=1, useful__lte=5), name="feedback_useful_one_to_five")
        ]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.useful}"
